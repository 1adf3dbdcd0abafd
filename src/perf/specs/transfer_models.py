"""Transfers: services that members of one owner render each other, priced by item and settled from account to account."""

from dataclasses import dataclass
from typing import Literal

from perf.formulas import Formula
from perf.kernel.issues import Place

OnDifference = Literal["hold", "lower", "provided", "received", "refuse"]
ShortAccount = Literal["refuse", "overdraw"]


@dataclass(frozen=True, slots=True)
class Transfer:
    """Every (provider, receiver, item): the agreed count × `price`, to the fen, from the receiver's to the provider's account.

    Attributes:
        line: The line of the entries.
        items: Code of the list that prices the items.
        provided, received: The measures that the two sides report by item and counterparty, each as a plain name;
            `received` None: the provider's word counts.
        price: Yuan of one unit; sees `item.x` of the list, `provider.x`, `receiver.x`, and what the owner sees.
        on_difference: What is paid where the two counts differ or one is missing. `hold`, `lower`: the lower one (none
            where one is missing); `provided`, `received`: that side's; `refuse`: nothing of the whole market.
        account: The declared account of each member that pays and is paid.
        short: Where a member owes more than its account holds.
    """

    line: str
    items: str
    provided: Formula
    received: Formula | None
    price: Formula
    on_difference: OnDifference
    account: str
    short: ShortAccount
    place: Place

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """Everything that it looks at."""
        return tuple(one for one in (self.provided, self.received, self.price) if one is not None)
