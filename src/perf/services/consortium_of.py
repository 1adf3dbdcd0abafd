"""Which consortium a subject belongs to: the scope under which its facts and segments are kept."""

from collections.abc import Iterable
from datetime import date

from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.storage.viewer import COUNTY

_ABOVE = ("city", "county")


class ConsortiumFinder:
    """Looks up the consortium of subjects along the roster; the county and the city are of no consortium."""

    def __init__(self, segments: Iterable[Segment]) -> None:
        self._roster = Roster(segments)
        self._known: dict[tuple[str, Period], str | None] = {}
        self._of_own: dict[int, str | None] = {}  # by the identity of the roster's own segments

    def __contains__(self, subject: str) -> bool:
        return subject in self._roster

    def of_subject(self, subject: str, period: Period) -> str | None:
        """The consortium in `period`, or the last one where the subject is not on the roster then; None if unknown."""
        rows = self._roster.all_segments(subject)
        if len(rows) == 1:
            return self._of_known(rows[0])
        key = (subject, period)
        if key not in self._known:
            chosen = self._roster.at(subject, period) or (
                max(rows, key=lambda s: (s.last_day, s.first_day)) if rows else None
            )
            self._known[key] = None if chosen is None else self._of_known(chosen)
        return self._known[key]

    def may_be_unknown(self, subject: str) -> bool:
        """Whether there is a period in which no consortium of the subject is known."""
        rows = self._roster.all_segments(subject)
        return not rows or any(self._of_known(row) is None for row in rows)

    def newest(self, subject: str) -> str | None:
        """The consortium of the last segment that the subject has; None if unknown."""
        rows = self._roster.all_segments(subject)
        return self.of_segment(max(rows, key=lambda s: (s.last_day, s.first_day))) if rows else None

    def _of_known(self, segment: Segment) -> str | None:
        known = id(segment)
        if known not in self._of_own:
            self._of_own[known] = self.of_segment(segment)
        return self._of_own[known]

    def of_segment(self, segment: Segment) -> str | None:
        """The consortium that a segment lies in, by the parents in force with it; None where it leads nowhere."""
        seen: set[str] = set()
        here = segment
        while here.level != "consortium":
            if here.level in _ABOVE:
                return COUNTY
            if here.subject in seen or here.parent not in self._roster:
                return None
            seen.add(here.subject)
            above = self._roster.all_segments(here.parent)
            here = next((s for s in above if _overlap(s, segment)), above[-1])
        return here.subject

    def kind(self, subject: str, period: Period) -> str:
        """The kind that the subject is of in `period`, empty where it is not on the roster then."""
        segment = self._speaking(subject, period)
        return f"{segment.level} {segment.kind}" if segment is not None else ""

    def steady_kind(self, subject: str, first: date, last: date) -> str | None:
        """The kind of a subject with one segment from `first` to `last`, so in every period between; None for others."""
        rows = self._roster.all_segments(subject)
        if len(rows) != 1 or rows[0].first_day > first or rows[0].last_day < last:
            return None
        return f"{rows[0].level} {rows[0].kind}"

    def parent(self, subject: str, period: Period) -> str:
        """The subject directly above in `period`, empty where there is none."""
        segment = self._speaking(subject, period)
        return segment.parent if segment is not None else ""

    def _speaking(self, subject: str, period: Period) -> Segment | None:
        """As the roster says it; of one segment that is quickly told."""
        rows = self._roster.all_segments(subject)
        if len(rows) != 1:
            return self._roster.at(subject, period)
        return rows[0] if rows[0].first_day <= period.last_day and rows[0].last_day >= period.first_day else None


def _overlap(one: Segment, other: Segment) -> bool:
    return one.first_day <= other.last_day and other.first_day <= one.last_day
