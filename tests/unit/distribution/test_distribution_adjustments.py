"""Adjustments: one person's pay changed by hand, on paper, and every fen still accounted for."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.distribution import Adjustment, Ledger, adjusted, check_conserved, collections
from perf.distribution.models import Entry
from perf.formulas.nodes import NO_RULE
from perf.kernel.money import ZERO, Money
from perf.kernel.periods import parse_period
from perf.kernel.text import Text

JUNE = parse_period("2025-06")
OWNERS = {"甲": "T01", "乙": "T01"}
RESERVE = "reserve:staff_reserve:T01"


def ledger(**pay):
    entries, balances = [], {}
    for number, (who, yuan) in enumerate(pay.items(), start=1):
        amount = Money(int(Fraction(yuan) * 100))
        entries.append(
            Entry(number, JUNE, "staff", "T01", "01", "绩效", "outside:x", f"person:{who}", amount, Text("x"), NO_RULE)
        )
        balances[f"person:{who}"] = amount
    balances["outside:x"] = -sum(balances.values(), ZERO)
    return Ledger(tuple(entries), (), balances)


def change(kind, subject="甲", amount=None, *, number="A1", account=RESERVE, **more):
    money = None if amount is None else Money(int(Fraction(amount) * 100))
    return Adjustment(number, kind, subject, money, "一次性", account, "三月夜班漏报", "人事〔2025〕3号", "hr", **more)


def run(*changes, opening=None, **pay):
    own = ledger(**pay)
    start = {account: Money(int(Fraction(yuan) * 100)) for account, yuan in (opening or {}).items()}
    closing = {a: own.balances.get(a, ZERO) + start.get(a, ZERO) for a in {*own.balances, *start}}
    made = adjusted(Ledger(own.entries, (), closing), changes, period=JUNE, owners=OWNERS, opening=start)
    check_conserved(made.entries, start, closing=made.balances)
    return made


def balance(made, account):
    return made.balances.get(account, ZERO).text(grouped=False)


def codes(made):
    return [issue.code for issue in made.issues]


def test_a_payment_comes_from_its_account_and_says_why_on_which_paper():
    made = run(change("pay", amount="120.50"), opening={RESERVE: 500}, 甲="1000")
    assert balance(made, "person:甲") == "1120.50"
    assert balance(made, RESERVE) == "379.50"
    entry = made.entries[-1]
    assert (entry.number, entry.distribution, entry.owner, entry.step, entry.line) == (
        2,
        "adjustment",
        "T01",
        "A1",
        "一次性",
    )
    assert entry.explanation.zh == "补发:三月夜班漏报(人事〔2025〕3号,hr录入)"


def test_an_account_of_ours_pays_only_what_it_has_and_the_others_go_on():
    made = run(change("pay", amount="600"), change("pay", "乙", "100", number="A2"), opening={RESERVE: 500}, 甲="1")
    assert codes(made) == ["adjustment-overdrawn"]
    assert balance(made, "person:甲") == "1.00"
    assert balance(made, "person:乙") == "100.00"


def test_what_is_held_or_stopped_is_all_that_the_others_leave_whatever_was_entered_first():
    made = run(
        change("hold", account=""),
        change("pay", amount="100", number="A2"),
        change("deduct", amount="30", number="A10"),
        opening={RESERVE: 500},
        甲="1000",
    )
    assert (balance(made, "held:甲"), balance(made, "person:甲")) == ("1070.00", "0.00")


def test_money_that_came_back_is_no_pay_of_this_run():
    made = run(change("return", amount="200", account=""), change("stop", number="A2"), 甲="1000")
    assert (balance(made, RESERVE), balance(made, "held:甲")) == ("1000.00", "200.00")
    assert made.entries[1].status == "returned"


def test_who_owes_pays_back_by_itself_and_a_share_of_the_pay_stays():
    opening = {"reserve:receivable:甲": Money(-50000), "reserve:receivable:乙": Money(0), RESERVE: Money(-1)}
    (own,) = collections(opening, JUNE, at_most=Fraction(1, 5))
    assert (own.subject, own.kind, own.amount) == ("甲", "collect", None)
    made = run(own, opening={"reserve:receivable:甲": -500}, 甲="1000")
    assert (balance(made, "person:甲"), balance(made, "reserve:receivable:甲")) == ("800.00", "-300.00")


def test_what_was_written_off_is_not_collected_and_nobody_is_told_off():
    opening = {"reserve:receivable:甲": Money(-50000)}
    made = run(
        change("write_off"),
        *collections(opening, JUNE),
        opening={"reserve:receivable:甲": -500, RESERVE: 500},
        甲="1000",
    )
    assert (codes(made), balance(made, "person:甲")) == ([], "1000.00")


def test_no_issue_tells_anybodys_pay():
    made = run(change("hold", amount="5000", account=""), change("release", number="A2", account=""), 甲="1234.56")
    said = "".join(issue.render("zh") + issue.render("en") for issue in made.issues)
    assert "1,234" not in said


def test_what_this_months_pay_does_not_bear_is_owed():
    made = run(change("deduct", amount="1500"), 甲="1000")
    assert balance(made, "person:甲") == "0.00"
    assert balance(made, "reserve:receivable:甲") == "-500.00"
    assert balance(made, RESERVE) == "1500.00"
    assert [e.status for e in made.entries[-2:]] == ["paid", "owed"]


def test_a_deduction_takes_at_most_its_share_of_the_pay_over_all_that_is_taken():
    fifth = Fraction(1, 5)
    made = run(
        change("deduct", amount="150", at_most=fifth),
        change("deduct", amount="150", number="A2", at_most=fifth),
        甲="1000",
    )
    assert balance(made, "person:甲") == "800.00"
    assert balance(made, "reserve:receivable:甲") == "-100.00"


def test_what_is_owed_is_collected_from_later_pay():
    made = run(change("collect", account=""), opening={"reserve:receivable:甲": -500}, 甲="300")
    assert balance(made, "person:甲") == "0.00"
    assert balance(made, "reserve:receivable:甲") == "-200.00"


def test_what_a_leaver_owes_is_written_off_against_a_named_reserve():
    made = run(change("write_off"), opening={"reserve:receivable:甲": -500, RESERVE: 500}, 乙="1")
    assert balance(made, "reserve:receivable:甲") == "0.00"
    assert balance(made, RESERVE) == "0.00"


def test_pay_is_held_and_released_later():
    held = run(change("hold", account=""), 甲="1000")
    assert balance(held, "held:甲") == "1000.00"
    assert balance(held, "person:甲") == "0.00"
    back = run(change("release", account=""), opening={"held:甲": 1000}, 甲="5")
    assert balance(back, "person:甲") == "1005.00"
    assert balance(back, "held:甲") == "0.00"


def test_stopped_pay_goes_to_its_account_for_good_and_a_bounced_transfer_waits():
    made = run(change("stop"), change("return", "乙", "200", number="A2", account=""), 甲="1000", 乙="300")
    assert (balance(made, RESERVE), balance(made, "held:乙")) == ("1000.00", "200.00")


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (change("release", account=""), "adjustment-nothing-held"),
        (change("hold", "乙", account=""), "adjustment-no-pay"),
        (change("stop", amount="1000.01"), "adjustment-no-pay"),
        (change("write_off"), "adjustment-nothing-owed"),
        (change("collect"), "adjustment-nothing-owed"),
        (change("pay", "丙", "1"), "adjustment-person-unknown"),
    ],
)
def test_what_cannot_be_done_is_an_issue_and_leaves_no_entry(one, code):
    made = run(one, 甲="1000")
    assert codes(made) == [code]
    assert len(made.entries) == 1


amounts = st.integers(1, 300_000).map(lambda fen: Fraction(fen, 100))
kinds = st.sampled_from(["pay", "deduct", "hold", "stop", "release", "return", "collect", "write_off"])


@given(st.lists(st.tuples(kinds, st.sampled_from(["甲", "乙"]), amounts), max_size=8))
def test_whatever_is_entered_is_conserved_and_the_order_of_input_does_not_matter(rows):
    changes = [change(kind, who, amount, number=f"A{k}") for k, (kind, who, amount) in enumerate(rows)]
    opening = {RESERVE: 1000, "held:甲": 50, "reserve:receivable:乙": -70}
    made = run(*changes, opening=opening, 甲="1000", 乙="20")
    assert made == run(*reversed(changes), opening=opening, 甲="1000", 乙="20")
    assert len(codes(made)) == len({issue.place.file for issue in made.issues})
    for account, amount in made.balances.items():
        if account.startswith("reserve:") and "receivable" not in account:
            assert amount >= ZERO


def test_the_share_of_the_pay_that_may_be_taken_is_rounded_down():
    made = run(change("deduct", amount="10", at_most=Fraction(1, 3)), 甲="10")
    assert (balance(made, "person:甲"), balance(made, "reserve:receivable:甲")) == ("6.67", "-6.67")


def test_a_held_part_of_a_fund_below_zero_is_taken_from_the_pay_when_it_is_released():
    made = run(change("release", amount=None), opening={"held:甲": -50}, 甲="120")
    assert (balance(made, "held:甲"), balance(made, "person:甲")) == ("0.00", "70.00")
    assert not codes(made)


def test_what_the_pay_does_not_bear_of_a_held_burden_is_owed():
    made = run(change("release", amount=None), opening={"held:甲": -50}, 甲="20")
    assert (balance(made, "held:甲"), balance(made, "person:甲")) == ("0.00", "0.00")
    assert balance(made, "reserve:receivable:甲") == "-30.00"


def test_a_burden_cannot_be_released_as_if_it_were_pay():
    made = run(change("release", amount=10), opening={"held:甲": -50}, 甲="120")
    assert codes(made) == ["adjustment-nothing-held"]
