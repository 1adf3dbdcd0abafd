"""Places among peers: exact keys for values, groups as the rows of matrices, one sort for each matrix.

**Keys.** Two different quotients of whole numbers with denominators up to D differ by at least 1/D². Floats of them differ by
1/D² − 2u·V at least (V: the largest of them, u = 2^-53), so with 2^k >= 2·D² and D²·V < 2^50 the whole numbers floor(2^k · fl(n/d))
differ as well, while equal quotients have one float and one key: keys compare as the values do. A key of few bits leaves room for the
place in the matrix below it, so that plain sorting of whole numbers takes the place of an argsort.
Where there are too many bits, values are sorted as floats; different floats are in the right order (fl is monotone), and neighbours with
one float are equal if n·d' − n'·d is 0. For |n|, d < 2^53 that residual is shorter than a word, so it is exact modulo 2^64; if
one is not 0, or figures are longer, fractions are sorted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from perf.scoring.columnar.ratios import Array, Mask, Ratio, spread
from perf.scoring.columnar.settling import EXACT
from perf.scoring.columnar.tally import Tally

_KEY_BITS_MAX = 60
_WIDER = Fraction(5, 4)


class Matrix(NamedTuple):
    """Groups of about one size: a row each, of row numbers of the slice; beyond a group's end the number of no row."""

    rows: Array
    columns: int


@dataclass(frozen=True, slots=True)
class Peers:
    """The peer groups of a slice of `count` rows."""

    count: int
    groups: int
    codes: Array
    matrices: tuple[Matrix, ...]


class Keys(NamedTuple):
    """Whole numbers that compare as the values do; rows without a value have `none`, above all others."""

    keys: Array
    none: int


class Standings(NamedTuple):
    """The peers of one matrix in order, the lowest key first.

    Attributes:
        rows: Row numbers of the slice in that order.
        first, last: Places, from 0, of the first and the last of those with the same key.
        dense: How many different keys are lower.
        sizes: How many of the group have a value, one row each.
    """

    rows: Array
    first: Array
    last: Array
    dense: Array
    sizes: Array


def peers_of(codes: Array | None, count: int) -> Peers:
    """The layout of groups `codes` (from 0 on; None: one group of all)."""
    codes = np.zeros(count, dtype=np.uint16) if codes is None else codes
    sizes = np.bincount(codes, minlength=1) if count else np.zeros(1, dtype=np.int64)
    kind = np.uint16 if len(sizes) < 1 << 16 else np.int64
    order = np.argsort(codes.astype(kind), kind="stable")
    starts = np.cumsum(sizes) - sizes
    by_size = np.argsort(sizes, kind="stable")
    by_size = by_size[sizes[by_size] > 0]
    matrices = []
    at = 0
    while at < len(by_size):
        smallest = int(sizes[by_size[at]])
        widest = max(int(smallest * _WIDER), smallest + 8)
        end = int(np.searchsorted(sizes[by_size], widest, side="right"))
        chosen = by_size[at:end]
        width = int(sizes[chosen[-1]])
        places = starts[chosen][:, None] + np.arange(width)
        inside = np.arange(width) < sizes[chosen][:, None]
        rows = np.where(inside, order[np.minimum(places, count - 1)], count)
        matrices.append(Matrix(rows.astype(np.int32), width))
        at = end
    return Peers(count, len(sizes), codes, tuple(matrices))


def keys_of(value: Ratio, present: Mask | None, tally: Tally, count: int) -> Keys:
    """Keys for the values of a slice of `count` rows, ascending as they do."""
    above, below = spread(value.above, count), spread(value.below, count)
    if isinstance(value.below, int) and value.above_max < EXACT:
        found = above.astype(np.int64)
        found -= found.min(initial=0)
    elif value.above_max <= EXACT and value.below_max <= EXACT:
        found = _of_quotients(above, below, value.below_max, tally)
    else:
        found = _of_fractions(above, below)
        tally.exact += count
    none = int(found.max(initial=0)) + 1
    if present is not None:
        found = np.where(present, found, none)
    return Keys(found, none)


def turned(keys: Keys) -> Keys:
    """The same with the order of the values turned round."""
    return Keys(np.where(keys.keys == keys.none, keys.none, keys.none - 1 - keys.keys), keys.none)


