"""Largest remainder and water-filling on examples that can be done by hand."""

from fractions import Fraction

import pytest

from perf.distribution import BoundsConflict, apportion, apportion_bounded
from perf.kernel.money import Money


def fen(shares):
    return {claim: share.fen for claim, share in shares.items()}


def bounded(fund, weights, floors=None, caps=None, **more):
    money = [{c: Money(b) for c, b in (side or {}).items()} for side in (floors, caps)]
    return apportion_bounded(Money(fund), {c: Fraction(w) for c, w in weights.items()}, *money, **more)


def test_one_hundred_yuan_among_three_equal_claims():
    equal = dict.fromkeys(["丙", "甲", "乙"], Fraction(1))
    assert fen(apportion(Money(10000), equal)) == {"丙": 3334, "甲": 3333, "乙": 3333}


def test_six_to_three_to_one_with_one_fen_over_goes_to_the_largest_fraction():
    weights = {"county": Fraction(6), "town": Fraction(3), "village": Fraction(1)}
    assert fen(apportion(Money(1001), weights)) == {"county": 601, "town": 300, "village": 100}


def test_seventeen_equal_institutions_share_a_million_exactly():
    shares = apportion(Money(100_000_000), {f"{n:02d}": Fraction(1) for n in range(17)})
    assert sum(s.fen for s in shares.values()) == 100_000_000
    assert {s.fen for s in shares.values()} == {5882352, 5882353}


def test_a_fund_of_nothing_gives_everybody_nothing():
    assert fen(apportion(Money(0), {"a": Fraction(1), "b": Fraction(2)})) == {"a": 0, "b": 0}


def test_one_fen_goes_to_one_and_never_to_a_claim_of_zero():
    assert fen(apportion(Money(1), {"a": Fraction(0), "b": Fraction(1, 3), "c": Fraction(1, 3)})) == {
        "a": 0,
        "b": 1,
        "c": 0,
    }


@pytest.mark.parametrize("weights", [{}, {"a": Fraction(0)}, {"a": Fraction(1), "b": Fraction(-1)}])
def test_no_weight_or_a_negative_one_is_refused(weights):
    with pytest.raises(ValueError, match="weight"):
        apportion(Money(1), weights)


def test_a_rounding_unit_of_nothing_is_refused():
    with pytest.raises(ValueError, match="unit"):
        apportion(Money(1), {"a": Fraction(1)}, unit_fen=0)


def test_a_floor_lifts_one_and_the_others_pay_in_proportion():
    shares = bounded(95000, {"a": "0.05", "b": 1}, {"a": 30000, "b": 30000})
    assert {c: (s.amount.fen, s.bound) for c, s in shares.items()} == {"a": (30000, "floor"), "b": (65000, "")}


def test_floors_and_caps_at_once_settle_on_one_common_level():
    shares = bounded(10000, {"a": 8, "b": 1, "c": 1, "d": 2}, {"b": 2000}, {"a": 4000})
    assert {c: (s.amount.fen, s.bound) for c, s in shares.items()} == {
        "a": (4000, "cap"),
        "b": (2000, "floor"),
        "c": (1333, ""),
        "d": (2667, ""),
    }
    assert shares["d"].quota * 100 == Fraction(8000, 3)
    assert (shares["d"].odd_fen, shares["c"].odd_fen) == (1, 0)


def test_bounds_that_pull_equally_hard_both_ways_are_both_met():
    shares = bounded(300, {"a": 1, "b": 1, "c": 1}, {"a": 150}, {"b": 50})
    assert {c: s.amount.fen for c, s in shares.items()} == {"a": 150, "b": 50, "c": 100}


def test_a_claim_of_zero_gets_its_floor_and_nothing_more():
    assert {c: s.amount.fen for c, s in bounded(100, {"a": 0, "b": 1, "c": 0}, {"a": 30}).items()} == {
        "a": 30,
        "b": 70,
        "c": 0,
    }


def test_the_smallest_set_that_breaks_the_pool_are_the_largest_floors():
    with pytest.raises(BoundsConflict) as refused:
        bounded(100, dict.fromkeys("abcd", 1), {"a": 10, "b": 60, "c": 50, "d": 10})
    clash = refused.value
    assert (clash.kind, clash.claims, clash.bound.fen, clash.available.fen, clash.difference.fen) == (
        "floors_over_fund",
        ("b", "c"),
        130,
        100,
        30,
    )


