"""Apportionment: a fund split by weights to the last fen, with floors and caps. Integers only (ADR-0003, ADR-0004)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import lcm
from types import MappingProxyType
from typing import Literal, NamedTuple

from perf.distribution.divisors import METHODS as _AVERAGES
from perf.distribution.divisors import Method, by_highest_averages
from perf.kernel.money import FEN_PER_YUAN, Money

Rounding = Literal["largest_remainder", "first"] | Method
"""Who gets the fen that are left when shares are whole: see ADR-0003."""
Bound = Literal["", "floor", "cap"]
Conflict = Literal["floor_over_cap", "floors_over_fund", "caps_under_fund"]
_NOBODY: Mapping[str, int] = MappingProxyType({})
# a cap of a claw-back is the floor of what is taken, and the other way round
_MIRRORED: Mapping[Bound, Bound] = MappingProxyType({"": "", "floor": "cap", "cap": "floor"})
_NO_BOUNDS: Mapping[str, Money] = MappingProxyType({})


class Share(NamedTuple):
    """What one claim gets.

    Attributes:
        amount: The share, in fen.
        quota_numerator, quota_denominator: The exact share before rounding, in fen.
        bound: The bound that held, if one did; the quota is then the bound.
        odd_fen: Fen that the rounding added (for a negative fund: took) beyond the quota rounded towards zero; below zero
            where highest averages left a claim less.
    """

    amount: Money
    quota_numerator: int
    quota_denominator: int
    bound: Bound = ""
    odd_fen: int = 0

    @property
    def quota(self) -> Fraction:
        """The exact share in yuan before rounding."""
        return Fraction(self.quota_numerator, self.quota_denominator * FEN_PER_YUAN)


class BoundsConflict(ValueError):
    """Floors and caps cannot be met together. `claims` is the smallest set that conflicts; the text names nobody."""

    def __init__(self, kind: Conflict, claims: Sequence[str], *, bound: Money, available: Money) -> None:
        super().__init__(f"{kind}: {len(claims)} claims conflict")
        self.kind = kind
        self.claims = tuple(claims)
        self.bound = bound
        self.available = available

    @property
    def difference(self) -> Money:
        """By how much all bounds together miss what is available."""
        return self.bound - self.available


def apportion(
    fund: Money,
    weights: Mapping[str, Fraction],
    *,
    odd_fen_received: Mapping[str, int] = _NOBODY,
    unit_fen: int = 1,
    leftover_to: str = "",
    method: Rounding = "largest_remainder",
) -> dict[str, Money]:
    """Split `fund` in proportion to `weights` by the largest-remainder method.

    Args:
        fund: Amount to hand out, in fen; negative for a claw-back.
        weights: Claim -> weight (dimensionless); none negative, at least one positive.
        odd_fen_received: Claim -> odd fen received this year; the fewest wins a tie, then the smaller id.
        unit_fen: Shares are whole multiples of it; what is smaller than one unit is not handed out.
        leftover_to: A claim or any other name that takes the whole balance (倒挤); then no method.
        method: `largest_remainder` · `first`: all leftover units to the first of the claims (in the order of ties) with
            room · `jefferson`, `webster`, `huntington_hill`: highest averages.
    Returns:
        Claim -> share, in the order of `weights` (then `leftover_to`). Shares sum to `fund` exactly (with `unit_fen`
        and without `leftover_to`: to its whole units); each is within one unit of `fund * weight / sum(weights)`.
    Raises:
        ValueError: a negative weight, or all weights zero.

    Leftover fen go to the largest fractional parts, ties by the stated rule, so the order of
    the input does not matter. Source: ADR-0003.
    """
    shares = apportion_bounded(
        fund, weights, odd_fen_received=odd_fen_received, unit_fen=unit_fen, leftover_to=leftover_to, method=method
    )
    return {claim: share.amount for claim, share in shares.items()}


def apportion_bounded(
    fund: Money,
    weights: Mapping[str, Fraction],
    floors: Mapping[str, Money] = _NO_BOUNDS,
    caps: Mapping[str, Money] = _NO_BOUNDS,
    *,
    odd_fen_received: Mapping[str, int] = _NOBODY,
    unit_fen: int = 1,
    leftover_to: str = "",
    method: Rounding = "largest_remainder",
) -> dict[str, Share]:
    """Split `fund` so that every share is one common level times its weight, raised to its floor or lowered to its cap.

    Args:
        fund: Amount to hand out, in fen; negative for a claw-back.
        weights: Claim -> weight; none negative, at least one positive. Weight zero earns the floor, else nothing.
        floors, caps: Claim -> smallest and largest share, signed like the fund; no entry = no bound. With `unit_fen`
            floors are raised and caps lowered to whole units.
        odd_fen_received, unit_fen, leftover_to, method: As in `apportion`; the balance given to `leftover_to` knows no cap.
    Returns:
        Claim -> share with quota, bound and odd fen. Floors and caps are met exactly; the free shares are rounded by
        largest remainder; the sum is exact as in `apportion`.
    Raises:
        BoundsConflict: a floor over its cap, floors over the fund, caps under it; with the smallest set that conflicts.
        ValueError: a negative weight, or all weights zero.

    Source: ADR-0004 (water-filling: the side that is off by more is frozen, until nothing is off).
    """
    if unit_fen < 1:
        raise ValueError("a rounding unit is at least one fen")
    sign = -1 if fund.fen < 0 else 1
    least, most = (floors, caps) if sign > 0 else (_negated(caps), _negated(floors))
    claims = tuple(weights)
    units = abs(fund.fen) // unit_fen
    task = _Task(
        claims,
        _whole_numbers(weights.values()),
        low=[max(-(-least[c].fen // unit_fen), 0) if c in least else 0 for c in claims],
        caps=[most[c].fen // unit_fen if c in most else None for c in claims],
        units=units,
        unit=sign * unit_fen,
    )
    _require_feasible(task)
    shares = _settle(task, {} if leftover_to else odd_fen_received, None if leftover_to else method)
    if leftover_to:
        balance = fund.fen - sum(share.amount.fen for share in shares.values())
        own = shares.get(leftover_to, Share(Money(0), 0, 1))
        shares[leftover_to] = own._replace(amount=own.amount + Money(balance), odd_fen=abs(balance))
    return shares


@dataclass(frozen=True, slots=True)
class _Task:
    """Sizes only, in whole units; `unit` carries the sign and the fen of one unit. A cap of None: no cap."""

    claims: tuple[str, ...]
    weights: list[int]
    low: list[int]
    caps: list[int | None]
    units: int
    unit: int

    def money(self, units: int) -> Money:
        return Money(units * self.unit)


def _settle(task: _Task, odd_fen_received: Mapping[str, int], method: Rounding | None) -> dict[str, Share]:
    """Fill up to the common level, then round the free shares; without a method they stay rounded down."""
    high = [task.units if cap is None else min(cap, task.units) for cap in task.caps]
    free, bounds, level = _fill(task.weights, task.low, high, task.units)
    sizes, parts = list(task.low), dict[int, int]()
    for i, bound in bounds.items():
        sizes[i] = high[i] if bound == "cap" else task.low[i]
    if free and method in _AVERAGES:
        bounds, level = _averaged(task, sizes, high, bounds, level, method, odd_fen_received)
        free = [i for i, weight in enumerate(task.weights) if weight and i not in bounds]
    down = {i: task.weights[i] * level.numerator // level.denominator for i in free}
    if method not in _AVERAGES:
        for i in free:
            sizes[i], parts[i] = divmod(task.weights[i] * level.numerator, level.denominator)
        _round(task, sizes, parts, high, method, odd_fen_received)
    shares: dict[str, Share] = {}
    for i, claim in enumerate(task.claims):
        if i in down:
            amount, odd = task.money(sizes[i]), abs(task.unit) * (sizes[i] - down[i])
            shares[claim] = Share(amount, task.unit * task.weights[i] * level.numerator, level.denominator, "", odd)
        else:
            amount, bound = task.money(sizes[i]), bounds.get(i, "floor" if task.low[i] else "")
            shares[claim] = Share(amount, amount.fen, 1, bound if task.unit > 0 else _MIRRORED[bound])
    return shares


def _round(
    task: _Task,
    sizes: list[int],
    parts: Mapping[int, int],
    high: Sequence[int],
    method: Rounding | None,
    odd_fen_received: Mapping[str, int],
) -> None:
    """Hand out the units that rounding down left over among the free claims, within their bounds."""
    left, claims = task.units - sum(sizes), task.claims
    if method == "largest_remainder":
        order = sorted(parts, key=lambda i: (-parts[i], odd_fen_received.get(claims[i], 0), claims[i]))
        for i in order[:left]:
            sizes[i] += 1
    elif method == "first":
        for i in sorted(parts, key=lambda i: (odd_fen_received.get(claims[i], 0), claims[i])):
            more = min(left, high[i] - sizes[i])
            sizes[i] += more
            left -= more


def _averaged(
    task: _Task,
    sizes: list[int],
    high: Sequence[int],
    bounds: Mapping[int, Bound],
    level: Fraction,
    method: Method,
    odd_fen_received: Mapping[str, int],
) -> tuple[dict[int, Bound], Fraction]:
    """Hand out all units by highest averages within the bounds; the bounds that hold then, and the level of the others.

    Claims at a bound take part: their next unit may be worth more than another's, whatever the exact level says.
    """
    active, claims = [i for i, weight in enumerate(task.weights) if weight], task.claims
    given = by_highest_averages(
        method,
        [task.weights[i] for i in active],
        task.units - sum(size for size, weight in zip(sizes, task.weights, strict=True) if not weight),
        level=level,
        low=[task.low[i] for i in active],
        high=[high[i] for i in active],
        ties=[(odd_fen_received.get(claims[i], 0), claims[i]) for i in active],
    )
    for i, size in zip(active, given, strict=True):
        sizes[i] = size
    still = {i: bound for i, bound in bounds.items() if sizes[i] == (high[i] if bound == "cap" else task.low[i])}
    free = [i for i in active if i not in still]
    left, total = sum(sizes[i] for i in free), sum(task.weights[i] for i in free)
    return still, Fraction(left, total)


def _fill(
    weights: list[int], low: list[int], high: list[int], units: int
) -> tuple[list[int], dict[int, Bound], Fraction]:
    """Which claims stay free, which bound holds for the others, and the units that the free ones get per weight."""
    free = [i for i, weight in enumerate(weights) if weight]
    left = units - sum(low[i] for i, weight in enumerate(weights) if not weight)
    bounds: dict[int, Bound] = {}
    while free:
        total = sum(weights[i] for i in free)
        under = [i for i in free if weights[i] * left < low[i] * total]
        over = [i for i in free if weights[i] * left > high[i] * total]
        if not under and not over:
            return free, bounds, Fraction(left, total)
        lacking = sum(low[i] * total - weights[i] * left for i in under)
        excess = sum(weights[i] * left - high[i] * total for i in over)
        if lacking >= excess:
            bounds.update(dict.fromkeys(under, "floor"))
            left -= sum(low[i] for i in under)
        if excess >= lacking:
            bounds.update(dict.fromkeys(over, "cap"))
            left -= sum(high[i] for i in over)
        free = [i for i in free if i not in bounds]
    return free, bounds, Fraction(0)


def _require_feasible(task: _Task) -> None:
    claims, low, fund = task.claims, task.low, task.money(task.units)
    crossed = {c: (least, cap) for c, least, cap in zip(claims, low, task.caps, strict=True) if cap is not None}
    crossed = {c: (least, cap) for c, (least, cap) in crossed.items() if cap < least}
    if crossed:
        least, cap = crossed[min(crossed)]
        raise BoundsConflict("floor_over_cap", sorted(crossed), bound=task.money(least), available=task.money(cap))
    if sum(low) > task.units:
        sizes = sorted(zip((-least for least in low), claims, strict=True))
        reached = accumulate(-size for size, _ in sizes)
        fewest = next(n for n, floors in enumerate(reached, start=1) if floors > task.units)
        conflicting = sorted(claim for _, claim in sizes[:fewest])
        raise BoundsConflict("floors_over_fund", conflicting, bound=task.money(sum(low)), available=fund)
    reach = [
        least if not weight else task.units if cap is None else cap
        for weight, least, cap in zip(task.weights, low, task.caps, strict=True)
    ]
    if sum(reach) < task.units:
        holding = sorted(c for c, weight in zip(claims, task.weights, strict=True) if weight)
        raise BoundsConflict("caps_under_fund", holding, bound=task.money(sum(reach)), available=fund)


def _whole_numbers(weights: Iterable[Fraction]) -> list[int]:
    """The weights times their common denominator."""
    exact = list(weights)
    common = lcm(*{weight.denominator for weight in exact})
    scaled = [weight.numerator * (common // weight.denominator) for weight in exact]
    if any(weight < 0 for weight in scaled):
        raise ValueError("a weight is negative")
    if not any(scaled):
        raise ValueError("no claim has a weight")
    return scaled


def _negated(bounds: Mapping[str, Money]) -> dict[str, Money]:
    return {claim: -bound for claim, bound in bounds.items()}
