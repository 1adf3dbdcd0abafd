"""Exact rational columns: whole-number arrays above and below a line, with bounds that say when 64 bits are enough.

Every operation first works out, with Python's own integers, the largest absolute figure it can make. Below 2^62 the
arrays are int64; beyond it they become arrays of Python integers, slower and still exact. Nothing here ever wraps.
"""

from collections.abc import Callable
from fractions import Fraction
from math import gcd, lcm
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from perf.kernel.rounding import Rounding

Array = NDArray[Any]
Mask = NDArray[np.bool_]
Whole = Array | int
"""Whole numbers, one a row; a plain integer where they are the same for all rows."""

WORD = 1 << 62
"""Figures below it, and their sums of two, fit a signed 64-bit word."""


class Ratio(NamedTuple):
    """`above ÷ below` of every row.

    Attributes:
        above: Whole numbers.
        below: Whole numbers, every one positive.
        above_max, below_max: No absolute figure is larger.
        signed: Whether a figure may be below zero.
    """

    above: Whole
    below: Whole
    above_max: int
    below_max: int
    signed: bool = True

    def take(self, rows: Array | slice) -> "Ratio":
        """The ratios of some rows."""
        above = self.above if isinstance(self.above, int) else self.above[rows]
        below = self.below if isinstance(self.below, int) else self.below[rows]
        return self._replace(above=above, below=below)

    def fraction(self, row: int) -> Fraction:
        """The ratio of one row."""
        above = self.above if isinstance(self.above, int) else int(self.above[row])
        below = self.below if isinstance(self.below, int) else int(self.below[row])
        return Fraction(above, below)


def spread(whole: Whole, rows: int) -> Array:
    """The whole numbers as an array of `rows`."""
    return np.broadcast_to(np.asarray(whole), (rows,)) if isinstance(whole, int) else whole


def constant(number: Fraction) -> Ratio:
    """One number for all rows."""
    return Ratio(number.numerator, number.denominator, abs(number.numerator), number.denominator, number < 0)


def _wide(whole: Whole, bound: int) -> Any:
    """The same figures in a form that holds results up to `bound`: numbers of any kind, so nothing is known of the type."""
    if isinstance(whole, int):
        return whole
    if bound >= WORD:
        return whole if whole.dtype == object else whole.astype(object)
    return whole if whole.dtype == np.int64 or whole.dtype == object else whole.astype(np.int64)


def _times(left: Whole, right: Whole, bound: int) -> Whole:
    if isinstance(left, int) and left == 1:
        return right
    if isinstance(right, int) and right == 1:
        return left
    product: Whole = _wide(left, bound) * _wide(right, bound)
    return product


def _together(left: Ratio, right: Ratio) -> tuple[Whole, Whole, int, int, Whole, int]:
    """Both brought to one denominator: left above, right above, their bounds, the denominator, its bound."""
    if left.below is right.below:
        return left.above, right.above, left.above_max, right.above_max, left.below, left.below_max
    if isinstance(left.below, int) and isinstance(right.below, int):
        below = lcm(left.below, right.below)
        grow, raised = below // left.below, below // right.below
        left_max, right_max = left.above_max * grow, right.above_max * raised
        one, other = _times(left.above, grow, left_max), _times(right.above, raised, right_max)
        return one, other, left_max, right_max, below, below
    left_max, right_max = left.above_max * right.below_max, right.above_max * left.below_max
    below_max = left.below_max * right.below_max
    return (
        _times(left.above, right.below, left_max),
        _times(right.above, left.below, right_max),
        left_max,
        right_max,
        _times(left.below, right.below, below_max),
        below_max,
    )


def add(left: Ratio, right: Ratio) -> Ratio:
    """`left + right`."""
    one, other, left_max, right_max, below, below_max = _together(left, right)
    bound = left_max + right_max
    return Ratio(_wide(one, bound) + _wide(other, bound), below, bound, below_max, left.signed or right.signed)


def negative(ratio: Ratio) -> Ratio:
    """`−ratio`."""
    return Ratio(-_wide(ratio.above, ratio.above_max), ratio.below, ratio.above_max, ratio.below_max)


def subtract(left: Ratio, right: Ratio) -> Ratio:
    """`left − right`."""
    return add(left, negative(right))


def multiply(left: Ratio, right: Ratio) -> Ratio:
    """`left × right`."""
    above_max, below_max = left.above_max * right.above_max, left.below_max * right.below_max
    above, below = _times(left.above, right.above, above_max), _times(left.below, right.below, below_max)
    return Ratio(above, below, above_max, below_max, left.signed or right.signed)


