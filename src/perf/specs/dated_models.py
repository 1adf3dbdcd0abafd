"""What carries a date: versions and values of parameters, with the clause they come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from perf.formulas.nodes import RuleRef
from perf.kernel.issues import Place
from perf.kernel.periods import Period
from perf.specs.yaml_nodes import Change


@dataclass(frozen=True, slots=True)
class Source:
    """The document and clause a rule comes from."""

    document: str
    clause: str


@dataclass(frozen=True, slots=True)
class Dated:
    """From when to when (both included, None = open) a version is in force, where it comes from, what layers changed."""

    first_day: date | None
    last_day: date | None
    source: Source | None
    place: Place
    changes: tuple[Change, ...] = ()

    def in_force(self, period: Period) -> bool:
        """Decided on the first day of the period: a rule that starts in mid-period counts from the next one."""
        day = period.first_day
        return (self.first_day is None or self.first_day <= day) and (self.last_day is None or day <= self.last_day)

    def meets(self, other: "Dated") -> bool:
        """Whether both are in force on some day."""
        firsts = [day for day in (self.first_day, other.first_day) if day is not None]
        lasts = [day for day in (self.last_day, other.last_day) if day is not None]
        return not firsts or not lasts or max(firsts) <= min(lasts)

    @property
    def name(self) -> str:
        """The version's name: its first day's month, or `始`."""
        return self.first_day.isoformat()[:7] if self.first_day else "始"


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value of a parameter from a day on."""

    first_day: date | None
    last_day: date | None
    value: Fraction
    text: str
    source: Source | None = None


def value_in(values: Sequence[DatedValue], period: Period) -> DatedValue | None:
    """The value in force on the first day of `period`, or None."""
    day = period.first_day
    return next(
        (
            v
            for v in values
            if (v.first_day is None or v.first_day <= day) and (v.last_day is None or day <= v.last_day)
        ),
        None,
    )


def rule_ref(code: str, dated: Dated) -> RuleRef:
    """The name of a rule in one version, for explanations."""
    source = dated.source
    return RuleRef(code, dated.name, source.document if source else "", source.clause if source else "")
