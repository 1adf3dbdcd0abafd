"""Corrections of earlier months in the run of a month: the rule in force, who pays whom, whose reserve bears the rest."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from perf.distribution import Adjustment, Correction, Ledger, Settlement, accounts, collections, corrected
from perf.distribution.corrections import CORRECTION
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.specs.correction_models import CorrectionRule, CorrectionVersion
from perf.specs.models import RuleBook


def correction_rule(book: RuleBook, period: Period) -> tuple[CorrectionRule, CorrectionVersion] | None:
    """The rule of corrections in force in `period`; None: differences wait. Months alone book corrections."""
    if period.kind != "month":
        return None
    found = ((rule, rule.version(period)) for _, rule in sorted(book.corrections.items()))
    return next(((rule, version) for rule, version in found if version is not None), None)


def with_corrections(
    ledger: Ledger,
    corrections: Iterable[Correction],
    book: RuleBook,
    roster: Roster,
    period: Period,
    *,
    opening: Mapping[str, Money],
    spared: Collection[str] = frozenset(),
) -> Ledger:
    """`ledger` with the corrections booked and debts collected, where a rule of corrections is in force.

    Args:
        spared: Persons whose debts somebody settles by hand in this run.
    """
    found = correction_rule(book, period)
    if found is None:
        return ledger
    rule, version = found
    account = book.accounts.get(version.reserve)

    def is_person(subject: str) -> bool:
        return any(row.level == "person" for row in roster.all_segments(subject))

    def reserve_of(owner: str, subject: str) -> str:
        """The owner where the reserve is of its level, else what is of that level above either."""
        if account is None:
            return owner
        above = roster.ancestor(owner, account.of, period) or roster.ancestor(subject, account.of, period)
        return above or owner

    def payer(subject: str) -> str:
        return payer_of(roster, subject, period) if is_person(subject) else subject

    how = Settlement(rule, version, is_person, payer, reserve_of, spared)
    return corrected(ledger, corrections, how, period=period, opening=opening)


def collected(ledger: Ledger, book: RuleBook, period: Period, opening: Mapping[str, Money]) -> tuple[Adjustment, ...]:
    """What the run collects of what persons owe, within the limit of the rule of corrections where one is in force.

    Whose corrections take something in this run already is left alone: the limit holds for all that is taken in a month.
    """
    found = correction_rule(book, period)
    if found is None:
        return collections(opening, period)
    net = Counter[str]()
    for entry in ledger.entries:
        if entry.distribution == CORRECTION:
            net[entry.target] += entry.amount.fen
            net[entry.source] -= entry.amount.fen
    every = collections(opening, period, at_most=found[1].claw_back_at_most)
    return tuple(one for one in every if net[accounts.person(one.subject)] >= 0)


def payer_of(roster: Roster, subject: str, period: Period) -> str:
    """The institution of a person in `period`, or the last one it had before; empty: it never had one."""
    now = roster.ancestor(subject, "institution", period)
    before = [row for row in roster.all_segments(subject) if row.first_day <= period.last_day]
    return now or (max(before, key=lambda row: row.last_day).parent if before else "")
