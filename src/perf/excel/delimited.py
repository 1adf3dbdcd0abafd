"""CSV and other delimited text as a workbook of one sheet of texts."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import Final

from perf.excel.cells import Sheet
from perf.excel.codes import Finding
from perf.excel.guard import Limits, WorkbookRefusedError, too_long, too_many_cells
from perf.excel.text_columns import TextColumns
from perf.kernel.text import Text

_DELIMITERS: Final = (",", "\t", ";", "|", "，", "、")
_LINES_JUDGED: Final = 200
_LINES_A_ROW: Final = 10  # blank lines and line breaks within cells
_JUDGED: Final = 1 << 18  # characters
_END: Final = "\ue000end of the text\ue000"


def text_sheet(text: str, limits: Limits) -> Sheet:
    """The rows of a delimited text; the delimiter is the one that gives the most lines of one width.

    Quotes are those of RFC 4180; `sep=;` as a first line is obeyed and left out. Rows are numbered as a spreadsheet
    would number them.

    Raises:
        WorkbookRefusedError: more rows or cells than the limits allow, or quotes without an end.
    """
    text = text.rstrip()
    if text.count("\n") + text.count("\r") > _LINES_A_ROW * limits.rows:
        raise WorkbookRefusedError(too_many_cells(limits))
    first, _, rest = text.partition("\n")
    rows = TextColumns(limits)
    above = 0
    delimiter = first.strip()[4:5] if first.strip().lower().startswith("sep=") else ""
    if delimiter:
        text, above = rest, 1
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter or delimiter_of(text), strict=False)
    began = 1
    try:
        for number, fields in enumerate(reader, start=1 + above):
            if lines.is_ended and fields != [_END]:
                raise _unpaired(began + above)
            began = reader.line_num + 1
            if fields != [_END]:
                rows.put(number, fields)
    except csv.Error as error:  # a field longer than any program writes: the quote before it has no end
        raise (_unpaired(began + above) if '"' in text else too_long()) from error
    return rows.sheet()


class _Lines:
    """The lines of a text and a last one of our own, which stands for itself where every quote has its partner."""

    def __init__(self, text: str) -> None:
        self.lines = io.StringIO(text, newline="")
        self.is_ended = False

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            yield line if line.endswith(("\n", "\r")) else line + "\n"
        self.is_ended = True
        yield _END


def _unpaired(line: int) -> WorkbookRefusedError:
    return WorkbookRefusedError(
        Finding(
            "workbook-damaged",
            Text(f"第 {line} 行的引号没有配对,读不到结尾", f"a quote in line {line} has no partner"),
            Text("引号成对出现", "quotes in pairs"),
            Text(
                f"看第 {line} 行:补上或删掉一个引号,或在 Excel 中打开后另存为 .xlsx",
                f"Look at line {line}: add or delete a quote, or open the file in Excel and save it as .xlsx",
            ),
        )
    )


def delimiter_of(text: str) -> str:
    """The sign between the fields: comma where nothing speaks for another."""
    lines = text[:_JUDGED].splitlines()[:_LINES_JUDGED]
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
