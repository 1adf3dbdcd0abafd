"""What is held back: of what reached a claimant in this part, by this distribution, up to all of it; and amounts at their bounds."""

import pytest

from perf.kernel.money import Money

PAY = "  - pay: {line: 夜班, amount: 100 * night_shifts}\n"


def balances(ledger):
    return {name: str(amount) for name, amount in ledger.balances.items() if "outside" not in name and amount.fen}


def test_all_of_it_may_be_held_back_and_who_got_nothing_has_nothing_held(run, rules, person):
    facts = [("01", "night_shifts", 1), ("02", "night_shifts", 0)]
    steps = PAY + "  - hold: {line: 暂留, share: 100%}\n  - remainder: {to: director_fund}"
    ledger = run(rules(steps), [person("01"), person("02")], fund=100, facts=facts)
    assert balances(ledger) == {"held:01": "100.00"}


def test_who_paid_back_more_than_he_got_has_nothing_held(run, rules, person):
    steps = PAY + "  - hold: {line: 暂留, share: 10%}\n  - remainder: {to: director_fund}"
    facts = [("01", "night_shifts", 1), ("02", "night_shifts", -1)]
    ledger = run(rules(steps), [person("01"), person("02")], fund=100, facts=facts)
    assert balances(ledger) == {
        "held:01": "10.00",
        "person:01": "90.00",
        "person:02": "-100.00",
        "reserve:director_fund:A": "100.00",
    }


def test_a_hold_inside_a_part_sees_only_what_that_part_paid(run, rules, person):
    inside = "split: {by: category, shares: {doctor: 1}, steps: [{apportion: {by: 1, line: 块}}, {hold: {line: 暂留, share: 10%}}]}"
    ledger = run(rules(PAY + f"  - {inside}"), [person("01")], fund=300, facts=[("01", "night_shifts", 1)])
    assert balances(ledger) == {"held:01": "20.00", "person:01": "280.00"}


def test_what_is_held_already_is_not_held_once_more(run, rules, person):
    steps = (
        PAY + "  - hold: {line: 一, share: 50%}\n  - hold: {line: 二, share: 50%}\n  - remainder: {to: director_fund}"
    )
    ledger = run(rules(steps), [person("01")], fund=100, facts=[("01", "night_shifts", 1)])
    held = [str(entry.amount) for entry in ledger.entries if entry.target == "held:01"]
    assert held == ["50.00", "50.00"]


@pytest.mark.parametrize(
    ("shifts", "unit", "expected"), [("1.2", "1", "120.00"), ("1.3", "1", "125.00"), ("1.3", "100", "100.00")]
)
def test_in_units_what_reaches_its_bound_stays_below_it(run, rules, person, shifts, unit, expected):
    step = f"  - pay: {{line: 夜班, amount: 100 * night_shifts, at_most: 125.60, unit: {unit}}}\n"
    facts = [("01", "night_shifts", shifts)]
    ledger = run(rules(step + "  - remainder: {to: director_fund}"), [person("01")], fund=500, facts=facts)
    assert balances(ledger)["person:01"] == expected


def test_an_amount_that_is_its_bound_is_no_breach_of_it(run, rules, person):
    step = "  - pay: {line: 夜班, amount: 100 * night_shifts, at_most: 100}\n  - remainder: {to: director_fund}"
    assert not run(rules(step), [person("01")], fund=500, facts=[("01", "night_shifts", 1)]).issues
    over = run(rules(step), [person("01")], fund=500, facts=[("01", "night_shifts", "1.0001")])
    assert [issue.code for issue in over.issues] == ["pay-over-limit"]


def test_a_year_whose_last_parts_are_nothing_is_paid_in_full_by_the_last_that_is_something(run, rules, person):
    """A third of 100.00 in each of three months: the third month has the fen over, July to December have nothing."""
    step = "  - schedule: {line: 预拨, amount: 100, parts: [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0], unit: 1}\n"
    document = rules(step + "  - remainder: {to: director_fund}")
    paid = [
        run(document, [person("01")], fund=0 if month > 6 else 50, period=f"2025-{month:02d}").balances.get("person:01")
        for month in (4, 5, 6, 7)
    ]
    assert paid == [Money(3300), Money(3300), Money(3400), Money(0)]


def test_holds_of_together_more_than_all_are_refused_naming_the_person(run, rules, person):
    steps = (
        PAY
        + '  - hold: {line: 一, share: "if(night_shifts > 1, 60%, 50%)"}\n  - hold: {line: 二, share: 50%}\n'
        + "  - remainder: {to: director_fund}"
    )
    people, facts = [person("01"), person("02")], [("01", "night_shifts", 1), ("02", "night_shifts", 2)]
    ledger = run(rules(steps), people, fund=300, facts=facts)
    assert [(issue.code, issue.subject) for issue in ledger.issues] == [("holds-over-received", "02")]
    assert ledger.failed
    assert not ledger.entries
    assert not run(rules(steps), people[:1], fund=300, facts=facts[:1]).issues


def test_holds_of_together_all_keep_back_all_and_not_a_fen_more(run, rules, person):
    """50% of 0.01 is rounded up to 0.01 twice; there is but one fen."""
    steps = "  - apportion: {by: 1}\n" + "  - hold: {line: 一, share: 50%}\n  - hold: {line: 二, share: 50%}\n"
    ledger = run(rules(steps), [person("01")], fund="0.01")
    assert balances(ledger) == {"held:01": "0.01"}
    assert [str(entry.amount) for entry in ledger.entries if entry.status == "held"] == ["0.01", "0.00"]


def test_shares_of_more_than_all_in_two_parts_are_told_where_they_cannot_be_kept(run, rules, person):
    """60% of the first hundred and 60% of both hundreds: 180 of 200."""
    steps = (
        PAY
        + "  - hold: {line: 一, share: 60%}\n  - apportion: {by: 1, amount: 100}\n  - hold: {line: 二, share: SHARE}\n"
    )
    more = "  - remainder: {to: director_fund}"
    facts = [("01", "night_shifts", 1)]
    kept = run(rules(steps.replace("SHARE", "60%") + more), [person("01")], fund=200, facts=facts)
    assert balances(kept) == {"held:01": "180.00", "person:01": "20.00"}
    over = run(rules(steps.replace("SHARE", "80%") + more), [person("01")], fund=200, facts=facts)
    assert [issue.code for issue in over.issues] == ["holds-over-received"]


def test_what_was_paid_back_after_a_hold_is_not_held_once_more(run, rules, person):
    steps = (
        PAY
        + "  - hold: {line: 一, share: 50%}\n  - pay: {line: 扣回, amount: 0 - 60}\n  - hold: {line: 二, share: 10%}\n"
        + "  - remainder: {to: director_fund}"
    )
    ledger = run(rules(steps), [person("01")], fund=100, facts=[("01", "night_shifts", 1)])
    assert not [issue for issue in ledger.issues if issue.is_error]
    assert [str(entry.amount) for entry in ledger.entries if entry.status == "held"] == ["50.00", "0.00"]
