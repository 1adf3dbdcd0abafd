"""The four operations on exact numbers, put together from whole numbers with one reduction each.

The figures are those that `Fraction` itself gives; its constructor and operators check what is known here, in two to four
times the time.
"""

from fractions import Fraction
from math import gcd

_new = object.__new__


def ratio(above: int, below: int) -> Fraction:
    """`above ÷ below` in lowest terms.

    Raises:
        ZeroDivisionError: `below` is zero.
    """
    shared = gcd(above, below)
    if below < 0:
        shared = -shared
    elif not below:
        raise ZeroDivisionError(f"{above} ÷ 0")
    made = _new(Fraction)
    made._numerator = above // shared  # type: ignore[attr-defined]  # noqa: SLF001 - the two slots of every Fraction
    made._denominator = below // shared  # type: ignore[attr-defined]  # noqa: SLF001
    return made


def plus(a: Fraction, b: Fraction) -> Fraction:
    """`a + b`."""
    (above, below), (other, under) = a.as_integer_ratio(), b.as_integer_ratio()
    if below == under:
        return ratio(above + other, below)
    return ratio(above * under + other * below, below * under)


def minus(a: Fraction, b: Fraction) -> Fraction:
    """`a − b`."""
    (above, below), (other, under) = a.as_integer_ratio(), b.as_integer_ratio()
    if below == under:
        return ratio(above - other, below)
    return ratio(above * under - other * below, below * under)


def times(a: Fraction, b: Fraction) -> Fraction:
    """`a × b`."""
    (above, below), (other, under) = a.as_integer_ratio(), b.as_integer_ratio()
    return ratio(above * other, below * under)


def over(a: Fraction, b: Fraction) -> Fraction:
    """`a ÷ b`.

    Raises:
        ZeroDivisionError: `b` is zero.
    """
    (above, below), (other, under) = a.as_integer_ratio(), b.as_integer_ratio()
    return ratio(above * under, below * other)
