"""What must be computed before what: schemes by the scores they use, distributions by the accounts they fill."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from perf.formulas import Formula, Reference, references
from perf.kernel.errors import InputRefused
from perf.kernel.issues import Issue, Place
from perf.kernel.periods import PeriodKind
from perf.kernel.text import Text
from perf.specs.check_wording import check_issue
from perf.specs.formulas_of import curve_formulas, distribution_formulas, indicator_formulas, walk_steps
from perf.specs.ladder_models import Ladder
from perf.specs.lines import lines_read, paid_lines
from perf.specs.models import (
    Distribution,
    Hold,
    IndicatorVersion,
    Remainder,
    RuleBook,
    Scheme,
    Split,
    Take,
    Transfer,
)
from perf.specs.reserve_models import REST, Release, Schedule


def scheme_order(book: RuleBook, codes: Iterable[str]) -> tuple[str, ...]:
    """The schemes `codes` and every scheme they need, each behind those whose scores it uses.

    Returns:
        Codes in order, by code where nothing else decides; codes that the book does not know are left out.
    Raises:
        InputRefused: a cycle; its issues name the chain.
    """
    known = [code for code in codes if code in book.schemes]
    return _order(known, lambda code: used_schemes(book, code), lambda code: book.schemes[code].place)


def distribution_order(book: RuleBook, codes: Iterable[str]) -> tuple[str, ...]:
    """The distributions `codes`, each behind those of them that fill an account it reads.

    Returns:
        Codes in order, by code where nothing else decides; codes that the book does not know are left out.
    Raises:
        InputRefused: a cycle; its issues name the chain.
    """
    known = frozenset(code for code in codes if code in book.distributions)
    before = feeders(book)
    return _order(known, lambda code: before[code] & known, lambda code: book.distributions[code].place)


def used_schemes(book: RuleBook, code: str) -> frozenset[str]:
    """The schemes whose scores of the same period the scheme `code` needs."""
    named = {
        reference.name
        for formula in scheme_formulas(book, book.schemes[code])
        for reference in references(formula)
        if reference.kind == "score" and not reference.shift
    }
    return frozenset((named | parts_of(book.schemes[code])) & book.schemes.keys())


def parts_of(scheme: Scheme) -> frozenset[str]:
    """Codes of the schemes whose totals `scheme` weighs by post (by_post), in any of its versions."""
    return frozenset(code for version in scheme.versions for code in version.by_post)


def schemes_needed(book: RuleBook, codes: Iterable[str]) -> frozenset[str]:
    """The schemes `codes` and all that they need, one way or another; cycles do no harm."""
    found: set[str] = set()
    queue = [code for code in codes if code in book.schemes]
    while queue:
        code = queue.pop()
        if code not in found:
            found.add(code)
            queue.extend(used_schemes(book, code))
    return frozenset(found)


def own_formulas(scheme: Scheme) -> Iterator[Formula]:
    """The formulas that stand in a scheme itself."""
    if scheme.of_where is not None:
        yield scheme.of_where
    for version in scheme.versions:
        yield from (veto.when for veto in version.veto)
        yield from (outcome.when for outcome in version.outcomes)
        yield from curve_formulas(version.coefficient)


def scheme_indicators(book: RuleBook, scheme: Scheme) -> tuple[str, ...]:
    """Codes of the indicators of all versions of a scheme that the book knows, sorted."""
    named: set[str] = set()
    for version in scheme.versions:
        named.update(item.indicator for dimension in version.dimensions for item in dimension.items)
        named.update(extra.indicator for extra in version.extra)
    return tuple(sorted(named & book.indicators.keys()))


def scheme_formulas(book: RuleBook, scheme: Scheme) -> Iterator[Formula]:
    """Every formula that a score of `scheme` hangs on, those of its indicators included."""
    yield from own_formulas(scheme)
    for code in scheme_indicators(book, scheme):
        yield from indicator_formulas(book.indicators[code])


def check_cycles(book: RuleBook) -> Iterator[Issue]:
    """Schemes that need their own score; distributions that feed their own fund; values made of those of the peers."""
    schemes = {code: used_schemes(book, code) for code in book.schemes}
    yield from cycle_issues(schemes, lambda code: book.schemes[code].place)
    yield from cycle_issues(feeders(book), lambda code: book.distributions[code].place)
    for indicator in book.indicators.values():
        for version in indicator.versions:
            if _is_made_of_peers(version, indicator.versions[0]):
                chain = f"{indicator.code} → peers.value → {indicator.code}"
                yield check_issue("rule-cycle", version.value.place, chain=chain)


def _is_made_of_peers(version: IndicatorVersion, first: IndicatorVersion) -> bool:
    """Whether a value needs the peers' values of the same period, or ever earlier ones without a first."""
    shifts = {one.shift for one in _values_of_peers(version)}
    return "" in shifts or (bool(shifts) and any(_values_of_peers(first)))


def _values_of_peers(version: IndicatorVersion) -> Iterator[Reference]:
    for formula in (version.value, version.requires):
        for one in references(formula) if formula is not None else ():
            if one.kind == "peer" and one.name == "value":
                yield one


def feeders(book: RuleBook) -> Mapping[str, frozenset[str]]:
    """Distribution -> those for periods of the same length that fill an account, or pay a line, which it reads.

    A rule that returns its remainder to the account which its fund comes from does not feed itself.
    """
    flows = [_flow(book, rule) for rule in book.distributions.values()]
    return {own.code: frozenset(other.code for other in flows if own.comes_after(other)) for own in flows}