def test_a_floor_over_its_cap_names_every_such_claim_and_no_amount():
    with pytest.raises(BoundsConflict) as refused:
        bounded(1000, dict.fromkeys("abc", 1), {"a": 10, "c": 20}, {"a": 9, "b": 1, "c": 19})
    assert (refused.value.kind, refused.value.claims) == ("floor_over_cap", ("a", "c"))
    assert "9" not in str(refused.value)


def test_caps_under_the_fund_are_a_conflict_of_all_that_have_a_claim():
    with pytest.raises(BoundsConflict) as refused:
        bounded(100, {"a": 1, "b": 1, "z": 0}, {}, {"a": 40, "b": 50})
    assert (refused.value.kind, refused.value.claims, refused.value.difference.fen) == (
        "caps_under_fund",
        ("a", "b"),
        -10,
    )


def test_a_claw_back_is_bounded_from_below_by_its_floor():
    shares = bounded(-900, {"a": 2, "b": 1}, {"a": -400})
    assert {c: (s.amount.fen, s.bound) for c, s in shares.items()} == {"a": (-400, "floor"), "b": (-500, "")}


def test_a_named_party_takes_the_balance_of_whole_yuan():
    equal = dict.fromkeys(["a", "b", "c"], Fraction(1))
    assert fen(apportion(Money(10050), equal, unit_fen=100, leftover_to="b")) == {"a": 3300, "b": 3450, "c": 3300}
    assert fen(apportion(Money(10050), equal, unit_fen=100)) == {"a": 3400, "b": 3300, "c": 3300}


def test_a_chain_of_floors_where_each_uncovers_the_next_is_settled():
    weights = {str(n): Fraction(2) ** n for n in range(20)}
    floors = {str(n): 100 for n in range(20)}
    shares = bounded(5000, weights, floors)
    assert sum(s.amount.fen for s in shares.values()) == 5000
    assert min(s.amount.fen for s in shares.values()) == 100


def test_bounds_that_leave_nobody_free_are_met_exactly():
    shares = bounded(300, {"a": 1, "b": 1}, {"a": 200}, {"b": 100})
    assert {c: (s.amount.fen, s.bound) for c, s in shares.items()} == {"a": (200, "floor"), "b": (100, "cap")}


BASE_LIMIT = """  - apportion: {line: 基础, by: post_coefficient, amount: "min(30%, base / (base + tasks)) * fund"}
  - apportion: {line: 任务, by: night_shifts}"""
TOTALS = """let:
  base: {title: 基础合计, value: sum(members.attendance)}
  tasks: {title: 任务合计, value: sum(members.night_shifts)}
"""


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        # 10 of 100 points, each point 10 yuan: as if split in one step
        ((4, 6), {"基础": ["40.00", "60.00"], "任务": ["300.00", "600.00"]}),
        # 90 of 180 points would be half of the fund: 300 yuan at the most
        ((36, 54), {"基础": ["120.00", "180.00"], "任务": ["233.33", "466.67"]}),
    ],
)
def test_a_part_of_the_points_gets_at_most_its_share_of_the_fund(run, rules, person, base, expected):
    facts = [("01", "attendance", base[0]), ("02", "attendance", base[1])]
    facts += [("01", "night_shifts", 30), ("02", "night_shifts", 60)]
    steps = BASE_LIMIT.replace("by: post_coefficient", "by: attendance")
    ledger = run(rules(steps, head=TOTALS), [person("01"), person("02")], fund=1000, facts=facts)
    assert not ledger.issues
    paid = {line: [str(e.amount) for e in ledger.entries if e.line == line] for line in expected}
    assert paid == expected


def test_a_part_with_a_limit_waits_for_points_that_are_not_reported(run, rules, person):
    facts = [("01", "attendance", 1), ("01", "night_shifts", 3), ("02", "night_shifts", 6)]
    steps = BASE_LIMIT.replace("by: post_coefficient", "by: attendance")
    ledger = run(rules(steps, head=TOTALS), [person("01"), person("02")], fund=1000, facts=facts)
    assert [issue.is_error for issue in ledger.issues] == [True]
    assert "02" in ledger.issues[0].render()
    assert not ledger.entries
