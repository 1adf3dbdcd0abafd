"""A ledger as rows of the contract, and back: balances for the next opening, and the check after reading."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from perf.distribution.accounts import balances, check_conserved
from perf.distribution.models import Ledger
from perf.distribution.paid import PaidBefore, add_movement
from perf.kernel.errors import NotConserved
from perf.kernel.money import ZERO, Money
from perf.kernel.periods import Period, parse_period

LEDGER_COLUMNS = (
    "entry",
    "period",
    "distribution",
    "owner",
    "step",
    "line",
    "from",
    "to",
    "amount_fen",
    "explanation",
)
_WHOLE = re.compile(r"-?\d{1,20}", re.ASCII)
_NONE: Mapping[str, Money] = MappingProxyType({})


class RowMovement(NamedTuple):
    """The money of one row."""

    source: str
    target: str
    amount: Money


class RowPayment(NamedTuple):
    """The money of one row, and its line."""

    source: str
    target: str
    amount: Money
    line: str


def ledger_rows(ledger: Ledger) -> list[dict[str, str]]:
    """One row per entry with exactly the columns of the contract, by entry number; explanations in Chinese."""
    return [
        {
            "entry": str(entry.number),
            "period": str(entry.period),
            "distribution": entry.distribution,
            "owner": entry.owner,
            "step": entry.step,
            "line": entry.line,
            "from": entry.source,
            "to": entry.target,
            "amount_fen": str(entry.amount.fen),
            "explanation": entry.explanation.zh,
        }
        for entry in ledger.entries
    ]


def balances_from_rows(rows: Iterable[Mapping[str, str]], opening: Mapping[str, Money] = _NONE) -> dict[str, Money]:
    """Account -> closing balance of the rows of one or more ledgers: the opening of the next.

    Raises:
        ValueError: an amount that is no whole number of fen, or a missing column.
    """
    return balances(_movements(rows), opening)


def paid_from_rows(rows: Iterable[Mapping[str, str]], before: PaidBefore) -> PaidBefore:
    """What the rows of a ledger paid by line, and what was paid `before`; the periods of both have a ledger.

    Raises:
        ValueError: an amount or a period that is none, or a missing column.
    """
    by_period: dict[Period, dict[tuple[str, str], int]] = {}
    for row in rows:
        moved = by_period.setdefault(parse_period(_cell(row, "period")), {})
        amount = Money(_whole(row, "amount_fen"))
        add_movement(moved, RowPayment(_cell(row, "from"), _cell(row, "to"), amount, _cell(row, "line")))
    found = dict(before.rows)
    for period, paid in by_period.items():
        for (subject, line), fen in paid.items():
            key = (subject, line, period)
            found[key] = found.get(key, ZERO) + Money(fen)
    return PaidBefore(found, (before.sealed or frozenset()) | by_period.keys())


def check_rows(
    rows: Iterable[Mapping[str, str]],
    opening: Mapping[str, Money] = _NONE,
    *,
    closing: Mapping[str, Money] | None = None,
) -> None:
    """Check conservation again after reading, and that the entries are numbered 1, 2, 3 … without a gap.

    Rows cut off at the end show where they took part in a fund: it does not close. What cannot show, for the contract
    has no closing row and no count: last rows of zero, last rows of a payer outside or of what is held back from a
    person (no fund takes part), and all rows of the last owner. Runs in the database are held to their digest instead.

    Raises:
        NotConserved: the rows do not add up, or one is missing, doubled or out of its place in the numbering.
        ValueError: an amount or a number that is none, or a missing column.
    """
    kept = list(rows)
    check_conserved(_movements(kept), opening, closing=closing, where="ledger rows")
    numbers = sorted(_whole(row, "entry") for row in kept)
    for expected, found in enumerate(numbers, start=1):
        if expected != found:
            raise NotConserved("ledger rows: entry numbers", expected_fen=expected, found_fen=found)


def _movements(rows: Iterable[Mapping[str, str]]) -> list[RowMovement]:
    return [RowMovement(_cell(row, "from"), _cell(row, "to"), Money(_whole(row, "amount_fen"))) for row in rows]


def _cell(row: Mapping[str, str], column: str) -> str:
    if column not in row:
        raise ValueError(f"column {column} is missing")
    return row[column]


def _whole(row: Mapping[str, str], column: str) -> int:
    text = _cell(row, column)
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"column {column} is not a whole number")
    return int(text)
