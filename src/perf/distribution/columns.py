"""Apportionment on columns: the same shares as `apportion_bounded`, fen for fen, for a million claims at once.

Whole numbers only. Every product stays below 2**63, or the function says that it is not for columns.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from perf.distribution.apportion import BoundsConflict
from perf.kernel.money import Money

Whole = NDArray[np.int64]
_ROOM: Final = 2**62
NO_CAP: Final = -1
"""In `caps`: this claim has none."""


class TooWide(ValueError):
    """The numbers do not fit 64 bits: use `apportion_bounded`."""


def apportion_columns(
    fund_fen: int,
    weights: Whole,
    floors: Whole | None = None,
    caps: Whole | None = None,
    *,
    odd_fen_received: Whole | None = None,
) -> Whole:
    """Split `fund_fen` by `weights`, every share raised to its floor or lowered to its cap.

    Args:
        fund_fen: Amount in fen, not negative.
        weights: n whole numbers, none negative, at least one positive; exact fractions times their common denominator.
        floors, caps: n amounts in fen, not negative; a cap of `NO_CAP` is none. Without weight a claim gets its floor.
        odd_fen_received: n counts of odd fen received this year; the fewest wins a tie, then the smaller place.
    Returns:
        n shares in fen that sum to `fund_fen`, equal to those of `apportion_bounded` for claims whose ids are in order.
    Raises:
        BoundsConflict: a floor over its cap, floors over the fund, caps under it. Its claims are places, as text.
        TooWide: max(weights) × sum(weights), or the fund, has no room in 64 bits.
        ValueError: a negative weight, or none positive.

    Source: ADR-0003, ADR-0004; time and memory grow with n.
    """
    total, low, high = _whole(fund_fen, weights, floors, caps)
    shares = low.copy()
    bare = weights == 0
    free = np.flatnonzero(~bare)
    left = fund_fen - int(low[bare].sum())
    while len(free):
        own = weights[free]
        total = int(own.sum())
        whole, part = divmod(left, total)
        sizes, rest = np.divmod(own * part, total)
        sizes += own * whole
        under = sizes < low[free]
        over = (sizes > high[free]) | ((sizes == high[free]) & (rest > 0))
        if not under.any() and not over.any():
            shares[free] = sizes
            _hand_out(shares, free, rest, left - int(sizes.sum()), odd_fen_received)
            break
        is_lacking, is_over = _worse(own, low[free], high[free], under=under, over=over, left=left, total=total)
        fixed = np.zeros(len(free), bool)
        if is_lacking:
            shares[free[under]] = low[free[under]]
            fixed |= under
        if is_over:
            shares[free[over]] = high[free[over]]
            fixed |= over
        left -= int(shares[free[fixed]].sum())
        free = free[~fixed]
    return shares


def _whole(fund_fen: int, weights: Whole, floors: Whole | None, caps: Whole | None) -> tuple[int, Whole, Whole]:
    """The sum of the weights, and bounds for everybody, checked."""
    if len(weights) == 0 or int(weights.min()) < 0:
        raise ValueError("a weight is negative" if len(weights) else "no claim has a weight")
    total = _sum_of(weights)
    if total == 0:
        raise ValueError("no claim has a weight")
    if fund_fen < 0 or int(weights.max()) * total >= _ROOM or fund_fen >= _ROOM // 2:
        raise TooWide("fund or weights do not fit 64 bits")
    low = np.zeros(len(weights), np.int64) if floors is None else np.maximum(floors, 0)
    high = np.full(len(weights), fund_fen, np.int64)
    if caps is not None:
        capped = caps != NO_CAP
        crossed = np.flatnonzero(capped & (caps < low))
        if len(crossed):
            first = int(crossed[0])
            names = [str(place) for place in crossed]
            bound, available = Money(int(low[first])), Money(int(caps[first]))
            raise BoundsConflict("floor_over_cap", names, bound=bound, available=available)
        high[capped] = np.minimum(caps[capped], fund_fen)
    _require_feasible(fund_fen, weights, low, high)
    return total, low, high


def _require_feasible(fund_fen: int, weights: Whole, low: Whole, high: Whole) -> None:
    floors = _sum_of(low)
    if floors > fund_fen:
        order = np.argsort(-low, kind="stable")
        fewest = int(np.searchsorted(np.cumsum(low[order]), fund_fen, side="right")) + 1
        names = [str(place) for place in np.sort(order[:fewest])]
        raise BoundsConflict("floors_over_fund", names, bound=Money(floors), available=Money(fund_fen))
    reach = _sum_of(np.where(weights > 0, high, low))
    if reach < fund_fen:
        names = [str(place) for place in np.flatnonzero(weights)]
        raise BoundsConflict("caps_under_fund", names, bound=Money(reach), available=Money(fund_fen))


def _worse(
    own: Whole, low: Whole, high: Whole, *, under: NDArray[np.bool_], over: NDArray[np.bool_], left: int, total: int
) -> tuple[bool, bool]:
    """Whether the floors, the caps or both are off by more, compared exactly."""
    lacking = int(low[under].sum()) * total - int(own[under].sum()) * left
    excess = int(own[over].sum()) * left - int(high[over].sum()) * total
    return lacking >= excess, excess >= lacking


def _hand_out(shares: Whole, free: Whole, rest: Whole, units: int, odd_fen_received: Whole | None) -> None:
    """One fen more for the `units` largest remainders; ties by fewest odd fen this year, then by place."""
    if not units:
        return
    edge = np.partition(rest, len(rest) - units)[len(rest) - units]
    above, tied = rest > edge, np.flatnonzero(rest == edge)
    shares[free[above]] += 1
    wanted = units - int(above.sum())
    if odd_fen_received is not None:
        tied = tied[np.argsort(odd_fen_received[free[tied]], kind="stable")]
    shares[free[tied[:wanted]]] += 1


def _sum_of(values: Whole) -> int:
    """The sum, in Python's whole numbers where 64 bits might not hold it."""
    if len(values) * max(int(values.max()), 1) < _ROOM:
        return int(values.sum())
    return sum(int(part.sum(dtype=object)) for part in np.array_split(values.astype(object), 64))
