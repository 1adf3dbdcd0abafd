"""Cases that are run, tables that are signed, rules in words."""

from fractions import Fraction

import pytest
from tests.unit.appraisal.appraisal_county import MEASURES, RULES, county_book

from perf.appraisal.cases import run_cases
from perf.appraisal.formula_words import FormulaWords
from perf.appraisal.rule_tables import breakpoint_rows
from perf.appraisal.rule_text import rule_lines
from perf.specs.book import load_book
from perf.specs.cases import load_cases


def run(cases: str) -> list[tuple[str, list[str]]]:
    texts = {"measures.yaml": MEASURES, "rules.yaml": RULES, "rules.cases.yaml": cases}
    book, _ = load_book(texts)
    found, wrong = load_cases(texts, book)
    assert [issue.render() for issue in wrong if issue.is_error] == []
    return [(result.rule, [text.zh for text in result.differences]) for result in run_cases(book, found)]


def test_a_case_that_holds_says_nothing():
    assert run("- {case: 半数, of: seen_much, given: {seen: 150}, expect: {value: 150, points: 50}}") == [
        ("seen_much", [])
    ]


def test_a_case_that_does_not_hold_says_both_figures_of_everything_that_differs():
    case = "- {case: 半数, of: seen_much, given: {seen: 150}, expect: {value: 151, points: 51, status: filled}}"
    assert run(case) == [
        ("seen_much", ["value:应为 151,得到 150", "points:应为 51,得到 50", "status:应为 filled,得到 scored"])
    ]


@pytest.mark.parametrize(
    ("given", "expect"),
    [
        ("{seen: missing}", "{status: filled, points: 0}"),
        ("{}", "{status: filled, points: 0}"),
        ("{seen: 0}", "{value: 0, points: 0, status: scored}"),
        ("{seen: 301}", "{points: 100}"),
    ],
)
def test_missing_and_zero_and_beyond_are_different_things(given, expect):
    assert run(f"- {{case: 边, of: seen_much, given: {given}, expect: {expect}}}") == [("seen_much", [])]


def test_a_case_of_ratings_awards_and_members():
    cases = """
- {case: 评级, of: record_quality, given: {records: B}, expect: {points: 85}}
- {case: 无评级, of: record_quality, given: {}, expect: {status: not_applicable}}
- {case: 封顶, of: night_extra, given: {nights: 9}, out_of: 3, expect: {points: 3}}
- {case: 汇总, of: house_seen, members: [{given: {seen: 800}}, {given: {seen: 50}}], given: {}, expect: {value: 850, points: 50}}
"""
    assert all(differences == [] for _, differences in run(cases))


def test_a_case_of_a_scheme_reaches_total_grade_coefficient_and_status():
    cases = """
- case: 全部满分
  of: staff
  given: {work: 50, record_quality: 20, seen_much: 30, night_extra: 3, grave: 0}
  expect: {total: 103, grade: 优秀, coefficient: 1.2, status: scored}
- case: 未报质量
  of: staff
  given: {work: missing, record_quality: 20, seen_much: 30}
  expect: {status: blocked}
- case: 一票否决
  of: staff
  given: {work: 50, record_quality: 20, seen_much: 30, night_extra: 0, grave: 1}
  expect: {total: 100, status: vetoed}
- case: 算错的
  of: staff
  given: {work: 40, record_quality: 20, seen_much: 30, night_extra: 0}
  expect: {total: 91, grade: 合格}
"""
    assert run(cases) == [
        ("staff", []),
        ("staff", []),
        ("staff", []),
        ("staff", ["total:应为 91,得到 90", "grade:应为 合格,得到 优秀"]),
    ]


def test_a_case_of_a_distribution_reaches_every_account_and_expects_refusals():
    cases = """
- case: 两医一护
  of: pay
  given: {fund: 1000.00, claims: {甲: {category: doctor, share: 1, nights: 0, score: 100, gated: no}, 乙: {category: nurse, share: 1, nights: 1, score: 100, gated: no}}}
  expect: {甲: 480.33, 乙: 392.67, reserve:saved: 30, held:甲: 53.37}
- case: 池子太小
  of: pay
  given: {fund: 100.00, claims: {甲: {category: doctor, share: 1, nights: 0, score: 100, gated: no}, 乙: {category: nurse, share: 1, nights: 0, score: 100, gated: no}}}
  expect: {issue: pool-under-floors}
- case: 以为会被拒绝
  of: pay
  given: {fund: 1000.00, claims: {甲: {category: doctor, share: 1, nights: 0, score: 100, gated: no}}}
  expect: {issue: pool-under-floors}
- case: 其实被拒绝
  of: pay
  given: {fund: 10.00, claims: {甲: {category: porter, share: 1, nights: 0, score: 100, gated: no}}}
  expect: {甲: 10}
"""
    (first, refused, not_refused, unexpected) = [differences for _, differences in run(cases)]
    assert refused == []
    assert not_refused == ["应被拒绝(pool-under-floors),得到 []"]
    assert unexpected[0].startswith("被拒绝:category-unlisted")
    assert first == []


