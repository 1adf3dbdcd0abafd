"""Unit values and tilts that use up a budget: held against trying every candidate."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from perf.distribution.apportion import BoundsConflict, apportion_bounded
from perf.distribution.solving import OutOfReach, Tilt, UnitValue, solve_tilt, solve_unit_value
from perf.kernel.money import Money, money_from_yuan

sizes = st.lists(st.integers(0, 40), min_size=1, max_size=5).filter(any)


def fen(**amounts):
    return {who: Money(amount) for who, amount in amounts.items()}


def test_the_unit_value_is_the_largest_that_the_budget_bears():
    found = solve_unit_value({"a": Fraction(3), "b": Fraction(7)}, Money(100_00), digits=2)
    assert found == UnitValue(Fraction(10), fen(a=30_00, b=70_00), Money(0))
    found = solve_unit_value({"a": Fraction(3), "b": Fraction(4)}, Money(100_00), digits=2)
    assert (found.value, found.left) == (Fraction("14.28"), Money(4))
    found = solve_unit_value({"a": Fraction(3), "b": Fraction(4)}, Money(100_00), digits=4)
    assert (found.value, found.left) == (Fraction("14.2862"), Money(0))


def test_floors_and_caps_bend_the_unit_value():
    people = {"a": Fraction(1), "b": Fraction(1), "c": Fraction(8)}
    found = solve_unit_value(people, Money(100_00), floors=fen(a=15_00), caps=fen(c=60_00), digits=2)
    assert found.amounts == fen(a=20_00, b=20_00, c=60_00)
    assert found.value == 20


def test_a_budget_below_the_floors_is_out_of_reach_and_the_floors_may_give_way():
    found = solve_unit_value({"a": Fraction(1), "b": Fraction(1)}, Money(9_99), floors=fen(a=5_00, b=5_00))
    assert found == OutOfReach(Fraction(10), None, ("floors",))


def test_a_budget_above_all_caps_is_out_of_reach_and_the_caps_may_give_way():
    found = solve_unit_value({"a": Fraction(1), "b": Fraction(0)}, Money(10_01), caps=fen(a=10_00))
    assert found == OutOfReach(Fraction(0), Fraction(10), ("caps",))


def test_exactly_all_caps_is_the_smallest_value_at_which_everybody_is_capped():
    found = solve_unit_value({"a": Fraction(2), "b": Fraction(5)}, Money(20_00), caps=fen(a=10_00, b=10_00), digits=1)
    assert (found.value, found.left) == (Fraction(5), Money(0))


@pytest.mark.parametrize(
    "call",
    [
        lambda: solve_unit_value({"a": Fraction(-1)}, Money(1)),
        lambda: solve_unit_value({"a": Fraction(0)}, Money(1)),
        lambda: solve_unit_value({}, Money(1)),
        lambda: solve_unit_value({"a": Fraction(1)}, Money(1), floors=fen(a=2), caps=fen(a=1)),
        lambda: solve_unit_value({"a": Fraction(1)}, Money(1), digits=9),
        lambda: solve_tilt(Money(0), {"a": Fraction(1), "b": Fraction(1)}, "a", Fraction(1)),
        lambda: solve_tilt(Money(1), {"a": Fraction(1), "b": Fraction(1)}, "ab", Fraction(1)),
        lambda: solve_tilt(Money(1), {"a": Fraction(1), "b": Fraction(0)}, "a", Fraction(1)),
        lambda: solve_tilt(Money(1), {"a": Fraction(1), "b": Fraction(1)}, "z", Fraction(1)),
        lambda: solve_tilt(Money(1), {"a": Fraction(1), "b": Fraction(1)}, "a", Fraction(0)),
    ],
)
def test_what_makes_no_sense_is_refused(call):
    with pytest.raises(ValueError, match=r"\w"):
        call()


@given(sizes, st.integers(0, 400), st.data())
def test_no_value_with_these_digits_comes_closer(counts, budget, data):
    people = {f"p{i}": Fraction(count, 4) for i, count in enumerate(counts)}
    floors = {who: Money(data.draw(st.integers(0, 30))) for who in people if data.draw(st.booleans())}
    caps = {
        w: Money(data.draw(st.integers(floors.get(w, Money(0)).fen, 120))) for w in people if data.draw(st.booleans())
    }

    def cost(steps):
        each = (max(money_from_yuan(Fraction(steps, 100) * s), floors.get(w, Money(0))) for w, s in people.items())
        return sum(min(x, caps.get(w, x)).fen for w, x in zip(people, each, strict=True))

    found = solve_unit_value(people, Money(budget), floors=floors, caps=caps, digits=2)
    if isinstance(found, UnitValue):
        steps = int(found.value * 100)
        assert sum(m.fen for m in found.amounts.values()) + found.left.fen == budget
        assert found.left >= Money(0)
        assert cost(steps + 1) > budget or cost(10**7) == cost(steps)
    else:
        assert cost(0) > budget or cost(10**7) < budget


def test_the_tilt_brings_the_means_to_the_wished_ratio():
    weights = {"d1": Fraction(1), "d2": Fraction(3), "n1": Fraction(2), "n2": Fraction(2)}
    found = solve_tilt(Money(1000_00), weights, {"d1", "d2"}, Fraction(3, 2), digits=3)
    assert (found.value, found.reached) == (Fraction(3, 2), Fraction(3, 2))
    assert found.amounts == fen(d1=150_00, d2=450_00, n1=200_00, n2=200_00)


def test_the_tilt_leaves_those_in_neither_group_alone():
    weights = {"d": Fraction(1), "n": Fraction(1), "x": Fraction(2)}
    found = solve_tilt(Money(500_00), weights, {"d"}, Fraction(2), other={"n"})
    assert found.value == 2
    assert found.amounts == fen(d=200_00, n=100_00, x=200_00)


def test_caps_keep_a_ratio_out_of_reach_and_are_named():
    weights = {"d": Fraction(1), "n": Fraction(1)}
    found = solve_tilt(Money(100_00), weights, {"d"}, Fraction(3), caps=fen(d=60_00))
    assert found.most == Fraction(3, 2)
    assert found.given_up == ("caps",)
    floors = solve_tilt(Money(100_00), weights, {"d"}, Fraction(3), floors=fen(n=40_00))
    assert (floors.most, floors.given_up) == (Fraction(3, 2), ("floors",))


@given(st.lists(st.integers(1, 9), min_size=2, max_size=6), st.integers(1, 5), st.integers(50, 100_000), st.data())
def test_no_factor_with_these_digits_comes_nearer(counts, split, fund, data):
    weights = {f"p{i}": Fraction(count) for i, count in enumerate(counts)}
    ours = {f"p{i}" for i in range(min(split, len(counts) - 1))}
    caps = {who: Money(data.draw(st.integers(0, fund))) for who in weights if data.draw(st.booleans())}
    wanted = Fraction(data.draw(st.integers(2, 40)), 10)

    def ratio(steps):
        tilted = {w: x * Fraction(steps, 10) if w in ours else x for w, x in weights.items()}
        shares = apportion_bounded(Money(fund), tilted, {}, caps)
        mine, other = (sum(shares[w].quota for w in group) for group in (ours, weights.keys() - ours))
        return mine / len(ours) / (other / (len(weights) - len(ours))) if other else None

    try:
        found = solve_tilt(Money(fund), weights, ours, wanted, caps=caps, digits=1)
    except BoundsConflict:
        return
    assume(isinstance(found, Tilt))
    assert sum(m.fen for m in found.amounts.values()) == fund
    reached = [(abs(one - wanted), n) for n in range(1, 800) if (one := ratio(n)) is not None]
    if found.value < 80:
        assert (abs(found.reached - wanted), found.value * 10) == min(reached)
