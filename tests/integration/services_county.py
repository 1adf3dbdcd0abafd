"""A tiny county for the tests of services: two consortia, three institutions, seven people, its own small rules."""

import hashlib
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from perf.excel.reading import Coverage, ImportReading
from perf.kernel.facts import Fact, FactKey, FactSource
from perf.kernel.identity_fields import IdentityValue
from perf.kernel.issues import Issue
from perf.kernel.periods import Period
from perf.kernel.subjects import Segment
from perf.services.actors import local_actor
from perf.services.import_facts import import_facts
from perf.services.import_roster import import_roster
from perf.services.run_month import run_month
from perf.specs.book import load_book
from perf.specs.models import RuleBook

MAY, JUNE = Period(2025, "month", 5), Period(2025, "month", 6)
NOW = datetime(2025, 7, 3, 8, 0, tzinfo=UTC)
HR = local_actor("王芳")
RULES = {
    "measures.yaml": """\
measure: pool_yuan
title: {zh: 绩效总额, en: Pool}
answers: number
unit: yuan
digits: 2
level: institution
roll_up: sum
---
measure: work_score
title: {zh: 工作得分, en: Work}
answers: score
unit: points
digits: 2
level: person
roll_up: none
range: {min: 0, max: 100}
---
measure: visits
title: {zh: 诊疗人次, en: Visits}
answers: number
unit: person-times
digits: 0
level: institution
roll_up: sum
""",
    "rules.yaml": """\
accounts:
  saved: {of: institution, kind: reserve}
---
attributes: {share: 分配系数}
---
indicator: work
title: {zh: 工作完成, en: Work done}
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
indicator: growth
title: {zh: 诊疗增长, en: Growth}
level: institution
unit: ratio
direction: higher
confidence: A
value: visits / visits@previous
digits: exact
points: {curve: linear, through: [[0.5, 0], [1, 80], [1.5, 100]]}
source: {document: 试行办法, clause: 第二条}
no_value: not_applicable
---
scheme: staff
title: {zh: 职工考核, en: Staff}
of: {level: person}
period: month
source: {document: 试行办法, clause: 第三条}
dimensions:
  all: {weight: 100, indicators: {work: {out_of: 100}}}
rank: {of: total, ties: competition}
grades: [[优秀, 90], [合格, 60], [不合格, 0]]
---
scheme: house
title: {zh: 单位考核, en: House}
of: {level: institution}
period: month
source: {document: 试行办法, clause: 第四条}
dimensions:
  all: {weight: 100, indicators: {growth: {out_of: 100}}}
grades: [[合格, 60], [不合格, 0]]
---
distribution: pay
title: {zh: 职工绩效, en: Pay}
period: month
per: institution
among: staff
uses: {score: [staff]}
fund: pool_yuan
source: {document: 试行办法, clause: 第五条}
steps:
  - take: {to: saved, amount: 1% * fund}
  - apportion: {by: share * score / 100, line: 绩效}
  - remainder: {to: saved}
on_missing_score: hold_at(full)
---
distribution: bonus
title: {zh: 结存发放, en: Bonus}
period: month
per: institution
among: staff
uses: {score: [staff]}
fund: 50% * balance(saved)
source: {document: 试行办法, clause: 第六条}
steps:
  - apportion: {by: share, line: 结存}
on_missing_score: hold_at(full)
""",
}


@cache
def book() -> RuleBook:
    found, issues = load_book(RULES)
    assert [i.render("en") for i in issues if i.is_error] == []
    return found


def segment(subject: str, level: str, kind: str, parent: str, *, first=date.min, last=date.max, **attributes: str):
    return Segment(subject, level, kind, parent, first, last, MappingProxyType(attributes))


