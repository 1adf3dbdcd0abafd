"""Tables of a web page (what many hospital systems write and call `.xls`) as one sheet, stacked as Excel stacks them."""

import re
from html.parser import HTMLParser
from typing import Final

from perf.excel.cells import Area, CellKind, Sheet
from perf.excel.guard import Limits, WorkbookRefusedError, damaged, too_many_cells
from perf.excel.sheet_building import CellBudget, SheetBuilder
from perf.excel.stored_values import decimal_text

_HIDDEN: Final = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SILENT: Final = frozenset(("script", "style", "head", "title", "noscript", "template"))
_BREAKS: Final = frozenset(("br", "p", "div", "li"))
_ERRORS: Final = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
_NUMERIC: Final = re.compile(
    r"[-+(]?\s*[¥￥$]?\s*[-+]?[\d,]*\.?\d*(?:E[-+]?\d+)?\s*[%)元]?|#+", re.IGNORECASE | re.ASCII
)
_CHUNK: Final = 1 << 16
_OPEN_MAX: Final = 1 << 20  # characters of a tag or a style sheet that has not ended yet
_LEFT_MAX: Final = 1 << 14  # … that the page ends with
_BELOW_MAX: Final = 100  # rows that a cell may span below its table's last


def html_sheet(text: str, limits: Limits) -> Sheet:
    """Every table of a page, one below the other, with the lines of text between them; nothing is run or fetched.

    Raises:
        WorkbookRefusedError: more rows, columns, cells or tags than the limits allow, or a tag without an end.
    """
    if max(text.count("<"), text.count("=")) > limits.page_tags:
        raise WorkbookRefusedError(too_many_cells(limits, limits.other_cells))
    page = _Page(limits)
    try:
        _feed(page, text)
    except ValueError as error:  # `&#999…;`, a character by a number of thousands of digits
        raise damaged("网页中有一个不存在的字符", "the page names a character that there is not") from error
    if page.is_cut:
        raise damaged("网页没有写完:表格没有结束", "the page is cut off: its table does not end")
    return page.sheet()


def _feed(page: "_Page", text: str) -> None:
    start = 0
    while start < len(text):
        more = max(_CHUNK, len(page.rawdata))  # what is open is read from its start each time: twice as much at once
        page.feed(text[start : start + more])
        start += more
        if len(page.rawdata) > _OPEN_MAX:
            raise damaged("网页中有一个没有尽头的标记", "the page has a tag without an end")
    if len(page.rawdata) > _LEFT_MAX:
        raise damaged("网页在一个标记中间断了", "the page ends inside a tag")
    page.close()


class _Cell:
    """A cell that is being read."""

    def __init__(self, attributes: dict[str, str], limits: Limits) -> None:
        self.texts: list[str] = []
        self.number = attributes.get("x:num", "")
        self.error = attributes.get("x:err", "")
        self.formula = attributes.get("x:fmla", "").lstrip("=")
        self.down = _span(attributes.get("rowspan", ""), limits.rows)
        self.across = _span(attributes.get("colspan", ""), limits.columns)

    def value(self) -> tuple[str, CellKind]:
        """Its text, or the number that Excel wrote beside it where the text shows a number."""
        text = "\n".join(filter(None, map(_squeezed, "".join(self.texts).split("\n"))))
        if self.number and _NUMERIC.fullmatch(text):
            try:
                return decimal_text(self.number), "percent" if text.endswith("%") else "number"
            except ValueError:
                pass
        error = self.error or text
        return (error, "error") if error in _ERRORS else (text, "text" if text else "blank")


class _Table:
    """A table that is being read: the column that its row has come to, and the columns that cells from above fill."""

    def __init__(self) -> None:
        self.column = 0
        self.cell: _Cell | None = None
        self.taken: dict[int, int] = {}  # column -> last row that a cell from above reaches


