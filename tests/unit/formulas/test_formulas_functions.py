"""Functions of the language: what they give, what they refuse, and how they can be redone by hand."""

from fractions import Fraction

import pytest
from plain_scope import PlainScope, formula, node_of, value_of

from perf.formulas import Absent, Known, Names, Node, check_formula, equation, node_json, steps
from perf.formulas.arithmetic import RuleFailed, figure, number, plus

NAMES = Names(
    {
        "yuan": Known("number", "yuan"),
        "rate": Known("number", "percent"),
        "people": Known("number", "persons"),
        "free": Known("number"),
        "rating": Known("text"),
        "value": Known("number", "percent"),
    },
    tables=(),
)
TWELVE = [PlainScope({"value": n, "x": n}) for n in range(10, 130, 10)]
STAFF = [PlainScope({"x": n, "kind": k}) for n, k in ((95, "a"), (93, "b"), (90, "a"), (10, "a"), (7, "b"))]
GROUPS = PlainScope(below=STAFF, alike=TWELVE)


def codes(text, expects="number", unit=None):
    return [issue.code for issue in check_formula(formula(text), NAMES, expects=expects, unit=unit)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sqrt(0)", "0"),
        ("sqrt(2.25)", "1.5"),
        ("power(2, 10)", "1024"),
        ("power(8, 2 / 3)", "4"),
        ("power(4, -0.5)", "0.5"),
        ("power(-2, 3)", "-8"),
        ("ln(1)", "0"),
        ("exp(0)", "1"),
        ("geomean(2, 8)", "4"),
        ("geomean(7)", "7"),
        ("best(1, 3, 2)", "3"),
        ("worst(1, 3, 2)", "1"),
        ("p10(5)", "5"),
        ("p50(1, 2, 4)", "2"),
        ("p90(1, 2, 3)", "2.8"),
        ("p1(0, 100)", "1"),
        ("p99(0, 100)", "99"),
        ("mean(top(2, 5, 7, 1))", "6"),
        ("sum(top(9, 5, 7, 1))", "13"),
        ("p10(peers.value)", "21"),
        ("p90(peers.value)", "109"),
        ("median(top(3, members.x))", "93"),
        ("mean(top(2, members(kind == a).x))", "92.5"),
        ("worst(members(kind == b).x)", "7"),
        ("geomean(members(x < 11 and kind == a).x)", "10"),
        ("p25(members.x)", "10"),
        ("max(top(3, members(x > 1000).x), 1)", None),
    ],
)
def test_what_a_function_gives(text, expected):
    if expected is None:
        assert codes_of_groups(text) == ["formula-type"]
    else:
        assert value_of(text, GROUPS) == Fraction(expected)


def codes_of_groups(text):
    names = Names({"x": Known("number"), "kind": Known("attribute")})
    return [issue.code for issue in check_formula(formula(text), names, expects="number", unit=None)]


def test_best_and_worst_follow_the_direction_of_the_indicator_in_work():
    lower = PlainScope(below=STAFF, alike=TWELVE, lower=True)
    assert value_of("best(members.x)", lower) == 7
    assert value_of("worst(peers.value)", lower) == 120
    assert value_of("best(3, 1)", lower) == 1


@pytest.mark.parametrize(
    "text", ["sqrt(0 - 1)", "ln(0)", "ln(a)", "power(0, 0)", "exp(a * 1000000)", "power(a, 1 / 3)"]
)
def test_what_has_no_result_is_absent_and_says_why(text):
    found = value_of(text, a=-8)
    assert isinstance(found, Absent)
    assert found.reason == "not_allowed"
    assert found.note.zh
    assert found.note.in_lang("en") != found.note.zh


def test_nobody_has_no_percentile_and_the_absent_peer_is_passed_over():
    assert value_of("p90(members.x)", PlainScope()).reason == "not_applicable"
    peers = [*TWELVE, PlainScope({"value": Absent("missing")})]
    assert value_of("p10(peers.value)", PlainScope(alike=peers)) == 21
    assert value_of("p10(members.value)", PlainScope(below=peers)).reason == "missing"
    assert value_of("mean(top(3, members.value))", PlainScope(below=peers)).reason == "missing"


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("sqrt(9)", "平方根(9) = 3", "square root(9) = 3"),
        ("sqrt(2)", "平方根(2)(取 50 位有效数字) ≈ 1.4142", "square root(2) (to 50 significant digits) ≈ 1.4142"),
        (
            "1 + 3 * sqrt(2)",
            "1 + 3 × (平方根(2)(取 50 位有效数字) ≈ 1.4142) ≈ 5.2426",
            "1 + 3 × (square root(2) (to 50 significant digits) ≈ 1.4142) ≈ 5.2426",
        ),
        ("geomean(2, 8)", "几何平均(2, 8) = 4", "geometric mean(2, 8) = 4"),
        (
            "p10(peers.value)",
            "value第10百分位(12 个从小到大,位置 (12 − 1) × 10% + 1 = 2.1:第 2 个 20 + 0.1 × (第 3 个 30 − 20)) = 21",
            (
                "10th percentile of value (12 in order, place (12 − 1) × 10% + 1 = 2.1: "
                "number 2 is 20 + 0.1 × (number 3, 30 − 20)) = 21"
            ),
        ),
        (
            "p25(members.x)",
            "x第25百分位(5 个从小到大,位置 (5 − 1) × 25% + 1 = 2:第 2 个 10) = 10",
            "25th percentile of x (5 in order, place (5 − 1) × 25% + 1 = 2: number 2 is 10) = 10",
        ),
        (
            "p2(1, 51)",
            None,
            "2nd percentile (2 in order, place (2 − 1) × 2% + 1 = 1.02: number 1 is 1 + 0.02 × (number 2, 51 − 1)) = 2",
        ),
        (
            "mean(top(2, members.x))",
            "x平均(最大的 2 个:95, 93) = 94",
            "mean of x (the 2 largest: 95, 93) = 94",
        ),
        ("best(members.x)", "x取优(95, 93, 90, 10, 7) = 95", "best of x(95, 93, 90, 10, 7) = 95"),
    ],
)
def test_a_line_can_be_redone_by_hand(text, zh, en):
    node = node_of(text, GROUPS)
    assert equation(node, "en") == en
    if zh is not None:
        assert equation(node) == zh
        assert steps(node)[-1] == zh
    assert node_json(node)["value"] is not None


