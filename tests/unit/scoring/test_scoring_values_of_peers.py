"""Values and thresholds that are made of the peers' values, of this period and of earlier ones; circles end in words."""

from fractions import Fraction

import pytest
from tests.properties.columnar_comparison import both, differences
from tests.unit.scoring.scoring_world import (
    MARCH,
    SOURCE,
    book_of,
    fact,
    facts_of,
    indicator,
    item,
    measure,
    one_dimension,
    roster_of,
    run,
    scheme,
    straight,
    the_card,
)

from perf.kernel.facts import Facts
from perf.kernel.periods import parse_period
from perf.specs.checks import check_book

LINE = "{curve: linear, through: [[0, 0], [100, 100]]}"
ALL = scheme(one_dimension("x: {out_of: 100}"))
TWO = roster_of("甲", "乙")
F = Fraction


def earlier(values):
    return Facts(fact(who, code, value, parse_period(when)) for (who, code, when), value in values.items())


def cycles_of(book):
    return [(issue.severity, issue.found.zh) for issue in check_book(book) if issue.code == "rule-cycle"]


@pytest.mark.parametrize(
    ("value", "further"),
    [("sum(peers.value)", ""), ("max(peers.value@previous)", ""), ("m_x", "requires: mean(peers.value) > 0\n")],
)
def test_a_value_made_of_the_peers_values_of_itself_is_a_cycle_and_blocks_without_sinking_the_run(value, further):
    book = book_of(measure("m_x"), indicator("x", LINE, value=value, further=further), ALL)
    assert cycles_of(book) == [("error", "循环引用:x → peers.value → x")]
    scores = run(book, TWO, facts_of({("甲", "m_x"): 5, ("乙", "m_x"): 7}))
    assert [(card.status, card.reason) for card in scores.cards.values()] == [("blocked", "score-blocked")] * 2


def test_earlier_values_of_the_peers_may_be_built_upon_where_an_earlier_version_says_where_they_begin():
    versions = (
        'versions:\n  - {from: 2024-01, value: m_x}\n  - {from: 2025-01, value: "m_x + max(peers.value@previous)"}\n'
    )
    plain = indicator("x", LINE).replace("value: m_x\n", "").replace(f"{SOURCE}\n", "")
    book = book_of(measure("m_x"), plain + versions, ALL)
    assert cycles_of(book) == []
    months = ("2024-12", "2025-01", "2025-02", "2025-03")
    facts = earlier({(who, "m_x", when): n for who, n in (("甲", 1), ("乙", 2)) for when in months})
    scores = run(book, TWO, facts)
    assert [item(the_card(scores, who), "x").points for who in "甲乙"] == [7, 8]
    assert differences(*both(book, TWO, facts, MARCH, "monthly")) == []


def test_a_chain_of_versions_that_begins_too_long_ago_is_given_up_instead_of_followed():
    versions = "versions:\n  - {from: 2000-01, value: m_x}\n  - {from: 2001-01, value: max(peers.value@previous)}\n"
    plain = indicator("x", LINE).replace("value: m_x\n", "").replace(f"{SOURCE}\n", "")
    book = book_of(measure("m_x"), plain + versions, ALL)
    card = the_card(run(book, TWO, Facts([])))
    assert (card.status, card.reason) == ("blocked", "score-blocked")


def test_a_threshold_of_the_peers_before_follows_the_version_of_that_time():
    versions = (
        "versions:\n  - {from: 2025-01, to: 2025-02, value: m_x * 2}\n"
        '  - {from: 2025-03, value: m_x, points: {curve: attainment, target: "max(peers.value@previous)"}}\n'
    )
    plain = indicator("x", None).replace("value: m_x\n", "").replace(f"{SOURCE}\n", "")
    book = book_of(measure("m_x"), plain + versions, ALL)
    facts = earlier({("甲", "m_x", "2025-02"): 5, ("乙", "m_x", "2025-02"): 10, ("甲", "m_x", "2025-03"): 10})
    assert item(the_card(run(book, TWO, facts)), "x").points == 50  # 10 of 2 × 10


def test_the_own_value_of_a_time_before_all_versions_is_that_of_the_version_in_work():
    points = '{curve: attainment, target: "value@last_year * 1.1"}'
    rule = indicator("x", points).replace(SOURCE, f"from: 2025-01\n{SOURCE}")
    facts = earlier({("甲", "m_x", "2024-03"): 100, ("甲", "m_x", "2025-03"): 88})
    card = the_card(run(book_of(measure("m_x"), rule, ALL), TWO, facts))
    assert item(card, "x").points == 80


def test_a_condition_is_one_or_zero_and_a_numeric_attribute_is_a_number():
    book = book_of(
        "attributes: {beds: 床位}",
        measure("m_x"),
        indicator("x", "{curve: steps, at: [[0, 10], [1, 100]]}", value="m_x >= 5"),
        straight("y", value="beds"),
        scheme(one_dimension("x: {out_of: 50}", "y: {out_of: 50}")),
    )
    card = the_card(run(book, roster_of("甲", beds="60"), facts_of({("甲", "m_x"): 5})))
    assert [(item(card, code).value, item(card, code).points) for code in "xy"] == [(1, 50), (60, 30)]
    card = the_card(run(book, roster_of("甲", beds="六十"), facts_of({("甲", "m_x"): 4})))
    assert (item(card, "x").points, item(card, "y").status) == (5, "failed")


def test_a_peer_whose_own_rule_fails_does_not_count_for_the_median_of_the_others():
    further = "no_value: peer_median"
    book = book_of(
        measure("m_x"), measure("m_t"), indicator("x", "{curve: attainment, target: m_t}", further=further), ALL
    )
    facts = {("乙", "m_x"): 5, ("乙", "m_t"): 10, ("丙", "m_x"): 5, ("丙", "m_t"): -1, ("甲", "m_t"): 10}
    scores = run(book, roster_of("甲", "乙", "丙"), facts_of(facts))
    assert (item(the_card(scores, "甲"), "x").status, item(the_card(scores, "甲"), "x").points) == ("filled", 50)
    assert item(the_card(scores, "丙"), "x").status == "failed"
