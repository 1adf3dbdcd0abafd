"""Who a scheme is for, and who is compared with whom."""

from collections.abc import Mapping
from fractions import Fraction

from perf.formulas import evaluate
from perf.formulas.nodes import Absent
from perf.kernel.errors import PerfError
from perf.kernel.issues import Issue
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.kernel.text import Text
from perf.scoring.wording import failed, no_condition
from perf.specs.models import PeerRule, Scheme
from perf.specs.world import World

GroupKey = tuple[str | None, ...]
_WHO = Text("考核对象(of.where)", "who is scored (of.where)")


class Field:
    """The subjects of one scheme in any period, in sorted order, and their peer groups; each period worked out once."""

    def __init__(self, scheme: Scheme, world: World, roster: Roster) -> None:
        self._scheme = scheme
        self._world = world
        self._roster = roster
        self._subjects: dict[Period, tuple[tuple[str, ...], tuple[Issue, ...]]] = {}
        self._groups: dict[Period, Mapping[str, tuple[str, ...]]] = {}

    def subjects(self, period: Period) -> tuple[str, ...]:
        """Everybody whom the scheme is for in `period`."""
        return self._worked_out(period)[0]

    def issues(self, period: Period) -> tuple[Issue, ...]:
        """Subjects for whom it cannot be decided; they are left out."""
        return self._worked_out(period)[1]

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
            for subject in self.subjects(period):
                by_key.setdefault(self._key(rule, subject, period), []).append(subject)
            found = {subject: group for group in map(tuple, by_key.values()) for subject in group}
            self._groups[period] = found
        return found

    def _key(self, rule: PeerRule, subject: str, period: Period) -> GroupKey:
        within = self._roster.ancestor(subject, rule.within, period) if rule.within is not None else None
        segment = self._roster.at(subject, period)
        return (within, *(segment.attribute(name) if segment is not None else None for name in rule.by))

    def _worked_out(self, period: Period) -> tuple[tuple[str, ...], tuple[Issue, ...]]:
        found = self._subjects.get(period)
        if found is None:
            issues: list[Issue] = []
            chosen = tuple(s for s in self._roster.ids() if self._is_for(s, period, issues))
            found = self._subjects[period] = (chosen, tuple(issues))
        return found

    def _is_for(self, subject: str, period: Period, issues: list[Issue]) -> bool:
        segment = self._roster.at(subject, period)
        if segment is None or not self._fits(segment):
            return False
        scheme = self._scheme
        if scheme.of_where is None:
            return True
        try:
            answer = evaluate(scheme.of_where, self._world.scope(subject, period)).value
        except (PerfError, ArithmeticError) as error:
            issues.append(failed(scheme.code, scheme.place, period, subject, error))
            return False
        if isinstance(answer, Absent):
            issues.append(no_condition(_WHO, scheme.place, period, subject))
            return False
        return is_true(answer)

    def _fits(self, segment: Segment) -> bool:
        kinds = self._scheme.of_kind
        return segment.level == self._scheme.of_level and (not kinds or segment.kind in kinds)


def is_true(answer: Fraction | str | bool | Absent) -> bool:  # noqa: FBT001 - a formula's value
    """Whether a condition holds; a number counts as yes where it is not zero."""
    return answer is True or (isinstance(answer, Fraction) and answer != 0)
