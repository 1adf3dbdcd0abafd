"""Schemes: weights, ways of combining, extra points, vetoes, totals, ranks, grades, quotas, coefficients, outcomes."""

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

from perf.formulas import equation
from perf.formulas.nodes import Node
from perf.kernel.facts import Facts
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster, Segment
from perf.scoring import find_item

F = Fraction
NA = "no_value: not_applicable"
CODES = ("a", "b", "c", "d")
MEASURES = tuple(measure(f"m_{code}") for code in CODES)
INDICATORS = tuple(straight(code, further=NA) for code in CODES)
BASE = (*MEASURES, *INDICATORS)
EACH = one_dimension("a: {out_of: 100}")


def two_dimensions(further: str = "") -> str:
    first = one_dimension("a: {out_of: 10}", "b: {out_of: 30}", weight=40, code="service", further=further)
    second = one_dimension("c: {out_of: 35}", "d: {out_of: 25}", weight=60, code="quality")
    return f"{first}\n{second}"


def of_one(values: dict[str, object], dimensions: str, further: str = "", documents=BASE):
    book = book_of(*documents, scheme(dimensions, further))
    return the_card(run(book, roster_of("甲"), facts_of({("甲", f"m_{c}"): v for c, v in values.items()})))


def of_many(totals: dict[str, object], further: str, **kwargs):
    book = book_of(*BASE, scheme(EACH, further))
    return run(book, roster_of(*totals, **kwargs), facts_of({(s, "m_a"): v for s, v in totals.items()}))


# ---------------------------------------------------------------- weights


def test_everything_present_adds_up_to_the_total() -> None:
    card = of_one({"a": 50, "b": 80, "c": 100, "d": 40}, two_dimensions())
    assert [item(card, c).score for c in CODES] == [5, 24, 35, 10]
    assert [(item(card, d).points, item(card, d).out_of, item(card, d).score) for d in ("service", "quality")] == [
        (29, 40, 29),
        (45, 60, 45),
    ]
    assert (card.exact, card.total, card.status) == (74, 74, "scored")


def test_points_are_rounded_once_and_the_rounded_figure_counts() -> None:
    card = of_one({"a": "33.335", "b": 0, "c": 0, "d": 0}, two_dimensions())
    assert item(card, "a").points == F("3.33")
    assert card.total == F("3.33")


def test_weights_and_points_need_not_be_the_same() -> None:
    dimensions = one_dimension("a: {weight: 50}", "b: {weight: 30}", "c: {out_of: 10, weight: 20}", weight=100)
    card = of_one({"a": 80, "b": 60, "c": 50}, dimensions)
    assert [item(card, c).points for c in "abc"] == [80, 60, 5]
    assert [item(card, c).score for c in "abc"] == [40, 18, 10]
    assert (item(card, "all").points, item(card, "all").out_of, card.total) == (68, 100, 68)


def test_within_a_dimension_a_missing_weight_goes_to_its_other_items() -> None:
    card = of_one({"b": 80, "c": 100, "d": 40}, two_dimensions())
    assert (item(card, "b").weight, item(card, "b").score, item(card, "service").points) == (40, 32, 32)
    assert (item(card, "service").weight, card.total) == (40, 77)


def test_a_dimension_that_does_not_apply_gives_its_weight_to_the_others() -> None:
    card = of_one({"c": 100, "d": 40}, two_dimensions())
    service, quality = item(card, "service"), item(card, "quality")
    assert (service.status, service.weight, service.score) == ("not_applicable", None, None)
    assert (quality.weight, quality.points, quality.score, card.total) == (100, 45, 75, 75)


def test_under_at_least_a_dimension_does_not_apply() -> None:
    card = of_one({"b": 80, "c": 100, "d": 40}, two_dimensions("    at_least: 2\n"))
    service = item(card, "service")
    assert (service.status, service.reason, card.total) == ("not_applicable", "at_least", 75)
    assert (item(card, "b").points, item(card, "b").weight, item(card, "b").score) == (24, None, None)


def test_overall_a_missing_weight_goes_to_all_items_of_the_scheme() -> None:
    card = of_one({"b": 80, "c": 100, "d": 40}, two_dimensions(), "missing_weight: overall")
    assert [item(card, c).weight for c in "bcd"] == [F(100, 3), F(350, 9), F(250, 9)]
    assert (item(card, "service").weight, item(card, "quality").weight) == (F(100, 3), F(200, 3))
    assert (item(card, "service").points, item(card, "service").score) == (32, F(80, 3))
    assert card.exact == F(80, 3) + 50
    assert card.total == F("76.67")


