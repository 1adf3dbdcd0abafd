"""`points:` and `coefficient:` → curves, with thresholds in order and every value with the sign of its unit."""

from collections.abc import Callable
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, get_args

from perf.formulas import Formula, constant
from perf.formulas.tree import Number
from perf.kernel.figures import exact_text
from perf.kernel.text import Text
from perf.specs.fields import Fields
from perf.specs.models import Attainment, Award, Curve, Deduct, Entered, Linear, Range, RatingCurve, Steps
from perf.specs.quantities import SIGNED, is_signed, read_quantity, split_sign, with_sign
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Scalar, YamlNode

Counted = Literal["exact", "started", "completed"]
CURVES = ("linear", "steps", "range", "attainment", "deduct", "award", "rating", "entered")
PLANNED_CURVES = ("efficacy", "rank", "percentile", "standardise", "power", "best_of")
_COUNTED: tuple[Counted, ...] = get_args(Counted)
FULL = Fraction(100)
ZERO = Fraction(0)


def build_curve(fields: Fields, unit: str) -> Curve | None:
    """The curve of an indicator whose values are in `unit`; None where it is not legible."""
    kind = _kind(fields, CURVES)
    if kind is None:
        return None
    build = _BUILDERS[kind]
    curve = build(fields, unit)
    fields.close()
    return curve


def build_coefficient(fields: Fields) -> Linear | Steps | None:
    """The curve from a total to a coefficient: thresholds are points, values are plain numbers."""
    kind = _kind(fields, ("linear", "steps"))
    if kind is None:
        return None
    curve = (
        _linear(fields, "points", values="coefficient")
        if kind == "linear"
        else _steps(fields, "points", values="coefficient")
    )
    fields.close()
    return curve


def threshold(fields: Fields, node: YamlNode, key: str, unit: str) -> Formula | None:
    """A threshold: a constant with the sign of `unit`, or a formula."""
    scalar = fields.as_scalar(node, key, f"{key}: …")
    if scalar is None:
        return None
    parts = split_sign(scalar.text)
    if parts is None:
        return fields.parse(scalar.text, scalar.inner)
    value = read_quantity(scalar.text, unit)
    if isinstance(value, Fraction):
        return Formula(scalar.text, scalar.inner, Number(value, percent=parts[1] in SIGNED))
    fields.quantity_trouble(value, scalar, key, unit)
    return None


def _kind(fields: Fields, allowed: tuple[str, ...]) -> str | None:
    scalar = fields.scalar("curve", example=allowed[0])
    if scalar is None:
        return None
    if scalar.text in PLANNED_CURVES:
        fields.add("rule-key-planned", scalar.place, key=scalar.text)
        return None
    return fields.one_of(scalar, "curve", allowed, "") or None


def _linear(fields: Fields, unit: str, *, values: str = "points") -> Linear | None:
    rows = _rows(fields, "through", unit, least=2, values=values)
    outside = fields.choice("outside", ("clip", "extend"), "clip")
    return None if rows is None else Linear(rows, "extend" if outside == "extend" else "clip")


def _steps(fields: Fields, unit: str, *, values: str = "points") -> Steps | None:
    rows = _rows(fields, "at", unit, least=1, values=values)
    bound = fields.choice("lower_bound", ("included", "excluded"), "included")
    below = _points(fields, "below", values)
    return None if rows is None else Steps(rows, "excluded" if bound == "excluded" else "included", below)


def _points(fields: Fields, key: str, values: str) -> Fraction:
    value = fields.number(key, ZERO) or ZERO
    node = fields.node.entries.get(key)
    if node is not None:
        _check_points(fields, node, key, value, values)
    return value


def _check_points(fields: Fields, node: YamlNode, key: str, value: Fraction, values: str) -> None:
    if values == "points" and not ZERO <= value <= FULL:
        fields.add("curve-points-range", node.place, key=key, found=exact_text(value))


def _rows(
    fields: Fields, key: str, unit: str, *, least: int, values: str
) -> tuple[tuple[Formula, Fraction], ...] | None:
    """`[[x, points], …]` with constant x strictly ascending; None where a row is not legible."""
    example = f"{key}: [[0, 0], [100, 100]]"
    nodes = fields.rows(key, example, required=True)
    found: list[tuple[Formula, Fraction]] = []
    is_legible = key in fields.node.entries
    before: Formula | None = None
    for node in nodes:
        row = fields.as_sequence(node, key, example)
        if row is not None and len(row) != 2:
            pair = Text("一对 [界限, 得分]", "a pair [threshold, points]")
            size = Text(f"{len(row)} 项的列表", f"a list of {len(row)}")
            fields.add("rule-shape", node.place, what=key, found=size, expected=pair, example=example)
        if row is None or len(row) != 2:
            is_legible = False
            continue
        x, y = threshold(fields, row[0], key, unit), fields.as_number(row[1], key)
        if y is not None:
            _check_points(fields, row[1], key, y, values)
        if x is None or y is None:
            is_legible = False
            continue
        _check_ascending(fields, row[0], key, before, x)
        before = x
        found.append((x, y))
    if is_legible and len(found) < least:
        fields.add("curve-too-short", fields.place(key), key=key, found=len(found), least=least)
        return None
    return tuple(found) if is_legible else None