class _Flow(NamedTuple):
    """What a distribution pays, fills and keeps, and what it reads, moves and sets free."""

    code: str
    period: PeriodKind
    returns: frozenset[str]
    pays: frozenset[str]
    fills: frozenset[str]
    keeps: frozenset[str]
    lines: frozenset[str]
    accounts: frozenset[str]
    moves: frozenset[str]
    releases: frozenset[str]

    def comes_after(self, other: "_Flow") -> bool:
        """Whether something of `other` must be there before."""
        if self.period != other.period:
            return False
        if self.code == other.code:
            return bool(self.accounts & (other.fills - other.returns))
        if self.accounts & other.fills or (self.moves - other.moves) & other.fills:
            return True
        return bool(self.lines & other.pays or self.releases & other.keeps)


def _flow(book: RuleBook, rule: Distribution) -> _Flow:
    read = {
        reference.name
        for formula in distribution_formulas(rule)
        for reference in references(formula)
        if reference.kind == "balance" and not reference.shift
    }
    return _Flow(
        rule.code,
        rule.period,
        returns=_returned(rule),
        pays=paid_lines(rule),
        fills=filled_accounts(book, rule),
        keeps=_kept(rule),
        lines=lines_read(rule, now=True),
        accounts=frozenset(read),
        moves=moved_accounts(rule),
        releases=_released(rule),
    )


def _returned(rule: Distribution) -> frozenset[str]:
    """The accounts to which `rule` gives what it leaves over, or a part that is worked out from them: no circle."""
    steps = (step for version in rule.versions for step in walk_steps(version.steps))
    return frozenset(step.to for step in steps if isinstance(step, Remainder | Schedule))


def moved_accounts(rule: Distribution) -> frozenset[str]:
    """The members' accounts between which `rule` moves money; whatever fills them otherwise comes first."""
    steps = (step for version in rule.versions for step in walk_steps(version.steps))
    return frozenset(step.account for step in steps if isinstance(step, Transfer))


def _released(rule: Distribution) -> frozenset[str]:
    """The reserves of claimants that `rule` sets free."""
    steps = (step for version in rule.versions for step in walk_steps(version.steps))
    return frozenset(step.source for step in steps if isinstance(step, Release))


def _kept(rule: Distribution) -> frozenset[str]:
    """The reserves of claimants that `rule` fills."""
    steps = (step for version in rule.versions for step in walk_steps(version.steps))
    return frozenset({step.to for step in steps if isinstance(step, Hold)} | {rule.into}) - {""}


def filled_accounts(book: RuleBook, rule: Distribution) -> frozenset[str]:
    """The accounts that `rule` puts money into: those its steps name, and the members' own funds if members claim."""
    named: set[str] = set()
    for version in rule.versions:
        for step in walk_steps(version.steps):
            if isinstance(step, Take | Remainder):
                named.add(step.to)
            if isinstance(step, Split) and step.empty_to:
                named.add(step.empty_to)
            if isinstance(step, Hold | Schedule) and step.to:
                named.add(step.to)
            if isinstance(step, Ladder | Release) and step.forfeited_to not in ("", REST):
                named.add(step.forfeited_to)
    named |= moved_accounts(rule)
    if rule.into:
        named.add(rule.into)
    elif rule.among != "staff":
        named.update(
            account.name for account in book.accounts.values() if account.kind == "fund" and account.of != rule.per
        )
    return frozenset(named)


def cycles(graph: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """The cycles of a graph that a walk in sorted order meets, each as the nodes on the way and the first again."""
    found: list[list[str]] = []
    done: set[str] = set()
    for start in sorted(graph):
        path: list[str] = []
        stack: list[tuple[str, Iterator[str]]] = []
        if start not in done:
            path.append(start)
            stack.append((start, iter(sorted(graph[start]))))
        while stack:
            node, following = stack[-1]
            child = next(following, None)
            if child is None:
                done.add(node)
                path.pop()
                stack.pop()
            elif child in path:
                found.append([*path[path.index(child) :], child])
            elif child not in done and child in graph:
                path.append(child)
                stack.append((child, iter(sorted(graph[child]))))
    return found


def cycle_issues(graph: Mapping[str, Iterable[str]], place: Callable[[str], Place]) -> list[Issue]:
    """One issue for each cycle of `graph`, at the place of its first rule, with the chain."""
    return [check_issue("rule-cycle", place(circle[0]), chain=" → ".join(circle)) for circle in cycles(graph)]


def _order(
    codes: Iterable[str], before: Callable[[str], frozenset[str]], place: Callable[[str], Place]
) -> tuple[str, ...]:
    graph: dict[str, frozenset[str]] = {}
    queue = list(codes)
    while queue:
        code = queue.pop()
        if code not in graph:
            graph[code] = before(code)
            queue.extend(graph[code])
    issues = cycle_issues(graph, place)
    if issues:
        raise InputRefused(Text("规则循环引用", "the rules refer to each other in a circle"), issues)
    ordered: list[str] = []
    while len(ordered) < len(graph):
        placed = set(ordered)
        ordered.extend(code for code in sorted(graph) if code not in placed and graph[code] <= placed)
    return tuple(ordered)
