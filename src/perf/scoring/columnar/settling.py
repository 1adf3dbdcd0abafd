"""Points of a piecewise straight function, rounded once and bit for bit as the exact engine rounds them.

Let a value be n ÷ d in whole numbers, u = 2^-53, and s = a + b·n/d the points in units of their last digit.

**Tier 1, binary floats that cannot be wrong.** n and d up to 2^53 are floats exactly, and one division rounds correctly.

*Comparing.* fl is monotone, so n/d ≥ p/q implies fl(n/d) ≥ fl(p/q). If n/d < p/q they differ by at least 1/(d·q); the two
floats are then distinct when that is more than u·(n/d + p/q), for which 2·d·|p| < 2^52 is enough (where the two could meet,
n/d is p/q but for a factor of 1 ± 2u). Hence `fl(n/d) >= fl(p/q)` decides exactly, without looking closer.

*Rounding.* Division, product, sum and the constants each add a factor within 1 ± u, so the float t of s satisfies
|t − s| ≤ 5u·|b·n/d| + 3u·(|a| + 2) ≤ e := 8u·(S + A + 1), with S ≥ |s| and A ≥ |a|. Clipping both to the same bounds never moves
them apart, and a value far outside the bounds is clipped on both sides, so S need only cover what lies between them.
With C the common denominator of all a and b, s has the denominator C·d: |s| + 1/2 is a whole number, or at least
g = 1/(2·C·d) away from any. When 4·e < g, floor(|t| + 1/2 + g/2) is floor(|s| + 1/2): a tie lands g/2 − e above the whole number,
everything else stays at least g/2 − e away from it. So halves need no second look either. `down` takes floor(|t| + g/2) and `up`
floor(|t| + 1 − g/2), both with g = 1/(C·d); half to even takes back the ties that went up to an odd number.

**Tier 2, whole numbers.** Where a bound fails (large denominators), rows whose t lies within 2e of a decision, or whose quotient
lies within 4u of a threshold, are gathered and decided by the sign of a whole-number residual such as n·q − p·d. Its terms may
be longer than a word, but the residual of such a row is known to be short (|residual| < 2^62), and arithmetic modulo 2^64 gives a short
result exactly whatever the length of its terms.

**Tier 3.** Rows with n or d beyond 2^53 are settled with fractions, one by one.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

import numpy as np

from perf.kernel.rounding import Rounding, round_to_int
from perf.scoring.columnar.pieces import Pieces
from perf.scoring.columnar.ratios import Array, Ratio, constant, divide, reciprocal, spread, to_whole
from perf.scoring.columnar.support import NotColumnar
from perf.scoring.columnar.tally import Tally

ULP = Fraction(1, 1 << 53)
EXACT = 1 << 53
"""Whole numbers up to it are floats exactly."""
POINTS_MAX = 1 << 45
"""Points beyond it, in units of their last digit, are left to the exact engine."""
_NOT_YET = Fraction(-1)


def nearest(number: Fraction) -> np.float64:
    """The float nearest to `number`: one correctly rounded division of Python's integers."""
    return np.float64(number.numerator / number.denominator)


def word(number: int) -> np.int64:
    """`number` modulo 2^64, as a signed word."""
    return np.int64((number + (1 << 63)) % (1 << 64) - (1 << 63))


@dataclass(frozen=True)
class Settled:
    """A function with its bounds for one slice of data; `nudge` zero: rows near a decision are looked at again.

    Attributes:
        offset: What is added before the floor is taken: 1/2, 0 or 1.
        error: No float of the points is further from them than this.
        closely: The cuts that float division may not decide.
    """

    pieces: Pieces
    mode: Rounding
    common: int
    offset: Fraction
    nudge: Fraction
    error: Fraction
    closely: tuple[bool, ...]
    lowest: Fraction
    highest: Fraction
    shape: str

    @cached_property
    def moved(self) -> Fraction:
        """What is added before the floor is taken, where no points lie below zero."""
        return self.offset + self.nudge if self.lowest >= 0 else Fraction(0)

    @cached_property
    def floats(self) -> tuple[tuple[np.float64, np.float64], ...]:
        """The lines as floats, moved to where the floor is taken."""
        return tuple((nearest(a + self.moved), nearest(b)) for a, b in self.pieces.lines)

    @cached_property
    def ends(self) -> tuple[np.float64, np.float64]:
        """The lowest and the highest points as floats, moved likewise."""
        return nearest(self.lowest + self.moved), nearest(self.highest + self.moved)

    @cached_property
    def cuts(self) -> tuple[np.float64, ...]:
        """The cuts as floats."""
        return tuple(nearest(place) for place, _ in self.pieces.cuts)

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """The rounded points of level pieces."""
        return tuple(round_to_int(a, self.mode) for a, _ in self.pieces.lines)


