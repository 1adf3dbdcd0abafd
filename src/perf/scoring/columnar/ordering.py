"""Totals before rounding in their exact order: floats where they lie apart, whole numbers where they are close.

Floats of totals are off by no more than a known error: two that lie further apart than twice that are in order. Runs of closer ones
are put in order by the sign of P·Q' − P'·Q: it is Q·Q' times a difference no larger than four errors, and where that fits a word arithmetic
modulo 2^64 gives it exactly. Runs that turn out to be in another order, or whose denominators are too long, are sorted as fractions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from perf.scoring.columnar.adding import ZERO, Adding
from perf.scoring.columnar.places import Keys, Peers
from perf.scoring.columnar.ratios import WORD, Array, Mask
from perf.scoring.columnar.settling import ULP, nearest, word
from perf.scoring.columnar.tally import Tally
from perf.scoring.columnar.totals import Sums, Totals, fraction_of, quotients


@dataclass(slots=True)
class Nearly:
    """About how large the totals of a slice are, in units of their last digit.

    Attributes:
        near: Floats, without the bounds of the total.
        zero: Rows whose total a veto makes nothing.
        errors: By the first row of a block, how far its floats may be off.
    """

    near: Array
    zero: Mask
    errors: dict[int, np.float64]

    @classmethod
    def of(cls, count: int) -> "Nearly":
        """Of `count` rows, not known yet."""
        return cls(np.zeros(count), np.zeros(count, dtype=np.bool_), {})

    def take(self, rows: slice, given: Totals, zero: Mask | None) -> None:
        """Keep what a block gives."""
        self.near[rows] = given.near
        self.errors[rows.start] = given.error
        if zero is not None:
            self.zero[rows] = zero


@dataclass(frozen=True, slots=True)
class _Bounded:
    """The floats between the bounds of the total; `error` holds for them too."""

    adding: Adding
    nearly: Nearly
    error: np.float64
    values: Array


def keys_of_exact(
    adding: Adding, nearly: Nearly, some: Callable[[Array], Sums], has_total: Mask, peers: Peers, tally: Tally
) -> Keys:
    """Numbers that compare the exact totals within every group, the best first.

    Args:
        adding: The scheme.
        nearly: What the blocks have found.
        some: Rows -> what makes their totals.
        has_total: The rows that have one.
        peers: Only members of one group are compared.
        tally: Counts the totals that are looked at again.
    """
    bounded = _bounded(adding, nearly)
    rows = np.flatnonzero(has_total)
    order = rows[np.lexsort((-bounded.values[rows], peers.codes[rows]))]
    together = peers.codes[order][1:] == peers.codes[order][:-1]
    close = together & (bounded.values[order][:-1] - bounded.values[order][1:] <= 2 * bounded.error)
    new = np.ones(len(order), dtype=np.bool_)
    if close.any():
        starts = np.flatnonzero(np.append(close, [False]) & ~np.append([False], close))
        ends = np.flatnonzero(np.append([False], close) & ~np.append(close, [False])) + 1
        _settle(bounded, order, new, close, np.column_stack([starts, ends]), some, tally)
    keys = np.full(peers.count, len(order), dtype=np.int64)
    keys[order] = np.cumsum(new) - 1
    return Keys(keys, len(order))


def _bounded(adding: Adding, nearly: Nearly) -> _Bounded:
    scale = 10**adding.digits
    values, error = nearly.near.copy(), max(nearly.errors.values(), default=np.float64(0))
    for bound, clip in ((adding.bottom, np.maximum), (adding.top, np.minimum)):
        if bound is not None:
            clip(values, nearest(bound * scale), out=values)
            error += nearest(2 * ULP * abs(bound) * scale)
    values[nearly.zero] = 0
    return _Bounded(adding, nearly, error, values)


def _settle(
    bounded: _Bounded, order: Array, new: Mask, close: Mask, runs: Array, some: Callable[[Array], Sums], tally: Tally
) -> None:
    """Put runs of close totals in order, in place; `new`: where a lower total begins."""
    inside = np.zeros(len(order), dtype=np.bool_)
    inside[:-1] |= close
    inside[1:] |= close
    places = np.flatnonzero(inside)
    sums = some(order[places])
    at = np.zeros(len(order), dtype=np.int64)
    at[places] = np.arange(len(places))
    residual = _residuals(bounded, order[places], sums)
    if residual is None:
        unsettled = runs
        tally.exact += len(places)
    else:
        tally.whole += len(places)
        pairs = np.flatnonzero(close)
        between = residual[at[pairs]]
        new[pairs + 1] = between != 0
        wrong = pairs[between < 0]
        unsettled = runs[np.unique(np.searchsorted(runs[:, 0], wrong, side="right") - 1)]
        tally.exact += int((unsettled[:, 1] - unsettled[:, 0]).sum())
    for start, end in unsettled.tolist():
        mine = order[start:end]
        figures = [_exact(bounded, sums, int(row), k) for row, k in zip(mine, at[start:end].tolist(), strict=True)]
        ranked = sorted(range(len(figures)), key=lambda k: figures[k], reverse=True)
        order[start:end] = mine[ranked]
        for k in range(1, len(ranked)):
            new[start + k] = figures[ranked[k]] != figures[ranked[k - 1]]


def _residuals(bounded: _Bounded, rows: Array, sums: Sums) -> Array | None:
    """Of every row and the one after it: a number of the sign of their difference; None: it may not fit a word."""
    adding = bounded.adding
    count = len(rows)
    found = quotients(adding, sums, np.arange(count))
    ends = [bound for bound in (adding.bottom, adding.top) if bound is not None]
    longest = max([found.bound, *(bound.denominator for bound in ends)])
    if 16 * longest * longest * (Fraction(bounded.error.item()) + Fraction(1, WORD)) >= WORD:
        return None
    above, below = found.above.copy(), found.below.copy()
    near = bounded.nearly.near[rows]
    for bound, sign in ((adding.bottom, 1), (adding.top, -1)):
        if bound is None:
            continue
        beyond = (nearest(bound * 10**adding.digits) - near) * sign
        left = sign * (found.below * word(bound.numerator) - found.above * word(bound.denominator))
        outside = np.where(np.abs(beyond) <= 2 * bounded.error, left > 0, beyond > 0)
        above[outside], below[outside] = word(bound.numerator), word(bound.denominator)
    zero = bounded.nearly.zero[rows]
    above[zero], below[zero] = 0, 1
    return np.append(above[:-1] * below[1:] - above[1:] * below[:-1], [0])


def _exact(bounded: _Bounded, sums: Sums, row: int, k: int) -> Fraction:
    """The total of one row, `k` of `sums`, within its bounds."""
    adding = bounded.adding
    if bounded.nearly.zero[row]:
        return ZERO
    total = fraction_of(adding, sums, k)
    if adding.bottom is not None and total < adding.bottom:
        return adding.bottom
    return adding.top if adding.top is not None and total > adding.top else total