def _check_ascending(fields: Fields, node: YamlNode, key: str, before: Formula | None, now: Formula) -> None:
    if before is None:
        return
    low, high = constant(before), constant(now)
    if low is not None and high is not None and high <= low:
        fields.add("curve-order", node.place, key=key, found=shorten(now.text), before=shorten(before.text))


def _range(fields: Fields, unit: str) -> Range | None:
    best, zero = _ends(fields, "best", unit, required=True), _ends(fields, "zero", unit, required=False)
    if best is None or zero is None:
        return None
    limits = [(end, constant(end)) for end in (zero[0], best[0], best[1], zero[1]) if end is not None]
    values = [value for _, value in limits if value is not None]
    if values != sorted(values):
        fields.add("range-order", fields.place("best"), found=" ".join(end.text for end, _ in limits))
    return Range(best, zero)


def _ends(fields: Fields, key: str, unit: str, *, required: bool) -> tuple[Formula | None, Formula | None] | None:
    example = "[85%, 93%]" if unit == "percent" else "[10, 20]"
    nodes = fields.rows(key, f"{key}: {example}", required=required)
    if not nodes and key not in fields.node.entries:
        return None if required else (None, None)
    if len(nodes) != 2:
        found, pair = (
            Text(f"{len(nodes)} 项", f"{len(nodes)} items"),
            Text("两项:[下限, 上限],没有的一侧写 none", "two: [low, high], `none` for an open side"),
        )
        fields.add("rule-shape", fields.place(key), what=key, found=found, expected=pair, example=f"{key}: {example}")
        return None
    ends: list[Formula | None] = []
    is_legible = True
    for node in nodes:
        if isinstance(node, Scalar) and node.text == "none":
            ends.append(None)
            continue
        end = threshold(fields, node, key, unit)
        is_legible = is_legible and end is not None
        ends.append(end)
    return (ends[0], ends[1]) if is_legible else None


def _attainment(fields: Fields, unit: str) -> Attainment | None:
    node = fields.get("target", example="95%" if unit == "percent" else "1200")
    target = None if node is None else threshold(fields, node, "target", unit)
    floor = fields.quantity("floor", "percent")
    cap = fields.quantity("cap", "percent", Fraction(1)) or Fraction(1)
    lower_as = fields.choice("lower_as", ("ratio", "complement"), "ratio")
    if floor is not None and floor > cap:
        expected = Text(f"不大于 cap 的 {exact_text(cap * 100)}%", f"at most the cap, {exact_text(cap * 100)}%")
        fields.add(
            "rule-number-range", fields.place("floor"), key="floor", found=fields.text("floor"), expected=expected
        )
    return (
        None
        if target is None
        else Attainment(target, floor, cap, "complement" if lower_as == "complement" else "ratio")
    )


def _per(fields: Fields, unit: str) -> tuple[Fraction, Fraction, Counted] | None:
    each = positive(fields, "each", fields.number("each", example="2"))
    default, example = (None, with_sign("1", unit)) if is_signed(unit) else (Fraction(1), "")
    per = positive(fields, "per", fields.quantity("per", unit, default, example=example))
    counted = fields.choice("counted", _COUNTED, "exact")
    return None if each is None or per is None else (each, per, counted)


def positive(fields: Fields, key: str, value: Fraction | None) -> Fraction | None:
    """`value` where it is above zero; else None, with an issue at `key` unless it was not given."""
    if value is None or value > 0:
        return value
    fields.add(
        "rule-number-range", fields.place(key), key=key, found=exact_text(value), expected=Text("大于 0", "above 0")
    )
    return None


def _deduct(fields: Fields, unit: str) -> Deduct | None:
    parts = _per(fields, unit)
    return None if parts is None else Deduct(*parts)


def _award(fields: Fields, unit: str) -> Award | None:
    parts = _per(fields, unit)
    cap = positive(fields, "cap", fields.number("cap", example="5"))
    return None if parts is None or cap is None else Award(parts[0], parts[1], cap, parts[2])


def _rating(fields: Fields, _: str) -> RatingCurve | None:
    if fields.get("values", example="{A: 100, B: 80, C: 60, D: 0}") is None:
        return None
    values: dict[str, Fraction] = {}
    for name, _place, node in fields.pairs("values"):
        value = fields.as_number(node, name)
        if value is not None:
            _check_points(fields, node, name, value, "points")
            values[name] = value
    return RatingCurve(MappingProxyType(values)) if values else None


def _entered(fields: Fields, unit: str) -> Entered | None:
    default, example = (None, with_sign("100", unit)) if is_signed(unit) else (FULL, "")
    full = positive(fields, "full", fields.quantity("full", unit, default, example=example))
    return None if full is None else Entered(full)


_BUILDERS: dict[str, Callable[[Fields, str], Curve | None]] = {
    "linear": _linear,
    "steps": _steps,
    "range": _range,
    "attainment": _attainment,
    "deduct": _deduct,
    "award": _award,
    "rating": _rating,
    "entered": _entered,
}


CURVE_NAMES: dict[type[Curve], str] = {
    Linear: "linear",
    Steps: "steps",
    Range: "range",
    Attainment: "attainment",
    Deduct: "deduct",
    Award: "award",
    RatingCurve: "rating",
    Entered: "entered",
}
