"""What another run booked is taken over only where it would be booked again: entry for entry, fen for fen."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import event, given
from hypothesis import strategies as st
from tests.properties.distribution_worlds import worlds

from perf.appraisal.month import Prior, pay_out
from perf.distribution import Kept, distribute
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.services.scenario_books import ScenarioRules
from perf.specs.book import load_book

MONTH = Period(2025, "month", 6)
HEAD = "source: {document: 甲文, clause: 一}\nperiod: month"
CHAIN = f"""
measure: wanted
title: 要求的资金
answers: number
unit: yuan
digits: 2
level: institution
---
measure: nights
title: 夜班
answers: number
unit: items
digits: 0
level: person
---
attributes: {{weight: 权数, head: 负责人}}
---
accounts:
  pool: {{of: institution, kind: fund, title: 资金}}
  saved: {{of: institution, kind: reserve, title: 结余}}
  common: {{of: consortium, kind: reserve, title: 统筹}}
---
distribution: a_pools
title: 核定
{HEAD}
per: consortium
among: members
fund: 0
steps: [{{pay: {{line: 核定, amount: wanted, payer: 财政}}}}]
---
distribution: b_pay
title: 绩效
{HEAD}
per: institution
among: staff
fund: balance(pool)
steps:
  - take: {{to: saved, amount: 10% * fund}}
  - take: {{to: common, amount: 0.1% * fund}}
  - apportion: {{by: weight, line: 绩效}}
---
distribution: c_bonus
title: 奖励
{HEAD}
per: institution
among: staff where head == no
fund: balance(saved) / 2
steps: [{{apportion: {{by: weight, line: 奖励}}}}, {{remainder: {{to: saved}}}}]
---
distribution: d_thanks
title: 慰问
{HEAD}
per: institution
among: staff
fund: 1.01
steps: [{{apportion: {{by: 1, line: 慰问}}}}]
---
distribution: e_nights
title: 夜班
{HEAD}
per: institution
among: staff
fund: 0
steps: [{{pay: {{line: 夜班, amount: 80 * nights, payer: 财政}}}}]
---
distribution: f_common
title: 统筹奖
{HEAD}
per: consortium
among: staff
fund: balance(common)
steps: [{{apportion: {{by: 1, line: 统筹奖}}}}]
"""
BOOK, ISSUES = load_book({"chain.yaml": CHAIN})
assert not [issue.render() for issue in ISSUES if issue.is_error]
HOUSES = "ABC"


def handed_out(world, kept=None):
    prior = Prior(
        opening=world.opening,
        odd_fen_received=world.odd_fen,
        last_scores={"0001": Fraction(77)},
        adjustments=world.adjustments,
        corrections=world.corrections(),
    )
    where = (world.book, Roster(world.segments), world.known_facts(), world.period, world.cards, prior)
    return pay_out(*where, is_told=kept is None, kept=kept)


def bare(ledger):
    """Everything but the words."""
    return [
        replace(entry, explanation=None, rule=None, working=None if one is None else one.odd_fen or None)
        for entry in ledger.entries
        for one in [entry.working]
    ]


def booked_by(world):
    booked = {}
    for entry in handed_out(world).entries:
        if entry.distribution in world.book.distributions:
            booked.setdefault((entry.distribution, entry.owner), []).append(entry)
    return {unit: tuple(entries) for unit, entries in booked.items()}


@given(worlds(months=True), st.data())
def test_a_ledger_with_kept_entries_is_the_full_one(world, data):
    measures, schemes = frozenset(), frozenset()
    facts, cards = dict(world.facts), dict(world.cards)
    if cards and data.draw(st.booleans(), label="a score"):
        key = data.draw(st.sampled_from(sorted(cards)))
        cards[key] = replace(cards[key], total=Fraction(data.draw(st.integers(0, 100))))
        schemes = frozenset({key[0]})
    else:
        key = data.draw(st.sampled_from(sorted(facts)))
        facts[key] += data.draw(st.integers(-50, 500))
        measures = frozenset({key.measure})
    other = replace(world, facts=facts, cards=cards)
    rules = ScenarioRules(world.book).untouched(measures, schemes)
    event(f"rules taken over: {len(rules)} of {len(world.book.distributions)}")
    kept, full = handed_out(other, Kept(rules, booked_by(world))), handed_out(other)
    assert bare(kept) == bare(full)
    assert kept.balances == full.balances
    assert set(kept.failed) <= set(full.failed)


@st.composite
def counties(draw):
    """Three institutions, people who work in two of them, what the institutions ask for, and what is there already."""
    segments = [Segment("M", "consortium", "group", "")]
    segments += [Segment(code, "institution", "town", "M") for code in HOUSES]
    facts, opening, odd = {}, {}, {}
    for code in HOUSES:
        facts[FactKey(code, "wanted", MONTH)] = Fraction(draw(st.integers(-500, 9_000)), 100)
        opening[f"institution:{code}"] = Money(draw(st.integers(0, 900)))
        opening[f"reserve:saved:{code}"] = Money(draw(st.integers(0, 900)))
    for number in range(draw(st.integers(3, 9))):
        who = f"{number:04d}"
        for parent in draw(st.lists(st.sampled_from(HOUSES), min_size=2, max_size=2, unique=True)):
            attributes = {"weight": draw(st.sampled_from("1123")), "head": draw(st.sampled_from(["no", "no", "yes"]))}
            segments.append(Segment(who, "person", "doctor", parent, attributes=attributes))
        facts[FactKey(who, "nights", MONTH)] = Fraction(draw(st.integers(0, 3)))
        odd[who] = 0
    return segments, facts, opening, odd


def chained(segments, facts, opening, odd, kept=None):
    known = Facts([Fact(key, value) for key, value in facts.items()])
    where = (BOOK, Roster(segments), known, MONTH, tuple(BOOK.distributions))
    return distribute(*where, cards={}, opening=opening, odd_fen_received=odd, is_told=False, kept=kept)


@given(counties(), st.data())
def test_what_hangs_on_a_change_by_accounts_and_odd_fen_is_handed_out_again(county, data):
    segments, facts, opening, odd = county
    key = data.draw(st.sampled_from(sorted(facts)))
    changed = {
        **facts,
        key: facts[key] + Fraction(data.draw(st.integers(-300, 300)), 1 if key.measure == "nights" else 100),
    }
    before = chained(segments, facts, opening, odd)
    booked = {}
    for entry in before.entries:
        booked.setdefault((entry.distribution, entry.owner), []).append(entry)
    rules = ScenarioRules(BOOK).untouched(frozenset({key.measure}), frozenset())
    assert rules == BOOK.distributions.keys() - {"a_pools" if key.measure == "wanted" else "e_nights"}
    kept = chained(segments, changed, opening, odd, Kept(rules, {unit: tuple(own) for unit, own in booked.items()}))
    full = chained(segments, changed, opening, odd)
    assert bare(kept) == bare(full)
    assert kept.balances == full.balances
    was = {id(entry.working) for entry in before.entries if entry.working is not None}
    event(f"shares taken over: {any(id(entry.working) in was for entry in kept.entries)}")
