"""A month that is run, stored, read back, compared and explained, on both databases."""

import subprocess
import sys
from datetime import date, timedelta

import pytest
from services_county import HR, JUNE, MAY, NOW, RULES, book, fact, filled, june, month_facts, take, with_roster
from services_released import released

from perf.distribution import check_conserved
from perf.kernel.errors import NotFound, StateRefused, WrongUse
from perf.kernel.money import Money
from perf.services.actors import Actor
from perf.services.diff_runs import diff_runs
from perf.services.init_database import init_database
from perf.services.list_issues import list_issues
from perf.services.load_run import find_runs, load_run, load_subject, person_months, standing_run
from perf.services.publish import publish
from perf.services.run_month import run_month
from perf.services.verify_run import verify_run
from perf.storage import audit, journal, lookup
from perf.storage.viewer import EVERYTHING


def test_a_run_scores_distributes_and_stores(store):
    filled(store)
    summary = june(store)
    assert summary.run.id == "A:2025-06#1"
    assert summary.cards == 7
    assert summary.blocked == 0
    assert summary.paid == Money(13_266_668)
    loaded = load_run(store, run=summary.run.id, actor=HR)
    assert set(loaded.scores.cards) == {
        *(("house", h) for h in ("h1", "t1")),
        *(("staff", f"00{n}") for n in range(1, 6)),
    }
    check_conserved(loaded.ledger.entries, closing=loaded.ledger.balances)
    assert sum(e.amount.fen for e in loaded.ledger.entries if e.source.startswith("outside:")) == 13_333_334


def test_what_is_read_back_is_what_was_computed_to_the_last_node(store):
    from perf.services.run_inputs import load_inputs
    from perf.services.run_month import compute

    filled(store)
    run = june(store).run.id
    with store.read() as connection:
        computed = compute(load_inputs(connection, EVERYTHING, book(), "A", JUNE), JUNE, "A")
    loaded = load_run(store, run=run, actor=HR)
    assert loaded.scores == computed.scores
    assert loaded.ledger.entries == computed.ledger.entries
    assert loaded.ledger.path == computed.ledger.path
    assert dict(loaded.ledger.balances) == dict(computed.ledger.balances)
    assert loaded.ledger.failed == computed.ledger.failed
    assert loaded.roster.ids() == ["001", "002", "003", "004", "005", "A", "h1", "lj", "t1"]


def test_one_subject_is_read_without_the_rest(store):
    filled(store)
    run = june(store).run.id
    document = load_subject(store, run=run, subject="001", actor=HR)
    assert [card.scheme for card in document.cards] == ["staff"]
    assert {entry.claimant for entry in document.entries} == {"001"}
    house = load_subject(store, run=run, subject="h1", actor=HR)
    assert [step.owner for _n, step in house.path]
    with pytest.raises(NotFound):
        load_subject(store, run=run, subject="101", actor=HR)


def test_the_same_month_is_the_same_bit_for_bit_on_both_databases(sqlite_store, postgres_store):
    parts = []
    for store in (sqlite_store, postgres_store):
        filled(store)
        run = june(store).run
        sealed = released(store, run.id).run
        parts.append((dict(run.parts), sealed.digest))
    assert parts[0] == parts[1]


def test_the_order_of_imports_and_rows_does_not_change_the_figures(sqlite_store, tmp_path):
    filled(sqlite_store)
    other = init_database(str(tmp_path / "other.db"), actor=HR, now=NOW)
    with_roster(other)
    take(other, list(reversed(month_facts(JUNE))), name="六月.xlsx")
    take(other, list(reversed(month_facts(MAY))), name="五月.xlsx")
    one, two = june(sqlite_store).run, june(other).run
    for part in ("scorecards", "ledger", "balances", "documents", "roster", "prior", "rules"):
        assert one.parts[part] == two.parts[part], part
    other.close()


