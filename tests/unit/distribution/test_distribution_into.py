"""`into`: money that must not mix with what a later distribution spends."""

from fractions import Fraction

from perf.distribution import CardFigures, distribute
from perf.kernel.facts import Facts
from perf.kernel.money import Money
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster, Segment
from perf.specs.book import load_book

RULES = """
accounts:
  pool: {of: institution, kind: fund}
  surplus: {of: institution, kind: reserve}
---
distribution: yearly
title: 年度结余
period: month
per: consortium
among: members
into: surplus
uses: {score: [s]}
fund: 100
source: {document: 办法, clause: 一}
steps: [{apportion: {by: score}}]
---
distribution: monthly
title: 月度
period: month
per: institution
among: staff
fund: balance(pool)
source: {document: 办法, clause: 二}
steps: [{apportion: {by: 1}}]
"""
JUNE = parse_period("2025-06")


def test_a_reserve_named_by_into_keeps_the_money_out_of_the_members_own_fund() -> None:
    book, issues = load_book({"rules.yaml": RULES})
    assert [issue for issue in issues if issue.is_error] == []
    roster = Roster(
        [
            Segment("G", "consortium", "consortium", ""),
            Segment("A", "institution", "hospital", "G"),
            Segment("B", "institution", "hospital", "G"),
            Segment("1", "person", "doctor", "A"),
        ]
    )
    full = CardFigures(Fraction(50), None, "", forfeits_pay=False, status="scored")
    cards = {("s", "A"): full, ("s", "B"): full}
    ledger = distribute(book, roster, Facts(), JUNE, ["yearly", "monthly"], cards=cards)
    assert ledger.balances["reserve:surplus:A"] == Money(5000)
    assert ledger.balances["reserve:surplus:B"] == Money(5000)
    assert not any(entry.target.startswith("institution:") for entry in ledger.entries)
    assert ledger.balances.get("person:1", Money(0)) == Money(0)
