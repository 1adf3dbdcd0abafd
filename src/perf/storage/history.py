"""What sealed runs leave for the ones after them: balances, odd fen, payments by line, totals."""

from collections.abc import Collection
from fractions import Fraction
from typing import NamedTuple

import sqlalchemy as sa

from perf.kernel.money import Money
from perf.kernel.periods import Period, parse_period
from perf.storage.bulk import read_rows
from perf.storage.exact_columns import number_of
from perf.storage.scope import in_scope
from perf.storage.tables import LEDGER, RUN, SCORECARD
from perf.storage.viewer import Viewer


class PastTotal(NamedTuple):
    """The total of a sealed scorecard, None where it was blocked, with its grade and coefficient (not those of pins)."""

    scheme: str
    subject: str
    period: Period
    total: Fraction | None
    grade: str = ""
    coefficient: Fraction | None = None


class PersonFigures(NamedTuple):
    """What one run gave a person: declared totals by scheme, what was paid and what was held back."""

    subject: str
    totals: dict[str, Fraction | None]
    paid: Money
    held: Money


_OWN_ACCOUNTS = ("person", "held")


def person_figures(
    connection: sa.Connection, viewer: Viewer, run_id: str, subjects: Collection[str] | None = None
) -> list[PersonFigures]:
    """The totals, pay and held amounts of every subject of a run, or of `subjects`, by subject."""
    table = SCORECARD.c
    query = sa.select(table.subject, table.scheme, table.score_scaled, table.score_digits, table.score_exact).where(
        table.run_id == run_id, table.type == "total", in_scope(viewer, table.consortium)
    )
    accounts = None
    if subjects is not None:
        query = query.where(table.subject.in_(sorted(subjects)))
        accounts = [f"{kind}:{subject}" for kind in _OWN_ACCOUNTS for subject in sorted(subjects)]
    totals: dict[str, dict[str, Fraction | None]] = {}
    for subject, scheme, *score in connection.execute(query.order_by(table.n)):
        totals.setdefault(subject, {})[scheme] = number_of(*score)
    fen: dict[str, dict[str, int]] = {}
    for column, sign in ((LEDGER.c.target, 1), (LEDGER.c.source, -1)):
        sums = (
            sa.select(column, sa.func.sum(LEDGER.c.amount_fen))
            .where(LEDGER.c.run_id == run_id, in_scope(viewer, LEDGER.c.consortium))
            .group_by(column)
        )
        if accounts is not None:
            sums = sums.where(column.in_(accounts))
        for account, amount in connection.execute(sums):
            kind, _colon, subject = account.partition(":")
            if kind in _OWN_ACCOUNTS:
                own = fen.setdefault(subject, {})
                own[kind] = own.get(kind, 0) + sign * int(amount)
    return [
        PersonFigures(
            subject,
            totals.get(subject, {}),
            Money(fen.get(subject, {}).get("person", 0)),
            Money(fen.get(subject, {}).get("held", 0)),
        )
        for subject in sorted(totals.keys() | fen.keys())
    ]


def account_balances(connection: sa.Connection, viewer: Viewer, consortium: str) -> dict[str, Money]:
    """Account -> what went in less what went out, over every sealed run of the consortium, by account.

    Corrections are left out here and in `odd_fen_received`: their differences are booked in a later month.
    """
    fen: dict[str, int] = {}
    for column, sign in ((LEDGER.c.target, 1), (LEDGER.c.source, -1)):
        query = (
            sa.select(column, sa.func.sum(LEDGER.c.amount_fen))
            .join_from(LEDGER, RUN, RUN.c.id == LEDGER.c.run_id)
            .where(*_sealed(consortium), in_scope(viewer, RUN.c.consortium))
            .group_by(column)
        )
        for account, amount in read_rows(connection, query):
            fen[account] = fen.get(account, 0) + sign * int(amount)
    return {account: Money(fen[account]) for account in sorted(fen)}


