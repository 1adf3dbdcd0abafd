"""A published month is corrected: its differences are booked in the next open month, once, and can be replayed."""

import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from corrections_county import (
    AUGUST,
    JULY,
    MAY,
    SETTLE,
    balances,
    book_with,
    corrected,
    figures,
    june_released,
    moved,
    of_corrections,
    run,
)
from services_county import HR, JUNE, NOW, RULES, SEGMENTS, fact, month_facts, take, with_roster
from services_released import released

from perf.cli.app import run as command
from perf.kernel.errors import StateRefused
from perf.services.init_database import init_database
from perf.services.jobs import recover
from perf.services.load_run import find_runs
from perf.services.publish import publish
from perf.services.statements import one_statement
from perf.services.verify_run import verify_run
from perf.storage.history import past_totals
from perf.storage.viewer import EVERYTHING

KILLED = """
import os, signal, sys
sys.path.insert(0, {folder!r})
from corrections_county import *
from perf.services import run_month as module
from perf.storage.store import open_store

def die(*args, **kwargs):
    print("half way", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
module.audit.append = die
run(open_store({url!r}), JULY, book_with(SETTLE + "mode: rebalance\\n"))
"""
REBALANCE, CHARGE = SETTLE + "mode: rebalance\n", SETTLE + "mode: charge\nreserve: saved\n"
LATE = ("92.35", "88", "71.5", "60", "85.55")


def wrong_fact(store, score="50"):
    """The score of 001 in June was not 92.35."""
    take(store, month_facts(JUNE, scores=(score, *LATE[1:])), name="六月更正.xlsx")


def person_moves(entries):
    people = {a for e in entries for a in (e.source, e.target) if a.startswith("person:")}
    return {account: moved(entries, account) for account in sorted(people) if moved(entries, account)}


def differences(store, first, second):
    one, other = figures(store, first), figures(store, second)
    accounts = {a for e in (*one, *other) for a in (e.source, e.target)}
    found = {a: moved(other, a) - moved(one, a) for a in accounts}
    return {account: fen for account, fen in sorted(found.items()) if fen}


def test_a_wrong_fact_is_settled_with_everybody_in_the_next_open_month(store):
    book = book_with(REBALANCE)
    first = june_released(store, book)
    wrong_fact(store)
    second = corrected(store, book, first)
    expected = differences(store, first, second)
    assert {"person:001", "person:002", "person:003"} <= expected.keys()
    july = run(store, JULY, book).run.id
    booked = of_corrections(store, july)
    found = {account: moved(booked, account) for account in expected}
    assert found == expected
    assert {e.step for e in booked} == {second}
    assert {e.line for e in booked} <= {"绩效", "结存", "saved"} | {e.line for e in figures(store, first)}
    released(store, july)
    assert verify_run(store, run=july, actor=HR).findings == ()
    august = run(store, AUGUST, book).run.id
    assert of_corrections(store, august) == []


def test_after_booking_every_balance_is_what_a_right_month_would_have_left(store, tmp_path):
    other_store = init_database(str(tmp_path / "other.db"), actor=HR, now=NOW)
    book = book_with(REBALANCE)
    first = june_released(store, book)
    wrong_fact(store)
    corrected(store, book, first)
    released(store, run(store, JULY, book).run.id)
    june_released(other_store, book, scores=("50", *LATE[1:]))
    assert moved(figures(store, "A:2025-06#1"), "person:001") != moved(
        figures(other_store, "A:2025-06#1"), "person:001"
    )
    right = figures(other_store, "A:2025-06#1")
    for account in ("person:001", "person:002", "person:003", "reserve:saved:h1", "reserve:saved:t1"):
        booked = moved(figures(store, first), account) + moved(of_corrections(store, "A:2025-07#1"), account)
        assert booked == moved(right, account)


