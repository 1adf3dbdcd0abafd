"""Holding back for the year's end and setting free: all of it, less, more, later."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.distribution import CardFigures
from perf.distribution.paid import PaidBefore, add_movement
from perf.distribution.rows import RowPayment
from perf.kernel.money import Money
from perf.specs.book import load_book
from perf.specs.order import feeders

HOLD = "  - pay: {line: 绩效, amount: 1000 * post_coefficient}\n  - hold: {line: 年终预留, share: 10%, to: year_end}"
USES = "uses: {score: [s]}\non_missing_score: hold_at(full)\n"
KEPT = {"reserve:year_end:甲": Money(1000_00)}


def test_what_is_held_goes_to_a_reserve_of_each_claimant(run, rules, paid, person):
    people = [person("甲"), person("乙", post_coefficient="0.3333")]
    ledger = run(rules(f"{HOLD}\n  - remainder: {{to: pool}}"), people, fund=2000)
    got = paid(ledger)
    assert (got["person:甲"], got["reserve:year_end:甲"]) == ("900.00", "100.00")
    assert (got["person:乙"], got["reserve:year_end:乙"]) == ("299.97", "33.33")


def test_what_is_held_from_a_reserve_of_the_claimant_counts_what_came_there(run, rules, paid, person):
    text = rules(f"{HOLD}\n  - remainder: {{to: pool}}", head="into: kept")
    got = paid(run(text, [person("甲")], fund=1000))
    assert got == {"reserve:kept:甲": "900.00", "reserve:year_end:甲": "100.00"}


@pytest.fixture
def free(run, rules, person):
    def _free(step, *, scores=None, fund=0, opening=KEPT, people=None, head=USES, **more):
        text = rules(f"  - release: {{line: 年终兑现, {step}}}\n  - remainder: {{to: pool}}", head=head)
        people = people or [person("甲")]
        return run(text, people, fund=fund, scores=scores, opening=opening, **more)

    return _free


def test_all_of_it_is_paid_or_a_share_and_the_rest_stays(free, paid):
    assert paid(free("from: year_end, share: 100%", scores={"甲": 80})) == {"person:甲": "1000.00"}
    part = free("from: year_end, share: score / 100, keep: yes", scores={"甲": 80})
    assert paid(part) == {"person:甲": "800.00", "reserve:year_end:甲": "200.00"}
    line = next(entry for entry in part.entries if entry.line == "年终兑现")
    assert line.explanation.zh == "年终兑现:1,000.00 元 × 得分 80 ÷ 100 = 800.00 元"


@pytest.mark.parametrize(("to", "account"), [("director_fund", "reserve:director_fund:A"), ("rest", "institution:A")])
def test_what_is_not_paid_is_forfeited_or_comes_back(free, paid, to, account):
    ledger = free(f"from: year_end, share: score / 100, forfeited: {{to: {to}}}", scores={"甲": 80})
    assert paid(ledger) == {"person:甲": "800.00", account: "200.00"}


def test_what_one_forfeits_pays_what_another_gets_on_top(free, paid, person):
    opening = {**KEPT, "reserve:year_end:乙": Money(1000_00)}
    ledger = free(
        "from: year_end, share: score / 100, forfeited: {to: rest}",
        scores={"甲": 80, "乙": 115},
        people=[person("甲"), person("乙")],
        opening=opening,
    )
    assert paid(ledger) == {"person:甲": "800.00", "person:乙": "1150.00", "institution:A": "50.00"}


def test_above_all_of_it_the_rest_pays_if_there_is_any_or_the_rule_refuses(free, paid):
    step = "from: year_end, share: 120%"
    assert paid(free(step, fund=300)) == {"person:甲": "1200.00", "institution:A": "100.00"}
    assert [issue.code for issue in free(step, fund=199).issues] == ["score-missing", "pay-over-rest"]
    refused = free(f"{step}, extra: refuse", fund=300, scores={"甲": 80})
    assert [issue.code for issue in refused.issues] == ["release-over-reserve"]
    assert not refused.entries


def test_what_is_held_is_released_too(free, paid):
    ledger = free("from: held, share: 50%, forfeited: {to: director_fund}", opening={"held:甲": Money(1)})
    assert paid(ledger) == {"person:甲": "0.01"}  # half a fen is rounded up, nothing is left to forfeit


def test_an_empty_reserve_is_said_and_nothing_moves(free, paid):
    ledger = free("from: year_end, share: 100%", scores={"甲": 80}, opening={})
    assert [(issue.code, issue.severity) for issue in ledger.issues] == [("release-empty", "info")]
    assert paid(ledger) == {}


def test_without_a_score_all_of_it_waits(free, paid):
    ledger = free("from: year_end, share: score / 100, forfeited: {to: director_fund}")
    assert paid(ledger) == {"reserve:year_end:甲": "1000.00"}
    assert [issue.code for issue in ledger.issues] == ["score-missing"]


def test_a_share_below_zero_or_unknown_leaves_it_where_it_stands(free, paid):
    for share in ("0 - 1", "night_shifts / 10"):
        ledger = free(f"from: year_end, share: {share}", scores={"甲": 80})
        assert paid(ledger) == {"reserve:year_end:甲": "1000.00"}
        assert [issue.code for issue in ledger.issues] == ["release-not-computed"]


def test_a_veto_forfeits_and_a_condition_passes_over(run, free, paid, person):
    cards = {("s", "甲"): CardFigures(Fraction(90), forfeits_pay=True)}
    vetoed = free("from: year_end, share: 100%, forfeited: {to: director_fund}", cards=cards)
    assert paid(vetoed) == {"reserve:director_fund:A": "1000.00"}
    other = free("from: year_end, share: 100%, where: category == nurse", scores={"甲": 80})
    assert paid(other) == {"reserve:year_end:甲": "1000.00"}
    unknown = free("from: year_end, share: 100%, where: night_shifts > 1", scores={"甲": 80})
    assert [issue.code for issue in unknown.issues] == ["release-not-computed"]


def test_somebody_who_left_is_named_and_keeps_the_reserve(free, paid, person):
    gone = person("乙", last=date(2025, 5, 31))
    elsewhere = person("丙", parent="B")
    opening = {**KEPT, "reserve:year_end:乙": Money(500_00), "reserve:year_end:丙": Money(1)}
    ledger = free(
        "from: year_end, share: 100%", scores={"甲": 80}, people=[person("甲"), gone, elsewhere], opening=opening
    )
    assert [(issue.code, issue.subject) for issue in ledger.issues] == [("release-left-behind", "乙")]
    assert paid(ledger)["reserve:year_end:乙"] == "500.00"


@given(st.integers(0, 10**9), st.fractions(0, 1, max_denominator=1000))
def test_nothing_is_lost_whatever_is_kept_and_whatever_the_share(kept, share):
    from perf.distribution.releases import _Freed
    from perf.formulas import Node

    one = _Freed(None, "", Money(kept), Node("number", share))
    assert Money(0) <= one.asked <= one.kept


def test_what_stands_in_a_reserve_of_ones_own_is_not_paid_yet():
    fen = {}
    add_movement(fen, RowPayment("person:甲", "reserve:year_end:甲", Money(100), "预留"))
    assert fen == {("甲", "预留"): -100}
    add_movement(fen, RowPayment("reserve:year_end:甲", "person:甲", Money(100), "预留"))
    add_movement(fen, RowPayment("reserve:kept:甲", "reserve:year_end:甲", Money(100), "预留"))
    assert fen == {("甲", "预留"): 0}
    add_movement(fen, RowPayment("person:甲", "reserve:receivable:甲", Money(100), "扣回"))
    assert fen["甲", "扣回"] == 0
    assert PaidBefore().rows == {}


def test_a_release_comes_behind_what_fills_its_reserve(rules):
    hold = rules(HOLD, code="monthly")
    free = rules("  - release: {line: 年终兑现, from: year_end, share: 100%}", code="a_release")
    book, issues = load_book({"r.yaml": f"{hold}\n---\n{free}"})
    assert not [issue for issue in issues if issue.is_error]
    assert feeders(book)["a_release"] == {"monthly"}
    both = rules(f"{HOLD}\n  - release: {{line: 年终兑现, from: year_end, share: 100%}}")
    assert feeders(load_book({"r.yaml": both})[0])["staff_pay"] == frozenset()


@pytest.mark.parametrize(
    ("amount", "more", "yuan"),
    [
        ("99.5", "unit: 1", "100.00"),
        ("99.49", "unit: 1", "99.00"),
        ("149", "unit: 100", "100.00"),
        ("50", "unit: 100", "100.00"),
        ("500", "at_most: 300", "300.00"),
        ("300", "at_most: 300", "300.00"),
        ("500", "at_most: 350, unit: 100", "300.00"),
        ("349.99", "at_most: 350, unit: 100", "300.00"),
    ],
)
def test_amounts_of_their_own_have_a_unit_and_a_bound(run, rules, paid, person, amount, more, yuan):
    text = rules(f"  - pay: {{line: 单项奖, amount: {amount}, {more}}}\n  - remainder: {{to: pool}}")
    ledger = run(text, [person("甲")], fund=1000)
    assert paid(ledger)["person:甲"] == yuan
    assert [issue.code for issue in ledger.issues] == (["pay-over-limit"] if amount == "500" else [])


def test_a_bound_that_is_not_known_pays_nothing(run, rules, paid, person):
    text = rules("  - pay: {line: 单项奖, amount: 5, at_most: night_shifts * 1}\n  - remainder: {to: pool}")
    ledger = run(text, [person("甲")], fund=1000)
    assert [issue.code for issue in ledger.issues] == ["pay-not-computed"]
    assert "person:甲" not in paid(ledger)
