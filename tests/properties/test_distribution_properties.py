"""Whole distributions on random counties: nothing lost, nothing made, the same whatever the order."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from perf.distribution import CardFigures, check_conserved, check_rows, distribute, ledger_rows
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.specs.book import load_book

MONTH = Period(2025, "month", 6)
RULES = """
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
attributes: {post_coefficient: 岗位系数, category: 人员类别, head: 负责人}
---
accounts: {director_fund: {of: institution, kind: reserve, title: 院长基金}}
---
distribution: staff_pay
title: 职工分配
period: month
per: institution
among: staff where head == no
uses: {score: [s, t]}
fund: pool_total
source: {document: 甲文, clause: 第一条}
on_missing_score: hold_at(mean)
steps:
  - take: {to: director_fund, amount: 5% * fund}
  - pay: {line: 夜班, amount: 80 * night_shifts, short: scale}
  - split:
      by: category
      shares: {doctor: 50, nurse: 40, admin: 10}
      steps:
        - gate: {when: score < 60, to: rest}
        - apportion: {by: post_coefficient * score / 100, cap: 3 * rest / count}
        - hold: {share: 10%, line: 风险金}
  - remainder: {to: director_fund}
"""
BOOK, ISSUES = load_book({"rules.yaml": RULES})
assert not [i for i in ISSUES if i.is_error]
days = st.dates(date(2025, 5, 20), date(2025, 7, 10))


@st.composite
def counties(draw):
    segments = [Segment(code, "institution", "town", "M") for code in "AB"]
    facts = {}
    cards = {}
    for code in "AB":
        facts[FactKey(code, "pool_total", MONTH)] = Fraction(draw(st.integers(-50_000, 2_000_000)), 100)
    for number in range(draw(st.integers(0, 8))):
        who = f"{number:04d}"
        for _ in range(draw(st.integers(1, 2))):
            first, last = sorted((draw(days), draw(days)))
            attributes = {
                "head": draw(st.sampled_from(["no", "no", "no", "yes", ""])),
                "post_coefficient": draw(st.sampled_from(["0", "0.8", "1", "1.25", "3"])),
                "category": draw(st.sampled_from(["doctor", "nurse", "admin", "doctor", "cook"])),
            }
            segments.append(Segment(who, "person", "doctor", draw(st.sampled_from("AB")), first, last, attributes))
        if draw(st.booleans()):
            facts[FactKey(who, "night_shifts", MONTH)] = Fraction(draw(st.integers(0, 5)))
        for scheme in draw(st.sets(st.sampled_from("st"))):
            total = draw(
                st.one_of(st.none(), st.sampled_from([Fraction(5999, 100), Fraction(60), Fraction(9235, 100)]))
            )
            cards[scheme, who] = CardFigures(total, forfeits_pay=draw(st.integers(0, 9)) == 0)
    return segments, [Fact(key, value) for key, value in facts.items()], cards


def pay(segments, facts, cards):
    return distribute(BOOK, Roster(segments), Facts(facts), MONTH, ["staff_pay"], cards=cards)


@given(counties())
def test_every_fen_is_accounted_for_and_refused_owners_move_nothing(county):
    ledger = pay(*county)
    check_conserved(ledger.entries, closing=ledger.balances)
    check_rows(ledger_rows(ledger), closing=ledger.balances)
    assert all(entry.amount.fen >= 0 for entry in ledger.entries)
    failed = {owner for _, owner in ledger.failed}
    assert not failed & {entry.owner for entry in ledger.entries}
    assert failed <= {issue.subject for issue in ledger.issues if issue.is_error}
    for account, amount in ledger.balances.items():
        if account.startswith("fund:"):
            assert amount == Money(0)


@given(counties(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(county, random):
    segments, facts, cards = county
    ledger = pay(segments, facts, cards)
    random.shuffle(segments)
    random.shuffle(facts)
    mixed = list(cards.items())
    random.shuffle(mixed)
    assert pay(segments, facts, dict(mixed)) == ledger


@given(counties())
def test_each_share_can_be_redone_from_its_own_working(county):
    for entry in pay(*county).entries:
        working = entry.working
        if working is None:
            continue
        sign = -1 if entry.source != f"fund:{entry.owner}" else 1
        share = sign * entry.amount.fen
        if working.cap is not None:
            assert share == working.cap.fen
            continue
        exact = working.free_amount.yuan * working.claim.value / working.free_claims
        assert exact == working.quota
        assert abs(share) == abs(int(exact * 100)) + working.odd_fen


@given(counties())
def test_the_way_from_the_pool_adds_up_at_every_step(county):
    for step in pay(*county).path:
        assert step.before - step.out == step.after
