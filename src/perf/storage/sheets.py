"""Score sheets: a whole consortium's month under one scheme, inputs and results as packed columns under their digests.

A sheet is never changed: scoring again under other rules or other facts adds the next number, and the newest counts. Sheets
of wide files and sheets of runs are two kinds with numbers of their own: neither ever stands in for the other.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from perf.kernel.errors import VerificationFailed
from perf.kernel.text import Text
from perf.storage.bulk import insert_rows
from perf.storage.canonical import canonical_json, sha256_bytes
from perf.storage.counters import next_number, wait_for_turn
from perf.storage.packing import Broken, packed, unpacked
from perf.storage.scope import in_scope
from perf.storage.tables import SCORE_SHEET, SCORE_TOTAL
from perf.storage.viewer import Viewer

Kind = Literal["files", "run"]
"""What a sheet came from: a wide file, or a run."""
FILES: Kind = "files"
RUN: Kind = "run"
_HEAD = [column for column in SCORE_SHEET.columns if column.name not in ("inputs", "results")]
_KEY = ("consortium", "period", "scheme", "kind", "number")


class SheetKey(NamedTuple):
    """Which sheet; `period` as text."""

    consortium: str
    period: str
    scheme: str
    kind: Kind
    number: int

    def __str__(self) -> str:
        return f"{self.consortium}:{self.period}:{self.scheme}#{self.number}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet says about itself.

    `origin`: the run it was made from, or `files`; `rules`: file -> digest of its text; `tiers`: tier -> figures it
    settled.
    """

    key: SheetKey
    origin: str
    engine: str
    rules: Mapping[str, str]
    subjects: int
    tiers: Mapping[str, int]
    made_by: str
    made_at: datetime
    inputs_digest: str
    results_digest: str


@dataclass(frozen=True, slots=True)
class SheetContent:
    """The two halves of a sheet as bytes, not compressed."""

    inputs: bytes = field(repr=False)
    results: bytes = field(repr=False)


class Total(NamedTuple):
    """The declared total of one subject: figures in units of their last digit, with their digits."""

    subject: str
    scaled: int | None
    digits: int | None
    grade: str
    rank: int | None
    rank_of: int | None
    coefficient_scaled: int | None
    coefficient_digits: int | None
    status: str
    reason: str

    @property
    def total(self) -> Fraction | None:
        """The total as a number."""
        return None if self.scaled is None or self.digits is None else Fraction(self.scaled, 10**self.digits)

    @property
    def coefficient(self) -> Fraction | None:
        """The coefficient as a number."""
        if self.coefficient_scaled is None or self.coefficient_digits is None:
            return None
        return Fraction(self.coefficient_scaled, 10**self.coefficient_digits)


def wait_for_sheets(
    connection: sa.Connection, viewer: Viewer, consortium: str, period: str, scheme: str, kind: Kind
) -> None:
    """Until this transaction ends, nobody else adds such a sheet: to be called before looking whether there is one.

    Raises:
        PermissionError: a consortium out of scope.
    """
    _require(viewer, consortium)
    wait_for_turn(connection, _counter(consortium, period, scheme, kind))


def next_sheet_number(
    connection: sa.Connection, viewer: Viewer, consortium: str, period: str, scheme: str, kind: Kind
) -> int:
    """The number of the next sheet, from 1; others who ask for the same one wait for this transaction.

    Raises:
        PermissionError: a consortium out of scope.
    """
    _require(viewer, consortium)
    return next_number(connection, _counter(consortium, period, scheme, kind))


def _counter(consortium: str, period: str, scheme: str, kind: Kind) -> str:
    return f"sheet {kind} {consortium}:{period}:{scheme}"


