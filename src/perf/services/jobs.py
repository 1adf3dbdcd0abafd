"""Jobs: written in the journal first, done in one transaction, so a kill leaves nothing half written."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.storage import audit, journal
from perf.storage.journal import Job, JobRecord
from perf.storage.store import Connection, Store

_JOBS = {
    "import": Text("导入", "import"),
    "run": Text("核算", "run"),
    "publish": Text("发布", "publication"),
    "score-many": Text("批量核分", "score-many"),
}
_NOTHING = Text("没有写入任何内容,请重新执行", "nothing of it was written, please repeat it")
_IN_PART = Text(
    "已完成的文件都已完整存下,其余没有写入;请重新执行,存过的不会重复",
    "the files that were done are kept whole, nothing of the others was written; please repeat it, nothing is kept twice",
)


Writing = Callable[[], AbstractContextManager[Connection]]


@contextmanager
def job(store: Store, actor: Actor, *, kind: Job, consortium: str, target: str, now: datetime) -> Iterator[Writing]:
    """A job: the journal says that it began before it does anything, and what became of it at the end.

    Yields a function that opens the one transaction in which the job writes, to be called once: with it the journal's
    row is closed, so that either everything is there and the job is done, or nothing is.
    """
    viewer = actor.viewer
    with store.write() as connection:
        number = journal.start(
            connection,
            viewer,
            consortium=consortium,
            job=kind,
            target=target,
            host=socket.gethostname(),
            process=os.getpid(),
            at=now,
        )

    @contextmanager
    def writing() -> Iterator[Connection]:
        with store.write() as connection:
            yield connection
            journal.finish(connection, viewer, number, outcome="done", at=now)

    try:
        yield writing
    except Exception:
        with store.write() as connection:
            journal.finish(connection, viewer, number, outcome="refused", at=now)
        raise


def recover(store: Store, *, actor: Actor, now: datetime) -> tuple[Text, ...]:
    """Close the jobs whose process is gone, and say what happened; to be called when a program starts.

    Nothing needs to be undone: a job is one transaction, which the database rolled back. Jobs that run in a living
    process, or on another machine, are left alone.
    """
    viewer = actor.viewer
    with store.read() as connection:
        killed = [record for record in journal.open_jobs(connection, viewer) if not _is_alive(record)]
    if not killed:
        return ()
    with store.write() as connection:
        for record in killed:
            journal.finish(connection, viewer, record.id, outcome="interrupted", at=now)
            audit.append(
                connection,
                viewer,
                consortium=record.consortium,
                at=now,
                action="recover",
                target=record.target,
                reason="the process ended in the middle",
                details={"job": record.job, "journal": record.id, "by": record.actor},
            )
    return tuple(_told(record) for record in killed)


def _is_alive(record: JobRecord) -> bool:
    if record.host != socket.gethostname():
        return True  # nothing is known of it here
    if record.process == os.getpid():
        return True
    try:
        os.kill(record.process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(record.process)


def _is_zombie(process: int) -> bool:
    """Whether the process ended and only waits for its parent (where the system tells)."""
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as stat:  # noqa: PTH123
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False


def _told(record: JobRecord) -> Text:
    name = _JOBS[record.job]
    left = _IN_PART if record.job == "score-many" else _NOTHING
    started = record.started_at.strftime("%Y-%m-%d %H:%M")
    return Text(
        f"{record.actor} 于 {started}(UTC)开始的{name.zh}({record.target})中途中断;{left.zh}",
        f"the {name.en} of {record.target}, begun by {record.actor} at {started} UTC, was cut off; {left.en}",
    )
