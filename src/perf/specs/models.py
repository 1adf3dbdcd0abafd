"""Typed, dated, checked rules: what the YAML means. Frozen; the reader makes them, the engines read them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from perf.formulas import Formula
from perf.formulas.nodes import RuleRef
from perf.kernel.issues import Place
from perf.kernel.periods import Period, PeriodKind
from perf.kernel.rounding import Rounding
from perf.kernel.subjects import Level
from perf.kernel.text import Text

Answers = Literal["number", "score", "rating", "event", "text"]
RollUp = Literal["sum", "mean", "last", "none"]
Revenue = Literal["drug", "consumable", "examination", "service", "other", "none"]
Direction = Literal["higher", "lower", "range", "monitored"]
Confidence = Literal["A", "B", "C", "D", "proposal"]
MissingPolicy = Literal["block", "not_applicable", "zero", "full", "peer_median", "carry_forward"]
Combine = Literal["weighted_mean", "geometric", "mean", "sum", "best", "worst"]
MissingWeight = Literal["within_dimension", "overall", "none"]
VetoEffect = Literal["zero_total", "grade_at_most", "forfeit_pay"]
AccountKind = Literal["fund", "reserve"]
Exact = Literal["exact"]
Digits = int | Exact


@dataclass(frozen=True, slots=True)
class Source:
    """The document and clause a rule comes from."""

    document: str
    clause: str


@dataclass(frozen=True, slots=True)
class Dated:
    """From when to when (both included, None = open) a version is in force, and where it comes from."""

    first_day: date | None
    last_day: date | None
    source: Source | None
    place: Place

    def in_force(self, period: Period) -> bool:
        """Decided on the first day of the period: a rule that starts in mid-period counts from the next one."""
        day = period.first_day
        return (self.first_day is None or self.first_day <= day) and (self.last_day is None or day <= self.last_day)

    @property
    def name(self) -> str:
        """The version's name: its first day's month, or `始`."""
        return self.first_day.strftime("%Y-%m") if self.first_day else "始"


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value of a parameter from a day on."""

    first_day: date | None
    last_day: date | None
    value: Fraction
    text: str
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted. `minimum`, `maximum` in the measure's own values (percent: as ratio)."""

    code: str
    title: Text
    answers: Answers
    unit: str
    digits: Digits
    level: Level
    roll_up: RollUp
    period: PeriodKind
    spread: Literal["same", "even"]
    partial: bool
    minimum: Fraction | None
    maximum: Fraction | None
    supplied_by: str
    revenue: Revenue
    counter_to: tuple[str, ...]
    values: tuple[str, ...]
    synonyms: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item of a dated list with its attributes (price, points, weight …) as numbers."""

    code: str
    title: Text
    attributes: Mapping[str, tuple[DatedValue, ...]]


@dataclass(frozen=True, slots=True)
class ItemList:
    """`list: services`: measures name it in `item_of`-free form: items are matched by code."""

    code: str
    title: Text
    items: Mapping[str, ListItem]
    place: Place


# ------------------------------------------------------ curves: value → points on a scale of 0 to 100 (or items)


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


# ---------------------------------------------------------------- indicators


@dataclass(frozen=True, slots=True)
class NoValue:
    """What the absence of a value means for the points."""

    missing: MissingPolicy = "block"
    denominator_zero: MissingPolicy = "block"


@dataclass(frozen=True, slots=True)
class IndicatorVersion:
    """An indicator as it stands between two dates. `points` None: shown, not scored."""

    dated: Dated
    value: Formula
    digits: Digits
    rounding: Rounding
    points: Curve | None
    points_digits: Digits
    no_value: NoValue
    requires: Formula | None
    assume: Mapping[str, Fraction]
    parameters: Mapping[str, tuple[DatedValue, ...]]
    tables: Mapping[str, Mapping[str, Fraction]]
    target: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator: facts → value → points."""

    code: str
    title: Text
    level: Level
    unit: str
    direction: Direction
    confidence: Confidence
    enabled: bool
    versions: tuple[IndicatorVersion, ...]
    place: Place

    def version(self, period: Period) -> IndicatorVersion | None:
        """The version in force in `period`, or None."""
        return next((v for v in self.versions if v.dated.in_force(period)), None)

    def ref(self, version: IndicatorVersion) -> RuleRef:
        """Its name for explanations."""
        return _ref(self.code, version.dated)


