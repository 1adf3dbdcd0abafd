"""Every curve on, just below and just above each of its thresholds, in both directions."""

from fractions import Fraction

import pytest

from perf.formulas import Formula, equation, evaluate, parse_formula
from perf.formulas.arithmetic import RuleFailed
from perf.formulas.nodes import Absent, Node
from perf.kernel.issues import NOWHERE
from perf.scoring import points_on
from perf.specs.models import Attainment, Award, Deduct, Entered, Linear, Range, RatingCurve, Steps

STEP = Fraction(1, 10**30)
F = Fraction
FULL = F(100)


def formula(text: str) -> Formula:
    parsed, faults = parse_formula(text, NOWHERE)
    assert parsed is not None, faults
    return parsed


def alone(rule: Formula) -> Node:
    return evaluate(rule, None)  # type: ignore[arg-type]  # constants ask no scope


def points(curve, value, direction="higher", out_of=FULL, scope_eval=alone):
    node = points_on(curve, value, direction, scope_eval, out_of)
    assert node.op == "curve"
    return node.value


def line(*rows, outside="clip"):
    return Linear(tuple((formula(x), F(y)) for x, y in rows), outside)


REFERRED_DOWN = line(("0.40%", 0), ("0.85%", 60), ("1.20%", 100))


# ---------------------------------------------------------------- linear


def test_halfway_between_two_points_earns_half_of_the_way() -> None:
    assert points(REFERRED_DOWN, F(41, 4000)) == 80


def test_a_line_is_printed_with_its_numbers() -> None:
    shown = Node("number", F(41, 4000), unit="percent")
    node = points_on(REFERRED_DOWN, F(41, 4000), "higher", alone, value_node=shown)
    assert equation(node) == "(1.025% − 0.85%) ÷ (1.2% − 0.85%) × (100 − 60) + 60 = 80"


@pytest.mark.parametrize(("at", "expected"), [(F("0.004"), 0), (F("0.0085"), 60), (F("0.012"), 100)])
def test_on_a_point_of_the_line_its_points_are_earned(at, expected) -> None:
    assert points(REFERRED_DOWN, at) == expected


def test_a_step_below_the_first_point_is_clipped_to_it() -> None:
    assert points(REFERRED_DOWN, F("0.004") - STEP) == 0
    assert points(REFERRED_DOWN, F(-10)) == 0


def test_a_step_above_the_last_point_is_clipped_to_it() -> None:
    assert points(REFERRED_DOWN, F("0.012") + STEP) == 100
    assert points(REFERRED_DOWN, F(10)) == 100


def test_a_step_around_an_inner_point_moves_by_the_slope_of_its_own_segment() -> None:
    assert points(REFERRED_DOWN, F("0.0085") - STEP) == 60 - STEP * F(60) / F("0.0045")
    assert points(REFERRED_DOWN, F("0.0085") + STEP) == 60 + STEP * F(40) / F("0.0035")


def test_an_extended_line_goes_on_beyond_both_ends() -> None:
    curve = line(("10", 0), ("20", 100), outside="extend")
    assert points(curve, F(9)) == -10
    assert points(curve, F(10) - STEP) == -10 * STEP
    assert points(curve, F(20)) == 100
    assert points(curve, F(20) + STEP) == 100 + 10 * STEP
    assert points(curve, F(25)) == 150


def test_a_falling_line_serves_lower_is_better() -> None:
    curve = line(("5", 100), ("10", 0))
    assert points(curve, F(5), "lower") == 100
    assert points(curve, F(5) + STEP, "lower") == 100 - 20 * STEP
    assert points(curve, F(4), "lower") == 100
    assert points(curve, F(11), "lower") == 0


def test_at_a_jump_the_later_point_counts() -> None:
    curve = line(("0", 0), ("5", 50), ("5", 80), ("10", 100))
    assert points(curve, F(5) - STEP) == 50 - 10 * STEP
    assert points(curve, F(5)) == 80
    assert points(curve, F(5) + STEP) == 80 + 4 * STEP


def test_a_single_point_gives_its_points_everywhere() -> None:
    curve = line(("5", 70), outside="extend")
    assert [points(curve, F(v)) for v in (4, 5, 6)] == [70, 70, 70]


def test_thresholds_that_turn_out_unordered_fail_this_subject() -> None:
    with pytest.raises(RuleFailed):
        points(line(("9", 0), ("5", 100)), F(7))


def test_a_line_through_coinciding_points_cannot_be_extended() -> None:
    with pytest.raises(RuleFailed):
        points(line(("5", 0), ("5", 100), outside="extend"), F(7))


def test_a_threshold_may_be_a_formula_seen_from_the_subject() -> None:
    def scope_eval(rule):
        return Node("number", F(20)) if rule.text == "half" else alone(rule)

    assert points(line(("0", 0), ("half", 100)), F(5), scope_eval=scope_eval) == 25


