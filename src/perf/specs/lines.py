"""The lines of distributions: under what names money reaches people and institutions."""

from collections.abc import Mapping

from perf.formulas import references
from perf.kernel.periods import PeriodKind
from perf.specs.formulas_of import distribution_formulas, walk_steps
from perf.specs.ladder_models import Ladder
from perf.specs.models import Apportion, Distribution, Pay, RuleBook
from perf.specs.money_models import Entered
from perf.specs.reserve_models import Release, Schedule
from perf.specs.transfer_models import Transfer


def lines_of(book: RuleBook) -> Mapping[str, frozenset[PeriodKind]]:
    """Line -> the lengths of the periods of the distributions that pay it."""
    found: dict[str, set[PeriodKind]] = {}
    for rule in book.distributions.values():
        for line in paid_lines(rule):
            found.setdefault(line, set()).add(rule.period)
    return {line: frozenset(kinds) for line, kinds in found.items()}


def paid_lines(rule: Distribution) -> frozenset[str]:
    """The lines that a distribution pays, in any of its versions."""
    found: set[str] = set()
    for version in rule.versions:
        for step in walk_steps(version.steps):
            if isinstance(step, Pay | Apportion | Ladder | Schedule | Release | Transfer | Entered):
                found.add(step.line)
            if isinstance(step, Ladder):
                found.add(step.reward_line)
            if isinstance(step, Release):
                found.add(step.extra_line)
    return frozenset(found)


def lines_read(rule: Distribution, *, now: bool = False) -> frozenset[str]:
    """The lines whose payments count in `rule`: those of `paid(…)`, and those of schedules that catch up.

    `now`: only those of which this period's payments count.
    """
    caught_up = {
        step.line
        for version in rule.versions
        for step in walk_steps(version.steps)
        if isinstance(step, Schedule) and step.catch_up
    }
    asked = [one for formula in distribution_formulas(rule) for one in references(formula) if one.kind == "paid"]
    return frozenset(caught_up) | frozenset(one.name for one in asked if not now or one.shift in ("", "year_to_date"))