def test_none_loses_a_missing_weight() -> None:
    card = of_one({"b": 80, "c": 100, "d": 40}, two_dimensions(), "missing_weight: none")
    assert (item(card, "b").weight, item(card, "service").points, card.total) == (30, 24, 69)
    card = of_one({"c": 100, "d": 40}, two_dimensions(), "missing_weight: none")
    assert (item(card, "quality").weight, card.total) == (60, 45)


@pytest.mark.parametrize("mode", ["within_dimension", "overall", "none"])
def test_where_nothing_applies_there_is_no_total(mode) -> None:
    card = of_one({}, two_dimensions(), f"missing_weight: {mode}")
    assert (card.status, card.total, card.grade) == ("not_applicable", None, "")


@pytest.mark.parametrize(
    ("combine", "points", "scores"),
    [
        ("mean", 26, [8, 18]), ("best", 36, [0, 36]), ("worst", 16, [16, 0]), ("sum", 31, [4, 27]),
        ("geometric", 24, [None, None]),
    ],
)  # fmt: skip
def test_items_may_be_combined_otherwise(combine, points, scores) -> None:
    dimensions = one_dimension("a: {out_of: 10}", "b: {out_of: 30}", further=f"    combine: {combine}\n")
    card = of_one({"a": 40, "b": 90}, dimensions)
    assert [item(card, c).score for c in "ab"] == scores
    assert (item(card, "all").points, item(card, "all").out_of) == (points, 40)
    assert card.total == F(points, 40) * 100


def test_a_geometric_mean_that_is_not_rational_is_a_rounded_decimal() -> None:
    dimensions = one_dimension("a: {out_of: 50}", "b: {out_of: 50}", further="    combine: geometric\n")
    card = of_one({"a": 50, "b": 100}, dimensions)
    found = item(card, "all").points / 100
    assert abs(found * found - F(1, 2)) < F(1, 10**49)
    assert card.total == F("70.71")


# ---------------------------------------------------------------- extra points, bounds, vetoes

EXTRA = "extra: [{indicator: plus, cap: 5}]\n"
PLUS = (*BASE, measure("m_plus"), indicator("plus", "{curve: award, each: 2, cap: 9}", further="assume: {m_plus: 0}"))


@pytest.mark.parametrize(("plus", "score", "total"), [(0, 0, 60), (2, 4, 64), (3, 5, 65), (9, 5, 65)])
def test_extra_points_are_added_up_to_their_cap(plus, score, total) -> None:
    card = of_one({"a": 60, "plus": plus}, EACH, EXTRA, PLUS)
    row = find_item(card, "plus")
    assert (row.parent, row.weight, row.score, card.total) == ("extra", None, score, total)


def test_the_total_stays_within_its_bounds() -> None:
    card = of_one({"a": 98, "plus": 9}, EACH, EXTRA + "total: {digits: 2, min: 0, max: 100}", PLUS)
    assert (card.exact, card.total) == (100, 100)
    assert of_one({"a": 98, "plus": 9}, EACH, EXTRA, PLUS).total == 103


@pytest.mark.parametrize(("digits", "total"), [("0", 67), ("1", F("66.7")), ("exact", F("66.65"))])
def test_the_total_is_rounded_as_declared_half_away_from_zero(digits, total) -> None:
    assert of_one({"a": "66.65"}, EACH, f"total: {{digits: {digits}}}").total == total


VETO = "veto: [{when: m_b > 0, effect: %s}]\ngrades: [[优秀, 90], [合格, 60], [不合格, 0]]"


def test_a_veto_may_take_the_whole_total() -> None:
    card = of_one({"a": 95, "b": 1}, EACH, VETO % "zero_total")
    assert (card.total, card.exact, card.status, card.reason, card.grade) == (0, 0, "vetoed", "zero_total", "不合格")
    card = of_one({"a": 95, "b": 0}, EACH, VETO % "zero_total")
    assert (card.total, card.status, card.grade) == (95, "scored", "优秀")


def test_a_veto_may_cap_the_grade() -> None:
    card = of_one({"a": 95, "b": 1}, EACH, VETO % "{grade_at_most: 合格}")
    assert (card.total, card.status, card.reason, card.grade) == (95, "vetoed", "grade_at_most", "合格")
    assert of_one({"a": 5, "b": 1}, EACH, VETO % "{grade_at_most: 合格}").grade == "不合格"


def test_a_veto_may_take_the_pay() -> None:
    card = of_one({"a": 95, "b": 1}, EACH, VETO % "forfeit_pay")
    assert (card.total, card.forfeits_pay, card.reason) == (95, True, "forfeit_pay")
    assert not of_one({"a": 95, "b": 0}, EACH, VETO % "forfeit_pay").forfeits_pay


