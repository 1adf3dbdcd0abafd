"""CSV and other delimited text as a workbook of one sheet of texts."""

import csv
import io
from collections import Counter
from typing import Final

from perf.excel.cells import Sheet
from perf.excel.guard import Limits, damaged
from perf.excel.sheet_building import CellBudget, SheetBuilder

_DELIMITERS: Final = (",", "\t", ";", "|", "，", "、")
_LINES_JUDGED: Final = 200


def text_sheet(text: str, limits: Limits) -> Sheet:
    """The rows of a delimited text; the delimiter is the one that gives the most lines of one width.

    Quotes are those of RFC 4180; `sep=;` as a first line is obeyed and left out. Rows are numbered as a spreadsheet
    would number them.

    Raises:
        WorkbookRefusedError: more rows or cells than the limits allow, or quotes without an end.
    """
    first, _, rest = text.partition("\n")
    builder = SheetBuilder("", CellBudget(limits))
    above = 0
    delimiter = first.strip()[4:5] if first.strip().lower().startswith("sep=") else ""
    if delimiter:
        text, above = rest, 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or delimiter_of(text), strict=False)
    try:
        for number, fields in enumerate(reader, start=1 + above):
            for column, field in enumerate(fields, start=1):
                if value := field.strip():
                    builder.put(number, column, value, "text")
    except csv.Error as error:
        raise damaged("引号没有配对,读不到结尾", "quotes without an end") from error
    return builder.sheet()


def delimiter_of(text: str) -> str:
    """The sign between the fields: comma where nothing speaks for another."""
    lines = text.splitlines()[:_LINES_JUDGED]
    best, most = ",", (0, 0)
    for delimiter in _DELIMITERS:
        try:
            widths = Counter(len(fields) for fields in csv.reader(lines, delimiter=delimiter) if len(fields) > 1)
        except csv.Error:
            continue
        if widths:
            width, times = max(widths.items(), key=lambda item: (item[1], item[0]))
            if (times, width) > most:
                best, most = delimiter, (times, width)
    return best
