"""What headers mean, remembered by sender and layout: versions are added, the newest counts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from perf.storage.canonical import canonical_json
from perf.storage.mapping_tables import HEADER_MAPPING
from perf.storage.scope import in_scope
from perf.storage.viewer import Viewer

_KEY = ("consortium", "sender", "layout", "header")


@dataclass(frozen=True, slots=True)
class HeaderAnswer:
    """What one header of a layout means; `headers` are all of the layout, `import_id` the file with which it was said."""

    consortium: str
    sender: str
    layout: str
    headers: tuple[str, ...]
    header: str
    target: str
    decided_by: str
    decided_at: datetime
    import_id: int | None = None


def header_answers(connection: sa.Connection, viewer: Viewer) -> list[HeaderAnswer]:
    """The answers in scope that count now, by consortium, sender, layout and header; those taken back are left out."""
    table = HEADER_MAPPING.c
    query = sa.select(HEADER_MAPPING).where(in_scope(viewer, table.consortium))
    newest = {tuple(row[:4]): row for row in connection.execute(query.order_by(*(table[k] for k in _KEY), table.n))}
    return [
        HeaderAnswer(
            row.consortium,
            row.sender,
            row.layout,
            tuple(json.loads(row.headers)),
            row.header,
            row.target,
            row.decided_by,
            row.decided_at,
            row.import_id,
        )
        for row in newest.values()
        if row.target
    ]


def remember(
    connection: sa.Connection,
    viewer: Viewer,
    *,
    consortium: str,
    sender: str,
    layout: str,
    headers: Sequence[str],
    answers: Mapping[str, str],
    at: datetime,
    import_id: int | None = None,
) -> int:
    """Add a version for each answer (header → target, empty takes it back) that says something new; returns how many."""
    table = HEADER_MAPPING.c
    where = (table.consortium == consortium, table.sender == sender, table.layout == layout)
    query = sa.select(table.header, table.n, table.target).where(*where).order_by(table.n)
    before = {row.header: (row.n, row.target) for row in connection.execute(query)}
    rows = [
        {
            "consortium": consortium,
            "sender": sender,
            "layout": layout,
            "header": header,
            "n": before.get(header, (0, ""))[0] + 1,
            "target": target,
            "headers": canonical_json(list(headers)),
            "import_id": import_id,
            "decided_by": viewer.name,
            "decided_at": at,
        }
        for header, target in sorted(answers.items())
        if before.get(header, (0, ""))[1] != target
    ]
    if rows:
        connection.execute(sa.insert(HEADER_MAPPING), rows)
    return len(rows)
