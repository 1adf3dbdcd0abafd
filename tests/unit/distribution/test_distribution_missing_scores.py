"""A score, a coefficient or a fact that is missing: what is held, at what, and what is paid all the same."""

from fractions import Fraction

import pytest
from equal_claims import EQUAL, codes_of

from perf.distribution import CardFigures
from perf.kernel.money import Money


def test_a_missing_score_is_held_at_full_or_last_or_mean_until_it_comes(run, paid, rules, person):
    def pay(how):
        head = f"uses: {{score: [s]}}\non_missing_score: hold_at({how})"
        people = [person(n) for n in "123"]
        cards = {("s", "3"): CardFigures(None, status="blocked")}
        scores = {"1": 80, "2": 70}
        return run(
            rules("  - apportion: {by: score}", head=head),
            people,
            fund=1000,
            scores=scores,
            cards=cards,
            last_scores={"3": Fraction(50)},
        )

    full = pay("full")
    assert paid(full) == {"held:3": "400.00", "person:1": "320.00", "person:2": "280.00"}
    assert [(i.code, i.severity, i.subject) for i in full.issues] == [("score-missing", "warning", "3")]
    assert paid(pay("last"))["held:3"] == "250.00"
    assert paid(pay("mean"))["held:3"] == "333.33"


def test_what_does_not_depend_on_the_missing_score_is_paid(run, paid, rules, person):
    steps = "  - pay: {line: 夜班, amount: 80 * night_shifts}\n  - apportion: {by: score}"
    ledger = run(rules(steps, head="uses: {score: [s]}"), [person("1")], fund=100, facts=[("1", "night_shifts", 1)])
    assert paid(ledger) == {"held:1": "20.00", "person:1": "80.00"}


def test_two_schemes_that_score_the_same_person_are_an_issue_and_the_share_is_held(run, paid, rules, person):
    cards = {("s", "1"): CardFigures(Fraction(80)), ("t", "1"): CardFigures(Fraction(90))}
    ledger = run(rules("  - apportion: {by: score}", head="uses: {score: [s, t]}"), [person("1")], fund=10, cards=cards)
    assert codes_of(ledger) == ["two-scores"]
    assert paid(ledger) == {"held:1": "10.00"}


def test_a_claim_with_a_missing_fact_is_held_at_the_mean_of_the_others(run, paid, rules, person):
    facts = [("1", "attendance", 1), ("2", "attendance", "0.5")]
    ledger = run(rules("  - apportion: {by: attendance}"), [person(n) for n in "123"], fund=90, facts=facts)
    assert paid(ledger) == {"held:3": "30.00", "person:1": "40.00", "person:2": "20.00"}
    assert [(i.code, i.subject) for i in ledger.issues] == [("claim-held", "3")]
    assert "attendance" in ledger.issues[0].found.zh


def test_claims_that_are_all_missing_refuse_the_owner(run, rules, person):
    ledger = run(rules("  - apportion: {by: attendance}"), [person("1"), person("2")], fund=90)
    assert codes_of(ledger) == ["claim-held", "claim-held", "no-claim-computed"]
    assert ledger.failed == (("staff_pay", "A"),)


def test_forfeited_pay_is_a_zero_claim_that_says_so(run, paid, rules, person):
    cards = {("s", "1"): CardFigures(Fraction(80), forfeits_pay=True), ("s", "2"): CardFigures(Fraction(80))}
    steps = "  - pay: {line: 补助, amount: 30}\n  - apportion: {by: score, floor: 10}"
    ledger = run(rules(steps, head="uses: {score: [s]}"), [person("1"), person("2")], fund=100, cards=cards)
    assert paid(ledger) == {"person:2": "100.00"}
    rows = [e for e in ledger.entries if e.claimant == "1"]
    assert [(e.amount, e.status) for e in rows] == [(Money(0), "forfeited")] * 2
    assert "一票否决" in rows[1].explanation.zh
    assert [(i.code, i.severity) for i in ledger.issues] == [("pay-forfeited", "info")]


SCHEME = """
scheme: s
title: 考核
of: {level: person}
period: month
source: {document: 甲文, clause: 第二条}
dimensions: {one: {weight: 100, indicators: {duty: {out_of: 100}}}}
grades: [[优秀, 90], [合格, 60], [不合格, 0]]
coefficient: {curve: steps, at: [[0, 0.8], [60, 1.0], [90, 1.5]]}
---
indicator: duty
title: 出勤
level: person
unit: ratio
direction: higher
confidence: A
value: attendance
source: {document: 甲文, clause: 第三条}
points: {curve: entered, full: 1}
"""


@pytest.mark.parametrize(("how", "held"), [("full", "150.00"), ("mean", "100.00"), ("last", "100.00")])
def test_a_missing_coefficient_stands_at_the_best_or_at_the_mean(run, paid, rules, person, how, held):
    head = f"uses: {{score: [s]}}\non_missing_score: hold_at({how})"
    cards = {
        ("s", "1"): CardFigures(Fraction(50), Fraction(4, 5), "不合格"),
        ("s", "2"): CardFigures(Fraction(95), Fraction(6, 5), "优秀"),
    }
    whole = {"full": 350, "mean": 300, "last": 300}[how]
    documents = [SCHEME.strip(), rules("  - apportion: {by: coefficient}", head=head)]
    more = {"cards": cards, "last_scores": {"3": Fraction(61)}}
    assert paid(run(documents, [person(n) for n in "123"], fund=whole, **more))["held:3"] == held


def test_a_grade_that_stands_in_follows_the_score_that_stands_in(run, paid, rules, person):
    head = "uses: {score: [s]}\non_missing_score: hold_at(last)"
    documents = [SCHEME.strip(), rules('  - apportion: {by: "if(grade == 优秀, 2, 1)"}', head=head)]
    cards = {("s", "1"): CardFigures(Fraction(95), Fraction(6, 5), "优秀")}
    ledger = run(documents, [person("1"), person("2")], fund=90, cards=cards, last_scores={"2": Fraction(61)})
    assert paid(ledger) == {"held:2": "30.00", "person:1": "60.00"}


def test_a_gate_that_nobody_can_decide_holds_the_share(run, paid, rules, person):
    steps = "  - gate: {when: attendance < 0.5}\n" + EQUAL
    ledger = run(rules(steps), [person("1"), person("2")], fund=100, facts=[("1", "attendance", 1)])
    assert paid(ledger) == {"held:2": "50.00", "person:1": "50.00"}


def test_pay_that_is_forfeited_asks_for_no_score(run, paid, rules, person):
    cards = {("s", "1"): CardFigures(None, status="blocked", forfeits_pay=True), ("s", "2"): CardFigures(Fraction(90))}
    ledger = run(
        rules("  - apportion: {by: score}", head="uses: {score: [s]}"), [person("1"), person("2")], fund=10, cards=cards
    )
    assert paid(ledger) == {"person:2": "10.00"}
    assert "score-missing" not in codes_of(ledger)


def test_a_share_that_lacks_a_fact_beside_its_score_is_held_at_the_mean_even_where_a_score_could_stand_in(
    run, paid, rules, person
):
    head = "uses: {score: [s]}\non_missing_score: hold_at(full)"
    facts = [("1", "attendance", 1)]
    people = [person("1"), person("2")]
    ledger = run(
        rules("  - apportion: {by: score * attendance}", head=head), people, fund=100, facts=facts, scores={"1": 80}
    )
    assert paid(ledger) == {"held:2": "50.00", "person:1": "50.00"}
    assert codes_of(ledger) == ["score-missing", "claim-held"]
