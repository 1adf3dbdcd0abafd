"""`import FILE…`: which kind of workbook it is, read against the stored roster, planned or accepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from perf.excel import ImportReading, RosterReading, read_facts, read_roster, read_workbook
from perf.kernel.errors import WrongUse
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.files import read_bytes, read_text
from perf.services.import_facts import Mode, import_facts
from perf.services.import_plan import ImportPlan
from perf.services.import_roster import RosterPlan, import_roster
from perf.specs.models import RuleBook
from perf.specs.yaml_nodes import Mapped, Scalar
from perf.specs.yaml_reader import read_yaml
from perf.storage import rosters
from perf.storage.store import Store

WORKBOOK_BYTES_MAX = 64 << 20
HEADER_ROWS_MAX = 8


@dataclass(frozen=True, slots=True)
class WorkbookRequest:
    """What a user says about a file beyond the file itself."""

    mode: Mode = "dry"
    reason: str = ""
    period: Period | None = None
    mapping: Mapping[str, str] | None = None
    confirm_gone: bool = False
    choose_sender: str = ""


def import_workbook(
    store: Store, path: Path, *, book: RuleBook, actor: Actor, now: datetime, request: WorkbookRequest
) -> ImportPlan | RosterPlan:
    """Read one workbook, of facts or of a roster, and plan or accept it.

    Raises:
        InputRefused: accepting a file with errors; nothing was written.
    """
    content = read_bytes(path, bytes_max=WORKBOOK_BYTES_MAX)
    known = stored_roster(store, actor)
    if looks_like_roster(path.name, content):
        reading: RosterReading = read_roster(path.name, content, attributes=book.attributes, known=known)
        return import_roster(
            store,
            reading,
            content=content,
            actor=actor,
            reason=request.reason,
            now=now,
            mode=request.mode,
            confirm_gone=request.confirm_gone,
        )
    facts: ImportReading = read_facts(path.name, content, book, known, period=request.period, mapping=request.mapping)
    return import_facts(
        store,
        facts,
        content=content,
        actor=actor,
        reason=request.reason,
        now=now,
        mode=request.mode,
        confirm_gone=request.confirm_gone,
        choose_sender=request.choose_sender,
    )


def stored_roster(store: Store, actor: Actor) -> Roster:
    """The roster as it counts now."""
    with store.read() as connection:
        return Roster(version.segment for version in rosters.newest_segments(connection, actor.viewer))


def looks_like_roster(name: str, content: bytes) -> bool:
    """Whether the file name or a header says that this is a roster."""
    if "花名册" in name or "机构名单" in name:
        return True
    heads = {
        cell.value.strip()
        for sheet in read_workbook(name, content).sheets
        for row, cells in sheet.rows.items()
        if row <= HEADER_ROWS_MAX
        for cell in cells.values()
    }
    return "起始日期" in heads and bool(heads & {"工号", "上级", "上级编码"})


def read_mapping(path: Path) -> dict[str, str]:
    """A mapping file: `header: measure code or role` by line."""
    documents, issues = read_yaml(path.name, read_text(path, bytes_max=1 << 20))
    if issues or len(documents) != 1 or not isinstance(documents[0], Mapped):
        raise WrongUse(
            Text(f"{path.name} 不是“表头: 数据项”的 YAML", f"{path.name} is no YAML of `header: measure`"), issues
        )
    entries = documents[0].entries
    return {key: node.text for key, node in entries.items() if isinstance(node, Scalar)}
