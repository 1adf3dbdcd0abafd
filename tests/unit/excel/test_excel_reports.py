"""Reports as workbooks: formulas with what they come to, groups of columns, the same bytes for the same rows."""

import csv
import io
import zipfile
from fractions import Fraction

from openpyxl import load_workbook

from perf.excel import read_workbook
from perf.excel.export import Formula, Report, ReportColumn, csv_of, workbook_of
from perf.kernel.money import Money

COLUMNS = (
    ReportColumn("工号"),
    ReportColumn("基础", "money", group="绩效"),
    ReportColumn("奖励", "money", group="绩效"),
    ReportColumn("应发", "money"),
    ReportColumn("人次", "number", number_format="0", is_summed=True),
    ReportColumn("率", "number", number_format="0.00%"),
)


def row(number: str, base: int, prize: int, visits: int) -> tuple[object, ...]:
    paid = Formula("=SUM(B{row}:C{row})", Money(base + prize))
    return (number, Money(base), Money(prize), paid, Fraction(visits), Fraction(7, 8))


def report(**changes: object) -> Report:
    rows = [row("000203", 100_01, 99, 12), row("000204", -5, 0, 0), row("=1+1", 7, 3, 1)]
    values = {"title": "分配表", "columns": COLUMNS, "rows": rows, "has_totals": True, "frozen_columns": 1}
    return Report(**{**values, **changes})


def test_the_same_rows_give_the_same_bytes_and_nothing_says_when():
    first, second = workbook_of([report()]), workbook_of([report()])
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"dcterms" not in package.read("docProps/core.xml").replace(b"xmlns:dcterms", b"")


def test_formulas_stand_with_what_they_come_to_for_readers_that_do_not_calculate():
    content = workbook_of([report()])
    formulas = load_workbook(io.BytesIO(content)).active
    values = load_workbook(io.BytesIO(content), data_only=True).active
    assert formulas["D4"].value == "=SUM(B4:C4)"
    assert values["D4"].value == 101
    assert [formulas.cell(7, c).value for c in range(1, 7)] == [
        "合计",
        "=SUM(B4:B6)",
        "=SUM(C4:C6)",
        "=SUM(D4:D6)",
        "=SUM(E4:E6)",
        None,
    ]
    assert [values.cell(7, c).value for c in range(2, 6)] == [100.03, 1.02, 101.05, 13]
    exact = read_workbook("r.xlsx", content).sheets[0].rows[7]
    assert all(cell.cached for cell in exact.values())
    assert exact[4].value == "101.05"


def test_columns_of_a_group_stand_under_one_heading_that_is_printed_on_every_page():
    sheet = load_workbook(io.BytesIO(workbook_of([report()]))).active
    assert [str(area) for area in sheet.merged_cells.ranges] == ["B2:C2"]
    assert sheet["B2"].value == "绩效/基础".partition("/")[0]
    assert sheet.print_title_rows == "$2:$3"
    assert sheet.freeze_panes == "B4"
    assert sheet.auto_filter.ref == "A3:F6"


def test_a_wide_table_is_printed_on_several_pages_side_by_side_with_its_key_columns():
    columns = (ReportColumn("工号"), *(ReportColumn(f"{n}月", "money", width=20) for n in range(24)))
    sheet = load_workbook(io.BytesIO(workbook_of([Report("年册", columns, [("1", *[None] * 24)])]))).active
    assert sheet.page_setup.fitToWidth == 3
    assert sheet.print_title_cols == "$A:$A"
    assert sheet.page_setup.paperSize == 9


def test_a_wide_table_is_parted_between_groups_of_columns_and_never_within_one():
    groups = [ReportColumn(part, "money", group=f"指标{n}", width=20) for n in range(8) for part in ("得分", "权重")]
    sheet = load_workbook(
        io.BytesIO(workbook_of([Report("册", (ReportColumn("工号"), *groups), [("1", *[None] * 16)])]))
    ).active
    ends = [one.id for one in sheet.col_breaks.brk]
    assert len(ends) == 1
    assert all(end % 2 == 1 for end in ends)
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage  # Excel passes by fixed breaks where it fits pages
    assert 30 < sheet.page_setup.scale < 100


def test_a_text_stays_text_in_a_column_of_numbers_and_in_csv_is_disarmed():
    columns = (ReportColumn("甲", "number", "0.00"), ReportColumn("@列"))
    content = Report("表", columns, [("=1+1", "x"), (Fraction(1, 3), "+1+1"), (None, "-5")])
    cell = load_workbook(io.BytesIO(workbook_of([content]))).active["A3"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    rows = list(csv.reader(io.StringIO(csv_of(content).decode("utf-8-sig"), newline="")))
    assert rows == [["甲", "'@列"], ["'=1+1", "x"], ["1/3", "'+1+1"], ["", "-5"]]


def test_groups_and_formulas_in_csv_are_full_headers_and_values():
    rows = list(csv.reader(io.StringIO(csv_of(report()).decode("utf-8-sig"), newline="")))
    assert rows[0] == ["工号", "绩效/基础", "绩效/奖励", "应发", "人次", "率"]
    assert rows[1] == ["000203", "100.01", "0.99", "101.00", "12", "0.875"]


def test_a_report_in_english_says_its_own_words_in_english():
    sheet = load_workbook(io.BytesIO(workbook_of([report(lang="en", sheet="Pay")]))).active
    assert sheet.title == "Pay"
    assert sheet["A7"].value == "Total"
    assert sheet["A8"].value.startswith("check: 3 rows; 绩效/基础 100.03 yuan")
    assert sheet.oddFooter.center.text == "page &P of &N"


def test_a_sentence_is_shown_whole_from_the_top_and_every_face_is_named():
    columns = (ReportColumn("工号"), ReportColumn("等次", width=9, is_centred=True), ReportColumn("原因", width=40))
    rows = [("1", "优秀", "可分金额减少" * 12), ("2", "良好", "短"), ("3", "合格", "一行\n两行\n三行")]
    sheet = load_workbook(io.BytesIO(workbook_of([Report("变动", columns, rows)]))).active
    heights = [sheet.row_dimensions[row].height for row in (3, 4, 5)]
    assert heights[0] >= 4 * 15
    assert heights[1] is None
    assert heights[2] >= 3 * 15
    assert {sheet.cell(3, column).alignment.vertical for column in (1, 2, 3)} == {"top"}
    assert {sheet.cell(row, 2).alignment.horizontal for row in (3, 4, 5)} == {"center"}
    assert {cell.font.name for row in sheet.iter_rows() for cell in row} == {"宋体"}


def test_titles_and_notes_in_chinese_have_full_width_marks_and_cells_stay_as_they_are():
    made = report(title="分配表(单位:元)", note="核对:3 行;合计", rows=[("a,b(中)", *row("1", 1, 1, 1)[1:])])
    sheet = load_workbook(io.BytesIO(workbook_of([made]))).active
    assert sheet["A1"].value == "分配表（单位：元）"
    assert sheet["A2"].value == "核对：3 行；合计"
    assert sheet["A5"].value == "a,b(中)"
