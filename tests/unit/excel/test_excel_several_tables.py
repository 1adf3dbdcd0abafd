"""What stands above, between and beside the tables of a sheet: never figures of another table, never lost without a word."""

import pytest
from tests.unit.excel.excel_building import BOOK, JUNE, ROSTER, read, sheet_bytes, told, values
from tests.workbooks.format_writers import as_text

from perf.excel import read_facts
from perf.excel.months import bare_month, month_in_cell, periods_in_text
from perf.kernel.periods import Period

MAY = JUNE.previous()
HALF = {Period(2025, "month", 1), JUNE}


def test_a_table_of_measures_that_nobody_knows_is_not_read_into_the_one_above():
    rows = [
        ["2025年6月工作量表"],
        ["工号", "出院人次", "满意度(%)"],
        ["000203", 5, 50],
        [None],
        ["工号", "手术台数", "会诊次数"],
        ["000204", 3, 12],
    ]
    reading = read(rows)
    assert set(values(reading)) == {("000203", "discharges"), ("000203", "satisfaction")}
    assert told(reading) == [("B5", "column-unknown"), ("C5", "column-unknown")]


def test_a_table_of_measures_that_nobody_knows_above_another_keeps_the_title():
    rows = [["2025年6月"], ["工号", "手术台数"], ["000204", 3], [None], ["工号", "出院人次"], ["000203", 5]]
    reading = read(rows, name="x.xlsx")
    assert values(reading) == {("000203", "discharges"): 5}
    assert told(reading) == [("B2", "column-unknown")]


def test_rows_of_figures_below_no_known_header_are_told():
    rows = [
        ["2025年6月"],
        ["甲", "手术台数"],
        ["000204", 3],
        ["000205", 4],
        [None],
        ["工号", "出院人次"],
        ["000203", 5],
    ]
    reading = read(rows)
    assert values(reading) == {("000203", "discharges"): 5}
    assert told(reading) == [("A3", "sheet-unknown")]


def test_a_header_that_stands_on_every_page_goes_on_with_the_title_of_the_first():
    head = ["工号", "门诊收入"]
    rows = [["2025年6月 单位:万元"], head, ["000203", 5], ["第1页 共2页"], head, ["000204", 6], ["合计", 11]]
    reading = read(rows, name="x.xlsx")
    assert values(reading) == {("000203", "income"): 50_000, ("000204", "income"): 60_000}


def test_the_month_over_the_first_table_is_that_of_the_tables_below_which_name_none():
    rows = [
        ["2025年6月数据"],
        ["工号", "出院人次"],
        ["000203", 5],
        ["二、经济"],
        ["工号", "门诊收入(元)"],
        ["000203", 7],
    ]
    reading = read(rows, name="x.xlsx")
    assert values(reading) == {("000203", "discharges"): 5, ("000203", "income"): 7}
    assert {row.key.period for row in reading.rows} == {JUNE}


def test_a_table_below_two_months_asks_which_is_its_own():
    one, other = [["工号", "出院人次"], ["000203", 5]], [["工号", "诊疗人次"], ["000203", 6]]
    third = [["其他"], ["工号", "门诊收入(元)"], ["000203", 7]]
    reading = read([["2025年5月"], *one, ["2025年6月"], *other, *third], name="x.xlsx")
    assert {(row.key.measure, row.key.period) for row in reading.rows} == {("discharges", MAY), ("visits", JUNE)}
    assert told(reading) == [("A9", "period-missing")]


@pytest.mark.parametrize(
    ("form", "table", "found"),
    [
        (["单位", "泥河镇卫生院", "月份", "2025-06"], [["工号", "出院人次"], ["000203", 5]], ("000203", "discharges")),
        (
            ["单位名称", "泥河镇卫生院", "单位编码", "X203", "月份", "2025年6月"],
            [["指标", "数值"], ["开放床日", 5]],
            ("X203", "beds"),
        ),
    ],
)
def test_what_a_form_says_in_cells_side_by_side_is_no_header(form, table, found):
    reading = read([["工作量表"], form, *table], name="x.xlsx")
    assert values(reading) == {found: 5}
    assert reading.coverage.period == JUNE


def test_a_blank_column_before_the_measures_of_a_long_table_does_not_part_it():
    reading = read([["工号", "姓名", None, "指标", "数值"], ["000203", "张三", None, "出院人次", 5]])
    assert values(reading) == {("000203", "discharges"): 5}
    assert told(reading) == []


LEVELS = {
    "two": [["工号", "工作量", None, "评价"], [None, "出院人次", "诊疗人次", "服务得分"]],
    "three": [["工号", "本月", None, None], [None, "工作量", None, "评价"], [None, "出院人次", "诊疗人次", "服务得分"]],
    "with a key at the right": [["工号", "工作量", None, "评价", "备注"], [None, "出院人次", "诊疗人次", "服务得分"]],
}


