"""A scorecard's dimensions beside the median of the peers: nobody else's figure, and none at all of a small group."""

from collections.abc import Collection, Mapping
from fractions import Fraction

from perf.appraisal.figure_text import in_full
from perf.appraisal.views import PeerBar
from perf.kernel.periods import Period
from perf.kernel.robust import median
from perf.kernel.subjects import Roster
from perf.scoring import Scorecard
from perf.specs.models import PeerRule

PEERS_MIN = 5
"""A group of fewer tells of single persons."""
Points = Mapping[str, Mapping[str, Fraction]]
"""Subject -> dimension -> points, of everybody whom one scheme has a card of in a run; empty without points."""


class PeerStanding:
    """The peer groups of one scheme in one run."""

    def __init__(self, rule: PeerRule, roster: Roster, period: Period, points: Points) -> None:
        self._rule, self._roster, self._period, self._points = rule, roster, period, points
        self._groups: dict[tuple[str | None, ...], list[str]] = {}
        for subject in points:
            self._groups.setdefault(self._key(self._rule, subject), []).append(subject)
        self._medians: dict[tuple[tuple[str | None, ...], str], tuple[Fraction, int]] = {}

    def bars(self, card: Scorecard) -> tuple[PeerBar, ...]:
        """The dimensions with points, own and median; none where the group that ranked the card is not the one known."""
        key = self._key(self._rule, card.subject)
        group = self._groups.get(key, [])
        if len(group) < PEERS_MIN or card.rank_of not in (None, len(group)):
            return ()
        found = []
        for row in card.items:
            if row.type == "dimension" and row.points is not None and row.out_of:
                middle, count = self._median(key, row.item)
                if count >= PEERS_MIN:
                    found.append(PeerBar(row.title, in_full(row.points), in_full(middle), in_full(row.out_of), count))
        return tuple(found)

    def _median(self, key: tuple[str | None, ...], dimension: str) -> tuple[Fraction, int]:
        found = self._medians.get((key, dimension))
        if found is None:
            known = [
                points for one in self._groups[key] if (points := self._points.get(one, {}).get(dimension)) is not None
            ]
            found = self._medians[key, dimension] = (median(known) if known else Fraction(0), len(known))
        return found

    def _key(self, rule: PeerRule, subject: str) -> tuple[str | None, ...]:
        segment = self._roster.at(subject, self._period)
        if segment is None:
            return ("", subject)
        within = None
        if rule.within is not None:
            own = segment.level == rule.within
            within = segment.subject if own else self._roster.ancestor(segment.parent, rule.within, self._period)
        return (within, *(segment.attribute(name) for name in rule.by))


def points_of(cards: Collection[Scorecard]) -> Points:
    """The points of the dimensions of these cards, which are of one scheme."""
    return {
        card.subject: {row.item: row.points for row in card.items if row.type == "dimension" and row.points is not None}
        for card in cards
    }
