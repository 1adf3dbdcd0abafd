"""What is usual in a row of figures: median and median absolute deviation, exact; one wild figure moves neither much."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple, TypeVar

LIMIT = Fraction("3.5") / Fraction("0.6745")  # a robust z of 3.5 in median absolute deviations (Iglewicz and Hoaglin)
_SCALES_MAX = 64
LEAST_SHARE = Fraction(1, 20)  # of the median: a smaller deviation counts as this one

_Number = TypeVar("_Number", int, Fraction)


class UsualRange(NamedTuple):
    """From where to where figures are usual, around which median."""

    low: Fraction
    median: Fraction
    high: Fraction

    def __contains__(self, value: object) -> bool:
        return isinstance(value, Fraction) and self.low <= value <= self.high

    def distance(self, value: Fraction) -> Fraction:
        """How far from the median, where the end of what is usual is 1."""
        return abs(value - self.median) / (self.high - self.median)


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle value, or the mean of the two in the middle.

    Raises:
        ValueError: no values.
    """
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def usual_range(values: Sequence[Fraction], *, least_spread: Fraction = Fraction(0)) -> UsualRange | None:
    """The range outside which the robust z of a figure is over 3.5; None where nothing can be told.

    Args:
        values: The figures it is judged by.
        least_spread: The smallest deviation that counts as one, in the figures' own unit. In any case a twentieth of
            the median does, so that a row of nearly equal figures does not make every other one unusual.
    """
    if not values:
        return None
    scales = {value.denominator for value in values}
    if len(scales) > _SCALES_MAX:
        return range_around(*_middle_and_deviation(values), least_spread)
    scale = lcm(*scales)  # whole numbers are sorted and subtracted many times as fast
    whole = [value.numerator * (scale // value.denominator) for value in values]
    middle, deviation = _middle_and_deviation(whole)
    return range_around(middle / scale, deviation / scale, least_spread)


def _both_in_the_middle(figures: Sequence[_Number]) -> _Number:
    """Twice the median."""
    ordered = sorted(figures)
    return ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]


def _middle_and_deviation(figures: Sequence[_Number]) -> tuple[Fraction, Fraction]:
    twice = _both_in_the_middle(figures)
    return Fraction(twice) / 2, Fraction(_both_in_the_middle([abs(2 * one - twice) for one in figures])) / 4


def range_around(middle: Fraction, deviation: Fraction, least_spread: Fraction) -> UsualRange | None:
    """The range around a median, by the median of the deviations from it."""
    spread = max(deviation, abs(middle) * LEAST_SHARE, least_spread)
    if not spread:
        return None
    return UsualRange(middle - LIMIT * spread, middle, middle + LIMIT * spread)
