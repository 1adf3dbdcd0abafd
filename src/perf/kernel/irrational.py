"""Roots, powers, logarithms: exact where the result is rational, else the correctly rounded 50-digit decimal."""

from collections.abc import Callable, Sequence
from decimal import MAX_EMAX, MIN_EMIN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import cache
from math import gcd, isqrt, lcm

from perf.kernel.text import Text

DIGITS = 50
BITS_MAX = 14_000
"""Most bits that a numerator or a denominator may have: about 4,200 digits, which can still be printed."""
PRODUCT_BITS_MAX = 131_072
"""Most bits of the product under a geometric mean, and of the common denominator of a sum over a group."""
CARRIED_BITS_MAX = 2 * PRODUCT_BITS_MAX
"""Most bits of what arithmetic makes of figures over groups: the quotient of two of them still fits."""
EXPONENT_MAX = 10_000
"""Largest x of e^x, up or down."""
_GUARD = 12
_SQUARE = 2
_NEWTON_MAX = 64
_NEAR_ONE = Fraction(1, 1000)
Interval = tuple[Decimal, Decimal]


class NoResult(ArithmeticError):
    """There is no such number, or it is too large to be worked out; `reason` says which."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.zh)
        self.reason = reason


TOO_LARGE = Text(
    f"结果超过 {BITS_MAX * 3 // 10:,} 位数字,不予计算", f"a result of more than {BITS_MAX * 3 // 10:,} digits"
)

_NEGATIVE_MEAN = Text("负数不能求几何平均", "a negative number has no geometric mean")


def is_too_large(number: Fraction, most: int = BITS_MAX) -> bool:
    """Whether numerator or denominator have more than `most` bits: by default, more than formulas may carry along."""
    above, below = number.as_integer_ratio()
    return above.bit_length() > most or below.bit_length() > most


def total(numbers: Sequence[Fraction]) -> Fraction:
    """The exact sum, put together in pairs over common denominators: unrelated denominators cost little.

    Raises:
        NoResult: a common denominator of more than `PRODUCT_BITS_MAX` bits; found before it is carried any further.
    """
    parts = [(number.numerator, number.denominator) for number in numbers] or [(0, 1)]
    while len(parts) > 1:
        odd = parts[-1:] if len(parts) % 2 else []
        parts = [_added(one, other) for one, other in zip(parts[::2], parts[1::2], strict=False)] + odd
    return Fraction(*parts[0])


def _added(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    shared = gcd(one[1], other[1])
    up, over = other[1] // shared, one[1] // shared
    below = one[1] * up
    if below.bit_length() > PRODUCT_BITS_MAX:
        raise NoResult(TOO_LARGE)
    return one[0] * up + other[0] * over, below


def sqrt(number: Fraction) -> Fraction:
    """The square root of a number that is not negative; see `root`."""
    return root(number, 2)


def root(number: Fraction, degree: int) -> Fraction:
    """The `degree`-th root of a number that is not negative, `degree` at least 1.

    Raises:
        NoResult: a negative number.
    """
    if number < 0:
        raise NoResult(Text("负数不能开方", "a negative number has no root"))
    return _power_of(number, 1, degree) if number else number


def power(number: Fraction, exponent: Fraction) -> Fraction:
    """`number` to the power of `exponent`; `(8, 2/3)` is 4, `(2, 1/2)` the rounded decimal.

    Raises:
        NoResult: a negative number with a broken exponent, 0 to the power of 0 or less, a result of more than
            `BITS_MAX` bits, which is refused before it is computed.
    """
    if exponent == 1:
        return number
    if number == 0:
        if exponent <= 0:
            raise NoResult(Text("0 的 0 次方或负数次方没有定义", "0 to the power of 0 or less"))
        return number
    if number < 0:
        if exponent.denominator != 1:
            raise NoResult(Text("负数只能求整数次方", "a negative number to a broken power"))
        size = power(-number, exponent)
        return -size if exponent.numerator % 2 else size
    return _power_of(number, exponent.numerator, exponent.denominator)


def is_rational_power(number: Fraction, exponent: Fraction) -> bool:
    """Whether `power(number, exponent)` is exact; `number` at least 0, or the exponent whole."""
    degree = exponent.denominator
    if degree == 1 or number == 0:
        return True
    return _whole_root(number.numerator, degree) is not None and _whole_root(number.denominator, degree) is not None


def geometric_mean(numbers: Sequence[Fraction]) -> Fraction:
    """The n-th root of the product of n numbers, at least one, none negative.

    Raises:
        NoResult: a negative number; a product of more than `PRODUCT_BITS_MAX` bits.
    """
    if min(numbers) < 0:
        raise NoResult(_NEGATIVE_MEAN)
    above = sum(number.numerator.bit_length() for number in numbers)
    below = sum(number.denominator.bit_length() for number in numbers)
    if max(above, below) > PRODUCT_BITS_MAX:
        raise NoResult(TOO_LARGE)
    product = Fraction(1)
    for number in numbers:
        product *= number
    return root(product, len(numbers))


def weighted_geometric_mean(parts: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Π number^(weight ÷ Σ weight), whatever the weights: no power is computed.

    Args:
        parts: Numbers that are not negative, with weights above zero; at least one.
    Raises:
        NoResult: a negative number.
    """
    numbers = {number for number, _ in parts}
    if min(numbers) < 0:
        raise NoResult(_NEGATIVE_MEAN)
    if len(numbers) == 1 or Fraction(0) in numbers:
        return min(numbers)
    whole = sum((weight for _, weight in parts), Fraction(0))
    logarithms = [(number, weight / whole) for number, weight in parts if number != 1]

    @cache
    def bounds(digits: int) -> Interval:
        low, high = Fraction(0), Fraction(0)
        for number, share in logarithms:
            below, above = _ln(number, digits)
            low, high = low + Fraction(below) * share, high + Fraction(above) * share
        return _exp((_bounds(low, digits)[0], _bounds(high, digits)[1]), digits)

    # a rational mean has no larger denominator than the numbers: twice its digits, and those of the largest, find it
    below = max(number.denominator for number in numbers)
    digits = DIGITS + _GUARD + 2 * _digits_of(below) + _digits_of(int(max(numbers)))
    guess = Fraction(bounds(digits)[0]).limit_denominator(below)
    return guess if guess > 0 and _is_mean(guess, parts, whole) else _certain(bounds, digits)


