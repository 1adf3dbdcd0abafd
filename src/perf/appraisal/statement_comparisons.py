"""What stands beside a scorecard: how far each indicator is from its next step, and the dimensions beside the peers'."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from perf.appraisal.formula_pay import FormulaPay
from perf.appraisal.next_step import NextValues
from perf.appraisal.next_step_text import next_step_text
from perf.appraisal.peer_standing import PeerStanding, Points, points_of
from perf.appraisal.raised_pay import Raise
from perf.appraisal.views import DimensionBlock, IndicatorLine, PeerBar, ScorecardView
from perf.distribution import Entry
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.scoring import Scorecard, ScoreItem, Scores
from perf.specs.models import RuleBook

Steps = Mapping[tuple[str, str], Text]
"""(Dimension or `extra`, indicator) -> the distance to its next step in words."""


class Comparisons:
    """Compares the cards of one run; `points` None: of everybody in `scores`."""

    def __init__(
        self, book: RuleBook, roster: Roster, period: Period, scores: Scores, points: Mapping[str, Points] | None
    ) -> None:
        self._book, self._roster, self._period = book, roster, period
        self._scores, self._points = scores, points
        self._values = NextValues(book, period)
        self._formulas = FormulaPay(book, roster, period)
        self._standings: dict[str, PeerStanding | None] = {}

    def beside(self, card: Scorecard, view: ScorecardView, entries: Iterable[Entry]) -> ScorecardView:
        """`view` of `card` with what stands beside it; `entries`: what its subject is paid."""
        steps = self._steps(card, list(entries))
        return replace(
            view,
            dimensions=tuple(_with_steps(block, steps) for block in view.dimensions),
            extra=tuple(_with_step(line, "extra", steps) for line in view.extra),
            peers=self._peers(card),
        )

    def _steps(self, card: Scorecard, entries: Collection[Entry]) -> Steps:
        scheme = self._book.schemes.get(card.scheme)
        version = scheme.version(self._period) if scheme is not None else None
        if version is None:
            return {}
        counting = [item for item in card.items if item.type == "indicator" and _counts(item)]
        steps = [(item, step) for item in counting if (step := self._values.after(item)) is not None]
        segment = self._roster.at(card.subject, self._period)
        is_person = segment is None or segment.level == "person"
        raise_ = Raise(card, version, entries, self._formulas) if steps else None
        found: dict[tuple[str, str], Text] = {}
        for item, step in steps:
            after = raise_.to(item, step.points) if raise_ is not None else None
            found[item.parent, item.item] = next_step_text(card, item, step, after, is_person=is_person)
        return found

    def _peers(self, card: Scorecard) -> tuple[PeerBar, ...]:
        if card.scheme not in self._standings:
            self._standings[card.scheme] = self._standing(card.scheme)
        standing = self._standings[card.scheme]
        return standing.bars(card) if standing is not None else ()

    def _standing(self, code: str) -> PeerStanding | None:
        scheme = self._book.schemes.get(code)
        version = scheme.version(self._period) if scheme is not None else None
        if version is None:
            return None
        if self._points is None:
            points = points_of([card for (name, _), card in self._scores.cards.items() if name == code])
        else:
            points = self._points.get(code, {})
        return PeerStanding(version.peers, self._roster, self._period, points)


def _counts(item: ScoreItem) -> bool:
    """Extra points have no weight of their own; of the others only those with one count."""
    return item.parent == "extra" or bool(item.weight)


def _with_steps(block: DimensionBlock, steps: Steps) -> DimensionBlock:
    return replace(block, lines=tuple(_with_step(line, block.code, steps) for line in block.lines))


def _with_step(line: IndicatorLine, parent: str, steps: Steps) -> IndicatorLine:
    step = steps.get((parent, line.code))
    return line if step is None else replace(line, next_step=step)
