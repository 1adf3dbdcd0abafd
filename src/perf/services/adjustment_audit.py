"""Adjustments held against the audit: every one that was entered or withdrawn is there, as it was, and no other."""

import json
from collections.abc import Iterator

from perf.services.actors import Actor
from perf.storage import adjustments, audit
from perf.storage.adjustments import EnteredAdjustment
from perf.storage.canonical import canonical_json, sha256_text
from perf.storage.findings import Finding
from perf.storage.store import Connection

ENTERED, WITHDRAWN = "adjust", "withdraw-adjustment"
"""Actions of the audit."""


def line_digest(entered: EnteredAdjustment) -> str:
    """The digest of everything that was entered; the audit holds it, and no amount."""
    return sha256_text(canonical_json(adjustments.adjustment_line(entered)))


def adjustment_findings(connection: Connection, actor: Actor) -> Iterator[Finding]:
    """Adjustments in scope that are not what the audit says."""
    stored = {one.id: one for one in adjustments.list_adjustments(connection, actor.viewer)}
    told: dict[str, str] = {}
    for entry in audit.entries(connection, actor.viewer, action=ENTERED):
        told |= {f"{entry.consortium}:{number}": digest for number, digest in json.loads(entry.details).items()}
    withdrawn = {entry.target for entry in audit.entries(connection, actor.viewer, action=WITHDRAWN)}
    for name in sorted(stored.keys() | told.keys()):
        one = stored.get(name)
        if one is None:
            yield Finding("adjustment", name, "missing")
        elif name not in told:
            yield Finding("adjustment", name, "added")
        elif line_digest(one) != told[name]:
            yield Finding("adjustment", name, "changed")
        elif (one.withdrawn is not None) != (name in withdrawn):
            yield Finding("adjustment_withdrawal", name, "missing" if one.withdrawn is None else "added")
