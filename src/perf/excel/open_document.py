"""OpenDocument sheets (.ods): one pass over the XML of the content, within the limits of the package."""

import re
from typing import Final

from perf.excel.cells import Area, CellKind, Sheet, SheetState, cell_name
from perf.excel.guard import Limits, Package, WorkbookRefusedError, encrypted, too_far, too_many_cells
from perf.excel.package_notes import LINKS, notes
from perf.excel.sheet_building import CellBudget, SheetBuilder
from perf.excel.stored_values import decimal_text
from perf.kernel.issues import Issue, Place

CONTENT: Final = "content.xml"
_FILLED: Final = b" office:value-type="  # of every cell that holds something
_MANIFEST: Final = "META-INF/manifest.xml"
_NUMBERS: Final = frozenset(("float", "currency", "percentage"))
_LINKS: Final = frozenset(("dde-link", "table-source", "cell-range-source"))
_READ: Final = frozenset(
    ("style", "table-properties", "table", "table-column", "table-row", "table-cell", "covered-table-cell", "s")
)
_ERRORS: Final = ("#", "Err:")
_MINUTES: Final = len("2025-06-30 08:30")


def document_sheets(name: str, content: bytes, limits: Limits) -> tuple[tuple[Sheet, ...], tuple[Issue, ...]]:
    """Every sheet of an .ods file, and what is worth knowing about the package.

    Raises:
        WorkbookRefusedError: locked by a password, damaged, or beyond the limits.
    """
    package = Package(content, limits, workbook=re.compile(re.escape(CONTENT)))
    if _MANIFEST in package and any(b"encryption-data" in chunk for chunk in package.stream(_MANIFEST)):
        raise WorkbookRefusedError(encrypted())
    package.survey([CONTENT], _FILLED, limits.other_cells, limits.single_tags)
    parser = _ContentParser(limits)
    package.parse(CONTENT, parser.start, parser.end, parser.text)
    links = [LINKS] if parser.has_links else []
    return tuple(builder.sheet() for builder in parser.sheets), tuple(notes([*package.names, *links], Place(name)))


def _names(attributes: dict[str, str]) -> dict[str, str]:
    """Attributes without their prefix; what Open Document says counts before a maker's own word."""
    return {name.rpartition(":")[2]: value for name, value in sorted(attributes.items())} | {
        name.rpartition(":")[2]: value for name, value in attributes.items() if not name.startswith("calcext:")
    }


