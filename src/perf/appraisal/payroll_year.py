"""The year of a person with one employer, up to a payment: record brought along, what was taken since, basic deduction."""

from collections.abc import Mapping
from dataclasses import dataclass

from perf.appraisal.payroll_models import Opening, PayrollInputs
from perf.appraisal.payroll_words import yuan
from perf.distribution.withholding import Basis, YearFigures, basic_deduction
from perf.kernel.money import ZERO, Money, total
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.specs.payroll_models import IncomeTax


@dataclass(frozen=True, slots=True)
class YearSoFar:
    """What is known before a payment.

    Attributes:
        months: In which the person worked for the employer, up to the month of payment.
        figures: Of the year, without this payment; special deductions are looked up anew each time.
        basic: 累计减除费用 by the end of the month of payment.
        had_bonus: A bonus was taxed alone in this year.
        items_of_month: What earlier payments of this month paid or took, by code.
    """

    opening: Opening | None
    months: tuple[Period, ...]
    figures: YearFigures
    basic: Money
    basic_words: Text
    had_bonus: bool
    items_of_month: Mapping[str, Money]


def year_so_far(
    inputs: PayrollInputs, tax: IncomeTax, person: str, employer: str, months: tuple[Period, ...]
) -> YearSoFar:
    """The year of `person` with `employer` before this payment."""
    opening = inputs.openings.get((person, employer))
    own = [one for one in inputs.taken if one.person == person and one.employer == employer]
    start = opening.figures if opening is not None else YearFigures()
    figures = YearFigures(
        income=start.income + total(one.income for one in own),
        tax_free=start.tax_free + total(one.tax_free for one in own),
        contributions=start.contributions + total(one.contributions for one in own),
        special=start.special,
        other=start.other + total(one.other for one in own),
        relief=start.relief,
        withheld=start.withheld + total(one.tax for one in own),
    )
    items: dict[str, Money] = {}
    for one in own:
        for code, amount in one.items.items() if one.pay_month == inputs.pay_month else ():
            items[code] = items.get(code, ZERO) + amount
    through = opening.through if opening is not None else 0
    employed = (opening.months if opening is not None else 0) + sum(1 for month in months if month.number > through)
    basis: Basis = opening.basis if opening is not None else "standard"
    basic = basic_deduction(tax, basis, employed=employed, month=inputs.pay_month.number)
    return YearSoFar(
        opening,
        months,
        figures,
        basic,
        _words(tax, basis, employed, inputs.pay_month.number),
        any(one.bonus for one in own),
        items,
    )


def _words(tax: IncomeTax, basis: Basis, employed: int, month: int) -> Text:
    if basis == "whole_year":
        return Text("全年一次减除(2020年第19号公告)", "of the whole year at once (2020 No. 19)")
    each = yuan(tax.basic)
    if basis == "first_job":
        return Text(f"{each} × {month} 个月(首次就业,从 1 月起)", f"{each} × {month} months (first job: from January)")
    return Text(f"{each} × 任职 {employed} 个月", f"{each} × {employed} months employed")
