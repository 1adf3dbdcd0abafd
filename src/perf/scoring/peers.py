"""Who a scheme is for, and who is compared with whom."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Protocol

from perf.formulas.nodes import Absent
from perf.kernel.issues import Issue
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.kernel.text import Text
from perf.scoring.wording import no_condition
from perf.specs.fitting import fits
from perf.specs.models import PeerRule, Scheme
from perf.specs.world import World

GroupKey = tuple[str | None, ...]
_WHO = Text("考核对象(of.where)", "who is scored (of.where)")


class PeerGroups(Protocol):
    """Who is compared with whom, and by which segment."""

    def segment(self, subject: str, period: Period) -> Segment | None:
        """The segment that speaks for `subject` where that is not the usual one; None: the usual one."""
        ...

    def peers(self, subject: str, period: Period) -> tuple[str, ...]:
        """The peer group of `subject`, itself included."""
        ...


class Field:
    """The subjects of one scheme in any period, in sorted order, and their peer groups; each period worked out once.

    By default the segment in force latest speaks for a subject; `by_segment`: the scheme is for a subject if it fits any
    of its segments in the period, and the last one that it fits speaks.
    """

    def __init__(self, scheme: Scheme, world: World, roster: Roster, *, by_segment: bool = False) -> None:
        self._scheme = scheme
        self._world = world
        self._roster = roster
        self._by_segment = by_segment
        self._segments: dict[Period, tuple[Mapping[str, Segment], tuple[Issue, ...]]] = {}
        self._groups: dict[Period, Mapping[str, tuple[str, ...]]] = {}

    def subjects(self, period: Period) -> tuple[str, ...]:
        """Everybody whom the scheme is for in `period`."""
        return tuple(self._worked_out(period)[0])

    def issues(self, period: Period) -> tuple[Issue, ...]:
        """Subjects for whom it cannot be decided; they are left out."""
        return self._worked_out(period)[1]

    def segment(self, subject: str, period: Period) -> Segment | None:
        """The segment that speaks for `subject` here where that is not the usual one; None: the usual one."""
        return self._worked_out(period)[0].get(subject) if self._by_segment else None

    def peers(self, subject: str, period: Period) -> tuple[str, ...]:
        """The peer group of `subject`, itself included; only itself where the scheme is not for it."""
        return self.groups(period).get(subject, (subject,))

    def groups(self, period: Period) -> Mapping[str, tuple[str, ...]]:
        """Subject -> its peer group; members of one group share one tuple."""
        found = self._groups.get(period)
        if found is None:
            version = self._scheme.version(period)
            rule = version.peers if version is not None else PeerRule()
            by_key: dict[GroupKey, list[str]] = {}
            for subject, segment in self._worked_out(period)[0].items():
                by_key.setdefault(self._key(rule, segment, period), []).append(subject)
            found = {subject: group for group in map(tuple, by_key.values()) for subject in group}
            self._groups[period] = found
        return found

    def _key(self, rule: PeerRule, segment: Segment, period: Period) -> GroupKey:
        within = None
        if rule.within is not None:
            own = segment.level == rule.within
            within = segment.subject if own else self._roster.ancestor(segment.parent, rule.within, period)
        return (within, *(segment.attribute(name) for name in rule.by))

    def _worked_out(self, period: Period) -> tuple[Mapping[str, Segment], tuple[Issue, ...]]:
        found = self._segments.get(period)
        if found is None:
            issues: list[Issue] = []
            chosen: dict[str, Segment] = {}
            for subject in self._roster.ids():
                segment = self._chosen(subject, period, issues)
                if segment is not None:
                    chosen[subject] = segment
            found = self._segments[period] = (chosen, tuple(issues))
        return found

    def _chosen(self, subject: str, period: Period, issues: list[Issue]) -> Segment | None:
        """The segment by which the scheme is for `subject`; None: it is not."""
        speaking = self._roster.at(subject, period)
        if speaking is None:
            return None
        if not self._by_segment:
            return speaking if self._fits(speaking, period, issues) else None
        rows = [row for row in self._roster.segments(subject, period) if row is not speaking]
        for segment in (speaking, *sorted(rows, key=lambda row: row.last_day, reverse=True)):
            if self._fits(segment, period, issues) and self._has_part(subject, period):
                return segment
        return None

    def _fits(self, segment: Segment, period: Period, issues: list[Issue]) -> bool:
        answer = fits(self._world, self._scheme, segment, period)
        if isinstance(answer, Absent):
            issues.append(no_condition(_WHO, self._scheme.place, period, segment.subject))
            return False
        return answer

    def _has_part(self, subject: str, period: Period) -> bool:
        """Whether one of the schemes that this one weighs by post scored the subject; true where it weighs none."""
        version = self._scheme.version(period)
        parts = version.by_post if version is not None else ()
        return not parts or any((part, subject, period) in self._world.totals for part in parts)


def is_true(answer: Fraction | str | bool | Absent) -> bool:  # noqa: FBT001 - a formula's value
    """Whether a condition holds; a number counts as yes where it is not zero."""
    return answer is True or (isinstance(answer, Fraction) and answer != 0)
