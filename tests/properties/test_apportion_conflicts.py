"""Floors and caps that conflict: the set that is named is a conflict, and no smaller set is one (every set is tried)."""

from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from perf.distribution.apportion import BoundsConflict, apportion_bounded
from perf.kernel.money import Money

CLAIMS = "abcde"


def is_conflict(chosen, fund, weights, floors, caps):
    """Whether the limits of `chosen` alone, whatever the others get, rule out every split of `fund`."""
    low = {who: floors.get(who, 0) if who in chosen else 0 for who in weights}
    high = {who: min(caps.get(who, fund), fund) if who in chosen else fund for who in weights}
    high = {who: high[who] if weights[who] else max(low[who], 0) for who in weights}
    return any(low[w] > high[w] for w in chosen) or sum(low.values()) > fund or sum(high.values()) < fund


def refused(fund, weights, floors, caps):
    """The conflict that refuses the split, None where there is none."""
    claims = {who: Fraction(weight) for who, weight in weights.items()}
    bounds = [{who: Money(fen) for who, fen in given.items()} for given in (floors, caps)]
    try:
        apportion_bounded(Money(fund), claims, *bounds)
    except BoundsConflict as clash:
        return clash
    return None


@given(st.integers(1, 5), st.integers(0, 40), st.data())
def test_no_smaller_set_of_limits_conflicts_than_the_one_that_is_named(count, fund, data):
    names = CLAIMS[:count]
    weights = {who: data.draw(st.integers(0, 3)) for who in names}
    floors = {who: data.draw(st.integers(0, 20)) for who in names if data.draw(st.booleans())}
    caps = {who: data.draw(st.integers(0, 20)) for who in names if data.draw(st.booleans())}
    if not any(weights.values()):
        return
    clash = refused(fund, weights, floors, caps)
    if clash is None:
        assert not is_conflict(names, fund, weights, floors, caps)
    elif clash.kind == "floor_over_cap":  # each of them is a conflict by itself, and all are named
        assert {who for who in names if floors.get(who, 0) > caps.get(who, fund + 99)} == set(clash.claims)
    elif clash.kind == "floors_over_fund":
        assert sum(floors.get(who, 0) for who in clash.claims) > fund
        for smaller in combinations(names, len(clash.claims) - 1):
            assert sum(floors.get(who, 0) for who in smaller) <= fund
    else:
        assert set(clash.claims) == {who for who in names if weights[who]}
        for smaller in combinations(clash.claims, len(clash.claims) - 1):
            assert not is_conflict(smaller, fund, weights, {}, caps)
