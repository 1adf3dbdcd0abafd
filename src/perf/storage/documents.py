"""Sealed documents: for each subject of a run everything it says about it, explanations included, in one row.

Reading one document needs the database's core alone, so that a command that explains one line starts fast.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import sqlalchemy as sa

from perf.distribution.models import Entry, Ledger, PathStep
from perf.kernel.issues import Place
from perf.kernel.money import Money
from perf.scoring.models import Scorecard, Scores
from perf.storage.bulk import insert_rows
from perf.storage.canonical import sha256_bytes
from perf.storage.document_codec import SubjectDocument, document_text, read_document
from perf.storage.packing import Broken, packed, unpacked
from perf.storage.scope import in_scope
from perf.storage.viewer import Viewer

RUN_ITSELF = ""
_DOCUMENT = sa.table("run_document", *map(sa.column, ("run_id", "subject", "consortium", "digest", "content")))


@dataclass(frozen=True, slots=True)
class PackedDocument:
    """A document as bytes: canonical JSON, its digest."""

    subject: str
    digest: str
    content: bytes


def split_by_subject(scores: Scores, ledger: Ledger) -> Iterator[SubjectDocument]:
    """One document for each subject, by subject: its cards, what it is paid, the path of the funds it owns.

    Entries without a claimant stand with their owner; issues stand in the document of the run itself.
    """
    parts: dict[str, tuple[list[Scorecard], list[Entry], list[tuple[int, PathStep]]]] = {}
    for card in sorted(scores.cards.values(), key=lambda c: (c.scheme, c.subject)):
        parts.setdefault(card.subject, ([], [], []))[0].append(card)
    for entry in ledger.entries:
        parts.setdefault(entry.claimant or entry.owner, ([], [], []))[1].append(entry)
    for position, step in enumerate(ledger.path):
        parts.setdefault(step.owner, ([], [], []))[2].append((position, step))
    own = parts.pop(RUN_ITSELF, ([], [], []))
    yield SubjectDocument(
        RUN_ITSELF,
        tuple(own[0]),
        tuple(own[1]),
        tuple(own[2]),
        issues=scores.issues,
        ledger_issues=ledger.issues,
        failed=ledger.failed,
        left_out=scores.left_out,
    )
    for subject, (its_cards, its_entries, its_path) in sorted(parts.items()):
        yield SubjectDocument(subject, tuple(its_cards), tuple(its_entries), tuple(its_path))


def pack(document: SubjectDocument) -> PackedDocument:
    """The bytes of a document and their digest; the same document gives the same bytes."""
    content = document_text(document).encode()
    return PackedDocument(document.subject, sha256_bytes(content), content)


def unpack(content: bytes) -> SubjectDocument:
    """The document of these bytes."""
    return read_document(json.loads(content))


def add_documents(
    connection: sa.Connection, viewer: Viewer, run_id: str, consortium: str, documents: Iterable[PackedDocument]
) -> None:
    """Add the documents of a run, compressed.

    Raises:
        PermissionError: a consortium out of scope.
    """
    from perf.storage.tables import DOCUMENT

    if not viewer.may_see(consortium):
        raise PermissionError("a document of a consortium out of scope")
    rows = ((run_id, d.subject, consortium, d.digest, packed(d.content)) for d in documents)
    insert_rows(connection, DOCUMENT, rows)


def find_document(connection: sa.Connection, viewer: Viewer, run_id: str, subject: str) -> SubjectDocument | None:
    """What a run says about one subject, None where it says nothing or nothing that may be seen."""
    content = document_bytes(connection, viewer, run_id, subject)
    return None if content is None else unpack(content)


def document_bytes(connection: sa.Connection, viewer: Viewer, run_id: str, subject: str) -> bytes | None:
    """The canonical bytes of one document."""
    table = _DOCUMENT.c
    query = sa.select(table.content).where(
        table.run_id == run_id, table.subject == subject, in_scope(viewer, table.consortium)
    )
    found = connection.execute(query).scalar()
    return None if found is None else unpacked(found)


def stored_documents(
    connection: sa.Connection, viewer: Viewer, run_id: str, subjects: Collection[str] | None = None
) -> dict[str, bytes]:
    """Subject -> its document as it is stored, compressed; for `read_stored`. Of everybody, or of `subjects`."""
    table = _DOCUMENT.c
    query = sa.select(table.subject, table.content).where(table.run_id == run_id, in_scope(viewer, table.consortium))
    if subjects is not None:
        query = query.where(table.subject.in_(sorted(subjects)))
    return {subject: bytes(stored) for subject, stored in connection.execute(query)}


def documented_subjects(connection: sa.Connection, viewer: Viewer, run_id: str) -> frozenset[str]:
    """Whom a run has a document of."""
    table = _DOCUMENT.c
    query = sa.select(table.subject).where(table.run_id == run_id, in_scope(viewer, table.consortium))
    return frozenset(connection.execute(query).scalars())


def read_stored(stored: bytes) -> SubjectDocument:
    """The document of compressed bytes.

    Raises:
        Broken: the bytes cannot be unpacked.
    """
    return unpack(unpacked(stored))


def documents_of(connection: sa.Connection, viewer: Viewer, run_id: str) -> Iterator[PackedDocument]:
    """All documents of a run by subject. Bytes that cannot be unpacked come back as they are: their digest is wrong."""
    table = _DOCUMENT.c
    query = sa.select(table.subject, table.digest, table.content).where(
        table.run_id == run_id, in_scope(viewer, table.consortium)
    )
    for subject, digest, stored in sorted(connection.execute(query), key=lambda row: str(row.subject)):
        try:
            content = unpacked(stored)
        except Broken:
            content = bytes(stored)
        yield PackedDocument(subject, digest, content)


def document_digests(documents: Iterable[PackedDocument]) -> Mapping[str, str]:
    """Subject -> digest of its bytes as they are."""
    return {document.subject: sha256_bytes(document.content) for document in documents}


def join_documents(documents: Iterable[SubjectDocument], balances: Mapping[str, Money]) -> tuple[Scores, Ledger]:
    """Scorecards and ledger of a run from all its documents, as they were computed."""
    cards: list[Scorecard] = []
    entries: list[Entry] = []
    path: list[tuple[int, PathStep]] = []
    whole = SubjectDocument(RUN_ITSELF)
    for document in documents:
        cards += document.cards
        entries += document.entries
        path += document.path
        whole = document if document.subject == RUN_ITSELF else whole
    ordered = {(card.scheme, card.subject): card for card in sorted(cards, key=lambda c: (c.scheme, c.subject))}
    scores = Scores(MappingProxyType(ordered), whole.issues, whole.left_out)
    ledger = Ledger(
        tuple(sorted(entries, key=lambda e: e.number)),
        tuple(step for _position, step in sorted(path, key=lambda p: p[0])),
        balances,
        whole.ledger_issues,
        whole.failed,
    )
    return scores, ledger


def without_places(document: SubjectDocument) -> SubjectDocument:
    """The document with its issues at no line: a rule's canonical text has other lines than its file."""
    return replace(
        document,
        issues=tuple(replace(issue, place=_without_line(issue.place)) for issue in document.issues),
        ledger_issues=tuple(replace(issue, place=_without_line(issue.place)) for issue in document.ledger_issues),
    )


def _without_line(place: Place) -> Place:
    return replace(place, line=0, column=0)
