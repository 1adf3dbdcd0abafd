"""Facts: versions appended under their key; the newest accepted one counts, and withdrawn is a version too."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa

from perf.kernel.facts import Fact, FactKey, FactSource
from perf.kernel.figures import exact_text
from perf.kernel.periods import Period, parse_period
from perf.storage.bulk import insert_rows, read_rows
from perf.storage.scope import in_scope
from perf.storage.tables import FACT, IMPORT
from perf.storage.viewer import Viewer

_IN_MAX = 500
_ROWS_AT_ONCE = 20_000


class FactVersion(NamedTuple):
    """A version of a fact as it is stored: `value` is exact text, None when withdrawn. Named by import and row."""

    import_id: int
    n: int
    consortium: str
    subject: str
    measure: str
    period: str
    item: str
    counterparty: str
    value: str | None
    is_text: bool
    withdrawn: bool
    sheet: str
    cell: str
    sender: str

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """Subject, measure, period as text, item, counterparty."""
        return self[3:8]


class NewFact(NamedTuple):
    """A fact to be appended: its consortium, its key, its value (None withdraws it), where it came from."""

    consortium: str
    key: FactKey
    value: Fraction | str | None
    source: FactSource


class NewLine(NamedTuple):
    """A fact to be appended, with its value as it is stored: exact text, None withdraws it."""

    consortium: str
    subject: str
    measure: str
    period: Period
    item: str
    counterparty: str
    text: str | None
    is_text: bool = False
    sheet: str = ""
    cell: str = ""
    sender: str = ""


def append_facts(connection: sa.Connection, viewer: Viewer, import_id: int, facts: Iterable[NewFact]) -> int:
    """Append versions under one import, in the order of their keys; returns how many.

    Raises:
        PermissionError: a fact of a consortium out of scope.
    """
    return append_lines(connection, viewer, import_id, map(_line, sorted(facts, key=lambda f: f.key)))


def append_lines(connection: sa.Connection, viewer: Viewer, import_id: int, lines: Iterable[NewLine]) -> int:
    """Append versions under one import, given in the order of their keys; returns how many. Few are held at a time.

    Raises:
        PermissionError: a fact of a consortium out of scope.
    """
    count = 0
    numbered = enumerate(lines, start=1)
    while part := list(islice(numbered, _ROWS_AT_ONCE)):
        if not all(viewer.may_see(consortium) for consortium in {line.consortium for _, line in part}):
            raise PermissionError("a fact of a consortium out of scope")
        rows = [
            (
                import_id,
                n,
                scope,
                subject,
                measure,
                _period_text(period),
                item,
                other,
                text,
                is_text,
                text is None,
                *place,
            )
            for n, (scope, subject, measure, period, item, other, text, is_text, *place) in part
        ]
        insert_rows(connection, FACT, rows)
        count += len(rows)
    return count


def _line(fact: NewFact) -> NewLine:
    value, source = fact.value, fact.source
    text = value if isinstance(value, str) or value is None else _exact_text(value)
    return NewLine(fact.consortium, *fact.key, text, isinstance(value, str), source.sheet, source.cell, source.sender)


def newest_versions(
    connection: sa.Connection,
    viewer: Viewer,
    *,
    consortia: Collection[str] | None = None,
    periods: Collection[str] | None = None,
    measures: Collection[str] | None = None,
    subjects: Collection[str] | None = None,
    up_to_import: int | None = None,
) -> dict[tuple[str, str, str, str, str], FactVersion]:
    """Key -> its newest version, withdrawn ones included, among those in scope that match every given condition."""
    query = _select(viewer, consortia=consortia, periods=periods, measures=measures)
    if up_to_import is not None:
        query = query.where(FACT.c.import_id <= up_to_import)
    newest: dict[tuple[str, str, str, str, str], FactVersion] = {}
    for part in _parts(subjects):
        chosen = query if part is None else query.where(FACT.c.subject.in_(part))
        for row in read_rows(connection, chosen):
            key = (row[3], row[4], row[5], row[6], row[7])
            known = newest.get(key)
            if known is None or known[0] < row[0]:
                newest[key] = FactVersion._make(row)
    return newest


def every_version(
    connection: sa.Connection, viewer: Viewer, *, periods: Collection[str], measures: Collection[str]
) -> Iterator[Sequence[Any]]:
    """All versions in scope of these periods and measures, each with the parts of a `FactVersion`."""
    return read_rows(connection, _select(viewer, periods=periods, measures=measures))


def _select(
    viewer: Viewer,
    *,
    consortia: Collection[str] | None = None,
    periods: Collection[str] | None = None,
    measures: Collection[str] | None = None,
) -> sa.Select[Any]:
    query = sa.select(*FACT.columns).where(in_scope(viewer, FACT.c.consortium))
    for column, wanted in ((FACT.c.consortium, consortia), (FACT.c.period, periods), (FACT.c.measure, measures)):
        if wanted is not None:
            query = query.where(column.in_(sorted(wanted)))
    return query


def reported(connection: sa.Connection, viewer: Viewer, measures: Collection[str]) -> set[tuple[str, str]]:
    """(measure, period as text) that have at least one fact that was not withdrawn."""
    found: set[tuple[str, str]] = set()
    doubtful: set[tuple[str, str]] = set()
    for part in _parts(measures):
        query = sa.select(FACT.c.measure, FACT.c.period, FACT.c.withdrawn).distinct()
        query = query.where(in_scope(viewer, FACT.c.consortium), FACT.c.measure.in_(part or ()))
        for measure, period, withdrawn in connection.execute(query):
            (doubtful if withdrawn else found).add((measure, period))
    for measure, period in sorted(doubtful & found):  # some were withdrawn: is one left?
        newest = newest_versions(connection, viewer, measures=[measure], periods=[period])
        if all(version.withdrawn for version in newest.values()):
            found.discard((measure, period))
    return found


def versions_of(connection: sa.Connection, viewer: Viewer, key: FactKey) -> list[FactVersion]:
    """Every version of one fact, oldest first."""
    query = sa.select(*FACT.columns).where(
        in_scope(viewer, FACT.c.consortium),
        FACT.c.subject == key.subject,
        FACT.c.measure == key.measure,
        FACT.c.period == str(key.period),
        FACT.c.item == key.item,
        FACT.c.counterparty == key.counterparty,
    )
    return [FactVersion._make(row) for row in connection.execute(query.order_by(FACT.c.import_id, FACT.c.n))]


def facts_at(connection: sa.Connection, viewer: Viewer, versions: Collection[tuple[int, int]]) -> Iterator[FactVersion]:
    """The versions with these names (import, row), as far as they are there, by import."""
    wanted = frozenset(versions)
    for part in _parts({number for number, _n in wanted}):
        query = sa.select(*FACT.columns).where(in_scope(viewer, FACT.c.consortium), FACT.c.import_id.in_(part or ()))
        for row in read_rows(connection, query):
            if (row[0], row[1]) in wanted:
                yield FactVersion._make(row)


def as_facts(versions: Iterable[FactVersion], files: Mapping[int, str]) -> Iterator[Fact]:
    """Stored versions as facts, withdrawn ones left out; `files` names the file of each import.

    Words that many facts share are one object: the driver makes them anew for every row.
    """
    known: dict[str, str] = {}
    one = known.setdefault
    for version in versions:
        if version.value is None:
            continue
        _, _, _, subject, measure, period, item, counterparty, _, _, _, sheet, cell, sender = version
        key = FactKey(
            one(subject, subject),
            one(measure, measure),
            _period(period),
            one(item, item),
            one(counterparty, counterparty),
        )
        source = FactSource(files.get(version.import_id, ""), one(sheet, sheet), one(cell, cell), one(sender, sender))
        yield Fact(key, version.value if version.is_text else _number(version.value), source)


def files_of(connection: sa.Connection, viewer: Viewer) -> dict[int, str]:
    """Import -> name of its file."""
    query = sa.select(IMPORT.c.id, IMPORT.c.name).where(in_scope(viewer, IMPORT.c.consortium))
    return dict(connection.execute(query).all())


def _parts(values: Collection[object] | None) -> Iterator[list[object] | None]:
    """Values in parts that a query takes, sorted; None, once, for no condition."""
    if values is None:
        yield None
        return
    ordered = sorted(values, key=str)
    for start in range(0, len(ordered), _IN_MAX):
        yield ordered[start : start + _IN_MAX]


@lru_cache(maxsize=4096)
def _period(text: str) -> Period:
    return parse_period(text)


@lru_cache(maxsize=4096)
def _period_text(period: Period) -> str:
    return str(period)


@lru_cache(maxsize=65536)
def _exact_text(value: Fraction) -> str:
    return exact_text(value)


@lru_cache(maxsize=65536)
def _number(text: str) -> Fraction:
    return Fraction(int(text)) if text.isdigit() else Fraction(text)
