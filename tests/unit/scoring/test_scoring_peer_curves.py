"""Percentile, rank and standardise by hand: ties, directions, groups that compare nothing, who is not counted."""

from decimal import Decimal, localcontext
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
    the_card,
)

from perf.formulas import evaluate, steps
from perf.formulas.arithmetic import RuleFailed
from perf.kernel.facts import Facts
from perf.kernel.figures import exact_text
from perf.kernel.subjects import Roster
from perf.scoring import find_item, points_on, workings
from perf.scoring.peer_figures import PeerFigures
from perf.specs.models import Percentile

F = Fraction
FIVE = {"甲": 88, "乙": 70, "丙": 88, "丁": 95, "戊": 60}


def scored(curve, values=FIVE, *, direction="higher", further="points_digits: exact", peers="", absent=()):
    book = book_of(
        measure("m_x"),
        indicator("x", curve, direction=direction, further=further),
        scheme(one_dimension("x: {out_of: 100}"), further=peers),
    )
    rows = facts_of({(who, "m_x"): value for who, value in values.items()})
    return run(book, roster_of(*values, *absent), rows)


def points(curve, values=FIVE, **kwargs):
    cards = scored(curve, values, **kwargs)
    return {who: item(the_card(cards, who), "x").points for who in values}


def line(curve, who="甲", lang="zh", **kwargs):
    way = workings(find_item(the_card(scored(curve, **kwargs), who), "x")).points
    assert way is not None
    return steps(way, lang)[-1]


# ---------------------------------------------------------------- percentile


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("percent_rank", [F(50), F(25), F(50), F(100), F(0)]),
        ("at_or_below", [F(80), F(40), F(80), F(100), F(20)]),
        ("midpoint", [F(60), F(30), F(60), F(90), F(10)]),
    ],
)
def test_each_definition_of_a_percentile_by_hand(definition, expected):
    assert list(points(f"{{curve: percentile, definition: {definition}}}").values()) == expected


def test_where_lower_is_better_the_larger_values_are_left_behind():
    assert list(points("{curve: percentile}", direction="lower").values()) == [F(25), F(75), F(25), F(0), F(100)]


def test_a_percentile_is_told_as_it_is_done_on_paper():
    twelve = {f"院{n:02}": n for n in range(1, 13)}
    shown = line("{curve: percentile}", "院09", values=twelve, further="points_digits: 2")
    assert shown == "同组 12 家,比它差 8 家: 8 ÷ 11 × 100 ≈ 72.7273 → 72.73(2 位小数,四舍五入)"
    english = line("{curve: percentile}", "院09", "en", values=twelve, further="points_digits: 2")
    assert english == "12 peers, 8 worse: 8 ÷ 11 × 100 ≈ 72.7273 → 72.73 (rounded to 2 digits)"


def test_the_mode_of_rounding_is_told_where_it_is_another():
    seven = {f"院{n}": n for n in range(1, 8)}
    for mode, expected in (("down", "66.66(2 位小数,舍去)"), ("up", "66.67(2 位小数,进位)")):
        shown = line("{curve: percentile}", "院5", values=seven, further=f"points_digits: 2\npoints_rounding: {mode}")
        assert shown.endswith(f"≈ 66.6667 → {expected}")


def test_a_peer_without_a_value_is_not_counted():
    cards = scored("{curve: percentile}", {"甲": 1, "乙": 2, "丙": 3}, absent=["丁"])
    assert [item(the_card(cards, who), "x").points for who in "甲乙丙"] == [0, 50, 100]
    assert item(the_card(cards, "丁"), "x").status == "missing"


def test_peers_are_those_of_the_scheme_only():
    book = book_of(
        "attributes: {tier: 层次}", measure("m_x"), indicator("x", "{curve: percentile}"),
        scheme(one_dimension("x: {out_of: 100}"), further="peers: {by: tier}"),
    )  # fmt: skip
    roster = Roster(
        [*roster_of("甲", "乙", tier="a"), *[s for s in roster_of("丙", "丁", tier="b") if s.level != "consortium"]]
    )
    cards = run(book, roster, facts_of({(who, "m_x"): n for n, who in enumerate("甲乙丙丁")}))
    assert [item(the_card(cards, who), "x").points for who in "甲乙丙丁"] == [0, 100, 0, 100]


# ---------------------------------------------------------------- rank


