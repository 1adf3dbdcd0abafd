"""The cases of payrolls: one person's payment in a year → contributions, tax, net."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from perf.kernel.issues import Place
from perf.kernel.periods import Period
from perf.specs.fields import Fields, close_match
from perf.specs.models import Payroll, RuleBook
from perf.specs.yaml_nodes import YamlNode

_EXAMPLE = "given: {pay: {绩效工资: 30000}, contributions: 4500, special: 6000}"
BEFORE = ("income", "tax_free", "contributions", "special", "other", "relief", "withheld", "bonus")
OUTRIGHT = ("contributions", "special")
EXPECTED = ("gross", "deductions", "basic", "taxable", "tax", "bonus_tax", "net")
_BASES = ("standard", "first_job", "whole_year")


@dataclass(frozen=True, slots=True)
class PayrollCase:
    """A payment of one person.

    Attributes:
        months: With this employer in the year, the month of payment included; None: all from January on.
        basis: How the basic deduction counts. `attributes`: of the person.
        before: Figures of the year before this payment, yuan. `bonus`: a bonus taxed alone already.
        pay: Line -> yuan. `figures`: measure -> yuan. `outright`: `contributions` of this payment and `special` of the
            year so far, where they are given as amounts.
        expect: Figure or contribution -> yuan. `expect_issue`: an issue that must come; empty: none that stops.
    """

    rule: str
    title: str
    period: Period
    months: int | None
    basis: str
    attributes: Mapping[str, str]
    before: Mapping[str, Fraction]
    pay: Mapping[str, Fraction]
    figures: Mapping[str, Fraction]
    outright: Mapping[str, Fraction]
    expect: Mapping[str, Fraction]
    expect_issue: str
    place: Place


def payroll_case(fields: Fields, book: RuleBook, rule: Payroll, title: str, period: Period) -> PayrollCase:
    """One case as it is written; what is not legible is an issue."""
    given = fields.sub("given", _EXAMPLE, required=True)
    pay: dict[str, Fraction] = {}
    figures: dict[str, Fraction] = {}
    outright: dict[str, Fraction] = {}
    for key, place, node in given.pairs_of() if given else []:
        if given is None or key == "pay":
            continue
        into = outright if key in OUTRIGHT else figures
        if key not in OUTRIGHT and key not in book.measures:
            hint = close_match(key, [*book.measures, *OUTRIGHT, "pay"])
            given.add("case-unknown-name", place, found=key, hint=hint)
            continue
        _put(given, into, key, node)
    for line, _, node in given.pairs("pay") if given else []:
        _put(given or fields, pay, line, node)
    expect, refused = _expected(fields, rule)
    return PayrollCase(
        rule=rule.code,
        title=title,
        period=period,
        months=fields.count("months", 1) if fields.has("months") else None,
        basis=fields.choice("basis", _BASES, "standard"),
        attributes=MappingProxyType({name: _text(node) for name, _, node in fields.pairs("attributes")}),
        before=MappingProxyType(_known(fields, "before", BEFORE)),
        pay=MappingProxyType(pay),
        figures=MappingProxyType(figures),
        outright=MappingProxyType(outright),
        expect=MappingProxyType(expect),
        expect_issue=refused,
        place=fields.node.place,
    )


def _expected(fields: Fields, rule: Payroll) -> tuple[dict[str, Fraction], str]:
    inner = fields.sub("expect", "expect: {tax: 1850}", required=True)
    if inner is None:
        return {}, ""
    own = [one.code for version in rule.versions for one in version.contributions]
    refused = inner.text("issue")
    found: dict[str, Fraction] = {}
    for key, place, node in inner.pairs_of():
        if key in (*EXPECTED, *own):
            _put(inner, found, key, node)
        elif key != "issue":
            inner.add("case-unknown-name", place, found=key, hint=close_match(key, [*EXPECTED, *own, "issue"]))
    if not inner.node.entries:
        inner.add("case-expects-nothing", inner.node.place)
    return found, refused


def _known(fields: Fields, key: str, names: tuple[str, ...]) -> dict[str, Fraction]:
    inner = fields.sub(key, f"{key}: {{income: 60000}}")
    found: dict[str, Fraction] = {}
    for name in names if inner else ():
        value = inner.quantity(name, "yuan") if inner else None
        found |= {} if value is None else {name: value}
    if inner:
        inner.close()
    return found


def _put(fields: Fields, into: dict[str, Fraction], key: str, node: YamlNode) -> None:
    value = fields.as_quantity(node, key, "yuan")
    if value is not None:
        into[key] = value


def _text(node: YamlNode) -> str:
    return getattr(node, "text", "")
