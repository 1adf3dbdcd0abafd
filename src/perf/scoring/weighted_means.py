"""The weighted geometric mean: exact where it is rational, else the correctly rounded 50-digit decimal."""

from collections.abc import Sequence
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from math import gcd, lcm

from perf.formulas.arithmetic import RuleFailed
from perf.kernel.text import Text

DIGITS = 50
_GUARD = 12
"""Decimals beyond those that are known for certain: logarithms and exponentials are rounded half a last digit away."""

Part = tuple[Fraction, Fraction]
"""A number, and the weight it has."""


def weighted_geomean(parts: Sequence[Part]) -> Fraction:
    """Π number^(weight ÷ Σ weight).

    Args:
        parts: Numbers that are not negative, with weights above zero; at least one.
    Raises:
        RuleFailed: a negative number.
    """
    if any(number < 0 for number, _ in parts):
        raise RuleFailed(Text("负数不能求几何平均", "a negative number has no geometric mean"))
    numbers = {number for number, _ in parts}
    if len(numbers) == 1 or Fraction(0) in numbers:
        return min(numbers)
    known = DIGITS + 10
    while True:
        found = _rounded(parts, known)
        if found is not None:
            return found
        known *= 2


def _rounded(parts: Sequence[Part], known: int) -> Fraction | None:
    """The mean from `known` certain digits; None where they do not settle it."""
    near = _near(parts, known)
    guess = Fraction(near).limit_denominator(max(number.denominator for number, _ in parts))
    if guess > 0 and abs(Fraction(near) / guess - 1) < Fraction(1, 10 ** (known - 1)) and _is_mean(guess, parts):
        return guess
    with localcontext(Context(prec=known + _GUARD)) as wide:
        error = near.scaleb(-known)
        low, high = near - error, near + error
        wide.prec = DIGITS
        low, high = +low, +high
    return Fraction(low) if low == high else None


def _near(parts: Sequence[Part], known: int) -> Decimal:
    """The mean to `known` significant digits, the last of them within one."""
    whole = sum((weight for _, weight in parts), Fraction(0))
    with localcontext(Context(prec=known + _GUARD)):
        return sum((_decimal(w / whole) * _decimal(n).ln() for n, w in parts), Decimal(0)).exp()


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def _is_mean(guess: Fraction, parts: Sequence[Part]) -> bool:
    """Whether guess^Σw = Π number^w, without computing a power: every coprime factor must cancel out."""
    scale = lcm(*(weight.denominator for _, weight in parts))
    whole = sum((weight for _, weight in parts), Fraction(0))
    powers = [(guess, -whole), *parts]
    waiting = [(n.numerator, int(w * scale)) for n, w in powers] + [(n.denominator, -int(w * scale)) for n, w in powers]
    factors: dict[int, int] = {}
    while waiting:
        number, power = waiting.pop()
        other = next((one for one in factors if gcd(one, number) > 1), None)
        if number == 1:
            continue
        if other is None:
            factors[number] = power
            continue
        shared, theirs = gcd(other, number), factors.pop(other)
        waiting += [(shared, power + theirs), (number // shared, power), (other // shared, theirs)]
    return not any(factors.values())
