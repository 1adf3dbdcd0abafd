"""One consortium of the demonstration: the old year advanced, settled and published, then month by month; statements, seal.

Consortia do not depend on each other, so each has a process of its own over the same database; one of them is this one.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
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
from perf.services.import_files import FileOutcome, import_files
from perf.services.load_run import load_run, required_run
from perf.services.processes import working_processes
from perf.services.publish import publish
from perf.services.reports import RunRows, rows_of
from perf.services.rules import readable_book
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


Tell = Callable[[str], None]
"""Hears `run` or `statement` after each step."""


def _silent(_what: str) -> None:
    """Nobody asks how far it is."""


def do_consortia(
    plans: Sequence[ConsortiumPlan], book: RuleBook, tell: Tell, processes: BaseContext
) -> list[ConsortiumDone]:
    """Work through all consortia at once: the first one here, each of the others in one of `processes`.

    Whoever is done with its own statements helps to draw those of the first. `book`: the county's rules.
    """
    first, *others = plans
    if not others:
        return [do_consortium(first, book, tell)]
    queue: SimpleQueue[str] = processes.SimpleQueue()
    listener = Thread(target=_listen, args=(queue, tell), daemon=True)
    listener.start()
    try:
        with working_processes(len(others), processes, _begin, queue) as pool:
            waiting: list[Future[ConsortiumDone]] = [pool.submit(_do_elsewhere, plan) for plan in others]
            work = _Work(first, book, tell)
            work.run()
            work.draw(pool)
            rest = [future.result() for future in waiting]
        return [work.done(), *rest]  # the helpers are gone, with all that they held
    finally:
        queue.put("")
        listener.join(5)


def do_consortium(plan: ConsortiumPlan, book: RuleBook | None = None, tell: Tell = _silent) -> ConsortiumDone:
    """Run and publish each period, draw the last month's statements, replay its seal."""
    work = _Work(plan, book or readable_book(plan.out / "rules"), tell)
    work.run()
    work.draw(None)
    return work.done()


class _Work:
    """One consortium, step by step."""

    def __init__(self, plan: ConsortiumPlan, book: RuleBook, tell: Tell) -> None:
        self.plan, self.book, self.tell = plan, book, tell
        self.store = open_store(plan.database)
        self.made: list[tuple[str, int, int, Money]] = []
        self.files: list[FileOutcome] = []
        self.net: tuple[NetPayRow, ...] = ()
        self.drawn = 0

    def run(self) -> None:
        """Run and publish each period, and work out the pay of July to the net."""
        plan = self.plan
        for place, period in enumerate(plan.periods):
            now = plan.now + timedelta(seconds=place)  # the order in which the ledgers follow each other
            _before(self.store, plan, period, self.book, self.files)
            summary = run_month(
                self.store,
                consortium=plan.consortium,
                period=period,
                book=self.book,
                actor=plan.maker,
                now=now,
                reason="演示",
            )
            publish(
                self.store,
                run=summary.run.id,
                actor=plan.maker,
                by=plan.approver,
                reason="演示发布",
                now=now,
                pay_month=demo_pay.pay_month_of(period),
                allow_unpaid=True,
            )
            self.made.append((summary.run.id, summary.cards, summary.blocked, summary.paid))
            self.tell("run")
        self.net = _net_pay(self.store, plan, self.book, [name for name, *_ in self.made])

    def draw(self, helper: Executor | None) -> None:
        """Draw the statements of the last month, with another process where there is one."""
        batch = statement_batch(self.store, run=self.made[-1][0], actor=self.plan.maker)
        with EVERY_FILE.sink(self.plan.out / "statements", self.made[-1][0]) as sink:
            drawn = write_statements(
                batch, batch.subjects(), sink, helper=helper, progress=lambda _count: self.tell("statement")
            )
        self.drawn = drawn.written

    def done(self) -> ConsortiumDone:
        """What became of it, the last run held against its seal once more."""
        plan, last = self.plan, self.made[-1][0]
        rows = rows_of(load_run(self.store, run=last, actor=plan.maker))
        with self.store.read() as connection:
            findings = stored_findings(connection, plan.maker, required_run(connection, plan.maker, last))
        self.store.close()
        told = tuple(replace(one, plan=None) for one in self.files)  # what they changed is looked at nowhere
        return ConsortiumDone(plan.consortium, tuple(self.made), self.drawn, not findings, rows, told, self.net)


def _before(store: Store, plan: ConsortiumPlan, period: Period, book: RuleBook, files: list[FileOutcome]) -> None:
    """What comes in before a period is run: a changed package, a settled dispute, one-off lines and holds."""
    if plan.change is not None and plan.change.before == period:
        files += _change(store, plan, plan.change, book)
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


def _change(store: Store, plan: ConsortiumPlan, change: LateChange, book: RuleBook) -> list[FileOutcome]:
    """Take in a figure that changes in mid-year, with its reason."""
    request = WorkbookRequest(mode="accept", reason=change.reason)
    specs = plan.out / "rules"
    return import_files(store, [change.path], specs=specs, actor=plan.maker, now=plan.now, request=request, book=book)


_queue: list["SimpleQueue[str]"] = []


def _begin(queue: "SimpleQueue[str]") -> None:
    _queue[:] = [queue]


def _do_elsewhere(plan: ConsortiumPlan) -> ConsortiumDone:
    """The same in a process of its own, which has the rules to read and tells its parent how far it is."""
    return do_consortium(plan, tell=_queue[0].put)


def _listen(queue: "SimpleQueue[str]", tell: Tell) -> None:
    while what := queue.get():
        tell(what)