def reach(pieces: Pieces, value: Ratio) -> int:
    """A power of two that no |value| exceeds, read from the figures where the pieces have no level ends; else 0."""
    if pieces.is_level or pieces.whole != "exact" or pieces.turned is not None:
        return 0
    above, below = value.above, value.below
    quotient = np.asarray(np.true_divide(above, below)) if value.above_max and value.below_max < EXACT else None
    if quotient is None or not quotient.size:
        return 0
    largest = max(float_whole(quotient.max()), -float_whole(quotient.min())) + 1
    return 1 << largest.bit_length()


def float_whole(figure: np.float64) -> int:
    """The whole part of a float, away from zero."""
    return int(np.ceil(figure)) if figure > 0 else int(np.floor(figure))


def bind(pieces: Pieces, mode: Rounding, value: Ratio, value_max: int = 0) -> Settled:
    """Bounds of `pieces` (in units of the last digit) for all values with the bounds of `value`.

    Args:
        pieces, mode: The function, and how its points are rounded.
        value: Only its bounds count.
        value_max: No |value| is larger (`reach`); 0: what the bounds allow.
    Raises:
        NotColumnar: points or thresholds too large for words.
    """
    below_max = value.below_max
    most = Fraction(value.above_max, value.below if isinstance(value.below, int) else 1)
    most = min(most, Fraction(value_max)) if value_max else most
    if pieces.whole != "exact":
        most, below_max = most / pieces.per + 1, 1
    if pieces.turned is not None:
        most, below_max = Fraction(value.below_max), max(value.above_max, 1)
    lowest, highest, largest = _reach(pieces, most)
    size = max(-lowest, highest)
    if size > POINTS_MAX or any(abs(place.numerator) >= 1 << 59 for place, _ in pieces.cuts):
        raise NotColumnar("points")
    common = lcm(*(part.denominator for line in pieces.lines for part in line))
    offset = offset_of(mode)
    halves = offset.denominator == 2
    error = 8 * ULP * (size + largest + 1)
    below = min(below_max, EXACT)
    grain = Fraction(1, (2 if halves else 1) * common * below)
    clear = 4 * error < grain
    nudge = (grain / 2 if mode is not Rounding.UP else -grain / 2) if clear else Fraction(0)
    closely = tuple(2 * below * abs(place.numerator) >= EXACT // 2 for place, _ in pieces.cuts)
    flat = all(b == 0 for _, b in pieces.lines)
    shape = "flat" if flat else _shape(pieces) if clear else "general"
    if not clear and 16 * common * below * error >= 1 << 60:
        shape = "exact"
    return Settled(pieces, mode, common, offset, nudge, error, closely, lowest, highest, shape)


def _reach(pieces: Pieces, value_max: Fraction) -> tuple[Fraction, Fraction, Fraction]:
    """The least and the greatest points, and the largest |a|."""
    found: list[Fraction] = [] if pieces.turned is None else [pieces.turned]
    ends = [-value_max, *(place for place, _ in pieces.cuts), value_max]
    for k, (a, b) in enumerate(pieces.lines):
        found += [a] if b == 0 else [a + b * ends[k], a + b * ends[k + 1]]
    return min(found), max(found), max(abs(a) for a, _ in pieces.lines)


def _shape(pieces: Pieces) -> str:
    """`clip`: a straight line between two levels; `tent`: up, a level, and down again; else `general`.

    Both are continuous with their outer pieces level, so that minima and maxima of the lines give the function itself.
    """
    lines = pieces.lines
    for k, (place, _) in enumerate(pieces.cuts):
        if lines[k][0] + lines[k][1] * place != lines[k + 1][0] + lines[k + 1][1] * place:
            return "general"
    slopes = [b for _, b in lines]
    if len(lines) == 3 and slopes[0] == slopes[2] == 0 != slopes[1]:
        return "clip"
    level = len(lines) == 5 and slopes[0] == slopes[2] == slopes[4] == 0 and lines[0] == lines[4]
    return "tent" if level and slopes[1] > 0 > slopes[3] else "general"


def settle(bound: Settled, value: Ratio, out: Array, tally: Tally) -> None:
    """Write the rounded points of `value`, in units of the last digit, to `out`.

    Args:
        bound: The function with its bounds, which hold for `value`.
        value: One value a row; also of rows that have none (any figure with a positive denominator).
        out: Signed whole numbers, one a row.
        tally: Counts the rows of tiers 2 and 3.
    """
    pieces = bound.pieces
    if pieces.whole != "exact":
        value = to_whole(divide(value, constant(pieces.per)), up=pieces.whole == "started")
    if pieces.turned is not None:
        _turned(bound, value, out, tally)
        return
    _straight(bound, value, out, tally)


def _turned(bound: Settled, value: Ratio, out: Array, tally: Tally) -> None:
    """A function of 1 ÷ value."""
    above = spread(value.above, len(out))
    positive = above > 0
    safe = value._replace(above=np.where(positive, above, 1))
    _straight(bound, reciprocal(safe), out, tally)
    if not positive.all():
        level = bound.pieces.turned if bound.pieces.turned is not None else _NOT_YET
        out[~positive] = round_to_int(level, bound.mode)


def _straight(bound: Settled, value: Ratio, out: Array, tally: Tally) -> None:
    above, below = spread(value.above, len(out)), spread(value.below, len(out))
    if bound.shape == "exact":
        _by_fractions(bound, above, below, np.arange(len(out)), out, tally)
        return
    if value.above_max > EXACT or value.below_max > EXACT:
        long = np.flatnonzero((abs(above) > EXACT) | (below > EXACT))
        if long.size:
            above, below = above.copy(), below.copy()
            kept_above, kept_below = above[long], below[long]
            above[long], below[long] = 0, 1
            _in_words(bound, above.astype(np.int64), below.astype(np.int64), out, tally)
            _by_fractions(bound, kept_above, kept_below, long, out, tally)
            return
    # Short figures may still stand in an array of Python's integers.
    _in_words(bound, above.astype(np.int64, copy=False), below.astype(np.int64, copy=False), out, tally)


def _by_fractions(bound: Settled, above: Array, below: Array, rows: Array, out: Array, tally: Tally) -> None:
    """Tier 3: `rows` of `out` by the function itself."""
    known: dict[tuple[int, int], int] = {}
    for row, pair in zip(rows.tolist(), zip(above.tolist(), below.tolist(), strict=True), strict=True):
        found = known.get(pair)
        if found is None:
            found = known[pair] = round_to_int(bound.pieces.at(Fraction(*pair)), bound.mode)
        out[row] = found
    tally.exact += len(rows)


def _in_words(bound: Settled, above: Array, below: Array, out: Array, tally: Tally) -> None:
    """Tiers 1 and 2."""
    quotient = np.true_divide(above, below)
    match bound.shape:
        case "flat":
            passed = _passed(bound, quotient, above, below, tally)
            np.take(np.array(bound.levels, dtype=out.dtype), passed, out=out, mode="clip")
        case "clip":
            _scaled(quotient, bound.floats[1])
            _clipped(bound, quotient, out)
        case "tent":
            falling = quotient.copy()
            _scaled(quotient, bound.floats[1])
            _scaled(falling, bound.floats[3])
            np.minimum(quotient, falling, out=quotient)
            _clipped(bound, quotient, out)
        case _:
            _general(bound, quotient, above, below, out, tally)


def _scaled(quotient: Array, line: tuple[np.float64, np.float64]) -> None:
    """`a + b × quotient` in place."""
    start, slope = line
    np.multiply(quotient, slope, out=quotient)
    np.add(quotient, start, out=quotient)


def _clipped(bound: Settled, points: Array, out: Array) -> None:
    """Between the lowest and the highest points, then to whole numbers."""
    lowest, highest = bound.ends
    np.minimum(points, highest, out=points)
    np.maximum(points, lowest, out=points)
    if bound.lowest < 0:
        _away_from_zero(bound, points, out)
        return
    np.copyto(out, points, casting="unsafe")
    if bound.mode is Rounding.HALF_EVEN:
        _back_to_even(bound, points, out)


def _back_to_even(bound: Settled, moved: Array, out: Array) -> None:
    """Ties that went up to an odd number come down again."""
    out -= ((moved - out < nearest(2 * bound.nudge)) & (out % 2 == 1)).astype(out.dtype)


def _away_from_zero(bound: Settled, points: Array, out: Array) -> None:
    """Points of both signs: the sizes are rounded, the signs kept."""
    moved = np.abs(points)
    moved += nearest(bound.offset + bound.nudge)
    np.copyto(out, moved, casting="unsafe")
    if bound.mode is Rounding.HALF_EVEN:
        _back_to_even(bound, moved, out)
    np.negative(out, out=out, where=points < 0)


def _passed(bound: Settled, quotient: Array, above: Array, below: Array, tally: Tally) -> Array:
    """How many cuts each value has passed."""
    passed = np.zeros(len(quotient), dtype=np.uint8 if len(bound.pieces.cuts) < 256 else np.int64)
    flag = np.empty(len(quotient), dtype=np.bool_)
    for (place, here), cut, closely in zip(bound.pieces.cuts, bound.cuts, bound.closely, strict=True):
        (np.greater_equal if here else np.greater)(quotient, cut, out=flag)
        if closely:
            near = np.flatnonzero(np.abs(quotient - cut) <= np.abs(cut) * nearest(4 * ULP))
            if near.size:
                n, d = above[near].astype(np.int64), below[near].astype(np.int64)
                residual = n * word(place.denominator) - d * word(place.numerator)
                flag[near] = residual >= 0 if here else residual > 0
                tally.whole += near.size
        np.add(passed, flag, out=passed)
    return passed


def _general(bound: Settled, quotient: Array, above: Array, below: Array, out: Array, tally: Tally) -> None:
    """Any pieces: the line of each row is looked up."""
    passed = _passed(bound, quotient, above, below, tally)
    lines = bound.pieces.lines
    slopes = np.array([nearest(b) for _, b in lines])
    starts = np.array([nearest(a) for a, _ in lines])
    points = quotient * slopes[passed]
    points += starts[passed]
    if bound.nudge:
        _away_from_zero(bound, points, out)
        return
    moved = np.abs(points)
    moved += nearest(bound.offset)
    np.copyto(out, moved, casting="unsafe")
    np.negative(out, out=out, where=points < 0)
    near = np.flatnonzero(np.abs(moved - np.rint(moved)) <= nearest(2 * bound.error))
    if near.size:
        rows = _Near(
            above[near].astype(np.int64), below[near].astype(np.int64), points[near], moved[near], passed[near]
        )
        out[near] = _decided(bound, rows)
        tally.whole += near.size


@dataclass(frozen=True, slots=True)
class _Near:
    """Rows whose float lies near a decision."""

    above: Array
    below: Array
    points: Array
    moved: Array
    passed: Array


def _decided(bound: Settled, rows: _Near) -> Array:
    """Tier 2: the sign of the residual says on which side of the whole number, or of the half, the points lie."""
    lines = bound.pieces.lines
    starts = np.array([word(int(a * bound.common)) for a, _ in lines])
    slopes = np.array([word(int(b * bound.common)) for _, b in lines])
    scaled = starts[rows.passed] * rows.below + slopes[rows.passed] * rows.above
    small = np.abs(rows.points) <= nearest(2 * bound.error)
    sign = np.where(small, np.sign(scaled), np.sign(rows.points).astype(np.int64))
    middle = np.rint(rows.moved).astype(np.int64)
    whole = rows.below * word(2 * bound.common)
    residual = sign * scaled * 2 + rows.below * word(int(2 * bound.offset * bound.common)) - middle * whole
    return np.asarray(sign * np.maximum(beside(residual, middle, bound.mode), 0))


def beside(residual: Array, middle: Array, mode: Rounding) -> Array:
    """The rounded size of figures close to a decision.

    Args:
        residual: Of the sign of size + offset − middle, exactly.
        middle: The whole number in question, of `down` and the halves the floor of what lies on it.
        mode: How it is rounded; `up` takes the ceiling, which the offset 1 has moved on by one.
    """
    match mode:
        case Rounding.UP:
            return np.asarray(middle - (residual <= 0))
        case Rounding.HALF_EVEN:
            return np.asarray(middle - (residual < 0) - ((residual == 0) & (middle % 2 == 1)))
        case _:
            return np.asarray(middle - (residual < 0))


def offset_of(mode: Rounding) -> Fraction:
    """What is added to a size before the floor is taken."""
    return Fraction(1, 2) if mode in (Rounding.HALF_AWAY, Rounding.HALF_EVEN) else Fraction(mode is Rounding.UP)
