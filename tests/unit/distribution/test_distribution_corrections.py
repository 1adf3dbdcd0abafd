"""Corrections of sealed months: differences settled with everybody or at the charge of a reserve, within the limit of a month."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.distribution import (
    Correction,
    Ledger,
    Settlement,
    balances,
    check_conserved,
    corrected,
    line_differences,
    unbooked,
)
from perf.distribution.models import Entry
from perf.formulas.nodes import NO_RULE
from perf.kernel.issues import NOWHERE
from perf.kernel.money import ZERO, Money
from perf.kernel.periods import parse_period
from perf.kernel.text import Text
from perf.specs.correction_models import CorrectionRule, CorrectionVersion
from perf.specs.dated_models import Dated, Source

JULY = parse_period("2025-07")
PEOPLE = frozenset("甲乙丙丁")
OUTSIDE, SAVED = "outside:staff", "reserve:saved:T01"


def fen(yuan):
    return Money(int(Fraction(yuan) * 100))


def moved(*rows, owner="T01", period=JULY):
    """(line, source, target, yuan) as entries."""
    return tuple(
        Entry(n, period, "staff", owner, "01", line, source, target, fen(yuan), Text("x"), NO_RULE)
        for n, (line, source, target, yuan) in enumerate(rows, start=1)
    )


def month(pool=1000, **pay):
    """A month of T01: a pool from outside, to persons, the rest saved."""
    shares = [("绩效", "fund:T01", f"person:{who}", yuan) for who, yuan in pay.items()]
    rest = Fraction(pool) - sum(Fraction(yuan) for yuan in pay.values())
    return moved(("资金", OUTSIDE, "fund:T01", pool), *shares, ("结存", "fund:T01", SAVED, rest))


def rule(mode="rebalance", at_most="100%", smallest="0.01", reserve="saved"):
    dated = Dated(None, None, Source("绩效办法", "第九条"), NOWHERE)
    share = Fraction(at_most.rstrip("%")) / 100
    version = CorrectionVersion(dated, mode, reserve, share, fen(smallest), True)
    return CorrectionRule("settle", Text("差额结算"), (version,), NOWHERE)


def correction(old, new, *, concerned=None, names=("T:2025-06#1", "T:2025-06#2")):
    return Correction(*names, line_differences(old, new), concerned)


def booked(*corrections, now=(), opening=None, how=None, spared=frozenset()):
    """The ledger of July with the corrections behind its own entries; checked."""
    start = {account: fen(yuan) for account, yuan in (opening or {}).items()}
    own = Ledger(tuple(now), (), balances(now, start))
    one = how or rule()
    settlement = Settlement(
        one, one.versions[0], PEOPLE.__contains__, lambda _who: "T01", lambda owner, _subject: owner, spared
    )
    made = corrected(own, corrections, settlement, period=JULY, opening=start)
    check_conserved(made.entries, start, closing=made.balances)
    return made


def balance(made, account):
    return made.balances.get(account, ZERO).text(grouped=False)


def lines(made, who):
    account = f"person:{who}"
    return [
        (entry.line, str(entry.amount if entry.target == account else -entry.amount))
        for entry in made.entries
        if entry.distribution == "correction" and account in (entry.source, entry.target)
    ]


def test_everybody_gets_the_difference_and_funds_close():
    made = booked(correction(month(甲=600, 乙=400), month(甲=550, 乙=450)), now=month(甲=600, 乙=400))
    assert lines(made, "甲") == [("绩效", "-50.00")]
    assert lines(made, "乙") == [("绩效", "50.00")]
    assert balance(made, "person:甲") == "550.00"
    assert "fund:T01" not in made.balances or balance(made, "fund:T01") == "0.00"
    (entry,) = [e for e in made.entries if e.target == "person:乙" and e.distribution == "correction"]
    assert (entry.owner, entry.step, entry.claimant, entry.rule.code) == ("T01", "T:2025-06#2", "乙", "settle")
    assert entry.explanation.zh == "更正差额:T:2025-06#2 更正 T:2025-06#1,原 400.00 元,更正后 450.00 元"
    assert entry.explanation.en == (
        "difference of a correction: T:2025-06#2 corrects T:2025-06#1; 400.00 yuan before, 450.00 yuan now"
    )


def test_a_larger_pool_is_paid_by_who_paid_it_before():
    made = booked(correction(month(1000, 甲=600, 乙=400), month(1100, 甲=660, 乙=440)))
    assert balance(made, OUTSIDE) == "-100.00"
    assert (balance(made, "person:甲"), balance(made, "person:乙")) == ("60.00", "40.00")


def test_what_two_equal_ledgers_differ_in_is_nothing_and_books_nothing():
    one = correction(month(甲=600, 乙=400), month(甲=600, 乙=400))
    assert one.differences == ()
    assert booked(one, now=month(甲=1)).entries == month(甲=1)


def test_a_month_takes_back_no_more_than_its_share_and_the_rest_is_owed():
    made = booked(
        correction(month(甲=600, 乙=400), month(甲=300, 乙=700)), now=month(甲=500, 乙=500), how=rule(at_most="20%")
    )
    assert lines(made, "甲") == [("绩效", "-300.00"), ("转应收", "200.00")]
    assert balance(made, "person:甲") == "400.00"
    assert balance(made, "reserve:receivable:甲") == "-200.00"
    assert balance(made, "person:乙") == "800.00"
    (owed,) = [e for e in made.entries if e.line == "转应收"]
    assert owed.explanation.zh == (
        "应扣回 300.00 元;本期应发 500.00 元,至多扣 20%,即 100.00 元;其余 200.00 元记应收,以后各月收回"
    )


def test_who_has_left_owes_everything_and_who_left_with_too_little_is_paid():
    made = booked(correction(month(甲=600, 乙=400), month(甲=550, 乙=450)))
    assert balance(made, "person:甲") == "0.00"
    assert balance(made, "reserve:receivable:甲") == "-50.00"
    assert balance(made, "person:乙") == "50.00"


def test_a_gain_settles_first_what_was_owed():
    made = booked(
        correction(month(甲=400, 乙=600), month(甲=480, 乙=520)),
        now=month(甲=500, 乙=500),
        opening={"reserve:receivable:甲": -50},
        how=rule(at_most="0%"),
    )
    assert lines(made, "甲") == [("绩效", "80.00"), ("收回应收", "-50.00")]
    assert balance(made, "reserve:receivable:甲") == "0.00"
    assert lines(made, "乙") == [("绩效", "-80.00"), ("转应收", "80.00")]


def test_debts_that_somebody_settles_by_hand_are_left_alone():
    one = correction(month(甲=400, 乙=600), month(甲=480, 乙=520))
    made = booked(one, now=month(甲=500), opening={"reserve:receivable:甲": -50}, spared={"甲"})
    assert lines(made, "甲") == [("绩效", "80.00")]


def test_gains_and_losses_of_a_person_are_taken_together():
    old = moved(
        ("资金", OUTSIDE, "fund:T01", 300),
        ("夜班", "fund:T01", "person:甲", 100),
        ("绩效", "fund:T01", "person:甲", 200),
    )
    new = moved(
        ("资金", OUTSIDE, "fund:T01", 310),
        ("夜班", "fund:T01", "person:甲", 20),
        ("绩效", "fund:T01", "person:甲", 290),
    )
    made = booked(correction(old, new), how=rule(at_most="0%"))
    assert lines(made, "甲") == [("夜班", "-80.00"), ("绩效", "90.00")]
    assert balance(made, "person:甲") == "10.00"


def test_charged_to_a_reserve_only_those_concerned_are_touched():
    one = correction(month(甲=600, 乙=300, 丙=100), month(甲=660, 乙=260, 丙=80), concerned=frozenset({"甲"}))
    made = booked(one, opening={SAVED: 500}, how=rule("charge"))
    assert lines(made, "甲") == [("绩效", "60.00")]
    assert lines(made, "乙") == lines(made, "丙") == []
    assert balance(made, SAVED) == "440.00"
    (borne,) = [e for e in made.entries if e.line == "更正承担"]
    assert borne.explanation.zh == "更正差额:T:2025-06#2 更正 T:2025-06#1,未与个人结算的 60.00 元由本账户承担"


def test_what_is_taken_back_of_those_concerned_returns_to_the_reserve():
    one = correction(month(甲=600, 乙=400), month(甲=500, 乙=500), concerned=frozenset({"甲"}))
    made = booked(one, now=month(甲=500, 乙=500), how=rule("charge"))
    assert (balance(made, "person:甲"), balance(made, "person:乙"), balance(made, SAVED)) == (
        "400.00",
        "500.00",
        "100.00",
    )


def test_a_rule_for_all_concerns_everybody_even_where_a_reserve_is_charged():
    made = booked(correction(month(甲=600, 乙=400), month(甲=550, 乙=450)), now=month(甲=600), how=rule("charge"))
    assert balance(made, "person:乙") == "50.00"
    assert balance(made, SAVED) == "400.00"


def test_differences_too_small_to_pay_out_are_left_to_the_reserve():
    one = correction(month(甲=600, 乙=400), month(甲="600.99", 乙="398.50"))
    made = booked(one, now=month(乙=100), how=rule(smallest="1"))
    assert lines(made, "甲") == []
    assert lines(made, "乙") == [("绩效", "-1.50")]
    assert balance(made, SAVED) == "901.50"


def test_a_reserve_that_was_spent_is_topped_up_and_its_owner_owes_it():
    made = booked(correction(month(甲=600), month(甲=700)), now=month(100, 甲=100), opening={SAVED: 30})
    assert balance(made, SAVED) == "0.00"
    assert balance(made, "reserve:receivable:T01") == "-70.00"
    (issue,) = made.issues
    assert (issue.code, issue.severity, issue.subject) == ("correction-account-short", "warning", "T01")
    assert issue.hint.zh == "差额 70.00 元记 reserve:receivable:T01,以后扣回"


def test_what_an_institution_owes_is_taken_from_its_own_account_as_soon_as_there_is_something():
    made = booked(opening={"reserve:receivable:T01": -70, "institution:T01": 50})
    assert balance(made, "institution:T01") == "0.00"
    assert balance(made, "reserve:receivable:T01") == "-20.00"


def test_what_was_held_and_released_since_is_netted_against_the_pay_that_takes_its_place():
    old = moved(("资金", OUTSIDE, "fund:T01", 300), ("绩效", "fund:T01", "held:甲", 300))
    new = moved(("资金", OUTSIDE, "fund:T01", 300), ("绩效", "fund:T01", "person:甲", 300))
    kept = booked(correction(old, new), opening={"held:甲": 300})
    assert (balance(kept, "held:甲"), balance(kept, "person:甲")) == ("0.00", "300.00")
    released = booked(correction(old, new))
    assert (balance(released, "held:甲"), balance(released, "person:甲")) == ("0.00", "0.00")
    assert balance(released, "reserve:receivable:甲") == "0.00"


def test_where_no_rule_says_how_the_differences_wait_and_are_told():
    (issue,) = unbooked([correction(month(甲=600), month(甲=700)), correction(month(甲=1), month(甲=1))])
    assert (issue.code, issue.severity) == ("corrections-without-rule", "warning")


amounts = st.integers(min_value=0, max_value=10**7).map(lambda n: Fraction(n, 100))
ledgers = st.fixed_dictionaries(dict.fromkeys(sorted(PEOPLE), amounts))


@given(
    ledgers,
    ledgers,
    ledgers,
    st.sampled_from(["rebalance", "charge"]),
    st.integers(0, 100),
    st.sets(st.sampled_from("甲乙丙丁")),
)
def test_whatever_differs_everything_is_conserved_and_nobody_falls_below_the_limit(
    old, new, now, mode, share, concerned
):
    one = correction(month(10**6, **old), month(10**6, **new), concerned=frozenset(concerned))
    own = month(10**6, **now)
    made = booked(one, now=own, opening={SAVED: 10**6}, how=rule(mode, f"{share}%"))
    for who in PEOPLE:
        pay, gets = fen(now[who]), made.balances.get(f"person:{who}", ZERO)
        owes = -made.balances.get(f"reserve:receivable:{who}", ZERO)
        assert gets.fen * 100 >= pay.fen * (100 - share)
        is_settled = mode == "rebalance" or who in concerned
        assert gets - owes == pay + (fen(new[who]) - fen(old[who]) if is_settled else ZERO)
    assert made.balances.get("fund:T01", ZERO) == ZERO


@given(ledgers, ledgers, ledgers)
def test_two_corrections_booked_one_after_the_other_come_to_the_same_as_the_last_one(first, second, third):
    steps = [
        correction(month(10**6, **first), month(10**6, **second)),
        correction(month(10**6, **second), month(10**6, **third), names=("T:2025-06#2", "T:2025-06#3")),
    ]
    at_once = booked(correction(month(10**6, **first), month(10**6, **third)), opening={SAVED: 10**6})
    start = {SAVED: 10**6}
    made = booked(steps[0], opening=start)
    carried = {a: b.yuan for a, b in made.balances.items() if not a.startswith(("person:", "outside:"))}
    after = booked(steps[1], opening=carried)
    for who in PEOPLE:
        paid = made.balances.get(f"person:{who}", ZERO) + after.balances.get(f"person:{who}", ZERO)
        owes = after.balances.get(f"reserve:receivable:{who}", ZERO)
        net = at_once.balances.get(f"person:{who}", ZERO) + at_once.balances.get(f"reserve:receivable:{who}", ZERO)
        assert paid + owes == net


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sentence_is_there_in_both_languages(lang):
    made = booked(
        correction(month(甲=600, 乙=400), month(甲=300, 乙=700)),
        now=month(甲=5),
        how=rule("charge", "20%"),
        opening={SAVED: 1},
    )
    assert all(entry.explanation.in_lang(lang) for entry in made.entries)


def test_what_an_account_owed_before_is_not_owed_once_more():
    """A fund overdrawn by 50.00 before: of the 100.00 that the correction takes only these are owed."""
    house = "institution:T01"
    old = moved(("资金", OUTSIDE, house, 100))
    made = booked(correction(old, ()), opening={house: -50})
    assert (balance(made, house), balance(made, "reserve:receivable:T01")) == ("-50.00", "-100.00")


def test_a_claw_back_of_just_the_limit_owes_nothing():
    made = booked(
        correction(month(甲=600, 乙=400), month(甲=500, 乙=500)), now=month(甲=500, 乙=500), how=rule(at_most="20%")
    )
    assert lines(made, "甲") == [("绩效", "-100.00")]
