"""Distributions: funds, steps, accounts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from perf.formulas import Formula
from perf.formulas.nodes import RuleRef
from perf.kernel.issues import Place
from perf.kernel.periods import Period, PeriodKind
from perf.kernel.subjects import Level
from perf.kernel.text import Text
from perf.specs.band_models import Bands
from perf.specs.claim_models import Derived, Own, Prorate, Spread
from perf.specs.curve_models import NamedCurve
from perf.specs.dated_models import Dated, DatedValue, rule_ref
from perf.specs.ladder_models import Ladder
from perf.specs.payer_models import Payers
from perf.specs.reserve_models import Release, Schedule
from perf.specs.transfer_models import Transfer

AccountKind = Literal["fund", "reserve", "quota"]
Among = Literal["staff", "members", "institutions"]
ShortFund = Literal["refuse", "carry", "share"]
"""A fund below zero: nothing is handed out and it is an error; it stays in its account; the claimants bear it."""
RoundingMethod = Literal["largest_remainder", "first", "jefferson", "webster", "huntington_hill"]


@dataclass(frozen=True, slots=True)
class RoundingUnit:
    """Amounts are whole multiples of `unit_fen`; what is left over goes by `method`, or to one named party."""

    unit_fen: int = 1
    leftover_to: str = ""
    method: RoundingMethod = "largest_remainder"


@dataclass(frozen=True, slots=True)
class Take:
    """Sets aside an amount in an account (`director_fund`)."""

    to: str
    amount: Formula
    line: str
    place: Place


@dataclass(frozen=True, slots=True)
class Pay:
    """Pays each claimant an amount of its own; `short`: what happens when `rest` is too small.

    `at_most`: bound of each amount, in yuan. `unit_fen`: amounts are rounded to whole multiples of it.
    `each`: a measure with items; then one amount for every item that the claimant has.
    """

    line: str
    amount: Formula
    where: Formula | None
    short: Literal["refuse", "scale"]
    payer: str
    place: Place
    at_most: Formula | None = None
    unit_fen: int = 1
    each: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """Claims for which `when` is true get 0 and no floor in the steps after it; their share goes to the rest (`to`)."""

    when: Formula
    to: str
    place: Place


@dataclass(frozen=True, slots=True)
class Apportion:
    """Splits `rest` (or `amount`) by the claims `by`: largest remainder, floors and caps met exactly; amounts yuan.

    `derived`: claims that hang on those of the others, first row that fits. `prorate`: how the claims of single posts
    count: a post's for its days of the period; of what was counted (work, cases), the post's part of the whole count.
    """

    by: Formula
    line: str
    amount: Formula | None
    floor: Formula | None
    cap: Formula | None
    ties: Literal["fewest_odd_fen", "id"]
    rounding: RoundingUnit
    place: Place
    derived: tuple[Derived, ...] = ()
    prorate: Prorate = "period"


@dataclass(frozen=True, slots=True)
class Entered:
    """A pool that its head splits: entered amounts or points, held against stated limits; amounts in yuan.

    Attributes:
        amount, weight: What was entered for each claimant: yuan that add up to the pool, or points that split it; one of them.
        floor, cap, spread: Limits; they change no amount.
        own: For whom nothing is entered; `claims` are what was entered for the others.
        expected: The claim by the usual formula, from which deviations are told.
        on_break: A limit that does not hold refuses the pool, or splits it by `expected` within floor and cap.
    """

    line: str
    amount: Formula | None
    weight: Formula | None
    floor: Formula | None
    cap: Formula | None
    spread: Spread | None
    own: Own | None
    expected: Formula | None
    on_break: Literal["refuse", "formula"]
    rounding: RoundingUnit
    place: Place

    @property
    def entry(self) -> Formula:
        """What was entered, as amounts or as points."""
        found = self.amount if self.amount is not None else self.weight
        assert found is not None  # noqa: S101 - one of them, says the builder
        return found

    def apportioned(self, by: Formula) -> Apportion:
        """The same pool shared by a claim within floor and cap."""
        return Apportion(by, self.line, None, self.floor, self.cap, "fewest_odd_fen", self.rounding, self.place)


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
    """Keeps back a share of what each claimant has received so far in this distribution.

    `to`: the reserve of each claimant that it goes to (`reserve:NAME:ID`); empty: `held:ID`.
    """

    share: Formula
    line: str
    where: Formula | None
    place: Place
    to: str = ""


@dataclass(frozen=True, slots=True)
class Remainder:
    """Where what is left of the part goes."""

    to: str
    place: Place


Step = Take | Pay | Gate | Apportion | Split | Hold | Remainder | Ladder | Schedule | Release | Transfer | Entered


@dataclass(frozen=True, slots=True)
class DistributionVersion:
    """A distribution as it stands between two dates.

    Attributes:
        let, bands: Named values; a name may use others. `each`: those of them that every claimant sees with its own
            figures; the others are worked out once, as the owner sees them.
        titles: Of parameters, tables, `let` names and bands, as far as given.
        short: What becomes of a fund below zero; None: an account's is refused for staff, anything else is shared.
    """

    dated: Dated
    fund: Formula
    let: Mapping[str, Formula]
    parameters: Mapping[str, tuple[DatedValue, ...]]
    tables: Mapping[str, Mapping[str, Fraction]]
    steps: tuple[Step, ...]
    on_missing_score: Literal["full", "last", "mean"]
    titles: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))
    curves: Mapping[str, NamedCurve] = field(default_factory=lambda: MappingProxyType({}))
    enabled: bool | None = None
    bands: Mapping[str, Bands] = field(default_factory=lambda: MappingProxyType({}))
    each: frozenset[str] = frozenset()
    payers: Payers | None = None
    short: ShortFund | None = None

    def formulas_of(self, name: str) -> tuple[Formula, ...]:
        """The formulas behind a `let` name or a name of bands."""
        return (self.let[name],) if name in self.let else self.bands[name].formulas

    @property
    def named(self) -> tuple[str, ...]:
        """Every name that `let` and `bands` bring along, in the order of the file."""
        return (*self.let, *self.bands)


@dataclass(frozen=True, slots=True)
class Account:
    """A declared account of an owner.

    `kind`: `fund` is what the owner itself holds, `reserve` a named reserve of it, `quota` (额度) what it may use up: a
    budget, no money, which is told beside what it is paid and never added to it.
    """

    name: str
    of: Level
    kind: AccountKind
    title: Text
    place: Place


@dataclass(frozen=True, slots=True)
class Distribution:
    """A rule for money.

    `among`: `staff` (persons below the owner), `members` (direct members) or `institutions` (every institution below the
    owner, a clinic under its township hospital too), with a condition. `into`: the declared reserve
    of each claimant that its money goes to; empty: the claimant's own account. `enabled` False: ready to be switched on.
    `not_with`: other distributions that hand out the same money; both on at once would pay it twice.
    `announced`: the public notice (公示表) names the amounts; else it says nothing of money.
    """

    code: str
    title: Text
    period: PeriodKind
    per: Level
    among: Among
    among_where: Formula | None
    uses_score: tuple[str, ...]
    payer: str
    versions: tuple[DistributionVersion, ...]
    place: Place
    into: str = ""
    enabled: bool = True
    not_with: tuple[str, ...] = ()
    announced: bool = False

    def version(self, period: Period) -> DistributionVersion | None:
        """The version in force in `period`, or None."""
        return next((v for v in self.versions if v.dated.in_force(period)), None)

    def is_on(self, version: DistributionVersion) -> bool:
        """Whether it is switched on in `version`: as the version says, else as the rule says for all."""
        return self.enabled if version.enabled is None else version.enabled

    @property
    def is_ever_on(self) -> bool:
        """Whether any version is switched on."""
        return any(self.is_on(version) for version in self.versions)

    def ref(self, version: DistributionVersion) -> RuleRef:
        """Its name for explanations."""
        return rule_ref(self.code, version.dated)
