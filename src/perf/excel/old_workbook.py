"""Workbooks of Excel 97–2003 (.xls), read with xlrd: values, formats, hidden sheets and rows, merged cells.

The format keeps formulas as code that xlrd does not read back: a formula counts as its last value here.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from perf.excel.cells import Area, CellKind, Sheet
from perf.excel.guard import Limits, WorkbookRefusedError, damaged, encrypted, too_many_cells
from perf.excel.reader import date_text, decimal_text, format_kind
from perf.excel.sheet_building import CellBudget, SheetBuilder

if TYPE_CHECKING:
    import xlrd.book
    import xlrd.sheet

_EMPTY, _TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = range(6)


def old_sheets(content: bytes, limits: Limits) -> tuple[Sheet, ...]:
    """Every sheet of an .xls file.

    Raises:
        WorkbookRefusedError: locked by a password, damaged, or beyond the limits.
    """
    import xlrd

    with _trouble_told():
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, on_demand=True, logfile=io.StringIO(), ragged_rows=True
        )
        if book.nsheets > limits.sheets:
            raise WorkbookRefusedError(too_many_cells(limits))
        budget = CellBudget(limits)
        sheets = []
        for number in range(book.nsheets):
            sheets.append(_sheet(book, book.sheet_by_index(number), budget))
            book.unload_sheet(number)
        return tuple(sheets)


@contextmanager
def _trouble_told() -> Iterator[None]:
    """A file that xlrd stumbles over is damaged; what it raises for such a file is of many kinds."""
    from xlrd.biffh import XLRDError

    try:
        yield
    except WorkbookRefusedError:
        raise
    except XLRDError as error:
        if "encrypted" in str(error).lower():
            raise WorkbookRefusedError(encrypted()) from None
        raise damaged("文件打不开", "the file cannot be opened") from None
    except Exception:  # noqa: BLE001 - struct.error, IndexError, AssertionError …: the bytes are not a whole workbook
        raise damaged("文件不完整,打不开", "the file is cut off and cannot be opened") from None


def _sheet(book: "xlrd.book.Book", source: "xlrd.sheet.Sheet", budget: CellBudget) -> Sheet:
    builder = SheetBuilder(source.name, budget, "visible" if source.visibility == 0 else "hidden")
    for number in range(source.nrows):
        for column, cell in enumerate(source.row(number)):
            value, kind = _typed(book, cell)
            if value:
                builder.put(number + 1, column + 1, value, kind)
    for top, bottom, left, right in source.merged_cells:
        builder.merge(Area(top + 1, left + 1, bottom, right))
    builder.hidden_rows.update(number + 1 for number, row in source.rowinfo_map.items() if row.hidden)
    return builder.sheet()


def _typed(book: "xlrd.book.Book", cell: "xlrd.sheet.Cell") -> tuple[str, CellKind]:
    import xlrd

    if cell.ctype == _TEXT:
        return str(cell.value), "text"
    if cell.ctype == _BOOLEAN:
        return str(int(cell.value)), "boolean"
    if cell.ctype == _ERROR:
        return xlrd.error_text_from_code.get(int(cell.value), "#VALUE!"), "error"
    if cell.ctype not in (_NUMBER, _DATE):
        return "", "blank"
    number = decimal_text(repr(cell.value))
    if cell.ctype == _DATE:
        day = date_text(number, is_1904=book.datemode == 1)
        return (day, "date") if day else (number, "number")
    return number, _shown(book, cell.xf_index)


_PLAIN: Final[CellKind] = "number"


def _shown(book: "xlrd.book.Book", style: int | None) -> CellKind:
    if style is None or style >= len(book.xf_list):
        return _PLAIN
    form = book.format_map.get(book.xf_list[style].format_key)
    return format_kind(form.format_str) if form is not None else _PLAIN