def _digits_of(number: int) -> int:
    """At least as many as the number has."""
    return number.bit_length() // 3 + 1


def _is_mean(guess: Fraction, parts: Sequence[tuple[Fraction, Fraction]], whole: Fraction) -> bool:
    """Whether guess^Σw = Π number^w, without computing a power: every coprime factor must cancel out."""
    scale = lcm(*(weight.denominator for _, weight in parts))
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


def ln(number: Fraction) -> Fraction:
    """The natural logarithm of a positive number; of 1 it is 0, of no other number is it rational.

    Raises:
        NoResult: zero or a negative number.
    """
    if number <= 0:
        raise NoResult(Text("0 和负数没有对数", "no logarithm of zero or less"))
    return _certain(lambda digits: _ln(number, digits)) if number != 1 else Fraction(0)


def exp(number: Fraction) -> Fraction:
    """The power of e to `number`; of 0 it is 1, of no other number is it rational.

    Raises:
        NoResult: above `EXPONENT_MAX` or below its negative; refused before it is computed.
    """
    if abs(number) > EXPONENT_MAX:
        limit = f"{EXPONENT_MAX:,}"
        raise NoResult(Text(f"exp 的指数不在 −{limit} 到 {limit} 之间", f"an exponent outside −{limit} to {limit}"))
    return _certain(lambda digits: _exp(_bounds(number, digits), digits)) if number else Fraction(1)


def _power_of(number: Fraction, up: int, degree: int) -> Fraction:
    """`number` (positive) to the power of `up ÷ degree` (reduced)."""
    bits = max(number.numerator.bit_length(), number.denominator.bit_length())
    if number == 1 or up == 0:
        return Fraction(1)
    if abs(up) != 1 and bits * abs(up) > BITS_MAX * degree:
        raise NoResult(TOO_LARGE)
    above, below = _whole_root(number.numerator, degree), _whole_root(number.denominator, degree)
    if above is not None and below is not None:
        return Fraction(above, below) ** up

    def bounds(digits: int) -> Interval:
        low, high = _ln(number, digits)
        ends = [Fraction(low) * up / degree, Fraction(high) * up / degree]
        return _exp((_bounds(min(ends), digits)[0], _bounds(max(ends), digits)[1]), digits)

    return _certain(bounds)


