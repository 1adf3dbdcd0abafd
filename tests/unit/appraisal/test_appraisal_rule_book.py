"""The rule book: every curve, step and formula has words; what is chosen is whole; doubts are marked."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.appraisal.rule_book_small import JUNE, RULES, small
from tests.unit.appraisal.rule_book_text import rule_book_text

from perf.appraisal.curve_words import CurveWords
from perf.appraisal.formula_words import FormulaWords
from perf.appraisal.rule_book import choose_rules, rule_book_view
from perf.formulas import parse_formula
from perf.kernel.issues import NOWHERE
from perf.kernel.periods import Period
from perf.services.rules import check_rules
from perf.specs.book import load_book
from perf.specs.models import (
    Attainment,
    Award,
    BestOf,
    CurvePart,
    Deduct,
    Efficacy,
    Entered,
    GradedEfficacy,
    Linear,
    Percentile,
    Power,
    Range,
    Rank,
    RatingCurve,
    Standardise,
    Steps,
)


def formula(text):
    found, issues = parse_formula(text, NOWHERE)
    assert not issues
    return found


def in_words(text, lang="zh"):
    return FormulaWords(small()[0], lang).say(formula(text))


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("down / (out - down)", "下转人次 ÷ (出院人次 − 下转人次)", "Referred down ÷ (Discharges − Referred down)"),
        ("down - (out - 1)", "下转人次 − (出院人次 − 1)", "Referred down − (Discharges − 1)"),
        ("-down * 2", "(−下转人次) × 2", "(−Referred down) × 2"),
        ("p90(peers.value)", "第90百分位(同组各单位的本指标值)", "90th percentile(peers: the value)"),
        (
            "sqrt(down) + ln(out)",
            "平方根(下转人次) + 自然对数(出院人次)",
            "square root(Referred down) + ln(Discharges)",
        ),
        ("power(down + 1, 2) * 3", "(下转人次 + 1) ^ 2 × 3", "(Referred down + 1) ^ 2 × 3"),
        (
            "mean(top(3, peers.value))",
            "平均(同组各单位的本指标值中最大的 3 个)",
            "mean(the 3 largest of peers: the value)",
        ),
        ("down@last_year", "下转人次（上年同期）", "Referred down (same period last year)"),
        ("down@year(-2)", "下转人次（2 年前全年）", "Referred down (the year 2 before)"),
        (
            "sum(members(tier == town).out)",
            "合计(各成员（级别 = 乡级）的出院人次)",
            "sum(members (Tier = Town): Discharges)",
        ),
        ("median(peers.value)", "中位数(同组各单位的本指标值)", "median(peers: the value)"),
        ("if(out > 0, down / out, 0)", "若 出院人次 > 0，则 下转人次 ÷ 出院人次，否则 0", None),
        ("parent.score(house_monthly)", "所属单位的机构考核得分", "unit above: score of Houses"),
        ("balance(saved)", "结存的余额", "balance of Saved"),
        ("not (tier in (county, town))", "非（级别 属于 (县级、乡级)）", "not (Tier in (County, Town))"),
        ("tier != 甲", "级别 ≠ 甲", "Tier ≠ 甲"),
    ],
)
def test_a_formula_is_said_with_titles_and_with_no_bracket_too_few(text, zh, en):
    assert in_words(text) == zh
    assert en is None or in_words(text, "en") == en


ONE, TWO = formula("1"), formula("2")
CURVES = [
    Linear(((ONE, Fraction(0)), (TWO, Fraction(100))), "extend"),
    Steps(((ONE, Fraction(60)), (TWO, Fraction(100))), "excluded", Fraction(5)),
    Range((ONE, TWO), (None, formula("3"))),
    Range((None, TWO), (None, None)),
    Attainment(TWO, Fraction(1, 2), Fraction(6, 5), "complement"),
    Deduct(Fraction(2), Fraction(1), "started"),
    Award(Fraction(1, 2), Fraction(1), Fraction(3), "completed"),
    RatingCurve({"好": Fraction(100), "差": Fraction(0)}),
    Entered(Fraction(50)),
    Percentile("percent_rank", Fraction(100)),
    Percentile("at_or_below"),
    Percentile("midpoint"),
    Rank("step", Fraction(100), Fraction(5), Fraction(60), (), "dense"),
    Rank("share", ties="mean"),
    Rank("places", places=((1, Fraction(100)), (4, Fraction(80)))),
    Standardise("min_max", Fraction(50), Fraction(100), all_equal=Fraction(100)),
    Standardise("z_score", deviation="sample"),
    Standardise("ratio_to_best"),
    Power(ONE, Fraction(-2), Fraction(3, 2), digits=2),
    Efficacy(TWO, ONE, outside="clip"),
    GradedEfficacy({"large": (TWO, ONE), "small": (ONE, ONE)}, "size_class"),
    BestOf((CurvePart(Entered(Fraction(10))), CurvePart(Entered(Fraction(20)), formula("out - down"), "number"))),
]


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: type(curve).__name__)
@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_every_curve_has_words_in_both_languages(curve, direction):
    for lang in ("zh", "en"):
        said = CurveWords(FormulaWords(small()[0], lang), lang, "number", direction).say(curve)
        assert said
        assert all(sentence.strip() and "None" not in sentence for sentence in said)


def test_the_two_directions_of_attainment_are_told_apart():
    words = FormulaWords(small()[0])
    curve = Attainment(TWO, None, Fraction(1), "ratio")
    assert "目标 2 ÷ 实际" in CurveWords(words, "zh", "number", "lower").say(curve)[0]
    assert "实际 ÷ 目标 2" in CurveWords(words, "zh", "number", "higher").say(curve)[0]


def test_a_scheme_brings_its_indicators_and_their_measures_and_nothing_else():
    book, _ = small()
    chosen = choose_rules(book, {"house_monthly"})
    assert [rule.code for rule in chosen.dated] == ["house_monthly", "down_share"]
    assert [measure.code for measure in chosen.measures] == ["down", "out"]


def test_rules_of_a_month_before_they_hold_say_so():
    book, cases = small()
    text = rule_book_text(rule_book_view(book, cases, period=Period(2023, "month", 6), digest="d", lang="zh"))
    assert "2023年6月没有有效版本。" in text
    assert "下转占比  Share referred down | down_share | 2024-01-01 起有效" in text


def test_a_rule_that_is_switched_off_by_hand_says_so():
    book, issues = load_book({"rules.yaml": RULES.replace("confidence: D", "confidence: A\nenabled: no")})
    assert not issues
    text = rule_book_text(rule_book_view(book, {}, period=JUNE, digest="d", lang="zh"))
    assert "待定指标  Undecided | maybe | 规则中写明停用（enabled: no）" in text


LIBRARY = check_rules(None)
CODES = [*LIBRARY.book.schemes, *LIBRARY.book.indicators, *LIBRARY.book.distributions]


def test_every_code_of_the_library_is_in_its_book():
    text = rule_book_text(rule_book_view(LIBRARY.book, LIBRARY.cases, period=JUNE, digest="d"))
    for code in (*CODES, *LIBRARY.book.measures, *LIBRARY.book.accounts, *LIBRARY.book.lists):
        assert code in text


@settings(max_examples=40, deadline=None)  # the library is large
@given(st.sets(st.sampled_from(CODES), min_size=1, max_size=4), st.sampled_from(["zh", "en"]))
def test_every_chosen_code_has_its_section_and_every_section_its_entry(codes, lang):
    view = rule_book_view(LIBRARY.book, LIBRARY.cases, period=JUNE, digest="d", lang=lang, codes=codes)
    found = {section.code for chapter in view.chapters for section in chapter.sections}
    assert codes <= found
    anchors = [anchor for _, _, _, anchor in view.headings()]
    assert len(anchors) == len(set(anchors))


def test_what_a_county_changed_stands_in_its_book_with_what_was_there_before_and_what_is_now():
    layer = """\
