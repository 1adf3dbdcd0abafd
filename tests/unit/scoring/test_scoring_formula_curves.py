"""Power and the efficacy method by hand: on, just below and just above what they turn at, in both directions."""

from decimal import Decimal, localcontext
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
    the_card,
)
from tests.unit.scoring.test_scoring_curves import alone, formula, points

from perf.formulas import equation
from perf.formulas.arithmetic import RuleFailed
from perf.formulas.nodes import Absent, Node
from perf.kernel.rounding import Rounding
from perf.scoring import points_on
from perf.specs.models import Efficacy, GradedEfficacy, Power

F = Fraction
STEP = F(1, 10**20)


def shown(curve, value, direction="higher", unit="percent"):
    return equation(points_on(curve, value, direction, alone, value_node=Node("number", value, unit=unit)))


# ---------------------------------------------------------------- power


def power(**kwargs):
    usual = {"origin": formula("30%"), "factor": F(-2), "exponent": F(3, 2), "per": F("0.01"), "start": F(100)}
    return Power(**{**usual, **kwargs})


def test_four_percent_off_with_an_exponent_of_one_and_a_half_costs_sixteen_points():
    assert points(power(), F("0.34")) == 84  # 4^1.5 = 8
    assert points(power(), F("0.26")) == 84
    assert shown(power(), F("0.34")) == "100 − 2 × ((34% − 30%) ÷ 1%)^1.5 = 84"


def test_an_irrational_power_is_the_decimal_of_fifty_digits():
    with localcontext() as context:
        context.prec = 80
        eighth = Decimal(8).sqrt()
        context.prec = 50
        expected = 100 - 2 * F(+eighth)  # 2^1.5 = √8
    assert points(power(), F("0.32")) == expected


@pytest.mark.parametrize(("side", "below", "above"), [("both", 84, 84), ("above", 100, 84), ("below", 84, 100)])
def test_only_the_declared_side_counts(side, below, above):
    curve = power(side=side)
    assert (points(curve, F("0.26")), points(curve, F("0.34"))) == (below, above)
    assert points(curve, F("0.3")) == 100


def test_power_keeps_floor_and_cap():
    assert points(power(floor=F(20)), F("0.9")) == 20
    assert points(power(factor=F(2), start=F(60), cap=F(90)), F("0.9")) == 90


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(Rounding.DOWN, "94.3"), (Rounding.UP, "94.4"), (Rounding.HALF_AWAY, "94.3"), (Rounding.HALF_EVEN, "94.3")],
)
def test_power_is_cut_or_rounded_as_it_states(mode, expected):
    assert points(power(digits=1, rounding=mode), F("0.32")) == F(expected)


def test_a_power_that_would_never_end_is_refused():
    with pytest.raises(RuleFailed):
        points(power(exponent=F(100), per=F(1, 10**60)), F(10**40) / 7)


# ---------------------------------------------------------------- efficacy


STATISTICS = Efficacy(formula("95%"), formula("60%"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0.6", 60), ("0.95", 100), ("0.775", 80), ("0.25", 20), ("1.30", 140)],
)
def test_the_statistics_form_goes_on_beyond_its_values(value, expected):
    assert points(STATISTICS, F(value)) == expected


def test_beside_its_values_it_moves_by_the_slope():
    slope = F(40) / F("0.35")
    for value, at in (("0.6", 60), ("0.95", 100)):
        assert points(STATISTICS, F(value) - STEP) == at - slope * STEP
        assert points(STATISTICS, F(value) + STEP) == at + slope * STEP


def test_clipped_it_stays_between_base_and_full():
    clipped = Efficacy(formula("95%"), formula("60%"), outside="clip")
    assert [points(clipped, F(text)) for text in ("0.1", "0.6", "0.95", "2")] == [60, 60, 100, 100]
    assert points(clipped, F("0.95") - STEP) < 100


def test_where_lower_is_better_the_satisfactory_value_is_the_smaller_one():
    lower = Efficacy(formula("5%"), formula("25%"))
    assert [points(lower, F(text), "lower") for text in ("0.05", "0.15", "0.25", "0.35")] == [100, 80, 60, 40]
    with pytest.raises(RuleFailed):
        points(lower, F("0.05"), "higher")


def test_efficacy_is_told_with_the_names_of_its_values():
    assert shown(STATISTICS, F("0.775")) == "60 + (77.5% − 不允许值 60%) ÷ (满意值 95% − 不允许值 60%) × 40 = 80"


def test_an_absent_value_of_efficacy_is_absent():
    gone = points(STATISTICS, F(1), scope_eval=lambda _: Node("name", Absent("missing")))
    assert isinstance(gone, Absent)


GRADES = GradedEfficacy({"": tuple(map(formula, ("90%", "80%", "70%", "60%", "50%")))})


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1.2", 100), ("0.9", 100), ("0.85", 90), ("0.8", 80), ("0.64", 48), ("0.5", 20), ("0.4999", 0)],
)
def test_between_two_grades_points_go_straight(value, expected):
    assert points(GRADES, F(value)) == expected


def test_beside_each_standard():
    assert points(GRADES, F("0.9") - STEP) == 100 - 200 * STEP
    assert points(GRADES, F("0.8") + STEP) == 80 + 200 * STEP
    assert points(GRADES, F("0.5") - STEP) == 0


def test_grades_are_told_as_the_ministry_writes_them():
    assert shown(GRADES, F("0.85")) == "(85% − 80%) ÷ (90% − 80%) × (100 − 80) + 80 = 90"


def test_grades_of_an_indicator_where_lower_is_better():
    lower = GradedEfficacy({"": tuple(map(formula, ("10", "20", "40")))}, "", (F(1), F(3, 5), F(1, 5)))
    assert [points(lower, F(value), "lower") for value in (5, 10, 15, 20, 30, 40, 41)] == [100, 100, 80, 60, 40, 20, 0]


def graded_book():
    curve = "{curve: efficacy, standards: {by: size_class, rows: {large: [90, 80], small: [70, 50]}}, coefficients: [1, 0.5]}"
    return book_of(
        "attributes: {size_class: 规模}",
        measure("m_x"),
        indicator("x", curve),
        scheme(one_dimension("x: {out_of: 100}")),
    )


def test_standards_follow_the_class_of_the_subject():
    for size, expected in (("large", 0), ("small", 75)):
        cards = run(graded_book(), roster_of("甲", size_class=size), facts_of({("甲", "m_x"): 60}))
        assert item(the_card(cards), "x").points == expected


def test_a_class_without_standards_is_refused_by_name():
    cards = run(graded_book(), roster_of("甲", size_class="giant"), facts_of({("甲", "m_x"): 60}))
    assert [issue.code for issue in cards.issues] == ["rule-failed"]
    assert "giant" in cards.issues[0].found.zh


def test_a_subject_without_a_class_has_no_points():
    cards = run(graded_book(), roster_of("甲"), facts_of({("甲", "m_x"): 60}))
    assert item(the_card(cards), "x").status in ("missing", "blocked")


def test_clipped_on_the_standard_itself_the_condition_is_told_and_no_arithmetic():
    clipped = Efficacy(formula("95%"), formula("60%"), outside="clip")
    assert shown(clipped, F("0.95")) == "95% ≥ 满意值 95% → 100"
    assert shown(clipped, F("0.6")) == "60% ≤ 不允许值 60% → 60"


def test_a_value_without_a_better_side_is_measured_as_higher_is_better():
    curve = Efficacy(formula("95%"), formula("60%"))
    assert points(curve, F("0.775"), "range") == points(curve, F("0.775"), "higher") == 80
