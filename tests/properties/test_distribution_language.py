"""Random distributions over the whole language of steps: whatever a rule says, the money adds up and nothing leans on order."""

import re
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.properties.distribution_worlds import MONTH, worlds

from perf.distribution import balances_from_rows, check_conserved, check_rows, ledger_rows
from perf.kernel.facts import FactKey
from perf.kernel.money import ZERO, Money
from perf.storage.results import add_results, balance_rows, balances_of, entry_figures, entry_rows, stored_entries
from perf.storage.runs import Run, add_run, text_pin
from perf.storage.viewer import EVERYTHING

MADE = datetime(2025, 7, 3, tzinfo=UTC)
RUNS = [Run(f"M:2025-0{n}#1", "M", MONTH.shift(n - 6), 1, "draft", "1", "王芳", MADE, "月", {}, {}) for n in (6, 7)]
LIMITS = re.compile(r"分\d+f(\d+)c(\d+)u(\d+)(b?)")
LARGE = [HealthCheck.too_slow, HealthCheck.data_too_large]
slow = settings(deadline=None, max_examples=60, suppress_health_check=LARGE)


def drained(ledger):
    """(distribution, owner, step) -> what its entries took from the fund of the owner."""
    found = defaultdict(int)
    for entry in ledger.entries:
        key = entry.distribution, entry.owner, entry.step
        fund = f"fund:{entry.owner}"
        found[key] += entry.amount.fen * ((entry.source == fund) - (entry.target == fund))
    return found


@slow
@given(worlds())
def test_every_fen_is_accounted_for_whatever_the_rule_says(world):
    ledger = world.run()
    check_conserved(ledger.entries, world.opening, closing=ledger.balances)
    rows = ledger_rows(ledger)
    check_rows(rows, world.opening, closing=ledger.balances)
    assert balances_from_rows(rows, world.opening) == ledger.balances
    failed = {owner for _, owner in ledger.failed}
    assert not failed & {entry.owner for entry in ledger.entries}
    assert failed <= {issue.subject for issue in ledger.issues if issue.is_error}
    for account, amount in ledger.balances.items():
        if account.startswith("fund:"):
            assert amount == Money(0)


@slow
@given(worlds())
def test_what_a_step_says_it_handed_out_is_what_its_entries_took(world):
    ledger = world.run()
    taken = drained(ledger)
    told = defaultdict(int)
    for step in ledger.path:
        assert step.before - step.out == step.after
        told[step.distribution, step.owner, step.step] += step.out.fen
    by_item = {key: fen for key, fen in taken.items() if key not in told}
    for (distribution, owner, step), fen in by_item.items():
        whole = step.rpartition("/")[0]
        if (distribution, owner, whole) in told:
            taken[distribution, owner, whole] += fen
        else:
            assert fen == 0, step
    for key, fen in told.items():
        if key[2] != "00-fund":
            assert taken[key] == fen, key


@slow
@given(worlds())
def test_what_is_left_over_has_a_line_of_its_own(world):
    """What no step handed out is in `remainder` or left, and nowhere else: the pool less all other entries."""
    ledger = world.run()
    for owner in {entry.owner for entry in ledger.entries}:
        rows = [entry for entry in ledger.entries if entry.owner == owner]
        fund = f"fund:{owner}"
        came = sum(e.amount.fen * ((e.target == fund) - (e.source == fund)) for e in rows if e.step == "00-fund")
        others = [e for e in rows if e.step != "00-fund" and "remainder" not in e.step and e.step != "99-left"]
        used = sum(e.amount.fen * ((e.source == fund) - (e.target == fund)) for e in others)
        kept = [e for e in rows if e.step == "99-left" or e.step.endswith("-remainder")]
        assert sum(e.amount.fen * ((e.source == fund) - (e.target == fund)) for e in kept) == came - used
        assert all(e.line in ("saved", "left") and not e.claimant for e in kept)
        assert len(kept) == (came != used)


