"""Headers that mean a measure without bearing its name: taken where only idle words differ, asked where letters do."""

from dataclasses import replace
from fractions import Fraction
from shlex import split
from types import MappingProxyType

import pytest
from openpyxl import Workbook
from tests.unit.excel.excel_building import BOOK, ROSTER, read, saved, sheet_bytes, told, values

from perf.excel import read_facts
from perf.excel.cells import Workbook as Read
from perf.excel.headers import Vocabulary
from perf.excel.layouts import layout_digest, sender_of
from perf.excel.likeness import core_of, likeness
from perf.kernel.text import Text


@pytest.mark.parametrize(
    "header",
    [
        "本月出院人次",
        "出院人次数",
        "其中:出院人次",
        "1.出院人次",
        "(一)出院人次",
        "当期出院的人次",
        "本期出院人次(人次)",
    ],
)
def test_idle_words_do_not_hide_a_measure_and_that_it_was_taken_is_said(header):
    reading = read([["工号", header], ["000203", 17]])
    assert values(reading) == {("000203", "discharges"): 17}
    assert told(reading) == [("B1", "column-alike")]


@pytest.mark.parametrize(
    "header", ["上年出院人次", "累计出院人次", "目标出院人次", "出院人次增长", "人均出院人次", "出院总人次"]
)
def test_words_that_change_what_is_counted_are_never_dropped(header):
    reading = read([["工号", header, "诊疗人次"], ["000203", 17, 3]])
    assert values(reading) == {("000203", "visits"): 3}
    assert told(reading)[0] in [("B1", "column-unclear"), ("B1", "column-unknown")]


def test_a_column_with_the_full_name_goes_before_one_that_is_only_alike():
    reading = read([["工号", "出院人次数", "出院人次"], ["000203", 17, 3]])
    assert values(reading) == {("000203", "discharges"): 3}
    assert told(reading) == [("B1", "column-unclear")]


def test_two_columns_that_are_both_only_alike_are_an_error():
    reading = read([["工号", "出院人次数", "本月出院人次"], ["000203", 17, 3]])
    assert reading.rows == ()
    assert ("C1", "column-duplicate") in told(reading)


def test_likeness_is_exact_and_the_same_both_ways():
    assert likeness("出院人次", "出院人次") == 1
    assert likeness("出院人次", "住院人次") == likeness("住院人次", "出院人次") == Fraction(2, 3)
    assert likeness("出", "院") == likeness("", "") == 0
    assert core_of("数") == core_of("本月数") == ""


def test_names_of_rows_are_taken_by_likeness_and_by_answers_too():
    rows = [["机构编码", "数据项", "数值"], ["X203", "开放床日数", 5]]
    reading = read(rows)
    assert values(reading) == {("X203", "beds"): 5}
    assert told(reading) == [("B2", "column-alike")]
    said = read([rows[0], ["X203", "床", 5]], mapping={"床": "beds"})
    assert values(said) == {("X203", "beds"): 5}
    assert [layout.answers for layout in said.layouts] == [(("床", "beds"),)]


def test_the_order_of_columns_and_their_width_do_not_matter_to_a_layout():
    assert layout_digest(["工号", "得 分"]) == layout_digest(["得分", "工号", ""])
    assert layout_digest(["工号"]) != layout_digest(["姓名"])


@pytest.mark.parametrize(
    "name",
    ["2025-06-医务科.xlsx", "医务科2025年7月(终稿).xlsx", "医务科 二〇二五年八月 修改版.xlsx", "202509医务科.csv"],
)
def test_a_file_names_its_sender_whatever_the_month_and_the_edition(name):
    assert sender_of(Read(name, "", (), ())) == "医务科"


def test_a_header_row_that_nobody_knows_is_known_from_memory():
    content = sheet_bytes([["填报科室:医务科"], ["甲", "乙"], ["000203", 17]])
    remembered = {("医务科", layout_digest(["甲", "乙"])): {"甲": "staff_number", "乙": "discharges"}}
    reading = read_facts("2025-06.xlsx", content, BOOK, ROSTER, remembered=remembered)
    assert values(reading) == {("000203", "discharges"): 17}
    assert {issue.code for issue in reading.issues} == {"column-remembered"}
    other = {("护理部", layout_digest(["甲", "乙"])): {"甲": "staff_number", "乙": "discharges"}}
    assert read_facts("2025-06.xlsx", content, BOOK, ROSTER, remembered=other).rows == ()


def test_what_is_said_now_goes_before_memory_and_memory_of_a_measure_that_is_gone_is_passed_over():
    content = sheet_bytes([["填报科室:医务科"], ["工号", "出院人次", "乙"], ["000203", 17, 3]])
    layout = layout_digest(["工号", "出院人次", "乙"])
    remembered = {("医务科", layout): {"乙": "visits"}}
    now = read_facts("2025-06.xlsx", content, BOOK, ROSTER, remembered=remembered, mapping={"乙": "score"})
    assert values(now) == {("000203", "discharges"): 17, ("000203", "score"): 3}
    gone = read_facts("2025-06.xlsx", content, BOOK, ROSTER, remembered={("医务科", layout): {"乙": "was_there"}})
    assert [issue.code for issue in gone.issues] == ["column-unknown"]


def test_headers_of_two_levels_are_answered_as_they_are_shown():
    book = Workbook()
    for row in (["工号", "门诊", None], [None, "甲", "乙"], ["000203", 5, 7]):
        book.active.append(row)
    for area in ("A1:A2", "B1:C1"):
        book.active.merge_cells(area)
    mapping = {"门诊/甲": "visits", "门诊/乙": "discharges"}
    reading = read_facts("2025-06.xlsx", saved(book), BOOK, ROSTER, mapping=mapping)
    assert values(reading) == {("000203", "visits"): 5, ("000203", "discharges"): 7}
    (layout,) = reading.layouts
    again = read_facts(
        "2025-06.xlsx", saved(book), BOOK, ROSTER, remembered={(layout.sender, layout.digest): dict(layout.answers)}
    )
    assert values(again) == values(reading)


def test_a_header_cannot_smuggle_a_command_into_the_answer_that_is_offered():
    reading = read([["工号", "诊疗人次", "x'; rm -rf ~; '"], ["000203", 3, 1]])
    (issue,) = reading.issues
    assert split(issue.hint.zh.partition("或用 ")[2])[:2] == ["--map", "x';rm-rf~;'=数据项编码"]


def test_files_read_by_different_rule_books_in_turn_each_get_the_words_of_their_own() -> None:
    renamed = {code: replace(BOOK.measures[code], title=Text("离院人次")) for code in ("discharges",)}
    other = replace(BOOK, measures=MappingProxyType({**BOOK.measures, **renamed}))
    for book, known in ((BOOK, "出院人次"), (other, "离院人次"), (BOOK, "出院人次"), (other, "离院人次")):
        assert Vocabulary(book).match(known).measures == ("discharges",)
    assert Vocabulary(other, {"出院人次": "visits"}).match("出院人次").measures == ("visits",)
    assert Vocabulary(other).match("出院人次").measures == ()
