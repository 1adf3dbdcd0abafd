"""What a member institution is given: pools, earmarked income and quotas apart from each other."""

from types import SimpleNamespace

from perf.appraisal.statement_view import RunHeader, Statements
from perf.distribution import distribute
from perf.kernel.facts import Facts
from perf.kernel.money import Money
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster, Segment
from perf.kernel.text import Text
from perf.scoring import Scores
from perf.services.overview import institution_rows
from perf.specs.book import load_book

JUNE = parse_period("2025-06")
HEADER = RunHeader("2025-06#1", "draft", "3", "", "G")
MEMBERS = Roster([Segment("G", "consortium", "", ""), Segment("A", "institution", "township_hospital", "G")])


QUOTA = """
accounts:
  pool: {of: institution, kind: fund}
  budget: {of: institution, kind: quota, title: 年度额度}
---
distribution: budgets
title: 切块
period: month
per: consortium
among: members
into: budget
fund: 100
source: {document: 办法, clause: 一}
steps: [{apportion: {by: 1}}]
---
distribution: pools
title: 绩效
period: month
per: consortium
among: members
fund: 40
source: {document: 办法, clause: 二}
steps: [{apportion: {by: 1}}]
"""
BORNE = """
accounts: {income: {of: institution, kind: reserve, title: 医保收入}}
---
distribution: surplus
title: 结算
period: month
per: consortium
among: members
into: income
fund: 0
source: {document: 办法, clause: 三}
steps:
  - pay: {line: 结余留用, amount: 100, payer: 医保局}
  - pay: {line: 超支承担, amount: 0 - 30, payer: 医保局}
"""


def ledger_of(text, *codes):
    book, issues = load_book({"rules.yaml": text})
    assert [issue.render() for issue in issues if issue.is_error] == []
    return book, distribute(book, MEMBERS, Facts(), JUNE, codes, cards={})


def lines_of(book, ledger):
    view = Statements(book, MEMBERS, JUNE, Scores({}, (), 0), ledger, HEADER).view("A")
    return view, [(line.title.zh, line.amount.text(), line.status) for block in view.pay for line in block.lines]


def test_a_quota_is_told_beside_what_a_member_is_given_and_is_not_added_to_it() -> None:
    book, ledger = ledger_of(QUOTA, "budgets", "pools")
    assert ledger.balances["reserve:budget:A"] == Money(10_000)
    view, lines = lines_of(book, ledger)
    assert lines == [("切块", "100.00", "quota"), ("绩效", "40.00", "paid")]
    assert view.total_pay == Money(4_000)
    assert view.category_title == Text("乡镇卫生院", "township hospitals")


def test_what_a_member_bears_out_of_its_own_account_stands_on_its_statement_and_is_taken_off() -> None:
    book, ledger = ledger_of(BORNE, "surplus")
    view, lines = lines_of(book, ledger)
    assert lines == [("结余留用", "100.00", "paid"), ("超支承担", "-30.00", "paid")]
    assert view.total_pay == Money(7_000)


def test_the_pool_of_an_institution_is_told_apart_from_its_other_money_and_from_its_quota() -> None:
    _, ledger = ledger_of(QUOTA + "---" + BORNE, "budgets", "pools", "surplus")
    loaded = SimpleNamespace(run=SimpleNamespace(period=JUNE), scores=Scores({}, (), 0), ledger=ledger, roster=MEMBERS)
    (row,) = institution_rows(loaded)
    assert (row.amount, row.pool, row.earmarked) == (Money(11_000), Money(4_000), {"income": Money(7_000)})


def test_a_held_part_of_a_fund_below_zero_stands_on_the_statement_as_a_burden_that_waits() -> None:
    text = """
distribution: borne
title: 分担
period: month
per: consortium
among: members
uses: {score: [s]}
short: share
fund: 0 - 30
source: {document: 办法, clause: 四}
steps: [{apportion: {by: score, line: 分担}}]
on_missing_score: hold_at(full)
"""
    book, _ = load_book({"rules.yaml": text})
    ledger = distribute(book, MEMBERS, Facts(), JUNE, ["borne"], cards={})
    assert ledger.balances["held:A"] == Money(-3_000)
    view, lines = lines_of(book, ledger)
    assert lines == [("分担", "-30.00", "held")]
    assert (view.total_pay, view.held) == (Money(0), Money(-3_000))
