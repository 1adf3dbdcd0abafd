"""What may be entered for single people: how much, from which accounts, and how much of a month's pay may be taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from perf.formulas.nodes import RuleRef
from perf.kernel.issues import Place
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.specs.dated_models import Dated, rule_ref

ChargingKind = Literal["pay", "deduct", "stop", "write_off"]
"""Adjustments with an account on the other side."""
LimitedKind = Literal["pay", "deduct", "stop", "return", "write_off"]
"""Adjustments whose amounts may be limited."""


@dataclass(frozen=True, slots=True)
class AmountLimit:
    """The most that may be entered of one kind: for a person in a period, and for a run; None: no limit."""

    person: Money | None
    run: Money | None


@dataclass(frozen=True, slots=True)
class ChargedAccount:
    """An account that adjustments of these kinds may name: a declared one, whose owner bears it, or a payer outside."""

    name: str
    is_outside: bool
    kinds: tuple[ChargingKind, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class AdjustmentVersion:
    """The rule as it stands between two dates.

    Attributes:
        limits: By kind; a kind without one is not limited.
        accounts: What may be charged, each for its kinds; nothing else may be.
        take_back_at_most: Largest share of a month's pay that deductions and what is owed may take in that month.
    """

    dated: Dated
    limits: Mapping[str, AmountLimit]
    accounts: tuple[ChargedAccount, ...]
    take_back_at_most: Fraction
    enabled: bool


@dataclass(frozen=True, slots=True)
class AdjustmentRule:
    """An `adjustments:` document; the version of the month in which an adjustment is booked decides."""

    code: str
    title: Text
    versions: tuple[AdjustmentVersion, ...]
    place: Place

    def version(self, period: Period) -> AdjustmentVersion | None:
        """The version in force and switched on in `period`, or None."""
        return next((v for v in self.versions if v.enabled and v.dated.in_force(period)), None)

    def ref(self, version: AdjustmentVersion) -> RuleRef:
        """Its name for explanations."""
        return rule_ref(self.code, version.dated)
