"""Steps over the year: parts of a yearly amount (预拨), and what was kept back set free again (年终兑现)."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from perf.formulas import Formula
from perf.kernel.issues import Place

HELD: Final = "held"
"""The source of a release that is no reserve: what is held for each claimant."""
REST: Final = "rest"
"""Where forfeited money may go besides accounts: back into what is being handed out."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Hands out this period's part of a yearly amount (yuan).

    Attributes:
        parts: Weights of the parts of a year, one a period.
        to: The account that gets it; empty: each claimant, of an amount of its own.
        catch_up: What is due so far less what the line paid this year, so that a changed amount settles itself.
        overpaid: Where more was paid than is due: taken back, or nothing until it is due again.
        unit_fen: Parts are whole multiples of it, but for the last one.
        payer: Pays from outside; empty: from what is left.
    """

    line: str
    amount: Formula
    parts: tuple[Fraction, ...]
    to: str
    catch_up: bool
    overpaid: Literal["reclaim", "wait"]
    unit_fen: int
    payer: str
    place: Place


@dataclass(frozen=True, slots=True)
class Release:
    """Pays each claimant `share` of what is kept for it in `source` (a reserve, or `held`).

    `forfeited_to`: the account of what is not paid, or `rest`; empty: it stays where it is. A share above 100% takes what
    is more from what is left, or (`extra: refuse`) refuses.
    """

    line: str
    source: str
    share: Formula
    where: Formula | None
    forfeited_to: str
    extra: Literal["rest", "refuse"]
    place: Place

    @property
    def extra_line(self) -> str:
        """The line of what a share above 100% adds."""
        return f"{self.line}·超出部分"
