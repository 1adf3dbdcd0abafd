"""`measure:`, `list:`, `attributes:` and `accounts:` documents → models."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple, get_args

from perf.formulas.units import UNITS
from perf.kernel.periods import PeriodKind
from perf.kernel.subjects import LEVELS
from perf.kernel.text import Text
from perf.specs.dates import dated_values
from perf.specs.fields import CODE, Fields, code_of
from perf.specs.formula_vocabulary import FORMULA_WORDS
from perf.specs.models import Account, AccountKind, Answers, Digits, ItemList, ListItem, Measure, Revenue, RollUp
from perf.specs.quantities import usual_digits
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import Mapped

PERIOD_KINDS: tuple[PeriodKind, ...] = get_args(PeriodKind)
UNIT_CODES = tuple(UNITS)
_ROLL_UPS: tuple[RollUp, ...] = get_args(RollUp)
_REVENUES: tuple[Revenue, ...] = get_args(Revenue)
_ANSWERS: tuple[Answers, ...] = get_args(Answers)
_ACCOUNT_KINDS: tuple[AccountKind, ...] = get_args(AccountKind)


def build_measure(fields: Fields) -> Measure | None:
    """A measure; None where its code is missing."""
    code = code_of(fields, "measure")
    unit = fields.choice("unit", UNIT_CODES, "number")
    bounds = fields.sub("range", "range: {min: 0}")
    digits: Digits | None = usual_digits(unit)
    measure = Measure(
        code=code,
        title=fields.title(),
        answers=fields.choice("answers", _ANSWERS, "number"),
        unit=unit,
        digits=fields.digits("digits", "exact" if digits is None else digits),
        level=fields.choice("level", LEVELS, "institution", required=True),
        roll_up=fields.choice("roll_up", _ROLL_UPS, "none"),
        period=fields.choice("period", PERIOD_KINDS, "month"),
        spread="even" if fields.choice("spread", ("same", "even"), "same") == "even" else "same",
        partial=fields.yes("partial", default=False),
        minimum=_bound(bounds, "min", unit) if bounds else None,
        maximum=_bound(bounds, "max", unit) if bounds else None,
        supplied_by=fields.text("supplied_by"),
        revenue=fields.choice("revenue", _REVENUES, "none"),
        counter_to=fields.names("counter_to"),
        values=fields.names("values"),
        synonyms=fields.names("synonyms"),
        place=fields.node.place,
    )
    if bounds:
        bounds.close()
        if measure.minimum is not None and measure.maximum is not None and measure.minimum > measure.maximum:
            found, expected = (
                bounds.text("min"),
                Text(f"不大于 max 的 {bounds.text('max')}", f"at most max, {bounds.text('max')}"),
            )
            fields.add("rule-number-range", bounds.place("min"), key="min", found=found, expected=expected)
    fields.close()
    return measure if code else None


def _bound(bounds: Fields, key: str, unit: str) -> Fraction | None:
    """A bound as facts are written: 120万元 of a measure in 万元 is 120, 85% is 85/100."""
    value = bounds.quantity(key, unit)
    return value / UNITS[unit].scale if value is not None and UNITS[unit].scale > 1 else value


def build_list(fields: Fields) -> ItemList | None:
    """A dated list: items with attributes, each a number or dated numbers."""
    code = code_of(fields, "list")
    title = fields.title()
    items: dict[str, ListItem] = {}
    for name, _, node in fields.pairs("items"):
        mapped = fields.as_mapped(node, name, f"{name}: {{title: 阑尾切除, price: 1200}}")
        if mapped is None:
            continue
        inner = fields.inside(mapped, Text(name))
        item_title = inner.title()
        attributes = {key: dated_values(inner, key, child) for key, child in mapped.entries.items() if key != "title"}
        items[name] = ListItem(name, item_title, MappingProxyType(attributes))
    named = fields.sub("titles", "titles: {price: 单价}")
    titles = {name: named.title(name) for name in named.node.entries} if named is not None else {}
    fields.close()
    if not code:
        return None
    return ItemList(code, title, MappingProxyType(items), fields.node.place, MappingProxyType(titles))


class Attributes(NamedTuple):
    """What subjects may carry: titles by code, and titles of declared values by code and value."""

    titles: dict[str, Text]
    values: dict[str, Mapping[str, Text]]


def build_attributes(fields: Fields) -> Attributes:
    """`attributes: {post_coefficient: 岗位系数, pay_group: {title: 分配系列, values: {office: 行政后勤系列}}}`."""
    found = Attributes({}, {})
    inner = fields.sub("attributes", "attributes: {post_coefficient: 岗位系数}")
    for name, place in inner.node.keys.items() if inner else ():
        if inner is None or not CODE.fullmatch(name):
            fields.add("rule-code-invalid", place, found=shorten(name))
            continue
        if name in FORMULA_WORDS:
            fields.add("attribute-is-a-word", place, found=name)
        node = inner.node.entries[name]
        if isinstance(node, Mapped) and "title" in node.entries:
            declared = fields.inside(node, Text(f"属性 {name}", f"attribute {name}"))
            found.titles[name] = declared.title()
            words = declared.sub("values", "values: {physician: 医师系列}")
            if words is not None:
                found.values[name] = MappingProxyType({value: words.title(value) for value in words.node.entries})
            declared.close()
        else:
            found.titles[name] = inner.title(name)
    fields.close()
    return found


def build_accounts(fields: Fields) -> dict[str, Account]:
    """`accounts: {pool: {of: institution, kind: fund}}`."""
    found: dict[str, Account] = {}
    for name, place, node in fields.pairs("accounts"):
        if not CODE.fullmatch(name):
            fields.add("rule-code-invalid", place, found=shorten(name))
            continue
        mapped = fields.as_mapped(node, name, f"{name}: {{of: institution, kind: fund}}")
        if mapped is None:
            continue
        inner = fields.inside(mapped, Text(f"账户 {name}", f"account {name}"))
        level = inner.choice("of", LEVELS, "institution", required=True)
        kind = inner.choice("kind", _ACCOUNT_KINDS, "fund", required=True)
        title = inner.title(required=False)
        inner.close()
        found[name] = Account(name, level, kind, title if title.zh else Text(name), place)
    fields.close()
    return found
