"""Curves as pieces give what the curves give: at every cut, just below and just above it."""

from fractions import Fraction

import pytest
from tests.unit.scoring.scoring_world import book_of, indicator, measure

from perf.formulas import constant, evaluate
from perf.scoring.columnar.pieces import pieces_of
from perf.scoring.curves import points_on

F = Fraction
CURVES = (
    ("range", "{curve: range, best: [0.4, 0.6]}"),
    ("range", "{curve: range, best: [0.4, 0.6], zero: [0.2, 1]}"),
    ("higher", "{curve: steps, at: [[0.2, 40], [0.5, 60]], lower_bound: excluded, below: 5}"),
    ("higher", "{curve: linear, through: [[0.2, 0], [0.5, 60], [1, 100]], outside: extend}"),
    ("higher", "{curve: attainment, target: 0.8, floor: 60%, cap: 120%}"),
    ("lower", "{curve: attainment, target: 0.4, floor: 50%, cap: 110%, lower_as: complement}"),
    ("higher", "{curve: efficacy, standards: [0.9, 0.8, 0.7, 0.6, 0.5], coefficients: [1, 0.8, 0.6, 0.4, 0.2]}"),
    ("lower", "{curve: efficacy, standards: [0.1, 0.2, 0.3, 0.4, 0.5], coefficients: [1, 0.8, 0.6, 0.4, 0.2]}"),
    ("lower", "{curve: efficacy, satisfactory: 0.1, unallowed: 0.6, base: 60, span: 40, outside: clip}"),
)


@pytest.mark.parametrize(("direction", "curve"), CURVES)
def test_pieces_are_the_curve(direction, curve) -> None:
    book = book_of(measure("m_a"), indicator("a", curve, direction=direction))
    rule = book.indicators["a"].versions[0].points
    pieces = pieces_of(rule, direction, F(100), constant)
    values = {place + step for place, _ in pieces.cuts for step in (F(-1, 1000), F(0), F(1, 1000))} | {
        F(-2),
        F(0),
        F(3),
    }
    for value in values:
        assert pieces.at(value) == points_on(rule, value, direction, lambda f: evaluate(f, None)).value, value
