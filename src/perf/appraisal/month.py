"""A month (or a year) as one pure function: rules, roster and facts in; scorecards and a ledger out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType

from perf.appraisal.adjustment_limits import let_through, take_back_at_most
from perf.appraisal.settling import collected, payer_of, with_corrections
from perf.distribution import Adjustment, CardFigures, Correction, Kept, Ledger, PaidBefore, adjusted, distribute
from perf.formulas.nodes import Node
from perf.kernel.facts import Facts
from perf.kernel.issues import Issue
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.scoring import Scorecard, Scores, score
from perf.specs.models import RuleBook

ENGINE_VERSION = "5"


@dataclass(frozen=True, slots=True)
class Prior:
    """What earlier published runs leave behind.

    Attributes:
        totals: (scheme, subject, period) -> total of an earlier period.
        opening: Account -> balance (reserves, institutions' own accounts).
        odd_fen_received: Claimant -> odd fen received this year, for ties.
        last_scores: Claimant -> last known score, for `hold_at(last)`.
        paid: What was paid by line, for `paid(…)`.
        corrections: Of earlier periods, sealed and not booked yet; booked behind the distributions.
        adjustments: Of single people, entered by hand; booked behind the corrections.
    """

    totals: Mapping[tuple[str, str, Period], Node] = field(default_factory=lambda: MappingProxyType({}))
    opening: Mapping[str, Money] = field(default_factory=lambda: MappingProxyType({}))
    odd_fen_received: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    last_scores: Mapping[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))
    paid: PaidBefore = field(default_factory=PaidBefore)
    adjustments: tuple[Adjustment, ...] = ()
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Appraisal:
    """Everything one run gives; `issues` holds those of scoring and distribution."""

    scores: Scores
    ledger: Ledger
    issues: tuple[Issue, ...]


def run_appraisal(
    book: RuleBook,
    roster: Roster,
    facts: Facts,
    period: Period,
    consortium: str,
    *,
    prior: Prior | None = None,
) -> Appraisal:
    """Score every subject of one consortium for `period` and distribute its money.

    Args:
        book: All rules; those of the period's kind with a version in force are run.
        roster: Segments of the consortium, what is above it, and everything below it.
        facts: All facts a rule may look at, earlier periods included.
        period: A month or a year.
        consortium: Code of the consortium; kept for the signature of runs, the roster decides who is scored.
        prior: What earlier runs left.
    Returns:
        Scorecards and ledger, with every problem in `issues`; one failing subject or owner does not stop the rest.
    """
    before = prior or Prior()
    if consortium and consortium not in roster:
        return Appraisal(Scores({}, (), 0), Ledger((), ()), ())
    scores = score(book, roster, facts, period, schemes_of(book, period), totals=before.totals)
    ledger = pay_out(book, roster, facts, period, card_figures(scores.cards), before)
    return Appraisal(scores, ledger, (*scores.issues, *ledger.issues))


def pay_out(
    book: RuleBook,
    roster: Roster,
    facts: Facts,
    period: Period,
    cards: Mapping[tuple[str, str], CardFigures],
    before: Prior,
    *,
    is_told: bool = True,
    kept: Kept | None = None,
) -> Ledger:
    """The money of `period` for scores that are known: distributions, then what was entered for single people.

    `is_told` False: the same figures without the sentences of shares and payments. `kept`: what another run booked, taken
    over where nothing that it hangs on is another.
    """
    ledger = distribute(
        book,
        roster,
        facts,
        period,
        distributions_of(book, period),
        cards=cards,
        opening=before.opening,
        odd_fen_received=before.odd_fen_received,
        last_scores=before.last_scores,
        paid=before.paid,
        is_told=is_told,
        kept=kept,
    )
    ledger = with_corrections(
        ledger,
        before.corrections,
        book,
        roster,
        period,
        opening=before.opening,
        spared={one.subject for one in before.adjustments if one.kind in ("collect", "write_off")},
    )
    return _adjusted(ledger, book, roster, period, before)


def _adjusted(ledger: Ledger, book: RuleBook, roster: Roster, period: Period, before: Prior) -> Ledger:
    """The ledger with what was entered for single people, and behind it what the run collects of what is owed."""
    owing = [one for one in collected(ledger, book, period, before.opening) if payer_of(roster, one.subject, period)]
    owners = {
        one.subject: owner for one in (*before.adjustments, *owing) if (owner := payer_of(roster, one.subject, period))
    }
    permitted, issues = let_through(book, roster, period, before.adjustments, owners)
    most = take_back_at_most(book, period)
    wanted = [
        replace(one, at_most=min(one.at_most, most)) if one.kind in ("deduct", "collect") else one
        for one in (*permitted, *owing)
    ]
    booked = adjusted(ledger, wanted, period=period, owners=owners, opening=before.opening)
    return replace(booked, issues=(*booked.issues, *issues)) if issues else booked


def schemes_of(book: RuleBook, period: Period) -> tuple[str, ...]:
    """Codes of the schemes for periods of this length that are switched on and have a version in force, sorted."""
    usual = {code: scheme for code, scheme in book.schemes.items() if scheme.period == period.kind}
    return tuple(sorted(code for code, rule in usual.items() if (v := rule.version(period)) and rule.is_on(v)))


def distributions_of(book: RuleBook, period: Period) -> tuple[str, ...]:
    """Codes of the distributions for periods of this length that are switched on and have a version in force, sorted."""
    usual = {code: rule for code, rule in book.distributions.items() if rule.period == period.kind}
    return tuple(sorted(code for code, rule in usual.items() if (v := rule.version(period)) and rule.is_on(v)))


def card_figures(cards: Mapping[tuple[str, str], Scorecard]) -> Mapping[tuple[str, str], CardFigures]:
    """What distribution needs to know of each scorecard."""
    return {
        key: CardFigures(
            total=card.total,
            coefficient=card.coefficient,
            grade=card.grade,
            forfeits_pay=card.forfeits_pay,
            status=card.status,
        )
        for key, card in cards.items()
    }


def blocked_subjects(scores: Scores) -> Sequence[tuple[str, str]]:
    """(scheme, subject) of every card without a total."""
    return [key for key, card in scores.cards.items() if card.total is None]
