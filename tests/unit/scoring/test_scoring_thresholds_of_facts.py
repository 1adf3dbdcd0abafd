"""Thresholds, origins and coefficients that come from facts: what happens where they are missing or out of order."""

from fractions import Fraction

import pytest
from tests.unit.scoring.scoring_world import (
    MARCH,
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

F = Fraction
ONE = one_dimension("x: {out_of: 100}")


def scored(curve: str, values: dict[tuple[str, str], object], *, direction: str = "higher", further: str = ""):
    book = book_of(
        "attributes: {size_class: 规模}", measure("m_x"), measure("m_y"),
        indicator("x", curve, direction=direction, further=further), scheme(ONE),
    )  # fmt: skip
    return run(book, roster_of("甲", "乙"), facts_of(values))


@pytest.mark.parametrize(
    ("curve", "direction"),
    [
        ("{curve: power, origin: m_y, factor: -2, exponent: 2, start: 100}", "range"),
        ("{curve: attainment, target: m_y}", "higher"),
        ("{curve: efficacy, satisfactory: m_y, unallowed: 0}", "higher"),
        ("{curve: efficacy, standards: [m_y, 0], coefficients: [1, 0.5]}", "higher"),
        ("{curve: range, best: [m_y, none]}", "range"),
        ("{curve: steps, at: [[m_y, 100]]}", "higher"),
        ("{curve: linear, through: [[0, 0], [m_y, 100]]}", "higher"),
    ],
)
def test_a_threshold_that_nobody_reported_is_a_missing_fact_of_this_subject_only(curve, direction) -> None:
    scores = scored(curve, {("甲", "m_x"): 5, ("乙", "m_x"): 5, ("乙", "m_y"): 5}, direction=direction)
    assert (item(the_card(scores), "x").status, the_card(scores).status) == ("missing", "blocked")
    assert [(issue.code, issue.subject) for issue in scores.issues] == [("missing-fact", "甲")]
    assert "m_y" in scores.issues[0].found.zh
    assert the_card(scores, "乙").total == 100


@pytest.mark.parametrize(
    ("curve", "direction"),
    [
        ("{curve: linear, through: [[10, 0], [m_y, 100]]}", "higher"),
        ("{curve: efficacy, satisfactory: m_y, unallowed: 10}", "higher"),
        ("{curve: efficacy, satisfactory: m_y, unallowed: 5}", "higher"),
        ("{curve: efficacy, standards: [m_y, 10], coefficients: [1, 0.5]}", "higher"),
        ("{curve: range, best: [10, m_y]}", "range"),
        ("{curve: attainment, target: m_y - 6}", "higher"),
    ],
)
def test_thresholds_that_turn_out_in_the_wrong_order_fail_this_subject_only(curve, direction) -> None:
    scores = scored(
        curve, {("甲", "m_x"): 11, ("甲", "m_y"): 5, ("乙", "m_x"): 12, ("乙", "m_y"): 12}, direction=direction
    )
    assert (item(the_card(scores), "x").status, the_card(scores).total) == ("failed", None)
    assert [issue.subject for issue in scores.issues] == ["甲"]
    assert the_card(scores, "乙").status == "scored"


def test_a_class_that_the_roster_does_not_give_or_the_rule_does_not_list() -> None:
    curve = "{curve: efficacy, standards: {by: size_class, rows: {large: [90, 50]}}, coefficients: [1, 0.5]}"
    book = book_of("attributes: {size_class: 规模}", measure("m_x"), indicator("x", curve), scheme(ONE))
    known = facts_of({("甲", "m_x"): 95})
    assert the_card(run(book, roster_of("甲", size_class="large"), known)).total == 100
    assert item(the_card(run(book, roster_of("甲"), known)), "x").status == "missing"
    found = run(book, roster_of("甲", size_class="huge"), known)
    assert item(the_card(found), "x").status == "failed"
    assert "huge" in found.issues[0].found.zh


def test_a_coefficient_whose_thresholds_are_out_of_order_fails_this_subject_only() -> None:
    further = "coefficient: {curve: linear, through: [[60, 1], [m_y, 1.2]]}"
    book = book_of(measure("m_x"), measure("m_y"), straight("x"), scheme(ONE, further))
    values = {("甲", "m_x"): 80, ("甲", "m_y"): 50, ("乙", "m_x"): 80, ("乙", "m_y"): 100}
    scores = run(book, roster_of("甲", "乙"), facts_of(values))
    card = the_card(scores)
    assert (card.status, card.total, card.grade, card.coefficient) == ("failed", None, "", None)
    assert [issue.subject for issue in scores.issues] == ["甲"]
    assert the_card(scores, "乙").coefficient == F("1.1")


def test_carry_forward_passes_over_months_without_a_rule() -> None:
    dated = (
        "no_value: carry_forward\nversions:\n  - {from: 2025-03, source: {document: 二}}\n"
        "  - {from: 2024-12, to: 2025-02, source: {document: 一}}\n"
    )
    rule = straight("x", further=dated).replace("source: {document: 测试〔2025〕1号, clause: 第一条}\n", "")
    book = book_of(measure("m_x"), rule, scheme(ONE))
    early = Facts([fact("甲", "m_x", 70, MARCH.shift(-4))])
    assert the_card(run(book, roster_of("甲"), early)).total is None
    late = Facts([fact("甲", "m_x", 70, MARCH.shift(-3))])
    assert the_card(run(book, roster_of("甲"), late)).total == 70
