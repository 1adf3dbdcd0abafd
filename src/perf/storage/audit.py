"""The audit trail: a hash chain over canonical JSON. What was done is added, never changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from perf.storage.canonical import canonical_json, sha256_text
from perf.storage.counters import last_number, next_number
from perf.storage.findings import Finding
from perf.storage.scope import in_scope
from perf.storage.tables import AUDIT
from perf.storage.times import moment_text
from perf.storage.viewer import Viewer

_FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that was done: when, by whom, to what, why."""

    seq: int
    consortium: str
    at: str
    actor: str
    action: str
    target: str
    reason: str
    details: str
    hash: str


def append(
    connection: sa.Connection,
    viewer: Viewer,
    *,
    consortium: str,
    at: datetime,
    action: str,
    target: str,
    reason: str,
    details: Mapping[str, Any] | None = None,
) -> int:
    """Add an entry in the caller's transaction and return its number; `viewer.name` is who did it."""
    seq = next_number(connection, "audit")
    previous = connection.execute(sa.select(AUDIT.c.hash).where(AUDIT.c.seq == seq - 1)).scalar() or _FIRST
    values = {
        "seq": seq,
        "consortium": consortium,
        "at": moment_text(at),
        "actor": viewer.name,
        "action": action,
        "target": target,
        "reason": reason,
        "details": canonical_json(dict(details or {})),
        "previous": previous,
    }
    connection.execute(sa.insert(AUDIT).values(**values, hash=sha256_text(canonical_json(values))))
    return seq


def entries(
    connection: sa.Connection, viewer: Viewer, *, target: str | None = None, action: str | None = None
) -> list[AuditEntry]:
    """The entries in scope, in order, of one target or action where given."""
    query = sa.select(AUDIT).where(in_scope(viewer, AUDIT.c.consortium)).order_by(AUDIT.c.seq)
    if target is not None:
        query = query.where(AUDIT.c.target == target)
    if action is not None:
        query = query.where(AUDIT.c.action == action)
    return [
        AuditEntry(r.seq, r.consortium, r.at, r.actor, r.action, r.target, r.reason, r.details, r.hash)
        for r in connection.execute(query)
    ]


def broken_links(connection: sa.Connection, viewer: Viewer) -> Iterator[Finding]:
    """Every entry that is not what was written, is missing, or does not follow the one before. Reads the whole chain.

    A viewer of one consortium is told where the chain breaks, and nothing of what stands there.
    """
    del viewer  # the chain runs over all consortia; a finding holds a number and no content
    previous, expected_seq = _FIRST, 1
    for row in connection.execute(sa.select(AUDIT).order_by(AUDIT.c.seq)).mappings():
        while expected_seq < row["seq"]:
            yield Finding("audit", str(expected_seq), "missing")
            expected_seq += 1
        values = {key: row[key] for key in row if key != "hash"}
        if row["hash"] != sha256_text(canonical_json(values)):
            yield Finding("audit", str(row["seq"]), "changed")
        elif row["previous"] != previous:
            yield Finding("audit", str(row["seq"]), "not after the entry before it")
        previous, expected_seq = row["hash"], row["seq"] + 1
    for seq in range(expected_seq, last_number(connection, "audit") + 1):
        yield Finding("audit", str(seq), "missing")
