"""Typed, dated, checked rules: what the YAML means. Frozen; the reader makes them, the engines read them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from perf.formulas import Formula
from perf.formulas.nodes import RuleRef
from perf.kernel.issues import NOWHERE, Place
from perf.kernel.periods import Period, PeriodKind
from perf.kernel.rounding import Rounding
from perf.kernel.subjects import Level
from perf.kernel.text import Text
from perf.specs.adjustment_models import AdjustmentRule
from perf.specs.correction_models import CorrectionRule
from perf.specs.curve_models import (
    Attainment,
    Award,
    BestOf,
    Curve,
    CurvePart,
    Deduct,
    Direction,
    Efficacy,
    Entered,
    GradedEfficacy,
    Linear,
    NamedCurve,
    Percentile,
    Power,
    Range,
    Rank,
    RatingCurve,
    Standardise,
    Steps,
)
from perf.specs.dated_models import Dated, DatedValue, Source, rule_ref
from perf.specs.layer_models import Layer
from perf.specs.money_models import (
    Account,
    AccountKind,
    Apportion,
    Distribution,
    DistributionVersion,
    Gate,
    Hold,
    Pay,
    Remainder,
    RoundingMethod,
    RoundingUnit,
    Split,
    Step,
    Take,
)
from perf.specs.payroll_models import Payroll
from perf.specs.scheme_models import GradeQuota, Outcome, PeerRule, RankRule
from perf.specs.transfer_models import Transfer
from perf.specs.yaml_nodes import Change

__all__ = [
    "Account",
    "AccountKind",
    "Answers",
    "Apportion",
    "Attainment",
    "Award",
    "BestOf",
    "Combine",
    "Confidence",
    "Curve",
    "CurvePart",
    "Dated",
    "DatedValue",
    "Deduct",
    "Digits",
    "Dimension",
    "Direction",
    "Distribution",
    "DistributionVersion",
    "Efficacy",
    "Entered",
    "Exact",
    "Extra",
    "Gate",
    "GradeQuota",
    "GradedEfficacy",
    "Hold",
    "Indicator",
    "IndicatorVersion",
    "ItemList",
    "Layer",
    "Linear",
    "ListItem",
    "Measure",
    "MissingDimension",
    "MissingPolicy",
    "MissingWeight",
    "NamedCurve",
    "NoValue",
    "Outcome",
    "Pay",
    "Payroll",
    "PeerRule",
    "Percentile",
    "Power",
    "Range",
    "Rank",
    "RankRule",
    "RatingCurve",
    "Remainder",
    "Revenue",
    "RollUp",
    "RoundingMethod",
    "RoundingUnit",
    "RuleBook",
    "Scheme",
    "SchemeItem",
    "SchemeVersion",
    "Source",
    "Split",
    "Standardise",
    "Step",
    "Steps",
    "Take",
    "Transfer",
    "Veto",
    "VetoEffect",
]
Answers = Literal["number", "score", "rating", "event", "text"]
RollUp = Literal["sum", "mean", "last", "none"]
Revenue = Literal["drug", "consumable", "examination", "service", "other", "none"]
Confidence = Literal["A", "B", "C", "D", "proposal"]
MissingPolicy = Literal["block", "not_applicable", "zero", "full", "peer_median", "carry_forward"]
Combine = Literal["weighted_mean", "geometric", "mean", "sum", "best", "worst"]
MissingWeight = Literal["within_dimension", "overall", "none"]
MissingDimension = Literal["others", "lost"]
VetoEffect = Literal["zero_total", "grade_at_most", "forfeit_pay"]
Exact = Literal["exact"]
Digits = int | Exact


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
    """`list: services`: items are matched by code. `titles`: of what the items have, as far as given."""

    code: str
    title: Text
    items: Mapping[str, ListItem]
    place: Place
    titles: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))


# ---------------------------------------------------------------- indicators


@dataclass(frozen=True, slots=True)
class NoValue:
    """What the absence of a value means for the points."""

    missing: MissingPolicy = "block"
    denominator_zero: MissingPolicy = "block"


@dataclass(frozen=True, slots=True)
class IndicatorVersion:
    """An indicator as it stands between two dates. `points` None: shown, not scored; `titles`: of parameters, tables.

    `points_place`: where the curve stands in its file.
    """

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
    titles: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))
    points_rounding: Rounding = Rounding.HALF_AWAY
    curves: Mapping[str, NamedCurve] = field(default_factory=lambda: MappingProxyType({}))
    points_place: Place = NOWHERE
    enabled: bool | None = None


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

    def is_on(self, version: IndicatorVersion | None) -> bool:
        """Whether the indicator is switched on in `version`; what the rule says of all versions where it says nothing."""
        return self.enabled if version is None or version.enabled is None else version.enabled

    def ref(self, version: IndicatorVersion) -> RuleRef:
        """Its name for explanations."""
        return rule_ref(self.code, version.dated)


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
    combine: Literal["sum", "geometric"] = "sum"


@dataclass(frozen=True, slots=True)
class SchemeVersion:
    """A scheme as it stands between two dates. `coefficient` gives plain values, not points.

    `missing_dimension`: a dimension without enough indicators gives its weight to the others, or it is lost.
    `extra_cap`: all extra points together. `by_post`: no dimensions of its own; the total is the mean of the totals of
    these schemes, weighted by the time (days × FTE) that the subject's posts gave to each.
    """

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
    coefficient_rounding: Rounding = Rounding.HALF_AWAY
    missing_dimension: MissingDimension = "others"
    extra_cap: Fraction | None = None
    by_post: tuple[str, ...] = ()
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """Who is scored by what. `of_kind` empty: every kind of the level; `of_where` a further condition.

    Not `enabled`: ready, but run only where it is asked for by name; a layer switches it on.
    """

    code: str
    title: Text
    of_level: Level
    of_kind: tuple[str, ...]
    of_where: Formula | None
    period: PeriodKind
    versions: tuple[SchemeVersion, ...]
    place: Place
    enabled: bool = True

    def version(self, period: Period) -> SchemeVersion | None:
        """The version in force in `period`, or None."""
        return next((v for v in self.versions if v.dated.in_force(period)), None)

    def is_on(self, version: SchemeVersion) -> bool:
        """Whether it is switched on in `version`: as the version says, else as the rule says for all."""
        return self.enabled if version.enabled is None else version.enabled

    @property
    def is_ever_on(self) -> bool:
        """Whether any version is switched on."""
        return any(self.is_on(version) for version in self.versions)

    def ref(self, version: SchemeVersion) -> RuleRef:
        """Its name for explanations."""
        return rule_ref(self.code, version.dated)


_NO_TEXTS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules of a folder, by code.

    `texts`: file -> canonical text (of files with layers, whose lines are printed, the text as written), kept by
    content hash when a run is pinned; `broken`: codes of rules that could not be
    built, whose issues are told already; `value_titles`: attribute -> value as in the roster -> how people call it;
    `layers`: by code; `changes`: what layers changed in rules without versions; `base`: the rules before the layers, if any;
    `is_cut`: there were too many problems to read it to its end.
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
    value_titles: Mapping[str, Mapping[str, Text]] = field(default_factory=lambda: MappingProxyType({}))
    layers: Mapping[str, Layer] = field(default_factory=lambda: MappingProxyType({}))
    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=lambda: MappingProxyType({}))
    base: "RuleBook | None" = None
    is_cut: bool = False
    corrections: Mapping[str, CorrectionRule] = field(default_factory=lambda: MappingProxyType({}))
    payrolls: Mapping[str, Payroll] = field(default_factory=lambda: MappingProxyType({}))
    adjustments: Mapping[str, AdjustmentRule] = field(default_factory=lambda: MappingProxyType({}))

    def value_title(self, attribute: str, value: str) -> Text:
        """How people call a value of an attribute; the value itself where nothing is declared."""
        return self.value_titles.get(attribute, {}).get(value) or Text(value)
