"""Dimensions and totals of many rows: whole numbers over whole numbers, rounded once.

A dimension's share of its full points is N ÷ (L·K) in whole numbers: N = Σ L·(weight ÷ out_of)·points, K the weights of the items
that are present. Tier 1 adds these quotients as floats: no term goes through more than 14 roundings, so that the sum is wrong by at most
(terms + 16)·2^-52 of the sizes added up. Rows that come within twice that of a decision go to tier 2: the total is P ÷ Q in whole
numbers that may be longer than a word, but what is left between P and the nearest decision is short (see `settling`), so that
arithmetic modulo 2^64 gives its sign.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import NamedTuple

import numpy as np

from perf.kernel.rounding import round_to_int
from perf.scoring.columnar.adding import ZERO, Adding, Addition, Part
from perf.scoring.columnar.ratios import WORD, Array
from perf.scoring.columnar.settling import EXACT, beside, nearest, offset_of, word
from perf.scoring.columnar.tally import Tally


@dataclass(frozen=True, slots=True)
class Sums:
    """Of some rows: N of each dimension, K where items are absent, which dimensions apply, and the extra points."""

    above: list[Array]
    kept: list[Array | int]
    applies: list[Array | None]
    extra: Array | None


def sums(adding: Adding, points: Sequence[Array], gone: Sequence[Array], absent: Sequence[Array], rows: int) -> Sums:
    """N, K and what applies, of a block of rows.

    Args:
        adding: The scheme.
        points: Index -> points of the rows, 0 where there are none.
        gone, absent: Index -> rows without points, and those of them that take no part.
        rows: How many.
    """
    above: list[Array] = []
    kept: list[Array | int] = []
    applies: list[Array | None] = []
    for part in adding.parts:
        total, left, present = _one(part, points, absent, rows)
        above.append(total)
        kept.append(left)
        applies.append(present)
    return Sums(above, kept, applies, _extra(adding.addition, points, gone))


def _one(
    part: Part, points: Sequence[Array], absent: Sequence[Array], rows: int
) -> tuple[Array, Array | int, Array | None]:
    narrow = (
        part.largest < 1 << 31
        or sum(abs(c) * int(_bound(points[i])) for c, i in zip(part.counts, part.items, strict=True)) < 1 << 31
    )
    total: Array = np.zeros(rows, dtype=np.int32 if narrow else np.int64)
    step = np.empty_like(total)
    kept: Array | int = part.whole
    present: Array | int = len(part.items)
    for index, count, weight in zip(part.items, part.counts, part.weights, strict=True):
        out, gone = points[index], absent[index]
        if gone.size:
            if isinstance(kept, int) or isinstance(present, int):
                kept, present = (
                    np.full(rows, part.whole, dtype=np.int64),
                    np.full(rows, len(part.items), dtype=np.int16),
                )
            kept[gone] -= weight
            present[gone] -= 1
        np.multiply(out, count, out=step, dtype=step.dtype, casting="unsafe")
        if part.pick:
            _picked(part, total, step, gone, first=index == part.items[0])
        else:
            total += step
    if isinstance(present, int):
        enough = present > 0 and present >= part.at_least
        return total, kept, None if enough else np.zeros(rows, dtype=np.bool_)
    if part.pick:
        np.copyto(total, 0, where=present == 0)
    enough_rows = (present > 0) & (present >= part.at_least)
    return total, kept, None if enough_rows.all() else enough_rows


def _bound(points: Array) -> int:
    return max(int(points.max(initial=0)), -int(points.min(initial=0)))


def _picked(part: Part, total: Array, step: Array, gone: Array, *, first: bool) -> None:
    """Keep the best or worst in `total`; what is absent never is."""
    limit = np.iinfo(total.dtype)
    step[gone] = limit.min if part.pick == "best" else limit.max
    if first:
        total[:] = step
    else:
        (np.maximum if part.pick == "best" else np.minimum)(total, step, out=total)


def _extra(addition: Addition, points: Sequence[Array], gone: Sequence[Array]) -> Array | None:
    if not addition.items:
        return None
    total = np.zeros(len(points[addition.items[0]]), dtype=np.int64)
    for index, count, cap in zip(addition.items, addition.counts, addition.caps, strict=True):
        one = points[index].astype(np.int64) * count
        one[gone[index]] = 0
        total += one if cap is None else np.minimum(one, cap)
    return total if addition.cap is None else np.minimum(total, addition.cap)


class Totals(NamedTuple):
    """Declared totals of some rows and, in the same units, how large they are about: `near` is not further off than `error`."""

    declared: Array
    near: Array
    error: np.float64


def totals(adding: Adding, found: Sums, rows: int, tally: Tally) -> Totals:
    """The totals of a block, in units of their last digit; of rows without one any figure. `near` has no bounds yet."""
    scale = 10**adding.digits
    sizes: Array = np.zeros(rows)
    exact: Array = np.zeros(rows)
    below: Array = np.zeros(rows)
    for part, above, kept, applies in zip(adding.parts, found.above, found.kept, found.applies, strict=True):
        held = nearest(part.weight) * (
            np.asarray(kept) / nearest(Fraction(part.whole)) if part.shrinks else np.float64(1)
        )
        term = above * (held / (np.asarray(kept) * np.float64(part.below) if part.divides else np.float64(part.below)))
        if applies is not None:
            held, term = np.where(applies, held, 0), np.where(applies, term, 0)
        exact += term
        sizes += np.abs(term)
        below += held
    whole = _whole(adding, found)
    factor = whole / np.where(below == 0, 1, below) * np.float64(scale)
    exact *= factor
    sizes *= factor
    if found.extra is not None:
        more = found.extra / nearest(Fraction(adding.addition.below, scale))
        exact += more
        sizes += np.abs(more)
    error = nearest(Fraction(len(adding.parts) + 16, EXACT // 2)) * sizes.max(initial=0)
    out = _rounded(adding, found, exact, error, tally)
    if adding.most is not None:
        np.minimum(out, adding.most, out=out)
    if adding.least is not None:
        np.maximum(out, adding.least, out=out)
    return Totals(out, exact, error)


def _whole(adding: Adding, found: Sums) -> Array | np.float64:
    """The weights that are shared out: of all dimensions, or of those that apply."""
    if not adding.lost or all(one is None for one in found.applies):
        return nearest(adding.whole)
    parts = zip(adding.parts, found.applies, strict=True)
    return np.asarray(sum(nearest(part.weight) * (np.float64(1) if one is None else one) for part, one in parts))


def _rounded(adding: Adding, found: Sums, exact: Array, error: np.float64, tally: Tally) -> Array:
    moved = np.abs(exact)
    moved += nearest(offset_of(adding.mode))
    out = moved.astype(np.int64)
    np.negative(out, out=out, where=exact < 0)
    near = np.flatnonzero(np.abs(moved - np.rint(moved)) <= 2 * error)
    if near.size:
        out[near] = _decided(adding, found, near, exact[near], error, tally)
    return out


class Quotients(NamedTuple):
    """Totals of some rows, without bounds, as numerators over denominators modulo 2^64; no denominator is above `bound`."""

    above: Array
    below: Array
    bound: int


def quotients(adding: Adding, found: Sums, rows: Array) -> Quotients:
    """Numerator P and denominator Q of the totals of `rows`."""
    count = len(rows)
    one = np.ones(count, dtype=np.int64)
    scale = lcm(*(part.weight.denominator for part in adding.parts)) if adding.parts else 1
    full = lcm(*(part.whole for part in adding.parts if part.shrinks))
    above: list[Array] = []
    below: list[Array] = []
    held: Array = 0 * one
    shared: Array = 0 * one
    bound = full * sum(int(part.weight * scale) for part in adding.parts) * scale * adding.addition.below
    for part, n, kept, applies in zip(adding.parts, found.above, found.kept, found.applies, strict=True):
        weight = int(part.weight * scale)
        k: Array = kept * one if isinstance(kept, int) else kept[rows]
        here = one if applies is None else applies[rows].astype(np.int64)
        x = n[rows].astype(np.int64) * word(weight) * here
        y = np.where(here == 1, (k if part.divides else one) * word(part.below), 1)
        own = word(full) * one
        if part.shrinks:
            x, y, own = x * k, y * np.where(here == 1, word(part.whole), 1), word(full // part.whole) * k
        held = held + own * word(weight) * here
        shared = shared + word(weight) * here
        bound *= part.below * (part.whole if part.divides else 1) * (part.whole if part.shrinks else 1)
        above.append(x)
        below.append(y)
    weights: Array = shared if adding.lost else word(int(adding.whole * scale)) * one
    held = np.where(held == 0, 1, held)
    numerator: Array = 0 * one
    denominator: Array = held * word(scale * adding.addition.below)
    for mine, x in enumerate(above):
        for other, y in enumerate(below):
            x = x * y if other != mine else x  # noqa: PLW2901 - a product over the others
        numerator = numerator + x
    numerator = numerator * weights * word(full * adding.addition.below)
    for y in below:
        denominator = denominator * y
    if found.extra is not None:
        product = held * word(scale)
        for y in below:
            product = product * y
        numerator = numerator + found.extra[rows] * product
    return Quotients(numerator, denominator, bound)


def _decided(adding: Adding, found: Sums, rows: Array, exact: Array, error: np.float64, tally: Tally) -> Array:
    """Tier 2: the sign of what is left between P ÷ Q and a decision, modulo 2^64; fractions where that may not fit a word."""
    found_quotients = quotients(adding, found, rows)
    if 8 * found_quotients.bound * (Fraction(error.item()) + Fraction(1, WORD)) >= WORD:
        tally.exact += len(rows)
        scale = 10**adding.digits
        return np.array(
            [round_to_int(fraction_of(adding, found, row) * scale, adding.mode) for row in rows.tolist()],
            dtype=np.int64,
        )
    tally.whole += len(rows)
    numerator, denominator = found_quotients.above * word(10**adding.digits), found_quotients.below
    offset = int(2 * offset_of(adding.mode))
    small = np.abs(exact) <= 2 * error
    sign = np.where(small, np.sign(numerator), np.sign(exact).astype(np.int64))
    middle = np.rint(np.abs(exact) + nearest(Fraction(offset, 2))).astype(np.int64)
    residual = 2 * sign * numerator + word(offset) * denominator - 2 * middle * denominator
    return np.asarray(sign * np.maximum(beside(residual, middle, adding.mode), 0))


def fraction_of(adding: Adding, found: Sums, row: int) -> Fraction:
    """The total of one row as a fraction, without bounds."""
    together = held = shared = ZERO
    for part, above, kept, applies in zip(adding.parts, found.above, found.kept, found.applies, strict=True):
        if applies is not None and not applies[row]:
            continue
        k = kept if isinstance(kept, int) else int(kept[row])
        own = part.weight * Fraction(k, part.whole) if part.shrinks else part.weight
        together += own * Fraction(int(above[row]), part.below * (k if part.divides else 1))
        held, shared = held + own, shared + part.weight
    total = together * (shared if adding.lost else adding.whole) / (held or 1)
    return total if found.extra is None else total + Fraction(int(found.extra[row]), adding.addition.below)
