"""Named rounding of exact numbers. The only place in the project where a figure is rounded."""

from enum import StrEnum
from fractions import Fraction


class Rounding(StrEnum):
    """How a figure that lies between two representable ones is settled."""

    HALF_AWAY = "half_away"
    HALF_EVEN = "half_even"
    DOWN = "down"
    UP = "up"


def round_to_int(number: Fraction | int, mode: Rounding = Rounding.HALF_AWAY) -> int:
    """Round an exact number to an integer.

    Args:
        number: Exact number, any sign.
        mode: `HALF_AWAY` (四舍五入, the default), `HALF_EVEN` (银行家), `DOWN` (towards zero), `UP` (away from zero).
    """
    return round_ratio(number.numerator, number.denominator, mode)


def round_ratio(numerator: int, denominator: int, mode: Rounding = Rounding.HALF_AWAY) -> int:
    """Round `numerator ÷ denominator` (which is positive) to an integer; they need no common factor removed."""
    whole, rest = divmod(abs(numerator), denominator)
    if rest:
        twice = 2 * rest
        if mode is Rounding.UP:
            up = True
        elif mode is Rounding.DOWN:
            up = False
        elif twice == denominator:
            up = mode is Rounding.HALF_AWAY or whole % 2 == 1
        else:
            up = twice > denominator
        whole += up
    return -whole if numerator < 0 else whole


def round_to(number: Fraction | int, digits: int, mode: Rounding = Rounding.HALF_AWAY) -> Fraction:
    """Round to `digits` decimals (negative: to tens, hundreds); the result is exact again."""
    scale = Fraction(10) ** digits
    return Fraction(round_to_int(number * scale, mode)) / scale
