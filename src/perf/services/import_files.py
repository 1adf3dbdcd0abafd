"""`import` of several files: institutions and people first, each file by itself; one refused file stops no other."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

from perf.excel import ImportReading, RosterReading
from perf.kernel.errors import InputRefused
from perf.kernel.facts import Fact
from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue, by_place, has_errors
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.collector_pause import collector_paused
from perf.services.files import rule_texts
from perf.services.import_plan import NO_TITLES, ImportPlan
from perf.services.import_roster import RosterPlan
from perf.services.known_roster import KnownRoster
from perf.services.rules import rule_folder
from perf.services.workbooks import WorkbookRequest, import_reading, read_file, stored_roster
from perf.specs.book import load_book
from perf.specs.checks import check_book
from perf.specs.models import RuleBook
from perf.storage.store import Store, open_store

Reading = ImportReading | RosterReading
READ_AHEAD_MIN = 20
Outcome = Literal["dry", "accepted", "accepted_clean", "taken_already", "refused"]


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file. `changes`: a line for each changed or vanished figure."""

    name: str
    outcome: Outcome
    counts: dict[str, int]
    issues: tuple[Issue, ...]
    changes: tuple[Text, ...] = ()
    path: Path = Path()

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
) -> list[FileOutcome]:
    """Plan or accept every file; institutions come first, then people, since facts need both.

    Args:
        workers: Processes that read workbooks of facts ahead; accepting stays in this process, in order.
    """
    book = readable_book(specs)
    known = KnownRoster()
    titles = {name: title.zh for name, title in book.attributes.items()}
    titles |= {f"{name}={v}": title.zh for name, values in book.value_titles.items() for v, title in values.items()}
    titles |= {code: measure.title.zh for code, measure in book.measures.items()}

    def outcome(path: Path, read: Callable[[], Reading]) -> FileOutcome:
        progress(path)
        try:
            plan = import_reading(
                store, path, read(), actor=actor, now=now, request=request, known=known, titles=titles
            )
        except InputRefused as refusal:
            return FileOutcome(path.name, "refused", {}, refusal.issues, (refusal.message,), path)
        return FileOutcome(path.name, plan.outcome, dict(plan.counts), plan.issues, changes_of(plan, titles), path)

    def roster() -> Roster:
        with store.read() as connection:
            return known.roster(connection, actor.viewer)

    ordered = sorted(files, key=lambda p: ("机构名单" not in p.name, "花名册" not in p.name))
    ahead = [path for path in ordered if "花名册" not in path.name and "机构名单" not in path.name]
    if workers <= 1 or len(ahead) < READ_AHEAD_MIN:
        return [outcome(path, partial(_read_here, path, book, roster, request)) for path in ordered]
    first = [path for path in ordered if path not in set(ahead)]
    outcomes = [outcome(path, partial(_read_here, path, book, roster, request)) for path in first]
    start = (specs, store.engine.url.render_as_string(hide_password=False), actor, request)
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_begin, initargs=start) as pool:
        waiting = deque[tuple[Path, Future[ImportReading | None]]]()
        paths = iter(ahead)
        while True:
            while len(waiting) < workers * 4 and (path := next(paths, None)) is not None:
                waiting.append((path, pool.submit(_read_there, path)))
            if not waiting:
                return outcomes
            path, future = waiting.popleft()
            found = future.result()
            read = partial(_read_here, path, book, roster, request) if found is None else partial(_as_is, found)
            outcomes.append(outcome(path, read))


def _read_here(path: Path, book: RuleBook, roster: Callable[[], Roster], request: WorkbookRequest) -> Reading:
    return read_file(path, book, roster(), request)


def _as_is(reading: ImportReading) -> Reading:
    return reading


_given: list[tuple[RuleBook, Roster, WorkbookRequest]] = []


def _begin(specs: Path | None, database: str, actor: Actor, request: WorkbookRequest) -> None:
    """What a reading process needs for every file; it reads rules and roster itself, for they cannot be sent."""
    store = open_store(database)
    _given[:] = [(readable_book(specs), stored_roster(store, actor), request)]
    store.close()