@pytest.mark.parametrize(
    "curve",
    [
        line(("0", 0), ("x", 100)),
        Steps(((formula("x"), F(1)),)),
        Range((formula("x"), None), (None, None)),
        Attainment(formula("x"), None, F(1), "ratio"),
    ],
)
def test_an_absent_threshold_makes_the_points_absent_for_the_same_reason(curve) -> None:
    gone = Node("fact", Absent("missing"))
    assert points(curve, F(1), scope_eval=lambda f: gone if f.text == "x" else alone(f)) == Absent("missing")


# ---------------------------------------------------------------- steps


def table(lower_bound="included", below=0):
    rows = (("60", 50), ("70", 80), ("85", 100))
    return Steps(tuple((formula(x), F(y)) for x, y in rows), lower_bound, F(below))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (F(60) - STEP, 0), (F(60), 50), (F(60) + STEP, 50),
        (F(70) - STEP, 50), (F(70), 80), (F(70) + STEP, 80),
        (F(85) - STEP, 80), (F(85), 100), (F(85) + STEP, 100),
    ],
)  # fmt: skip
def test_an_included_lower_bound_is_reached_by_standing_on_it(value, expected) -> None:
    assert points(table(), value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (F(60) - STEP, 7), (F(60), 7), (F(60) + STEP, 50),
        (F(70) - STEP, 50), (F(70), 50), (F(70) + STEP, 80),
        (F(85) - STEP, 80), (F(85), 80), (F(85) + STEP, 100),
    ],
)  # fmt: skip
def test_an_excluded_lower_bound_must_be_passed(value, expected) -> None:
    assert points(table("excluded", below=7), value) == expected


def test_falling_steps_serve_lower_is_better() -> None:
    curve = Steps(((formula("0"), F(100)), (formula("5%"), F(60)), (formula("10%"), F(0))), "included", F(100))
    assert [points(curve, v, "lower") for v in (F(0), F("0.05") - STEP, F("0.05"), F("0.1"))] == [100, 100, 60, 0]


def test_a_step_is_printed_as_the_condition_and_what_it_gives() -> None:
    assert equation(points_on(table(), F(88), "higher", alone)).startswith("88 ≥ 85 → 100")


# ---------------------------------------------------------------- range


def span(best, zero=(None, None)):
    def maybe(pair):
        return tuple(formula(x) if x is not None else None for x in pair)

    return Range(maybe(best), maybe(zero))


OCCUPANCY = span(("85%", "93%"), ("60%", "110%"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (F("0.5"), 0), (F("0.6") - STEP, 0), (F("0.6"), 0), (F("0.6") + STEP, 400 * STEP), (F("0.725"), 50),
        (F("0.85") - STEP, 100 - 400 * STEP), (F("0.85"), 100), (F("0.85") + STEP, 100),
        (F("0.93") - STEP, 100), (F("0.93"), 100), (F("0.93") + STEP, 100 - STEP * 100 / F("0.17")),
        (F("1.015"), 50), (F("1.1") - STEP, STEP * 100 / F("0.17")), (F("1.1"), 0), (F("1.1") + STEP, 0),
    ],
)  # fmt: skip
def test_a_range_is_full_inside_and_falls_to_zero_on_both_sides(value, expected) -> None:
    assert points(OCCUPANCY, value, "range") == expected


def test_a_range_open_above_stays_full() -> None:
    curve = span(("85%", None), ("60%", None))
    assert [points(curve, v, "range") for v in (F(9), F("0.85"), F("0.6"))] == [100, 100, 0]


def test_a_range_open_below_stays_full() -> None:
    curve = span((None, "5"), (None, "10"))
    assert [points(curve, v, "range") for v in (F(-9), F(5), F("7.5"), F(10))] == [100, 100, 50, 0]


def test_without_a_zero_point_the_outside_is_zero_at_once() -> None:
    curve = span(("1", "2"))
    assert [points(curve, v, "range") for v in (F(1) - STEP, F(1), F(2), F(2) + STEP)] == [0, 100, 100, 0]


def test_a_range_open_on_both_sides_is_full_everywhere() -> None:
    assert points(span((None, None)), F(3), "range") == 100


def test_a_range_that_ends_before_it_begins_fails() -> None:
    with pytest.raises(RuleFailed):
        points(span(("2", "1")), F(1), "range")


# ---------------------------------------------------------------- attainment


def attain(target, floor="0.6", cap="1.2", lower_as="ratio"):
    return Attainment(formula(target), None if floor is None else F(floor), F(cap), lower_as)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (F(60) - STEP, 0), (F(60), 60), (F(60) + STEP, 60 + STEP), (F(100), 100),
        (F(120) - STEP, 120 - STEP), (F(120), 120), (F(120) + STEP, 120), (F(500), 120),
    ],
)  # fmt: skip
def test_attainment_counts_from_its_floor_up_to_its_cap(value, expected) -> None:
    assert points(attain("100"), value) == expected


