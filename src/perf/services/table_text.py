"""A table of a CSV file or of the one sheet of a workbook, as CSV text; what is wrong with it is told at its cell."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from perf.excel.cells import CellRecord, Sheet, column_letters
from perf.excel.delimited import delimiter_of
from perf.excel.formats import decoded, format_of
from perf.excel.opening import read_workbook
from perf.kernel.errors import InputRefused, WrongUse
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.services.files import file_name, read_bytes, read_text

_LINE_BYTES = 1 << 16
_MONTHS = ("period", "期间", "月份")


@dataclass(frozen=True, slots=True)
class TableText:
    """The table as CSV text; `sheet` is empty for a CSV file.

    Attributes:
        letters: Header -> letters of its column in the sheet.
        above: Rows of the sheet before the header.
    """

    name: str
    text: str
    sheet: str = ""
    letters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    above: int = 0

    def place(self, line: int, column: str = "") -> Place:
        """A line of the file; of a sheet the cell of that column, else the first of the row."""
        if not self.sheet:
            return Place(self.name, line=line)
        first = next(iter(self.letters.values()), "A")
        return Place(self.name, self.sheet, f"{self.letters.get(column, first)}{line + self.above}")

    def placed(self, issues: Iterable[Issue]) -> list[Issue]:
        """Issues of the text with the rows of the sheet as their places."""
        if not self.sheet:
            return list(issues)
        return [
            replace(one, place=self.place(one.place.line)) if one.place.file == self.name and one.place.line else one
            for one in issues
        ]


def table_text(path: Path, *, is_contract: bool = False) -> TableText:
    """Read a CSV, or the only sheet with anything on it of a workbook; which it is the content says, not the ending.

    A text in UTF-8 with commas is taken as it is, of any size. Whatever else holds a table (xlsx, xls, ods, a web page,
    text in GB18030 or UTF-16, or with other delimiters) is read as `import` reads it, within the same limits.

    Args:
        is_contract: The file is one of the contract for scripts, whose texts are in UTF-8 with commas and nothing else.
    Raises:
        InputRefused: the file cannot be read, or a formula was never calculated.
        WrongUse: a workbook with no table or with several.
    """
    content = read_bytes(path)
    kind = format_of(content)
    if kind == "unknown" or (kind == "text" and (is_contract or _is_plain(content))):
        return TableText(file_name(path), read_text(path))
    workbook = read_workbook(file_name(path), content)
    if workbook.is_refused:
        raise InputRefused(Text(f"{file_name(path)} 无法读取", f"{file_name(path)} cannot be read"), workbook.issues)
    sheets = [sheet for sheet in workbook.sheets if sheet.state == "visible" and sheet.rows]
    if len(sheets) != 1:
        named = "、".join(sheet.name for sheet in sheets) or "—"
        raise WrongUse(
            Text(
                f"{file_name(path)} 要恰好一张有内容的工作表(有:{named});其余的另存或隐藏",
                f"{file_name(path)} needs exactly one sheet with a table (there are: {named}); save the others elsewhere",
            )
        )
    broken = [
        _broken(file_name(path), cell) for row in sheets[0].rows.values() for cell in row.values() if _is_broken(cell)
    ]
    if broken:
        raise InputRefused(Text("文件有错误", "the file has errors"), broken)
    return _as_text(file_name(path), sheets[0])


def _is_plain(content: bytes) -> bool:
    """Whether the text is in UTF-8 with commas, or in no encoding at all, which is then told with its line."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return decoded(content) is None
    return delimiter_of(text) == ","


def _as_text(name: str, sheet: Sheet) -> TableText:
    head = sheet.rows[min(sheet.rows)]
    columns = sorted(head)
    headers = [head[column].value.strip() for column in columns]
    last = max(sheet.rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headers)
    for number in range(min(sheet.rows) + 1, last + 1):
        row = sheet.rows.get(number, {})
        beyond = [row[column].value for column in sorted(row) if column not in head and row[column].value]
        writer.writerow([*_values(headers, [row.get(column) for column in columns]), *beyond])
    letters = {header: column_letters(column) for header, column in zip(headers, columns, strict=True)}
    return TableText(name, out.getvalue(), sheet.name, MappingProxyType(letters), min(sheet.rows) - 1)


def _values(headers: Sequence[str], cells: Sequence[CellRecord | None]) -> list[str]:
    """The cells as texts; a month that Excel made a date of is a month again."""
    found: list[str] = []
    for header, cell in zip(headers, cells, strict=True):
        value = "" if cell is None else cell.value.strip()
        is_month = cell is not None and cell.kind == "date" and header.lower() in _MONTHS and value.endswith("-01")
        found.append(value[:7] if is_month else value)
    return found


def _is_broken(cell: CellRecord) -> bool:
    return not cell.cached or cell.kind == "error"


def _broken(name: str, cell: CellRecord) -> Issue:
    return Issue(
        "formula-not-calculated",
        Place(name, cell.sheet, cell.cell),
        Text(
            f"“{cell.value or '=' + cell.formula}”:公式没有计算结果", f"'{cell.value or '=' + cell.formula}': no result"
        ),
        Text("文字或数值", "a text or a value"),
        Text(
            "在 Excel 中打开、保存后重新读入,或粘贴为数值",
            "open it in Excel, save and read it again; or paste it as a value",
        ),
    )
