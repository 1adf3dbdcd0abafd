"""What a scenario does to pay: each person before and after, by institution, category, title and decile, spread and cost."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple, Protocol

from perf.distribution.accounts import Movement
from perf.kernel.money import ZERO, Money, total
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment

GroupKind = Literal["institution", "category", "title", "decile"]
GROUP_KINDS: tuple[GroupKind, ...] = ("institution", "category", "title", "decile")
Owner = tuple[str, str, str]
"""Consortium, distribution, owner of the fund."""


class Booked(Movement, Protocol):
    """An entry of a ledger, computed or stored."""

    @property
    def distribution(self) -> str:
        """The rule it was booked by."""

    @property
    def owner(self) -> str:
        """Whose fund."""


class PersonShift(NamedTuple):
    """One person over all months: everything in accounts of the person's own, held back or paid."""

    consortium: str
    subject: str
    name: str
    institution: str
    category: str
    title: str
    before: Money
    after: Money

    @property
    def change(self) -> Money:
        """After less before."""
        return self.after - self.before


class GroupShift(NamedTuple):
    """The persons who share a value: how many gain, lose, stay, and their pay together."""

    kind: GroupKind
    value: str
    persons: int
    gain: int
    lose: int
    before: Money
    after: Money

    @property
    def change(self) -> Money:
        """After less before."""
        return self.after - self.before


class FundShift(NamedTuple):
    """One fund: what comes from outside, what persons get, what institutions and reserves keep; outside = people + kept."""

    consortium: str
    distribution: str
    owner: str
    outside_before: Money
    outside_after: Money
    people_before: Money
    people_after: Money
    kept_before: Money
    kept_after: Money


@dataclass(frozen=True, slots=True)
class Spread:
    """How unequal pay is: exact figures over persons.

    Attributes:
        gini: 0: all alike; None where nobody is paid, or somebody owes.
        ratio: Most ÷ least (极差比); None where the least is not above 0.
    """

    persons: int
    total: Money
    least: Money
    median: Fraction
    most: Money
    gini: Fraction | None
    ratio: Fraction | None

    @property
    def mean(self) -> Fraction:
        """Yuan a person."""
        return self.total.yuan / self.persons if self.persons else Fraction(0)


@dataclass(frozen=True, slots=True)
class PayShift:
    """The whole: persons from the greatest gain to the greatest loss, groups by kind and value, funds by name."""

    persons: tuple[PersonShift, ...]
    groups: tuple[GroupShift, ...]
    funds: tuple[FundShift, ...]
    before: Spread
    after: Spread

    def tally(self) -> tuple[int, int, int]:
        """How many gain, lose, stay."""
        return _tally(self.persons)

    def fund_sums(self) -> FundShift:
        """All funds together."""
        sums = [total(amounts) for amounts in zip(*(fund[3:] for fund in self.funds), strict=True)] or [ZERO] * 6
        return FundShift("", "", "", *sums)


class ShiftTally:
    """Takes in months, one after the other, and gives the whole."""

    def __init__(self) -> None:
        self._persons: dict[tuple[str, str], list[int]] = {}
        self._who: dict[tuple[str, str], PersonShift] = {}
        self._funds: dict[Owner, list[int]] = {}

    def add(
        self, consortium: str, period: Period, roster: Roster, *, before: Sequence[Booked], after: Sequence[Booked]
    ) -> None:
        """Take in one month under both sets of rules; who somebody is, the latest month says."""
        is_person: dict[str, Segment | None] = {}
        for side, entries in enumerate((before, after)):
            for entry in entries:
                fen = entry.amount.fen
                fund = self._funds.setdefault((consortium, entry.distribution, entry.owner), [0] * 6)
                for account, amount in ((entry.target, fen), (entry.source, -fen)):
                    kind, _, rest = account.partition(":")
                    if kind == "outside":
                        fund[side] -= amount
                        continue
                    if kind == "fund":
                        continue
                    subject = rest.rpartition(":")[2]
                    segment = _person(is_person, roster, subject, period)
                    fund[(4 if segment is None else 2) + side] += amount
                    if segment is not None:
                        sums = self._persons.setdefault((consortium, subject), [0, 0])
                        sums[side] += amount
        for subject, segment in is_person.items():
            if segment is not None:
                self._who[consortium, subject] = _described(consortium, segment, roster, period)

    def shift(self, *, institution: str | None = None) -> PayShift:
        """The whole so far; of one institution's people only where asked: funds are always all."""
        persons = [
            replaced
            for key, (old, new) in self._persons.items()
            if (who := self._who[key]) and institution in (None, who.institution)
            for replaced in [who._replace(before=Money(old), after=Money(new))]
        ]
        persons.sort(key=lambda one: (-one.change.fen, one.consortium, one.subject))
        funds = [FundShift(*key, *map(Money, sums)) for key, sums in sorted(self._funds.items())]
        return PayShift(
            persons=tuple(persons),
            groups=tuple(_groups(persons)),
            funds=tuple(funds),
            before=spread_of([one.before for one in persons]),
            after=spread_of([one.after for one in persons]),
        )


