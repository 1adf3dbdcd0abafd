"""A small county for the tests of the appraisal: two houses, eight people in every awkward situation, own rules.

p1 all is well · p2 joins on 16 June · p3 moves from h1 to h2 on 16 June · p4 has two posts at once
p5 has no score reported (held) · p6 had a grave event (veto: forfeits pay) · p7 is gated · p8 in h2, all is well
"""

from datetime import date
from fractions import Fraction
from functools import cache
from types import MappingProxyType

from perf.kernel.facts import Fact, FactKey, FactSource
from perf.kernel.periods import Period
from perf.kernel.subjects import Segment
from perf.specs.book import load_book
from perf.specs.models import RuleBook

JUNE = Period(2025, "month", 6)
MEASURES = """\
measure: pool_yuan
title: {zh: 绩效总额, en: Pool}
answers: number
unit: yuan
digits: 2
level: institution
supplied_by: 财务科
---
measure: work_score
title: {zh: 工作得分, en: Work}
answers: score
unit: points
digits: 2
level: person
range: {min: 0, max: 100}
supplied_by: 质控科
---
measure: seen
title: {zh: 接诊人次, en: Patients seen}
answers: number
unit: person-times
digits: 0
level: person
roll_up: sum
partial: true
supplied_by: 病案室
---
measure: nights
title: {zh: 夜班数, en: Nights}
answers: number
unit: items
digits: 0
level: person
supplied_by: 护理部
---
measure: grave
title: {zh: 重大违纪, en: Grave breach}
answers: event
level: person
supplied_by: 纪检室
---
measure: records
title: {zh: 病历评级, en: Records}
answers: rating
values: [A, B, C]
level: person
supplied_by: 质控科
---
attributes: {share: 分配系数, gated: 停发}
---
accounts:
  saved: {of: institution, kind: reserve, title: 结存}
"""
RULES = """\
indicator: work
title: {zh: 工作质量, en: Work}
level: person
unit: points
direction: higher
confidence: A
value: work_score
digits: exact
points: {curve: entered, full: 100}
source: {document: 试行办法, clause: 第一条}
no_value: block
---
indicator: record_quality
title: {zh: 病历质量, en: Records}
level: person
unit: number
direction: higher
confidence: C
value: records
digits: exact
points: {curve: rating, values: {A: 100, B: 85, C: 60}}
source: {document: 试行办法, clause: 第二条}
no_value: not_applicable
---
indicator: seen_much
title: {zh: 接诊量, en: Seen}
level: person
unit: person-times
direction: higher
confidence: A
value: seen
digits: 0
points: {curve: linear, through: [[0, 0], [300, 100]]}
source: {document: 试行办法, clause: 第三条}
no_value: zero
---
indicator: night_extra
title: {zh: 夜班加分, en: Nights}
level: person
unit: items
direction: higher
confidence: A
value: nights
digits: 0
points: {curve: award, each: 0.5, cap: 3}
source: {document: 试行办法, clause: 第四条}
no_value: zero
---
indicator: house_seen
title: {zh: 全院接诊, en: House}
level: institution
unit: person-times
direction: higher
confidence: A
value: sum(members.seen)
digits: 0
points: {curve: linear, through: [[0, 0], [1700, 100]]}
source: {document: 试行办法, clause: 第五条}
no_value: zero
---
scheme: staff
title: {zh: 职工考核, en: Staff}
of: {level: person}
period: month
source: {document: 试行办法, clause: 第六条}
dimensions:
  quality: {title: {zh: 质量, en: Quality}, weight: 70, indicators: {work: {out_of: 50}, record_quality: {out_of: 20}}}
  volume: {title: {zh: 数量, en: Volume}, weight: 30, indicators: {seen_much: {out_of: 30}}}
extra: [{indicator: night_extra, cap: 3}]
veto: [{when: grave > 0, effect: forfeit_pay}]
total: {digits: 2, min: 0, max: 105}
rank: {of: total, ties: competition}
grades: [[优秀, 90], [合格, 60], [不合格, 0]]
coefficient: {curve: steps, at: [[0, 0.8], [60, 1.0], [90, 1.2]]}
---
scheme: house
title: {zh: 单位考核, en: House}
of: {level: institution}
period: month
source: {document: 试行办法, clause: 第七条}
dimensions:
  all: {weight: 100, indicators: {house_seen: {out_of: 100}}}
grades: [[合格, 60], [不合格, 0]]
---
distribution: pay
title: {zh: 职工绩效, en: Pay}
period: month
per: institution
among: staff
uses: {score: [staff]}
fund: pool_yuan
source: {document: 试行办法, clause: 第八条}
steps:
  - take: {to: saved, amount: 3% * fund}
  - gate: {when: gated == yes, to: rest}
  - pay: {line: 夜班费, amount: 80.5 * nights}
  - split:
      by: category
      shares: {doctor: 60, nurse: 40}
      steps:
        - apportion: {by: share * score / 100, line: 绩效, floor: 100}
  - hold: {share: 10%, line: 年终预留}
on_missing_score: hold_at(full)
"""
TEXTS = {"measures.yaml": MEASURES, "rules.yaml": RULES}


