"""A small county in a few lines: rules as YAML, people as rows, figures as numbers."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest

from perf.distribution import CardFigures, Ledger, distribute
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.money import Money
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster, Segment
from perf.specs.book import load_book

MEASURES = """
measure: pool_total
title: 资金
answers: number
unit: yuan
digits: 2
level: institution
---
measure: night_shifts
title: 夜班次数
answers: number
unit: items
digits: 0
level: person
---
measure: attendance
title: 出勤
answers: number
unit: ratio
digits: 2
level: person
---
attributes: {post_coefficient: 岗位系数, category: 人员类别, head: 负责人, team: 班组}
---
accounts:
  pool: {of: institution, kind: fund, title: 绩效资金}
  director_fund: {of: institution, kind: reserve, title: 院长基金}
  risk: {of: consortium, kind: reserve, title: 风险金}
"""
TOWN = Segment("A", "institution", "township_hospital", "M", attributes={"name": "甲镇卫生院", "tier": "town"})


def _person(staff_no, *, parent="A", first=date.min, last=date.max, **attributes):
    given = {"head": "no", "post_coefficient": "1", "category": "doctor", **attributes}
    return Segment(staff_no, "person", given["category"], parent, first, last, given)


def _rules(steps, *, code="staff_pay", fund="pool_total", head=""):
    return f"""
distribution: {code}
title: 职工分配
period: month
per: institution
among: staff where head == no
fund: {fund}
source: {{document: 甲文, clause: 第一条}}
{head}
steps:
{steps}
"""


@pytest.fixture
def person():
    return _person


@pytest.fixture
def rules():
    return _rules


@pytest.fixture
def run() -> Callable[..., Ledger]:
    def _run(
        documents,
        people=(),
        *,
        fund=None,
        funds=None,
        facts=(),
        scores=None,
        cards=None,
        period="2025-06",
        units=(TOWN,),
        codes=None,
        **more,
    ):
        month = parse_period(period)
        texts = [documents] if isinstance(documents, str) else list(documents)
        book, issues = load_book({"measures.yaml": MEASURES, "rules.yaml": "\n---\n".join(texts)})
        assert not [i.render() for i in issues if i.is_error]
        given = dict(funds or {})
        if fund is not None:
            given["A"] = fund
        rows = [Fact(FactKey(who, "pool_total", month), Fraction(str(yuan))) for who, yuan in given.items()]
        rows += [Fact(FactKey(who, measure, month), Fraction(str(value))) for who, measure, value in facts]
        shown = {("s", who): CardFigures(Fraction(str(total))) for who, total in (scores or {}).items()}
        return distribute(
            book,
            Roster([*units, *people]),
            Facts(rows),
            month,
            codes or sorted(book.distributions),
            cards={**shown, **(cards or {})},
            **more,
        )

    return _run


@pytest.fixture
def paid() -> Callable[[Ledger], dict[str, str]]:
    """Account -> yuan, without outside."""

    def _paid(ledger):
        return {a: m.text(grouped=False) for a, m in ledger.balances.items() if m != Money(0) and "outside" not in a}

    return _paid
