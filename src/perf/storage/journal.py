"""The journal of jobs: written before a job starts, closed in the job's own transaction. What stays open was killed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from perf.storage.counters import next_number
from perf.storage.scope import in_scope
from perf.storage.tables import JOURNAL
from perf.storage.viewer import Viewer

Job = Literal["import", "run", "publish", "score-many"]
Outcome = Literal["done", "refused", "interrupted"]


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job that was started: what, by whom, when, in which process of which machine."""

    id: int
    consortium: str
    job: str
    target: str
    actor: str
    host: str
    process: int
    started_at: datetime
    outcome: str


def start(
    connection: sa.Connection,
    viewer: Viewer,
    *,
    consortium: str,
    job: Job,
    target: str,
    host: str,
    process: int,
    at: datetime,
) -> int:
    """Write down that a job starts; returns its number. To be committed before the job does anything."""
    number = next_number(connection, "journal")
    connection.execute(
        sa.insert(JOURNAL).values(
            id=number,
            consortium=consortium,
            job=job,
            target=target,
            actor=viewer.name,
            host=host,
            process=process,
            started_at=at,
            outcome="started",
        )
    )
    return number


def finish(connection: sa.Connection, viewer: Viewer, number: int, *, outcome: Outcome, at: datetime) -> None:
    """Close a job, in the transaction that keeps what it did."""
    connection.execute(
        sa.update(JOURNAL)
        .where(JOURNAL.c.id == number, in_scope(viewer, JOURNAL.c.consortium))
        .values(outcome=outcome, finished_at=at)
    )


def open_jobs(connection: sa.Connection, viewer: Viewer) -> list[JobRecord]:
    """Jobs that were started and not closed, in order."""
    query = (
        sa.select(JOURNAL)
        .where(JOURNAL.c.outcome == "started", in_scope(viewer, JOURNAL.c.consortium))
        .order_by(JOURNAL.c.id)
    )
    return [
        JobRecord(r.id, r.consortium, r.job, r.target, r.actor, r.host, r.process, r.started_at, r.outcome)
        for r in connection.execute(query)
    ]
