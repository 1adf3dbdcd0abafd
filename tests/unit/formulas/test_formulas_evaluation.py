from fractions import Fraction

import pytest
from plain_scope import PlainScope, node_of, value_of

from perf.formulas import Absent

BLOCKED = Absent("blocked")


def reason(value):
    return value.reason


def test_a_zero_denominator_is_no_failure_and_no_zero():
    assert reason(value_of("a / b", a=1, b=0)) == "denominator_zero"


def test_missing_wins_over_a_zero_denominator_and_collects_all_keys():
    value = value_of("a / b + x + y", a=1, b=0)
    assert value.reason == "missing"
    assert [key.measure for key in value.keys] == ["x", "y"]


def test_a_fact_named_twice_is_missing_once():
    assert len(value_of("x + x * x").keys) == 1


def test_only_the_branch_that_is_taken_counts():
    assert value_of("if(b == 0, 0, a / b)", a=1, b=0) == 0
    assert reason(value_of("if(x > 0, 1, 2)")) == "missing"


@pytest.mark.parametrize("text", ["x > 1 or 1 < 2", "x > 1 and 1 > 2", "not x > 1", "x in (a, b)", "max(1, x)"])
def test_an_absent_input_makes_the_result_absent(text):
    assert reason(value_of(text)) == "missing"


def test_count_counts_what_is_there():
    assert value_of("count(a, b, x)", a=1, b=2) == 2


def test_a_numeric_attribute_is_read_exactly_in_arithmetic():
    assert value_of("post_coefficient * 3", post_coefficient="1.1") == Fraction(33, 10)
    assert value_of("-post_coefficient + 85%", post_coefficient="85%") == 0


def test_text_in_arithmetic_is_refused_not_guessed():
    assert reason(value_of("post + 1", post="护士")) == "not_allowed"
    assert reason(value_of("(1 < 2) + 1")) == "not_allowed"
    assert reason(value_of("1 and 2 > 1")) == "not_allowed"


def test_a_bare_word_beside_an_attribute_is_text_unless_it_is_a_name():
    assert value_of("category == doctor", category="doctor") is True
    assert value_of("doctor == category", category="doctor") is True
    assert value_of("category != doctor", category="doctor") is False
    assert value_of("a == b", a=3, b=3) is True
    assert value_of("class == 三甲", **{"class": "三甲"}) is True
    assert value_of("category in (doctor, nurse)", category="nurse") is True
    assert value_of("category not in (doctor, nurse)", category="admin") is True


def test_two_unknown_words_are_a_missing_name_not_two_texts():
    assert reason(value_of("categroy == doctor")) == "missing"


def test_a_numeric_attribute_equals_its_number():
    assert value_of("grade == 3", grade="3") is True
    assert value_of("grade == 3", grade="三") is False


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("round(2.345, 2)", Fraction(235, 100)),
        ("round(-2.345, 2)", Fraction(-235, 100)),
        ("round(1234, -2)", Fraction(1200)),
        ("round(2.5)", Fraction(3)),
        ("floor(-1.5)", Fraction(-2)),
        ("ceil(-1.5)", Fraction(-1)),
        ("ceil(2)", Fraction(2)),
        ("abs(-3)", Fraction(3)),
        ("min(3, 1, 2)", Fraction(1)),
        ("median(3, 1, 2, 10)", Fraction(5, 2)),
        ("mean(1, 2)", Fraction(3, 2)),
        ("sum(1, 2, 3)", Fraction(6)),
    ],
)
def test_functions_are_exact(text, value):
    assert value_of(text) == value


def consortium():
    towns = [PlainScope({"kind": "town", "visits": n}) for n in (10, 20)]
    return PlainScope(below=[*towns, PlainScope({"kind": "county", "visits": 70})])


def test_members_are_filtered_and_added():
    scope = consortium()
    assert value_of("sum(members(kind == town).visits)", scope) == 30
    assert value_of("count(members(kind == town))", scope) == 2
    assert value_of("count(members)", scope) == 3
    assert value_of("mean(members.visits)", scope) == Fraction(100, 3)


def test_a_sum_over_nobody_is_zero_and_a_mean_is_not_applicable():
    scope = consortium()
    assert value_of("sum(members(kind == village).visits)", scope) == 0
    assert reason(value_of("mean(members(kind == village).visits)", scope)) == "not_applicable"


