"""`publish`: from draft to published in recorded steps, and the seal. Final is final."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NoReturn

from perf.distribution import Correction
from perf.kernel.errors import StateRefused, WrongUse
from perf.kernel.issues import Issue
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.another_hand import require_another_hand
from perf.services.collector_pause import collector_paused
from perf.services.jobs import job
from perf.services.load_run import required_run
from perf.services.paid_inputs import pinned_paid
from perf.services.pending_corrections import correction_pins, pending_corrections
from perf.services.pinned_rules import book_of_run
from perf.services.run_inputs import adjustment_pins, opened_with, opening_balances, paid_with, pinned_inputs
from perf.services.run_month import compute, hindrances, seal_of
from perf.services.verify_run import stored_findings
from perf.storage import audit, runs
from perf.storage.counters import wait_for_turn
from perf.storage.runs import Run, State
from perf.storage.store import Connection, Store

PATH: tuple[State, ...] = ("draft", "in_review", "public_notice", "approved", "published", "paid", "closed")


@dataclass(frozen=True, slots=True)
class Published:
    """A published run: its seal, and what should be known (the same person made and approved it; what waits to be booked)."""

    run: Run
    warnings: tuple[Text, ...]
    waiting: tuple[Text, ...] = ()


def publish(
    store: Store,
    *,
    run: str,
    actor: Actor,
    by: str,
    reason: str,
    now: datetime,
    pay_month: Period | None = None,
    allow_unpaid: bool = False,
) -> Published:
    """Take a draft through review, notice and approval to published, each step recorded, and seal it.

    Args:
        by: Who answers for the publication. Where it is who made the run, it goes through with a warning: this command
            is for whoever holds the database; the service with accounts refuses it.
        pay_month: The month it is paid in; by default the month after the period.
        allow_unpaid: Publish although some funds were not distributed or some cards that count for pay have no total.
    Raises:
        WrongUse: no name or no reason.
        NotFound: no such run in scope.
        StateRefused: adjustments that `by` entered himself; published already; another run of the month is; something
            stands in the way; what it was computed with has changed since; what is stored is not what was computed.
    """
    if not by.strip() or not reason.strip():
        raise WrongUse(
            Text("发布需要姓名(--by)和理由(--reason)", "publishing needs a name (--by) and a reason (--reason)")
        )
    viewer = replace(actor, name=by).viewer
    with store.read() as connection:
        scope = required_run(connection, actor, run).consortium
    work = job(store, replace(actor, name=by), kind="publish", consortium=scope, target=run, now=now)
    with collector_paused(), work as writing, writing() as connection:
        wait_for_turn(connection, f"publish {scope}")
        found = required_run(connection, actor, run)
        _require_publishable(connection, actor, found)
        require_another_hand(connection, actor, found, by)
        in_the_way = _in_the_way(connection, actor, found)
        if in_the_way and not allow_unpaid:
            raise StateRefused(
                Text(
                    f"{run} 没有发布,{len(in_the_way)} 处阻碍:计酬的考核表无总分,或资金池未分配;"
                    f"原因见 perf-pay issues --run {run}",
                    f"{run} is not published, {len(in_the_way)} things stand in the way: cards that count for pay without a total, "
                    f"or funds not distributed; why: perf-pay issues --run {run}",
                ),
                in_the_way,
            )
        month = pay_month or found.period.months()[-1].shift(1)
        seal = seal_of(found)
        for state in PATH[PATH.index(found.state) + 1 : PATH.index("published") + 1]:
            sealing = {"digest": seal, "pay_month": str(month)} if state == "published" else {}
            if not runs.move_run(connection, viewer, found, state, at=now, reason=reason, **sealing):
                raise StateRefused(Text(f"{run} 的状态刚被他人改变", f"somebody else just changed the state of {run}"))
            found = replace(found, state=state)
        found = replace(found, digest=seal, pay_month=str(month))
        warnings, waiting = _same_person(found, by), _waiting(connection, actor, found)
        audit.append(
            connection,
            viewer,
            consortium=found.consortium,
            at=now,
            action="publish",
            target=run,
            reason=reason,
            details={
                "digest": seal,
                "pay_month": str(month),
                "made_by": found.made_by,
                "same_person": bool(warnings),
                "in_the_way": len(in_the_way),
            },
        )
    return Published(found, warnings, waiting)


def move(store: Store, *, run: str, to: State, actor: Actor, reason: str, now: datetime) -> Run:
    """One step along the path, or back to draft with a reason; `published` only by `publish`.

    Raises:
        NotFound: no such run in scope.
        StateRefused: not the next step, back from a published run, or back without a reason.
    """
    with store.write() as connection:
        found = required_run(connection, actor, run)
        is_next = PATH.index(to) == PATH.index(found.state) + 1 and to != "published"
        is_back = to == "draft" and found.state != "draft" and not found.is_sealed
        if not (is_next or is_back):
            raise StateRefused(Text(f"{run} 是 {found.state},不能变为 {to}", f"{run} is {found.state}, not to be {to}"))
        if is_back and not reason.strip():
            raise StateRefused(Text("退回需要理由", "going back needs a reason"))
        if not runs.move_run(connection, actor.viewer, found, to, at=now, reason=reason):
            raise StateRefused(Text(f"{run} 的状态刚被他人改变", f"somebody else just changed the state of {run}"))
        audit.append(
            connection,
            actor.viewer,
            consortium=found.consortium,
            at=now,
            action="move",
            target=run,
            reason=reason,
            details={"from": found.state, "to": to},
        )
    return replace(found, state=to)


def _require_publishable(connection: Connection, actor: Actor, run: Run) -> None:
    if run.is_sealed:
        raise StateRefused(Text(f"{run.id} 已经发布", f"{run.id} is published already"))
    others = runs.list_runs(connection, actor.viewer, consortium=run.consortium, period=run.period)
    published = [other for other in others if other.is_sealed]
    if published and run.corrects is None:
        _refuse_another(run, published[-1].id, Text("已发布", "is published"))
    corrected = [other.id for other in published if run.corrects is not None and other.corrects == run.corrects]
    if corrected:
        _refuse_another(run, corrected[0], Text("已更正并发布", "corrects it already"))
    findings = stored_findings(connection, actor, run)
    if findings:
        named = ";".join(str(finding) for finding in findings[:3])
        raise StateRefused(
            Text(f"{run.id} 存储的内容与核算时不同:{named}", f"{run.id} is not what was computed: {named}")
        )


def _refuse_another(run: Run, standing: str, how: Text) -> NoReturn:
    raise StateRefused(
        Text(
            f"{run.period} 的 {standing} {how.zh};要再改变,做它的更正:perf-pay run {run.period} --corrects {standing}",
            f"{standing} of {run.period} {how.en}; to change it: perf-pay run {run.period} --corrects {standing}",
        )
    )


def _in_the_way(connection: Connection, actor: Actor, run: Run) -> Sequence[Issue]:
    """What stands in the way, found again from the pins where the run says that there is something."""
    now_open = opening_balances(connection, actor.viewer, run.consortium)
    if run.corrects is None and opened_with(connection, actor.viewer, run.id) != now_open:
        raise StateRefused(
            Text(
                f"{run.id} 核算之后又发布了其他核算,期初余额已变;请重新核算",
                f"another run was published after {run.id} was computed, its opening balances changed; run again",
            )
        )
    if run.corrects is None:
        _require_same_adjustments(connection, actor, run)
        _require_same_corrections(connection, actor, run)
    paid = paid_with(connection, actor.viewer, run.id) if run.corrects is None else None
    if paid is not None:
        book = book_of_run(connection, actor.viewer, run.id)
        if pinned_paid(connection, actor.viewer, book, run.consortium, run.period) != paid:
            raise StateRefused(
                Text(
                    f"{run.id} 核算之后又发布了其他核算,以前各期的已发金额已变;请重新核算",
                    f"another run was published after {run.id} was computed, what was paid before changed; run again",
                )
            )
    if not run.counts.get("in_the_way"):
        return ()
    inputs = pinned_inputs(connection, actor.viewer, run.id)
    return hindrances(inputs.book, run.period, compute(inputs, run.period, run.consortium))


def _require_same_adjustments(connection: Connection, actor: Actor, run: Run) -> None:
    """What was entered for single people is what the run was computed with."""
    pinned = {pin.digest for pin in runs.pins_of(connection, actor.viewer, run.id, "adjustment")}
    now = {pin.digest for pin in adjustment_pins(connection, actor.viewer, run.consortium, run.period)}
    if pinned != now:
        raise StateRefused(
            Text(
                f"{run.id} 核算之后又录入或撤销了一次性项目;请重新核算",
                f"adjustments were entered or withdrawn after {run.id} was computed; run again",
            )
        )


def _require_same_corrections(connection: Connection, actor: Actor, run: Run) -> None:
    """The corrections that the run books are those that wait now: none twice, none left out."""
    pinned = {pin.digest for pin in runs.pins_of(connection, actor.viewer, run.id, "correction")}
    book = book_of_run(connection, actor.viewer, run.id)
    now = {pin.digest for pin in correction_pins(connection, actor.viewer, book, run.consortium, run.period)}
    if pinned != now:
        raise StateRefused(
            Text(
                f"{run.id} 核算之后,待入账的更正有变(又发布了更正,或已由别的月份入账);请重新核算",
                f"the corrections that wait to be booked changed after {run.id} was computed; run again",
            )
        )


def _waiting(connection: Connection, actor: Actor, run: Run) -> tuple[Text, ...]:
    """What a published correction leaves to the next month."""
    if run.corrects is None:
        return ()
    month = run.period.months()[-1].shift(1)
    found = [one for one in pending_corrections(connection, actor.viewer, run.consortium, month) if one.new == run.id]
    return tuple(_told(one) for one in found)


def _told(one: Correction) -> Text:
    fen: dict[str, int] = {}
    for row in one.differences:
        if row.account.startswith("person:"):
            fen[row.account] = fen.get(row.account, 0) + row.difference.fen
    up, down = (Money(sum(amount for amount in fen.values() if amount * sign > 0)) for sign in (1, -1))
    people = sum(1 for amount in fen.values() if amount)
    return Text(
        f"差额待入账:{one.new} 对 {one.old},{people} 人,补 {up} 元,扣 {-down} 元;随下一个未发布的月份结算",
        f"waiting to be booked: {one.new} against {one.old}, {people} persons, {up} yuan to pay, {-down} yuan to take back; "
        "settled with the next open month",
    )


def _same_person(run: Run, by: str) -> tuple[Text, ...]:
    if run.made_by != by:
        return ()
    return (
        Text(
            f"{by} 既核算又发布;按制度应由他人批准,已记入审计",
            f"{by} both made and published it; somebody else should approve, the audit says so",
        ),
    )
