"""Which bank files were made already: on record run by run, so that nobody is paid twice unseen."""

from collections.abc import Sequence
from datetime import datetime
from json import loads

from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.storage import audit
from perf.storage.runs import Run
from perf.storage.store import Store

_ACTION = "export-bankfile"


def note_bank_file(
    store: Store, runs: Sequence[Run], *, people: int, is_net: bool, actor: Actor, now: datetime, reason: str = ""
) -> None:
    """Put on record that a bank file pays these runs; for a file that is written, never a person or an amount."""
    with store.write() as connection:
        for run in runs:
            audit.append(
                connection,
                actor.viewer,
                consortium=run.consortium,
                at=now,
                action=_ACTION,
                target=run.id,
                reason=reason,
                details={"people": people, "is_net": is_net},
            )


def made_before(store: Store, runs: Sequence[Run], *, actor: Actor) -> list[Issue]:
    """A warning for each run that a bank file paid before; of several the last is named."""
    with store.read() as connection:
        last = {entry.target: entry for entry in audit.entries(connection, actor.viewer, action=_ACTION)}
    issues = []
    for run in runs:
        if (entry := last.get(run.id)) is None:
            continue
        when, people = entry.at[:16].replace("T", " "), loads(entry.details)["people"]
        found = Text(
            f"{run.id} 的代发文件已由 {entry.actor} 于 {when}(UTC)导出过({people} 人)",
            f"a bank file of {run.id} was made on {when} UTC by {entry.actor} ({people} people)",
        )
        issues.append(
            Issue(
                "bank-file-again",
                Place(),
                found,
                Text("一次核算只交银行一份代发文件", "one bank file for each run"),
                Text(
                    "先前那份已交银行的,不要再交这一份;确要重做,先让银行作废先前那份",
                    "If the bank has the other one, do not send this one; else have that one cancelled first",
                ),
                "warning",
            )
        )
    return issues
