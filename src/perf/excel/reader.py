"""Workbooks of Excel since 2007: one pass over the XML, giving cells with kind, formula and cached value.

Nothing but this module knows how such a workbook is stored; a faster reader gives the same sheets.
"""

import re
from datetime import datetime, timedelta
from decimal import Context, Decimal, InvalidOperation

from perf.excel.cells import Area, CellKind, CellRecord, Sheet, cell_name, column_number, printable
from perf.excel.guard import LIMITS, Limits, Package, WorkbookRefusedError, damaged, notes, too_far, too_many_cells
from perf.kernel.issues import Issue, Place

_DIGITS = "0123456789"
_FAR = 4  # letters of a column that no program has
_SHORT = re.compile(r"-?(?:\d{1,15}|\d{1,9}\.\d{0,5}[1-9])", re.ASCII)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MINUTES = len("2025-06-30 08:30")
_FORMAT_LENGTH = 255  # Excel's own limit
_PRECISION = Context(prec=15, traps=[InvalidOperation])  # beyond its largest: infinity, which is no number
_LAST_MINUTE = 2_958_466 * 1440  # behind the last day that there is, 9999-12-31
_BUILTIN_PERCENT = {9, 10}
_BUILTIN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_LITERAL = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.', re.IGNORECASE)


def package_sheets(name: str, content: bytes, limits: Limits = LIMITS) -> tuple[tuple[Sheet, ...], tuple[Issue, ...]]:
    """Every sheet of an .xlsx or .xlsm file in its order, and what is worth knowing about the package.

    Raises:
        WorkbookRefusedError: not to be opened, damaged, or beyond the limits, which bound memory and time.
    """
    package = Package(content, limits)
    return _Reader(package).sheets(), tuple(notes(package.names, Place(name)))


def decimal_text(raw: str) -> str:
    """A stored number as a plain decimal of at most 15 significant digits, Excel's own precision.

    Raises:
        ValueError: not a number, or one with more than 40 digits before or after the point.
    """
    if _SHORT.fullmatch(raw):
        return raw
    try:
        number = _PRECISION.create_decimal(raw)
    except InvalidOperation as error:
        raise ValueError("not a number") from error
    if not number.is_finite() or abs(number.adjusted()) > 39:
        raise ValueError("number out of range")
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


