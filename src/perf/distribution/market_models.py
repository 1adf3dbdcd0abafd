"""Deals of an internal market: what two members say of one item, what is agreed, what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from perf.formulas.nodes import Node
from perf.kernel.facts import Fact
from perf.kernel.issues import Issue
from perf.kernel.money import Money
from perf.kernel.text import Text


class Trade(NamedTuple):
    """Who rendered what to whom."""

    provider: str
    receiver: str
    item: str


@dataclass(frozen=True, slots=True)
class Deal:
    """One (provider, receiver, item) of a period.

    Attributes:
        title: Of the item.
        facts: What the provider and the receiver reported; None: nothing. `counts`: the same as numbers.
        agreed: The count that is paid.
        price: Yuan of one unit; its value is `Absent` where there is none, and nothing is paid.
        amount: agreed × price, to the fen.
        disputed: What the difference of the two counts is worth, never negative; a side that said nothing says 0.
        node: How the amount came about, before it was rounded.
    """

    trade: Trade
    title: Text
    facts: tuple[Fact | None, Fact | None]
    counts: tuple[Fraction | None, Fraction | None]
    agreed: Fraction
    price: Node
    amount: Money
    disputed: Money
    node: Node


@dataclass(frozen=True, slots=True)
class Market:
    """All deals by (provider, receiver, item), and everything that somebody has to mend."""

    deals: tuple[Deal, ...]
    issues: tuple[Issue, ...]

    def net(self) -> Mapping[str, Money]:
        """Member -> what it earns less what it pays; they sum to zero."""
        fen: dict[str, int] = {}
        for deal in self.deals:
            fen[deal.trade.provider] = fen.get(deal.trade.provider, 0) + deal.amount.fen
            fen[deal.trade.receiver] = fen.get(deal.trade.receiver, 0) - deal.amount.fen
        return {member: Money(fen[member]) for member in sorted(fen)}
