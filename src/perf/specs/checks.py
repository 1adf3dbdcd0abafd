"""All static checks of a rule book, in one pass."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from perf.kernel.issues import Issue, by_place
from perf.specs.cases import Case
from perf.specs.check_adjustments import check_adjustments
from perf.specs.check_cases import check_cases
from perf.specs.check_clashes import check_clashes
from perf.specs.check_corrections import check_corrections
from perf.specs.check_curves import check_indicator_curves
from perf.specs.check_dates import check_dates
from perf.specs.check_money import check_distribution_money
from perf.specs.check_names import NameChecker
from perf.specs.check_pay import check_pay
from perf.specs.check_payroll import check_payroll
from perf.specs.check_schemes import check_scheme_form
from perf.specs.check_shadows import check_shadows
from perf.specs.check_sources import check_sources
from perf.specs.check_together import check_together
from perf.specs.check_totals import check_totals
from perf.specs.check_use import check_use
from perf.specs.check_year_to_date import check_year_to_date
from perf.specs.models import RuleBook
from perf.specs.order import check_cycles, distribution_order, scheme_order

__all__ = ["check_book", "distribution_order", "scheme_order"]

_DOUBTS = frozenset(
    {
        *("award-below-points", "curve-against-direction", "curve-beyond-range", "curve-not-full"),
        "distributions-not-together",
    }
)
"""Codes that doubt the sense of rules whose figures are clear all the same."""


def check_book(
    book: RuleBook,
    *,
    attributes: Iterable[str] = frozenset(),
    cases: Mapping[str, tuple[Case, ...]] | None = None,
    strict: bool = False,
    doubts_warn: bool = False,
) -> tuple[Issue, ...]:
    """Everything that is wrong, doubtful or idle in a book, as far as it can be known without facts.

    Args:
        book: As loaded; what could not be built is known to it (`broken`) and not reported again.
        attributes: Further columns of the subjects at hand; they may be named in formulas.
        cases: Cases by rule code; None: whether rules have cases is not asked.
        strict: A rule without a case or without a source is an error, not a warning.
        doubts_warn: What is clear but hardly meant (a curve without full points or against its direction, two
            distributions of the same money) is a warning only.
    Returns:
        Issues by place: errors, warnings and infos. None of a book that was not read to its end: its names are unknown.
    """
    if book.is_cut:
        return ()
    names = NameChecker(book, tuple(attributes))
    found: list[Issue] = []
    for indicator in book.indicators.values():
        found.extend(names.indicator(indicator))
        found.extend(check_indicator_curves(book, indicator))
    for scheme in book.schemes.values():
        found.extend(names.scheme(scheme))
        found.extend(check_scheme_form(book, scheme))
        found.extend(check_totals(book, scheme))
    for distribution in book.distributions.values():
        found.extend(names.distribution(distribution))
        found.extend(check_distribution_money(book, distribution))
    found.extend(check_corrections(book))
    found.extend(check_adjustments(book))
    found.extend(check_together(book))
    found.extend(check_cycles(book))
    found.extend(check_pay(book))
    found.extend(check_payroll(book))
    found.extend(check_dates(book))
    found.extend(check_sources(book, strict=strict))
    found.extend(check_use(book))
    found.extend(check_year_to_date(book))
    found.extend(check_clashes(book))
    found.extend(check_shadows(book))
    if cases is not None:
        found.extend(check_cases(book, cases, strict=strict))
    if doubts_warn:
        found = [replace(issue, severity="warning") if issue.code in _DOUBTS else issue for issue in found]
    return tuple(by_place(dict.fromkeys(found)))
