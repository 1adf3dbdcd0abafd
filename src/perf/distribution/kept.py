"""What a run booked before, taken over where nothing that it hangs on is another (scenarios). Source: ADR-0033."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from perf.distribution.models import Entry
from perf.kernel.subjects import Roster

Unit = tuple[str, str]
"""A distribution and its owner."""
_UNSEEN = frozenset({"outside", "person", "fund"})
"""Kinds of accounts whose balance no rule looks at."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What another run of the same roster, opening balances and payments booked, its distributions in the same order.

    Attributes:
        rules: Distributions whose rules, facts and scores are those of that run, and that ask for no payments.
        booked: What that run booked, in order.
    """

    rules: frozenset[str]
    booked: Mapping[Unit, tuple[Entry, ...]]


class Apart:
    """Whose accounts or odd fen are others than in the run before, as far as a run has come; once apart, always apart."""

    def __init__(self, kept: Kept, roster: Roster) -> None:
        self.kept, self._roster = kept, roster
        self._fen: dict[str, int] = {}
        self._subjects: set[str] = set()
        self._above: set[str] = set()
        self._lines: dict[str, frozenset[str]] = {}

    def taken_over(self, rule: str, owner: str) -> tuple[Entry, ...] | None:
        """What was booked before, if it would be booked again: nothing at, above or below the owner is apart."""
        if rule not in self.kept.rules or owner in self._above or not self._subjects.isdisjoint(self._line(owner)):
            return None
        return self.kept.booked.get((rule, owner), ())

    def without(self, served: Iterable[str]) -> None:
        """Note what distributions booked that are not served any more."""
        still = frozenset(served)
        for rule, owner in self.kept.booked:
            if rule not in still:
                self.computed(rule, owner, ())

    def computed(self, rule: str, owner: str, entries: Iterable[Entry]) -> None:
        """Note what is booked in the place of what was."""
        odd: dict[str, int] = {}
        touched = self._note(odd, self.kept.booked.get((rule, owner), ()), -1) | self._note(odd, entries, 1)
        self._apart(_subject(account) for account in touched if self._fen.get(account))
        self._apart(claimant for claimant, fen in odd.items() if fen)

    def _note(self, odd: dict[str, int], entries: Iterable[Entry], sign: int) -> set[str]:
        touched: set[str] = set()
        for entry in entries:
            for account, fen in ((entry.source, -entry.amount.fen), (entry.target, entry.amount.fen)):
                self._fen[account] = self._fen.get(account, 0) + sign * fen
                touched.add(account)
            if entry.working is not None:
                odd[entry.claimant] = odd.get(entry.claimant, 0) + sign * entry.working.odd_fen
        return {account for account in touched if account.partition(":")[0] not in _UNSEEN}

    def _apart(self, subjects: Iterable[str]) -> None:
        for subject in set(subjects) - self._subjects:
            self._subjects.add(subject)
            self._above |= self._line(subject)

    def _line(self, subject: str) -> frozenset[str]:
        """The subject and all that it ever stood below."""
        if subject not in self._lines:
            found, queue = {subject}, [subject]
            while queue:
                for segment in self._roster.all_segments(queue.pop()):
                    if segment.parent and segment.parent not in found:
                        found.add(segment.parent)
                        queue.append(segment.parent)
            self._lines[subject] = frozenset(found)
        return self._lines[subject]


def _subject(account: str) -> str:
    """Whose account it is."""
    return account.split(":", 2 if account.startswith("reserve:") else 1)[-1]
