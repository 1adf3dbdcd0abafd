"""Parts of a yearly amount: exact, summing to it, settling themselves where they are told to."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.distribution import CardFigures, PaidBefore, distribute
from perf.distribution.rows import ledger_rows, paid_from_rows
from perf.distribution.schedules import due_so_far
from perf.kernel.facts import Facts
from perf.kernel.money import Money
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster, Segment
from perf.specs.book import load_book
from perf.specs.lines import lines_read, paid_lines

EQUAL = (Fraction(1),) * 12
WEIGHTS = st.lists(st.fractions(0, 9, max_denominator=7), min_size=1, max_size=12).filter(any)


def parts_of(fen, parts, unit=1):
    due = [due_so_far(Money(fen), tuple(parts), n, unit).fen for n in range(len(parts) + 1)]
    return [later - earlier for earlier, later in pairwise(due)]


def test_one_fen_over_twelve_parts_is_paid_once_and_last():
    assert parts_of(1, EQUAL) == [0] * 11 + [1]


def test_three_yuan_and_a_third_in_unequal_parts():
    assert parts_of(1000, [Fraction(n) for n in (1, 1, 1, 2)]) == [200, 200, 200, 400]
    assert parts_of(1000, [Fraction(n) for n in (1, 1, 1, 0)]) == [333, 333, 334, 0]


def test_parts_in_whole_yuan_leave_the_fen_to_the_last():
    assert parts_of(100_01, (Fraction(1),) * 4, 100) == [2500, 2500, 2500, 2501]
    assert parts_of(60_00, EQUAL, 100_00) == [0] * 11 + [60_00]


@given(st.integers(-(10**12), 10**12), WEIGHTS, st.sampled_from([1, 100, 10_000]))
def test_the_parts_of_any_amount_and_weights_sum_to_it_and_none_runs_against_it(fen, weights, unit):
    parts = parts_of(fen, weights, unit)
    assert sum(parts) == fen
    assert all(part * fen >= 0 for part in parts)
    exact = [fen * weight / sum(weights) for weight in weights]
    assert all(abs(part - share) < 2 * unit for part, share in zip(parts, exact, strict=True)) or unit > 1


@pytest.fixture
def advance(run, rules, person):
    def _advance(step, *, period="2025-03", paid_so_far=None, kind="month", fund=10_000, people=None, head="", **more):
        text = rules(f"  - schedule: {{line: 预拨, {step}}}\n  - remainder: {{to: pool}}", head=head)
        text = text.replace("period: month", f"period: {kind}")
        when = parse_period(period)
        rows = {(who, "预拨", when.shift(-1)): Money(fen) for who, fen in (paid_so_far or {}).items()}
        sealed = frozenset({when.shift(-1)}) if rows else frozenset()
        paid = PaidBefore(rows, sealed)
        return run(text, people or [person("甲")], fund=fund, period=period, paid=paid, **more)

    return _advance


def test_an_account_gets_the_part_of_its_month(advance, paid):
    january = advance("amount: 1000, parts: 12, to: director_fund", period="2025-01")
    assert paid(january)["reserve:director_fund:A"] == "83.33"
    ledger = advance("amount: 1000, parts: 12, to: director_fund", period="2025-12")
    assert paid(ledger)["reserve:director_fund:A"] == "83.34"


@pytest.mark.parametrize(("period", "yuan"), [("2025-Q1", "200.00"), ("2025-Q4", "400.00")])
def test_quarters_have_four_parts_and_each_claimant_its_own_amount(advance, paid, person, period, yuan):
    people = [person("甲"), person("乙", post_coefficient="2")]
    step = "amount: 1000 * post_coefficient, parts: [1, 1, 1, 2]"
    ledger = advance(step, period=period, kind="quarter", people=people)
    assert paid(ledger)["person:甲"] == yuan
    assert paid(ledger)["person:乙"] == f"{Fraction(yuan) * 2}.00"


def test_a_changed_budget_settles_itself(advance, paid):
    step = "amount: 1200, parts: 12, to: director_fund, catch_up: yes"
    ledger = advance(step, paid_so_far={"A": 160_00})  # due by March 300.00, paid 160.00
    assert paid(ledger)["reserve:director_fund:A"] == "140.00"
    line = next(entry for entry in ledger.entries if entry.line == "预拨")
    assert line.explanation.zh == "预拨:全年 1,200.00 元 × 3 ÷ 12 − 已发 预拨(本年累计) 160.00 元 = 140.00 元"


def test_more_paid_than_due_is_taken_back_or_waits(advance, paid):
    step = "amount: 1200, parts: 12, catch_up: yes"
    back = advance(step, paid_so_far={"甲": 310_00})
    assert paid(back)["person:甲"] == "-10.00"
    assert paid(back)["institution:A"] == "10010.00"
    waits = advance(f"{step}, overpaid: wait", paid_so_far={"甲": 310_00})
    assert "person:甲" not in paid(waits)
    assert "已付足" in next(e for e in waits.entries if e.claimant == "甲").explanation.zh


def test_a_reserve_gives_back_only_what_it_holds(advance, paid):
    step = "amount: 1200, parts: 12, to: director_fund, catch_up: yes"
    empty = advance(step, paid_so_far={"A": 310_00})
    assert [issue.code for issue in empty.issues] == ["reserve-too-small"]
    full = advance(step, paid_so_far={"A": 310_00}, opening={"reserve:director_fund:A": Money(310_00)})
    assert paid(full)["reserve:director_fund:A"] == "300.00"


def test_a_payer_outside_leaves_the_fund_alone(advance, paid):
    ledger = advance("amount: 1200, parts: 12, to: director_fund, payer: 医保中心", fund=0)
    assert ledger.balances["outside:医保中心"] == Money(-100_00)
    assert paid(ledger) == {"reserve:director_fund:A": "100.00"}


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("amount: night_shifts * 1, parts: 12, to: director_fund", "take-not-computed"),
        ("amount: 200000, parts: 12", "pay-over-rest"),
        ("amount: 200000, parts: 12, to: director_fund", "pay-over-rest"),
    ],
)
def test_what_cannot_be_had_is_refused(advance, step, code):
    assert [issue.code for issue in advance(step).issues] == [code]


def test_an_amount_below_zero_is_taken_back_in_the_same_parts(advance, paid):
    assert paid(advance("amount: 0 - 1000, parts: 12", period="2025-12"))["person:甲"] == "-83.34"


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("amount: 1, parts: 4", "schedule-parts"),
        ("amount: 1, parts: 5", "rule-number-invalid"),
        ("amount: 1, parts: [1, -1]", "rule-number-range"),
        ("amount: 1, parts: [0, 0]", "rule-number-range"),
        ("amount: 1, parts: [a]", "rule-number-invalid"),
        ("amount: 1, parts: {a: 1}", "rule-shape"),
        ("amount: 1", "rule-key-missing"),
        ("amount: 1, parts: 12, unit: 0.001", "rule-number-invalid"),
    ],
)
def test_schedules_that_cannot_be_are_told(rules, step, code):
    _, issues = load_book({"r.yaml": rules(f"  - schedule: {{line: 预拨, {step}}}")})
    assert [issue.code for issue in issues if issue.is_error] == [code]


def test_what_a_schedule_pays_and_reads_is_known(rules):
    book, _ = load_book({"r.yaml": rules("  - schedule: {line: 预拨, amount: 12, parts: 12, catch_up: yes}")})
    rule = book.distributions["staff_pay"]
    assert paid_lines(rule) == lines_read(rule) == {"预拨"}


def test_an_account_is_filled_where_nobody_claims(run, rules, paid):
    text = rules("  - schedule: {line: 预拨, amount: 1200, parts: 12, to: director_fund, payer: 医保中心}", fund="0")
    assert paid(run(text)) == {"reserve:director_fund:A": "100.00"}


def test_what_was_held_for_want_of_a_score_is_not_paid_once_more_when_the_score_comes() -> None:
    rule = """
