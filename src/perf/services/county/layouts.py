"""Sheets as departments lay them out: title rows, one or two header rows, 合计, signatures."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Protocol, cast

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.dimensions import ColumnDimension, DimensionHolder

from perf.excel.cells import cell_name, column_letters
from perf.services.county import plan

_TITLE = Font(bold=True, size=14)
_BOLD = Font(bold=True)
_FILL = PatternFill("solid", fgColor="DDEBF7")
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_WIDTH = 15


class _Shape(Protocol):
    """What a write-only sheet has too, though its stub does not say so."""

    merged_cells: MultiCellRange
    column_dimensions: DimensionHolder[str, ColumnDimension]


Row = Sequence[plan.Cell | None]


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet.

    Args:
        name: Of the sheet.
        title: First row, merged over the table.
        notes: Second row (`填报科室:…`), one text a cell.
        headers: One text a column; `高血压/在管患者数` puts 高血压 above, merged over the columns that share it.
        rows: The data.
        total: A 合计 row, or None.
        foot: Signature row after an empty one.
    """

    name: str
    title: str
    notes: tuple[str, ...]
    headers: tuple[str, ...]
    rows: Sequence[Row]
    total: Row | None = None
    foot: tuple[str, ...] = ()


def workbook_of(pages: Sequence[Page]) -> bytes:
    """The workbook's bytes."""
    workbook = Workbook(write_only=True)
    for page in pages:
        _draw(workbook.create_sheet(page.name), page)
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _draw(sheet: WriteOnlyWorksheet, page: Page) -> None:
    width = len(page.headers)
    for column in range(1, width + 1):
        _shape(sheet).column_dimensions[column_letters(column)].width = _WIDTH
    above = 2 if page.notes else 1
    levels = 2 if any("/" in header for header in page.headers) else 1
    sheet.freeze_panes = cell_name(above + levels + 1, 3 if width > 4 else 1)
    if width > 1:
        _shape(sheet).merged_cells.add(f"A1:{cell_name(1, width)}")
    sheet.append([_styled(sheet, page.title, _TITLE)])
    if page.notes:
        sheet.append(list(page.notes))
    if levels == 2:
        _two_levels(sheet, page.headers, above + 1)
    else:
        sheet.append([_header(sheet, header) for header in page.headers])
    for row in page.rows:
        sheet.append(list(row))
    if page.total is not None:
        sheet.append(list(page.total))
    if page.foot:
        sheet.append([])
        sheet.append(list(page.foot))


def _two_levels(sheet: WriteOnlyWorksheet, headers: Sequence[str], row: int) -> None:
    upper: list[Cell | None] = []
    lower: list[Cell | None] = []
    start = 0
    for column, header in enumerate(headers):
        top, _, child = header.partition("/")
        is_next = bool(child) and column > 0 and headers[column - 1].partition("/")[0] == top
        start = start if is_next else column
        upper.append(None if is_next else _header(sheet, top))
        lower.append(_header(sheet, child) if child else None)
        follows = column + 1 < len(headers) and headers[column + 1].startswith(f"{top}/")
        if child and not follows and column > start:
            _shape(sheet).merged_cells.add(f"{cell_name(row, start + 1)}:{cell_name(row, column + 1)}")
        elif not child:
            _shape(sheet).merged_cells.add(f"{cell_name(row, column + 1)}:{cell_name(row + 1, column + 1)}")
    sheet.append(upper)
    sheet.append(lower)


def _shape(sheet: WriteOnlyWorksheet) -> _Shape:
    return cast("_Shape", sheet)


def _header(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = _styled(sheet, text, _BOLD)
    cell.fill = _FILL
    return cell


def _styled(sheet: WriteOnlyWorksheet, text: str, font: Font) -> Cell:
    cell: Cell = WriteOnlyCell(sheet, value=text)
    cell.font = font
    cell.alignment = _CENTRED
    return cell


def total_of(column: Sequence[plan.Cell | None]) -> plan.Cell | None:
    """The sum of a column's numbers, or None where it holds text."""
    numbers = [value for value in column if value is not None]
    if not numbers or any(isinstance(value, str) for value in numbers):
        return None
    whole = sum((Decimal(value) for value in numbers), Decimal(0))
    return int(whole) if whole == whole.to_integral_value() else whole
