"""Highest averages against their definition: nobody would give a unit for another's, and published examples."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.distribution import apportion, apportion_bounded
from perf.kernel.money import Money

METHODS = ("jefferson", "webster", "huntington_hill")
DIVISORS = {
    "jefferson": lambda held: Fraction(held + 1),
    "webster": lambda held: Fraction(2 * held + 1, 2),
    "huntington_hill": lambda held: Fraction(held * (held + 1)),  # its square
}


def seats(method, weights, house, **more):
    shares = apportion(Money(house), {k: Fraction(v) for k, v in weights.items()}, method=method, **more)
    return {claim: share.fen for claim, share in shares.items()}


def one_by_one(method, weights, house, low=None, high=None):
    """The textbook: seats handed out singly, the best claim first, ties to the smaller name; least shares come first."""
    held = {who: (low or {}).get(who, 0) for who in weights}
    for _ in range(house - sum(held.values())):
        room = [who for who in weights if held[who] < (high or {}).get(who, house)]

        def chance(who):
            divisor = DIVISORS[method](held[who])
            weight = Fraction(weights[who]) ** (2 if method == "huntington_hill" else 1)
            return (1, weight) if not divisor else (0, weight / divisor)

        held[min(room, key=lambda who: (*(-part for part in chance(who)), who))] += 1
    return held


# Balinski and Young's example of six states; 36 seats
STATES = {"A": 27_744, "B": 25_178, "C": 19_951, "D": 14_610, "E": 9_225, "F": 3_292}


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("largest_remainder", (10, 9, 7, 5, 4, 1)),
        ("jefferson", (11, 9, 7, 5, 3, 1)),
        ("webster", (10, 9, 8, 5, 3, 1)),
        ("huntington_hill", (10, 9, 7, 6, 3, 1)),
    ],
)
def test_the_textbook_example(method, expected):
    assert tuple(seats(method, STATES, 36).values()) == expected


@given(
    st.sampled_from(METHODS),
    st.dictionaries(st.sampled_from("abcdefghij"), st.integers(1, 60), min_size=1),
    st.integers(0, 80),
)
def test_the_same_as_handing_them_out_one_by_one(method, weights, house):
    assert seats(method, weights, house) == one_by_one(method, weights, house)


@given(
    st.sampled_from([*METHODS, "first", "largest_remainder"]),
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 30), st.integers(30, 400)), min_size=1, max_size=12),
    st.integers(0, 3_000),
)
def test_sums_and_bounds_hold_whatever_the_method(method, rows, fund):
    ids = [f"{place:02d}" for place in range(len(rows))]
    low = {one: Money(row[1]) for one, row in zip(ids, rows, strict=True)}
    high = {one: Money(row[2]) for one, row in zip(ids, rows, strict=True)}
    try:
        shares = apportion_bounded(
            Money(fund), {one: Fraction(row[0]) for one, row in zip(ids, rows, strict=True)}, low, high, method=method
        )
    except ValueError:
        return
    assert sum(share.amount.fen for share in shares.values()) == fund
    assert all(low[one] <= share.amount <= high[one] for one, share in shares.items())
    assert all(abs(share.amount.fen - share.quota * 100) < len(rows) + 1 for share in shares.values())


@given(
    st.sampled_from(METHODS),
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 8), st.integers(8, 40)), min_size=1, max_size=8),
    st.integers(0, 90),
)
def test_least_and_most_shares_leave_the_order_of_the_seats_as_it_is(method, rows, house):
    ids = "abcdefgh"[: len(rows)]
    weights = {one: row[0] for one, row in zip(ids, rows, strict=True)}
    low = {one: row[1] for one, row in zip(ids, rows, strict=True)}
    high = {one: row[2] for one, row in zip(ids, rows, strict=True)}
    house = min(max(house, sum(low.values())), sum(high.values()))
    shares = apportion_bounded(
        Money(house),
        {one: Fraction(weight) for one, weight in weights.items()},
        {one: Money(least) for one, least in low.items()},
        {one: Money(most) for one, most in high.items()},
        method=method,
    )
    assert {one: share.amount.fen for one, share in shares.items()} == one_by_one(method, weights, house, low, high)


def test_a_claim_held_at_its_cap_by_the_exact_level_may_still_give_a_seat_to_a_small_one():
    weights = {"a": Fraction(5), "b": Fraction(56), "c": Fraction(60), "d": Fraction(46), "e": Fraction(2)}
    caps = {"a": Money(5), "b": Money(2), "c": Money(1), "d": Money(4), "e": Money(2)}
    shares = apportion_bounded(Money(8), weights, {}, caps, method="huntington_hill")
    assert [share.amount.fen for share in shares.values()] == [1, 2, 1, 3, 1]  # everybody's first seat comes first


def test_first_gives_the_whole_leftover_to_the_first_in_the_order_of_ties():
    assert seats("first", {"b": 1, "a": 1, "c": 1}, 101) == {"b": 33, "a": 35, "c": 33}
    assert seats("first", {"b": 1, "a": 1, "c": 1}, 101, odd_fen_received={"a": 2}) == {"b": 35, "a": 33, "c": 33}


def test_a_large_fund_takes_no_longer_than_a_small_one():
    shares = seats("webster", {"a": 1, "b": 2, "c": 4}, 10**15 + 1)
    assert sum(shares.values()) == 10**15 + 1
    assert abs(shares["c"] - 4 * shares["a"]) <= 4


@pytest.mark.parametrize("method", METHODS)
def test_a_claw_back_mirrors_a_payment(method):
    taken = apportion(Money(-36), {k: Fraction(v) for k, v in STATES.items()}, method=method)
    assert {who: -money.fen for who, money in taken.items()} == seats(method, STATES, 36)
