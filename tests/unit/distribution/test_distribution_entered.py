"""Pools that a head splits: as entered within stated limits, else refused or by the formula, visibly."""

from datetime import date
from fractions import Fraction

import pytest

MEASURES = """
measure: dept_split
title: 科内分配金额
unit: yuan
digits: 2
level: person
---
measure: dept_points
title: 科内点数
unit: items
digits: 2
level: person
"""
LIMITS = "floor: 50, cap: 400"
HEAD = "own: {where: head == yes, gets: 'mean(top(3, claims))'}"


@pytest.fixture
def split(run, rules):
    """Runs one pool: `given` person -> what the head entered."""

    def _split(people, given, *, fund="600.00", more="", what="amount: dept_split", before="", **others):
        step = f"  - entered: {{line: 科内分配, {what}{', ' + more if more else ''}}}"
        rule = rules(before + step).replace("among: staff where head == no", "among: staff")
        measure = "dept_points" if "points" in what else "dept_split"
        facts = [(who, measure, value) for who, value in given.items()]
        return run([MEASURES, rule], people, fund=fund, facts=facts, **others)

    return _split


def got(ledger):
    return {e.claimant: e.amount.text(grouped=False) for e in ledger.entries if e.claimant}


def codes(ledger):
    return [issue.code for issue in ledger.issues]


@pytest.fixture
def three(person):
    return [person("a"), person("b", post_coefficient="2"), person("c", post_coefficient="3")]


def test_amounts_that_hold_every_limit_are_paid_as_entered(split, three, paid):
    ledger = split(three, {"a": 100, "b": "200.50", "c": "299.50"}, more=LIMITS)
    assert got(ledger) == {"a": "100.00", "b": "200.50", "c": "299.50"}
    assert not ledger.issues
    assert paid(ledger)["person:b"] == "200.50"
    said = next(e.explanation.zh for e in ledger.entries if e.claimant == "c")
    assert said == "科内分配:299.50 元"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"a": 100, "b": 200, "c": "300.01"}, "entered-sum"),
        ({"a": 100, "b": 200, "c": "299.99"}, "entered-sum"),
        ({"a": 100, "b": 200}, "entered-missing"),
        ({"a": "49.99", "b": 200, "c": "350.01"}, "entered-below-floor"),
        ({"a": 50, "b": "149.99", "c": "400.01"}, "entered-over-cap"),
        ({"a": -50, "b": 250, "c": 400}, "entered-unfit"),
        ({"a": "100.005", "b": 200, "c": "299.995"}, "entered-unfit"),
    ],
)
def test_a_limit_that_is_broken_refuses_the_pool_and_moves_nothing(split, three, given, code):
    ledger = split(three, given, more=LIMITS)
    assert codes(ledger) == [code]
    assert ledger.failed == (("staff_pay", "A"),)
    assert not ledger.entries


def test_exactly_on_floor_and_cap_is_within_them(split, three):
    assert got(split(three, {"a": 50, "b": 150, "c": 400}, more=LIMITS))["c"] == "400.00"


def test_every_broken_limit_is_told_at_once(split, three):
    ledger = split(three, {"a": 10, "b": 20, "c": 900}, more=f"{LIMITS}, spread: {{at_most: 3}}")
    assert codes(ledger) == ["entered-sum", "entered-below-floor", "entered-over-cap", "entered-spread"]
    assert "a、b" in ledger.issues[1].found.zh


@pytest.mark.parametrize(
    ("entered", "holds"), [((200, 200, 200), False), ((160, 200, 240), True), ((161, 200, 239), False)]
)
def test_equal_sharing_breaks_the_smallest_spread(split, three, entered, holds):
    ledger = split(three, dict(zip("abc", entered, strict=True)), more="spread: {at_least: 1.5}")
    assert (not ledger.failed) is holds


def test_nothing_for_one_is_an_infinite_spread(split, three):
    given = {"a": 0, "b": 300, "c": 300}
    assert not split(three, given, more="spread: {at_least: 5}").failed
    ledger = split(three, given, more="spread: {at_most: 5}")
    assert "无穷大" in ledger.issues[0].found.zh


def test_the_spread_is_told_of_those_who_were_there_all_month(split, person):
    people = [person("a"), person("b"), person("c", last=date(2025, 6, 3))]
    given = {"a": 290, "b": 290, "c": 20}
    assert split(people, given, more="spread: {at_most: 2}").failed == ()
    assert split([*people, person("d")], {**given, "a": 390, "d": -100}, more="spread: {at_most: 2}").failed


def test_the_largest_against_the_mean(split, three):
    given = {"a": 100, "b": 200, "c": 300}
    assert not split(three, given, more="spread: {of: max_mean, at_most: 1.5}").failed
    assert split(three, given, more="spread: {of: max_mean, at_most: 1.49}").failed


def test_the_head_gets_the_mean_of_the_top_three_and_enters_nothing_for_himself(split, three, person):
    people = [*three, person("h", head="yes")]
    ledger = split(people, {"a": 100, "b": 200, "c": 300}, fund="800.00", more=HEAD)
    assert got(ledger)["h"] == "200.00"
    assert not ledger.issues


def test_what_the_head_entered_for_himself_does_not_count_and_is_told(split, three, person):
    people = [*three, person("h", head="yes")]
    ledger = split(people, {"a": 100, "b": 200, "c": 300, "h": 200}, fund="800.00", more=HEAD)
    assert not ledger.issues
    ledger = split(people, {"a": 100, "b": 200, "c": 300, "h": 250}, fund="850.00", more=HEAD)
    assert codes(ledger) == ["entered-own-ignored", "entered-sum"]
    assert ledger.failed


