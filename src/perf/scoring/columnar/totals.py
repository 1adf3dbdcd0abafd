"""Dimensions and totals of many rows: whole numbers over whole numbers, rounded once.

A dimension's share of its full points is N ÷ (L·K) in whole numbers: N = Σ L·(weight ÷ out_of)·points, K the weights of the items
that are present. Tier 1 adds these quotients as floats: no term goes through more than 14 roundings, so that the sum is wrong by at most
(terms + 16)·2^-52 of the sizes added up. Rows that come within twice that of a decision go to tier 2: the total is P ÷ Q in whole
numbers that may be longer than a word, but what is left between P and the nearest decision is short (see `settling`), so that
arithmetic modulo 2^64 gives its sign.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from perf.kernel.rounding import Rounding, round_to_int
from perf.scoring.columnar.ratios import WORD, Array
from perf.scoring.columnar.settling import EXACT, beside, nearest, offset_of, word
from perf.scoring.columnar.support import NotColumnar
from perf.scoring.columnar.tally import Tally
from perf.specs.models import Dimension, Extra, SchemeVersion

ZERO = Fraction(0)
HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Part:
    """A dimension in whole numbers.

    Attributes:
        items: Indices of its scored items.
        counts: What a unit of the points of each adds to N.
        below: L, with everything that is the same for all rows.
        weights: Of the items, in whole numbers.
        whole: Σ weights.
        weight: Of the dimension.
        largest: N is no larger.
        pick: The best or worst item alone counts.
        divides: K divides N: what is present takes over the weight of what is not.
        shrinks: The weight of the dimension is K ÷ Σ weights of what it was (missing_weight: overall).
    """

    items: tuple[int, ...]
    counts: tuple[int, ...]
    below: int
    weights: tuple[int, ...]
    whole: int
    weight: Fraction
    largest: int
    pick: str
    divides: bool
    shrinks: bool
    at_least: int


@dataclass(frozen=True, slots=True)
class Addition:
    """Extra points in whole numbers over `below`: items, what a unit of each counts, their caps, and the cap of all."""

    items: tuple[int, ...]
    counts: tuple[int, ...]
    caps: tuple[int | None, ...]
    cap: int | None
    below: int


@dataclass(frozen=True, slots=True)
class Adding:
    """How the items of a scheme make a total."""

    parts: tuple[Part, ...]
    whole: Fraction
    lost: bool
    addition: Addition
    digits: int
    mode: Rounding
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Sums:
    """Of some rows: N of each dimension, K where items are absent, which dimensions apply, and the extra points."""

    above: list[Array]
    kept: list[Array | int]
    applies: list[Array | None]
    extra: Array | None


def adding_of(
    version: SchemeVersion,
    indices: Mapping[str, Sequence[int]],
    counted: Sequence[bool],
    digits: Sequence[int],
    extras: Sequence[int],
) -> Adding:
    """The additions of a scheme.

    Args:
        version: The scheme.
        indices: Dimension -> index of each item.
        counted: Index -> whether the item takes weight.
        digits: Index -> digits of its points.
        extras: Index of each extra.
    Raises:
        NotColumnar: a way of combining that is no sum, or figures that are not rounded.
    """
    rule = version.total
    if version.by_post or rule.combine != "sum" or rule.digits == "exact" or rule.digits < 0:
        raise NotColumnar("total")
    bounds = [
        round_to_int(one * 10**rule.digits, rule.rounding) if one is not None else None
        for one in (rule.minimum, rule.maximum)
    ]
    least, most = bounds
    if rule.minimum is not None and rule.maximum is not None and rule.minimum > rule.maximum:
        raise NotColumnar("bounds")
    parts = tuple(_part(version, d, indices[d.code], counted, digits) for d in version.dimensions)
    whole = sum((part.weight for part in parts), ZERO)
    return Adding(
        parts,
        whole,
        version.missing_dimension == "lost",
        _addition(version.extra, version.extra_cap, extras, digits),
        rule.digits,
        rule.rounding,
        least,
        most,
    )


def _part(
    version: SchemeVersion, dimension: Dimension, indices: Sequence[int], counted: Sequence[bool], digits: Sequence[int]
) -> Part:
    if dimension.combine == "geometric" or dimension.weight <= 0:
        raise NotColumnar("geometric")
    is_sum, pick = dimension.combine == "sum", dimension.combine if dimension.combine in ("best", "worst") else ""
    scored = [(item, index) for item, index in zip(dimension.items, indices, strict=True) if counted[index]]
    weights = [item.out_of if is_sum else item.weight for item, _ in scored]
    if dimension.combine in ("mean", "best", "worst"):
        weights = [Fraction(1)] * len(scored)
    if any(weight <= 0 for weight in weights) or any(item.out_of <= 0 for item, _ in scored):
        raise NotColumnar("weights")
    full = sum(weights, ZERO) if scored else HUNDRED
    raised = lcm(*(w.denominator for w in weights)) if weights else 1
    each = [
        (Fraction(1) if is_sum or pick else weight) / (Fraction(1) if is_sum else item.out_of) / 10 ** digits[index]
        for (item, index), weight in zip(scored, weights, strict=True)
    ]
    below = lcm(*(one.denominator for one in each)) if each else 1
    counts = tuple(int(one * below) for one in each)
    divides = not (is_sum or pick or version.missing_weight == "none")
    shrinks = version.missing_weight == "overall" and not is_sum
    # share of the full points = N ÷ below ÷ K (K in words of 1 ÷ raised), or ÷ full where nothing is taken over
    lower = Fraction(below, raised) if divides else Fraction(below) * (Fraction(1) if pick else full)
    if lower.denominator != 1:
        counts = tuple(count * lower.denominator for count in counts)
    largest = sum(abs(count) for count in counts) << 31
    items = tuple(index for _, index in scored)
    words = tuple(int(w * raised) for w in weights)
    return Part(
        items,
        counts,
        lower.numerator,
        words,
        sum(words) or 1,
        dimension.weight,
        largest,
        pick,
        divides,
        shrinks,
        dimension.at_least,
    )


def _addition(extra: Sequence[Extra], cap: Fraction | None, indices: Sequence[int], digits: Sequence[int]) -> Addition:
    caps = [one.cap for one in extra]
    below = lcm(
        *(10 ** digits[index] for index in indices), *(one.denominator for one in (*caps, cap) if one is not None)
    )
    counts = tuple(below // 10 ** digits[index] for index in indices)
    whole = tuple(int(one * below) if one is not None else None for one in caps)
    return Addition(tuple(indices), counts, whole, int(cap * below) if cap is not None else None, below)


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
        np.multiply(out, count, out=step, casting="unsafe")
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


def totals(adding: Adding, found: Sums, rows: int, tally: Tally) -> Array:
    """The declared totals of a block, in units of their last digit; of rows without one any figure."""
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
    out = _rounded(
        adding, found, exact, nearest(Fraction(len(adding.parts) + 16, EXACT // 2)) * sizes.max(initial=0), tally
    )
    if adding.most is not None:
        np.minimum(out, adding.most, out=out)
    if adding.least is not None:
        np.maximum(out, adding.least, out=out)
    return out


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
        tally.whole += near.size
        out[near] = _decided(adding, found, near, exact[near], error)
    return out


def _decided(adding: Adding, found: Sums, rows: Array, exact: Array, error: np.float64) -> Array:
    """Tier 2: numerator P and denominator Q of the total, modulo 2^64, and the sign of what is left between them.

    Raises:
        NotColumnar: Q is so long that what is left may not fit a word.
    """
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
    if 8 * bound * (Fraction(error.item()) + Fraction(1, WORD)) >= WORD:
        raise NotColumnar("totals")
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
    numerator = numerator * word(10**adding.digits)
    offset = int(2 * offset_of(adding.mode))
    small = np.abs(exact) <= 2 * error
    sign = np.where(small, np.sign(numerator), np.sign(exact).astype(np.int64))
    middle = np.rint(np.abs(exact) + nearest(Fraction(offset, 2))).astype(np.int64)
    residual = 2 * sign * numerator + word(offset) * denominator - 2 * middle * denominator
    return np.asarray(sign * np.maximum(beside(residual, middle, adding.mode), 0))
