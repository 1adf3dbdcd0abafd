import json
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from services_county import HR, JUNE, MAY, NOW, RULES, book, fact, filled, june, month_facts, take, with_roster

from perf.appraisal import month as engine
from perf.distribution import check_conserved
from perf.kernel.errors import NotFound, StateRefused, VerificationFailed, WrongUse
from perf.kernel.money import Money
from perf.services.actors import Actor, local_actor
from perf.services.diff_runs import diff_runs
from perf.services.init_database import init_database
from perf.services.jobs import recover
from perf.services.list_issues import list_issues
from perf.services.load_run import find_runs, load_run, load_subject, person_months, standing_run
from perf.services.publish import move, publish
from perf.services.run_month import run_month
from perf.services.verify_run import verify_run
from perf.storage import audit, journal, lookup
from perf.storage.store import open_store
from perf.storage.viewer import EVERYTHING

LEADER = local_actor("李强")


def released(store, run, **about):
    return publish(store, run=run, actor=HR, by="李强", reason="六月绩效", now=NOW, **about)


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


def test_publishing_records_every_step_and_seals(store):
    filled(store)
    run = june(store).run.id
    done = released(store, run)
    assert done.warnings == ()
    assert done.run.digest is not None
    assert len(done.run.digest) == 64
    with store.read() as connection:
        from perf.storage.runs import steps_of

        assert [s.state_to for s in steps_of(connection, EVERYTHING, run)] == [
            "in_review",
            "public_notice",
            "approved",
            "published",
        ]
        (entry,) = audit.entries(connection, EVERYTHING, action="publish")
    assert (entry.actor, entry.reason) == ("李强", "六月绩效")
    (found,) = find_runs(store, actor=HR)
    assert (found.state, found.pay_month) == ("published", "2025-07")


def test_who_made_it_may_publish_it_here_and_is_warned(store):
    filled(store)
    done = publish(store, run=june(store).run.id, actor=HR, by="王芳", reason="单人单位", now=NOW)
    assert len(done.warnings) == 1


def test_publishing_needs_a_name_and_a_reason(store):
    filled(store)
    run = june(store).run.id
    for by, reason in (("", "x"), ("x", " ")):
        with pytest.raises(WrongUse):
            publish(store, run=run, actor=HR, by=by, reason=reason, now=NOW)


def test_a_second_published_run_of_a_month_is_refused(store):
    filled(store)
    first, second = june(store).run.id, june(store).run.id
    released(store, first)
    with pytest.raises(StateRefused, match="已发布"):
        released(store, second)
    with pytest.raises(StateRefused, match="已经发布"):
        released(store, first)


def test_a_correction_names_what_it_corrects_and_has_its_own_seal(store):
    filled(store)
    first = june(store).run.id
    with pytest.raises(StateRefused):
        june(store, corrects=first)
    released(store, first)
    second = june(store, corrects=first).run
    assert second.corrects == first
    assert released(store, second.id).run.digest != find_runs(store, actor=HR)[0].digest
    assert verify_run(store, run=second.id, actor=HR).findings == ()
    assert second.parts["prior"] == find_runs(store, actor=HR)[0].parts["prior"]
    assert dict(second.parts) == dict(find_runs(store, actor=HR)[0].parts)
    assert len(person_months(store, actor=HR, consortium="A")["001"]) == 1
    assert len(person_months(store, actor=HR, consortium="A", also=second.id)["001"]) == 2


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


def test_steps_go_forward_one_by_one_and_back_to_draft_with_a_reason(store):
    filled(store)
    run = june(store).run.id
    assert move(store, run=run, to="in_review", actor=LEADER, reason="", now=NOW).state == "in_review"
    with pytest.raises(StateRefused):
        move(store, run=run, to="approved", actor=LEADER, reason="", now=NOW)
    with pytest.raises(StateRefused, match="理由"):
        move(store, run=run, to="draft", actor=LEADER, reason=" ", now=NOW)
    assert move(store, run=run, to="draft", actor=LEADER, reason="重算", now=NOW).state == "draft"
    released(store, run)
    with pytest.raises(StateRefused):
        move(store, run=run, to="draft", actor=LEADER, reason="后悔", now=NOW)
    assert move(store, run=run, to="paid", actor=LEADER, reason="已发放", now=NOW).state == "paid"
    assert verify_run(store, run=run, actor=HR).findings == ()


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


