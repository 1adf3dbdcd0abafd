"""Curves: value → points on a scale of 0 to 100, or of the item. A closed set."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from perf.formulas import Formula


@dataclass(frozen=True, slots=True)
class Linear:
    """Straight lines through points, x ascending; outside them clipped to the end points, or extended."""

    through: tuple[tuple[Formula, Fraction], ...]
    outside: Literal["clip", "extend"] = "clip"


@dataclass(frozen=True, slots=True)
class Steps:
    """From each threshold on (`included`) or above it (`excluded`) the row's points; under the first row `below`."""

    at: tuple[tuple[Formula, Fraction], ...]
    lower_bound: Literal["included", "excluded"] = "included"
    below: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Range:
    """适度指标: full inside `best` (both ends included), falling in a straight line to 0 at `zero`.

    No `zero` on a side: 0 at once.
    """

    best: tuple[Formula | None, Formula | None]
    zero: tuple[Formula | None, Formula | None]


@dataclass(frozen=True, slots=True)
class Attainment:
    """完成率: value ÷ target (higher), target ÷ value or 2 − value ÷ target (lower), × 100.

    Under `floor` 0; at most `cap`.
    """

    target: Formula
    floor: Fraction | None
    cap: Fraction
    lower_as: Literal["ratio", "complement"]


@dataclass(frozen=True, slots=True)
class Deduct:
    """扣分,扣完为止: full points less `each` per `per` of the value, in points of the item.

    `counted` settles parts of `per`.
    """

    each: Fraction
    per: Fraction
    counted: Literal["exact", "started", "completed"]


@dataclass(frozen=True, slots=True)
class Award:
    """加分: `each` per `per` of the value up to `cap`, in points of the item."""

    each: Fraction
    per: Fraction
    cap: Fraction
    counted: Literal["exact", "started", "completed"]


@dataclass(frozen=True, slots=True)
class RatingCurve:
    """Declared ratings and the points (0 to 100) of each; any other text is an issue at import."""

    values: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Entered:
    """Inspectors' scores: value × 100 ÷ `full`."""

    full: Fraction


Curve = Linear | Steps | Range | Attainment | Deduct | Award | RatingCurve | Entered
