"""A rule's history: versions with dates and sources, what each changed in words, old → new."""

from perf.appraisal.rule_history import history_lines
from perf.specs.book import load_book

RULES = """measure: m
title: 数
level: institution
supplied_by: 甲科
---
indicator: x
title: 下转率
level: institution
unit: percent
direction: higher
value: m / 100
versions:
  - from: 2024
    source: {document: 甲文, clause: 第一条}
    points: {curve: linear, through: [[0.40%, 0], [1.20%, 100]]}
    parameters: {share: [{from: 2024, value: 90%}, {from: 2024-07, value: 95%, source: {document: 丙文, clause: 第二条}}]}
  - from: 2025
    source: {document: 乙文, clause: 第三条}
    value: m / 200
    points: {curve: linear, through: [[0.40%, 0], [1.30%, 100]]}
    parameters: {share: [{from: 2024, value: 90%}, {from: 2024-07, value: 95%, source: {document: 丙文, clause: 第二条}}]}
---
scheme: s
title: 月度考核
of: {level: institution}
period: month
grades: [[优秀, 90], [良好, 80], [不合格, 0]]
versions:
  - from: 2024
    to: 2024-12
    source: {document: 甲文, clause: 附件}
    dimensions: {service: {weight: 100, indicators: {x: {out_of: 40}}}}
    quota: {优秀: {at_most: 15%, falls_to: 良好}}
  - from: 2025-01
    dimensions: {service: {weight: 100, combine: worst, indicators: {x: {out_of: 50}}}}
    quota: {优秀: {at_most: 20%, falls_to: 良好}}
    extra_cap: 3
  - from: 2026
    dimensions: {service: {weight: 100, combine: worst, indicators: {x: {out_of: 50}}}}
    quota: {优秀: {at_most: 20%, falls_to: 良好}}
    extra_cap: 3
"""
BOOK, ISSUES = load_book({"rules.yaml": RULES})


def test_the_history_of_a_scheme_says_what_changed_when_and_by_which_clause() -> None:
    assert not [issue.render() for issue in ISSUES]
    assert list(history_lines(BOOK, BOOK.schemes["s"])) == [
        "月度考核  s  (rules.yaml:23:1)",
        "  2024-01-01 至 2024-12-31:甲文 附件",
        "    最初的版本",
        "  2025-01-01 至 2025-12-31:(无出处)",
        "    维度 service · 合成:weighted_mean → worst",
        "    维度 service · 指标 下转率 x · 分值:40 → 50",
        "    维度 service · 指标 下转率 x · 权重:40 → 50",
        "    加分合计至多:— → 3",
        "    名额 优秀 · 至多:15% → 20%",
        "  2026-01-01 起:(无出处)",
        "    与上一版本没有差别",
    ]


def test_the_history_of_an_indicator_shows_formulas_breakpoints_and_dated_values() -> None:
    lines = list(history_lines(BOOK, BOOK.indicators["x"]))
    assert "    值:m / 100 → m / 200" in lines
    assert "    计分方法 · 折点:[[0.40%, 0], [1.20%, 100]] → [[0.40%, 0], [1.30%, 100]]" in lines
    assert lines[-3:] == [
        "  参数 share",
        "    2024-01-01 至 2024-06-30:90%",
        "    2024-07-01 起:90% → 95%(丙文 第二条)",
    ]


def test_in_english_keys_are_those_of_the_language() -> None:
    lines = list(history_lines(BOOK, BOOK.schemes["s"], "en"))
    assert "    quota.优秀.at_most: 15% → 20%" in lines
    assert list(history_lines(BOOK, BOOK.measures["m"], "en"))[1] == "  measures have no versions"
