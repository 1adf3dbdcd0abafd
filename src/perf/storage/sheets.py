"""Score sheets: a whole consortium's month under one scheme, inputs and results as packed columns under their digests.

A sheet is never changed: scoring again under other rules or other facts adds the next number, and the newest counts.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

import sqlalchemy as sa

from perf.kernel.errors import VerificationFailed
from perf.kernel.text import Text
from perf.storage.bulk import insert_rows
from perf.storage.canonical import canonical_json, sha256_bytes
from perf.storage.counters import next_number
from perf.storage.packing import Broken, packed, unpacked
from perf.storage.scope import in_scope
from perf.storage.tables import SCORE_SHEET, SCORE_TOTAL
from perf.storage.viewer import Viewer

FILES = "files"
"""The origin of a sheet that was scored from a wide file."""
_HEAD = [column for column in SCORE_SHEET.columns if column.name not in ("inputs", "results")]
_KEY = ("consortium", "period", "scheme", "number")


class SheetKey(NamedTuple):
    """Which sheet; `period` as text."""

    consortium: str
    period: str
    scheme: str
    number: int


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


def next_sheet_number(connection: sa.Connection, viewer: Viewer, consortium: str, period: str, scheme: str) -> int:
    """The number of the next sheet, from 1; others who ask for the same one wait for this transaction.

    Raises:
        PermissionError: a consortium out of scope.
    """
    _require(viewer, consortium)
    return next_number(connection, f"sheet {consortium}:{period}:{scheme}")


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
    *,
    consortium: str | None = None,
    scheme: str | None = None,
    periods: Sequence[str] | None = None,
) -> list[Sheet]:
    """The newest sheet of every consortium, period and scheme in scope, by key."""
    query = sa.select(*_HEAD).where(in_scope(viewer, SCORE_SHEET.c.consortium))
    if consortium is not None:
        query = query.where(SCORE_SHEET.c.consortium == consortium)
    if scheme is not None:
        query = query.where(SCORE_SHEET.c.scheme == scheme)
    if periods is not None:
        query = query.where(SCORE_SHEET.c.period.in_(periods))
    newest: dict[tuple[str, ...], Sheet] = {}
    for row in connection.execute(query.order_by(*(SCORE_SHEET.c[name] for name in _KEY))):
        sheet = _sheet(row)
        newest[sheet.key[:3]] = sheet
    return [newest[key] for key in sorted(newest)]


def find_sheet(
    connection: sa.Connection, viewer: Viewer, consortium: str, period: str, scheme: str
) -> tuple[Sheet, SheetContent] | None:
    """The newest sheet of this consortium, period and scheme with its content, or None.

    Raises:
        VerificationFailed: its bytes are not those that were stored.
    """
    query = (
        sa.select(*SCORE_SHEET.columns)
        .where(in_scope(viewer, SCORE_SHEET.c.consortium))
        .where(SCORE_SHEET.c.consortium == consortium, SCORE_SHEET.c.period == period, SCORE_SHEET.c.scheme == scheme)
        .order_by(SCORE_SHEET.c.number.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    sheet = _sheet(row)
    try:
        content = SheetContent(unpacked(row.inputs), unpacked(row.results))
    except Broken as error:
        raise _damaged(sheet.key) from error
    if (sha256_bytes(content.inputs), sha256_bytes(content.results)) != (sheet.inputs_digest, sheet.results_digest):
        raise _damaged(sheet.key)
    return sheet, content


def totals_of(connection: sa.Connection, viewer: Viewer, key: SheetKey, *, subject: str | None = None) -> list[Total]:
    """The totals of a sheet by subject; of one subject where given."""
    query = sa.select(*SCORE_TOTAL.columns).where(in_scope(viewer, SCORE_TOTAL.c.consortium))
    query = query.where(*(SCORE_TOTAL.c[name] == value for name, value in zip(_KEY, key, strict=True)))
    if subject is not None:
        query = query.where(SCORE_TOTAL.c.subject == subject)
    return sorted(Total._make(row[len(_KEY) :]) for row in connection.execute(query))


def _require(viewer: Viewer, consortium: str) -> None:
    if not viewer.may_see(consortium):
        raise PermissionError("a score sheet of a consortium out of scope")


def _sheet(row: "sa.Row[Any]") -> Sheet:
    return Sheet(
        SheetKey(row.consortium, row.period, row.scheme, row.number),
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
    name = f"{key.consortium} {key.period} {key.scheme}#{key.number}"
    return VerificationFailed(Text(f"{name} 的内容与封存时不同", f"{name} is not what was stored"))
