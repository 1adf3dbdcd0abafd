"""`points:` and `coefficient:` → curves, with thresholds in order and every value with the sign of its unit."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, get_args

from perf.formulas import Formula, constant
from perf.kernel.figures import exact_text
from perf.kernel.text import Text
from perf.specs.build_formula_curves import efficacy, power
from perf.specs.build_measures import UNIT_CODES
from perf.specs.build_peer_curves import percentile, rank, standardise
from perf.specs.curve_fields import (
    COEFFICIENTS,
    FULL,
    POINTS,
    Results,
    check_points,
    optional_points,
    point_rows,
    points_of,
    positive,
    threshold,
)
from perf.specs.curve_models import Side
from perf.specs.fields import Fields
from perf.specs.ladder_models import LadderRows
from perf.specs.models import (
    Attainment,
    Award,
    BestOf,
    Curve,
    CurvePart,
    Deduct,
    Efficacy,
    Entered,
    GradedEfficacy,
    Linear,
    Percentile,
    Power,
    Range,
    Rank,
    RatingCurve,
    Standardise,
    Steps,
)
from perf.specs.quantities import is_signed, with_sign
from perf.specs.yaml_nodes import Scalar

Counted = Literal["exact", "started", "completed"]
CURVES = (
    "linear", "steps", "range", "attainment", "efficacy", "percentile", "rank", "standardise", "power", "deduct",
    "award", "rating", "entered", "best_of",
)  # fmt: skip
_IN_BEST_OF = tuple(name for name in CURVES if name not in ("best_of", "rating"))
_COUNTED: tuple[Counted, ...] = get_args(Counted)
SIDES: tuple[Side, ...] = get_args(Side)
_PART = "of: [{curve: linear, through: [[60%, 0], [90%, 100]]}, {curve: linear, value: …, through: …}]"


def build_curve(fields: Fields, unit: str) -> Curve | None:
    """The curve of an indicator whose values are in `unit`; None where it is not legible."""
    kind = _kind(fields, CURVES)
    if kind is None:
        return None
    curve = built(kind, fields, unit, POINTS)
    fields.close()
    return curve


def built(kind: str, fields: Fields, unit: str, results: Results) -> Curve | None:
    """The curve `kind` over values in `unit`; the mapping may hold further keys."""
    return _BUILDERS[kind](fields, unit, results)


def build_coefficient(fields: Fields) -> Linear | Steps | None:
    """The curve from a total to a coefficient: thresholds are points, values are plain numbers."""
    kind = _kind(fields, ("linear", "steps"))
    if kind is None:
        return None
    build = plain_linear if kind == "linear" else plain_steps
    curve = build(fields, "points", COEFFICIENTS)
    fields.close()
    return curve


def _kind(fields: Fields, allowed: tuple[str, ...]) -> str | None:
    scalar = fields.scalar("curve", example=allowed[0])
    if scalar is None:
        return None
    return fields.one_of(scalar, "curve", allowed, "") or None


def _linear(fields: Fields, unit: str, results: Results) -> Linear | None:
    curve = plain_linear(fields, unit, results)
    all_equal = optional_points(fields, "all_equal", results)
    return None if curve is None else replace(curve, all_equal=all_equal)


def plain_linear(fields: Fields, unit: str, results: Results) -> Linear | None:
    """Lines through points whose x are in `unit`, peers or not."""
    rows = point_rows(fields, "through", unit, least=2, results=results)
    outside = fields.choice("outside", ("clip", "extend"), "clip")
    return None if rows is None else Linear(rows, "extend" if outside == "extend" else "clip")


def plain_steps(fields: Fields, unit: str, results: Results) -> Steps | None:
    """Steps whose thresholds are in `unit`."""
    rows = point_rows(fields, "at", unit, least=1, results=results)
    bound = fields.choice("lower_bound", ("included", "excluded"), "included")
    below = points_of(fields, "below", results)
    return None if rows is None else Steps(rows, "excluded" if bound == "excluded" else "included", below)


def _range(fields: Fields, unit: str, _: Results) -> Range | None:
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


def _attainment(fields: Fields, unit: str, _: Results) -> Attainment | None:
    node = fields.get("target", example="95%" if unit == "percent" else "1200")
    target = None if node is None else threshold(fields, node, "target", unit)
    floor = fields.quantity("floor", "percent")
    cap = positive(fields, "cap", fields.quantity("cap", "percent", Fraction(1))) or Fraction(1)
    _check_target(fields, target)
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


def _check_target(fields: Fields, target: Formula | None) -> None:
    """A constant target has to have a rate of attainment; 0 has one only where lower is better (`target-zero`)."""
    goal = None if target is None else constant(target)
    if goal is not None and goal < 0:
        expected = Text("不小于 0", "not below 0")
        fields.add(
            "rule-number-range", fields.place("target"), key="target", found=fields.text("target"), expected=expected
        )


def _per(fields: Fields, unit: str, results: Results) -> tuple[Fraction, Fraction, Counted] | None:
    each = positive(fields, "each", results.amount(fields, "each", example="2"))
    default, example = (None, with_sign("1", unit)) if is_signed(unit) else (Fraction(1), "")
    per = positive(fields, "per", fields.quantity("per", unit, default, example=example))
    counted = fields.choice("counted", _COUNTED, "exact")
    return None if each is None or per is None else (each, per, counted)


def _deduct(fields: Fields, unit: str, results: Results) -> Deduct | None:
    parts = _per(fields, unit, results)
    return None if parts is None else Deduct(*parts)


def _award(fields: Fields, unit: str, results: Results) -> Award | None:
    parts = _per(fields, unit, results)
    cap = positive(fields, "cap", results.amount(fields, "cap", example="5"))
    return None if parts is None or cap is None else Award(parts[0], parts[1], cap, parts[2])


def _rating(fields: Fields, _: str, __: Results) -> RatingCurve | None:
    if fields.get("values", example="{A: 100, B: 80, C: 60, D: 0}") is None:
        return None
    values: dict[str, Fraction] = {}
    for name, _place, node in fields.pairs("values"):
        value = fields.as_number(node, name)
        if value is not None:
            check_points(fields, node, name, value)
            values[name] = value
    return RatingCurve(MappingProxyType(values)) if values else None


def _entered(fields: Fields, unit: str, _: Results) -> Entered | None:
    default, example = (None, with_sign("100", unit)) if is_signed(unit) else (FULL, "")
    full = positive(fields, "full", fields.quantity("full", unit, default, example=example))
    return None if full is None else Entered(full)


def _best_of(fields: Fields, unit: str, _: Results) -> BestOf | None:
    nodes = fields.rows("of", _PART, required=True)
    parts: list[CurvePart] = []
    for node in nodes:
        mapped = fields.as_mapped(node, "of", _PART)
        part = None if mapped is None else _part(fields.inside(mapped, Text("best_of")), unit)
        if part is not None:
            parts.append(part)
    if "of" in fields.node.entries and len(nodes) < 2:
        fields.add("curve-too-short", fields.place("of"), key="of", found=len(nodes), least=2)
        return None
    return BestOf(tuple(parts)) if parts and len(parts) == len(nodes) else None


def _part(fields: Fields, unit: str) -> CurvePart | None:
    """One of several curves; its keys `title`, `value`, `unit`, `direction` stand beside those of the curve."""
    scalar = fields.scalar("curve", example="linear")
    if scalar is not None and scalar.text == "best_of":
        fields.add("curve-nested", scalar.place)
        return None
    kind = None if scalar is None else fields.one_of(scalar, "curve", _IN_BEST_OF, "")
    title = fields.title(required=False)
    value = fields.formula("value")
    own_unit = fields.choice("unit", UNIT_CODES, unit) if value is not None else unit
    direction = fields.choice("direction", SIDES, "higher") if value is not None and fields.has("direction") else None
    curve = built(kind, fields, own_unit, POINTS) if kind else None
    if kind:
        fields.close()
    return None if curve is None else CurvePart(curve, value, own_unit if value is not None else "", title, direction)


_BUILDERS: dict[str, Callable[[Fields, str, Results], Curve | None]] = {
    "linear": _linear,
    "steps": plain_steps,
    "range": _range,
    "attainment": _attainment,
    "deduct": _deduct,
    "award": _award,
    "rating": _rating,
    "entered": _entered,
    "percentile": percentile,
    "rank": rank,
    "standardise": standardise,
    "power": power,
    "efficacy": efficacy,
    "best_of": _best_of,
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
    Percentile: "percentile",
    Rank: "rank",
    Standardise: "standardise",
    Power: "power",
    Efficacy: "efficacy",
    GradedEfficacy: "efficacy",
    BestOf: "best_of",
    LadderRows: "ladder",
}
