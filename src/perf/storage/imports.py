"""Accepted files: what was taken, from whom, by whom, and its bytes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from perf.kernel.issues import Issue
from perf.storage.canonical import canonical_json, sha256_bytes
from perf.storage.cipher import Cipher, Unsealable, is_intact, is_sealed
from perf.storage.counters import last_number, next_number
from perf.storage.document_codec import issues_text, read_document
from perf.storage.findings import Finding
from perf.storage.keys import Keyring
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
    cipher: Cipher,
) -> int:
    """Record an accepted file with its bytes (compressed, encrypted) and what was found in it; returns its number."""
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
            content=cipher.seal_file(packed(content, level=6), str(number), sha256),
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


def import_content(connection: sa.Connection, viewer: Viewer, number: int, keys: Keyring) -> bytes | None:
    """The bytes of an accepted file, None where there is none in scope.

    Raises:
        KeyRefused: they are encrypted, and the key is not there.
        Broken, Unsealable: what is stored is not what was taken.
    """
    columns = (IMPORT.c.id, IMPORT.c.sha256, IMPORT.c.content)
    query = sa.select(*columns).where(IMPORT.c.id == number, in_scope(viewer, IMPORT.c.consortium))
    row = connection.execute(query).first()
    if row is None:
        return None
    return unpacked(row.content if not is_sealed(row.content) else _opened(row, keys.cipher(connection)))


def changed_imports(connection: sa.Connection, viewer: Viewer, cipher: Cipher | None) -> list[Finding]:
    """Imports whose stored bytes are not the ones that were taken, and numbers that are missing.

    Args:
        cipher: Without it encrypted files are held against the digest that was stored with them, which shows accidents.
    """
    query = sa.select(IMPORT.c.id, IMPORT.c.sha256, IMPORT.c.content).where(in_scope(viewer, IMPORT.c.consortium))
    found = connection.execute(query.order_by(IMPORT.c.id))
    findings = [Finding("import", str(row.id), "changed") for row in found if not _is_as_taken(row, cipher)]
    there = set(connection.execute(sa.select(IMPORT.c.id)).scalars())
    gone = (number for number in range(1, last_number(connection, "import") + 1) if number not in there)
    return [*findings, *(Finding("import", str(number), "missing") for number in gone)]


def reseal_contents(connection: sa.Connection, old: Cipher | None, new: Cipher) -> int:
    """Encrypt the files of all imports with `new`, also those that were stored before there was a key; returns how many.

    Args:
        old: What they are encrypted with; None: only those that are not encrypted at all.
    Raises:
        Unsealable: one of them does not open.
    """
    done = 0
    for number in connection.execute(sa.select(IMPORT.c.id).order_by(IMPORT.c.id)).scalars().all():
        query = sa.select(IMPORT.c.id, IMPORT.c.sha256, IMPORT.c.content).where(IMPORT.c.id == number)
        row = connection.execute(query).one()
        if is_sealed(row.content) and old is None:
            continue
        plain = _opened(row, old) if old is not None and is_sealed(row.content) else row.content
        sealed = new.seal_file(plain, str(row.id), row.sha256)
        connection.execute(sa.update(IMPORT).where(IMPORT.c.id == number).values(content=sealed))
        done += 1
    return done


def count_sealed(connection: sa.Connection) -> int:
    """How many files are encrypted."""
    return sum(is_sealed(content) for content in connection.execute(sa.select(IMPORT.c.content)).scalars())


def _opened(row: Any, cipher: Cipher) -> bytes:
    return cipher.open_file(row.content, str(row.id), row.sha256)


def _is_as_taken(row: Any, cipher: Cipher | None) -> bool:
    if is_sealed(row.content) and cipher is None:
        return is_intact(row.content, str(row.id), row.sha256)
    try:
        plain = _opened(row, cipher) if cipher is not None and is_sealed(row.content) else row.content
        return sha256_bytes(unpacked(plain)) == str(row.sha256)
    except (Broken, Unsealable):
        return False


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
