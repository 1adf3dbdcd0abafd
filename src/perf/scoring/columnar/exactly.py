"""Tier 3: the exact engine itself, on the facts it came from or on facts made from the columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from threading import Lock

import numpy as np

from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.figures import exact_text
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.scoring.columnar.cells import Words
from perf.scoring.columnar.columns import Column, Columns, Unfit
from perf.scoring.columnar.places import Peers
from perf.scoring.columnar.support import NotColumnar
from perf.scoring.indicators import Indicators, Judged
from perf.scoring.policies import Slot, judge
from perf.specs.models import RuleBook, Scheme
from perf.specs.world import World

_WAN = 10_000
_OWN = ("subject", "level", "kind", "parent")


@dataclass(frozen=True, slots=True)
class Groups:
    """The peer groups of a slice, in its own period."""

    subjects: Sequence[str]
    layout: Peers
    _rows: dict[str, int] = field(default_factory=dict)
    _known: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def segment(self, subject: str, period: Period) -> Segment | None:  # noqa: ARG002 - of the protocol
        """Everybody's only segment speaks."""
        return None

    def peers(self, subject: str, period: Period) -> tuple[str, ...]:  # noqa: ARG002 - of the protocol
        """The peer group of `subject`, itself included."""
        if not self._rows:
            self._rows.update({one: row for row, one in enumerate(self.subjects)})
        row = self._rows.get(subject)
        if row is None:
            return (subject,)
        code = int(self.layout.codes[row])
        if code not in self._known:
            self._known[code] = tuple(self.subjects[k] for k in np.flatnonzero(self.layout.codes == code).tolist())
        return self._known[code]


class Exactly:
    """The exact engine over one slice: made when the first row needs it."""

    def __init__(self, book: RuleBook, scheme: Scheme, columns: Columns, peers: Peers) -> None:
        self._book, self._scheme, self._columns = book, scheme, columns
        self._groups = Groups(columns.subjects, peers)
        self._lock = Lock()
        self._indicators: Indicators | None = None
        if columns.origin is not None:
            self._indicators = Indicators(columns.origin.world, columns.origin.field)

    def judged(self, slot: Slot, rows: Sequence[int]) -> list[Judged]:
        """What the exact engine says of some rows; one thread at a time, as it keeps what it has worked out."""
        with self._lock:
            return self._judged(slot, rows)

    def _judged(self, slot: Slot, rows: Sequence[int]) -> list[Judged]:
        columns = self._columns
        indicators = self._indicators
        if indicators is None:
            around = {peer for row in rows for peer in self._groups.peers(columns.subjects[row], columns.period)}
            is_most = 2 * len(around) > len(columns)
            chosen = [row for row, subject in enumerate(columns.subjects) if is_most or subject in around]
            roster, facts = materialised(self._book, self._scheme, columns, chosen)
            indicators = Indicators(World(self._book, roster, facts, {}), self._groups)
            if is_most:
                self._indicators = indicators  # what else is asked may as well be asked of these
        return [judge(indicators, slot, columns.subjects[row], columns.period) for row in rows]


def materialised(book: RuleBook, scheme: Scheme, columns: Columns, rows: Sequence[int]) -> tuple[Roster, Facts]:
    """Roster and facts of some rows of columns."""
    facts = [
        fact
        for (code, period), column in columns.measures.items()
        for fact in _facts(book, columns, column, rows, code, period)
    ]
    texts = {name: _texts(column, rows) for name, column in columns.attributes.items()}
    segments = []
    for k, row in enumerate(rows):
        own = {name: text[k] for name, text in texts.items() if text[k] is not None}
        kind = own.get("kind") or (scheme.of_kind[0] if scheme.of_kind else "")
        further = {name: text for name, text in own.items() if name not in _OWN and text is not None}
        segments.append(
            Segment(columns.subjects[row], scheme.of_level, kind, own.get("parent") or "", attributes=further)
        )
    return Roster(segments), Facts(facts)


def _facts(
    book: RuleBook, columns: Columns, column: Column, rows: Sequence[int], code: str, period: Period
) -> Iterable[Fact]:
    measure = book.measures.get(code)
    below = _WAN if measure is not None and measure.unit == "wan_yuan" else 1
    if isinstance(column, Unfit):
        raise NotColumnar(code)
    for row in rows:
        value: Fraction | str
        if isinstance(column, Words):
            place = int(column.codes[row])
            if place < 0:
                continue
            value = column.words[place]
        else:
            if column.present is not None and not column.present[row]:
                continue
            value = Fraction(int(column.above[row]), column.below * below)
        yield Fact(FactKey(columns.subjects[row], code, period), value)


def _texts(column: Column, rows: Sequence[int]) -> list[str | None]:
    found: list[str | None] = []
    if isinstance(column, Unfit):
        raise NotColumnar("attribute")
    for row in rows:
        if isinstance(column, Words):
            place = int(column.codes[row])
            found.append(column.words[place] if place >= 0 else None)
        elif column.present is not None and not column.present[row]:
            found.append(None)
        else:
            found.append(exact_text(Fraction(int(column.above[row]), column.below)))
    return found