@pytest.mark.parametrize(
    ("ties", "expected"),
    [("competition", ["95", "85", "95", "100", "80"]), ("dense", ["95", "90", "95", "100", "85"]),
     ("mean", ["92.5", "85", "92.5", "100", "80"])],
)  # fmt: skip
def test_ties_share_a_place_as_declared(ties, expected):
    found = points(f"{{curve: rank, method: step, first: 100, each: 5, ties: {ties}}}")
    assert list(found.values()) == [F(text) for text in expected]


def test_points_by_step_do_not_fall_under_the_floor():
    assert points("{curve: rank, method: step, each: 30, floor: 60}")["戊"] == 60


def test_points_by_share_and_by_places():
    assert list(points("{curve: rank, method: share}").values()) == [80, 40, 80, 100, 20]
    assert list(points("{curve: rank, method: places, places: [[1, 100], [2, 90], [4, 70]]}").values()) == [
        90,
        70,
        90,
        100,
        70,
    ]


def test_between_two_places_the_better_row_counts():
    assert points("{curve: rank, method: places, places: [[1, 100], [3, 70]], ties: mean}")["甲"] == 100


def test_a_place_is_told_with_who_is_tied():
    assert line("{curve: rank, method: step, each: 5}") == "同组 5 家,排第 2 名,并列 2 家: 100 − 5 × (2 − 1) = 95"
    assert (
        line("{curve: rank, method: places, places: [[1, 100], [2, 90]]}", "乙")
        == "同组 5 家,排第 4 名: 第 2 名起 → 90"
    )


def test_the_only_one_of_a_group_is_the_first():
    assert points("{curve: rank, method: share}", {"甲": 3}) == {"甲": 100}


# ---------------------------------------------------------------- standardise


def test_from_low_at_the_worst_to_high_at_the_best():
    found = points("{curve: standardise, method: min_max, low: 50, high: 100}", {"甲": 10, "乙": 15, "丙": 20})
    assert list(found.values()) == [50, 75, 100]
    turned = points("{curve: standardise, method: min_max}", {"甲": 10, "乙": 15, "丙": 20}, direction="lower")
    assert list(turned.values()) == [100, 50, 0]


def test_a_z_score_by_hand():
    values = {"甲": 2, "乙": 4, "丙": 4, "丁": 4, "戊": 5, "己": 5, "庚": 7, "辛": 9}  # mean 5, deviation 2
    found = points("{curve: standardise, method: z_score, centre: 60, scale: 10}", values)
    assert [exact_text(value) for value in found.values()] == ["45", "55", "55", "55", "60", "60", "70", "80"]
    lower = points("{curve: standardise, method: z_score, centre: 60, scale: 10}", values, direction="lower")
    assert [120 - value for value in lower.values()] == list(found.values())


def test_a_sample_divides_by_one_less():
    found = points("{curve: standardise, method: z_score, deviation: sample}", {"甲": -1, "乙": 0, "丙": 1})
    assert list(found.values()) == [50, 60, 70]


def test_an_irrational_deviation_is_the_rounded_decimal_of_fifty_digits():
    found = points("{curve: standardise, method: z_score, low: 0}", {"甲": 0, "乙": 0, "丙": 1})
    with localcontext() as context:
        context.prec = 80
        many = Decimal(2).sqrt() / 3
        context.prec = 50
        deviation = F(+many)
    assert found["丙"] == 60 + 10 * F(2, 3) / deviation


def test_a_z_score_stays_between_its_bounds():
    values = {f"院{n:02}": 0 for n in range(30)} | {"院99": 1000}
    found = points("{curve: standardise, method: z_score, low: 40, high: 90}", values)
    assert found["院99"] == 90
    assert line("{curve: standardise, method: z_score, low: 40, high: 90}", "院99", values=values).startswith(
        "同组 31 家,平均 ≈32.2581,标准差 ≈"
    )


@pytest.mark.parametrize(
    ("direction", "values", "expected"),
    [
        ("higher", [50, 80, 100], [50, 80, 100]),
        ("lower", [5, 10, 20], [100, 50, 25]),
        ("higher", [-5, 0, 10], [0, 0, 100]),
        ("higher", [-5, 0, -1], [0, 100, 0]),
        ("lower", [0, 5, 10], [100, 0, 0]),
    ],
)
def test_a_ratio_to_the_best_and_what_lies_below_zero(direction, values, expected):
    given = dict(zip("甲乙丙", values, strict=True))
    found = points("{curve: standardise, method: ratio_to_best}", given, direction=direction)
    assert list(found.values()) == expected


# ---------------------------------------------------------------- nothing to compare


