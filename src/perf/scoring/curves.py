"""Curves: from a value to points, with the arithmetic as it would be done on paper."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

from perf.formulas import Formula, constant
from perf.formulas.nodes import Absent, Node
from perf.kernel.text import Text
from perf.scoring.arithmetic import (
    HUNDRED,
    ZERO,
    RuleFailed,
    figure,
    holds,
    larger,
    minus,
    number,
    over,
    plus,
    smaller,
    times,
    whole,
)
from perf.specs.models import (
    Attainment,
    Award,
    Curve,
    Deduct,
    Direction,
    Entered,
    Linear,
    Range,
    RatingCurve,
    Steps,
)

Evaluate = Callable[[Formula], Node]
Row = tuple[Node, Fraction, Node]
"""Threshold, its value, and the points from there on."""
Prepared = dict[int, list[Row]]
"""id of a curve -> its rows, for curves whose thresholds are constants."""

_NONE = number(ZERO)
_FULL = number(HUNDRED)
_TARGET = Text("目标", "target")
_NOT_DEDUCTED = Text("不扣分", "nothing deducted")
_NOT_AWARDED = Text("不加分", "nothing awarded")
_ITEM_CURVES = (Deduct, Award)


def in_item_points(curve: Curve) -> bool:
    """Whether the curve speaks in points of the item (deduct, award) and not on the scale of 0 to 100."""
    return isinstance(curve, _ITEM_CURVES)


def thresholds(curve: Curve | None) -> list[Formula]:
    """Every formula of the curve."""
    match curve:
        case Linear():
            return [x for x, _ in curve.through]
        case Steps():
            return [x for x, _ in curve.at]
        case Range():
            return [x for x in (*curve.best, *curve.zero) if x is not None]
        case Attainment():
            return [curve.target]
        case _:
            return []


def points_on(
    curve: Curve,
    value: Fraction | str,
    direction: Direction,
    scope_eval: Evaluate,
    out_of: Fraction = HUNDRED,
    *,
    value_node: Node | None = None,
    prepared: Prepared | None = None,
) -> Node:
    """The points that `curve` gives for `value`, unrounded.

    Args:
        curve: Any curve of the rule syntax.
        value: The declared value; text for ratings.
        direction: Of the indicator; only attainment asks for it.
        scope_eval: Evaluates a threshold or target for the subject; may give an absent value.
        out_of: Full points of the item, for `deduct`.
        value_node: How the value is to be written; a plain number by default.
        prepared: Kept by the caller from value to value, so that constant thresholds are read once.
    Returns:
        A node `curve` whose input is the arithmetic. Points on a scale of 0 to 100, of `deduct` and `award` in points
        of the item. Absent where a threshold or target is absent, with its reason.
    Raises:
        RuleFailed: a number where a rating belongs or the reverse, an undeclared rating, thresholds out of order, a
            negative target.
    """
    shown = value_node if value_node is not None else Node("number", value)
    if isinstance(curve, RatingCurve):
        return _rating(curve, value, shown)
    if isinstance(value, str):
        raise RuleFailed(Text("这一计分方法需要数字,而不是等级", "this curve needs a number, not a rating"))
    match curve:
        case Linear():
            way = linear(curve, value, shown, scope_eval, prepared)
        case Steps():
            way = steps(curve, value, shown, scope_eval, prepared)
        case Range():
            way = _range(curve, value, shown, scope_eval)
        case Attainment():
            way = _attainment(curve, value, shown, direction, scope_eval)
        case Deduct():
            way = _deduct(curve, value, shown, out_of)
        case Award():
            way = _award(curve, value, shown)
        case Entered():
            way = _entered(curve, shown)
    return Node("curve", way.value, (way,))


def linear(curve: Linear, value: Fraction, shown: Node, scope_eval: Evaluate, prepared: Prepared | None = None) -> Node:
    """Straight lines through the points; at a jump (two points at one place) the later one counts."""
    rows = _rows(curve, curve.through, scope_eval, prepared)
    if isinstance(rows, Node):
        return rows
    above = next((k for k, row in enumerate(rows) if value < row[1]), len(rows))
    inside = 0 < above < len(rows)
    if not inside:
        x, place, points = rows[0] if above == 0 else rows[-1]
        if curve.outside == "clip" or len(rows) == 1 or value == place:
            op = "<" if above == 0 else "==" if value == place else ">"
            return _hit(holds(op, shown, x), points)
        above = 1 if above == 0 else len(rows) - 1
    (x0, from_place, start), (x1, to_place, end) = rows[above - 1], rows[above]
    if from_place == to_place:
        raise RuleFailed(Text("两点重合,无法外延", "two points coincide: the line cannot be extended"))
    if inside and value == from_place:
        return _hit(holds("==", shown, x0), start)
    part = over(minus(shown, x0), minus(x1, x0))
    return plus(times(part, minus(end, start)), start)


def steps(curve: Steps, value: Fraction, shown: Node, scope_eval: Evaluate, prepared: Prepared | None = None) -> Node:
    """The points of the last threshold that is reached (`included`) or passed (`excluded`), else `below`."""
    rows = _rows(curve, curve.at, scope_eval, prepared)
    if isinstance(rows, Node):
        return rows
    included = curve.lower_bound == "included"
    for x, place, points in reversed(rows):
        if value >= place if included else value > place:
            return _hit(holds(">=" if included else ">", shown, x), points)
    return _hit(holds("<" if included else "<=", shown, rows[0][0]), number(curve.below))


def _rows(
    curve: Curve, given: Sequence[tuple[Formula, Fraction]], scope_eval: Evaluate, prepared: Prepared | None
) -> list[Row] | Node:
    """The thresholds with their points, or the first absent threshold."""
    if prepared is not None and (known := prepared.get(id(curve))) is not None:
        return known
    rows: list[Row] = []
    for formula, points in given:
        x = scope_eval(formula)
        if isinstance(x.value, Absent):
            return x
        rows.append((x, figure(x), number(points)))
    if any(later[1] < row[1] for row, later in pairwise(rows)):
        raise RuleFailed(Text("分界值未按从小到大排列", "thresholds are not in ascending order"))
    if prepared is not None and all(constant(formula) is not None for formula, _ in given):
        prepared[id(curve)] = rows
    return rows


def _hit(condition: Node, points: Node) -> Node:
    """Points that need no arithmetic: the condition that held, and what it gives."""
    return Node("then", points.value, (condition, points))


def _range(curve: Range, value: Fraction, shown: Node, scope_eval: Evaluate) -> Node:
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
        return _slope(value, shown, best_from, zero_from, below=True)
    if best_to is not None and value > figure(best_to):
        return _slope(value, shown, best_to, zero_to, below=False)
    conditions = [holds(">=", shown, best_from)] if best_from is not None else []
    conditions += [holds("<=", shown, best_to)] if best_to is not None else []
    if not conditions:
        return _FULL
    return Node(
        "then", HUNDRED, (conditions[0] if len(conditions) == 1 else Node("and", True, tuple(conditions)), _FULL)
    )


def _slope(value: Fraction, shown: Node, best: Node, zero: Node | None, *, below: bool) -> Node:
    """Outside the best range: 0 at once without a zero point or beyond it, else on the straight line."""
    outside = holds("<" if below else ">", shown, best)
    if zero is None:
        return _hit(outside, _NONE)
    at = figure(zero)
    if (value <= at) if below else (value >= at):
        return _hit(holds("<=" if below else ">=", shown, zero), _NONE)
    part = over(minus(shown, zero), minus(best, zero)) if below else over(minus(zero, shown), minus(zero, best))
    return times(part, _FULL)


def _attainment(curve: Attainment, value: Fraction, shown: Node, direction: Direction, scope_eval: Evaluate) -> Node:
    target = scope_eval(curve.target)
    if isinstance(target.value, Absent):
        return target
    goal = figure(target)
    target = target if target.label is not None else target._replace(label=_TARGET)
    if goal < 0:
        raise RuleFailed(Text("目标值为负,不能计算完成率", "a negative target has no rate of attainment"))
    cap = number(curve.cap * 100)
    as_ratio = direction == "lower" and curve.lower_as == "ratio"
    if as_ratio and value <= 0:
        return _hit(holds("<=", shown, _NONE), cap)
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
        return _hit(holds("<", rate, number(curve.floor, "percent")), _NONE)
    points = times(rate, _FULL)
    if reached > curve.cap:
        return smaller(points, cap)
    return larger(points, _NONE) if reached < 0 else points


def _counted(counted: str, per: Fraction, shown: Node) -> Node:
    """How many times `per` the value holds: exactly, or started or completed ones."""
    units = shown if per == 1 else over(shown, number(per))
    if figure(units) < 0:
        return larger(units, _NONE)
    if counted == "exact":
        return units
    return whole(units, "ceil" if counted == "started" else "floor")


def _deduct(curve: Deduct, value: Fraction, shown: Node, out_of: Fraction) -> Node:
    if value == 0:
        return _hit(shown, number(out_of, label=_NOT_DEDUCTED))
    left = minus(number(out_of), times(number(curve.each), _counted(curve.counted, curve.per, shown)))
    return larger(left, _NONE) if figure(left) < 0 else left


def _award(curve: Award, value: Fraction, shown: Node) -> Node:
    if value == 0:
        return _hit(shown, number(ZERO, label=_NOT_AWARDED))
    earned = times(number(curve.each), _counted(curve.counted, curve.per, shown))
    return smaller(earned, number(curve.cap)) if figure(earned) > curve.cap else earned


def _entered(curve: Entered, shown: Node) -> Node:
    return shown if curve.full == HUNDRED else over(times(shown, _FULL), number(curve.full))


def _rating(curve: RatingCurve, value: Fraction | str, shown: Node) -> Node:
    if not isinstance(value, str):
        raise RuleFailed(Text("这一计分方法需要等级,而不是数字", "this curve needs a rating, not a number"))
    points = curve.values.get(value)
    if points is None:
        allowed = "、".join(sorted(curve.values))
        raise RuleFailed(Text(f"等级未在规则中列出,应为 {allowed}", f"a rating that the rule does not list: {allowed}"))
    return Node("curve", points, (Node("then", points, (shown, number(points))),))
