"""Facts as columns: one row a subject, one column a measure in a period, in whole numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from types import MappingProxyType

import numpy as np

from perf.formulas.tree import Of, Score
from perf.kernel.periods import Period
from perf.scoring.columnar.cells import Cell, Words
from perf.scoring.columnar.ratios import Array, Mask, Ratio
from perf.scoring.peers import Field
from perf.specs.world import World

_NOTHING: Mapping[str, "Words | Numbers"] = MappingProxyType({})


_NO_CELLS: Mapping[Of | Score, Cell] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Numbers:
    """One number a row: `above ÷ below`.

    Attributes:
        above: Whole numbers of any signed type (or Python integers in an object array).
        below: 10 to the power of the declared digits, or any other positive whole number.
        present: Rows that have a value; None: all.
        above_max, signed: No absolute figure is larger; whether one is below zero.
    """

    above: Array
    below: int
    present: Mask | None
    above_max: int
    signed: bool

    @classmethod
    def of(cls, above: Array, below: int = 1, present: Mask | None = None) -> "Numbers":
        """A column, its bounds read from the figures (two passes)."""
        if not len(above):
            return cls(above, below, None, 0, signed=False)
        least, most = int(above.min()), int(above.max())
        some = present if present is not None and not bool(present.all()) else None
        return cls(above, below, some, max(-least, most), least < 0)

    @classmethod
    def exactly(cls, values: Sequence[Fraction | None]) -> "Numbers":
        """A column of exact numbers, None where a row has none."""
        below = lcm(*(one.denominator for one in values if one is not None))
        above = [one.numerator * (below // one.denominator) if one is not None else 0 for one in values]
        kind = np.int64 if max(map(abs, above), default=0) < 1 << 62 else object
        return cls.of(np.array(above, dtype=kind), below, np.array([one is not None for one in values], dtype=np.bool_))

    def ratio(self, rows: slice) -> Ratio:
        """The numbers of some rows."""
        return Ratio(self.above[rows], self.below, self.above_max, self.below, self.signed)


@dataclass(frozen=True, slots=True)
class Unfit:
    """A column of several kinds of values; what needs it stays with the exact engine."""


Column = Numbers | Words | Unfit


@dataclass(frozen=True, slots=True)
class Origin:
    """What the columns were made from, for what the exact engine settles."""

    world: World
    field: Field


@dataclass(frozen=True, slots=True)
class Columns:
    """The subjects of one scheme in one period with all that its formulas look at.

    Attributes:
        subjects: Ids, one a row.
        period: The period that is scored.
        measures: (code, period) -> what formulas see under that name, 万元 as yuan; of words −1 where there is none. A
            measure that is not here was reported by nobody.
        attributes: Attribute -> its words or numbers.
        groups: Peer group of every row, from 0 on; None: one group of all.
        above: `parent.x`, `score(a)` and the like as they stand in the formulas -> their values, one a row.
        origin: Where the columns come from; None: the exact engine is given facts made from them.
    """

    subjects: Sequence[str]
    period: Period
    measures: Mapping[tuple[str, Period], Column]
    attributes: Mapping[str, Column] = field(default_factory=lambda: _NOTHING)
    groups: Array | None = None
    above: Mapping[Of | Score, Cell] = field(default_factory=lambda: _NO_CELLS)
    origin: Origin | None = None

    def __len__(self) -> int:
        return len(self.subjects)
