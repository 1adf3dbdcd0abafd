"""Persons who join, leave, move or hold two posts, and those whose post says too little."""

from datetime import date

import pytest
from equal_claims import EQUAL, codes_of

from perf.kernel.subjects import Segment


def test_a_joiner_in_mid_month_and_a_leaver_claim_for_their_days(run, paid, rules, person):
    people = [
        person("full"),
        person("join", first=date(2025, 6, 16)),
        person("leave", last=date(2025, 6, 6)),
        person("gone", last=date(2025, 5, 31)),
    ]
    ledger = run(rules(EQUAL), people, fund=510)
    assert paid(ledger) == {"person:full": "300.00", "person:join": "150.00", "person:leave": "60.00"}
    assert next(e for e in ledger.entries if e.claimant == "join").working.claim.value * 2 == 1


def test_two_posts_of_one_person_in_one_part_are_one_entry_and_pay_comes_once(run, paid, rules, person):
    people = [
        person("1", last=date(2025, 6, 15), post_coefficient="1"),
        person("1", first=date(2025, 6, 16), post_coefficient="2"),
        person("2", post_coefficient="1.5"),
    ]
    steps = "  - pay: {line: 补助, amount: 30}\n" + EQUAL
    ledger = run(rules(steps), people, fund=360)
    assert paid(ledger) == {"person:1": "180.00", "person:2": "180.00"}
    assert [e.line for e in ledger.entries if e.claimant == "1"] == ["补助", "职工分配"]


def test_a_person_who_moved_between_institutions_claims_in_both_and_is_paid_lines_where_it_is_now(
    run, paid, rules, person
):
    units = tuple(Segment(c, "institution", "township_hospital", "M") for c in "AB")
    people = [
        person("1", last=date(2025, 6, 15)),
        person("1", parent="B", first=date(2025, 6, 16)),
        person("2"),
        person("3", parent="B"),
    ]
    steps = "  - pay: {line: 补助, amount: 30}\n" + EQUAL
    ledger = run(rules(steps), people, funds={"A": 180, "B": 210}, units=units)
    assert paid(ledger) == {"person:1": "130.00", "person:2": "130.00", "person:3": "130.00"}
    assert [e.owner for e in ledger.entries if e.claimant == "1" and e.line == "补助"] == ["B"]


def test_a_head_whose_attribute_nobody_filled_in_keeps_a_held_share(run, paid, rules, person):
    ledger = run(rules(EQUAL), [person("1"), person("2", head="")], fund=100)
    assert paid(ledger) == {"held:2": "50.00", "person:1": "50.00"}
    assert codes_of(ledger) == ["scope-unknown", "claim-held"]


def test_staff_of_departments_belong_to_their_institution(run, paid, rules, person):
    units = (
        Segment("A", "institution", "township_hospital", "M"),
        Segment("D", "department", "clinic", "A"),
    )
    ledger = run(rules(EQUAL), [person("1", parent="D"), person("2")], fund=100, units=units)
    assert paid(ledger) == {"person:1": "50.00", "person:2": "50.00"}


def test_a_category_that_is_not_given_is_the_kind_and_an_empty_one_is_named(run, paid, rules):
    split = rules("  - split: {by: category, shares: {doctor: 1}, steps: [{apportion: {by: 1}}]}")
    doctor = Segment("1", "person", "doctor", "A", attributes={"head": "no"})
    assert paid(run(split, [doctor], fund=1)) == {"person:1": "1.00"}
    nobody = Segment("2", "person", "", "A", attributes={"head": "no"})
    assert run(split, [nobody], fund=1).issues[0].found.zh == "人员类别为空"


def test_a_person_with_an_open_and_a_shut_out_post_claims_with_the_open_one(run, paid, rules, person):
    people = [
        person("1", last=date(2025, 6, 15)),
        person("1", first=date(2025, 6, 16), post_coefficient="9"),
        person("2", post_coefficient="0.5"),
    ]
    ledger = run(rules("  - gate: {when: post_coefficient > 5}\n" + EQUAL), people, fund=100)
    assert paid(ledger) == {"person:1": "50.00", "person:2": "50.00"}


