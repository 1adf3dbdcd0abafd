"""Subjects (city, county, consortium, institution, department, team, person) and their dated segments."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, get_args

from perf.kernel.figures import parse_number
from perf.kernel.periods import Period

Level = Literal["city", "county", "consortium", "institution", "department", "team", "person"]
LEVELS: tuple[Level, ...] = get_args(Level)
ALWAYS = (date.min, date.max)
_EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Segment:
    """One subject in one place for a time; a person in two posts has two segments at once.

    Args:
        subject: Code of the institution, staff number of a person (text, zeros kept).
        level: One of `LEVELS`.
        kind: Declared kind (`township_hospital`); of a person usually the category.
        parent: The subject it belongs to, empty at the top.
        first_day, last_day: Both included.
        attributes: Everything else that rules may name, as text (`post_coefficient`: "1.2", `head`: "no", `name`).
    """

    subject: str
    level: Level
    kind: str
    parent: str
    first_day: date = date.min
    last_day: date = date.max
    attributes: Mapping[str, str] = field(default_factory=lambda: _EMPTY)

    def attribute(self, name: str) -> str | None:
        """`kind`, `level`, `parent`, `subject` or a further attribute; None where it is not given."""
        if name in ("kind", "level", "parent", "subject"):
            return str(getattr(self, name))
        return self.attributes.get(name) or None

    @property
    def title(self) -> str:
        """The name people know it by, else its code."""
        return self.attributes.get("name") or self.subject

    def days_in(self, period: Period) -> int:
        """Calendar days of `period` on which this segment is in force."""
        first, last = max(self.first_day, period.first_day), min(self.last_day, period.last_day)
        return max((last - first).days + 1, 0)

    def share_of(self, period: Period) -> Fraction:
        """`days_in` as a share of the days of the period, 0 to 1."""
        return Fraction(self.days_in(period), period.days)


class Roster:
    """All segments, indexed. Segments of one subject are in order of first day, parent and attributes."""

    def __init__(self, segments: Iterable[Segment]) -> None:
        rows = sorted(segments, key=lambda s: (s.subject, s.first_day, s.parent, s.kind, sorted(s.attributes.items())))
        self._by_subject: dict[str, list[Segment]] = {}
        for row in rows:
            self._by_subject.setdefault(row.subject, []).append(row)
        self._members: dict[Period, dict[str, list[str]]] = {}
        self._present: dict[Period, dict[str, list[Segment]]] = {}
        self._speaking: dict[Period, dict[str, Segment]] = {}
        self._steady: dict[tuple[date, date], dict[str, bool]] = {}

    def __contains__(self, subject: str) -> bool:
        return subject in self._by_subject

    def __iter__(self) -> Iterator[Segment]:
        return (row for rows in self._by_subject.values() for row in rows)

    def ids(self) -> list[str]:
        """All subjects, sorted."""
        return list(self._by_subject)

    def all_segments(self, subject: str) -> list[Segment]:
        """Every segment that subject ever had."""
        return self._by_subject.get(subject, [])

    def segments(self, subject: str, period: Period) -> list[Segment]:
        """The segments of `subject` with at least one day in `period`."""
        return self._in(period).get(subject, [])

    def _in(self, period: Period) -> dict[str, list[Segment]]:
        """Subject -> its segments in `period`; worked out once for each period."""
        present = self._present.get(period)
        if present is None:
            first, last = period.first_day, period.last_day
            present = {}
            for subject, rows in self._by_subject.items():
                found = [s for s in rows if s.first_day <= last and s.last_day >= first]
                if found:
                    present[subject] = found
            self._present[period] = present
        return present

    def at(self, subject: str, period: Period) -> Segment | None:
        """The segment that speaks for `subject` in `period`: in force latest, then the larger FTE, then the first."""
        speaking = self._speaking.setdefault(period, {})
        if subject in speaking:
            return speaking[subject]
        rows = self.segments(subject, period)
        if not rows:
            return None
        last = period.last_day
        chosen = rows[0]
        if len(rows) > 1:
            chosen = min(rows, key=lambda s: (-min(s.last_day, last).toordinal(), -fte_of(s), s.first_day, s.parent))
        speaking[subject] = chosen
        return chosen

    def is_steady(self, subject: str, first_day: date, last_day: date) -> bool:
        """Whether the subject and all above it have the same segments on every day from `first_day` to `last_day`."""
        known = self._steady.setdefault((first_day, last_day), {})
        parents = self._parents_throughout(subject, first_day, last_day)
        for parent in parents or ():
            if parent not in known:
                known[parent] = self._stay(parent, first_day, last_day)
        return parents is not None and all(known[parent] for parent in parents)

    def _stay(self, subject: str, first_day: date, last_day: date) -> bool:
        seen: set[str] = set()
        queue = {subject}
        while queue:
            parents = self._parents_throughout(code := queue.pop(), first_day, last_day)
            if parents is None:
                return False
            seen.add(code)
            queue |= parents - seen
        return True

    def _parents_throughout(self, subject: str, first_day: date, last_day: date) -> set[str] | None:
        """What the subject belongs to on all of these days; None where it begins or ends within them somewhere."""
        rows = [s for s in self._by_subject.get(subject, ()) if s.first_day <= last_day and s.last_day >= first_day]
        is_whole = all(s.first_day <= first_day and s.last_day >= last_day for s in rows)
        return {s.parent for s in rows} if is_whole else None

    def children(self, subject: str, period: Period) -> list[str]:
        """Subjects with a segment in `period` whose parent is `subject`, sorted."""
        index = self._members.get(period)
        if index is None:
            index = {}
            for code, rows in self._in(period).items():
                for parent in sorted({s.parent for s in rows}):
                    index.setdefault(parent, []).append(code)
            self._members[period] = index
        return index.get(subject, [])

    def below(self, subject: str, level: Level, period: Period) -> list[str]:
        """All subjects of `level` anywhere below `subject` in `period`, sorted, each once."""
        found: set[str] = set()
        seen = {subject}
        queue = [subject]
        while queue:
            for child in self.children(queue.pop(), period):
                if child in seen:
                    continue
                seen.add(child)
                segment = self.at(child, period)
                if segment is not None and segment.level == level:
                    found.add(child)
                else:
                    queue.append(child)
        return sorted(found)

    def ancestor(self, subject: str, level: Level, period: Period) -> str | None:
        """The nearest subject of `level` above `subject` (or itself), along the segment that speaks for it."""
        seen: set[str] = set()
        while subject and subject not in seen:
            seen.add(subject)
            segment = self.at(subject, period)
            if segment is None:
                return None
            if segment.level == level:
                return subject
            subject = segment.parent
        return None


def fte_of(segment: Segment) -> Fraction:
    """The FTE of a post; 1 where none, or nothing that is a number, is given."""
    try:
        return parse_number(segment.attributes.get("fte") or "1")
    except ValueError:
        return Fraction(1)
