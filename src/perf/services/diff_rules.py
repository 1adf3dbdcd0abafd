"""`specs diff`: two versions of the rules, by meaning and on real months; nothing is stored, no figure is logged."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from perf.appraisal.contract_files import parse_facts, parse_subjects
from perf.appraisal.month import run_appraisal
from perf.appraisal.rule_effects import MonthEffect, compare_month
from perf.appraisal.rule_meaning import RuleChange, rule_changes
from perf.distribution import check_conserved
from perf.kernel.errors import InputRefused, NotFound, WrongUse
from perf.kernel.issues import Issue, by_place, has_errors
from perf.kernel.periods import Period, parse_period
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.choose_runs import choose_runs
from perf.services.collector_pause import collector_paused
from perf.services.load_run import find_runs
from perf.services.rules import usable_book
from perf.services.run_inputs import load_inputs, pinned_inputs
from perf.services.run_month import compute
from perf.services.table_text import table_text
from perf.specs.models import RuleBook
from perf.storage import rosters
from perf.storage.store import Connection, Store

CURRENT = "current"
RUN = "run:"
PERIODS_MAX = 36
Progress = Callable[[str, Period, int, int], None]
"""Told the consortium, the period, how many months are done and how many there are."""


@dataclass(frozen=True, slots=True)
class RuleDiff:
    """What differs between two rule books, and what that does to each month."""

    changes: tuple[RuleChange, ...]
    months: tuple[MonthEffect, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs, neither in the rules nor in a figure."""
        return not self.changes and all(month.is_none for month in self.months)


def book_named(text: str, store: Store | None, actor: Actor) -> RuleBook:
    """The rules that a user names: a folder, `current` (the library of the program), `run:2025-06#2` (those it pinned).

    Raises:
        InputRefused: rules with errors.
        WrongUse: a run is named, and there is no database.
    """
    if text == CURRENT:
        return usable_book(None)
    if not text.startswith(RUN):
        return usable_book(Path(text))
    if store is None:
        raise WrongUse(Text(f"{text} 要从数据库读取;请给 --db", f"{text} is read from the database: give --db"))
    run = choose_runs(store, text.removeprefix(RUN), actor=actor)[0]
    with store.read() as connection:
        return pinned_inputs(connection, actor.viewer, run.id).book


def read_periods(text: str) -> tuple[Period, ...]:
    """`2025-06` or `2025-01..2025-06`, both ends included.

    Raises:
        WrongUse: no periods, of two lengths, backwards, or more than 36.
    """
    first_text, dots, last_text = text.partition("..")
    try:
        first = parse_period(first_text)
        last = parse_period(last_text) if dots else first
    except ValueError as error:
        raise WrongUse(_PERIODS) from error
    if first.kind != last.kind or last < first:
        raise WrongUse(_PERIODS)
    found = [first]
    while found[-1] != last:
        if len(found) == PERIODS_MAX:
            raise WrongUse(Text(f"至多 {PERIODS_MAX} 个期间", f"at most {PERIODS_MAX} periods"))
        found.append(found[-1].shift(1))
    return tuple(found)


_PERIODS = Text("期间写 2025-06 或 2025-01..2025-06", "periods are written 2025-06 or 2025-01..2025-06")


def diff_on_database(
    store: Store,
    old: RuleBook,
    new: RuleBook,
    *,
    actor: Actor,
    periods: Sequence[Period] = (),
    consortium: str | None = None,
    progress: Progress = lambda *_: None,
) -> RuleDiff:
    """Compute every month under both rules from the facts and the roster as they count now.

    A month that was published opens with what its run opened with; every month stands by itself: what other rules would
    have left behind in earlier months is not carried on.

    Args:
        periods: None: the newest month that has a run.
    Raises:
        NotFound: no such consortium in scope, or no run to take the month from.
    """
    with store.read() as connection:
        known = rosters.consortia(connection, actor.viewer)
    if consortium is not None and consortium not in known:
        raise NotFound(Text(f"花名册中没有医共体 {consortium}", f"no consortium {consortium} on the roster"))
    chosen = tuple(periods) or (choose_runs(store, "", actor=actor)[0].period,)
    codes = [consortium] if consortium is not None else sorted(known)
    work = [(code, period) for code in codes for period in chosen]
    months: list[MonthEffect] = []
    for done, (code, period) in enumerate(work):
        progress(code, period, done, len(work))
        published = _published(store, actor, code, period)
        with collector_paused(), store.read() as connection:
            months.append(_month(connection, actor, (old, new), code, period, published))
    return RuleDiff(tuple(rule_changes(old, new)), tuple(months))


def _published(store: Store, actor: Actor, consortium: str, period: Period) -> str | None:
    """The published run of the month, whose opening balances count; None where there is none."""
    runs = find_runs(store, actor=actor, consortium=consortium, period=period)
    return next((run.id for run in runs if run.is_sealed and run.corrects is None), None)


def _month(
    connection: Connection,
    actor: Actor,
    books: tuple[RuleBook, RuleBook],
    consortium: str,
    period: Period,
    published: str | None,
) -> MonthEffect:
    old, new = (load_inputs(connection, actor.viewer, book, consortium, period, corrects=published) for book in books)
    before, after = compute(old, period, consortium), compute(new, period, consortium)
    return compare_month(consortium, period, before, after, new.roster)


def diff_on_files(
    old: RuleBook,
    new: RuleBook,
    *,
    subjects: Path,
    facts: Path,
    periods: Sequence[Period],
    progress: Progress = lambda *_: None,
) -> RuleDiff:
    """The same from files in the forms of `score`; everybody in them is one group, and nothing came before.

    Raises:
        InputRefused: errors in the files.
    """
    both = replace(new, measures=MappingProxyType({**old.measures, **new.measures}))
    people, figures = table_text(subjects, is_contract=True), table_text(facts, is_contract=True)
    roster, _, roster_issues = parse_subjects(people.name, people.text)
    found, fact_issues = parse_facts(figures.name, figures.text, both, roster)
    _require_clean([*people.placed(roster_issues), *figures.placed(fact_issues)])

    def months() -> Iterator[MonthEffect]:
        for done, period in enumerate(periods):
            progress("", period, done, len(periods))
            before, after = (run_appraisal(book, roster, found, period, "") for book in (old, new))
            for one in (before, after):
                check_conserved(one.ledger.entries, {}, closing=one.ledger.balances, where="comparing rules")
            yield compare_month("", period, before, after, roster)

    with collector_paused():
        return RuleDiff(tuple(rule_changes(old, new)), tuple(months()))


def _require_clean(issues: Sequence[Issue]) -> None:
    if has_errors(issues):
        raise InputRefused(Text("输入有错误", "the input has errors"), by_place(issues))