TAMPERINGS = {
    "fact": "update fact set value = '99' where subject = '001' and period = '2025-06'",
    "fact gone": "delete from fact where subject = '001' and period = '2025-06'",
    "segment": "update segment set attributes = replace(attributes, '\"1.2\"', '\"9.2\"') where subject = '002'",
    "import": "update import set content = (select content from import where id = 2) where id = 3",
    "import name": "update import set sha256 = 'x' where id = 3",
    "rule_text": "update rule_text set content = replace(content, 'scheme', 'theme')",
    "run": "update run set made_by = 'x'",
    "run parts": "update run set parts = '{}'",
    "run seal": "update run set digest = 'x'",
    "run_step": "update run_step set state_from = 'draft'",
    "run_pin": "update run_pin set digest = 'x' where kind = 'prior'",
    "scorecard_row": "update scorecard_row set score_scaled = 9999 where subject = '001' and type = 'total'",
    "ledger_entry": "update ledger_entry set amount_fen = amount_fen + 1 where target = 'person:001'",
    "ledger_entry target": "update ledger_entry set target = 'person:002' where target = 'person:001'",
    "ledger_entry text": "update ledger_entry set explanation = 'x' where number = 1",
    "balance": "update balance set amount_fen = amount_fen + 1 where account = 'person:001'",
    "run_document": "update run_document set digest = 'x' where subject = '001'",
    "run_document gone": "delete from run_document where subject = '001'",
    "audit": "update audit set actor = 'x' where seq = 2",
    "audit gone": "delete from audit where seq = 5",
}


@pytest.fixture(scope="module")
def sealed_sqlite(sqlite_template, tmp_path_factory):
    """A database with a published June, to be copied."""
    path = tmp_path_factory.mktemp("sealed") / "perf.db"
    shutil.copyfile(sqlite_template, path)
    opened = open_store(str(path))
    with_a_published_june(opened)
    with opened.engine.connect() as connection:
        connection.exec_driver_sql("select 1")
    opened.close()
    return path


@pytest.fixture(scope="module")
def sealed_postgres(postgres_server, postgres_template, cloned_postgres):
    """The same on PostgreSQL."""
    with cloned_postgres(postgres_template) as (name, url):
        opened = open_store(url)
        with_a_published_june(opened)
        opened.close()
        yield name


@pytest.fixture(params=["sqlite", "postgresql"])
def sealed(request, tmp_path, cloned_postgres):
    """A fresh copy of a database with a published June."""
    if request.param == "sqlite":
        path = tmp_path / "perf.db"
        shutil.copyfile(request.getfixturevalue("sealed_sqlite"), path)
        opened = open_store(str(path))
        yield opened
        opened.close()
        return
    with cloned_postgres(request.getfixturevalue("sealed_postgres")) as (_name, url):
        opened = open_store(url)
        yield opened
        opened.close()


def with_a_published_june(store):
    filled(store)
    released(store, june(store).run.id)


def test_what_was_not_tampered_with_is_good(sealed):
    before = verify_run(sealed, run="A:2025-06#1", actor=HR)
    assert before.findings == ()
    assert before.same_engine
    assert before.compared > 20
    before.require()


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_in_any_table_shows_with_table_and_key(sealed, what):
    with sealed.write() as connection:
        statement = TAMPERINGS[what]
        if sealed.engine.dialect.name == "postgresql" and statement.startswith("update import"):
            statement = statement.replace("update import", 'update "import"').replace("from import", 'from "import"')
        assert connection.exec_driver_sql(statement).rowcount >= 1
    after = verify_run(sealed, run="A:2025-06#1", actor=HR)
    table = what.split(" ")[0]
    assert table in {finding.table for finding in after.findings}, after.findings
    with pytest.raises(VerificationFailed, match=table):
        after.require()


def test_a_finding_names_the_key_and_no_figure(store):
    filled(store)
    run = june(store).run.id
    released(store, run)
    with store.write() as connection:
        connection.exec_driver_sql("update ledger_entry set amount_fen = 777 where target = 'person:001'")
        connection.exec_driver_sql("update fact set value = '99' where subject = '002' and period = '2025-06'")
    findings = verify_run(store, run=run, actor=HR).findings
    texts = [str(finding) for finding in findings]
    assert any("person:001" in text for text in texts)
    assert any(text.startswith("fact [") and "002 work_score" in text for text in texts)
    assert not any("777" in text for text in texts)


def test_a_tampered_draft_cannot_be_published(store):
    filled(store)
    run = june(store).run.id
    with store.write() as connection:
        connection.exec_driver_sql("update ledger_entry set amount_fen = amount_fen + 1 where target = 'person:001'")
    with pytest.raises(StateRefused, match="与核算时不同"):
        released(store, run)


def test_another_engine_version_is_compared_figure_by_figure(store, monkeypatch):
    filled(store)
    run = june(store).run.id
    import perf.services.verify_run as module

    monkeypatch.setattr(module, "ENGINE_VERSION", "next")
    verification = verify_run(store, run=run, actor=HR)
    assert not verification.same_engine
    assert verification.findings == ()
    assert engine.ENGINE_VERSION != "next"


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
        assert [e.action for e in audit.entries(connection, EVERYTHING)] == ["init"]
    store.close()
    with pytest.raises(WrongUse):
        init_database(str(tmp_path / "nowhere" / "perf.db"), actor=HR, now=NOW)


