"""Named curves as they are written: every curve of one number, in its own units, and what is refused."""

from fractions import Fraction

import pytest

from perf.specs.book import load_book
from perf.specs.build_named_curves import NAMED_CURVES, PEER_CURVES
from perf.specs.checks import check_book
from perf.specs.curve_models import Deduct, Efficacy, Power

F = Fraction

HEAD = """\
attributes: {size_class: 规模}
---
measure: insured
title: 参保人数
unit: persons
level: institution
supplied_by: 医保科
---
indicator: x
title: X
level: institution
unit: UNIT
direction: higher
source: {document: 文件}
value: VALUE
FURTHERcurves: {f: CURVE}
"""


def read(curve, *, value="f(insured)", unit="percent", further=""):
    text = HEAD.replace("CURVE", curve).replace("VALUE", value).replace("UNIT", unit).replace("FURTHER", further)
    book, issues = load_book({"r.yaml": text})
    return book, [issue for issue in (*issues, *check_book(book)) if issue.is_error]


def codes(*args, **kwargs):
    return [issue.code for issue in read(*args, **kwargs)[1]]


def built(curve, **kwargs):
    book, issues = read(curve, **kwargs)
    assert [issue.render() for issue in issues] == []
    return book.indicators["x"].versions[0].curves["f"]


def test_figures_of_the_result_are_in_its_unit_and_have_no_bounds():
    curve = built("{of: persons, gives: percent, curve: power, origin: 100, factor: -2%, exponent: 2, start: 150%}")
    assert curve.curve.factor == F(-1, 50)
    assert isinstance(curve.curve, Power)
    assert (curve.curve.start, curve.curve.floor, curve.curve.cap) == (F(3, 2), None, None)
    money = built(
        "{of: persons, gives: wan_yuan, curve: deduct, each: 3万元, per: 10, out_of: 20万元}",
        value="f(insured) / 200000",
    )
    assert isinstance(money.curve, Deduct)
    assert (money.curve.each, money.out_of) == (F(30_000), F(200_000))


@pytest.mark.parametrize(
    ("gives", "out_of"),
    [("number", F(100)), ("points", F(100)), ("percent", F(1)), ("permille", F(1)), ("ratio", F(1))],
)
def test_full_points_are_a_hundred_or_a_whole(gives, out_of):
    curve = built(
        f"{{of: persons, gives: {gives}, curve: range, best: [10, 20]}}", value="f(insured) / 100 * 1", unit="number"
    )
    assert curve.out_of == out_of
    points = built(
        f"{{of: persons, gives: {gives}, curve: efficacy, satisfactory: 9, unallowed: 1}}",
        value="f(insured) * 2",
        unit="number",
    )
    assert isinstance(points.curve, Efficacy)
    assert (points.curve.base, points.curve.span) == (F(3, 5) * out_of, F(2, 5) * out_of)


@pytest.mark.parametrize(
    "curve",
    [
        "{of: persons, gives: yuan, curve: range, best: [10, 20]}",
        "{of: persons, gives: days, curve: efficacy, standards: [5, 4, 3, 2, 1]}",
        "{of: persons, gives: yuan, curve: deduct, each: 2元}",
        "{of: persons, gives: yuan, curve: efficacy, satisfactory: 9, unallowed: 1, base: 5元}",
        "{of: persons, gives: percentage_points, curve: attainment, target: 100}",
    ],
)
def test_in_other_units_what_full_points_stand_for_has_to_be_stated(curve):
    assert codes(curve, value="insured", unit="persons") == ["rule-key-missing"]


@pytest.mark.parametrize("kind", [*PEER_CURVES, "rating"])
def test_a_curve_that_needs_more_than_one_number_is_refused_and_told_what_to_write(kind):
    _, issues = read(f"{{of: persons, gives: percent, curve: {kind}}}")
    assert issues[0].code == "curve-not-callable"
    assert ("tables:" if kind == "rating" else "median(peers.value)") in issues[0].hint.zh
    inside = f"{{of: persons, gives: percent, curve: best_of, parts: [{{curve: {kind}}}, {{curve: entered, full: 9}}]}}"
    assert codes(inside)[0] == "curve-not-callable"


