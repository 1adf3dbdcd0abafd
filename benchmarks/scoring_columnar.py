"""Columnar scoring, exact, against hand-written float64 numpy: ratios of interleaved rounds in one run.

Run: python benchmarks/scoring_columnar.py [people] [rounds] [--growth]. Rules are YAML read by `load_book`. (a) random data; (b) 30% of the values exactly on
a threshold and ties in every peer group. Twelve months, a slice each; both sides use the same number of threads, a month for each. The bounds of
the columns are read inside the timed run. `--growth` also compares 1 and 5 million subject-months.
"""

import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from columnar_checks import exact_rate, float_errors, memory_mb, peak_reset
from columnar_workload import INDICATORS, PERIOD, Month, columns_of, month, rules
from float_scoring import Floats, room, score_floats

from perf.scoring.columnar import ColumnScores, Program, compile_scheme
from perf.scoring.columnar.tally import Tally

MONTHS = 12
THREADS = 2
LIMITS = {"a": 2.0, "b": 3.0}


class Round(NamedTuple):
    floats: float
    ours: float


def exactly(program: Program, months: list[Month]) -> list[ColumnScores]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda one: program.run(columns_of(one)), months))


def floating(months: list[tuple[np.ndarray, np.ndarray, np.ndarray]], into: list[Floats]) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda pair: score_floats(*pair[0], pair[1]), zip(months, into, strict=True)))


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def compare(name: str, program: Program, people: int, rounds: int) -> None:
    months = [month(people, k, tied=name == "b") for k in range(MONTHS)]
    floats = [(one.above.astype(np.float64), one.below.astype(np.float64), one.groups) for one in months]
    into = [room(people) for _ in range(MONTHS)]
    exactly(program, months[:2])
    floating(floats[:2], into[:2])
    found = []
    for k in range(rounds):
        sides = (lambda: floating(floats, into), lambda: exactly(program, months))
        times = [timed(side) for side in (sides if k % 2 == 0 else sides[::-1])]
        found.append(Round(*(times if k % 2 == 0 else times[::-1])))
    ratio = statistics.median(one.ours / one.floats for one in found)
    spread = sorted(one.ours / one.floats for one in found)
    scores = exactly(program, months)
    tally = Tally()
    for one in scores:
        tally.add(one.tally)
    cells = people * MONTHS * INDICATORS
    median = statistics.median(one.ours for one in found)
    print(
        f"({name}) {people * MONTHS:,} subject-months, {cells:,} scores, {THREADS} threads, {rounds} rounds: "
        f"numpy float64 {statistics.median(one.floats for one in found):.3f} s, exact columns {median:.3f} s; "
        f"ratio {ratio:.2f} ({spread[0]:.2f}-{spread[-1]:.2f}), limit {LIMITS[name]}"
    )
    print(
        f"    tiers: {tally.rows:,} scores and totals; looked at again in whole numbers {tally.whole:,} ({tally.whole / tally.rows:.4%}), "
        f"by fractions or the exact engine {tally.exact:,} ({tally.exact / tally.rows:.4%}, limit 0.1%)"
    )
    print("    " + float_errors(scores, into))
    del scores
    rate, agreed = exact_rate(program, months[0], 300)
    print(
        f"    exact evaluator {rate:,.0f} scores a second with explanations; columns {cells / median:,.0f}: {cells / median / rate:,.0f} times (limit 300); "
        f"{agreed:,} figures compared on 300 people, all equal"
    )


def working_memory(program: Program, people: int) -> None:
    """What a run takes beyond its input and its output."""
    months = [month(people, k, tied=True) for k in range(MONTHS)]
    exactly(program, [month(1000, 0, tied=True)])
    peak_reset()
    before = memory_mb("VmRSS")
    scores = exactly(program, months)
    peak = memory_mb("VmHWM")
    arrays = [
        array
        for one in scores
        for array in (*one.points, *one.outcomes, one.total, one.outcome, one.has_total, one.grade, one.coefficient)
    ]
    output = sum(array.nbytes for array in arrays if array is not None) / 2**20
    given = sum(one.above.nbytes + one.below.nbytes + one.groups.nbytes for one in months) / 2**20
    print(
        f"memory: input {given:,.0f} MB, output {output:,.0f} MB, peak beyond both {peak - before - output:,.0f} MB (limit 500)"
    )


def growth(program: Program, rounds: int) -> None:
    """1 and 5 million subject-months, a month in memory at a time."""
    times: dict[int, list[Round]] = {}
    for _ in range(rounds):
        for people in (83_334, 416_667):
            ours = numpy = 0.0
            into = room(people)
            for k in range(MONTHS):
                one = month(people, k, tied=False)
                floats = (one.above.astype(np.float64), one.below.astype(np.float64), one.groups)
                numpy += timed(lambda given=floats, room_=into: score_floats(*given, room_))
                ours += timed(lambda given=one: program.run(columns_of(given)))
            times.setdefault(people, []).append(Round(numpy, ours))
    small, large = times.values()
    steeper = [(b.floats / a.floats, b.ours / a.ours) for a, b in zip(small, large, strict=True)]
    print(
        f"growth from {83_334 * MONTHS:,} to {416_667 * MONTHS:,} subject-months, one thread: numpy × {statistics.median(a for a, _ in steeper):.2f}, "
        f"exact columns × {statistics.median(b for _, b in steeper):.2f}; ratio at the larger {statistics.median(b.ours / b.floats for b in large):.2f}"
    )


def main() -> None:
    plain = [one for one in sys.argv[1:] if one.isdigit()]
    people = int(plain[0]) if plain else 100_000
    rounds = int(plain[1]) if len(plain) > 1 else 5
    began = time.perf_counter()
    book = rules()
    read = time.perf_counter() - began
    program = compile_scheme(book, "monthly", PERIOD)
    print(f"rules read in {read * 1000:.0f} ms, compiled in {(time.perf_counter() - began - read) * 1000:.0f} ms")
    working_memory(program, people)
    for name in ("a", "b"):
        compare(name, program, people, rounds)
    if "--growth" in sys.argv:
        growth(program, 2)


if __name__ == "__main__":
    main()
