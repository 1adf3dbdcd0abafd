"""Curves that are one formula on paper: power, and the efficacy method in both of its forms."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import Literal, get_args

from perf.formulas import Formula, constant
from perf.kernel.figures import exact_text
from perf.kernel.rounding import Rounding
from perf.kernel.text import Text
from perf.specs.curve_fields import FULL, ZERO, Results, not_above, optional_points, points_of, positive, threshold
from perf.specs.curve_models import Efficacy, GradedEfficacy, Power
from perf.specs.fields import Fields
from perf.specs.quantities import is_signed, with_sign
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Mapped, YamlNode

Side = Literal["both", "above", "below"]
EXPONENT_PARTS_MAX = 100
"""Greatest numerator and denominator of an exponent: what can still be worked out without end."""
_SIDES: tuple[Side, ...] = get_args(Side)
_BASE, _SPAN = Fraction(60), Fraction(40)
_STANDARDS = "standards: [90%, 80%, 70%, 60%, 50%]"


def power(fields: Fields, unit: str, results: Results) -> Power | None:
    """`{curve: power, origin: 30%, per: 1%, factor: -2, exponent: 1.5, start: 100, side: both, floor: 0, cap: 100}`."""
    node = fields.get("origin", example=with_sign("30", unit))
    origin = None if node is None else threshold(fields, node, "origin", unit)
    default, example = (None, with_sign("1", unit)) if is_signed(unit) else (Fraction(1), "")
    per = positive(fields, "per", fields.quantity("per", unit, default, example=example))
    factor, exponent = _factor(fields, results), _exponent(fields)
    start = points_of(fields, "start", results)
    side = fields.choice("side", _SIDES, "both")
    floor, cap = optional_points(fields, "floor", results), optional_points(fields, "cap", results)
    if results.kind == "points":
        floor, cap = ZERO if floor is None else floor, FULL if cap is None else cap
    if floor is not None and cap is not None:
        not_above(fields, "floor", floor, cap, "cap")
    digits = fields.digits("digits", "exact")
    rounding = fields.rounding() if fields.has("rounding") else Rounding.DOWN
    if origin is None or per is None or factor is None or exponent is None:
        return None
    return Power(origin, factor, exponent, per, start, side, floor, cap, digits, rounding)


def _factor(fields: Fields, results: Results) -> Fraction | None:
    factor = results.amount(fields, "factor", example="-2")
    if factor == 0:
        expected = Text("不等于 0:否则结果与数值无关", "not 0: the result would not depend on the value")
        fields.add("rule-number-range", fields.place("factor"), key="factor", found="0", expected=expected)
        return None
    return factor


def _exponent(fields: Fields) -> Fraction | None:
    exponent = positive(fields, "exponent", fields.number("exponent", example="1.5"))
    if exponent is not None and max(exponent.numerator, exponent.denominator) > EXPONENT_PARTS_MAX:
        most = EXPONENT_PARTS_MAX
        expected = Text(
            f"分子和分母都不超过 {most} 的数,如 1.5、0.75",
            f"a number whose numerator and denominator are at most {most}: 1.5, 0.75",
        )
        found = exact_text(exponent)
        fields.add("rule-number-range", fields.place("exponent"), key="exponent", found=found, expected=expected)
        return None
    return exponent


def efficacy(fields: Fields, unit: str, results: Results) -> Efficacy | GradedEfficacy | None:
    """`{satisfactory: 95%, unallowed: 60%, base: 60, span: 40}`, or `{standards: […], coefficients: […]}`."""
    return _graded(fields, unit) if fields.has("standards") else _statistics(fields, unit, results)


def _statistics(fields: Fields, unit: str, results: Results) -> Efficacy | None:
    ends = []
    for key, example in (("satisfactory", "95"), ("unallowed", "60")):
        node = fields.get(key, example=with_sign(example, unit))
        ends.append(None if node is None else threshold(fields, node, key, unit))
    base, span = _usual(fields, "base", results, _BASE), _usual(fields, "span", results, _SPAN)
    span = positive(fields, "span", span)
    outside = fields.choice("outside", ("extend", "clip"), "extend")
    satisfactory, unallowed = ends
    if satisfactory is None or unallowed is None or base is None or span is None:
        return None
    if results.kind == "points" and base + span > FULL:
        place, found = fields.place("span" if "span" in fields.node.entries else "base"), exact_text(base + span)
        fields.add("curve-points-range", place, key="base + span", found=found)
    if constant(satisfactory) is not None and constant(satisfactory) == constant(unallowed):
        fields.add("curve-flat", fields.place("unallowed"), found=shorten(unallowed.text))
    return Efficacy(satisfactory, unallowed, base, span, "clip" if outside == "clip" else "extend")


def _usual(fields: Fields, key: str, results: Results, points: Fraction) -> Fraction | None:
    """Base or span: of 100 full points as many as is usual; to be stated where full points stand for nothing known."""
    if results.full is None:
        return results.amount(fields, key, example=exact_text(points))
    found = optional_points(fields, key, results)
    return points * results.full / FULL if found is None else found


def _graded(fields: Fields, unit: str) -> GradedEfficacy | None:
    node = fields.get("standards", example=_STANDARDS)
    coefficients = _coefficients(fields)
    count = None if coefficients is None else len(coefficients)
    by, rows = "", None
    if isinstance(node, Mapped):
        inner = fields.inside(node, Text("standards"))
        by, rows = inner.text("by", example="size_class"), _rows_by(inner, unit, count)
        inner.close()
    elif node is not None:
        row = _standards(fields, node, unit, count)
        rows = None if row is None else {"": row}
    return None if rows is None or coefficients is None else GradedEfficacy(MappingProxyType(rows), by, coefficients)


def _rows_by(fields: Fields, unit: str, count: int | None) -> dict[str, tuple[Formula, ...]] | None:
    if fields.get("rows", example="rows: {large: [90%, 80%], small: [85%, 75%]}") is None:
        return None
    rows = {name: _standards(fields, node, unit, count) for name, _, node in fields.pairs("rows")}
    found = {name: row for name, row in rows.items() if row is not None}
    return found if found and len(found) == len(rows) else None


def _standards(fields: Fields, node: YamlNode, unit: str, count: int | None) -> tuple[Formula, ...] | None:
    """Standards from the best to the worst, as many as there are coefficients, each strictly worse.

    `count`: how many coefficients there are; None where they are not legible.
    """
    items = fields.as_sequence(node, "standards", _STANDARDS)
    if items is None:
        return None
    read = [threshold(fields, item, "standards", unit) for item in items]
    found = tuple(formula for formula in read if formula is not None)
    if len(found) < len(items):
        return None
    if count is None:
        return None
    if len(found) != count or count < 2:
        fields.add("curve-standards-count", node.place, found=len(found), wanted=count)
        return None
    known = [value for formula in found if (value := constant(formula)) is not None]
    if not (_falls(known) or _falls(known[::-1])):
        texts = " ".join(shorten(formula.text) for formula in found)
        fields.add("curve-standards-order", node.place, key="standards", found=texts)
    return found


def _coefficients(fields: Fields) -> tuple[Fraction, ...] | None:
    """`[1, 0.8, 0.6, 0.4, 0.2]`; None where they are not legible."""
    usual = GradedEfficacy(_NO_STANDARDS).coefficients
    node = fields.get("coefficients")
    if node is None:
        return usual
    items = fields.as_sequence(node, "coefficients", "coefficients: [1, 0.8, 0.6, 0.4, 0.2]")
    if items is None:
        return None
    read = [fields.as_number(item, "coefficients", "0.8") for item in items]
    found = tuple(number for number in read if number is not None)
    if len(found) < len(items):
        return None
    if not _falls(found) or any(not 0 <= number <= 1 for number in found):
        texts = " ".join(map(exact_text, found))
        fields.add("curve-standards-order", node.place, key="coefficients", found=texts)
    return found


def _falls(numbers: Sequence[Fraction]) -> bool:
    return all(later < number for number, later in pairwise(numbers))


_NO_STANDARDS: Mapping[str, tuple[Formula, ...]] = MappingProxyType({})