def odd_fen_received(connection: sa.Connection, viewer: Viewer, consortium: str, year: int) -> dict[str, int]:
    """Claimant -> odd fen received in the sealed runs of the year, by claimant; those without are left out."""
    query = (
        sa.select(LEDGER.c.claimant, sa.func.sum(LEDGER.c.odd_fen))
        .join_from(LEDGER, RUN, RUN.c.id == LEDGER.c.run_id)
        .where(
            *_sealed(consortium),
            RUN.c.period.startswith(f"{year:04d}"),
            LEDGER.c.odd_fen != 0,
            in_scope(viewer, RUN.c.consortium),
        )
        .group_by(LEDGER.c.claimant)
    )
    return dict(sorted((claimant, int(odd)) for claimant, odd in connection.execute(query)))


class LinePaid(NamedTuple):
    """What went from one account to another under a line in the sealed runs of a period."""

    period: Period
    line: str
    source: str
    target: str
    amount: Money


def paid_by_line(
    connection: sa.Connection, viewer: Viewer, consortium: str, *, lines: Collection[str], years: Collection[int]
) -> list[LinePaid]:
    """The payments under `lines` in the sealed runs of periods in `years`, corrections left out."""
    table = LEDGER.c
    keys = (RUN.c.period, table.line, table.source, table.target)
    query = (
        sa.select(*keys, sa.func.sum(table.amount_fen))
        .join_from(LEDGER, RUN, RUN.c.id == table.run_id)
        .where(
            *_sealed(consortium),
            sa.or_(*(RUN.c.period.startswith(f"{year:04d}") for year in years)),
            table.line.in_(list(lines)),
            in_scope(viewer, RUN.c.consortium),
        )
        .group_by(*keys)
    )
    found = [
        LinePaid(parse_period(period), line, source, target, Money(int(fen)))
        for period, line, source, target, fen in read_rows(connection, query)
    ]
    return sorted(found, key=lambda one: (str(one.period), *one[1:4]))


def sealed_periods(connection: sa.Connection, viewer: Viewer, consortium: str) -> frozenset[Period]:
    """The periods that have a sealed run, corrections left out."""
    query = sa.select(RUN.c.period).where(*_sealed(consortium), in_scope(viewer, RUN.c.consortium)).distinct()
    return frozenset(parse_period(period) for (period,) in connection.execute(query))


def _sealed(consortium: str) -> tuple[sa.ColumnElement[bool], ...]:
    return RUN.c.consortium == consortium, RUN.c.digest.is_not(None), RUN.c.corrects.is_(None)


def past_totals(
    connection: sa.Connection, viewer: Viewer, consortium: str, before: Period, *, periods: int = 12
) -> list[PastTotal]:
    """The totals of the sealed runs of the `periods` periods before `before`, sorted; those of a correction count instead
    of those that it corrects, also where it does not score somebody any more.
    """
    wanted = [str(before.shift(-n)) for n in range(1, periods + 1)]
    table = SCORECARD.c
    query = (
        sa.select(
            *(RUN.c.number, table.scheme, table.subject, table.period),
            *(table.score_scaled, table.score_digits, table.score_exact, table.grade),
            *(table.coefficient_scaled, table.coefficient_digits, table.coefficient_exact),
        )
        .join_from(SCORECARD, RUN, RUN.c.id == table.run_id)
        .where(
            RUN.c.consortium == consortium,
            RUN.c.digest.is_not(None),
            RUN.c.period.in_(wanted),
            table.type == "total",
            in_scope(viewer, RUN.c.consortium),
        )
        .order_by(RUN.c.number)
    )
    periods_by_text = {text: parse_period(text) for text in wanted}
    newest: dict[str, tuple[int, list[PastTotal]]] = {}
    for number, scheme, subject, period, *score in read_rows(connection, query):
        grade, coefficient = score[3], number_of(*score[4:])
        if newest.get(period, (0, ()))[0] != number:
            newest[period] = number, []
        past = PastTotal(scheme, subject, periods_by_text[period], number_of(*score[:3]), grade, coefficient)
        newest[period][1].append(past)
    found = (past for _, totals in newest.values() for past in totals)
    return sorted(found, key=lambda past: (past.scheme, past.subject, str(past.period)))
