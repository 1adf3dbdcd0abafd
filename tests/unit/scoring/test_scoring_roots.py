"""Roots: exact where they are rational, 50 digits elsewhere, none of a negative number."""

from fractions import Fraction

import pytest

from perf.scoring.arithmetic import RuleFailed, minus, number, rounded
from perf.scoring.roots import DIGITS, root


def test_a_negative_number_has_no_root() -> None:
    with pytest.raises(RuleFailed):
        root(Fraction(-1), 2)


@pytest.mark.parametrize(
    ("value", "degree", "expected"), [("0", 3, "0"), ("7/3", 1, "7/3"), ("8/27", 3, "2/3"), ("0.0001", 2, "0.01")]
)
def test_a_rational_root_is_exact(value: str, degree: int, expected: str) -> None:
    assert root(Fraction(value), degree) == Fraction(expected)


@pytest.mark.parametrize("value", ["2", "1/2", "1/30000000", "123456789/7"])
@pytest.mark.parametrize("degree", [2, 3, 5])
def test_an_irrational_root_is_the_nearest_number_of_fifty_digits(value: str, degree: int) -> None:
    exact = Fraction(value)
    found = root(exact, degree)
    places = 0
    while (found * 10**places).denominator != 1:
        places += 1
    half = Fraction(1, 2 * 10**places)
    assert len(str(int(found * 10**places))) <= DIGITS
    assert (found - half) ** degree < exact < (found + half) ** degree


def test_a_difference_and_a_rounding_to_hundreds_keep_their_steps() -> None:
    left = minus(number(Fraction(1, 2)), number(Fraction(1, 3)))
    assert (left.op, left.value, len(left.inputs)) == ("-", Fraction(1, 6), 2)
    assert rounded(number(Fraction(1250)), -2).value == 1300
