"""What a run booked, as it is stored, for a scenario that takes over what it leaves alone."""

from collections.abc import Iterable

from perf.distribution import Entry, Kept, Working
from perf.distribution.adjustments import DISTRIBUTION as ADJUSTMENT
from perf.distribution.corrections import CORRECTION
from perf.formulas.nodes import Node, RuleRef
from perf.kernel.money import ZERO
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.storage.results import EntryFigures

_UNTOLD = Node("claim", "")


def kept_of(rows: Iterable[EntryFigures], period: Period, rules: frozenset[str]) -> Kept | None:
    """The entries of the distributions of a run, those of `rules` to be taken over; None where there are no such rules.

    Corrections and adjustments are no distributions: they are booked anew behind them.
    """
    if not rules:
        return None
    booked: dict[tuple[str, str], list[Entry]] = {}
    for row in rows:
        if row.distribution not in (ADJUSTMENT, CORRECTION):
            booked.setdefault((row.distribution, row.owner), []).append(_entry(row, period))
    return Kept(rules, {unit: tuple(entries) for unit, entries in booked.items()})


def _entry(row: EntryFigures, period: Period) -> Entry:
    """A stored entry; of how it came about only the odd fen are known."""
    return Entry(
        number=row.number,
        period=period,
        distribution=row.distribution,
        owner=row.owner,
        step=row.step,
        line=row.line,
        source=row.source,
        target=row.target,
        amount=row.amount,
        explanation=Text(row.explanation, row.explanation_en),
        rule=RuleRef(row.distribution),
        working=_odd(row.odd_fen) if row.odd_fen else None,
        claimant=row.claimant,
        status=row.status,
    )


def _odd(fen: int) -> Working:
    return Working((), ZERO, _UNTOLD, ZERO.yuan, 0, ZERO.yuan, odd_fen=fen)
