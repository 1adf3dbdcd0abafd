"""`paid(line)`: what the ledger paid before, in other periods, and in this run so far; the cap of a year."""

import pytest

from perf.distribution import PaidBefore, ledger_rows, paid_from_rows
from perf.kernel.money import Money
from perf.kernel.periods import parse_period

CAPPED = """
  - pay: {line: 夜班, amount: "min(80 * night_shifts, 1200 - paid(夜班)@year_to_date)"}
  - remainder: {to: pool}
"""
MONTHS = ("2025-01", "2025-02", "2025-03", "2025-04", "2025-05")


def before(*rows, sealed=MONTHS):
    """(subject, line, period, yuan) as what earlier runs paid."""
    known = {(who, line, parse_period(when)): Money(int(yuan * 100)) for who, line, when, yuan in rows}
    return PaidBefore(known, frozenset(map(parse_period, sealed)))


def codes_of(ledger):
    return [issue.code for issue in ledger.issues]


def pay(ledger, line="夜班"):
    return {e.claimant: e.amount.text() for e in ledger.entries if e.line == line}


def said(ledger, line="夜班"):
    return next(e.explanation for e in ledger.entries if e.line == line)


@pytest.fixture
def night(run, rules, person):
    def _night(steps=CAPPED, shifts=10, people=("甲",), **more):
        facts = [(name, "night_shifts", shifts) for name in people]
        return run(rules(steps), [person(name) for name in people], fund=100_000, facts=facts, **more)

    return _night


def test_a_yearly_cap_leaves_what_is_left_of_it(night) -> None:
    ledger = night(paid=before(("甲", "夜班", "2025-02", 500), ("甲", "夜班", "2025-05", 300)))
    assert pay(ledger) == {"甲": "400.00"}
    assert said(ledger).zh.startswith("夜班:取小(80 × 夜班次数 10, 1200 − 已发 夜班(本年累计) 800.00 元) = 400")
    assert "paid 夜班 (year to date) 800.00 yuan" in said(ledger).in_lang("en")


def test_other_people_other_lines_and_other_years_do_not_count(night) -> None:
    ledger = night(
        paid=before(("乙", "夜班", "2025-05", 900), ("甲", "值班", "2025-05", 900), ("甲", "夜班", "2024-12", 900))
    )
    assert pay(ledger) == {"甲": "800.00"}


def test_the_cap_works_in_the_very_first_month_when_no_ledger_was_ever_published(night) -> None:
    assert pay(night(shifts=20)) == {"甲": "1,200.00"}


def test_months_before_the_first_ledger_of_all_count_as_nothing(night) -> None:
    ledger = night(paid=before(("甲", "夜班", "2025-04", 700), sealed=("2025-04", "2025-05")))
    assert pay(ledger) == {"甲": "500.00"}


def test_a_hole_between_two_ledgers_is_missing_and_pays_nothing_and_is_named(night) -> None:
    ledger = night(paid=before(("甲", "夜班", "2025-03", 100), sealed=("2025-03", "2025-05")))
    assert pay(ledger) == {"甲": "0.00"}
    (issue,) = ledger.issues
    assert issue.code == "pay-not-computed"
    assert issue.found.zh == "夜班:没有已发布的台账:2025-04"


def test_the_month_before_without_a_ledger_is_missing_and_with_one_is_zero_where_nothing_was_paid(night) -> None:
    steps = "  - pay: {line: 夜班, amount: 100 + paid(夜班)@previous}\n  - remainder: {to: pool}"
    assert codes_of(night(steps, paid=before(sealed=("2025-04",)))) == ["pay-not-computed"]
    assert pay(night(steps, paid=before(sealed=("2025-05",)))) == {"甲": "100.00"}
    assert pay(night(steps, paid=before(("甲", "夜班", "2025-05", 7)))) == {"甲": "107.00"}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("paid(夜班)@last_year", "11.00"),
        ("paid(夜班)@last_year@year_to_date", "16.00"),
        ("paid(夜班)@year(-1)", "24.00"),
        ("paid('夜班')@previous", "3.00"),
        ("owner.paid(夜班)@previous", "500.00"),
        ("parent.paid(夜班)@previous", "500.00"),
        ("max(0, paid(夜班) + 1)", "1.00"),
    ],
)
def test_every_period_and_everybody_above_can_be_asked(night, formula, expected) -> None:
    paid = before(
        ("甲", "夜班", "2024-01", 5),
        ("甲", "夜班", "2024-06", 11),
        ("甲", "夜班", "2024-12", 8),
        ("甲", "夜班", "2025-05", 3),
        ("A", "夜班", "2025-05", 500),
        sealed=(*MONTHS, *(f"2024-{n:02d}" for n in range(1, 13))),
    )
    steps = f'  - pay: {{line: 夜班, amount: "{formula}"}}\n  - remainder: {{to: pool}}'
    assert pay(night(steps, paid=paid)) == {"甲": expected}


