"""What the payroll of July 2025 needs: pay besides, bases, special deductions, and the tax records of January to June."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from perf.excel.headers import header_of
from perf.kernel.periods import Period
from perf.services.county.draws import draw, pick
from perf.services.county.layouts import Page, Row, workbook_of
from perf.services.county.people import Person, Stint
from perf.specs.models import RuleBook

PAID_IN = Period(2025, "month", 7)
_SHEETS = {
    "财务科": ("base_pay", "special_deduction", "after_tax_deduction"),
    "人事科": ("insurance_base", "housing_base"),
}
_SPECIAL = (0, 1000, 2000, 3000, 4500)
_OPENING = (
    "工号", "姓名", "年度", "截至月份", "任职月数", "减除方式",
    "累计收入", "累计免税收入", "累计专项扣除", "累计专项附加扣除", "累计其他扣除", "累计减免税额", "累计已预扣税额",
)  # fmt: skip
_PERFORMANCE = 2_600
_SOCIAL_PER_MILLE = 105
_HOUSING_PER_MILLE = 120
_FREE = 5_000
_LOWER, _HIGHER = (36_000, 30), (144_000, 100)


class Wages(NamedTuple):
    """A person's wages by the month, in yuan."""

    base: int
    special: int
    after_tax: int
    bases: int

    @property
    def contributions(self) -> int:
        """What social insurance and the housing fund take, about."""
        return self.bases * (_SOCIAL_PER_MILLE + _HOUSING_PER_MILLE) // 1000


def wages_of(person: Person, stint: Stint) -> Wages:
    """Wages by post, years and chance."""
    years = PAID_IN.year - person.stints[0].first_day.year
    base = 2_700 + int(Decimal(stint.coefficient) * 1_900) + 42 * years + 10 * draw(30, "base", person.number)
    special = _SPECIAL[pick((40, 20, 20, 12, 8), "special", person.number)]
    after_tax = 20 if draw(3, "union", person.number) == 0 else 0
    return Wages(base, special, after_tax, base + 2_300 + 100 * draw(12, "bases", person.number))


def payroll_workbooks(
    consortium: str, people: Sequence[tuple[Person, Stint]], book: RuleBook
) -> Iterator[tuple[str, bytes]]:
    """The workbooks of the departments for the month of payment, by name.

    Args:
        people: Who is in service then.
    """
    for department, measures in _SHEETS.items():
        pages = []
        for code in measures:
            rows: list[Row] = [
                [person.number, person.name, amount]
                for person, stint in people
                if (amount := _amount(code, wages_of(person, stint)))
            ]
            headers = ("工号", "姓名", header_of(book.measures[code]))
            title = book.measures[code].title.zh
            pages.append(Page(title, f"{PAID_IN.zh()}{title}表", (f"填报科室:{department}",), headers, rows))
        yield f"{PAID_IN}/{consortium} {PAID_IN} {department}-工资数据.xlsx", workbook_of(pages)


def opening_file(consortium: str) -> str:
    """Where the tax records of a consortium are, below the folder of workbooks."""
    return f"{PAID_IN}/{consortium} {PAID_IN} 财务科-期初扣税记录.csv"


def openings_csv(people: Sequence[tuple[Person, Stint]]) -> str:
    """The tax records of everybody who had pay from this employer before July, as the other system gives them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_OPENING)
    for person, stint in people:
        months = _months(person, stint.institution)
        if months:
            writer.writerow(_opening(person, wages_of(person, stint), months))
    return "\ufeff" + text.getvalue()


def _opening(person: Person, wages: Wages, months: int) -> list[str]:
    income = months * (wages.base + _PERFORMANCE + 10 * draw(60, "so far", person.number))
    contributions, special = months * wages.contributions, months * wages.special
    taxable = max(income - months * _FREE - contributions - special, 0)
    (first, low), (_, high) = _LOWER, _HIGHER
    tax = Decimal(min(taxable, first) * low + max(taxable - first, 0) * high) / 1000
    amounts = (income, 0, contributions, special, 0, 0, tax)
    heads = (person.number, person.name, str(PAID_IN.year), str(PAID_IN.number - 1), str(months), "按月")
    return [*heads, *(f"{Decimal(amount):.2f}" for amount in amounts)]


def _months(person: Person, institution: str) -> int:
    """Months of the year before July with a day in a post of this institution."""
    months = [Period(PAID_IN.year, "month", number) for number in range(1, PAID_IN.number)]
    return sum(any(s.institution == institution and s.in_force(month) for s in person.stints) for month in months)


def _amount(code: str, wages: Wages) -> int:
    amounts: Mapping[str, int] = {
        "base_pay": wages.base,
        "special_deduction": wages.special,
        "after_tax_deduction": wages.after_tax,
        "insurance_base": wages.bases,
        "housing_base": wages.bases,
    }
    return amounts[code]
