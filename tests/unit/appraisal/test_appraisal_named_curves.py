"""Named curves: called like functions in formulas, thresholds and money, with the two points in the explanation."""

import pytest

from perf.appraisal.cases import run_cases, score_indicator
from perf.appraisal.rule_text import rule_lines
from perf.formulas import steps
from perf.specs.book import load_book
from perf.specs.cases import load_cases
from perf.specs.checks import check_book

RULES = """
measure: insured
title: 参保人数
unit: persons
level: institution
supplied_by: 医保科
---
measure: signed
title: 签约人数
unit: persons
level: institution
supplied_by: 公卫科
---
indicator: signed_rate
title: 签约率
level: institution
unit: percent
direction: higher
source: {document: 文件, clause: 第1条}
curves:
  minimum_rate:
    title: {zh: 最低率, en: Minimum rate}
    of: persons
    gives: percent
    curve: linear
    through: [[10000, 85%], [50000, 75%]]
    outside: clip
value: signed / insured
points: {curve: linear, through: [["minimum_rate(insured)", 60], ["minimum_rate(insured) + 10%", 100]]}
---
indicator: class_points
title: 档次
level: institution
unit: points
direction: higher
source: {document: 文件, clause: 第2条}
curves:
  classes: {of: percent, gives: points, curve: steps, at: [[60%, 10], [80%, 20]], below: 1, lower_bound: excluded}
value: classes(signed / insured)
---
accounts:
  pool: {of: institution, kind: fund}
---
distribution: by_curve
period: month
per: institution
fund: 1000
source: {document: 文件, clause: 第3条}
curves: {bonus: {title: 夜班单价, gives: yuan, curve: steps, at: [[0, 80元], [10, 100元]]}}
steps:
  - pay: {line: 夜班, amount: bonus(nights) * nights}
  - apportion: {by: 1}
"""
ATTRIBUTES = "---\nattributes: {nights: 夜班数}\n"
CASES = """
- of: signed_rate
  case: 三万人的最低率在 85% 与 75% 的正中间,是 80%;签约率 85% 又在 80% 与 90% 的正中间
  given: {insured: 30000, signed: 25500}
  expect: {value: 85%, points: 80}
- of: signed_rate
  case: 五千人,在第一点之前,最低率取 85%
  given: {insured: 5000, signed: 4250}
  expect: {value: 85%, points: 60}
- of: class_points
  case: 正好 80% 不超过 80%,取 10
  given: {insured: 100, signed: 80}
  expect: {value: 10}
- of: class_points
  case: 正好 60% 不超过 60%,取 below
  given: {insured: 100, signed: 60}
  expect: {value: 1}
- of: class_points
  case: 参保人数为 0,没有值
  given: {insured: 0, signed: 60}
  expect: {status: not_applicable}
- of: by_curve
  case: 五个夜班 400 元,十个夜班 1000 元,其余均分
  given: {fund: 1500, claims: {甲: {nights: 5}, 乙: {nights: 10}}}
  expect: {甲: 450, 乙: 1050}
"""


def loaded(rules=RULES + ATTRIBUTES, cases=CASES):
    files = {"r.yaml": rules, "r.cases.yaml": cases}
    book, issues = load_book(files)
    found, of_cases = load_cases(files, book)
    return book, found, [*issues, *of_cases, *check_book(book, cases=found)]


def test_a_curve_is_called_in_values_thresholds_and_money():
    book, cases, issues = loaded()
    assert [issue.render() for issue in issues if issue.is_error] == []
    results = list(run_cases(book, cases))
    differences = {result.title: [text.zh for text in result.differences] for result in results}
    assert {title: found for title, found in differences.items() if found} == {}
    assert len(results) == 6


def test_the_explanation_shows_the_two_points_on_both_sides_of_the_variable():
    book, cases, _ = loaded()
    card = score_indicator(book, cases["signed_rate"][0])
    assert card is not None
    node = next(item.node for item in card.items if item.type == "indicator")
    lines = "\n".join(steps(node))
    assert "最低率:(参保人数 30000 − 10000) ÷ (50000 − 10000) × (75% − 85%) + 85% = 80%" in lines
    assert "Minimum rate: (参保人数 30000 − 10000)" in "\n".join(steps(node, "en"))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("value: signed / insured", "value: minimum_rat(insured)", "formula-unknown-name"),
        ("value: signed / insured", "value: minimum_rate(signed / insured)", "formula-dimension"),
        ("value: signed / insured", "value: minimum_rate(insured) + 5", "formula-bare-number"),
        ("value: signed / insured", "value: minimum_rate(insured) * insured", "formula-dimension"),
        ("classes(signed / insured)", "classes(60)", "formula-bare-number"),
        ("[[10000, 85%]", "[[10000, 85]", "rule-sign-missing"),
        ("[[10000, 85%]", "[[60000, 85%]", "curve-order"),
        ("[[10000, 85%]", "[[unknown, 85%]", "formula-unknown-name"),
        ("gives: percent", "gives: prozent", "rule-value-unknown"),
        ("  minimum_rate:\n", "  p90:\n", "curve-name-taken"),
        ("  minimum_rate:\n", "  最低率:\n", "rule-code-invalid"),
        ("    outside: clip", "    outsied: clip", "rule-key-unknown"),
    ],
)
def test_what_is_wrong_with_a_curve_is_said_at_its_place(old, new, code):
    assert old in RULES
    _, _, issues = loaded(RULES.replace(old, new) + ATTRIBUTES, "")
    found = [issue for issue in issues if issue.code == code]
    assert found, [issue.render() for issue in issues]
    assert all(issue.place.line for issue in found)


def test_an_unknown_function_is_answered_with_the_nearest_curve():
    _, _, issues = loaded(RULES.replace("value: signed / insured", "value: minimum_rat(insured)") + ATTRIBUTES, "")
    assert any("minimum_rate?" in issue.hint.zh for issue in issues)


def test_explain_names_the_curve_by_its_title_and_says_its_points_in_their_unit() -> None:
    book, _ = load_book({"r.yaml": RULES})
    told = "\n".join(rule_lines(book, book.indicators["signed_rate"]))
    assert "其中 minimum_rate(最低率) = 分段直线，经过：10000 → 85%，50000 → 75%。" in told
    assert "最低率（按参保人数） → 60" in told
    paid = "\n".join(rule_lines(book, book.distributions["by_curve"]))
    assert "其中 bonus(夜班单价) = 分档：" in paid