def divide(left: Ratio, right: Ratio) -> Ratio:
    """`left ÷ right`, no figure of which may be zero."""
    left_below, right_below = left.below, right.below
    left_max, right_max = left.below_max, right.below_max
    if isinstance(left_below, int) and isinstance(right_below, int):
        shared = gcd(left_below, right_below)
        left_below, right_below = left_below // shared, right_below // shared
        left_max, right_max = left_below, right_below
    above_max, below_max = left.above_max * right_max, left_max * right.above_max
    above = _times(left.above, right_below, above_max)
    below = _times(right.above, left_below, below_max)
    if right.signed:
        if isinstance(below, int):
            above = -_wide(above, above_max) if below < 0 else above
        else:
            above = np.where(below < 0, -_wide(above, above_max), above)
        below = abs(_wide(below, below_max))
    return Ratio(above, below, above_max, below_max, left.signed or right.signed)


def reciprocal(ratio: Ratio) -> Ratio:
    """`1 ÷ ratio`, every figure of which is positive."""
    return Ratio(ratio.below, ratio.above, ratio.below_max, ratio.above_max, signed=False)


def sign_of(left: Ratio, right: Ratio) -> Whole:
    """Whole numbers with the sign of `left − right`."""
    one, other, left_max, right_max, _, _ = _together(left, right)
    bound = left_max + right_max
    apart: Whole = _wide(one, bound) - _wide(other, bound)
    return apart


def absolute(ratio: Ratio) -> Ratio:
    """`|ratio|`."""
    if not ratio.signed:
        return ratio
    return Ratio(abs(_wide(ratio.above, ratio.above_max)), ratio.below, ratio.above_max, ratio.below_max, signed=False)


def choose(mask: Mask | bool, yes: Ratio, no: Ratio) -> Ratio:  # noqa: FBT001 - the rows, or all of them
    """`yes` where the mask holds, else `no`."""
    if isinstance(mask, bool):
        return yes if mask else no
    one, other, left_max, right_max, below, below_max = (
        _together(yes, no)
        if isinstance(yes.below, int) and isinstance(no.below, int)
        else (yes.above, no.above, yes.above_max, no.above_max, None, max(yes.below_max, no.below_max))
    )
    bound = max(left_max, right_max)
    if below is None:
        below = np.where(mask, _wide(yes.below, below_max), _wide(no.below, below_max))
    above = np.where(mask, _wide(one, bound), _wide(other, bound))
    return Ratio(above, below, bound, below_max, yes.signed or no.signed)


def larger(left: Ratio, right: Ratio) -> Ratio:
    """`max(left, right)`."""
    return choose(_mask(sign_of(left, right), lambda s: s >= 0), left, right)


def smaller(left: Ratio, right: Ratio) -> Ratio:
    """`min(left, right)`."""
    return choose(_mask(sign_of(left, right), lambda s: s <= 0), left, right)


def _mask(signs: Whole, holds: Callable[[Any], Any]) -> Mask | bool:
    found = holds(signs)
    return bool(found) if isinstance(signs, int) else np.asarray(found, dtype=np.bool_)


def divided(above: Whole, below: Whole, above_max: int, below_max: int, mode: Rounding) -> Whole:
    """`above ÷ below` as whole numbers, rounded as `perf.kernel.rounding.round_ratio` does.

    Args:
        above, below: Whole numbers, those below positive.
        above_max, below_max: Their bounds.
        mode: How what lies between two whole numbers is settled.
    """
    bound = 2 * (above_max + below_max) + 1
    one, other = _wide(above, bound), _wide(below, bound)
    size = abs(one)
    whole = size // other
    rest = size - whole * other
    match mode:
        case Rounding.DOWN:
            more: Any = 0
        case Rounding.UP:
            more = (rest > 0) * 1
        case Rounding.HALF_AWAY:
            more = (rest * 2 >= other) * 1
        case Rounding.HALF_EVEN:
            more = (rest * 2 + whole % 2 > other) * 1
    found: Whole = whole + more
    if isinstance(one, int):
        return -found if one < 0 else found
    return np.where(one < 0, -np.asarray(found), found)


def rounded(ratio: Ratio, digits: int, mode: Rounding) -> Ratio:
    """`ratio` rounded to `digits` decimals (negative: tens, hundreds)."""
    up, down = 10 ** max(digits, 0), 10 ** max(-digits, 0)
    above_max, below_max = ratio.above_max * up, ratio.below_max * down
    above, below = _times(ratio.above, up, above_max), _times(ratio.below, down, below_max)
    whole = divided(above, below, above_max, below_max, mode)
    bound = (above_max + 1) * down
    return Ratio(_times(whole, down, bound), up, bound, up, ratio.signed)


def to_whole(ratio: Ratio, *, up: bool) -> Ratio:
    """`ceil` (up) or `floor` of `ratio`, towards plus and minus infinity."""
    bound = ratio.above_max + ratio.below_max
    above, below = _wide(ratio.above, bound), _wide(ratio.below, bound)
    whole = -((-above) // below) if up else above // below
    return Ratio(whole, 1, ratio.above_max + 1, 1, ratio.signed)
