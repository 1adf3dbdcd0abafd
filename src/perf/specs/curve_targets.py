"""Curves that measure a value against a range or a target."""

from fractions import Fraction

from perf.formulas.arithmetic import (
    ZERO,
    RuleFailed,
    figure,
    holds,
    larger,
    minus,
    number,
    over,
    smaller,
)
from perf.formulas.nodes import Absent, Node
from perf.kernel.text import Text
from perf.specs.curve_lines import FULL, Evaluate, hit, part_of
from perf.specs.curve_models import Attainment, Direction, Range

_TARGET = Text("目标", "target")


def within_range(curve: Range, value: Fraction, shown: Node, scope_eval: Evaluate, full: Node = FULL) -> Node:
    """`full` inside the best range, a straight line down to 0 outside it."""
    bounds: list[Node | None] = []
    for formula in (*curve.best, *curve.zero):
        bound = scope_eval(formula) if formula is not None else None
        if bound is not None and isinstance(bound.value, Absent):
            return bound
        bounds.append(bound)
    best_from, best_to, zero_from, zero_to = bounds
    if best_from is not None and best_to is not None and figure(best_from) > figure(best_to):
        raise RuleFailed(Text("适度区间的下限高于上限", "the best range ends before it begins"))
    if best_from is not None and value < figure(best_from):
        return _slope(value, shown, best_from, zero_from, full, below=True)
    if best_to is not None and value > figure(best_to):
        return _slope(value, shown, best_to, zero_to, full, below=False)
    conditions = [holds(">=", shown, best_from)] if best_from is not None else []
    conditions += [holds("<=", shown, best_to)] if best_to is not None else []
    if not conditions:
        return full
    return hit(conditions[0] if len(conditions) == 1 else Node("and", True, tuple(conditions)), full)


def _slope(value: Fraction, shown: Node, best: Node, zero: Node | None, full: Node, *, below: bool) -> Node:
    """Outside the best range: 0 at once without a zero point or beyond it, else on the straight line."""
    outside, none = holds("<" if below else ">", shown, best), number(ZERO, full.unit)
    if zero is None:
        return hit(outside, none)
    at = figure(zero)
    if (value <= at) if below else (value >= at):
        return hit(holds("<=" if below else ">=", shown, zero), none)
    part = over(minus(shown, zero), minus(best, zero)) if below else over(minus(zero, shown), minus(zero, best))
    return part_of(part, full)


def attainment(
    curve: Attainment, value: Fraction, shown: Node, direction: Direction, scope_eval: Evaluate, full: Node = FULL
) -> Node:
    """Value ÷ target × `full`, or its turn where lower is better; 0 under `floor`, at most `cap` × `full`."""
    target = scope_eval(curve.target)
    if isinstance(target.value, Absent):
        return target
    goal = figure(target)
    target = target if target.label is not None else target._replace(label=_TARGET)
    if goal < 0:
        raise RuleFailed(Text("目标值为负,不能计算完成率", "a negative target has no rate of attainment"))
    cap, none = number(curve.cap * figure(full), full.unit), number(ZERO, full.unit)
    as_ratio = direction == "lower" and curve.lower_as == "ratio"
    if as_ratio and value <= 0:
        return hit(holds("<=", shown, number(ZERO)), cap)
    if goal == 0 and not as_ratio:
        return Node("/", Absent("denominator_zero"), (shown, target))
    if as_ratio:
        rate = over(target, shown)
    elif direction == "lower":
        rate = minus(number(Fraction(2)), over(shown, target))
    else:
        rate = over(shown, target)
    reached = figure(rate)
    if curve.floor is not None and reached < curve.floor:
        return hit(holds("<", rate, number(curve.floor, "percent")), none)
    points = part_of(rate, full)
    if reached > curve.cap:
        return smaller(points, cap)
    return larger(points, none) if reached < 0 else points
