"""Roots of exact numbers: exact where the result is rational, else the correctly rounded 50-digit decimal."""

from fractions import Fraction

from perf.kernel.text import Text
from perf.scoring.arithmetic import RuleFailed

DIGITS = 50


def root(number: Fraction, degree: int) -> Fraction:
    """The `degree`-th root of a number that is not negative.

    Raises:
        RuleFailed: a negative number.
    """
    if number < 0:
        raise RuleFailed(Text("负数不能求几何平均", "a negative number has no geometric mean"))
    if number == 0 or degree == 1:
        return number
    above, below = _whole_root(number.numerator, degree), _whole_root(number.denominator, degree)
    if above**degree == number.numerator and below**degree == number.denominator:
        return Fraction(above, below)
    return _rounded_root(number, degree)


def _whole_root(number: int, degree: int) -> int:
    """The largest integer whose `degree`-th power is at most `number` (Newton, from above)."""
    if number == 0:
        return 0
    guess = 1 << -(-number.bit_length() // degree)
    while True:
        better = ((degree - 1) * guess + number // guess ** (degree - 1)) // degree
        if better >= guess:
            return guess
        guess = better


def _rounded_root(number: Fraction, degree: int) -> Fraction:
    """`DIGITS` significant digits, half away from zero; an irrational root never lies on a half."""
    whole = _whole_root(number.numerator // number.denominator, degree) if number >= 1 else 0
    places = max(DIGITS - len(str(whole)), 0) if whole else DIGITS
    while not whole and _scaled_root(number, degree, places) < 10 ** (DIGITS - 1):
        places += 1
    twice = _scaled_root(number, degree, places, times=2)
    return Fraction((twice + 1) // 2, 10**places)


def _scaled_root(number: Fraction, degree: int, places: int, times: int = 1) -> int:
    """floor(times × root × 10^places)."""
    scale = times * 10**places
    return _whole_root(number.numerator * scale**degree // number.denominator, degree)
