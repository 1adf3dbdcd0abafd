"""Who imported the facts that a run is pinned to, straight through SQLite's own driver; see `quick`."""

import json
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from perf.kernel.facts import FactSource
from perf.storage.canonical import canonical_json
from perf.storage.packing import Broken, unpacked

Sent = tuple[int, str, str]


def sources_in(pin: str, sources: Collection[FactSource]) -> dict[FactSource, int]:
    """Source -> number of the import that it came in with, from the text of a run's pin of facts."""
    found: dict[FactSource, int] = {}
    for source in sources:
        end = pin.find("," + canonical_json(list(source))[1:] + "\n")
        if end >= 0:
            start = pin.rfind("\n", 0, end) + 1
            found[source] = int(pin[start + 1 : pin.index(",", start)])
    return found


def quick_senders(file: Path, run: str, sources: Collection[FactSource]) -> dict[FactSource, Sent] | None:
    """Source -> (import, who, when as text); None where the slower way has to tell.

    The caller has shown that the run is in scope.
    """
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as connection:
            query = "select content from run_pin where run_id = ? and kind = 'facts'"
            row = connection.execute(query, (run,)).fetchone()
            if row is None:
                return None
            numbers = sources_in(unpacked(row[0]).decode(), sources)
            wanted = json.dumps(sorted(set(numbers.values())))
            imports = connection.execute(
                'select id, made_by, made_at from "import" where id in (select value from json_each(?))', (wanted,)
            )
            sent = {number: (number, by, str(at)) for number, by, at in imports}
    except (sqlite3.Error, Broken, ValueError, OSError):
        return None
    return {source: sent[number] for source, number in numbers.items() if number in sent}
