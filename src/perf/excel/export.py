"""Reports as workbooks and CSV: scorecards, ledger, pay file, issues; from finished rows, nothing is computed."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from perf.excel.cells import column_letters
from perf.excel.writing import (
    BORDER,
    MONEY_FORMAT,
    TOTAL_FILL,
    Value,
    new_sheet,
    new_workbook,
    put,
    put_formula,
    put_header,
    put_title,
    saved,
    set_up,
    width_of,
)
from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue, by_place
from perf.kernel.money import Money, total

ColumnKind = Literal["text", "number", "money"]
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_SEVERITY = {"error": "错误", "warning": "提醒", "info": "说明"}
_SHADES = {"error": "F8CBAD", "warning": "FFE699", "info": "E2EFDA"}
_FIRST_ROW = 3


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A column of a report. `text` keeps leading zeros; `money` is yuan, with a total where the report has totals."""

    header: str
    kind: ColumnKind = "text"
    number_format: str = ""
    width: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """A finished table: a sheet of a workbook, or one CSV file.

    Args:
        title: Heading and name of the sheet.
        rows: One value per column: text, exact numbers, money, or None for an empty cell.
        has_totals: Whether a 合计 row with SUM formulas stands under the money columns.
    """

    title: str
    columns: tuple[ReportColumn, ...]
    rows: Sequence[Sequence[Value]]
    note: str = ""
    has_totals: bool = False
    frozen_columns: int = 1


class PayRow(NamedTuple):
    """One line of the pay file."""

    institution: str
    staff_no: str
    name: str
    amount: Money
    batch: str


class NetPayRow(NamedTuple):
    """One line of the pay file to the net; without the last three the net pay is not computed."""

    institution: str
    staff_no: str
    name: str
    gross: Money
    deductions: Money | None
    tax: Money | None
    net: Money | None


def workbook_of(reports: Iterable[Report]) -> bytes:
    """A workbook with a sheet for each report.

    Totals are formulas, so that a changed line shows; Excel calculates them when the file is opened, and a reader
    that does not calculate sees them empty. The total that was computed here stands beside them in words.
    """
    workbook = new_workbook()
    for report in reports:
        _sheet(new_sheet(workbook, report.title), report)
    return saved(workbook)


def csv_of(report: Report) -> bytes:
    """The report as CSV for spreadsheets: UTF-8 with BOM, CRLF; a text that one would run is prefixed with `'`.

    For people only: the files of the contract are written elsewhere, untouched.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([column.header for column in report.columns])
    for row in report.rows:
        writer.writerow([_csv_text(value) for value in row])
    return ("\ufeff" + buffer.getvalue()).encode()


def pay_report(rows: Iterable[PayRow], title: str = "发放表") -> Report:
    """The pay file: 单位, 工号, 姓名, 应发, 批次, in the order of institution and staff number."""
    columns = (
        ReportColumn("单位"),
        ReportColumn("工号"),
        ReportColumn("姓名"),
        ReportColumn("应发", "money"),
        ReportColumn("批次"),
    )
    return Report(title, columns, sorted(rows), has_totals=True, frozen_columns=3)


def net_pay_report(rows: Iterable[NetPayRow], title: str = "发放表") -> Report:
    """The pay file to the net: 单位 工号 姓名 应发 扣款 个税 实发; blank where the net pay is not computed."""
    columns = (
        *(ReportColumn(header) for header in ("单位", "工号", "姓名")),
        *(ReportColumn(header, "money") for header in ("应发", "扣款", "个税", "实发")),
    )
    found = list(rows)
    waiting = sum(1 for row in found if row.net is None)
    note = f"{waiting} 人的实发未算(扣款、个税、实发为空),原因见 perf-pay payroll" if waiting else ""
    return Report(title, columns, found, note=note, has_totals=True, frozen_columns=3)


def issues_workbook(issues: Iterable[Issue], title: str = "问题清单") -> bytes:
    """All issues by place: 文件 表 单元格 编码 级别 发现 应为 建议, errors red, warnings yellow."""
    workbook = new_workbook()
    sheet = new_sheet(workbook, title)
    headers = ("文件", "表", "单元格", "编码", "级别", "发现", "应为", "建议")
    put_header(sheet, 1, headers)
    rows = by_place(issues)
    for number, issue in enumerate(rows, 2):
        place = issue.place
        cell_name = place.cell or (f"{place.line}:{place.column}" if place.line else "")
        texts = (
            place.file,
            place.sheet,
            cell_name,
            issue.code,
            _SEVERITY[issue.severity],
            issue.found.zh,
            issue.expected.zh,
            issue.hint.zh,
        )
        shade = PatternFill("solid", fgColor=_SHADES[issue.severity])
        for column, text in enumerate(texts, 1):
            cell = put(sheet, number, column, text)
            cell.border = BORDER
            if column == 5:
                cell.fill = shade
    set_up(sheet, header_row=1, widths=(34, 14, 9, 24, 8, 44, 36, 48), frozen_columns=3)
    if rows:
        sheet.auto_filter.ref = f"A1:H{len(rows) + 1}"
    return saved(workbook)


def _sheet(sheet: Worksheet, report: Report) -> None:
    put_title(sheet, 1, report.title)
    header_row = _FIRST_ROW - 1 if not report.note else _FIRST_ROW
    if report.note:
        put(sheet, 2, 1, report.note)
    put_header(sheet, header_row, [column.header for column in report.columns])
    for number, row in enumerate(report.rows, header_row + 1):
        for index, (column, value) in enumerate(zip(report.columns, row, strict=True), 1):
            shown = _text(value) if column.kind == "text" else value
            put(sheet, number, index, shown, column.number_format).border = BORDER
    widths = [
        column.width or width_of([column.header, *(_text(row[i]) for row in report.rows[:500])])
        for i, column in enumerate(report.columns)
    ]
    set_up(sheet, header_row=header_row, widths=widths, frozen_columns=report.frozen_columns)
    if report.rows:
        last = header_row + len(report.rows)
        sheet.auto_filter.ref = f"A{header_row}:{column_letters(len(report.columns))}{last}"
        if report.has_totals:
            _totals(sheet, report, header_row + 1, last)


def _totals(sheet: Worksheet, report: Report, first: int, last: int) -> None:
    sums: list[str] = []
    for index, column in enumerate(report.columns, 1):
        cell = put(sheet, last + 1, index, "合计" if index == 1 else None)
        if column.kind == "money":
            letters = column_letters(index)
            cell = put_formula(sheet, last + 1, index, f"=SUM({letters}{first}:{letters}{last})", MONEY_FORMAT)
            amount = total(value for row in report.rows if isinstance(value := row[index - 1], Money))
            sums.append(f"{column.header} {amount} 元")
        cell.font = Font(bold=True)
        cell.fill = TOTAL_FILL
        cell.border = BORDER
    put(sheet, last + 2, 1, f"核对:{len(report.rows)} 行;{';'.join(sums)}(导出时的合计,上一行的公式应与此相同)")


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Money):
        return value.text(grouped=False)
    return value if isinstance(value, str) else exact_text(Fraction(value))


def _csv_text(value: Value) -> str:
    text = _text(value)
    if isinstance(value, str) and text.startswith(_DANGEROUS) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text