distribution: advance
title: 预拨
period: quarter
per: consortium
among: members
uses: {score: [s]}
fund: 0
source: {document: 办法, clause: 一}
on_missing_score: hold_at(full)
steps: [{schedule: {line: 季度预拨, amount: 1000 * score / 100, parts: 4, catch_up: yes, payer: 医保局}}]
"""
    book, issues = load_book({"rules.yaml": rule})
    assert [issue for issue in issues if issue.is_error] == []
    roster = Roster([Segment("G", "consortium", "consortium", ""), Segment("B", "institution", "hospital", "G")])
    opening, before, seen = dict[str, Money](), PaidBefore(), []
    for quarter in range(1, 5):
        scores = {("s", "B"): CardFigures(Fraction(90))} if quarter > 2 else {}
        period = parse_period(f"2024-Q{quarter}")
        ledger = distribute(book, roster, Facts(), period, ["advance"], cards=scores, opening=opening, paid=before)
        rows = ledger_rows(ledger)
        before, opening = paid_from_rows(rows, before), dict(ledger.balances)
        seen.append([opening.get(account, Money(0)).text() for account in ("held:B", "institution:B")])
    # 250, 500 held at full score; 675 due at 90 points, less 500; 900 in the year
    assert seen == [["250.00", "0.00"], ["500.00", "0.00"], ["500.00", "175.00"], ["500.00", "400.00"]]
