"""What a cell of a workbook of Excel means: numbers at Excel's own precision, days, texts, by its type and its format."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Context, Decimal, InvalidOperation

from perf.excel.cells import CellKind, printable
from perf.excel.guard import damaged

_SHORT = re.compile(r"-?(?:\d{1,15}|\d{1,9}\.\d{0,5}[1-9])", re.ASCII)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MINUTES = len("2025-06-30 08:30")
_PRECISION = Context(prec=15, traps=[InvalidOperation])  # beyond its largest: infinity, which is no number
_LAST_MINUTE = 2_958_466 * 1440  # behind the last day that there is, 9999-12-31


class StoredValues:
    """The strings and formats that the sheets of a workbook share, and the era of its days."""

    def __init__(self, strings: Sequence[str], formats: Sequence[CellKind], *, is_1904: bool) -> None:
        self.strings = strings
        self.formats = formats
        self.is_1904 = is_1904

    def shown(self, style: int) -> CellKind:
        """What a number is shown as in a cell of this style."""
        return self.formats[style] if 0 <= style < len(self.formats) else "number"

    def read(self, stored: str, style: int, raw: str) -> tuple[str, CellKind]:
        """The value and kind of a cell.

        Args:
            stored: Its type as the file names it (`s`, `n`, `str` …).
            style: The number of its format.
            raw: What it holds.
        Raises:
            WorkbookRefusedError: it names a shared string that is not there.
            ValueError: so too, and not even by a number.
        """
        if not raw:
            return "", "blank"
        if stored == "s":
            index = int(raw)
            if not 0 <= index < len(self.strings):
                raise damaged("文字表缺项", "a shared string is missing")
            return self.strings[index], "text"
        if stored in ("str", "inlineStr"):
            return unescaped(raw), "text"
        if stored == "e":
            return raw, "error"
        if stored == "b":
            return raw, "boolean"
        if stored == "d":
            return raw.replace("T", " ")[:_MINUTES].removesuffix(" 00:00"), "date"
        shown = self.shown(style)
        try:
            number = decimal_text(raw)
        except ValueError:
            return raw, "text"
        if shown == "date":
            day = date_text(number, is_1904=self.is_1904)
            return (day, "date") if day else (number, "number")
        return number, shown


def decimal_text(raw: str) -> str:
    """A stored number as a plain decimal of at most 15 significant digits, Excel's own precision.

    Raises:
        ValueError: not a number, or one with more than 40 digits before or after the point.
    """
    return raw if _SHORT.fullmatch(raw) else rounded_text(raw)


def rounded_text(raw: str) -> str:
    """The same of a number that may have more digits than that.

    Raises:
        ValueError: as `decimal_text`.
    """
    try:
        number = _PRECISION.create_decimal(raw)
    except InvalidOperation as error:
        raise ValueError("not a number") from error
    if not number.is_finite() or abs(number.adjusted()) > 39:
        raise ValueError("number out of range")
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


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


def unescaped(text: str) -> str:
    """A stored text with the characters that Excel writes as `_x000D_`."""
    return printable(_ESCAPE.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text)
