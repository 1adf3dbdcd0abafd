"""A book that nothing can be said against, to be changed in one place."""

from perf.specs.book import load_book
from perf.specs.checks import check_book

RULES = """
measure: visits
title: 诊疗人次
unit: person-times
level: institution
supplied_by: 信息科
---
measure: discharges
title: 出院人次
unit: person-times
level: institution
supplied_by: 病案室
---
measure: drug_revenue
title: 药品收入
unit: yuan
level: institution
supplied_by: 财务科
revenue: drug
---
measure: service_revenue
title: 医疗服务收入
unit: yuan
level: institution
supplied_by: 财务科
revenue: service
---
indicator: growth
title: 增长
level: institution
unit: percent
direction: higher
value: visits / visits@last_year - 1
points: {curve: linear, through: [[0%, 60], [10%, 100]]}
source: 文件
---
indicator: share
title: 占比
level: institution
unit: percent
direction: higher
value: discharges / visits
points: {curve: linear, through: [[0%, 0], [10%, 100]]}
source: 文件
---
scheme: monthly
title: 月度考核
of: {level: institution}
period: month
source: 文件
dimensions:
  work: {weight: 60, indicators: {growth: {out_of: 100}}}
  quality: {weight: 40, indicators: {share: {out_of: 100}}}
---
accounts: {pool: {of: institution, kind: fund}, reserve: {of: institution, kind: reserve}, county: {of: consortium, kind: reserve}}
---
attributes: {post_coefficient: 岗位系数, staffing: 编制类别}
---
distribution: pool_split
title: 单位分配
period: month
per: consortium
uses: {score: monthly}
source: 文件
fund: 1000000
steps:
  - apportion: {by: score}
---
distribution: staff
title: 职工分配
period: month
per: institution
source: 文件
fund: balance(pool)
steps:
  - apportion: {by: post_coefficient}
  - remainder: {to: reserve}
"""


def check(*changes, **options):
    text = RULES.lstrip()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    book, issues = load_book({"r.yaml": text})
    assert [i.render() for i in issues] == []
    return [i for i in check_book(book, **options) if i.code != "rule-unused"]


def codes(issues):
    return [(i.code, i.severity) for i in issues]


SCHEME_ON_GROWTH = """
measure: drugs
title: 药品收入
unit: number
revenue: drug
level: person
supplied_by: 财务科
---
measure: done
title: 工作量
unit: number
level: person
roll_up: sum
supplied_by: 医务科
---
indicator: work
title: 工作
level: person
unit: number
direction: higher
value: VALUE
CURVES
points: {curve: linear, through: [[THRESHOLD, 0], [100, 100]]}
source: 文件
---
scheme: staff
title: 人员考核
of: {level: person}
period: month
source: 文件
dimensions: {all: {weight: 100, indicators: {work: {out_of: 100}}}}
coefficient: {curve: linear, through: [[COEFFICIENT, 0.8], [100, 1.2]]}
---
accounts: {pool: {of: institution, kind: fund, title: 资金池}}
---
distribution: pay
title: 分配
period: month
per: institution
uses: {score: [staff]}
fund: balance(pool)
source: 文件
DISTRIBUTION
steps:
  - apportion: {by: BY}
"""
