"""Cells of rows that are alike, kept in columns; a row of them is made only when somebody looks at it."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import NamedTuple

from perf.excel.cells import CellKind, CellRecord


class BlockColumn(NamedTuple):
    """One column of a block.

    Args:
        number: 1-based.
        values: A text for each row, as `CellRecord.value`; None where no cell stands.
        kinds: The kind of all its cells, or of each.
        formulas: Of each cell, empty for a plain value; None where the column has no formula at all.
    """

    number: int
    values: Sequence[str | None]
    kinds: CellKind | Sequence[CellKind]
    formulas: Sequence[str] | None = None

    def part(self, indices: Sequence[int]) -> tuple[Sequence[str | None], CellKind | Sequence[CellKind]]:
        """The values and kinds in some rows; one kind where all their cells are of it."""
        if len(indices) == len(self.values):
            return self.values, self.kinds
        first, last = (indices[0], indices[-1] + 1) if indices else (0, 0)
        values: Sequence[str | None]
        is_run = last - first == len(indices)
        values = self.values[first:last] if is_run else [self.values[index] for index in indices]
        if isinstance(self.kinds, str):
            return values, self.kinds
        kinds = self.kinds[first:last] if is_run else [self.kinds[index] for index in indices]
        if len(same := set(kinds)) == 1:
            return values, same.pop()
        several = {kind for value, kind in zip(values, kinds, strict=True) if value is not None}
        return values, several.pop() if len(several) == 1 else kinds

    def record(self, block: "CellBlock", index: int) -> CellRecord | None:
        """The cell in the row of that index."""
        value = self.values[index]
        if value is None:
            return None
        kind = self.kinds if isinstance(self.kinds, str) else self.kinds[index]
        formula = self.formulas[index] if self.formulas is not None else ""
        return CellRecord(block.sheet, block.numbers[index], self.number, value, kind, formula)


@dataclass(frozen=True, slots=True)
class CellBlock:
    """Rows of one sheet, by column; formulas in it are all calculated.

    Attributes:
        sheet: Name of the sheet.
        numbers: The rows' numbers, ascending.
        columns: Ascending; every row of a block has at least one value.
    """

    sheet: str
    numbers: Sequence[int]
    columns: tuple[BlockColumn, ...]

    def row(self, index: int) -> dict[int, CellRecord]:
        """The cells of the row of that index, by column."""
        cells = ((column.number, column.record(self, index)) for column in self.columns)
        return {number: record for number, record in cells if record is not None}

    def column(self, number: int) -> BlockColumn | None:
        """The column of that number."""
        return next((column for column in self.columns if column.number == number), None)

    def span(self, first: int, last: int) -> range:
        """The indices of the rows from number `first` to `last`, both included."""
        return range(bisect_left(self.numbers, first), bisect_right(self.numbers, last))


class BlockedRows(Mapping[int, Mapping[int, CellRecord]]):
    """The rows of a sheet by number, ascending: single ones as they are, those of blocks made when they are asked for."""

    def __init__(self, single: Mapping[int, Mapping[int, CellRecord]], blocks: Sequence[CellBlock]) -> None:
        """Rows in `single`, ascending, and those of `blocks`; no number twice."""
        self.single = single
        self.blocks = tuple(blocks)
        self._last: tuple[int, Mapping[int, CellRecord]] = (0, {})  # a row is usually asked for several times over

    def __getitem__(self, number: int) -> Mapping[int, CellRecord]:
        found = self.single.get(number)
        if found is not None:
            return found
        if self._last[0] == number:
            return self._last[1]
        for block in self.blocks:
            numbers = block.numbers
            index = bisect_left(numbers, number)
            if index < len(numbers) and numbers[index] == number:
                row = block.row(index)
                self._last = (number, row)
                return row
        raise KeyError(number)

    def __contains__(self, number: object) -> bool:
        return number in self.single or any(
            (index := bisect_left(block.numbers, number)) < len(block.numbers) and block.numbers[index] == number
            for block in self.blocks
            if isinstance(number, int)
        )

    def __iter__(self) -> Iterator[int]:
        return merge(self.single, *(block.numbers for block in self.blocks))

    def __len__(self) -> int:
        return len(self.single) + sum(len(block.numbers) for block in self.blocks)


def blocks_of(rows: Mapping[int, Mapping[int, CellRecord]]) -> tuple[CellBlock, ...]:
    """The blocks of a sheet's rows, none where every row stands by itself."""
    return rows.blocks if isinstance(rows, BlockedRows) else ()


def single_rows(rows: Mapping[int, Mapping[int, CellRecord]]) -> Mapping[int, Mapping[int, CellRecord]]:
    """The rows of a sheet that are in no block."""
    return rows.single if isinstance(rows, BlockedRows) else rows


def stands_in(rows: Mapping[int, Mapping[int, CellRecord]], column: int, numbers: Sequence[int]) -> bool:
    """Whether a cell of `column` stands in any of the rows `numbers`, which are ascending and all there."""
    single = single_rows(rows)
    wanted = numbers if len(single) == len(rows) else [n for n in numbers if n in single]
    if any(column in single[number] for number in wanted):
        return True
    if not numbers:
        return False
    for block in blocks_of(rows):
        found = block.column(column)
        span = block.span(numbers[0], numbers[-1])
        if found is not None and any(
            found.values[index] is not None and _is_among(numbers, block.numbers[index]) for index in span
        ):
            return True
    return False


def _is_among(numbers: Sequence[int], number: int) -> bool:
    index = bisect_left(numbers, number)
    return index < len(numbers) and numbers[index] == number


def headless(rows: Mapping[int, Mapping[int, CellRecord]], known: Collection[int], numbers: Sequence[int]) -> list[int]:
    """The columns beside the `known` ones in which something stands in any of the rows `numbers`, ascending and all there."""
    if not numbers:
        return []
    single = single_rows(rows)
    found: set[int] = set().union(*(single[number] for number in numbers if number in single))
    for block in blocks_of(rows):
        if block.span(numbers[0], numbers[-1]):
            found.update(column.number for column in block.columns)
    return [column for column in sorted(found.difference(known)) if stands_in(rows, column, numbers)]
