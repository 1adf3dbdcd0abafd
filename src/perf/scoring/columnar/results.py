"""Scores as columns: what the exact engine would put on the cards, one row a subject."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from perf.kernel.periods import Period
from perf.scoring.columnar.columns import Columns
from perf.scoring.columnar.outcomes import Outcome, Outcomes
from perf.scoring.columnar.ratios import Array
from perf.scoring.columnar.tally import Tally

NONE = -1
"""No rank, no grade."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an indicator stands in a scheme: `parent` is its dimension, or `extra`; `digits` as for `total`."""

    parent: str
    indicator: str
    out_of: Fraction
    digits: int | None


@dataclass(frozen=True, slots=True)
class ColumnScores:
    """Scores of one scheme in one period.

    Attributes:
        places: Indicators in the order of the scheme, extras last; the index of `points` and `outcomes`.
        points: Declared points in units of their last digit; 0 where there are none.
        outcomes: Numbers of `known`: status and reason.
        total, coefficient: In units of their last digit; with digits None as fractions. Nothing where `has_total` is false.
        outcome: Of the total.
        grade: Index of `grades`; `NONE`: none.
        rank: 1 for the best, `NONE` without; `rank_of`: size of the peer group.
        forfeits: A veto took the pay; None: nobody's.
        tally: Indicator scores and totals by the tier that settled them.
    """

    columns: Columns
    scheme: str
    places: tuple[Place, ...]
    points: Sequence[Array]
    outcomes: Sequence[Array]
    known: Outcomes
    has_total: Array
    total: Array
    total_digits: int | None
    outcome: Array
    grades: tuple[str, ...]
    grade: Array
    rank: Array | None
    rank_of: Array | None
    coefficient: Array | None
    coefficient_digits: int | None
    forfeits: Array | None
    tally: Tally

    @property
    def period(self) -> Period:
        """The period that was scored."""
        return self.columns.period

    def points_of(self, index: int, row: int) -> Fraction | None:
        """Declared points of one row; None where there are none."""
        if self.known.named(int(self.outcomes[index][row])).status not in ("scored", "filled"):
            return None
        return _figure(self.points[index], row, self.places[index].digits)

    def outcome_of(self, index: int, row: int) -> Outcome:
        """Status and reason of one indicator."""
        return self.known.named(int(self.outcomes[index][row]))

    def total_of(self, row: int) -> Fraction | None:
        """The declared total of one row, or None."""
        return _figure(self.total, row, self.total_digits) if self.has_total[row] else None

    def total_outcome_of(self, row: int) -> Outcome:
        """Status and reason of the total of one row."""
        return self.known.named(int(self.outcome[row]))

    def grade_of(self, row: int) -> str:
        """The grade of one row, empty without one."""
        return self.grades[int(self.grade[row])] if int(self.grade[row]) >= 0 else ""

    def rank_in_group(self, row: int) -> tuple[int, int] | None:
        """Rank and size of the group of one row, or None."""
        if self.rank is None or self.rank_of is None or int(self.rank[row]) < 0:
            return None
        return int(self.rank[row]), int(self.rank_of[row])

    def coefficient_of(self, row: int) -> Fraction | None:
        """The coefficient of one row, or None."""
        if self.coefficient is None or not self.has_total[row]:
            return None
        return _figure(self.coefficient, row, self.coefficient_digits)


def _figure(column: Array, row: int, digits: int | None) -> Fraction | None:
    """One figure of a column; in a column of fractions there may be none."""
    if digits is not None:
        return Fraction(int(column[row]), 10**digits)
    found = column[row]
    return found if isinstance(found, Fraction) else None
