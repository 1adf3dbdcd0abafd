"""Reports as workbooks and CSV: scorecards, ledger, pay file, issues; from finished rows, nothing is computed."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from openpyxl.styles import Alignment, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from perf.excel.cells import column_letters
from perf.excel.paper_form import PaperForm, in_paper_prose, lines_of, put_closing, put_heading, set_paper
from perf.excel.writing import (
    BORDER,
    MONEY_FORMAT,
    TOTAL_FILL,
    Value,
    heavy,
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
from perf.kernel.figures import exact_text, fixed
from perf.kernel.issues import Issue, by_place
from perf.kernel.money import Money
from perf.kernel.text import Lang, Text

ColumnKind = Literal["text", "number", "money"]
_TOTAL = Text("合计", "Total")
_PAY_SHEET = "发放表"
_SUMS_IN_WORDS_MAX = 6
_WRAPPED_FROM = 40
"""Columns that are given this width hold sentences, which are wrapped."""
_LINE_HEIGHT = 17
_LINES_MAX = 20
"""As high as a row may become; Excel shows the rest of the text in the cell."""
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_CENTRED = Alignment(horizontal="center")
_GROUP = Alignment(horizontal="left", vertical="center")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_SEVERITY = {"error": "错误", "warning": "提醒", "info": "说明"}
_SHADES = {"error": "F8CBAD", "warning": "FFE699", "info": "E2EFDA"}


class Formula(NamedTuple):
    """A cell that is computed from others of its row: `=SUM(E{row}:G{row})`, and what it comes to."""

    text: str
    value: Fraction | Money


ReportValue = Value | Formula


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A column of a report. `text` keeps leading zeros; `money` is yuan.

    Args:
        group: Heading over this column and its neighbours of the same group.
        is_summed: Whether the 合计 row has its sum; None: where it is money.
        is_centred: Short words and codes, which stand clear of the figures beside them.
    """

    header: str
    kind: ColumnKind = "text"
    number_format: str = ""
    width: int = 0
    group: str = ""
    is_summed: bool | None = None
    is_centred: bool = False

    @property
    def has_total(self) -> bool:
        """Whether the 合计 row has its sum."""
        return self.kind == "money" if self.is_summed is None else self.is_summed

    @property
    def shown_as(self) -> str:
        """Its number format."""
        return self.number_format or (MONEY_FORMAT if self.kind == "money" else "")


@dataclass(frozen=True, slots=True)
class Report:
    """A finished table: a sheet of a workbook, or one CSV file.

    Args:
        title: Heading and name of the sheet.
        rows: One value per column: text, exact numbers, money, formulas of the row, or None for an empty cell.
        has_totals: Whether a 合计 row with SUM formulas stands under the money columns.
        sheet: Name of the sheet, where it is not the title.
        lang: Of the words that stand here: 合计, page numbers.
        form: Of a report that is printed and signed: how it stands on paper.
    """

    title: str
    columns: tuple[ReportColumn, ...]
    rows: Sequence[Sequence[ReportValue]]
    note: str = ""
    has_totals: bool = False
    frozen_columns: int = 1
    sheet: str = ""
    lang: Lang = "zh"
    form: PaperForm | None = None


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

    Totals are formulas, so that a changed line shows; Excel calculates them when the file is opened. What was computed
    here stands in their cells, for readers that do not calculate, and below them in words. The same reports give the
    same bytes.
    """
    workbook = new_workbook()
    for report in reports:
        _sheet(new_sheet(workbook, report.sheet or report.title), report)
    return saved(workbook)


def csv_of(report: Report, *, encoding: str = "utf-8-sig", delimiter: str = ",", has_header: bool = True) -> bytes:
    """The report as CSV for spreadsheets: UTF-8 with BOM, CRLF; a text that one would run is prefixed with `'`.

    For people and banks only: the files of the contract are written elsewhere, untouched.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter)
    if has_header:
        writer.writerow([_csv_text(_full_header(column)) for column in report.columns])
    for row in report.rows:
        writer.writerow([_csv_text(value) for value in row])
    return buffer.getvalue().encode(encoding)


