"""`curves:` of indicators and distributions → named curves."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from perf.formulas import Formula, constant, references
from perf.formulas.functions import RESERVED_CALLS, function_of
from perf.kernel.text import Text
from perf.specs.build_curves import CURVES, SIDES, built
from perf.specs.build_measures import UNIT_CODES
from perf.specs.curve_fields import FULL, Results, positive
from perf.specs.curve_models import (
    Attainment,
    BestOf,
    Curve,
    CurvePart,
    Deduct,
    Efficacy,
    Entered,
    GradedEfficacy,
    NamedCurve,
    Range,
    Side,
)
from perf.specs.fields import CODE, Fields
from perf.specs.formulas_of import curve_formulas
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Mapped, Sequence

PEER_CURVES = ("percentile", "rank", "standardise")
NAMED_CURVES = tuple(name for name in CURVES if name not in (*PEER_CURVES, "rating"))
_IN_BEST_OF = tuple(name for name in NAMED_CURVES if name != "best_of")
_WITH_A_SIDE = (Attainment, Efficacy, GradedEfficacy)
_OF_FULL = (Range, Attainment, GradedEfficacy, Entered, Deduct)
_FURTHER_KEYS = {
    **dict.fromkeys(("range", "entered", "deduct"), ("out_of",)),
    **dict.fromkeys(("attainment", "efficacy", "best_of"), ("direction", "out_of")),
}
"""What else a curve may say; not held against one that is not legible."""
_EXAMPLE = "{of: persons, gives: percent, curve: linear, through: [[10000, 85%], [50000, 75%]]}"
_PARTS = "parts: [{curve: linear, through: [[60%, 0], [90%, 100]]}, {curve: steps, at: [[80%, 60]]}]"
_AS_INDICATOR = Text(
    "改成指标的计分方法 points: {curve: …},别的规则用它的得分;公式里要和同组比,用 median(peers.value)、p75(peers.value) 等作界限",
    "make it the points of an indicator and use its score; in formulas compare with median(peers.value), p75(peers.value)",
)
_AS_TABLE = Text(
    "评级是文字:写成 tables: {名称: {A: 100, B: 80}}", "ratings are words: write tables: {name: {A: 100, B: 80}}"
)


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
            curve = _curve(fields.inside(mapped, Text(name)), name)
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


def _curve(fields: Fields, name: str) -> NamedCurve | None:
    title = fields.title(required=False)
    of = _unit_of(fields)
    gives = fields.choice("gives", UNIT_CODES, "number")
    results = Results("values", gives)
    kind = _kind(fields, name, NAMED_CURVES)
    if kind is None:
        return None
    curve = _best_of(fields, name, of, results) if kind == "best_of" else built(kind, fields, of, results)
    if curve is None:
        for key in _FURTHER_KEYS.get(kind, ()):
            fields.has(key)
        fields.close()
        return None
    inner = [part.curve for part in curve.parts] if isinstance(curve, BestOf) else [curve]
    has_side = any(isinstance(one, _WITH_A_SIDE) for one in inner)
    direction = fields.choice("direction", SIDES, "higher") if has_side else "higher"
    out_of = _out_of(fields, results) if any(isinstance(one, _OF_FULL) for one in inner) else FULL
    fields.close()
    for one in inner:
        _check_side(fields, name, one, direction)
    for formula in curve_formulas(curve):
        if any(reference.kind == "table" for reference in references(formula)):
            fields.add("curve-of-curves", formula.place, found=name)
            return None
    return None if out_of is None else NamedCurve(curve, of, gives, title, direction, out_of)


def _unit_of(fields: Fields) -> str:
    """The unit of the variable; under `best_of` a list there is meant to be `parts`."""
    node = fields.get("of")
    if isinstance(node, Sequence):
        found, expected = (
            Text("列表", "a list"),
            Text("自变量的单位;几种算法写在 parts", "the unit of the variable; curves under `parts`"),
        )
        fields.add("rule-shape", node.place, what="of", found=found, expected=expected, example=_PARTS)
        return "number"
    return fields.choice("of", UNIT_CODES, "number")


def _kind(fields: Fields, name: str, allowed: tuple[str, ...]) -> str | None:
    """The kind of curve; one that needs peers or words is refused with what to write instead."""
    scalar = fields.scalar("curve", example=allowed[0])
    if scalar is None:
        return None
    if scalar.text in PEER_CURVES or scalar.text == "rating":
        hint = _AS_TABLE if scalar.text == "rating" else _AS_INDICATOR
        fields.add("curve-not-callable", scalar.place, name=name, found=scalar.text, known=" ".join(allowed), hint=hint)
        return None
    if scalar.text == "best_of" and "best_of" not in allowed:
        fields.add("curve-nested", scalar.place)
        return None
    return fields.one_of(scalar, "curve", allowed, "") or None


def _best_of(fields: Fields, name: str, of: str, results: Results) -> BestOf | None:
    """`parts: [{curve, title, …}, …]`: several curves of the one variable."""
    nodes = fields.rows("parts", _PARTS, required=True)
    parts: list[CurvePart] = []
    for node in nodes:
        mapped = fields.as_mapped(node, "parts", _PARTS)
        inner = None if mapped is None else fields.inside(mapped, Text("best_of"))
        kind = None if inner is None else _kind(inner, name, _IN_BEST_OF)
        if inner is None or kind is None:
            continue
        title = inner.title(required=False)
        curve = built(kind, inner, of, results)
        inner.close()
        if curve is not None:
            parts.append(CurvePart(curve, title=title))
    if "parts" in fields.node.entries and len(nodes) < 2:
        fields.add("curve-too-short", fields.place("parts"), key="parts", found=len(nodes), least=2)
        return None
    return BestOf(tuple(parts)) if parts and len(parts) == len(nodes) else None


def _out_of(fields: Fields, results: Results) -> Fraction | None:
    """What full points stand for in the unit of the results."""
    if results.full is None:
        return positive(fields, "out_of", results.amount(fields, "out_of", example="100"))
    return positive(fields, "out_of", results.amount(fields, "out_of", results.full))


def _check_side(fields: Fields, name: str, curve: Curve, direction: Side) -> None:
    """Constants that lie against the direction could never be applied."""
    if isinstance(curve, Attainment) and constant(curve.target) == 0:
        if direction == "higher" or curve.lower_as == "complement":
            expected = Text("大于 0:自变量要除以目标", "above 0: the variable is divided by the target")
            fields.add("rule-number-range", curve.target.place, key="target", found="0", expected=expected)
        return
    rows: list[tuple[Formula, ...]] = []
    rows += [(curve.satisfactory, curve.unallowed)] if isinstance(curve, Efficacy) else []
    rows += list(curve.standards.values()) if isinstance(curve, GradedEfficacy) else []
    for row in rows:
        best, worst = constant(row[0]), constant(row[-1])
        if best is not None and worst is not None and best != worst and (best > worst) != (direction == "higher"):
            turned = "lower" if direction == "higher" else "higher"
            fields.add(
                "named-curve-direction",
                row[0].place,
                name=name,
                best=shorten(row[0].text),
                worst=shorten(row[-1].text),
                direction=direction,
                turned=turned,
            )
