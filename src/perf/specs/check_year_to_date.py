"""Values from the start of the year of measures whose months cannot be put together."""

from collections.abc import Iterator

from perf.formulas import Formula, references
from perf.kernel.issues import Issue
from perf.specs.check_wording import check_issue
from perf.specs.formulas_of import distribution_formulas, indicator_formulas
from perf.specs.models import RuleBook
from perf.specs.order import own_formulas
from perf.specs.use import titles

_SHIFT = "year_to_date"


def check_year_to_date(book: RuleBook) -> Iterator[Issue]:
    """`x@year_to_date` of a measure without `roll_up`: from the second month of a year on it would always be missing."""
    by_title = titles(book)
    for formula in _formulas(book):
        shifted = {one.name for one in references(formula) if _SHIFT in one.shift.split("@")}
        for code in sorted({name if name in book.measures else by_title.get(name, "") for name in shifted}):
            measure = book.measures.get(code)
            if measure is not None and measure.roll_up == "none" and measure.period != "year":
                yield check_issue("year-to-date-not-summed", formula.place, measure=code)


def _formulas(book: RuleBook) -> Iterator[Formula]:
    for indicator in book.indicators.values():
        yield from indicator_formulas(indicator)
    for scheme in book.schemes.values():
        yield from own_formulas(scheme)
    for rule in book.distributions.values():
        yield from distribution_formulas(rule)
