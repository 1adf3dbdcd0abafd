"""From month to month of a scenario: balances, odd fen, payments and totals that it leaves other than the runs did."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from perf.distribution import CardFigures, Entry
from perf.distribution.paid import add_movement
from perf.kernel.figures import exact_text
from perf.kernel.periods import Period
from perf.services.run_inputs import CARRIED_OVER
from perf.storage.results import EntryFigures

Cards = Mapping[tuple[str, str], CardFigures]
Booking = Entry | EntryFigures


@dataclass(frozen=True, slots=True)
class MonthLeft:
    """What one month of a scenario leaves other than its run.

    Attributes:
        published_at: When its run was: what was computed before does not know of it.
        moved, odd_fen, paid: New − old in fen, by account, by claimant, by (subject, line).
        totals: (scheme, subject) -> text of the total, of `schemes`, whose totals all stand here.
    """

    period: Period
    published_at: datetime
    moved: Mapping[str, int]
    odd_fen: Mapping[str, int]
    paid: Mapping[tuple[str, str], int]
    schemes: frozenset[str]
    totals: Mapping[tuple[str, str], str | None]


def month_left(
    period: Period,
    published_at: datetime,
    *,
    before: Iterable[Booking],
    after: Iterable[Booking],
    cards: Cards,
    rescored: frozenset[str],
) -> MonthLeft:
    """What a month leaves, from the entries of its run and of the scenario."""
    moved, odd, paid = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for sign, entries in ((-1, before), (1, after)):
        side: dict[tuple[str, str], int] = {}
        for entry in entries:
            moved[entry.target] += sign * entry.amount.fen
            moved[entry.source] -= sign * entry.amount.fen
            odd[entry.claimant] += sign * _odd_fen(entry)
            add_movement(side, entry)
        for key, fen in side.items():
            paid[key] += sign * fen
    return MonthLeft(
        period,
        published_at,
        {account: fen for account, fen in moved.items() if fen and account.startswith(CARRIED_OVER)},
        {claimant: fen for claimant, fen in odd.items() if fen},
        {key: fen for key, fen in paid.items() if fen},
        rescored,
        {key: None if c.total is None else exact_text(c.total) for key, c in cards.items() if key[0] in rescored},
    )


def carried(prior: Mapping[str, Any], months: Iterable[MonthLeft], period: Period) -> dict[str, Any]:
    """The pinned prior of a run of `period`, had the scenario's `months` been in the place of their runs."""
    opening, odd = Counter[str](prior["opening"]), Counter[str](prior["odd_fen"])
    totals, paid = list(prior["totals"]), prior.get("paid")
    rows = {tuple(row[:3]): row[3] for row in (paid or {}).get("rows", ())}
    lines = frozenset((paid or {}).get("lines", ()))
    for month in months:
        opening.update(month.moved)
        if month.period.year == period.year:
            odd.update(month.odd_fen)
        text = str(month.period)
        for (subject, line), fen in month.paid.items():
            if line in lines:
                key = (subject, line, text)
                rows[key] = rows.get(key, 0) + fen
        totals = [row for row in totals if row[2] != text or row[0] not in month.schemes]
        totals += [[scheme, subject, text, total] for (scheme, subject), total in sorted(month.totals.items())]
    return {
        **prior,
        **({} if paid is None else {"paid": {**paid, "rows": [[*key, fen] for key, fen in sorted(rows.items())]}}),
        "totals": totals,
        "opening": {account: fen for account, fen in sorted(opening.items()) if fen},
        "odd_fen": {claimant: fen for claimant, fen in sorted(odd.items()) if fen},
    }


def _odd_fen(entry: Booking) -> int:
    if isinstance(entry, EntryFigures):
        return entry.odd_fen
    return 0 if entry.working is None else entry.working.odd_fen
