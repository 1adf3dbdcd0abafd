"""What is usual in very many rows of figures at once: floats say what is surely usual or surely far, fractions all else.

Let s be the spread of a row (its deviation, a twentieth of its median, or the least one), u = 2⁻⁵³. The median lies
between two figures whose distance is at most twice the deviation, so these and the median itself are at most 21 s. Each
figure is off by u of itself, so the median by at most 43 us, a distance d from it by at most 64 us + 2 ud, and, as the
order of rounded figures is theirs, the deviation and the spread by at most 72 us. How far a figure is, d over the limit
times s, is therefore off by less than 128 u (1 + that); `DOUBT` is sixty-four times as much, and no more than this is taken
for granted (ADR-0036). It holds for floats that are relatively exact: a row with inf is nobody's but the fractions'.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from perf.excel.near_figures import NearFigures
from perf.kernel.robust import LEAST_SHARE, LIMIT, UsualRange, range_around, usual_range

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
DOUBT = 2.0**-40
_FEW = 64
_SHARE, _LIMIT = float(LEAST_SHARE), float(LIMIT)


class UsualRows(NamedTuple):
    """Of each row its median, how far from it figures are usual, and how many figures it has."""

    medians: Floats
    reaches: Floats
    counts: Indices


def usual_rows(table: Floats, least: Floats) -> UsualRows:
    """The usual ranges of the rows of a table; nan for a row with inf, of which floats tell nothing.

    Args:
        table: A row each, nan where it has no figure.
        least: The least spread of each row.
    """
    counts = table.shape[1] - np.isnan(table).sum(axis=1)
    with np.errstate(invalid="ignore"):
        medians = _middles(np.sort(table, axis=1), counts)
        away = np.abs(table - medians[:, None])
        away.sort(axis=1)
        medians[np.isinf(table).any(axis=1)] = np.nan  # sorted where it does not belong
        spreads = np.maximum(np.maximum(_middles(away, counts), np.abs(medians) * _SHARE), least)
    return UsualRows(medians, spreads * _LIMIT, counts)


def _middles(ordered: Floats, counts: Indices) -> Floats:
    low = np.maximum(counts - 1, 0) // 2
    high = np.minimum(counts // 2, ordered.shape[1] - 1)
    both = np.take_along_axis(ordered, np.stack([low, high], axis=1), axis=1)
    found: Floats = both[:, 0] / 2 + both[:, 1] / 2
    return found


def how_far(values: Floats, medians: Floats, reaches: Floats) -> Floats:
    """The distance from the median, where the end of what is usual is 1; nan where nobody can tell but the fractions."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.abs(values - medians) / reaches
    found[~np.isfinite(found)] = np.nan
    return found


def doubt_of(distances: Floats) -> Floats:
    """How much two such distances may be off together."""
    return DOUBT * 2 * (1 + distances)


def exact_range(near: NearFigures, indices: Indices, least_spread: Fraction) -> UsualRange | None:
    """The usual range of some of the figures, exact: only those around the middle are looked at as fractions."""
    floats = near.floats[indices]
    if len(indices) <= _FEW or not np.isfinite(floats).all():
        return usual_range([near.exact(index) for index in indices.tolist()], least_spread=least_spread)

    def median_of(floats: Floats, doubt: float, told: Callable[[Fraction], Fraction]) -> Fraction:
        middle = (len(floats) - 1) // 2
        ranks = sorted({middle, len(floats) // 2})
        at = np.partition(floats, ranks)[ranks]
        inside = (floats >= at[0] - doubt) & (floats <= at[-1] + doubt)
        below = int((floats < at[0] - doubt).sum())
        known: dict[float, Fraction] = {}
        values = []
        for index in indices[inside].tolist():
            value, number = float(near.floats[index]), near.others.get(index)
            if number is None and (number := known.get(value)) is None:
                number = known[value] = near.exact(index)
            values.append(told(number))
        values.sort()
        return sum((values[rank - below] for rank in ranks), Fraction(0)) / len(ranks)

    middle = median_of(floats, 0.0, lambda number: number)
    away = np.abs(floats - float(middle))
    spread = float(np.median(away)) + abs(float(middle))
    return range_around(middle, median_of(away, DOUBT * spread, lambda number: abs(number - middle)), least_spread)