@pytest.mark.parametrize(
    ("curve", "code"),
    [
        ("{of: percent, gives: percent, curve: range, best: [10, 20%]}", "rule-sign-missing"),
        ("{of: persons, gives: percent, curve: power, origin: 10, factor: -2, exponent: 1}", "rule-sign-missing"),
        ("{of: persons, gives: percent, curve: award, each: 2%, cap: 3}", "rule-sign-missing"),
        ("{of: persons, gives: percent, curve: range, best: [10, 20], out_of: 100}", "rule-sign-missing"),
        ("{of: persons, gives: percent, curve: range, best: [10, 20], out_of: 0%}", "rule-number-range"),
        ("{of: persons, gives: percent, curve: range, best: [10, 20], direction: higher}", "rule-key-unknown"),
        ("{of: persons, gives: percent, curve: linear, through: [[1, 1%], [2, 2%]], out_of: 9%}", "rule-key-unknown"),
        ("{of: persons, gives: percent, curve: efficacy, satisfactory: 9, unallowed: 1, out_of: 9%}", "rule-key-unknown"),
        ("{of: persons, gives: percent, curve: attainment, direction: lower}", "rule-key-missing"),
        ("{of: persons, gives: percent, curve: attainment, target: 0}", "rule-number-range"),
        ("{of: persons, gives: percent, curve: attainment, target: 0, direction: lower, lower_as: complement}", "rule-number-range"),
        ("{of: persons, gives: percent, curve: attainment, target: 9, direction: range}", "rule-value-unknown"),
        ("{of: persons, gives: percent, curve: efficacy, satisfactory: 9, unallowed: 9}", "curve-flat"),
        ("{of: persons, gives: percent, curve: efficacy, standards: [1, 2, 3, 4, 5]}", "named-curve-direction"),
        ("{of: persons, gives: percent, curve: efficacy, satisfactory: 9, unallowed: 1, direction: lower}", "named-curve-direction"),
        ("{of: persons, gives: percent, curve: best_of, parts: []}", "curve-too-short"),
        ("{of: persons, gives: percent, curve: best_of, parts: [{curve: entered, full: 9}]}", "curve-too-short"),
        ("{of: persons, gives: percent, curve: best_of, parts: [{curve: entered, full: 9}, {curve: best_of, parts: []}]}", "curve-nested"),
        ("{of: persons, gives: percent, curve: best_of, parts: [{curve: entered, full: 9}, {curve: entered, full: 8, value: insured}]}", "rule-key-unknown"),
        ("{of: persons, gives: percent, curve: stepps, at: [[1, 1%]]}", "rule-value-unknown"),
        ("{of: persons, gives: percent, curve: attainment, target: 'f(insured)'}", "curve-of-curves"),
        ("{of: persons, gives: percent, curve: efficacy, standards: {by: size, rows: {a: [5, 1]}}, coefficients: [1, 0.5]}", "rule-unknown"),
        ("{of: persons, gives: percent, curve: range, best: [10, insureds]}", "formula-unknown-name"),
        ("{of: persons, gives: percent, curve: range, best: [10, 1 * days_open]}", "formula-unknown-name"),
    ],
)  # fmt: skip
def test_a_named_curve_that_cannot_be_read_says_how(curve, code):
    assert code in codes(curve)


@pytest.mark.parametrize(
    ("value", "of", "code"),
    [
        ("f(0.85)", "percent", "formula-bare-number"),
        ("f(insured)", "days", "formula-dimension"),
        ("f(insured) + insured", "persons", "formula-dimension"),
        ("f(title == 主任)", "number", "formula-type"),
    ],
)
def test_a_call_is_checked_for_the_unit_of_its_variable(value, of, code):
    curve = f"{{of: {of}, gives: points, curve: range, best: [10{'%' if of == 'percent' else ''}, 20{'%' if of == 'percent' else ''}]}}"
    assert code in codes(curve, value=value, unit="number")


def test_a_list_under_of_is_told_to_be_parts():
    _, issues = read("{gives: percent, curve: best_of, of: [{curve: entered, full: 9}]}")
    (found,) = [issue for issue in issues if issue.code == "rule-shape"]
    assert "parts" in found.expected.zh


def test_every_curve_of_one_number_can_be_named():
    assert set(NAMED_CURVES) | {*PEER_CURVES, "rating"} == {
        "linear", "steps", "range", "attainment", "efficacy", "percentile", "rank", "standardise", "power", "deduct",
        "award", "rating", "entered", "best_of",
    }  # fmt: skip
