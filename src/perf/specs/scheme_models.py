"""How a scheme makes peers, ranks, grades and results that are not money of its points."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from perf.formulas import Formula
from perf.kernel.issues import NOWHERE, Place
from perf.kernel.subjects import Level


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
    """At most a share of the peers (or of those of them with a total) may hold a grade; the others fall to a lower one."""

    grade: str
    at_most: Fraction
    falls_to: str
    of: Literal["peers", "scored"] = "peers"
    rounding: Literal["down", "up", "half_away"] = "down"
    ties: Literal["all_out", "all_in"] = "all_out"
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result that is not money."""

    when: Formula
    say: str
