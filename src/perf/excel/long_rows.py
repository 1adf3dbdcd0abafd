"""The rows of a long table that stand in blocks, taken by measure; a row that needs words is left to be read by itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from perf.excel.bulk_rows import BlockKeys, KeyReading
from perf.excel.cell_blocks import BlockColumn, CellBlock, blocks_of
from perf.excel.collecting import Collector
from perf.excel.column_values import read_column
from perf.excel.fact_rows import FactColumn
from perf.excel.recognise import KEY_ROLES, Table, TableColumn
from perf.excel.values import Column
from perf.kernel.facts import FactKey

_Spec = Callable[[str, str | None], Column | None]


@dataclass(slots=True)
class _Group:
    """The sound rows of one measure in one unit, from all blocks of the table."""

    spec: Column
    is_text: bool = False
    bases: list[FactKey] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    texts: list[str | None] = field(default_factory=list)


class LongRows:
    """Takes the rows of one table with a column of measures and one of values, as far as there is nothing to say of them."""

    def __init__(self, table: Table, value: TableColumn, into: Collector, reading: KeyReading, spec: _Spec) -> None:
        """Prepare; `spec` tells what values of a measure and unit, as the row names them, are; None where words are needed."""
        self.table = table
        self.value = value
        self.into = into
        self._reading = reading
        self._spec = spec
        self._groups: dict[tuple[str, str | None], _Group | None] = {}
        self._below: dict[tuple[str, str], bool] = {}
        self._roles = [column for role in KEY_ROLES if (column := table.column(role)) is not None]

    def take(self, merged: Mapping[int, object]) -> set[int]:
        """Take what can be taken; the numbers of the rows that are done. Rows in `merged` areas are left."""
        done: set[int] = set()
        rows, measure, unit = self.table.rows, self.table.column("measure"), self.table.column("unit")
        if not rows or measure is None:
            return done
        wanted = set(rows) - merged.keys()
        for block in blocks_of(self.table.sheet.rows):
            named, values = block.column(measure.number), block.column(self.value.number)
            if named is None or values is None:
                continue
            span = block.span(rows[0], rows[-1])
            indices = [index for index in span if block.numbers[index] in wanted and named.values[index]]
            units = block.column(unit.number) if unit is not None else None
            for key, (at, bases) in self._grouped(block, indices, named, units).items():
                if (group := self._group(*key)) is not None:
                    done.update(self._take(block, values, group, at, bases))
        for group in self._groups.values():
            if group is not None and group.bases:
                self._keep(group)
        return done

    def _grouped(
        self, block: CellBlock, indices: Sequence[int], named: BlockColumn, units: BlockColumn | None
    ) -> dict[tuple[str, str | None], tuple[list[int], list[FactKey]]]:
        """Indices and keys of the rows of which nothing is to be said of their keys, by the texts of measure and unit."""
        found = [(column.role, block.column(column.number)) for column in self._roles]
        there = [(role, stored) for role, stored in found if stored is not None and role is not None]
        keys = BlockKeys(block, there, self._reading).keys(indices)
        measures, in_units = named.values, units.values if units is not None else None
        groups: dict[tuple[str, str | None], tuple[list[int], list[FactKey]]] = {}
        for index, base in zip(indices, keys, strict=True):
            if base is None:
                continue
            key = measures[index] or "", in_units[index] if in_units is not None else None
            group = groups.get(key)
            if group is None:
                group = groups[key] = [], []
            group[0].append(index)
            group[1].append(base)
        return groups

    def _group(self, measure: str, unit: str | None) -> _Group | None:
        key = measure, unit
        if key not in self._groups:
            spec = self._spec(measure, unit)
            self._groups[key] = _Group(spec) if spec is not None else None
        return self._groups[key]

    def _take(
        self, block: CellBlock, values: BlockColumn, group: _Group, indices: Sequence[int], bases: Sequence[FactKey]
    ) -> list[int]:
        """Take the sound ones of these rows of one measure; their numbers."""
        texts, kinds = values.part(indices)
        reading = read_column(texts, kinds, group.spec, knows_kinds=self.into.workbook.knows_kinds)
        group.is_text = reading.is_text
        doubtful, period = set(reading.doubtful), group.spec.measure.period
        done: list[int] = []
        for at, (index, base, text) in enumerate(zip(indices, bases, reading.texts, strict=True)):
            if at in doubtful or base.period.kind != period or self._is_below(base.subject, group.spec):
                continue
            number = block.numbers[index]
            done.append(number)
            group.numbers.append(number)
            group.bases.append(base)
            group.texts.append(text)
        return done

    def _is_below(self, subject: str, spec: Column) -> bool:
        """Whether the measure is reported by somebody above the subject."""
        key = subject, spec.measure.level
        if key not in self._below:
            self._below[key] = self.into.subjects.is_below(subject, spec.measure.level)
        return self._below[key]

    def _keep(self, group: _Group) -> None:
        measure, bases = group.spec.measure.code, group.bases
        self.into.cover_all(measure, {base.subject for base in bases}, {base.period for base in bases})
        column = FactColumn(measure, self.value.number, group.texts, group.is_text)
        self.into.take_block(self.table.sheet.name, bases, group.numbers, [column])
