"""The points of an indicator as they are read: every curve, thresholds with their signs, what is switched off."""

from fractions import Fraction

import pytest
from rule_texts import indicator

from perf.formulas import constant
from perf.specs.models import (
    Attainment,
    Award,
    Deduct,
    Entered,
    Linear,
    Range,
    RatingCurve,
    Steps,
)


@pytest.mark.parametrize(
    ("points", "kind"),
    [
        ("{curve: linear, through: [[1%, 0], [2%, 100]], outside: extend}", Linear),
        ("{curve: steps, at: [[70%, 60], [90%, 100]], lower_bound: excluded, below: 10}", Steps),
        ("{curve: range, best: [85%, 93%], zero: [60%, none]}", Range),
        ("{curve: attainment, target: 95%, floor: 60%, cap: 120%}", Attainment),
        ("{curve: deduct, each: 2, per: 1%}", Deduct),
        ("{curve: award, each: 1, per: 1%, cap: 5, counted: completed}", Award),
        ("{curve: rating, values: {A: 100, B: 50}}", RatingCurve),
        ("{curve: entered, full: 100%}", Entered),
    ],
)
def test_every_curve_is_read(points, kind):
    book, issues = indicator(points)
    assert issues == ()
    assert isinstance(book.indicators["x"].versions[0].points, kind)


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ("{curve: linear, through: [[2%, 0], [1%, 100]]}", "curve-order"),
        ("{curve: steps, at: [[1%, 0], [1%, 100]]}", "curve-order"),
        ("{curve: linear, through: [[1%, 0]]}", "curve-too-short"),
        ("{curve: linear, through: []}", "curve-too-short"),
        ("{curve: linear}", "rule-key-missing"),
        ("{curve: linear, through: [[1%, 0, 3], [2%, 100]]}", "rule-shape"),
        ("{curve: linear, through: [[1%, 0], [2%, 120]]}", "curve-points-range"),
        ("{curve: steps, at: [[1%, 100]], below: -1}", "curve-points-range"),
        ("{curve: linaer, through: [[1%, 0], [2%, 100]]}", "rule-value-unknown"),
        ("{curve: range, best: [93%, 85%]}", "range-order"),
        ("{curve: range, best: [85%]}", "rule-shape"),
        ("{curve: attainment, target: 95}", "rule-sign-missing"),
        ("{curve: attainment, target: 95‰}", "rule-sign-wrong"),
        ("{curve: attainment, target: 95%, floor: 110%}", "rule-number-range"),
        ("{curve: deduct, each: 2}", "rule-key-missing"),
        ("{curve: deduct, each: 0, per: 1%}", "rule-number-range"),
        ("{curve: deduct, each: 两分, per: 1%}", "rule-number-invalid"),
        ("{curve: award, each: 1, per: 1%}", "rule-key-missing"),
        ("{curve: rating, values: {A: 101}}", "curve-points-range"),
        ("{curve: entered, full: 1e2}", "rule-number-invalid"),
    ],
)
def test_a_curve_that_is_wrong_says_how(points, code):
    _, issues = indicator(points)
    assert [i.code for i in issues] == [code]
    assert issues[0].place.line == 7


@pytest.mark.parametrize(
    ("unit", "written", "value"),
    [
        ("percent", "85%", Fraction(85, 100)),
        ("percent", "85％", Fraction(85, 100)),
        ("percent", "0", 0),
        ("permille", "3‰", Fraction(3, 1000)),
        ("per_10k", "5/万", Fraction(5, 10000)),
        ("wan_yuan", "120万元", 1_200_000),
        ("wan_yuan", "500元", 500),
        ("yuan", "1200", 1200),
        ("yuan", "0.5万元", 5000),
        ("number", "12.5", Fraction(25, 2)),
        ("ratio", "85%", Fraction(85, 100)),
    ],
)
def test_a_threshold_carries_the_sign_of_its_unit(unit, written, value):
    book, issues = indicator(f"{{curve: attainment, target: {written}}}", unit=unit)
    assert issues == ()
    curve = book.indicators["x"].versions[0].points
    assert isinstance(curve, Attainment)
    assert constant(curve.target) == value


@pytest.mark.parametrize(
    ("unit", "written", "code"),
    [
        ("percent", "85", "rule-sign-missing"),
        ("permille", "3", "rule-sign-missing"),
        ("per_10k", "5", "rule-sign-missing"),
        ("wan_yuan", "120", "rule-sign-missing"),
        ("percent", "3‰", "rule-sign-wrong"),
        ("yuan", "5%", "rule-sign-wrong"),
        ("days", "5%", "rule-sign-wrong"),
    ],
)
def test_a_bare_number_or_another_sign_is_an_error(unit, written, code):
    _, issues = indicator(f"{{curve: attainment, target: {written}}}", unit=unit)
    assert [i.code for i in issues] == [code]


def test_a_threshold_may_be_a_formula():
    book, issues = indicator('{curve: linear, through: [["median(peers.value) * 90%", 60], [goal, 100]]}')
    assert issues == ()
    assert book.indicators["x"].versions[0].points is not None


def test_confidence_d_is_off_unless_switched_on():
    off, _ = indicator("{curve: entered, full: 100%}", more="confidence: D\n")
    on, _ = indicator("{curve: entered, full: 100%}", more="confidence: D\nenabled: true\n")
    assert (off.indicators["x"].enabled, on.indicators["x"].enabled) == (False, True)
