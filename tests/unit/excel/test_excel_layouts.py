"""Sheets as departments lay them out: tables beside each other, a unit above the table, months in words, hidden columns."""

import pytest
from openpyxl import Workbook
from tests.unit.excel.excel_building import BOOK, ROSTER, read, saved, told, values

from perf.excel import read_facts


def test_tables_beside_each_other_keep_their_own_people():
    rows = [
        ["工号", "出院人次", None, "工号", "诊疗人次"],
        ["000203", 1, None, "000204", 2],
        ["合计", 1, None, "合计", 2],
    ]
    reading = read([*rows[:2], ["000205", 3, None, "000203", 4], rows[2]])
    assert values(reading) == {
        ("000203", "discharges"): 1,
        ("000204", "visits"): 2,
        ("000205", "discharges"): 3,
        ("000203", "visits"): 4,
    }
    assert told(reading) == [("A4", "row-skipped"), ("D4", "row-skipped")]


def test_one_list_in_two_halves_is_read_whole():
    reading = read([["工号", "出院人次", "工号", "出院人次"], ["000203", 1, "000204", 2], ["000205", 3, None, None]])
    assert {subject: value for (subject, _), value in values(reading).items()} == {
        "000203": 1,
        "000204": 2,
        "000205": 3,
    }
    assert told(reading) == []


@pytest.mark.parametrize("title", ["单位:万元", "2025年6月  金额单位:万元", "(单位:人民币万元)"])
def test_the_unit_above_a_table_is_that_of_its_money_and_of_nothing_else(title):
    reading = read([[title], ["工号", "门诊收入", "出院人次"], ["000203", 1.5, 3]])
    assert values(reading) == {("000203", "income"): 15_000, ("000203", "discharges"): 3}
    own = read([[title], ["工号", "门诊收入(元)", "出院人次"], ["000203", 1.5, 3]])
    assert values(own)[("000203", "income")] == 1.5


@pytest.mark.parametrize("month", ["二〇二五年六月", "二零二五年六月份", "Jun-25", "June 2025", "６月", "六月"])
def test_months_in_words_are_months(month):
    reading = read([["工号", "月份", "出院人次"], ["000203", month, 1]], name="2025年数据.xlsx")
    assert [str(row.key.period) for row in reading.rows] == ["2025-06"]


@pytest.mark.parametrize(
    ("title", "month"), [("二〇二五年六月医疗质量", "2025-06"), ("二○二五年十二月报表", "2025-12")]
)
def test_months_in_words_count_in_titles(title, month):
    reading = read([[title], ["工号", "出院人次"], ["000203", 1]], name="数据.xlsx")
    assert [str(row.key.period) for row in reading.rows] == [month]


def test_a_hidden_column_is_read_and_said():
    from openpyxl import Workbook
    from tests.unit.excel.excel_building import BOOK, ROSTER, saved

    from perf.excel import read_facts

    book = Workbook()
    for row in (["工号", "出院人次", "诊疗人次"], ["000203", 1, 2]):
        book.active.append(row)
    book.active.column_dimensions["C"].hidden = True
    reading = read_facts("2025-06.xlsx", saved(book), BOOK, ROSTER)
    assert told(reading) == [("C1", "columns-hidden")]
    assert values(reading)[("000203", "visits")] == 2


def test_headers_of_three_levels_are_read_by_their_lowest_and_what_heads_them():
    rows = [
        ["工号", "医疗服务", None, None, "收入"],
        [None, "工作量", None, "质量", "门诊收入(元)"],
        [None, "出院人次", "诊疗人次", "满意度(%)", None],
        ["000203", 1, 2, 90, 5],
    ]
    reading = read(rows, merge=["A1:A3", "B1:D1", "B2:C2", "E2:E3"])
    assert told(reading) == []
    assert {measure: str(value) for (_, measure), value in values(reading).items()} == {
        "discharges": "1",
        "visits": "2",
        "satisfaction": "9/10",
        "income": "5",
    }


