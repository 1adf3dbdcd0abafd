"""Columns give every claim the share that `apportion_bounded` gives it, fen for fen, and refuse what it refuses."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.distribution import BoundsConflict, apportion_bounded
from perf.distribution.columns import NO_CAP, TooWide, apportion_columns
from perf.kernel.money import Money

# few values, so that weights tie, shares stand exactly on bounds and remainders are equal
weights = st.one_of(st.integers(0, 4), st.integers(0, 40_000), st.just(30_000))
floors = st.one_of(st.just(0), st.integers(0, 60), st.sampled_from([25, 50]))
caps = st.one_of(st.just(NO_CAP), st.integers(0, 400), st.sampled_from([50, 100]))
claims = st.tuples(weights, floors, caps, st.integers(0, 2))


def both(fund, rows):
    ids = [f"{place:03d}" for place in range(len(rows))]
    exact, columns = None, None
    try:
        shares = apportion_bounded(
            Money(fund),
            {one: Fraction(row[0]) for one, row in zip(ids, rows, strict=True)},
            {one: Money(row[1]) for one, row in zip(ids, rows, strict=True)},
            {one: Money(row[2]) for one, row in zip(ids, rows, strict=True) if row[2] != NO_CAP},
            odd_fen_received={one: row[3] for one, row in zip(ids, rows, strict=True)},
        )
        exact = [shares[one].amount.fen for one in ids]
    except BoundsConflict as clash:
        exact = (clash.kind, [int(one) for one in clash.claims], clash.difference)
    except ValueError as stop:
        exact = str(stop)
    given_rows = [np.array(column, np.int64) for column in zip(*rows, strict=True)]
    try:
        columns = apportion_columns(fund, *given_rows[:3], odd_fen_received=given_rows[3]).tolist()
    except BoundsConflict as clash:
        columns = (clash.kind, [int(one) for one in clash.claims], clash.difference)
    except ValueError as stop:
        columns = str(stop)
    return exact, columns


@given(st.integers(0, 5_000), st.lists(claims, min_size=1, max_size=30))
def test_columns_give_the_shares_of_the_mapping(fund, rows):
    exact, columns = both(fund, rows)
    assert columns == exact
    if isinstance(columns, list):
        assert sum(columns) == fund


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 2)), min_size=2, max_size=20), st.integers(0, 400))
def test_without_bounds_the_sum_is_the_fund_and_ties_go_the_stated_way(rows, fund):
    exact, columns = both(fund, [(weight, 0, NO_CAP, odd) for weight, odd in rows])
    assert columns == exact
    assert sum(columns) == fund


def test_a_million_claims_of_random_weights_sum_to_the_fund_inside_their_bounds():
    draw = np.random.default_rng(5)
    own = draw.integers(0, 40_000, 1_000_000)
    low, high = np.full(1_000_000, 100_000), np.full(1_000_000, 900_000)
    shares = apportion_columns(400_000 * 1_000_000, own, low, high)
    assert int(shares.sum()) == 400_000 * 1_000_000
    assert bool(((shares >= low) & (shares <= high)).all())


@pytest.mark.parametrize(("fund", "weight"), [(100, 2**31), (2**61, 1), (-1, 1)])
def test_what_does_not_fit_64_bits_is_refused_not_wrong(fund, weight):
    with pytest.raises(TooWide):
        apportion_columns(fund, np.full(3, weight, np.int64))


def test_bounds_whose_sum_leaves_64_bits_are_still_told_apart():
    huge = np.full(4, 2**61, np.int64)
    with pytest.raises(BoundsConflict) as clash:
        apportion_columns(2**60, np.ones(4, np.int64), huge)
    assert clash.value.bound == Money(4 * 2**61)
