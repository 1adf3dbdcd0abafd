"""Full points that no value of a measure can earn: the curve against the range of what it scores."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from perf.formulas import Formula, constant, references
from perf.kernel.figures import exact_text, finite_decimal, fixed
from perf.kernel.issues import Issue, Place
from perf.specs.check_wording import check_issue
from perf.specs.models import (
    Attainment,
    Award,
    BestOf,
    Curve,
    Deduct,
    Direction,
    Efficacy,
    Entered,
    GradedEfficacy,
    IndicatorVersion,
    Linear,
    Measure,
    Power,
    Range,
    RuleBook,
    Steps,
)
from perf.specs.use import measures_of

FULL = Fraction(100)
_ZERO = Fraction(0)
_EXPONENT_MAX = 64
_DECIMAL_MAX = 12
_COUNTED: dict[str, Callable[[Fraction], Fraction]] = {
    "exact": lambda number: number,
    "started": lambda number: Fraction(ceil(number)),
    "completed": lambda number: Fraction(floor(number)),
}
Knots = Sequence[tuple[Fraction, Fraction]]


class Limits(NamedTuple):
    """The least and the greatest value of a measure, yuan for 万元; None: no bound."""

    low: Fraction | None
    high: Fraction | None

    def hold(self, value: Fraction) -> bool:
        """Whether `value` lies within."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def limits_of(measure: Measure) -> Limits:
    """The declared range, as formulas see it."""
    scale = 10_000 if measure.unit == "wan_yuan" else 1
    ends = (measure.minimum, measure.maximum)
    return Limits(*(None if end is None else end * scale for end in ends))


def short_of_full(curve: Curve, limits: Limits, direction: Direction) -> Fraction | None:
    """How many points are always lacking to the full ones, whatever the value within `limits`.

    Returns:
        0 where full points are within reach; None where that depends on formulas or peers. Of `deduct` in points of
        the item, else on the scale of 100.
    """
    if isinstance(curve, Deduct):
        return _deducted(curve, limits)
    most = _most(curve, limits, direction)
    return None if most is None else max(FULL - most, _ZERO)


def _most(curve: Curve, limits: Limits, direction: Direction) -> Fraction | None:
    """The most points of any value within `limits`; None: no bound, or not to be told without a subject."""
    match curve:
        case Linear():
            knots = _known(curve.through)
            return None if knots is None else _most_on_lines(knots, limits, goes_on=curve.outside == "extend")
        case Steps():
            knots = _known(curve.at)
            return None if knots is None else _most_of_steps(curve, knots, limits)
        case Range():
            return _most_in_range(curve, limits)
        case Attainment():
            return _most_attained(curve, limits, direction)
        case Entered():
            return None if limits.high is None else limits.high * 100 / curve.full
        case Power():
            return _most_of_power(curve, limits)
        case Efficacy():
            rows = _known(((curve.unallowed, curve.base), (curve.satisfactory, curve.base + curve.span)))
            goes_on = curve.outside == "extend"
            return None if rows is None else _most_on_lines(sorted(rows), limits, goes_on=goes_on)
        case GradedEfficacy():
            return _most_graded(curve, limits, direction)
        case BestOf():
            return _most_of_parts(curve, limits, direction)
        case _:
            return None


def _known(rows: Iterable[tuple[Formula, Fraction]]) -> Knots | None:
    """The rows with their thresholds as numbers; None where one of them is a formula."""
    found = [(constant(x), points) for x, points in rows]
    known = [(value, points) for value, points in found if value is not None]
    return known if len(known) == len(found) else None


def _on_lines(knots: Knots, value: Fraction, *, goes_on: bool) -> Fraction:
    (x1, y1), (x2, y2) = _ends_around(knots, value)
    if not goes_on and not knots[0][0] <= value <= knots[-1][0]:
        return y1 if value < x1 else y2
    return y1 + (value - x1) / (x2 - x1) * (y2 - y1)


def _ends_around(knots: Knots, value: Fraction) -> tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]:
    behind = next((n for n, (x, _) in enumerate(knots[1:], start=1) if value <= x), len(knots) - 1)
    return knots[behind - 1], knots[behind]


def _most_on_lines(knots: Knots, limits: Limits, *, goes_on: bool) -> Fraction | None:
    """Lines are highest at a knot or at an end of the range."""
    rises = knots[-1][1] > knots[-2][1], knots[0][1] > knots[1][1]
    if goes_on and ((limits.high is None and rises[0]) or (limits.low is None and rises[1])):
        return None
    found = [points for value, points in knots if limits.hold(value)]
    found += [_on_lines(knots, end, goes_on=goes_on) for end in limits if end is not None]
    return max(found)


def _most_of_steps(curve: Steps, knots: Knots, limits: Limits) -> Fraction | None:
    """The best row that a value within the range can stand in."""
    low, high = limits
    is_in = curve.lower_bound == "included"
    found = []
    for n, (start, points) in enumerate([(None, curve.below), *knots]):
        end = knots[n][0] if n < len(knots) else None
        begins = start is None or high is None or (high >= start if is_in else high > start)
        ends = end is None or low is None or (low < end if is_in else low <= end)
        if begins and ends:
            found.append(points)
    return max(found)


