"""A small rule book with something of everything: two versions, a switched-off rule, steps, parameters, cases."""

from functools import cache

from perf.kernel.periods import Period
from perf.specs.book import load_book
from perf.specs.cases import load_cases

JUNE = Period(2025, "month", 6)
RULES = """\
measure: down
title: {zh: 下转人次, en: Referred down}
answers: number
unit: person-times
digits: 0
level: institution
supplied_by: 医务科
---
measure: out
title: {zh: 出院人次, en: Discharges}
answers: number
unit: person-times
digits: 0
level: institution
supplied_by: 病案室
range: {min: 0}
---
measure: pool_yuan
title: {zh: 绩效总额, en: Pool}
answers: number
unit: yuan
digits: 2
level: consortium
supplied_by: 财务科
---
attributes:
  tier: {title: {zh: 级别, en: Tier}, values: {county: {zh: 县级, en: County}, town: {zh: 乡级, en: Town}}}
---
accounts:
  saved: {of: consortium, kind: reserve, title: {zh: 结存, en: Saved}}
  house: {of: institution, kind: fund, title: {zh: 单位资金, en: House fund}}
---
indicator: down_share
title: {zh: 下转占比, en: Share referred down}
level: institution
unit: percent
direction: higher
confidence: C
value: down / out
digits: exact
requires: out >= 25
no_value: {denominator_zero: not_applicable, missing: block}
versions:
  - from: 2024-01
    to: 2025-03
    source: {document: 旧办法, clause: 第1条}
    points: {curve: linear, through: [[0.40%, 0], [1.00%, 100]]}
  - from: 2025-04
    source: {document: 新办法, clause: 第7条}
    points: {curve: linear, through: [[0.40%, 0], [0.85%, 60], [1.20%, 100]]}
---
indicator: maybe
title: {zh: 待定指标, en: Undecided}
level: institution
unit: number
direction: lower
confidence: D
value: out
digits: 0
points: {curve: deduct, each: 2, per: 10}
source: {document: 旧办法, clause: 第2条}
no_value: zero
---
scheme: house_monthly
title: {zh: 机构考核, en: Houses}
of: {level: institution, kind: [township_hospital], where: tier == town}
period: month
source: {document: 新办法, clause: 附件1}
dimensions:
  service: {title: {zh: 服务, en: Service}, weight: 100, indicators: {down_share: {out_of: 100}}}
veto: [{when: out == 0, effect: {grade_at_most: 不合格}}]
rank: {of: total, ties: competition}
grades: [[合格, 60], [不合格, 0]]
coefficient: {curve: steps, at: [[0, 0.8], [60, 1]], lower_bound: included}
---
distribution: houses
title: {zh: 机构切块, en: Pools}
period: month
per: consortium
among: members where tier in (county, town)
uses: {score: [house_monthly]}
fund: pool_yuan
parameters: {keep: {title: {zh: 预留比例, en: Share kept}, values: [{from: 2024-01, value: 5%}, {from: 2025-01, value: 6%}]}}
source: {document: 新办法, clause: 第九条}
steps:
  - take: {to: saved, amount: keep * fund}
  - split:
      by: tier
      shares: {county: 60, town: 40}
      on_empty: reshare
      steps:
        - gate: {when: score < 60, to: rest}
        - apportion: {by: score / 100, floor: 10}
  - remainder: {to: saved}
"""
CASES = """\
- case: 1.025% 在 0.85% 与 1.20% 的正中,60 与 100 的正中
  of: down_share
  period: 2025-06
  given: {down: 41, out: 4000}
  expect: {value: 1.025%, points: 80}
"""


@cache
def small():
    """The book and its cases; both without errors."""
    texts = {"rules.yaml": RULES, "rules.cases.yaml": CASES}
    book, issues = load_book(texts)
    cases, wrong = load_cases(texts, book)
    assert [issue.render() for issue in (*issues, *wrong)] == []
    return book, cases