layer: lujiang
title: 庐江调整
from: 2025-06
source: {document: 庐江办法, clause: 第二条}
over: library
set: {down_share.points.through: [[0.50%, 0], [1.00%, 100]], down_share.points.outside: clip}
"""
    book, issues = load_book({"library/rules.yaml": RULES, "z.yaml": layer})
    assert [issue.render() for issue in issues] == []
    text = rule_book_text(rule_book_view(book, {}, period=JUNE, digest="d"))
    assert "本县对规则的调整" in text
    assert (
        "lujiang | 下转占比 | down_share.points.through | [[0.40%, 0], [0.85%, 60], [1.20%, 100]] → [[0.50%, 0], [1.00%, 100]] | "
        in text
    )
    assert "lujiang | 下转占比 | down_share.points.outside | 原来没有写 → clip | " in text


def test_a_version_that_is_switched_off_is_marked_everywhere_and_says_from_when():
    book, cases = small()
    rule = book.indicators["down_share"]
    versions = tuple(replace(one, enabled=False if one.dated.in_force(JUNE) else None) for one in rule.versions)
    off = replace(book, indicators={**book.indicators, "down_share": replace(rule, versions=versions)})
    text = rule_book_text(rule_book_view(off, cases, period=JUNE, digest="0f" * 32))
    assert "2025-04 起的版本停用（enabled: no）" in text
    assert text.count("（未启用）") == 1  # in the weights of the scheme
    before = rule_book_text(rule_book_view(off, cases, period=Period(2025, "month", 1), digest="0f" * 32))
    assert "的版本停用" not in before


def test_schemes_and_distributions_that_are_only_ready_are_marked_and_listed():
    book, cases = small()
    schemes = {code: replace(one, enabled=False) for code, one in book.schemes.items()}
    rules = {code: replace(one, enabled=False) for code, one in book.distributions.items()}
    view = rule_book_view(replace(book, schemes=schemes, distributions=rules), cases, period=JUNE, digest="0f" * 32)
    marks = {section.code: section.mark for chapter in view.chapters for section in chapter.sections}
    assert {marks[code] for code in (*schemes, *rules)} == {"未启用"}
    listed = rule_book_text(view).partition("未启用的规则\n[]")[2]
    assert all(code in listed for code in (*schemes, *rules))


def test_only_rules_of_several_versions_have_a_history():
    book, cases = small()
    view = rule_book_view(book, cases, period=JUNE, digest="0f" * 32)
    text = rule_book_text(view).partition("版本沿革\n")[2]
    assert "其余 3 条规则只有一个版本" in text


def test_a_named_curve_of_a_distribution_is_told_and_its_steps_call_it_by_title():
    rules = """\
distribution: night_pay
title: 夜班费
period: month
per: institution
payer: 县财政局
fund: 30000
source: {document: 县医共体〔2025〕9号, clause: 第六条}
curves:
  rate: {title: {zh: 夜班标准, en: Night rate}, of: number, gives: yuan, curve: steps, at: [[0, 80], [5, 100]]}
steps:
  - pay: {line: 夜班, amount: "min(rate(fte) * 2, 12000 - paid(夜班)@year_to_date)"}
"""
    book, issues = load_book({"rules.yaml": rules})
    assert [issue.render() for issue in issues] == []
    text = rule_book_text(rule_book_view(book, {}, period=JUNE, digest="d"))
    assert "夜班标准 rate：" in text
    assert "每人按 取小(夜班标准（按折算人数） × 2, 12000 − 已发夜班（本年累计）) 计" in text
