"""Rows of texts, kept in columns as they come; the cells are those that `sheet_building` would keep one by one."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from perf.excel.cell_blocks import BlockColumn, BlockedRows, CellBlock
from perf.excel.cells import Sheet, cell_name, printable
from perf.excel.guard import Limits, WorkbookRefusedError, too_far, too_long, too_many_cells

_TOGETHER: Final = 4_096  # rows
_PLACES_A_CELL: Final = 4  # a table may have gaps


class TextColumns:
    """One sheet of texts; rows come in order."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._cells = limits.cells
        self._places = limits.cells * _PLACES_A_CELL
        self._characters = limits.text_total
        self._numbers: list[int] = []
        self._columns: list[list[str | None]] = []
        self._pending: list[list[str]] = []

    def put(self, number: int, fields: Sequence[str]) -> None:
        """Keep a row, unless it is empty; empty fields cost nothing, wherever they stand.

        Raises:
            WorkbookRefusedError: too far out, too many cells or characters, too long a text.
        """
        values = [field.strip() for field in fields[: self._limits.columns]]
        if len(fields) > len(values):
            beyond = (at for at in range(len(values), len(fields)) if fields[at] and fields[at].strip())
            if (column := next(beyond, None)) is not None:
                raise WorkbookRefusedError(too_far(cell_name(number, column + 1), self._limits))
        shown = values if "".join(values).isprintable() else list(map(printable, values))
        while shown and not shown[-1]:
            shown.pop()
        if not shown:
            return
        if number > self._limits.rows:
            raise WorkbookRefusedError(too_far(cell_name(number, 1), self._limits))
        if max(map(len, values)) > self._limits.text_length:
            raise too_long()
        self._cells -= len(shown) - shown.count("")
        self._places -= len(shown)
        self._characters -= sum(map(len, shown))
        if self._cells < 0 or self._places < 0 or self._characters < 0:
            raise WorkbookRefusedError(too_many_cells(self._limits))
        self._numbers.append(number)
        self._pending.append(shown)
        if len(self._pending) >= _TOGETHER:
            self._settle()

    def _settle(self) -> None:
        before = len(self._numbers) - len(self._pending)
        for index, texts in enumerate(zip_longest(*self._pending, fillvalue="")):
            if index == len(self._columns):
                self._columns.append([None] * before)
            self._columns[index] += texts if "" not in texts else [text or None for text in texts]
        for column in self._columns:
            column.extend([None] * (len(self._numbers) - len(column)))
        self._pending = []

    def sheet(self) -> Sheet:
        """What was read."""
        self._settle()
        filled = (
            (number, values)
            for number, values in enumerate(self._columns, 1)
            if any(value is not None for value in values)
        )
        columns = tuple(BlockColumn(number, values, "text") for number, values in filled)
        return Sheet("", "visible", BlockedRows({}, [CellBlock("", self._numbers, columns)] if columns else ()))
