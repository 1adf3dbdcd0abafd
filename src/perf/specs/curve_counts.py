"""Curves that count: deductions, awards, inspectors' scores, ratings."""

from fractions import Fraction

from perf.formulas.arithmetic import (
    ZERO,
    RuleFailed,
    figure,
    larger,
    minus,
    number,
    over,
    smaller,
    times,
    whole,
)
from perf.formulas.nodes import Node
from perf.kernel.text import Text
from perf.specs.curve_lines import FULL, hit, part_of
from perf.specs.curve_models import Award, Deduct, Entered, RatingCurve

_NONE = number(ZERO)
_NOT_DEDUCTED = Text("不扣分", "nothing deducted")
_NOT_AWARDED = Text("不加分", "nothing awarded")


def deduct(curve: Deduct, value: Fraction, shown: Node, out_of: Fraction, unit: str = "") -> Node:
    """Full points less `each` for every `per`, down to nothing."""
    if value == 0:
        return hit(shown, number(out_of, unit, _NOT_DEDUCTED))
    left = minus(number(out_of, unit), times(number(curve.each, unit), _counted(curve.counted, curve.per, shown)))
    return larger(left, number(ZERO, unit)) if figure(left) < 0 else left


def award(curve: Award, value: Fraction, shown: Node, unit: str = "") -> Node:
    """`each` for every `per`, up to the cap."""
    if value == 0:
        return hit(shown, number(ZERO, unit, _NOT_AWARDED))
    earned = times(number(curve.each, unit), _counted(curve.counted, curve.per, shown))
    return smaller(earned, number(curve.cap, unit)) if figure(earned) > curve.cap else earned


def entered(curve: Entered, shown: Node, full: Node = FULL) -> Node:
    """Value × 100 ÷ `full` of the curve, where 100 are full points."""
    return shown if curve.full == full.value else over(part_of(shown, full), number(curve.full))


def rating(curve: RatingCurve, value: Fraction | str, shown: Node) -> Node:
    """The points of a declared rating."""
    if not isinstance(value, str):
        raise RuleFailed(Text("这一计分方法需要等级,而不是数字", "this curve needs a rating, not a number"))
    points = curve.values.get(value)
    if points is None:
        allowed = "、".join(sorted(curve.values))
        raise RuleFailed(Text(f"等级未在规则中列出,应为 {allowed}", f"a rating that the rule does not list: {allowed}"))
    return Node("curve", points, (Node("then", points, (shown, number(points))),))


def _counted(counted: str, per: Fraction, shown: Node) -> Node:
    """How many times `per` the value holds: exactly, or started or completed ones."""
    units = shown if per == 1 else over(shown, number(per))
    if figure(units) < 0:
        return larger(units, _NONE)
    if counted == "exact":
        return units
    return whole(units, "ceil" if counted == "started" else "floor")
