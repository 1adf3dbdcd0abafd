"""Writing entries: one owner's distribution as drafts, balances seen on the way, conservation after every step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from perf.distribution import accounts
from perf.distribution.models import Entry, PathStep, Working
from perf.formulas.nodes import Node, RuleRef
from perf.kernel.errors import NotConserved
from perf.kernel.issues import Issue
from perf.kernel.money import ZERO, Money
from perf.kernel.periods import Period
from perf.kernel.text import Text


class OwnerRefused(Exception):
    """One owner's distribution cannot be done; nothing of it is kept. Carries the issues, no amounts in the text."""

    def __init__(self, *issues: Issue) -> None:
        super().__init__(issues[0].code)
        self.issues = issues


class KeptBack(NamedTuple):
    """What one `hold` kept back of one claimant: the entry it is, its share, yuan before rounding, and to the fen."""

    entry: int
    claimant: str
    share: Fraction
    exact: Fraction
    booked: Money


@dataclass(slots=True)
class Draft:
    """What one distribution does for one owner, kept only when all of it is done.

    `is_told` False: nobody reads why, so shares and payments of single claimants go without their sentences.
    `quotas`: declared accounts of `kind: quota`; what goes into them or comes out is a quota, not paid.
    """

    distribution: str
    owner: str
    period: Period
    rule: RuleRef
    opening: Mapping[str, Money]
    odd_fen_received: Mapping[str, int]
    is_told: bool = True
    quotas: frozenset[str] = frozenset()
    entries: list[Entry] = field(default_factory=list)
    path: list[PathStep] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    odd_fen: dict[str, int] = field(default_factory=dict)
    kept_back: list[KeptBack] = field(default_factory=list)
    _moved: dict[str, int] = field(default_factory=dict)

    @property
    def fund(self) -> str:
        """The account that is being distributed."""
        return accounts.fund(self.owner)

    def balance(self, account: str) -> Money:
        """The balance now, this draft included."""
        return Money(self.opening.get(account, ZERO).fen + self._moved.get(account, 0))

    def overdrawn(self, account: str) -> bool:
        """Whether this draft took more from an account than it held."""
        return self._moved.get(account, 0) < 0 and self.balance(account) < ZERO

    def odd_fen_of(self, claimant: str) -> int:
        """Odd fen received this year, those of this run included."""
        return self.odd_fen_received.get(claimant, 0) + self.odd_fen.get(claimant, 0)

    def move(
        self,
        step: str,
        line: str,
        amount: Money,
        *,
        to: str,
        explanation: Text,
        source: str = "",
        working: Working | None = None,
        claimant: str = "",
        status: str = "paid",
    ) -> None:
        """Book `amount` from the fund (or `source`) to `to`; a negative amount runs the other way round."""
        start, end = (source or self.fund), to
        if amount.fen < 0:
            start, end, amount = end, start, -amount
        self._moved[start] = self._moved.get(start, 0) - amount.fen
        self._moved[end] = self._moved.get(end, 0) + amount.fen
        if status == "paid" and self.quotas and (self._is_quota(start) or self._is_quota(end)):
            status = "quota"
        entry = Entry(
            number=0,
            period=self.period,
            distribution=self.distribution,
            owner=self.owner,
            step=step,
            line=line,
            source=start,
            target=end,
            amount=amount,
            explanation=explanation,
            rule=self.rule,
            working=working,
            claimant=claimant,
            status=status,
        )
        self.entries.append(entry)
        if working is not None and working.odd_fen:
            self.odd_fen[claimant] = self.odd_fen.get(claimant, 0) + working.odd_fen

    def _is_quota(self, account: str) -> bool:
        kind, _, name = account.partition(":")
        return kind == "reserve" and name.partition(":")[0] in self.quotas

    def passed(
        self,
        step: str,
        title: Text,
        part: tuple[str, ...],
        *,
        before: Money,
        after: Money,
        node: Node | None = None,
    ) -> None:
        """Note a step on the way from the pool to the claimants."""
        made = PathStep(self.distribution, self.owner, step, title, part, before, before - after, after, node)
        self.path.append(made)

    def require_drained(self, step: str, fund_before: Money, out: Money) -> None:
        """Check inside a step: what left the fund is what the step says it handed out."""
        gone = fund_before - self.balance(self.fund)
        if gone != out:
            place = f"{self.distribution} {self.owner} {step}"
            raise NotConserved(place, expected_fen=out.fen, found_fen=gone.fen)