def test_lower_is_better_as_a_ratio() -> None:
    curve = attain("10", floor="0.5")
    assert [points(curve, v, "lower") for v in (F(20), F(20) + STEP, F(10), F(8))] == [50, 0, 100, 120]
    assert points(curve, F(10) / F("1.2"), "lower") == 120
    assert points(curve, F(10) / F("1.2") - STEP, "lower") == 120


def test_nothing_at_all_counts_as_the_cap_when_lower_is_better() -> None:
    assert points(attain("10"), F(0), "lower") == 120
    assert points(attain("0"), F(0), "lower") == 120
    assert points(attain("0"), F(1), "lower") == 0


def test_lower_is_better_as_a_complement() -> None:
    curve = attain("10", floor=None, lower_as="complement")
    assert [points(curve, v, "lower") for v in (F(10), F(12), F(8), F(0), F(30))] == [100, 80, 120, 120, 0]
    assert points(curve, F(10) + STEP, "lower") == 100 - 10 * STEP


def test_a_target_of_zero_is_a_zero_denominator() -> None:
    assert points(attain("0"), F(5)) == Absent("denominator_zero")
    assert points(attain("0", lower_as="complement"), F(5), "lower") == Absent("denominator_zero")


def test_a_negative_target_fails() -> None:
    with pytest.raises(RuleFailed):
        points(attain("-5"), F(5))


# ---------------------------------------------------------------- deduct, award


@pytest.mark.parametrize(
    ("counted", "value", "expected"),
    [
        ("exact", F(0), 25), ("exact", F(3), 22), ("exact", F(3) + STEP, 22 - STEP), ("exact", F(25), 0),
        ("exact", F(25) + STEP, 0), ("exact", F(-2), 25),
        ("started", F(3) - STEP, 22), ("started", F(3), 22), ("started", F(3) + STEP, 21),
        ("completed", F(3) - STEP, 23), ("completed", F(3), 22), ("completed", F(3) + STEP, 22),
    ],
)  # fmt: skip
def test_points_are_taken_away_until_none_are_left(counted, value, expected) -> None:
    assert points(Deduct(F(1), F(1), counted), value, "lower", F(25)) == expected


def test_each_two_percent_started_costs_half_a_point() -> None:
    assert points(Deduct(F("0.5"), F("0.02"), "started"), F("0.05"), "lower", F(10)) == F("8.5")


@pytest.mark.parametrize(
    ("counted", "value", "expected"),
    [
        ("exact", F(0), 0), ("exact", F(2), 3), ("exact", F(10, 3) - STEP, 5 - F(3, 2) * STEP), ("exact", F(10, 3), 5),
        ("exact", F(10, 3) + STEP, 5), ("exact", F(-1), 0),
        ("started", F(1) + STEP, 3), ("completed", F(2) - STEP, F(3, 2)), ("completed", F(2), 3),
    ],
)  # fmt: skip
def test_extra_points_are_given_up_to_the_cap(counted, value, expected) -> None:
    assert points(Award(F(3, 2), F(1), F(5), counted), value, out_of=F(5)) == expected


# ---------------------------------------------------------------- rating, entered


def test_every_declared_rating_gives_its_points() -> None:
    curve = RatingCurve({"A": F(100), "完成": F(80), "未完成": F(0)})
    assert [points(curve, v) for v in ("A", "完成", "未完成")] == [100, 80, 0]
    assert equation(points_on(curve, "完成", "higher", alone)).startswith("完成 → 80")


@pytest.mark.parametrize("value", ["E", "a", "", F(1)])
def test_a_rating_that_is_not_declared_fails(value) -> None:
    with pytest.raises(RuleFailed):
        points(RatingCurve({"A": F(100)}), value)


def test_a_text_where_a_number_belongs_fails() -> None:
    with pytest.raises(RuleFailed):
        points(REFERRED_DOWN, "八十八")


def test_an_entered_score_is_brought_to_a_hundred() -> None:
    assert points(Entered(F(100)), F("88.5")) == F("88.5")
    assert points(Entered(F(40)), F(30)) == 75
    assert points(Entered(F(30)), F(29)) == F(290, 3)


@pytest.mark.parametrize(("at", "said"), [("60%", "≤ 60%"), ("110%", "≥ 110%"), ("59%", "≤ 60%"), ("111%", "≥ 110%")])
def test_on_the_zero_point_of_a_range_the_condition_is_told_and_no_arithmetic(at, said) -> None:
    value = F(at.removesuffix("%")) / 100
    line = equation(points_on(OCCUPANCY, value, "range", alone, value_node=Node("number", value, unit="percent")))
    assert line == f"{at} {said} → 0"
