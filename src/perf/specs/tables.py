"""Where a curve turns: the values that a committee wants to see on, just below and just above."""

import math
from fractions import Fraction

from perf.formulas import UNITS, constant
from perf.kernel.irrational import NoResult, power
from perf.kernel.rounding import round_to
from perf.specs.formulas_of import curve_formulas
from perf.specs.ladder_models import LadderRows
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
    Power,
)
from perf.specs.quantities import is_signed, usual_digits

_NONE, _FULL = Fraction(0), Fraction(100)
_HUNDREDTH = Fraction(1, 100)
_READABLE_DIGITS = 6
_JUMPS_MAX = 12
_JUMPS_AT_EACH_END = 3


def breakpoints(curve: Curve, *, direction: Direction = "higher", out_of: Fraction = _FULL) -> tuple[Fraction, ...]:
    """The values at which a curve turns or jumps, ascending; thresholds that need facts are left out.

    Args:
        curve: Of an indicator, values as inside the engine (ratios as ratios). Curves of peers turn at places and
            have none; of a `best_of` those of the parts that score the indicator's own value.
        direction: Of the indicator; `attainment` turns elsewhere where lower is better.
        out_of: Points of the item, for curves that speak in them: `deduct` reaches 0 there, `award` its cap.
    """
    match curve:
        case Attainment():
            found = _attainment(curve, direction)
        case Deduct():
            found = _counted(curve, out_of)
        case Award():
            found = _counted(curve, min(curve.cap, out_of))
        case Entered():
            found = {Fraction(0), curve.full}
        case Power():
            found = _power(curve)
        case Efficacy():
            found = _efficacy(curve)
        case LadderRows():
            found = {
                score
                for row in curve.rows
                for score in (row.start, row.below, row.full if row.gives is None else row.start)
            }
        case BestOf():
            own = [part.curve for part in curve.parts if part.value is None]
            found = {value for one in own for value in breakpoints(one, direction=direction, out_of=out_of)}
        case _:
            found = {value for formula in curve_formulas(curve) if (value := constant(formula)) is not None}
    return tuple(sorted(found))


def step_beside(digits: Digits, unit: str) -> Fraction:
    """The smallest step of a value: its declared digits; if exact, what its unit makes usual (0.01%, 1, 0.01)."""
    if digits != "exact":
        return Fraction(1, 10**digits)
    usual = usual_digits(unit)
    if usual is not None:
        return Fraction(1, 10**usual)
    return UNITS[unit].scale * _HUNDREDTH if is_signed(unit) else _HUNDREDTH


def values_beside(indicator: Indicator, version: IndicatorVersion, *, out_of: Fraction = _FULL) -> tuple[Fraction, ...]:
    """Every breakpoint of a version with its neighbours one step below and above, ascending.

    Returns:
        Values inside the engine; of deductions, awards, attainment and entered scores none below zero; empty for a rating and for
        an indicator that is only shown.
    """
    if version.points is None:
        return ()
    return beside(version.points, version.digits, unit=indicator.unit, direction=indicator.direction, out_of=out_of)


def beside(
    curve: Curve, digits: Digits, *, unit: str, direction: Direction = "higher", out_of: Fraction = _FULL
) -> tuple[Fraction, ...]:
    """Every breakpoint of a curve whose values are in `unit`, with its neighbours; see `values_beside`."""
    step = step_beside(digits, unit)
    points = breakpoints(curve, direction=direction, out_of=out_of)
    values = {point + shift for point in points for shift in (-step, Fraction(0), step)}
    is_from_zero = isinstance(curve, Deduct | Award | Entered | Attainment | LadderRows)
    return tuple(sorted(value for value in values if value >= 0 or not is_from_zero))


def _counted(curve: Deduct | Award, most: Fraction) -> set[Fraction]:
    """Nothing, one `per`, and where `most` is used up; every jump where parts of `per` count whole or not at all.

    Of more than twelve jumps the first and the last three.
    """
    if curve.counted == "exact":
        return {Fraction(0), curve.per, most / curve.each * curve.per}
    last = math.ceil(most / curve.each) - (1 if curve.counted == "started" else 0)
    ends = {*range(_JUMPS_AT_EACH_END), *range(last - _JUMPS_AT_EACH_END + 1, last + 1)}
    counts = range(last + 1) if last <= _JUMPS_MAX else sorted(ends)
    return {count * curve.per for count in counts}


def _attainment(curve: Attainment, direction: Direction) -> set[Fraction]:
    """Where completion is at its floor (nothing, if none is stated), at 100% and at its cap."""
    target = constant(curve.target)
    if target is None:
        return set()
    shares = {curve.floor or Fraction(0), Fraction(1), curve.cap}
    if direction != "lower":
        return {target * share for share in shares}
    if curve.lower_as == "complement":
        return {target * (2 - share) for share in shares}
    return {target / share for share in shares if share}


def _power(curve: Power) -> set[Fraction]:
    """The origin, one `per` beside it, and where floor and cap are reached (to what can be read, if irrational)."""
    origin = constant(curve.origin)
    if origin is None:
        return set()
    distances = {Fraction(0), curve.per}
    for bound in (curve.floor, curve.cap):
        lifted = (bound - curve.start) / curve.factor if bound is not None else _NONE
        if lifted > 0:
            try:
                reached = power(lifted, 1 / curve.exponent)
            except NoResult:
                continue
            distances.add(round_to(reached, _READABLE_DIGITS) * curve.per)
    sides = {"above": (1,), "below": (-1,)}.get(curve.side, (-1, 1))
    return {origin + side * distance for side in sides for distance in distances}


def _efficacy(curve: Efficacy) -> set[Fraction]:
    """Both values; where it is not clipped also where points are 0 and 100."""
    best, worst = constant(curve.satisfactory), constant(curve.unallowed)
    if best is None or worst is None:
        return {value for value in (best, worst) if value is not None}
    if curve.outside == "clip" or best == worst:
        return {best, worst}
    return {
        best,
        worst,
        *(worst + (points - curve.base) / curve.span * (best - worst) for points in (Fraction(0), _FULL)),
    }
