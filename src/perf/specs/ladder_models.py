"""Ladders: the share of a reserve that a score returns, row by row, with deductions for each point (质量保证金)."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from perf.formulas import Formula
from perf.kernel.issues import Place

Counted = Literal["exact", "started", "completed"]
_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class LadderRow:
    """From the score `start` on: the share that is given, what is taken off it, and what comes on top.

    Attributes:
        start: Lowest score of the row; the last row takes everything below the one above it.
        gives: Share of the amount; None: in proportion, score ÷ `full`, at most 100%.
        full: Score of 100% of a row in proportion.
        less: Share taken off for each point below `below`; the result is never below 0.
        reward: Share that comes on top.
        say: Outcome that is not money; empty: none.
    """

    start: Fraction
    gives: Fraction | None
    full: Fraction = Fraction(100)
    less: Fraction = _ZERO
    below: Fraction = _ZERO
    reward: Fraction = _ZERO
    say: str = ""


@dataclass(frozen=True, slots=True)
class LadderRows:
    """Rows from the highest start down to 0; `points` settles parts of a point below `below`."""

    rows: tuple[LadderRow, ...]
    points: Counted = "exact"

    def row(self, score: Fraction) -> LadderRow:
        """The row of a score."""
        return next((row for row in self.rows if score >= row.start), self.rows[-1])


@dataclass(frozen=True, slots=True)
class Ladder:
    """Gives each claimant the share of `amount` (yuan, its own) that its score `of` reaches.

    `reward_payer`: pays what comes on top, outside the fund; empty: what is left does. `forfeited_to`: the account of what
    is not given; empty: it stays in the fund.
    """

    line: str
    of: Formula
    amount: Formula
    rows: LadderRows
    reward_payer: str
    forfeited_to: str
    place: Place

    @property
    def reward_line(self) -> str:
        """The line of what comes on top."""
        return f"{self.line}·奖励"
