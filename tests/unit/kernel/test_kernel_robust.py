"""What is usual: median and deviation, exact, and a range that one wild figure does not move."""

import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.kernel.robust import LIMIT, median, usual_range

NUMBERS = st.lists(st.fractions(-1000, 1000, max_denominator=1000), min_size=1, max_size=30)


def fractions(*values):
    return [Fraction(value) for value in values]


@given(NUMBERS)
def test_the_median_is_the_textbook_s(values):
    assert median(values) == statistics.median(values)


def test_without_figures_there_is_no_median_and_no_range():
    with pytest.raises(ValueError, match="no values"):
        median([])
    assert usual_range([]) is None


def test_what_lies_just_on_the_limit_is_usual_and_just_beyond_it_is_not():
    usual = usual_range(fractions(0, 10, 20, 30, 40))
    assert usual.median == 20
    assert usual.high == 20 + LIMIT * 10
    assert usual.high in usual
    assert usual.high + Fraction(1, 10**9) not in usual
    assert usual.low in usual
    assert usual.low - Fraction(1, 10**9) not in usual
    assert "20" not in usual


def test_one_wild_figure_does_not_hide_the_next():
    usual = usual_range(fractions(80, 82, 84, 86, 88, 90, 100_000))
    assert Fraction(100_000) not in usual


def test_equal_figures_allow_a_twentieth_and_counts_allow_one():
    assert Fraction(120) in usual_range(fractions(100, 100, 100))
    assert Fraction(130) not in usual_range(fractions(100, 100, 100))
    assert Fraction(5) in usual_range(fractions(0, 0, 0), least_spread=Fraction(1))
    assert Fraction(6) not in usual_range(fractions(0, 0, 0), least_spread=Fraction(1))
    assert usual_range(fractions(0, 0, 0)) is None


@given(NUMBERS, st.fractions(1, 100, max_denominator=100))
def test_other_units_tell_the_same(values, factor):
    usual, scaled = usual_range(values), usual_range([value * factor for value in values])
    assert (usual is None) == (scaled is None)
    if usual is not None:
        assert scaled == tuple(bound * factor for bound in usual)
