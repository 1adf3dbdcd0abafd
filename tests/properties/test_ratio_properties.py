"""The four operations of `kernel.ratios` give what `Fraction` gives, in lowest terms, for figures of any size."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.kernel import ratios

wholes = st.integers() | st.integers(-(10**80), 10**80)
figures = st.fractions() | st.builds(Fraction, wholes, wholes.filter(bool))


@given(wholes, wholes.filter(bool))
def test_a_ratio_is_the_fraction_in_lowest_terms(above, below):
    made = ratios.ratio(above, below)
    wanted = Fraction(above, below)
    assert type(made) is Fraction
    assert (made.numerator, made.denominator) == (wanted.numerator, wanted.denominator)
    assert hash(made) == hash(wanted)


@given(figures, figures)
def test_each_operation_gives_what_fractions_give(a, b):
    pairs = [(ratios.plus(a, b), a + b), (ratios.minus(a, b), a - b), (ratios.times(a, b), a * b)]
    if b:
        pairs.append((ratios.over(a, b), a / b))
    for made, wanted in pairs:
        assert made.as_integer_ratio() == wanted.as_integer_ratio()


@given(figures, wholes, wholes)
def test_equal_denominators_are_kept_in_lowest_terms(a, one, other):
    left, right = Fraction(one, a.denominator), Fraction(other, a.denominator)
    assert ratios.plus(left, right).as_integer_ratio() == (left + right).as_integer_ratio()
    assert ratios.minus(left, right).as_integer_ratio() == (left - right).as_integer_ratio()


@pytest.mark.parametrize("above", [0, 1, -7])
def test_nothing_is_divided_by_zero(above):
    with pytest.raises(ZeroDivisionError):
        ratios.ratio(above, 0)
    with pytest.raises(ZeroDivisionError):
        ratios.over(Fraction(above), Fraction(0))
