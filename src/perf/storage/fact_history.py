"""Very many stored figures in columns: the database joins the texts of an import, so that no row is handed over by itself.

A million rows one by one cost several times as much as what is then done with them.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, repeat
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from perf.storage.bulk import read_rows
from perf.storage.scope import in_scope
from perf.storage.tables import FACT, IMPORT
from perf.storage.viewer import Viewer

_BREAK = "\n"
_ROWS_AT_ONCE = 200_000
_SUBJECTS_MAX = 200  # the database finds the rows of few subjects faster, those of many slower than all rows
_SEPARATOR: "sa.ColumnElement[str]" = sa.literal_column(f"'{_BREAK}'")  # bound values cost as much as columns
_NOTHING: "sa.ColumnElement[str]" = sa.literal_column("''")
_VALUE = sa.case((FACT.c.is_text, _NOTHING), else_=sa.func.coalesce(FACT.c.value, _NOTHING))
_DETAILED = sa.func.sum(
    sa.case(
        (sa.and_(FACT.c.item == _NOTHING, FACT.c.counterparty == _NOTHING), sa.literal_column("0")),
        else_=sa.literal_column("1"),
    )
)


class Coded(NamedTuple):
    """A column of texts: the number of each row's text among `words`."""

    words: Sequence[str]
    codes: npt.NDArray[np.int64]


class Stretch(NamedTuple):
    """Figures of one import, a row each; `lines`: the exact values, a line each, empty if withdrawn or no number."""

    subjects: Coded
    measures: Coded
    periods: Coded
    items: Coded
    counterparties: Coded
    lines: str


class _Import(NamedTuple):
    id: int
    periods: frozenset[str]
    has_others: bool  # measures that nobody asked for
    rows: int


def stretches(
    connection: sa.Connection,
    viewer: Viewer,
    *,
    periods: Collection[str],
    measures: Collection[str],
    subjects: Collection[str],
) -> Iterator[Stretch]:
    """The versions in scope of these periods and measures, import by import, oldest first: the last of a key counts.

    Args:
        subjects: Whom it is asked for; figures of others may be among them.
    """
    about = [in_scope(viewer, FACT.c.consortium)]
    if len(subjects) <= _SUBJECTS_MAX:
        about.append(FACT.c.subject.in_(sorted(subjects)))
    keys = _KeysApart()
    for batch in _batches(_imports(connection, set(periods), set(measures))):
        query = sa.select().where(FACT.c.import_id.in_([one.id for one in batch]), *about)
        if batch[0].has_others:
            query = query.where(FACT.c.measure.in_(sorted(measures)))
        if len(batch[0].periods) == 1:
            (period,) = batch[0].periods
            yield from _joined(connection, query.where(FACT.c.period == period), keys, period)
        else:
            yield from _joined(connection, query.where(FACT.c.period.in_(sorted(batch[0].periods))), keys, "")


def _imports(connection: sa.Connection, periods: set[str], measures: set[str]) -> Iterator[_Import]:
    """The imports whose coverage has some of these periods and measures, oldest first."""
    query = sa.select(IMPORT.c.id, IMPORT.c.coverage, IMPORT.c.counts).where(IMPORT.c.kind == "facts")
    for number, coverage, counts in connection.execute(query.order_by(IMPORT.c.id)):
        covered = json.loads(coverage)
        wanted = periods.intersection(covered["periods"])
        if wanted and not measures.isdisjoint(covered["measures"]):
            has_others = not measures.issuperset(covered["measures"])
            yield _Import(number, frozenset(wanted), has_others, sum(json.loads(counts).values()))


def _batches(imports: Iterable[_Import]) -> Iterator[list[_Import]]:
    """Imports that follow one another and are asked for in the same words, no more rows than are read at once."""
    batch: list[_Import] = []
    rows = 0
    for one in imports:
        if batch and (batch[0][1:3] != one[1:3] or rows + one.rows > _ROWS_AT_ONCE):
            yield batch
            batch, rows = [], 0
        batch.append(one)
        rows += one.rows
    if batch:
        yield batch


class _KeysApart:
    """Joined subjects and measures apart; most often an import has the same ones as the import before."""

    def __init__(self) -> None:
        self._last: tuple[str, str, int] = ("", "", 0)
        self._found: tuple[Coded, Coded] | None = None

    def of(self, subjects: str, measures: str, count: int) -> tuple[Coded, Coded] | None:
        """Both in columns; None where a line break is in one of them."""
        if self._last != (subjects, measures, count):
            self._last, self._found = (subjects, measures, count), _keys(subjects, measures, count)
        return self._found


def _joined(connection: sa.Connection, query: "sa.Select[Any]", keys: _KeysApart, period: str) -> Iterator[Stretch]:
    """The rows of a query, import by import; `period` where it is the same for all, else empty."""
    join = sa.func.string_agg if connection.dialect.name == "postgresql" else sa.func.group_concat
    wanted = [FACT.c.subject, FACT.c.measure, _VALUE, *(() if period else (FACT.c.period,))]
    by_import = query.add_columns(FACT.c.import_id, sa.func.count(), _DETAILED, *(join(c, _SEPARATOR) for c in wanted))
    by_import = by_import.group_by(FACT.c.import_id).order_by(FACT.c.import_id)
    for number, count, detailed, subjects, measures, values, *periods in connection.execute(by_import):
        coded = keys.of(subjects, measures, count)
        when = _coded(periods[0].split(_BREAK)) if periods else _same(period, count)
        if detailed or coded is None or values.count(_BREAK) != count - 1 or len(when.codes) != count:
            yield _row_by_row(connection, query.where(FACT.c.import_id == number))
        else:
            yield Stretch(*coded, when, _same("", count), _same("", count), values)


def _keys(subjects: str, measures: str, count: int) -> tuple[Coded, Coded] | None:
    """Joined subjects and measures apart; None where a line break is in one of them.

    Imports are kept in the order of keys, so most often the measures of one subject follow those of another, the same ones.
    """
    who = subjects.split(_BREAK)
    if len(who) != count:
        return None
    size = next((n for n, one in enumerate(who) if one != who[0]), count)
    what = measures.split(_BREAK, size)[:size]
    heads = who[::size]
    is_even = count % size == 0 and _BREAK.join(what * len(heads)) == measures
    if is_even and _BREAK.join(chain.from_iterable(map(repeat, heads, repeat(size)))) == subjects:
        order = np.arange(len(heads), dtype=np.int64)
        return Coded(heads, np.repeat(order, size)), Coded(what, np.tile(np.arange(size), len(heads)))
    what = measures.split(_BREAK)
    return (_coded(who), _coded(what)) if len(what) == count else None


def _coded(texts: Sequence[str]) -> Coded:
    numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    return Coded(tuple(numbers), np.fromiter(map(numbers.__getitem__, texts), np.int64, len(texts)))


def _same(text: str, count: int) -> Coded:
    return Coded((text,), np.zeros(count, dtype=np.int64))


def _row_by_row(connection: sa.Connection, query: "sa.Select[Any]") -> Stretch:
    """The same of an import with items, counterparties, or line breaks in its texts."""
    keys = (FACT.c.subject, FACT.c.measure, FACT.c.period, FACT.c.item, FACT.c.counterparty)
    *parts, texts = zip(*read_rows(connection, query.add_columns(*keys, _VALUE)), strict=True)
    subjects, measures, periods, items, counterparties = map(_coded, parts)
    return Stretch(subjects, measures, periods, items, counterparties, _BREAK.join(texts))
