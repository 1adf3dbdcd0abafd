"""Scenarios at random: the fast way gives every person the fen, and every scheme the totals, of a full run from all rules."""

from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from services_county import HR, JUNE, MAY, NOW, book, month_facts, take, with_roster
from services_released import released

from perf.appraisal.month import run_appraisal
from perf.kernel.errors import InputRefused
from perf.kernel.periods import Period
from perf.services.choose_runs import runs_of
from perf.services.run_inputs import load_inputs
from perf.services.run_month import run_month
from perf.services.scenarios import Scenario, fact_changes, fact_row
from perf.services.scheme_rules import tried_book
from perf.services.simulate import simulate
from perf.storage.engine import engine_for
from perf.storage.key_file import key_beside, make_key
from perf.storage.migrate import upgrade
from perf.storage.store import Store, open_store

JULY = Period(2025, "month", 7)
PERCENT = st.integers(0, 100)
CLAIMS = st.sampled_from(
    [
        "share * score / 100",
        "share",
        "share * max(score, 70)",
        "share * parent.visits",
        "share * parent.visits@previous",
        "share + work_score@previous / 50",
    ]
)
STEPS = st.builds(
    "[{{take: {{to: saved, amount: {}% * fund}}}}, {{apportion: {{by: {}, line: 绩效}}}}, {{remainder: {{to: saved}}}}]".format,
    PERCENT,
    CLAIMS,
)
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "pay.steps": STEPS,
        "pay.fund": st.sampled_from(["pool_yuan", "80% * pool_yuan", "pool_yuan@previous"]),
        "pay.enabled": st.sampled_from(["yes", "no"]),
        "bonus.fund": st.builds("{}% * balance(saved)".format, PERCENT),
        "bonus.enabled": st.sampled_from(["yes", "no"]),
        "staff.total": st.builds("{{digits: {}}}".format, st.integers(0, 3)),
        "staff.enabled": st.just("yes"),
        "work.no_value": st.sampled_from(["zero", "block", "carry_forward"]),
        "work.value": st.sampled_from(["work_score", "(work_score + work_score@previous) / 2", "parent.visits / 2"]),
        "work.points": st.just("{curve: linear, through: [[0, 20], [100, 100]]}"),
    },
)
FACT = st.builds(
    "{},work_score,2025-0{}={}".format,
    st.sampled_from(["001", "002", "003"]),
    st.sampled_from([6, 7]),
    st.one_of(st.just(""), st.integers(0, 100)),
)
FACTS = st.lists(FACT | st.builds("t1,pool_yuan,2025-07={}".format, st.integers(0, 9999)), max_size=3, unique=True)


@cache
def three_months() -> Store:
    """May and June published, July a draft; every month knows all before it."""
    url = str(Path(mkdtemp()) / "county.db")
    upgrade(engine_for(url))
    make_key(key_beside(url))
    store = open_store(url)
    with_roster(store)
    for period in (MAY, JUNE, JULY):
        take(store, month_facts(period), name=f"{period}.xlsx")
    for period in (MAY, JUNE, JULY):
        run = run_month(store, consortium="A", period=period, book=book(), actor=HR, now=NOW).run.id
        if period != JULY:
            released(store, run)
    return store


def in_full(store: Store, scenario: Scenario):
    """July from all rules, all facts and every score, as `run` computes it."""
    rules = tried_book(book().texts, scenario.settings)
    with store.read() as connection:
        inputs = load_inputs(connection, HR.viewer, rules, "A", JULY)
    changes = fact_changes(scenario, rules)
    facts = inputs.facts.changed(changes.facts, changes.without)
    return run_appraisal(rules, inputs.roster, facts, JULY, "A", prior=inputs.prior)


def persons(entries) -> dict[str, int]:
    fen = Counter[str]()
    for entry in entries:
        for account, amount in ((entry.target, entry.amount.fen), (entry.source, -entry.amount.fen)):
            if account.rpartition(":")[2].isdigit():
                fen[account.rpartition(":")[2]] += amount
    return {who: amount for who, amount in fen.items() if amount}


@settings(max_examples=60, deadline=None)
@given(SETTINGS, FACTS)
def test_the_fast_way_gives_what_a_full_run_gives(changed, rows):
    store, scenario = three_months(), Scenario("试", changed, tuple(map(fact_row, rows)))
    asked = runs_of(store, HR, [JULY], None)
    try:
        whole = in_full(store, scenario)
    except InputRefused:
        with pytest.raises(InputRefused):
            simulate(store, scenario, asked, actor=HR)
        return
    found = simulate(store, scenario, asked, actor=HR)
    assert {one.subject: one.after.fen for one in found.shift.persons if one.after.fen} == persons(whole.ledger.entries)
    outside = sum(entry.amount.fen for entry in whole.ledger.entries if entry.source.startswith("outside:"))
    assert found.shift.fund_sums().outside_after.fen == outside
    assert set(found.months[0].refused) <= set(whole.ledger.failed)
