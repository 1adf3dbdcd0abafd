"""`import` of facts: a dry run that says what would change, and accepting it, in one transaction."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from itertools import chain
from operator import itemgetter

from perf.excel.fact_rows import FactRows
from perf.excel.reading import ImportReading
from perf.kernel.errors import InputRefused, NotFound
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.collector_pause import collector_paused
from perf.services.current_facts import newest_beside
from perf.services.import_plan import (
    NO_MEASURES,
    NO_TITLES,
    ImportPlan,
    Mode,
    clean_plan_is_empty,
    compare,
    periods_of,
    sound_rows,
)
from perf.services.jobs import job
from perf.services.known_roster import KnownRoster
from perf.services.mappings import keep_answers
from perf.services.preview_token import require_previewed
from perf.services.taken_before import TakenBefore
from perf.services.unusual_values import Judging
from perf.specs.models import Measure
from perf.storage import audit, facts, imports, runs
from perf.storage.canonical import sha256_bytes
from perf.storage.cipher import Cipher
from perf.storage.counters import wait_for_turn
from perf.storage.facts import FactVersion, NewLine
from perf.storage.store import Connection, Store
from perf.storage.viewer import EVERY_CONSORTIUM, Viewer


def import_facts(
    store: Store,
    reading: ImportReading,
    *,
    content: bytes,
    actor: Actor,
    reason: str = "",
    now: datetime,
    mode: Mode = "dry",
    confirm_gone: bool = False,
    choose_sender: str = "",
    known: KnownRoster | None = None,
    titles: Mapping[str, str] = NO_TITLES,
    expect: Collection[str] = (),
    measures: Mapping[str, Measure] = NO_MEASURES,
) -> ImportPlan:
    """Say what a workbook of facts would change; with `accept` or `accept_clean`, change it.

    Args:
        content: The bytes of the file; they are kept with the import.
        mode: `accept` keeps everything and is refused while there are errors; `accept_clean` keeps the sound rows.
        confirm_gone: Withdraw the facts that the file does not have any more; otherwise they stay.
        choose_sender: Whom to believe where two senders report one figure.
        known: The roster of a batch of files, so that it is not read for each of them.
        titles: Measure -> what people call it, for issues.
        expect: Preview tokens, one of which has to be that of what would be kept; none: everything is kept.
        measures: With them, figures far from history and peers are told; none: nothing is judged.
    Returns:
        The plan; `outcome` tells whether it was carried out. The same bytes a second time change nothing, but for what
        only now is said about them: that what is gone be withdrawn, or whom to believe.
    Raises:
        InputRefused: accepting a file with errors, or one without a single sound row; nothing was written.
        PreviewOutdated: what would be kept is not what was previewed; nothing was written.
        NotFound: a fact of a consortium out of scope.
        KeyRefused: something is to be kept, and the key for its file is not there.
    """
    if sha256_bytes(content) != reading.sha256:
        raise ValueError("the reading is not of these bytes")
    said = _Said(confirm_gone, choose_sender, known, titles, measures)
    with collector_paused(), store.read() as connection:
        if mode != "dry":
            store.keys.cipher(connection)  # without a key nothing is kept, which is said before the work
        plan = _plan(connection, actor.viewer, reading, said)
        seen = imports.last_import(connection)
    if mode == "dry" or plan.taken is not None:
        return plan
    require_previewed(plan, expect)
    _require_acceptable(plan, mode)
    scope = _one_scope(plan)
    work = job(store, actor, kind="import", consortium=scope, target=reading.name, now=now)
    with collector_paused(), work as writing, writing() as connection:
        wait_for_turn(connection, "import")
        if imports.last_import(connection) != seen:  # somebody else was faster: what counts now may be something else
            plan = _plan(connection, actor.viewer, reading, said)
            if plan.taken is not None:
                return plan
            require_previewed(plan, expect)
            _require_acceptable(plan, mode)
        cipher = store.keys.cipher_for_writing(connection, actor.viewer, now)
        return _keep(
            connection,
            plan,
            reading,
            content,
            actor,
            cipher,
            reason=reason,
            now=now,
            mode=mode,
            confirm_gone=confirm_gone,
        )


@dataclass(frozen=True, slots=True)
class _Said:
    """What a user says about a file beyond the file itself, and what is known beside it."""

    confirm_gone: bool
    choose_sender: str
    known: KnownRoster | None
    titles: Mapping[str, str]
    measures: Mapping[str, Measure]

    def is_news(self, plan: ImportPlan) -> bool:
        """Whether it changes something even of a file that was taken already."""
        return bool((self.confirm_gone and plan.gone) or plan.new or plan.changed)


def _plan(connection: Connection, viewer: Viewer, reading: ImportReading, said: _Said) -> ImportPlan:
    before = TakenBefore(imports.imports_with_digest(connection, viewer, reading.sha256, "facts"))
    if before.imports and not (said.confirm_gone or said.choose_sender or before.is_read_anew(reading)):
        return _taken_already(reading, before.imports[0])
    finder = (said.known or KnownRoster()).finder(connection, viewer)
    rows = FactRows.of(reading.rows)
    measures = rows.measures().keys() | set(reading.coverage.measures) | before.measures
    periods = {*periods_of(rows, reading.coverage), *before.periods}
    sound = sound_rows(reading, finder, said.titles)
    kept = FactRows((), ()) if before.imports else sound.rows  # what was taken before is asked for one by one
    newest, current = newest_beside(connection, viewer, kept, periods=periods, measures=measures)
    plan = compare(reading, sound, current, finder, choose_sender=said.choose_sender, titles=said.titles)
    if before.imports:
        plan = before.left_of(plan, reading, newest, current.others, keeps_changes=bool(said.choose_sender))
        if not said.is_news(plan):
            return _taken_already(reading, before.imports[0])
    touched = _published(connection, viewer, plan)
    told = (*(_late(reading, run) for run in touched), *_of_others(connection, viewer, plan, newest))
    if said.measures:
        told += tuple(Judging(connection, viewer, said.measures, finder).issues(plan, current))
    return replace(plan, touches=touched, issues=(*plan.issues, *told))


def _taken_already(reading: ImportReading, taken: imports.ImportRecord) -> ImportPlan:
    when = taken.made_at.strftime("%Y-%m-%d %H:%M")
    issue = Issue(
        "taken-already",
        Place(reading.name),
        Text(
            f"同一文件已由 {taken.made_by} 于 {when}(UTC)导入(第 {taken.id} 次,{taken.name})",
            f"taken already on {when} UTC by {taken.made_by} (import {taken.id}, {taken.name})",
        ),
        Text("没有导入过的文件", "a file that was not taken yet"),
        Text("无需处理;没有写入任何内容", "nothing to do; nothing was written"),
        severity="info",
    )
    sender = reading.coverage.sender
    return ImportPlan(reading.name, reading.sha256, sender, "taken_already", issues=(issue,), taken=taken)


def _of_others(
    connection: Connection,
    viewer: Viewer,
    plan: ImportPlan,
    newest: Mapping[tuple[str, str, str, str, str], FactVersion],
) -> Iterable[Issue]:
    """An issue for each import of somebody else of which this one would change or withdraw figures."""
    keys = [fact.key for fact in (*(change.old for change in plan.changed), *plan.gone)]
    if not keys:
        return
    counts = Counter(newest[(k.subject, k.measure, str(k.period), k.item, k.counterparty)].import_id for k in keys)
    for record in imports.list_imports(connection, viewer):
        if record.id in counts and record.made_by != viewer.name:
            when, count = record.made_at.strftime("%Y-%m-%d %H:%M"), counts[record.id]
            yield Issue(
                "changes-of-another",
                Place(plan.name),
                Text(
                    f"改动或撤回 {record.made_by} 于 {when}(UTC)导入的 {count} 个数据(第 {record.id} 次,{record.name})",
                    f"changes or withdraws {count} figures that {record.made_by} imported on {when} UTC "
                    f"(import {record.id}, {record.name})",
                ),
                Text(
                    "改动自己报的数据,或与报的人说好", "changes of one's own figures, or agreed with whoever sent them"
                ),
                Text(
                    "核对改动再保存;用 --expect 预览码 保存时,别人又有改动就会拒绝",
                    "look at the changes first; with --expect TOKEN it is refused if they change again",
                ),
                severity="warning",
            )


def _published(connection: Connection, viewer: Viewer, plan: ImportPlan) -> tuple[str, ...]:
    sealed = [run for run in runs.list_runs(connection, viewer) if run.is_sealed]
    periods = {run.period for run in sealed}
    others = ((fact.key.subject, fact.key.period) for fact in (*(change.new for change in plan.changed), *plan.gone))
    about = chain(FactRows.of(plan.new).subjects(), others) if sealed else ()
    touched = {(plan.consortia.of(subject, period), period) for subject, period in about if period in periods}
    return tuple(run.id for run in sealed if {(run.consortium, run.period), ("", run.period)} & touched)


def _late(reading: ImportReading, run: str) -> Issue:
    return Issue(
        "month-published",
        Place(reading.name),
        Text(f"{run} 已发布,本次数据在其发布之后", f"{run} is published; these figures come after it"),
        Text("发布前的数据", "figures from before publication"),
        Text("已发布的结果不变;需要时做一次更正核算", "what was published stays; make a correction run if needed"),
        severity="warning",
    )


def _require_acceptable(plan: ImportPlan, mode: Mode) -> None:
    if mode == "accept" and plan.has_errors:
        errors = sum(issue.is_error for issue in plan.issues)
        raise InputRefused(
            Text(
                f"{plan.name} 有 {errors} 处错误,没有写入任何内容;改正后重新上传,或用 --accept-clean 只保留无误的行",
                f"{plan.name} has {errors} errors, nothing was written; mend them, or keep the sound rows "
                "with --accept-clean",
            ),
            plan.issues,
        )
    if plan.has_errors and clean_plan_is_empty(plan):
        raise InputRefused(
            Text(
                f"{plan.name} 没有一行无误的数据,没有写入任何内容", f"{plan.name} has no sound row; nothing was written"
            ),
            plan.issues,
        )


def _one_scope(plan: ImportPlan) -> str:
    """The consortium of the import; `*` where it concerns several, so that only who sees all sees the file."""
    scopes = plan.consortia.distinct()
    return scopes.pop() if len(scopes) == 1 else (EVERY_CONSORTIUM if scopes else "")


def _keep(
    connection: Connection,
    plan: ImportPlan,
    reading: ImportReading,
    content: bytes,
    actor: Actor,
    cipher: Cipher,
    *,
    reason: str,
    now: datetime,
    mode: Mode,
    confirm_gone: bool,
) -> ImportPlan:
    viewer, scope = actor.viewer, _one_scope(plan)
    for consortium in sorted({*plan.consortia.distinct(), scope} - {EVERY_CONSORTIUM}):
        actor.require(consortium)
    if not viewer.may_see(scope):
        raise NotFound(Text("文件涉及无权处理的医共体", "the file concerns a consortium out of scope"))
    done = replace(
        plan,
        outcome="accepted_clean" if mode == "accept_clean" and plan.left_out else "accepted",
        gone=plan.gone if confirm_gone else (),
    )
    number = imports.add_import(
        connection,
        viewer,
        consortium=scope,
        kind="facts",
        name=plan.name,
        content=content,
        sha256=plan.sha256,
        sender=plan.sender,
        at=now,
        state="accepted_clean" if done.outcome == "accepted_clean" else "accepted",
        reason=reason,
        counts=done.counts,
        coverage=_coverage_json(reading),
        issues=plan.issues,
        cipher=cipher,
    )
    facts.append_lines(connection, viewer, number, _versions(done, confirm_gone=confirm_gone))
    keep_answers(connection, viewer, reading.layouts, consortium=scope, import_id=number, at=now)
    audit.append(
        connection,
        viewer,
        consortium=scope,
        at=now,
        action="import",
        target=f"import {number}",
        reason=reason,
        details={"file": plan.name, "sha256": plan.sha256, "outcome": done.outcome, **done.counts},
    )
    return replace(done, import_id=number, gone=plan.gone)


def _versions(plan: ImportPlan, *, confirm_gone: bool) -> Iterator[NewLine]:
    """What is to be kept, in the order of keys."""
    changed = FactRows.of([change.new for change in plan.changed])
    streams = [_kept(plan, rows) for rows in (FactRows.of(plan.new), changed) if rows]
    if confirm_gone and plan.gone:
        streams.append(
            NewLine(plan.consortia.of(f.key.subject, f.key.period), *f.key, None, sender=plan.sender)
            for f in sorted(plan.gone)
        )
    return streams[0] if len(streams) == 1 else merge(*streams, key=itemgetter(slice(1, 6)))


def _kept(plan: ImportPlan, rows: FactRows) -> Iterator[NewLine]:
    scopes = {(subject, period): plan.consortia.of(subject, period) for subject, period in rows.subjects()}
    for subject, measure, period, item, counterparty, text, is_text, sheet, cell, sender in rows.lines():
        scope, sent_by = scopes[subject, period], sender or plan.sender
        yield NewLine(scope, subject, measure, period, item, counterparty, text, is_text, sheet, cell, sent_by)


def _coverage_json(reading: ImportReading) -> dict[str, object]:
    coverage = reading.coverage
    return {
        "sender": coverage.sender,
        "measures": sorted(coverage.measures),
        "subjects": sorted(coverage.subjects),
        "periods": sorted(str(period) for period in coverage.periods),
    }
