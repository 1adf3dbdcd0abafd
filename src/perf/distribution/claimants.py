"""Who owns a fund and who claims a part of it: owners, claimants, and the posts in which they claim."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType

from perf.distribution import accounts
from perf.distribution.models import CardFigures
from perf.formulas.nodes import Node
from perf.kernel.periods import Period
from perf.kernel.subjects import Level, Roster, Segment
from perf.kernel.text import Text
from perf.specs.money_models import Among

Figures = Mapping[str, Node]
NO_TEXT = Text("")
_NO_FIGURES: Figures = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Post:
    """One segment of a claimant below the owner.

    Attributes:
        in_post: Its share of the period's days, with the days as inputs.
        gated: The gate that shut it out, as a sentence; empty: open.
        doubt: Why nobody can tell whether a gate shuts it out; empty: no doubt.
        card: Of the scheme that fits the post; None where there is no score to use, or not exactly one.
        figures: `score`, `coefficient`, `grade` of that card as they are; absent where there is none.
        stand_in: The same for `on_missing_score`; None where the score is there or not used.
    """

    segment: Segment
    in_post: Node
    gated: Text = NO_TEXT
    doubt: Text = NO_TEXT
    card: CardFigures | None = None
    figures: Figures = field(default_factory=lambda: _NO_FIGURES)
    stand_in: Figures | None = None

    @property
    def share(self) -> Fraction:
        """The share of the period's days, 0 to 1."""
        value = self.in_post.value
        return value if isinstance(value, Fraction) else Fraction(0)


@dataclass(frozen=True, slots=True)
class Claimant:
    """Somebody who claims.

    Attributes:
        posts: Its segments below the owner, in order.
        speaking: The segment that speaks for it in the period, wherever it is; `pay` goes with it, so it is paid once.
        forfeits: A veto took the pay.
    """

    subject: str
    level: Level
    posts: tuple[Post, ...]
    speaking: Segment
    forfeits: bool = False
    into: str = ""

    @property
    def account(self) -> str:
        """Where its money goes: a reserve of its own if the rule names one, else its own account."""
        if self.into:
            return accounts.reserve(self.into, self.subject)
        return accounts.person(self.subject) if self.level == "person" else accounts.institution(self.subject)


def whole_post(claimant: Claimant) -> Post:
    """The claimant's last post here, with the days of all its posts together (at most the whole period)."""
    last = claimant.posts[-1]
    if len(claimant.posts) == 1:
        return last
    together = min(sum((post.share for post in claimant.posts), Fraction(0)), Fraction(1))
    return replace(last, in_post=last.in_post._replace(value=together, inputs=()))


def owners(roster: Roster, level: Level, period: Period) -> list[str]:
    """Every subject of `level` with a segment in `period`, sorted."""
    found = (s.subject for s in roster if s.level == level and s.days_in(period))
    return sorted(set(found))


def segments_below(roster: Roster, owner: str, among: Among, period: Period) -> dict[str, list[Segment]]:
    """Claimant -> its segments in `period` below `owner`, sorted by claimant.

    `staff`: persons anywhere below; `members`: subjects directly below that are no persons; `institutions`: institutions
    anywhere below. A segment counts where its own parent is below the owner, so a person with posts in two institutions
    claims in each with the post it has there.
    """
    above = {owner} if among == "members" else _units_below(roster, owner, period)
    found: dict[str, list[Segment]] = {}
    for parent in above:
        for code in roster.children(parent, period):
            rows = [s for s in roster.segments(code, period) if s.parent in above]
            wanted = [s for s in rows if _claims_in(among, s.level)]
            if wanted:
                found[code] = wanted
    return dict(sorted(found.items()))


def _claims_in(among: Among, level: Level) -> bool:
    """Whether a subject of `level` claims."""
    if among == "institutions":
        return level == "institution"
    return (level == "person") == (among == "staff")


def _units_below(roster: Roster, owner: str, period: Period) -> set[str]:
    """The owner and everything below it that is no person."""
    found, queue = {owner}, [owner]
    while queue:
        for child in roster.children(queue.pop(), period):
            if child not in found and any(s.level != "person" for s in roster.segments(child, period)):
                found.add(child)
                queue.append(child)
    return found
