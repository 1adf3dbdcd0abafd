"""What a missing value, a zero denominator or an inapplicable rule means for points, weight and total."""

from fractions import Fraction

import pytest
from tests.unit.scoring.scoring_world import (
    MARCH,
    book_of,
    fact,
    facts_of,
    indicator,
    measure,
    one_dimension,
    rating,
    roster_of,
    run,
    scheme,
    straight,
    the_card,
)

from perf.kernel.facts import Facts
from perf.kernel.periods import parse_period
from perf.scoring import find_item

TWO = one_dimension("asked: {out_of: 40}", "known: {out_of: 60}")


def rules(further: str = "", value: str = "m_asked", missing_weight: str = "within_dimension", points: str = ""):
    asked = indicator("asked", points or "{curve: linear, through: [[0, 0], [100, 100]]}", value=value, further=further)
    return book_of(
        measure("m_asked"),
        measure("m_other"),
        measure("m_known"),
        asked,
        straight("known"),
        scheme(TWO, f"missing_weight: {missing_weight}"),
    )


def scored(book, values, subject="甲", subjects=("甲", "乙", "丙", "丁")):
    return the_card(run(book, roster_of(*subjects), facts_of(values)), subject)


def test_block_leaves_the_total_empty_and_names_the_missing_measure() -> None:
    scores = run(
        rules(), roster_of("甲", "乙"), facts_of({("甲", "m_known"): 50, ("乙", "m_known"): 50, ("乙", "m_asked"): 10})
    )
    card = the_card(scores)
    row = find_item(card, "asked")
    assert (row.status, row.points, row.score, row.reason) == ("missing", None, None, "missing-fact")
    assert (find_item(card, "all").status, card.status, card.total, card.reason) == (
        "blocked",
        "blocked",
        None,
        "missing-fact",
    )
    (issue,) = scores.issues
    assert (issue.code, issue.subject) == ("missing-fact", "甲")
    assert "m_asked" in issue.found.zh
    assert the_card(scores, "乙").total == 34


def test_block_on_a_zero_denominator_is_blocked_not_missing() -> None:
    card = scored(rules(value="m_asked / m_other"), {("甲", "m_known"): 50, ("甲", "m_asked"): 1, ("甲", "m_other"): 0})
    assert find_item(card, "asked").status == "blocked"
    assert (card.status, card.reason) == ("blocked", "denominator-zero")


def test_not_applicable_gives_its_weight_to_the_others() -> None:
    card = scored(rules("no_value: not_applicable"), {("甲", "m_known"): 50})
    row = find_item(card, "asked")
    assert (row.status, row.points, row.weight, row.reason) == ("not_applicable", None, None, "not_applicable")
    assert (find_item(card, "known").weight, card.total, card.status) == (100, 50, "scored")


def test_each_kind_of_absence_follows_its_own_policy() -> None:
    book = rules("no_value: {missing: zero, denominator_zero: not_applicable}", value="m_asked / m_other")
    known = {("甲", "m_known"): 50}
    assert scored(book, known).total == 30
    assert scored(book, known | {("甲", "m_asked"): 1, ("甲", "m_other"): 0}).total == 50


def test_zero_gives_no_points_and_says_so() -> None:
    card = scored(rules("no_value: zero"), {("甲", "m_known"): 50})
    row = find_item(card, "asked")
    assert (row.status, row.points, row.weight, row.reason) == ("filled", 0, 40, "zero")
    assert (card.total, card.status) == (30, "scored")


def test_full_gives_all_points_and_never_a_value() -> None:
    card = scored(rules("no_value: full"), {("甲", "m_known"): 50})
    row = find_item(card, "asked")
    assert (row.status, row.points, row.reason, card.total) == ("filled", 40, "full", 70)
    assert not isinstance(row.value, Fraction)


def test_full_of_an_award_is_its_cap() -> None:
    book = rules("no_value: full", points="{curve: award, each: 1, cap: 5}")
    assert find_item(scored(book, {("甲", "m_known"): 50}), "asked").points == 5


def test_the_median_of_the_peers_counts_only_points_of_their_own() -> None:
    book = rules("no_value: peer_median")
    values = {("甲", "m_known"): 50, ("乙", "m_asked"): 10, ("丙", "m_asked"): 30}
    row = find_item(scored(book, values), "asked")
    assert (row.status, row.points, row.reason) == ("filled", 8, "peer_median")  # of 4 and 12; 丁 has none
    assert find_item(scored(book, values | {("丁", "m_asked"): 100}), "asked").points == 12


def test_a_median_is_rounded_like_any_points() -> None:
    book = rules("no_value: peer_median\npoints_digits: 0")
    values = {("甲", "m_known"): 50, ("乙", "m_asked"): 25, ("丙", "m_asked"): 50 - Fraction(5, 2)}
    assert find_item(scored(book, values), "asked").points == 15  # of 10 and 19 is 14.5


def test_without_any_peer_the_median_blocks() -> None:
    card = scored(rules("no_value: peer_median"), {("甲", "m_known"): 50})
    assert (find_item(card, "asked").status, card.status) == ("missing", "blocked")


