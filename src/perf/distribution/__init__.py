"""Funds, claims and rules → a ledger of shares, exact to the fen."""

from perf.distribution.accounts import balances, check_conserved, kind_of
from perf.distribution.adjustments import Adjustment, AdjustmentKind, adjusted
from perf.distribution.apportion import BoundsConflict, Share, apportion, apportion_bounded
from perf.distribution.collecting import collections
from perf.distribution.corrections import Settlement, corrected, unbooked
from perf.distribution.differences import Correction, LineDifference, line_differences
from perf.distribution.engine import distribute
from perf.distribution.kept import Kept
from perf.distribution.models import CardFigures, Entry, Ledger, PathStep, Working
from perf.distribution.paid import PaidBefore
from perf.distribution.rows import LEDGER_COLUMNS, balances_from_rows, check_rows, ledger_rows, paid_from_rows

__all__ = [
    "LEDGER_COLUMNS",
    "Adjustment",
    "AdjustmentKind",
    "BoundsConflict",
    "CardFigures",
    "Correction",
    "Entry",
    "Kept",
    "Ledger",
    "LineDifference",
    "PaidBefore",
    "PathStep",
    "Settlement",
    "Share",
    "Working",
    "adjusted",
    "apportion",
    "apportion_bounded",
    "balances",
    "balances_from_rows",
    "check_conserved",
    "check_rows",
    "collections",
    "corrected",
    "distribute",
    "kind_of",
    "ledger_rows",
    "line_differences",
    "paid_from_rows",
    "unbooked",
]