def test_a_late_fact_releases_what_was_held(store):
    book = book_with(REBALANCE)
    first = june_released(store, book, scores=("", *LATE[1:]))
    assert moved(figures(store, first), "held:001") > 0
    take(store, [fact("001", "work_score", JUNE, "92.35", cell="C2")], name="补报.xlsx")
    corrected(store, book, first)
    july = run(store, JULY, book).run.id
    assert moved(of_corrections(store, july), "held:001") == -moved(figures(store, first), "held:001")
    assert moved(of_corrections(store, july), "person:001") > 0
    released(store, july)
    assert balances(store)["held:001"] == 0


def test_a_back_dated_move_takes_the_pay_along(store):
    book = book_with(REBALANCE)
    first = june_released(store, book)
    moved_person = [s for s in SEGMENTS if s.subject != "003"]
    old = next(s for s in SEGMENTS if s.subject == "003")
    segments = (
        *moved_person,
        replace(old, last_day=date(2025, 5, 31)),
        replace(old, first_day=date(2025, 6, 1), parent="t1"),
    )
    with_roster(store, segments)
    second = corrected(store, book, first)
    july = run(store, JULY, book).run.id
    booked = of_corrections(store, july)
    assert {e.owner for e in booked if "person:003" in (e.source, e.target)} == {"h1", "t1"}
    expected = differences(store, first, second)
    found = {account: moved(booked, account) for account in expected}
    found["person:003"] += moved(booked, "reserve:receivable:003")  # July pays less than what is taken back
    assert found == expected


def test_a_corrected_rule_concerns_whom_it_pays(store):
    book = book_with(CHARGE)
    first = june_released(store, book)
    changed = RULES["rules.yaml"].replace("1% * fund", "3% * fund")
    other = book_with(CHARGE, **{"rules.yaml": changed})
    second = corrected(store, other, first)
    july = run(store, JULY, other).run.id
    expected = differences(store, first, second)
    assert {a: moved(of_corrections(store, july), a) for a in expected} == expected


def test_charged_to_the_reserve_only_whose_fact_was_wrong_is_settled_with(store):
    book = book_with(CHARGE)
    first = june_released(store, book)
    wrong_fact(store)
    second = corrected(store, book, first)
    july = run(store, JULY, book).run.id
    booked = of_corrections(store, july)
    expected = differences(store, first, second)
    assert person_moves(booked) == {"person:001": expected["person:001"]}
    assert moved(booked, "reserve:saved:h1") == -expected["person:001"]
    assert verify_run(store, run=july, actor=HR).findings == ()


