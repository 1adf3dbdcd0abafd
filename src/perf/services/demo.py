"""The demonstration county from nothing: workbooks, import, runs, publication, settlement, statements, reports."""

import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any, Protocol, TypeVar

from perf.excel.export import issues_workbook
from perf.kernel.errors import StateRefused, WrongUse
from perf.kernel.issues import Issue
from perf.kernel.money import Money
from perf.kernel.periods import parse_period
from perf.kernel.text import Text
from perf.services import reports
from perf.services.actors import Actor
from perf.services.choose_runs import consortia_of
from perf.services.county import write_adjustments, write_workbooks
from perf.services.county.pay_books import write_pay_books
from perf.services.demo_consortium import ConsortiumDone, ConsortiumPlan, LateChange, do_consortia
from perf.services.demo_pay import RECONCILED
from perf.services.files import packaged, reason_of, write_atomically
from perf.services.import_files import FileOutcome, import_files
from perf.services.init_database import init_database
from perf.services.list_issues import list_issues
from perf.services.pay_files import net_pay_csv, net_pay_workbook
from perf.services.processes import ready_processes
from perf.services.rules import usable_book
from perf.services.workbooks import WorkbookRequest, stored_roster
from perf.specs.models import RuleBook
from perf.storage.store import Store

MAKER = Actor("绩效办(演示)", everything=True)
APPROVER = "院长办公会(演示)"
MONTHS = tuple(parse_period(f"2025-{month:02d}") for month in range(1, 7))
CLOSING = tuple(map(parse_period, ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2024-12", "2024")))
"""The year that is over: the insurance package by quarters, December's pay, then the year itself is settled."""
ADJUSTED = parse_period("2024-Q3")
"""Before this quarter is paid the package changes."""
NAME = "perf-pay demo"
MARK = ".perf-demo"
"""Says that a folder is a demonstration's, and once it is finished what was said of it."""
REPORTS = ("scorecards.csv", "ledger.csv", "payfile.xlsx", "payfile.csv", "issues.xlsx")
RULES = "rules"
MADE = ("perf.db", "perf.db-wal", "perf.db-shm", "perf.db.key", RULES, "workbooks", RECONCILED, "statements", *REPORTS)
LAST_WRITTEN = REPORTS[-1]
_TOLD = frozenset({"files", "statements", "issues", "made_at"})
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
    done: Sequence[ConsortiumDone]
    issues: Sequence[Issue]
    seconds: dict[str, float]

    @property
    def is_partial(self) -> bool:
        """Whether a file was refused or a seal does not verify: the demonstration itself went wrong."""
        return any(one.outcome == "refused" for one in self.files) or not all(one.is_verified for one in self.done)

    @property
    def statements(self) -> int:
        """How many statements were drawn."""
        return sum(one.statements for one in self.done)

    def as_json(self) -> dict[str, object]:
        """For programs, and for whoever asks again."""
        return {
            "out": str(self.out),
            "files": len(self.files),
            "runs": self.runs,
            "statements": self.statements,
            "issues": len(self.issues),
            "verified": all(one.is_verified for one in self.done),
            "seconds": {name: round(value, 1) for name, value in self.seconds.items()},
        }

    @property
    def runs(self) -> list[str]:
        """Names of all runs."""
        return [name for one in self.done for name, _, _, _ in one.runs]

    @property
    def paid(self) -> Money:
        """What persons get in the last month."""
        last = {one.last.run for one in self.done}
        return Money(sum(paid.fen for one in self.done for name, _, _, paid in one.runs if name in last))


def run_demo(out: Path, *, now: datetime, watch: Watch) -> DemoResult:
    """Make the demonstration in `out`; an earlier demonstration there is made anew, anything else is left alone."""
    seconds: dict[str, float] = {}
    _clear(out)
    processes = ready_processes(__name__)
    rules = _rules(out)
    book = usable_book(rules)
    workbooks = _timed(seconds, "workbooks", lambda: _workbooks(out, book, watch))
    database = str(out / "perf.db")
    store = init_database(database, actor=MAKER, now=now, reason="演示")
    files = _timed(seconds, "import", lambda: _import(store, workbooks, rules, book, now, watch, processes))
    codes = sorted(consortia_of(store, actor=MAKER))
    people = sum(segment.level == "person" for segment in stored_roster(store, MAKER))
    changes = write_adjustments(out / "workbooks", packaged("fixtures/county"), book=book)
    late = {code: LateChange(*change, ADJUSTED) for code, change in changes.items()}
    periods = (*CLOSING, *MONTHS)
    plans = [ConsortiumPlan(database, code, periods, MAKER, APPROVER, out, now, late.get(code)) for code in codes]
    done = _timed(seconds, "months", lambda: _months(plans, people, book, watch, processes))
    files += [outcome for one in done for outcome in one.files]
    issues = list_issues(store, actor=MAKER)
    _timed(seconds, "reports", lambda: _reports(out, done, issues, watch))
    store.close()
    result = DemoResult(out, files, done, issues, seconds)
    if not result.is_partial:
        said = {**result.as_json(), "made_at": now.strftime("%Y-%m-%d %H:%M")}
        write_atomically({out / MARK: f"{NAME}\n{json.dumps(said, ensure_ascii=False)}\n"})
    return result


def demo_made_before(out: Path) -> Mapping[str, Any] | None:
    """What was said of the demonstration that was finished in `out`, with `made_at` (UTC); None where there is none."""
    if not is_whole(out):
        return None
    try:
        _, said = (out / MARK).read_text(encoding="utf-8").splitlines()
        found: dict[str, Any] = {**json.loads(said), "out": str(out)}
    except (OSError, ValueError, TypeError):
        return None
    return found if found.keys() >= _TOLD else None


def is_half_made(out: Path) -> bool:
    """Whether a demonstration was begun in `out` and broken off."""
    return (out / MARK).exists() and not is_whole(out)


def _timed(seconds: dict[str, float], name: str, work: Callable[[], T]) -> T:
    begin = time.monotonic()
    result = work()
    seconds[name] = time.monotonic() - begin
    return result


def is_whole(out: Path) -> bool:
    """Whether `out` holds a demonstration that was finished."""
    return (out / "perf.db").exists() and (out / LAST_WRITTEN).exists()


def _clear(out: Path) -> None:
    """Remove what an earlier demonstration made, and nothing else; refuse a folder that holds only other things."""
    try:
        _make_room(out)
    except OSError as error:
        why = reason_of(error)
        raise WrongUse(
            Text(f"不能写入 {out}({why.zh});换一个 --out", f"cannot write {out} ({why.en}); choose another --out")
        ) from error


def _make_room(out: Path) -> None:
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise StateRefused(
            Text(
                f"{out} 里有别的东西,不会覆盖;换一个 --out",
                f"{out} holds something else and is left alone; choose another --out",
            )
        )
    out.mkdir(parents=True, exist_ok=True)
    for name in MADE:
        made = out / name
        shutil.rmtree(made) if made.is_dir() else made.unlink(missing_ok=True)
    (out / MARK).write_text(f"{NAME}\n", encoding="utf-8")


def _workbooks(out: Path, book: RuleBook, watch: Watch) -> list[Path]:
    with watch.stage(Text("各科室的工作簿", "the departments' workbooks"), 0) as advance:
        data = packaged("fixtures/county")
        write_pay_books(out / "workbooks", data, book=book)
        return write_workbooks(out / "workbooks", data, lambda _path: advance(), book=book)


def _rules(out: Path) -> Path:
    """The county's own rules over the library, where one who looks around finds them: `--specs OUT/rules`."""
    return Path(shutil.copytree(packaged("fixtures/county/rules"), out / RULES))


def _import(
    store: Store,
    files: Sequence[Path],
    rules: Path,
    book: RuleBook,
    now: datetime,
    watch: Watch,
    processes: BaseContext,
) -> list[FileOutcome]:
    request = WorkbookRequest(mode="accept_clean", reason="演示数据")
    with watch.stage(Text("读入并核对", "reading and checking"), len(files)) as advance:
        outcomes = import_files(
            store,
            files,
            specs=rules,
            actor=MAKER,
            now=now,
            request=request,
            progress=lambda _path: advance(),
            workers=2,
            processes=processes,
            book=book,
        )
    return [replace(one, plan=None) for one in outcomes]  # what they changed is looked at nowhere, and large to keep


def _months(
    plans: Sequence[ConsortiumPlan], people: int, book: RuleBook, watch: Watch, processes: BaseContext
) -> list[ConsortiumDone]:
    runs = sum(plan.steps for plan in plans)
    with (
        watch.stage(Text("计分、分配、发布", "scoring, distributing, publishing"), runs) as ran,
        watch.stage(Text("绩效通知单", "statements"), people) as drew,
    ):
        return do_consortia(plans, book, lambda what: ran() if what == "run" else drew(), processes)


def _reports(out: Path, done: Sequence[ConsortiumDone], issues: Sequence[Issue], watch: Watch) -> None:
    last = [one.last for one in done]
    pay = sorted((row for one in done for row in one.net), key=lambda row: (row.institution, row.staff_no))
    with watch.stage(Text("写出报表", "writing reports"), 1) as advance:
        write_atomically(
            {
                out / "scorecards.csv": reports.scorecards_csv(row for one in last for row in one.scores),
                out / "ledger.csv": reports.ledger_csv(row for one in last for row in one.entries),
                out / "payfile.xlsx": net_pay_workbook(pay),
                out / "payfile.csv": net_pay_csv(pay),
                out / "issues.xlsx": issues_workbook(issues),
            }
        )
        advance()
