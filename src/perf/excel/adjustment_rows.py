"""Rows of adjustments of single people in a workbook: one table a sheet, columns by header, every row with its places."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from perf.excel.cells import CellRecord, Sheet, Workbook
from perf.excel.codes import Finding, quoted
from perf.excel.headers import plain
from perf.excel.identity_cells import misplaced
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "staff_number": ("工号", "职工号", "人员编号", "staff_number"),
    "name": ("姓名", "name"),
    "period": ("期间", "月份", "period"),
    "kind": ("类型", "类别", "kind"),
    "amount": ("金额", "金额(元)", "amount"),
    "line": ("项目", "项目名称", "line"),
    "account": ("账户", "列支账户", "account"),
    "reason": ("事由", "理由", "原因", "reason"),
    "document": ("依据", "文号", "依据文件", "document"),
}
"""Key -> headers, the first as templates write it."""
_NEEDED = {"staff_number", "kind"}
_TELLING = {"amount", "account", "reason", "document"}
_PLAIN = {"staff_number", "name", "line", "document"}
_TITLE_ROWS = 30
_BY_HEADER = {plain(header): key for key, headers in COLUMNS.items() for header in headers}
_TOTALS = ("合计", "总计", "小计")


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """One row; a cell that is empty is not there."""

    file: str
    sheet: str
    first_cell: str
    cells: Mapping[str, CellRecord]

    def place(self, key: str = "") -> Place:
        """Where a key stands; the first cell of the row where it is empty."""
        record = self.cells.get(key)
        return Place(self.file, self.sheet, record.cell if record is not None else self.first_cell)


def adjustment_rows(workbook: Workbook) -> tuple[tuple[AdjustmentRow, ...], tuple[Issue, ...]]:
    """The rows of every visible sheet that has a header with 工号 and 类型, and what is wrong with cells and columns."""
    rows: list[AdjustmentRow] = []
    issues: list[Issue] = list(workbook.issues)
    tables = 0
    for sheet in workbook.sheets if not workbook.is_refused else ():
        header = next((n for n, row in sheet.rows.items() if set(_columns(row).values()) >= _NEEDED), None)
        if sheet.state == "visible" and header is not None:
            tables += 1
            _read(workbook.name, sheet, header, rows, issues)
    if not tables and not workbook.is_refused:
        found = Text("没有找到一次性项目的表", "no table of adjustments was found")
        expected = Text(
            "有“工号、类型、金额、账户、事由、依据”的表头", "a header with 工号, 类型, 金额, 账户, 事由, 依据"
        )
        hint = Text("用 perf-pay adjust template 生成空表", "perf-pay adjust template makes an empty form")
        issues.append(Finding("no-table", found, expected, hint).at(Place(workbook.name)))
    return tuple(rows), tuple(issues)


def holds_adjustments(sheet: Sheet) -> bool:
    """Whether a sheet is one of adjustments, which no import of facts reads: 工号, 类型 and two of 金额, 账户, 事由, 依据."""
    headers = (set(_columns(row).values()) for row in islice(sheet.rows.values(), _TITLE_ROWS))
    return any(keys >= _NEEDED and len(keys & _TELLING) > 1 for keys in headers)


def _columns(row: Mapping[int, CellRecord]) -> dict[int, str]:
    return {n: _BY_HEADER[word] for n, record in row.items() if (word := plain(record.value)) in _BY_HEADER}


def _read(file: str, sheet: Sheet, header: int, rows: list[AdjustmentRow], issues: list[Issue]) -> None:
    columns: dict[int, str] = {}
    known = _columns(sheet.rows[header])
    for column, record in sheet.rows[header].items():
        key, place = known.get(column), Place(file, sheet.name, record.cell)
        if key is None:
            issues.append(_unknown(record.value).at(place))
        elif key in columns.values():
            issues.append(_twice(record.value).at(place))
        else:
            columns[column] = key
    for number, row in sheet.rows.items():
        if number <= header or not row:
            continue
        first = row[min(row)]
        if plain(first.value) in _TOTALS:
            found = Text(f"{quoted(first.value)} 所在行", f"the row of {quoted(first.value)}")
            expected = Text("合计行不是人员", "totals are nobody")
            skipped = Finding("row-skipped", found, expected, Text("没有读取", "Not read"), "info")
            issues.append(skipped.at(Place(file, sheet.name, first.cell)))
            continue
        cells = {columns[n]: record for n, record in row.items() if n in columns and record.value}
        wrong = [
            finding.at(Place(file, sheet.name, record.cell))
            for n, record in row.items()
            if n in columns and (finding := _refused(columns[n], record)) is not None
        ]
        issues.extend(wrong)
        if cells and not wrong:
            rows.append(AdjustmentRow(file, sheet.name, first.cell, cells))


def _refused(key: str, record: CellRecord) -> Finding | None:
    """What is wrong with a cell by itself: no value, or somebody's number in a text that is printed and stored in clear."""
    if not record.cached or record.kind == "error":
        return _not_calculated()
    if key == "reason":
        return misplaced(COLUMNS[key][0], record.value)
    return misplaced(COLUMNS[key][0], record.value, kinds=("citizen", "bank_card")) if key in _PLAIN else None


def _not_calculated() -> Finding:
    return Finding(
        "formula-not-calculated",
        Text("公式没有计算结果", "a formula without a calculated value"),
        Text("文字或数值", "a text or a value"),
        Text(
            "在 Excel 中打开、保存后重新上传,或粘贴为数值",
            "Open it in Excel, save, upload again; or paste it as a value",
        ),
    )


def _unknown(header: str) -> Finding:
    known = "、".join(headers[0] for headers in COLUMNS.values())
    return Finding(
        "column-unknown",
        Text(f"列{quoted(header)}", f"the column {quoted(header)}"),
        Text(f"一次性项目的列:{known}", f"a column of adjustments: {known}"),
        Text("这一列没有读取", "The column was not read"),
        "warning",
    )


def _twice(header: str) -> Finding:
    return Finding(
        "column-duplicate",
        Text(f"列{quoted(header)}出现两次", f"{quoted(header)} stands there twice"),
        Text("每项一列", "one column for each"),
        Text("只读取了第一列", "Only the first was read"),
        "warning",
    )
