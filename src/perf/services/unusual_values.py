"""Figures of an import that are far from what the same subject, or its peers, usually report: warnings, never refusals.

All figures are held against all histories at once, in floats whose error is bounded; what they leave in doubt, and all
that is told, is decided in fractions.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from perf.excel.fact_rows import FactRows
from perf.kernel.facts import Fact
from perf.kernel.issues import Issue
from perf.services.consortium_of import ConsortiumFinder
from perf.services.far_from_own import FarFromOwn
from perf.services.far_from_peers import FarFromPeers
from perf.services.import_plan import ImportPlan
from perf.services.judged_figures import JudgedFigures, Peers
from perf.services.own_histories import own_histories
from perf.services.unusual_issues import Unusual, rest_issue, unusual_issue
from perf.services.usual_rows import doubt_of
from perf.specs.models import Measure
from perf.storage.store import Connection
from perf.storage.viewer import Viewer

OWN_MAX = 24  # figures of its own that a subject is judged by, at most
A_COLUMN_MAX = 10  # warnings of one column; the others are counted


@dataclass(frozen=True, slots=True)
class Far:
    """A figure that is to be told of: what it was held against, and how far it is as a float."""

    index: int
    distance: float
    against: FarFromOwn | FarFromPeers
    group: int

    def unusual(self, judged: JudgedFigures) -> Unusual:
        """All of it, exact."""
        fact, usual = judged.fact(self.index), self.against.usual(self.group)
        assert usual is not None  # noqa: S101
        return Unusual(fact, usual, self.against.told_by(self.group), usual.distance(judged.near.exact(self.index)))


@dataclass(frozen=True, slots=True)
class Judging:
    """What figures are judged with: the stored facts, the measures, and which kind every subject is of."""

    connection: Connection
    viewer: Viewer
    measures: Mapping[str, Measure]
    finder: ConsortiumFinder

    def issues(self, plan: ImportPlan, current: Iterable[Fact]) -> list[Issue]:
        """A warning for each new or changed figure that is unusual, `A_COLUMN_MAX` a column and the count of the rest.

        Args:
            current: The facts that count now, of the plan's measures and periods.
        """
        judged, far = self.far(plan, current)
        by_column: dict[tuple[str, int, str], list[Far]] = {}
        measures = tuple(judged.names.measures)
        for one in far:
            sheet, column = judged.column_at(one.index)
            by_column.setdefault((sheet, column, measures[int(judged.keys.measure[one.index])]), []).append(one)
        return [
            issue for column in sorted(by_column) for issue in self._told(plan.name, column, by_column[column], judged)
        ]

    def far(self, plan: ImportPlan, current: Iterable[Fact]) -> tuple[JudgedFigures, list[Far]]:
        """The figures that are judged, and those of them that are to be told of."""
        changed = [change.new for change in plan.changed]
        judged = JudgedFigures.of([FactRows.of(plan.new), FactRows.of(changed)], self.measures)
        left = ~np.isnan(judged.near.floats)
        if not left.any():
            return judged, []
        found: list[Far] = []
        least = [_least(self.measures.get(code)) for code in judged.names.measures]
        for histories in own_histories(self.connection, self.viewer, judged, least, OWN_MAX):
            own = FarFromOwn(judged, histories)
            left[own.settled()] = False
            found += (Far(index, distance, own, row) for index, row, distance in own.far())
        if left.any():
            new_keys = {fact.key for fact in changed}
            beside = (fact for fact in current if fact.key not in new_keys)
            peers = FarFromPeers.of(judged, Peers.of(judged, beside, self.finder), least)
            found += (Far(index, distance, peers, group) for index, group, distance in peers.far(np.flatnonzero(left)))
        return judged, found

    def _told(self, file: str, column: tuple[str, int, str], far: list[Far], judged: JudgedFigures) -> Iterator[Issue]:
        """The farthest of one column, and how many more."""
        sheet, _, code = column
        if len(far) > A_COLUMN_MAX:
            distances = np.nan_to_num(np.array([one.distance for one in far]), nan=np.inf)
            last = np.sort(distances)[-A_COLUMN_MAX]
            near = distances >= last - doubt_of(np.array([last]))[0]
            shown = [one for one, is_near in zip(far, near.tolist(), strict=True) if is_near]
        else:
            shown = far
        unusual = sorted((one.unusual(judged) for one in shown), key=lambda one: (-one.distance, one.fact.key))
        for one in unusual[:A_COLUMN_MAX]:
            yield unusual_issue(file, one, self.measures[code])
        if len(far) > A_COLUMN_MAX:
            yield rest_issue(file, sheet, self.measures[code], len(far) - A_COLUMN_MAX, A_COLUMN_MAX)


def _least(measure: Measure | None) -> Fraction:
    """Of counts one is the smallest deviation; of what has decimals none is."""
    return Fraction(1) if measure is not None and measure.digits == 0 else Fraction(0)
