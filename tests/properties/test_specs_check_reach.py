"""What the checks say about full points holds for every value of the range, by the exact engine."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perf.formulas import Node, constant
from perf.kernel.figures import exact_text
from perf.scoring.curves import points_on
from perf.specs.book import load_book
from perf.specs.check_reach import Limits, awarded_short, short_of_full
from perf.specs.models import Award, Deduct

RULES = """\
measure: a
title: 甲
level: institution
---
indicator: x
title: X
level: institution
unit: number
direction: {direction}
value: a
points: {points}
"""
CURVES = [
    ("higher", "{curve: linear, through: [[A, 0], [B, 60], [C, 100]]}"),
    ("lower", "{curve: linear, through: [[A, 100], [C, 0]]}"),
    ("higher", "{curve: linear, through: [[A, 0], [B, 90]], outside: extend}"),
    ("higher", "{curve: steps, at: [[A, 10], [B, 60], [C, 100]]}"),
    ("higher", "{curve: steps, at: [[A, 10], [B, 100]], lower_bound: excluded}"),
    ("lower", "{curve: steps, below: 100, at: [[A, 60], [B, 0]]}"),
    ("lower", "{curve: steps, below: 100, at: [[A, 60], [B, 0]], lower_bound: excluded}"),
    ("range", "{curve: range, best: [B, C], zero: [A, D]}"),
    ("range", "{curve: range, best: [B, none], zero: [none, none]}"),
    ("range", "{curve: range, best: [none, B], zero: [none, C]}"),
    ("higher", "{curve: attainment, target: B}"),
    ("higher", "{curve: attainment, target: C, floor: 60%, cap: 120%}"),
    ("lower", "{curve: attainment, target: B, lower_as: ratio}"),
    ("lower", "{curve: attainment, target: B, lower_as: complement}"),
    ("higher", "{curve: entered, full: C}"),
    ("lower", "{curve: power, origin: B, factor: -2, exponent: 2, start: 100, side: above}"),
    ("lower", "{curve: power, origin: B, factor: -7, exponent: 1, start: 100}"),
    ("higher", "{curve: power, origin: A, factor: 9, exponent: 1, side: above}"),
    ("higher", "{curve: efficacy, satisfactory: C, unallowed: A}"),
    ("lower", "{curve: efficacy, satisfactory: A, unallowed: C, outside: clip}"),
    ("higher", "{curve: efficacy, standards: [D, C, B, A, 0]}"),
    ("lower", "{curve: efficacy, standards: [0, A, B, C, D]}"),
    ("lower", "{curve: deduct, each: 2, per: A}"),
    ("lower", "{curve: deduct, each: 2, per: B, counted: completed}"),
    ("lower", "{curve: deduct, each: 2, per: B, counted: started}"),
    ("higher", "{curve: award, each: 3, per: A, cap: 100, counted: completed}"),
    ("higher", "{curve: award, each: 3, per: A, cap: 100}"),
    ("higher", "{curve: best_of, of: [{curve: linear, through: [[A, 0], [C, 100]]}, {curve: steps, at: [[B, 70]]}]}"),
]


def curve_of(direction, points, thresholds):
    for name, number in zip("ABCD", thresholds, strict=True):
        points = points.replace(f"{name},", f"{exact_text(number)},").replace(f"{name}]", f"{exact_text(number)}]")
        points = points.replace(f"{name}}}", f"{exact_text(number)}}}")
    text = RULES.replace("{direction}", direction).replace("{points}", points)
    book, issues = load_book({"r.yaml": text})
    assert [i.render() for i in issues if i.is_error] == []
    return book.indicators["x"].versions[0].points


def scored(curve, value, direction):
    def on(formula):
        return Node("number", constant(formula))

    return points_on(curve, value, direction, on).value


@pytest.mark.parametrize(("direction", "points"), CURVES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_value_of_the_range_comes_nearer_to_full_points_and_one_comes_as_near(direction, points, data):
    thresholds = sorted(data.draw(st.sets(st.integers(1, 20), min_size=4, max_size=4)))
    low, high = sorted(data.draw(st.tuples(st.integers(0, 25), st.integers(0, 25))))
    curve = curve_of(direction, points, list(map(Fraction, thresholds)))
    limits = Limits(Fraction(low), Fraction(high))
    is_award = isinstance(curve, Award)
    short = awarded_short(curve, limits, Fraction(100)) if is_award else short_of_full(curve, limits, direction)
    values = {Fraction(n, 4) for n in range(4 * low, 4 * high + 1)}
    most = max(scored(curve, value, direction) for value in values)
    assert short is not None
    if isinstance(curve, Deduct):
        assert max(100 - short, 0) == most
    else:
        assert max(100 - short, 0) == max(min(most, 100), 0)
