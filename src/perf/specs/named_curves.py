"""Curves with a name, called in formulas like a function: `minimum_rate(insured)`."""

from collections.abc import Mapping
from types import MappingProxyType

from perf.formulas import Formula, Scope, as_number, evaluate
from perf.formulas.arithmetic import RuleFailed, figure, number
from perf.formulas.nodes import Absent, Node
from perf.kernel.text import Text
from perf.specs.curve_formulas import Attribute
from perf.specs.curve_lines import Evaluate
from perf.specs.curve_models import BestOf, NamedCurve
from perf.specs.curve_ways import Asked, best_way, way_of

Curves = Mapping[str, NamedCurve]
NO_CURVES: Curves = MappingProxyType({})


def on_named_curve(name: str, curve: NamedCurve, variable: Node, scope: Scope) -> Node:
    """What `curve` gives for `variable` as the subject of `scope` sees its thresholds; see `at_number`."""

    def threshold(formula: Formula) -> Node:
        return as_number(evaluate(formula, scope))

    return at_number(name, curve, variable, threshold, lambda attribute: scope.name(attribute, scope.period))


def at_number(name: str, curve: NamedCurve, variable: Node, threshold: Evaluate, attribute: Attribute) -> Node:
    """What `curve` gives for `variable`: node `name` in the unit of the result, its input the arithmetic.

    Args:
        name: Shown where the curve has no title.
        curve: Any named curve.
        variable: In the unit `of`, as inside the engine.
        threshold, attribute: Numbers of formulas, and text attributes of the subject.
    Returns:
        Absent where the variable, a threshold or a class is absent; `not_allowed` where the curve cannot be applied:
        thresholds out of order, a negative target, a class without standards.
    """
    title = curve.title if curve.title.zh else Text(name)
    x = as_number(variable)
    if isinstance(x.value, Absent):
        return Node("name", x.value, (x,), title, unit=curve.gives)
    shown = x if x.unit or x.inputs else x._replace(unit=curve.of)
    full = number(curve.out_of, curve.gives)
    asked = Asked(curve.direction, threshold, curve.out_of, full, curve.gives, attribute=attribute)
    try:
        if isinstance(curve.curve, BestOf):
            way = best_way(curve.curve, [way_of(part.curve, figure(x), shown, asked) for part in curve.curve.parts])
        else:
            way = way_of(curve.curve, figure(x), shown, asked)
    except RuleFailed as stop:
        return Node("name", Absent("not_allowed", (), stop.message), (x,), title, unit=curve.gives)
    return Node("name", way.value, (way,), title, unit=curve.gives)