@pytest.mark.parametrize(
    ("curve", "settled", "code"),
    [
        ("{curve: percentile}", "{curve: percentile, alone: 90}", "peer-group-of-one"),
        ("{curve: standardise, method: min_max}", "{curve: standardise, method: min_max, all_equal: 90}", "peer-group-of-one"),
        ("{curve: standardise, method: z_score}", "{curve: standardise, method: z_score, all_equal: 90}", "peer-group-of-one"),
    ],
)  # fmt: skip
def test_a_group_of_one_is_refused_unless_the_rule_settles_it(curve, settled, code):
    cards = scored(curve, {"甲": 3}, absent=["乙"])
    issue = next(one for one in cards.issues if one.subject == "甲")
    assert (issue.code, issue.place.file) == (code, "rules.yaml")
    assert issue.place.line > 1
    assert item(the_card(cards), "x").status == "failed"
    assert points(settled, {"甲": 3}, absent=["乙"]) == {"甲": 90}


@pytest.mark.parametrize("method", ["min_max", "z_score", "ratio_to_best"])
def test_equal_peers_are_refused_unless_the_rule_settles_it(method):
    cards = scored(f"{{curve: standardise, method: {method}}}", {"甲": 3, "乙": 3})
    assert [(one.code, one.subject) for one in cards.issues] == [("peers-all-equal", "乙"), ("peers-all-equal", "甲")]
    settled = f"{{curve: standardise, method: {method}, all_equal: 80}}"
    assert points(settled, {"甲": 3, "乙": 3}) == {"甲": 80, "乙": 80}


STATISTICS = '{curve: linear, through: [["min(peers.value)", 60], ["max(peers.value)", 100]]}'


def test_a_line_between_two_peer_statistics_that_coincide_is_refused_on_the_spot():
    cards = scored(STATISTICS, {"甲": 3, "乙": 3})
    assert [one.code for one in cards.issues] == ["peers-all-equal"] * 2
    assert points(STATISTICS.replace("]]}", "]], all_equal: 85}"), {"甲": 3, "乙": 3}) == {"甲": 85, "乙": 85}
    assert points(STATISTICS, {"甲": 3, "乙": 5}) == {"甲": 60, "乙": 100}


def test_beside_statistics_that_coincide_points_are_clear():
    curve = '{curve: linear, through: [["median(peers.value)", 60], ["median(peers.value)", 100]]}'
    cards = scored(curve, {"甲": 1, "乙": 3, "丙": 9})
    assert [item(the_card(cards, who), "x").points for who in "甲丙"] == [60, 100]
    assert [one.subject for one in cards.issues] == ["乙"]


def test_satisfactory_and_unallowed_values_of_equal_peers_are_refused():
    curve = '{curve: efficacy, satisfactory: "max(peers.value)", unallowed: "min(peers.value)"}'
    assert [one.code for one in scored(curve, {"甲": 3, "乙": 3}).issues] == ["peers-all-equal"] * 2
    assert points(curve, {"甲": 3, "乙": 5}) == {"甲": 60, "乙": 100}


def test_who_fails_does_not_stop_the_others():
    cards = scored(
        '{curve: linear, through: [["min(peers.value)", 0], ["max(peers.value)", 100]]}',
        {"甲": 3, "乙": 3},
        absent=["丙"],
    )
    assert the_card(cards, "丙").status == "blocked"


def test_a_value_outside_the_group_is_refused():
    with pytest.raises(RuleFailed):
        PeerFigures([F(1), F(2)], "higher").worse(F(3))


# ---------------------------------------------------------------- value in thresholds and parts


def best_of(values, before, curve):
    book = book_of(
        measure("m_x"), indicator("x", curve, further="points_digits: exact"), scheme(one_dimension("x: {out_of: 50}"))
    )
    rows = [fact(who, "m_x", value) for who, value in values.items()]
    rows += [fact(who, "m_x", value, MARCH.last_year()) for who, value in before.items()]
    return run(book, roster_of(*values), Facts(rows))


IMPROVING = """{curve: best_of, of: [
  {curve: linear, title: 达标, through: [[60, 0], [100, 100]]},
  {curve: linear, title: 改善, value: "value - value@last_year", unit: number, through: [[0, 0], [20, 100]]}]}"""


def test_the_better_of_achievement_and_improvement_counts():
    cards = best_of({"甲": 70, "乙": 95}, {"甲": 55, "乙": 94}, IMPROVING)
    assert [item(the_card(cards, who), "x").points for who in "甲乙"] == [F("37.5"), F("43.75")]
    way = workings(find_item(the_card(cards), "x")).points
    assert way is not None
    assert steps(way)[-1] == "取大(达标 25, 改善 75) × 50 ÷ 100 = 37.5"
    assert "改善:(改善 15 − 0) ÷ (20 − 0) × (100 − 0) + 0 = 75" in steps(way)


