"""Curves against the direction, the range of values and the ratings of what they score."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from perf.formulas import Formula, constant
from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.specs.build_curves import CURVE_NAMES
from perf.specs.check_reach import FULL, limits_of, only_measure, reach_issues, short_of_full
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
    Indicator,
    Linear,
    Measure,
    Percentile,
    Power,
    Range,
    Rank,
    RatingCurve,
    RuleBook,
    Standardise,
    Steps,
)

_NEED_A_SIDE = (Attainment, Deduct, Award, Entered, Percentile, Rank, Standardise, Efficacy, GradedEfficacy)


def check_indicator_curves(book: RuleBook, indicator: Indicator) -> Iterator[Issue]:
    """Every version's curve: monitored without direction, direction obeyed, full points within reach."""
    for version in indicator.versions:
        curve, place = version.points, version.points_place
        if curve is None:
            continue
        if indicator.direction == "monitored" and not isinstance(curve, Range):
            yield check_issue(
                "monitored-with-direction", place, indicator=indicator.code, curve=CURVE_NAMES[type(curve)]
            )
        else:
            for one, direction in _with_directions(curve, indicator.direction):
                yield from _direction(indicator, one, direction, place)
        most = most_points(curve)
        if most is not None and most < FULL:
            yield check_issue("curve-not-full", place, indicator=indicator.code, found=exact_text(most))
        measure = only_measure(book, version)
        if measure is not None:
            yield from _ratings(indicator, measure, curve, place)
            yield from _reach(indicator, measure, curve, place)
            if isinstance(curve, Entered) and None in (measure.minimum, measure.maximum):
                values = {"indicator": indicator.code, "measure": measure.code, "full": exact_text(curve.full)}
                yield check_issue("entered-without-range", place, **values)


def _with_directions(curve: Curve, direction: Direction) -> Iterator[tuple[Curve, Direction]]:
    """The curve, or each one of a `best_of`, with the direction it follows."""
    if isinstance(curve, BestOf):
        for part in curve.parts:
            yield part.curve, part.direction or direction
    else:
        yield curve, direction


def _direction(indicator: Indicator, curve: Curve, direction: Direction, place: Place) -> Iterator[Issue]:
    values = {"indicator": indicator.code, "direction": direction, "curve": CURVE_NAMES[type(curve)]}
    if direction in ("higher", "lower") and isinstance(curve, Range):
        expected = Text("direction: range", "direction: range")
        yield check_issue("curve-needs-direction", place, expected=expected, **values)
    if direction == "range" and isinstance(curve, _NEED_A_SIDE):
        expected = Text("有方向的指标,或 curve: range", "an indicator with a direction, or curve: range")
        yield check_issue("curve-needs-direction", place, expected=expected, **values)
    if isinstance(curve, Attainment) and _divides(curve, direction) and constant(curve.target) == 0:
        yield check_issue("target-zero", place, indicator=indicator.code)
    for points in _runs(curve):
        rising = points[::-1] if direction == "lower" and not isinstance(curve, Rank) else points
        if direction in ("higher", "lower") and rising != sorted(rising):
            found = " ".join(exact_text(value) for value in rising)
            yield check_issue("curve-against-direction", place, found=found, **values)


def _divides(curve: Attainment, direction: Direction) -> bool:
    """Whether the value is divided by the target, and not the target by the value."""
    return direction != "lower" or curve.lower_as == "complement"


def _runs(curve: Curve) -> list[list[Fraction]]:
    """The points of a curve as the value rises, for every class that has its own; of places as they improve."""
    if isinstance(curve, Rank):
        return [[points for _, points in reversed(curve.places)]]
    if isinstance(curve, GradedEfficacy):
        return [_graded(row, curve) for row in curve.standards.values()]
    return [_points(curve)]


def _points(curve: Curve) -> list[Fraction]:
    """The points of a curve as the value rises; empty where that is not fixed."""
    match curve:
        case Linear():
            return [points for _, points in curve.through]
        case Steps():
            return [curve.below, *(points for _, points in curve.at)] if curve.below else [p for _, p in curve.at]
        case Deduct():
            return [FULL, Fraction(0)]
        case Award() | Entered():
            return [Fraction(0), FULL]
        case Power():
            return _power_points(curve)
        case Efficacy():
            ends = constant(curve.unallowed), constant(curve.satisfactory)
            return [] if None in ends else _by_value(zip(ends, (curve.base, curve.base + curve.span), strict=True))
        case _:
            return []


def _power_points(curve: Power) -> list[Fraction]:
    """On both sides of the origin, as far as the side counts: where the distance grows, so does the factor's effect."""
    bound = curve.floor if curve.factor < 0 else curve.cap
    far = bound if bound is not None else curve.start + curve.factor
    below = far if curve.side in ("both", "below") else curve.start
    above = far if curve.side in ("both", "above") else curve.start
    return [below, curve.start, above]


def _graded(row: Iterable[Formula], curve: GradedEfficacy) -> list[Fraction]:
    standards = [constant(formula) for formula in row]
    return [] if None in standards else _by_value(zip(standards, curve.coefficients, strict=True))


def _by_value(pairs: Iterable[tuple[Fraction | None, Fraction]]) -> list[Fraction]:
    """The points in the order of the values."""
    return [points for _, points in sorted((value, points) for value, points in pairs if value is not None)]


def most_points(curve: Curve) -> Fraction | None:
    """The most points a curve can give; None where that depends on the scheme or the facts, or has no end."""
    match curve:
        case Linear():
            rows = [points for _, points in curve.through]
            return None if curve.outside == "extend" and (rows[-1] > rows[-2] or rows[0] > rows[1]) else max(rows)
        case Steps():
            return max([curve.below, *(points for _, points in curve.at)])
        case RatingCurve():
            return max(curve.values.values())
        case Attainment():
            return min(curve.cap * 100, FULL)
        case Rank():
            return curve.first if curve.method == "step" else curve.places[0][1] if curve.places else FULL
        case Standardise():
            return curve.high
        case Power():
            return curve.cap if curve.factor > 0 else curve.within(curve.start)
        case Efficacy():
            return curve.base + curve.span if curve.outside == "clip" else None
        case GradedEfficacy():
            return curve.coefficients[0] * 100
        case BestOf():
            most = [most_points(part.curve) for part in curve.parts]
            known = [points for points in most if points is not None]
            return max(known) if len(known) == len(most) else None
        case _:
            return None


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
    limits, most = limits_of(measure), most_points(curve)
    if limits != (None, None) and (most is None or most >= FULL):
        short = short_of_full(curve, limits, indicator.direction)
        yield from reach_issues(indicator.code, measure, short, place)
