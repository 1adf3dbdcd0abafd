"""A million claims with floors and caps on columns, against hand-written numpy water-filling in the same run.

    python benchmarks/apportion_columns.py [CLAIMS …]

Ratios count, seconds only describe the machine. The numpy version decides floors and caps by float64 and knows no rule for
ties but the place; its shares are compared with ours. The function with mappings runs beside it (limit: 15 s for a million).
"""

import platform
import sys
import time
import tracemalloc
from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from perf.distribution import apportion_bounded
from perf.distribution.columns import apportion_columns
from perf.kernel.money import Money

ROUNDS = 5
Whole = NDArray[np.int64]


def case(count: int) -> tuple[int, Whole, Whole, Whole]:
    """A pool of about 5,000 yuan a head; claims with four decimals around 1; floors of 2,000 and caps near 9,000 yuan."""
    draw = np.random.default_rng(1)
    weights = np.round(draw.gamma(4, 0.25, count) * 10_000).astype(np.int64) + 1
    return count * 500_000 + 7, weights, np.full(count, 200_000), 900_000 + draw.integers(0, 100_000, count)


def numpy_water_filling(fund: int, weights: Whole, floors: Whole, caps: Whole) -> Whole:
    """The level by float64: freeze the worse side until nothing is off, then largest remainders by place."""
    shares = np.empty(len(weights), np.int64)
    free, left = np.arange(len(weights)), fund
    while len(free):
        own = weights[free]
        level = left / int(own.sum())
        quota = own * level
        low, high = floors[free], caps[free]
        under, over = quota < low, quota > high
        if not under.any() and not over.any():
            sizes = np.floor(quota).astype(np.int64)
            odd = left - int(sizes.sum())
            if odd > 0:
                sizes[np.argpartition(sizes - quota, odd)[:odd]] += 1
            shares[free] = sizes
            break
        lacking, excess = (low - quota)[under].sum(), (quota - high)[over].sum()
        frozen = under if lacking > excess else over
        shares[free[frozen]] = np.where(under, low, high)[frozen]
        left -= int(shares[free[frozen]].sum())
        free = free[~frozen]
    return shares


def best(run: Callable[[], object]) -> float:
    """The fastest of some rounds, in seconds."""
    times = list[float]()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def main(counts: list[int]) -> None:
    """Time all sizes, print the ratios."""
    print(f"{platform.python_implementation()} {platform.python_version()}, numpy {np.__version__}")
    for count in counts:
        fund, weights, floors, caps = case(count)
        ours = best(lambda: apportion_columns(fund, weights, floors, caps))  # noqa: B023
        peer = best(lambda: numpy_water_filling(fund, weights, floors, caps))  # noqa: B023
        tracemalloc.start()
        shares = apportion_columns(fund, weights, floors, caps)
        peak = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        off = int((shares != numpy_water_filling(fund, weights, floors, caps)).sum())
        ids = [f"{place:07d}" for place in range(count)]
        claims = {one: Fraction(weight, 10_000) for one, weight in zip(ids, weights.tolist(), strict=True)}
        least = {one: Money(fen) for one, fen in zip(ids, floors.tolist(), strict=True)}
        most = {one: Money(fen) for one, fen in zip(ids, caps.tolist(), strict=True)}
        start = time.perf_counter()
        mapped = apportion_bounded(Money(fund), claims, least, most)
        mapping = time.perf_counter() - start
        equal = [share.amount.fen for share in mapped.values()] == shares.tolist()
        print(
            f"{count:>9,} claims: columns {ours * 1000:8.1f} ms, numpy {peer * 1000:8.1f} ms, ratio {ours / peer:.2f} "
            f"(limit 3); {peak:.0f} MB; with mappings {mapping:.2f} s, equal: {equal}; numpy off in {off:,} shares"
        )


if __name__ == "__main__":
    main([int(arg) for arg in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
