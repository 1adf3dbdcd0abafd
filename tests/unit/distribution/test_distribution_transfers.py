"""The internal market: what members render each other, both counts beside each other, from account to account."""

from datetime import date
from itertools import permutations

import pytest
from market_world import MEMBERS, both, codes, gave, got, member, moved, reconciled, settle

from perf.distribution import accounts
from perf.kernel.money import Money


def test_what_both_sides_report_is_paid_from_the_receiver_to_the_provider():
    ledger = settle(both("A", "B", "image", 12))
    assert moved(ledger) == [("B", "A", "image", "216.00")]
    assert ledger.balances["institution:A"] == Money(100_000 + 21_600)
    assert ledger.balances["institution:B"] == Money(100_000 - 21_600)
    assert codes(ledger) == []


def test_each_pair_and_item_is_rounded_by_itself_half_away_from_zero():
    ledger = settle([*both("A", "B", "ecg", 1), *both("A", "C", "ecg", 3)])
    # 12.345 × 50% = 6.1725 → 6.17; × 3 = 18.5175 → 18.52
    assert moved(ledger) == [("B", "A", "ecg", "6.17"), ("C", "A", "ecg", "18.52")]


def test_what_everybody_nets_sums_to_zero_and_stands_on_everybodys_own_path():
    facts = [*both("A", "B", "image", 12), *both("B", "A", "ecg", 100), *both("C", "A", "image", 1)]
    ledger = settle(facts)
    nets = {step.owner: -step.out for step in ledger.path if "transfer" in step.step}
    assert nets == {"A": Money(21_600 - 61_725 - 1_800), "B": Money(61_725 - 21_600), "C": Money(1_800)}
    assert sum(net.fen for net in nets.values()) == 0
    assert all(
        step.before - step.out == step.after == ledger.balances[f"institution:{step.owner}"]
        for step in ledger.path
        if "transfer" in step.step
    )


def test_the_order_of_the_facts_does_not_matter():
    facts = [*both("A", "B", "image", 12), gave("B", "A", "ecg", 7), got("B", "A", "ecg", 9)]
    first = settle(facts)
    for order in list(permutations(facts))[:30]:
        assert settle(order) == first


@pytest.mark.parametrize(
    ("how", "paid", "severity"),
    [
        ("hold", "180.00", "warning"),
        ("lower", "180.00", "info"),
        ("provided", "216.00", "info"),
        ("received", "180.00", "info"),
    ],
)
def test_a_difference_is_settled_as_the_rule_says_and_named_with_both_figures_and_cells(how, paid, severity):
    facts = [gave("A", "B", "image", 12, "D5"), got("A", "B", "image", 10, "D9")]
    ledger = settle(facts, more=f"on_difference: {how}")
    assert moved(ledger) == [("B", "A", "image", paid)]
    assert codes(ledger) == [("transfer-counts-differ", severity)]
    found = ledger.issues[0]
    assert "提供方报 12(A.xlsx!服务!D5),接受方报 10(B.xlsx!服务!D9);相差 36.00 元" in found.found.zh
    assert (
        "the provider says 12 (A.xlsx!服务!D5), the receiver says 10 (B.xlsx!服务!D9); 36.00 yuan apart"
        in found.found.en
    )
    assert str(found.place) == "B.xlsx!服务!D9"


def test_a_rule_may_refuse_the_whole_market_while_two_counts_differ():
    facts = [*both("A", "C", "image", 1), gave("A", "B", "image", 12), got("A", "B", "image", 10)]
    ledger = settle(facts, more="on_difference: refuse")
    assert ledger.entries == ()
    assert ledger.failed == (("market", "M"),)
    assert codes(ledger) == [("transfer-counts-differ", "error")]


@pytest.mark.parametrize(
    ("how", "facts", "paid"),
    [
        ("hold", gave("A", "B", "image", 12), "0.00"),
        ("lower", got("A", "B", "image", 12), "0.00"),
        ("provided", gave("A", "B", "image", 12), "216.00"),
        ("provided", got("A", "B", "image", 12), "0.00"),
        ("received", got("A", "B", "image", 12), "216.00"),
        ("received", gave("A", "B", "image", 12), "0.00"),
    ],
)
def test_where_one_side_said_nothing_its_count_is_none(how, facts, paid):
    ledger = settle([facts], more=f"on_difference: {how}")
    assert moved(ledger) == [("B", "A", "image", paid)]
    assert [code for code, _ in codes(ledger)] == ["transfer-one-sided"]
    assert "没有报" in ledger.issues[0].found.zh
    assert "216.00 元" in ledger.issues[0].found.zh


