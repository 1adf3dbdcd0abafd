"""What uses up a budget: a unit value, or the tilt between two groups, found by halving on exact shares.

Nothing here is approximate: candidates are whole multiples of the last declared digit, and what is compared are exact
shares, so the answer is the best of all numbers with that many digits.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from perf.distribution.apportion import apportion_bounded
from perf.kernel.money import ZERO, Money, money_from_yuan, total

_NO_BOUNDS: Mapping[str, Money] = MappingProxyType({})
_DOUBLINGS_MAX = 200


@dataclass(frozen=True, slots=True)
class UnitValue:
    """Yuan for one unit of quantity, what everybody gets, and what of the budget that leaves over (never below zero)."""

    value: Fraction
    amounts: Mapping[str, Money]
    left: Money


@dataclass(frozen=True, slots=True)
class Tilt:
    """The factor on the weights of one group.

    Attributes:
        value: The factor, with the declared digits.
        amounts: What everybody gets; they sum to the fund exactly.
        reached: Mean of the favoured group ÷ mean of the other, exact shares before rounding.
    """

    value: Fraction
    amounts: Mapping[str, Money]
    reached: Fraction


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """No value does it: the wish lies below `least` or above `most`, which is as far as floors and caps let it go.

    `most` None: without end. `given_up`: which bounds, dropped alone (`floors`, `caps`), would put it within reach.
    """

    least: Fraction
    most: Fraction | None
    given_up: tuple[str, ...] = ()


def solve_unit_value(
    quantities: Mapping[str, Fraction],
    budget: Money,
    *,
    floors: Mapping[str, Money] = _NO_BOUNDS,
    caps: Mapping[str, Money] = _NO_BOUNDS,
    digits: int = 2,
) -> UnitValue | OutOfReach:
    """The largest value of a unit, with `digits` decimals, whose payments stay within `budget`.

    Args:
        quantities: Person -> units (points, cases × RW), none negative, at least one positive.
        budget: Yuan to use up, not negative.
        floors, caps: Person -> least and most; each amount is value × quantity to the fen, raised or lowered to them.
        digits: Decimals of the value, 0 to 8.
    Returns:
        The value with everybody's amount; or OutOfReach in yuan: the floors (and caps of nothing) alone cost `least`,
        everybody at his cap costs `most`.
    Raises:
        ValueError: a negative quantity, all of them zero, a floor over its cap, digits out of range.
    """
    _require(quantities, floors, caps, digits)

    def paid(value: Fraction) -> dict[str, Money]:
        return {who: _within(who, money_from_yuan(value * size), floors, caps) for who, size in quantities.items()}

    def cost(steps: int) -> Money:
        return total(paid(Fraction(steps, 10**digits)).values())

    if cost(0) > budget:
        gained = ("floors",) if floors else ()
        return OutOfReach(cost(0).yuan, _most(quantities, caps, floors), gained)
    most = _most(quantities, caps, floors)
    if most is not None and most < budget.yuan:
        return OutOfReach(cost(0).yuan, most, ("caps",) if caps else ())
    steps = _last(
        lambda steps: cost(steps) <= budget,
        limit=None if most is None or most > budget.yuan else _enough(quantities, caps, digits),
    )
    value = Fraction(steps, 10**digits)
    amounts = paid(value)
    return UnitValue(value, amounts, budget - total(amounts.values()))


def solve_tilt(
    fund: Money,
    weights: Mapping[str, Fraction],
    favoured: Collection[str],
    wanted: Fraction,
    *,
    other: Collection[str] = (),
    floors: Mapping[str, Money] = _NO_BOUNDS,
    caps: Mapping[str, Money] = _NO_BOUNDS,
    digits: int = 3,
) -> Tilt | OutOfReach:
    """The factor on the weights of `favoured` at which its mean share is `wanted` times that of `other`.

    Args:
        fund: Yuan to hand out, above zero.
        weights: Claim -> weight; both groups need a positive one.
        favoured: Those whose weights are multiplied.
        wanted: Mean of `favoured` ÷ mean of `other`, above zero.
        other: Those compared with; empty: everybody else.
        floors, caps: As in `apportion_bounded`; yuan signed like the fund.
        digits: Decimals of the factor, 0 to 8.
    Returns:
        Of the two factors with `digits` decimals around the wish the one that comes nearer (the smaller on a tie), with
        shares to the fen; or OutOfReach where floors and caps keep the ratio below or above the wish.
    Raises:
        ValueError: a group without weight, digits out of range; BoundsConflict as `apportion_bounded`.

    The ratio never falls while the factor grows (a larger weight lowers the common level), so halving finds the place.
    """
    ours = frozenset(favoured)
    theirs = frozenset(other) if other else frozenset(weights) - ours
    _require(weights, {}, {}, digits)
    if fund <= ZERO or wanted <= 0 or not ours or not theirs or ours & theirs or not (ours | theirs) <= weights.keys():
        raise ValueError("two groups of claims, a fund and a ratio above zero")
    if not any(weights[who] for who in ours) or not any(weights[who] for who in theirs):
        raise ValueError("a group without weight")

    def ratio(factor: Fraction, low: Mapping[str, Money] = floors, high: Mapping[str, Money] = caps) -> Fraction | None:
        tilted = {who: weight * factor if who in ours else weight for who, weight in weights.items()}
        shares = apportion_bounded(fund, tilted, low, high)
        mine, yours = (sum((shares[who].quota for who in group), Fraction(0)) for group in (ours, theirs))
        return mine / len(ours) / (yours / len(theirs)) if yours else None

    smallest = Fraction(1, 10**digits)
    least, most = ratio(smallest), ratio(Fraction(10) ** 12)
    if least is None or (most is not None and most < wanted) or least > wanted:
        ends = (least if least is not None else Fraction(0), most)
        return OutOfReach(*ends, _gives_way(ratio, wanted, smallest, floors, caps))

    def reached(steps: int) -> bool:
        found = ratio(steps * smallest)
        return found is not None and found <= wanted

    steps = max(_last(reached, limit=10 ** (digits + 12)), 1)
    near = [(abs(found - wanted), n) for n in (steps, steps + 1) if (found := ratio(n * smallest)) is not None]
    best = min(near)[1]
    found = ratio(best * smallest)
    assert found is not None  # noqa: S101 - one of the two above

    def below(steps: int) -> bool:
        own = ratio(steps * smallest) if steps else None
        return not steps or (own is not None and own < found)

    value = (_last(below, limit=best) + 1) * smallest  # the smallest of those that reach the same
    tilted = {who: weight * value if who in ours else weight for who, weight in weights.items()}
    shares = apportion_bounded(fund, tilted, floors, caps)
    return Tilt(value, {who: share.amount for who, share in shares.items()}, found)


def _gives_way(
    ratio: Callable[..., Fraction | None],
    wanted: Fraction,
    smallest: Fraction,
    floors: Mapping[str, Money],
    caps: Mapping[str, Money],
) -> tuple[str, ...]:
    """Which of floors and caps, dropped alone, lets the ratio reach the wish."""
    found = list[str]()
    for name, low, high in (("floors", {}, caps), ("caps", floors, {})):
        if not (floors if name == "floors" else caps):
            continue
        try:
            least, most = ratio(smallest, low, high), ratio(Fraction(10) ** 12, low, high)
        except ValueError:  # without floors the caps may not take the fund
            continue
        if least is not None and least <= wanted and (most is None or most >= wanted):
            found.append(name)
    return tuple(found)


def _last(holds: Callable[[int], bool], *, limit: int | None) -> int:
    """The largest whole number from 0 on for which `holds`, which is true of 0 and, once false, stays so."""
    low, high = 0, 1
    for _ in range(_DOUBLINGS_MAX):
        if limit is not None and high >= limit:
            high = limit
            if holds(limit):
                return limit
            break
        if not holds(high):
            break
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _most(
    quantities: Mapping[str, Fraction], caps: Mapping[str, Money], floors: Mapping[str, Money]
) -> Fraction | None:
    """What everybody costs at his cap; None where somebody with units has none."""
    if any(size and who not in caps for who, size in quantities.items()):
        return None
    return total(caps[w] if size else _within(w, ZERO, floors, caps) for w, size in quantities.items()).yuan


def _enough(quantities: Mapping[str, Fraction], caps: Mapping[str, Money], digits: int) -> int:
    """A count of steps from which on everybody with units is at his cap: more changes nothing."""
    each = [caps[who].yuan / size for who, size in quantities.items() if size]
    return -int(-max(each) * 10**digits // 1)


def _within(who: str, amount: Money, floors: Mapping[str, Money], caps: Mapping[str, Money]) -> Money:
    raised = max(amount, floors.get(who, amount))
    return min(raised, caps.get(who, raised))


def _require(
    sizes: Mapping[str, Fraction], floors: Mapping[str, Money], caps: Mapping[str, Money], digits: int
) -> None:
    if any(size < 0 for size in sizes.values()) or not any(sizes.values()):
        raise ValueError("sizes of at least zero, one above it")
    if any(floor > caps.get(who, floor) for who, floor in floors.items()):
        raise ValueError("a floor over its cap")
    if not 0 <= digits <= 8:
        raise ValueError("0 to 8 digits")
