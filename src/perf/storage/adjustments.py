"""Adjustments as they were entered: appended, withdrawn with a reason, never changed; and as lines of a pin."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from perf.distribution.adjustments import Adjustment
from perf.kernel.figures import exact_text, read_exact
from perf.kernel.money import Money
from perf.kernel.periods import Period, parse_period
from perf.storage.bulk import insert_rows
from perf.storage.counters import next_number
from perf.storage.scope import in_scope
from perf.storage.tables import ADJUSTMENT, ADJUSTMENT_KEY, WITHDRAWAL
from perf.storage.times import moment_text
from perf.storage.viewer import Viewer

Line = list[Any]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Who took an adjustment back, when and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class EnteredAdjustment:
    """An adjustment of a consortium and period, with where it came from (`补发.xlsx!表1!C3`) and its withdrawal."""

    consortium: str
    period: Period
    n: int
    adjustment: Adjustment
    entered_at: datetime
    source: str = ""
    withdrawn: Withdrawal | None = None

    @property
    def id(self) -> str:
        """`G1:2025-06/A3`, unique in the database."""
        return f"{self.consortium}:{self.adjustment.number}"


def adjustment_number(period: Period, n: int) -> str:
    """`2025-06/A3`, as ledgers and statements call it."""
    return f"{period}/A{n}"


def add_adjustments(
    connection: sa.Connection,
    viewer: Viewer,
    *,
    consortium: str,
    period: Period,
    adjustments: Sequence[Adjustment],
    sources: Sequence[str],
    at: datetime,
) -> list[EnteredAdjustment]:
    """Append adjustments, in order; their numbers are given here, `entered_by` stays as it is.

    Raises:
        PermissionError: a consortium out of scope.
    """
    if not viewer.may_see(consortium):
        raise PermissionError("an adjustment of a consortium out of scope")
    if not adjustments:
        return []
    first = next_number(connection, f"adjustment {consortium}:{period}", len(adjustments))
    entered = [
        EnteredAdjustment(consortium, period, n, replace(one, number=adjustment_number(period, n)), at, source)
        for n, (one, source) in enumerate(zip(adjustments, sources, strict=True), start=first)
    ]
    insert_rows(connection, ADJUSTMENT, map(_row, entered))
    return entered


def withdraw_adjustment(
    connection: sa.Connection, viewer: Viewer, entered: EnteredAdjustment, *, at: datetime, reason: str
) -> EnteredAdjustment:
    """Record that an adjustment is not to be booked; `viewer.name` is who withdrew it.

    Raises:
        PermissionError: a consortium out of scope.
    """
    if not viewer.may_see(entered.consortium):
        raise PermissionError("an adjustment of a consortium out of scope")
    values = dict(zip(ADJUSTMENT_KEY, (entered.consortium, str(entered.period), entered.n), strict=True))
    told = {"withdrawn_by": viewer.name, "withdrawn_at": at, "reason": reason}
    connection.execute(sa.insert(WITHDRAWAL).values(**values, **told))
    return replace(entered, withdrawn=Withdrawal(viewer.name, at, reason))


def list_adjustments(
    connection: sa.Connection,
    viewer: Viewer,
    *,
    consortium: str | None = None,
    period: Period | None = None,
    subject: str | None = None,
) -> list[EnteredAdjustment]:
    """Every adjustment in scope, withdrawn ones too, by consortium, period and number."""
    table = ADJUSTMENT.c
    same = sa.and_(*(table[name] == WITHDRAWAL.c[name] for name in ADJUSTMENT_KEY))
    taken_back = (
        WITHDRAWAL.c.withdrawn_by,
        WITHDRAWAL.c.withdrawn_at,
        WITHDRAWAL.c.reason.label("withdrawn_reason"),
    )
    query = (
        sa.select(*ADJUSTMENT.columns, *taken_back)
        .join_from(ADJUSTMENT, WITHDRAWAL, same, isouter=True)
        .where(in_scope(viewer, table.consortium))
    )
    for column, wanted in (
        (table.consortium, consortium),
        (table.period, None if period is None else str(period)),
        (table.subject, subject),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    found = [_entered(row) for row in connection.execute(query)]
    return sorted(found, key=lambda one: (one.consortium, str(one.period), one.n))


def standing_adjustments(
    connection: sa.Connection, viewer: Viewer, consortium: str, period: Period
) -> list[EnteredAdjustment]:
    """Those of a consortium and period that are to be booked, by number."""
    every = list_adjustments(connection, viewer, consortium=consortium, period=period)
    return [one for one in every if one.withdrawn is None]


def adjustment_line(entered: EnteredAdjustment) -> Line:
    """An adjustment as a line of a pin: its name (period, number) and everything that was entered."""
    one = entered.adjustment
    fen = None if one.amount is None else one.amount.fen
    said = [one.line, one.account, one.reason, one.document, exact_text(one.at_most)]
    how = [one.entered_by, moment_text(entered.entered_at), entered.source]
    return [str(entered.period), entered.n, one.kind, one.subject, fen, *said, *how]


def read_adjustment(line: Line) -> Adjustment:
    """The adjustment of a line."""
    period, n, kind, subject, fen, said, account, reason, document, at_most, entered_by = line[:11]
    return Adjustment(
        number=adjustment_number(parse_period(period), n),
        kind=kind,
        subject=subject,
        amount=None if fen is None else Money(fen),
        line=said,
        account=account,
        reason=reason,
        document=document,
        entered_by=entered_by,
        at_most=read_exact(at_most),
    )


def adjustment_lines(entered: Iterable[EnteredAdjustment]) -> list[Line]:
    """The lines of a pin, in order."""
    return [adjustment_line(one) for one in sorted(entered, key=lambda one: (str(one.period), one.n))]


def _row(entered: EnteredAdjustment) -> tuple[Any, ...]:
    one = entered.adjustment
    return (
        *(entered.consortium, str(entered.period), entered.n, one.kind, one.subject),
        *(None if one.amount is None else one.amount.fen, one.line, one.account, one.reason, one.document),
        *(exact_text(one.at_most), one.entered_by, entered.entered_at, entered.source),
    )


def _entered(row: Any) -> EnteredAdjustment:
    period = parse_period(row.period)
    one = Adjustment(
        number=adjustment_number(period, row.number),
        kind=row.kind,
        subject=row.subject,
        amount=None if row.amount_fen is None else Money(row.amount_fen),
        line=row.line,
        account=row.account,
        reason=row.reason,
        document=row.document,
        entered_by=row.entered_by,
        at_most=read_exact(row.at_most),
    )
    withdrawn = row.withdrawn_by is not None
    taken_back = Withdrawal(row.withdrawn_by, row.withdrawn_at, row.withdrawn_reason) if withdrawn else None
    return EnteredAdjustment(row.consortium, period, row.number, one, row.entered_at, row.source, taken_back)
