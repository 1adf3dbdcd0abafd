"""What an indicator aims at, as a short text: stated by the rule, else read off its curve."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from perf.formulas import Formula, constant, counted_text, value_text
from perf.specs.models import (
    Attainment,
    BestOf,
    Curve,
    Deduct,
    Direction,
    Efficacy,
    Entered,
    GradedEfficacy,
    Indicator,
    IndicatorVersion,
    Linear,
    Power,
    Range,
    RatingCurve,
    Steps,
)

Written = Callable[[Formula], str]
_NONE: Final = Fraction(0)
_FULL: Final = Fraction(100)


def target_text(indicator: Indicator, version: IndicatorVersion | None) -> str:
    """`≥1.20%`, `85%–93%`, `0 件`, `优秀`: where full points begin; empty where a threshold depends on the facts.

    Args:
        version: Of the indicator; None: none is in force.
    Returns:
        The rule's own `target` where it states one. A threshold stands there as the rule writes it.
    """
    if version is None:
        return ""
    return version.target or _of_curve(version.points, indicator.unit, indicator.direction)


def _of_curve(curve: Curve | None, unit: str, direction: Direction) -> str:
    def written(formula: Formula) -> str:
        known = constant(formula)
        if known is None:
            return ""
        return formula.text if formula.text.rstrip().endswith("%") else value_text(known, unit)

    match curve:
        case Linear():
            return _linear(curve, written)
        case Steps():
            return _steps(curve, written)
        case Range():
            low, high = (written(bound) if bound is not None else "" for bound in curve.best)
            return _between(low, high)
        case Attainment():
            return _reached(written(curve.target), direction)
        case Deduct():
            return counted_text(_NONE, unit)
        case RatingCurve():
            return max(curve.values, key=lambda word: curve.values[word], default="")
        case Entered():
            return value_text(curve.full, "")
        case Power():
            return _power(curve, written)
        case Efficacy():
            return _reached(written(curve.satisfactory), direction) if curve.base + curve.span == _FULL else ""
        case GradedEfficacy():
            rows = list(curve.standards.values())
            return _reached(written(rows[0][0]), direction) if len(rows) == 1 and curve.coefficients[0] == 1 else ""
        case BestOf():
            own = next((part.curve for part in curve.parts if part.value is None), None)
            return _of_curve(own, unit, direction)
        case _:
            return ""


def _reached(goal: str, direction: Direction) -> str:
    """From a value on, or up to it where lower is better."""
    return f"{'≤' if direction == 'lower' else '≥'}{goal}" if goal else ""


def _power(curve: Power, written: Written) -> str:
    """The origin, where all points are kept; empty where points grow with the distance."""
    goal = written(curve.origin)
    if not goal or curve.factor > 0 or curve.start < _FULL:
        return ""
    return {"both": "", "above": "≤", "below": "≥"}[curve.side] + goal


def _linear(curve: Linear, written: Written) -> str:
    """The stretch between the first and the last point with the most points; open where the line ends with it."""
    first, last = _best([points for _, points in curve.through])
    ends = len(curve.through) - 1
    low = written(curve.through[first][0]) if first else ""
    high = written(curve.through[last][0]) if last < ends or not first else ""
    return _between(low, high)


def _steps(curve: Steps, written: Written) -> str:
    """The steps with the most points: from the threshold of the first of them to the one that ends the last."""
    first, last = _best([curve.below, *(points for _, points in curve.at)])
    low = written(curve.at[first - 1][0]) if first else ""
    high = written(curve.at[last][0]) if last < len(curve.at) else ""
    included = curve.lower_bound == "included"
    from_low = f"{'≥' if included else '>'}{low}" if low else ""
    to_high = f"{'<' if included else '≤'}{high}" if high else ""
    return f"{from_low} {to_high}".strip()


def _best(points: Sequence[Fraction]) -> tuple[int, int]:
    """The first place with the most points, and the last one of the unbroken run that begins there."""
    most = max(points)
    first = last = points.index(most)
    while last + 1 < len(points) and points[last + 1] == most:
        last += 1
    return first, last


def _between(low: str, high: str) -> str:
    if low and high:
        return low if low == high else f"{low}–{high}"
    return f"≥{low}" if low else f"≤{high}" if high else ""
