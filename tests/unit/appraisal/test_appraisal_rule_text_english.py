"""Rules told in English: no Chinese but what the rules themselves say in Chinese."""

import re

from perf.appraisal.rule_history import history_lines
from perf.appraisal.rule_text import rule_lines
from perf.specs.book import load_book

HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
RULES = """\
measure: visits
title: {zh: 人次, en: Visits}
level: institution
roll_up: sum
---
measure: score_given
title: {zh: 评分, en: Score}
level: person
supplied_by: Office
---
indicator: load
title: {zh: 负荷, en: Load}
level: institution
unit: number
direction: higher
value: f(visits)
requires: visits > 0
curves: {f: {title: {zh: 线, en: Line}, curve: linear, through: [[0, 0], [10, 10]], outside: clip}}
parameters: {rate: {title: {zh: 率, en: Rate}, values: [{from: 2024, to: 2024-12, value: 1}, {from: 2025, value: 2}]}}
points: {curve: linear, through: [[0, 0], [10, 100]]}
versions:
  - {from: 2024, to: 2024-12, points_digits: 1, source: Paper 1}
  - {from: 2025, points_digits: 2, source: {document: Paper 2, clause: 3}}
---
indicator: shown
title: {zh: 展示, en: Shown}
level: institution
unit: number
direction: monitored
value: visits
---
scheme: s
title: {zh: 方案, en: Scheme}
enabled: no
of: {level: institution, where: visits > 3}
period: month
dimensions:
  d: {title: {zh: 甲, en: First}, weight: 60, at_least: 1, indicators: {load: {out_of: 60}, shown: {out_of: 40}}}
  e: {title: {zh: 乙, en: Second}, weight: 40, combine: sum, at_least: 2, indicators: {load: {out_of: 100}}}
missing_weight: none
missing_dimension: lost
extra_cap: 3
veto: [{when: visits > 3, effect: zero_total}, {when: visits > 4, effect: {grade_at_most: B}}]
total: {max: 105, combine: geometric}
rank: {of: exact, ties: dense}
grades: [[A, 90], [B, 60], [C, 0]]
quota: {A: {at_most: 15%, falls_to: B}, B: {at_most: 40%, of: scored, rounding: half_away, ties: all_in, falls_to: C}}
coefficient: {curve: linear, through: [[0, 0], [100, 2]]}
outcomes: [{when: total < 60, say: mend}]
---
scheme: whole
title: {zh: 合成, en: Whole}
of: {level: person}
period: month
by_post: [s]
---
distribution: pay
title: {zh: 分配, en: Pay}
period: month
per: institution
among: staff where head == no
fund: 1000
let: {half: 50% * fund}
bands:
  kept: {amount: visits, of: fund, mode: marginal, rows: [{to: 2%, share: 100%}, {over: 2%, share: 50%}]}
steps:
  - split: {by: category, shares: {a: 1, b: 2}, steps: [{apportion: {by: score_given, floor: 3, cap: 9}}]}
  - remainder: {to: saved}
---
layer: county
from: 2025-07
source: Paper 4
set: {load.points_digits: 1}
"""


def lines_of(lang):
    book, _ = load_book({"rules.yaml": RULES})
    rules = [
        rule for kind in ("measures", "indicators", "schemes", "distributions") for rule in getattr(book, kind).values()
    ]
    return [line for rule in rules for told in (rule_lines, history_lines) for line in told(book, rule, lang)]


def test_nothing_in_english_is_said_in_chinese():
    found = lines_of("en")
    assert len(found) > 60
    assert [line for line in found if HAN.search(line)] == []
    assert any("origin: layer county rules.yaml:" in line for line in found)


def test_both_languages_say_the_same_lines_and_chinese_comes_first():
    assert len(lines_of("zh")) == len(lines_of("en"))
    book, _ = load_book({"rules.yaml": RULES})
    assert list(rule_lines(book, book.indicators["load"]))[1] == "  指标 · 单位 数 · 越高越好 · 可信度 proposal"
