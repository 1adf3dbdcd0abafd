"""How many rows each tier settled."""

from dataclasses import dataclass


@dataclass(slots=True)
class Tally:
    """Indicator scores (and totals) settled in each tier; `floats` are all that needed no second look.

    Attributes:
        rows: All scores.
        whole: Looked at again in whole numbers (tier 2).
        exact: Settled with fractions or by the exact engine (tier 3).
    """

    rows: int = 0
    whole: int = 0
    exact: int = 0

    def add(self, other: "Tally") -> None:
        """Count what another one has counted."""
        self.rows += other.rows
        self.whole += other.whole
        self.exact += other.exact

    @property
    def floats(self) -> int:
        """Settled by tier 1."""
        return self.rows - self.whole - self.exact
