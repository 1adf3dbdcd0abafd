"""Roots, powers, logarithms against their algebra, and against series of fractions summed to eighty digits."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from perf.kernel.irrational import DIGITS, exp, geometric_mean, ln, power, root, sqrt

positive = st.fractions(min_value=Fraction(1, 10**6), max_value=10**6, max_denominator=10**6)
small = st.fractions(min_value=-5, max_value=5, max_denominator=10**6)
EIGHTY = Fraction(1, 10**80)


def last_digit(number: Fraction) -> Fraction:
    """The value of one unit in the fiftieth significant place."""
    places = 0
    size = abs(number)
    while size >= 10:
        size /= 10
        places += 1
    while size < 1:
        size *= 10
        places -= 1
    return Fraction(10) ** (places - DIGITS + 1)


def exp_series(x: Fraction) -> Fraction:
    """e^x by its Taylor series, the error below 10^-80 times 1,000."""
    total, term, n = Fraction(0), Fraction(1), 0
    while abs(term) > EIGHTY or n < 12:
        total += term
        n += 1
        term = Fraction(round(term * x / n * 10**95), 10**95)  # kept short; 300 such errors do not reach 10^-80
    return total


@given(positive)
def test_a_square_root_squared_is_the_number_where_it_is_rational(number: Fraction) -> None:
    assert sqrt(number * number) == number
    assert abs(sqrt(number) ** 2 - number) <= 3 * last_digit(number) * max(1, number)


@given(positive, st.integers(2, 9))
def test_a_root_of_a_power_is_the_number(number: Fraction, degree: int) -> None:
    assert root(number**degree, degree) == number
    assert power(number**degree, Fraction(1, degree)) == number
    assert power(number, Fraction(-degree)) * number**degree == 1


@given(positive, st.fractions(min_value=-4, max_value=4, max_denominator=9))
def test_a_power_to_its_denominator_is_the_whole_power(number: Fraction, exponent: Fraction) -> None:
    found = power(number, exponent)
    step = last_digit(found)
    low, high = (found - step) ** exponent.denominator, (found + step) ** exponent.denominator
    assert low <= number**exponent.numerator <= high


@given(small)
def test_an_exponential_is_within_half_of_its_last_digit_of_its_series(number: Fraction) -> None:
    found = exp(number)
    assert abs(found - exp_series(number)) <= last_digit(found) / 2 + 1000 * EIGHTY


@given(positive)
def test_a_logarithm_leads_back_to_its_number(number: Fraction) -> None:
    found = ln(number)
    if number == 1:
        assert found == 0
        return
    near = last_digit(found) / 2
    assert exp_series((found - near) / 16) ** 16 < number * (1 + 10**5 * EIGHTY)
    assert exp_series((found + near) / 16) ** 16 > number * (1 - 10**5 * EIGHTY)


near_one = st.integers(-(10**6), 10**6).filter(bool).map(lambda n: 1 + Fraction(n, 10**10))


@given(near_one)
def test_close_to_one_a_logarithm_is_within_half_of_its_last_digit_of_its_series(number: Fraction) -> None:
    x = number - 1
    series = sum((Fraction((-1) ** (n + 1), n) * x**n for n in range(1, 25)), Fraction(0))
    assert abs(ln(number) - series) <= last_digit(ln(number)) * (Fraction(1, 2) + Fraction(1, 10**20))


@given(near_one, st.integers(2, 5))
def test_close_to_one_a_root_is_within_half_of_its_last_digit(number: Fraction, degree: int) -> None:
    found = root(number, degree)
    half = last_digit(found) / 2
    assert (found - half) ** degree <= number <= (found + half) ** degree


@given(positive)
def test_a_reciprocal_has_the_logarithm_with_the_other_sign(number: Fraction) -> None:
    assert ln(1 / number) == -ln(number)


@given(st.lists(positive, min_size=1, max_size=12))
def test_a_geometric_mean_lies_between_the_ends_and_does_not_see_the_order(numbers: list[Fraction]) -> None:
    found = geometric_mean(numbers)
    step = last_digit(found)
    assert min(numbers) - step <= found <= max(numbers) + step
    assert found == geometric_mean(numbers[::-1])
