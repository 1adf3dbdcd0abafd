"""A whole scheme by the exact engine, its cards turned into columns: what no columnar form is known for."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from perf.kernel.periods import Period
from perf.kernel.subjects import Segment
from perf.scoring.columnar.columns import Columns
from perf.scoring.columnar.exactly import Groups, materialised
from perf.scoring.columnar.outcomes import Outcome, Outcomes
from perf.scoring.columnar.places import peers_of
from perf.scoring.columnar.ratios import Array
from perf.scoring.columnar.results import NONE, ColumnScores, Place
from perf.scoring.columnar.tally import Tally
from perf.scoring.indicators import Indicators
from perf.scoring.models import Scorecard
from perf.scoring.peers import Field
from perf.scoring.schemes import Run, score_scheme
from perf.specs.models import RuleBook, Scheme, SchemeVersion
from perf.specs.world import World


class _GivenField(Field):
    """The subjects of columns with the peer groups that stand there."""

    def __init__(self, scheme: Scheme, world: World, columns: Columns) -> None:
        super().__init__(scheme, world, world.roster)
        self._groups_given = Groups(columns.subjects, peers_of(columns.groups, len(columns)))
        self._columns = columns

    def subjects(self, period: Period) -> tuple[str, ...]:  # noqa: ARG002 - the columns are of one period
        return tuple(self._columns.subjects)

    def segment(self, subject: str, period: Period) -> Segment | None:  # noqa: ARG002
        return None

    def groups(self, period: Period) -> Mapping[str, tuple[str, ...]]:
        return {subject: self._groups_given.peers(subject, period) for subject in self._columns.subjects}


def exact_scores(book: RuleBook, scheme: Scheme, period: Period, columns: Columns) -> ColumnScores:
    """All rows of `columns` scored by the exact engine, in the form of columns of fractions."""
    version = scheme.version(period)
    rows = range(len(columns))
    if version is None:
        return _as_columns(scheme, None, columns, {})
    if columns.origin is not None:
        world, field = columns.origin.world, columns.origin.field
    else:
        roster, facts = materialised(book, scheme, columns, rows)
        world = World(book, roster, facts, {})
        field = _GivenField(scheme, world, columns)
    cards, _ = score_scheme(Run(scheme, version, period, book, world, field, Indicators(world, field)))
    return _as_columns(scheme, version, columns, {card.subject: card for card in cards})


def _as_columns(
    scheme: Scheme, version: SchemeVersion | None, columns: Columns, cards: Mapping[str, Scorecard]
) -> ColumnScores:
    known = Outcomes()
    ordered = [cards.get(subject) for subject in columns.subjects]
    items = [(d.code, item.indicator, item.out_of) for d in version.dimensions for item in d.items] if version else []
    items += [("extra", extra.indicator, extra.out_of) for extra in version.extra] if version else []
    points: list[Array] = []
    outcomes: list[Array] = []
    for parent, indicator, _ in items:
        own = [_row(card, parent, indicator) for card in ordered]
        points.append(_fractions([one[0] for one in own]))
        outcomes.append(np.array([known.number(one[1]) for one in own], dtype=np.uint8))
    grades = (
        tuple(dict.fromkeys(grade for grade, _ in sorted(version.grades, key=lambda row: row[1], reverse=True)))
        if version
        else ()
    )
    totals = [card.total if card is not None else None for card in ordered]
    status = [Outcome(card.status, card.reason) if card is not None else Outcome("failed") for card in ordered]
    return ColumnScores(
        columns=columns,
        scheme=scheme.code,
        places=tuple(Place(parent, indicator, out_of, None) for parent, indicator, out_of in items),
        points=points,
        outcomes=outcomes,
        known=known,
        has_total=np.array([one is not None for one in totals], dtype=np.bool_),
        total=_fractions(totals),
        total_digits=None,
        outcome=np.array([known.number(one) for one in status], dtype=np.uint8),
        grades=grades,
        grade=np.array(
            [grades.index(c.grade) if c is not None and c.grade in grades else NONE for c in ordered], dtype=np.int8
        ),
        rank=np.array([c.rank if c is not None and c.rank is not None else NONE for c in ordered], dtype=np.int32),
        rank_of=np.array(
            [c.rank_of if c is not None and c.rank_of is not None else 0 for c in ordered], dtype=np.int32
        ),
        coefficient=_fractions([card.coefficient if card is not None else None for card in ordered]),
        coefficient_digits=None,
        forfeits=np.array([card.forfeits_pay if card is not None else False for card in ordered], dtype=np.bool_),
        tally=Tally(rows=len(ordered) * (len(items) + 1), exact=len(ordered) * (len(items) + 1)),
    )


def _row(card: Scorecard | None, parent: str, indicator: str) -> tuple[Fraction | None, Outcome]:
    if card is not None:
        for item in card.items:
            if item.type == "indicator" and item.parent == parent and item.item == indicator:
                return item.points, Outcome(item.status, item.reason)
    return None, Outcome("failed", "rule-failed")


def _fractions(values: Sequence[Fraction | None]) -> Array:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found
