"""Payers: who outside brings a fund, each an exact part (中央、省、市、县四级资金)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from perf.kernel.issues import Place


@dataclass(frozen=True, slots=True)
class Payers:
    """Payer -> its share of the fund (together 1), in whole `unit_fen`; `balance` brings what that leaves."""

    shares: Mapping[str, Fraction]
    unit_fen: int
    balance: str
    place: Place