def test_who_may_be_the_head_is_asked_for(split, person):
    ledger = split([person("a"), person("h", head="")], {"a": 300, "h": 300}, more=HEAD)
    assert codes(ledger) == ["entered-missing"]


def test_points_split_the_pool_to_the_fen(split, three):
    ledger = split(three, {"a": 1, "b": 1, "c": 1}, what="weight: dept_points", fund="100.00")
    assert sorted(got(ledger).values()) == ["33.33", "33.33", "33.34"]
    assert all(entry.working is not None for entry in ledger.entries if entry.claimant)


def test_points_are_held_against_the_same_limits(split, three):
    ledger = split(three, {"a": 1, "b": 1, "c": 8}, what="weight: dept_points", more=LIMITS)
    assert codes(ledger) == ["entered-over-cap"]
    assert codes(split(three, {"a": 0, "b": 0, "c": 0}, what="weight: dept_points")) == ["entered-sum"]


EXPECTED = "expected: post_coefficient"


def test_deviations_from_the_formula_are_told_one_by_one_without_amounts(split, three):
    ledger = split(three, {"a": 150, "b": 200, "c": 250}, more=EXPECTED)
    assert [(i.code, i.subject, i.severity) for i in ledger.issues] == [
        ("entered-deviates", "a", "info"),
        ("entered-deviates", "c", "info"),
    ]
    assert "多 50%" in ledger.issues[0].found.zh
    assert "250" not in ledger.issues[1].render()
    notes = {e.claimant: e.explanation.zh for e in ledger.entries if e.claimant}
    assert "按公式 100.00 元,相差 +50.00 元" in notes["a"]
    assert "按公式" not in notes["b"]


def test_a_broken_limit_falls_back_to_the_formula_and_says_so_on_every_line(split, three):
    ledger = split(three, {"a": 0, "b": 300, "c": 300}, more=f"{EXPECTED}, {LIMITS}, on_break: formula")
    assert got(ledger) == {"a": "100.00", "b": "200.00", "c": "300.00"}
    assert codes(ledger) == ["entered-below-floor", "entered-fell-back"]
    assert {i.severity for i in ledger.issues} == {"warning"}
    assert all("录入不合限制" in e.explanation.zh for e in ledger.entries if e.claimant)


def test_the_formula_keeps_floor_and_cap_as_well(split, three):
    more = f"{EXPECTED}, floor: 150, cap: 250, on_break: formula"
    assert got(split(three, {}, more=more)) == {"a": "150.00", "b": "200.00", "c": "250.00"}


def test_limits_that_no_split_can_hold_are_refused_even_with_a_formula(split, three):
    ledger = split(three, {"a": 200, "b": 200, "c": 200}, more=f"{EXPECTED}, floor: 201, on_break: formula")
    assert codes(ledger) == ["entered-below-floor", "pool-under-floors"]
    assert ledger.failed


def test_a_formula_that_cannot_be_computed_for_somebody_is_no_trouble_while_nothing_is_broken(split, person):
    people = [person("a"), person("b", post_coefficient="")]
    ledger = split(people, {"a": 300, "b": 300}, more=f"{EXPECTED}, on_break: formula")
    assert "claim-held" not in codes(ledger)
    fallen = split(people, {"a": 300}, more=f"{EXPECTED}, on_break: formula")
    assert "claim-held" in codes(fallen)
    assert fallen.balances["held:b"].text() == "300.00"


def test_who_is_shut_out_gets_nothing_and_needs_no_entry(split, three):
    gate = "  - gate: {when: post_coefficient > 2, to: rest}\n"
    ledger = split(three, {"a": 200, "b": 400}, before=gate)
    assert got(ledger) == {"a": "200.00", "b": "400.00", "c": "0.00"}


def test_a_pool_of_nothing_asks_for_no_entries(split, three):
    ledger = split(three, {}, fund="0.00")
    assert not ledger.failed
    assert not got(ledger)


def test_a_pool_below_zero_is_refused_or_shared_by_the_formula(split, three):
    assert "entered-unfit" in codes(split(three, {"a": 0, "b": 0, "c": 0}, fund="-600.00"))
    ledger = split(three, {}, fund="-600.00", more=f"{EXPECTED}, on_break: formula")
    assert ledger.balances["person:c"].text() == "-300.00"


def test_nobody_to_split_among_is_refused(split):
    assert codes(split([], {}, fund="10.00")) == ["nobody-eligible"]


def test_the_rest_goes_on_to_later_steps_untouched_when_an_owner_is_refused(split, three):
    take = "  - take: {to: director_fund, amount: 10% * fund}\n"
    ledger = split(three, {"a": 100, "b": 200, "c": 240}, before=take)
    assert got(ledger)["c"] == "240.00"
    assert sum(Fraction(m.fen) for a, m in ledger.balances.items() if not a.startswith("outside")) == 60_000


def test_points_with_more_than_four_decimals_count_rounded(split, three):
    ledger = split(three, {"a": "1.00004", "b": "1.00005", "c": "2"}, what="weight: dept_points / 1")
    claims = {e.claimant: e.working.claim for e in ledger.entries if e.working}
    assert {who: str(node.value) for who, node in claims.items()} == {"a": "1", "b": "10001/10000", "c": "2"}
    assert [claims[who].op for who in "ab"] == ["round", "round"]


def test_a_head_whose_own_share_by_the_formula_is_below_zero_breaks_the_pool(split, person):
    people = [person("a"), person("b", head="yes")]
    own = "own: {where: head == yes, gets: 'min(claims) - 500'}"
    ledger = split(people, {"a": 400}, fund="400.00", more=own)
    assert codes(ledger) == ["entered-unfit"]
    assert not ledger.entries