PEOPLE = tuple(
    segment(f"00{n}", "person", "doctor", "h1" if n < 4 else "t1", name=name, share=share)
    for n, (name, share) in enumerate(
        [("赵一", "1"), ("钱二", "1.2"), ("孙三", "0.8"), ("李四", "1"), ("周五", "1")], start=1
    )
)
SEGMENTS = (
    segment("lj", "county", "county", "", name="示范县"),
    segment("A", "consortium", "consortium", "lj", name="县人民医院医共体"),
    segment("B", "consortium", "consortium", "lj", name="县中医院医共体"),
    segment("h1", "institution", "hospital", "A", name="县人民医院"),
    segment("t1", "institution", "township", "A", name="泥河镇卫生院"),
    segment("h2", "institution", "hospital", "B", name="县中医院"),
    *PEOPLE,
    segment("101", "person", "doctor", "h2", name="吴六", share="1"),
    segment("102", "person", "doctor", "h2", name="郑七", share="1"),
)


class Roster(NamedTuple):
    name: str
    sha256: str
    segments: tuple[Segment, ...]
    issues: tuple[Issue, ...] = ()
    identities: tuple[IdentityValue, ...] = ()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def fact(subject: str, measure: str, period: Period, value, *, sender="", cell="B2", sheet="表1") -> Fact:
    number = value if isinstance(value, str) and not value.replace(".", "").isdigit() else Fraction(value)
    return Fact(FactKey(subject, measure, period), number, FactSource("数据.xlsx", sheet, cell, sender))


def reading(rows, *, name="数据.xlsx", sender="绩效办", content=None, issues=(), owners=(), withheld=()):
    """A reading of `rows` and the bytes it is of; the coverage is what the rows speak about."""
    rows = tuple(
        sorted(r._replace(source=r.source._replace(file=name, sender=r.source.sender or sender)) for r in rows)
    )
    content = repr((name, rows)).encode() if content is None else content
    coverage = Coverage(
        sender,
        tuple(sorted({r.key.measure for r in rows})),
        tuple(sorted({r.key.subject for r in rows})),
        tuple(sorted({r.key.period for r in rows})),
        tuple(owners),
    )
    return ImportReading(name, digest(content), rows, tuple(issues), coverage, tuple(withheld)), content


def month_facts(period: Period, scores=("92.35", "88", "71.5", "60", "85.55")) -> list[Fact]:
    rows = [
        fact(person.subject, "work_score", period, score, cell=f"C{n}")
        for n, (person, score) in enumerate(zip(PEOPLE, scores, strict=True), start=2)
        if score
    ]
    rows += [fact("101", "work_score", period, "77", cell="C8"), fact("102", "work_score", period, "78", cell="C9")]
    for n, (house, pool, visits) in enumerate(
        [("h1", "100000.01", 1200), ("t1", "33333.33", 800), ("h2", "9999.99", 50)]
    ):
        rows.append(fact(house, "pool_yuan", period, pool, sheet="资金", cell=f"B{n + 2}"))
        rows.append(fact(house, "visits", period, str(visits + period.number), sheet="诊疗", cell=f"B{n + 2}"))
    return rows


def with_roster(store, segments=SEGMENTS, actor=HR):
    content = repr(segments).encode()
    roster = Roster("花名册.xlsx", digest(content), tuple(segments))
    return import_roster(store, roster, content=content, actor=actor, now=NOW, mode="accept")


def take(store, rows, *, actor=HR, mode="accept", confirm_gone=False, choose_sender="", now=NOW, **about):
    found, content = reading(rows, **about)
    return import_facts(
        store,
        found,
        content=content,
        actor=actor,
        now=now,
        mode=mode,
        confirm_gone=confirm_gone,
        choose_sender=choose_sender,
    )


def filled(store, **scores):
    """A store with roster and the facts of May and June."""
    with_roster(store)
    take(store, month_facts(MAY), name="五月.xlsx")
    take(store, month_facts(JUNE, **scores), name="六月.xlsx")
    return store


def june(store, **about):
    return run_month(store, consortium="A", period=JUNE, book=book(), actor=HR, now=NOW, **about)
