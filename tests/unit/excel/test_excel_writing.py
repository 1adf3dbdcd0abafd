import csv
import io
import zipfile
from fractions import Fraction

import pytest
from openpyxl import load_workbook
from tests.unit.excel.excel_building import BOOK, JUNE, MEASURES, ROSTER

from perf.excel import read_facts, read_workbook
from perf.excel.export import PayRow, Report, ReportColumn, csv_of, issues_workbook, pay_report, workbook_of
from perf.excel.template import TemplateOrder, measures_for, template
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.issues import Issue, Place
from perf.kernel.money import Money
from perf.kernel.periods import parse_period
from perf.kernel.text import Text

GIVEN = {
    ("000203", "discharges"): Fraction(12),
    ("000203", "satisfaction"): Fraction(7, 8),
    ("000204", "satisfaction"): Fraction(0),
    ("000203", "income"): Fraction(123450, 100),
    ("000204", "growth"): Fraction(-1, 200),
    ("000205", "rating"): "B",
    ("000206", "accident"): Fraction(0),
    ("000207", "remark"): "=很好",
    ("X203", "beds"): Fraction(900),
    ("X204", "budget"): Fraction(3, 2),
}


def filled() -> Facts:
    return Facts(Fact(FactKey(subject, measure, JUNE), value) for (subject, measure), value in GIVEN.items())


def test_a_template_that_was_filled_in_gives_its_facts_back():
    content = template(MEASURES, ROSTER, TemplateOrder(JUNE), filled())
    reading = read_facts("随便.xlsx", content, BOOK, ROSTER)
    assert reading.issues == ()
    assert {(r.key.subject, r.key.measure): r.value for r in reading.rows} == GIVEN
    assert {r.key.period for r in reading.rows} == {JUNE}


def test_an_empty_template_covers_what_it_asks_for_and_gives_nothing():
    reading = read_facts("随便.xlsx", template(MEASURES, ROSTER, TemplateOrder(JUNE, "病案室", "X203")), BOOK, ROSTER)
    assert (reading.rows, [issue.code for issue in reading.issues]) == ((), ["no-figures"])
    cover = reading.coverage
    assert (cover.sender, cover.measures, cover.owners) == ("病案室", ("discharges", "visits"), ("X203",))
    assert cover.subjects == ("000203", "000204", "000205", "000208", "0012", "12")


def test_a_template_of_a_year_holds_the_yearly_measures_only():
    year = parse_period("2024")
    assert [m.code for m in measures_for(MEASURES, TemplateOrder(year))] == ["population"]
    reading = read_facts("x.xlsx", template(MEASURES, ROSTER, TemplateOrder(year)), BOOK, ROSTER)
    assert reading.coverage.periods == (year,)
    assert [issue.code for issue in reading.issues] == ["no-figures"]


def test_a_template_is_locked_where_it_is_printed_and_open_where_it_is_filled_in():
    book = load_workbook(io.BytesIO(template(MEASURES, ROSTER, TemplateOrder(JUNE, institution="X203"))))
    sheet = book["个人数据"]
    assert book.sheetnames == ["个人数据", "机构数据", "填报说明", "_perf"]
    headers = {sheet.cell(4, c).value: c for c in range(1, sheet.max_column + 1)}
    assert sheet.protection.sheet
    assert sheet.cell(5, 1).data_type == "s"
    assert sheet.cell(5, 1).value == "000203"
    assert sheet.cell(4, headers["满意度(%)"]).protection.locked
    assert not sheet.cell(5, headers["满意度(%)"]).protection.locked
    assert sheet.cell(5, headers["满意度(%)"]).number_format == "0.00%"
    assert sheet.freeze_panes == "C5"
    assert sheet.print_title_rows == "$4:$4"
    rules = {(v.type, v.formula1, v.formula2) for v in sheet.data_validations.dataValidation}
    assert ("list", '"A,B,C"', None) in rules
    assert ("whole", "0", "100") in rules
    assert ("decimal", "0", "1") in rules


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "#N/A", "000203", "真"])
def test_text_is_never_run(text):
    report = Report("表", (ReportColumn("甲"), ReportColumn("乙")), [(text, "x")])
    book = load_workbook(io.BytesIO(workbook_of([report])))
    cell = book.active["A3"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_csv_for_people_disarms_formulas_and_leaves_numbers_alone():
    columns = (ReportColumn("甲"), ReportColumn("乙"), ReportColumn("丙", "money"))
    rows = [
        ("=1+1", "-5", Money(-123)),
        ("@x", "+1.5", None),
        ("000203", 'a"b,\nc', Money(5)),
        ("-a", Fraction(-1, 8), None),
    ]
    raw = csv_of(Report("表", columns, rows))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))[1:] == [
        ["'=1+1", "-5", "-1.23"],
        ["'@x", "+1.5", ""],
        ["000203", 'a"b,\nc', "0.05"],
        ["'-a", "-0.125", ""],
    ]


