"""What a payroll is made from and what it gives: tax records, what was taken before, one person's pay."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from perf.distribution.withholding import Basis, YearFigures
from perf.kernel.facts import Facts
from perf.kernel.issues import Issue
from perf.kernel.money import ZERO, Money
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.specs.models import RuleBook
from perf.specs.payroll_models import Payroll, PayrollVersion

LineKind = Literal["pay", "bonus", "income", "tax_free", "contribution", "tax", "bonus_tax", "after_tax"]
PayrollStatus = Literal["net", "gross_only", "not_computed"]
_NO_ITEMS: Mapping[str, Money] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Opening:
    """A tax record that another system kept, or that a year begins with: figures of January to month `through`.

    Attributes:
        through: Number of the last month it covers, 0: none yet.
        months: Months with this employer up to then, for the basic deduction.
        basis: How the basic deduction counts in this year.
    """

    person: str
    employer: str
    year: int
    through: int
    months: int
    basis: Basis = "standard"
    figures: YearFigures = field(default_factory=YearFigures)


@dataclass(frozen=True, slots=True)
class Taken:
    """What one accepted payroll paid and took of one person.

    Attributes:
        income: Taxed together, `tax_free` included; a bonus taxed alone is not in it.
        contributions: The part free of tax. `other`: further deductions before tax.
        bonus, bonus_tax: A yearly bonus taxed alone.
        items: Code of a measure or a contribution -> its whole amount, so that a second payment of the month does not
            take it again.
    """

    payroll: str
    person: str
    employer: str
    pay_month: Period
    income: Money = ZERO
    tax_free: Money = ZERO
    contributions: Money = ZERO
    other: Money = ZERO
    tax: Money = ZERO
    bonus: Money = ZERO
    bonus_tax: Money = ZERO
    items: Mapping[str, Money] = field(default_factory=lambda: _NO_ITEMS)


@dataclass(frozen=True, slots=True)
class PayrollInputs:
    """Everything a payroll is computed from.

    Attributes:
        paid: Person -> line -> yuan of the ledgers that are paid.
        openings: (person, employer) -> tax record of the year.
        taken: What accepted payrolls of the year took, in order.
        covered: Months of the year with an accepted payroll.
        name: Of this payroll, in issues.
    """

    book: RuleBook
    rule: Payroll
    version: PayrollVersion
    consortium: str
    pay_month: Period
    roster: Roster
    facts: Facts
    paid: Mapping[str, Mapping[str, Money]]
    openings: Mapping[tuple[str, str], Opening] = field(default_factory=lambda: MappingProxyType({}))
    taken: tuple[Taken, ...] = ()
    covered: frozenset[Period] = frozenset()
    name: str = ""


@dataclass(frozen=True, slots=True)
class PayrollLine:
    """One line: what comes in is positive, what is taken negative; `how`: the arithmetic."""

    code: str
    kind: LineKind
    title: Text
    amount: Money
    how: Text = field(default_factory=lambda: Text(""))


@dataclass(frozen=True, slots=True)
class PersonPayroll:
    """One person's payroll: lines that add up to `net`, the arithmetic of the tax, what is to be remembered.

    Attributes:
        employer: Who withholds; `institution`: where the person works.
        gross: 应发. `deductions`: everything taken but tax. `tax`: tax of both kinds. `net`: 实发, None where it is not
            computed.
        taken: For the payrolls after this one; None where nothing was withheld.
        basic, taxable: 累计减除费用 and 累计应纳税所得额.
        working: Sentences in order, redoable with a pocket calculator.
    """

    person: str
    name: str
    institution: str
    institution_name: str
    employer: str
    status: PayrollStatus
    lines: tuple[PayrollLine, ...]
    gross: Money
    deductions: Money
    tax: Money
    net: Money | None
    taken: Taken | None
    working: tuple[Text, ...]
    issues: tuple[Issue, ...] = ()
    basic: Money = ZERO
    taxable: Money = ZERO


@dataclass(frozen=True, slots=True)
class PayrollResult:
    """A whole payroll, persons in order of institution and staff number, and every problem."""

    pay_month: Period
    people: tuple[PersonPayroll, ...]
    issues: tuple[Issue, ...]
