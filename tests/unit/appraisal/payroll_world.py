"""A small house to pay: rule text, people, figures; one call gives the payroll."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from perf.appraisal.payroll import run_payroll
from perf.appraisal.payroll_models import Opening, PayrollInputs, PayrollResult, PersonPayroll, Taken
from perf.distribution.withholding import YearFigures
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.money import Money, parse_yuan
from perf.kernel.periods import Period, parse_period
from perf.kernel.subjects import Roster, Segment
from perf.specs.book import load_book
from perf.specs.models import RuleBook

MEASURES = "".join(
    f"measure: {code}\ntitle: {{zh: {title}, en: {code}}}\nunit: yuan\nlevel: person\nsupplied_by: 财务科\n---\n"
    for code, title in (
        ("base_pay", "基本工资"),
        ("insurance_base", "缴费基数"),
        ("special", "专项附加扣除"),
        ("free", "免税收入"),
        ("other", "其他扣除"),
        ("dues", "会费"),
    )
)
TABLE = (
    "[{to: 36000, rate: 3%}, {to: 144000, rate: 10%}, {to: 300000, rate: 20%}, {to: 420000, rate: 25%},"
    " {to: 660000, rate: 30%}, {to: 960000, rate: 35%}, {rate: 45%}]"
)
BONUS_TABLE = (
    "[{to: 3000, rate: 3%}, {to: 12000, rate: 10%}, {to: 25000, rate: 20%}, {to: 35000, rate: 25%},"
    " {to: 55000, rate: 30%}, {to: 80000, rate: 35%}, {rate: 45%}]"
)
HEAD = "payroll: withholding\ntitle: {zh: 代扣, en: Withholding}\nsource: {document: 甲文, clause: 一}\n"
NET = f"{HEAD}method: net\ntax: {{basic: 5000, rows: {TABLE}}}\n"
BONUS = f"bonus: {{to: 2027-12-31, lines: [年终], choice_by: bonus_choice, rows: {BONUS_TABLE}}}\n"
PENSION = "contributions: {pension: {title: 养老, base: insurance_base, rate: 8%, floor: 4200, cap: 21000}}\n"


def book(text: str = NET) -> RuleBook:
    """The rules, which must be sound."""
    made, issues = load_book({"r.yaml": MEASURES + text})
    assert [issue.render() for issue in issues] == []
    return made


def month(text: str) -> Period:
    """`2025-06`."""
    return parse_period(text)


def yuan(text: str) -> Money:
    """`36000.01` yuan."""
    return parse_yuan(text)


def figures(**of: str) -> YearFigures:
    """Figures of a year, in yuan."""
    return YearFigures(**{name: yuan(text) for name, text in of.items()})


def opening(through: int, months: int | None = None, *, who: str = "p1", basis: str = "standard", **of: str) -> Opening:
    """A tax record of 2025 with the house H."""
    counted = through if months is None else months
    return Opening(who, "H", 2025, through, counted, basis, figures(**of))  # type: ignore[arg-type]


def person(
    who: str = "p1", house: str = "H", since: str = "2020-01-01", until: str = "9999-12-31", **more: str
) -> Segment:
    """Somebody in a house."""
    days = date.fromisoformat(since), date.fromisoformat(until)
    return Segment(who, "person", "doctor", house, *days, attributes={"name": f"甲{who}", **more})


HOUSES = (
    Segment("G1", "consortium", "", ""),
    Segment("H", "institution", "hospital", "G1", attributes={"name": "县医院"}),
    Segment("K", "institution", "hospital", "G1", attributes={"name": "卫生院"}),
)


def payroll(
    pay: Mapping[str, Mapping[str, str]] | str,
    *,
    rule: str = NET,
    pay_month: str = "2025-01",
    people: tuple[Segment, ...] = (person(),),
    facts: Mapping[tuple[str, str, str], str] | None = None,
    openings: tuple[Opening, ...] = (),
    taken: tuple[Taken, ...] = (),
    covered: tuple[str, ...] = (),
    name: str = "",
) -> PayrollResult:
    """The payroll of `pay`: person -> line -> yuan, or the pay of p1; `facts`: (who, measure, period) -> yuan."""
    made = book(rule)
    when = month(pay_month)
    code = made.payrolls["withholding"]
    version = code.version(when)
    assert version is not None
    lines = {"p1": {"绩效": pay}} if isinstance(pay, str) else pay
    known = [Fact(FactKey(who, m, month(p)), Fraction(text)) for (who, m, p), text in (facts or {}).items()]
    return run_payroll(
        PayrollInputs(
            book=made,
            rule=code,
            version=version,
            consortium="G1",
            pay_month=when,
            roster=Roster([*HOUSES, *people]),
            facts=Facts(known),
            paid={who: {line: yuan(text) for line, text in own.items()} for who, own in lines.items()},
            openings={(one.person, one.employer): one for one in openings},
            taken=taken,
            covered=frozenset(map(month, covered)),
            name=name or pay_month,
        )
    )


def only(result: PayrollResult) -> PersonPayroll:
    """The one person of a payroll."""
    [found] = result.people
    return found


def codes(result: PayrollResult) -> list[str]:
    """The codes of its issues."""
    return [issue.code for issue in result.issues]
