"""The figures of a person that payroll looks up: amounts of the month, bases, special deductions of the year."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from perf.appraisal import payroll_issues
from perf.appraisal.payroll_models import Opening, PayrollInputs
from perf.kernel.issues import Issue
from perf.kernel.money import ZERO, Money, money_from_yuan, total
from perf.kernel.periods import Period
from perf.kernel.text import Text

BASE_MONTHS = 12
"""A base counts until a newer one is reported, at most this long."""


@dataclass(slots=True)
class Figures:
    """Looks up one person's figures; what is wrong is collected."""

    inputs: PayrollInputs
    person: str
    issues: list[Issue] = field(default_factory=list)

    def amount(self, measure: str, *, is_due: bool) -> Money:
        """The amount of the month of payment; nothing reported is an issue where it `is_due`, else zero."""
        found = self._of_month(measure, self.inputs.pay_month)
        if found is None and is_due:
            title, month = self.title(measure), self.inputs.pay_month
            self.issues.append(payroll_issues.figure_missing(self.inputs.name, self.person, title, month))
        return found or ZERO

    def base(self, measure: str) -> Fraction | None:
        """The newest figure of the last twelve months, the month of payment included."""
        for back in range(BASE_MONTHS):
            month = self.inputs.pay_month.shift(-back)
            for period in (month, month.within("year")):
                fact = self.inputs.facts.own(self.person, measure, period)
                if fact is not None and isinstance(fact.value, Fraction):
                    return fact.value
        return None

    def special(self, months: Sequence[Period], opening: Opening | None) -> Money:
        """累计专项附加扣除 by the end of the month of payment."""
        version = self.inputs.version
        before = opening.figures.special if opening is not None else ZERO
        through = opening.through if opening is not None else 0
        if version.special_figures == "to_date":
            amounts = [self._special_of(code, self.inputs.pay_month) for code in version.special]
            known = [amount for amount in amounts if amount is not None]
            return total(known) if known else before
        own = [month for month in months if month.number > through]
        found = (self._special_of(code, month) for month in own for code in version.special)
        return before + total(amount for amount in found if amount is not None)

    def title(self, measure: str) -> Text:
        """How people call a measure."""
        known = self.inputs.book.measures.get(measure)
        return known.title if known is not None else Text(measure)

    def _special_of(self, measure: str, month: Period) -> Money | None:
        found = self._of_month(measure, month)
        if found is None and self.inputs.version.special_missing == "block":
            title = self.title(measure)
            self.issues.append(payroll_issues.figure_missing(self.inputs.name, self.person, title, month))
        return found

    def _of_month(self, measure: str, month: Period) -> Money | None:
        """The sum of the person's figures of a month, items included; None where nothing is reported."""
        values = list(self._values(measure, month))
        if not values:
            return None
        amount = money_from_yuan(sum(values, Fraction(0)))
        if amount.yuan != sum(values, Fraction(0)):
            self.issues.append(payroll_issues.half_fen(self.inputs.name, self.person, self.title(measure)))
        return amount

    def _values(self, measure: str, month: Period) -> Iterator[Fraction]:
        facts = self.inputs.facts
        own = facts.own(self.person, measure, month)
        every = [*([own] if own is not None else []), *facts.itemised(self.person, measure, month)]
        yield from (fact.value for fact in every if isinstance(fact.value, Fraction))
