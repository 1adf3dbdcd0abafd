"""Ten thousand claims with floors and caps: the integer apportionment against a plain loop on fractions, in one run.

    python benchmarks/apportion.py [CLAIMS]

Ratios count, seconds only describe the machine. The plain loop is what one would write first: freeze whoever is out of
bounds, start again, hand out the odd fen one by one from a sorted list, all on `Fraction`.
"""

import platform
import random
import sys
import time
from collections.abc import Callable, Mapping
from fractions import Fraction

from perf.distribution import apportion, apportion_bounded
from perf.kernel.money import Money

ROUNDS = 5


def case(count: int) -> tuple[Money, dict[str, Fraction], dict[str, Money], dict[str, Money]]:
    """A pool of about 5,000 yuan a head; claims with four decimals around 1; floors of 2,000 and caps near 9,000 yuan."""
    draw = random.Random(1)
    weights = {f"{n:06d}": Fraction(round(draw.gammavariate(4, 0.25) * 10_000) + 1, 10_000) for n in range(count)}
    floors = dict.fromkeys(weights, Money(200_000))
    caps = {claim: Money(900_000 + draw.randrange(100_000)) for claim in weights}
    return Money(count * 500_000 + 7), weights, floors, caps


def plain(
    fund: Money, weights: Mapping[str, Fraction], floors: Mapping[str, Money], caps: Mapping[str, Money]
) -> dict[str, Money]:
    """The same result by fractions alone."""
    free, left, shares = set(weights), Fraction(fund.fen), dict[str, int]()
    while free:
        level = left / sum(weights[c] for c in free)
        low = {c: floors[c].fen for c in free if level * weights[c] < floors[c].fen}
        high = {c: caps[c].fen for c in free if level * weights[c] > caps[c].fen}
        if not low and not high:
            break
        lacking = sum(bound - level * weights[c] for c, bound in low.items())
        excess = sum(level * weights[c] - bound for c, bound in high.items())
        frozen = {**(low if lacking >= excess else {}), **(high if excess >= lacking else {})}
        shares.update(frozen)
        left -= sum(frozen.values())
        free -= set(frozen)
    level = left / sum(weights[c] for c in free) if free else Fraction(0)
    shares.update({c: int(level * weights[c]) for c in free})
    odd = fund.fen - sum(shares.values())
    for claim in sorted(free, key=lambda c: (shares[c] - level * weights[c], c))[:odd]:
        shares[claim] += 1
    return {claim: Money(shares[claim]) for claim in weights}


def best(run: Callable[[], object]) -> float:
    """The fastest of some rounds, in seconds."""
    times = list[float]()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def main(count: int) -> None:
    fund, weights, floors, caps = case(count)
    ours = {claim: share.amount for claim, share in apportion_bounded(fund, weights, floors, caps).items()}
    assert ours == plain(fund, weights, floors, caps)
    assert sum(share.fen for share in ours.values()) == fund.fen
    bounded = best(lambda: apportion_bounded(fund, weights, floors, caps))
    free = best(lambda: apportion(fund, weights))
    peer = best(lambda: plain(fund, weights, floors, caps))
    print(f"{platform.python_implementation()} {platform.python_version()} · {platform.machine()} · {count:,} claims")
    print(f"floors and caps   {bounded * 1000:8.1f} ms   {count / bounded:12,.0f} claims/s")
    print(f"without bounds    {free * 1000:8.1f} ms   {count / free:12,.0f} claims/s")
    print(f"plain fractions   {peer * 1000:8.1f} ms   {peer / bounded:.1f} × the time, same shares to the fen")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
