"""The workload of the columnar benchmark: rules as YAML, and data as columns, for one month after the other.

30 indicators, each a ratio of two counts: 10 straight lines, 10 tables of five steps, 5 ranges, 5 percentiles among peers; weights from 1 to 8, a
total, grades and coefficients. 3% of the denominators are zero: the weight goes to the other indicators.
"""

from typing import NamedTuple

import numpy as np

from perf.kernel.periods import Period, parse_period
from perf.scoring.columnar import Columns, Numbers
from perf.specs.book import load_book
from perf.specs.models import RuleBook

INDICATORS = 30
STEPS = (("0.2", 40), ("0.4", 60), ("0.55", 80), ("0.7", 90), ("0.85", 100))
BEST, ZERO = ("0.45", "0.65"), ("0.05", "1.05")
GRADES = (("优秀", 90), ("良好", 80), ("中等", 70), ("合格", 60), ("不合格", 0))
COEFFICIENTS = ((0, "0.3"), (60, "0.6"), (70, "0.8"), (80, "1.0"), (90, "1.2"))
PERIOD = parse_period("2025-01")


class Indicator(NamedTuple):
    """One indicator as the float version knows it."""

    kind: str
    weight: int
    floor: float = 0.0
    target: float = 0.0


def indicators() -> list[Indicator]:
    chance = np.random.default_rng(7)
    found = []
    for k in range(INDICATORS):
        weight = int(chance.integers(1, 9))
        kind = "linear" if k < 10 else "steps" if k < 20 else "range" if k < 25 else "percentile"
        found.append(Indicator(kind, weight, (30 + k) / 100, (80 + k) / 100))
    return found


def rule_text() -> str:
    parts = ["attributes: {group: 组}"]
    for k, one in enumerate(indicators()):
        parts += [
            f"measure: {side}_{k}\ntitle: {side}_{k}\nanswers: number\nunit: number\ndigits: 0\nlevel: person\nroll_up: sum\n"
            for side in ("n", "d")
        ]
        match one.kind:
            case "linear":
                curve = f"{{curve: linear, through: [[0.{30 + k}, 0], [0.{80 + k}, 100]]}}"
            case "steps":
                curve = f"{{curve: steps, at: [{', '.join(f'[{at}, {points}]' for at, points in STEPS)}]}}"
            case "range":
                curve = f"{{curve: range, best: [{', '.join(BEST)}], zero: [{', '.join(ZERO)}]}}"
            case _:
                curve = "{curve: percentile, definition: percent_rank, alone: 0}"
        parts.append(
            f"indicator: i_{k}\ntitle: 指标{k}\nlevel: person\nunit: number\ndirection: {'range' if one.kind == 'range' else 'higher'}\n"
            f"confidence: A\nvalue: n_{k} / d_{k}\nsource: {{document: 基准, clause: 第{k}条}}\npoints: {curve}\n"
            "no_value: {denominator_zero: not_applicable}\n"
        )
    items = "".join(f"      i_{k}: {{weight: {one.weight}}}\n" for k, one in enumerate(indicators()))
    grades = ", ".join(f"[{grade}, {least}]" for grade, least in GRADES)
    steps = ", ".join(f"[{at}, {value}]" for at, value in COEFFICIENTS)
    parts.append(
        "scheme: monthly\ntitle: 月度\nof: {level: person}\nperiod: month\nsource: {document: 基准, clause: 附件}\n"
        f"dimensions:\n  all:\n    weight: 100\n    indicators:\n{items}grades: [{grades}]\npeers: {{by: group}}\n"
        f"coefficient: {{curve: steps, at: [{steps}]}}\n"
    )
    return "\n---\n".join(parts)


def rules() -> RuleBook:
    book, issues = load_book({"bench.yaml": rule_text()})
    errors = [issue.render() for issue in issues if issue.is_error]
    assert not errors, "\n".join(errors[:5])
    return book


class Month(NamedTuple):
    """One month in both forms: whole numbers (indicator, row), and the same as floats."""

    period: Period
    above: np.ndarray
    below: np.ndarray
    groups: np.ndarray


def month(people: int, number: int, *, tied: bool, groups: int | None = None) -> Month:
    """One month of data.

    Args:
        people: Rows.
        number: Of the month, from 0 on.
        tied: 30% of the values lie exactly on a threshold, and in every peer group values are tied.
        groups: How many; one for 200 people by default.
    """
    chance = np.random.default_rng((people, number, tied))
    above = np.empty((INDICATORS, people), dtype=np.int32)
    below = np.empty((INDICATORS, people), dtype=np.int32)
    for k in range(INDICATORS):
        below[k] = chance.integers(1, 400, people)
        share = chance.normal(0.6, 0.18, people).clip(0, 1.1)
        above[k] = np.rint(below[k] * share)
        if tied:
            on = chance.random(people) < 0.3
            places = _thresholds(k)
            below[k] = np.where(on, chance.integers(1, 5, people) * 100, below[k])
            above[k] = np.where(on, chance.choice(places, people) * (below[k] // 100), above[k])
        below[k][chance.random(people) < 0.03] = 0
    count = groups or max(4, people // 200)
    codes = np.random.default_rng(people).integers(0, count, people)
    return Month(PERIOD.shift(number), above, below, codes.astype(np.uint16))


def _thresholds(k: int) -> list[int]:
    """Hundredths on which a curve turns; for percentiles a few values that many share."""
    if k < 10:
        return [30 + k, 80 + k]
    if k < 20:
        return [20, 40, 55, 70, 85]
    return [5, 45, 65, 105] if k < 25 else [50, 60, 75, 100]


def columns_of(one: Month) -> Columns:
    measures = {}
    for k in range(INDICATORS):
        measures[f"n_{k}", one.period] = Numbers.of(one.above[k])
        measures[f"d_{k}", one.period] = Numbers.of(one.below[k])
    people = len(one.groups)
    return Columns(_Ids(people), one.period, measures, {}, one.groups)


class _Ids:
    """Staff numbers, made when asked for."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, row: int) -> str:
        if not 0 <= row < self._count:
            raise IndexError(row)
        return f"{row:07d}"
