"""What the columnar benchmark checks beside the time: the exact evaluator on a sample, errors of floats, memory."""

import time
from pathlib import Path

import numpy as np
from columnar_workload import INDICATORS, Month
from float_scoring import Floats

from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.figures import parse_number
from perf.kernel.subjects import Roster, Segment
from perf.scoring import score
from perf.scoring.columnar import ColumnScores, Program, columns_of


def memory_mb(key: str) -> float:
    """`VmRSS` or `VmHWM` of this process."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(key):
            return int(line.split()[1]) / 1024
    raise ValueError(key)


def peak_reset() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def exact_rate(program: Program, one: Month, people: int) -> tuple[float, int]:
    """Scores a second of the exact evaluator on the first people, and how many figures were compared with the columns."""
    staff = [
        Segment(f"{k:07d}", "person", "", "", attributes={"group": f"g{one.groups[k] % 2}"}) for k in range(people)
    ]
    facts = [
        Fact(FactKey(f"{k:07d}", f"{side}_{i}", one.period), parse_number(str(rows[i, k])))
        for k in range(people)
        for i in range(INDICATORS)
        for side, rows in (("n", one.above), ("d", one.below))
    ]
    roster, held = Roster(staff), Facts(facts)
    began = time.perf_counter()
    cards = score(program.book, roster, held, one.period, ["monthly"]).cards
    rate = people * INDICATORS / (time.perf_counter() - began)
    scores = program.run(columns_of(program.book, roster, held, one.period, "monthly"))
    compared = 0
    for row, subject in enumerate(scores.columns.subjects):
        card = cards["monthly", subject]
        pairs = [(scores.points_of(k, row), card.items[1 + k].points) for k in range(INDICATORS)]
        pairs += [
            (scores.total_of(row), card.total),
            (scores.grade_of(row), card.grade),
            (scores.coefficient_of(row), card.coefficient),
        ]
        assert all(ours == theirs for ours, theirs in pairs), (subject, pairs)
        compared += len(pairs)
    return rate, compared


def float_errors(scores: list[ColumnScores], floats: list[Floats]) -> str:
    """What the float version gets wrong, once its figures are rounded to two digits as the rule demands."""
    points = totals = grades = rows = 0
    most = 0.0
    for one, given in zip(scores, floats, strict=True):
        rows += len(one.total)
        for k in range(INDICATORS):
            counted = one.outcomes[k] == 0
            wrong = counted & (np.floor(np.nan_to_num(given.points[k]) * 100 + 0.5) != one.points[k])
            points += int(wrong.sum())
        apart = np.abs(np.floor(given.total * 100 + 0.5) - one.total) / 100
        totals += int((apart > 0).sum())
        most = max(most, float(apart.max()))
        grades += int((given.grade != len(one.grades) - 1 - one.grade).sum())
    return (
        f"floats: {points:,} points of indicators off after rounding, {totals:,} totals of {rows:,} off (by up to {most:.2f}), "
        f"{grades:,} grades and coefficients off"
    )
