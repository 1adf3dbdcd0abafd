"""Totals and standing in full: sums, products, lost dimensions, caps on extra points, quotas, rounding of coefficients."""

from fractions import Fraction

import pytest
from tests.unit.scoring.scoring_world import (
    book_of,
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
from perf.scoring import Scorecard, Scores
from perf.specs.book import load_book
from perf.specs.checks import check_book

F = Fraction
NA = "no_value: not_applicable"
CODES = ("a", "b", "c", "d")
BASE = (*(measure(f"m_{code}") for code in CODES), *(straight(code, further=NA) for code in CODES))
EACH = one_dimension("a: {out_of: 100}")
GRADES = "grades: [[优秀, 90], [良好, 80], [合格, 60], [不合格, 0]]"


def two(first: str = "", second: str = "") -> str:
    one = one_dimension("a: {out_of: 10}", "b: {out_of: 30}", weight=40, code="service", further=first)
    other = one_dimension("c: {out_of: 60}", "d: {out_of: 40}", weight=60, code="quality", further=second)
    return f"{one}\n{other}"


def of_one(values: dict[str, object], dimensions: str, further: str = "") -> Scorecard:
    book = book_of(*BASE, scheme(dimensions, further))
    return the_card(run(book, roster_of("甲"), facts_of({("甲", f"m_{c}"): v for c, v in values.items()})))


def of_many(totals: dict[str, object], further: str) -> Scores:
    book = book_of(*BASE, scheme(EACH, further))
    known = {(s, "m_a"): v for s, v in totals.items() if v is not None}
    return run(book, roster_of(*totals), facts_of(known))


def held(scores: Scores) -> dict[str, str]:
    return {subject: card.grade for (_, subject), card in scores.cards.items()}


SUM = "    combine: sum\n"


# ---------------------------------------------------------------- sum


@pytest.mark.parametrize("mode", ["within_dimension", "overall", "none"])
def test_in_a_sum_nobody_takes_over_the_points_that_do_not_apply(mode) -> None:
    """10 of 10 and nothing of 30 is 10 of 40: the weights printed are those that were used."""
    card = of_one({"a": 100, "c": 50, "d": 50}, two(SUM), f"missing_weight: {mode}")
    service = item(card, "service")
    assert (service.points, service.out_of, service.score) == (10, 40, 10)
    assert (item(card, "a").weight, item(card, "a").score, item(card, "b").weight) == (10, 10, None)
    assert (item(card, "quality").score, card.total) == (30, 40)


def test_in_a_weighted_mean_the_others_take_them_over() -> None:
    card = of_one({"a": 100, "c": 50, "d": 50}, two())
    assert (item(card, "service").points, item(card, "a").weight, card.total) == (40, 40, 70)


def test_a_sum_without_enough_indicators_does_not_apply() -> None:
    card = of_one({"a": 100, "c": 50, "d": 50}, two(SUM + "    at_least: 2\n"))
    assert (item(card, "service").status, item(card, "service").reason) == ("not_applicable", "at_least")
    assert (item(card, "quality").weight, card.total) == (100, 50)


# ---------------------------------------------------------------- dimensions that do not apply


@pytest.mark.parametrize(
    ("mode", "dimension", "expected"),
    [
        ("within_dimension", "others", 50),
        ("within_dimension", "lost", 30),
        ("overall", "others", 50),
        ("overall", "lost", 30),
        ("none", "others", 50),
        ("none", "lost", 30),
    ],
)
def test_the_weight_of_a_dimension_goes_to_the_others_or_is_lost(mode, dimension, expected) -> None:
    card = of_one({"c": 50, "d": 50}, two(), f"missing_weight: {mode}\nmissing_dimension: {dimension}")
    assert card.total == expected


def test_where_weights_are_lost_so_are_dimensions_unless_the_rule_says_otherwise() -> None:
    assert of_one({"c": 50, "d": 50}, two(), "missing_weight: none").total == 30
    assert of_one({"c": 50, "d": 50}, two()).total == 50


def test_items_may_be_lost_while_dimensions_are_not() -> None:
    """d (40 of 100) does not apply and is lost; service goes to quality: 50 × 60 ÷ 100 × 100."""
    card = of_one({"c": 50}, two(), "missing_weight: none\nmissing_dimension: others")
    assert (item(card, "quality").points, item(card, "quality").weight, card.total) == (30, 100, 30)


def test_without_any_dimension_there_is_no_total() -> None:
    card = of_one({}, two(), "missing_dimension: lost")
    assert (card.status, card.total, card.grade) == ("not_applicable", None, "")


# ---------------------------------------------------------------- geometric totals


def test_a_geometric_total_is_exact_where_it_is_rational() -> None:
    """(16/100)^(1/2) × (81/100)^(1/2) × 100 = 36."""
    halves = one_dimension("a: {out_of: 100}", weight=50, code="service") + "\n"
    halves += one_dimension("c: {out_of: 100}", weight=50, code="quality")
    card = of_one({"a": 16, "c": 81}, halves, "total: {combine: geometric, digits: exact}")
    assert (card.exact, card.total) == (36, 36)
    assert [item(card, d).score for d in ("service", "quality")] == [None, None]
    assert [item(card, d).weight for d in ("service", "quality")] == [50, 50]


def test_a_geometric_total_is_else_rounded_to_fifty_digits_and_then_as_declared() -> None:
    """0.5^0.4 × 0.9^0.6 × 100 = 71.1443…"""
    values = {"a": 50, "b": 50, "c": 90, "d": 90}
    card = of_one(values, two(), "total: {combine: geometric, digits: 2}")
    assert card.total == F("71.14")
    assert card.exact is not None
    assert card.exact**5 != 50**2 * 90**3
    assert abs(card.exact**5 - 50**2 * 90**3) < F(1, 10**38)
    assert of_one(values, two(), "total: {combine: geometric, digits: 2, rounding: up}").total == F("71.15")


def test_one_dimension_of_nothing_takes_everything() -> None:
    card = of_one({"a": 0, "b": 0, "c": 90, "d": 90}, two(), "total: {combine: geometric}")
    assert (card.total, card.grade, card.status) == (0, "不合格", "scored")


def test_equal_dimensions_give_that_total_whatever_is_missing() -> None:
    assert of_one({"a": 73, "b": 73, "c": 73, "d": 73}, two(), "total: {combine: geometric}").total == 73
    assert of_one({"c": 73, "d": 73}, two(), "total: {combine: geometric}").total == 73


def test_a_lost_dimension_takes_its_share_of_a_geometric_total_too() -> None:
    card = of_one({"c": 50, "d": 50}, two(), "total: {combine: geometric}\nmissing_dimension: lost")
    assert card.total == 30


def test_extra_points_stand_beside_the_product() -> None:
    card = of_one(
        {"a": 50, "b": 50, "c": 50, "d": 50},
        two(),
        "total: {combine: geometric}\nextra: [{indicator: d, cap: 5, out_of: 10}]",
    )
    assert card.total == 55


# ---------------------------------------------------------------- extra points

EXTRAS = "extra: [{indicator: b, cap: 5, out_of: 10}, {indicator: c, cap: 6, out_of: 10}]"


@pytest.mark.parametrize(
    ("b", "c", "expected"),
    [(30, 40, 57), (30, 50, 58), (30, 51, 58), (100, 100, 58), (100, 20, 57), (None, 100, 56), (None, None, 50)],
)
def test_extra_points_are_capped_one_by_one_and_together(b, c, expected) -> None:
    values = {"a": 50} | {k: v for k, v in (("b", b), ("c", c)) if v is not None}
    card = of_one(values, EACH, f"{EXTRAS}\nextra_cap: 8")
    assert card.total == expected


def test_the_common_cap_shows_in_the_arithmetic() -> None:
    card = of_one({"a": 50, "b": 100, "c": 100}, EACH, f"{EXTRAS}\nextra_cap: 8")
    assert equation(card.node) == "all 50 + 取小(b 5 + c 6, 8) = 58"
    assert (item(card, "b").score, item(card, "c").score) == (5, 6)


# ---------------------------------------------------------------- quotas

TEN = {f"院{n}": 99 - n for n in range(10)}


def quota(further: str, name: str = "优秀", falls_to: str = "良好") -> str:
    return f"{GRADES}\nquota: {{{name}: {{falls_to: {falls_to}, {further}}}}}"


@pytest.mark.parametrize(
    ("further", "expected"),
    [
        ("at_most: 25%", 2),
        ("at_most: 25%, rounding: up", 3),
        ("at_most: 25%, rounding: half_away", 3),
        ("at_most: 24%, rounding: half_away", 2),
        ("at_most: 20%, rounding: up", 2),
        ("at_most: 0%", 0),
        ("at_most: 0%, ties: all_in", 0),
        ("at_most: 100%", 10),
    ],
)
def test_places_are_rounded_as_declared(further, expected) -> None:
    grades = held(of_many(TEN, quota(further)))
    assert list(grades.values()).count("优秀") == expected
    assert list(grades.values()).count("良好") == 10 - expected


TIED = {"甲": 95, "乙": 93, "丙": 93, "丁": 91, "戊": 70}


@pytest.mark.parametrize(
    ("further", "expected"),
    [
        ("at_most: 40%", ["甲"]),
        ("at_most: 40%, ties: all_in", ["丙", "乙", "甲"]),
        ("at_most: 60%", ["丙", "乙", "甲"]),
        ("at_most: 60%, ties: all_in", ["丙", "乙", "甲"]),
        ("at_most: 20%, ties: all_in", ["甲"]),
    ],
)
def test_those_tied_at_the_last_place_go_or_stay_together(further, expected) -> None:
    grades = held(of_many(TIED, quota(further)))
    assert sorted(s for s, g in grades.items() if g == "优秀") == expected


def test_a_quota_counts_all_peers_or_only_those_with_a_total() -> None:
    some = {"甲": 95, "乙": 94, "丙": None, "丁": None}
    assert held(of_many(some, quota("at_most: 50%"))) == {"甲": "优秀", "乙": "优秀", "丙": "", "丁": ""}
    assert held(of_many(some, quota("at_most: 50%, of: scored"))) == {"甲": "优秀", "乙": "良好", "丙": "", "丁": ""}


def test_who_falls_takes_part_in_the_quota_of_the_grade_below() -> None:
    further = f"{GRADES}\nquota: {{良好: {{at_most: 20%, falls_to: 合格}}, 优秀: {{at_most: 20%, falls_to: 良好}}}}"
    grades = held(of_many({"甲": 95, "乙": 94, "丙": 93, "丁": 85, "戊": 84}, further))
    assert grades == {"甲": "优秀", "乙": "良好", "丙": "合格", "丁": "合格", "戊": "合格"}


def issues_of(further: str) -> list[tuple[str, int]]:
    book, found = load_book({"rules.yaml": "\n---\n".join((*BASE, scheme(EACH, further)))})
    return [(i.code, i.place.line) for i in (*found, *check_book(book)) if i.is_error]


@pytest.mark.parametrize(
    ("further", "code"),
    [
        (quota("at_most: -5%"), "rule-number-range"),
        (quota("at_most: 101%"), "rule-number-range"),
        (quota("at_most: 15"), "rule-sign-missing"),
        (quota("at_most: 15%", falls_to="优秀"), "quota-falls-up"),
        (quota("at_most: 15%", name="合格", falls_to="良好"), "quota-falls-up"),
        (quota("at_most: 15%", name="不合格", falls_to="合格"), "quota-of-lowest"),
        (quota("at_most: 15%", falls_to="及格"), "veto-grade-unknown"),
        (quota("at_most: 15%", name="杰出"), "veto-grade-unknown"),
        (quota("at_most: 15%, ties: some"), "rule-value-unknown"),
    ],
)
def test_a_quota_that_cannot_be_met_is_refused_where_it_stands(further, code) -> None:
    found = issues_of(further)
    assert [c for c, _ in found] == [code]
    assert found[0][1] > 0


def test_quotas_that_fall_in_a_circle_are_refused() -> None:
    circle = f"{GRADES}\nquota: {{优秀: {{at_most: 1%, falls_to: 良好}}, 良好: {{at_most: 1%, falls_to: 优秀}}}}"
    assert [code for code, _ in issues_of(circle)] == ["quota-falls-up"]


# ---------------------------------------------------------------- coefficients


@pytest.mark.parametrize(
    ("rounding", "expected"), [("half_away", "1.13"), ("half_even", "1.12"), ("down", "1.12"), ("up", "1.13")]
)
def test_a_coefficient_is_rounded_as_declared(rounding, expected) -> None:
    """60 → 1.0, 80 → 1.25: at 70 exactly 1.125."""
    curve = "coefficient: {curve: linear, through: [[60, 1], [80, 1.25]]}\ncoefficient_digits: 2\n"
    assert of_one({"a": 70}, EACH, f"{curve}coefficient_rounding: {rounding}").coefficient == F(expected)


# ---------------------------------------------------------------- what cannot be put together


def entered_as_it_is(code: str) -> str:
    """Points that may be negative."""
    return indicator(code, "{curve: linear, through: [[0, 0], [100, 100]], outside: extend}", further=NA)


@pytest.mark.parametrize("values", [{"a": -50, "b": 50}, {"a": -50, "b": -50}, {"a": -50, "b": 0}])
def test_negative_points_have_no_geometric_mean_however_many_there_are(values) -> None:
    dimension = one_dimension("a: {out_of: 50}", "b: {out_of: 50}", further="    combine: geometric\n")
    book = book_of(measure("m_a"), measure("m_b"), entered_as_it_is("a"), entered_as_it_is("b"), scheme(dimension))
    scores = run(book, roster_of("甲"), facts_of({("甲", f"m_{c}"): v for c, v in values.items()}))
    card = the_card(scores)
    assert (card.status, card.total, card.reason) == ("failed", None, "rule-failed")
    assert [issue.subject for issue in scores.issues] == ["甲"]
    rows = {row.item: (row.points, row.score, row.status) for row in card.items}
    assert rows["all"] == (None, None, "failed")
    assert rows["a"] == (F(values["a"], 2), None, "scored")


def test_a_geometric_total_of_a_dimension_below_zero_is_refused_with_words():
    below = "{curve: efficacy, satisfactory: 100, unallowed: 60}"
    documents = (measure("m_a"), measure("m_b"), indicator("a", below), straight("b"))
    dimensions = (
        one_dimension("a: {out_of: 100}", weight=50, code="one")
        + "\n"
        + one_dimension("b: {out_of: 100}", weight=50, code="two")
    )
    book = book_of(*documents, scheme(dimensions, "total: {combine: geometric, digits: 2}"))
    scores = run(book, roster_of("甲"), facts_of({("甲", "m_a"): -100, ("甲", "m_b"): 50}))
    assert (the_card(scores).status, the_card(scores).total) == ("failed", None)
    assert "负数不能求几何平均" in scores.issues[0].found.zh