def add_sheet(
    connection: sa.Connection, viewer: Viewer, sheet: Sheet, content: SheetContent, totals: Iterable[Total]
) -> None:
    """Add a sheet with the totals of its subjects.

    Raises:
        PermissionError: a consortium out of scope.
    """
    key = sheet.key
    _require(viewer, key.consortium)
    rules, tiers = canonical_json(dict(sheet.rules)), canonical_json(dict(sheet.tiers))
    told = (sheet.origin, sheet.engine, rules, sheet.subjects, tiers, sheet.made_by, sheet.made_at)
    halves = (sheet.inputs_digest, sheet.results_digest, packed(content.inputs), packed(content.results))
    insert_rows(connection, SCORE_SHEET, [(*key, *told, *halves)])
    insert_rows(connection, SCORE_TOTAL, ((*key, *total) for total in totals))


def list_sheets(
    connection: sa.Connection,
    viewer: Viewer,
    kind: Kind,
    *,
    consortium: str | None = None,
    scheme: str | None = None,
    periods: Sequence[str] | None = None,
    origins: Sequence[str] | None = None,
) -> list[Sheet]:
    """The newest sheet of `kind` of every consortium, period and scheme in scope, by key.

    Args:
        origins: Made from these runs only.
    """
    column = SCORE_SHEET.c
    query = sa.select(*_HEAD).where(in_scope(viewer, column.consortium), column.kind == kind)
    if consortium is not None:
        query = query.where(column.consortium == consortium)
    if scheme is not None:
        query = query.where(column.scheme == scheme)
    if periods is not None:
        query = query.where(column.period.in_(periods))
    if origins is not None:
        query = query.where(column.origin.in_(origins))
    newest: dict[tuple[str, ...], Sheet] = {}
    for row in connection.execute(query.order_by(*(column[name] for name in _KEY))):
        sheet = _sheet(row)
        newest[sheet.key[:3]] = sheet
    return [newest[key] for key in sorted(newest)]


def content_of(connection: sa.Connection, viewer: Viewer, sheet: Sheet) -> SheetContent:
    """The content of a sheet that was listed.

    Raises:
        VerificationFailed: it is gone, or its bytes are not those that were stored.
    """
    query = sa.select(SCORE_SHEET.c.inputs, SCORE_SHEET.c.results).where(in_scope(viewer, SCORE_SHEET.c.consortium))
    row = connection.execute(query.where(*_is(SCORE_SHEET, sheet.key))).first()
    if row is None:
        raise _damaged(sheet.key)
    try:
        content = SheetContent(unpacked(row.inputs), unpacked(row.results))
    except Broken as error:
        raise _damaged(sheet.key) from error
    if (sha256_bytes(content.inputs), sha256_bytes(content.results)) != (sheet.inputs_digest, sheet.results_digest):
        raise _damaged(sheet.key)
    return content


def totals_of(connection: sa.Connection, viewer: Viewer, key: SheetKey, *, subject: str | None = None) -> list[Total]:
    """The totals of a sheet by subject; of one subject where given."""
    query = sa.select(*SCORE_TOTAL.columns).where(in_scope(viewer, SCORE_TOTAL.c.consortium))
    query = query.where(*_is(SCORE_TOTAL, key))
    if subject is not None:
        query = query.where(SCORE_TOTAL.c.subject == subject)
    return sorted(Total._make(row[len(_KEY) :]) for row in connection.execute(query))


def _is(table: sa.Table, key: SheetKey) -> Iterator[sa.ColumnElement[bool]]:
    return (table.c[name] == value for name, value in zip(_KEY, key, strict=True))


def _require(viewer: Viewer, consortium: str) -> None:
    if not viewer.may_see(consortium):
        raise PermissionError("a score sheet of a consortium out of scope")


def _sheet(row: "sa.Row[Any]") -> Sheet:
    return Sheet(
        SheetKey(row.consortium, row.period, row.scheme, row.kind, row.number),
        row.origin,
        row.engine,
        json.loads(row.rules),
        row.subjects,
        json.loads(row.tiers),
        row.made_by,
        row.made_at,
        row.inputs_digest,
        row.results_digest,
    )


def _damaged(key: SheetKey) -> VerificationFailed:
    return VerificationFailed(Text(f"{key} 的内容与封存时不同", f"{key} is not what was stored"))