@pytest.mark.parametrize(("back", "expected"), [(1, 36), (12, 36), (13, None)])
def test_points_are_carried_from_at_most_twelve_periods_back(back, expected) -> None:
    facts = Facts([fact("甲", "m_known", 50), fact("甲", "m_asked", 90, MARCH.shift(-back))])
    card = the_card(run(rules("no_value: carry_forward"), roster_of("甲"), facts))
    row = find_item(card, "asked")
    assert row.points == expected
    assert row.reason == ("carry_forward" if expected is not None else "missing-fact")
    assert row.status == ("filled" if expected is not None else "missing")


def test_the_last_period_with_a_value_wins_and_a_filled_one_does_not_count() -> None:
    facts = Facts(
        [
            fact("甲", "m_known", 50),
            fact("甲", "m_asked", 90, parse_period("2024-11")),
            fact("甲", "m_asked", 20, parse_period("2025-01")),
        ]
    )
    card = the_card(run(rules("no_value: carry_forward"), roster_of("甲"), facts))
    assert find_item(card, "asked").points == 8


def test_what_does_not_meet_requires_is_not_applicable() -> None:
    book = rules("requires: m_other >= 25\nno_value: block")
    for other, status in ((24, "not_applicable"), (25, "scored"), (26, "scored")):
        card = scored(book, {("甲", "m_known"): 50, ("甲", "m_asked"): 100, ("甲", "m_other"): other})
        row = find_item(card, "asked")
        assert (row.status, row.reason) == (status, "requires" if status == "not_applicable" else "")
    card = scored(book, {("甲", "m_known"): 50, ("甲", "m_asked"): 100})
    assert find_item(card, "asked").status == "missing"


def test_an_assumed_value_is_scored_as_filled_with_its_value() -> None:
    book = rules("assume: {m_asked: 0}", points="{curve: deduct, each: 2}")
    row = find_item(scored(book, {("甲", "m_known"): 50}), "asked")
    assert (row.value, row.points, row.status, row.reason) == (0, 40, "filled", "assume")
    row = find_item(scored(book, {("甲", "m_known"): 50, ("甲", "m_asked"): 3}), "asked")
    assert (row.points, row.status, row.reason) == (34, "scored", "")


def test_what_is_only_shown_has_its_value_and_no_weight() -> None:
    book = book_of(
        measure("m_seen"), measure("m_known"), indicator("seen", None, direction="monitored"), straight("known"),
        scheme(one_dimension("seen: {out_of: 40}", "known: {out_of: 60}")),
    )  # fmt: skip
    card = scored(book, {("甲", "m_known"): 50, ("甲", "m_seen"): 7})
    row = find_item(card, "seen")
    assert (row.value, row.points, row.weight, row.score) == (7, None, None, None)
    assert (row.status, row.reason) == ("not_applicable", "monitored")
    assert (card.total, find_item(card, "all").points, find_item(card, "all").out_of) == (50, 30, 60)
    assert scored(book, {("甲", "m_known"): 50}).total == 50


def test_a_monitored_indicator_is_never_more_is_better() -> None:
    book = book_of(
        measure("m_seen"), measure("m_known"), straight("seen", direction="monitored"), straight("known"),
        scheme(one_dimension("seen: {out_of: 40}", "known: {out_of: 60}")),
    )  # fmt: skip
    assert scored(book, {("甲", "m_known"): 50, ("甲", "m_seen"): 7}).total == 50


def test_what_is_switched_off_takes_no_points() -> None:
    card = scored(rules("enabled: false"), {("甲", "m_known"): 50, ("甲", "m_asked"): 7})
    row = find_item(card, "asked")
    assert (row.status, row.reason, card.total) == ("not_applicable", "switched_off", 50)


def test_an_undeclared_rating_fails_this_subject_only() -> None:
    book = book_of(
        rating("m_asked", "A", "B", "C"), measure("m_known"), straight("known"),
        indicator("asked", "{curve: rating, values: {A: 100, B: 80}}"), scheme(TWO),
    )  # fmt: skip
    scores = run(book, roster_of("甲", "乙"), facts_of({
        ("甲", "m_asked"): "C", ("甲", "m_known"): 50, ("乙", "m_asked"): "B", ("乙", "m_known"): 50,
    }))  # fmt: skip
    assert (the_card(scores).status, the_card(scores).total) == ("failed", None)
    assert the_card(scores, "乙").total == 62
    assert [issue.subject for issue in scores.issues] == ["甲"]


@pytest.mark.parametrize(
    ("kind", "now", "reached", "too_far"),
    [
        ("month", "2025-03", "2024-03", "2024-02"),
        ("quarter", "2025-Q1", "2024-Q1", "2023-Q4"),
        ("year", "2025", "2024", "2023"),
    ],
)
def test_carry_forward_looks_back_twelve_months_whatever_the_period(kind, now, reached, too_far) -> None:
    monthly = scheme(one_dimension("asked: {out_of: 100}"))
    book = book_of(
        measure("m_asked", further=f"period: {kind}\n"),
        straight("asked", value="m_asked", further="no_value: carry_forward"),
        monthly.replace("period: month", f"period: {kind}"),
    )
    for then, total in ((reached, 70), (too_far, None)):
        facts = Facts([fact("甲", "m_asked", 70, parse_period(then))])
        assert the_card(run(book, roster_of("甲"), facts, parse_period(now))).total == total
