"""The form of rules of adjustments: declared accounts, a limit on what is paid besides, one rule at a time."""

from collections.abc import Iterator
from itertools import combinations

from perf.kernel.issues import Issue
from perf.kernel.text import Text
from perf.specs.check_wording import check_issue
from perf.specs.fields import close_match
from perf.specs.models import RuleBook


def check_adjustments(book: RuleBook) -> Iterator[Issue]:
    """Accounts that are not declared, payments without a limit, two rules in force on one day."""
    every = [(rule, version) for rule in book.adjustments.values() for version in rule.versions]
    for rule, version in every:
        for one in version.accounts:
            if not one.is_outside and one.name not in book.accounts:
                hint = close_match(one.name, book.accounts)
                yield check_issue("account-undeclared", one.place, found=one.name, hint=hint)
        pays = any("pay" in one.kinds for one in version.accounts)
        limit = version.limits.get("pay")
        if pays and (limit is None or limit.person is None or limit.run is None):
            yield check_issue("adjustments-without-limit", version.dated.place, rule=rule.code)
    for (rule, version), (other, second) in combinations(every, 2):
        if rule is not other and version.enabled and second.enabled and version.dated.meets(second.dated):
            named = Text(f"{rule.code} 和 {other.code}", f"{rule.code} and {other.code}")
            yield check_issue("adjustments-several", second.dated.place, found=named)
