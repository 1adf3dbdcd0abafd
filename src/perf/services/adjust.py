"""`adjust`: one-off lines and holds of single people entered, listed, withdrawn; nothing is ever changed or deleted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from perf.excel import read_workbook
from perf.excel.adjustment_rows import AdjustmentRow, adjustment_rows
from perf.kernel.errors import InputRefused, NotFound, StateRefused, WrongUse
from perf.kernel.issues import Issue, Place, by_place, has_errors
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.adjustment_audit import ENTERED, WITHDRAWN, line_digest
from perf.services.adjustment_requests import Candidate, Desk, Raw, Request, duplicate_issues, limit_issues
from perf.services.files import WORKBOOK_BYTES_MAX, file_name, read_bytes
from perf.specs.models import RuleBook
from perf.storage import adjustments, audit, rosters, runs
from perf.storage.adjustments import EnteredAdjustment
from perf.storage.counters import wait_for_turn
from perf.storage.store import Connection, Store

Mode = Literal["dry", "accept"]


@dataclass(frozen=True, slots=True)
class EntryPlan:
    """What rows would enter, or have entered; `entered` is empty in a dry run."""

    candidates: tuple[Candidate, ...]
    entered: tuple[EnteredAdjustment, ...]
    issues: tuple[Issue, ...]


def request_of(fields: Mapping[str, str]) -> Request:
    """A request typed at a terminal: key -> text; each value is called by its option in issues."""
    raw = {key: Raw(text, Place(f"--{key.replace('_', '-')}")) for key, text in fields.items() if text}
    return Request(raw, Place(fields.get("staff_number", "")))


def read_requests(path: Path) -> tuple[tuple[Request, ...], tuple[Issue, ...]]:
    """The rows of a workbook or CSV file, and what is wrong with its cells and columns.

    Raises:
        InputRefused: a file that cannot be read.
    """
    workbook = read_workbook(file_name(path), read_bytes(path, bytes_max=WORKBOOK_BYTES_MAX))
    rows, issues = adjustment_rows(workbook)
    return tuple(map(_request, rows)), issues


def enter_adjustments(
    store: Store,
    requests: Sequence[Request],
    *,
    book: RuleBook,
    actor: Actor,
    now: datetime,
    period: Period | None = None,
    mode: Mode = "accept",
    found: Sequence[Issue] = (),
) -> EntryPlan:
    """Check rows against roster, rules, limits and what was entered before; enter all of them or none.

    Args:
        period: Of rows that state none.
        found: What reading the file found already.
    Raises:
        InputRefused: accepting with any error; nothing was written.
    """
    with store.write() if mode == "accept" else store.read() as connection:
        desk = Desk(book, _roster(connection, actor), actor.name, period, [*found])
        candidates = desk.read(requests)
        groups = _groups(candidates)
        for (consortium, month), rows in groups.items():
            if mode == "accept":
                wait_for_turn(connection, f"publish {consortium}")
            actor.require(consortium)
            standing = adjustments.standing_adjustments(connection, actor.viewer, consortium, month)
            before = [one.adjustment for one in standing]
            desk.issues.extend(_published_issues(connection, actor, consortium, month, rows))
            desk.issues.extend(duplicate_issues(before, rows))
            desk.issues.extend(limit_issues(desk, before, rows))
        issues = tuple(by_place(dict.fromkeys(desk.issues)))
        if mode == "dry":
            return EntryPlan(tuple(candidates), (), issues)
        if has_errors(issues):
            raise InputRefused(Text("有错误,什么也没有录入", "there are errors, nothing was entered"), issues)
        entered: list[EnteredAdjustment] = []
        for (consortium, month), rows in groups.items():
            entered += _append(connection, actor, consortium, month, rows, now)
    return EntryPlan(tuple(candidates), tuple(entered), issues)


def list_entered(
    store: Store, *, actor: Actor, period: Period | None = None, subject: str | None = None
) -> tuple[EnteredAdjustment, ...]:
    """Everything entered in scope, withdrawn ones too, by consortium, period and number."""
    with store.read() as connection:
        return tuple(adjustments.list_adjustments(connection, actor.viewer, period=period, subject=subject))


def withdraw(store: Store, *, adjustment: str, actor: Actor, reason: str, now: datetime) -> EnteredAdjustment:
    """Take an adjustment back; it stays on record, and drafts that booked it have to be computed again.

    Args:
        adjustment: `2025-06/A3`, or `G1:2025-06/A3` where several consortia have one.
    Raises:
        WrongUse: no reason.
        NotFound: none of this name in scope, or several.
        StateRefused: withdrawn already, or its month is published.
    """
    if not reason.strip():
        raise WrongUse(Text("撤销需要理由(--reason)", "withdrawing needs a reason (--reason)"))
    with store.write() as connection:
        every = adjustments.list_adjustments(connection, actor.viewer)
        named = [one for one in every if adjustment in (one.id, one.adjustment.number)]
        if len(named) != 1:
            known = "、".join(one.id for one in named) or "perf-pay adjust list"
            raise NotFound(
                Text(f"没有唯一的 {adjustment};见 {known}", f"{adjustment} names none, or several: see {known}")
            )
        entered = named[0]
        wait_for_turn(connection, f"publish {entered.consortium}")
        if entered.withdrawn is not None:
            raise StateRefused(Text(f"{entered.id} 早已撤销", f"{entered.id} was withdrawn already"))
        sealed = _sealed(connection, actor, entered.consortium, entered.period)
        if sealed:
            raise StateRefused(
                Text(
                    f"{entered.period} 的 {sealed} 已发布,{entered.id} 不能撤销;在以后的月份录入相反的一笔",
                    f"{sealed} of {entered.period} is published, {entered.id} stays; enter the opposite in a later month",
                )
            )
        done = adjustments.withdraw_adjustment(connection, actor.viewer, entered, at=now, reason=reason)
        audit.append(
            connection,
            actor.viewer,
            consortium=entered.consortium,
            at=now,
            action=WITHDRAWN,
            target=entered.id,
            reason=reason,
            details={"digest": line_digest(entered)},
        )
    return done


def _roster(connection: Connection, actor: Actor) -> Roster:
    return Roster(version.segment for version in rosters.newest_segments(connection, actor.viewer))


def _request(row: AdjustmentRow) -> Request:
    return Request({key: Raw(record.value, row.place(key)) for key, record in row.cells.items()}, row.place())


def _groups(candidates: Iterable[Candidate]) -> dict[tuple[str, Period], list[Candidate]]:
    groups: dict[tuple[str, Period], list[Candidate]] = {}
    for one in candidates:
        groups.setdefault((one.consortium, one.period), []).append(one)
    return dict(sorted(groups.items(), key=lambda group: (group[0][0], str(group[0][1]))))


def _append(
    connection: Connection, actor: Actor, consortium: str, period: Period, rows: Sequence[Candidate], now: datetime
) -> list[EnteredAdjustment]:
    sources = [str(one.request.place) if one.request.place.cell else "" for one in rows]
    entered = adjustments.add_adjustments(
        connection,
        actor.viewer,
        consortium=consortium,
        period=period,
        adjustments=[one.adjustment for one in rows],
        sources=sources,
        at=now,
    )
    audit.append(
        connection,
        actor.viewer,
        consortium=consortium,
        at=now,
        action=ENTERED,
        target=f"{consortium}:{period}",
        reason="",
        details={one.adjustment.number: line_digest(one) for one in entered},
    )
    return entered


def _sealed(connection: Connection, actor: Actor, consortium: str, period: Period) -> str:
    """The published run of a month, empty where there is none."""
    found = runs.list_runs(connection, actor.viewer, consortium=consortium, period=period)
    return next((run.id for run in found if run.is_sealed), "")


def _published_issues(
    connection: Connection, actor: Actor, consortium: str, period: Period, rows: Sequence[Candidate]
) -> list[Issue]:
    """A published month takes nothing more; the next one that is open does."""
    sealed = _sealed(connection, actor, consortium, period)
    if not sealed:
        return []
    later = period.shift(1)
    while _sealed(connection, actor, consortium, later):
        later = later.shift(1)
    issue = Issue(
        "adjustment-month-published",
        Place(),
        Text(f"{period} 的 {sealed} 已发布", f"{sealed} of {period} is published"),
        Text("未发布的期间", "a period that is not published"),
        Text(
            f"录入 {later},在事由中写明所属月份", f"enter it for {later}, and name the month it is about in the reason"
        ),
    )
    return [replace(issue, place=one.request.at("period"), subject=one.adjustment.subject) for one in rows]
