"""A change in percentage points is a unit of its own, in rules, cases and workbooks."""

from fractions import Fraction

import pytest

from perf.appraisal.cases import run_cases
from perf.excel.cells import CellRecord
from perf.excel.headers import split_unit, unit_of
from perf.excel.values import Column, read_value
from perf.specs.book import load_book
from perf.specs.cases import load_cases
from perf.specs.checks import check_book
from perf.specs.quantities import read_quantity

RULES = """
measure: a
title: 基层诊疗人次
unit: person-times
level: county
supplied_by: 信息科
---
measure: b
title: 诊疗人次
unit: person-times
level: county
supplied_by: 信息科
---
measure: told
title: 上级通报变化
unit: percentage_points
level: county
supplied_by: 卫健委
---
indicator: x
title: 基层占比变化
level: county
unit: percentage_points
direction: higher
source: {document: d, clause: c}
value: a / b - a@last_year / b@last_year
points: {curve: linear, through: [[0, 0], [0.5个百分点, 60], [1pp, 100]]}
"""
CASES = """
- case: 50% 比上年同期 49.5% 多 0.5 个百分点
  period: 2025-03
  given: {a: 50, b: 100, a@last_year: 198, b@last_year: 400}
  expect: {value: 0.5个百分点, points: 60}
"""


def test_a_change_is_written_scored_and_checked_in_percentage_points():
    files = {"x.yaml": RULES, "x.cases.yaml": CASES}
    book, issues = load_book(files)
    cases, case_issues = load_cases(files, book)
    found = [*issues, *case_issues, *check_book(book, cases=cases)]
    assert [i.code for i in found if i.severity != "info"] == []
    assert [result.holds for result in run_cases(book, cases)] == [True] * CASES.count("case:")


@pytest.mark.parametrize("text", ["0.5%", "5‰"])
def test_a_percent_sign_is_the_wrong_sign(text):
    assert read_quantity(text, "percentage_points") == "sign_wrong"
    assert read_quantity("0.5个百分点", "percent") == "sign_wrong"


@pytest.mark.parametrize("text", ["0.5个百分点", "0.5 百分点", "0.5pp"])
def test_all_ways_to_write_it_are_read(text):
    assert read_quantity(text, "percentage_points") == Fraction(1, 200)


def test_a_bare_number_is_refused_in_a_rule():
    assert read_quantity("0.5", "percentage_points") == "sign_missing"


def cell(kind, value):
    return (
        CellRecord("S", 1, 1, kind, value) if False else CellRecord(sheet="S", row=2, column=2, kind=kind, value=value)
    )


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("number", "0.5", Fraction(1, 200)),
        ("text", "0.5个百分点", Fraction(1, 200)),
        ("text", "-1.25pp", Fraction(-1, 80)),
    ],
)
def test_a_sheet_gives_percentage_points(kind, value, expected):
    measure = load_book({"x.yaml": RULES})[0].measures["told"]
    assert read_value(cell(kind, value), Column(measure, "上级通报变化")).value == expected


def test_a_percentage_in_such_a_column_is_asked_about():
    measure = load_book({"x.yaml": RULES})[0].measures["told"]
    reading = read_value(cell("text", "0.5%"), Column(measure, "上级通报变化"))
    assert reading.is_wrong
    assert [f.code for f in reading.findings if f.severity == "error"] == ["percent-unexpected"]


def test_the_header_may_name_the_unit():
    assert split_unit("变化(百分点)")[0] == "变化"
    assert unit_of("百分点") is not None