def table_of(book, code):
    indicator = book.indicators[code]
    version = indicator.versions[-1]
    return breakpoint_rows(indicator, version, say=FormulaWords.of(book, version).say)


def test_a_table_says_thresholds_that_follow_the_data_by_title():
    text = """\
measure: insured
title: 参保人数
level: person
---
indicator: rate
title: 签约率
level: person
unit: percent
direction: higher
value: insured / insured
parameters: {step: {title: 每档, values: [{from: 2024, value: 5%}]}}
curves: {least: {title: 最低率, of: number, gives: percent, curve: linear, through: [[0, 85%], [50000, 75%]]}}
points: {curve: linear, through: [[least(insured), 0], ["least(insured) + step", 60], ["min(1, median(peers.value) + 2 * step)", 100]]}
"""
    book, issues = load_book({"rules.yaml": text})
    assert [issue.render() for issue in issues] == []
    assert [row.value for row in table_of(book, "rate")] == [
        "最低率（按参保人数）",
        "最低率（按参保人数） + 每档",
        "取小(1, 中位数(同组各单位的本指标值) + 2 × 每档)",
    ]


def test_a_table_shows_the_points_on_below_and_above_every_breakpoint():
    rows = table_of(county_book(), "seen_much")
    turning = [(row.value, row.points) for row in rows if row.is_breakpoint]
    assert turning == [("0", "0.00"), ("300", "100.00")]
    points = {row.value: Fraction(row.points.partition("≈")[0]) for row in rows}
    assert points["299"] < points["300"] == points["301"]


def test_a_table_of_ratings_has_a_row_for_each():
    rows = table_of(county_book(), "record_quality")
    assert [(row.value, row.points) for row in rows] == [("A", "100.00"), ("B", "85.00"), ("C", "60.00")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_rule_can_be_told_in_words(lang):
    book = county_book()
    for rules in (book.measures, book.indicators, book.schemes, book.distributions):
        for code, rule in rules.items():
            lines = list(rule_lines(book, rule, lang))
            assert code in lines[0]
            assert "None" not in "\n".join(lines)


def test_a_distribution_in_words_names_every_step():
    text = "\n".join(rule_lines(county_book(), county_book().distributions["pay"]))
    for part in (
        "take",
        "pay",
        "split",
        "apportion",
        "hold",
        "80.5 * nights",
        "floor 100",
        "试行办法 第八条",
        "→ saved",
    ):
        assert part in text


def test_explain_says_policies_ways_of_combining_and_the_coefficient_in_words():
    text = """
measure: done
title: 工作量
unit: number
level: person
supplied_by: 医务科
---
indicator: work
title: 工作
level: person
unit: number
direction: higher
value: done
points: {curve: linear, through: [[0, 0], [100, 100]]}
no_value: {missing: carry_forward}
---
scheme: staff
title: 人员考核
of: {level: person}
period: quarter
dimensions: {all: {title: 工作, weight: 100, combine: worst, at_least: 1, indicators: {work: {out_of: 100}}}}
missing_weight: overall
coefficient: {curve: steps, at: [[0, 0.8], [60, 1.2]], lower_bound: excluded, below: 0.5}
coefficient_digits: 1
outcomes: [{when: total < 65, say: 限期整改}]
"""
    book, issues = load_book({"r.yaml": text})
    assert [issue for issue in issues if issue.is_error] == []
    work = "\n".join(rule_lines(book, book.indicators["work"]))
    assert "缺数据:沿用最近 12 个月内上次的得分 · 分母为零:不给分，整张考核表待补数据后再计" in work
    staff = list(rule_lines(book, book.schemes["staff"]))
    assert "  考核对象:个人 · 每季度" in staff
    assert "    工作(权重 100,取最差的一项)" in staff
    assert "    不适用指标的权重:分给全部其他指标" in staff
    assert "    系数(按总分):分档：>0 → 0.8，>60 → 1.2；低于首档 → 0.5。保留 1 位小数，四舍五入" in staff
    assert "    total < 65 → 限期整改" in staff
