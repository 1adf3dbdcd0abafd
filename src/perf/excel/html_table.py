"""Tables of a web page (what many hospital systems write and call `.xls`) as one sheet, stacked as Excel stacks them."""

import re
from html.parser import HTMLParser
from typing import Final

from perf.excel.cells import Area, CellKind, Sheet
from perf.excel.guard import Limits
from perf.excel.reader import decimal_text
from perf.excel.sheet_building import CellBudget, SheetBuilder

_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HIDDEN: Final = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SILENT: Final = frozenset(("script", "style", "head", "title", "noscript", "template"))
_BREAKS: Final = frozenset(("br", "p", "div", "li"))
_CHINESE: Final = frozenset(("gb2312", "gbk", "gb18030", "x-gbk"))


def page_text(content: bytes) -> str | None:
    """The page's text by the character set that it names, where that is one of ours; None: it names none that fits."""
    named = _CHARSET.search(content[:4096])
    name = named[1].decode("ascii").lower() if named else ""
    encoding = "gb18030" if name in _CHINESE else name if name in ("utf-8", "utf8") else ""
    if not encoding:
        return None
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def html_sheet(text: str, limits: Limits) -> Sheet:
    """Every table of a page, one below the other, with the lines of text between them; nothing is run or fetched.

    Raises:
        WorkbookRefusedError: more rows, columns or cells than the limits allow.
    """
    page = _Page(limits)
    page.feed(text)
    page.close()
    page.end_line()
    return page.builder.sheet()


class _Page(HTMLParser):
    """One pass over a page. A table inside a cell is part of the cell's text."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = SheetBuilder("Sheet1", CellBudget(limits))
        self.limits = limits
        self.row = 0
        self.column = 0
        self.depth = 0
        self.silent = 0
        self.is_cell = False
        self.texts: list[str] = []
        self.number = ""
        self.span = (1, 1)
        self.taken: dict[int, int] = {}  # column -> last row that a cell from above reaches

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += tag not in ("head", "title") or not self.depth
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.end_line()
                self.taken = {}
        elif tag in _BREAKS:
            self.texts.append("\n")
        elif self.depth == 1 and tag == "tr":
            self._end_cell()
            self.row, self.column = self.row + 1, 0
            if _HIDDEN.search(dict(attrs).get("style") or ""):
                self.builder.hidden_rows.add(self.row)
        elif self.depth == 1 and tag in ("td", "th"):
            self._start_cell({name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "table":
            if self.depth == 1:
                self._end_cell()
                self.row = max([self.row, *self.taken.values()])
            self.depth = max(0, self.depth - 1)
        elif self.depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if not self.silent and (self.is_cell or not self.depth):
            self.texts.append(data)

    def end_line(self) -> None:
        """What stood outside tables becomes a row of its own."""
        for line in "".join(self.texts).split("\n"):
            if words := _squeezed(line):
                self.row += 1
                self.builder.put(self.row, 1, words, "text")
        self.texts = []

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._end_cell()
        self.row = max(self.row, 1)
        self.column += 1
        while self.taken.get(self.column, 0) >= self.row:
            self.column += 1
        self.is_cell = True
        self.texts = []
        self.number = attributes.get("x:num", "")
        self.span = (
            _span(attributes.get("rowspan", ""), self.limits.rows),
            _span(attributes.get("colspan", ""), self.limits.columns),
        )

    def _end_cell(self) -> None:
        if not self.is_cell:
            self.texts = [] if self.depth else self.texts
            return
        value, kind = self._value()
        down, across = self.span
        if value:
            self.builder.put(self.row, self.column, value, kind)
        if value and (down > 1 or across > 1):
            self.builder.merge(Area(self.row, self.column, self.row + down - 1, self.column + across - 1))
        if down > 1:
            self.taken.update(dict.fromkeys(range(self.column, self.column + across), self.row + down - 1))
        self.column += across - 1
        self.is_cell, self.texts = False, []

    def _value(self) -> tuple[str, CellKind]:
        text = "\n".join(filter(None, map(_squeezed, "".join(self.texts).split("\n"))))
        if self.number:
            try:
                return decimal_text(self.number), "percent" if text.endswith("%") else "number"
            except ValueError:
                pass
        return text, "error" if text in ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!") else "text"


def _span(text: str, most: int) -> int:
    return max(1, min(int(text[:9]), most)) if text.isascii() and text.isdigit() else 1


def _squeezed(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split())