def test_what_three_levels_head_is_never_taken_for_another_unit():
    rows = [["工号", "门诊收入", None], [None, "本月", None], [None, "万元", "人次"], ["000203", 1.5, 7]]
    reading = read(rows, merge=["A1:A3", "B1:C1", "B2:C2"])
    assert ("000203", "income") not in values(reading) or values(reading)[("000203", "income")] == 15_000
    assert 7 not in values(reading).values()


def test_a_mapping_of_a_header_without_its_unit_or_of_one_with_two_rows_is_used():
    assert told(read([["工号", "值夜(次)"], ["000203", 1]], mapping={"值夜": "visits"})) == []
    rows = [["工号", "本月", "累计", None], [None, "出院人次", "出院人次", "诊疗人次"], ["000203", 1, 2, 3]]
    answers = {"累计/出院人次": "ignore", "累计/诊疗人次": "ignore"}
    reading = read(rows, mapping=answers, merge=["A1:A2", "C1:D1"])
    assert told(reading) == []
    assert values(reading) == {("000203", "discharges"): 1}


@pytest.mark.parametrize(
    "top", ["1-6月累计", "上年同期", "去年", "年度目标", "目标值(年)", "同比增长(%)", "人均", "排名"]
)
def test_under_a_heading_of_another_sense_a_measure_is_not_that_of_the_month(top):
    rows = [["工号", "工作量", None], [None, "本月", top], [None, "出院人次", "出院人次"], ["000203", 1, 2]]
    three = read(rows, merge=["A1:A3", "B1:C1"])
    assert values(three) == {("000203", "discharges"): 1}
    two = read(
        [["工号", "本月", top, None], [None, "出院人次", "出院人次", "诊疗人次"], ["000203", 1, 2, 3]], merge=["C1:D1"]
    )
    assert values(two) == {("000203", "discharges"): 1}
    above = read(
        [["工号", top, None], [None, "工作量", None], [None, "出院人次", "诊疗人次"], ["000203", 1, 2]],
        merge=["A1:A3", "B1:C1", "B2:C2"],
    )
    assert values(above) == {}


@pytest.mark.parametrize("top", ["标准化建设", "工作量", "合计工作", "2025年6月", "本月数据", "目标管理"])
def test_under_any_other_heading_it_is(top):
    reading = read([["工号", top, None], [None, "出院人次", "诊疗人次"], ["000203", 1, 2]], merge=["A1:A2", "B1:C1"])
    assert values(reading) == {("000203", "discharges"): 1, ("000203", "visits"): 2}


def test_a_header_is_found_below_a_heading_that_names_nobody_and_among_rows_of_texts():
    rows = [["说明", "见下表"]] * 300
    rows += [["基本信息", None, "工作量"], ["工号", "姓名", "出院人次"], ["000203", "张三", "5"]]
    rows += [["内科", "好", "中"]] * 300 + [[" 工 号 ", "出院人次(人次)"], ["000204", "6"]]
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.active.merge_cells("A301:B301")
    found = read_facts("2025-06 数据.xlsx", saved(book), BOOK, ROSTER)
    assert [(row.key.subject, row.value) for row in found.rows] == [("000203", 5), ("000204", 6)]


def test_a_header_that_only_a_mapping_knows_is_found_among_rows_of_texts():
    text = "甲,乙\n" * 50 + "员号码,出院人次\n000203,5\n"
    found = read_facts("2025-06.csv", text.encode(), BOOK, ROSTER, mapping={"员号码": "staff_number"})
    assert [(row.key.subject, row.value) for row in found.rows] == [("000203", 5)]


def test_rows_that_could_be_headers_and_are_not_are_tried_so_often_and_no_more(monkeypatch):
    monkeypatch.setattr("perf.excel.recognise._TEXTS_TRIED_MAX", 60)
    lines = ["单位一,好"] * 30 + ["工号,出院人次", "000203,5"]
    assert not read_facts("2025-06.csv", "\n".join(lines).encode(), BOOK, ROSTER).rows
    assert read_facts("2025-06.csv", "\n".join(lines[2:]).encode(), BOOK, ROSTER).rows