def test_a_member_that_did_not_report_makes_the_sum_missing_and_is_named():
    scope = PlainScope(below=[PlainScope({"visits": 1}), PlainScope(subject="泥河")])
    assert [key.subject for key in value_of("sum(members.visits)", scope).keys] == ["泥河"]


def test_statistics_of_peers_are_those_of_the_peers_that_have_a_value():
    scope = PlainScope(alike=[PlainScope({"value": 1}), PlainScope({"value": 3}), PlainScope()])
    assert value_of("median(peers.value)", scope) == 2
    assert reason(value_of("median(peers.value)", PlainScope(alike=[PlainScope()]))) == "missing"


def test_items_are_added_one_by_one():
    rows = [
        PlainScope({"procedures": 2, "item.points": 5}),
        PlainScope({"procedures": 1, "item.points": Fraction(1, 2)}),
    ]
    assert value_of("sum(procedures.quantity * item.points)", PlainScope(rows=rows)) == Fraction(21, 2)
    assert reason(value_of("sum(procedures.quantity * item.points)")) == "missing"


def test_other_periods_and_other_subjects():
    above = PlainScope({"visits": 9, "score:s": 80})
    earlier = {("v", "2024-06"): 1, ("v", "2025-05"): 2, ("v", "2024"): 3, ("v", "2024-05"): 4}
    scope = PlainScope({"v": 5, "t:甲": 7, "key": "甲", "balance:pool": 100, "score:s": 60}, earlier, above=above)
    assert value_of("v@last_year", scope) == 1
    assert value_of("v@previous", scope) == 2
    assert value_of("v@year(-1)", scope) == 3
    assert value_of("v@last_year@previous", scope) == 4
    assert value_of("parent.visits + owner.visits", scope) == 18
    assert value_of("parent.score(s) - score(s)", scope) == 20
    assert value_of("t(key) + balance(pool)", scope) == 107
    assert reason(value_of("parent.visits")) == "not_applicable"


def test_nodes_hold_what_was_computed():
    node = node_of("a / b", a=41, b=4000)
    assert (node.op, node.value) == ("/", Fraction(41, 4000))
    assert [one.label.zh for one in node.inputs] == ["a", "b"]


def test_other_absences_pass_through():
    assert value_of("a + 1", a=BLOCKED) is BLOCKED


def test_a_condition_on_members_that_nobody_can_decide_is_absent():
    scope = PlainScope(below=[PlainScope({"visits": 1})])
    assert reason(value_of("sum(members(beds > 1).visits)", scope)) == "missing"
    assert reason(value_of("count(members(beds > 1))", scope)) == "missing"
    assert value_of("count(members.beds)", scope) == 0


def test_scores_of_members():
    scope = PlainScope(below=[PlainScope({"score:s": 60}), PlainScope({"score:s": 90})])
    assert value_of("mean(members.score(s))", scope) == 75


def test_a_measure_given_without_items_is_not_priced_by_item():
    assert reason(value_of("sum(procedures.quantity * item.points)", procedures=3)) == "not_allowed"


def test_a_group_alone_is_no_value():
    assert reason(value_of("members.visits", PlainScope())) == "not_allowed"


def test_quotation_marks_make_text_and_truth_values_equal_only_themselves():
    assert value_of("category == '医生'", category="医生") is True
    assert value_of("category == “医生”", category="医生") is True
    assert reason(value_of("(1 < 2) == 1")) == "not_allowed"
    assert reason(value_of("x == 1")) == "missing"
    assert value_of("(1 < 2) == (2 < 3)") is True
    assert value_of("doctor == nurse", nurse="护士", doctor="医生") is False


def test_a_bare_word_beside_a_number_is_a_name_not_text():
    assert reason(value_of("1 == x")) == "missing"
    assert reason(value_of("a in (x, 2)", a=2)) == "missing"


def test_a_missing_attribute_beside_a_word_names_only_the_attribute():
    scope = PlainScope({"category": Absent("missing"), "b": 1})
    assert value_of("category == doctor", scope).keys == ()
    assert value_of("doctor == category", scope).keys == ()
