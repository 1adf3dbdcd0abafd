"""Templates: the period before greyed beside each value, and the tag by which a file finds its way home."""

import io
from fractions import Fraction

from openpyxl import Workbook, load_workbook
from tests.unit.excel.excel_building import BOOK, JUNE, MEASURES, ROSTER

from perf.excel import read_facts, read_workbook
from perf.excel.template import TemplateOrder, template
from perf.excel.template_tag import TAG_SHEET, TemplateTag, tag_of
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.periods import parse_period

MAY = JUNE.previous()
LAST = Facts(
    [
        Fact(FactKey("000203", "discharges", MAY), Fraction(11)),
        Fact(FactKey("000203", "satisfaction", MAY), Fraction(7, 8)),
        Fact(FactKey("000205", "rating", MAY), "B"),
    ]
)
NOW = Facts([Fact(FactKey("000203", "discharges", JUNE), Fraction(12))])


def made(**changes: object) -> Workbook:
    return load_workbook(io.BytesIO(template(MEASURES, ROSTER, TemplateOrder(JUNE), NOW, earlier=LAST, **changes)))


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_what_was_reported_last_month_stands_greyed_and_locked_beside_and_is_never_read():
    sheet = made()["个人数据"]
    headers = {sheet.cell(4, c).value: c for c in range(1, sheet.max_column + 1)}
    assert headers["上月·出院人次(人次)"] == headers["出院人次(人次)"] + 1
    earlier = sheet.cell(5, headers["上月·满意度(%)"])
    assert (earlier.value, earlier.number_format, earlier.protection.locked) == (0.875, "0.00%", True)
    assert earlier.fill.fgColor.rgb.endswith("EDEDED")
    assert not sheet.cell(5, headers["满意度(%)"]).protection.locked
    reading = read_facts("x.xlsx", saved(made()), BOOK, ROSTER)
    assert reading.issues == ()
    assert [(row.key.subject, row.key.measure, row.value) for row in reading.rows] == [("000203", "discharges", 12)]


def test_the_same_order_gives_the_same_bytes():
    first, second = (template(MEASURES, ROSTER, TemplateOrder(JUNE), NOW, earlier=LAST) for _ in range(2))
    assert first == second


def test_a_file_knows_what_it_is_for_whatever_it_and_its_sheets_are_called():
    order = TemplateOrder(JUNE, "病案室", "X203")
    book = load_workbook(io.BytesIO(template(MEASURES, ROSTER, order, NOW)))
    tag = tag_of(read_workbook("x.xlsx", saved(book)))
    assert tag is not None
    assert tag[:3] == (JUNE, "病案室", "X203")
    assert len(tag.number) == 10
    sheet = book["个人数据"]
    sheet.title = "表一"
    book["填报说明"].title = "看这里"
    for row in (1, 2, 3):
        sheet.cell(row, 1).value = None
    reading = read_facts("新建 工作表(3) - 副本.xlsx", saved(book), BOOK, ROSTER)
    assert [issue.code for issue in reading.issues if issue.severity == "error"] == []
    assert [row.key for row in reading.rows] == [FactKey("000203", "discharges", JUNE)]
    assert (reading.coverage.sender, reading.coverage.periods) == ("病案室", (JUNE,))


def test_a_month_in_the_name_of_the_file_gives_way_to_the_template_and_is_told_once():
    reading = read_facts("2025-07 病案室.xlsx", saved(made()), BOOK, ROSTER)
    assert [(issue.code, issue.severity) for issue in reading.issues] == [("period-contradicts", "warning")]
    assert {row.key.period for row in reading.rows} == {JUNE}


def test_a_month_that_was_changed_in_the_title_or_asked_for_is_refused():
    book = made()
    for name in ("个人数据", "机构数据"):
        book[name].cell(1, 1).value = "2025年7月数据填报表"
        book[name].cell(2, 1).value = "月份:2025-07"
    reading = read_facts("x.xlsx", saved(book), BOOK, ROSTER)
    assert {(issue.code, issue.severity) for issue in reading.issues} == {("period-contradicts", "error")}
    asked = read_facts("x.xlsx", saved(made()), BOOK, ROSTER, period=parse_period("2025-07"))
    assert {(issue.code, issue.severity) for issue in asked.issues} == {("period-contradicts", "error")}


def test_a_tag_that_says_nothing_sensible_is_as_none():
    book = made()
    book[TAG_SHEET].cell(2, 2).value = "六月"
    assert tag_of(read_workbook("x.xlsx", saved(book))) is None
    del book[TAG_SHEET]
    assert tag_of(read_workbook("x.xlsx", saved(book))) is None
    assert read_facts("x.xlsx", saved(book), BOOK, ROSTER).coverage.periods == (JUNE,)
    shown = made()
    shown[TAG_SHEET].sheet_state = "hidden"
    assert tag_of(read_workbook("x.xlsx", saved(shown))) == TemplateTag(
        JUNE, number=tag_of(read_workbook("x.xlsx", saved(made()))).number
    )


def test_two_templates_have_the_same_number_only_where_they_ask_for_the_same():
    orders = [TemplateOrder(JUNE), TemplateOrder(JUNE, institution="X203"), TemplateOrder(JUNE, "病案室")]
    tags = [tag_of(read_workbook("x.xlsx", template(MEASURES, ROSTER, order))) for order in orders]
    assert len({tag.number for tag in tags}) == 3
    again = tag_of(read_workbook("y.xlsx", template(MEASURES, ROSTER, orders[0], NOW, earlier=LAST)))
    assert again.number == tags[0].number  # what is filled in does not make it another one