KILLED = """
import os, signal, sys
sys.path.insert(0, {folder!r})
from services_county import *
from perf.services import {module} as module
from perf.services.publish import publish
from perf.storage.store import open_store

store = open_store({url!r})
def die(*args, **kwargs):
    print("half way", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
module.audit.append = die
{action}
"""
ACTIONS = {
    "import": ("import_facts", "take(store, month_facts(JUNE, ('1', '2', '3', '4', '5')), name='新.xlsx')", "导入"),
    "run": ("run_month", "june(store)", "核算"),
    "publish": ("publish", "publish(store, run='A:2025-06#1', actor=HR, by='李强', reason='x', now=NOW)", "发布"),
}


def counts(store):
    with store.read() as connection:
        tables = sa.inspect(connection).get_table_names()
        skip = {"journal", "counter", "audit", "alembic_version"}
        return {
            t: connection.exec_driver_sql(f'select count(*) from "{t}"').scalar()
            for t in sorted(tables)
            if t not in skip
        }


@pytest.mark.parametrize("kind", ACTIONS)
def test_a_kill_in_the_middle_leaves_nothing_half_written_and_the_next_start_says_so(store, database_url, kind):
    filled(store)
    june(store)
    before = counts(store)
    module, action, named = ACTIONS[kind]
    folder = str(Path(__file__).parent)
    script = KILLED.format(folder=folder, module=module, url=database_url, action=action)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert done.stdout == "half way\n"
    for _ in range(100):  # PostgreSQL notices the broken connection a moment later
        if counts(store) == before:
            break
        time.sleep(0.05)
    assert counts(store) == before
    (run,) = find_runs(store, actor=HR)
    assert run.state == "draft"
    told = recover(store, actor=HR, now=NOW)
    assert len(told) == 1
    assert named in told[0].zh
    assert "没有写入任何内容" in told[0].zh
    assert recover(store, actor=HR, now=NOW) == ()
    with store.read() as connection:
        assert audit.entries(connection, EVERYTHING)[-1].action == "recover"
        assert list(audit.broken_links(connection, EVERYTHING)) == []
    assert verify_run(store, run=run.id, actor=HR).findings == ()
    if kind == "publish":
        assert released(store, run.id).run.state == "published"


def test_a_job_of_a_living_process_is_left_alone(store):
    with store.write() as connection:
        journal.start(connection, EVERYTHING, consortium="", job="run", target="x", host="elsewhere", process=1, at=NOW)
    assert recover(store, actor=HR, now=NOW) == ()


def test_two_writers_wait_for_each_other(store, database_url):
    import threading

    filled(store)
    errors = []

    def again():
        other = open_store(database_url)
        try:
            june(other)
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            other.close()

    threads = [threading.Thread(target=again) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert [run.number for run in find_runs(store, actor=HR)] == [1, 2, 3]


def test_the_audit_says_what_was_done_in_order(store):
    filled(store)
    run = june(store).run.id
    released(store, run)
    with store.read() as connection:
        found = audit.entries(connection, EVERYTHING)
    assert [e.action for e in found] == ["import-roster", "import", "import", "run", "publish"]
    assert json.loads(found[-1].details)["same_person"] is False
    assert replace(found[0], seq=9).seq == 9


def test_a_damaged_document_is_a_failed_verification_and_no_crash(sealed):
    with sealed.write() as connection:
        connection.exec_driver_sql(
            "update run_document set content = (select content from run_pin where kind = 'roster') where subject = '001'"
        )
    with pytest.raises(VerificationFailed, match="已损坏"):
        load_subject(sealed, run="A:2025-06#1", subject="001", actor=HR)
    with pytest.raises(VerificationFailed, match="已损坏"):
        load_run(sealed, run="A:2025-06#1", actor=HR)


def test_a_column_of_the_wrong_kind_is_a_failed_verification_and_no_crash(sqlite_store):
    filled(sqlite_store)
    run = june(sqlite_store).run.id
    with sqlite_store.write() as connection:
        connection.exec_driver_sql("update run_document set content = content || content where subject = '001'")
    with pytest.raises(VerificationFailed):
        verify_run(sqlite_store, run=run, actor=HR).require()


def test_who_waits_too_long_for_a_writer_is_told_so(sqlite_store, sqlite_url):
    other = open_store(sqlite_url)
    with other.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=50")
    with sqlite_store.write(), pytest.raises(StateRefused, match="稍后再试"):
        with_roster(other)
    other.close()


def test_a_deleted_database_that_left_its_log_is_not_mixed_into_a_new_one(tmp_path):
    (tmp_path / "perf.db-wal").write_bytes(b"old")
    with pytest.raises(WrongUse, match=r"perf\.db-wal"):
        init_database(str(tmp_path / "perf.db"), actor=HR, now=NOW)
