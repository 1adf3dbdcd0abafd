"""The rows of a wide table that stand in blocks, taken by column; a row that needs words is left to be read by itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from perf.excel.cell_blocks import BlockColumn, CellBlock, blocks_of
from perf.excel.cells import CellRecord
from perf.excel.collecting import Collector
from perf.excel.column_values import read_column
from perf.excel.fact_rows import FactColumn
from perf.excel.headers import Role
from perf.excel.heading_words import SUBJECT_ROLES
from perf.excel.recognise import KEY_ROLES, Table, TableColumn
from perf.excel.values import Column
from perf.kernel.facts import FactKey
from perf.kernel.periods import Period, hull
from perf.kernel.subjects import Level

_PERIODS_MIN = 2  # of one period alone nothing is gained
KeyCells = Mapping[Role, CellRecord | None]


class KeyReading(NamedTuple):
    """How the keys of a table's rows are read; nothing is said on the way.

    Args:
        key: The key of a row with these cells, None where there is something to say of it.
        period: The period of a row with this cell, None where there is something to say of it.
        is_steady: Whether rows like one whose key is known have the same key in all periods between two days.
    """

    key: Callable[[int, KeyCells], FactKey | None]
    period: Callable[[int, CellRecord | None], Period | None]
    is_steady: Callable[[FactKey, KeyCells, date, date], bool]


class _Keyed(NamedTuple):
    """Rows of a block by index, with their keys; nothing is to be said of these keys."""

    block: CellBlock
    indices: list[int]
    bases: list[FactKey]


class BulkRows:
    """Takes the rows of one table that can be taken by column."""

    def __init__(
        self,
        table: Table,
        columns: Sequence[tuple[TableColumn, Column]],
        into: Collector,
        reading: KeyReading,
        take: Callable[[int, int, CellRecord | None, Column, FactKey], None],
    ) -> None:
        """Prepare; `take` takes one cell, with all that there is to say."""
        self.table = table
        self.columns = columns
        self.into = into
        self._reading = reading
        self._take = take
        self._below: dict[Level, set[str]] = {}
        self._roles = [c for role in KEY_ROLES if (c := table.column(role)) is not None]

    def take(self, merged: Mapping[int, object]) -> set[int]:
        """Take what can be taken; the numbers of the rows that are done. Rows in `merged` areas are left."""
        done: set[int] = set()
        rows = self.table.rows
        if not rows or not self.columns:
            return done
        wanted = set(rows) - merged.keys()
        for block in blocks_of(self.table.sheet.rows):
            self._below.clear()
            span = block.span(rows[0], rows[-1])
            indices = [index for index in span if block.numbers[index] in wanted]
            if not self._names_subjects(block):  # rows without figures are then about nobody
                columns = [stored for column, _ in self.columns if (stored := block.column(column.number)) is not None]
                indices = [n for n in indices if any(stored.values[n] is not None for stored in columns)]
            keyed = self._keyed(block, indices)
            if keyed.indices:
                self._take_block(keyed)
                done.update(block.numbers[index] for index in keyed.indices)
        return done

    def _names_subjects(self, block: CellBlock) -> bool:
        numbers = (column.number for column in self._roles if column.role in SUBJECT_ROLES)
        return any((stored := block.column(n)) is not None and None not in stored.values for n in numbers)

    def _keyed(self, block: CellBlock, indices: Sequence[int]) -> _Keyed:
        found = [(column, block.column(column.number)) for column in self._roles]
        there = [(column.role, stored) for column, stored in found if stored is not None and column.role is not None]
        rows = BlockKeys(block, there, self._reading)
        kept: list[int] = []
        bases: list[FactKey] = []
        for index, base in zip(indices, rows.keys(indices), strict=True):
            if base is not None:
                kept.append(index)
                bases.append(base)
        return _Keyed(block, kept, bases)

    def _take_block(self, keyed: _Keyed) -> None:
        block, indices, bases = keyed
        everybody = {base.subject for base in bases}, {base.period for base in bases}
        taken: list[FactColumn] = []
        for column, spec in self.columns:
            stored = block.column(column.number)
            below, others = self._wrong(*everybody, spec)
            who, when = everybody
            if below or others:
                about = [base for base in bases if base.subject not in below and base.period not in others]
                who, when = {base.subject for base in about}, {base.period for base in about}
            if who:
                self.into.cover_all(spec.measure.code, who, when)
            if stored is None:
                continue
            texts, kinds = stored.part(indices)
            reading = read_column(texts, kinds, spec, knows_kinds=self.into.workbook.knows_kinds)
            values, doubtful = reading.texts, set(reading.doubtful)
            if below or others:
                wrong = (b.subject in below or b.period in others for b in bases)
                doubtful.update(at for at, is_wrong in enumerate(wrong) if is_wrong and texts[at] is not None)
            for at in sorted(doubtful):
                values[at] = None
                record = stored.record(block, indices[at])
                self._take(block.numbers[indices[at]], column.number, record, spec, bases[at])
            taken.append(FactColumn(spec.measure.code, column.number, values, reading.is_text))
        self.into.take_block(block.sheet, bases, [block.numbers[index] for index in indices], taken)

    def _wrong(self, who: Iterable[str], when: Iterable[Period], spec: Column) -> tuple[set[str], set[Period]]:
        """Subjects of which, and periods for which the measure is not reported."""
        kind, level = spec.measure.period, spec.measure.level
        if level not in self._below:
            self._below[level] = {subject for subject in who if self.into.subjects.is_below(subject, level)}
        return self._below[level], {period for period in when if period.kind != kind}


class BlockKeys:
    """The keys of the rows of a block; what stands in many rows is looked up once."""

    def __init__(self, block: CellBlock, columns: Sequence[tuple[Role, BlockColumn]], reading: KeyReading) -> None:
        """Prepare; `columns` are those that stand in the block, with their roles."""
        self._block = block
        self._columns = columns
        self._reading = reading

    def keys(self, indices: Sequence[int]) -> Iterator[FactKey | None]:
        """The key of each row, None where there is something to say of it."""
        who = [stored for role, stored in self._columns if role != "period"]
        when = [stored for role, stored in self._columns if role == "period"]
        months = list(_rows_of(when, indices))
        periods = self._periods(indices, months)
        first, last = hull(period for period in periods.values() if period is not None)
        known: dict[object, FactKey | None] = {}
        steady: dict[object, FactKey] = {}
        for index, said, month in zip(indices, _rows_of(who, indices), months, strict=True):
            base = steady.get(said)
            if base is not None:
                period = periods[month]
                yield None if period is None else FactKey(base.subject, "", period, base.item, base.counterparty)
                continue
            row = said, month
            if row in known:
                yield known[row]
                continue
            cells = self._cells(index)
            base = known[row] = self._reading.key(self._block.numbers[index], cells)
            if base is not None and len(periods) > 1 and self._reading.is_steady(base, cells, first, last):
                steady[said] = base
            yield base

    def _periods(self, indices: Sequence[int], months: Sequence[object]) -> dict[object, Period | None]:
        """The period that each text stands for, if there is nothing to say of it."""
        firsts = dict(zip(reversed(months), reversed(indices), strict=True))
        if len(firsts) < _PERIODS_MIN:
            return dict.fromkeys(firsts)
        numbers = self._block.numbers
        return {m: self._reading.period(numbers[at], self._cells(at).get("period")) for m, at in firsts.items()}

    def _cells(self, index: int) -> dict[Role, CellRecord | None]:
        return {role: stored.record(self._block, index) for role, stored in self._columns}


def _rows_of(columns: Sequence[BlockColumn], indices: Sequence[int]) -> Iterator[tuple[object, ...]]:
    """For each row the texts and kinds of these columns."""
    parts: list[Sequence[object]] = []
    for column in columns:
        texts, kinds = column.part(indices)
        parts.append(texts)
        if not isinstance(kinds, str):
            parts.append(kinds)
    return zip(*parts, strict=True) if parts else iter([()] * len(indices))
