"""The same scoring elsewhere: openfisca-core (float32), pandas, polars, a LibreOffice workbook; speed, and what each gets wrong.

Run in an environment that has the project and benchmarks/peers.txt: python benchmarks/scoring_peers.py [people] [rounds]. Data as in
scoring_columnar.py (b): values on thresholds and ties, as real months have them. Everybody rounds points and totals to 2 digits by the means of the
library itself. "fen": every peer group shares 100,000.00 yuan by its totals; ours is the exact largest remainder, theirs what floats rounded to the
fen give. The workbook holds 20,000 subject-months (fewer are asked for by a third argument); its rate leaves out loading and saving.
"""

import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import columnar_workload as workload
import numpy as np
from peers import frames, openfisca, workbook

from perf.distribution.apportion import apportion
from perf.kernel.money import Money
from perf.scoring.columnar import ColumnScores, compile_scheme

MONTHS = 12
POOL_FEN = 10_000_000
WORKBOOK_ROWS = 20_000
WORKBOOK_TIMES = 50


class Work:
    """The months as the peers want them: floats, month after month."""

    def __init__(self, people: int) -> None:
        self.data = [workload.month(people, k, tied=True) for k in range(MONTHS)]
        self.people, self.months, self.rows = people, MONTHS, people * MONTHS
        self.groups = self.data[0].groups.astype(np.int64)
        self.over = np.concatenate([one.above for one in self.data], axis=1).astype(np.float64)
        self.under = np.concatenate([one.below for one in self.data], axis=1).astype(np.float64)
        self.rules = [self._rule(one) for one in workload.indicators()]

    def _rule(self, one: workload.Indicator) -> dict:
        rule = {"weight": one.weight, "curve": one.kind}
        if one.kind == "linear":
            rule |= {"zero": one.floor, "full": one.target}
        if one.kind == "steps":
            rule |= {
                "cuts": [float(at) for at, _ in workload.STEPS],
                "points": [0.0, *[float(p) for _, p in workload.STEPS]],
            }
        if one.kind == "range":
            rule |= {"best": tuple(map(float, workload.BEST)), "zero": tuple(map(float, workload.ZERO))}
        return rule


def timed(work: Callable[[], object], rounds: int) -> tuple[float, object]:
    found, seconds = None, []
    for _ in range(rounds):
        began = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), found


def wrong(totals: np.ndarray, exact: np.ndarray, groups: np.ndarray) -> str:
    """How the totals of a peer differ from the exact ones (hundredths), and what that does to money."""
    theirs = np.nan_to_num(totals.astype(np.float64))
    off = np.abs(np.rint(theirs * 100) - exact)
    cuts = np.array(sorted(int(least) * 100 for _, least in workload.GRADES))
    grades = int(
        (np.searchsorted(cuts, np.rint(theirs * 100), side="right") != np.searchsorted(cuts, exact, side="right")).sum()
    )
    people, fen, sums = 0, 0, 0
    for group in range(min(200, int(groups.max()) + 1)):
        rows = np.flatnonzero(groups == group)
        weights = {f"{row:07d}": Fraction(int(exact[row]), 100) for row in rows}
        ours = np.array([share.fen for share in apportion(Money(POOL_FEN), weights).values()])
        with np.errstate(all="ignore"):
            share = np.round(POOL_FEN / 100 * theirs[rows] / theirs[rows].sum(), 2)
        given = np.rint(share * 100).astype(np.int64)
        people += int((given != ours).sum())
        fen += int(np.abs(given - ours).sum())
        sums += int(given.sum() != POOL_FEN)
    return (
        f"totals off {int((off > 0).sum()):,} of {len(exact):,} (by up to {off.max() / 100:.2f} points), grades off {grades:,}; first month's 200 pools: "
        f"{people:,} people paid otherwise, {fen:,} fen in all, {sums} pools do not add up"
    )


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    in_workbook = int(sys.argv[3]) if len(sys.argv) > 3 else WORKBOOK_ROWS
    work = Work(people)
    program = compile_scheme(workload.rules(), "monthly", workload.PERIOD)

    def ours() -> list[ColumnScores]:
        return [program.run(workload.columns_of(one)) for one in work.data]

    made = openfisca.system(work)
    peers = {
        "openfisca-core": lambda: openfisca.run(work, made),
        "pandas": lambda: frames.with_pandas(work)[1],
        "polars": lambda: frames.with_polars(work)[1],
    }
    ours()
    print(
        f"{platform.machine()}, Python {platform.python_version()}; {work.rows:,} subject-months, one thread for ours"
    )
    seconds, scores = timed(ours, rounds)
    exact = np.concatenate([one.total for one in scores])
    cells = work.rows * workload.INDICATORS
    print(f"exact columns        {seconds:8.2f} s  {cells / seconds / 1e6:8.1f} million scores a second")
    first = slice(0, work.people)
    for name, run in peers.items():
        their, totals = timed(run, rounds)
        again, _ = timed(ours, 1)
        print(f"{name:20} {their:8.2f} s  {their / min(seconds, again):8.2f} times our time")
        print(f"    {wrong(np.asarray(totals)[first], exact[first], work.groups)}")
    in_a_workbook(work, exact, cells / seconds, min(in_workbook, work.people))


def in_a_workbook(work: Work, exact: np.ndarray, rate: float, count: int) -> None:
    rows = np.argsort(work.groups, kind="stable")[:count]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        workbook.write(work, rows, folder / "formulas.xlsx")
        workbook.write(work, rows, folder / "values.xlsx", formulas=False)
        found, empty = (
            workbook.calculate(folder / "formulas.xlsx", folder),
            workbook.calculate(folder / "values.xlsx", folder),
        )
    if found is None or empty is None:
        print("LibreOffice is not installed here")
        return
    net = max(found[0] - empty[0], 0.001)
    their = count * workload.INDICATORS / net
    whole = count * workload.INDICATORS / found[0]
    print(
        f"LibreOffice          {found[0]:8.1f} s for {count:,} subject-months, {net:.1f} s of it the formulas; "
        f"ours is {rate / their:,.0f} times as fast (limit {WORKBOOK_TIMES}), {rate / whole:,.0f} times with loading and saving"
    )
    off = np.abs(np.rint(found[1] * 100) - exact[rows])
    print(f"    totals off {int((off > 0).sum()):,} of {count:,} (by up to {off.max() / 100:.2f} points)")


if __name__ == "__main__":
    main()
