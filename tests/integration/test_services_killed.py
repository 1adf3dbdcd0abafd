"""Processes that are killed or wait for each other, and databases that are half there."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from services_county import HR, NOW, filled, june, with_roster
from services_released import released

from perf.kernel.errors import StateRefused, WrongUse
from perf.services.init_database import init_database
from perf.services.jobs import recover
from perf.services.load_run import find_runs
from perf.services.verify_run import verify_run
from perf.storage import audit, journal
from perf.storage.store import open_store
from perf.storage.viewer import EVERYTHING

KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {folder!r})
from services_county import *
from perf.services import {module} as module
from perf.services.publish import publish
from perf.storage.store import open_store

store = open_store({url!r}, Path({key!r}))
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
def test_a_kill_in_the_middle_leaves_nothing_half_written_and_the_next_start_says_so(
    store, database_url, key_file, kind
):
    filled(store)
    june(store)
    before = counts(store)
    module, action, named = ACTIONS[kind]
    folder = str(Path(__file__).parent)
    script = KILLED.format(folder=folder, module=module, url=database_url, key=str(key_file), action=action)
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
