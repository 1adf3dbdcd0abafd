"""Exact numbers in columns: a scaled integer with its digits where there is one, else a fraction as text."""

from fractions import Fraction

from perf.kernel.figures import exact_text, read_exact, whole_text
from perf.kernel.ratios import ratio

Figure = tuple[int | None, int | None, str | None]
NO_FIGURE: Figure = (None, None, None)
_SCALES = tuple(10**digits for digits in range(10))
_SCALED_MAX = 2**63 - 1


def figure(number: Fraction | None) -> Figure:
    """(scaled, digits, exact): 92.35 → (9235, 2, None); 41/3 → (None, None, "41/3")."""
    if number is None:
        return NO_FIGURE
    above, below = number.as_integer_ratio()
    for digits, scale in enumerate(_SCALES):
        if scale % below == 0:
            scaled = above * (scale // below)
            return (scaled, digits, None) if abs(scaled) <= _SCALED_MAX else (None, None, exact_text(number))
    return None, None, f"{whole_text(above)}/{whole_text(below)}"


def number_of(scaled: int | None, digits: int | None, exact: str | None) -> Fraction | None:
    """The number that `figure` wrote."""
    if exact is not None:
        return read_exact(exact)
    return None if scaled is None or digits is None else ratio(scaled, 10**digits)
