"""Accepted files: what was taken, from whom, by whom, and its bytes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from perf.kernel.issues import Issue
from perf.storage.canonical import canonical_json, sha256_bytes
from perf.storage.counters import last_number, next_number
from perf.storage.document_codec import issues_text, read_document
from perf.storage.findings import Finding
from perf.storage.packing import Broken, packed, unpacked
from perf.storage.scope import in_scope
from perf.storage.tables import IMPORT
from perf.storage.viewer import Viewer

ImportKind = Literal["facts", "roster"]
ImportState = Literal["accepted", "accepted_clean"]
_BRIEF = [column for column in IMPORT.columns if column.name not in ("content", "issues")]


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """An accepted import; `counts` such as new, changed, gone, unchanged, left_out."""

    id: int
    consortium: str
    kind: str
    name: str
    sha256: str
    sender: str
    made_by: str
    made_at: datetime
    state: str
    reason: str
    counts: Mapping[str, int]
    coverage: Mapping[str, Any]


def add_import(
    connection: sa.Connection,
    viewer: Viewer,
    *,
    consortium: str,
    kind: ImportKind,
    name: str,
    content: bytes,
    sha256: str,
    sender: str,
    at: datetime,
    state: ImportState,
    reason: str,
    counts: Mapping[str, int],
    coverage: Mapping[str, Any],
    issues: Sequence[Issue],
) -> int:
    """Record an accepted file with its bytes (compressed) and what was found in it; returns its number."""
    number = next_number(connection, "import")
    connection.execute(
        sa.insert(IMPORT).values(
            id=number,
            consortium=consortium,
            kind=kind,
            name=name,
            sha256=sha256,
            sender=sender,
            made_by=viewer.name,
            made_at=at,
            state=state,
            reason=reason,
            counts=canonical_json(dict(counts)),
            coverage=canonical_json(dict(coverage)),
            issues=issues_text(issues),
            content=packed(content, level=6),
        )
    )
    return number


def last_import(connection: sa.Connection) -> int:
    """The number of the last import, of whatever scope; 0 before the first. Who sees it unchanged missed nothing."""
    return last_number(connection, "import")


def list_imports(connection: sa.Connection, viewer: Viewer) -> list[ImportRecord]:
    """The imports in scope, in order."""
    query = sa.select(*_BRIEF).where(in_scope(viewer, IMPORT.c.consortium)).order_by(IMPORT.c.id)
    return [_record(row) for row in connection.execute(query)]


def imports_with_digest(connection: sa.Connection, viewer: Viewer, sha256: str, kind: ImportKind) -> list[ImportRecord]:
    """The imports that took a file with these bytes whole, in order; one that left rows out may be taken again."""
    query = (
        sa.select(*_BRIEF)
        .where(IMPORT.c.sha256 == sha256, IMPORT.c.kind == kind, IMPORT.c.state == "accepted")
        .where(in_scope(viewer, IMPORT.c.consortium))
        .order_by(IMPORT.c.id)
    )
    return [_record(row) for row in connection.execute(query)]


def import_issues(connection: sa.Connection, viewer: Viewer, number: int | None = None) -> list[Issue]:
    """What was found in an accepted file, or in all of them."""
    query = sa.select(IMPORT.c.issues).where(in_scope(viewer, IMPORT.c.consortium)).order_by(IMPORT.c.id)
    if number is not None:
        query = query.where(IMPORT.c.id == number)
    found: list[Issue] = []
    for text in connection.execute(query).scalars():
        found += read_document(json.loads(text)).issues
    return found


def import_content(connection: sa.Connection, viewer: Viewer, number: int) -> bytes | None:
    """The bytes of an accepted file, None where there is none in scope."""
    query = sa.select(IMPORT.c.content).where(IMPORT.c.id == number, in_scope(viewer, IMPORT.c.consortium))
    found = connection.execute(query).scalar()
    return None if found is None else unpacked(found)


def changed_imports(connection: sa.Connection, viewer: Viewer) -> list[Finding]:
    """Imports whose stored bytes are not the ones that were taken, and numbers that are missing."""
    query = sa.select(IMPORT.c.id, IMPORT.c.sha256, IMPORT.c.content).where(in_scope(viewer, IMPORT.c.consortium))
    findings = []
    for number, digest, stored in connection.execute(query.order_by(IMPORT.c.id)):
        try:
            same = sha256_bytes(unpacked(stored)) == digest
        except Broken:
            same = False
        if not same:
            findings.append(Finding("import", str(number), "changed"))
    there = set(connection.execute(sa.select(IMPORT.c.id)).scalars())
    gone = (number for number in range(1, last_number(connection, "import") + 1) if number not in there)
    return [*findings, *(Finding("import", str(number), "missing") for number in gone)]


def _record(row: Any) -> ImportRecord:
    return ImportRecord(
        row.id,
        row.consortium,
        row.kind,
        row.name,
        row.sha256,
        row.sender,
        row.made_by,
        row.made_at,
        row.state,
        row.reason,
        json.loads(row.counts),
        json.loads(row.coverage),
    )
