"""`import` of a roster workbook: joiners, leavers, moves, second posts; a dry run first, then one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from perf.excel.roster_import import RosterReading
from perf.kernel.errors import InputRefused
from perf.kernel.issues import Issue, Place, by_place
from perf.kernel.subjects import Segment
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.consortium_of import ConsortiumFinder
from perf.services.import_identities import NO_NUMBERS, IdentityPlan, plan_identities
from perf.services.import_plan import ImportOutcome, Mode
from perf.services.jobs import job
from perf.storage import audit, imports, rosters
from perf.storage.canonical import sha256_bytes
from perf.storage.cipher import Cipher
from perf.storage.counters import wait_for_turn
from perf.storage.identities import append_identities
from perf.storage.imports import ImportRecord
from perf.storage.rosters import NewSegment, SegmentKey, segment_key
from perf.storage.store import Connection, Store
from perf.storage.viewer import EVERY_CONSORTIUM, Viewer


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """What a roster changes, or has changed.

    Attributes:
        new, changed: Segments; `changed` are (old, new) of the same subject, parent, first day and post.
        gone: Segments of the institutions in the file that the file does not have any more.
        joined, left: Persons that were, or will be, on no other segment.
        numbers: What changes in the encrypted numbers.
    """

    name: str
    sha256: str
    outcome: ImportOutcome
    new: tuple[Segment, ...] = ()
    changed: tuple[tuple[Segment, Segment], ...] = ()
    gone: tuple[Segment, ...] = ()
    unchanged: int = 0
    left_out: int = 0
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
    consortia: tuple[tuple[SegmentKey, str], ...] = ()
    taken: ImportRecord | None = None
    import_id: int | None = None
    numbers: IdentityPlan = NO_NUMBERS

    @property
    def has_errors(self) -> bool:
        """Whether accepting everything is refused."""
        return any(issue.is_error for issue in self.issues)

    @property
    def counts(self) -> dict[str, int]:
        """new, changed, gone, unchanged, left_out; of a file with numbers of people those too."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "gone": len(self.gone),
            "unchanged": self.unchanged,
            "left_out": self.left_out,
            **self.numbers.counts,
        }


def import_roster(
    store: Store,
    reading: RosterReading,
    *,
    content: bytes,
    actor: Actor,
    reason: str = "",
    now: datetime,
    mode: Mode = "dry",
    confirm_gone: bool = False,
    require: Callable[["RosterPlan"], None] = lambda _plan: None,
) -> RosterPlan:
    """Say what a roster workbook would change; with `accept` or `accept_clean`, change it.

    Args:
        require: Asked before anything is kept; refuses a plan that is not the one that was looked at.
    Returns:
        The plan; the same bytes a second time change nothing.
    Raises:
        InputRefused: accepting a file with errors, or one without a single sound row; nothing was written.
        NotFound: a segment of a consortium out of scope.
        KeyRefused: there are numbers, or something is to be kept, and the key is not there.
    """
    if sha256_bytes(content) != reading.sha256:
        raise ValueError("the reading is not of these bytes")
    with store.read() as connection:
        cipher = store.keys.cipher(connection) if reading.identities or mode != "dry" else None
        plan = _plan(connection, actor.viewer, reading, cipher, confirm_gone=confirm_gone)
        seen = imports.last_import(connection)
    if mode == "dry" or plan.taken is not None:
        return plan
    require(plan)
    _require_acceptable(plan, mode)
    scope = _one_scope(plan)
    work = job(store, actor, kind="import", consortium=scope, target=reading.name, now=now)
    with work as writing, writing() as connection:
        wait_for_turn(connection, "import")
        cipher = store.keys.cipher_for_writing(connection, actor.viewer, now)
        if imports.last_import(connection) != seen:  # somebody else was faster: what counts now may be something else
            plan = _plan(connection, actor.viewer, reading, cipher, confirm_gone=confirm_gone)
            if plan.taken is not None:
                return plan
            require(plan)
            _require_acceptable(plan, mode)
        return _keep(
            connection, plan, content, actor, cipher, reason=reason, now=now, mode=mode, confirm_gone=confirm_gone
        )


def _plan(
    connection: Connection, viewer: Viewer, reading: RosterReading, cipher: Cipher | None, *, confirm_gone: bool
) -> RosterPlan:
    current = {segment_key(v.segment): v.segment for v in rosters.newest_segments(connection, viewer)}
    plan = compare_rosters(reading, current)
    if reading.identities and cipher is not None:
        finder = ConsortiumFinder((*current.values(), *reading.segments))
        found = plan_identities(connection, viewer, cipher, file=reading.name, values=reading.identities, finder=finder)
        plan = replace(plan, numbers=found, issues=tuple(by_place([*plan.issues, *found.issues])))
    taken = next(iter(imports.imports_with_digest(connection, viewer, reading.sha256, "roster")), None)
    numbers = plan.numbers
    is_news = numbers.new or numbers.changed or (confirm_gone and (plan.gone or numbers.gone))
    if taken is not None and not is_news:
        when = taken.made_at.strftime("%Y-%m-%d %H:%M")
        issue = Issue(
            "taken-already",
            Place(reading.name),
            Text(
                f"同一文件已由 {taken.made_by} 于 {when}(UTC)导入(第 {taken.id} 次)",
                f"taken already on {when} UTC by {taken.made_by} (import {taken.id})",
            ),
            Text("没有导入过的文件", "a file that was not taken yet"),
            severity="info",
        )
        return RosterPlan(reading.name, reading.sha256, "taken_already", issues=(issue,), taken=taken)
    return plan


