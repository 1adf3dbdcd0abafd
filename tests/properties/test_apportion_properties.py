"""Apportionment held against a slow, plain reference on exact fractions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.distribution import BoundsConflict, apportion, apportion_bounded
from perf.kernel.money import Money, total

weight = st.one_of(
    st.just(Fraction(0)),
    st.just(Fraction(1)),
    st.fractions(min_value=0, max_value=1000, max_denominator=10_000),
)
claims = st.dictionaries(st.text("甲乙丙abc012", min_size=1, max_size=4), weight, min_size=1, max_size=9).filter(
    lambda weights: any(weights.values())
)
funds = st.integers(-10_000_000, 10_000_000).map(Money)
received = st.dictionaries(st.text("甲乙丙abc012", min_size=1, max_size=4), st.integers(0, 3))


def _quota(fund, weights, claim):
    return fund.fen * weights[claim] / sum(weights.values())


def reference(fund, weights, odd):
    """Largest remainder, one fen after the other, on fractions."""
    sign = -1 if fund.fen < 0 else 1
    quotas = {c: sign * _quota(fund, weights, c) for c in weights}
    shares = {c: int(q) for c, q in quotas.items()}
    while sum(shares.values()) < abs(fund.fen):
        best = min(
            (c for c in weights if shares[c] == int(quotas[c])),
            key=lambda c: (shares[c] - quotas[c], odd.get(c, 0), c),
        )
        shares[best] += 1
    return {c: Money(sign * share) for c, share in shares.items()}


@given(funds, claims, received)
def test_equals_the_plain_reference(fund, weights, odd):
    assert apportion(fund, weights, odd_fen_received=odd) == reference(fund, weights, odd)


@given(funds, claims)
def test_shares_sum_exactly_and_lie_within_one_fen_of_their_quota(fund, weights):
    shares = apportion(fund, weights)
    assert total(shares.values()) == fund
    for claim, share in shares.items():
        assert abs(share.fen - _quota(fund, weights, claim)) < 1
        assert weights[claim] or not share


@given(funds, claims, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(fund, weights, random):
    mixed = list(weights.items())
    random.shuffle(mixed)
    assert apportion(fund, dict(mixed)) == apportion(fund, weights)
    assert list(apportion(fund, dict(mixed))) == [c for c, _ in mixed]


@given(funds, claims)
def test_equal_weights_differ_by_at_most_one_fen(fund, weights):
    shares = apportion(fund, weights)
    for one, first in weights.items():
        for other, second in weights.items():
            if first == second:
                assert abs(shares[one].fen - shares[other].fen) <= 1


@given(funds, claims)
def test_a_claw_back_is_the_mirror_image_of_a_payment(fund, weights):
    assert apportion(-fund, weights) == {c: -share for c, share in apportion(fund, weights).items()}


@given(funds, claims, st.sampled_from([1, 10, 100, 10_000]))
def test_a_rounding_unit_hands_out_whole_units_and_keeps_less_than_one(fund, weights, unit):
    shares = apportion(fund, weights, unit_fen=unit)
    assert all(share.fen % unit == 0 for share in shares.values())
    kept = abs(fund.fen) - abs(total(shares.values()).fen)
    assert 0 <= kept < unit


@given(funds, claims, st.sampled_from([1, 100]), st.sampled_from(["甲", "reserve:x:A"]))
def test_a_named_party_takes_the_whole_balance(fund, weights, unit, party):
    shares = apportion(fund, weights, unit_fen=unit, leftover_to=party)
    assert total(shares.values()) == fund
    for claim, share in shares.items():
        if claim != party:
            assert share.fen % unit == 0
            assert abs(share.fen) <= abs(_quota(fund, weights, claim))


def _level(fund, weights, low, high):
    """The water level on fractions: where the sum of the clipped claims meets the fund, between two breakpoints."""
    marks = sorted({Fraction(bound) / w for side in (low, high) for c, bound in side.items() if (w := weights[c])})
    filled = lambda level: sum(min(max(level * weights[c], low[c]), high[c]) for c in weights)  # noqa: E731
    below = max((m for m in marks if filled(m) <= fund), default=Fraction(0))
    above = min((m for m in marks if filled(m) >= fund), default=below)
    if filled(below) == filled(above):
        return below
    return below + (fund - filled(below)) * (above - below) / (filled(above) - filled(below))


@st.composite
def bounded_cases(draw):
    weights = draw(claims)
    fund = draw(st.integers(0, 100_000))
    floors = {c: Money(draw(st.integers(0, 20_000))) for c in weights if draw(st.booleans())}
    caps = {c: Money(draw(st.integers(0, 60_000))) for c in weights if draw(st.booleans())}
    return Money(fund), weights, floors, caps


@given(bounded_cases(), st.booleans())
def test_bounds_are_met_exactly_and_free_shares_lie_within_one_fen_of_the_common_level(case, claw_back):
    fund, weights, floors, caps = case
    signed = (fund, floors, caps)
    if claw_back:
        signed = (-fund, {c: -m for c, m in caps.items()}, {c: -m for c, m in floors.items()})
    low = {c: floors[c].fen if c in floors else 0 for c in weights}
    reach = {c: min(caps[c].fen, fund.fen) if c in caps else fund.fen for c in weights}
    high = {c: reach[c] if weights[c] else low[c] for c in weights}
    crossed = {c for c in floors if c in caps and caps[c] < floors[c]}
    if crossed or sum(low.values()) > fund.fen or sum(high.values()) < fund.fen:
        with pytest.raises(BoundsConflict) as refused:
            apportion_bounded(signed[0], weights, signed[1], signed[2])
        if refused.value.kind == "floors_over_fund":
            conflicting = sorted((low[c] for c in refused.value.claims), reverse=True)
            assert sum(conflicting) > fund.fen
            assert sum(conflicting[1:]) <= fund.fen or len(conflicting) == 1
            fewest = sorted(low.values(), reverse=True)[: len(conflicting) - 1]
            assert sum(fewest) <= fund.fen
        return
    shares = apportion_bounded(signed[0], weights, signed[1], signed[2])
    assert total(s.amount for s in shares.values()) == signed[0]
    level = _level(fund.fen, weights, low, high)
    for claim, share in shares.items():
        size = abs(share.amount.fen)
        assert low[claim] <= size <= high[claim]
        exact = min(max(level * weights[claim], low[claim]), high[claim])
        assert abs(share.quota) * 100 == exact
        assert abs(size - exact) < 1
        if level * weights[claim] != exact:
            assert share.bound
            assert size == exact


@given(bounded_cases())
def test_without_bounds_it_is_the_largest_remainder(case):
    fund, weights, _, _ = case
    assert {c: s.amount for c, s in apportion_bounded(fund, weights).items()} == apportion(fund, weights)
