"""Named curves in formulas: what they give between, at and beyond their points, and where there is nothing to give."""

import pytest

from perf.appraisal.cases import run_cases
from perf.specs.book import load_book
from perf.specs.cases import load_cases

RULES = """\
measure: low
title: 下限
level: person
---
measure: people
title: 人数
level: person
---
indicator: share
title: 比率
level: person
unit: percent
direction: higher
value: CURVE(people)
curves: {CURVE: {of: number, gives: percent, curve: KIND, POINTS}}
no_value: {missing: zero, denominator_zero: zero}
points: {curve: linear, through: [[0%, 0], [100%, 100]]}
"""
LINES = "through: [[low, 80%], [20, 60%]]"
STEPS = "at: [[low, 80%], [20, 60%]]"


def outcome(kind, points, given, expect):
    files = {
        "r.yaml": RULES.replace("KIND", kind).replace("POINTS", points).replace("CURVE", "least"),
        "r.cases.yaml": f"- case: 一例\n  of: share\n  given: {given}\n  expect: {expect}\n",
    }
    book, issues = load_book(files)
    cases, more = load_cases(files, book)
    assert [issue.render() for issue in (*issues, *more)] == []
    (result,) = run_cases(book, cases)
    return [text.zh for text in result.differences]


@pytest.mark.parametrize(
    ("kind", "points", "people", "value"),
    [
        ("linear", LINES, 15, "70%"),
        ("linear", LINES, 20, "60%"),
        ("linear", LINES, 99, "60%"),
        ("steps", STEPS, 15, "80%"),
        ("steps", STEPS, 20, "60%"),
    ],
)
def test_a_curve_whose_points_follow_the_data_gives_its_value(kind, points, people, value):
    assert outcome(kind, points, f"{{low: 10, people: {people}}}", f"{{value: {value}}}") == []


@pytest.mark.parametrize("kind_points", [("linear", LINES), ("steps", STEPS)])
@pytest.mark.parametrize("given", ["{low: 10}", "{people: 15}"])
def test_without_its_variable_or_a_point_there_is_no_value(kind_points, given):
    assert outcome(*kind_points, given, "{status: filled, points: 0}") == []


@pytest.mark.parametrize("kind_points", [("linear", LINES), ("steps", STEPS)])
def test_points_that_the_data_put_out_of_order_give_no_value(kind_points):
    assert outcome(*kind_points, "{low: 30, people: 25}", "{status: failed}") == []
