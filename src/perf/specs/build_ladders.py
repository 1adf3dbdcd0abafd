"""`ladders:` of distributions and the step `ladder` → models."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import get_args

from perf.formulas.functions import RESERVED_CALLS, function_of
from perf.kernel.figures import exact_text
from perf.kernel.issues import Place
from perf.kernel.text import Text
from perf.specs.curve_models import NamedCurve
from perf.specs.fields import CODE, Fields
from perf.specs.ladder_models import Counted, Ladder, LadderRow, LadderRows
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Mapped, Scalar, YamlNode

_ROW = "{from: 60, gives: 100%, less: 3%, below: 80}"
_EXAMPLE = "{title: 返还比例, rows: [{from: 80, gives: 100%}, {from: 0, gives: 0%}]}"
_PRO_RATA = "pro_rata"
_ZERO, _ONE = Fraction(0), Fraction(1)


def read_ladders(fields: Fields) -> Mapping[str, NamedCurve]:
    """`ladders: {returned: {title, points, rows: [{from: 80, gives: 100%}, …]}}`: called like curves of a score."""
    found: dict[str, NamedCurve] = {}
    for name, place, node in fields.pairs("ladders"):
        mapped = fields.as_mapped(node, name, f"{name}: {_EXAMPLE}")
        if not CODE.fullmatch(name):
            fields.add("rule-code-invalid", place, found=shorten(name))
        elif (taken := _taken(fields, name)) is not None:
            fields.add("curve-name-taken", place, found=name, by=taken)
        elif mapped is not None:
            inner = fields.inside(mapped, Text(name))
            title = inner.title(required=False)
            rows = _rows(inner)
            inner.close()
            found |= {} if rows is None else {name: NamedCurve(rows, "points", "percent", title)}
    return MappingProxyType(found)


def build_ladder(fields: Fields, place: Place, title: Text) -> Ladder | None:
    """`ladder: {line, of: score, amount: quality_reserve, points, rows, reward_payer, forfeited: {to: ACCOUNT}}`."""
    line = fields.text("line", title.zh)
    of, amount = fields.formula("of", example="score"), fields.formula("amount", example="quality_reserve")
    rows = _rows(fields)
    payer, forfeited = fields.text("reward_payer"), account_under(fields, "forfeited")
    if of is None or amount is None or rows is None:
        return None
    return Ladder(line, of, amount, rows, payer, forfeited, place)


def account_under(fields: Fields, key: str) -> str:
    """The account of `key: {to: ACCOUNT}`; empty where nothing is said."""
    inner = fields.sub(key, f"{key}: {{to: reserve}}")
    if inner is None:
        return ""
    to = inner.text("to", example="reserve")
    inner.close()
    return to


def _taken(fields: Fields, name: str) -> Text | None:
    """What else a name before a bracket would mean; None: nothing."""
    if function_of(name) is not None:
        return Text("函数", "a function")
    if name in RESERVED_CALLS:
        return Text("公式的关键字", "a word of formulas")
    for key, what in (("tables", Text("表", "a table")), ("curves", Text("曲线", "a curve"))):
        node = fields.node.entries.get(key)
        if isinstance(node, Mapped) and name in node.entries:
            return what
    return None


def _rows(fields: Fields) -> LadderRows | None:
    points: Counted = fields.choice("points", get_args(Counted), "exact")
    nodes = fields.rows("rows", _ROW, required=True)
    read = [(row, node.place) for node in nodes if (row := _row(fields, node))]
    if not read or len(read) < len(nodes) or not _are_closed(fields, read):
        return None
    return LadderRows(tuple(row for row, _ in read), points)


def _row(fields: Fields, node: YamlNode) -> LadderRow | None:
    mapped = fields.as_mapped(node, "rows", _ROW)
    if mapped is None:
        return None
    inner = fields.inside(mapped, Text("rows"))
    start = inner.number("from", example="60")
    gives, full = _gives(inner)
    less, below = _share(inner, "less"), inner.number("below", _ZERO)
    reward, say = _share(inner, "reward"), inner.text("say")
    inner.close()
    if start is None or full is None or below is None:
        return None
    if inner.has("less") != inner.has("below") or (inner.has("below") and below <= start):
        fields.add("ladder-less", mapped.place, start=exact_text(start))
        return None
    return LadderRow(start, gives, full, less, below, reward, say)


def _gives(fields: Fields) -> tuple[Fraction | None, Fraction | None]:
    """`gives: 80%`, or `gives: pro_rata` with the score `of` that stands for 100%; no score where it is not legible."""
    node = fields.get("gives", example="100%")
    if isinstance(node, Scalar) and node.text == _PRO_RATA:
        full = fields.number("of", example="95")
        if full is not None and full <= 0:
            expected = Text("大于 0", "above 0")
            fields.add("rule-number-range", fields.place("of"), key="of", found=exact_text(full), expected=expected)
            return None, None
        return None, full
    value = None if node is None else fields.as_quantity(node, "gives", "percent")
    if value is None:
        return None, None
    return _within(fields, "gives", value), _ONE


def _share(fields: Fields, key: str) -> Fraction:
    value = fields.quantity(key, "percent", _ZERO) if fields.has(key) else _ZERO
    return _within(fields, key, value or _ZERO)


def _within(fields: Fields, key: str, value: Fraction) -> Fraction:
    if value < 0 or (key == "gives" and value > 1):
        expected = Text("0% 到 100%", "from 0% to 100%") if key == "gives" else Text("不小于 0%", "at least 0%")
        found = f"{exact_text(value * 100)}%"
        fields.add("rule-number-range", fields.place(key), key=key, found=found, expected=expected)
    return value


def _are_closed(fields: Fields, read: list[tuple[LadderRow, Place]]) -> bool:
    """Whether every score from 0 on stands in exactly one row; what is out of order or missing is an issue."""
    clean = True
    for (row, _), (later, place) in pairwise(read):
        if later.start >= row.start:
            fields.add("ladder-order", place, above=exact_text(row.start), found=exact_text(later.start))
            clean = False
    last, place = read[-1]
    if last.start != 0:
        fields.add("ladder-end", place, found=exact_text(last.start))
        clean = False
    return clean
