"""Curves: value → points on a scale of 0 to 100, or of the item. A closed set."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from perf.formulas import Formula
from perf.kernel.rounding import Rounding
from perf.kernel.text import Text
from perf.specs.ladder_models import LadderRows

_NO_TITLE = Text("")
Direction = Literal["higher", "lower", "range", "monitored"]
Side = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Linear:
    """Straight lines through points, x ascending; outside them clipped to the end points, or extended.

    `all_equal`: points of a value that stands where two peer statistics coincide (p10 = p90); None: it is refused.
    """

    through: tuple[tuple[Formula, Fraction], ...]
    outside: Literal["clip", "extend"] = "clip"
    all_equal: Fraction | None = None


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


@dataclass(frozen=True, slots=True)
class Percentile:
    """Share of the peers that a value leaves behind, × 100; of a `lower` indicator those with larger values.

    Among the n peers that have a value: `percent_rank` (worse ÷ (n − 1)), `at_or_below` ((worse + equal, itself included)
    ÷ n), `midpoint` ((worse + half of the equal, itself included) ÷ n). Equal values share. `alone`: points of a group of
    one; None: it is refused. `all_equal`: points where all of several have one value; None: as the definition has it,
    and refused by `percent_rank`, where nobody leaves anybody behind.
    """

    definition: Literal["percent_rank", "at_or_below", "midpoint"] = "percent_rank"
    alone: Fraction | None = None
    all_equal: Fraction | None = None

    @property
    def minds_equals(self) -> bool:
        """Whether a group in which all are equal is settled apart, or refused."""
        return self.all_equal is not None or self.definition == "percent_rank"


@dataclass(frozen=True, slots=True)
class Rank:
    """Points by place among the peers that have a value, 1 the best by the indicator's direction.

    `step`: `first` less `each` for every place behind the first, at least `floor`. `share`: (n − place + 1) ÷ n × 100.
    `places`: the last row whose place is reached. `ties`: 1 1 3, 1 1 2, or the mean of the places held (1½ 1½ 3).
    """

    method: Literal["step", "share", "places"]
    first: Fraction = Fraction(100)
    each: Fraction = Fraction(0)
    floor: Fraction = Fraction(0)
    places: tuple[tuple[int, Fraction], ...] = ()
    ties: Literal["competition", "dense", "mean"] = "competition"


@dataclass(frozen=True, slots=True)
class Standardise:
    """无量纲化 among the peers that have a value.

    `min_max`: from `low` at the worst to `high` at the best. `ratio_to_best`: value ÷ best (of `lower`: best ÷ value)
    × 100. `z_score`: `centre` + `scale` × (value − mean) ÷ standard deviation (of `lower` with the sign turned), between
    `low` and `high`. `all_equal`: points where all peers have one value; None: it is refused.
    """

    method: Literal["min_max", "z_score", "ratio_to_best"]
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(100)
    centre: Fraction = Fraction(60)
    scale: Fraction = Fraction(10)
    deviation: Literal["population", "sample"] = "population"
    all_equal: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Power:
    """`start` + `factor` × (|value − `origin`| ÷ `per`)^`exponent`, between `floor` and `cap`, rounded to `digits`.

    `side`: only above or only below the origin; on the other side the distance is 0. None: no bound on that side.
    """

    origin: Formula
    factor: Fraction
    exponent: Fraction
    per: Fraction = Fraction(1)
    start: Fraction = Fraction(0)
    side: Literal["both", "above", "below"] = "both"
    floor: Fraction | None = Fraction(0)
    cap: Fraction | None = Fraction(100)
    digits: int | Literal["exact"] = "exact"
    rounding: Rounding = Rounding.DOWN

    def within(self, number: Fraction) -> Fraction:
        """`number` held between floor and cap."""
        found = number if self.floor is None else max(number, self.floor)
        return found if self.cap is None else min(found, self.cap)


@dataclass(frozen=True, slots=True)
class Efficacy:
    """功效系数法, statistics form: `base` + (value − 不允许值) ÷ (满意值 − 不允许值) × `span`, not clipped unless stated."""

    satisfactory: Formula
    unallowed: Formula
    base: Fraction = Fraction(60)
    span: Fraction = Fraction(40)
    outside: Literal["extend", "clip"] = "extend"


@dataclass(frozen=True, slots=True)
class GradedEfficacy:
    """功效系数法, form of the finance ministry: standards 优秀 … 较差 with coefficients, straight lines between them.

    From the best standard on the best coefficient × 100; short of the worst one 0. Standards may differ by a text
    attribute (size class): `by` empty: one row under "".
    """

    standards: Mapping[str, tuple[Formula, ...]]
    by: str = ""
    coefficients: tuple[Fraction, ...] = (
        Fraction(1),
        Fraction(4, 5),
        Fraction(3, 5),
        Fraction(2, 5),
        Fraction(1, 5),
    )


@dataclass(frozen=True, slots=True)
class CurvePart:
    """One of several curves; `value` None: of the indicator's own value, else of this formula in `unit`.

    `direction`: which side of the part's own value is better; None: that of the indicator.
    """

    curve: "Curve"
    value: Formula | None = None
    unit: str = ""
    title: Text = _NO_TITLE
    direction: Side | None = None


@dataclass(frozen=True, slots=True)
class BestOf:
    """The best of several curves (achievement and improvement); a part without a value is passed over."""

    parts: tuple[CurvePart, ...]


@dataclass(frozen=True, slots=True)
class NamedCurve:
    """A curve of any variable, called in formulas like a function: `minimum_rate(insured)`.

    `of`: unit of the variable; `gives`: unit of the result. The numbers of the result are no points and have no bounds.
    `direction`: which side of the variable is better, for curves that ask. `out_of`: what full points stand for, and
    what is deducted from.
    """

    curve: "Curve"
    of: str = "number"
    gives: str = "number"
    title: Text = _NO_TITLE
    direction: Side = "higher"
    out_of: Fraction = Fraction(100)


Curve = (
    Linear
    | Steps
    | Range
    | Attainment
    | Deduct
    | Award
    | RatingCurve
    | Entered
    | Percentile
    | Rank
    | Standardise
    | Power
    | Efficacy
    | GradedEfficacy
    | BestOf
    | LadderRows
)