def test_a_veto_that_cannot_be_decided_blocks() -> None:
    card = of_one({"a": 95}, EACH, VETO % "zero_total")
    assert (card.total, card.status, card.reason) == (None, "blocked", "condition-unknown")


# ---------------------------------------------------------------- standing


def by_subject(scores, name):
    return {subject: getattr(card, name) for (_, subject), card in scores.cards.items()}


def test_competition_ranks_skip_after_ties_and_dense_ones_do_not() -> None:
    totals = {"甲": 90, "乙": 80, "丙": 80, "丁": 70, "戊": 90}
    assert by_subject(of_many(totals, "rank: {of: total, ties: competition}"), "rank") == {
        "甲": 1, "戊": 1, "乙": 3, "丙": 3, "丁": 5,
    }  # fmt: skip
    assert by_subject(of_many(totals, "rank: {of: total, ties: dense}"), "rank") == {
        "甲": 1, "戊": 1, "乙": 2, "丙": 2, "丁": 3,
    }  # fmt: skip


def test_ranks_may_look_at_the_exact_total() -> None:
    totals = {"甲": "80.4", "乙": "80.3"}
    assert by_subject(of_many(totals, "total: {digits: 0}\nrank: {of: total}"), "rank") == {"甲": 1, "乙": 1}
    assert by_subject(of_many(totals, "total: {digits: 0}\nrank: {of: exact}"), "rank") == {"甲": 1, "乙": 2}


def test_who_has_no_total_is_not_ranked_but_stays_a_peer() -> None:
    book = book_of(measure("m_a"), straight("a"), scheme(EACH, "rank: {of: total}"))
    scores = run(book, roster_of("甲", "乙", "丙"), facts_of({("甲", "m_a"): 1, ("丙", "m_a"): 2}))
    assert by_subject(scores, "rank") == {"甲": 2, "乙": None, "丙": 1}
    assert by_subject(scores, "rank_of") == {"甲": 3, "乙": None, "丙": 3}


def test_peers_stand_within_a_subject_above_and_share_their_attributes() -> None:
    tops = [Segment(c, "consortium", "group", "") for c in ("东", "西")]
    below = [
        Segment(s, "institution", "town", parent, attributes={"class": kind})
        for s, parent, kind in (("甲", "东", "x"), ("乙", "东", "x"), ("丙", "东", "y"), ("丁", "西", "x"))
    ]
    further = "rank: {of: total}\npeers: {within: consortium, by: class}"
    book = book_of(*BASE, "attributes: {class: 类别}", scheme(EACH, further))
    scores = run(
        book, Roster([*tops, *below]), facts_of({(s, "m_a"): v for s, v in zip("甲乙丙丁", (1, 2, 3, 4), strict=True)})
    )
    assert by_subject(scores, "rank") == {"甲": 2, "乙": 1, "丙": 1, "丁": 1}
    assert by_subject(scores, "rank_of") == {"甲": 2, "乙": 2, "丙": 1, "丁": 1}


GRADES = "grades: [[优秀, 90], [良好, 80], [合格, 60], [不合格, 0]]"


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        ("90.004", "优秀"),
        ("90", "优秀"),
        ("89.995", "优秀"),
        ("89.994", "良好"),
        ("80", "良好"),
        ("60", "合格"),
        ("59.99", "不合格"),
        ("0", "不合格"),
    ],
)
def test_a_grade_is_reached_by_the_declared_total(total, grade) -> None:
    assert of_one({"a": total}, EACH, GRADES).grade == grade


def test_a_quota_keeps_the_best_and_the_rest_fall() -> None:
    totals = {"甲": 99, "乙": 97, "丙": 95, "丁": 70, "戊": 60, "己": 50, "庚": 85}
    quota = GRADES + "\nquota: {优秀: {at_most: 30%, of: peers, rounding: down, ties: all_out, falls_to: 良好}}"
    grades = by_subject(of_many(totals, quota), "grade")  # 30% of 7 are 2 places
    assert [grades[s] for s in "甲乙丙庚"] == ["优秀", "优秀", "良好", "良好"]


def test_of_those_tied_at_the_last_place_none_keeps_the_grade() -> None:
    totals = {"甲": 99, "乙": 95, "丙": 95, "丁": 70, "戊": 60, "己": 50, "庚": 85}
    quota = GRADES + "\nquota: {优秀: {at_most: 30%, falls_to: 良好}}"
    grades = by_subject(of_many(totals, quota), "grade")
    assert [grades[s] for s in "甲乙丙"] == ["优秀", "良好", "良好"]


