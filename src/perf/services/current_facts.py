"""The facts that count now, beside those of a file: what the file says alike is only marked, all else is there."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from perf.excel.fact_rows import FactRows
from perf.kernel.facts import Fact, FactKey
from perf.kernel.periods import Period, parse_period
from perf.storage import facts
from perf.storage.facts import FactVersion
from perf.storage.store import Connection
from perf.storage.viewer import Viewer

Newest = dict[tuple[str, str, str, str, str], FactVersion]
_TOGETHER = 10_000


@dataclass(frozen=True, slots=True)
class CurrentFacts:
    """All of them; those that a file repeats are the file's own, which say the same figure.

    Attributes:
        others: By their keys those that the file does not have, or has with another figure.
        alike: The file's own facts that are stored with the same figure.
        positions: Where these stand among the file's sound rows.
    """

    others: Mapping[FactKey, Fact]
    alike: FactRows
    positions: Sequence[int] = ()

    def __iter__(self) -> Iterator[Fact]:
        yield from self.others.values()
        yield from self.alike


def newest_beside(
    connection: Connection, viewer: Viewer, rows: FactRows, *, periods: Collection[str], measures: Collection[str]
) -> tuple[Newest, CurrentFacts]:
    """The newest versions of these periods and measures but for those that `rows` repeat, and all facts of them."""
    newest: Newest = {}
    seen = np.zeros(len(rows), dtype=np.int64)
    alike = np.zeros(len(rows), dtype=bool)
    known: dict[str, Period] = {}
    stored = facts.every_version(connection, viewer, periods=periods, measures=measures)
    while some := list(islice(stored, _TOGETHER)):
        for row in some:
            if row[5] not in known:
                known[row[5]] = parse_period(row[5])
        found = rows.find([FactKey(row[3], row[4], known[row[5]], row[6], row[7]) for row in some])
        for row, at in zip(some, found, strict=True):
            number, key = row[0], (row[3], row[4], row[5], row[6], row[7])
            if at is None:
                before = newest.get(key)
                if before is None or before.import_id < number:
                    newest[key] = FactVersion._make(row)
            elif seen[at] < number:
                seen[at] = number
                alike[at] = _says(row, *rows.value(at))
                if alike[at]:
                    newest.pop(key, None)
                else:
                    newest[key] = FactVersion._make(row)
    others = {fact.key: fact for fact in facts.as_facts(newest.values(), facts.files_of(connection, viewer))}
    positions = np.flatnonzero(alike).tolist()
    return newest, CurrentFacts(others, rows.without(np.flatnonzero(~alike).tolist()), positions)


def _says(row: Sequence[Any], text: str, is_text: bool) -> bool:  # noqa: FBT001
    """Whether a version, not withdrawn, is of this figure."""
    return row[8] is not None and row[8] == text and bool(row[9]) == is_text
