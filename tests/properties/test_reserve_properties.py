"""Ladders, holds and releases over random people: every fen is somewhere, nobody's order matters, nothing exceeds what was there."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from perf.distribution import CardFigures, distribute
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.money import Money
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster, Segment
from perf.specs.book import load_book

JUNE = parse_period("2025-06")
RULES = """
measure: own
title: 各自金额
unit: yuan
level: person
---
accounts:
  forfeited: {of: institution, kind: reserve, title: 罚没}
  year_end: {of: person, kind: reserve, title: 年终}
---
distribution: returned
title: 返还
period: month
per: institution
among: staff
uses: {score: [s]}
on_missing_score: hold_at(full)
fund: sum(members.own) * 2
source: 甲文
ladders: {share: {points: started, rows: ROWS}}
steps:
  - ladder: {line: 返还, of: score, amount: own, forfeited: {to: forfeited}, points: POINTS, rows: ROWS}
  - hold: {line: 年终预留, share: 10%, to: year_end}
  - release: {line: 年终兑现, from: year_end, share: share(score), forfeited: {to: rest}}
  - schedule: {line: 预拨, amount: own / 3, parts: 12}
  - remainder: {to: forfeited}
"""
ROWS = "[{from: 90, gives: 100%, reward: 5%}, {from: 80, gives: 100%}, {from: 60, gives: 100%, less: 3%, below: 80}, {from: 0, gives: pro_rata, of: 120}]"
PEOPLE = st.lists(
    st.tuples(
        st.integers(0, 10**7),
        st.one_of(st.none(), st.fractions(0, 100, max_denominator=100)),
        st.integers(0, 10**6),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


def run(people, points, order):
    book, issues = load_book({"r.yaml": RULES.replace("ROWS", ROWS).replace("POINTS", points)})
    assert not [issue.render() for issue in issues if issue.is_error]
    named = [(f"p{n}", *one) for n, one in enumerate(people)]
    staff = [Segment(named[n][0], "person", "", "H") for n in order]
    cards = {
        ("s", who): CardFigures(score, forfeits_pay=vetoed) for who, _, score, _, vetoed in named if score is not None
    }
    facts = Facts([Fact(FactKey(who, "own", JUNE), Fraction(own, 100)) for who, own, *_ in named])
    opening = {f"reserve:year_end:{who}": Money(kept) for who, _, _, kept, _ in named}
    roster = Roster([Segment("H", "institution", "", ""), *staff])
    return named, distribute(book, roster, facts, JUNE, ["returned"], cards=cards, opening=opening)


@settings(max_examples=40)
@given(PEOPLE, st.sampled_from(["exact", "started", "completed"]), st.data())
def test_every_fen_is_somewhere_and_the_order_of_people_does_not_matter(people, points, data):
    places = range(len(people))
    named, ledger = run(people, points, places)
    turned = run(people, points, data.draw(st.permutations(list(places))))[1]
    assert turned.entries == ledger.entries
    assert not ledger.failed
    assert sum(amount.fen for amount in ledger.balances.values()) == sum(one[3] for one in named)
    for who, own, _, kept, vetoed in named:
        mine = [entry for entry in ledger.entries if entry.claimant == who]
        by_line = {entry.line: entry.amount.fen for entry in mine}
        given_back = by_line.get("返还", 0)
        assert 0 <= given_back <= own
        assert by_line.get("返还·奖励", 0) <= (own * 5 + 50) // 100
        held = next((entry.status == "held" for entry in mine if entry.line == "返还"), False)
        assert held or given_back + by_line.get("返还·未返还", 0) == own
        here = ledger.balances.get(f"reserve:year_end:{who}", Money(0)).fen
        freed = by_line.get("年终兑现", 0) + by_line.get("年终兑现·未兑现", 0)
        assert freed + here == kept + by_line.get("年终预留", 0)
        assert not vetoed or held or given_back == 0