def test_drafts_may_be_many_and_are_compared(store):
    filled(store)
    first = june(store).run.id
    take(store, [fact("001", "work_score", JUNE, "50", sender="绩效办")], name="更正.xlsx")
    second = june(store).run.id
    assert second == "A:2025-06#2"
    diff = diff_runs(store, old=first, new=second, actor=HR)
    assert [(t.subject, str(t.old), str(t.new)) for t in diff.totals] == [("001", "1847/20", "50")]
    assert [(f.subject, f.old, f.new) for f in diff.facts] == [("001", "92.35", "50")]
    assert {p.account for p in diff.pay} >= {"person:001", "person:002"}
    assert sum(p.difference.fen for p in diff.pay) == 0
    assert diff_runs(store, old=first, new=first, actor=HR).is_empty
    assert standing_run(store, actor=HR, consortium="A", period=JUNE).id == second
    released(store, first)
    assert standing_run(store, actor=HR, consortium="A", period=JUNE).id == first


def test_a_missing_score_blocks_the_card_and_holds_the_share(store):
    filled(store, scores=("92.35", "88", "", "60", "85.55"))
    summary = june(store)
    assert summary.blocked == 1
    assert summary.held.fen > 0
    assert any(issue.subject == "003" for issue in list_issues(store, actor=HR, run=summary.run.id))
    assert released(store, summary.run.id).run.state == "published"


def test_a_blocked_card_that_counts_for_pay_without_a_held_share_stands_in_the_way(store):
    from perf.specs.book import load_book

    filled(store, scores=("92.35", "88", "", "60", "85.55"))
    strict, _issues = load_book({**RULES, "rules.yaml": RULES["rules.yaml"].replace("hold_at(full)", "hold_at(last)")})
    summary = run_month(store, consortium="A", period=JUNE, book=strict, actor=HR, now=NOW)
    if summary.run.counts["in_the_way"]:
        with pytest.raises(StateRefused) as refused:
            released(store, summary.run.id)
        assert refused.value.issues
        assert released(store, summary.run.id, allow_unpaid=True).run.state == "published"
    else:
        assert summary.held.fen > 0


def test_a_refused_distribution_stands_in_the_way_until_it_is_allowed(store):
    with_roster(store)
    rows = [f for f in month_facts(JUNE) if f.key[:2] != ("t1", "pool_yuan")]
    take(store, rows)
    summary = june(store)
    assert summary.run.counts["failed"] == 1
    assert summary.is_partial
    with pytest.raises(StateRefused) as refused:
        released(store, summary.run.id)
    assert [i.code for i in refused.value.issues] == ["distribution-refused"]
    assert released(store, summary.run.id, allow_unpaid=True).run.state == "published"


def test_balances_of_published_months_open_the_next(store):
    filled(store)
    may = run_month(store, consortium="A", period=MAY, book=book(), actor=HR, now=NOW).run.id
    early = june(store).run.id
    released(store, may)
    with pytest.raises(StateRefused, match="期初余额已变"):
        released(store, early)
    after = june(store).run.id
    saved = {e.source for e in load_run(store, run=after, actor=HR).ledger.entries if e.source.startswith("reserve:")}
    assert saved == {"reserve:saved:h1", "reserve:saved:t1"}
    assert released(store, after).run.state == "published"
    months = person_months(store, actor=HR, consortium="A")
    assert [str(m.period) for m in months["001"]] == ["2025-05", "2025-06"]
    assert all(m.paid.fen > 0 for m in months["001"])
    assert {str(t) for t in months["001"][0].totals.values()} == {"1847/20"}


def test_who_has_no_scope_runs_publishes_and_reads_nothing(store):
    filled(store)
    run = june(store).run.id
    other = Actor("b", frozenset({"B"}))
    assert find_runs(store, actor=other) == ()
    assert list_issues(store, actor=other) == ()
    for refused in (
        lambda: run_month(store, consortium="A", period=JUNE, book=book(), actor=other, now=NOW),
        lambda: publish(store, run=run, actor=other, by="b", reason="x", now=NOW),
        lambda: verify_run(store, run=run, actor=other),
        lambda: load_run(store, run=run, actor=other),
        lambda: load_subject(store, run=run, subject="001", actor=other),
        lambda: diff_runs(store, old=run, new=run, actor=other),
    ):
        with pytest.raises(NotFound):
            refused()


def test_a_scope_of_one_consortium_is_enough_to_run_it(store):
    filled(store)
    summary = run_month(store, consortium="B", period=JUNE, book=book(), actor=Actor("b", frozenset({"B"})), now=NOW)
    assert summary.cards == 3