def spread_of(amounts: Iterable[Money]) -> Spread:
    """The exact spread of these amounts; the Gini coefficient is Σ (2 i − n − 1) x(i) ÷ (n Σ x) over sorted amounts."""
    fen = sorted(amount.fen for amount in amounts)
    count, whole = len(fen), sum(fen)
    if not count:
        return Spread(0, ZERO, ZERO, Fraction(0), ZERO, None, None)
    ranked = sum((2 * place - count - 1) * amount for place, amount in enumerate(fen, start=1))
    least, most = fen[0], fen[-1]
    return Spread(
        persons=count,
        total=Money(whole),
        least=Money(least),
        median=Fraction(fen[(count - 1) // 2] + fen[count // 2], 200),
        most=Money(most),
        gini=Fraction(ranked, count * whole) if whole > 0 and least >= 0 else None,
        ratio=Fraction(most, least) if least > 0 else None,
    )


def deciles(persons: Sequence[PersonShift]) -> dict[tuple[str, str], int]:
    """(consortium, subject) -> 1 (lowest) to 10 by pay before: tenths of those who are paid less; equals stay together."""
    ordered = sorted(one.before.fen for one in persons)
    below: dict[int, int] = {}
    for place, fen in enumerate(ordered):
        below.setdefault(fen, place)
    return {(one.consortium, one.subject): 10 * below[one.before.fen] // len(ordered) + 1 for one in persons}


def _groups(persons: Sequence[PersonShift]) -> Iterable[GroupShift]:
    tenths = deciles(persons)
    values: Mapping[GroupKind, Callable[[PersonShift], str]] = {
        "institution": lambda one: one.institution,
        "category": lambda one: one.category,
        "title": lambda one: one.title,
        "decile": lambda one: f"{tenths[one.consortium, one.subject]:02d}",
    }
    for kind in GROUP_KINDS:
        found: dict[str, list[PersonShift]] = {}
        for one in persons:
            found.setdefault(values[kind](one), []).append(one)
        for value, members in sorted(found.items()):
            gain, lose, _ = _tally(members)
            before, after = total(one.before for one in members), total(one.after for one in members)
            yield GroupShift(kind, value, len(members), gain, lose, before, after)


def _tally(persons: Iterable[PersonShift]) -> tuple[int, int, int]:
    changes = [one.change.fen for one in persons]
    gain, lose = sum(fen > 0 for fen in changes), sum(fen < 0 for fen in changes)
    return gain, lose, len(changes) - gain - lose


def _person(known: dict[str, Segment | None], roster: Roster, subject: str, period: Period) -> Segment | None:
    """The segment of a person; None of whoever is none."""
    if subject not in known:
        rows = roster.all_segments(subject)
        segment = roster.at(subject, period) or (max(rows, key=lambda row: row.last_day) if rows else None)
        known[subject] = segment if segment is not None and segment.level == "person" else None
    return known[subject]


def _described(consortium: str, segment: Segment, roster: Roster, period: Period) -> PersonShift:
    subject = segment.subject
    institution = roster.ancestor(subject, "institution", period) or segment.parent
    category = segment.attribute("category") or segment.kind
    return PersonShift(
        consortium, subject, segment.title, institution, category, segment.attribute("title") or "", ZERO, ZERO
    )