class _ContentParser:
    """Rows and cells may be repeated; empty repetitions cost nothing, filled ones are written out."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.budget = CellBudget(limits)
        self.sheets: list[SheetBuilder] = []
        self.has_links = False
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.row = self.column = self.columns = 0
        self.row_times = self.cell_times = 1
        self.cell: dict[str, str] = {}
        self.error = False
        self.texts: list[str] = []
        self.paragraphs = 0
        self.is_text = False
        self.aside = 0
        self.filled: list[tuple[int, int, str, CellKind, str, bool]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        known = _names(attributes) if name in _READ else {}
        if self.aside or name in ("annotation", "shapes", "tracked-changes"):
            self.aside += 1
        elif name in _LINKS:
            self.has_links = True
        elif name == "style":
            self.style = known.get("name", "")
        elif name == "table-properties" and known.get("display") == "false":
            self.hidden_styles.add(self.style)
        elif name == "table" and tag.startswith("table:"):
            self._start_table(known)
        elif not self.sheets:
            return
        elif name == "table-column":
            self._start_column(known)
        elif name == "table-row":
            self._start_row(known)
        elif name in ("table-cell", "covered-table-cell"):
            self._start_cell(known, attributes)
        elif name == "p" and self.cell:
            self.texts.append("\n" if self.paragraphs else "")
            self.paragraphs += 1
            self.is_text = True
        elif name == "s":
            self.texts.append(" " * min(_count(known.get("c", "1")), 100))
        elif name in ("tab", "line-break"):
            self.texts.append("\t" if name == "tab" else "\n")

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if self.aside:
            self.aside -= 1
        elif not self.sheets:
            return
        elif name == "p":
            self.is_text = False
        elif name in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif name == "table-row":
            self._end_row()

    def text(self, text: str) -> None:
        if self.is_text and not self.aside:
            self.texts.append(text)

    def _start_table(self, known: dict[str, str]) -> None:
        if len(self.sheets) >= self.limits.sheets:
            raise WorkbookRefusedError(too_many_cells(self.limits))
        state: SheetState = "hidden" if known.get("style-name", "") in self.hidden_styles else "visible"
        taken = {sheet.name for sheet in self.sheets}
        self.sheets.append(SheetBuilder(known.get("name", ""), self.budget, state, taken))
        self.row = self.columns = 0

    def _start_column(self, known: dict[str, str]) -> None:
        first = self.columns + 1
        self.columns += _count(known.get("number-columns-repeated", "1"))
        if known.get("visibility") in ("collapse", "filter"):
            self.sheets[-1].hidden_columns.update(range(first, min(self.columns, self.limits.columns) + 1))

    def _start_row(self, known: dict[str, str]) -> None:
        self.row += 1
        self.column = 0
        self.row_times = _count(known.get("number-rows-repeated", "1"))
        self.filled = []
        if known.get("visibility") in ("collapse", "filter"):
            last = min(self.row + self.row_times - 1, self.limits.rows)
            self.sheets[-1].hidden_rows.update(range(self.row, last + 1))

    def _start_cell(self, known: dict[str, str], attributes: dict[str, str]) -> None:
        self.column += 1
        self.cell_times = _count(known.get("number-columns-repeated", "1"))
        self.cell = known | {"is": "a cell"}
        self.error = attributes.get("calcext:value-type") == "error"
        self.texts, self.paragraphs = [], 0

    def _end_cell(self) -> None:
        known, self.cell = self.cell, {}
        value, kind = self._typed(known)
        formula = known.get("formula", "").partition(":=")[2] or known.get("formula", "").lstrip("=")
        cached = not formula or bool(value) or known.get("value-type") == "string"
        if value or formula:
            last = self.column + self.cell_times - 1
            if last > self.limits.columns:
                raise WorkbookRefusedError(too_far(cell_name(self.row, last), self.limits))
            self.filled += [(column, self.row, value, kind, formula, cached) for column in range(self.column, last + 1)]
        down, across = _count(known.get("number-rows-spanned", "1")), _count(known.get("number-columns-spanned", "1"))
        if down > 1 or across > 1:
            self.sheets[-1].merge(Area(self.row, self.column, self.row + down - 1, self.column + across - 1))
        self.column += self.cell_times - 1

    def _end_row(self) -> None:
        if len(self.filled) * self.row_times > self.limits.other_cells and self.row_times <= self.limits.rows:
            raise WorkbookRefusedError(too_many_cells(self.limits, self.limits.other_cells))
        if self.filled:
            for times in range(min(self.row_times, self.limits.rows + 1)):
                for column, row, value, kind, formula, cached in self.filled:
                    self.sheets[-1].put(row + times, column, value, kind, formula, cached=cached)
        self.row += self.row_times - 1

    def _typed(self, known: dict[str, str]) -> tuple[str, CellKind]:
        text = "".join(self.texts)
        shown = known.get("value-type", "")
        if self.error or (known.get("formula") and text.startswith(_ERRORS)):
            return text or "#VALUE!", "error"
        if shown in _NUMBERS:
            try:
                return decimal_text(known.get("value", "")), "percent" if shown == "percentage" else "number"
            except ValueError:
                return text, "text"
        if shown == "date":
            return known.get("date-value", text).replace("T", " ")[:_MINUTES].removesuffix(" 00:00"), "date"
        if shown == "boolean":
            return "1" if known.get("boolean-value") == "true" else "0", "boolean"
        return known.get("string-value", text), "text" if known.get("string-value", text) else "blank"


def _count(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else 1
