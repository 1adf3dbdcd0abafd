"""Distributions of the same money: two of them in force at once would pay it twice."""

from collections.abc import Iterator
from itertools import product

from perf.kernel.issues import Issue
from perf.kernel.text import Text
from perf.specs.check_wording import check_issue
from perf.specs.models import Distribution, RuleBook


def check_together(book: RuleBook) -> Iterator[Issue]:
    """Every pair that a `not_with` keeps apart and that is switched on for the same days, once."""
    told = set[frozenset[str]]()
    for rule in book.distributions.values():
        for other in (book.distributions[code] for code in rule.not_with if code in book.distributions):
            pair = frozenset({rule.code, other.code})
            if pair not in told and _meet(rule, other):
                told.add(pair)
                named = Text(f"{rule.code} 和 {other.code}", f"{rule.code} and {other.code}")
                yield check_issue("distributions-not-together", rule.place, found=named)


def _meet(rule: Distribution, other: Distribution) -> bool:
    return rule is not other and any(
        rule.is_on(one) and other.is_on(two) and one.dated.meets(two.dated)
        for one, two in product(rule.versions, other.versions)
    )
