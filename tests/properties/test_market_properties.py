"""Internal markets of random members, counts and prices: nothing made, nothing lost, the same whatever the order."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from perf.distribution import check_conserved, check_rows, distribute, ledger_rows
from perf.distribution.reconciliation import reconcile
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.money import Money, money_from_yuan
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.specs.book import load_book

MONTH = Period(2025, "month", 6)
PRICES = {"image": Fraction("18.005"), "ecg": Fraction(100, 7), "ward": Fraction(0)}
RULES = """
measure: given
title: 提供数量
unit: items
digits: 0
level: institution
---
measure: got
title: 接受数量
unit: items
digits: 0
level: institution
---
accounts: {pool: {of: institution, kind: fund, title: 绩效资金}}
---
list: services
title: 内部服务
items: {image: {title: 影像, a: 18.005, b: 1}, ecg: {title: 心电, a: 100, b: 7}, ward: {title: 下派, a: 0, b: 1}}
---
distribution: market
title: 内部市场
period: month
per: consortium
among: members
fund: 0
source: 甲文
steps:
  - transfer: {list: services, provided: given, received: got, price: item.a / item.b, account: pool, short: SHORT, on_difference: HOW}
"""
WAYS = ("hold", "lower", "provided", "received", "refuse")
BOOKS = {
    (how, short): load_book({"r.yaml": RULES.replace("HOW", how).replace("SHORT", short)})[0]
    for how in WAYS
    for short in ("refuse", "overdraw")
}
ROSTER = Roster([Segment("M", "consortium", "", ""), *(Segment(code, "institution", "", "M") for code in "ABCD")])
members = st.sampled_from("ABCD")
keys = st.tuples(members, members, st.sampled_from([*PRICES, "unlisted"]))
counts = st.dictionaries(keys, st.integers(-1, 1_000), max_size=12)


def facts_of(provided, received):
    gave = [Fact(FactKey(p, "given", MONTH, item, r), Fraction(n)) for (p, r, item), n in provided.items()]
    got = [Fact(FactKey(r, "got", MONTH, item, p), Fraction(n)) for (p, r, item), n in received.items()]
    return [*gave, *got]


def settled(facts, how, short, opening):
    held = {f"institution:{code}": Money(opening) for code in "ABCD"}
    return distribute(BOOKS[how, short], ROSTER, Facts(facts), MONTH, ["market"], cards={}, opening=held), held


@given(counts, counts, st.sampled_from(WAYS), st.sampled_from(["refuse", "overdraw"]), st.integers(0, 3_000_000))
def test_a_market_moves_what_is_there_and_makes_nothing(provided, received, how, short, opening):
    ledger, held = settled(facts_of(provided, received), how, short, opening)
    check_conserved(ledger.entries, held, closing=ledger.balances)
    check_rows(ledger_rows(ledger), held)
    nets = [-step.out.fen for step in ledger.path if "transfer" in step.step]
    assert sum(nets) == 0
    if short == "refuse":
        assert all(amount.fen >= 0 for amount in ledger.balances.values())
    if ledger.failed:
        assert ledger.entries == ()
        assert any(issue.is_error for issue in ledger.issues)


@given(counts, counts, st.sampled_from(WAYS), st.randoms(use_true_random=False))
def test_the_order_of_the_reports_does_not_matter(provided, received, how, random):
    facts = facts_of(provided, received)
    mixed = list(facts)
    random.shuffle(mixed)
    assert settled(facts, how, "overdraw", 0)[0] == settled(mixed, how, "overdraw", 0)[0]


@given(counts, counts, st.sampled_from(WAYS[:-1]))
def test_each_deal_is_its_own_count_times_price_to_the_fen_whatever_the_others_are(provided, received, how):
    facts = facts_of(provided, received)
    ledger = settled(facts, how, "overdraw", 0)[0]
    booked = {(e.claimant, e.source[-1], e.step.split("/")[1]): e.amount for e in ledger.entries if "/" in e.step}
    for (provider, receiver, item), amount in booked.items():
        one = (provider, receiver, item)
        p, r = provided.get(one, 0), received.get(one, 0)
        expected = {"hold": min(p, r), "lower": min(p, r), "provided": p, "received": r}[how]
        assert amount == money_from_yuan(expected * PRICES[item])
    told = [key for key in {*provided, *received} if key not in booked]
    for provider, receiver, item in told:
        both = {provided.get((provider, receiver, item)), received.get((provider, receiver, item))}
        assert provider == receiver or item == "unlisted" or -1 in both or both <= {0, None}


@given(counts, counts, st.sampled_from(WAYS[:-1]))
def test_a_reconciliation_says_what_the_ledger_will_say(provided, received, how):
    facts = facts_of(provided, received)
    ledger = settled(facts, how, "overdraw", 0)[0]
    (found,) = reconcile(BOOKS[how, "overdraw"], ROSTER, Facts(facts), MONTH)
    booked = sorted((e.claimant, e.source[-1], e.step.split("/")[1], e.amount) for e in ledger.entries if "/" in e.step)
    assert booked == [(*deal.trade, deal.amount) for deal in found.market.deals]
    assert found.market.issues == tuple(i for i in ledger.issues if i.code != "transfer-overdrawn")
