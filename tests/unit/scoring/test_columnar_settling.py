"""Rounding and thresholds on, just below and just above every decision, in each tier."""

from fractions import Fraction

import numpy as np
import pytest

from perf.kernel.rounding import Rounding, round_to_int
from perf.scoring.columnar.pieces import Pieces
from perf.scoring.columnar.ratios import Ratio
from perf.scoring.columnar.settling import EXACT, bind, reach, settle
from perf.scoring.columnar.support import NotColumnar
from perf.scoring.columnar.tally import Tally

F = Fraction
STEPS = Pieces(
    ((F(1, 5), True), (F(11, 20), False), (F(17, 20), True)),
    ((F(0), F(0)), (F(4001, 2), F(0)), (F(7000), F(0)), (F(9999, 2), F(0))),
)
CLIP = Pieces(((F(2, 5), True), (F(6, 5), True)), ((F(0), F(0)), (F(-5000), F(12500)), (F(10000), F(0))))
TENT = Pieces(
    ((F(1, 5), False), (F(1, 2), True), (F(3, 5), False), (F(1), True)),
    ((F(0), F(0)), (F(-20000, 3), F(100000, 3)), (F(10000), F(0)), (F(25000), F(-25000)), (F(0), F(0))),
)
FALLING = Pieces((), ((F(300), F(-777)),))
JUMP = Pieces(((F(0), True), (F(1, 3), True)), ((F(-1, 2), F(3)), (F(5, 2), F(100)), (F(17), F(-50))))
SIGNED = Pieces(((F(-1), True), (F(1), True)), ((F(-1250), F(0)), (F(0), F(1250)), (F(1250), F(0))))
ALL = {"steps": STEPS, "clip": CLIP, "tent": TENT, "falling": FALLING, "jump": JUMP, "signed": SIGNED}


def settled(pieces, mode, pairs, below_max=None):
    """Points by the columns, and how many rows each tier took."""
    above = np.array([n for n, _ in pairs], dtype=np.int64 if max(abs(n) for n, _ in pairs) < 1 << 62 else object)
    below = np.array([d for _, d in pairs], dtype=np.int64 if max(d for _, d in pairs) < 1 << 62 else object)
    value = Ratio(above, below, max(abs(n) for n, _ in pairs), below_max or max(d for _, d in pairs))
    out, tally = np.zeros(len(pairs), dtype=np.int64), Tally()
    settle(bind(pieces, mode, value, reach(pieces, value)), value, out, tally)
    return out.tolist(), tally


def expected(pieces, mode, pairs):
    return [round_to_int(pieces.at(F(n, d)), mode) for n, d in pairs]


def around(pieces, below):
    """Quotients on both sides of every cut and of many halves, as close as `below` allows."""
    places = [place for place, _ in pieces.cuts]
    for a, b in pieces.lines:
        if b:
            places += [(F(k, 2) - a) / b for k in range(-7, 9)]
    found = [(int(place * below) + step, below) for place in places for step in (-2, -1, 0, 1, 2)]
    return found + [(place.numerator * 3, place.denominator * 3) for place in places]


@pytest.mark.parametrize("mode", Rounding)
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("below", [1, 7, 400, 10_000, 99_991, 10**7 + 19, 10**10 + 19, 10**13 + 37, (1 << 53) - 111])
def test_every_decision_is_the_exact_one(name, mode, below) -> None:
    pairs = around(ALL[name], below)
    assert settled(ALL[name], mode, pairs)[0] == expected(ALL[name], mode, pairs)


@pytest.mark.parametrize("name", ["steps", "clip", "tent", "jump"])
def test_ordinary_denominators_need_no_second_look(name) -> None:
    pairs = [(n, d) for d in range(1, 60) for n in range(-3, 90)]
    points, tally = settled(ALL[name], Rounding.HALF_AWAY, pairs)
    assert points == expected(ALL[name], Rounding.HALF_AWAY, pairs)
    assert (tally.whole, tally.exact) == (0, 0)


@pytest.mark.parametrize("mode", Rounding)
def test_long_denominators_send_what_lies_near_to_whole_numbers_only(mode) -> None:
    pairs = around(CLIP, (1 << 50) + 7)
    points, tally = settled(CLIP, mode, pairs)
    assert points == expected(CLIP, mode, pairs)
    assert tally.whole > 0
    assert tally.exact == 0


@pytest.mark.parametrize("mode", Rounding)
def test_figures_longer_than_a_float_are_settled_one_by_one(mode) -> None:
    pairs = [
        (10**25 + 1, 2 * 10**25),
        (10**25 - 1, 2 * 10**25),
        (10**25, 2 * 10**25),
        (1, 2),
        (-(10**30), 7),
        (EXACT + 1, EXACT + 3),
    ]
    for pieces in (STEPS, CLIP, TENT, SIGNED):
        points, tally = settled(pieces, mode, pairs)
        assert points == expected(pieces, mode, pairs)
        assert tally.exact == 5


def test_points_that_no_word_holds_are_left_to_the_exact_engine() -> None:
    with pytest.raises(NotColumnar):
        settled(FALLING, Rounding.HALF_AWAY, [(-(10**30), 7)])


def test_a_half_among_negative_points_goes_away_from_zero() -> None:
    assert settled(SIGNED, Rounding.HALF_AWAY, [(-1, 2500), (-3, 2500), (1, 2500)])[0] == [-1, -2, 1]
