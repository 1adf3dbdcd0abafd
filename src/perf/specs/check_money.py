"""The form of distributions: floors and caps, accounts of the owner, scores of the claimants, dead steps."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from perf.formulas import constant
from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.specs.check_transfers import check_transfers
from perf.specs.check_wording import check_issue
from perf.specs.formulas_of import distribution_formulas, walk_steps
from perf.specs.ladder_models import Ladder
from perf.specs.models import (
    Apportion,
    Distribution,
    DistributionVersion,
    Gate,
    Hold,
    Remainder,
    RuleBook,
    Split,
    Step,
    Take,
)
from perf.specs.money_models import Entered
from perf.specs.named_values import named_graph
from perf.specs.order import cycle_issues
from perf.specs.reserve_models import HELD, REST, Release, Schedule
from perf.specs.transfer_models import Transfer
from perf.specs.use import names_of

_KEPT_IN = ("reserve", "quota")
_OF_SCORES = ("score", "coefficient", "grade")


def check_distribution_money(book: RuleBook, rule: Distribution) -> Iterator[Issue]:
    """Everything about one distribution but its names."""
    for version in rule.versions:
        for step in walk_steps(version.steps):
            if isinstance(step, Apportion | Entered):
                yield from _bounds(step)
            if isinstance(step, Take | Remainder):
                yield from _account(book, rule, step.to, step.place)
            if isinstance(step, Schedule) and step.to:
                yield from _account(book, rule, step.to, step.place)
            if isinstance(step, Hold) and step.to:
                yield from _of_claimants(book, rule, step.to, step.place)
                yield from _onto_itself(rule, step.to, step.place)
            if isinstance(step, Release) and step.source != HELD:
                yield from _of_claimants(book, rule, step.source, step.place)
                yield from _onto_itself(rule, step.source, step.place)
            if isinstance(step, Ladder | Release) and step.forfeited_to not in ("", REST):
                yield from _account(book, rule, step.forfeited_to, step.place)
            if isinstance(step, Split) and step.empty_to:
                yield from _account(book, rule, step.empty_to, step.place)
        yield from _unreachable(version.steps)
        yield from _holds_over_whole(version.steps)
        graph, places = named_graph(version), {name: version.formulas_of(name)[0].place for name in version.named}
        yield from cycle_issues(graph, places.__getitem__)
        yield from _seen_by_owner(version)
        yield from check_transfers(book, rule, version)
    yield from _scores(book, rule)


def _seen_by_owner(version: DistributionVersion) -> Iterator[Issue]:
    """Names worked out for each claimant in a formula that the owner evaluates, where there is no claimant."""
    of_owner = [formula for name in version.named if name not in version.each for formula in version.formulas_of(name)]
    for step in walk_steps(version.steps):
        is_owners = isinstance(step, Take | Apportion) or (isinstance(step, Schedule) and bool(step.to))
        amount = step.amount if isinstance(step, Take | Apportion | Schedule) and is_owners else None
        of_owner += [] if amount is None else [amount]
        of_owner += [step.price] if isinstance(step, Transfer) else []
    for formula in (version.fund, *of_owner):
        for name in sorted(names_of([formula]) & version.each):
            yield check_issue("named-for-each", formula.place, found=name)


def _bounds(step: Apportion | Entered) -> Iterator[Issue]:
    if step.floor is None or step.cap is None:
        return
    floor, cap = constant(step.floor), constant(step.cap)
    if floor is not None and cap is not None and floor > cap:
        yield check_issue("floor-over-cap", step.floor.place, floor=exact_text(floor), cap=exact_text(cap))


def _account(book: RuleBook, rule: Distribution, name: str, place: Place) -> Iterator[Issue]:
    account = book.accounts.get(name)
    if account is not None and account.of != rule.per:
        yield check_issue("account-level", place, account=name, found=account.of, expected_level=rule.per)


def _of_claimants(book: RuleBook, rule: Distribution, name: str, place: Place) -> Iterator[Issue]:
    """A declared account that keeps money for each claimant is a reserve of theirs."""
    account = book.accounts.get(name)
    is_theirs = account is not None and (account.of == "person") == (rule.among == "staff")
    if account is not None and not (is_theirs and account.kind in _KEPT_IN and account.of != rule.per):
        claimants = Text("人员(person)", "persons") if rule.among == "staff" else Text("成员单位", "members")
        yield check_issue(
            "account-of-claimants", place, account=name, found=account.of, kind=account.kind, whose=claimants
        )


def _onto_itself(rule: Distribution, name: str, place: Place) -> Iterator[Issue]:
    """What is paid into an account cannot be held back into the same one, or released from it."""
    if name == rule.into:
        yield check_issue("account-onto-itself", place, found=name)


def _unreachable(steps: tuple[Step, ...]) -> Iterator[Issue]:
    for step, following in pairwise(steps):
        if isinstance(step, Remainder):
            yield check_issue("steps-unreachable", following.place)
    for step in steps:
        if isinstance(step, Split):
            yield from _unreachable(step.steps)


def _holds_over_whole(steps: tuple[Step, ...]) -> Iterator[Issue]:
    """Holds of everybody, one after the other with nothing paid between them, of together more than 100%."""
    together, count = Fraction(0), 0
    for step in steps:
        if isinstance(step, Hold):
            share = constant(step.share) if step.where is None else None
            together, count = together + (share or 0), count + (share is not None)
            if together > 1 and count > 1 and share:
                yield check_issue("holds-over-whole", step.place, found=exact_text(together * 100))
        elif not isinstance(step, Take | Remainder | Gate):
            together, count = Fraction(0), 0
        if isinstance(step, Split):
            yield from _holds_over_whole(step.steps)


def _scores(book: RuleBook, rule: Distribution) -> Iterator[Issue]:
    for code in rule.uses_score:
        scheme = book.schemes.get(code)
        is_of_persons = scheme is not None and scheme.of_level == "person"
        if scheme is not None and is_of_persons != (rule.among == "staff"):
            claimants = (
                Text("人员(person)", "persons") if rule.among == "staff" else Text("成员单位", "member institutions")
            )
            values = {"scheme": code, "found": scheme.of_level}
            yield check_issue("claim-level", rule.place, expected_level=claimants, **values)
    if rule.uses_score:
        return
    declared = {*book.measures, *book.attributes}
    for version in rule.versions:
        declared.update((*version.named, *version.parameters))
    for name in sorted(names_of(distribution_formulas(rule)) & frozenset(_OF_SCORES) - declared):
        yield check_issue("uses-missing", rule.place, found=name)
