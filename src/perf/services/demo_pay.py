"""What happens to a month of the demonstration besides its run: a dispute settled, one-off lines entered, pay to the net."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from perf.excel.export import NetPayRow
from perf.kernel.periods import Period
from perf.services.actors import Actor
from perf.services.adjust import enter_adjustments, read_requests
from perf.services.county.adjustment_book import adjustment_file
from perf.services.county.pay_books import corrected_file
from perf.services.county.payroll_book import PAID_IN, opening_file
from perf.services.files import write_atomically
from perf.services.import_files import FileOutcome, import_files
from perf.services.load_run import required_run
from perf.services.market import deals_csv, markets_of
from perf.services.pay_files import net_rows
from perf.services.payroll import accept_payroll, payroll_in_force
from perf.services.payroll_openings import Readable, import_openings
from perf.services.workbooks import WorkbookRequest, stored_roster
from perf.specs.models import RuleBook
from perf.storage.store import Store

WORKBOOKS, RULES, RECONCILED = "workbooks", "rules", "reconcile"


def pay_month_of(period: Period) -> Period | None:
    """When a run of the demonstration is paid: what is settled of the year before goes with July's pay."""
    return PAID_IN if period.kind == "year" else None


def settle_disputes(
    store: Store, out: Path, consortium: str, period: Period, *, book: RuleBook, actor: Actor, now: datetime
) -> list[FileOutcome]:
    """Where two members disagree: both sides beside each other, the erring one reports again, and once more beside each other."""
    path = out / WORKBOOKS / corrected_file(consortium, period)
    if not path.exists():
        return []
    files: dict[Path, str | bytes] = {}

    def compare(when: str) -> None:
        views = markets_of(store, consortium=consortium, period=period, book=book, actor=actor)
        files[out / RECONCILED / f"{consortium}-{period}-{when}.csv"] = deals_csv(views)

    compare("before")
    request = WorkbookRequest(mode="accept", reason="双方对账后重报")
    outcomes = import_files(store, [path], specs=out / RULES, actor=actor, now=now, request=request, book=book)
    compare("after")
    write_atomically(files)
    return outcomes


def enter_month(
    store: Store, out: Path, consortium: str, period: Period, *, book: RuleBook, actor: Actor, now: datetime
) -> int:
    """Enter the one-off lines and holds of a month, if there are any; how many."""
    path = out / WORKBOOKS / adjustment_file(consortium, period)
    if not path.exists():
        return 0
    requests, found = read_requests(path)
    return len(enter_adjustments(store, requests, book=book, actor=actor, now=now, found=found).entered)


def accept_net_pay(
    store: Store, out: Path, consortium: str, runs: Sequence[str], *, book: RuleBook, actor: Actor, now: datetime
) -> tuple[NetPayRow, ...]:
    """Keep the tax records of the other system, accept the payroll of `runs`; the rows of the pay file."""
    rule, _ = payroll_in_force(book, PAID_IN)
    known = Readable({consortium: stored_roster(store, actor)}, rule.employer, PAID_IN)
    import_openings(store, out / WORKBOOKS / opening_file(consortium), known, actor=actor, reason="演示", now=now)
    with store.read() as connection:
        chosen = [required_run(connection, actor, run) for run in runs]
    _, record = accept_payroll(
        store, chosen=chosen, pay_month=PAID_IN, book=book, actor=actor, reason="2025年7月工资(演示)", now=now
    )
    return tuple(net_rows(store, [record], actor=actor))
