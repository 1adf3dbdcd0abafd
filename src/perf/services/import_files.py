"""`import` of several files: institutions and people first, each file by itself; one refused file stops no other."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Literal

from perf.excel import ImportReading, RosterReading
from perf.excel.cells import Workbook
from perf.excel.layouts import Remembered
from perf.kernel.errors import InputRefused
from perf.kernel.issues import Issue, has_errors
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.beside_file import beside
from perf.services.collector_pause import collector_paused
from perf.services.files import file_name, write_atomically
from perf.services.import_differences import changes_of, preview_workbook
from perf.services.import_plan import ImportPlan
from perf.services.import_roster import RosterPlan
from perf.services.known_roster import KnownRoster
from perf.services.mappings import remembered
from perf.services.preview_token import PreviewOutdated, token_of
from perf.services.processes import working_processes
from perf.services.rules import readable_book
from perf.services.workbooks import WorkbookRequest, import_reading, read_file, stored_roster
from perf.specs.models import RuleBook
from perf.storage.store import Store, open_store

Reading = ImportReading | RosterReading
READ_AHEAD_MIN = 20
Outcome = Literal["dry", "accepted", "accepted_clean", "taken_already", "refused"]


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file. `changes`: a line for each changed or vanished figure; `plan`: all of it."""

    name: str
    outcome: Outcome
    counts: dict[str, int]
    issues: tuple[Issue, ...]
    changes: tuple[Text, ...] = ()
    path: Path = Path()
    plan: ImportPlan | RosterPlan | None = None

    @property
    def token(self) -> str:
        """The preview token of a dry run, empty otherwise."""
        return token_of(self.plan) if self.plan is not None and self.outcome == "dry" else ""

    @property
    def has_errors(self) -> bool:
        """Whether accepting it is refused."""
        return has_errors(self.issues)


def import_files(
    store: Store,
    files: Sequence[Path],
    *,
    specs: Path | None,
    actor: Actor,
    now: datetime,
    request: WorkbookRequest,
    progress: Callable[[Path], None] = lambda _path: None,
    workers: int = 1,
    processes: BaseContext | None = None,
    book: RuleBook | None = None,
    opened: dict[Path, Workbook] | None = None,
) -> list[FileOutcome]:
    """Plan or accept every file; institutions come first, then people, since facts need both.

    Args:
        workers: Processes that read workbooks of facts ahead; accepting stays in this process, in order.
        processes: How they are started; None: each anew.
        book: The rules of `specs`, where they were read already.
        opened: Files that were opened already; each is let go once it was read.
    """
    book = book or readable_book(specs)
    known = KnownRoster()
    titles = titles_of(book)
    keeps_plan = request.mode == "dry" or len(files) == 1  # else a batch would hold all its facts

    def outcome(path: Path, read: Callable[[], Reading]) -> FileOutcome:
        progress(path)
        try:
            plan = import_reading(
                store,
                path,
                read(),
                actor=actor,
                now=now,
                request=request,
                known=known,
                titles=titles,
                measures=book.measures,
            )
        except PreviewOutdated as outdated:
            changes = (outdated.message, *changes_of(outdated.plan, titles))
            return FileOutcome(file_name(path), "refused", {}, outdated.issues, changes, path)
        except InputRefused as refusal:
            return FileOutcome(file_name(path), "refused", {}, refusal.issues, (refusal.message,), path)
        changes = changes_of(plan, titles)
        kept = plan if keeps_plan else None
        return FileOutcome(file_name(path), plan.outcome, dict(plan.counts), plan.issues, changes, path, kept)

    def roster() -> Roster:
        with store.read() as connection:
            return known.roster(connection, actor.viewer)

    with store.read() as connection:
        answers = remembered(connection, actor.viewer)
    ordered = sorted(files, key=lambda p: ("机构名单" not in file_name(p), "花名册" not in file_name(p)))
    ahead = [path for path in ordered if not any(word in file_name(path) for word in ("花名册", "机构名单"))]
    if workers <= 1 or len(ahead) < READ_AHEAD_MIN:
        known_files = opened or {}
        return [
            outcome(path, partial(_read_here, path, book, roster, request, answers, known_files)) for path in ordered
        ]
    first = [path for path in ordered if path not in set(ahead)]
    outcomes = [outcome(path, partial(_read_here, path, book, roster, request, answers)) for path in first]
    start = (specs, store.engine.url.render_as_string(hide_password=False), actor, request)
    context = processes or get_context("spawn")
    with working_processes(workers, context, _begin, *start) as pool:
        for path, found in _read_ahead(pool, ahead, workers * 4):
            read = (
                partial(_read_here, path, book, roster, request, answers) if found is None else partial(_as_is, found)
            )
            outcomes.append(outcome(path, read))
    return outcomes


def _read_ahead(pool: Executor, paths: Iterable[Path], many: int) -> Iterator[tuple[Path, ImportReading | None]]:
    """Each workbook as it is read elsewhere, in order, while up to so `many` further ones are being read."""
    coming = iter(paths)
    waiting = deque[tuple[Path, Future[ImportReading | None]]]()
    while True:
        while len(waiting) < many and (path := next(coming, None)) is not None:
            waiting.append((path, pool.submit(_read_there, path)))
        if not waiting:
            return
        path, future = waiting.popleft()
        yield path, future.result()


def write_previews(outcomes: Sequence[FileOutcome], out: Path, specs: Path | None) -> Iterator[Text]:
    """Write what every file of facts changes as a workbook; a line for each."""
    titles = titles_of(readable_book(specs))
    for one in outcomes:
        if not isinstance(one.plan, ImportPlan):
            yield Text(f"{one.name}:没有预览工作簿可写", f"{one.name}: no preview workbook to write")
            continue
        place = beside(one.path, out, len(outcomes), option="--preview")
        write_atomically({place: preview_workbook(one.plan, titles, one.issues)})
        yield Text(f"{one.name}:预览 → {place}", f"{one.name}: preview → {place}")


def titles_of(book: RuleBook) -> dict[str, str]:
    """What people call attributes, their values (`name=value`) and measures."""
    titles = {name: title.zh for name, title in book.attributes.items()}
    titles |= {f"{name}={v}": title.zh for name, values in book.value_titles.items() for v, title in values.items()}
    return titles | {code: measure.title.zh for code, measure in book.measures.items()}


def _read_here(
    path: Path,
    book: RuleBook,
    roster: Callable[[], Roster],
    request: WorkbookRequest,
    answers: Remembered,
    opened: dict[Path, Workbook] | None = None,
) -> Reading:
    known = roster()
    with collector_paused():
        return read_file(path, book, known, request, answers, opened.pop(path, None) if opened else None)


def _as_is(reading: ImportReading) -> Reading:
    return reading


_given: list[tuple[RuleBook, Roster, WorkbookRequest, Remembered]] = []


def _begin(specs: Path | None, database: str, actor: Actor, request: WorkbookRequest) -> None:
    """What a reading process needs for every file; it reads rules and roster itself, for they cannot be sent."""
    store = open_store(database)
    with store.read() as connection:
        answers = remembered(connection, actor.viewer)
    _given[:] = [(readable_book(specs), stored_roster(store, actor), request, answers)]
    store.close()


def _read_there(path: Path) -> ImportReading | None:
    """A workbook of facts; None for a roster after all, which has to be read in order."""
    with collector_paused():
        try:
            found = read_file(path, *_given[0])
        except InputRefused:
            return None
    return found if isinstance(found, ImportReading) else None