def compare_rosters(reading: RosterReading, current: dict[SegmentKey, Segment]) -> RosterPlan:
    """Compare a roster with the segments that count now. Writes nothing."""
    finder = ConsortiumFinder((*current.values(), *reading.segments))
    issues = list(reading.issues)
    scopes: dict[SegmentKey, str] = {}
    sent: dict[SegmentKey, Segment] = {}
    for segment in reading.segments:
        key, scope = segment_key(segment), finder.of_segment(segment)
        if key in sent and sent[key] != segment:
            issues.append(_post_twice(reading, segment))
        elif scope is None:
            issues.append(_no_parent(reading, segment))
        else:
            sent[key], scopes[key] = segment, scope
    parents = {segment.parent for segment in sent.values() if segment.level == "person"}
    troubled = {issue.subject for issue in issues if issue.is_error and issue.subject}
    gone = [
        segment
        for key, segment in sorted(current.items())
        if key not in sent and segment.level == "person" and segment.parent in parents and key[0] not in troubled
    ]
    scopes |= {segment_key(segment): finder.of_segment(segment) or "" for segment in gone}
    before, gone_keys = {key[0] for key in current}, {segment_key(segment) for segment in gone}
    after = {key[0] for key in current if key not in gone_keys} | {key[0] for key in sent}
    return RosterPlan(
        name=reading.name,
        sha256=reading.sha256,
        outcome="dry",
        new=tuple(s for k, s in sorted(sent.items()) if k not in current),
        changed=tuple((current[k], s) for k, s in sorted(sent.items()) if k in current and current[k] != s),
        gone=tuple(gone),
        unchanged=sum(current.get(key) == segment for key, segment in sent.items()),
        left_out=len(reading.segments) - len(sent),
        joined=tuple(sorted({k[0] for k, s in sent.items() if s.level == "person"} - before)),
        left=tuple(sorted({key[0] for key in gone_keys} - after)),
        issues=tuple(by_place(dict.fromkeys(issues))),
        consortia=tuple(sorted(scopes.items())),
    )


def _no_parent(reading: RosterReading, segment: Segment) -> Issue:
    parent = segment.parent
    return Issue(
        "no-consortium",
        Place(reading.name),
        Text(f"上级单位“{parent}”不在花名册", f"its parent {parent} is not on the roster"),
        Text("花名册中的上级单位,一直到医共体", "a parent on the roster, all the way up to a consortium"),
        Text("先导入机构名单,或更正上级单位编码", "import the institutions first, or correct the code"),
        subject=segment.subject,
    )


def _post_twice(reading: RosterReading, segment: Segment) -> Issue:
    return Issue(
        "segment-twice",
        Place(reading.name),
        Text(
            "同一单位、岗位、起始日期的任职出现两次,内容不同",
            "the same post from the same day twice, and they differ",
        ),
        Text("每次任职一行", "one row for each post"),
        Text("删去一行,或更正岗位、起止日期", "drop one row, or correct its post or dates"),
        subject=segment.subject,
    )


def _require_acceptable(plan: RosterPlan, mode: Mode) -> None:
    is_empty = not (plan.new or plan.changed or plan.unchanged) and plan.numbers.is_empty
    if plan.has_errors and (mode == "accept" or is_empty):
        errors = sum(issue.is_error for issue in plan.issues)
        raise InputRefused(
            Text(
                f"{plan.name} 有 {errors} 处错误,没有写入任何内容",
                f"{plan.name} has {errors} errors; nothing was written",
            ),
            plan.issues,
        )


def _one_scope(plan: RosterPlan) -> str:
    scopes = {scope for _key, scope in plan.consortia} | plan.numbers.scopes
    named = scopes - {""}
    return named.pop() if len(named) == 1 else (EVERY_CONSORTIUM if named else "")


def _keep(
    connection: Connection,
    plan: RosterPlan,
    content: bytes,
    actor: Actor,
    cipher: Cipher,
    *,
    reason: str,
    now: datetime,
    mode: Mode,
    confirm_gone: bool,
) -> RosterPlan:
    viewer, scope, scopes = actor.viewer, _one_scope(plan), dict(plan.consortia)
    for consortium in sorted({*scopes.values(), *plan.numbers.scopes, scope}):
        actor.require(consortium)
    done = replace(
        plan,
        outcome="accepted_clean" if mode == "accept_clean" and plan.left_out else "accepted",
        gone=plan.gone if confirm_gone else (),
    )
    number = imports.add_import(
        connection,
        viewer,
        consortium=scope,
        kind="roster",
        name=plan.name,
        content=content,
        sha256=plan.sha256,
        sender="",
        at=now,
        state="accepted_clean" if done.outcome == "accepted_clean" else "accepted",
        reason=reason,
        counts=done.counts,
        coverage={},
        issues=plan.issues,
        cipher=cipher,
    )
    append_identities(connection, viewer, cipher, number, plan.numbers.kept(confirm_gone=confirm_gone))
    kept: Sequence[Segment] = (*plan.new, *(new for _old, new in plan.changed))
    rosters.append_segments(
        connection,
        viewer,
        number,
        [
            *(NewSegment(scopes[segment_key(segment)], segment) for segment in kept),
            *(NewSegment(scopes[segment_key(segment)], segment, withdrawn=True) for segment in done.gone),
        ],
    )
    rosters.note_consortia(connection, viewer, {s.subject: s.title for s in kept if s.level == "consortium"})
    audit.append(
        connection,
        viewer,
        consortium=scope,
        at=now,
        action="import-roster",
        target=f"import {number}",
        reason=reason,
        details={"file": plan.name, "sha256": plan.sha256, "outcome": done.outcome, **done.counts},
    )
    return replace(done, import_id=number, gone=plan.gone)