def test_where_the_rule_asks_one_side_only_its_word_counts():
    ledger = settle([gave("A", "B", "image", 12)], change=("received: got, ", ""))
    assert moved(ledger) == [("B", "A", "image", "216.00")]
    assert codes(ledger) == []


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        (gave("A", "X", "image", 5), "transfer-not-a-member"),
        (gave("A", "A", "image", 5), "transfer-with-itself"),
        (gave("A", "", "image", 5), "transfer-incomplete"),
        (gave("A", "B", "", 5), "transfer-incomplete"),
        (gave("A", "", "", 5), "transfer-incomplete"),
        (gave("A", "B", "massage", 5), "transfer-item-unknown"),
        (gave("A", "B", "image", -5), "transfer-no-count"),
        (gave("A", "B", "image", "2.5"), "transfer-no-count"),
        (gave("A", "B", "image", "八"), "transfer-no-count"),
    ],
)
def test_what_cannot_count_is_told_and_the_others_are_settled(fact, code):
    ledger = settle([*both("A", "C", "image", 1), fact])
    assert moved(ledger) == [("C", "A", "image", "18.00")]
    assert codes(ledger) == [(code, "warning")]


def test_a_count_that_is_none_leaves_its_pair_unsettled_whatever_the_other_side_says():
    facts = [gave("A", "B", "image", -5), got("A", "B", "image", 5)]
    for how in ("hold", "lower", "provided", "received"):
        ledger = settle(facts, more=f"on_difference: {how}")
        assert moved(ledger) == []
        assert codes(ledger) == [("transfer-no-count", "warning")]


def test_half_days_count_where_the_measure_declares_a_decimal():
    facts = both("A", "B", "image", "2.5")
    assert {code for code, _ in codes(settle(facts))} == {"transfer-no-count"}
    ledger = settle(facts, digits=1)
    assert moved(ledger) == [("B", "A", "image", "45.00")]
    assert codes(ledger) == []


def test_a_price_that_is_not_in_force_pays_nothing_and_says_so():
    ledger = settle(both("A", "B", "ward", 3))
    assert moved(ledger) == [("B", "A", "ward", "0.00")]
    assert codes(ledger) == [("transfer-not-priced", "warning")]
    assert "目录中的“单价”(price)在 2025-06 没有值" in ledger.issues[0].found.zh


def test_a_price_below_zero_is_none():
    ledger = settle(both("A", "B", "image", 3), change=("item.price * item.share", "item.price - 31"))
    assert moved(ledger) == [("B", "A", "image", "0.00")]
    assert "价格小于 0" in ledger.issues[0].found.zh


def test_a_price_may_look_at_both_sides():
    members = (member("A", discount="90%"), member("B", discount="50%"), member("C", discount="1"))
    ledger = settle(
        both("A", "B", "image", 2),
        members=members,
        change=("item.price * item.share", "item.price * receiver.discount * provider.discount"),
    )
    assert moved(ledger) == [("B", "A", "image", "27.00")]


def test_an_account_that_is_too_small_refuses_the_market():
    ledger = settle(both("A", "B", "image", 12), opening={"institution:B": Money(21_599)})
    assert ledger.entries == ()
    assert codes(ledger) == [("transfer-over-balance", "error")]
    assert "结存 215.99 元,内部市场净付 216.00 元" in ledger.issues[0].found.zh


def test_what_a_member_earns_covers_what_it_pays_whatever_comes_first():
    facts = [*both("A", "B", "image", 12), *both("B", "C", "image", 12)]
    ledger = settle(facts, opening={"institution:C": Money(21_600)})
    assert ledger.balances == {
        "institution:A": Money(21_600),
        "institution:B": Money(0),
        "institution:C": Money(0),
        **{account: Money(0) for account in ledger.balances if not account.startswith("institution")},
    }


def test_an_account_may_be_overdrawn_where_the_rule_says_so_and_that_is_seen():
    ledger = settle(both("A", "B", "image", 12), more="short: overdraw", opening={"institution:B": Money(100)})
    assert ledger.balances["institution:B"] == Money(100 - 21_600)
    assert codes(ledger) == [("transfer-overdrawn", "warning")]


def test_a_member_that_left_in_mid_month_is_settled_and_told():
    members = (MEMBERS[0], member("B", last=date(2025, 6, 15)), MEMBERS[2])
    ledger = settle(both("A", "B", "image", 12), members=members)
    assert moved(ledger) == [("B", "A", "image", "216.00")]
    assert codes(ledger) == [("transfer-member-left", "warning")]


