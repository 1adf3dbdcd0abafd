"""Whole random months: distributions, internal market, corrections, what is collected, adjustments, withholding."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.distribution_worlds import worlds
from tests.properties.test_distribution_language import LARGE

from perf.appraisal.settling import correction_rule
from perf.distribution import balances_from_rows, check_conserved, check_rows, ledger_rows
from perf.kernel.money import ZERO, Money, total

slow = settings(deadline=None, max_examples=60, suppress_health_check=LARGE)


def moved(entries, account):
    """What entries brought to an account, less what they took."""
    return sum(e.amount.fen * ((e.target == account) - (e.source == account)) for e in entries)


@slow
@given(worlds(months=True))
def test_a_whole_month_adds_up_account_by_account(world):
    ledger = world.whole()
    rows = ledger_rows(ledger)
    check_conserved(ledger.entries, world.opening, closing=ledger.balances)
    check_rows(rows, world.opening, closing=ledger.balances)
    assert balances_from_rows(rows, world.opening) == ledger.balances
    is_borne = any(issue.code == "fund-borne-by-staff" for issue in ledger.issues)
    for account, amount in ledger.balances.items():
        kind = account.partition(":")[0]
        assert amount.fen == world.opening.get(account, ZERO).fen + moved(ledger.entries, account)
        if kind == "fund":
            assert amount == ZERO
        if kind in ("reserve", "held") and not account.startswith("reserve:receivable:") and "into:" not in world.rule:
            assert amount >= ZERO or (kind == "held" and is_borne), account  # of a fund below zero, a part is held too


@slow
@given(worlds(months=True), st.randoms(use_true_random=False))
def test_the_order_of_what_was_entered_does_not_matter(world, random):
    mixed = world.shuffled(random)
    assert mixed.whole() == world.whole()
    turned = replace(mixed, adjustments=world.adjustments[::-1])
    if "limits:" not in world.rule:
        assert turned.whole().entries == world.whole().entries


@slow
@given(worlds(months=True))
def test_what_one_person_has_entered_is_in_the_ledger_or_in_an_issue(world):
    ledger = world.whole()
    booked = {entry.step for entry in ledger.entries if entry.distribution == "adjustment"}
    told = Counter(str(issue.place.file) for issue in ledger.issues if issue.code.startswith("adjustment-"))
    for one in world.adjustments:
        assert (one.number in booked) + told[one.number] <= 1
        is_nothing = one.kind == "collect" or (one.kind == "deduct" and one.amount == ZERO)
        assert one.number in booked or told[one.number] or is_nothing


@slow
@given(worlds(months=True))
def test_what_is_taken_back_of_a_months_pay_keeps_its_limit(world):
    """Deductions and what is owed take at most 20% of the pay beside them, corrections at most that of the pay before them."""
    if "take_back_at_most" not in world.rule or "enabled: no\ncharge" in world.rule or world.corrected:
        return
    ledger = world.whole()
    own = [entry for entry in ledger.entries if entry.distribution == "adjustment"]
    for who in {entry.claimant for entry in own}:
        account = f"person:{who}"
        kinds = {one.number: one.kind for one in world.adjustments}
        taken = [e for e in own if e.source == account and kinds.get(e.step, "collect") in ("deduct", "collect")]
        gone = [
            e for e in own if e.status == "returned" or (e.source == account and kinds.get(e.step) in ("hold", "stop"))
        ]
        rest = [e for e in ledger.entries if e not in taken and e not in gone]
        pay = moved(rest, account)
        assert total(e.amount for e in taken) <= Money(max(pay, 0) // 5)


@slow
@given(worlds(months=True))
def test_a_correction_gives_everybody_the_difference_in_money_or_in_what_is_owed(world):
    corrections = world.corrections()
    found = correction_rule(world.book, world.period)
    if not corrections or found is None:
        return
    _, version = found
    ledger = world.whole()
    entries = [entry for entry in ledger.entries if entry.distribution == "correction"]
    [one] = corrections
    by_account = Counter()
    for difference in one.differences:
        by_account[difference.account] += difference.difference.fen
    assert sum(by_account.values()) == 0
    settled = {}
    for account in by_account:
        if account.startswith("person:"):
            debt = f"reserve:receivable:{account.removeprefix('person:')}"
            of_this = [e for e in entries if e.step == one.new or debt in (e.source, e.target)]
            settled[account] = moved(of_this, account) + moved(of_this, debt)
    if version.mode == "rebalance" and not version.reserve:
        assert all(settled[account] == by_account[account] for account in settled if account in by_account)
    for account, fen in settled.items():
        assert fen in (0, by_account[account]) or f"held:{account.removeprefix('person:')}" in by_account
    before = [e for e in ledger.entries if e.distribution not in ("correction", "adjustment")]
    for account in settled:
        limit = int(max(moved(before, account), 0) * version.claw_back_at_most)
        assert -moved(entries, account) <= limit or not version.claw_back_at_most


@slow
@given(worlds(months=True))
def test_what_is_withheld_starts_from_the_ledger_and_adds_up_to_the_net(world):
    ledger = world.whole()
    found = world.payroll(ledger)
    paid = {one.person: one for one in found.people}
    for who in {entry.claimant for entry in ledger.entries}:
        pay = moved(ledger.entries, f"person:{who}")
        lines = [] if who not in paid else [line for line in paid[who].lines if line.kind in ("pay", "bonus")]
        assert total(line.amount for line in lines) == Money(pay)
    for one in found.people:
        assert (one.net is None) == (one.status != "net")
        if one.net is not None:
            assert total(line.amount for line in one.lines) == one.net >= ZERO
            assert one.gross == one.net + one.deductions + one.tax
            assert one.taken is not None
            assert one.taken.tax + one.taken.bonus_tax == one.tax
        else:
            assert one.taken is None
            assert one.status == "gross_only" or found.issues
