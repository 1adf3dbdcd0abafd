"""Keys order quotients and keep ties, however close they lie; places follow."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from perf.scoring.columnar.places import keys_of, peers_of, standings, turned
from perf.scoring.columnar.ratios import Ratio
from perf.scoring.columnar.tally import Tally

F = Fraction


def keys(pairs, present=None):
    above = np.array([n for n, _ in pairs], dtype=np.int64 if max(abs(n) for n, _ in pairs) < 1 << 62 else object)
    below = np.array([d for _, d in pairs], dtype=np.int64)
    value = Ratio(above, below, max(abs(n) for n, _ in pairs), max(d for _, d in pairs))
    tally = Tally()
    return keys_of(value, present, tally, len(pairs)), tally


def assert_ordered(pairs):
    found, tally = keys(pairs)
    ordered = sorted(zip([F(n, d) for n, d in pairs], found.keys.tolist(), strict=True))
    for (one, key), (other, later) in pairwise(ordered):
        assert (one < other) == (key < later), (one, other)
        assert (one == other) == (key == later), (one, other)
    assert found.none > max(found.keys.tolist())
    return tally


@pytest.mark.parametrize("most", [1, 2, 7, 40])
def test_all_quotients_up_to_a_denominator_keep_order_and_ties(most) -> None:
    assert_ordered([(n, d) for d in range(1, most + 1) for n in range(-most, 2 * most)])


@pytest.mark.parametrize("d", [400, 99_991, 10**6 + 3, 10**7 + 19, 10**10 + 19, (1 << 53) - 111])
def test_the_closest_neighbours_there_are_stay_apart(d) -> None:
    """n/d and (n−1)/(d−1) with n·(d−1) − (n−1)·d = 1 cannot lie closer; most of these have one float."""
    close = [(d - 1, d), (d - 2, d - 1), (d - 3, d - 2), (d // 2, d), (d // 2, d - 1), (d // 2 - 1, d - 2)]
    assert_ordered([*close, (2 * (d // 3), 2 * (d // 3 + 1)), (d // 3, d // 3 + 1)])


def test_equal_floats_of_different_quotients_are_told_apart() -> None:
    d = (1 << 53) - 111
    pairs = [(d // 2, d), (d // 2 - 1, d - 2), (d // 2 - 2, d - 4), (d // 2, d)]
    assert len({n / q for n, q in pairs}) < len({F(n, q) for n, q in pairs})
    assert assert_ordered(pairs).whole > 0


def test_figures_longer_than_floats_are_sorted_as_fractions() -> None:
    assert assert_ordered([(10**20 + 1, 10), (10**20, 10), (10**20 + 1, 10), (3, 7)]).exact == 4


def test_whole_numbers_are_their_own_keys() -> None:
    value = Ratio(np.array([5, -3, 5, 0]), 100, 5, 100)
    assert keys_of(value, None, Tally(), 4).keys.tolist() == [8, 0, 8, 3]


def test_those_without_a_value_come_last_both_ways() -> None:
    found, _ = keys([(1, 2), (1, 3), (9, 4)], np.array([True, False, True]))
    assert found.keys[1] == found.none == turned(found).keys[1]
    assert turned(found).keys[0] > turned(found).keys[2]


def test_groups_of_any_size_are_ranked_in_their_own_rows() -> None:
    chance = np.random.default_rng(5)
    sizes = [1, 2, 3, 9, 10, 11, 40, 200, 1]
    codes = chance.permutation(np.repeat(np.arange(len(sizes)), sizes))
    above = chance.integers(0, 6, len(codes))
    present = chance.random(len(codes)) > 0.2
    found = keys_of(Ratio(above, 1, 6, 1), present, Tally(), len(codes))
    seen = []
    for matrix in peers_of(codes, len(codes)).matrices:
        places = standings(matrix, found)
        for line, rows in enumerate(places.rows):
            for column, row in enumerate(rows.tolist()):
                if row == len(codes) or not present[row]:
                    continue
                peers = [above[k] for k in range(len(codes)) if codes[k] == codes[row] and present[k]]
                assert places.sizes[line] == len(peers)
                assert places.first[line][column] == sum(one < above[row] for one in peers)
                assert places.last[line][column] == sum(one <= above[row] for one in peers) - 1
                assert places.dense[line][column] == len({one for one in peers if one < above[row]})
                seen.append(row)
    assert sorted(seen) == np.flatnonzero(present).tolist()
