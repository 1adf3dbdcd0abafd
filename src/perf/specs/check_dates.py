"""Dates that do not meet: a version in force while a parameter it uses has no value."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from perf.formulas import Formula
from perf.kernel.issues import Issue
from perf.specs.check_wording import check_issue
from perf.specs.formulas_of import distribution_formulas, version_formulas
from perf.specs.models import Dated, DatedValue, RuleBook
from perf.specs.use import names_of

_ONE_DAY = timedelta(days=1)


def check_dates(book: RuleBook) -> Iterator[Issue]:
    """Parameters whose dated values begin after, or end before, a version whose formulas name them.

    Only stated days are compared: a version or a value that is open on one side meets everything there.
    """
    for indicator in book.indicators.values():
        for version in indicator.versions:
            yield from _uncovered(indicator.code, version.dated, version.parameters, version_formulas(version))
    for rule in book.distributions.values():
        formulas = tuple(distribution_formulas(rule))
        for stated in rule.versions:
            yield from _uncovered(rule.code, stated.dated, stated.parameters, formulas)


def _uncovered(
    rule: str, dated: Dated, parameters: Mapping[str, tuple[DatedValue, ...]], formulas: Iterable[Formula]
) -> Iterator[Issue]:
    named = names_of(formulas)
    for name, values in parameters.items():
        if name not in named or not values:
            continue
        begins, ends = values[0].first_day, values[-1].last_day
        if dated.first_day is not None and begins is not None and begins > dated.first_day:
            yield _gap(rule, name, dated, dated.first_day, begins - _ONE_DAY)
        if dated.last_day is not None and ends is not None and ends < dated.last_day:
            yield _gap(rule, name, dated, ends + _ONE_DAY, dated.last_day)


def _gap(rule: str, name: str, dated: Dated, first: date, last: date) -> Issue:
    days = {"from_day": str(first), "to_day": str(last)}
    return check_issue("parameter-gap", dated.place, rule=rule, parameter=name, version=dated.name, **days)