def test_a_part_without_a_value_is_passed_over():
    cards = best_of({"甲": 70}, {}, IMPROVING)
    assert item(the_card(cards), "x").points == F("12.5")


def test_without_any_value_the_indicator_is_missing():
    curve = '{curve: best_of, of: [{curve: linear, value: "value - value@last_year", unit: number, through: [[0, 0], [20, 100]]}, {curve: attainment, target: "value@last_year"}]}'
    cards = best_of({"甲": 70}, {}, curve)
    row = item(the_card(cards), "x")
    assert (row.status, row.reason) == ("missing", "missing-fact")
    assert "2024-03" in cards.issues[0].found.zh


def test_a_target_may_be_last_years_own_value():
    cards = best_of({"甲": 66}, {"甲": 60}, '{curve: attainment, target: "value@last_year * 1.1"}')
    assert item(the_card(cards), "x").points == 50


def test_peers_are_compared_by_the_value_of_the_part():
    curve = '{curve: best_of, of: [{curve: steps, at: [[90, 100]]}, {curve: percentile, title: 改善, value: "value - value@last_year", unit: number}]}'
    cards = best_of({"甲": 70, "乙": 80, "丙": 50}, {"甲": 60, "乙": 79, "丙": 60}, curve)
    assert [item(the_card(cards, who), "x").points for who in "甲乙丙"] == [50, 25, 0]


def test_a_part_may_have_its_own_better_side():
    curve = '{curve: best_of, of: [{curve: attainment, target: 10}, {curve: percentile, title: 降幅, value: "value@last_year - value", unit: number, direction: higher}]}'
    book = book_of(measure("m_x"), indicator("x", curve, direction="lower"), scheme(one_dimension("x: {out_of: 100}")))
    rows = [
        fact("甲", "m_x", 40),
        fact("乙", "m_x", 40),
        fact("甲", "m_x", 90, MARCH.last_year()),
        fact("乙", "m_x", 50, MARCH.last_year()),
    ]
    cards = run(book, roster_of("甲", "乙"), Facts(rows))
    assert [item(the_card(cards, who), "x").points for who in "甲乙"] == [100, 25]


def test_an_award_beside_another_curve_is_compared_in_points_of_the_item():
    curve = "{curve: best_of, of: [{curve: award, each: 1, cap: 20}, {curve: linear, through: [[0, 0], [100, 100]]}]}"
    cards = best_of({"甲": 15, "乙": 90}, {}, curve)
    assert [item(the_card(cards, who), "x").points for who in "甲乙"] == [15, 45]


# ---------------------------------------------------------------- percentile of equal peers


def test_a_percent_rank_of_equal_peers_is_refused_unless_the_rule_settles_it():
    cards = scored("{curve: percentile}", {"甲": 3, "乙": 3})
    assert [(one.code, one.subject) for one in cards.issues] == [("peers-all-equal", "乙"), ("peers-all-equal", "甲")]
    assert points("{curve: percentile, all_equal: 80}", {"甲": 3, "乙": 3}) == {"甲": 80, "乙": 80}


@pytest.mark.parametrize(("definition", "usual"), [("at_or_below", 100), ("midpoint", 50)])
def test_the_other_definitions_settle_equal_peers_themselves_unless_the_rule_does(definition, usual):
    assert points(f"{{curve: percentile, definition: {definition}}}", {"甲": 3, "乙": 3}) == {"甲": usual, "乙": usual}
    stated = f"{{curve: percentile, definition: {definition}, all_equal: 70, alone: 60}}"
    assert points(stated, {"甲": 3, "乙": 3}) == {"甲": 70, "乙": 70}
    assert points(stated, {"甲": 3}) == {"甲": 60}


def test_far_below_the_mean_a_z_score_stops_at_its_lowest_points():
    far = {"甲": 0, **{f"院{n}": 10 for n in range(20)}}
    curve = "{curve: standardise, method: z_score, low: 40, centre: 60, scale: 10}"
    assert points(curve, far)["甲"] == 40
    assert "取大(" in line(curve, values=far)


def test_without_peers_a_curve_that_compares_cannot_be_applied():
    with pytest.raises(RuleFailed, match="同组"):
        points_on(Percentile("percent_rank"), F(5), "higher", lambda formula: evaluate(formula, None))
