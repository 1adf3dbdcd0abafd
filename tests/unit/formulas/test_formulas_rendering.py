import json
from fractions import Fraction

import pytest
from plain_scope import PlainScope, node_of

from perf.formulas import Absent, Node, RuleRef, equation, node_json, node_text, steps, value_text
from perf.formulas.arithmetic import number, over, rounded, times
from perf.kernel.facts import FactSource
from perf.kernel.rounding import Rounding
from perf.kernel.text import Text


def test_the_numbers_stand_in_the_formula():
    node = node_of("下转人次 / 出院人次", 下转人次=41, 出院人次=4000)
    assert equation(node._replace(unit="percent")) == "下转人次 41 ÷ 出院人次 4000 = 1.025%"


def test_a_decimal_that_does_not_end_is_marked():
    assert equation(node_of("a / b", a=1, b=3)) == "a 1 ÷ b 3 ≈ 0.3333"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("(1 + 2) * 3", "(1 + 2) × 3 = 9"),
        ("1 + 2 * 3", "1 + 2 × 3 = 7"),
        ("1 - (2 - 3)", "1 − (2 − 3) = 2"),
        ("8 / (4 / 2)", "8 ÷ (4 ÷ 2) = 4"),
        ("2 * -3", "2 × (-3) = -6"),
        ("max(1, 2) + 85%", "取大(1, 2) + 85% = 2.85"),
        ("round(2 / 3, 2)", "2 ÷ 3 ≈ 0.6667 → 0.67(2 位小数,四舍五入)"),
        ("round(26588 / 3462, 2)", "26588 ÷ 3462 ≈ 7.67995 → 7.68(2 位小数,四舍五入)"),
        ("round(1 / 4, 2)", "1 ÷ 4 = 0.25"),
        ("if(1 < 2, 3 * 4, 0)", "1 < 2(成立):3 × 4 = 12"),
        ("not 1 == 2", "1 ≠ 2"),
        ("not 1 == 1", "1 = 1"),
        ("not 1 < 2", "非(1 < 2)(不成立)"),
        ("5 in (1, 2)", "5 不属于(1、2)"),
        ("if(5 not in (1, 2), 3 * 4, 0)", "5 不属于(1、2):3 × 4 = 12"),
        ("if(1 == 2, 0, 3 * 4)", "1 ≠ 2:3 × 4 = 12"),
        ("if(1 == 2 and 3 < 4, 0, 3 * 4)", "1 = 2 且 3 < 4(不成立):3 × 4 = 12"),
        ("-(1 + 2)", "−(1 + 2) = -3"),
        ("sum(1, 2)", "1 + 2 = 3"),
        ("round(3 / 2)", "3 ÷ 2 = 1.5 → 2(取整,四舍五入)"),
        ("1 + if(1 < 2, 3, 4)", "1 + 3 = 4"),
        ("1 < 2 and 2 >= 3", "1 < 2 且 2 ≥ 3(不成立)"),
    ],
)
def test_signs_brackets_and_functions(text, line):
    assert equation(node_of(text)) == line


def test_a_name_that_is_what_was_asked_for_is_said_once():
    known = {"办法": "医师费", "x": 8}
    assert equation(node_of("if(办法 == '医师费', x / 2, 0)", **known)) == "办法 = 医师费:x 8 ÷ 2 = 4"
    assert equation(node_of("if(办法 == '等次', 0, x / 2)", **known)) == "办法 医师费 ≠ 等次:x 8 ÷ 2 = 4"
    assert (
        equation(node_of("if(办法 in ('系列', '医师费'), x / 2, 0)", **known))
        == "办法 医师费 属于(系列、医师费):x 8 ÷ 2 = 4"
    )


def test_a_condition_that_cannot_be_decided_says_why():
    assert equation(node_of("if(a == 1, 2, 3)")) == "a 未报 = 1 = 未报"


def test_english_on_request():
    assert equation(node_of("round(2 / 3, 2)"), "en") == "2 ÷ 3 ≈ 0.6667 → 0.67 (rounded to 2 digits)"


def test_what_is_missing_is_said_where_it_is_missing():
    assert equation(node_of("a / b", b=3)) == "a 未报 ÷ b 3 = 未报"
    assert equation(node_of("a / b", a=3, b=0)) == "a 3 ÷ b 0 = 分母为 0"


def test_many_members_are_counted_not_listed():
    scope = PlainScope(below=[PlainScope({"v": n}) for n in range(20)])
    assert equation(node_of("sum(members.v)", scope)) == "v合计(20 项) = 190"
    scope.below = scope.below[:3]
    assert equation(node_of("sum(members.v)", scope)) == "v合计(0, 1, 2) = 3"


def test_an_assumed_value_says_so():
    gone = Node("fact", Absent("missing"), (), Text("投诉"))
    assert equation(Node("policy", Fraction(0), (gone,), Text("投诉"))) == "投诉 0(未报,按 0 计)"


