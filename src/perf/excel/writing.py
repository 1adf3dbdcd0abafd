"""Writing cells: text that never becomes a formula, numbers that stay numbers, the look of every workbook."""

import io
from collections.abc import Sequence
from fractions import Fraction

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.worksheet import Worksheet

from perf.excel.cells import column_letters
from perf.kernel.figures import finite_decimal, fixed
from perf.kernel.money import Money

TEXT_FORMAT = "@"
MONEY_FORMAT = "#,##0.00"
_LINE = Side(style="thin", color="BFBFBF")
BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
HEADER_FILL = PatternFill("solid", fgColor="DDEBF7")
TOTAL_FILL = PatternFill("solid", fgColor="F2F2F2")
CENTERED = Alignment(horizontal="center", vertical="center", wrap_text=True)
UNLOCKED = Protection(locked=False)
Value = str | int | Fraction | Money | None


def put(sheet: Worksheet, row: int, column: int, value: Value, number_format: str = "") -> Cell:
    """Write one value and return its cell.

    Text is always text (`=1+1`, `#N/A`, `000203` stay as they are); exact numbers are written with all digits that
    Excel keeps, as text where they have no finite decimal; money is yuan with two decimals.
    """
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101
    if value is None:
        return cell
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
        cell.number_format = number_format or TEXT_FORMAT
        return cell
    number = value.yuan if isinstance(value, Money) else value
    text = finite_decimal(Fraction(number))
    if text is None:
        return put(sheet, row, column, "≈" + fixed(number, 6))
    cell.value = text  # Excel's own number text; no binary float comes in between
    cell.data_type = "n"
    cell.number_format = number_format or (MONEY_FORMAT if isinstance(value, Money) else "General")
    return cell


def put_formula(sheet: Worksheet, row: int, column: int, formula: str, number_format: str) -> Cell:
    """Write a formula of our own; Excel calculates it when the file is opened."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101
    cell.value = formula
    cell.number_format = number_format
    return cell


def put_header(sheet: Worksheet, row: int, headers: Sequence[str]) -> None:
    """Write a header row: bold, filled, wrapped, with borders."""
    for column, header in enumerate(headers, 1):
        cell = put(sheet, row, column, header)
        cell.font = Font(bold=True)
        cell.fill = HEADER_FILL
        cell.alignment = CENTERED
        cell.border = BORDER


def put_title(sheet: Worksheet, row: int, text: str, *, size: int = 14) -> None:
    """Write a title line."""
    cell = put(sheet, row, 1, text)
    cell.font = Font(bold=True, size=size)


def set_up(sheet: Worksheet, *, header_row: int, widths: Sequence[int], frozen_columns: int = 0) -> None:
    """Widths, frozen header, and a page that prints: landscape A4, one page wide, the header on every page."""
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[column_letters(column)].width = width
    sheet.freeze_panes = f"{column_letters(frozen_columns + 1)}{header_row + 1}"
    sheet.print_title_rows = f"{header_row}:{header_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    if sheet.oddFooter is not None:
        sheet.oddFooter.center.text = "第 &P 页,共 &N 页"


def width_of(texts: Sequence[str], *, least: int = 8, most: int = 40) -> int:
    """A column width for these texts; Chinese characters count twice."""
    longest = max((sum(2 if ord(c) > 0x2E7F else 1 for c in text) for text in texts), default=0)
    return min(max(longest + 2, least), most)


def saved(workbook: Workbook) -> bytes:
    """The file's bytes."""
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def new_sheet(workbook: Workbook, title: str) -> Worksheet:
    """A further sheet; the title is cut to what Excel allows."""
    clean = "".join("-" if c in "[]:*?/\\" else c for c in title)[:31]
    sheet = workbook.create_sheet(clean)
    assert isinstance(sheet, Worksheet)  # noqa: S101
    return sheet


def new_workbook() -> Workbook:
    """A workbook without sheets."""
    workbook = Workbook()
    while workbook.worksheets:
        workbook.remove(workbook.worksheets[0])
    return workbook
