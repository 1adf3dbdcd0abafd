"""Scenarios over corrected months: fen for fen what the months give where the right figures were known from the start."""

from collections import Counter

import pytest
from corrections_county import AUGUST, JULY, SETTLE, book_with, run
from services_county import HR, JUNE, MAY, NOW, PEOPLE, RULES, fact, month_facts, take, with_roster
from services_released import released

from perf.cli.app import run as command
from perf.services.choose_runs import runs_of
from perf.services.init_database import init_database
from perf.services.load_run import load_run
from perf.services.scenarios import Scenario, fact_row
from perf.services.scheme_rules import tried_book
from perf.services.simulate import simulate

MONTHS = (MAY, JUNE, JULY, AUGUST)
GIVEN = ("92.35", "88", "71.5", "60", "85.55")
HANGING = (
    RULES["rules.yaml"]
    .replace("value: work_score\n", "value: work_score * 90% + score(staff)@previous * 10%\n")
    .replace("no_value: block", "no_value: full")
    .replace(
        "  - take: {to: saved, amount: 1% * fund}\n  - apportion: {by: share * score / 100, line: 绩效}\n",
        "  - pay: {amount: 100 * share * score, line: 绩效}\n",
    )
)
"""What is saved and handed out hangs on scores, and scores hang on those of the month before."""
RULE = SETTLE + "mode: rebalance\nclaw_back_at_most: 10%\n"
DEARER = {"pay.steps": "[{pay: {amount: 150 * share * score, line: 绩效}}, {remainder: {to: saved}}]"}
TASTED = (fact_row("002,work_score,2025-06=60"), fact_row("003,work_score,2025-07=99"))
FIXES = {
    "before July": [(JUNE, "20")],
    "after July": [(JULY, None), (JUNE, "20")],
    "twice before July": [(JUNE, "20"), (JUNE, "50")],
    "once before, once after July": [(JUNE, "20"), (JULY, None), (JUNE, "50")],
    "June, then July that booked it": [(JUNE, "20"), (JULY, None), (JULY, "30")],
    "back to what it was": [(JUNE, "20"), (JULY, None), (JUNE, "92.35")],
}


def book():
    return book_with(RULE, **{"rules.yaml": HANGING})


def paid(store, names):
    """Person -> fen that came into accounts of its own in these runs."""
    fen = Counter()
    for name in names:
        for entry in load_run(store, run=name, actor=HR).ledger.entries:
            for account, amount in ((entry.target, entry.amount.fen), (entry.source, -entry.amount.fen)):
                if (subject := account.rpartition(":")[2]).isdigit():
                    fen[subject] += amount
    return dict(fen)


def worked(store, fixes):
    """May and June published, then month by month what `fixes` says: run and publish, or correct the score of 001."""
    with_roster(store)
    for period in MONTHS:
        take(store, month_facts(period, GIVEN), name=f"{period}.xlsx")
    standing = {}
    for period, score in [(MAY, None), (JUNE, None), *fixes, *((one, None) for one in MONTHS)]:
        if score is None and period in standing:
            continue
        if score is not None:
            take(store, month_facts(period, (score, *GIVEN[1:])), name=f"{period} {score}.xlsx")
        made = run(store, period, book(), corrects=standing.get(period)).run.id
        released(store, made)
        standing[period] = made


def right(store, fixes, *, rules, facts=()):
    """All four months with the right figures from the start: the names of the runs."""
    with_roster(store)
    last = {period: score for period, score in fixes if score is not None}
    names = []
    for period in MONTHS:
        rows = month_facts(period, (last.get(period, GIVEN[0]), *GIVEN[1:]))
        tasted = {(row["subject"], row["measure"]): row["value"] for row in facts if row["period"] == str(period)}
        rows = [fact(*row.key[:3], tasted[row.key[:2]]) if row.key[:2] in tasted else row for row in rows]
        take(store, rows, name=f"{period}.xlsx")
    for period in MONTHS:
        names.append(run(store, period, rules).run.id)
        released(store, names[-1])
    return names


@pytest.mark.parametrize("fixes", FIXES.values(), ids=list(FIXES))
@pytest.mark.parametrize(("settings", "facts"), [(DEARER, ()), ({}, TASTED)], ids=["rules", "facts"])
def test_months_with_corrections_count_as_corrected_and_nothing_counts_twice(
    sqlite_store, tmp_path, fixes, settings, facts
):
    worked(sqlite_store, fixes)
    found = simulate(sqlite_store, Scenario("试", settings, facts), runs_of(sqlite_store, HR, MONTHS, None), actor=HR)
    for side, tried, rows in (("before", {}, ()), ("after", settings, facts)):
        other = init_database(str(tmp_path / f"{side}.db"), actor=HR, now=NOW)
        names = right(other, fixes, rules=tried_book(book().texts, tried), facts=rows)
        assert {one.subject: getattr(one, side).fen for one in found.shift.persons} == paid(other, names)
    assert {name for month in found.months for name in month.not_booked} & {"A:2025-06#2", "A:2025-06#3"}


def test_a_month_that_books_a_correction_of_a_month_that_is_not_asked_pays_it(sqlite_store):
    worked(sqlite_store, FIXES["before July"])
    found = simulate(sqlite_store, Scenario("试"), runs_of(sqlite_store, HR, [JULY], None), actor=HR)
    assert {one.subject: one.before.fen for one in found.shift.persons} == paid(sqlite_store, ["A:2025-07#1"])
    assert found.months[0].not_booked == ()
    assert len(found.shift.persons) == len(PEOPLE[:5])


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "不再计一次:A:2025-06#2"), ("en", "does not count again: A:2025-06#2")]
)
def test_the_command_says_which_corrections_count_in_their_month(
    sqlite_store, sqlite_url, monkeypatch, capsys, lang, said
):
    monkeypatch.setenv("PERF_LANG", lang)
    monkeypatch.setenv("COLUMNS", "200")
    worked(sqlite_store, FIXES["before July"])
    assert command(["simulate", "--periods", "2025-06..2025-07", "--db", sqlite_url]) == 0
    assert said in capsys.readouterr().out