def test_named_parts_become_steps_of_their_own():
    inner = Node("name", Fraction(30), (node_of("10 * 3"),), Text("预算"))
    whole = Node("-", Fraction(20), (inner, Node("number", Fraction(10))))
    assert steps(whole) == ("预算:10 × 3 = 30", "预算 30 − 10 = 20")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Fraction(41, 4000), "percent", "1.025%"),
        (Fraction(1, 3), "percent", "≈33.3333%"),
        (Fraction(3, 1000), "permille", "3‰"),
        (Fraction(123450, 100), "yuan", "1,234.50 元"),
        (Fraction(30000), "wan_yuan", "3 万元"),
        (Fraction(1, 3), "yuan", "≈0.33 元"),
        (Fraction(5, 2), "points", "2.5"),
        ("A", "level", "A"),
        (True, "", "成立"),
        (Absent("missing"), "yuan", "未报"),
    ],
)
def test_values_carry_the_sign_of_their_unit(value, unit, text):
    assert value_text(value, unit) == text


def test_the_json_form_is_the_contract():
    source = FactSource("6月.xlsx", "住院", "F17")
    leaf = Node("fact", Fraction(1, 3), (), Text("甲", "A"), source)
    node = Node(
        "indicator", Fraction(1, 3), (leaf,), Text("占比", "share"), rule=RuleRef("r", "2025-01", "办法", "第3条")
    )
    made = node_json(node)
    assert list(made) == ["op", "text", "value", "inputs", "source", "rule"]
    assert made["value"] == "1/3"
    assert made["source"] is None
    assert made["rule"] == {"code": "r", "version": "2025-01", "clause": "办法 第3条"}
    assert made["inputs"][0]["source"] == {"file": "6月.xlsx", "sheet": "住院", "cell": "F17"}
    json.dumps(made)
    assert node_text(node).zh.startswith("占比")
    assert node_json(Node("fact", Absent("missing")))["value"] is None


def test_a_choice_without_an_answer_and_a_table_row():
    assert equation(node_of("if(x > 1, 2, 3)")).startswith("x 未报 > 1")
    key = Node("attribute", "医生", (), Text("类别", "category"))
    row = Node("table", Fraction(800), (key,), Text("基数", "base"))
    assert equation(row) == "基数[类别 医生] = 800"
    assert equation(Node("*", Fraction(1600), (row, Node("number", Fraction(2))))) == "基数 800 × 2 = 1600"


def test_shares_of_money_are_money():
    fund = Node("name", Fraction(1000), (), Text("资金", "fund"), unit="yuan")
    share = Node("number", Fraction(1, 10), unit="percent")
    assert equation(Node("*", Fraction(100), (share, fund))) == "10% × 资金 1,000.00 元 = 100.00 元"
    assert equation(Node("*", Fraction(100), (fund, share)), "en") == "fund 1,000.00 yuan × 10% = 100.00 yuan"


def test_english_names_the_many():
    scope = PlainScope(below=[PlainScope({"v": n}) for n in range(20)])
    assert equation(node_of("sum(members.v)", scope), "en") == "sum of v (20 values) = 190"


def test_the_longest_chain_that_is_read_is_also_computed_and_told():
    node = node_of("+".join(["1"] * 150))
    assert node.value == 150
    assert equation(node).endswith("+ 1 = 150")
    assert node_json(node)["value"] == "150"


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("2 * round(2 / 3, 2)", "2 × 四舍五入(2 ÷ 3, 2 位小数) = 1.34", "2 × round(2 ÷ 3, 2 digits) = 1.34"),
        ("2 * round(2 / 3)", "2 × 四舍五入(2 ÷ 3, 取整) = 2", "2 × round(2 ÷ 3, 0 digits) = 2"),
        ("2 * round(1 / 4, 2)", "2 × 1 ÷ 4 = 0.5", "2 × 1 ÷ 4 = 0.5"),
    ],
)
def test_a_rounding_inside_a_line_is_told_where_it_changed_the_figure(text, zh, en):
    assert (equation(node_of(text)), equation(node_of(text), "en")) == (zh, en)


def test_another_way_of_rounding_inside_a_line_is_named():
    cut = rounded(over(number(Fraction(2)), number(Fraction(3))), 2, Rounding.DOWN)
    whole = times(number(Fraction(2)), cut)
    assert equation(whole) == "2 × 舍去(2 ÷ 3, 2 位小数) = 1.32"
    assert equation(whole, "en") == "2 × round(2 ÷ 3, 2 digits, down) = 1.32"


def test_a_rounded_fact_stands_under_its_name():
    assert equation(node_of("round(a, 1)", a=Fraction("1.25"))) == "a 1.25 → 1.3(1 位小数,四舍五入)"


def test_a_leaf_has_no_steps_and_what_is_used_twice_is_one_step():
    assert steps(Node("fact", Fraction(5), (), Text("甲"))) == ()
    budget = Node("name", Fraction(30), (node_of("10 * 3"),), Text("预算"))
    assert steps(Node("+", Fraction(60), (budget, budget))) == ("预算:10 × 3 = 30", "预算 30 + 预算 30 = 60")


def test_steps_end_somewhere_however_long_the_computation():
    parts = [Node("name", Fraction(n), (node_of(f"{n} + 0"),), Text(f"第{n}项")) for n in range(100)]
    assert len(steps(Node("+", Fraction(4950), tuple(parts)))) == 61