@cache
def county_book() -> RuleBook:
    found, issues = load_book(TEXTS)
    assert [issue.render("en") for issue in issues if issue.is_error] == []
    return found


def segment(subject, level, kind, parent, *, first=date.min, last=date.max, **attributes):
    return Segment(subject, level, kind, parent, first, last, MappingProxyType(attributes))


def person(number, name, category, parent, *, share="1", **more):
    return segment(number, "person", category, parent, name=name, category=category, share=share, **more)


MIDDLE = date(2025, 6, 16)
SEGMENTS = (
    segment("G", "consortium", "consortium", "", name="示范医共体"),
    segment("h1", "institution", "hospital", "G", name="县医院"),
    segment("h2", "institution", "township", "G", name="乡镇卫生院"),
    person("p1", "赵一", "doctor", "h1", share="1.2", gated="no"),
    person("p2", "钱二", "nurse", "h1", first=MIDDLE, gated="no"),
    person("p3", "孙三", "doctor", "h1", last=date(2025, 6, 15), gated="no"),
    person("p3", "孙三", "doctor", "h2", first=MIDDLE, gated="no"),
    person("p4", "李㛃", "nurse", "h1", share="0.6", fte="0.6", gated="no"),
    person("p4", "李㛃", "nurse", "h2", share="0.4", fte="0.4", gated="no"),
    person("p5", "周五", "doctor", "h1", gated="no"),
    person("p6", "吴六", "doctor", "h1", gated="no"),
    person("p7", "郑七", "nurse", "h1", gated="yes"),
    person("p8", "王八", "doctor", "h2", gated="no"),
)
FIGURES = {
    "work_score": {"p1": "92.35", "p2": "88", "p3": "71.57", "p4": "95.5", "p6": "90", "p7": "60", "p8": "83.33"},
    "seen": {"p1": "310", "p2": "97", "p3": "151", "p4": "200", "p5": "77", "p6": "250", "p7": "11", "p8": "299"},
    "nights": {"p1": "3", "p2": "1", "p3": "0", "p4": "9", "p5": "0", "p6": "0", "p7": "0", "p8": "7"},
    "grave": {"p1": "0", "p2": "0", "p3": "0", "p4": "0", "p5": "0", "p6": "1", "p7": "0", "p8": "0"},
    "records": {"p1": "A", "p2": "B", "p4": "C", "p6": "A", "p8": "B"},
    "pool_yuan": {"h1": "23456.78", "h2": "9876.55"},
}


def county_facts(**pools: str) -> list[Fact]:
    """The month's facts; `h1="0.05"` gives a house another pool."""
    rows = []
    for measure, figures in FIGURES.items():
        for line, (subject, text) in enumerate((figures | pools if measure == "pool_yuan" else figures).items(), 2):
            value = text if measure == "records" else Fraction(text)
            source = FactSource("2025-06 数据.xlsx", measure, f"B{line}", "绩效办")
            rows.append(Fact(FactKey(subject, measure, JUNE), value, source))
    return rows
