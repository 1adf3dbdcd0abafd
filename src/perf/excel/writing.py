"""Writing cells: text that never becomes a formula, numbers that stay numbers, the look of every workbook."""

import io
import re
import zipfile
from collections.abc import Sequence
from fractions import Fraction

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from perf.excel.cells import column_letters
from perf.excel.wide_pages import WidePages, wide_pages
from perf.kernel.figures import finite_decimal, fixed
from perf.kernel.money import Money
from perf.kernel.text import Lang, Text

TEXT_FORMAT = "@"
MONEY_FORMAT = "#,##0.00"
_LINE = Side(style="thin", color="BFBFBF")
BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
HEADER_FILL = PatternFill("solid", fgColor="DDEBF7")
TOTAL_FILL = PatternFill("solid", fgColor="F2F2F2")
CENTERED = Alignment(horizontal="center", vertical="center", wrap_text=True)
UNLOCKED = Protection(locked=False)
Value = str | int | Fraction | Money | None
_FORMULA_CELL = re.compile(rb'(<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)(?:<v ?/>|<v></v>)')
_TIMES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_SHEET_PART = re.compile(r"xl/worksheets/sheet([0-9]+)\.xml")
FONT = "宋体"
"""Of everything that is written here: on every computer where Chinese is read, and with figures of one width."""
_NORMAL_FONT = re.compile(rb'<font><name val="Calibri"\s?/>.*?</font>', re.DOTALL)
_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
_PAGE_WIDTH = 190
_PAGE_FOOT = Text("第 &P 页，共 &N 页", "page &P of &N")


_GB2312 = 134
_PLAIN_FONT = f'<font><name val="{FONT}"/><charset val="{_GB2312}"/><family val="3"/><sz val="11"/></font>'.encode()


class _Book(Workbook):
    """A workbook that knows what its formulas come to: sheet -> cell -> number."""

    def __init__(self) -> None:
        super().__init__()
        self.figures: dict[str, dict[str, str]] = {}


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


def put_formula(
    sheet: Worksheet,
    row: int,
    column: int,
    formula: str,
    number_format: str,
    value: int | Fraction | Money | None = None,
) -> Cell:
    """Write a formula of our own with what it comes to, for readers that do not calculate; Excel calculates it anew."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101
    cell.value = formula
    cell.number_format = number_format
    book = sheet.parent
    if value is not None and isinstance(book, _Book):
        number = Fraction(value.yuan if isinstance(value, Money) else value)
        book.figures.setdefault(sheet.title, {})[cell.coordinate] = finite_decimal(number) or fixed(number, 12)
    return cell


def heavy(size: int = 11) -> Font:
    """The bold face of headers, titles and sums."""
    return Font(name=FONT, charset=_GB2312, bold=True, size=size)


def put_header(sheet: Worksheet, row: int, headers: Sequence[str]) -> None:
    """Write a header row: bold, filled, wrapped, with borders."""
    for column, header in enumerate(headers, 1):
        cell = put(sheet, row, column, header)
        cell.font = heavy()
        cell.fill = HEADER_FILL
        cell.alignment = CENTERED
        cell.border = BORDER


def put_title(sheet: Worksheet, row: int, text: str, *, size: int = 14) -> None:
    """Write a title line."""
    cell = put(sheet, row, 1, text)
    cell.font = heavy(size)


def set_up(
    sheet: Worksheet,
    *,
    header_row: int,
    widths: Sequence[int],
    frozen_columns: int = 0,
    header_rows: int = 1,
    group_ends: Sequence[int] = (),
    lang: Lang = "zh",
) -> None:
    """Widths, frozen header, and pages that print: A4 landscape, header and frozen columns on every page, page numbers.

    Args:
        header_row: The last row of the header; `header_rows` says of how many it is.
        widths: Of the columns; a table that one page cannot hold readably goes on to the right on further ones.
        group_ends: The last columns of groups under one heading, which stay on one page.
    """
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[column_letters(column)].width = width
    sheet.freeze_panes = f"{column_letters(frozen_columns + 1)}{header_row + 1}"
    sheet.print_title_rows = f"{header_row - header_rows + 1}:{header_row}"
    pages = max(1, -(-sum(widths) // _PAGE_WIDTH))
    if frozen_columns and pages > 1:
        sheet.print_title_cols = f"A:{column_letters(frozen_columns)}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = pages
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    if pages > 1 and group_ends:
        _break_between(sheet, wide_pages(widths, frozen_columns, group_ends, pages))
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top = margins.bottom = 0.6
    margins.header = margins.footer = 0.3
    if sheet.oddFooter is not None:
        sheet.oddFooter.center.text = _PAGE_FOOT.in_lang(lang)


def _break_between(sheet: Worksheet, pages: WidePages) -> None:
    """Fixed breaks between groups of columns; they count only where the scale is fixed too."""
    sheet.sheet_properties.pageSetUpPr.fitToPage = False  # type: ignore[union-attr]
    sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = None
    sheet.page_setup.scale = pages.scale
    for column in pages.breaks:
        sheet.col_breaks.append(Break(id=column))


def width_of(texts: Sequence[str], *, least: int = 8, most: int = 40) -> int:
    """A column width for these texts; Chinese characters count twice."""
    longest = max((sum(2 if ord(c) > 0x2E7F else 1 for c in text) for text in texts), default=0)
    return min(max(longest + 2, least), most)


def saved(workbook: Workbook) -> bytes:
    """The file's bytes: the same workbook gives the same bytes; formulas stand with what they come to."""
    workbook.properties.creator = "perf-pay"
    figures = workbook.figures if isinstance(workbook, _Book) else {}
    workbook.calculation.fullCalcOnLoad = bool(figures)
    buffer = io.BytesIO()
    workbook.save(buffer)
    titles = [sheet.title for sheet in workbook.worksheets]
    settled = io.BytesIO()
    with zipfile.ZipFile(buffer) as package, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as into:
        for name in package.namelist():
            content = package.read(name)
            if name == "docProps/core.xml":
                content = _TIMES.sub(b"", content)
            elif name == "xl/styles.xml":
                content = _NORMAL_FONT.sub(_PLAIN_FONT, content, count=1)
            elif (match := _SHEET_PART.fullmatch(name)) and (known := figures.get(titles[int(match[1]) - 1])):
                content = _with_figures(content, known)
            entry = zipfile.ZipInfo(name, _FIRST_MOMENT)
            entry.external_attr = 0o600 << 16
            into.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return settled.getvalue()


def _with_figures(content: bytes, figures: dict[str, str]) -> bytes:
    def filled(match: re.Match[bytes]) -> bytes:
        return match[1] + b"<v>" + figures.get(match[2].decode(), "").encode() + b"</v>"

    return _FORMULA_CELL.sub(filled, content)


def new_sheet(workbook: Workbook, title: str) -> Worksheet:
    """A further sheet; the title is cut to what Excel allows."""
    clean = "".join("-" if c in "[]:*?/\\" else c for c in title)[:31]
    sheet = workbook.create_sheet(clean)
    assert isinstance(sheet, Worksheet)  # noqa: S101
    return sheet


def new_workbook() -> Workbook:
    """A workbook without sheets."""
    workbook = _Book()
    while workbook.worksheets:
        workbook.remove(workbook.worksheets[0])
    return workbook
