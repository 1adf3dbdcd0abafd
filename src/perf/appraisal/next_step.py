"""How far an indicator is from the next value that gives more points, by its own curve; peers' curves have none."""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from perf.formulas import Formula, constant
from perf.formulas.arithmetic import HUNDRED, figure, number, over, rounded, scaled
from perf.formulas.nodes import Absent, Node
from perf.kernel.errors import PerfError
from perf.kernel.periods import Period
from perf.scoring import ScoreItem, in_item_points, points_on
from perf.specs.models import (
    Attainment,
    Award,
    BestOf,
    Curve,
    Deduct,
    Digits,
    Direction,
    Efficacy,
    Entered,
    Indicator,
    IndicatorVersion,
    Linear,
    Range,
    RatingCurve,
    RuleBook,
    Steps,
)

Value = Fraction | str


class NextStep(NamedTuple):
    """The nearest value that gives more points than the one there is, and the points that it gives (of `out_of`)."""

    value: Value
    points: Fraction


class NextValues:
    """Finds next steps; equal values of one indicator are worked out once.

    Thresholds that are constants are known here. An indicator whose curve looks at peers, at facts or at attributes has
    no next step: others, or other figures, would move with it.
    """

    def __init__(self, book: RuleBook, period: Period) -> None:
        self._book, self._period = book, period
        self._found: dict[tuple[str, Value, Fraction], NextStep | None] = {}

    def after(self, item: ScoreItem) -> NextStep | None:
        """The next step of one row of a card; None: it is at its best, or nobody can say."""
        value = item.value
        if item.status != "scored" or item.points is None or isinstance(value, (Absent, bool)) or value is None:
            return None
        key = (item.item, value, item.out_of)
        if key not in self._found:
            self._found[key] = self._look(item.item, value, item.out_of)
        found = self._found[key]
        return found if found is not None and found.points > item.points else None

    def _look(self, code: str, value: Value, out_of: Fraction) -> NextStep | None:
        indicator = self._book.indicators.get(code)
        version = indicator.version(self._period) if indicator is not None else None
        if indicator is None or version is None or version.points is None:
            return None
        now = _points(indicator, version, value, out_of)
        if now is None:
            return None
        ranked = _reachable(version, indicator.direction, value, out_of)
        steps = ((other, _points(indicator, version, other, out_of)) for other in ranked)
        return next((NextStep(other, points) for other, points in steps if points is not None and points > now), None)


def _threshold(formula: Formula) -> Node:
    value = constant(formula)
    return Node("number", value if value is not None else Absent("missing"))


def _points(indicator: Indicator, version: IndicatorVersion, value: Value, out_of: Fraction) -> Fraction | None:
    """What the curve gives for any value, declared as the engine declares it; None where it needs more than the value."""
    assert version.points is not None  # noqa: S101 - asked only of such
    try:
        way = points_on(version.points, value, indicator.direction, _threshold, out_of)
        if isinstance(way.value, Absent):
            return None
        if out_of != HUNDRED and not in_item_points(version.points):
            way = scaled(way, over(number(out_of), number(HUNDRED)))
        return figure(rounded(way, version.points_digits, version.points_rounding))
    except (PerfError, ArithmeticError):
        return None


def _reachable(version: IndicatorVersion, direction: Direction, value: Value, out_of: Fraction) -> list[Value]:
    """Values at which the points may be others, the nearest first; of ratings those with more points, the least first."""
    curve = version.points
    if isinstance(value, str):
        values = curve.values if isinstance(curve, RatingCurve) else {}
        return [*sorted(values, key=lambda rating: (values[rating], rating))]
    if curve is None or isinstance(curve, RatingCurve):
        return []
    unit = Fraction(1, 10**version.digits) if isinstance(version.digits, int) and version.digits >= 0 else None
    found: set[Fraction] = set()
    for place in _places(curve, direction, value, out_of):
        beside = (place - unit, place + unit) if unit is not None and _jumps(curve) else ()
        found.update(_whole(one, value, version.digits) for one in (place, *beside))
    kept = [one for one in found if one != value and (one >= 0 or value < 0)]
    return [*sorted(kept, key=lambda one: (abs(one - value), one))]


def _jumps(curve: Curve) -> bool:
    """Whether the points jump, so that the value beside a place may be the first to count."""
    return isinstance(curve, Steps | Deduct | Award) or (
        isinstance(curve, BestOf) and all(_jumps(part.curve) for part in curve.parts)
    )


def _whole(place: Fraction, value: Fraction, digits: Digits) -> Fraction:
    """`place` as a value can be written, not nearer to `value` than it is."""
    if not isinstance(digits, int):
        return place
    scale = Fraction(10) ** digits
    return Fraction(ceil(place * scale) if place > value else floor(place * scale)) / scale


def _places(curve: Curve, direction: Direction, value: Fraction, out_of: Fraction) -> Iterator[Fraction]:
    """Where the curve turns or jumps, and the next counts around the value."""
    match curve:
        case Steps():
            yield from _constants(*(formula for formula, _ in curve.at))
        case Linear():
            yield from _constants(*(formula for formula, _ in curve.through))
        case Range():
            yield from _constants(*curve.best, *curve.zero)
        case Efficacy():
            yield from _constants(curve.satisfactory, curve.unallowed)
        case Attainment():
            yield from _attained(curve, direction)
        case Deduct() | Award():
            yield from _counted(curve, value, out_of)
        case Entered():
            yield min(value + 1, curve.full)
        case BestOf():
            for part in curve.parts:
                if part.value is None:
                    yield from _places(part.curve, part.direction or direction, value, out_of)
        case _:
            return


def _constants(*formulas: Formula | None) -> Iterator[Fraction]:
    values = (constant(formula) for formula in formulas if formula is not None)
    yield from (value for value in values if value is not None)


def _attained(curve: Attainment, direction: Direction) -> Iterator[Fraction]:
    """Where the rate of attainment reaches its floor, the target and its cap."""
    goal = constant(curve.target)
    rates = [rate for rate in (curve.floor, Fraction(1), curve.cap) if rate]
    if goal is None:
        return
    for rate in rates:
        if direction != "lower":
            yield goal * rate
        elif curve.lower_as == "ratio":
            yield goal / rate
        else:
            yield goal * (2 - rate)


def _counted(curve: Deduct | Award, value: Fraction, out_of: Fraction) -> Iterator[Fraction]:
    """The counts next to the value, where they begin and end, and where the last point is given or taken."""
    units = value / curve.per
    last = (curve.cap if isinstance(curve, Award) else out_of) / curve.each if curve.each else units
    counts = {floor(units) - 1, floor(units), ceil(units), ceil(units) + 1, floor(last), ceil(last) - 1, 0}
    yield from (count * curve.per for count in sorted(counts))