def _whole_root(number: int, degree: int) -> int | None:
    """The `degree`-th root of a positive integer where it is an integer, else None."""
    if degree == 1 or number == 1:
        return number
    if number.bit_length() <= degree:  # 2 to the power of `degree` is longer
        return None
    near = isqrt(number) if degree == _SQUARE else _floor_root(number, degree)
    return near if near**degree == number else None


def _floor_root(number: int, degree: int) -> int:
    """The largest integer whose `degree`-th power is at most `number`: the upper half of its bits first, then the rest."""
    half = number.bit_length() // (2 * degree)
    low = _floor_root(number >> (half * degree), degree) << half if half else 1
    high = low + (1 << half) if half else 4
    if degree <= _NEWTON_MAX:
        while (better := ((degree - 1) * high + number // high ** (degree - 1)) // degree) < high:
            high = better
        return high
    while high - low > 1:  # the power of `low` is at most `number`, that of `high` is more
        middle = (low + high) // 2
        low, high = (middle, high) if middle**degree <= number else (low, middle)
    return low


def _certain(bounds: Callable[[int], Interval], digits: int = DIGITS + _GUARD) -> Fraction:
    """The number that `bounds` encloses, rounded to `DIGITS`; more digits until both ends round to the same.

    An irrational number never lies halfway between two decimals, so this ends.
    """
    rounding = _directed(DIGITS, ROUND_HALF_EVEN)
    while True:
        low, high = bounds(digits)
        nearest = rounding.plus(low)
        if nearest == rounding.plus(high) and nearest:
            return Fraction(nearest)
        digits *= 2


def _bounds(number: Fraction, digits: int) -> Interval:
    """The decimals of `digits` digits at or below and at or above `number`."""
    above, below = Decimal(number.numerator), Decimal(number.denominator)
    return (
        _directed(digits, ROUND_FLOOR).divide(above, below),
        _directed(digits, ROUND_CEILING).divide(above, below),
    )


def _ln(number: Fraction, digits: int) -> Interval:
    """The logarithm of a positive number that is not 1."""
    if abs(number - 1) >= _NEAR_ONE:
        return _widened(_directed(digits, ROUND_HALF_EVEN).ln, _bounds(number, digits), digits)
    if number < 1:
        low, high = _ln(1 / number, digits)
        return high.copy_negate(), low.copy_negate()  # a bare minus would round as the surroundings do
    below, above = _bounds((number - 1) / (number + 1), digits)
    return _twice_artanh(below, digits, ROUND_FLOOR), _twice_artanh(above, digits, ROUND_CEILING)


def _twice_artanh(z: Decimal, digits: int, rounding: str) -> Decimal:
    """2 (z + z³/3 + z⁵/5 + …) of a small positive z, from below or above: no digits are lost near ln 1."""
    context = _directed(digits, rounding)
    square, power, total, odd = context.multiply(z, z), z, z, 1
    while True:
        power = context.multiply(power, square)
        odd += 2
        term = context.divide(power, Decimal(odd))
        if term.adjusted() < z.adjusted() - digits:  # what follows is less than this term
            rest = term if rounding == ROUND_CEILING else Decimal(0)
            return context.multiply(context.add(total, context.add(rest, rest)), Decimal(2))
        total = context.add(total, term)


def _exp(interval: Interval, digits: int) -> Interval:
    return _widened(_directed(digits, ROUND_HALF_EVEN).exp, interval, digits)


def _widened(function: Callable[[Decimal], Decimal], interval: Interval, digits: int) -> Interval:
    """A rising function that is right to half a unit in the last place, as an interval around both ends."""
    context = _directed(digits, ROUND_HALF_EVEN)
    return context.next_minus(function(interval[0])), context.next_plus(function(interval[1]))


def _directed(digits: int, rounding: str) -> Context:
    return Context(
        prec=digits, rounding=rounding, Emin=MIN_EMIN, Emax=MAX_EMAX, capitals=1, clamp=0, flags=[], traps=[]
    )
