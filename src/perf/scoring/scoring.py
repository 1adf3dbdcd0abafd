"""Scoring as one pure function: rules, roster and facts in, scorecards out."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from perf.formulas.nodes import Absent, Node
from perf.kernel.facts import Facts
from perf.kernel.issues import Issue, by_place
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.scoring.indicators import Indicators
from perf.scoring.models import Scorecard, Scores
from perf.scoring.peers import Field
from perf.scoring.schemes import Run, score_scheme
from perf.scoring.wording import no_version, unknown_scheme, wrong_period
from perf.specs.fitting import by_segment
from perf.specs.models import RuleBook
from perf.specs.order import scheme_order
from perf.specs.world import World

Totals = Mapping[tuple[str, str, Period], Node]
_NO_TOTALS: Totals = MappingProxyType({})


def score(
    book: RuleBook,
    roster: Roster,
    facts: Facts,
    period: Period,
    schemes: Sequence[str],
    *,
    totals: Totals = _NO_TOTALS,
) -> Scores:
    """Score every subject that one of `schemes` is for.

    Args:
        book: All rules.
        roster: All segments of everybody concerned and of what is above and below them.
        facts: All facts a rule may look at, earlier periods included.
        period: Of the kind of the schemes; a monthly scheme asked with a year is an issue and gives no cards.
        schemes: Codes; they are run in the order in which they refer to each other, whatever the order here. A scheme
            that they need is run too, unless it is switched off, but gives no cards here. What is asked for is run.
        totals: (scheme, subject, period) -> total of what was scored before; this run's own totals win.
    Returns:
        Cards of `schemes` by (scheme, subject), sorted; issues by place, those of the request without, those of one
        subject with a `subject`; and how many subjects of the period no scheme is for. A subject that fails has its
        card with status `failed` or `blocked` and no total, and does not stop the others.
    Raises:
        InputRefused: the schemes refer to each other in a circle.
    """
    known: dict[tuple[str, str, Period], Node] = dict(totals)
    issues: list[Issue] = []
    cards: list[Scorecard] = []
    reached: set[str] = set()
    world = World(book, roster, facts, known)
    wanted = sorted(set(schemes))
    issues += [issue for code in wanted if (issue := _refused(book, code, period)) is not None]
    segmented = by_segment(book, period, frozenset(wanted))
    for code in scheme_order(book, wanted):
        scheme = book.schemes[code]
        version = scheme.version(period)
        if version is None or scheme.period != period.kind or not (scheme.is_on(version) or code in wanted):
            continue
        field = Field(scheme, world, roster, by_segment=code in segmented)
        own, found = score_scheme(Run(scheme, version, period, book, world, field, Indicators(world, field)))
        issues += found
        if code in wanted:
            cards += own
            reached.update(card.subject for card in own)
        for card in own:
            known[(code, card.subject, period)] = known_total(card)
    everybody = sum(1 for subject in roster.ids() if roster.at(subject, period) is not None)
    ordered = {(card.scheme, card.subject): card for card in sorted(cards, key=lambda c: (c.scheme, c.subject))}
    return Scores(MappingProxyType(ordered), tuple(by_place(issues)), everybody - len(reached))


def _refused(book: RuleBook, code: str, period: Period) -> Issue | None:
    """Why a scheme that was asked for cannot be run at all."""
    scheme = book.schemes.get(code)
    if scheme is None:
        return unknown_scheme(code)
    if scheme.period != period.kind:
        return wrong_period(scheme, period)
    return None if scheme.version(period) is not None else no_version(code, scheme.place, period)


def known_total(card: Scorecard) -> Node:
    """A total as other rules see it: the declared figure, or why there is none."""
    gone = Absent("not_applicable" if card.status == "not_applicable" else "blocked")
    return Node("score", card.total if card.total is not None else gone, (), card.title, rule=card.rule)
