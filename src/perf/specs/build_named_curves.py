"""`curves:` of indicators and distributions → named curves."""

from collections.abc import Mapping
from types import MappingProxyType

from perf.formulas import references
from perf.formulas.functions import RESERVED_CALLS, function_of
from perf.kernel.text import Text
from perf.specs.build_curves import plain_linear, plain_steps
from perf.specs.build_measures import UNIT_CODES
from perf.specs.curve_models import Linear, NamedCurve, Steps
from perf.specs.fields import CODE, Fields
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Mapped

_EXAMPLE = "{of: persons, gives: percent, curve: linear, through: [[10000, 85%], [50000, 75%]]}"


def read_curves(fields: Fields) -> Mapping[str, NamedCurve]:
    """`curves: {minimum_rate: {title, of, gives, curve: linear, through: [[10000, 85%], …], outside: clip}}`."""
    found: dict[str, NamedCurve] = {}
    for name, place, node in fields.pairs("curves"):
        mapped = fields.as_mapped(node, name, f"{name}: {_EXAMPLE}")
        if not CODE.fullmatch(name):
            fields.add("rule-code-invalid", place, found=shorten(name))
        elif (taken := _taken(fields, name)) is not None:
            fields.add("curve-name-taken", place, found=name, by=taken)
        elif mapped is not None:
            curve = _curve(fields, mapped, name)
            found |= {} if curve is None else {name: curve}
    return MappingProxyType(found)


def _taken(fields: Fields, name: str) -> Text | None:
    """What else a name before a bracket would mean; None: nothing."""
    if function_of(name) is not None:
        return Text("函数", "a function")
    if name in RESERVED_CALLS:
        return Text("公式的关键字", "a word of formulas")
    tables = fields.node.entries.get("tables")
    return Text("表", "a table") if isinstance(tables, Mapped) and name in tables.entries else None


def _curve(fields: Fields, mapped: Mapped, name: str) -> NamedCurve | None:
    inner = fields.inside(mapped, Text(name))
    title = inner.title(required=False)
    of = inner.choice("of", UNIT_CODES, "number")
    gives = inner.choice("gives", UNIT_CODES, "number")
    kind = inner.choice("curve", ("linear", "steps"), "linear", required=True)
    build = {"linear": plain_linear, "steps": plain_steps}[kind]
    curve: Linear | Steps | None = build(inner, of, gives=gives)
    inner.close()
    if curve is None:
        return None
    rows = curve.through if isinstance(curve, Linear) else curve.at
    if any(one.kind == "table" for x, _ in rows for one in references(x)):
        inner.add("curve-of-curves", inner.place("through" if isinstance(curve, Linear) else "at"), found=name)
        return None
    return NamedCurve(curve, of, gives, title)
