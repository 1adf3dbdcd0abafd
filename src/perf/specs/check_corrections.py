"""The form of rules of corrections: the reserve that bears what is left, and one rule at a time."""

from collections.abc import Iterator
from itertools import combinations

from perf.kernel.issues import Issue
from perf.kernel.money import Money
from perf.kernel.text import Text
from perf.specs.check_wording import check_issue
from perf.specs.fields import close_match
from perf.specs.models import RuleBook


def check_corrections(book: RuleBook) -> Iterator[Issue]:
    """A reserve where one is needed, declared as one; two rules in force on one day."""
    every = [(rule, version) for rule in book.corrections.values() for version in rule.versions]
    for rule, version in every:
        if not version.reserve and (version.mode == "charge" or version.smallest > Money(1)):
            why = "mode: charge" if version.mode == "charge" else f"smallest: {version.smallest}"
            yield check_issue("corrections-reserve-missing", version.dated.place, rule=rule.code, why=why)
        account = book.accounts.get(version.reserve)
        if version.reserve and account is None:
            hint = close_match(version.reserve, book.accounts)
            yield check_issue("account-undeclared", version.dated.place, found=version.reserve, hint=hint)
        if account is not None and account.kind != "reserve":
            yield check_issue("corrections-reserve-kind", version.dated.place, found=version.reserve)
    for (rule, version), (other, second) in combinations(every, 2):
        if rule is not other and version.enabled and second.enabled and version.dated.meets(second.dated):
            place, named = second.dated.place, Text(f"{rule.code} 和 {other.code}", f"{rule.code} and {other.code}")
            yield check_issue("corrections-several", place, found=named)
