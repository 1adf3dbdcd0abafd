"""Who imported the cells that an explanation names, and when."""

from collections.abc import Collection, Mapping
from pathlib import Path

from perf.kernel.facts import FactSource
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.storage.quick_imports import Sent, quick_senders

_SQLITE = "sqlite:///"


def who_sent(url: str, *, run: str, sources: Collection[FactSource], actor: Actor) -> Mapping[FactSource, Text]:
    """Source -> `王芳 2025-07-03 08:00 导入(第 2 次)`, as far as the run's pins know it.

    Args:
        url: Address of the database; an SQLite file is read without loading the database library.
        run: Name of a run in the actor's scope.
    """
    named = {source for source in sources if source.file}
    if not named:
        return {}
    sent: dict[FactSource, Sent] | None = None
    if "://" not in url or url.startswith(_SQLITE):
        sent = quick_senders(Path(url.removeprefix(_SQLITE)), run, named)
    if sent is None:
        sent = _through_the_store(url, run, named, actor)
    return {source: _told(*one) for source, one in sent.items()}


def _through_the_store(url: str, run: str, sources: Collection[FactSource], actor: Actor) -> dict[FactSource, Sent]:
    from perf.storage import imports
    from perf.storage.quick_imports import sources_in
    from perf.storage.runs import pins_of
    from perf.storage.store import open_store

    store = open_store(url)
    try:
        with store.read() as connection:
            numbers: dict[FactSource, int] = {}
            for pin in pins_of(connection, actor.viewer, run, "facts"):
                numbers |= sources_in(pin.text or "", sources)
            known = {record.id: record for record in imports.list_imports(connection, actor.viewer)}
    finally:
        store.close()
    return {
        source: (number, known[number].made_by, known[number].made_at.isoformat())
        for source, number in numbers.items()
        if number in known
    }


def _told(number: int, who: str, when: str) -> Text:
    minute = when[:16].replace("T", " ")
    return Text(f"{who} {minute}(UTC)导入,第 {number} 次", f"imported by {who} {minute} UTC (import {number})")
