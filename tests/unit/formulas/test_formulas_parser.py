import pickle
from fractions import Fraction

import pytest
from plain_scope import formula, value_of
from tests.effort import calls_of

from perf.formulas import Reference, constant, parse_formula, references
from perf.kernel.issues import Place

HERE = Place("规则.yaml", line=7, column=10)


def only_issue(text: str):
    parsed = parse_formula(text, HERE)
    assert parsed.formula is None
    assert len(parsed.issues) == 1
    return parsed.issues[0]


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("", "formula-syntax", 10),
        ("1 +", "formula-syntax", 13),
        ("(1 + 2", "formula-syntax", 16),
        ("1 2", "formula-syntax", 12),
        ("a = b", "formula-character", 12),
        ("a ^ 2", "formula-character", 12),
        ("a ** 2", "formula-syntax", 13),
        ("a // 2", "formula-syntax", 13),
        ("a@year(5)", "formula-syntax", 17),
        ("a@year(-101)", "formula-syntax", 18),
        ("出院人次 @ 去年", "formula-syntax", 17),
        ("（a＋b）@last_year", "formula-syntax", 15),
        ("1e5", "formula-syntax", 10),
        ("80夜班", "formula-syntax", 10),
        ("a % 3", "formula-syntax", 12),
        ("1 < x < 3", "formula-syntax", 16),
        ("1,000 + a", "formula-syntax", 11),
        ("if(a > 1, 2)", "formula-arguments", 10),
        ("2 * sqrt(4, 2)", "formula-arguments", 14),
        ("mean(top(a, members.x))", "formula-arguments", 19),
        ("mean(top(0, members.x))", "formula-arguments", 19),
        ("mean(top(3))", "formula-arguments", 15),
        ("p90()", "formula-arguments", 10),
        ("__import__('os').system('x')", "formula-syntax", 26),
        ("lambda: 1", "formula-character", 16),
        ("a.b", "formula-syntax", 10),
        ("round(a, b)", "formula-arguments", 19),
        ("x in doctor", "formula-syntax", 15),
        ("parent.", "formula-syntax", 17),
        ("'甲", "formula-character", 10),
        ("9" * 41, "formula-number-too-long", 10),
        ("sum(a)@last_year", "formula-shift", 16),
        ("max(1 2)", "formula-syntax", 16),
        ("max(1, 2", "formula-syntax", 18),
        ("by_category(a, b)", "formula-arguments", 10),
        ("balance(a, b)", "formula-arguments", 17),
        ("a@year(x)", "formula-syntax", 17),
        ("a@year(-1.5)", "formula-syntax", 18),
    ],
)
def test_each_fault_is_told_with_its_code_and_column(text, code, column):
    issue = only_issue(text)
    assert (issue.code, issue.place.line, issue.place.column) == (code, 7, column)
    assert issue.found.zh
    assert issue.expected.zh


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a ** 2", "乘方写 power(a, 2)"),
        ("a ^ 2", "乘方写 power(a, 2)"),
        ("a // 2", "整除写 floor(a / b)"),
        ("a * / 2", "检查这里是否少写了数字、名称或括号"),
        ("a@year(1)", "以前的年份写负数:前一年 @year(-1)"),
    ],
)
def test_signs_of_other_languages_are_answered_with_ours(text, hint):
    assert only_issue(text).hint.zh == hint


def test_every_unreadable_character_is_told_at_once():
    issues = parse_formula("a ^ b ; c", HERE).issues
    assert [issue.place.column for issue in issues] == [12, 16]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1999,
        "-" * 1999,
        "1+" * 999 + "1",
        "not " * 400 + "x",
        "a" * 2001,
        "if(" * 600,
        "9" * 2000,
        "a@last_year" * 150,
    ],
)
def test_hostile_formulas_are_refused_at_once(text):
    assert parse_formula(text, HERE).formula is None
    assert calls_of(lambda: parse_formula(text, HERE)) < 20_000


def test_full_width_punctuation_and_digits_mean_the_same():
    assert formula("（出院人次＋１）×２").tree == formula("(出院人次+1)*2").tree
    assert formula("a ≥ 8５%").tree == formula("a >= 85%").tree


def test_multiplication_binds_tighter_than_addition_and_comparison_than_and():
    assert value_of("1 + 2 * 3 - 4 / 2") == 5
    assert value_of("2 - 3 - 4") == -5
    assert value_of("-2 * -3") == 6
    assert value_of("8 / 4 / 2") == 1
    assert value_of("1 < 2 and 3 < 4 or 1 == 2") is True
    assert value_of("not 1 == 2 and 1 < 2") is True


def test_a_line_break_moves_the_line_and_restarts_the_column():
    issue = only_issue("a +\n b ^ 2")
    assert (issue.place.line, issue.place.column) == (8, 4)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("85%", Fraction(17, 20)),
        ("-3", Fraction(-3)),
        ("1 / 3", Fraction(1, 3)),
        ("1 / 0", None),
        ("a", None),
        ("1 < 2", None),
    ],
)
def test_a_constant_needs_no_subject(text, value):
    assert constant(formula(text)) == value


def test_references_name_everything_whichever_branch_is_taken():
    found = references(
        formula(
            "if(a > 1, parent.b, score(s1, s2)@previous) + sum(members(kind == x).c@last_year) + t(k) + balance(pool)"
        )
    )
    assert found == {
        Reference("name", "a"),
        Reference("parent", "b"),
        Reference("score", "s1", "previous"),
        Reference("score", "s2", "previous"),
        Reference("member", "kind"),
        Reference("member", "x"),
        Reference("member", "c", "last_year"),
        Reference("table", "t"),
        Reference("name", "k"),
        Reference("balance", "pool"),
    }


def test_a_formula_is_pickled_and_hashed_without_what_it_compiles_to():
    one = formula("a / b + 1")
    value_of("1")
    again = pickle.loads(pickle.dumps(one))  # noqa: S301  # our own bytes
    assert again == one
    assert hash(again) == hash(one)


def test_a_run_of_one_unreadable_character_is_told_once():
    issues = parse_formula("a $$$ b", HERE).issues
    assert [(issue.code, issue.place.column) for issue in issues] == [("formula-character", 12)]


def test_a_look_alike_behind_plain_letters_is_found_and_other_alphabets_are_names():
    issue = only_issue("v\u0430lue + 1")  # a Cyrillic а
    assert issue.code == "formula-lookalike"
    assert "第 2 个字符" in issue.found.zh
    assert "value" in issue.hint.zh
    assert value_of("año + 1", año=2) == 3
