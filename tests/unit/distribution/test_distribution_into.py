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


CLAW_BACK = """
accounts:
  surplus: {of: institution, kind: reserve, title: 结余留用}
---
distribution: yearly
title: 年度结余
period: month
per: consortium
among: members
into: surplus
fund: 0 - 100
source: {document: 办法, clause: 一}
steps: [{apportion: {by: 1}}]
"""
MEMBERS = Roster(
    [
        Segment("G", "consortium", "consortium", ""),
        Segment("A", "institution", "hospital", "G"),
        Segment("B", "institution", "hospital", "G"),
    ]
)


def test_a_claw_back_never_takes_more_from_a_members_reserve_than_it_holds() -> None:
    book, issues = load_book({"rules.yaml": CLAW_BACK})
    assert [issue for issue in issues if issue.is_error] == []
    opening = {"reserve:surplus:A": Money(5000), "reserve:surplus:B": Money(4999)}
    ledger = distribute(book, MEMBERS, Facts(), JUNE, ["yearly"], cards={}, opening=opening)
    assert (ledger.failed, ledger.entries) == ((("yearly", "G"),), ())
    assert [(issue.code, issue.found.zh) for issue in ledger.issues] == [("reserve-too-small", "结余留用不够扣:B")]
    opening["reserve:surplus:B"] = Money(5000)
    ledger = distribute(book, MEMBERS, Facts(), JUNE, ["yearly"], cards={}, opening=opening)
    assert {amount.fen for account, amount in ledger.balances.items() if account.startswith("reserve:")} == {0}


def test_a_negative_line_never_takes_a_members_reserve_below_zero() -> None:
    paid_back = CLAW_BACK.replace("fund: 0 - 100", "fund: 0").replace(
        "apportion: {by: 1}", "pay: {line: 退回, amount: 0 - 1, payer: 医保局}"
    )
    book, issues = load_book({"rules.yaml": paid_back})
    assert [issue for issue in issues if issue.is_error] == []
    ledger = distribute(book, MEMBERS, Facts(), JUNE, ["yearly"], cards={}, opening={"reserve:surplus:A": Money(100)})
    assert [issue.found.zh for issue in ledger.issues] == ["结余留用不够扣:B"]
