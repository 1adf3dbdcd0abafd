"""Where a curve turns: the values that a committee wants to see on, just below and just above."""

from fractions import Fraction

from perf.formulas import UNITS, constant
from perf.specs.formulas_of import curve_formulas
from perf.specs.models import Attainment, Award, Curve, Deduct, Digits, Direction, Entered, Indicator, IndicatorVersion
from perf.specs.quantities import is_signed, usual_digits

_FULL = Fraction(100)
_HUNDREDTH = Fraction(1, 100)


def breakpoints(curve: Curve, *, direction: Direction = "higher", out_of: Fraction = _FULL) -> tuple[Fraction, ...]:
    """The values at which a curve turns or jumps, ascending; thresholds that need facts are left out.

    Args:
        curve: Of an indicator, values as inside the engine (ratios as ratios).
        direction: Of the indicator; `attainment` turns elsewhere where lower is better.
        out_of: Points of the item, for curves that speak in them: `deduct` reaches 0 there, `award` its cap.
    """
    match curve:
        case Attainment():
            found = _attainment(curve, direction)
        case Deduct():
            found = {Fraction(0), curve.per, out_of / curve.each * curve.per}
        case Award():
            found = {Fraction(0), curve.per, min(curve.cap, out_of) / curve.each * curve.per}
        case Entered():
            found = {Fraction(0), curve.full}
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
        Values inside the engine; of deductions, awards and entered scores none below zero; empty for a rating and for
        an indicator that is only shown.
    """
    if version.points is None:
        return ()
    step = step_beside(version.digits, indicator.unit)
    points = breakpoints(version.points, direction=indicator.direction, out_of=out_of)
    values = {point + shift for point in points for shift in (-step, Fraction(0), step)}
    is_from_zero = isinstance(version.points, Deduct | Award | Entered)
    return tuple(sorted(value for value in values if value >= 0 or not is_from_zero))


def _attainment(curve: Attainment, direction: Direction) -> set[Fraction]:
    """Where completion is at its floor, at 100% and at its cap."""
    target = constant(curve.target)
    if target is None:
        return set()
    shares = {share for share in (curve.floor, Fraction(1), curve.cap) if share is not None}
    if direction != "lower":
        return {target * share for share in shares}
    if curve.lower_as == "complement":
        return {target * (2 - share) for share in shares}
    return {target / share for share in shares if share}