def test_who_falls_takes_part_in_the_quota_below() -> None:
    totals = {"甲": 99, "乙": 95, "丙": 85, "丁": 84}
    quota = GRADES + "\nquota: {良好: {at_most: 50%, falls_to: 合格}, 优秀: {at_most: 25%, falls_to: 良好}}"
    grades = by_subject(of_many(totals, quota), "grade")
    assert [grades[s] for s in "甲乙丙丁"] == ["优秀", "良好", "良好", "合格"]


def test_fewer_than_one_place_is_no_place() -> None:
    quota = GRADES + "\nquota: {优秀: {at_most: 15%, falls_to: 良好}}"
    assert by_subject(of_many({"甲": 99, "乙": 50}, quota), "grade") == {"甲": "良好", "乙": "不合格"}


@pytest.mark.parametrize(
    ("total", "coefficient"), [("59.99", "0.8"), ("60", "1"), ("84.99", "1.2"), ("85", "1.5"), ("84.995", "1.5")]
)
def test_a_coefficient_follows_from_the_declared_total(total, coefficient) -> None:
    curve = "coefficient: {curve: steps, at: [[0, 0.8], [60, 1.0], [70, 1.2], [85, 1.5]], lower_bound: included}"
    assert of_one({"a": total}, EACH, curve).coefficient == F(coefficient)


def test_a_coefficient_whose_threshold_is_not_reported_names_the_missing_fact() -> None:
    curve = 'coefficient: {curve: steps, at: [["m_b@last_year", 0.8]]}'
    book = book_of(*BASE, scheme(EACH, curve))
    scores = run(book, roster_of("甲"), facts_of({("甲", "m_a"): 80}))
    assert the_card(scores).status == "failed"
    assert [issue.found.zh for issue in scores.issues] == ["2025-03 monthly: 系数的界限算不出:缺 甲 m_b 2024-03"]


def test_a_coefficient_on_a_line_has_four_digits() -> None:
    curve = "coefficient: {curve: linear, through: [[0, 0], [70, 1], [100, 1.3]]}"
    assert of_one({"a": "33.33"}, EACH, curve).coefficient == F("0.4761")
    assert of_one({"a": "33.33"}, EACH, curve + "\ncoefficient_digits: 2").coefficient == F("0.48")


def test_outcomes_say_what_follows() -> None:
    said = "outcomes: [{when: total < 65, say: 限期整改}, {when: total < 60, say: 约谈}]"
    assert of_one({"a": "64.99"}, EACH, said).outcomes == ("限期整改",)
    assert of_one({"a": 65}, EACH, said).outcomes == ()
    assert of_one({"a": 10}, EACH, said).outcomes == ("限期整改", "约谈")


# ---------------------------------------------------------------- who, when, in which order


def test_only_subjects_of_the_scheme_are_scored_and_the_rest_counted() -> None:
    roster = Roster(
        [
            Segment("group", "consortium", "group", ""),
            Segment("甲", "institution", "town", "group"),
            Segment("乙", "institution", "lead", "group"),
            Segment("007", "person", "doctor", "甲", attributes={"category": "doctor"}),
        ]
    )
    scores = run(book_of(*BASE, scheme(EACH)), roster, facts_of({("甲", "m_a"): 70}))
    assert list(scores.cards) == [("monthly", "甲")]
    assert scores.left_out == 3


def test_a_condition_chooses_persons() -> None:
    people = [
        Segment(s, "person", "staff", "甲", attributes={"category": c})
        for s, c in (("007", "doctor"), ("008", "nurse"))
    ]
    roster = Roster([Segment("甲", "institution", "town", ""), *people, Segment("009", "person", "staff", "甲")])
    rule = scheme(EACH, of="{level: person, where: category == doctor}")
    book = book_of("attributes: {category: 人员类别}", measure("m_a"), straight("a", level="person"), rule)
    scores = run(book, roster, facts_of({("007", "m_a"): 70, ("008", "m_a"): 70}))
    assert list(scores.cards) == [("monthly", "007")]
    assert scores.left_out == 3


def test_a_monthly_scheme_asked_with_a_year_is_an_issue() -> None:
    scores = run(book_of(*BASE, scheme(EACH)), roster_of("甲"), Facts(), parse_period("2025"))
    assert (list(scores.cards), [i.code for i in scores.issues]) == ([], ["scheme-period"])


