"""Cumulative withholding of income tax (累计预扣法): what a payment adds to the year, and what is withheld from it.

Source: 国家税务总局公告2018年第61号; 2020年第13号 (first job of the year); 2020年第19号 (60,000 from January).
"""

from dataclasses import dataclass, replace
from typing import Literal

from perf.distribution.tax_tables import tax_on
from perf.kernel.money import ZERO, Money, money_from_yuan
from perf.specs.payroll_models import IncomeTax, TaxRow

Basis = Literal["standard", "first_job", "whole_year"]
"""`standard`: a month's deduction for each month with this employer · `first_job`: for each month of the year so far ·
`whole_year`: the deduction of the whole year at once."""


@dataclass(frozen=True, slots=True)
class YearFigures:
    """What a person was paid and what was taken in a year, with one employer, up to some point. All amounts of the year.

    Attributes:
        income: 累计收入, free income included; `tax_free`: 累计免税收入.
        contributions: 累计专项扣除, the part that is free of tax; `special`: 累计专项附加扣除; `other`: 累计其他扣除.
        relief: 累计减免税额; `withheld`: 累计已预扣预缴税额.
    """

    income: Money = ZERO
    tax_free: Money = ZERO
    contributions: Money = ZERO
    special: Money = ZERO
    other: Money = ZERO
    relief: Money = ZERO
    withheld: Money = ZERO


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is withheld from one payment, with all that it takes to redo it.

    Attributes:
        year: The figures of the year with this payment, `withheld` included.
        basic: 累计减除费用. `taxable`: 累计预扣预缴应纳税所得额; at or below zero nothing is due.
        row: The row of the table. `due`: tax on `taxable`.
        before: Withheld before this payment. `tax`: withheld now, never negative.
        over: What was withheld beyond what is due by now; it is not paid back but counts in later months.
    """

    year: YearFigures
    basic: Money
    taxable: Money
    row: TaxRow
    due: Money
    before: Money
    tax: Money
    over: Money


def basic_deduction(tax: IncomeTax, basis: Basis, *, employed: int, month: int) -> Money:
    """累计减除费用 by the end of a month.

    Args:
        employed: Months of the year with this employer so far, this one included.
        month: Number of the month in the year, 1 to 12.
    """
    if basis == "whole_year":
        return money_from_yuan(tax.whole_year)
    return money_from_yuan(tax.basic * (month if basis == "first_job" else employed))


def withhold(tax: IncomeTax, year: YearFigures, basic: Money) -> Withheld:
    """The tax to be withheld now.

    Args:
        year: The year with this payment in it; `withheld` is what was withheld before it.
        basic: 累计减除费用, of `basic_deduction`.
    Returns:
        Tax due on the cumulative amount less relief and what was withheld; nothing where that is below zero.
    """
    taxable = year.income - year.tax_free - basic - year.contributions - year.special - year.other
    due, row = tax_on(tax.rows, taxable, tax.rounding)
    open_now = due - year.relief - year.withheld
    now = max(open_now, ZERO)
    after = replace(year, withheld=year.withheld + now)
    return Withheld(after, basic, taxable, row, due, year.withheld, now, max(-open_now, ZERO))
