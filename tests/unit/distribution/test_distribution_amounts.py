"""Amounts on the way: pay lines, takes and holds, and those that cannot be computed."""

import pytest
from equal_claims import EQUAL, codes_of

from perf.kernel.money import Money


def test_pay_lines_come_first_and_zero_has_its_row(run, paid, rules, person):
    steps = "  - pay: {line: 夜班, amount: 80 * night_shifts}\n" + EQUAL
    facts = [("1", "night_shifts", 3), ("2", "night_shifts", 0)]
    ledger = run(rules(steps), [person("1"), person("2")], fund=1000, facts=facts)
    assert paid(ledger) == {"person:1": "620.00", "person:2": "380.00"}
    night = {e.claimant: e for e in ledger.entries if e.line == "夜班"}
    assert night["1"].explanation.zh == "夜班:80 × 夜班次数 3 = 240.00 元"
    assert night["2"].amount == Money(0)


def test_a_pay_line_that_nobody_reported_is_zero_with_an_issue(run, paid, rules, person):
    steps = "  - pay: {line: 夜班, amount: 80 * night_shifts}\n" + EQUAL
    ledger = run(rules(steps), [person("1")], fund=100)
    assert [(i.code, i.severity, i.subject) for i in ledger.issues] == [("pay-not-computed", "warning", "1")]
    assert [e.status for e in ledger.entries if e.line == "夜班"] == ["missing"]
    assert paid(ledger) == {"person:1": "100.00"}


def test_pay_over_the_rest_is_refused_or_scaled_to_the_fen(run, paid, rules, person):
    facts = [(n, "night_shifts", 1) for n in "123"]
    people = [person(n) for n in "123"]
    refused = run(rules("  - pay: {line: 夜班, amount: 80 * night_shifts}"), people, fund=100, facts=facts)
    assert codes_of(refused) == ["pay-over-rest"]
    assert refused.issues[0].expected.zh == "不超过余额 100.00 元,差 140.00 元"
    scaled = run(rules("  - pay: {line: 夜班, amount: 80 * night_shifts, short: scale}"), people, fund=100, facts=facts)
    assert paid(scaled) == {"person:1": "33.34", "person:2": "33.33", "person:3": "33.33"}
    assert "资金不足" in scaled.entries[1].explanation.zh


def test_pay_from_a_payer_outside_does_not_touch_the_fund(run, paid, rules, person):
    steps = "  - pay: {line: 补助, amount: 50, payer: finance}\n" + EQUAL
    ledger = run(rules(steps), [person("1")], fund=100)
    assert paid(ledger) == {"person:1": "150.00"}
    assert ledger.balances["outside:finance"] == Money(-5000)


def test_a_take_over_the_rest_is_refused(run, rules, person):
    ledger = run(rules("  - take: {to: director_fund, amount: 2 * fund}\n" + EQUAL), [person("1")], fund=100)
    assert codes_of(ledger) == ["take-over-rest"]


def test_hold_keeps_back_a_share_of_what_each_got_so_far(run, paid, rules, person):
    ledger = run(rules(EQUAL + "\n  - hold: {share: 10%, line: 风险金}"), [person("1"), person("2")], fund=100)
    assert paid(ledger) == {"held:1": "5.00", "held:2": "5.00", "person:1": "45.00", "person:2": "45.00"}
    assert [e.source for e in ledger.entries if e.line == "风险金"] == ["person:1", "person:2"]


def test_an_amount_over_the_rest_is_refused(run, rules, person):
    assert codes_of(run(rules("  - apportion: {by: post_coefficient, amount: 140}"), [person("1")], fund=100)) == [
        "amount-over-rest"
    ]


def test_pay_waits_for_the_score_it_depends_on_and_is_not_for_whom_the_gate_shut_out(run, paid, rules, person):
    steps = "  - gate: {when: post_coefficient > 5}\n  - pay: {line: 质量奖, amount: score, where: post_coefficient > 0}\n  - remainder: {to: pool}"
    people = [
        person("1"),
        person("2", post_coefficient="6"),
        person("3", post_coefficient="0"),
        person("4", post_coefficient="x"),
    ]
    ledger = run(rules(steps, head="uses: {score: [s]}"), people, fund=100, scores={"2": 90, "3": 90, "4": 90})
    assert paid(ledger) == {"held:1": "100.00"}
    assert {e.claimant: e.status for e in ledger.entries if e.claimant} == {"1": "held", "2": "gated", "4": "missing"}


@pytest.mark.parametrize("share", ["2", "attendance"])
def test_a_hold_that_is_no_share_is_refused(run, rules, person, share):
    assert codes_of(run(rules(EQUAL + f"\n  - hold: {{share: {share}}}"), [person("1")], fund=1)) == [
        "hold-not-computed"
    ]


def test_a_hold_with_a_condition_leaves_the_others_alone(run, paid, rules, person):
    steps = EQUAL + "\n  - hold: {share: 50%, where: post_coefficient > 1}"
    people = [person("1"), person("2", post_coefficient="3")]
    assert paid(run(rules(steps), people, fund=80)) == {"held:2": "30.00", "person:1": "20.00", "person:2": "30.00"}


def test_a_take_that_cannot_be_computed_is_refused(run, rules, person):
    ledger = run(rules("  - take: {to: director_fund, amount: pool_total@last_year}\n" + EQUAL), [person("1")], fund=1)
    assert codes_of(ledger) == ["take-not-computed"]


def test_a_floor_that_cannot_be_computed_is_an_issue_and_does_not_bind(run, paid, rules, person):
    ledger = run(rules("  - apportion: {by: post_coefficient, floor: 10 * attendance}"), [person("1")], fund=100)
    assert codes_of(ledger) == ["bound-not-computed"]
    assert paid(ledger) == {"person:1": "100.00"}


def test_an_amount_that_cannot_be_computed_is_refused(run, rules, person):
    steps = "  - apportion: {by: post_coefficient, amount: pool_total@last_year}"
    assert codes_of(run(rules(steps), [person("1")], fund=1)) == ["amount-over-rest"]


def test_who_is_at_the_cap_because_caps_leave_something_over_is_told_so(run, rules, person):
    """Equal claims and equal caps: 10.00 each of 100.00, and no line says that 100.00 × 1 ÷ 2 were 10.00."""
    steps = "  - apportion: {by: post_coefficient, cap: 10}\n  - remainder: {to: director_fund}"
    ledger = run(rules(steps), [person("01"), person("02")], fund=100)
    shares = [entry for entry in ledger.entries if entry.working]
    assert [(str(entry.amount), str(entry.working.cap)) for entry in shares] == [("10.00", "10.00")] * 2
    assert all("封顶" in entry.explanation.zh for entry in shares)
