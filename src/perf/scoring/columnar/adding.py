"""How the items of a scheme make a total, in whole numbers: what `totals` works with, compiled once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from perf.kernel.rounding import Rounding, round_to_int
from perf.scoring.columnar.support import NotColumnar
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
    """How the items of a scheme make a total; `bottom` and `top` bound it before it is rounded, `least` and `most` after."""

    parts: tuple[Part, ...]
    whole: Fraction
    lost: bool
    addition: Addition
    digits: int
    mode: Rounding
    least: int | None
    most: int | None
    bottom: Fraction | None
    top: Fraction | None


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
        rule.minimum,
        rule.maximum,
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