def test_who_is_out_of_scope_in_every_post_is_nobody_here_and_who_is_in_one_claims_with_that_one(
    run, paid, rules, person
):
    people = [person("1"), person("2", head="yes"), person("3"), person("3", head="yes", post_coefficient="9")]
    ledger = run(rules(EQUAL), people, fund=100)
    assert paid(ledger) == {"person:1": "50.00", "person:3": "50.00"}
    assert codes_of(ledger) == []


def test_where_who_claims_is_no_condition_nobody_is_paid_and_everybody_is_named(run, rules, person):
    staff = rules(EQUAL).replace("staff where head == no", "staff where post_coefficient")
    ledger = run(staff, [person("1"), person("2")], fund=100)
    assert codes_of(ledger) == ["scope-unknown"] * 2 + ["claim-held"] * 2 + ["no-claim-computed"]
    assert "条件不是" in ledger.issues[0].found.zh
    assert (ledger.failed, ledger.entries) == ((("staff_pay", "A"),), ())


COUNTED = "  - apportion: {by: night_shifts, prorate: posts}"


def test_work_that_was_counted_is_not_cut_again_for_the_days_in_post(run, paid, rules, person):
    people = [person("1"), person("join", first=date(2025, 6, 16))]
    facts = [("1", "night_shifts", 10), ("join", "night_shifts", 5)]
    ledger = run(rules(COUNTED), people, fund=300, facts=facts)
    assert paid(ledger) == {"person:1": "200.00", "person:join": "100.00"}
    assert ledger.entries[-1].working.claim.value == 5


def test_work_that_was_counted_in_two_posts_of_an_institution_counts_once(run, paid, rules, person):
    people = [
        person("1", last=date(2025, 6, 10), post_coefficient="1"),
        person("1", first=date(2025, 6, 11), post_coefficient="2"),
        person("2"),
    ]
    facts = [("1", "night_shifts", 30), ("2", "night_shifts", 50)]
    both = COUNTED.replace("night_shifts,", "night_shifts * post_coefficient,")
    # 30 × 1 × 10 ÷ 30 + 30 × 2 × 20 ÷ 30 = 50
    assert paid(run(rules(both), people, fund=100, facts=facts)) == {"person:1": "50.00", "person:2": "50.00"}


def test_work_that_was_counted_of_a_mover_is_shared_by_both_and_of_two_posts_by_days_and_fte(run, paid, rules, person):
    units = tuple(Segment(c, "institution", "township_hospital", "M") for c in "AB")
    people = [
        person("1", last=date(2025, 6, 10)),
        person("1", parent="B", first=date(2025, 6, 11)),
        person("2", fte="0.75"),
        person("2", parent="B", fte="0.25"),
        person("3"),
    ]
    facts = [("1", "night_shifts", 30), ("2", "night_shifts", 40), ("3", "night_shifts", 10)]
    ledger = run(rules(COUNTED), people, funds={"A": 50, "B": 30}, facts=facts, units=units)
    of_a = {e.claimant: e.amount.text() for e in ledger.entries if e.owner == "A" and e.claimant}
    of_b = {e.claimant: e.amount.text() for e in ledger.entries if e.owner == "B" and e.claimant}
    assert of_a == {"1": "10.00", "2": "30.00", "3": "10.00"}
    assert of_b == {"1": "20.00", "2": "10.00"}


def test_what_was_counted_here_is_not_shared_with_a_post_elsewhere(run, paid, rules, person):
    units = tuple(Segment(c, "institution", "township_hospital", "M") for c in "AB")
    people = [person("1"), person("1", parent="B"), person("2", parent="B", last=date(2025, 6, 3))]
    facts = [("1", "night_shifts", 30), ("2", "night_shifts", 10)]
    ledger = run(rules(COUNTED.replace("posts", "here")), people, funds={"A": 1, "B": 40}, facts=facts, units=units)
    assert {e.claimant: e.amount.text() for e in ledger.entries if e.owner == "B" and e.claimant} == {
        "1": "30.00",
        "2": "10.00",
    }


def test_how_the_claim_of_a_post_counts_is_one_of_three_words(run, rules, person):
    with pytest.raises(AssertionError, match="prorate"):
        run(rules(COUNTED.replace("posts", "post")), [person("1")], fund=1)
