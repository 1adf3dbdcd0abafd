"""Workbooks of Excel since 2007: one pass over the XML, giving cells with kind, formula and cached value.

Nothing but this module knows how such a workbook is stored; a faster reader gives the same sheets.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from perf.excel.cell_blocks import BlockedRows
from perf.excel.cells import Area, CellKind, CellRecord, Sheet, cell_name, column_number, shown_name
from perf.excel.guard import (
    LIMITS,
    Limits,
    Package,
    WorkbookRefusedError,
    XmlFeed,
    too_far,
    too_long,
    too_many_cells,
    too_many_odd_cells,
)
from perf.excel.package_notes import notes
from perf.excel.package_xml import resolved
from perf.excel.plain_rows import NotPlainError, PlainRows
from perf.excel.row_forms import RowForm, Run, ends_with_tag
from perf.excel.stored_values import StoredValues, unescaped
from perf.kernel.issues import Issue, Place

_DIGITS = "0123456789"
_FAR = 4  # letters of a column that no program has
_FORMAT_LENGTH = 255  # Excel's own limit
_BUILTIN_PERCENT = {9, 10}
_BUILTIN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_ROWS_BEGIN = "<sheetData>"
_ROW_ENDS = b"</row>"
_CELL = b"<c "
_ROWS_MAX = 1 << 20  # Excel's own; empty rows with a format go so far
_DECLARATION = 5
_PIECE_BYTES_MAX = 1 << 20
_ENCODING = re.compile(rb"""<\?xml[^>]*?\sencoding=["']([^"']*)""")
_PARTS_OF_SECONDS = re.compile(r"(?<=s)\]?[.,]0+")
_LITERAL = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\[\]]*\]|_.', re.IGNORECASE)


def package_sheets(name: str, content: bytes, limits: Limits = LIMITS) -> tuple[tuple[Sheet, ...], tuple[Issue, ...]]:
    """Every sheet of an .xlsx or .xlsm file in its order, and what is worth knowing about the package.

    Raises:
        WorkbookRefusedError: not to be opened, damaged, or beyond the limits, which bound memory and time.
    """
    package = Package(content, limits)
    return _Reader(package).sheets(), tuple(notes(package.names, Place(name)))


