"""Reconciliation: the deals of a period as the rules settle them, without moving any money."""

from collections.abc import Iterator
from typing import NamedTuple

from perf.distribution.claimants import Claimant, Post, owners, segments_below
from perf.distribution.market import open_market
from perf.distribution.market_models import Market
from perf.distribution.sight import Sight
from perf.distribution.transfers import outsiders, price_of
from perf.formulas.nodes import Absent, Node
from perf.kernel.facts import Facts
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.kernel.text import Text
from perf.specs.models import Distribution, RuleBook
from perf.specs.transfer_models import Transfer
from perf.specs.world import World

_NO_MONEY = Absent("not_allowed", (), Text("核对时不看账户", "reconciling looks at no account"))


class Reconciled(NamedTuple):
    """The market of one owner under one transfer."""

    rule: Distribution
    step: Transfer
    owner: str
    market: Market


def reconcile(book: RuleBook, roster: Roster, facts: Facts, period: Period) -> tuple[Reconciled, ...]:
    """Every transfer of the rules that are switched on in `period`, by rule, owner and place in the file."""
    world = World(book, roster, facts, {})
    return tuple(_all(world, period))


def _all(world: World, period: Period) -> Iterator[Reconciled]:
    for code in sorted(world.book.distributions):
        rule = world.book.distributions[code]
        version = rule.version(period) if rule.period == period.kind else None
        steps = version.steps if version is not None and rule.is_on(version) else ()
        transfers = [step for step in steps if isinstance(step, Transfer)]
        if version is None or not transfers:
            continue
        for owner in owners(world.roster, rule.per, period):
            sight = Sight(world, rule, version, owner=owner, period=period, balance=_balance, paid=_paid)
            members = _members(sight)
            for step in transfers:
                around = outsiders(sight, world.roster, members)
                market = open_market(world, step, members, around, period, price_of(sight, step))
                yield Reconciled(rule, step, owner, market)


def _members(sight: Sight) -> dict[str, list[Segment]]:
    """The direct members that take part, as the distribution itself sees them."""
    found: dict[str, list[Segment]] = {}
    nobody = Node("number", Absent("not_allowed"))
    for subject, segments in segments_below(sight.world.roster, sight.owner, sight.rule.among, sight.period).items():
        posts = tuple(Post(segment, nobody) for segment in segments)
        claimant = Claimant(subject, segments[-1].level, posts, segments[-1])
        where = sight.rule.among_where
        kept = [post.segment for post in posts if where is None or sight.holds(where, claimant, post, {})]
        if kept:
            found[subject] = kept
    return found


def _balance(_account: str) -> Node:
    return Node("balance", _NO_MONEY)


def _paid(subject: str, line: str, period: Period, *, to_date: bool) -> Node:
    del subject, line, period, to_date
    return Node("paid", _NO_MONEY)
