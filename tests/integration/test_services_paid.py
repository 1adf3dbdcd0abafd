"""The cap of a year, from month to month through publishing, corrections and replay, on both databases."""

import json

import pytest
from services_county import HR, JUNE, MAY, NOW, RULES, month_facts, take, with_roster

from perf.kernel.errors import StateRefused
from perf.kernel.periods import Period
from perf.services.load_run import load_run
from perf.services.publish import publish
from perf.services.run_inputs import load_inputs
from perf.services.run_month import run_month
from perf.services.verify_run import verify_run
from perf.specs.book import load_book
from perf.storage.runs import pins_of
from perf.storage.viewer import EVERYTHING

JULY = Period(2025, "month", 7)
CAP = "  - pay: {line: 夜班, amount: 'min(500, 1200 - paid(夜班)@year_to_date)', payer: 财政局}\n"


def rules(cap=CAP):
    text = RULES["rules.yaml"].replace("  - apportion: {by: share * score", cap + "  - apportion: {by: share * score")
    found, issues = load_book({**RULES, "rules.yaml": text})
    assert [i.render("en") for i in issues if i.is_error] == []
    return found


@pytest.fixture
def filled(store):
    with_roster(store)
    for period, name in ((MAY, "五月.xlsx"), (JUNE, "六月.xlsx"), (JULY, "七月.xlsx")):
        take(store, month_facts(period), name=name)
    return store


def computed(store, period, book=None, **about):
    return run_month(store, consortium="A", period=period, book=book or rules(), actor=HR, now=NOW, **about).run.id


def released(store, run):
    return publish(store, run=run, actor=HR, by="李强", reason="绩效", now=NOW)


def nights(store, run):
    entries = load_run(store, run=run, actor=HR).ledger.entries
    return {e.claimant: e.amount.text() for e in entries if e.line == "夜班"}


def prior_of(store, run):
    with store.read() as connection:
        (pin,) = pins_of(connection, EVERYTHING, run, "prior")
    return json.loads(pin.text)


def test_the_cap_of_a_year_holds_from_the_first_month_on_and_every_run_replays(filled):
    paid = []
    for period in (MAY, JUNE, JULY):
        run = computed(filled, period)
        paid.append(nights(filled, run))
        released(filled, run)
        assert verify_run(filled, run=run, actor=HR).findings == ()
    assert [set(month.values()) for month in paid] == [{"500.00"}, {"500.00"}, {"200.00"}]
    assert all(set(month) == {"001", "002", "003", "004", "005"} for month in paid)
    july = load_run(filled, run=run, actor=HR)
    said = next(e.explanation.zh for e in july.ledger.entries if e.line == "夜班")
    assert "已发 夜班(本年累计) 1,000.00 元" in said
    assert prior_of(filled, run)["paid"]["sealed"] == ["2025-05", "2025-06"]


def test_a_draft_counts_for_nobody_and_a_month_published_in_between_asks_for_a_new_run(filled):
    may = computed(filled, MAY)
    june = computed(filled, JUNE)
    assert set(nights(filled, june).values()) == {"500.00"}
    assert prior_of(filled, june)["paid"]["rows"] == []
    released(filled, may)
    with pytest.raises(StateRefused, match="请重新核算"):
        released(filled, june)
    again = computed(filled, JUNE)
    assert {row[3] for row in prior_of(filled, again)["paid"]["rows"]} == {50_000}
    released(filled, again)


def test_what_was_paid_from_outside_alone_also_asks_for_a_new_run(filled):
    only = rules().texts["rules.yaml"]
    text = only.split("distribution: pay")[0] + (
        "distribution: pay\ntitle: 夜班\nperiod: month\nper: institution\namong: staff\nfund: 0\n"
        "source: {document: 试行办法, clause: 第五条}\nsteps:\n" + CAP
    )
    book, issues = load_book({**RULES, "rules.yaml": text})
    assert [i.render("en") for i in issues if i.is_error] == []
    may, june = computed(filled, MAY, book), computed(filled, JUNE, book)
    released(filled, may)
    with pytest.raises(StateRefused, match="已发金额已变"):
        released(filled, june)


def test_a_hole_in_the_year_is_told_and_pays_nothing_until_it_is_published(filled):
    released(filled, computed(filled, MAY))
    july = computed(filled, JULY)
    assert set(nights(filled, july).values()) == {"0.00"}
    issues = load_run(filled, run=july, actor=HR).ledger.issues
    assert "没有已发布的台账:2025-06" in next(i.found.zh for i in issues if i.code == "pay-not-computed")


def test_rules_that_ask_for_no_payments_pin_none_and_a_correction_that_does_gets_them(filled):
    plain = rules("  - pay: {line: 夜班, amount: 500, payer: 财政局}\n")
    for period in (MAY, JUNE):
        last = computed(filled, period, plain)
        assert "paid" not in prior_of(filled, last)
        released(filled, last)
    july = computed(filled, JULY, plain)
    released(filled, july)
    corrected = computed(filled, JULY, corrects=july)
    assert set(nights(filled, corrected).values()) == {"200.00"}
    assert {k: v for k, v in prior_of(filled, corrected).items() if k != "paid"} == prior_of(filled, july)
    released(filled, corrected)
    assert verify_run(filled, run=corrected, actor=HR).findings == ()
    again = computed(filled, JULY, plain, corrects=july)
    assert prior_of(filled, again) == prior_of(filled, july)


def test_a_correction_of_an_earlier_month_does_not_count_what_was_paid_later_or_by_itself(filled):
    runs = []
    for period in (MAY, JUNE):
        runs.append(computed(filled, period))
        released(filled, runs[-1])
    corrected = computed(filled, MAY, corrects=runs[0])
    assert set(nights(filled, corrected).values()) == {"500.00"}
    with filled.read() as connection:
        inputs = load_inputs(connection, EVERYTHING, rules(), "A", MAY, corrects=runs[0])
    assert dict(inputs.prior.paid.rows) == {}