class _Page(HTMLParser):
    """One pass over a page.

    A table inside the first cell of a row, or the only one, is a table like others: pages are laid out so. One beside
    figures is a part of its cell's text.
    """

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = SheetBuilder("Sheet1", CellBudget(limits))
        self.limits = limits
        self.steps = limits.page_tags
        self.row = 0
        self.silent = 0
        self.inner = 0  # tables within a cell's text
        self.tables: list[_Table] = []
        self.line: list[str] = []
        self.is_ended = False

    @property
    def is_cut(self) -> bool:
        """Whether the page stops inside a table; a maker may forget the table's end, but not the page's as well."""
        return bool(self.tables) and not self.is_ended

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += tag not in ("head", "title") or not self.tables
        elif tag == "table":
            self._start_table()
        elif tag in _BREAKS or tag == "caption":
            self._texts().append("\n")
        elif self.tables and not self.inner and tag == "tr":
            self._start_row(attrs)
        elif self.tables and not self.inner and tag in ("td", "th"):
            self._start_cell({name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "table":
            self._end_table()
        elif tag == "caption":
            self.end_line()
        elif tag in ("body", "html"):
            self.is_ended = True
        elif self.tables and not self.inner and tag in ("td", "th", "tr"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self._texts().append(data)

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # noqa: ARG002, FBT001, FBT002 - as inherited
        """`<![if …]>` and the like end with their bracket; nothing in them counts."""
        return self.rawdata.find(">", i) + 1 or -1

    def sheet(self) -> Sheet:
        """What was read; tables and cells that were never closed end with the page."""
        self.inner = 0
        while self.tables:
            self._end_table()
        self.end_line()
        return self.builder.sheet()

    def end_line(self) -> None:
        """What stood outside of cells becomes a row of its own."""
        for line in "".join(self.line).split("\n"):
            if words := _squeezed(line):
                self.row += 1
                self.builder.put(self.row, 1, words, "text")
        self.line = []

    def _texts(self) -> list[str]:
        cell = self.tables[-1].cell if self.tables else None
        return self.line if cell is None else cell.texts

    def _start_table(self) -> None:
        outer = self.tables[-1] if self.tables else None
        if self.inner or (outer is not None and outer.cell is not None and outer.column > 1):
            self.inner += 1
            return
        if outer is not None:
            self._end_cell()
        self.end_line()
        self.tables.append(_Table())

    def _end_table(self) -> None:
        if self.inner:
            self.inner -= 1
        elif self.tables:
            self._end_cell()
            self.end_line()
            below = [row for row in self.tables.pop().taken.values() if row - self.row <= _BELOW_MAX]
            self.row = max([self.row, *below])

    def _start_row(self, attrs: list[tuple[str, str | None]]) -> None:
        self._end_cell()
        self.end_line()
        self.row, self.tables[-1].column = self.row + 1, 0
        if self.row <= self.limits.rows and _HIDDEN.search(dict(attrs).get("style") or ""):
            self.builder.hidden_rows.add(self.row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._end_cell()
        self.end_line()
        table = self.tables[-1]
        self.row = max(self.row, 1)
        table.column += 1
        while table.taken.get(table.column, 0) >= self.row:
            table.column += 1
            self._step(1)
        table.cell = _Cell(attributes, self.limits)

    def _end_cell(self) -> None:
        table = self.tables[-1]
        cell, table.cell = table.cell, None
        if cell is None:
            return
        value, kind = cell.value()
        if value or cell.formula:
            self.builder.put(self.row, table.column, value, kind, cell.formula, cached=bool(value))
        if value and (cell.down > 1 or cell.across > 1):
            last = (self.row + cell.down - 1, table.column + cell.across - 1)
            self.builder.merge(Area(self.row, table.column, *last))
        if cell.down > 1 and table.column <= self.limits.columns:
            self._step(cell.across)
            columns = range(table.column, table.column + cell.across)
            table.taken.update(dict.fromkeys(columns, self.row + cell.down - 1))
        table.column += cell.across - 1

    def _step(self, steps: int) -> None:
        """Count work that no tag and no cell counts."""
        self.steps -= steps
        if self.steps < 0:
            raise WorkbookRefusedError(too_many_cells(self.limits, self.limits.other_cells))


def _span(text: str, most: int) -> int:
    number = text.strip()[:9]
    return max(1, min(int(number), most)) if number.isascii() and number.isdigit() else 1


def _squeezed(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split())