# ---------------------------------------------------------------- schemes


@dataclass(frozen=True, slots=True)
class SchemeItem:
    """An indicator inside a dimension. `out_of` 分值: the curve's 0–100 is scaled to it; `weight` defaults to it."""

    indicator: str
    out_of: Fraction
    weight: Fraction
    by_out_of: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Dimension:
    """A group of indicators with a weight in the total.

    Its own scale is Σ `out_of` of its items when they state it, else 100.
    """

    code: str
    title: Text
    weight: Fraction
    combine: Combine
    at_least: int
    items: tuple[SchemeItem, ...]
    place: Place

    @property
    def scale(self) -> Fraction:
        """Full points of the dimension on its own scale."""
        if all(item.by_out_of for item in self.items):
            return sum((item.out_of for item in self.items), Fraction(0))
        return Fraction(100)


@dataclass(frozen=True, slots=True)
class Extra:
    """Extra points added to the total, up to `cap`."""

    indicator: str
    cap: Fraction | None
    out_of: Fraction
    place: Place


@dataclass(frozen=True, slots=True)
class Veto:
    """一票否决."""

    when: Formula
    effect: VetoEffect
    grade: str
    place: Place


@dataclass(frozen=True, slots=True)
class TotalRule:
    """How the total is rounded and bounded."""

    digits: Digits = 2
    rounding: Rounding = Rounding.HALF_AWAY
    minimum: Fraction | None = Fraction(0)
    maximum: Fraction | None = None


@dataclass(frozen=True, slots=True)
class PeerRule:
    """Peer groups: `within` a level above (empty: everybody) and equal values of the attributes `by`."""

    within: Level | None = None
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RankRule:
    """Ranks over the peer group."""

    of: Literal["total", "exact"] = "total"
    ties: Literal["competition", "dense"] = "competition"