def test_the_pay_file_has_text_numbers_real_amounts_and_a_total_that_excel_computes():
    rows = [
        PayRow("泥河", "000204", "李四", Money(100_000_01), "2025-06"),
        PayRow("泥河", "000203", "张三", Money(5), "2025-06"),
    ]
    content = workbook_of([pay_report(rows)])
    sheet = load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in sheet[2]] == ["单位", "工号", "姓名", "应发", "批次"]
    assert [(sheet.cell(r, 2).value, sheet.cell(r, 2).data_type) for r in (3, 4)] == [("000203", "s"), ("000204", "s")]
    assert (sheet["D3"].value, sheet["D4"].value, sheet["D4"].data_type) == (0.05, 100000.01, "n")
    assert sheet["D3"].number_format == "#,##0.00"
    assert sheet["D5"].value == "=SUM(D3:D4)"
    assert "100,000.06 元" in sheet["A6"].value
    exact = read_workbook("p.xlsx", content).sheets[0].rows[4][4]
    assert exact.value == "100000.01"


def test_exact_numbers_are_written_with_all_their_digits_and_never_through_a_float():
    big = Fraction(12345678901234567, 100)
    report = Report("表", (ReportColumn("数", "number"), ReportColumn("三分之一", "number")), [(big, Fraction(1, 3))])
    content = workbook_of([report])
    assert b"123456789012345.67" in _part(content)
    assert read_workbook("p", content).sheets[0].rows[3][2].value == "≈0.333333"


def test_the_list_of_issues_is_in_the_order_of_places():
    issues = [
        Issue("b", Place("f.xlsx", "表", "B10"), Text("乙"), Text("应"), Text("=危险"), "warning"),
        Issue("a", Place("f.xlsx", "表", "B2"), Text("甲"), Text("应"), Text("议")),
        Issue("c", Place("rules.yaml", line=3, column=7), Text("丙"), Text("应"), severity="info"),
    ]
    sheet = load_workbook(io.BytesIO(issues_workbook(issues))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows == [
        ["文件", "表", "单元格", "编码", "级别", "发现", "应为", "建议"],
        ["f.xlsx", "表", "B2", "a", "错误", "甲", "应", "议"],
        ["f.xlsx", "表", "B10", "b", "提醒", "乙", "应", "=危险"],
        ["rules.yaml", None, "3:7", "c", "说明", "丙", "应", None],
    ]
    assert sheet["H3"].data_type == "s"
    assert len(list(load_workbook(io.BytesIO(issues_workbook([]))).active.rows)) == 1


def test_sheet_names_that_excel_forbids_are_mended():
    report = Report("2025/06:[泥河]" + "长" * 40, (ReportColumn("甲"),), [])
    assert load_workbook(io.BytesIO(workbook_of([report]))).sheetnames == [("2025-06--泥河-" + "长" * 40)[:31]]


def _part(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read("xl/worksheets/sheet1.xml")