def _of_quotients(above: Array, below: Array, below_max: int, tally: Tally) -> Array:
    quotient = np.true_divide(above, below)
    lowest, highest = int(np.floor(quotient.min(initial=0))), int(np.ceil(quotient.max(initial=0)))
    bits = (2 * below_max * below_max - 1).bit_length()
    most = max(abs(lowest), abs(highest), 1)
    if below_max * below_max * most < EXACT // 8 and (most + 1).bit_length() + bits + 1 < _KEY_BITS_MAX:
        quotient *= np.float64(1 << bits)
        np.floor(quotient, out=quotient)
        found = quotient.astype(np.int64)
        found -= lowest << bits
        return found
    order = np.argsort(quotient, kind="stable")
    ordered = quotient[order]
    same = ordered[1:] == ordered[:-1]
    n, d = above[order].astype(np.int64), below[order].astype(np.int64)
    unlike = (n[1:] * d[:-1] - n[:-1] * d[1:]) != 0
    tally.whole += int(same.sum())
    if bool((same & unlike).any()):
        return _of_fractions(above, below)
    found = np.zeros(len(quotient), dtype=np.int64)
    found[order[1:]] = np.cumsum(~same)
    return found


def _of_fractions(above: Array, below: Array) -> Array:
    """Keys by sorting exact numbers."""
    pairs = list(zip(above.tolist(), below.tolist(), strict=True))
    values = {pair: Fraction(*pair) for pair in set(pairs)}
    places = {value: place for place, value in enumerate(sorted(set(values.values())))}
    return np.array([places[values[pair]] for pair in pairs], dtype=np.int64)


def standings(matrix: Matrix, keys: Keys) -> Standings:
    """Everybody of the groups of `matrix` in order."""
    rows, ordered, sizes = _in_order(matrix, keys)
    at = np.arange(matrix.columns, dtype=np.int32)
    new = np.ones(ordered.shape, dtype=np.bool_)
    np.not_equal(ordered[:, 1:], ordered[:, :-1], out=new[:, 1:])
    first = np.maximum.accumulate(np.where(new, at, np.int32(0)), axis=1)
    ends = np.ones(ordered.shape, dtype=np.bool_)
    ends[:, :-1] = new[:, 1:]
    far = np.where(ends, at, np.int32(matrix.columns))
    last = np.minimum.accumulate(far[:, ::-1], axis=1)[:, ::-1]
    dense = np.cumsum(new, axis=1, dtype=np.int32) - np.int32(1)
    return Standings(rows, first, last, dense, sizes)


def give_by_first(matrix: Matrix, keys: Keys, points: Callable[[Array, int], Array], out: Array) -> bool:
    """Write to `out` what the first of those with the same key stands for.

    Args:
        matrix, keys: Who, and by what.
        points: Sizes of groups, a number of places -> what each place from 0 on stands for, one row for each size; not
            below zero, never falling.
        out: One more than the rows of the slice; the last takes what belongs to nobody.
    Returns:
        Whether some group compares nothing: one has a value, or all of them have the same.
    """
    rows, ordered, sizes = _in_order(matrix, keys)
    different, which = np.unique(sizes, return_inverse=True)
    given = points(different, matrix.columns)[which]
    given[:, 1:] *= ordered[:, 1:] != ordered[:, :-1]
    np.maximum.accumulate(given, axis=1, out=given)
    out[rows] = given
    last = ordered[np.arange(len(ordered)), np.maximum(sizes - 1, 0)]
    return bool(((sizes > 0) & (last == ordered[:, 0])).any())


def _in_order(matrix: Matrix, keys: Keys) -> tuple[Array, Array, Array]:
    """Row numbers and keys of every group in order, and how many of each group have a value."""
    bits = max(matrix.columns - 1, 1).bit_length()
    kind = np.int32 if (keys.none + 1).bit_length() + bits < 32 else np.int64
    packed: Array = np.append(keys.keys, keys.none).astype(kind)[matrix.rows]
    sizes = np.count_nonzero(packed != keys.none, axis=1)
    packed <<= bits
    packed |= np.arange(matrix.columns, dtype=kind)
    packed.sort(axis=1)
    columns = packed & ((1 << bits) - 1)
    packed >>= bits
    columns += (np.arange(len(packed), dtype=columns.dtype) * matrix.columns)[:, None]
    return matrix.rows.ravel()[columns], packed, sizes
