"""Bands: an amount that counts piece by piece, as the share of a budget decides (结余留用、超支分担)."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from perf.formulas import Formula
from perf.kernel.issues import Place

BandMode = Literal["marginal", "whole"]


@dataclass(frozen=True, slots=True)
class BandRow:
    """From above `over` up to and with `to` (ratios of the base; None: without end), `share` of the amount counts."""

    over: Fraction
    to: Fraction | None
    share: Formula
    place: Place


@dataclass(frozen=True, slots=True)
class Bands:
    """A named amount in yuan: `amount` measured by `of`, in rows without holes.

    `marginal`: each piece at the share of its own row; `whole`: all of it at the share of the row it reaches.
    An amount of zero or below gives 0. `cap`, where stated, bounds the result.
    """

    amount: Formula
    of: Formula
    mode: BandMode
    rows: tuple[BandRow, ...]
    cap: Formula | None
    place: Place

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """Every formula in it: amount, base, shares, cap."""
        cap = () if self.cap is None else (self.cap,)
        return (self.amount, self.of, *(row.share for row in self.rows), *cap)
