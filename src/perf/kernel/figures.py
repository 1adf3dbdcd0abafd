"""Exact numbers as text, both ways: what is printed is what was used."""

import re
from decimal import Decimal
from fractions import Fraction

from perf.kernel.ratios import ratio
from perf.kernel.rounding import round_ratio

_PLAIN = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?", re.ASCII)
_RATIO = re.compile(r"[+-]?\d{1,80}/\d{1,80}", re.ASCII)
_EXACT = re.compile(r"-?\d+(\.\d+|/[1-9]\d*)?", re.ASCII)
_PLAIN_BITS = 14_000
_SHORT = 4_000  # digits that `int` reads; Decimal reads as many as there are
FINITE_DIGITS_MAX = 30
FINITE_PLACES_MAX = 1_000


def parse_number(text: str) -> Fraction:
    """Read an ASCII decimal without exponent or separators (`-12.50`), or a reduced fraction (`41/4000`).

    Raises:
        ValueError: anything else; the text is not repeated in the message.
    """
    if _PLAIN.fullmatch(text):
        return Fraction(text)
    if _RATIO.fullmatch(text) and int(text.split("/")[1]) != 0:
        return Fraction(text)
    raise ValueError("not a plain decimal number")


def finite_decimal(number: Fraction) -> str | None:
    """The finite decimal of `number`, or None where it has none, or one of more than 1,000 places."""
    numerator, denominator = number.as_integer_ratio()
    if denominator == 1:
        return whole_text(numerator)
    twos = fives = 0
    while denominator % 2 == 0:
        denominator //= 2
        twos += 1
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    if denominator != 1 or max(twos, fives) > FINITE_PLACES_MAX:
        return None
    return fixed(number, max(twos, fives))


def fixed(number: Fraction | int, digits: int, *, grouped: bool = False) -> str:
    """`number`, which must have at most `digits` decimals (it is rounded half away otherwise), as `1234.50`."""
    above, below = number.as_integer_ratio()
    scaled = round_ratio(above * 10**digits, below)
    sign, scaled = ("-", -scaled) if scaled < 0 else ("", scaled)
    whole, part = divmod(scaled, 10**digits)
    head = f"{whole:,}" if grouped else str(whole)
    return f"{sign}{head}.{part:0{digits}d}" if digits else f"{sign}{head}"


def whole_text(number: int) -> str:
    """An integer in decimal digits, however many (Python's own `str` stops at 4,300)."""
    return str(number) if number.bit_length() < _PLAIN_BITS else format(Decimal(number), "f")


def exact_text(number: Fraction | int) -> str:
    """The finite decimal if it has at most 30 digits, else the reduced fraction `p/q` (contract format 1)."""
    value = number if type(number) is Fraction else Fraction(number)
    decimal = finite_decimal(value)
    if decimal is not None and len(decimal) - decimal.count("-") - decimal.count(".") <= FINITE_DIGITS_MAX:
        return decimal
    return f"{whole_text(value.numerator)}/{whole_text(value.denominator)}"


def read_exact(text: str) -> Fraction:
    """The number that `exact_text` wrote, however long; for our own files, not for what people type.

    Raises:
        ValueError: anything else.
    """
    if not _EXACT.fullmatch(text):
        raise ValueError("not an exact number")
    above, _slash, below = text.partition("/")
    if len(text) <= _SHORT:
        whole, _point, places = above.partition(".")
        return ratio(int(whole + places), int(below or 1) * 10 ** len(places))
    return Fraction(Decimal(above)) / int(Decimal(below or 1))


def reading_text(number: Fraction | int, digits: int = 4) -> str:
    """For reading only: the exact decimal if short, else `≈` and a rounded one."""
    value = Fraction(number)
    decimal = finite_decimal(value)
    if decimal is not None and len(decimal.partition(".")[2]) <= digits:
        return decimal
    return "≈" + fixed(value, digits)


def percent_text(number: Fraction | int) -> str:
    """A ratio written as a percentage: 41/4000 → `1.025%`."""
    hundred = Fraction(number) * 100
    decimal = finite_decimal(hundred)
    if decimal is not None and len(decimal) <= 14:  # what still reads at a glance
        return decimal + "%"
    return "≈" + fixed(hundred, 4) + "%"
