"""`import FILE…`: which kind of workbook it is, read against the stored roster, planned or accepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from perf.excel import ImportReading, RosterReading, read_workbook
from perf.excel.cells import Workbook
from perf.excel.facts_import import facts_of
from perf.excel.layouts import Remembered
from perf.excel.roster_import import is_roster, roster_of
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.services.actors import Actor
from perf.services.files import WORKBOOK_BYTES_MAX, file_name, read_bytes
from perf.services.import_facts import import_facts
from perf.services.import_plan import NO_MEASURES, NO_TITLES, ImportPlan, Mode
from perf.services.import_roster import RosterPlan, import_roster
from perf.services.known_roster import KnownRoster
from perf.services.preview_token import require_previewed
from perf.specs.models import Measure, RuleBook
from perf.storage import rosters
from perf.storage.store import Store


@dataclass(frozen=True, slots=True)
class WorkbookRequest:
    """What a user says about a file beyond the file itself.

    `judges_values`: whether figures are held against history and peers; `today`: a day on which everybody of a roster
    was born already, None: not asked.
    """

    mode: Mode = "dry"
    reason: str = ""
    period: Period | None = None
    mapping: Mapping[str, str] | None = None
    confirm_gone: bool = False
    choose_sender: str = ""
    expect: tuple[str, ...] = ()
    judges_values: bool = False
    today: date | None = None


def read_file(
    path: Path,
    book: RuleBook,
    roster: Roster,
    request: WorkbookRequest,
    known: Remembered,
    workbook: Workbook | None = None,
) -> ImportReading | RosterReading:
    """What a workbook says, of facts or of a roster; nothing is stored.

    Args:
        known: What was answered before about headers, by sender and layout.
        workbook: The file where it was opened already.
    Raises:
        InputRefused: a file that cannot be opened, or is too large.
    """
    workbook = workbook or read_workbook(file_name(path), read_bytes(path, bytes_max=WORKBOOK_BYTES_MAX))
    if is_roster(workbook):
        return roster_of(workbook, attributes=book.attributes, known=roster, today=request.today)
    return facts_of(workbook, book, roster, period=request.period, mapping=request.mapping, remembered=known)


def import_reading(
    store: Store,
    path: Path,
    reading: ImportReading | RosterReading,
    *,
    actor: Actor,
    now: datetime,
    request: WorkbookRequest,
    known: KnownRoster,
    titles: Mapping[str, str] = NO_TITLES,
    measures: Mapping[str, Measure] = NO_MEASURES,
) -> ImportPlan | RosterPlan:
    """Plan or accept what was read from a file.

    Args:
        known: The roster of a batch of files, so that it is not read for each of them.
        titles: Measure -> what people call it, for issues.
        measures: For judging values, where the request asks for it.
    Raises:
        InputRefused: accepting a file with errors; nothing was written.
    """
    content = read_bytes(path, bytes_max=WORKBOOK_BYTES_MAX)
    if isinstance(reading, RosterReading):
        return import_roster(
            store,
            reading,
            content=content,
            actor=actor,
            reason=request.reason,
            now=now,
            mode=request.mode,
            confirm_gone=request.confirm_gone,
            require=lambda plan: require_previewed(plan, request.expect),
        )
    return import_facts(
        store,
        reading,
        content=content,
        actor=actor,
        reason=request.reason,
        now=now,
        mode=request.mode,
        confirm_gone=request.confirm_gone,
        choose_sender=request.choose_sender,
        known=known,
        titles=titles,
        expect=request.expect,
        measures=measures if request.judges_values else NO_MEASURES,
    )


def stored_roster(store: Store, actor: Actor) -> Roster:
    """The roster as it counts now."""
    with store.read() as connection:
        return Roster(version.segment for version in rosters.newest_segments(connection, actor.viewer))