def _read_there(path: Path) -> ImportReading | None:
    """A workbook of facts; None for a roster after all, which has to be read in order."""
    with collector_paused():
        try:
            found = read_file(path, *_given[0])
        except InputRefused:
            return None
    return found if isinstance(found, ImportReading) else None


def readable_book(specs: Path | None) -> RuleBook:
    """The rules, if each could be read; enough for workbooks, which need the measures.

    Raises:
        InputRefused: with every problem of reading them.
    """
    book, issues = load_book(rule_texts(rule_folder(specs)))
    _require_sound(issues)
    return book


def usable_book(specs: Path | None) -> RuleBook:
    """The rules, if they hold no error, neither each by itself nor together; what a run needs.

    Raises:
        InputRefused: with every error of the rules.
    """
    book, issues = load_book(rule_texts(rule_folder(specs)))
    _require_sound([*issues, *check_book(book)])
    return book


def _require_sound(issues: Iterable[Issue]) -> None:
    errors = [issue for issue in by_place(dict.fromkeys(issues)) if issue.is_error]
    if errors:
        raise InputRefused(
            Text("规则有错误,先用 perf-pay specs check 查看", "the rules have errors; see perf-pay specs check"), errors
        )


def changes_of(plan: ImportPlan | RosterPlan, titles: Mapping[str, str] = NO_TITLES) -> tuple[Text, ...]:
    """Changed and vanished figures in words (old → new); new ones are only counted."""
    if isinstance(plan, RosterPlan):
        return tuple(_roster_changes(plan, titles)) if plan.unchanged or plan.changed else ()
    rows = []
    for change in plan.changed:
        values = f"{_value(change.old)} → {_value(change.new)}"
        rows.append(Text(f"{_key(change.new, titles)}:{values}", f"{_key(change.new, NO_TITLES)}: {values}"))
    rows += [
        Text(f"{_key(fact, titles)}:{_value(fact)} → 不再出现", f"{_key(fact, NO_TITLES)}: {_value(fact)} → gone")
        for fact in plan.gone
    ]
    return tuple(rows)


def _roster_changes(plan: RosterPlan, titles: Mapping[str, str]) -> Iterator[Text]:
    """Joiners, leavers, new and ended posts, other values; nothing of a first roster, which is all new."""
    for one in plan.joined:
        yield Text(f"新人 {one}", f"joined {one}")
    for one in plan.left:
        yield Text(f"离开 {one}", f"left {one}")
    for new in plan.new:
        if new.level == "person" and new.subject not in plan.joined:
            yield Text(
                f"{new.subject} 新任职:{new.parent},自 {new.first_day}",
                f"{new.subject} new post: {new.parent} from {new.first_day}",
            )
    for gone in plan.gone:
        if gone.subject not in plan.left:
            yield Text(
                f"{gone.subject} 任职:{gone.parent},自 {gone.first_day} → 不再出现",
                f"{gone.subject} post: {gone.parent} from {gone.first_day} → gone",
            )
    for old, new in plan.changed:
        if old.last_day != new.last_day:
            ends = (_day(old.last_day), _day(new.last_day))
            yield Text(
                f"{new.subject} {new.parent} 任职结束:{ends[0]} → {ends[1]}",
                f"{new.subject} {new.parent} ends: {ends[0]} → {ends[1]}",
            )
        for name in sorted(old.attributes.keys() | new.attributes.keys()):
            pair = (old.attributes.get(name) or "—", new.attributes.get(name) or "—")
            if pair[0] != pair[1]:
                said = " → ".join(titles.get(f"{name}={value}", value) for value in pair)
                yield Text(
                    f"{new.subject} {titles.get(name, name)}:{said}", f"{new.subject} {name}: {pair[0]} → {pair[1]}"
                )


def _day(day: date) -> str:
    return "—" if day.year == date.max.year else str(day)


def _key(fact: Fact, titles: Mapping[str, str]) -> str:
    key = fact.key
    measure = titles.get(key.measure, key.measure)
    return " ".join(part for part in (key.subject, measure, str(key.period), key.item, key.counterparty) if part)


def _value(fact: Fact) -> str:
    return fact.value if isinstance(fact.value, str) else exact_text(fact.value)
