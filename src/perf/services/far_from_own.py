"""Figures outside of what is usual for their own subject, but for those as far as others were now and then."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from perf.kernel.robust import UsualRange
from perf.kernel.text import Text
from perf.services.judged_figures import Indices, JudgedFigures
from perf.services.own_histories import OwnHistories
from perf.services.usual_rows import Bools, Floats, doubt_of, how_far

OWN_MIN = 6  # figures of its own that a subject is judged by, at least
SELDOM = 500  # as far as that only once in so many earlier figures: leave, leap months and the like are no mistakes


@dataclass(frozen=True, slots=True)
class _Tail:
    """Earlier figures of one measure that are far on one side, nearest first.

    Attributes:
        rows, columns: Where each stands in the table of histories.
        unknown: Rows and columns of those whose distance no float tells.
        count: All earlier figures of the measure, on both sides.
    """

    distances: Floats
    rows: Indices
    columns: Indices
    unknown: tuple[tuple[int, int], ...]
    count: int


@dataclass(frozen=True, slots=True)
class FarFromOwn:
    """Judged figures beside their own histories."""

    judged: JudgedFigures
    histories: OwnHistories
    _known: dict[int, UsualRange | None] = field(default_factory=dict)

    def usual(self, row: int) -> UsualRange | None:
        """What is usual in a row of the histories, exact."""
        if row not in self._known:
            self._known[row] = self.histories.exact_usual(row)
        return self._known[row]

    def told_by(self, row: int) -> Text:
        """What a figure of the row is held against."""
        count = int(self.histories.usual.counts[row])
        return Text(f"本人(本单位)前 {count} 期", f"its own last {count} periods")

    @property
    def _rules(self) -> Bools:
        """The rows that figures are judged by; a reach of zero tells nothing, which fractions say where no float does."""
        usual = self.histories.usual
        rules: Bools = (usual.counts >= OWN_MIN) & (usual.reaches != 0)
        for row in np.flatnonzero(rules & np.isnan(usual.reaches)).tolist():
            rules[row] = self.usual(row) is not None
        return rules

    def settled(self) -> Indices:
        """The judged figures about which their own history tells something."""
        return self.histories.indices[self._rules[self.histories.rows]]

    def far(self) -> Iterator[tuple[int, int, float]]:
        """Each figure to be told of with its row, and how far it is as a float (nan where none tells it)."""
        found, rules = self.histories, self._rules
        judged = rules[found.rows]
        indices, rows = found.indices[judged], found.rows[judged]
        values = self.judged.near.floats[indices]
        distances = how_far(values, found.usual.medians[rows], found.usual.reaches[rows])
        one = float(doubt_of(np.ones(1))[0])
        doubtful = np.flatnonzero(~((distances <= 1 - one) | (distances > 1 + one)))
        outside = distances > 1 + one
        above = values > found.usual.medians[rows]
        for at in doubtful.tolist():
            usual, value = self.usual(int(rows[at])), self.judged.near.exact(int(indices[at]))
            outside[at] = usual is not None and value not in usual
            above[at] = usual is not None and value > usual.median
        measures = found.measures[rows]
        for measure in np.unique(measures[outside]).tolist():
            for side in (False, True):
                here = np.flatnonzero(outside & (measures == measure) & (above == side))
                if len(here):
                    tail = self._tail(measure, is_above=side)
                    for at in here[self._are_seldom(tail, indices[here], rows[here], distances[here])].tolist():
                        yield int(indices[at]), int(rows[at]), float(distances[at])

    def _tail(self, measure: int, *, is_above: bool) -> _Tail:
        found = self.histories
        rows = np.flatnonzero(self._rules & (found.measures == measure))
        table, medians = found.table[rows], found.usual.medians[rows][:, None]
        distances = how_far(table, medians, found.usual.reaches[rows][:, None])
        there = ~np.isnan(table)
        far = np.argwhere((distances > 1 / 2) & ((table > medians) == is_above))
        unknown = np.argwhere(there & np.isnan(distances))
        values = distances[far[:, 0], far[:, 1]]
        order = np.argsort(values, kind="stable")
        return _Tail(
            values[order],
            rows[far[order, 0]],
            far[order, 1],
            tuple((int(rows[row]), int(column)) for row, column in unknown.tolist()),
            int(there.sum()),
        )

    def _are_seldom(self, tail: _Tail, indices: Indices, rows: Indices, distances: Floats) -> Bools:
        """Whether fewer than one in `SELDOM` earlier figures were as far on that side."""
        doubt = doubt_of(distances)
        size = len(tail.distances)
        surely = size - np.searchsorted(tail.distances, distances + doubt, side="right")
        at_most = size - np.searchsorted(tail.distances, distances - doubt, side="left") + len(tail.unknown)
        told: Bools = at_most * SELDOM < tail.count
        doubtful = ~told & (surely * SELDOM < tail.count) | np.isnan(distances)
        for at in np.flatnonzero(doubtful).tolist():
            told[at] = self._is_seldom(tail, int(indices[at]), int(rows[at]), float(distances[at]))
        return told

    def _is_seldom(self, tail: _Tail, index: int, row: int, distance: float) -> bool:
        usual = self.usual(row)
        assert usual is not None  # noqa: S101
        own = usual.distance(self.judged.near.exact(index))
        is_above = self.judged.near.exact(index) > usual.median
        if np.isnan(distance):
            start, end = 0, len(tail.distances)
        else:
            doubt = float(doubt_of(np.array([distance]))[0])
            start, end = (int(np.searchsorted(tail.distances, distance + d)) for d in (-doubt, doubt))
        as_far = len(tail.distances) - end
        between = zip(tail.rows[start:end].tolist(), tail.columns[start:end].tolist(), strict=True)
        for other, column in (*between, *tail.unknown):
            if as_far * SELDOM >= tail.count:
                break
            its, value = self.usual(other), self.histories.exact(other, column)
            as_far += its is not None and (value > its.median) == is_above and its.distance(value) >= own
        return as_far * SELDOM < tail.count