def test_a_month_takes_back_its_share_and_later_months_the_rest(store):
    book = book_with(REBALANCE + "claw_back_at_most: 10%\n")
    first = june_released(store, book)
    wrong_fact(store, "1")
    second = corrected(store, book, first)
    wanted = -differences(store, first, second)["person:001"]
    july = run(store, JULY, book).run.id
    pay = moved([e for e in figures(store, july) if e.distribution != "correction"], "person:001")
    assert moved(of_corrections(store, july), "person:001") == -(pay // 10)
    released(store, july)
    owed = balances(store)["reserve:receivable:001"]
    assert owed == -(wanted - pay // 10)
    august = run(store, AUGUST, book).run.id
    later = moved([e for e in figures(store, august) if e.distribution in ("pay", "bonus")], "person:001")
    taken = moved(figures(store, august), "person:001") - later
    assert taken == max(-(later // 10), owed)
    released(store, august)
    assert balances(store)["reserve:receivable:001"] == owed - taken
    for made in (july, august):
        assert verify_run(store, run=made, actor=HR).findings == ()


def test_who_has_left_owes_what_was_overpaid(store):
    book = book_with(REBALANCE)
    first = june_released(store, book)
    segments = tuple(replace(s, last_day=date(2025, 6, 30)) if s.subject == "001" else s for s in SEGMENTS)
    with_roster(store, segments)
    wrong_fact(store)
    second = corrected(store, book, first)
    july = run(store, JULY, book).run.id
    assert moved(figures(store, july), "person:001") == 0
    assert (
        moved(of_corrections(store, july), "reserve:receivable:001") == differences(store, first, second)["person:001"]
    )


def test_a_correction_of_a_correction_books_only_what_is_new(store):
    book = book_with(REBALANCE)
    first = june_released(store, book)
    wrong_fact(store)
    second = corrected(store, book, first)
    july = run(store, JULY, book).run.id
    released(store, july)
    wrong_fact(store, "70")
    third = corrected(store, book, second)
    august = run(store, AUGUST, book).run.id
    expected = differences(store, second, third)
    booked = of_corrections(store, august)
    assert {a: moved(booked, a) for a in expected} == expected
    assert {e.step for e in booked if e.line == "绩效"} == {third}


def test_two_corrections_that_both_wait_are_booked_as_one(store):
    book = book_with(REBALANCE)
    first = june_released(store, book)
    wrong_fact(store)
    second = corrected(store, book, first)
    wrong_fact(store, "70")
    third = corrected(store, book, second)
    booked = of_corrections(store, run(store, JULY, book).run.id)
    expected = differences(store, first, third)
    assert {a: moved(booked, a) for a in expected} == expected
    (said,) = {e.explanation.partition(",原")[0] for e in booked if e.target == "fund:h1" and e.line == "绩效"}
    assert said == f"更正差额:{third} 更正 {first}"


def test_a_draft_made_before_a_correction_was_published_is_refused_and_nothing_is_booked_twice(store):
    book = book_with(REBALANCE)
    first = june_released(store, book)
    early = run(store, JULY, book).run.id
    wrong_fact(store)
    corrected(store, book, first)
    with pytest.raises(StateRefused, match="待入账的更正有变"):
        released(store, early)
    july, twin = run(store, JULY, book).run.id, run(store, AUGUST, book).run.id
    assert of_corrections(store, july)
    assert of_corrections(store, twin)
    released(store, july)
    with pytest.raises(StateRefused):
        released(store, twin)


def test_without_a_rule_the_differences_wait_and_every_run_says_so(store):
    book = book_with("")
    first = june_released(store, book)
    wrong_fact(store)
    corrected(store, book, first)
    made = run(store, JULY, book)
    assert "corrections-without-rule" in {issue.code for issue in made.issues}
    assert of_corrections(store, made.run.id) == []
    released(store, made.run.id)
    late = run(store, AUGUST, book_with(REBALANCE))
    assert of_corrections(store, late.run.id)
    assert "corrections-without-rule" not in {issue.code for issue in late.issues}


def test_who_is_not_scored_any_more_in_a_correction_has_no_total_of_that_month_any_more(store):
    book = book_with(REBALANCE)
    first = june_released(store, book)
    with store.read() as connection:
        assert ("staff", "003", JUNE) in {one[:3] for one in past_totals(connection, EVERYTHING, "A", JULY)}
    with_roster(store, tuple(replace(s, last_day=date(2025, 5, 31)) if s.subject == "003" else s for s in SEGMENTS))
    corrected(store, book, first)
    with store.read() as connection:
        found = {one[:3] for one in past_totals(connection, EVERYTHING, "A", JULY)}
    assert ("staff", "002", JUNE) in found
    assert ("staff", "003", JUNE) not in found


def test_publishing_a_correction_says_what_waits(store):
    book = book_with(REBALANCE)
    first = june_released(store, book)
    wrong_fact(store)
    made = run(store, JUNE, book, corrects=first).run.id
    done = publish(store, run=made, actor=HR, by="李强", reason="更正", now=NOW)
    (told,) = done.waiting
    assert told.zh.startswith(f"差额待入账:{made} 对 {first},3 人,补 ")


def test_a_pinned_correction_that_the_stored_runs_do_not_give_is_found(store):
    book = book_with(REBALANCE)
    first = june_released(store, book)
    wrong_fact(store)
    second = corrected(store, book, first)
    july = run(store, JULY, book).run.id
    released(store, july)
    with store.write() as connection:
        connection.exec_driver_sql(
            f"update ledger_entry set amount_fen = amount_fen + 1 where run_id = '{second}' and target = 'person:002'"
        )
    findings = verify_run(store, run=july, actor=HR).findings
    assert [str(one) for one in findings if "correction" in str(one)]


def test_the_statement_says_which_run_was_corrected_and_both_figures_and_the_old_one_is_still_there(store):
    book = book_with(REBALANCE)
    first = june_released(store, book)
    before = one_statement(store, run=first, staff_no="001", actor=HR)
    wrong_fact(store)
    second = corrected(store, book, first)
    july = run(store, JULY, book).run.id
    released(store, july)
    view = one_statement(store, run=july, staff_no="001", actor=HR)
    (block,) = [b for b in view.pay if b.distribution == "correction"]
    assert block.title.zh == "更正差额"
    line = next(one for one in block.lines if "绩效" in one.title.zh)
    assert line.title.zh == "更正差额 绩效(2025-06)"
    assert line.amount.fen < 0
    assert f"{second} 更正 {first}" in line.how.zh
    assert view.total_pay.fen == moved(figures(store, july), "person:001")
    assert view.pay[-1] == block
    assert one_statement(store, run=first, staff_no="001", actor=HR) == before
    assert one_statement(store, run=second, staff_no="001", actor=HR).total_pay != before.total_pay


def test_a_statement_is_the_same_byte_for_byte_whatever_is_published_later(sqlite_store, sqlite_url, tmp_path):
    """May is published after June, June is corrected, July books it, July is corrected."""
    book, store = book_with(REBALANCE), sqlite_store

    def printed(name):
        out = tmp_path / "out.pdf"
        assert command(["statement", "001", "--db", sqlite_url, "--run", name, "-o", str(out)]) == 0
        return out.read_bytes()

    def published(name, minutes):
        publish(store, run=name, actor=HR, by="李强", reason="绩效", now=NOW + timedelta(minutes=minutes))
        return name

    june_released(store, book)
    first = "A:2025-06#1"
    then = printed(first)
    published(run(store, MAY, book).run.id, 1)
    wrong_fact(store)
    published(run(store, JUNE, book, corrects=first).run.id, 2)
    july = published(run(store, JULY, book).run.id, 3)
    assert printed(first) == then
    then = printed(july)
    take(store, month_facts(JULY, scores=("10", *LATE[1:])), name="七月更正.xlsx")
    published(run(store, JULY, book, corrects=july).run.id, 4)
    published(run(store, AUGUST, book).run.id, 5)
    assert printed(july) == then


def test_correcting_the_month_that_booked_a_correction_keeps_it(store):
    book = book_with(REBALANCE)
    first = june_released(store, book)
    wrong_fact(store)
    corrected(store, book, first)
    july = run(store, JULY, book).run.id
    released(store, july)
    again = run(store, JULY, book, corrects=july).run.id
    assert of_corrections(store, again) == of_corrections(store, july)
    released(store, again)
    assert of_corrections(store, run(store, AUGUST, book).run.id) == []
    assert [one.corrects for one in find_runs(store, actor=HR) if one.id == again] == [july]


def test_a_kill_while_a_correction_is_booked_leaves_it_waiting_and_the_next_run_books_it_once(store, database_url):
    book = book_with(REBALANCE)
    first = june_released(store, book)
    wrong_fact(store)
    second = corrected(store, book, first)
    script = KILLED.format(folder=str(Path(__file__).parent), url=database_url)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "half way\n"), done.stderr
    assert {one.period for one in find_runs(store, actor=HR)} == {JUNE}
    assert len(recover(store, actor=HR, now=NOW)) == 1
    july = run(store, JULY, book).run.id
    expected = differences(store, first, second)
    assert {a: moved(of_corrections(store, july), a) for a in expected} == expected
    released(store, july)
    assert verify_run(store, run=july, actor=HR).findings == ()