def test_what_this_run_paid_a_step_before_counts_at_once_and_members_are_added_up(night) -> None:
    steps = """
  - pay: {line: 夜班, amount: 80 * night_shifts}
  - pay: {line: 补差, amount: "1000 - paid(夜班)"}
  - take: {to: director_fund, amount: "10% * sum(members.paid(补差)@year_to_date)"}
  - remainder: {to: pool}
"""
    ledger = night(steps, people=("甲", "乙"), paid=before(("乙", "补差", "2025-01", 600)))
    assert pay(ledger, "补差") == {"甲": "200.00", "乙": "200.00"}
    assert [e.amount.text() for e in ledger.entries if e.line == "director_fund"] == ["100.00"]


def test_a_distribution_that_reads_a_line_runs_behind_the_one_that_pays_it(run, rules, person) -> None:
    first = rules("  - pay: {line: 补差, amount: 500 - paid(夜班)}\n  - remainder: {to: pool}", code="a_first_by_name")
    then = rules("  - pay: {line: 夜班, amount: 80 * night_shifts}\n  - remainder: {to: pool}", code="z_last_by_name")
    ledger = run([first, then], [person("甲")], fund=10_000, facts=[("甲", "night_shifts", 2)])
    assert pay(ledger, "补差") == {"甲": "340.00"}


def test_what_is_held_is_not_paid(run, rules, person) -> None:
    steps = """
  - pay: {line: 夜班, amount: 80 * night_shifts}
  - hold: {share: 25%, line: 夜班}
  - pay: {line: 补差, amount: "1000 - paid(夜班)"}
  - remainder: {to: pool}
"""
    ledger = run(rules(steps), [person("甲")], fund=10_000, facts=[("甲", "night_shifts", 10)])
    assert pay(ledger, "补差") == {"甲": "400.00"}


def test_the_rows_of_a_ledger_give_what_it_paid_once_more(night) -> None:
    may = night(shifts=3, period="2025-05")
    given = paid_from_rows(ledger_rows(may), PaidBefore())
    assert given.sealed == {parse_period("2025-05")}
    assert pay(night(shifts=14, paid=given)) == {"甲": "960.00"}
    both = paid_from_rows(ledger_rows(night(shifts=1, period="2025-05")), given)
    assert both.rows[("甲", "夜班", parse_period("2025-05"))] == Money(32_000)
    with pytest.raises(ValueError, match="period"):
        paid_from_rows([{**ledger_rows(may)[0], "period": "May"}], PaidBefore())


def test_a_year_asks_all_its_months(run, rules, person) -> None:
    monthly = rules("  - pay: {line: 夜班, amount: 80 * night_shifts}\n  - remainder: {to: pool}")
    steps = '  - pay: {line: 年终, amount: "paid(夜班) / 12"}\n  - remainder: {to: pool}'
    yearly = rules(steps, code="yearly").replace("period: month", "period: year")
    months = [f"2025-{n:02d}" for n in range(1, 13)]
    rows = [("甲", "夜班", month, 120) for month in months]
    args = {"codes": ["yearly"], "period": "2025", "fund": 10_000}
    ledger = run([monthly, yearly], [person("甲")], paid=before(*rows, sealed=months), **args)
    assert pay(ledger, "年终") == {"甲": "120.00"}
    short = run([monthly, yearly], [person("甲")], paid=before(*rows, sealed=[*months[:6], *months[7:]]), **args)
    assert codes_of(short) == ["pay-not-computed"]
    assert "2025-07" in short.issues[0].found.zh