def test_an_unknown_scheme_and_one_not_in_force_are_issues() -> None:
    late = scheme(EACH, code="late").replace("source:", "versions:\n  - from: 2026-01\n    source:")
    scores = run(book_of(*BASE, late), roster_of("甲"), Facts(), schemes=("late", "nothing"))
    assert sorted(i.code for i in scores.issues) == ["rule-not-in-force", "unknown-scheme"]


HEAD = (
    "attributes: {head: 负责人}",
    indicator("led", "{curve: linear, through: [[0, 0], [100, 100]]}", value="parent.score(monthly)", level="person"),
    scheme(one_dimension("led: {out_of: 100}"), code="heads", of="{level: person, where: head == yes}"),
)


def with_head() -> Roster:
    return Roster(
        [
            Segment("group", "consortium", "group", ""),
            Segment("甲", "institution", "town", "group"),
            Segment("007", "person", "staff", "甲", attributes={"head": "yes"}),
        ]
    )


@pytest.mark.parametrize("asked", [("monthly", "heads"), ("heads", "monthly")])
def test_a_head_is_scored_by_the_institution_whatever_the_order_of_the_schemes(asked) -> None:
    scores = run(book_of(*BASE, scheme(EACH), *HEAD), with_head(), facts_of({("甲", "m_a"): "77.77"}), schemes=asked)
    assert the_card(scores, "007", "heads").total == F("77.77")


def test_a_scheme_that_is_only_needed_gives_no_cards() -> None:
    scores = run(book_of(*BASE, scheme(EACH), *HEAD), with_head(), facts_of({("甲", "m_a"): 70}), schemes=("heads",))
    assert list(scores.cards) == [("heads", "007")]
    assert the_card(scores, "007", "heads").total == 70


def test_a_blocked_institution_blocks_its_head() -> None:
    book = book_of(measure("m_a"), straight("a"), scheme(EACH), *HEAD)
    scores = run(book, with_head(), Facts(), schemes=("monthly", "heads"))
    card = the_card(scores, "007", "heads")
    assert (card.status, card.total, card.reason) == ("blocked", None, "score-blocked")


def test_a_total_of_an_earlier_period_may_be_given() -> None:
    before = indicator(
        "before", "{curve: linear, through: [[0, 0], [100, 100]]}", value="score(monthly)@previous", further=NA
    )
    other = scheme(one_dimension("before: {out_of: 100}"), code="next")
    book = book_of(*BASE, scheme(EACH), before, other)
    given = {("monthly", "甲", parse_period("2025-02")): Node("score", F(66))}
    card = the_card(run(book, roster_of("甲"), Facts(), schemes=("next",), totals=given), "甲", "next")
    assert card.total == 66


def test_thresholds_may_look_at_the_peers() -> None:
    curve = '{curve: linear, through: [["min(peers.value)", 60], ["max(peers.value)", 100]]}'
    book = book_of(measure("m_a"), indicator("a", curve), scheme(EACH))
    scores = run(book, roster_of("甲", "乙", "丙"), facts_of({("甲", "m_a"): 3, ("乙", "m_a"): 7, ("丙", "m_a"): 4}))
    assert by_subject(scores, "total") == {"甲": 60, "乙": 100, "丙": 70}


def test_one_subject_that_fails_does_not_stop_the_others() -> None:
    target = indicator("a", "{curve: attainment, target: m_b}")
    book = book_of(*MEASURES, target, scheme(EACH, "rank: {of: total}"))
    facts = facts_of({("甲", "m_a"): 1, ("甲", "m_b"): -1, ("乙", "m_a"): 1, ("乙", "m_b"): 2})
    scores = run(book, roster_of("甲", "乙"), facts)
    assert (the_card(scores).status, the_card(scores).total, find_item(the_card(scores), "a").status) == (
        "failed",
        None,
        "failed",
    )
    assert (the_card(scores, "乙").total, the_card(scores, "乙").rank) == (50, 1)


# ---------------------------------------------------------------- explanations


def test_every_figure_leads_back_to_the_facts() -> None:
    ratio = indicator("a", "{curve: linear, through: [[0, 0], [1, 100]]}", value="m_a / m_b", further="digits: 4")
    book = book_of(*MEASURES, ratio, scheme(one_dimension("a: {weight: 100}")))
    card = the_card(run(book, roster_of("甲"), Facts([fact("甲", "m_a", 2), fact("甲", "m_b", 3, MARCH)])))
    seen = set()

    def walk(node):
        seen.add(node.op)
        for step in node.inputs:
            walk(step)

    walk(card.node)
    assert {"total", "score", "points", "indicator", "curve", "round", "/"} <= seen
    assert (find_item(card, "a").value, card.total) == (F("0.6667"), F("66.67"))
    assert equation(card.node).endswith("66.67")
