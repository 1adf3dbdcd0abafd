"""What a run gave: scorecard rows, ledger entries, balances. Written in bulk, read back as values, digested as rows."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import sqlalchemy as sa

from perf.distribution.models import Entry, Ledger
from perf.kernel.figures import exact_text, parse_number
from perf.kernel.money import Money
from perf.scoring.models import Scorecard
from perf.storage.bulk import insert_rows, read_rows
from perf.storage.exact_columns import NO_FIGURE, figure, number_of
from perf.storage.runs import Run
from perf.storage.scope import in_scope
from perf.storage.tables import BALANCE, LEDGER, SCORECARD
from perf.storage.viewer import Viewer

Row = tuple[Any, ...]
_IN_MAX = 500


@dataclass(frozen=True, slots=True)
class ScoreFigures:
    """One stored row of a scorecard: the figures without their explanation. `value` is exact text."""

    scheme: str
    subject: str
    period: str
    type: str
    item: str
    parent: str
    value: str | None
    points: Fraction | None
    weight: Fraction | None
    score: Fraction | None
    grade: str
    rank: int | None
    rank_of: int | None
    coefficient: Fraction | None
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class EntryFigures:
    """One stored ledger entry without its working."""

    number: int
    period: str
    distribution: str
    owner: str
    step: str
    line: str
    source: str
    target: str
    amount: Money
    explanation: str
    explanation_en: str
    claimant: str
    odd_fen: int
    status: str


class PointsGiven(NamedTuple):
    """So many subjects got the same points for an indicator under a scheme in a period (as text)."""

    scheme: str
    indicator: str
    period: str
    status: str
    points: Fraction | None
    subjects: int


def score_rows(run: Run, cards: Iterable[Scorecard]) -> Iterator[Row]:
    """The rows of the scorecards, in the order of scheme, subject and item, the total after its items."""
    n = 0
    for card in sorted(cards, key=lambda c: (c.scheme, c.subject)):
        head = (card.scheme, card.subject, str(card.period))
        for item in card.items:
            n += 1
            value = exact_text(item.value) if isinstance(item.value, Fraction) else item.value
            yield (
                *(run.id, n, run.consortium, *head, item.type, item.item, item.parent),
                value if isinstance(value, str) else None,
                *figure(item.points),
                None if item.weight is None else exact_text(item.weight),
                *figure(item.score),
                *("", None, None, *NO_FIGURE, item.status, item.reason),
            )
        n += 1
        yield (
            *(run.id, n, run.consortium, *head, "total", "total", "", None),
            *(*figure(card.exact), None, *figure(card.total)),
            *(card.grade, card.rank, card.rank_of, *figure(card.coefficient), card.status, card.reason),
        )


def entry_rows(run: Run, entries: Iterable[Entry]) -> Iterator[Row]:
    """The rows of the entries, in the order of their numbers."""
    for entry in sorted(entries, key=lambda e: e.number):
        yield (
            *(run.id, entry.number, run.consortium, str(entry.period), entry.distribution, entry.owner, entry.step),
            *(entry.line, entry.source, entry.target, entry.amount.fen, entry.explanation.zh, entry.explanation.en),
            *(entry.claimant, 0 if entry.working is None else entry.working.odd_fen, entry.status),
        )


def balance_rows(run: Run, ledger: Ledger) -> Iterator[Row]:
    """The rows of the closing balances, by account."""
    for account, balance in sorted(ledger.balances.items()):
        yield run.id, account, run.consortium, balance.fen


def add_results(
    connection: sa.Connection,
    viewer: Viewer,
    *,
    scores: Sequence[Row],
    entries: Sequence[Row],
    balances: Sequence[Row],
) -> None:
    """Add rows that `score_rows`, `entry_rows` and `balance_rows` made.

    Raises:
        PermissionError: rows of a consortium out of scope.
    """
    if not all(viewer.may_see(c) for c in {r[2] for r in (*scores, *entries, *balances)}):
        raise PermissionError("results of a consortium out of scope")
    insert_rows(connection, SCORECARD, scores)
    insert_rows(connection, LEDGER, entries)
    insert_rows(connection, BALANCE, balances)


def stored_scores(connection: sa.Connection, viewer: Viewer, run_id: str, *, subject: str | None = None) -> list[Row]:
    """The stored rows as they are, in order; of one subject where given."""
    query = sa.select(*SCORECARD.columns).where(SCORECARD.c.run_id == run_id, in_scope(viewer, SCORECARD.c.consortium))
    if subject is not None:
        query = query.where(SCORECARD.c.subject == subject)
    return [tuple(row) for row in connection.execute(query.order_by(SCORECARD.c.n)).all()]


def stored_totals(connection: sa.Connection, viewer: Viewer, run_id: str) -> list[ScoreFigures]:
    """The rows of totals, in order."""
    own = (SCORECARD.c.run_id == run_id, SCORECARD.c.type == "total", in_scope(viewer, SCORECARD.c.consortium))
    query = sa.select(*SCORECARD.columns).where(*own).order_by(SCORECARD.c.n)
    return [score_figures(tuple(row)) for row in read_rows(connection, query)]


def schemes_of(connection: sa.Connection, viewer: Viewer, run_id: str) -> frozenset[str]:
    """The schemes that a run scored somebody by."""
    query = sa.select(SCORECARD.c.scheme).where(SCORECARD.c.run_id == run_id, in_scope(viewer, SCORECARD.c.consortium))
    return frozenset(connection.execute(query.distinct()).scalars())


def points_given(connection: sa.Connection, viewer: Viewer, run_ids: Collection[str]) -> Iterator[PointsGiven]:
    """How often each indicator of each scheme gave the same points with the same outcome, over all these runs."""
    columns = SCORECARD.c
    same = (columns.scheme, columns.item, columns.period, columns.status)
    exact = (columns.points_scaled, columns.points_digits, columns.points_exact)
    ordered = sorted(run_ids)
    for start in range(0, len(ordered), _IN_MAX):
        query = (
            sa.select(*same, *exact, sa.func.count())
            .where(in_scope(viewer, columns.consortium), columns.type == "indicator")
            .where(columns.run_id.in_(ordered[start : start + _IN_MAX]))
            .group_by(*same, *exact)
        )
        for scheme, item, period, status, scaled, digits, text, subjects in connection.execute(query):
            yield PointsGiven(scheme, item, period, status, number_of(scaled, digits, text), subjects)


def dimension_points(
    connection: sa.Connection, viewer: Viewer, run_id: str, scheme: str
) -> dict[str, dict[str, Fraction]]:
    """Subject -> dimension -> points, of everybody who has a card of the scheme in the run."""
    table = SCORECARD.c
    query = sa.select(
        table.subject, table.type, table.item, table.points_scaled, table.points_digits, table.points_exact
    ).where(
        table.run_id == run_id,
        table.scheme == scheme,
        table.type.in_(("dimension", "total")),
        in_scope(viewer, table.consortium),
    )
    found: dict[str, dict[str, Fraction]] = {}
    for subject, kind, item, *points in read_rows(connection, query.order_by(table.n)):
        own = found.setdefault(subject, {})
        number = number_of(*points)
        if kind == "dimension" and number is not None:
            own[item] = number
    return found


def stored_entries(connection: sa.Connection, viewer: Viewer, run_id: str) -> list[Row]:
    """The stored entries as they are, in order."""
    query = sa.select(*LEDGER.columns).where(LEDGER.c.run_id == run_id, in_scope(viewer, LEDGER.c.consortium))
    return [tuple(row) for row in connection.execute(query.order_by(LEDGER.c.number)).all()]


def stored_balances(connection: sa.Connection, viewer: Viewer, run_id: str) -> list[Row]:
    """The stored balances as they are, by account (compared as text, not by the database's collation)."""
    query = sa.select(*BALANCE.columns).where(BALANCE.c.run_id == run_id, in_scope(viewer, BALANCE.c.consortium))
    return sorted(tuple(row) for row in read_rows(connection, query))


def score_figures(row: Row) -> ScoreFigures:
    """A stored row as values."""
    scheme, subject, period, kind, item, parent, value = row[3:10]
    grade, rank, rank_of = row[17:20]
    status, reason = row[23:25]
    return ScoreFigures(
        scheme,
        subject,
        period,
        kind,
        item,
        parent,
        value,
        number_of(*row[10:13]),
        None if row[13] is None else parse_number(row[13]),
        number_of(*row[14:17]),
        grade,
        rank,
        rank_of,
        number_of(*row[20:23]),
        status,
        reason,
    )


def entry_figures(row: Row) -> EntryFigures:
    """A stored entry as values."""
    number, period, distribution, owner, step, line, source, target, fen, *rest = (row[1], *row[3:])
    return EntryFigures(number, period, distribution, owner, step, line, source, target, Money(fen), *rest)


def balances_of(connection: sa.Connection, viewer: Viewer, run_id: str) -> Mapping[str, Money]:
    """Account -> closing balance."""
    return {row[1]: Money(row[3]) for row in stored_balances(connection, viewer, run_id)}
