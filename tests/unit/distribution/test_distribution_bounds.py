"""Floors, caps, units and odd fen exactly at their edges: one step more or less, and somebody gets another fen."""

from fractions import Fraction

import pytest

from perf.distribution import apportion_bounded, check_conserved
from perf.kernel.errors import NotConserved
from perf.kernel.money import Money

CLAIM = "  - apportion: {by: post_coefficient}"


def bounded(fund, weights, floors=None, caps=None, **more):
    money = [{c: Money(b) for c, b in (side or {}).items()} for side in (floors, caps)]
    return apportion_bounded(Money(fund), {c: Fraction(w) for c, w in weights.items()}, *money, **more)


def fen(shares):
    return {claim: share.amount.fen for claim, share in shares.items()}


def test_in_whole_yuan_a_floor_is_raised_and_a_cap_lowered_to_a_whole_yuan():
    assert fen(bounded(1000, {"a": 9, "b": 1}, {"b": 250}, unit_fen=100)) == {"a": 700, "b": 300}
    assert fen(bounded(1000, {"a": 9, "b": 1}, caps={"a": 650}, unit_fen=100)) == {"a": 600, "b": 400}


def test_a_share_that_reaches_its_bound_by_itself_is_not_called_bounded():
    shares = bounded(100, {"a": 1, "b": 1}, {"a": 50}, {"b": 50})
    assert [share.bound for share in shares.values()] == ["", ""]
    assert [share.bound for share in bounded(100, {"a": 1, "b": 1}, {"a": 51}).values()] == ["floor", ""]
    assert [share.bound for share in bounded(100, {"a": 1, "b": 1}, caps={"b": 49}).values()] == ["", "cap"]


def test_a_floor_that_is_the_cap_is_what_one_gets():
    assert fen(bounded(100, {"a": 1, "b": 1}, {"a": 30}, {"a": 30})) == {"a": 30, "b": 70}


def test_of_equal_fractions_who_had_fewer_odd_fen_comes_first_whatever_the_name():
    assert fen(bounded(1, {"a": 1, "b": 1}, odd_fen_received={"a": 1})) == {"a": 0, "b": 1}
    assert fen(bounded(1, {"a": 1, "b": 1}, odd_fen_received={"a": 1, "b": 1})) == {"a": 1, "b": 0}


def test_all_odd_fen_to_the_first_stop_at_its_cap():
    """Thirds of 2.99 less two fen of rounding down: both go to a, but its cap leaves room for one."""
    assert fen(bounded(299, dict.fromkeys("abc", 1), method="first")) == {"a": 101, "b": 99, "c": 99}
    assert fen(bounded(299, dict.fromkeys("abc", 1), caps={"a": 100}, method="first")) == {"a": 100, "b": 100, "c": 99}


def test_what_the_named_party_gets_of_rounding_is_told_as_its_odd_fen():
    shares = bounded(101, {"a": 1, "b": 1}, leftover_to="b")
    assert (shares["b"].amount, shares["b"].odd_fen, shares["a"].odd_fen) == (Money(51), 1, 0)


def test_the_odd_fen_of_one_run_go_round_among_equals(run, rules, person, paid):
    """Four funds of a fen: each of two gets two, though the first name would win every tie."""
    documents = [rules(CLAIM, code=f"pay{n}") for n in range(4)]
    ledger = run(documents, [person("01"), person("02")], fund="0.01")
    assert paid(ledger) == {"person:01": "0.02", "person:02": "0.02"}


def test_a_fund_below_zero_needs_no_balance(run, rules, person):
    """What is overdrawn may be borne in parts where the rule says so: half of −50.00 is more than the account has."""
    rule = rules(CLAIM, fund="balance(pool) / 2", head="short: share")
    ledger = run(rule, [person("01")], opening={"institution:A": Money(-5000)})
    assert not ledger.failed
    assert ledger.balances["institution:A"] == Money(-2500)


def test_the_fund_may_be_all_that_the_account_has_and_not_a_fen_more(run, rules, person):
    opening = {"institution:A": Money(5000)}
    assert not run(rules(CLAIM, fund="balance(pool)"), [person("01")], opening=opening).failed
    more = run(rules(CLAIM, fund="balance(pool) + 0.01"), [person("01")], opening=opening)
    assert [issue.code for issue in more.issues] == ["fund-over-balance"]


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        ("floor: 33.335", {"person:01": "33.34", "person:02": "66.66"}),
        ("floor: -33.335", {"person:01": "10.00", "person:02": "90.00"}),
        ("cap: 66.665", {"person:01": "33.34", "person:02": "66.66"}),
    ],
)
def test_a_floor_between_two_fen_is_raised_and_a_cap_lowered(run, rules, person, paid, bound, expected):
    people = [person("01"), person("02", post_coefficient="9")]
    step = f"  - apportion: {{by: post_coefficient, {bound}}}"
    assert paid(run(rules(step), people, fund=100)) == expected


def test_a_claw_back_that_its_bounds_do_not_bear_is_refused_even_with_a_remainder(run, rules, person):
    steps = "  - apportion: {by: post_coefficient, floor: -10}\n  - remainder: {to: director_fund}"
    ledger = run(
        rules(steps), [person("01"), person("02")], fund=-100, opening={"reserve:director_fund:A": Money(10**6)}
    )
    assert ledger.failed == (("staff_pay", "A"),)
    assert not ledger.entries


def test_who_has_no_claim_is_not_counted_among_those_who_took_part(run, rules, person):
    ledger = run(rules(CLAIM), [person("01"), person("02"), person("03", post_coefficient="0")], fund=100)
    assert {entry.working.claimants for entry in ledger.entries if entry.working} == {2}


def test_closing_balances_of_accounts_that_no_entry_touched_do_not_cancel_out():
    with pytest.raises(NotConserved):
        check_conserved([], closing={"person:01": Money(5), "person:02": Money(-5)})


def test_what_some_pay_back_is_there_to_be_scaled_for_the_others(run, rules, person, paid):
    """100.00 left and 20.00 paid back by one: 120.00 for two who ask 300.00 together."""
    step = "  - pay: {line: 夜班, amount: 100 * night_shifts, short: scale}"
    facts = [("01", "night_shifts", 1), ("02", "night_shifts", 2), ("03", "night_shifts", "-0.2")]
    ledger = run(rules(step), [person(n) for n in ("01", "02", "03")], fund=100, facts=facts)
    assert paid(ledger) == {"person:01": "40.00", "person:02": "80.00", "person:03": "-20.00"}