def test_an_unknown_consortium_is_refused_and_nothing_is_left_open(store):
    filled(store)
    with pytest.raises(NotFound):
        run_month(store, consortium="Z", period=JUNE, book=book(), actor=HR, now=NOW)
    with store.read() as connection:
        assert journal.open_jobs(connection, EVERYTHING) == []


def test_one_line_is_explained_the_fast_way_and_the_slow_way_alike(store, database_url):
    from perf.services.subject_of_run import _through_the_store, subject_of_run

    filled(store)
    june(store)
    run_month(store, consortium="A", period=MAY, book=book(), actor=HR, now=NOW)
    for period, run in ((None, None), ("2025-05", None), (None, "A:2025-06#1")):
        fast = subject_of_run(database_url, subject="001", actor=HR, period=period, run=run)
        assert fast == _through_the_store(database_url, "001", HR, period, run)
        assert [s.title for s in fast.segments] == ["赵一", "县人民医院"]
    assert fast.document == load_subject(store, run="A:2025-06#1", subject="001", actor=HR)
    for actor, subject in ((Actor("b", frozenset({"B"})), "001"), (HR, "999")):
        with pytest.raises(NotFound):
            subject_of_run(database_url, subject=subject, actor=actor)


def test_the_fast_way_loads_no_database_library(sqlite_store, sqlite_url):
    filled(sqlite_store)
    june(sqlite_store)
    script = (
        "import sys\nfrom perf.services.subject_of_run import subject_of_run\n"
        "from perf.services.actors import local_actor\n"
        f"print(subject_of_run({sqlite_url!r}, subject='001', actor=local_actor('x')).run.id)\n"
        "assert not {'sqlalchemy', 'sqlmodel', 'alembic', 'scipy', 'openpyxl'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "A:2025-06#1\n"


def test_text_with_odd_line_ends_is_pinned_and_replayed(store):
    filled(store)
    odd = "a\u2028b\x85c"
    take(store, [fact("h1", "visits", JUNE, "1300", sheet=odd)], name="怪.xlsx")
    run = june(store).run.id
    assert verify_run(store, run=run, actor=HR).findings == ()


def test_a_person_who_moved_to_another_consortium_is_scored_in_both(store):
    from services_county import SEGMENTS, segment

    moved = [
        segment("001", "person", "doctor", "h1", last=date(2025, 6, 14), name="赵一", share="1"),
        segment("001", "person", "doctor", "h2", first=date(2025, 6, 15), name="赵一", share="1"),
    ]
    with_roster(store, [*(s for s in SEGMENTS if s.subject != "001"), *moved])
    take(store, month_facts(MAY), name="五月.xlsx")
    take(store, month_facts(JUNE), name="六月.xlsx")
    ours = june(store)
    theirs = run_month(store, consortium="B", period=JUNE, book=book(), actor=HR, now=NOW)
    assert (ours.blocked, theirs.blocked) == (0, 0)
    for run in (ours.run.id, theirs.run.id):
        (card,) = load_subject(store, run=run, subject="001", actor=HR).cards
        assert card.total is not None
        assert verify_run(store, run=run, actor=HR).findings == ()


def test_the_run_that_speaks_about_a_subject_is_found_without_the_tables(store):
    filled(store)
    run = june(store).run.id
    run_month(store, consortium="A", period=MAY, book=book(), actor=HR, now=NOW)
    with store.read() as connection:
        assert lookup.run_about(connection, EVERYTHING, "001").id == run
        assert lookup.run_about(connection, EVERYTHING, "001", period="2025-05").id == "A:2025-05#1"
        assert lookup.run_about(connection, EVERYTHING, "001", run="A:2025-06#9") is None
        assert lookup.run_about(connection, Actor("b", frozenset({"B"})).viewer, "001") is None


def test_init_makes_a_database_once_and_repeating_it_changes_nothing(tmp_path):
    url = str(tmp_path / "perf.db")
    init_database(url, actor=HR, now=NOW).close()
    store = init_database(url, actor=HR, now=NOW + timedelta(days=1))
    with store.read() as connection:
        assert [e.action for e in audit.entries(connection, EVERYTHING)] == ["init", "make-key"]
    store.close()
    with pytest.raises(WrongUse):
        init_database(str(tmp_path / "nowhere" / "perf.db"), actor=HR, now=NOW)
