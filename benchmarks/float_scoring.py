"""The limit: hand-written float64 scoring with numpy, in blocks that stay in the cache, in place, with threads.

Nothing here is exact; it is what an expert writes for speed.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from columnar_workload import BEST, COEFFICIENTS, GRADES, STEPS, ZERO, indicators

BLOCK = 8192


class Floats(NamedTuple):
    """Points (indicator, row), totals, grades (0 the lowest) and coefficients."""

    points: np.ndarray
    total: np.ndarray
    grade: np.ndarray
    coefficient: np.ndarray


def percent_rank(values: np.ndarray, groups: np.ndarray, count: int) -> np.ndarray:
    """Sort by value, then a stable radix sort by 16-bit group; NaN is not ranked."""
    present = np.flatnonzero(~np.isnan(values))
    order = present[np.argsort(values[present])]
    order = order[np.argsort(groups[order], kind="stable")]
    size = len(order)
    ordered, own = values[order], groups[order]
    members = np.bincount(own, minlength=count)
    start = np.cumsum(members) - members
    new = np.empty(size, dtype=bool)
    new[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    new[1:] |= own[1:] != own[:-1]
    first = np.maximum.accumulate(np.where(new, np.arange(size), 0))
    out = np.full(len(values), np.nan)
    out[order] = (first - start[own]) / np.maximum(members[own] - 1, 1)
    return out


def score_floats(above: np.ndarray, below: np.ndarray, groups: np.ndarray, into: Floats) -> None:
    """One month; `above` and `below` are float64 (indicator, row)."""
    rows = above.shape[1]
    rules = indicators()
    count = int(groups.max()) + 1
    levels = [0.0, *(float(points) for _, points in STEPS)]
    cuts = [float(at) for at, _ in STEPS]
    low, high, slope = float(BEST[0]), float(BEST[1]), 100 / (float(BEST[0]) - float(ZERO[0]))
    grade_cuts = np.array(sorted(float(least) for _, least in GRADES)[1:])
    coefficients = np.array([float(value) for _, value in COEFFICIENTS])
    buffer, further, flags = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK, dtype=bool)
    with np.errstate(all="ignore"):
        for k, rule in enumerate(rules):
            if rule.kind == "percentile":
                values = above[k] / below[k]
                values[below[k] == 0] = np.nan
                found = percent_rank(values, groups, count)
                found *= 100
                into.points[k] = found
        for start in range(0, rows, BLOCK):
            end = min(start + BLOCK, rows)
            total, weights = np.zeros(end - start), np.zeros(end - start)
            y, z, here = buffer[: end - start], further[: end - start], flags[: end - start]
            for k, rule in enumerate(rules):
                x = into.points[k, start:end]
                if rule.kind == "percentile":
                    np.equal(x, x, out=here)
                else:
                    np.divide(above[k, start:end], below[k, start:end], out=x)
                    np.greater(below[k, start:end], 0, out=here)
                    if rule.kind == "linear":
                        x -= rule.floor
                        x *= 100 / (rule.target - rule.floor)
                        np.clip(x, 0, 100, out=x)
                    elif rule.kind == "steps":
                        z.fill(levels[0])
                        for cut, one, other in zip(cuts, levels, levels[1:], strict=False):
                            np.greater_equal(x, cut, out=y)
                            y *= other - one
                            z += y
                        x[:] = z
                    else:
                        np.subtract(low, x, out=y)
                        np.maximum(y, 0, out=y)
                        np.subtract(x, high, out=x)
                        np.maximum(x, 0, out=x)
                        x += y
                        x *= -slope
                        x += 100
                        np.maximum(x, 0, out=x)
                    np.logical_not(here, out=here)
                    x[here] = np.nan
                    np.logical_not(here, out=here)
                np.multiply(x, rule.weight, out=y)
                np.copyto(y, 0.0, where=~here)
                total += y
                np.multiply(here, rule.weight, out=y)
                weights += y
            total /= weights
            into.total[start:end] = total
            grade = np.searchsorted(grade_cuts, total, side="right")
            into.grade[start:end] = grade
            into.coefficient[start:end] = coefficients[grade]


def room(rows: int) -> Floats:
    return Floats(np.empty((len(indicators()), rows)), np.empty(rows), np.empty(rows, dtype=np.int8), np.empty(rows))


def score_months(months: list[tuple[np.ndarray, np.ndarray, np.ndarray]], into: list[Floats], threads: int) -> None:
    """All months, each by one thread."""
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda pair: score_floats(*pair[0], pair[1]), zip(months, into, strict=True)))
