"""How corrections of published months are settled: for everybody, or at the charge of a reserve."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from perf.formulas.nodes import RuleRef
from perf.kernel.issues import Place
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.specs.dated_models import Dated, rule_ref

CorrectionMode = Literal["rebalance", "charge"]


@dataclass(frozen=True, slots=True)
class CorrectionVersion:
    """The rule of corrections as it stands between two dates.

    Attributes:
        mode: `rebalance`: everybody's difference is settled · `charge`: only those whose own facts, posts or rules were
            another get their difference, the differences of the others are borne by `reserve`, or returned to it.
        reserve: A named reserve; empty where nothing is ever charged to one.
        claw_back_at_most: Largest share of a month's pay that is taken back in that month; the rest is owed.
        smallest: A person's difference below it is not settled with the person, but with `reserve`.
    """

    dated: Dated
    mode: CorrectionMode
    reserve: str
    claw_back_at_most: Fraction
    smallest: Money
    enabled: bool


@dataclass(frozen=True, slots=True)
class CorrectionRule:
    """A `corrections:` document; the version of the month in which differences are booked decides."""

    code: str
    title: Text
    versions: tuple[CorrectionVersion, ...]
    place: Place

    def version(self, period: Period) -> CorrectionVersion | None:
        """The version in force and switched on in `period`, or None."""
        return next((v for v in self.versions if v.enabled and v.dated.in_force(period)), None)

    def ref(self, version: CorrectionVersion) -> RuleRef:
        """Its name for entries and explanations."""
        return rule_ref(self.code, version.dated)