@pytest.mark.parametrize(
    "text",
    [
        "sqrt(yuan) + free",
        "sqrt(rate) / rate",
        "ln(yuan / yuan@last_year) + rate",
        "exp(free)",
        "power(yuan, 2) / yuan",
        "power(1 + rate, 12) - 1",
        "geomean(rate, rate@last_year) - rate",
        "p90(yuan, yuan@previous) - yuan",
        "best(rate, 85%)",
        "mean(top(2, yuan, yuan@previous)) - yuan",
    ],
)
def test_units_that_fit(text):
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "code", "character"),
    [
        ("1 + ln(yuan)", "formula-dimension", 8),
        ("exp(people)", "formula-dimension", 5),
        ("power(2, people)", "formula-dimension", 10),
        ("ln(rating)", "formula-type", 4),
        ("geomean(yuan, people)", "formula-dimension", 15),
        ("p90(yuan, people)", "formula-dimension", 11),
        ("best(rate, 85)", "formula-bare-number", 12),
        ("sqrt(yuan) + top(2, yuan, yuan)", "formula-type", 14),
        ("top(2, yuan, yuan)", "formula-type", 1),
        ("mean(top(2, yuan, people))", "formula-dimension", 19),
        ("power(9, power(9, 9))", "formula-no-value", 1),
        ("free * power(10, 1000000000)", "formula-no-value", 8),
        ("exp(1000000)", "formula-no-value", 1),
        ("ln(1 - 1)", "formula-no-value", 1),
        ("sqrt(ln(0))", "formula-no-value", 6),
        ("free / 0", "formula-no-value", 8),
        ("sqroot(free)", "formula-unknown-name", 1),
    ],
)
def test_what_does_not_fit_is_said_at_its_character(text, code, character):
    found = check_formula(formula(text), NAMES, expects="number", unit=None)
    assert [issue.code for issue in found] == [code]
    assert f"第 {character} 个字符" in found[0].found.zh
    assert found[0].place.column == character


def test_a_value_that_grows_without_bound_is_given_up_and_says_so():
    node = node_of("a * a", a=Fraction(10**40 + 1, 10**39 + 3))
    for _ in range(20):
        value = node.value
        if isinstance(value, Absent):
            break
        node = node_of("a * a", a=value)
    assert isinstance(node.value, Absent)
    assert "位数字" in node.value.note.zh
    assert equation(node)
    assert value_of("a / b", a=Fraction(1, 7**4000), b=Fraction(11**4000)).reason == "not_allowed"
    assert value_of("a + b", a=Fraction(1, 7**4000), b=Fraction(1, 11**3000)).reason == "not_allowed"


def test_a_long_number_can_still_be_shown():
    node = node_of("a / b", a=1, b=Fraction(2) ** 9000)
    assert equation(node).endswith("≈ 0.0000")
    assert node_json(node)["value"].startswith("1/")


@pytest.mark.parametrize(("text", "expected"), [("count(top(3, members.x))", 3), ("count(top(9, members.x))", 5)])
def test_the_largest_are_counted_as_far_as_there_are_any(text, expected):
    assert value_of(text, GROUPS) == expected


def test_a_geometric_mean_over_members_with_a_negative_one_says_why_there_is_none():
    below = PlainScope(below=[PlainScope({"x": n}) for n in (2, -8)])
    found = value_of("geomean(members.x)", below)
    assert isinstance(found, Absent)
    assert (found.reason, found.note.zh) == ("not_allowed", "负数不能求几何平均")


def test_the_largest_by_themselves_are_no_figure():
    found = value_of("top(2, 1, 5, 3)")
    assert isinstance(found, Absent)
    assert found.reason == "not_allowed"
    assert codes("top(2, people, people)") != []


@pytest.mark.parametrize(
    "made", [lambda: plus(number(Fraction(1)), Node("text", "甲")), lambda: figure(Node("=", True))]
)
def test_arithmetic_with_what_is_no_number_fails_the_rule_and_says_so(made):
    with pytest.raises(RuleFailed, match="此处需要数字"):
        made()


def test_a_percentile_of_one_member_is_that_member():
    one = PlainScope(below=[PlainScope({"x": 7})])
    assert equation(node_of("p90(members.x)", one)) == "第90百分位(x 7) = 7"


def test_a_sum_of_peers_waits_for_all_of_them_while_a_mean_is_of_those_that_reported():
    peers = PlainScope(alike=[PlainScope({"x": 4}), PlainScope({}), PlainScope({"x": 8})])
    gone = value_of("sum(peers.x)", peers)
    assert isinstance(gone, Absent)
    assert gone.reason == "missing"
    assert value_of("mean(peers.x)", peers) == 6


@pytest.mark.parametrize("text", ["count(top(2, members(x > 1000).x))", "sum(top(2, members(x > 1000).x))"])
def test_of_nobody_the_largest_are_none_and_add_up_to_nothing(text):
    assert value_of(text, GROUPS) == 0
