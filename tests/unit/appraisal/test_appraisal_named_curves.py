"""Named curves in formulas: what they give between, at and beyond their points, and where there is nothing to give."""

import pytest

from perf.appraisal.cases import run_cases
from perf.appraisal.rule_meaning import rule_changes
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


RANGE = "best: [low, 20], zero: [0, 40]"
TARGET = "target: low, floor: 60%, cap: 120%"
LESS = "target: low, floor: 60%, cap: 120%, direction: lower"
STATED = "satisfactory: 20, unallowed: low, base: 50%, span: 30%"
GRADED = "standards: [30, 20, low], coefficients: [1, 0.8, 0.5], out_of: 110%"
POWER = "origin: low, factor: -2%, exponent: 2, start: 90%, side: above, floor: 20%, digits: 3"
DEDUCT = "each: 20%, per: 5, counted: started"
AWARD = "each: 20%, per: 5, cap: 50%, counted: completed"
PARTS = "parts: [{curve: range, best: [low, 20]}, {curve: entered, full: 40, title: 打分}]"


@pytest.mark.parametrize(
    ("kind", "points", "rows"),
    [
        ("linear", LINES + ", outside: extend", {"5": "90%", "10": "80%", "25": "50%"}),
        ("steps", STEPS + ", lower_bound: excluded, below: 5%", {"10": "5%", "10.001": "80%", "20": "80%", "20.1": "60%"}),
        ("range", RANGE, {"-1": "0%", "0": "0%", "5": "50%", "10": "100%", "20": "100%", "30": "50%", "40": "0%", "41": "0%"}),
        ("attainment", TARGET, {"5.9": "0%", "6": "60%", "10": "100%", "12": "120%", "99": "120%", "-1": "0%"}),
        ("attainment", LESS, {"0": "120%", "8": "120%", "10": "100%", "12.5": "80%", "17": "0%"}),
        ("efficacy", STATED, {"10": "50%", "20": "80%", "30": "110%", "0": "20%"}),
        ("efficacy", STATED + ", outside: clip", {"10": "50%", "15": "65%", "30": "80%", "0": "50%"}),
        ("efficacy", GRADED, {"9.99": "0%", "10": "55%", "15": "71.5%", "20": "88%", "30": "110%", "31": "110%"}),
        ("power", POWER, {"9": "90%", "10": "90%", "12": "82%", "12.345": "79%", "99": "20%"}),
        ("deduct", DEDUCT, {"0": "100%", "0.1": "80%", "5": "80%", "5.1": "60%", "25": "0%", "99": "0%", "-3": "100%"}),
        ("award", AWARD, {"4.9": "0%", "5": "20%", "14": "40%", "15": "50%", "-3": "0%"}),
        ("entered", "full: 40", {"0": "0%", "10": "25%", "40": "100%", "50": "125%"}),
        ("best_of", PARTS, {"9": "22.5%", "10": "100%", "20": "100%", "22": "55%"}),
    ],
)  # fmt: skip
def test_every_curve_gives_its_value_on_and_beside_its_thresholds(kind, points, rows):
    for people, value in rows.items():
        assert outcome(kind, points, f"{{low: 10, people: {people}}}", f"{{value: {value}}}") == [], people


@pytest.mark.parametrize(
    ("kind", "points"),
    [("range", RANGE), ("attainment", TARGET), ("efficacy", STATED), ("efficacy", GRADED), ("power", POWER), ("best_of", PARTS)],
)  # fmt: skip
@pytest.mark.parametrize("given", ["{low: 10}", "{people: 15}"])
def test_without_its_variable_or_a_threshold_no_curve_gives_a_value(kind, points, given):
    if kind == "best_of" and "people" in given:  # the part that needs no threshold counts
        assert outcome(kind, points, given, "{value: 37.5%}") == []
    else:
        assert outcome(kind, points, given, "{status: filled, points: 0}") == []


@pytest.mark.parametrize(
    ("kind", "points", "low"),
    [("range", RANGE, 30), ("attainment", TARGET, -1), ("efficacy", STATED, 30), ("efficacy", STATED, 20), ("efficacy", GRADED, 25)],
)  # fmt: skip
def test_thresholds_that_the_data_put_against_the_curve_give_no_value_and_no_zero(kind, points, low):
    assert outcome(kind, points, f"{{low: {low}, people: 15}}", "{status: failed}") == []


def test_a_target_of_nothing_is_a_denominator_of_zero():
    assert outcome("attainment", TARGET, "{low: 0, people: 15}", "{status: filled, points: 0}") == []


DISTRIBUTED = """\
attributes: {category: 人员类别}
---
measure: nights
title: 夜班数
level: person
---
distribution: pay
title: 奖
period: month
per: institution
payer: 财政
fund: 10000
curves:
  bonus: {title: 夜班奖, gives: yuan, curve: award, each: 50元, cap: 300元, counted: completed}
  level: {title: 档次, gives: percent, curve: efficacy, standards: {by: category, rows: {doctor: [10, 4], nurse: [8, 2]}}, coefficients: [1, 0.5]}
steps:
  - pay: {line: 夜班, amount: bonus(nights) * level(nights)}
"""


def test_each_claimant_is_paid_by_the_standards_of_its_own_class():
    people = "{甲: {nights: 7, category: doctor}, 乙: {nights: 2, category: nurse}, 丙: {nights: 1, category: nurse}}"
    files = {
        "r.yaml": DISTRIBUTED,
        "r.cases.yaml": f"- case: 一例\n  of: pay\n  given: {{fund: 1000.00, claims: {people}}}\n  expect: {{甲: 225.00, 乙: 50.00, 丙: 0.00}}\n",
    }
    book, issues = load_book(files)
    cases, more = load_cases(files, book)
    assert [issue.render() for issue in (*issues, *more)] == []
    assert [text.zh for result in run_cases(book, cases) for text in result.differences] == []


def test_a_change_of_a_named_curve_is_told_by_the_keys_of_the_language():
    text = RULES.replace("CURVE", "least")
    old, new = (
        load_book({"r.yaml": text.replace("KIND, POINTS", kind)})[0]
        for kind in ("range, best: [low, 20]", "attainment, target: 20, out_of: 90%")
    )
    changes = {(change.key, change.old, change.new) for change in rule_changes(old, new)}
    assert {
        ("curves.least.curve", "range", "attainment"),
        ("curves.least.best", "[low, 20]", None),
        ("curves.least.target", None, "20"),
        ("curves.least.out_of", "1", "0.9"),
    } <= changes


@pytest.mark.parametrize("kind_points", [("linear", LINES), ("steps", STEPS)])
@pytest.mark.parametrize("given", ["{low: 10}", "{people: 15}"])
def test_without_its_variable_or_a_point_there_is_no_value(kind_points, given):
    assert outcome(*kind_points, given, "{status: filled, points: 0}") == []


@pytest.mark.parametrize("kind_points", [("linear", LINES), ("steps", STEPS)])
def test_points_that_the_data_put_out_of_order_give_no_value(kind_points):
    assert outcome(*kind_points, "{low: 30, people: 25}", "{status: failed}") == []