class _Reader:
    """The parts that all sheets share: strings, formats, the era of dates."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.limits = package.limits
        self.cells_left = package.limits.cells
        self.characters_left = package.limits.text_total
        self.is_1904 = False
        self.strings: list[str] = []
        self.formats: list[CellKind] = []

    def sheets(self) -> tuple[Sheet, ...]:
        entries = self._entries()
        if len(entries) > self.limits.sheets:
            raise WorkbookRefusedError(too_many_cells(self.limits))
        self.package.survey(part for _, _, part in entries)
        if "xl/sharedStrings.xml" in self.package:
            self.strings = _read_strings(self.package)
        if "xl/styles.xml" in self.package:
            self.formats = _read_formats(self.package)
        return tuple(_SheetParser(self, name, state == "visible").read(part) for name, state, part in entries)

    def _entries(self) -> list[tuple[str, str, str]]:
        entries: list[tuple[str, str, str]] = []
        targets: dict[str, str] = {}

        def relation(tag: str, attributes: dict[str, str]) -> None:
            if _local(tag) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
                target = attributes.get("Target", "")
                part = target[1:] if target.startswith("/") else f"xl/{target}"
                targets[attributes.get("Id", "")] = part.replace("/./", "/")

        def entry(tag: str, attributes: dict[str, str]) -> None:
            local = _local(tag)
            if local == "workbookPr":
                self.is_1904 = attributes.get("date1904") in ("1", "true")
            elif local == "sheet":
                key = next((value for name, value in attributes.items() if _local(name) == "id" and ":" in name), "")
                if key in targets:
                    entries.append((attributes.get("name", ""), attributes.get("state", "visible"), targets[key]))

        self.package.parse("xl/_rels/workbook.xml.rels", relation)
        self.package.parse("xl/workbook.xml", entry)
        return entries

    def spend_cell(self) -> None:
        self.cells_left -= 1
        if self.cells_left < 0:
            raise WorkbookRefusedError(too_many_cells(self.limits))


class _SheetParser:
    """One pass over the XML of one sheet."""

    def __init__(self, reader: _Reader, name: str, is_visible: bool) -> None:  # noqa: FBT001
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

    def read(self, part: str) -> Sheet:
        self.reader.package.parse(part, self.start, self.end, self.text)
        return Sheet(
            self.name,
            "visible" if self.is_visible else "hidden",
            {number: dict(sorted(row.items())) for number, row in sorted(self.rows.items())},
            tuple(self.merged),
            frozenset(self.hidden),
            frozenset(self.hidden_columns),
        )

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
            if attributes.get("hidden") in ("1", "true"):
                self.hidden.add(self.row)
        elif tag == "rPh":
            self.is_phonetic = True
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            self._hide(int(attributes.get("min", 1)), int(attributes.get("max", 0)))
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

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

    def _end_cell(self) -> None:
        if self.value is None and self.formula is None:
            return
        value, kind = self._typed(self.value or "")
        if len(value) > self.reader.limits.text_length:
            raise damaged("单元格的文字超过 32767 个字", "a cell holds more than 32767 characters")
        self.reader.characters_left -= len(value)
        if self.reader.characters_left < 0:
            raise WorkbookRefusedError(too_many_cells(self.reader.limits))
        cached = not (self.formula is not None and not self.value and self.kind != "str")
        if value or self.formula is not None:
            record = CellRecord(self.name, self.row, self.column, value, kind, self.formula or "", cached)
            self.rows.setdefault(self.row, {})[self.column] = record

    def _typed(self, raw: str) -> tuple[str, CellKind]:
        kind = self.kind
        if not raw:
            return "", "blank"
        if kind == "s":
            strings = self.reader.strings
            index = int(raw)
            if not 0 <= index < len(strings):
                raise damaged("文字表缺项", "a shared string is missing")
            return strings[index], "text"
        if kind in ("str", "inlineStr"):
            return _unescape(raw), "text"
        if kind == "e":
            return raw, "error"
        if kind == "b":
            return raw, "boolean"
        if kind == "d":
            return raw.replace("T", " ")[:_MINUTES].removesuffix(" 00:00"), "date"
        formats = self.reader.formats
        shown = formats[self.style] if 0 <= self.style < len(formats) else "number"
        try:
            number = decimal_text(raw)
        except ValueError:
            return raw, "text"
        if shown == "date":
            day = date_text(number, is_1904=self.reader.is_1904)
            return (day, "date") if day else (number, "number")
        return number, shown

    def _merge(self, reference: str) -> None:
        match = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})", reference)
        if match is None:
            return
        if len(self.merged) >= self.reader.limits.merged_areas:
            raise WorkbookRefusedError(too_many_cells(self.reader.limits))
        self.merged.append(Area(int(match[2]), column_number(match[1]), int(match[4]), column_number(match[3])))


def date_text(serial: str, *, is_1904: bool = False) -> str:
    """An Excel day number as `2025-06-30`, with the minute where it has one; empty where it is no date."""
    days = Decimal(serial)
    if not 0 <= days < 2_958_466:
        return ""
    if is_1904:
        days += 1462
    if days < 1:
        return ""
    if days < 61:  # Excel counts a 29 February 1900 that never was
        days += 1
    minutes = int((days * 1440).to_integral_value())
    if minutes >= _LAST_MINUTE:
        return ""
    moment = datetime(1899, 12, 30) + timedelta(minutes=minutes)  # noqa: DTZ001
    return moment.strftime("%Y-%m-%d" if moment.hour == moment.minute == 0 else "%Y-%m-%d %H:%M")


def _read_strings(package: Package) -> list[str]:
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
            whole = _unescape("".join(texts))
            if len(whole) > length:
                raise damaged("单元格的文字超过 32767 个字", "a cell holds more than 32767 characters")
            strings.append(whole)
        elif local in state:
            state[local] = False

    package.parse("xl/sharedStrings.xml", start, end, text)
    return strings


def _read_formats(package: Package) -> list[CellKind]:
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

    package.parse("xl/styles.xml", start, end)
    return formats


def _format_kind(number: int, codes: dict[int, str]) -> CellKind:
    code = codes.get(number)
    if code is None:
        return "percent" if number in _BUILTIN_PERCENT else "date" if number in _BUILTIN_DATES else "number"
    return format_kind(code)


def format_kind(code: str) -> CellKind:
    """What a number format shows a number as."""
    bare = _LITERAL.sub("", code[:_FORMAT_LENGTH].split(";", maxsplit=1)[0]).lower()
    if "%" in bare:
        return "percent"
    if "general" in bare or "0" in bare or "#" in bare:
        return "number"
    return "date" if re.search(r"[ymdhs]", bare) else "number"


def _unescape(text: str) -> str:
    return printable(_ESCAPE.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text)


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]
