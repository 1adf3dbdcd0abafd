"""Running the cases of payrolls: one person in a small world, paid by the engine itself."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import cast

from perf.appraisal.payroll import run_payroll
from perf.appraisal.payroll_models import Opening, PayrollInputs, PersonPayroll, Taken
from perf.distribution.withholding import Basis, YearFigures
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.figures import exact_text
from perf.kernel.money import ZERO, Money, money_from_yuan
from perf.kernel.periods import Period
from perf.kernel.rounding import Rounding
from perf.kernel.subjects import Roster, Segment
from perf.kernel.text import Text
from perf.specs.dated_models import DatedValue
from perf.specs.models import RuleBook
from perf.specs.payroll_cases import PayrollCase
from perf.specs.payroll_models import Contribution, PayrollVersion

_PERSON, _HOUSE, _CONSORTIUM = "1", "H", "C"


def payroll_differences(book: RuleBook, case: PayrollCase) -> Iterator[Text]:
    """Where the payroll gives something else than the case expects."""
    version = book.payrolls[case.rule].version(case.period)
    if version is None:
        yield Text("代扣规则在该期间没有有效版本", "the payroll has no version in force")
        return
    result = run_payroll(_inputs(book, case, version))
    codes = [issue.code for issue in result.issues]
    if case.expect_issue and case.expect_issue not in codes:
        yield Text(f"应有问题 {case.expect_issue},得到 {codes}", f"expected {case.expect_issue}, got {codes}")
    stopping = [issue for issue in result.issues if issue.is_error and issue.code != case.expect_issue]
    for issue in stopping:
        yield Text(f"{issue.code}:{issue.found.zh}", f"{issue.code}: {issue.found.in_lang('en')}")
    if not result.people:
        yield Text("没有要发放的人", "nobody to pay")
        return
    found = _figures(result.people[0])
    for name, expected in case.expect.items():
        amount = found.get(name, ZERO)
        if amount.yuan != expected:
            yield Text(
                f"{name}:应为 {exact_text(expected)},得到 {amount.text(grouped=False)}",
                f"{name}: expected {exact_text(expected)}, found {amount.text(grouped=False)}",
            )


def _inputs(book: RuleBook, case: PayrollCase, version: PayrollVersion) -> PayrollInputs:
    month = case.period
    employed = month.number if case.months is None else min(case.months, month.number)
    since = month.shift(1 - employed)
    version = _as_given(version, case)
    rule = replace(book.payrolls[case.rule], employer="institution")
    figures = {name: _money(case.before.get(name)) for name in YearFigures.__dataclass_fields__}
    if "special" in case.outright:
        figures["special"] = _money(case.outright["special"])
    opening = Opening(
        person=_PERSON,
        employer=_HOUSE,
        year=month.year,
        through=month.number - 1,
        months=employed - 1,
        basis=cast("Basis", case.basis),
        figures=YearFigures(**figures),
    )
    bonus = _money(case.before.get("bonus"))
    taken = (Taken("", _PERSON, _HOUSE, month, bonus=bonus),) if bonus else ()
    roster = Roster(
        [
            Segment(_CONSORTIUM, "consortium", "", ""),
            Segment(_HOUSE, "institution", "", _CONSORTIUM),
            Segment(_PERSON, "person", "", _HOUSE, since.first_day, attributes=MappingProxyType(dict(case.attributes))),
        ]
    )
    return PayrollInputs(
        book=book,
        rule=rule,
        version=version,
        consortium=_CONSORTIUM,
        pay_month=month,
        roster=roster,
        facts=Facts(_facts(case, version, month)),
        paid={_PERSON: {line: money_from_yuan(amount) for line, amount in case.pay.items()}},
        openings={(_PERSON, _HOUSE): opening},
        taken=taken,
        name=str(month),
    )


def _facts(case: PayrollCase, version: PayrollVersion, month: Period) -> Iterator[Fact]:
    """The figures given; other income beside the ledger is none unless the case states it."""
    figures = {**dict.fromkeys(version.income, Fraction(0)), **case.figures}
    for measure, amount in figures.items():
        yield Fact(FactKey(_PERSON, measure, month), amount)


def _as_given(version: PayrollVersion, case: PayrollCase) -> PayrollVersion:
    """The rule with what the case states outright in place of what it would look up."""
    if "contributions" in case.outright:
        stated = DatedValue(None, None, case.outright["contributions"], "")
        fixed = Contribution(
            code="contributions",
            title=Text("五险一金", "contributions"),
            base="",
            rate=(),
            floor=(),
            cap=(),
            fixed=(stated,),
            free_up_to=(),
            unit=Fraction(1, 100),
            rounding=Rounding.HALF_AWAY,
            only=MappingProxyType({}),
            source=None,
            place=case.place,
        )
        version = replace(version, contributions=(fixed,))
    return replace(version, special=()) if "special" in case.outright else version


def _figures(person: PersonPayroll) -> dict[str, Money]:
    """Everything a case may ask for, by name."""
    found = {line.code: abs(line.amount.fen) for line in person.lines if line.kind in ("contribution", "after_tax")}
    found |= {line.kind: -line.amount.fen for line in person.lines if line.kind in ("tax", "bonus_tax")}
    found |= {"gross": person.gross.fen, "deductions": person.deductions.fen}
    found |= {"net": person.net.fen if person.net is not None else 0}
    found |= {"basic": person.basic.fen, "taxable": person.taxable.fen}
    return {name: Money(fen) for name, fen in found.items()}


def _money(yuan: Fraction | None) -> Money:
    return ZERO if yuan is None else money_from_yuan(yuan)
