"""`payroll:` documents → models."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import get_args

from perf.kernel.figures import exact_text
from perf.kernel.text import Text
from perf.specs.closed_rows import are_closed
from perf.specs.dates import Version, close_versions, dated_values, read_date, read_source, read_versions
from perf.specs.fields import CODE, Fields, code_of
from perf.specs.models import DatedValue
from perf.specs.payroll_models import (
    BonusChoice,
    BonusTax,
    Contribution,
    Employer,
    IncomeTax,
    NotReported,
    Payroll,
    PayrollMethod,
    PayrollVersion,
    SpecialFigures,
    TaxRow,
)
from perf.specs.wording import shorten
from perf.specs.yaml_nodes import YamlNode

_TOP_LEVEL = frozenset({"payroll", "title", "employer", "enabled", "versions"})
_ROW = "{to: 36000, rate: 3%, quick: 0}"
_TAX = f"{{basic: 5000, rows: [{_ROW}, {{rate: 10%, quick: 2520}}]}}"
_CONTRIBUTION = "{title: 养老保险, base: insurance_base, rate: 8%, floor: 4200, cap: 21000}"
_UNITS = ("0.01", "0.1", "1")
_DATED_KEYS = ("rate", "floor", "cap", "fixed", "free_up_to")
_FULL = Fraction(1)


def build_payroll(fields: Fields) -> Payroll | None:
    """A payroll with the versions that could be built; None where code or every version is missing."""
    code = code_of(fields, "payroll")
    title = fields.title(required=False)
    employers: tuple[Employer, ...] = get_args(Employer)
    employer = fields.choice("employer", employers, "institution")
    enabled = fields.yes("enabled", default=True)
    versions = read_versions(fields)
    built = [_version(version) for version in versions]
    close_versions(fields, versions, _TOP_LEVEL)
    whole = tuple(version for version in built if version is not None)
    if not code or not whole:
        return None
    return Payroll(code, title if title.zh else Text(code), employer, enabled, whole, fields.node.place)


def _version(version: Version) -> PayrollVersion | None:
    fields = version.fields
    methods: tuple[PayrollMethod, ...] = get_args(PayrollMethod)
    method = fields.choice("method", methods, "net", required=True)
    tax, has_bonus = _tax(fields, required=method == "net"), fields.has("bonus")
    bonus = _bonus(fields) if has_bonus else None
    contributions, are_whole = _contributions(fields)
    special = fields.sub("special", "special: {measures: [special_deduction]}")
    figures: tuple[SpecialFigures, ...] = get_args(SpecialFigures)
    absent: tuple[NotReported, ...] = get_args(NotReported)
    made = PayrollVersion(
        dated=version.dated,
        method=method,
        tax=tax,
        bonus=bonus,
        contributions=contributions,
        income=fields.names("income"),
        tax_free=fields.names("tax_free"),
        special=special.names("measures") if special else (),
        special_figures=special.choice("figures", figures, "monthly") if special else "monthly",
        special_missing=special.choice("missing", absent, "block") if special else "zero",
        deductible=fields.names("deductible"),
        after_tax=fields.names("after_tax"),
        measures_place=version.dated.place,
    )
    if special:
        special.close()
    is_whole = are_whole and (method == "gross_only" or tax is not None) and (bonus is not None or not has_bonus)
    return made if is_whole else None


def _tax(fields: Fields, *, required: bool) -> IncomeTax | None:
    inner = fields.sub("tax", _TAX, required=required)
    if inner is None:
        return None
    basic = inner.quantity("basic", "yuan", example="5000")
    whole_year = inner.quantity("whole_year", "yuan")
    rows = _rows(inner, "tax", Text("个人所得税税率表", "the income tax table"))
    rounding = inner.rounding()
    inner.close()
    if basic is None or rows is None:
        return None
    return IncomeTax(rows, basic, basic * 12 if whole_year is None else whole_year, rounding)


def _bonus(fields: Fields) -> BonusTax | None:
    inner = fields.sub("bonus", f"bonus: {{lines: [年终奖], rows: [{_ROW}]}}")
    if inner is None:
        return None
    choices: tuple[BonusChoice, ...] = get_args(BonusChoice)
    place = inner.node.place
    lines, choice, choice_by = inner.names("lines"), inner.choice("choice", choices, "alone"), inner.text("choice_by")
    last, source = read_date(inner, "to", is_last=True), read_source(inner)
    rows = _rows(inner, "bonus", Text("全年一次性奖金税率表", "the bonus table"))
    if not lines:
        inner.add("rule-key-missing", place, key="lines", what=Text("bonus"), example="lines: [年终兑现]")
    inner.close()
    if rows is None or not lines:
        return None
    return BonusTax(rows, lines, choice, choice_by, last, source, place)


def _rows(fields: Fields, key: str, name: Text) -> tuple[TaxRow, ...] | None:
    """The rows of a tax table, closed, rising, with quick deductions as stated (and checked) or derived."""
    nodes = fields.rows("rows", f"[{_ROW}, {{rate: 10%, quick: 2520}}]", required=True)
    read: list[tuple[TaxRow, Fraction | None]] = []
    for node in nodes:
        mapped = fields.as_mapped(node, "rows", _ROW)
        if mapped is None:
            return None
        before = read[-1][0].to if read else Fraction(0)
        row = _row(fields.inside(mapped, Text(key)), before or Fraction(0))
        if row is None:
            return None
        read.append(row)
    if not read or not are_closed(fields, [row for row, _ in read], name, exact_text):
        return None
    return _with_quick(fields, read, name)


def _row(inner: Fields, before: Fraction) -> tuple[TaxRow, Fraction | None] | None:
    over = inner.quantity("over", "yuan", before)
    to = inner.quantity("to", "yuan")
    rate, quick = inner.number("rate", example="3%"), inner.quantity("quick", "yuan")
    is_legible = not inner.has("to") or to is not None
    inner.close()
    if rate is None or over is None or not is_legible or not _is_share(inner, "rate", rate):
        return None
    return TaxRow(over, to, rate, Fraction(0), inner.node.place), quick


def _is_share(fields: Fields, key: str, rate: Fraction) -> bool:
    if 0 <= rate < _FULL:
        return True
    expected = Text("不小于 0、小于 100%", "from 0 to below 100%")
    fields.add("rule-number-range", fields.place(key), key=key, found=exact_text(rate), expected=expected)
    return False


def _with_quick(fields: Fields, read: list[tuple[TaxRow, Fraction | None]], name: Text) -> tuple[TaxRow, ...] | None:
    """速算扣除数 of a row = that of the row before + its lower limit × the rise of the rate."""
    rows: list[TaxRow] = []
    clean, rate, quick = True, Fraction(0), Fraction(0)
    for row, stated in read:
        if rows and row.rate <= rate:
            values = {"before": _percent(rate), "found": _percent(row.rate)}
            fields.add("tax-rate-falls", row.place, name=name, **values)
            clean = False
        quick += row.over * (row.rate - rate) if rows else 0
        rate = row.rate
        if stated is not None and stated != quick:
            values = {"rate": _percent(rate), "found": exact_text(stated), "expected": exact_text(quick)}
            fields.add("tax-quick-differs", row.place, name=name, **values)
            clean = False
        rows.append(TaxRow(row.over, row.to, row.rate, quick, row.place))
    return tuple(rows) if clean else None


def _percent(ratio: Fraction) -> str:
    return f"{exact_text(ratio * 100)}%"


def _contributions(fields: Fields) -> tuple[tuple[Contribution, ...], bool]:
    """The contributions in the order of the file, and whether each could be read."""
    found: list[Contribution] = []
    pairs = fields.pairs("contributions")
    for name, place, node in pairs:
        mapped = fields.as_mapped(node, name, f"{name}: {_CONTRIBUTION}")
        if not CODE.fullmatch(name):
            fields.add("rule-code-invalid", place, found=shorten(name))
        elif mapped is not None:
            one = _contribution(fields.inside(mapped, Text(name)), name)
            found += [] if one is None else [one]
    return tuple(found), len(found) == len(pairs)


def _contribution(inner: Fields, code: str) -> Contribution | None:
    title = inner.title(required=False)
    dated = {key: _dated(inner, key) for key in _DATED_KEYS}
    base = inner.text("base", example="insurance_base") if inner.has("rate") else inner.text("base")
    unit = Fraction(inner.choice("unit", _UNITS, "0.01"))
    rounding, only, source = inner.rounding(), _only(inner), read_source(inner)
    if not dated["rate"] and not dated["fixed"]:
        inner.add("rule-key-missing", inner.node.place, key="rate", what=Text(code), example="rate: 8%")
    clean = _are_sound(inner, dated)
    inner.close()
    if not clean or (dated["rate"] and not base) or not (dated["rate"] or dated["fixed"]):
        return None
    return Contribution(
        code=code,
        title=title if title.zh else Text(code),
        base=base,
        **dated,
        unit=unit,
        rounding=rounding,
        only=only,
        source=source,
        place=inner.node.place,
    )


def _dated(inner: Fields, key: str) -> tuple[DatedValue, ...]:
    node: YamlNode | None = inner.get(key)
    return () if node is None else dated_values(inner, key, node)


def _are_sound(inner: Fields, dated: Mapping[str, tuple[DatedValue, ...]]) -> bool:
    """Rates are shares, amounts not below zero, no floor above a cap of the same days."""
    clean = all(_is_share(inner, "rate", one.value) for one in dated["rate"])
    for key in ("floor", "cap", "fixed", "free_up_to"):
        for one in dated[key]:
            if one.value < 0:
                expected = Text("不小于 0", "not below 0")
                inner.add(
                    "rule-number-range", inner.place(key), key=key, found=exact_text(one.value), expected=expected
                )
                clean = False
    for low in dated["floor"]:
        for high in dated["cap"]:
            if low.value > high.value and _meet(low, high):
                values = {"floor": exact_text(low.value), "cap": exact_text(high.value)}
                inner.add("contribution-bounds", inner.place("floor"), what=inner.what, **values)
                clean = False
    return clean


def _meet(one: DatedValue, other: DatedValue) -> bool:
    """Whether there is a day on which both count."""
    pairs = ((one.first_day, other.last_day), (other.first_day, one.last_day))
    return all(first is None or last is None or first <= last for first, last in pairs)


def _only(inner: Fields) -> Mapping[str, tuple[str, ...]]:
    """`only: {establishment: in}`: attribute -> values of those who pay it."""
    sub = inner.sub("only", "only: {establishment: in}")
    found: dict[str, tuple[str, ...]] = {}
    for name in sub.node.entries if sub else ():
        if sub is not None:
            found[name] = sub.names(name)
    return MappingProxyType(found)
