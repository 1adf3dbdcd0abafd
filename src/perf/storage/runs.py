"""Runs: what was computed when, by whom, in which state, under which seal; and their pinned inputs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from perf.kernel.periods import Period, parse_period
from perf.storage.bulk import insert_rows
from perf.storage.canonical import canonical_json, sha256_text
from perf.storage.counters import next_number
from perf.storage.packing import Broken, packed, unpacked
from perf.storage.scope import in_scope
from perf.storage.tables import RUN, RUN_PIN, RUN_STEP
from perf.storage.viewer import Viewer

State = Literal["draft", "in_review", "public_notice", "approved", "published", "paid", "closed"]
PinKind = Literal["facts", "roster", "prior", "adjustment", "correction", "rule"]


@dataclass(frozen=True, slots=True)
class Run:
    """A run. `parts`: name of a part -> its digest; `digest`: the seal, None until published."""

    id: str
    consortium: str
    period: Period
    number: int
    state: State
    engine: str
    made_by: str
    made_at: datetime
    reason: str
    parts: Mapping[str, str]
    counts: Mapping[str, int]
    digest: str | None = None
    corrects: str | None = None
    pay_month: str | None = None

    @property
    def is_sealed(self) -> bool:
        """Whether it was published."""
        return self.digest is not None


@dataclass(frozen=True, slots=True)
class Step:
    """One change of state."""

    state_from: str
    state_to: str
    made_by: str
    made_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A pinned input: canonical text under its digest; of a rule file only the digest, its text is kept once."""

    kind: PinKind
    name: str
    digest: str
    text: str | None = field(default=None, repr=False)


def pay_month_of(run: Run) -> Period:
    """The month a run is paid in: as published, else the month after its period."""
    return parse_period(run.pay_month) if run.pay_month else run.period.months()[-1].shift(1)


def run_id(consortium: str, period: Period, number: int) -> str:
    """`CONSORTIUM:2025-06#2`."""
    return f"{consortium}:{period}#{number}"


def text_pin(kind: PinKind, name: str, text: str) -> Pin:
    """A pin that carries its text."""
    return Pin(kind, name, sha256_text(text), text)


def next_run_number(connection: sa.Connection, viewer: Viewer, consortium: str, period: Period) -> int:
    """The number of the next run of this consortium and period, from 1; others who ask wait for this transaction.

    Raises:
        PermissionError: a consortium out of scope.
    """
    if not viewer.may_see(consortium):
        raise PermissionError("a run of a consortium out of scope")
    return next_number(connection, f"run {consortium}:{period}")


def add_run(connection: sa.Connection, viewer: Viewer, run: Run, pins: Iterable[Pin]) -> None:
    """Add a draft with its pins.

    Raises:
        PermissionError: a consortium out of scope.
    """
    if not viewer.may_see(run.consortium):
        raise PermissionError("a run of a consortium out of scope")
    connection.execute(
        sa.insert(RUN).values(
            id=run.id,
            consortium=run.consortium,
            period=str(run.period),
            number=run.number,
            state=run.state,
            engine=run.engine,
            corrects=run.corrects,
            made_by=run.made_by,
            made_at=run.made_at,
            reason=run.reason,
            parts=canonical_json(dict(run.parts)),
            counts=canonical_json(dict(run.counts)),
            digest=run.digest,
            pay_month=run.pay_month,
        )
    )
    rows = (
        (
            *(run.id, pin.kind, pin.name, run.consortium, pin.digest),
            None if pin.text is None else packed(pin.text.encode()),
        )
        for pin in sorted(pins, key=lambda p: (p.kind, p.name))
    )
    insert_rows(connection, RUN_PIN, rows)


def find_run(connection: sa.Connection, viewer: Viewer, identifier: str) -> Run | None:
    """The run of this name, None where there is none in scope."""
    query = sa.select(RUN).where(RUN.c.id == identifier, in_scope(viewer, RUN.c.consortium))
    row = connection.execute(query).first()
    return None if row is None else _run(row)


