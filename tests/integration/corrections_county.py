"""June published, something found wrong, July still open: the county of the tests of corrections."""

from services_county import HR, JUNE, NOW, RULES, month_facts, take, with_roster
from services_released import released

from perf.kernel.periods import Period
from perf.services.run_month import run_month
from perf.specs.book import load_book
from perf.storage import history, results
from perf.storage.viewer import EVERYTHING

MAY, JULY, AUGUST = (Period(2025, "month", n) for n in (5, 7, 8))
SETTLE = """\
corrections: settle
title: {zh: 更正差额结算, en: Settling corrections}
source: {document: 试行办法, clause: 第九条}
"""


def book_with(text=SETTLE + "mode: rebalance\n", **files):
    found, issues = load_book({**RULES, **({"corrections.yaml": text} if text else {}), **files})
    assert [i.render("en") for i in issues if i.is_error] == []
    return found


def run(store, period, book, *, consortium="A", corrects=None):
    return run_month(
        store, consortium=consortium, period=period, book=book, actor=HR, now=NOW, corrects=corrects, reason="x"
    )


def june_released(store, book, **scores):
    """Roster, facts of May to August, June run and published: the name of the run."""
    with_roster(store)
    for period in (MAY, JUNE, JULY, AUGUST):
        take(store, month_facts(period, **(scores if period == JUNE else {})), name=f"{period}.xlsx")
    made = run(store, JUNE, book).run.id
    released(store, made)
    return made


def corrected(store, book, wrong):
    """The sealed correction of a run."""
    made = run(store, JUNE, book, corrects=wrong).run.id
    released(store, made)
    return made


def figures(store, made):
    with store.read() as connection:
        return [results.entry_figures(row) for row in results.stored_entries(connection, EVERYTHING, made)]


def moved(entries, account):
    return sum(e.amount.fen * ((e.target == account) - (e.source == account)) for e in entries)


def of_corrections(store, made):
    return [entry for entry in figures(store, made) if entry.distribution == "correction"]


def balances(store):
    with store.read() as connection:
        return {a: m.fen for a, m in history.account_balances(connection, EVERYTHING, "A").items()}
