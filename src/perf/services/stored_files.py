"""The files that were imported: which there are, and each one back with the bytes that it came with."""

from datetime import datetime
from pathlib import Path

from perf.kernel.errors import NotFound, VerificationFailed
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.files import write_atomically
from perf.storage import audit, imports
from perf.storage.canonical import sha256_bytes
from perf.storage.cipher import Unsealable
from perf.storage.imports import ImportRecord
from perf.storage.packing import Broken
from perf.storage.store import Store


def stored_files(store: Store, *, actor: Actor) -> list[ImportRecord]:
    """The imports in scope, in the order in which they were accepted."""
    with store.read() as connection:
        return imports.list_imports(connection, actor.viewer)


def give_back(store: Store, *, number: int, out: Path, actor: Actor, now: datetime) -> ImportRecord:
    """Write the original bytes of an import to `out` (into it, under its own name, where it is a folder).

    Raises:
        NotFound: no such import, or none in scope.
        VerificationFailed: the stored bytes are not those that were taken.
        KeyRefused: they are encrypted, and the key is not there.
    """
    with store.read() as connection:
        record = next((r for r in imports.list_imports(connection, actor.viewer) if r.id == number), None)
        if record is None:
            raise NotFound(
                Text(
                    f"没有第 {number} 次导入;perf-pay files 列出全部", f"no import {number}; perf-pay files lists them"
                )
            )
        try:
            content = imports.import_content(connection, actor.viewer, number, store.keys)
        except (Broken, Unsealable):
            content = None
    if content is None or sha256_bytes(content) != record.sha256:
        raise VerificationFailed(
            Text(f"第 {number} 次导入的文件与收到时不同", f"the file of import {number} is not what was taken")
        )
    own = Path(record.name).name.replace("*", "x")  # a masked number; not every system has files with stars
    write_atomically({out / own if out.is_dir() else out: content})
    with store.write() as connection:
        audit.append(
            connection,
            actor.viewer,
            consortium=record.consortium,
            at=now,
            action="export-file",
            target=f"import {number}",
            reason="",
            details={"file": record.name, "sha256": record.sha256},
        )
    return record