@dataclass(frozen=True, slots=True)
class GradeQuota:
    """At most a share of the peers may hold a grade; who does not fit falls to another."""

    grade: str
    at_most: Fraction
    falls_to: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result that is not money."""

    when: Formula
    say: str


@dataclass(frozen=True, slots=True)
class SchemeVersion:
    """A scheme as it stands between two dates. `coefficient` gives plain values, not points."""

    dated: Dated
    dimensions: tuple[Dimension, ...]
    missing_weight: MissingWeight
    extra: tuple[Extra, ...]
    veto: tuple[Veto, ...]
    total: TotalRule
    peers: PeerRule
    rank: RankRule | None
    grades: tuple[tuple[str, Fraction], ...]
    quota: tuple[GradeQuota, ...]
    coefficient: Linear | Steps | None
    coefficient_digits: Digits
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """Who is scored by what. `of_kind` empty: every kind of the level; `of_where` a further condition."""

    code: str
    title: Text
    of_level: Level
    of_kind: tuple[str, ...]
    of_where: Formula | None
    period: PeriodKind
    versions: tuple[SchemeVersion, ...]
    place: Place

    def version(self, period: Period) -> SchemeVersion | None:
        """The version in force in `period`, or None."""
        return next((v for v in self.versions if v.dated.in_force(period)), None)

    def ref(self, version: SchemeVersion) -> RuleRef:
        """Its name for explanations."""
        return _ref(self.code, version.dated)


# ---------------------------------------------------------------- distributions


@dataclass(frozen=True, slots=True)
class RoundingUnit:
    """Amounts are whole multiples of `unit_fen`; what is left over goes by largest remainder or to one named party."""

    unit_fen: int = 1
    leftover_to: str = ""


@dataclass(frozen=True, slots=True)
class Take:
    """Sets aside an amount in an account (`director_fund`)."""

    to: str
    amount: Formula
    line: str
    place: Place


@dataclass(frozen=True, slots=True)
class Pay:
    """Pays each claimant an amount of its own, each to the fen; `short`: what happens when `rest` is too small."""

    line: str
    amount: Formula
    where: Formula | None
    short: Literal["refuse", "scale"]
    payer: str
    place: Place


@dataclass(frozen=True, slots=True)
class Gate:
    """Claims for which `when` is true get 0 and no floor in the steps after it; their share goes to the rest (`to`)."""

    when: Formula
    to: str
    place: Place


@dataclass(frozen=True, slots=True)
class Apportion:
    """Splits `rest` (or `amount`) by the claims `by`: largest remainder, floors and caps met exactly; amounts yuan."""

    by: Formula
    line: str
    amount: Formula | None
    floor: Formula | None
    cap: Formula | None
    ties: Literal["fewest_odd_fen", "id"]
    rounding: RoundingUnit
    place: Place


@dataclass(frozen=True, slots=True)
class Split:
    """Splits `rest` into parts by an attribute of the claimants; the steps inside run once in each part."""

    by: str
    shares: Mapping[str, Fraction]
    on_empty: Literal["reshare", "hold", "to"]
    empty_to: str
    steps: tuple["Step", ...]
    line: str
    place: Place


@dataclass(frozen=True, slots=True)
class Hold:
    """Keeps back a share of what each claimant has received so far in this distribution: to `held:ID`."""

    share: Formula
    line: str
    where: Formula | None
    place: Place


@dataclass(frozen=True, slots=True)
class Remainder:
    """Where what is left of the part goes."""

    to: str
    place: Place


Step = Take | Pay | Gate | Apportion | Split | Hold | Remainder


@dataclass(frozen=True, slots=True)
class DistributionVersion:
    """A distribution as it stands between two dates."""

    dated: Dated
    fund: Formula
    let: Mapping[str, Formula]
    parameters: Mapping[str, tuple[DatedValue, ...]]
    tables: Mapping[str, Mapping[str, Fraction]]
    steps: tuple[Step, ...]
    on_missing_score: Literal["full", "last", "mean"]


@dataclass(frozen=True, slots=True)
class Account:
    """A declared account: `kind: fund` is what the owner itself holds, `reserve` a named reserve of the owner."""

    name: str
    of: Level
    kind: AccountKind
    title: Text
    place: Place


@dataclass(frozen=True, slots=True)
class Distribution:
    """A rule for money. `among`: `staff` (persons below the owner) or `members` (direct members), with a condition."""

    code: str
    title: Text
    period: PeriodKind
    per: Level
    among: Literal["staff", "members"]
    among_where: Formula | None
    uses_score: tuple[str, ...]
    payer: str
    versions: tuple[DistributionVersion, ...]
    place: Place

    def version(self, period: Period) -> DistributionVersion | None:
        """The version in force in `period`, or None."""
        return next((v for v in self.versions if v.dated.in_force(period)), None)

    def ref(self, version: DistributionVersion) -> RuleRef:
        """Its name for explanations."""
        return _ref(self.code, version.dated)


_NO_TEXTS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules of a folder, by code. `texts`: file -> canonical text, kept by content hash when a run is pinned;
    `broken`: codes of rules that could not be built, whose issues are told already.
    """

    measures: Mapping[str, Measure]
    lists: Mapping[str, ItemList]
    indicators: Mapping[str, Indicator]
    schemes: Mapping[str, Scheme]
    distributions: Mapping[str, Distribution]
    accounts: Mapping[str, Account]
    attributes: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))
    texts: Mapping[str, str] = field(default_factory=lambda: _NO_TEXTS)
    broken: frozenset[str] = frozenset()


def _ref(code: str, dated: Dated) -> RuleRef:
    source = dated.source
    return RuleRef(code, dated.name, source.document if source else "", source.clause if source else "")
