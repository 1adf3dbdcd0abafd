"""Variance before approval: a run against another month, who moved most and why, who is new, gone, without pay or capped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from perf.appraisal.corrected_pay import line_title
from perf.appraisal.variance_causes import Cause, Month, Own, causes
from perf.distribution import Entry
from perf.distribution.adjustments import RETURNED
from perf.kernel.money import ZERO, Money
from perf.kernel.subjects import Segment

USUAL = Money(10000)
"""A difference below 100 yuan is not told unless asked for."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is told: moves of at least `share` and at least `amount`; pay above `cap` (None: only the rules' own caps)."""

    share: Fraction = Fraction(1, 5)
    amount: Money = USUAL
    cap: Money | None = None


@dataclass(frozen=True, slots=True)
class PersonMove:
    """One person in both months; None: not paid, and not on the roster, in that month."""

    staff_no: str
    name: str
    institution: str
    category: str
    old: Money | None
    new: Money | None
    causes: tuple[Cause, ...] = ()

    @property
    def difference(self) -> Money:
        """New − old."""
        return (self.new or ZERO) - (self.old or ZERO)

    @property
    def share(self) -> Fraction | None:
        """Difference ÷ old; None without pay before."""
        return Fraction(self.difference.fen, self.old.fen) if self.old else None


@dataclass(frozen=True, slots=True)
class GroupMove:
    """An institution or a category: how many persons are paid, and what they get together."""

    by: str
    code: str
    name: str
    old_people: int
    new_people: int
    old: Money
    new: Money

    @property
    def difference(self) -> Money:
        """New − old."""
        return self.new - self.old


@dataclass(frozen=True, slots=True)
class Variance:
    """A run against another one.

    Attributes:
        moved: Persons beyond the limits, the largest difference first, with the reasons.
        newcomers, leavers: Persons on the roster of one month alone, or paid in one alone.
        unpaid: On the roster of the run and paid nothing (below zero: taken back more than paid).
        capped: Persons whose share a rule's cap held, or whose pay is above the limit asked for.
        groups: By institution, then by category, then all.
    """

    run: str
    against: str
    moved: tuple[PersonMove, ...]
    newcomers: tuple[PersonMove, ...]
    leavers: tuple[PersonMove, ...]
    unpaid: tuple[PersonMove, ...]
    capped: tuple[PersonMove, ...]
    groups: tuple[GroupMove, ...]


def variance(old: Month, new: Month, limits: Limits) -> Variance:
    """Compare two runs of one consortium; amounts in fen, what came back from the bank is no pay."""
    before, after = _owns(old), _owns(new)
    rows = [_row(subject, old, new, before, after) for subject in _people(old, new, before, after)]
    both = [row for row in rows if row.old is not None and row.new is not None]
    moved = sorted(
        (row for row in both if _is_beyond(row, limits)), key=lambda row: (-abs(row.difference.fen), row.staff_no)
    )
    nobody = Own({}, {})
    told = tuple(
        PersonMove(
            *(row.staff_no, row.name, row.institution, row.category, row.old, row.new),
            causes(
                row.staff_no,
                (old, before.get(row.staff_no, nobody)),
                (new, after.get(row.staff_no, nobody)),
            ),
        )
        for row in moved
    )
    return Variance(
        new.run,
        old.run,
        told,
        tuple(row for row in rows if row.old is None),
        tuple(row for row in rows if row.new is None),
        tuple(row for row in rows if row.new is not None and row.new <= ZERO),
        tuple(row for row in rows if _is_capped(row, after.get(row.staff_no), limits)),
        _groups(rows, new, old),
    )


def _people(old: Month, new: Month, before: Mapping[str, Own], after: Mapping[str, Own]) -> list[str]:
    """Persons on either roster or in either ledger."""
    found = {
        subject
        for month, owns in ((old, before), (new, after))
        for subject in month.roster.ids()
        if ((segment := month.roster.at(subject, month.period)) is not None and segment.level == "person")
        or (subject in owns and any(owns[subject].lines))
    }
    return sorted(found)


def _owns(month: Month) -> dict[str, Own]:
    found: dict[str, Own] = {}
    for entry in month.ledger.entries:
        for subject, amount in _paid(entry):
            found.setdefault(subject, Own({}, {})).lines.setdefault(line_title(entry), []).append((entry, amount))
    for (scheme, subject), card in month.scores.cards.items():
        if subject in found:
            found[subject].cards[scheme] = card
    return found


def _paid(entry: Entry) -> Iterable[tuple[str, Money]]:
    if entry.status == RETURNED:
        return
    for account, amount in ((entry.target, entry.amount), (entry.source, -entry.amount)):
        if account.startswith("person:"):
            yield account.removeprefix("person:"), amount


def _row(subject: str, old: Month, new: Month, before: Mapping[str, Own], after: Mapping[str, Own]) -> PersonMove:
    segment = _segment(new, subject) or _segment(old, subject)
    own = new if _segment(new, subject) is not None else old
    return PersonMove(
        subject,
        segment.title if segment is not None else _last_title(new, subject),
        own.roster.ancestor(subject, "institution", own.period) or "",
        (segment.attribute("category") or segment.kind) if segment is not None else "",
        _pay(subject, old, before),
        _pay(subject, new, after),
    )


def _segment(month: Month, subject: str) -> Segment | None:
    return month.roster.at(subject, month.period)


def _last_title(month: Month, subject: str) -> str:
    every = month.roster.all_segments(subject)
    return every[-1].title if every else subject


def _pay(subject: str, month: Month, owns: Mapping[str, Own]) -> Money | None:
    if subject not in owns and _segment(month, subject) is None:
        return None
    own = owns.get(subject)
    return Money(sum(amount.fen for rows in own.lines.values() for _, amount in rows)) if own is not None else ZERO


def _is_beyond(row: PersonMove, limits: Limits) -> bool:
    size = abs(row.difference.fen)
    if not size or size < limits.amount.fen:
        return False
    return row.share is None or abs(row.share) >= limits.share


def _is_capped(row: PersonMove, own: Own | None, limits: Limits) -> bool:
    if own is None or row.new is None:
        return False
    is_held = any(
        entry.working is not None and entry.working.cap is not None for rows in own.lines.values() for entry, _ in rows
    )
    return is_held or (limits.cap is not None and row.new > limits.cap)


def _groups(rows: Iterable[PersonMove], new: Month, old: Month) -> tuple[GroupMove, ...]:
    every = list(rows)
    found: list[GroupMove] = []
    for by in ("institution", "category", "all"):
        keys = sorted({_key(row, by) for row in every})
        for key in keys:
            own = [row for row in every if _key(row, by) == key]
            segment = new.roster.at(key, new.period) or old.roster.at(key, old.period)
            found.append(
                GroupMove(
                    by,
                    key,
                    segment.title if by == "institution" and segment is not None else key,
                    sum(1 for row in own if row.old),
                    sum(1 for row in own if row.new),
                    Money(sum((row.old or ZERO).fen for row in own)),
                    Money(sum((row.new or ZERO).fen for row in own)),
                )
            )
    return tuple(found)


def _key(row: PersonMove, by: str) -> str:
    return {"institution": row.institution, "category": row.category}.get(by, "")
