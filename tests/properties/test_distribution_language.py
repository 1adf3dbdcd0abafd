"""Random distributions over the whole language of steps: whatever a rule says, the money adds up and nothing leans on order."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.properties.distribution_worlds import MONTH, worlds

from perf.distribution import balances_from_rows, check_conserved, check_rows, ledger_rows
from perf.kernel.facts import FactKey
from perf.kernel.money import Money
from perf.storage.results import add_results, balance_rows, balances_of, entry_figures, entry_rows, stored_entries
from perf.storage.runs import Run, add_run, text_pin
from perf.storage.viewer import EVERYTHING

RUN = Run("M:2025-06#1", "M", MONTH, 1, "draft", "1", "王芳", datetime(2025, 7, 3, tzinfo=UTC), "六月", {}, {})
LIMITS = re.compile(r"分\d+f(\d+)c(\d+)")
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


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
    assert all(step.before - step.out == step.after for step in ledger.path)
    for account, amount in ledger.balances.items():
        if account.startswith("fund:"):
            assert amount == Money(0)
        if account.startswith("reserve:year_end"):
            assert amount >= Money(0)


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
        working = entry.working
        if working is None:
            continue
        sign = 1 if entry.source == f"fund:{entry.owner}" else -1
        share = sign * entry.amount.yuan
        assert working.free_claims or working.floor is not None or working.cap is not None or not share
        if working.floor is None and working.cap is None and working.method in ("largest_remainder", "first"):
            exact = working.free_amount.yuan * working.claim.value / working.free_claims if working.free_claims else 0
            assert working.quota == exact
            if working.method == "largest_remainder" and "rounding" not in world.rule:
                assert abs(share - exact) < Fraction(1, 100)
        limits = LIMITS.fullmatch(entry.line)
        if limits and share > 0 and "rounding" not in world.rule and entry.status in ("paid", "held"):
            floor, cap = int(limits[1]), int(limits[2])
            assert share >= floor
            assert not cap or share <= cap


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


@settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(world=worlds())
def test_a_ledger_is_the_same_after_storing_and_reading(world, store):
    ledger = world.run()
    with store.write() as connection:
        add_run(connection, EVERYTHING, RUN, [text_pin("facts", "facts", "一行\n")])
        entries, balances = list(entry_rows(RUN, ledger.entries)), list(balance_rows(RUN, ledger))
        add_results(connection, EVERYTHING, scores=[], entries=entries, balances=balances)
        read = [entry_figures(row) for row in stored_entries(connection, EVERYTHING, RUN.id)]
        assert [(e.number, e.source, e.target, e.amount, e.line, e.status) for e in read] == [
            (e.number, e.source, e.target, e.amount, e.line, e.status) for e in ledger.entries
        ]
        closing = balances_of(connection, EVERYTHING, RUN.id)
        assert closing == ledger.balances
        check_conserved(read, world.opening, closing=closing)
        connection.rollback()


@pytest.mark.parametrize(
    "step",
    [
        "apportion:",
        "entered:",
        "ladder:",
        "schedule:",
        "release:",
        "split:",
        "hold:",
        "gate:",
        "pay:",
        "take:",
        "derived:",
    ],
)
def test_the_worlds_reach_every_step_with_money(step):
    from hypothesis import find

    def is_reached(world):
        ledger = world.run()
        return step in world.rule and not ledger.failed and len(ledger.entries) > 3

    assert find(worlds(), is_reached, settings=settings(slow, max_examples=3000, database=None))
