"""Who changed post in mid-month is paid for each segment by the score of the scheme that fits it."""

from datetime import date
from fractions import Fraction

import pytest

from perf.distribution import CardFigures

F = Fraction
SCHEME = """
scheme: {code}
title: {code}
of: {{level: person, where: {where}}}
period: month
source: {{document: 甲文, clause: 第一条}}
dimensions: {{d: {{weight: 100, indicators: {{x: {{out_of: 100}}}}}}}}
---
"""
INDICATOR = """
indicator: x
title: X
level: person
unit: number
direction: higher
value: attendance
source: {document: 甲文, clause: 第一条}
points: {curve: linear, through: [[0, 0], [1, 100]]}
---
"""
BOTH = (
    INDICATOR
    + SCHEME.format(code="doctors", where="category == doctor")
    + SCHEME.format(code="nurses", where="category == nurse")
)
USES = "uses: {score: [doctors, nurses]}"


def cards(**totals: object) -> dict[tuple[str, str], CardFigures]:
    """doctors_1=90 -> the card of scheme doctors for person 1."""
    named = ((name.split("_"), value) for name, value in totals.items())
    return {(code, who): CardFigures(None if v is None else F(str(v))) for (code, who), v in named}


@pytest.fixture
def mover(person):
    return [
        person("1", category="doctor", last=date(2025, 6, 20)),
        person("1", category="nurse", first=date(2025, 6, 21)),
    ]


def pay(run, rules, people, given, steps="  - apportion: {by: score}", fund=1000, head=USES):
    return run(BOTH + rules(steps, head=head), people, fund=fund, cards=given)


def test_each_segment_takes_the_score_of_the_scheme_that_fits_it(run, paid, rules, person, mover):
    """20 days at 90 and 10 at 60: 80; the other has 80 for the whole month."""
    ledger = pay(run, rules, [*mover, person("2")], cards(doctors_1=90, nurses_1=60, doctors_2=80))
    assert paid(ledger) == {"person:1": "500.00", "person:2": "500.00"}
    assert not ledger.issues


def test_two_posts_at_once_each_take_their_own_score(run, paid, rules, person):
    people = [person("1", fte="0.75"), person("1", category="nurse", fte="0.25"), person("2", fte="1")]
    given = cards(doctors_1=80, nurses_1=60, doctors_2=75)
    ledger = pay(run, rules, people, given, steps="  - apportion: {by: score * fte}")
    assert paid(ledger) == {"person:1": "500.00", "person:2": "500.00"}


def test_a_split_by_category_pays_each_post_in_its_own_part(run, paid, rules, person, mover):
    steps = (
        "  - split: {by: category, shares: {doctor: 50, nurse: 50}, on_empty: reshare, "
        "steps: [{apportion: {by: score}}]}"
    )
    people = [*mover, person("2"), person("3", category="nurse")]
    ledger = pay(run, rules, people, cards(doctors_1=90, nurses_1=60, doctors_2=60, nurses_3=80), steps=steps)
    assert paid(ledger) == {"person:1": "350.00", "person:2": "250.00", "person:3": "400.00"}


def test_gates_look_at_the_score_of_the_segment(run, paid, rules, person, mover):
    """The nurse's 50 shuts out ten days, not the twenty as a doctor."""
    steps = "  - gate: {when: score < 60, to: rest}\n  - apportion: {by: score}"
    ledger = pay(run, rules, [*mover, person("2")], cards(doctors_1=90, nurses_1=50, doctors_2=60), steps=steps)
    assert paid(ledger) == {"person:1": "500.00", "person:2": "500.00"}


def test_pay_by_the_piece_goes_by_the_post_that_speaks(run, paid, rules, mover):
    steps = "  - pay: {line: 得分奖, amount: score}\n  - remainder: {to: director_fund}"
    ledger = pay(run, rules, mover, cards(doctors_1=90, nurses_1=60), steps=steps, fund=100)
    assert paid(ledger) == {"person:1": "60.00", "reserve:director_fund:A": "40.00"}


def test_a_segment_without_a_score_is_held_and_named(run, paid, rules, person, mover):
    ledger = pay(run, rules, [*mover, person("2")], cards(doctors_1=90, nurses_1=None, doctors_2=80), head=HOLD)
    assert [(i.code, i.subject) for i in ledger.issues] == [("score-missing", "1")]
    assert "2025-06-21–2025-06-30" in ledger.issues[0].found.zh
    assert set(paid(ledger)) == {"held:1", "person:2"}


HOLD = USES + "\non_missing_score: hold_at(full)"


def test_a_segment_that_no_scheme_fits_is_held(run, paid, rules, person):
    people = [person("1", last=date(2025, 6, 20)), person("1", category="driver", first=date(2025, 6, 21)), person("2")]
    ledger = pay(run, rules, people, cards(doctors_1=90, doctors_2=80), head=HOLD)
    assert [(i.code, i.subject) for i in ledger.issues] == [("score-missing", "1")]
    assert set(paid(ledger)) == {"held:1", "person:2"}


def test_a_score_that_is_given_is_used_where_its_scheme_fits_nothing(run, paid, rules, person):
    people = [
        person("1", category="driver", last=date(2025, 6, 20)),
        person("1", category="cook", first=date(2025, 6, 21)),
    ]
    ledger = pay(run, rules, [*people, person("2")], cards(doctors_1=80, doctors_2=80))
    assert paid(ledger) == {"person:1": "500.00", "person:2": "500.00"}


def test_two_schemes_that_fit_one_segment_are_an_issue(run, rules, person):
    book = BOTH.replace("category == nurse", "category != cook")
    ledger = run(
        book + rules("  - apportion: {by: score}", head=HOLD),
        [person("1")],
        fund=10,
        cards=cards(doctors_1=9, nurses_1=8),
    )
    assert [i.code for i in ledger.issues] == ["two-scores"]


def test_a_mover_between_owners_brings_the_score_of_each_post(run, paid, rules, person, mover):
    other = mover[0].__class__("B", "institution", "township_hospital", "M")
    moved = [mover[0], person("1", category="nurse", parent="B", first=date(2025, 6, 21))]
    people = [*moved, person("2"), person("3", category="nurse", parent="B")]
    given = cards(doctors_1=90, nurses_1=60, doctors_2=60, nurses_3=20)
    home = mover[0].__class__("A", "institution", "township_hospital", "M")
    ledger = run(
        BOTH + rules("  - apportion: {by: score}", head=USES),
        people,
        funds={"A": 1000, "B": 1000},
        cards=given,
        units=(home, other),
    )
    assert paid(ledger) == {"person:1": "1000.00", "person:2": "500.00", "person:3": "500.00"}
