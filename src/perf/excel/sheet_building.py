"""A sheet as it grows while a file is read, within the limits of the whole file."""

from collections.abc import Collection

from perf.excel.cells import Area, CellKind, CellRecord, Sheet, SheetState, cell_name, printable, shown_name
from perf.excel.guard import Limits, WorkbookRefusedError, too_far, too_long, too_many_cells


class CellBudget:
    """How many cells the rest of a file may still have."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._left = min(limits.cells, limits.other_cells)
        self._characters = limits.text_total

    def spend(self, characters: int = 0) -> None:
        """Take one cell with a text of so many characters.

        Raises:
            WorkbookRefusedError: none is left.
        """
        self._left -= 1
        self._characters -= characters
        if self._left < 0 or self._characters < 0:
            raise WorkbookRefusedError(too_many_cells(self.limits, self.limits.other_cells))


class SheetBuilder:
    """One sheet; cells may come in any order."""

    def __init__(
        self, title: str, budget: CellBudget, state: SheetState = "visible", taken: Collection[str] = ()
    ) -> None:
        self.name = shown_name(title, taken)
        self.state: SheetState = state
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self._budget = budget
        self._rows: dict[int, dict[int, CellRecord]] = {}
        self._merged: list[Area] = []

    def put(self, row: int, column: int, value: str, kind: CellKind, formula: str = "", *, cached: bool = True) -> None:
        """Keep a cell that holds something.

        Raises:
            WorkbookRefusedError: too far out, too many cells or characters, too long a text.
        """
        limits = self._budget.limits
        if not (1 <= row <= limits.rows and 1 <= column <= limits.columns):
            raise WorkbookRefusedError(too_far(cell_name(max(row, 1), max(column, 1)), limits))
        if len(value) > limits.text_length:
            raise too_long()
        self._budget.spend(len(value))
        shown = printable(value)
        if shown or formula:
            record = CellRecord(self.name, row, column, shown, kind, formula, cached)
            self._rows.setdefault(row, {})[column] = record

    def merge(self, area: Area) -> None:
        """Keep a merged range.

        Raises:
            WorkbookRefusedError: too many of them.
        """
        if len(self._merged) >= self._budget.limits.merged_areas:
            raise WorkbookRefusedError(too_many_cells(self._budget.limits))
        self._merged.append(area)

    def sheet(self) -> Sheet:
        """What was read, in the order of rows and columns."""
        rows = {number: dict(sorted(row.items())) for number, row in sorted(self._rows.items())}
        return Sheet(
            self.name,
            self.state,
            rows,
            tuple(self._merged),
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
        )
