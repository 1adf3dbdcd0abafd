"""What curves are read with: thresholds, rows of points, numbers within bounds."""

import re
from fractions import Fraction
from typing import Literal, NamedTuple

from perf.formulas import UNITS, Formula, constant
from perf.formulas.tree import Number
from perf.kernel.figures import exact_text
from perf.kernel.text import Text
from perf.specs.fields import Fields
from perf.specs.quantities import SIGNED, read_quantity, split_sign, with_sign
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import YamlNode

FULL = Fraction(100)
ZERO = Fraction(0)

_LIKE_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Results(NamedTuple):
    """What a curve gives: points from 0 to 100, coefficients from 0 on, or values in `unit`, which have no bounds."""

    kind: Literal["points", "coefficient", "values"] = "points"
    unit: str = "number"

    @property
    def full(self) -> Fraction | None:
        """What full points stand for where nothing is said: 100, of a ratio 100%; None: it has to be stated."""
        if self.unit in ("number", "points"):
            return FULL
        return None if UNITS[self.unit].dimension else Fraction(1)

    def amount(
        self, fields: Fields, key: str, default: Fraction | None = None, *, example: str = ""
    ) -> Fraction | None:
        """A figure of the results, within no bounds; with an `example` the key is required."""
        if self.kind != "values":
            return fields.number(key, default, example=example)
        return fields.quantity(key, self.unit, default, example=example and with_sign(example, self.unit))

    def as_amount(self, fields: Fields, node: YamlNode, key: str) -> Fraction | None:
        """The figure of the results that `node` writes, with an issue where it is out of bounds."""
        if self.kind == "values":
            return fields.as_quantity(node, key, self.unit)
        value = fields.as_number(node, key)
        if value is not None:
            check_points(fields, node, key, value, self)
        return value


POINTS = Results()
COEFFICIENTS = Results("coefficient")


def threshold(fields: Fields, node: YamlNode, key: str, unit: str) -> Formula | None:
    """A threshold: a constant with the sign of `unit`, or a formula."""
    scalar = fields.as_scalar(node, key, f"{key}: …")
    if scalar is None:
        return None
    parts = split_sign(scalar.text)
    if _LIKE_A_DAY.fullmatch(scalar.text):  # as a formula it would be a subtraction
        fields.quantity_trouble("not_a_number", scalar, key, unit)
        return None
    if parts is None:
        return fields.parse(scalar.text, scalar.inner)
    value = read_quantity(scalar.text, unit)
    if isinstance(value, Fraction):
        return Formula(scalar.text, scalar.inner, Number(value, percent=parts[1] in SIGNED))
    fields.quantity_trouble(value, scalar, key, unit)
    return None


def points_of(fields: Fields, key: str, results: Results = POINTS, default: Fraction = ZERO) -> Fraction:
    """The points under `key`, from 0 to 100, or another figure of the `results`."""
    found = optional_points(fields, key, results)
    return default if found is None else found


def optional_points(fields: Fields, key: str, results: Results = POINTS) -> Fraction | None:
    """As `points_of`, None where the key is not there."""
    value = results.amount(fields, key)
    node = fields.node.entries.get(key)
    if node is not None and value is not None:
        check_points(fields, node, key, value, results)
    return value


def check_points(fields: Fields, node: YamlNode, key: str, value: Fraction, results: Results = POINTS) -> None:
    """An issue where points are not from 0 to 100, or a coefficient is below 0."""
    if results.kind == "points" and not ZERO <= value <= FULL:
        fields.add("curve-points-range", node.place, key=key, found=exact_text(value))
    elif results.kind == "coefficient" and value < ZERO:
        expected = Text("系数不小于 0", "a coefficient from 0 on")
        fields.add("rule-number-range", node.place, key=key, found=exact_text(value), expected=expected)


def point_rows(
    fields: Fields, key: str, unit: str, *, least: int, results: Results
) -> tuple[tuple[Formula, Fraction], ...] | None:
    """`[[x, result], …]` with constant x strictly ascending; None where a row is not legible."""
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
        x = threshold(fields, row[0], key, unit)
        y = results.as_amount(fields, row[1], key)
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


def whole_place(fields: Fields, node: YamlNode, key: str) -> int | None:
    """A place: a whole number from 1 on."""
    number = fields.as_number(node, key, "1")
    if number is None:
        return None
    if number >= 1 and number.denominator == 1:
        return int(number)
    expected = Text("从 1 起的整数", "a whole number from 1 on")
    fields.add("rule-number-range", node.place, key=key, found=exact_text(number), expected=expected)
    return None


def not_above(fields: Fields, key: str, value: Fraction, limit: Fraction, limit_key: str) -> None:
    """An issue at `key` where its value is above that of another key."""
    if value > limit:
        expected = Text(f"不大于 {limit_key} 的 {exact_text(limit)}", f"at most {limit_key}, {exact_text(limit)}")
        fields.add("rule-number-range", fields.place(key), key=key, found=exact_text(value), expected=expected)


def _check_ascending(fields: Fields, node: YamlNode, key: str, before: Formula | None, now: Formula) -> None:
    if before is None:
        return
    low, high = constant(before), constant(now)
    if low is not None and high is not None and high <= low:
        fields.add("curve-order", node.place, key=key, found=shorten(now.text), before=shorten(before.text))


def positive(fields: Fields, key: str, value: Fraction | None) -> Fraction | None:
    """`value` where it is above zero; else None, with an issue at `key` unless it was not given."""
    if value is None or value > 0:
        return value
    fields.add(
        "rule-number-range", fields.place(key), key=key, found=exact_text(value), expected=Text("大于 0", "above 0")
    )
    return None
