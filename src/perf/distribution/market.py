"""The internal market of one owner: what each side says it rendered or got, what is agreed, and what it costs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from perf.distribution.market_models import Deal, Market, Trade
from perf.distribution.market_wording import NEGATIVE_PRICE, MarketWords
from perf.formulas import as_number
from perf.formulas.arithmetic import number
from perf.formulas.nodes import Absent, Node
from perf.kernel.facts import Fact
from perf.kernel.issues import Issue
from perf.kernel.money import ZERO, money_from_yuan
from perf.kernel.periods import Period
from perf.kernel.subjects import Segment
from perf.specs.check_transfers import measure_of
from perf.specs.measured import fact_node
from perf.specs.models import ItemList, Measure
from perf.specs.transfer_models import Transfer
from perf.specs.world import World

Members = Mapping[str, Sequence[Segment]]
Price = Callable[[Trade], Node]
"""Yuan of one unit."""
Both = tuple[Fact | None, Fact | None]
_NONE = Fraction(0)


def open_market(
    world: World, step: Transfer, members: Members, outsiders: Sequence[str], period: Period, price: Price
) -> Market:
    """Put the reports of both sides beside each other and price what is agreed.

    Args:
        members: Direct members of the owner -> their segments in the period.
        outsiders: Subjects whose reports do not count, looked at only to say so.
        price: What the rule asks for one unit.
    Returns:
        The deals whose counts are not all zero, in order, whatever the order of the facts.
    Source: policy.md (internal market between members); rules-language (transfer).
    """
    words = MarketWords(world, step, period)
    reports = _Reports(world, step, members, words)
    measures = [None if f is None else measure_of(world.book, f) for f in (step.provided, step.received)]
    sides = [reports.of_side(measure, is_provider=side == 0) for side, measure in enumerate(measures)]
    reports.of_outsiders([measure for measure in measures if measure is not None], outsiders)
    deals, issues = list[Deal](), reports.issues
    for trade in sorted({*sides[0], *sides[1]} - reports.spoilt):
        both = sides[0].get(trade), sides[1].get(trade)
        seen = [_count_node(f, m) for f, m in zip(both, measures, strict=True) if f is not None and m is not None]
        deal = _deal(world.book.lists[step.items], step, trade, both, seen, price)
        if any(deal.counts):
            deals.append(deal)
            issues.extend(_told(step, deal, words))
    issues.extend(_left(members, deals, period, words))
    return Market(tuple(deals), tuple(issues))


class _Reports:
    """Reads what the members reported; what cannot count is an issue at its cell."""

    def __init__(self, world: World, step: Transfer, members: Members, words: MarketWords) -> None:
        self._world, self._members, self._words = world, members, words
        self._rows = world.book.lists.get(step.items)
        self.issues: list[Issue] = []
        self.spoilt: set[Trade] = set()
        """Trades of which a count is no count: nothing is paid, and nothing else is said of them."""

    def of_side(self, measure: Measure | None, *, is_provider: bool) -> dict[Trade, Fact]:
        """Trade -> the fact of one side."""
        found: dict[Trade, Fact] = {}
        if measure is None:
            return found
        for member in sorted(self._members):
            for fact in self._facts(member, measure):
                other, item = fact.key.counterparty, fact.key.item
                trade = Trade(member, other, item) if is_provider else Trade(other, member, item)
                issue = self._wrong(fact, measure)
                if issue is None and not _is_count(fact, measure):
                    issue = self._words.no_count(fact, measure)
                    self.spoilt.add(trade)
                if issue is None:
                    found[trade] = fact
                else:
                    self.issues.append(issue)
        return found

    def of_outsiders(self, measures: Sequence[Measure], outsiders: Sequence[str]) -> None:
        """Reports of those who are no members: one issue a measure."""
        for subject in outsiders:
            for measure in measures:
                for fact in self._facts(subject, measure)[:1]:
                    self.issues.append(self._words.not_a_member(fact, measure, subject))

    def _facts(self, subject: str, measure: Measure) -> list[Fact]:
        facts, period = self._world.facts, self._words.period
        own = facts.own(subject, measure.code, period)
        return [*([own] if own is not None else []), *facts.itemised(subject, measure.code, period)]

    def _wrong(self, fact: Fact, measure: Measure) -> Issue | None:
        """What is wrong with the other side or the item."""
        key, words = fact.key, self._words
        if not key.item or not key.counterparty:
            return words.incomplete(fact, measure)
        if key.counterparty == key.subject:
            return words.with_itself(fact, measure)
        if key.counterparty not in self._members:
            return words.not_a_member(fact, measure, key.counterparty)
        if self._rows is None or key.item not in self._rows.items:
            return words.unknown_item(fact, measure, self._rows)
        return None


def _is_count(fact: Fact, measure: Measure) -> bool:
    """A number that is not negative, with no more decimals than its measure declares."""
    value = fact.value
    if not isinstance(value, Fraction) or value < 0:
        return False
    return measure.digits == "exact" or (value * 10**measure.digits).denominator == 1


def _deal(rows: ItemList, step: Transfer, trade: Trade, both: Both, seen: Sequence[Node], price: Price) -> Deal:
    provided, received = (fact.value if fact is not None else None for fact in both)
    counts = (
        provided if isinstance(provided, Fraction) else None,
        received if isinstance(received, Fraction) else None,
    )
    agreed, title = _agreed(step, *counts), rows.items[trade.item].title
    quantity, unit = _quantity(seen, agreed), as_number(price(trade))
    if isinstance(unit.value, Fraction) and unit.value < 0:
        unit = Node("name", Absent("not_allowed", (), NEGATIVE_PRICE), (unit,), unit.label)
    if not isinstance(unit.value, Fraction):
        node = Node("*", unit.value, (quantity, unit), unit="yuan")
        return Deal(trade, title, both, counts, agreed, unit, ZERO, ZERO, node)
    node = Node("*", agreed * unit.value, (quantity, unit), unit="yuan")
    low, high = sorted(count or _NONE for count in counts) if step.received is not None else (agreed, agreed)
    disputed = money_from_yuan(high * unit.value) - money_from_yuan(low * unit.value)
    return Deal(trade, title, both, counts, agreed, unit, money_from_yuan(agreed * unit.value), disputed, node)


def _count_node(fact: Fact, measure: Measure) -> Node:
    """The count under the name of its measure; the item stands in the title of the deal."""
    return fact_node(fact, measure)._replace(label=measure.title)


def _agreed(step: Transfer, provided: Fraction | None, received: Fraction | None) -> Fraction:
    """The count that is paid, as the rule settles differences; a side that said nothing says 0."""
    if step.received is None or step.on_difference == "provided":
        return provided or _NONE
    if step.on_difference == "received":
        return received or _NONE
    return min(provided or _NONE, received or _NONE)


def _quantity(seen: Sequence[Node], agreed: Fraction) -> Node:
    """The agreed count with the cell it comes from; with both cells where the lower of two counts."""
    chosen = [node for node in seen if node.value == agreed]
    if len(chosen) == 1 < len(seen) and all(isinstance(n.value, Fraction) and n.value >= agreed for n in seen):
        return Node("min", agreed, tuple(seen))
    return chosen[0] if chosen else number(agreed)


def _told(step: Transfer, deal: Deal, words: MarketWords) -> Iterator[Issue]:
    if not isinstance(deal.price.value, Fraction):
        yield words.not_priced(deal)
    elif step.received is not None and None in deal.counts:
        yield words.one_sided(deal)
    elif step.received is not None and deal.counts[0] != deal.counts[1]:
        yield words.counts_differ(deal)


def _left(members: Members, deals: Sequence[Deal], period: Period, words: MarketWords) -> Iterator[Issue]:
    """Members that trade and were gone before the end of the period."""
    for member in sorted({who for deal in deals for who in (deal.trade.provider, deal.trade.receiver)}):
        last = max(segment.last_day for segment in members[member])
        if last < period.last_day:
            yield words.member_left(next(deal for deal in deals if member in deal.trade[:2]), member, last)
