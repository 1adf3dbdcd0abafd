"""Where the money comes from: funds, accounts, overspends, and funds that are refused."""

from equal_claims import EQUAL, codes_of

from perf.distribution import check_conserved
from perf.kernel.money import Money
from perf.kernel.subjects import Segment


def test_an_owner_without_fund_and_claimants_is_not_concerned(run, rules):
    ledger = run(rules(EQUAL), [], fund=None)
    assert (ledger.entries, ledger.issues, ledger.failed) == ((), (), ())


def test_a_fund_that_nobody_reported_is_refused_and_names_what_is_missing(run, rules, person):
    ledger = run(rules(EQUAL), [person("1")])
    assert codes_of(ledger) == ["fund-missing"]
    assert "pool_total" in ledger.issues[0].found.zh


def test_a_negative_fund_is_clawed_back_from_the_persons_into_the_fund(run, rules, person):
    ledger = run(rules(EQUAL), [person("1"), person("2"), person("3")], fund="-100")
    shares = {e.source: e.amount.fen for e in ledger.entries if e.claimant}
    assert shares == {"person:1": 3334, "person:2": 3333, "person:3": 3333}
    assert {e.target for e in ledger.entries if e.claimant} == {"fund:A"}
    assert all(e.amount.fen >= 0 for e in ledger.entries)
    assert ledger.balances["outside:staff_pay"] == Money(10000)


def test_a_consortium_fills_the_institutions_accounts_and_they_pay_their_staff_in_the_same_run(
    run, paid, rules, person
):
    units = (
        Segment("M", "consortium", "consortium", ""),
        *(Segment(c, "institution", "township_hospital", "M", attributes={"tier": "town"}) for c in "AB"),
    )
    top = """
distribution: a_pool
title: 切块
period: month
per: consortium
fund: 300
source: {document: 甲文, clause: 第一条}
steps:
  - take: {to: risk, amount: 10% * fund}
  - apportion: {by: "if(tier == town, 1, 2)"}
"""
    staff = rules(EQUAL, code="a_first", fund="balance(pool)")  # sorts before the pool, and runs behind it
    ledger = run([top, staff], [person("1"), person("2", parent="B")], units=units, opening={"institution:A": Money(1)})
    assert paid(ledger) == {"person:1": "135.01", "person:2": "135.00", "reserve:risk:M": "30.00"}
    assert next(e.distribution for e in ledger.entries) == "a_pool"
    assert next(e for e in ledger.entries if e.step == "00-fund" and e.owner == "A").source == "institution:A"
    check_conserved(ledger.entries, {"institution:A": Money(1)}, closing=ledger.balances)


HOUSE = {"institution:A": Money(-3_000)}
PEOPLE = ("1", "2", "3")


def test_what_an_institution_has_overdrawn_is_never_taken_from_its_staff_unasked(run, rules, person):
    ledger = run(rules(EQUAL, fund="balance(pool)"), [person(n) for n in PEOPLE], opening=HOUSE)
    assert codes_of(ledger) == ["fund-overdrawn"]
    assert ledger.failed == (("staff_pay", "A"),)
    assert dict(ledger.balances) == HOUSE
    assert "short: carry" in ledger.issues[0].hint.zh


def test_a_rule_may_carry_it_and_what_is_paid_from_outside_is_paid_all_the_same(run, paid, rules, person):
    steps = "  - pay: {line: 夜班, amount: 80, payer: 财政}\n" + EQUAL
    ledger = run(rules(steps, fund="balance(pool)", head="short: carry"), [person(n) for n in PEOPLE], opening=HOUSE)
    assert [(issue.code, issue.severity) for issue in ledger.issues] == [("fund-carried", "warning")]
    assert paid(ledger) == {"institution:A": "-30.00", **{f"person:{n}": "80.00" for n in PEOPLE}}
    assert sum(1 for e in ledger.entries if e.claimant and e.amount == Money(0)) == len(PEOPLE)


def test_a_rule_may_let_the_staff_bear_it_and_that_is_told(run, paid, rules, person):
    people = [person(n) for n in PEOPLE]
    ledger = run(rules(EQUAL, fund="balance(pool)", head="short: share"), people, opening=HOUSE)
    assert [(issue.code, issue.severity) for issue in ledger.issues] == [("fund-borne-by-staff", "warning")]
    assert paid(ledger) == {f"person:{n}": "-10.00" for n in PEOPLE}


def test_later_money_makes_up_for_what_was_carried(run, paid, rules, person):
    people = [person(n) for n in PEOPLE]
    ledger = run(rules(EQUAL, fund="balance(pool)", head="short: carry"), people, opening={"institution:A": Money(3)})
    assert (ledger.issues, paid(ledger)) == ((), {f"person:{n}": "0.01" for n in PEOPLE})


def test_a_payment_that_overdraws_an_institution_is_told(run, paid, rules):
    ledger = run(rules("  - take: {to: pool, amount: 0 - 5}\n  - remainder: {to: pool_saved}"), fund=2)
    assert codes_of(ledger) == ["account-overdrawn"]
    assert ledger.issues[0].subject == "A"
    assert paid(ledger)["institution:A"] == "-5.00"


def test_a_fund_of_more_than_the_account_holds_is_refused(run, rules, person):
    ledger = run(rules(EQUAL, fund="2 * balance(pool)"), [person("1")], opening={"institution:A": Money(100)})
    assert codes_of(ledger) == ["fund-over-balance"]
    assert dict(ledger.balances) == {"institution:A": Money(100)}


def test_an_overspend_may_be_filled_from_a_reserve_that_holds_enough(run, paid, rules, person):
    steps = "  - take: {to: director_fund, amount: 0 - 20}\n" + EQUAL
    ledger = run(rules(steps), [person("1")], fund=100, opening={"reserve:director_fund:A": Money(2500)})
    assert paid(ledger) == {"person:1": "120.00", "reserve:director_fund:A": "5.00"}
    assert codes_of(run(rules(steps), [person("1")], fund=100)) == ["reserve-too-small"]


def test_a_fund_of_two_accounts_is_refused(run, rules, person):
    ledger = run(rules(EQUAL, fund="balance(pool) + balance(director_fund)"), [person("1")])
    assert codes_of(ledger) == ["fund-of-two-accounts"]


def test_a_fund_behind_a_let_still_comes_from_its_account(run, paid, rules, person):
    document = rules(EQUAL, fund="half", head="let: {half: 50% * balance(pool)}")
    ledger = run(document, [person("1")], opening={"institution:A": Money(1001)})
    assert paid(ledger) == {"institution:A": "5.00", "person:1": "5.01"}


def test_a_distribution_out_of_force_is_a_warning(run, person):
    document = """
distribution: later
title: 以后
period: month
per: institution
fund: 100
versions:
  - from: 2026-01
    source: {document: 甲文, clause: 第一条}
    steps: [{apportion: {by: post_coefficient}}]
"""
    ledger = run(document, [person("1")])
    assert (codes_of(ledger), ledger.entries) == (["no-version"], ())
