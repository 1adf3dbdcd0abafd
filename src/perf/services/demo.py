"""The demonstration county from nothing: workbooks, import, runs, publication, settlement, statements, reports."""

import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from perf.excel.export import issues_workbook
from perf.kernel.errors import StateRefused
from perf.kernel.issues import Issue
from perf.kernel.money import Money
from perf.kernel.periods import Period, parse_period
from perf.kernel.text import Text
from perf.services import reports
from perf.services.actors import Actor
from perf.services.choose_runs import consortia_of
from perf.services.county import write_workbooks
from perf.services.files import packaged, write_atomically
from perf.services.import_files import FileOutcome, import_files, usable_book
from perf.services.init_database import init_database
from perf.services.list_issues import list_issues
from perf.services.load_run import LoadedRun, load_run
from perf.services.publish import publish
from perf.services.run_month import RunSummary, run_month
from perf.services.statement_files import write_statements
from perf.services.statements import statements_of
from perf.services.verify_run import verify_run
from perf.services.workbooks import WorkbookRequest
from perf.specs.models import RuleBook
from perf.storage.store import Store

MAKER = Actor("绩效办(演示)", everything=True)
APPROVER = "院长办公会(演示)"
MONTHS = tuple(parse_period(f"2025-{month:02d}") for month in range(1, 7))
YEAR = parse_period("2024")
MARK = ".perf-demo"
T = TypeVar("T")


class Watch(Protocol):
    """Who is told how far it is."""

    def stage(self, title: Text, total: int) -> AbstractContextManager["Advance"]:
        """A stage with so many steps."""
        ...


class Advance(Protocol):
    """Called after each step."""

    def __call__(self) -> None:
        """One step further."""
        ...


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What was made, with the seconds each stage took."""

    out: Path
    files: Sequence[FileOutcome]
    runs: Sequence[RunSummary]
    last: Sequence[LoadedRun]
    statements: int
    issues: Sequence[Issue]
    verified: int
    seconds: dict[str, float]

    @property
    def is_partial(self) -> bool:
        """Whether a file was refused or does not verify: the demonstration itself went wrong."""
        return any(one.outcome == "refused" for one in self.files) or self.verified != len(self.last)

    @property
    def paid(self) -> Money:
        """What persons get in the last month."""
        last = {one.run.id for one in self.last}
        return Money(sum(s.paid.fen for s in self.runs if s.run.id in last))


def run_demo(out: Path, *, now: datetime, watch: Watch, workers: int = 2) -> DemoResult:
    """Make the demonstration in `out`; an earlier demonstration there is made anew, anything else is left alone."""
    seconds: dict[str, float] = {}
    _clear(out)
    book = usable_book(None)
    workbooks = _timed(seconds, "workbooks", lambda: _workbooks(out, book, watch))
    store = init_database(str(out / "perf.db"), actor=MAKER, now=now, reason="演示")
    files = _timed(seconds, "import", lambda: _import(store, workbooks, now, watch))
    runs = _timed(seconds, "runs", lambda: _months(store, book, now, watch))
    last = [load_run(store, run=s.run.id, actor=MAKER) for s in runs if s.run.period == MONTHS[-1]]
    count = _timed(seconds, "statements", lambda: _statements(store, last, out, watch, workers))
    verified = _timed(seconds, "verify", lambda: sum(_verified(store, one) for one in last))
    issues = list_issues(store, actor=MAKER)
    with watch.stage(Text("写出报表", "writing reports"), 5) as advance:
        write_atomically(
            {
                out / "scorecards.csv": reports.scorecards_csv(last),
                out / "ledger.csv": reports.ledger_csv(last),
                out / "payfile.xlsx": reports.pay_workbook(last),
                out / "payfile.csv": reports.pay_csv(last),
                out / "issues.xlsx": issues_workbook(issues),
            }
        )
        for _ in range(5):
            advance()
    store.close()
    return DemoResult(out, files, runs, last, count, issues, verified, seconds)


def _timed(seconds: dict[str, float], name: str, work: Callable[[], T]) -> T:
    begin = time.monotonic()
    result = work()
    seconds[name] = time.monotonic() - begin
    return result


def _clear(out: Path) -> None:
    """Remove what an earlier demonstration made; refuse a folder that holds anything else."""
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise StateRefused(
            Text(
                f"{out} 里有别的东西,不会覆盖;换一个 --out",
                f"{out} holds something else and is left alone; choose another --out",
            )
        )
    if out.exists():
        shutil.rmtree(out)
    out.mkdir(parents=True)
    (out / MARK).write_text("perf-pay demo\n", encoding="utf-8")


def _workbooks(out: Path, book: RuleBook, watch: Watch) -> list[Path]:
    with watch.stage(Text("各科室的工作簿", "the departments' workbooks"), 0) as advance:
        return write_workbooks(out / "workbooks", packaged("fixtures/county"), lambda _path: advance(), book=book)


def _import(store: Store, files: Sequence[Path], now: datetime, watch: Watch) -> list[FileOutcome]:
    request = WorkbookRequest(mode="accept_clean", reason="演示数据")
    with watch.stage(Text("读入并核对", "reading and checking"), len(files)) as advance:
        return import_files(
            store, files, specs=None, actor=MAKER, now=now, request=request, progress=lambda _path: advance()
        )


def _months(store: Store, book: RuleBook, now: datetime, watch: Watch) -> list[RunSummary]:
    codes = sorted(consortia_of(store, actor=MAKER))
    periods: list[Period] = [*MONTHS, YEAR]
    runs: list[RunSummary] = []
    with watch.stage(
        Text("计分、分配、发布", "scoring, distributing, publishing"), len(codes) * len(periods)
    ) as advance:
        for period in periods:
            for code in codes:
                summary = run_month(
                    store, consortium=code, period=period, book=book, actor=MAKER, now=now, reason="演示"
                )
                runs.append(summary)
                publish(
                    store,
                    run=summary.run.id,
                    actor=MAKER,
                    by=APPROVER,
                    reason="演示发布",
                    now=now,
                    allow_unpaid=True,
                )
                advance()
    return runs


def _statements(store: Store, last: Sequence[LoadedRun], out: Path, watch: Watch, workers: int) -> int:
    written = 0
    for one in last:
        prepared = statements_of(store, run=one.run.id, actor=MAKER)
        staff = prepared.subjects()
        with watch.stage(Text(f"通知单 {one.run.id}", f"statements {one.run.id}"), len(staff)) as advance:
            written += write_statements(prepared, staff, out / "statements", workers=workers, progress=advance)
    return written


def _verified(store: Store, loaded: LoadedRun) -> bool:
    return verify_run(store, run=loaded.run.id, actor=MAKER).is_good
