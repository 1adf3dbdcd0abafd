"""Payroll: what is withheld from pay, dated and local: income tax, yearly bonus, contributions (五险一金), deductions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from perf.formulas.nodes import RuleRef
from perf.kernel.issues import Place
from perf.kernel.periods import Period
from perf.kernel.rounding import Rounding
from perf.kernel.text import Text
from perf.specs.dated_models import Dated, DatedValue, Source, rule_ref

PayrollMethod = Literal["net", "gross_only"]
Employer = Literal["institution", "consortium"]
BonusChoice = Literal["alone", "merged", "better"]
SpecialFigures = Literal["monthly", "to_date"]
NotReported = Literal["zero", "block"]


@dataclass(frozen=True, slots=True)
class TaxRow:
    """Up to and with `to` yuan (None: without end): `rate` of the whole amount less `quick` yuan (速算扣除数)."""

    over: Fraction
    to: Fraction | None
    rate: Fraction
    quick: Fraction
    place: Place


@dataclass(frozen=True, slots=True)
class IncomeTax:
    """Cumulative withholding (累计预扣法): `basic` yuan a month; `whole_year` yuan at once for whom that rule is."""

    rows: tuple[TaxRow, ...]
    basic: Fraction
    whole_year: Fraction
    rounding: Rounding


@dataclass(frozen=True, slots=True)
class BonusTax:
    """The yearly bonus (全年一次性奖金): rows by the bonus ÷ 12, the lines that are one, and how they are taxed.

    `choice_by`: roster attribute that holds a person's own choice (`alone`, `merged`); empty: nobody chooses.
    After `last_day` a bonus is merged with other income.
    """

    rows: tuple[TaxRow, ...]
    lines: tuple[str, ...]
    choice: BonusChoice
    choice_by: str
    last_day: date | None
    source: Source | None
    place: Place


@dataclass(frozen=True, slots=True)
class Contribution:
    """One contribution: base (a measure, within floor and cap) × rate + fixed sum, rounded to `unit` yuan.

    `only`: attribute -> values of those who pay it, empty: everybody. `free_up_to`: yuan of it that are free of tax, where
    there is a limit. Dated values are yuan and ratios.
    """

    code: str
    title: Text
    base: str
    rate: tuple[DatedValue, ...]
    floor: tuple[DatedValue, ...]
    cap: tuple[DatedValue, ...]
    fixed: tuple[DatedValue, ...]
    free_up_to: tuple[DatedValue, ...]
    unit: Fraction
    rounding: Rounding
    only: Mapping[str, tuple[str, ...]]
    source: Source | None
    place: Place

    @property
    def dated_values(self) -> dict[str, tuple[DatedValue, ...]]:
        """Its dated values by key."""
        return {
            "rate": self.rate,
            "floor": self.floor,
            "cap": self.cap,
            "fixed": self.fixed,
            "free_up_to": self.free_up_to,
        }


@dataclass(frozen=True, slots=True)
class PayrollVersion:
    """A payroll as it stands between two dates. Measures are of persons, in yuan.

    Attributes:
        method: `gross_only`: payroll is done elsewhere; nothing is withheld here.
        tax, bonus: None only for `gross_only`, or where there is no bonus rule.
        income: Measures of income that is paid beside the ledger (岗位工资 …).
        tax_free: Measures of income that is free of tax.
        special: Measures of 专项附加扣除; by month, or as the tax office's figure of the year to date.
        deductible: Measures of other deductions before tax.
        after_tax: Measures of deductions from what is left after tax.
    """

    dated: Dated
    method: PayrollMethod
    tax: IncomeTax | None
    bonus: BonusTax | None
    contributions: tuple[Contribution, ...]
    income: tuple[str, ...]
    tax_free: tuple[str, ...]
    special: tuple[str, ...]
    special_figures: SpecialFigures
    special_missing: NotReported
    deductible: tuple[str, ...]
    after_tax: tuple[str, ...]
    measures_place: Place

    def measures(self) -> Iterator[tuple[str, Place]]:
        """Every measure it looks at, with its place."""
        for code in (*self.income, *self.tax_free, *self.special, *self.deductible, *self.after_tax):
            yield code, self.measures_place
        for one in self.contributions:
            if one.base:
                yield one.base, one.place


@dataclass(frozen=True, slots=True)
class Payroll:
    """Who withholds, and by what rules; in force is what the first day of the month of payment falls in."""

    code: str
    title: Text
    employer: Employer
    enabled: bool
    versions: tuple[PayrollVersion, ...]
    place: Place

    def version(self, pay_month: Period) -> PayrollVersion | None:
        """The version in force in the month of payment, or None."""
        return next((v for v in self.versions if v.dated.in_force(pay_month)), None)

    def ref(self, version: PayrollVersion) -> RuleRef:
        """Its name for explanations."""
        return rule_ref(self.code, version.dated)
