"""Curves with a name, called in formulas like a function: `minimum_rate(insured)`."""

from collections.abc import Mapping
from types import MappingProxyType

from perf.formulas import Scope, as_number, evaluate
from perf.formulas.arithmetic import RuleFailed, figure
from perf.formulas.nodes import Absent, Node
from perf.kernel.text import Text
from perf.specs.curve_lines import linear, steps
from perf.specs.curve_models import Linear, NamedCurve

Curves = Mapping[str, NamedCurve]
NO_CURVES: Curves = MappingProxyType({})


def on_named_curve(name: str, curve: NamedCurve, variable: Node, scope: Scope) -> Node:
    """What `curve` gives for `variable`: node `name` in the unit of the result, its input the arithmetic.

    Returns:
        Absent where the variable or a threshold is absent, `not_allowed` where the thresholds are out of order.
    """
    title = curve.title if curve.title.zh else Text(name)
    x = as_number(variable)
    if isinstance(x.value, Absent):
        return Node("name", x.value, (x,), title, unit=curve.gives)
    shown = x if x.unit or x.inputs else x._replace(unit=curve.of)
    lines = curve.curve
    try:
        if isinstance(lines, Linear):
            way = linear(lines, figure(x), shown, lambda one: as_number(evaluate(one, scope)), unit=curve.gives)
        else:
            way = steps(lines, figure(x), shown, lambda one: as_number(evaluate(one, scope)), unit=curve.gives)
    except RuleFailed as stop:
        return Node("name", Absent("not_allowed", (), stop.message), (x,), title, unit=curve.gives)
    return Node("name", way.value, (way,), title, unit=curve.gives)
