"""`score-many` beside itself, killed in the middle, and over quarters and years."""

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from process_watching import is_running, processes_below
from test_score_many import NOW, RULES, WIDE

from perf.kernel.periods import Period, parse_period
from perf.services import score_many as module
from perf.services.actors import local_actor
from perf.services.jobs import recover
from perf.services.run_sheets import ensure_sheets
from perf.services.score_many import Order, find_wide_files, score_many
from perf.services.scored_subject import scored_subject
from perf.services.what_if import what_if
from perf.storage.sheets import FILES, content_of, list_sheets, totals_of
from perf.storage.store import Busy, Store, open_store
from perf.storage.tables import SCORE_SHEET, SCORE_TOTAL
from perf.storage.viewer import EVERYTHING

ME = local_actor("小王")
COMMAND = [sys.executable, "-c", "import sys; from perf.cli.app import run; sys.exit(run(sys.argv[1:]))"]


def folder_of(tmp_path: Path, consortia: int, *, rules: str = RULES, period: str = "2025-06", text: str = WIDE) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "r.yaml").write_text(rules, encoding="utf-8")
    (tmp_path / "wide" / period).mkdir(parents=True)
    for number in range(consortia):
        (tmp_path / "wide" / period / f"G{number:02d}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def arguments(folder: Path, url: str, *more: str) -> list[str]:
    wide, rules = str(folder / "wide"), str(folder / "rules")
    return [*COMMAND, "score-many", wide, "--scheme", "monthly", "--specs", rules, "--db", url, *more]


def require_whole(store: Store, consortia: int | None = None) -> int:
    """Every sheet is there once, with all its totals and its content as it was written."""
    with store.read() as connection:
        found = list_sheets(connection, EVERYTHING, FILES)
        for sheet in found:
            content_of(connection, EVERYTHING, sheet)
            assert len(totals_of(connection, EVERYTHING, sheet.key)) == sheet.subjects == 4
        assert connection.execute(sa.select(sa.func.count()).select_from(SCORE_SHEET)).scalar() == len(found)
        assert connection.execute(sa.select(sa.func.count()).select_from(SCORE_TOTAL)).scalar() == 4 * len(found)
    assert consortia is None or len(found) == consortia
    return len(found)


def test_two_processes_at_once_keep_every_file_once(store: Store, database_url: str, tmp_path: Path):
    folder = folder_of(tmp_path, 6)
    both = [subprocess.Popen(arguments(folder, database_url), stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [one.communicate()[0] for one in both]
    assert [one.returncode for one in both] == [0, 0]
    require_whole(store, 6)
    kept = [int(text.partition("新核分 ")[2].partition(",")[0]) for text in said]
    assert sum(kept) == 6


def test_two_that_keep_the_same_file_at_the_same_moment_wait_for_each_other(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = folder_of(tmp_path, 1)
    together = Barrier(2, timeout=30)
    kept = module._keep

    def at_once(*given):
        if store.engine.dialect.name == "postgresql":
            together.wait()  # both are inside their transactions; SQLite lets only one in
        return kept(*given)

    monkeypatch.setattr(module, "_keep", at_once)
    files, order = find_wide_files(folder / "wide"), Order(folder / "rules", "monthly", ME, NOW)
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda _n: score_many(store, files, order)[0].outcome, range(2)))
    assert sorted(outcomes) == ["scored", "unchanged"]
    require_whole(store, 1)


KILLED = """
import os, signal
from datetime import UTC, datetime
from pathlib import Path
from perf.services import score_many as module
from perf.services.actors import local_actor
from perf.storage.store import open_store

append, seen = module.audit.append, []
def die(*given, **named):
    seen.append(1)
    if len(seen) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return append(*given, **named)
module.audit.append = die
folder = Path({folder!r})
order = module.Order(folder / "rules", "monthly", local_actor("小王"), datetime(2025, 7, 3, tzinfo=UTC))
module.score_many(open_store({url!r}), module.find_wide_files(folder / "wide"), order)
"""


def test_a_kill_inside_a_file_leaves_the_files_before_it_whole_and_the_next_start_says_so(
    store: Store, database_url: str, tmp_path: Path
):
    folder = folder_of(tmp_path, 5)
    script = KILLED.format(folder=str(folder), url=database_url)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    require_whole(store, 2)
    [told] = recover(store, actor=ME, now=NOW)
    assert "批量核分(monthly · 5)" in told.zh
    assert "已完成的文件都已完整存下" in told.zh
    assert recover(store, actor=ME, now=NOW) == ()
    again = score_many(store, find_wide_files(folder / "wide"), Order(folder / "rules", "monthly", ME, NOW))
    assert [one.outcome for one in again] == ["unchanged"] * 2 + ["scored"] * 3
    require_whole(store, 5)
    assert recover(store, actor=ME, now=NOW) == ()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads which processes there are")
def test_when_the_command_is_killed_its_workers_end_and_what_they_kept_is_whole(
    store: Store, database_url: str, tmp_path: Path
):
    folder = folder_of(tmp_path, 60)
    command = subprocess.Popen(arguments(folder, database_url, "--jobs", "2"), start_new_session=True)
    for _ in range(600):
        if require_whole(store):
            break
        time.sleep(0.05)
    workers = processes_below(command.pid)
    command.kill()
    command.wait()
    assert len(workers) >= 2
    for _ in range(200):
        alive = [one for one in workers if is_running(one)]
        if not alive:
            break
        time.sleep(0.05)
    assert alive == []
    kept = require_whole(store)
    assert kept >= 1
    again = score_many(store, find_wide_files(folder / "wide"), Order(folder / "rules", "monthly", ME, NOW))
    assert sum(one.outcome == "unchanged" for one in again) == kept
    require_whole(store, 60)


def test_a_database_that_somebody_else_holds_is_refused_with_a_reason(sqlite_url: str, tmp_path: Path):
    folder = folder_of(tmp_path, 1)
    first, second = open_store(sqlite_url), open_store(sqlite_url)
    sa.event.listen(second.engine, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout=50"))
    with first.write(), pytest.raises(Busy) as refused:
        score_many(second, find_wide_files(folder / "wide"), Order(folder / "rules", "monthly", ME, NOW))
    assert "正被他人写入" in str(refused.value)
    first.close()
    second.close()


def lengths(kind: str) -> str:
    return RULES.replace("period: month", f"period: {kind}")


@pytest.mark.parametrize(
    ("kind", "period", "column"), [("quarter", "2025-Q1", "visits@2024-Q1"), ("year", "2025", "visits@2024")]
)
def test_quarters_and_years_are_scored_explained_and_tried_out(
    store: Store, tmp_path: Path, kind: str, period: str, column: str
):
    text = WIDE.replace("visits@2024-06", column)
    folder = folder_of(tmp_path, 1, rules=lengths(kind), period=period, text=text)
    [outcome] = score_many(store, find_wide_files(folder / "wide"), Order(folder / "rules", "monthly", ME, NOW))
    assert (outcome.outcome, outcome.period, outcome.subjects) == ("scored", period, 4)
    at = parse_period(period)
    told = scored_subject(store, scheme="monthly", period=at, subject="000001", actor=ME)
    growth = next(one for one in told.card.items if one.item == "growth")
    assert growth.value * 9 == 1  # 180 → 200
    assert told.card.total is not None
    texts = {"r.yaml": lengths(kind)}
    change = {"monthly.dimensions.work.indicators.place.weight": "60"}
    found = what_if(store, texts, scheme="monthly", periods=[at], changes=change, actor=ME)
    assert (found.periods, found.subjects) == ((at,), 4)
    assert ensure_sheets(store, (), "monthly", actor=ME, now=NOW) == ()


def test_a_growth_on_the_quarter_before_is_asked_of_its_column(store: Store, tmp_path: Path):
    rules = lengths("quarter").replace("visits@last_year", "visits@previous")
    text = WIDE.replace("visits@2024-06", "visits@2024-Q4")
    folder = folder_of(tmp_path, 1, rules=rules, period="2025-Q1", text=text)
    score_many(store, find_wide_files(folder / "wide"), Order(folder / "rules", "monthly", ME, NOW))
    told = scored_subject(store, scheme="monthly", period=Period(2025, "quarter"), subject="000001", actor=ME)
    growth = next(one for one in told.card.items if one.item == "growth")
    assert growth.value * 9 == 1  # 180 → 200
