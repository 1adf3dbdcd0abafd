"""What other rules do to one month: who rises, who falls, in score, grade, rank, coefficient and pay to the fen."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from perf.appraisal.month import Appraisal
from perf.distribution.accounts import Movement
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.scoring import Scorecard

PERSON = "person:"


class Standing(NamedTuple):
    """What a scorecard says in the end; `total` None: blocked or failed."""

    total: Fraction | None
    grade: str
    rank: int | None
    rank_of: int | None
    coefficient: Fraction | None
    status: str


class StandingChange(NamedTuple):
    """The standing of a subject under a scheme; None where it has no card."""

    scheme: str
    subject: str
    name: str
    old: Standing | None
    new: Standing | None

    @property
    def difference(self) -> Fraction | None:
        """New − old total; None where one of them is missing."""
        if self.old is None or self.new is None or self.old.total is None or self.new.total is None:
            return None
        return self.new.total - self.old.total


class PayChange(NamedTuple):
    """An account whose movement is another: `person:ID`, `institution:ID`, `reserve:NAME:ID`, `held:ID`."""

    account: str
    old: Money
    new: Money
    name: str = ""

    @property
    def difference(self) -> Money:
        """New − old."""
        return self.new - self.old


class Tally(NamedTuple):
    """How many rise, fall, stay the same; `unclear`: a total came or went."""

    up: int
    down: int
    same: int
    unclear: int = 0


@dataclass(frozen=True, slots=True)
class MonthEffect:
    """One consortium and period under both rules.

    Attributes:
        standings: Those that differ, by scheme and subject; `totals`: of all of them.
        grades: (old, new) -> how many.
        pay: Accounts whose movement differs, persons and others; `persons`: of all who are paid under either.
        old_sum, new_sum: What persons get together.
        old_failed, new_failed: (distribution, owner) that was refused.
    """

    consortium: str
    period: Period
    standings: tuple[StandingChange, ...]
    totals: Tally
    grades: Mapping[tuple[str, str], int]
    pay: tuple[PayChange, ...]
    persons: Tally
    old_sum: Money
    new_sum: Money
    old_failed: tuple[tuple[str, str], ...] = ()
    new_failed: tuple[tuple[str, str], ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether nothing differs."""
        return not self.standings and not self.pay and self.old_failed == self.new_failed

    def people(self) -> tuple[PayChange, ...]:
        """The persons whose pay differs, the greatest loss first, then to the greatest gain; ties by account."""
        found = (change for change in self.pay if change.account.startswith(PERSON))
        return tuple(sorted(found, key=lambda change: (change.difference, change.account)))


def compare_month(consortium: str, period: Period, old: Appraisal, new: Appraisal, roster: Roster) -> MonthEffect:
    """Compare the same month under two sets of rules; figures are compared exactly, money to the fen."""
    before, after = _standings(old), _standings(new)
    keys = sorted(before.keys() | after.keys())
    every = [StandingChange(*key, _name(roster, key[1], period), before.get(key), after.get(key)) for key in keys]
    one, other = moved(old.ledger.entries), moved(new.ledger.entries)
    accounts = sorted(one.keys() | other.keys())
    persons = [PayChange(a, Money(one[a]), Money(other[a])) for a in accounts if a.startswith(PERSON)]
    grades = Counter(
        (change.old.grade, change.new.grade)
        for change in every
        if change.old is not None and change.new is not None and change.old.grade != change.new.grade
    )
    return MonthEffect(
        consortium=consortium,
        period=period,
        standings=tuple(change for change in every if change.old != change.new),
        totals=_tally_totals(every),
        grades=dict(sorted(grades.items())),
        pay=tuple(pay_changes(one, other, lambda account: _name(roster, account.rpartition(":")[2], period))),
        persons=_tally([change.difference.fen for change in persons]),
        old_sum=Money(sum(change.old.fen for change in persons)),
        new_sum=Money(sum(change.new.fen for change in persons)),
        old_failed=tuple(sorted(old.ledger.failed)),
        new_failed=tuple(sorted(new.ledger.failed)),
    )


def moved(entries: Iterable[Movement]) -> Counter[str]:
    """Account -> what came in less what went out, in fen."""
    found = Counter[str]()
    for entry in entries:
        found[entry.source] -= entry.amount.fen
        found[entry.target] += entry.amount.fen
    return found


def pay_changes(
    before: Counter[str], after: Counter[str], name: Callable[[str], str] = lambda _account: ""
) -> Iterable[PayChange]:
    """The accounts whose movement differs, by account."""
    for account in sorted(before.keys() | after.keys()):
        if before[account] != after[account]:
            yield PayChange(account, Money(before[account]), Money(after[account]), name(account))


def _standings(appraisal: Appraisal) -> dict[tuple[str, str], Standing]:
    return {key: _standing(card) for key, card in appraisal.scores.cards.items()}


def _standing(card: Scorecard) -> Standing:
    return Standing(card.total, card.grade, card.rank, card.rank_of, card.coefficient, card.status)


def _tally_totals(changes: Iterable[StandingChange]) -> Tally:
    told = list(changes)
    compared = [change.difference for change in told if change.difference is not None]
    unclear = sum(1 for c in told if c.difference is None and _has_total(c.old) != _has_total(c.new))
    same = _tally(compared)
    return Tally(same.up, same.down, same.same, unclear)


def _has_total(standing: Standing | None) -> bool:
    return standing is not None and standing.total is not None


def _tally(differences: Iterable[Fraction | int]) -> Tally:
    signs = Counter((one > 0) - (one < 0) for one in differences)
    return Tally(signs[1], signs[-1], signs[0])


def _name(roster: Roster, subject: str, period: Period) -> str:
    segment = roster.at(subject, period)
    if segment is not None:
        return segment.title
    return roster.all_segments(subject)[-1].title if subject in roster else ""
