"""Rounding and periods hold their laws for all numbers."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from perf.kernel.figures import exact_text, parse_number
from perf.kernel.periods import parse_period
from perf.kernel.rounding import Rounding, round_to, round_to_int

numbers = st.fractions(max_denominator=10**6)


@given(numbers, st.sampled_from(list(Rounding)))
def test_rounding_is_within_one_and_symmetric(number: Fraction, mode: Rounding) -> None:
    rounded = round_to_int(number, mode)
    assert abs(rounded - number) < 1
    assert round_to_int(-number, mode) == -rounded


@given(numbers, st.integers(min_value=-3, max_value=6))
def test_half_away_is_within_half_a_step_and_idempotent(number: Fraction, digits: int) -> None:
    rounded = round_to(number, digits)
    assert abs(rounded - number) * 2 <= Fraction(10) ** -digits
    assert round_to(rounded, digits) == rounded


@given(numbers)
def test_exact_text_reads_back_as_the_same_number(number: Fraction) -> None:
    assert parse_number(exact_text(number)) == number


@given(st.integers(min_value=1900, max_value=2100), st.integers(min_value=1, max_value=12), st.integers(-600, 600))
def test_shifting_there_and_back_gives_the_same_month(year: int, month: int, count: int) -> None:
    period = parse_period(f"{year}-{month:02d}")
    assert period.shift(count).shift(-count) == period
    assert period.shift(12) == period.last_year(-1)
