"""A part of a fund on its way to the claimants, and what every step needs to work on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

from perf.distribution import accounts
from perf.distribution.booking import Draft
from perf.distribution.claimants import Claimant, Post
from perf.distribution.sight import FUND, REST, Locals, Sight, count_node, money_node
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.specs.models import Account

_NO_TITLES: Mapping[str, Mapping[str, Text]] = MappingProxyType({})


class Work(NamedTuple):
    """What the steps of one owner share: eyes, pen, declared accounts, titles of attributes and of their values."""

    sight: Sight
    draft: Draft
    roster: Roster
    accounts: Mapping[str, Account]
    attributes: Mapping[str, Text]
    fund: Money
    value_titles: Mapping[str, Mapping[str, Text]] = _NO_TITLES

    def account(self, name: str) -> str:
        """The ledger's name of a declared account, seen from the owner; an undeclared name is its reserve."""
        return account_of(self.accounts, self.roster, name, self.sight.owner, self.sight.period)

    def title(self, name: str) -> Text:
        """The title of a declared account."""
        declared = self.accounts.get(name)
        return declared.title if declared is not None and declared.title.zh else Text(name)

    def value_title(self, attribute: str, value: str) -> Text:
        """How people call a value of an attribute."""
        return self.value_titles.get(attribute, {}).get(value) or Text(value)


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the fund and those who claim it.

    Attributes:
        prefix: Step names inside start with it (`03-split/doctor/`).
        titles: Codes of the parts on the way here, outermost first; `words`: how people call them.
        rest: What is left to hand out.
        claimants: With those of their posts that belong here.
        spare: A later step outside takes what is left here.
        first_entry: Entries from here on belong to this part.
    """

    prefix: str
    titles: tuple[str, ...]
    rest: Money
    claimants: tuple[Claimant, ...]
    spare: bool = False
    first_entry: int = 0
    words: tuple[Text, ...] = ()

    def names(self, work: Work) -> Locals:
        """`fund` (the opening amount), `rest` (now), `count` (claimants of the part)."""
        return {
            "fund": money_node(work.fund, FUND),
            "rest": money_node(self.rest, REST),
            "count": count_node(len(self.claimants)),
        }

    def less(self, amount: Money) -> "Part":
        """After `amount` has left."""
        return replace(self, rest=self.rest - amount)


def with_posts(claimant: Claimant, posts: Iterable[Post]) -> Claimant:
    """The same claimant in other posts."""
    found = tuple(posts)
    same = len(found) == len(claimant.posts) and all(a is b for a, b in zip(found, claimant.posts, strict=True))
    return claimant if same else replace(claimant, posts=found)


def account_of(declared: Mapping[str, Account], roster: Roster, name: str, owner: str, period: Period) -> str:
    """`institution:OWNER` for a fund, `reserve:NAME:OWNER` for a reserve; owned at the account's own level above."""
    account = declared.get(name)
    if account is None:
        return accounts.reserve(name, owner)
    holder = roster.ancestor(owner, account.of, period) or owner
    return accounts.institution(holder) if account.kind == "fund" else accounts.reserve(name, holder)
