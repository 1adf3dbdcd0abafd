"""Curves that are one formula on paper: power, and the efficacy method in both of its forms."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

from perf.formulas import Formula, references
from perf.formulas.arithmetic import (
    ZERO,
    RuleFailed,
    added,
    figure,
    holds,
    larger,
    minus,
    number,
    over,
    plus,
    rounded,
    smaller,
    times,
)
from perf.formulas.nodes import Absent, Node
from perf.kernel.figures import exact_text
from perf.kernel.irrational import NoResult
from perf.kernel.irrational import power as raised
from perf.kernel.text import Text
from perf.specs.curve_lines import FULL, Evaluate, hit
from perf.specs.curve_models import Direction, Efficacy, GradedEfficacy, Power
from perf.specs.peer_refusals import PeersAllEqual

Attribute = Callable[[str], Node]
_SATISFACTORY = Text("满意值", "satisfactory value")
_UNALLOWED = Text("不允许值", "unallowed value")
_SAME = Text("满意值与不允许值相同", "the satisfactory and the unallowed value are the same")
_SAME_OF_PEERS = Text(
    "满意值和不允许值取自同组而两者相同,无从比较",
    "satisfactory and unallowed value come from the peers and are the same: nothing to compare",
)
_WRONG_SIDE = Text("满意值和不允许值的高低与指标方向相反", "satisfactory and unallowed value lie against the direction")
_STANDARDS_OUT_OF_ORDER = Text("标准值不是从优到差逐档变差", "standards do not fall from the best to the worst")


def power(curve: Power, value: Fraction, shown: Node, scope_eval: Evaluate, unit: str = "") -> Node:
    """`start + factor × (|value − origin| ÷ per)^exponent`, within its bounds, rounded as stated.

    Irrational powers are the correctly rounded decimal of 50 significant digits.
    """
    origin = scope_eval(curve.origin)
    if isinstance(origin.value, Absent):
        return origin
    at = figure(origin)
    is_above = value >= at
    if value == at or (curve.side == "above" and not is_above) or (curve.side == "below" and is_above):
        op = "==" if value == at else ">=" if is_above else "<="
        way = hit(holds(op, shown, origin), number(curve.start, unit))
        return rounded(_bounded(curve, way, unit), curve.digits, curve.rounding)
    distance = minus(shown, origin) if is_above else minus(origin, shown)
    base = distance if curve.per == 1 and not shown.unit else over(distance, number(curve.per, shown.unit))
    raised = (
        base
        if curve.exponent == 1
        else Node("^", _raised(figure(base), curve.exponent), (base, number(curve.exponent)))
    )
    moved = times(number(abs(curve.factor), unit), raised)
    start = number(curve.start, unit)
    way = minus(start, moved) if curve.factor < 0 else added([start, moved]) if curve.start else moved
    return rounded(_bounded(curve, way, unit), curve.digits, curve.rounding)


def _raised(base: Fraction, exponent: Fraction) -> Fraction:
    """`base^exponent` of a base above zero."""
    try:
        return raised(base, exponent)
    except NoResult as error:
        raise RuleFailed(error.reason) from error


def _bounded(curve: Power, way: Node, unit: str) -> Node:
    """Between floor and cap; a bound is shown only where it held."""
    if curve.floor is not None and figure(way) < curve.floor:
        return larger(way, number(curve.floor, unit))
    return smaller(way, number(curve.cap, unit)) if curve.cap is not None and figure(way) > curve.cap else way


def efficacy(
    curve: Efficacy, value: Fraction, shown: Node, direction: Direction, scope_eval: Evaluate, unit: str = ""
) -> Node:
    """`base + (value − unallowed) ÷ (satisfactory − unallowed) × span`.

    Raises:
        PeersAllEqual: both come from the peers and are the same.
        RuleFailed: they are the same, or lie against the direction.
    """
    best, worst = scope_eval(curve.satisfactory), scope_eval(curve.unallowed)
    for bound in (best, worst):
        if isinstance(bound.value, Absent):
            return bound
    high, low = figure(best), figure(worst)
    if high == low:
        if all(any(one.kind == "peer" for one in references(f)) for f in (curve.satisfactory, curve.unallowed)):
            raise PeersAllEqual(_SAME_OF_PEERS)
        raise RuleFailed(_SAME)
    if (high > low) != (direction != "lower"):
        raise RuleFailed(_WRONG_SIDE)
    best, worst = _named(best, _SATISFACTORY), _named(worst, _UNALLOWED)
    if curve.outside == "clip":
        if (value >= high) if high > low else (value <= high):
            return hit(holds(">=" if high > low else "<=", shown, best), number(curve.base + curve.span, unit))
        if (value <= low) if high > low else (value >= low):
            return hit(holds("<=" if high > low else ">=", shown, worst), number(curve.base, unit))
    part = (
        over(minus(shown, worst), minus(best, worst)) if high > low else over(minus(worst, shown), minus(worst, best))
    )
    return added([number(curve.base, unit), times(part, number(curve.span, unit))])


def graded_efficacy(
    curve: GradedEfficacy,
    value: Fraction,
    shown: Node,
    direction: Direction,
    scope_eval: Evaluate,
    attribute: Attribute,
    full: Node = FULL,
) -> Node:
    """The grade that is reached, and from its standard the straight way to the next better one."""
    standards = _standards(curve, attribute)
    if isinstance(standards, Node):
        return standards
    marks: list[Node] = []
    for formula in standards:
        mark = scope_eval(formula)
        if isinstance(mark.value, Absent):
            return mark
        marks.append(mark)
    is_higher = direction != "lower"
    places = [figure(mark) for mark in marks]
    if any((later >= one) if is_higher else (later <= one) for one, later in pairwise(places)):
        raise RuleFailed(_STANDARDS_OUT_OF_ORDER)
    points = [number(share * figure(full), full.unit) for share in curve.coefficients]
    reached = next((k for k, at in enumerate(places) if (value >= at if is_higher else value <= at)), None)
    better, worse = (">=", "<") if is_higher else ("<=", ">")
    if reached is None:
        return hit(holds(worse, shown, marks[-1]), number(ZERO, full.unit))
    if reached == 0 or value == places[reached]:
        return hit(holds(better if reached == 0 else "==", shown, marks[reached]), points[reached])
    own, next_better = marks[reached], marks[reached - 1]
    part = (
        over(minus(shown, own), minus(next_better, own))
        if is_higher
        else over(minus(own, shown), minus(own, next_better))
    )
    return plus(times(part, minus(points[reached - 1], points[reached])), points[reached])


def _standards(curve: GradedEfficacy, attribute: Attribute) -> Sequence[Formula] | Node:
    """The standards of the subject's class, or the attribute where it is absent."""
    if not curve.by:
        return curve.standards[""]
    key = attribute(curve.by)
    if isinstance(key.value, Absent):
        return key
    text = exact_text(key.value) if isinstance(key.value, Fraction) else str(key.value)
    found = curve.standards.get(text)
    if found is None:
        known = "、".join(sorted(curve.standards))
        raise RuleFailed(
            Text(
                f"standards 没有“{text}”({curve.by})一行,只有 {known}",
                f"standards have no row “{text}” ({curve.by}), only {known}",
            )
        )
    return found


def _named(bound: Node, title: Text) -> Node:
    return bound if bound.label is not None else bound._replace(label=title)