def _most_in_range(curve: Range, limits: Limits) -> Fraction | None:
    """Full inside `best`; from the nearest end of the range the line down to `zero`."""
    ends = [None if end is None else constant(end) for end in (*curve.best, *curve.zero)]
    if any(value is None and end is not None for value, end in zip(ends, (*curve.best, *curve.zero), strict=True)):
        return None
    low, high, none_below, none_above = ends
    if low is not None and limits.high is not None and limits.high < low:
        return _down(limits.high, low, none_below)
    if high is not None and limits.low is not None and limits.low > high:
        return _down(limits.low, high, none_above)
    return FULL


def _down(value: Fraction, full: Fraction, zero: Fraction | None) -> Fraction:
    return _ZERO if zero is None or zero == full else max((value - zero) / (full - zero) * 100, _ZERO)


def _most_attained(curve: Attainment, limits: Limits, direction: Direction) -> Fraction | None:
    target = constant(curve.target)
    nearest = limits.low if direction == "lower" else limits.high
    if target is None or target <= 0 or nearest is None:
        return None
    share = nearest / target
    if direction == "lower" and curve.lower_as == "complement":
        share = 2 - share
    elif direction == "lower":
        share = 1 / share if share > 0 else curve.cap
    share = min(share, curve.cap)
    return _ZERO if curve.floor is not None and share < curve.floor else share * 100


def _most_of_power(curve: Power, limits: Limits) -> Fraction | None:
    """At the least distance from the origin where it costs points, at the greatest where it earns them."""
    origin = constant(curve.origin)
    if origin is None or curve.exponent.denominator != 1 or curve.exponent > _EXPONENT_MAX:
        return None
    sides = {"above": (_ZERO, None), "below": (None, _ZERO), "both": (None, None)}[curve.side]
    counts = [_distance(end, origin, sides) for end in limits]
    if curve.factor < 0:
        has_none = limits.hold(origin) or any(one == 0 for one in counts)
        away = _ZERO if has_none else min((one for one in counts if one is not None), default=_ZERO)
    elif None in counts:
        return None
    else:
        away = max(one for one in counts if one is not None)
    return curve.within(curve.start + curve.factor * (away / curve.per) ** int(curve.exponent))


def _distance(
    end: Fraction | None, origin: Fraction, sides: tuple[Fraction | None, Fraction | None]
) -> Fraction | None:
    """How far an end lies from the origin, 0 on the side that does not count; None without an end on a side that does."""
    if end is None:
        return None
    away = end - origin
    least, most = sides
    return abs(max(away, least) if least is not None else min(away, most) if most is not None else away)


def _most_graded(curve: GradedEfficacy, limits: Limits, direction: Direction) -> Fraction | None:
    """Of the class that is worst off."""
    found = []
    for row in curve.standards.values():
        knots = _known(zip(row, (one * 100 for one in curve.coefficients), strict=True))
        if knots is None:
            return None
        best = limits.low if direction == "lower" else limits.high
        worst, _ = knots[-1]
        if best is None:
            found.append(knots[0][1])
        elif (best > worst) if direction == "lower" else (best < worst):
            found.append(_ZERO)
        else:
            found.append(_on_lines(sorted(knots), best, goes_on=False))
    return min(found)


def _most_of_parts(curve: BestOf, limits: Limits, direction: Direction) -> Fraction | None:
    found = []
    for part in curve.parts:
        most = None if part.value is not None else _most(part.curve, limits, part.direction or direction)
        if most is None:
            return None
        found.append(most)
    return max(found)


def _deducted(curve: Deduct, limits: Limits) -> Fraction:
    """What even the least value takes away."""
    least = limits.low
    return _ZERO if least is None or least <= 0 else curve.each * _COUNTED[curve.counted](least / curve.per)


def awarded_short(curve: Award, limits: Limits, out_of: Fraction) -> Fraction | None:
    """How many points of the item even the greatest value leaves out; None without an upper bound."""
    if limits.high is None:
        return None
    most = curve.each * _COUNTED[curve.counted](limits.high / curve.per)
    return max(out_of - most, _ZERO)


def reach_issues(indicator: str, measure: Measure, short: Fraction | None, place: Place) -> Iterator[Issue]:
    """Told where points are always lacking."""
    if short is None or short <= 0:
        return
    ends = zip("≥≤", limits_of(measure), strict=True)
    limit = " ".join(f"{sign} {exact_text(end)}" for sign, end in ends if end is not None)
    known = finite_decimal(short)
    lacking = known if known is not None and len(known) <= _DECIMAL_MAX else f"≈{fixed(short, 4)}"
    values = {"indicator": indicator, "measure": measure.code, "short": lacking}
    yield check_issue("curve-beyond-range", place, limit=limit, **values)


def only_measure(book: RuleBook, version: IndicatorVersion) -> Measure | None:
    """The measure that the value simply is."""
    named = [reference for reference in references(version.value) if reference.kind == "name" and not reference.shift]
    text = version.value.text.strip()
    if len(named) != 1 or named[0].name != text:
        return None
    return next((book.measures[code] for code in measures_of(book, version.value)), None)