@slow
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_people_facts_scores_and_balances_does_not_matter(world, random):
    assert world.shuffled(random).run() == world.run()


@slow
@given(worlds(exact=True), st.sampled_from([2, 7, 10, 1000]))
def test_weights_times_any_number_give_the_same_shares(world, times):
    def shares(ledger):
        return [(e.owner, e.step, e.line, e.source, e.target, e.amount, e.status) for e in ledger.entries]

    plain, scaled = world.run(), world.run(weights=times)
    assert shares(scaled) == shares(plain)
    assert scaled.balances == plain.balances
    assert scaled.failed == plain.failed


@slow
@given(worlds())
def test_shares_stay_beside_their_quota_and_within_floor_and_cap(world):
    for entry in world.run().entries:
        working, limits = entry.working, LIMITS.fullmatch(entry.line)
        if working is None or limits is None:
            continue
        floor, cap, unit, takes_balance = int(limits[1]), int(limits[2]), int(limits[3]), limits[4] == "b"
        into_fund = entry.target == f"fund:{entry.owner}"
        share = (-1 if into_fund else 1) * entry.amount.yuan
        assert working.free_claims or working.floor is not None or working.cap is not None or not share
        if working.floor is None and working.cap is None and working.method in ("largest_remainder", "first"):
            exact = working.free_amount.yuan * working.claim.value / working.free_claims if working.free_claims else 0
            assert working.quota == exact
            if working.method == "largest_remainder" and not takes_balance:
                assert abs(share - exact) < Fraction(unit, 100)
        if entry.status not in ("paid", "held") or into_fund or working.part_amount <= ZERO:
            continue
        units = -(-100 * floor // unit) * unit, 100 * cap // unit * unit
        assert 100 * share >= units[0]
        assert not cap or takes_balance or 100 * share <= units[1]


@slow
@given(worlds(exact=True), st.sampled_from(["no fund", "unlisted"]))
def test_an_owner_that_fails_never_sinks_the_others(world, how):
    def of_b(ledger):
        return [replace(entry, number=0) for entry in ledger.entries if entry.owner == "B"]

    whole = world.run()
    if how == "no fund":
        broken = replace(world, facts={k: v for k, v in world.facts.items() if k != FactKey("A", "pool_total", MONTH)})
    else:
        changed = [
            replace(one, attributes={**one.attributes, "category": "cook"}) if one.parent == "A" else one
            for one in world.segments
        ]
        broken = replace(world, segments=changed)
    found = broken.run()
    assert of_b(found) == of_b(whole)
    assert [pair for pair in found.failed if pair[1] == "B"] == [pair for pair in whole.failed if pair[1] == "B"]


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, *LARGE])
@given(world=worlds(months=True))
def test_two_months_are_the_same_after_storing_and_reading(world, store):
    """The second month opens with what was read of the first; its balances are those of all entries of the year."""
    with store.write() as connection:
        opening, entries = world.opening, []
        for run in RUNS:
            ledger = world.whole(opening=opening)
            add_run(connection, EVERYTHING, run, [text_pin("facts", "facts", "一行\n")])
            rows, standing = list(entry_rows(run, ledger.entries)), list(balance_rows(run, ledger))
            add_results(connection, EVERYTHING, scores=[], entries=rows, balances=standing)
            read = [entry_figures(row) for row in stored_entries(connection, EVERYTHING, run.id)]
            assert [(e.number, e.source, e.target, e.amount, e.line, e.status, e.claimant) for e in read] == [
                (e.number, e.source, e.target, e.amount, e.line, e.status, e.claimant) for e in ledger.entries
            ]
            closing = balances_of(connection, EVERYTHING, run.id)
            assert closing == ledger.balances
            check_conserved(read, opening, closing=closing)
            opening = closing
            entries += read
        for account, amount in opening.items():
            came = sum(e.amount.fen * ((e.target == account) - (e.source == account)) for e in entries)
            assert amount.fen == world.opening.get(account, ZERO).fen + came
        connection.rollback()
