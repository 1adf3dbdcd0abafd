"""Exact numbers in columns: a scaled integer with its digits where there is one, else a fraction as text."""

from fractions import Fraction

from perf.kernel.figures import exact_text, read_exact, whole_text

Figure = tuple[int | None, int | None, str | None]
NO_FIGURE: Figure = (None, None, None)
_DIGITS_MAX = 9
_SCALED_MAX = 2**63 - 1


def figure(number: Fraction | None) -> Figure:
    """(scaled, digits, exact): 92.35 → (9235, 2, None); 41/3 → (None, None, "41/3")."""
    if number is None:
        return NO_FIGURE
    for digits in range(_DIGITS_MAX + 1):
        scaled = number.numerator * 10**digits
        if scaled % number.denominator == 0:
            scaled //= number.denominator
            return (scaled, digits, None) if abs(scaled) <= _SCALED_MAX else (None, None, exact_text(number))
    return None, None, f"{whole_text(number.numerator)}/{whole_text(number.denominator)}"


def number_of(scaled: int | None, digits: int | None, exact: str | None) -> Fraction | None:
    """The number that `figure` wrote."""
    if exact is not None:
        return read_exact(exact)
    return None if scaled is None or digits is None else Fraction(scaled, 10**digits)
