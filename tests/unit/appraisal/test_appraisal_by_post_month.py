"""A month with somebody who changed post: scored under both schemes, paid by segment, everything on one statement."""

from datetime import date
from fractions import Fraction

from perf.appraisal.month import run_appraisal
from perf.appraisal.statement_view import RunHeader, Statements
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster, Segment
from perf.specs.book import load_book

JUNE = parse_period("2025-06")
SOURCE = "source: {document: 甲文, clause: 第一条}"
PARTS = "".join(
    f"""
measure: m_{code}
title: {title}考评分
unit: points
level: person
supplied_by: 医务科
---
indicator: of_{code}
title: {title}考评
level: person
unit: points
direction: higher
value: m_{code}
{SOURCE}
points: {{curve: entered, full: 100}}
---
scheme: {code}_monthly
title: {title}考核
of: {{level: person, where: category == {code}}}
period: month
{SOURCE}
dimensions: {{work: {{title: 工作, weight: 100, indicators: {{of_{code}: {{out_of: 100}}}}}}}}
---"""
    for code, title in (("doctor", "医师"), ("nurse", "护理"))
)
PAY = f"""
measure: pool_total
title: 资金
unit: yuan
level: institution
supplied_by: 财务科
---
distribution: staff_pay
title: 职工分配
period: month
per: institution
among: staff
uses: {{score: [doctor_monthly, nurse_monthly]}}
fund: pool_total
{SOURCE}
steps:
  - apportion: {{line: 绩效, by: score}}
"""
WHOLE = f"""---
scheme: zz_whole
title: 综合考核
of: {{level: person}}
period: month
{SOURCE}
by_post: [doctor_monthly, nurse_monthly]
"""


def person(who: str, category: str, first: int = 1, last: int = 30) -> Segment:
    named = {"category": category, "name": who, "post": {"doctor": "医师", "nurse": "护士"}[category]}
    return Segment(who, "person", category, "A", date(2025, 6, first), date(2025, 6, last), named)


ROSTER = Roster(
    [
        Segment("M", "consortium", "", ""),
        Segment("A", "institution", "town", "M"),
        person("甲", "doctor", 1, 20),
        person("甲", "nurse", 21, 30),
        person("乙", "doctor"),
    ]
)


def month(rules: str):
    book, issues = load_book({"rules.yaml": rules.lstrip()})
    assert not [issue.render() for issue in issues if issue.is_error]
    known = {("甲", "m_doctor"): 90, ("甲", "m_nurse"): 60, ("乙", "m_doctor"): 80, ("A", "pool_total"): 1000}
    facts = Facts(Fact(FactKey(who, code, JUNE), Fraction(value)) for (who, code), value in known.items())
    done = run_appraisal(book, ROSTER, facts, JUNE, "M")
    assert not [issue.render() for issue in done.issues if issue.is_error]
    statements = Statements(book, ROSTER, JUNE, done.scores, done.ledger, RunHeader("r", "draft", "1", "", "M"))
    return done, statements


def test_a_distribution_with_two_schemes_pays_each_segment_by_its_own_score() -> None:
    """20 days at 90 and 10 at 60 are worth as much as 30 at 80."""
    done, statements = month(PARTS + PAY)
    assert sorted(done.scores.cards) == [("doctor_monthly", "乙"), ("doctor_monthly", "甲"), ("nurse_monthly", "甲")]
    assert {name: str(done.ledger.balances[f"person:{name}"]) for name in "甲乙"} == {"甲": "500.00", "乙": "500.00"}
    view = statements.view("甲")
    assert view is not None
    assert [card.title.zh for card in view.scorecards] == ["医师考核", "护理考核"]


def test_the_total_of_the_whole_stands_first_and_is_the_one_of_the_trend() -> None:
    _, statements = month(PARTS + PAY + WHOLE)
    view = statements.view("甲")
    assert view is not None
    assert [card.title.zh for card in view.scorecards] == ["综合考核", "医师考核", "护理考核"]
    assert view.trend[-1].total == view.scorecards[0].total == "80.00"
    assert [block.how.zh for block in view.scorecards[0].dimensions] == [
        "医师考核 90 × 医师在岗天数 20 × 1 ÷ 30 = 60",
        "护理考核 60 × 护士在岗天数 10 × 1 ÷ 30 = 20",
    ]
    assert view.scorecards[0].sum_line.zh == "60 + 20 = 80"