def test_a_member_that_left_before_the_month_neither_pays_nor_is_paid():
    members = (MEMBERS[0], member("B", last=date(2025, 5, 31)), MEMBERS[2])
    ledger = settle(both("A", "B", "image", 12), members=members)
    assert moved(ledger) == []
    assert codes(ledger) == [("transfer-not-a-member", "warning")] * 2
    assert {issue.subject for issue in ledger.issues} == {"A", "B"}
    assert "已于 2025-05-31 离开" in ledger.issues[0].found.zh


def test_the_market_comes_after_what_fills_the_accounts_and_before_what_empties_them():
    beside = """
---
distribution: cut
period: month
per: consortium
among: members
fund: 300
steps: [{apportion: {by: 1}}]
---
distribution: after
period: month
per: institution
among: staff
fund: balance(pool)
steps: [{remainder: {to: kept}}]
"""
    ledger = settle(both("A", "B", "image", 5), opening={}, beside=beside)
    assert ledger.failed == ()
    kept = {code: ledger.balances[accounts.reserve("kept", code)].text() for code in "ABC"}
    assert kept == {"A": "190.00", "B": "10.00", "C": "100.00"}


def test_a_reconciliation_lists_the_deals_as_they_would_be_settled_without_money():
    facts = [
        *both("A", "B", "ecg", 2),
        gave("A", "B", "image", 12),
        got("A", "B", "image", 10),
        got("C", "A", "image", 1),
    ]
    (found,) = reconciled(facts)
    assert found.owner == "M"
    rows = [(tuple(d.trade), d.counts, d.agreed, d.amount.text(), d.disputed.text()) for d in found.market.deals]
    assert rows == [
        (("A", "B", "ecg"), (2, 2), 2, "12.35", "0.00"),
        (("A", "B", "image"), (12, 10), 10, "180.00", "36.00"),
        (("C", "A", "image"), (None, 1), 0, "0.00", "18.00"),
    ]
    assert moved(settle(facts)) == [
        ("B", "A", "ecg", "12.35"),
        ("B", "A", "image", "180.00"),
        ("A", "C", "image", "0.00"),
    ]


def test_counts_of_zero_move_nothing_and_are_not_told():
    ledger = settle([*both("A", "B", "image", 0), gave("A", "C", "image", 0)])
    assert moved(ledger) == []
    assert codes(ledger) == []


def test_an_entry_says_the_count_the_price_and_the_way_in_both_languages():
    (entry,) = [e for e in settle(both("A", "B", "image", 12)).entries if "/" in e.step]
    assert entry.explanation.zh == "远程影像(A院 → B院):提供数量 12 × 单价 30 × 分成 60% = 216.00 元"
    assert entry.explanation.en == "Imaging (A院 → B院): Rendered 12 × price 30 × share 60% = 216.00 yuan"
    assert (entry.step, entry.line, entry.claimant) == ("01-transfer/image", "内部市场", "A")


def test_where_the_lower_of_two_counts_is_settled_the_entry_names_both():
    (entry,) = [e for e in settle([gave("A", "B", "image", 12), got("A", "B", "image", 10)]).entries if "/" in e.step]
    assert "提供数量 12" in entry.explanation.zh
    assert "接受数量 10" in entry.explanation.zh
    assert entry.explanation.zh.endswith("= 180.00 元")


def test_a_clinic_below_a_township_hospital_trades_where_the_rule_asks_every_institution():
    clinic = member("V", parent="B")
    facts = [*both("A", "V", "image", 10), *both("V", "C", "ecg", 2)]
    opening = {f"institution:{code}": Money(100_000) for code in "ABCV"}
    every = ("among: members", "among: institutions")
    ledger = settle(facts, members=(*MEMBERS, clinic), opening=opening, change=every)
    assert sorted(moved(ledger)) == [("C", "V", "ecg", "12.35"), ("V", "A", "image", "180.00")]
    assert ledger.balances["institution:V"] == Money(100_000 - 18_000 + 1_235)
    assert ledger.balances["institution:B"] == Money(100_000)
    assert codes(ledger) == []


def test_a_clinic_below_a_township_hospital_that_does_not_take_part_is_told_about():
    clinic = member("V", parent="B")
    ledger = settle([gave("V", "A", "image", 10), got("V", "A", "image", 10)], members=(*MEMBERS, clinic))
    assert moved(ledger) == []
    assert [code for code, _ in codes(ledger)] == ["transfer-not-a-member", "transfer-not-a-member"]