def list_runs(
    connection: sa.Connection, viewer: Viewer, *, consortium: str | None = None, period: Period | None = None
) -> list[Run]:
    """The runs in scope by consortium, period and number."""
    query = sa.select(RUN).where(in_scope(viewer, RUN.c.consortium))
    if consortium is not None:
        query = query.where(RUN.c.consortium == consortium)
    if period is not None:
        query = query.where(RUN.c.period == str(period))
    return [_run(row) for row in connection.execute(query.order_by(RUN.c.consortium, RUN.c.period, RUN.c.number))]


def steps_of(connection: sa.Connection, viewer: Viewer, identifier: str) -> list[Step]:
    """How the run came to its state, in order."""
    query = sa.select(RUN_STEP).where(RUN_STEP.c.run_id == identifier, in_scope(viewer, RUN_STEP.c.consortium))
    return [
        Step(r.state_from, r.state_to, r.made_by, r.made_at, r.reason)
        for r in connection.execute(query.order_by(RUN_STEP.c.n))
    ]


def published_at(connection: sa.Connection, viewer: Viewer, consortium: str) -> dict[str, datetime]:
    """Run -> when it was published, of the published runs of a consortium."""
    query = sa.select(RUN_STEP.c.run_id, RUN_STEP.c.made_at).where(
        RUN_STEP.c.consortium == consortium, RUN_STEP.c.state_to == "published", in_scope(viewer, RUN_STEP.c.consortium)
    )
    return {row.run_id: row.made_at for row in connection.execute(query)}


def move_run(
    connection: sa.Connection,
    viewer: Viewer,
    run: Run,
    state: State,
    *,
    at: datetime,
    reason: str,
    digest: str | None = None,
    pay_month: str | None = None,
) -> bool:
    """Change the state of a run and record the step; False where it is no longer in the state it was read in.

    `digest` seals; it is given with the step to `published` and never again.
    """
    values: dict[str, Any] = {"state": state}
    if digest is not None:
        values |= {"digest": digest, "pay_month": pay_month}
    moved = connection.execute(
        sa.update(RUN)
        .where(RUN.c.id == run.id, RUN.c.state == run.state, in_scope(viewer, RUN.c.consortium))
        .values(**values)
    )
    if moved.rowcount != 1:
        return False
    n = int(connection.execute(sa.select(sa.func.count()).where(RUN_STEP.c.run_id == run.id)).scalar() or 0) + 1
    connection.execute(
        sa.insert(RUN_STEP).values(
            run_id=run.id,
            n=n,
            consortium=run.consortium,
            state_from=run.state,
            state_to=state,
            made_by=viewer.name,
            made_at=at,
            reason=reason,
        )
    )
    return True


def pins_of(connection: sa.Connection, viewer: Viewer, identifier: str, kind: PinKind | None = None) -> list[Pin]:
    """The pinned inputs of a run, by kind and name."""
    query = sa.select(RUN_PIN).where(RUN_PIN.c.run_id == identifier, in_scope(viewer, RUN_PIN.c.consortium))
    if kind is not None:
        query = query.where(RUN_PIN.c.kind == kind)
    pins = [
        Pin(r.kind, r.name, r.digest, None if r.content is None else _text(r.content))
        for r in connection.execute(query)
    ]
    return sorted(pins, key=lambda p: (p.kind, p.name))


def _text(content: bytes) -> str:
    """The text of a pin; bytes that were tampered with give no text, so their digest cannot be right."""
    try:
        return unpacked(content).decode()
    except (Broken, UnicodeDecodeError):
        return ""


def _run(row: Any) -> Run:
    return Run(
        row.id,
        row.consortium,
        parse_period(row.period),
        row.number,
        row.state,
        row.engine,
        row.made_by,
        row.made_at,
        row.reason,
        json.loads(row.parts),
        json.loads(row.counts),
        row.digest,
        row.corrects,
        row.pay_month,
    )
