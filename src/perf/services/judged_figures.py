"""New and changed figures in columns, with what stands beside them: what is judged for being unusual."""

from array import array
from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from perf.excel.fact_rows import FactRows
from perf.excel.near_figures import NearFigures, joined, nearest
from perf.kernel.facts import Fact
from perf.kernel.periods import Period
from perf.services.consortium_of import ConsortiumFinder

Indices = npt.NDArray[np.int64]
_DENSE_MAX = 1 << 20
_Name = TypeVar("_Name")


class Keys(NamedTuple):
    """Keys by column, as numbers of the names in `Names`."""

    subject: Indices
    measure: Indices
    period: Indices
    detail: Indices


class Names:
    """The names that occur in keys, numbered as they come."""

    def __init__(self) -> None:
        self.subjects: dict[str, int] = {}
        self.measures: dict[str, int] = {}
        self.periods: dict[Period, int] = {}
        self.details: dict[tuple[str, str], int] = {}

    def of_rows(self, rows: FactRows) -> Keys:
        """The keys of facts."""
        columns = rows.key_columns()
        return Keys(
            _table(self.subjects, columns.subjects)[columns.subject],
            _table(self.measures, columns.measures)[columns.measure],
            _table(self.periods, columns.periods)[columns.period],
            _table(self.details, columns.details)[columns.detail],
        )


def _table(numbers: dict[_Name, int], names: Sequence[_Name]) -> Indices:
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)


class JudgedFigures(NamedTuple):
    """The figures that are judged: their keys and values, and where each is among the facts."""

    names: Names
    keys: Keys
    near: NearFigures
    sources: tuple[FactRows, ...]

    @classmethod
    def of(cls, sources: Sequence[FactRows], measures: Collection[str]) -> "JudgedFigures":
        """All facts of these sources; texts and other measures have no figure."""
        names = Names()
        keys = [names.of_rows(rows) for rows in sources]
        near = joined([rows.figures() for rows in sources])
        whole = Keys(*(np.concatenate(parts) for parts in zip(*keys, strict=True)))
        known = np.array([measure in measures for measure in names.measures], dtype=bool)
        if not known.all():
            near.floats[~known[whole.measure]] = np.nan
        return cls(names, whole, near, tuple(sources))

    def fact(self, index: int) -> Fact:
        """The fact itself."""
        for rows in self.sources:
            if index < len(rows):
                return rows[index]
            index -= len(rows)
        raise IndexError(index)

    def column_at(self, index: int) -> tuple[str, int]:
        """The sheet and the column that it stands in."""
        for rows in self.sources:
            if index < len(rows):
                return rows.column_at(index)
            index -= len(rows)
        raise IndexError(index)


class Peers(NamedTuple):
    """The figures of a month by groups of one measure, period, kind, item and counterparty.

    Attributes:
        near: The judged figures, then those that count already.
        group: The group of each, -1 where it has no figure.
    """

    near: NearFigures
    group: Indices
    measures: Indices
    sizes: Indices

    @classmethod
    def of(cls, judged: JudgedFigures, beside: Iterable[Fact], finder: ConsortiumFinder) -> "Peers":
        """The judged figures and those beside them."""
        names, keys = judged.names, judged.keys
        kinds: dict[str, int] = {}
        kind = _kinds(judged, kinds, finder)
        rows = array("q")
        values: list[Fraction] = []
        for fact in beside:
            key = fact.key
            where = names.measures.get(key.measure), names.periods.get(key.period)
            detail = names.details.get((key.item, key.counterparty))
            if isinstance(fact.value, Fraction) and None not in where and detail is not None:
                number = kinds.get(finder.kind(key.subject, key.period))
                if number is not None:
                    rows.extend((where[0] or 0, where[1] or 0, number, detail))
                    values.append(fact.value)
        others = np.array(rows, dtype=np.int64).reshape(-1, 4)  # four numbers a figure
        parts = zip((keys.measure, keys.period, kind, keys.detail), others.T, strict=True)
        measure, *rest = (np.concatenate(pair) for pair in parts)
        codes = measure
        for part, size in zip(rest, (len(names.periods), len(kinds), len(names.details)), strict=True):
            codes = codes * size + part
        floats = np.array([nearest(value) for value in values], dtype=np.float64)
        near = joined([judged.near, NearFigures(floats, dict(enumerate(values)))])
        group, first = numbered(codes)
        group[np.isnan(near.floats)] = -1
        return cls(near, group, measure[first], np.bincount(group[group >= 0], minlength=len(first)))


def _kinds(judged: JudgedFigures, kinds: dict[str, int], finder: ConsortiumFinder) -> Indices:
    """The kind that the subject of each figure is of in its period."""
    keys, periods, subjects = judged.keys, tuple(judged.names.periods), tuple(judged.names.subjects)
    first, last = min(one.first_day for one in periods), max(one.last_day for one in periods)
    steady = [finder.steady_kind(subject, first, last) for subject in subjects]
    found = _table(kinds, [kind or "" for kind in steady])[keys.subject]
    others = np.flatnonzero(np.array([kind is None for kind in steady], dtype=bool)[keys.subject])
    pairs, at = numbered(keys.subject[others] * len(periods) + keys.period[others])
    both = zip(keys.subject[others[at]].tolist(), keys.period[others[at]].tolist(), strict=True)
    found[others] = _table(kinds, [finder.kind(subjects[subject], periods[period]) for subject, period in both])[pairs]
    return found


def numbered(codes: Indices) -> tuple[Indices, Indices]:
    """Each code's number among the different codes, in their order; and an index where each of them stands."""
    size = int(codes.max(initial=-1)) + 1
    if size > max(_DENSE_MAX, 8 * len(codes)):
        _, first, numbers = np.unique(codes, return_index=True, return_inverse=True)
        return numbers, first
    places = np.full(size, -1, dtype=np.int64)
    places[codes] = np.arange(len(codes))
    there = np.flatnonzero(places >= 0)
    first = places[there]
    places[there] = np.arange(len(there))
    return places[codes], first
