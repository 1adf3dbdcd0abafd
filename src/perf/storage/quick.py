"""One subject of one run straight through SQLite's own driver, for a command that explains one line and must start fast.

Loading the database library takes longer than everything else that such a command does. The same rows, the same scope.
"""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from perf.kernel.subjects import Segment
from perf.storage.document_codec import SubjectDocument, read_document
from perf.storage.packing import Broken, unpacked
from perf.storage.pin_lines import segments_about
from perf.storage.revision import HEAD
from perf.storage.run_names import RunName
from perf.storage.viewer import Viewer


@dataclass(frozen=True, slots=True)
class QuickSubject:
    """What a run says about a subject, and the pinned segments of the subject and of its parents."""

    run: RunName
    document: SubjectDocument
    segments: tuple[Segment, ...]


def quick_subject(
    file: Path, viewer: Viewer, subject: str, *, period: str | None = None, run: str | None = None
) -> QuickSubject | None:
    """What the standing run says about `subject`; None where the slower way has to tell why there is nothing."""
    if not file.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as connection:
            if connection.execute("select version_num from alembic_version").fetchall() != [(HEAD,)]:
                return None
            name = _run_about(connection, viewer, subject, period=period, run=run)
            return None if name is None else _read(connection, name, subject)
    except (sqlite3.Error, Broken, ValueError, KeyError, IndexError, TypeError):
        return None


def _run_about(
    connection: sqlite3.Connection, viewer: Viewer, subject: str, *, period: str | None, run: str | None
) -> RunName | None:
    rows = connection.execute(
        "select r.id, r.consortium, r.period, r.number, r.state, r.digest from run_document d "
        "join run r on r.id = d.run_id where d.subject = ? and (? is null or r.period = ?) and (? is null or r.id = ?)",
        (subject, period, period, run, run),
    )
    names = [name for name in map(RunName._make, rows) if viewer.may_see(name.consortium)]
    return max(names, key=lambda name: name.precedence, default=None)


def _read(connection: sqlite3.Connection, name: RunName, subject: str) -> QuickSubject | None:
    query = "select content from run_document where run_id = ? and subject = ?"
    row = connection.execute(query, (name.id, subject)).fetchone()
    pin = connection.execute("select content from run_pin where run_id = ? and kind = 'roster'", (name.id,)).fetchone()
    if row is None or pin is None:
        return None
    document = read_document(json.loads(unpacked(row[0])))
    roster = unpacked(pin[0]).decode()
    own = segments_about(roster, [subject])
    above = segments_about(roster, sorted({segment.parent for segment in own} - {""}))
    return QuickSubject(name, document, (*own, *above))