def pay_report(rows: Iterable[PayRow], title: str = _PAY_SHEET) -> Report:
    """The pay file: 单位, 工号, 姓名, 应发, 批次, in the order of institution and staff number."""
    columns = (
        ReportColumn("单位"),
        ReportColumn("工号"),
        ReportColumn("姓名"),
        ReportColumn("应发", "money"),
        ReportColumn("批次"),
    )
    return Report(f"{title}(单位:元)", columns, sorted(rows), has_totals=True, frozen_columns=3, sheet=_PAY_SHEET)


def net_pay_report(rows: Iterable[NetPayRow], title: str = _PAY_SHEET) -> Report:
    """The pay file to the net: 单位 工号 姓名 应发 扣款 个税 实发; blank where the net pay is not computed."""
    columns = (
        *(ReportColumn(header) for header in ("单位", "工号", "姓名")),
        *(ReportColumn(header, "money") for header in ("应发", "扣款", "个税", "实发")),
    )
    found = list(rows)
    waiting = sum(1 for row in found if row.net is None)
    note = f"{waiting} 人的实发未算(扣款、个税、实发为空),原因见 perf-pay payroll" if waiting else ""
    return Report(f"{title}(单位:元)", columns, found, note=note, has_totals=True, frozen_columns=3, sheet=_PAY_SHEET)


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
    put_title(sheet, 1, _said(report.title, report.lang))
    if report.note:
        put(sheet, 2, 1, _said(report.note, report.lang))
    grouped = any(column.group for column in report.columns)
    header_row = 2 + bool(report.note) + grouped
    if grouped:
        _put_groups(sheet, header_row - 1, report.columns)
    put_header(sheet, header_row, [column.header for column in report.columns])
    for number, row in enumerate(report.rows, header_row + 1):
        for index, (column, value) in enumerate(zip(report.columns, row, strict=True), 1):
            _put_value(sheet, number, index, column, value)
        if lines := max((_lines(column, value) for column, value in zip(report.columns, row, strict=True)), default=0):
            sheet.row_dimensions[number].height = lines * _LINE_HEIGHT
            _to_top(sheet, number, len(report.columns))
    widths = [
        column.width or width_of([column.header, *(_shown_text(column, row[i]) for row in report.rows[:500])])
        for i, column in enumerate(report.columns)
    ]
    set_up(
        sheet,
        header_row=header_row,
        header_rows=1 + grouped,
        group_ends=_group_ends(report.columns) if grouped else (),
        widths=widths,
        frozen_columns=report.frozen_columns,
        lang=report.lang,
    )
    last = header_row + len(report.rows)
    if report.rows and report.form is None:
        sheet.auto_filter.ref = f"A{header_row}:{column_letters(len(report.columns))}{last}"
    if report.rows and report.has_totals:
        _totals(sheet, report, header_row + 1, last)
    if report.form is not None:
        under = last + 1 + (bool(report.rows) and report.has_totals)
        put_heading(sheet, len(report.columns), widths, note=report.note)
        set_paper(sheet, report.form, range(header_row + 1, under))
        put_closing(sheet, under, len(report.columns), widths, report.form)


def _to_top(sheet: Worksheet, row: int, columns: int) -> None:
    """Every cell of a row of several lines begins where its first line stands."""
    for cell in sheet[row][:columns]:
        old = cell.alignment
        cell.alignment = Alignment(horizontal=old.horizontal, vertical="top", wrap_text=old.wrap_text)


def _said(text: str, lang: Lang) -> str:
    return in_paper_prose(text) if lang == "zh" else text


def _lines(column: ReportColumn, value: ReportValue) -> int:
    """Of a sentence that is wrapped: how many lines it takes; 0 where one is enough."""
    if column.width < _WRAPPED_FROM or not isinstance(value, str):
        return 0
    lines = sum(lines_of(line, column.width - 1) for line in value.split("\n"))
    return min(lines, _LINES_MAX) if lines > 1 else 0


