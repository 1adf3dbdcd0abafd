"""Roots, powers, logarithms: refused at once where they cannot be, exact where they are rational, else 50 digits."""

from fractions import Fraction

import pytest
from tests.effort import calls_of

from perf.formulas.arithmetic import minus, number, rounded
from perf.kernel.irrational import DIGITS, NoResult, exp, geometric_mean, ln, power, root, sqrt

# The first 60 digits from tables of the constants.
LN_2 = "0.693147180559945309417232121458176568075500134360255254120680"
E = "2.71828182845904523536028747135266249775724709369995957496697"
SQRT_2 = "1.41421356237309504880168872420969807856967187537694807317668"


@pytest.mark.parametrize(
    "refused",
    [
        lambda: sqrt(Fraction(-1)),
        lambda: root(Fraction(-8), 3),
        lambda: ln(Fraction(0)),
        lambda: ln(Fraction(-1)),
        lambda: power(Fraction(0), Fraction(0)),
        lambda: power(Fraction(0), Fraction(-1)),
        lambda: power(Fraction(-8), Fraction(1, 3)),
        lambda: power(Fraction(10), Fraction(10**9)),
        lambda: power(Fraction(10), Fraction(-(10**9))),
        lambda: power(Fraction(9), power(Fraction(9), Fraction(9))),
        lambda: exp(Fraction(10**6)),
        lambda: exp(Fraction(-(10**6))),
        lambda: geometric_mean([Fraction(1), Fraction(-1)]),
        lambda: geometric_mean([Fraction(10**4000)] * 20),
    ],
)
def test_what_has_no_result_or_a_monstrous_one_is_refused_before_it_is_computed(refused):
    def work():
        nonlocal stop
        with pytest.raises(NoResult) as stop:
            refused()

    stop = None
    assert calls_of(work) < 1_000
    assert stop.value.reason.zh
    assert stop.value.reason.in_lang("en") != stop.value.reason.zh


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (sqrt(Fraction(0)), "0"),
        (sqrt(Fraction(9, 4)), "3/2"),
        (sqrt(Fraction("0.0001")), "0.01"),
        (root(Fraction(0), 3), "0"),
        (root(Fraction(7, 3), 1), "7/3"),
        (root(Fraction(8, 27), 3), "2/3"),
        (root(Fraction(3) ** 8000, 500), str(3**16)),
        (power(Fraction(8), Fraction(2, 3)), "4"),
        (power(Fraction(8), Fraction(-2, 3)), "1/4"),
        (power(Fraction(-2), Fraction(3)), "-8"),
        (power(Fraction(0), Fraction(1, 2)), "0"),
        (power(Fraction(5), Fraction(0)), "1"),
        (power(Fraction(1), Fraction(10**30, 7)), "1"),
        (ln(Fraction(1)), "0"),
        (exp(Fraction(0)), "1"),
        (geometric_mean([Fraction(2), Fraction(8)]), "4"),
        (geometric_mean([Fraction(0), Fraction(8)]), "0"),
    ],
)
def test_a_rational_result_is_exact(found, expected):
    assert found == Fraction(expected)


@pytest.mark.parametrize(
    ("found", "digits"), [(ln(Fraction(2)), LN_2), (exp(Fraction(1)), E), (sqrt(Fraction(2)), SQRT_2)]
)
def test_an_irrational_result_is_the_nearest_decimal_of_fifty_digits(found, digits):
    table = Fraction(digits)
    half_a_step = Fraction(1, 2 * 10 ** (DIGITS - 1 if table > 1 else DIGITS))
    assert abs(found - table) < half_a_step
    assert (found * 10**DIGITS).denominator == 1


@pytest.mark.parametrize("value", ["2", "1/2", "1/30000000", "123456789/7"])
@pytest.mark.parametrize("degree", [2, 3, 5, 70])
def test_a_root_is_nearer_than_half_of_its_last_digit(value, degree):
    exact = Fraction(value)
    found = root(exact, degree)
    places = 0
    while (found * 10**places).denominator != 1:
        places += 1
    half = Fraction(1, 2 * 10**places)
    assert len(str(int(found * 10**places))) <= DIGITS
    assert (found - half) ** degree < exact < (found + half) ** degree


def test_close_to_one_a_logarithm_keeps_its_digits_and_its_speed():
    tiny = Fraction(1, 10**4000)
    assert ln(1 + tiny) == tiny  # less a half of its square, far behind the fiftieth digit
    assert ln(1 - tiny) == -tiny
    assert exp(tiny) == 1
    assert calls_of(lambda: (ln(1 + tiny), ln(1 - tiny), exp(tiny))) < 1_000


def test_a_difference_and_a_rounding_to_hundreds_keep_their_steps():
    left = minus(number(Fraction(1, 2)), number(Fraction(1, 3)))
    assert (left.op, left.value, len(left.inputs)) == ("-", Fraction(1, 6), 2)
    assert rounded(number(Fraction(1250)), -2).value == 1300


@pytest.mark.parametrize(("beyond", "expected"), [(1, 1 + Fraction(1, 10**49)), (-1, Fraction(1))])
def test_a_root_that_leaves_a_half_by_its_hundredth_digit_is_still_rounded_to_the_right_side(beyond, expected):
    half = 1 + Fraction(5, 10**50)
    assert sqrt(half**2 + Fraction(beyond, 10**120)) == expected