class _Reader:
    """The parts that all sheets share: strings, formats, the era of dates."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.limits = package.limits
        self.cells_left = min(package.limits.cells, package.limits.single_cells)
        self.characters_left = package.limits.text_total
        self.is_1904 = False
        self.strings, self.styles = "xl/sharedStrings.xml", "xl/styles.xml"
        self.counted: dict[str, int] = {}
        self.values = StoredValues((), (), is_1904=False)

    def sheets(self) -> tuple[Sheet, ...]:
        entries = self._entries()
        if len(entries) > self.limits.sheets:
            raise WorkbookRefusedError(too_many_cells(self.limits))
        parts = (part for _, _, part in entries)
        self.counted = self.package.survey(parts, _CELL, self.limits.cells, self.limits.tags)
        strings = _read_strings(self.package, self.strings) if self.strings in self.package else []
        formats = _read_formats(self.package, self.styles) if self.styles in self.package else []
        self.values = StoredValues(strings, formats, is_1904=self.is_1904)
        sheets: list[Sheet] = []
        for title, state, part in entries:
            name = shown_name(title, {sheet.name for sheet in sheets})
            sheet = self._sheet(name, part, is_visible=state == "visible")
            sheets.append(sheet if name == title else replace(sheet, title=title))
        return tuple(sheets)

    def _sheet(self, name: str, part: str, *, is_visible: bool) -> Sheet:
        left = self.cells_left, self.characters_left
        try:
            return _SheetParser(self, name, is_visible=is_visible).read(part)
        except _UnorderedError:
            self.cells_left, self.characters_left = left
            self.require_few(self.counted[part])
            self.package.begin_again()
            return _SheetParser(self, name, is_visible=is_visible, may_be_plain=False).read(part)

    def _entries(self) -> list[tuple[str, str, str]]:
        entries: list[tuple[str, str, str]] = []
        targets: dict[str, str] = {}
        workbook = self.package.workbook

        def relation(tag: str, attributes: dict[str, str]) -> None:
            if _local(tag) != "Relationship":
                return
            kind = attributes.get("Type", "").rpartition("/")[2]
            part = resolved(workbook, attributes.get("Target", ""))
            if kind == "worksheet":
                targets[attributes.get("Id", "")] = part
            elif kind == "sharedStrings":
                self.strings = part
            elif kind == "styles":
                self.styles = part

        def entry(tag: str, attributes: dict[str, str]) -> None:
            local = _local(tag)
            if local == "workbookPr":
                self.is_1904 = attributes.get("date1904") in ("1", "true")
            elif local == "sheet":
                key = next((value for name, value in attributes.items() if _local(name) == "id" and ":" in name), "")
                if key in targets:
                    entries.append((attributes.get("name", ""), attributes.get("state", "visible"), targets[key]))

        self.package.parse(workbook.replace("xl/", "xl/_rels/", 1) + ".rels", relation)
        self.package.parse(workbook, entry)
        return entries

    def require_few(self, cells: int) -> None:
        """Refuse a sheet of which so many cells would have to be read one by one.

        Raises:
            WorkbookRefusedError: they are too many.
        """
        if cells > self.cells_left:
            raise WorkbookRefusedError(too_many_odd_cells(self.limits))

    def spend_cell(self) -> None:
        self.cells_left -= 1
        if self.cells_left < 0:
            raise WorkbookRefusedError(too_many_odd_cells(self.limits))

    def spend_characters(self, count: int) -> None:
        self.characters_left -= count
        if self.characters_left < 0:
            raise WorkbookRefusedError(too_many_cells(self.limits))


class _UnorderedError(Exception):
    """A row stands twice, so that the order counts in which its cells are read."""


class _SheetParser:
    """One pass over the XML of one sheet: plain rows many at a time, everything else tag by tag."""

    def __init__(self, reader: _Reader, name: str, *, is_visible: bool, may_be_plain: bool = True) -> None:
        self.reader = reader
        self.name = name
        self.is_visible = is_visible
        self.rows: dict[int, dict[int, CellRecord]] = {}
        self.merged: list[Area] = []
        self.hidden: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.row = self.column = 0
        self.kind = ""
        self.style = 0
        self.texts: list[str] = []
        self.value: str | None = None
        self.formula: str | None = None
        self.is_collecting = False
        self.is_phonetic = False
        self.is_in_cell = False
        self.may_be_plain = may_be_plain
        self.is_among_rows = False
        self.plain = PlainRows(name, reader.values, reader.limits)

    def read(self, part: str) -> Sheet:
        package = self.reader.package
        by_tag = package.feed(part, self.start, self.end, self.text)
        is_first = True
        left = self.reader.counted[part]
        for piece, ends_well in _pieces(package.stream(part)):
            was_plain = self.may_be_plain
            text = _text_of(piece, is_first=is_first) if was_plain and ends_well else None
            if text is not None:
                self._take(text, by_tag, _DECLARATION if is_first else 0)
                left -= piece.count(_CELL)
            self.may_be_plain = self.may_be_plain and text is not None
            if was_plain and not self.may_be_plain:
                self.reader.require_few(left)
            if text is None:
                by_tag.take(piece)
            is_first = False
        by_tag.close()
        return self._sheet()

    def _sheet(self) -> Sheet:
        blocks = self.plain.blocks()
        rows = {number: dict(sorted(row.items())) for number, row in sorted(self.rows.items())}
        if any(block.span(number, number) for block in blocks for number in rows):
            raise _UnorderedError
        return Sheet(
            self.name,
            "visible" if self.is_visible else "hidden",
            BlockedRows(rows, blocks) if blocks else rows,
            tuple(self.merged),
            frozenset(self.hidden | self.plain.hidden),
            frozenset(self.hidden_columns),
        )

    def _take(self, text: str, by_tag: XmlFeed, declared: int) -> None:
        """Whole rows: runs of plain ones go into columns, what stands between them to the parser."""
        start = 0
        if not self.is_among_rows:
            start = text.find(_ROWS_BEGIN) + len(_ROWS_BEGIN)
            start = start if start >= len(_ROWS_BEGIN) else len(text)
            self._by_tag(text[:start], by_tag, declared)
        for run, form in self.plain.runs(text, start):
            if not (run.rows and self._may_be_columns() and self._keep(text, run, form)):
                self._by_tag(text[run.start : run.end], by_tag)

    def _by_tag(self, text: str, by_tag: XmlFeed, declared: int = 0) -> None:
        """Rows may only be left out of what the parser sees where they are elements of their own."""
        by_tag.take(text.encode())
        self.may_be_plain = self.may_be_plain and ends_with_tag(text, declared)

    def _may_be_columns(self) -> bool:
        is_inside = self.is_in_cell or self.is_collecting or self.is_phonetic
        return self.may_be_plain and self.is_among_rows and not is_inside

    def _keep(self, text: str, run: Run, form: RowForm) -> bool:
        before = self.plain.characters
        try:
            self.plain.keep(text, run, form)
        except NotPlainError:
            return False
        self.reader.spend_characters(self.plain.characters - before)
        self.row, self.column = self.plain.last_row, self.plain.last_column
        return True

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if ":" in tag:
            tag = _local(tag)
        if tag == "c":
            self._start_cell(attributes)
        elif tag in ("v", "t"):
            self.is_collecting = not self.is_phonetic
        elif tag == "f":
            self.is_collecting = True
            self.texts = []
        elif tag == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
            if self.row > _ROWS_MAX:
                raise WorkbookRefusedError(too_far(cell_name(self.row, 1), self.reader.limits))
            if self.row <= self.plain.last_row and self.plain.holds(self.row):
                raise _UnorderedError
            if attributes.get("hidden") in ("1", "true"):
                self.hidden.add(self.row)
        elif tag == "rPh":
            self.is_phonetic = True
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            self._hide(int(attributes.get("min", 1)), int(attributes.get("max", 0)))
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif tag == "sheetData":
            self.is_among_rows = True

    def _hide(self, first: int, last: int) -> None:
        """Columns that are hidden; each stands in one element, in order."""
        known = max(self.hidden_columns, default=0)
        self.hidden_columns.update(range(max(first, known + 1), min(last, self.reader.limits.columns) + 1))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            letters = reference.rstrip(_DIGITS)
            self.column = column_number(letters) if len(letters) < _FAR else self.reader.limits.columns + 1
            self.row = int(reference[len(letters) :])
        limits = self.reader.limits
        if self.row > limits.rows or self.column > limits.columns or self.row < 1 or self.column < 1:
            raise WorkbookRefusedError(too_far(cell_name(self.row, max(self.column, 1)), limits))
        self.reader.spend_cell()
        self.is_in_cell = True
        self.kind = attributes.get("t", "n")
        self.style = int(attributes.get("s", 0))
        self.value = self.formula = None
        self.texts = []

    def text(self, text: str) -> None:
        if self.is_collecting:
            self.texts.append(text)

    def end(self, tag: str) -> None:
        if ":" in tag:
            tag = _local(tag)
        if tag == "v":
            self.value = "".join(self.texts)
            self.is_collecting = False
        elif tag == "t":
            self.is_collecting = False
        elif tag == "is":
            self.value = "".join(self.texts)
        elif tag == "f":
            self.formula = "".join(self.texts) or "…"
            self.texts = []
            self.is_collecting = False
        elif tag == "rPh":
            self.is_phonetic = False
        elif tag == "c":
            self._end_cell()
        elif tag == "sheetData":
            self.is_among_rows = False

    def _end_cell(self) -> None:
        self.is_in_cell = False
        if self.value is None and self.formula is None:
            return
        value, kind = self.reader.values.read(self.kind, self.style, self.value or "")
        if len(value) > self.reader.limits.text_length:
            raise too_long()
        self.reader.spend_characters(len(value))
        cached = not (self.formula is not None and not self.value and self.kind != "str")
        if value or self.formula is not None:
            record = CellRecord(self.name, self.row, self.column, value, kind, self.formula or "", cached)
            self.rows.setdefault(self.row, {})[self.column] = record

    def _merge(self, reference: str) -> None:
        match = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})", reference)
        if match is None:
            return
        if len(self.merged) >= self.reader.limits.merged_areas:
            raise WorkbookRefusedError(too_many_cells(self.reader.limits))
        self.merged.append(Area(int(match[2]), column_number(match[1]), int(match[4]), column_number(match[3])))


def _pieces(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The bytes of a sheet, cut behind rows where that is possible, and whether a piece ends so."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        cut = rest.rfind(_ROW_ENDS) + len(_ROW_ENDS)
        if cut >= len(_ROW_ENDS):
            yield rest[:cut], True
            rest = rest[cut:]
        elif len(rest) > _PIECE_BYTES_MAX:
            yield rest, False
            rest = b""
    yield rest, True


def _text_of(piece: bytes, *, is_first: bool) -> str | None:
    """A piece as text; None where it is not UTF-8."""
    if is_first and (said := _ENCODING.search(piece)) and said[1].lower() != b"utf-8":
        return None
    try:
        return piece.decode()
    except UnicodeDecodeError:
        return None


def _read_strings(package: Package, part: str) -> list[str]:
    strings: list[str] = []
    texts: list[str] = []
    state = {"t": False, "rPh": False}
    length = package.limits.text_length

    def start(tag: str, _attributes: dict[str, str]) -> None:
        local = _local(tag)
        if local == "si":
            texts.clear()
        elif local in state:
            state[local] = True

    def text(piece: str) -> None:
        if state["t"] and not state["rPh"]:
            texts.append(piece)

    def end(tag: str) -> None:
        local = _local(tag)
        if local == "si":
            whole = unescaped("".join(texts))
            if len(whole) > length:
                raise too_long()
            strings.append(whole)
        elif local in state:
            state[local] = False

    package.parse(part, start, end, text)
    return strings


def _read_formats(package: Package, part: str) -> list[CellKind]:
    codes: dict[int, str] = {}
    formats: list[CellKind] = []
    inside = {"cellXfs": False}

    def start(tag: str, attributes: dict[str, str]) -> None:
        local = _local(tag)
        if local == "numFmt":
            codes[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
        elif local == "cellXfs":
            inside["cellXfs"] = True
        elif local == "xf" and inside["cellXfs"]:
            formats.append(_format_kind(int(attributes.get("numFmtId", 0)), codes))

    def end(tag: str) -> None:
        if _local(tag) == "cellXfs":
            inside["cellXfs"] = False

    package.parse(part, start, end)
    return formats


def _format_kind(number: int, codes: dict[int, str]) -> CellKind:
    code = codes.get(number)
    if code is None:
        return "percent" if number in _BUILTIN_PERCENT else "date" if number in _BUILTIN_DATES else "number"
    return format_kind(code)


def format_kind(code: str) -> CellKind:
    """What a number format shows a number as."""
    bare = _PARTS_OF_SECONDS.sub("", _LITERAL.sub("", code[:_FORMAT_LENGTH].split(";", maxsplit=1)[0]).lower())
    if "%" in bare:
        return "percent"
    if "general" in bare or "0" in bare or "#" in bare:
        return "number"
    return "date" if re.search(r"[ymdhs]", bare) else "number"


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]
