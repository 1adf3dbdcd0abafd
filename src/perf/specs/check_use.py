"""Rules that nobody uses."""

from collections.abc import Iterator

from perf.kernel.issues import Issue
from perf.kernel.text import Text
from perf.specs.check_wording import check_issue
from perf.specs.formulas_of import distribution_formulas, indicator_formulas, walk_steps
from perf.specs.models import RuleBook, Split
from perf.specs.order import scheme_formulas
from perf.specs.use import measures_of


def check_use(book: RuleBook) -> Iterator[Issue]:
    """Indicators in no scheme, measures in no formula; silent for a book that has no scheme at all."""
    if not book.schemes:
        return
    scored: set[str] = set()
    for scheme in book.schemes.values():
        for version in scheme.versions:
            scored.update(item.indicator for dimension in version.dimensions for item in dimension.items)
            scored.update(extra.indicator for extra in version.extra)
    for code, indicator in book.indicators.items():
        if code not in scored:
            yield check_issue("rule-unused", indicator.place, what=Text(f"指标 {code}", f"indicator {code}"))
    named = _measures_named(book)
    for code, measure in book.measures.items():
        if code not in named:
            yield check_issue("rule-unused", measure.place, what=Text(f"数据项 {code}", f"measure {code}"))


def _measures_named(book: RuleBook) -> set[str]:
    named: set[str] = set()
    for indicator in book.indicators.values():
        named |= measures_of(book, *indicator_formulas(indicator))
    for scheme in book.schemes.values():
        named |= measures_of(book, *scheme_formulas(book, scheme))
    for distribution in book.distributions.values():
        named |= measures_of(book, *distribution_formulas(distribution))
        for version in distribution.versions:
            named |= {step.by for step in walk_steps(version.steps) if isinstance(step, Split)}
    for payroll in book.payrolls.values():
        named |= {code for version in payroll.versions for code, _ in version.measures()}
    for measure in book.measures.values():
        named.update(measure.counter_to)
    return named
