"""Pay that changes least: held against trying every split in whole fen, and against the wishes themselves."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perf.distribution.change_task import Ratio
from perf.distribution.least_change import NoPlan, Plan, least_change
from perf.kernel.money import Money


def fen(**amounts):
    return {who: Money(amount) for who, amount in amounts.items()}


def ratio(low, high, above=("a",), below=("b",)):
    return Ratio("a:b", frozenset(above), frozenset(below), Fraction(low), Fraction(high))


def test_a_larger_budget_is_spread_so_that_nobody_changes_by_more_than_needed():
    found = least_change(fen(a=100, b=200, c=300), Money(630))
    assert found == Plan(fen(a=110, b=210, c=310), Money(10), 3, Money(30))


def test_nothing_changes_where_last_month_keeps_every_wish():
    found = least_change(fen(a=150, b=100), Money(250), ratios=[ratio("1.4", "1.6")])
    assert found == Plan(fen(a=150, b=100), Money(0), 0, Money(0))


def test_a_cap_moves_the_rest_to_the_others():
    found = least_change(fen(a=100, b=100), Money(260), caps=fen(a=110))
    assert found.amounts == fen(a=110, b=150)


def test_the_odd_fen_of_the_rounding_add_up():
    found = least_change(fen(a=100, b=100, c=100), Money(301))
    assert sum(m.fen for m in found.amounts.values()) == 301
    assert found.largest_change == Money(1)


def test_a_wished_ratio_is_kept_in_whole_fen():
    found = least_change(fen(a=100_00, b=100_00), Money(250_00), ratios=[ratio("1.4", "1.6")])
    assert ratio("1.4", "1.6").holds(found.amounts)
    assert found.amounts["a"] + found.amounts["b"] == Money(250_00)


def test_the_order_of_the_input_does_not_matter():
    last = fen(c=100, a=1, b=50)
    assert least_change(last, Money(200)) == least_change(dict(sorted(last.items())), Money(200))


def test_contradicting_wishes_name_each_one_that_is_enough_to_give_up():
    last = fen(a=100_00, b=100_00)
    found = least_change(last, Money(200_00), caps=fen(a=110_00), ratios=[ratio(2, 3)])
    assert isinstance(found, NoPlan)
    ways = {way.kind: way for way in found.ways}
    assert ways.keys() == {"caps", "ratio"}
    assert Money(23_33) <= ways["caps"].by <= Money(23_40)
    assert ways["ratio"].reached == Fraction(110, 90)


def test_a_budget_that_floors_forbid_can_only_come_from_the_floors():
    found = least_change(fen(a=100, b=100), Money(150), floors=fen(a=100, b=100))
    assert [(way.kind, way.by) for way in found.ways] == [("floors", Money(50))]


def test_a_floor_above_its_cap_may_give_way_as_well_as_the_cap():
    found = least_change(fen(a=4, b=7), Money(10), floors=fen(a=5), caps=fen(a=2))
    assert [(way.kind, way.by, way.amounts["a"]) for way in found.ways] == [
        ("floors", Money(3), Money(2)),
        ("caps", Money(3), Money(5)),
    ]


def test_a_ratio_over_nothing_may_give_way_without_a_nearest_one():
    found = least_change(fen(a=3, b=6), Money(2), floors=fen(a=2), ratios=[ratio(2, 3)])
    (way,) = (way for way in found.ways if way.kind == "ratio")
    assert (way.reached, way.amounts) == (None, fen(a=2, b=0))


def test_two_wishes_that_must_both_give_way_leave_no_single_one():
    found = least_change(
        fen(a=100, b=100),
        Money(100),
        floors=fen(a=90, b=90),
        caps=fen(a=95),
        ratios=[ratio(2, 3), ratio(2, 3, "b", "a")],
    )
    assert found == NoPlan(())


def test_whether_there_is_a_solution_is_decided_to_the_last_fen_of_any_amount():
    huge = 3 * 10**15
    last, third = {"a": Money(huge // 3), "b": Money(huge)}, [ratio("1/3", "1/3")]
    found = least_change(last, Money(huge // 3 * 4), floors={"a": Money(huge // 3)}, ratios=third)
    assert isinstance(found, Plan)
    assert found.changed == 0
    short = least_change(last, Money(huge // 3 * 4), floors={"a": Money(huge // 3 + 1)}, ratios=third)
    assert isinstance(short, NoPlan)
    assert not short.in_fractions
    assert "floors" in {way.kind for way in short.ways}


def test_a_ratio_that_only_fractions_of_a_fen_keep_is_told_apart_from_a_contradiction():
    found = least_change(fen(a=1, b=1), Money(1), ratios=[ratio("3/2", "3/2")])
    assert isinstance(found, NoPlan)
    assert found.in_fractions
    assert isinstance(least_change(fen(a=1, b=1), Money(250), ratios=[ratio("3/2", "3/2")]), Plan)


def test_an_exact_ratio_of_groups_is_met_where_whole_fen_can_meet_it():
    last = fen(a=100, b=70, c=33, d=90)
    exactly = ratio("7/5", "7/5", ("a", "b"), ("c", "d"))
    found = least_change(last, Money(240), floors=fen(a=1), caps=fen(d=60), ratios=[exactly])
    assert isinstance(found, Plan)
    assert found.amounts["a"] + found.amounts["b"] == Money(140)
    assert found.amounts["d"] <= Money(60)


@pytest.mark.parametrize(
    "call",
    [
        lambda: least_change({}, Money(1)),
        lambda: least_change(fen(a=-1), Money(1)),
        lambda: least_change(fen(a=1), Money(-1)),
        lambda: least_change(fen(a=1), Money(1), ratios=[ratio(1, 2)]),
        lambda: least_change(fen(a=1, b=1), Money(1), ratios=[ratio(2, 1)]),
        lambda: least_change(fen(a=1, b=1), Money(1), ratios=[ratio(1, 2, ("a",), ("a",))]),
    ],
)
def test_what_makes_no_sense_is_refused(call):
    with pytest.raises(ValueError, match=r"\w"):
        call()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=3), st.integers(0, 24), st.data())
def test_no_other_split_in_whole_fen_has_a_smaller_largest_change_by_more_than_a_fen(last, budget, data):
    before = {f"p{i}": Money(one) for i, one in enumerate(last)}
    floors = {who: Money(data.draw(st.integers(0, 5))) for who in before if data.draw(st.booleans())}
    caps = {who: Money(data.draw(st.integers(5, 14))) for who in before if data.draw(st.booleans())}
    found = least_change(before, Money(budget), floors=floors, caps=caps)
    low = [floors.get(who, Money(0)).fen for who in before]
    high = [caps.get(who, Money(budget)).fen for who in before]
    splits = [
        split for split in product(*(range(a, b + 1) for a, b in zip(low, high, strict=True))) if sum(split) == budget
    ]
    assert isinstance(found, Plan) is bool(splits)
    if isinstance(found, Plan):
        best = min(max(abs(x - y) for x, y in zip(split, last, strict=True)) for split in splits)
        assert best <= found.largest_change.fen <= best + 1
        assert tuple(found.amounts[who].fen for who in before) in splits


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 30), st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_a_plan_keeps_every_wish_and_a_way_out_keeps_all_the_others(count, budget, random):
    last = {f"p{i:02}": Money(random.randrange(0, 60_000)) for i in range(count)}
    floors = {who: Money(random.randrange(0, 20_000)) for who in last if random.random() < 0.5}
    caps = {who: Money(random.randrange(20_000, 90_000)) for who in last if random.random() < 0.5}
    ours = frozenset(list(last)[: count // 2])
    low = Fraction(random.randrange(5, 25), 10)
    wish = Ratio("x", ours, frozenset(last) - ours, low, low + Fraction(1, 5))
    found = least_change(last, Money(budget), floors=floors, caps=caps, ratios=[wish])
    tried = [(None, found.amounts)] if isinstance(found, Plan) else [(way.kind, way.amounts) for way in found.ways]
    for kind, amounts in tried:
        assert sum(m.fen for m in amounts.values()) == budget
        assert kind == "floors" or all(amounts[who] >= floor for who, floor in floors.items())
        assert kind == "caps" or all(amounts[who] <= cap for who, cap in caps.items())
        assert kind == "ratio" or wish.holds(amounts)
