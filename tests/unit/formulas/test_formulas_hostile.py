"""Hostile formulas: refused well under a second, with place, found, expected and hint, never a stack trace."""

import pytest
from tests.effort import calls_of

from perf.formulas import Known, Names, check_formula, parse_formula
from perf.kernel.issues import Place

NAMES = Names({"a": Known("number")}, schemes=(), accounts=(), tables=(), items=())
PLACE = Place("rules.yaml", line=7, column=8)


def issues_of(text):
    parsed = parse_formula(text, PLACE)
    if parsed.formula is None:
        return parsed.issues
    return check_formula(parsed.formula, NAMES, expects="number", unit=None)


HOSTILE = {
    "an import": ("__import__('os').system('x')", "formula-syntax"),
    "a dunder": ("a.__class__", "formula-syntax"),
    "a chain of attributes": ("a.b.c.d", "formula-syntax"),
    "a subclass walk": ("().__class__.__mro__[1]", "formula-character"),
    "a call of a dunder": ("__import__(a)", "formula-unknown-name"),
    "eval": ("eval('1')", "formula-unknown-name"),
    "a lambda": ("(lambda: 1)()", "formula-character"),
    "a tower of powers": ("power(9, power(9, 9))", "formula-no-value"),
    "a power sign": ("9 ** 9 ** 9", "formula-syntax"),
    "a huge exponent": ("exp(1000000)", "formula-no-value"),
    "200,000 terms": ("+".join(["a"] * 200_000), "formula-too-long"),
    "900 terms": ("+".join(["a"] * 900), "formula-too-long"),
    "300 terms": ("+".join(["a"] * 300), "formula-too-deep"),
    "nesting 10,000 deep": ("(" * 10_000 + "a" + ")" * 10_000, "formula-too-long"),
    "nesting 900 deep": ("(" * 900 + "a" + ")" * 900, "formula-too-long"),
    "nesting 200 deep": ("(" * 200 + "a" + ")" * 200, "formula-too-deep"),
    "900 signs": ("-" * 900 + "a", "formula-too-long"),
    "200 signs": ("-" * 200 + "a", "formula-too-deep"),
    "10,000 digits": ("1" * 10_000, "formula-too-long"),
    "1,900 digits": ("1" * 1_900, "formula-number-too-long"),
    "nan": ("nan", "formula-unknown-name"),
    "inf": ("a + inf", "formula-unknown-name"),
    "an exponent": ("1e999", "formula-syntax"),
    "hexadecimal": ("0x10", "formula-syntax"),
    "a full-width function": ("ｓｕｍ(a)", "formula-lookalike"),
    "mathematical bold letters": ("𝐬𝐮𝐦(a)", "formula-lookalike"),
    "a Cyrillic letter": ("а + 1", "formula-lookalike"),
    "a Greek letter": ("α + 1", "formula-lookalike"),
    "a superscript": ("a + ²", "formula-character"),
    "a full-width square bracket": ("［a］", "formula-character"),
    "a zero-width space": ("a\u200b + 1", "formula-character"),
    "a zero-width joiner": ("su\u200dm(a)", "formula-character"),
    "a byte order mark": ("\ufeffa", "formula-character"),
    "a right-to-left override": ("a \u202e+ 1", "formula-character"),
    "a lone surrogate": ("a + \ud800", "formula-character"),
    "a null": ("a\x00", "formula-character"),
    "a newline of pages": ("a\u2028+ b.", "formula-syntax"),
}


@pytest.mark.parametrize(("text", "code"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_formula_is_refused_at_once_with_its_place(text, code):
    assert calls_of(lambda: issues_of(text)) < 20_000
    found = issues_of(text)
    assert code in {issue.code for issue in found}
    for issue in found:
        assert issue.place.file == "rules.yaml"
        assert issue.place.line >= 7
        assert issue.place.column >= 1
        for lang in ("zh", "en"):
            assert issue.found.in_lang(lang)
            assert issue.expected.in_lang(lang)
            assert issue.hint.in_lang(lang)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("ｓｕｍ(a)", "改成 sum"),
        ("𝐬𝐮𝐦(a)", "改成 sum"),
        ("а + 1", "改成 a"),
        ("a + ²", "半角的 2"),
        ("［a］", "圆括号"),
        ("【a】", "圆括号"),
        ("a\u200b", "看不见的字符"),
        ("\u202ea", "看不见的字符"),
        ("1e999", "不用科学记数法"),
    ],
)
def test_the_hint_says_what_to_write_instead(text, hint):
    assert any(hint in issue.hint.zh for issue in issues_of(text))


@pytest.mark.parametrize("text", ["（a＋１）＊２", "max（a，１）", "a　＋　１"])
def test_full_width_signs_digits_and_brackets_count_as_their_half_width_forms(text):
    assert issues_of(text) == ()


def test_a_greek_letter_inside_a_chinese_name_is_part_of_the_name():
    assert [issue.code for issue in issues_of("β受体阻滞剂人次")] == ["formula-unknown-name"]


def test_of_one_formula_the_first_ten_odd_signs_are_told():
    assert [issue.place.column for issue in issues_of("$#" * 900)] == list(range(8, 18))


def test_an_unknown_name_is_told_once_in_a_formula_and_of_very_many_the_first_ten():
    assert [issue.place.column for issue in issues_of("zz + a + zz + yy")] == [8, 22]
    assert len(issues_of(" + ".join(f"z{number}" for number in range(100)))) == 10


@pytest.mark.parametrize(("terms", "is_read"), [(149, True), (150, True), (151, False)])
def test_a_chain_of_operators_is_read_up_to_its_limit(terms, is_read):
    assert (issues_of("+".join(["a"] * terms)) == ()) is is_read
