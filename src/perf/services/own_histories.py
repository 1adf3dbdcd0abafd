"""The stored figures of those who are judged, in the periods before: a row for each, its periods beside one another."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from perf.excel.near_figures import NearFigures, chosen, joined, near_lines
from perf.kernel.periods import Period, PeriodKind
from perf.kernel.robust import UsualRange, usual_range
from perf.services.judged_figures import Indices, JudgedFigures, Names, numbered
from perf.services.usual_rows import Floats, UsualRows, usual_rows
from perf.storage.fact_history import Coded, Stretch, stretches
from perf.storage.store import Connection
from perf.storage.viewer import Viewer

_CELLS_MAX = 1 << 23  # figures of histories that are held together


class OwnHistories(NamedTuple):
    """Histories of some measures, a row for each subject, measure, item and counterparty.

    Attributes:
        near: Every figure that was read.
        entries: Row and period → its index in `near`, -1 where there is none.
        table: The same as floats.
        measures: The number of each row's measure.
        indices, rows: The judged figures that have a history, and the row of each.
    """

    near: NearFigures
    entries: Indices
    table: Floats
    measures: Indices
    least: Sequence[Fraction]
    usual: UsualRows
    indices: Indices
    rows: Indices

    def exact_usual(self, row: int) -> UsualRange | None:
        """What is usual in a row, exact."""
        there = self.entries[row][~np.isnan(self.table[row])].tolist()
        least = self.least[int(self.measures[row])]
        return usual_range([self.near.exact(index) for index in there], least_spread=least)

    def exact(self, row: int, column: int) -> Fraction:
        """One of the figures, exact."""
        return self.near.exact(int(self.entries[row, column]))


def own_histories(
    connection: Connection, viewer: Viewer, judged: JudgedFigures, least: Sequence[Fraction], periods_max: int
) -> Iterator[OwnHistories]:
    """The histories of the judged figures before the first period of the file, `periods_max` periods of its kind.

    Args:
        least: The least spread of each measure, by its number in `judged.names`.
    Returns:
        As many measures at a time as are well held in memory; nothing where none has a history.
    """
    names, keys = judged.names, judged.keys
    periods, codes = tuple(names.periods), tuple(names.measures)
    has_figure = ~np.isnan(judged.near.floats)
    for kind in sorted({period.kind for period in periods}):
        of_kind = np.array([period.kind == kind for period in periods], dtype=bool)
        indices = np.flatnonzero(of_kind[keys.period] & has_figure)
        wanted = np.unique(keys.measure[indices]).tolist()
        before = _before(periods, kind, periods_max)
        size = max(1, _CELLS_MAX // (max(len(names.subjects), 1) * periods_max))
        for start in range(0, len(wanted), size):
            some = wanted[start : start + size]
            read = stretches(
                connection,
                viewer,
                periods=before,
                measures=[codes[number] for number in some],
                subjects=names.subjects,
            )
            local = {codes[number]: at for at, number in enumerate(some)}
            found = _gathered([_Read.of(stretch, names, local, before) for stretch in read])
            if found is not None:
                among = indices[np.isin(keys.measure[indices], some)] if len(some) < len(wanted) else indices
                yield _histories(found, judged, np.array(some), least, among, len(before))


def _before(periods: Sequence[Period], kind: PeriodKind, count: int) -> Mapping[str, int]:
    first = min(period for period in periods if period.kind == kind)
    return {str(first.shift(-back)): back - 1 for back in range(1, count + 1)}


class _Read(NamedTuple):
    """The figures of a stretch that are of those who are judged."""

    subject: Indices
    measure: Indices
    detail: Indices
    period: Indices
    near: NearFigures

    @classmethod
    def of(cls, stretch: Stretch, names: Names, measures: Mapping[str, int], periods: Mapping[str, int]) -> "_Read":
        """Its figures; the items and counterparties that occur get numbers too."""
        subject = _numbers(stretch.subjects, names.subjects)
        measure = _numbers(stretch.measures, measures)
        period = _numbers(stretch.periods, periods)
        width = len(stretch.counterparties.words)
        pairs, first = numbered(stretch.items.codes * width + stretch.counterparties.codes)
        details = [
            names.details.setdefault(
                (stretch.items.words[item], stretch.counterparties.words[other]), len(names.details)
            )
            for item, other in zip(
                stretch.items.codes[first].tolist(), stretch.counterparties.codes[first].tolist(), strict=True
            )
        ]
        detail = np.array(details, dtype=np.int64)[pairs]
        near = near_lines(stretch.lines)
        kept = (subject >= 0) & (measure >= 0) & (period >= 0)
        if not kept.all():
            there = np.flatnonzero(kept)
            subject, measure, detail, period = (part[there] for part in (subject, measure, detail, period))
            near = chosen(near, there)
        return cls(subject, measure, detail, period, near)


def _numbers(column: Coded, numbers: Mapping[str, int]) -> Indices:
    table = np.array([numbers.get(word, -1) for word in column.words], dtype=np.int64)
    return table[column.codes]


def _gathered(parts: Sequence[_Read]) -> _Read | None:
    if not any(len(part.subject) for part in parts):
        return None
    subject, measure, detail, period, near = zip(*parts, strict=True)
    columns = (np.concatenate(subject), np.concatenate(measure), np.concatenate(detail), np.concatenate(period))
    return _Read(*columns, joined(near))


def _histories(
    found: _Read, judged: JudgedFigures, some: Indices, least: Sequence[Fraction], indices: Indices, width: int
) -> OwnHistories:
    names, keys = judged.names, judged.keys
    subjects = len(names.subjects)
    local = np.full(len(names.measures), -1, dtype=np.int64)
    local[some] = np.arange(len(some))
    codes = (found.detail * len(some) + found.measure) * subjects + found.subject
    rows, first = numbered(codes)
    entries = np.full((len(first), width), -1, dtype=np.int64)
    entries[rows, found.period] = np.arange(len(codes))  # of several versions the last one
    table = found.near.floats[entries]
    table[entries < 0] = np.nan
    measures = some[found.measure[first]]
    usual = usual_rows(table, np.array([float(one) for one in least])[measures])
    own = (keys.detail[indices] * len(some) + local[keys.measure[indices]]) * subjects + keys.subject[indices]
    known = codes[first]
    places = np.minimum(np.searchsorted(known, own), len(known) - 1)
    there = known[places] == own
    return OwnHistories(found.near, entries, table, measures, least, usual, indices[there], places[there])
