"""Weights: what is left of the nominal ones once items that do not apply have given theirs away."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from perf.formulas.arithmetic import ZERO
from perf.specs.models import MissingDimension, MissingWeight


@dataclass(frozen=True, slots=True)
class Nominal:
    """A dimension before re-sharing: its weight, its items' weights (0 = only shown) and which of them are present.

    `is_sum`: points are added as they stand, so that no item takes over what another does not earn.
    """

    weight: Fraction
    items: tuple[Fraction, ...]
    present: tuple[bool, ...]
    at_least: int
    is_sum: bool = False

    @property
    def applies(self) -> bool:
        """Whether enough items are present."""
        count = sum(self.present)
        return count > 0 and count >= self.at_least

    @property
    def full(self) -> Fraction:
        """Σ weight of all items."""
        return sum(self.items, ZERO)

    @property
    def kept(self) -> Fraction:
        """Σ weight of the present items."""
        return sum((w for w, here in zip(self.items, self.present, strict=True) if here), ZERO)

    @property
    def held(self) -> Fraction:
        """The part of the dimension's own weight that its present items hold; a sum holds all of it."""
        if self.is_sum:
            return self.weight if self.applies else ZERO
        return self.weight * self.kept / self.full if self.applies and self.full else ZERO


@dataclass(frozen=True, slots=True)
class Used:
    """A dimension after re-sharing; None: absent. An item's share of the dimension is its weight ÷ `basis`."""

    weight: Fraction | None
    items: tuple[Fraction | None, ...]
    basis: Fraction


def reshare(dimensions: Sequence[Nominal], mode: MissingWeight, absent: MissingDimension) -> list[Used]:
    """The weights that are used.

    Args:
        dimensions: All dimensions of a scheme, in its order.
        mode: Where the weight of an item goes that does not apply. `within_dimension`: to the other items of the
            dimension. `overall`: to all present items of the scheme in proportion. `none`: it is lost.
        absent: Where the weight of a dimension goes that does not apply: to the `others`, or it is `lost`.
    Returns:
        One entry for each dimension. Used weights of dimensions sum to the nominal ones of all dimensions (`others`) or
        of those that apply (`lost`).
    """
    whole = sum((d.weight for d in dimensions if d.applies or absent == "others"), ZERO)
    if mode == "overall":
        left = sum((d.held for d in dimensions), ZERO)
        factor = whole / left if left else Fraction(1)
        return [_used(d, d.held * factor if d.applies else None, factor) for d in dimensions]
    left = sum((d.weight for d in dimensions if d.applies), ZERO)
    grown = whole / left if left else Fraction(1)
    if mode == "none":
        return [_as_stated(d, d.weight * grown) for d in dimensions]
    return [
        _used(d, d.weight * grown if d.applies else None, d.full / d.kept if d.kept else Fraction(1))
        for d in dimensions
    ]


def _used(dimension: Nominal, weight: Fraction | None, factor: Fraction) -> Used:
    """Every present item's weight times `factor`; those of a sum stay as they are."""
    if dimension.is_sum and weight is not None:
        return _as_stated(dimension, weight)
    items = tuple(
        w * factor if here and weight is not None else None
        for w, here in zip(dimension.items, dimension.present, strict=True)
    )
    return Used(weight, items, dimension.kept * factor)


def _as_stated(dimension: Nominal, weight: Fraction) -> Used:
    """Present items keep their nominal weights; the basis stays that of all items."""
    if not dimension.applies:
        return Used(None, tuple(None for _ in dimension.items), dimension.full)
    items = tuple(w if here else None for w, here in zip(dimension.items, dimension.present, strict=True))
    return Used(weight, items, dimension.full)