def _put_groups(sheet: Worksheet, row: int, columns: Sequence[ReportColumn]) -> None:
    """The headings over neighbouring columns of one group, each merged over its columns."""
    put_header(sheet, row, [column.group for column in columns])
    first = 1
    for index, column in enumerate(columns, 1):
        following = columns[index].group if index < len(columns) else None
        if column.group != following or not column.group:
            if column.group and index > first:
                sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=index)
                sheet.cell(row, first).alignment = _GROUP  # a page may end within the group
            first = index + 1


def _group_ends(columns: Sequence[ReportColumn]) -> list[int]:
    """The last columns of groups, and those that stand alone."""
    following = [*(column.group for column in columns[1:]), ""]
    return [
        number
        for number, (column, after) in enumerate(zip(columns, following, strict=True), 1)
        if not column.group or column.group != after
    ]


def _put_value(sheet: Worksheet, row: int, index: int, column: ReportColumn, value: ReportValue) -> None:
    if isinstance(value, Formula):
        text = value.text.replace("{row}", str(row))
        put_formula(sheet, row, index, text, column.shown_as, value.value).border = BORDER
        return
    shown = _text(value) if column.kind == "text" else value
    number_format = "" if isinstance(shown, str) else column.number_format
    cell = put(sheet, row, index, shown, number_format)
    cell.border = BORDER
    if column.width >= _WRAPPED_FROM:
        cell.alignment = _WRAPPED
    elif column.is_centred:
        cell.alignment = _CENTRED


def _totals(sheet: Worksheet, report: Report, first: int, last: int) -> None:
    """The sums, as formulas; below them in words what they came to when written."""
    english = report.lang == "en"
    sums: list[str] = []
    for index, column in enumerate(report.columns, 1):
        cell = put(sheet, last + 1, index, _TOTAL.in_lang(report.lang) if index == 1 else None)
        if column.has_total:
            letters = column_letters(index)
            values = (row[index - 1] for row in report.rows)
            amounts = [value.value if isinstance(value, Formula) else value for value in values]
            numbers = (Fraction(a.yuan if isinstance(a, Money) else a) for a in amounts if a and not isinstance(a, str))
            number = sum(numbers, Fraction(0))
            formula = f"=SUM({letters}{first}:{letters}{last})"
            cell = put_formula(sheet, last + 1, index, formula, column.shown_as or "General", number)
            if column.kind == "money":
                amount = Money(int(number * 100))
                sums.append(f"{_full_header(column)} {amount} {'yuan' if english else '元'}")
        cell.font = heavy()
        cell.fill = TOTAL_FILL
        cell.border = BORDER
    if sums and len(sums) <= _SUMS_IN_WORDS_MAX and report.form is None:
        told = Text(
            f"核对:{len(report.rows)} 行;{';'.join(sums)}(导出时的合计,上一行的公式应与此相同)",
            f"check: {len(report.rows)} rows; {'; '.join(sums)} (when written; the formulas above give the same)",
        )
        put(sheet, last + 2, 1, told.in_lang(report.lang))


def _full_header(column: ReportColumn) -> str:
    return f"{column.group}/{column.header}" if column.group else column.header


def _shown_text(column: ReportColumn, value: ReportValue) -> str:
    """About as long as Excel shows the value."""
    if isinstance(value, Formula):
        value = value.value
    if isinstance(value, Money):
        return value.text()
    if isinstance(value, Fraction | int) and column.number_format:
        return fixed(value, len(column.number_format.partition(".")[2].rstrip("%"))) + " "
    return _text(value)


def _text(value: ReportValue) -> str:
    if value is None:
        return ""
    if isinstance(value, Formula):
        return _text(value.value)
    if isinstance(value, Money):
        return value.text(grouped=False)
    return value if isinstance(value, str) else exact_text(Fraction(value))


def _csv_text(value: ReportValue) -> str:
    text = _text(value)
    if isinstance(value, str) and text.startswith(_DANGEROUS) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text
