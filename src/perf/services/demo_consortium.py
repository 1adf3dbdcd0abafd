"""One consortium of the demonstration: the old year advanced, settled and published, then month by month; statements, seal.

Consortia do not depend on each other, so each has a process of its own over the same database.
"""

import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing.context import BaseContext
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from threading import Thread

from perf.excel.export import NetPayRow
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.services import demo_pay
from perf.services.actors import Actor
from perf.services.county.payroll_book import PAID_IN
from perf.services.import_files import FileOutcome, import_files, usable_book
from perf.services.load_run import load_run, required_run
from perf.services.publish import publish
from perf.services.reports import RunRows, rows_of
from perf.services.run_month import run_month
from perf.services.statement_batch import statement_batch
from perf.services.statement_files import EVERY_FILE, write_statements
from perf.services.verify_run import stored_findings
from perf.services.workbooks import WorkbookRequest
from perf.specs.models import RuleBook
from perf.storage.store import Store, open_store


@dataclass(frozen=True, slots=True)
class ConsortiumPlan:
    """What is to be done for one consortium, period by period; the county's rules are in `out`/rules."""

    database: str
    consortium: str
    periods: tuple[Period, ...]
    maker: Actor
    approver: str
    out: Path
    now: datetime
    change: "LateChange | None" = None

    @property
    def steps(self) -> int:
        """Runs to be made."""
        return len(self.periods)


@dataclass(frozen=True, slots=True)
class LateChange:
    """A workbook that comes in before the run of `before`, with the reason for what it changes."""

    path: Path
    reason: str
    before: Period


@dataclass(frozen=True, slots=True)
class ConsortiumDone:
    """What became of it; `runs` in the order in which they were made."""

    consortium: str
    runs: tuple[tuple[str, int, int, Money], ...]
    statements: int
    is_verified: bool
    last: RunRows
    files: tuple[FileOutcome, ...] = ()
    net: tuple[NetPayRow, ...] = ()


_told: list["SimpleQueue[str] | None"] = [None]


def do_consortia(
    plans: Sequence[ConsortiumPlan], tell: Callable[[str], None], processes: BaseContext
) -> list[ConsortiumDone]:
    """Work through all consortia at once, each in one of `processes`; `tell` hears `run` or `statement` after each step."""
    queue: SimpleQueue[str] = processes.SimpleQueue()
    listener = Thread(target=_listen, args=(queue, tell), daemon=True)
    listener.start()
    try:
        with ProcessPoolExecutor(
            len(plans), processes, initializer=_begin, initargs=(queue,), max_tasks_per_child=1
        ) as pool:  # who is done goes, and what it held goes with it
            waiting: list[Future[ConsortiumDone]] = [pool.submit(do_consortium, plan) for plan in plans]
            return [future.result() for future in waiting]
    finally:
        queue.put("")
        listener.join(5)


def do_consortium(plan: ConsortiumPlan) -> ConsortiumDone:
    """Run and publish each period, draw the last month's statements, replay its seal."""
    store = open_store(plan.database)
    book = usable_book(plan.out / "rules")
    made: list[tuple[str, int, int, Money]] = []
    files: list[FileOutcome] = []
    for place, period in enumerate(plan.periods):
        now = plan.now + timedelta(seconds=place)  # the order in which the ledgers follow each other
        _before(store, plan, period, book, files)
        summary = run_month(
            store,
            consortium=plan.consortium,
            period=period,
            book=book,
            actor=plan.maker,
            now=now,
            reason="演示",
        )
        publish(
            store,
            run=summary.run.id,
            actor=plan.maker,
            by=plan.approver,
            reason="演示发布",
            now=now,
            pay_month=demo_pay.pay_month_of(period),
            allow_unpaid=True,
        )
        made.append((summary.run.id, summary.cards, summary.blocked, summary.paid))
        _tell("run")
    last = made[-1][0]
    net = _net_pay(store, plan, book, [name for name, *_ in made])
    drawn, rows = _statements(store, plan, last)
    with store.read() as connection:
        findings = stored_findings(connection, plan.maker, required_run(connection, plan.maker, last))
    store.close()
    told = tuple(replace(one, plan=None) for one in files)  # what they changed is looked at nowhere, and large to send
    return ConsortiumDone(plan.consortium, tuple(made), drawn, not findings, rows, told, net)


def _statements(store: Store, plan: ConsortiumPlan, run: str) -> tuple[int, RunRows]:
    """Draw the statements of a run; how many, and the rows of its reports."""
    batch = statement_batch(store, run=run, actor=plan.maker)
    with EVERY_FILE.sink(plan.out / "statements", run) as sink:
        drawn = write_statements(
            batch,
            batch.subjects(),
            sink,
            workers=1,  # both consortia draw at the same time, each in its own process
            progress=lambda _count: _tell("statement"),
        )
    return drawn.written, rows_of(load_run(store, run=run, actor=plan.maker))


def _before(store: Store, plan: ConsortiumPlan, period: Period, book: RuleBook, files: list[FileOutcome]) -> None:
    """What comes in before a period is run: a changed package, a settled dispute, one-off lines and holds."""
    if plan.change is not None and plan.change.before == period:
        files += _change(store, plan, plan.change)
    where = (store, plan.out, plan.consortium, period)
    files += demo_pay.settle_disputes(*where, book=book, actor=plan.maker, now=plan.now)
    demo_pay.enter_month(*where, book=book, actor=plan.maker, now=plan.now)


def _net_pay(store: Store, plan: ConsortiumPlan, book: RuleBook, made: Sequence[str]) -> tuple[NetPayRow, ...]:
    """What is paid in July, to the net; nothing where the demonstration ends before June."""
    paid = [
        name
        for period, name in zip(plan.periods, made, strict=True)
        if PAID_IN in (demo_pay.pay_month_of(period), period.shift(1))
    ]
    if plan.periods[-1].shift(1) != PAID_IN:
        return ()
    return demo_pay.accept_net_pay(store, plan.out, plan.consortium, paid, book=book, actor=plan.maker, now=plan.now)


def _change(store: Store, plan: ConsortiumPlan, change: LateChange) -> list[FileOutcome]:
    """Take in a figure that changes in mid-year, with its reason."""
    request = WorkbookRequest(mode="accept", reason=change.reason)
    specs = plan.out / "rules"
    return import_files(store, [change.path], specs=specs, actor=plan.maker, now=plan.now, request=request)


def _begin(queue: "SimpleQueue[str]") -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C ends it without a traceback; this process's parent tells
    _told[0] = queue


def _tell(what: str) -> None:
    queue = _told[0]
    if queue is not None:
        queue.put(what)


def _listen(queue: "SimpleQueue[str]", tell: Callable[[str], None]) -> None:
    while what := queue.get():
        tell(what)
