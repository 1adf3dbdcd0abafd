"""Curves against the direction, the range of values and the ratings of what they score."""

from collections.abc import Iterator
from fractions import Fraction

from perf.formulas import constant, references
from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.specs.build_curves import CURVE_NAMES
from perf.specs.check_wording import check_issue
from perf.specs.models import (
    Attainment,
    Award,
    Curve,
    Deduct,
    Entered,
    Indicator,
    IndicatorVersion,
    Linear,
    Measure,
    Range,
    RatingCurve,
    RuleBook,
    Steps,
)
from perf.specs.use import titles

_FULL = Fraction(100)


def check_indicator_curves(book: RuleBook, indicator: Indicator) -> Iterator[Issue]:
    """Every version's curve: monitored without direction, direction obeyed, full points within reach."""
    for version in indicator.versions:
        curve, place = version.points, version.dated.place
        if curve is None:
            continue
        name = CURVE_NAMES[type(curve)]
        if indicator.direction == "monitored" and not isinstance(curve, Range):
            yield check_issue("monitored-with-direction", place, indicator=indicator.code, curve=name)
        else:
            yield from _direction(indicator, curve, place)
        most = _most(curve)
        if most is not None and most < _FULL:
            yield check_issue("curve-not-full", place, indicator=indicator.code, found=exact_text(most))
        measure = _only_measure(book, version)
        if measure is not None:
            yield from _ratings(indicator, measure, curve, place)
            yield from _reach(indicator, measure, curve, place)


def _direction(indicator: Indicator, curve: Curve, place: Place) -> Iterator[Issue]:
    direction = indicator.direction
    values = {"indicator": indicator.code, "direction": direction}
    if direction in ("higher", "lower") and isinstance(curve, Range):
        expected = Text("direction: range", "direction: range")
        yield check_issue("curve-needs-direction", place, curve="range", expected=expected, **values)
    if direction == "range" and isinstance(curve, Attainment | Deduct | Award | Entered):
        expected = Text("有方向的指标,或 curve: range", "an indicator with a direction, or curve: range")
        yield check_issue("curve-needs-direction", place, curve=CURVE_NAMES[type(curve)], expected=expected, **values)
    points = _points(curve)
    is_against = (direction == "higher" and points != sorted(points)) or (
        direction == "lower" and points != sorted(points, reverse=True)
    )
    if is_against:
        found = " ".join(exact_text(value) for value in points)
        yield check_issue("curve-against-direction", place, found=found, **values)


def _points(curve: Curve) -> list[Fraction]:
    """The points of a curve as the value rises; empty where that is not fixed."""
    match curve:
        case Linear():
            return [points for _, points in curve.through]
        case Steps():
            return [curve.below, *(points for _, points in curve.at)] if curve.below else [p for _, p in curve.at]
        case Deduct():
            return [_FULL, Fraction(0)]
        case Award() | Entered():
            return [Fraction(0), _FULL]
        case _:
            return []


def _most(curve: Curve) -> Fraction | None:
    """The most points a curve can give; None where that depends on the scheme or the facts."""
    match curve:
        case Linear():
            return None if curve.outside == "extend" else max(points for _, points in curve.through)
        case Steps():
            return max([curve.below, *(points for _, points in curve.at)])
        case RatingCurve():
            return max(curve.values.values())
        case Attainment():
            return min(curve.cap * 100, _FULL)
        case _:
            return None


def _only_measure(book: RuleBook, version: IndicatorVersion) -> Measure | None:
    """The measure that the value simply is."""
    named = [reference for reference in references(version.value) if reference.kind == "name" and not reference.shift]
    text = version.value.text.strip()
    if len(named) != 1 or named[0].name != text:
        return None
    return book.measures.get(titles(book).get(text, text))


def _ratings(indicator: Indicator, measure: Measure, curve: Curve, place: Place) -> Iterator[Issue]:
    if not isinstance(curve, RatingCurve):
        return
    declared, scored = set(measure.values), set(curve.values)
    if measure.answers != "rating":
        found = Text(f"{measure.code} 不是评级数据项(answers: rating)", f"{measure.code} does not answer by rating")
    elif declared and declared != scored:
        names = " ".join(sorted(declared ^ scored))
        found = Text(names, names)
    else:
        return
    known = " ".join(measure.values) or "—"
    yield check_issue(
        "rating-mismatch", place, indicator=indicator.code, measure=measure.code, found=found, known=known
    )


def _reach(indicator: Indicator, measure: Measure, curve: Curve, place: Place) -> Iterator[Issue]:
    """Full points only outside the values that the measure may have."""
    full = _full_at(curve, indicator.direction)
    if full is None:
        return
    value, text = full
    limit = measure.minimum if indicator.direction == "lower" else measure.maximum
    if limit is None or (value >= limit if indicator.direction == "lower" else value <= limit):
        return
    yield check_issue("curve-beyond-range", place, indicator=indicator.code, found=text, limit=exact_text(limit))


def _full_at(curve: Curve, direction: str) -> tuple[Fraction, str] | None:
    if isinstance(curve, Entered):
        return curve.full, exact_text(curve.full)
    if not isinstance(curve, Linear | Steps) or direction not in ("higher", "lower"):
        return None
    rows = curve.through if isinstance(curve, Linear) else curve.at
    full = [(constant(x), x.text) for x, points in rows if points >= _FULL]
    values = [(value, text) for value, text in full if value is not None]
    if len(values) != len(full) or not values:
        return None
    if direction == "lower" and isinstance(curve, Steps):
        return None  # steps down are full from the start
    return min(values) if direction == "higher" else max(values)
