"""Scores of a scenario: those that were stored where nothing they hang on changes, else on columns, else one by one."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from perf.appraisal.month import Prior, card_figures, schemes_of
from perf.distribution import CardFigures
from perf.kernel.facts import Facts
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.scoring import score
from perf.specs.models import RuleBook
from perf.specs.order import used_schemes
from perf.storage.results import ScoreFigures

if TYPE_CHECKING:
    from perf.scoring.columnar import ColumnScores

Cards = dict[tuple[str, str], CardFigures]
_FORFEITS = "forfeit_pay"


def stored_cards(rows: Iterable[ScoreFigures]) -> Cards:
    """What distributions need to know, from the stored rows of totals: the gravest effect of a veto is its reason."""
    return {
        (row.scheme, row.subject): CardFigures(
            total=row.score,
            coefficient=row.coefficient,
            grade=row.grade,
            forfeits_pay=row.status == "vetoed" and row.reason == _FORFEITS,
            status=row.status,
        )
        for row in rows
    }


def scenario_cards(
    book: RuleBook,
    roster: Roster,
    facts: Facts,
    period: Period,
    prior: Prior,
    *,
    stored: Mapping[tuple[str, str], CardFigures],
    rescored: frozenset[str],
) -> Cards:
    """The cards of the month under `book`.

    Args:
        stored: Those of the run.
        rescored: Codes of the schemes whose cards may be others.
    """
    in_use = frozenset(schemes_of(book, period))
    found = {key: card for key, card in stored.items() if key[0] not in rescored and key[0] in in_use}
    anew = sorted(rescored & in_use)
    alone = [code for code in anew if not used_schemes(book, code)]
    on_columns = _on_columns(book, roster, facts, period, prior, alone) if alone else {}
    found.update(card for cards in on_columns.values() for card in cards.items())
    one_by_one = [code for code in anew if code not in on_columns]
    if one_by_one:
        scores = score(book, roster, facts, period, one_by_one, totals=prior.totals)
        found.update(card_figures(scores.cards))
    return dict(sorted(found.items()))


def _on_columns(
    book: RuleBook, roster: Roster, facts: Facts, period: Period, prior: Prior, schemes: Iterable[str]
) -> dict[str, Cards]:
    """Scheme -> its cards, of those of `schemes` that the columns can score."""
    from perf.scoring.columnar import NotColumnar, columns_of, compile_scheme  # arrays, only where something is scored

    found: dict[str, Cards] = {}
    for code in schemes:
        try:
            columns = columns_of(book, roster, facts, period, code, totals=prior.totals)
            found[code] = dict(_cards(compile_scheme(book, code, period).run(columns)))
        except NotColumnar:
            continue
    return found


def totals_changed(
    stored: Mapping[tuple[str, str], CardFigures], found: Mapping[tuple[str, str], CardFigures], schemes: frozenset[str]
) -> int:
    """How many totals of `schemes` are others than before."""
    keys = {key for key in (*stored, *found) if key[0] in schemes}
    return sum(_total(stored.get(key)) != _total(found.get(key)) for key in keys)


def _total(card: CardFigures | None) -> Fraction | None:
    return None if card is None else card.total


def _cards(scores: "ColumnScores") -> Iterator[tuple[tuple[str, str], CardFigures]]:
    forfeits = scores.forfeits
    for row, subject in enumerate(scores.columns.subjects):
        yield (
            (scores.scheme, subject),
            CardFigures(
                total=scores.total_of(row),
                coefficient=scores.coefficient_of(row),
                grade=scores.grade_of(row),
                forfeits_pay=forfeits is not None and bool(forfeits[row]),
                status=scores.total_outcome_of(row).status,
            ),
        )
