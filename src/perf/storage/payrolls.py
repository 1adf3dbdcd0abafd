"""Accepted payrolls and tax records: appended, read back, held against their digest."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from perf.kernel.money import Money
from perf.kernel.periods import Period, parse_period
from perf.storage.bulk import insert_rows
from perf.storage.canonical import canonical_json, rows_digest
from perf.storage.counters import next_number
from perf.storage.packing import Broken, packed, unpacked
from perf.storage.payroll_tables import PAYROLL, TAX_OPENING, WITHHOLDING
from perf.storage.scope import in_scope
from perf.storage.viewer import Viewer

_OPENING_FIGURES = ("income", "tax_free", "contributions", "special", "other", "relief", "withheld")


@dataclass(frozen=True, slots=True)
class PayrollRecord:
    """An accepted payroll. `digest`: of its rows; `withdrawn_reason`: why it does not count any more, if so."""

    id: str
    consortium: str
    pay_month: Period
    number: int
    runs: tuple[str, ...]
    rule: str
    version: str
    rule_digest: str
    engine: str
    made_by: str
    made_at: datetime
    reason: str
    digest: str = ""
    withdrawn_reason: str | None = None


class Withholding(NamedTuple):
    """What a payroll paid and withheld of one person; `content` is canonical JSON."""

    person: str
    employer: str
    gross: Money
    deductions: Money
    tax: Money
    net: Money
    income: Money
    tax_free: Money
    contributions: Money
    other: Money
    income_tax: Money
    bonus: Money
    bonus_tax: Money
    content: str


class StoredOpening(NamedTuple):
    """A tax record; `figures` in the order income, tax_free, contributions, special, other, relief, withheld."""

    person: str
    employer: str
    year: int
    through: int
    months: int
    basis: str
    figures: tuple[Money, ...]
    source: str = ""


def payroll_id(consortium: str, pay_month: Period, number: int) -> str:
    """`G1:2025-07/P1`."""
    return f"{consortium}:{pay_month}/P{number}"


def next_payroll_number(connection: sa.Connection, viewer: Viewer, consortium: str, pay_month: Period) -> int:
    """The number of the next payroll of this month of payment, from 1.

    Raises:
        PermissionError: a consortium out of scope.
    """
    if not viewer.may_see(consortium):
        raise PermissionError("a payroll of a consortium out of scope")
    return next_number(connection, f"payroll {consortium}:{pay_month}")


def add_payroll(
    connection: sa.Connection, viewer: Viewer, record: PayrollRecord, people: Iterable[Withholding]
) -> PayrollRecord:
    """Append a payroll with its people, and give it its digest.

    Raises:
        PermissionError: a consortium out of scope.
    """
    if not viewer.may_see(record.consortium):
        raise PermissionError("a payroll of a consortium out of scope")
    rows = sorted(people, key=lambda one: one.person)
    digest = rows_digest(map(_digested, rows))
    connection.execute(
        sa.insert(PAYROLL).values(
            id=record.id,
            consortium=record.consortium,
            pay_month=str(record.pay_month),
            number=record.number,
            runs=canonical_json(list(record.runs)),
            rule=record.rule,
            version=record.version,
            rule_digest=record.rule_digest,
            engine=record.engine,
            made_by=record.made_by,
            made_at=record.made_at,
            reason=record.reason,
            digest=digest,
        )
    )
    stored = (
        (
            record.id,
            one.person,
            record.consortium,
            one.employer,
            *(amount.fen for amount in one[2:13]),
            packed(one.content.encode()),
        )
        for one in rows
    )
    insert_rows(connection, WITHHOLDING, stored)
    return replace(record, digest=digest)


def withdraw_payroll(connection: sa.Connection, viewer: Viewer, identifier: str, *, at: datetime, reason: str) -> bool:
    """Let a payroll count no more; False where it was withdrawn already or is out of scope."""
    done = connection.execute(
        sa.update(PAYROLL)
        .where(PAYROLL.c.id == identifier, PAYROLL.c.withdrawn_at.is_(None), in_scope(viewer, PAYROLL.c.consortium))
        .values(withdrawn_by=viewer.name, withdrawn_at=at, withdrawn_reason=reason)
    )
    return done.rowcount == 1


def list_payrolls(
    connection: sa.Connection, viewer: Viewer, *, consortium: str | None = None, year: int | None = None
) -> list[PayrollRecord]:
    """The payrolls in scope, withdrawn ones too, by consortium, month of payment and number."""
    query = sa.select(PAYROLL).where(in_scope(viewer, PAYROLL.c.consortium))
    if consortium is not None:
        query = query.where(PAYROLL.c.consortium == consortium)
    if year is not None:
        query = query.where(PAYROLL.c.pay_month.startswith(f"{year:04d}-"))
    rows = connection.execute(query.order_by(PAYROLL.c.consortium, PAYROLL.c.pay_month, PAYROLL.c.number))
    return [_record(row) for row in rows]


def withholdings_of(
    connection: sa.Connection, viewer: Viewer, identifiers: Sequence[str], *, people: Collection[str] | None = None
) -> dict[str, list[Withholding]]:
    """Payroll -> its people by staff number, of everybody or of these people."""
    query = sa.select(WITHHOLDING).where(
        WITHHOLDING.c.payroll_id.in_(list(identifiers)), in_scope(viewer, WITHHOLDING.c.consortium)
    )
    if people is not None:
        query = query.where(WITHHOLDING.c.person.in_(sorted(people)))
    found: dict[str, list[Withholding]] = {name: [] for name in identifiers}
    for row in connection.execute(query.order_by(WITHHOLDING.c.payroll_id, WITHHOLDING.c.person)):
        found[row[0]].append(Withholding._make([row[1], row[3], *map(Money, row[4:15]), _text(row[15])]))
    return found


def is_what_was_accepted(record: PayrollRecord, people: Iterable[Withholding]) -> bool:
    """Whether all the people of a payroll are as they were accepted."""
    return rows_digest(map(_digested, sorted(people, key=lambda one: one.person))) == record.digest


def add_openings(
    connection: sa.Connection, viewer: Viewer, consortium: str, openings: Sequence[StoredOpening], *, at: datetime
) -> None:
    """Append versions of tax records; `viewer.name` is who brought them.

    Raises:
        PermissionError: a consortium out of scope.
    """
    if not viewer.may_see(consortium):
        raise PermissionError("a tax record of a consortium out of scope")
    if not openings:
        return
    first = next_number(connection, f"tax opening {consortium}", len(openings))
    rows = (
        (
            *(consortium, one.year, one.person, one.employer, n, one.through, one.months, one.basis),
            *(amount.fen for amount in one.figures),
            *(viewer.name, at, one.source),
        )
        for n, one in enumerate(openings, start=first)
    )
    insert_rows(connection, TAX_OPENING, rows)


def openings_of(
    connection: sa.Connection, viewer: Viewer, consortium: str, year: int
) -> dict[tuple[str, str], StoredOpening]:
    """(person, employer) -> the newest tax record of a year."""
    table = TAX_OPENING.c
    query = sa.select(TAX_OPENING).where(
        table.consortium == consortium, table.year == year, in_scope(viewer, table.consortium)
    )
    found: dict[tuple[str, str], StoredOpening] = {}
    for row in connection.execute(query.order_by(table.n)).mappings():
        figures = tuple(Money(row[f"{name}_fen"]) for name in _OPENING_FIGURES)
        key = (row["person"], row["employer"])
        found[key] = StoredOpening(*key, year, row["through"], row["months"], row["basis"], figures, row["source"])
    return found


def _digested(one: Withholding) -> tuple[Any, ...]:
    return (one.person, one.employer, *(amount.fen for amount in one[2:13]), one.content)


def _text(content: bytes) -> str:
    """Bytes that were tampered with give no text, so their digest cannot be right."""
    try:
        return unpacked(content).decode()
    except (Broken, UnicodeDecodeError):
        return ""


def _record(row: Any) -> PayrollRecord:
    return PayrollRecord(
        row.id,
        row.consortium,
        parse_period(row.pay_month),
        row.number,
        tuple(json.loads(row.runs)),
        row.rule,
        row.version,
        row.rule_digest,
        row.engine,
        row.made_by,
        row.made_at,
        row.reason,
        row.digest,
        row.withdrawn_reason,
    )


def content_of(one: Withholding) -> Mapping[str, Any]:
    """Lines and working as they were accepted; empty where they were tampered with."""
    found: Mapping[str, Any] = json.loads(one.content or "{}")
    return found