@pytest.mark.parametrize("name", LEVELS)
def test_a_header_of_several_rows_is_known_without_merged_cells(name):
    rows = [["2025年6月"], *LEVELS[name], ["000203", 5, 6, 7]]
    expected = {("000203", "discharges"): 5, ("000203", "visits"): 6, ("000203", "score"): 7}
    assert values(read(rows)) == expected
    content = as_text([[str(cell) if cell is not None else None for cell in row] for row in rows])
    assert values(read_facts("x.csv", content, BOOK, ROSTER)) == expected


def test_months_over_a_measure_and_a_measure_over_months_are_known_without_merged_cells():
    for head in (
        [["工号", "出院人次", None], [None, "5月", "6月"]],
        [["工号", "5月", "6月"], [None, "出院人次", "出院人次"]],
    ):
        reading = read([["2025年统计表"], *head, ["000203", 5, 6]], name="x.xlsx")
        assert {row.key.period: row.value for row in reading.rows} == {MAY: 5, JUNE: 6}


@pytest.mark.parametrize(
    ("below", "taken"),
    [(["本月", "本年累计"], 5), (["本年累计", "本月"], 6), (["男", "女"], None), (["上年同期", "本期数"], 6)],
)
def test_what_divides_a_measure_is_part_of_the_header_without_merged_cells_too(below, taken):
    rows = [["2025年6月"], ["工号", "出院人次", None], [None, *below], ["000203", 5, 6]]
    for reading in (read(rows), read(rows, merge=["A2:A3", "B2:C2"])):
        assert values(reading) == ({("000203", "discharges"): taken} if taken else {})
        assert not any(issue.place.cell == "A3" for issue in reading.issues)
        assert reading.issues


@pytest.mark.parametrize(
    "rows",
    [
        [["工号", "累计", None], [None, "出院人次", "诊疗人次"]],  # another thing
        [["工号", None, "累计"], [None, "出院人次", "诊疗人次"]],  # over which of them?
        [["工号", "工作量", None], [None, "手术台数", "会诊次数"]],  # of nothing that is known
    ],
)
def test_a_heading_without_merged_cells_that_may_mean_another_thing_is_not_taken_for_one(rows):
    reading = read([["2025年6月"], *rows, ["000203", 5, 6]])
    assert values(reading) == {}
    assert reading.issues


@pytest.mark.parametrize(
    ("title", "periods"),
    [
        ("2025年1-6月工作量表", HALF),
        ("2025年1月至6月", HALF),
        ("2025.1-6月", HALF),
        ("2025年1月—2025年6月", HALF),
        ("2025年1-3季度", {Period(2025, "year")}),
        ("2025年6月 填表日期:2025年7月2日", {JUNE}),
        ("2025 年 7 月 2 日制", set()),
        ("2025-06-30", {JUNE}),
        ("2025年6月30日", {JUNE}),
        ("2025/06/30 08:30", {JUNE}),
    ],
)
def test_from_january_to_june_is_no_month_and_a_day_of_signature_neither(title, periods):
    assert periods_in_text(title) == periods


def test_a_month_by_itself_is_neither_the_end_of_several_nor_that_of_a_day():
    assert [bare_month(text) for text in ("6月", "病案室-6月", "六月份", "1-6月", "1月至6月", "7月2日填")] == [
        6,
        6,
        6,
        None,
        None,
        None,
    ]
    assert month_in_cell("2025.1-6") is None
    assert month_in_cell("2025-06-30") == JUNE
    assert month_in_cell("2025年6月30日") == JUNE


def test_figures_that_have_lost_their_header_are_told():
    reading = read([["2025年6月"], ["工号", "出院人次", None], ["000203", 5, 6], ["000204", 7, None]])
    assert values(reading) == {("000203", "discharges"): 5, ("000204", "discharges"): 7}
    assert told(reading) == [("C2", "column-unknown")]


@pytest.mark.parametrize("header", [None, "编号1", "ID"])
def test_a_table_of_persons_whose_numbers_have_lost_their_header_is_not_one_of_institutions(header):
    rows = [[header, "机构名称", "出院人次"], ["000203", "泥河镇卫生院", 5], ["000207", "白湖镇卫生院", 7]]
    reading = read([["2025年6月"], *rows])
    assert values(reading) == {}
    assert ("A2", "column-unclear") in told(reading)


def test_who_filled_in_a_table_of_institutions_makes_it_no_table_of_persons():
    rows = [["填报人", "机构名称", "出院人次"], ["000203", "泥河镇卫生院", 5], ["000207", "白湖镇卫生院", 7]]
    assert values(read([["2025年6月"], *rows])) == {("X203", "discharges"): 5, ("X204", "discharges"): 7}


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_what_stands_beside_a_total_and_nowhere_else_is_no_column(ending):
    rows = [
        ["工号", None, "出院人次"],
        *[[f"{n:06d}", None, n] for n in (203, 204)],
        [None, "小计", 407],
        ["000207", None, 3],
    ]
    content = as_text(rows) if ending == ".csv" else sheet_bytes(rows)
    reading = read_facts(f"2025-06{ending}", content, BOOK, ROSTER)
    assert len(reading.rows) == 3
    assert [issue.code for issue in reading.issues] == ["row-skipped"]
