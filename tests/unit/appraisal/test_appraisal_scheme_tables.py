"""The breakpoint table of a scheme, and the tables of items that speak in points of the item."""

from fractions import Fraction

from perf.appraisal.formula_words import FormulaWords
from perf.appraisal.rule_tables import item_scales
from perf.appraisal.scheme_tables import total_rows
from perf.kernel.periods import parse_period
from perf.specs.book import load_book

RULES = """
measure: complaints
title: 投诉
unit: items
level: institution
supplied_by: 党办
---
indicator: complaint_free
title: 投诉
level: institution
unit: items
direction: lower
value: complaints
points: CURVE
source: 文件
---
scheme: monthly
title: 月度考核
of: {level: institution}
period: month
source: 文件
dimensions: {all: {weight: 100, indicators: {complaint_free: {out_of: 40}}}}
extra: [{indicator: complaint_free, cap: 5}]
"""
DEDUCT = "{curve: deduct, each: 5}"


def book_of(extra="", curve=DEDUCT):
    book, issues = load_book({"r.yaml": RULES.replace("CURVE", curve) + extra})
    assert [issue.render() for issue in issues if issue.is_error] == []
    return book


def rows(extra, lang="zh"):
    book = book_of(extra)
    return total_rows(book.schemes["monthly"].versions[-1], say=FormulaWords(book, lang).say, lang=lang)


def test_a_total_is_shown_on_just_below_and_just_above_every_turn_with_its_grade_and_coefficient():
    found = rows(
        "total: {digits: 1, max: 90}\ngrades: [[优秀, 90], [合格, 60]]\n"
        "coefficient: {curve: steps, at: [[60, 1], [75, 1.25]], lower_bound: excluded, below: 0.8}\n"
    )
    assert [(row.total, row.grade, row.coefficient, row.is_breakpoint) for row in found] == [
        ("59.9", "", "0.8", False),
        ("60.0", "合格", "0.8", True),
        ("60.1", "合格", "1", False),
        ("74.9", "合格", "1", False),
        ("75.0", "合格", "1", True),
        ("75.1", "合格", "1.25", False),
        ("89.9", "合格", "1.25", False),
        ("90.0", "优秀", "1.25", True),
    ]
    assert found[2].how == "总分 60.1 > 60 → 1"


def test_the_coefficient_of_a_table_is_rounded_as_the_scheme_says():
    line = "coefficient: {curve: linear, through: [[60, 1], [90, 1.4]]}\ncoefficient_digits: 3\n"
    last = rows(f"{line}coefficient_rounding: down\n")[-2:]
    assert [(row.total, row.coefficient) for row in last] == [("90.00", "1.4"), ("90.01", "1.4")]
    assert rows(f"{line}coefficient_rounding: down\n")[-3].coefficient == "1.399"
    assert rows(line)[-3].coefficient == "1.4"


def test_thresholds_that_follow_the_data_are_told_in_words_and_a_scheme_of_bare_totals_has_no_table():
    found = rows('grades: [[合格, 60], [不合格, 0]]\ncoefficient: {curve: steps, at: [["complaints * 2", 1]]}\n')
    assert [row.total for row in found] == ["0.00", "0.01", "59.99", "60.00", "60.01"]
    assert {(row.coefficient, row.how) for row in found} == {("", "界限随数据而定:投诉 × 2")}
    assert rows("") == ()


def test_a_deduction_has_a_table_for_every_number_of_points_that_schemes_give_it():
    book = book_of()
    indicator = book.indicators["complaint_free"]
    for period in (None, parse_period("2025-03")):
        assert item_scales(book, indicator, indicator.versions[-1].points, period) == (Fraction(5), Fraction(40))


def test_so_has_one_of_several_curves_and_a_curve_of_a_hundred_points_has_one():
    for curve, scales in (
        ("{curve: best_of, of: [{curve: deduct, each: 5}, {curve: steps, at: [[3, 0]], below: 100}]}", (5, 40)),
        ("{curve: steps, at: [[3, 0]], below: 100}", (100,)),
    ):
        book = book_of(curve=curve)
        indicator = book.indicators["complaint_free"]
        assert item_scales(book, indicator, indicator.versions[-1].points, None) == scales
