"""Reading runs for views: scorecards, ledger, roster and history as domain values."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from perf.distribution.models import Entry, Ledger
from perf.kernel.errors import NotFound, VerificationFailed
from perf.kernel.money import ZERO, Money
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.kernel.text import Text
from perf.scoring.models import Scores
from perf.services.actors import Actor
from perf.services.collector_pause import collector_paused
from perf.services.run_inputs import pinned_roster
from perf.storage import documents, history, results, runs
from perf.storage.document_codec import SubjectDocument
from perf.storage.packing import Broken
from perf.storage.results import EntryFigures
from perf.storage.runs import Run
from perf.storage.store import Connection, Store


@dataclass(frozen=True, slots=True)
class LoadedRun:
    """A run with everything it says, explanations included."""

    run: Run
    scores: Scores
    ledger: Ledger
    roster: Roster

    @property
    def entries(self) -> Sequence[Entry]:
        """The entries of the ledger, with their explanations."""
        return self.ledger.entries


@dataclass(frozen=True, slots=True)
class RunMoney:
    """A run as far as money goes: its ledger without the explanations, and the roster."""

    run: Run
    entries: Sequence[EntryFigures]
    roster: Roster


@dataclass(frozen=True, slots=True)
class MonthOfPerson:
    """One month of a person in a published run: declared totals by scheme (None: blocked), paid and held back."""

    period: Period
    pay_month: Period
    run: str
    totals: Mapping[str, Fraction | None] = field(default_factory=lambda: MappingProxyType({}))
    paid: Money = ZERO
    held: Money = ZERO


def load_run(store: Store, *, run: str, actor: Actor) -> LoadedRun:
    """A whole run as it was computed: about a second for 2,000 people.

    Raises:
        NotFound: no such run in scope.
    """
    with collector_paused(), store.read() as connection:
        found = required_run(connection, actor, run)
        balances = results.balances_of(connection, actor.viewer, run)
        packed = documents.documents_of(connection, actor.viewer, run)
        with readable(run):
            scores, ledger = documents.join_documents((documents.unpack(d.content) for d in packed), balances)
        roster = pinned_roster(connection, actor.viewer, run)
    return LoadedRun(found, scores, ledger, roster)


def load_money(store: Store, *, run: str, actor: Actor) -> RunMoney:
    """The ledger of a run and its roster: a small part of the time of a whole run.

    Raises:
        NotFound: no such run in scope.
    """
    with collector_paused(), store.read() as connection:
        found = required_run(connection, actor, run)
        entries = [results.entry_figures(row) for row in results.stored_entries(connection, actor.viewer, run)]
        return RunMoney(found, entries, pinned_roster(connection, actor.viewer, run))


def load_subject(store: Store, *, run: str, subject: str, actor: Actor) -> SubjectDocument:
    """What a run says about one subject: its cards, what it is paid, the way of the funds it owns; in milliseconds.

    Raises:
        NotFound: no such run in scope, or nothing in it about this subject.
    """
    with store.read() as connection, readable(run):
        document = documents.find_document(connection, actor.viewer, run, subject)
    if document is None:
        raise NotFound(Text(f"{run} 中没有 {subject}", f"there is no {subject} in {run}"))
    return document


@contextmanager
def readable(run: str) -> Iterator[None]:
    """Documents that cannot be read were damaged or tampered with."""
    try:
        yield
    except (Broken, ValueError, KeyError, IndexError, TypeError) as error:
        told = Text(f"{run} 的内容已损坏,请运行 perf-pay verify", f"{run} is damaged; run perf-pay verify")
        raise VerificationFailed(told) from error


def find_runs(
    store: Store, *, actor: Actor, consortium: str | None = None, period: Period | None = None
) -> tuple[Run, ...]:
    """The runs in scope by consortium, period and number."""
    with store.read() as connection:
        return tuple(runs.list_runs(connection, actor.viewer, consortium=consortium, period=period))


def standing_run(store: Store, *, actor: Actor, consortium: str, period: Period) -> Run:
    """The published run of a month, else its newest draft.

    Raises:
        NotFound: there is none in scope.
    """
    found = find_runs(store, actor=actor, consortium=consortium, period=period)
    if not found:
        raise NotFound(Text(f"{consortium} {period} 还没有核算", f"no run of {consortium} {period} yet"))
    return max(found, key=_standing)


def standing_runs(every: Iterable[Run]) -> tuple[Run, ...]:
    """Of each consortium and period the published run, else its newest draft."""
    found: dict[tuple[str, Period], Run] = {}
    for run in sorted(every, key=_standing):
        found[run.consortium, run.period] = run
    return tuple(found.values())


def _standing(run: Run) -> tuple[bool, int]:
    return run.is_sealed and run.corrects is None, run.number


def required_run(connection: Connection, actor: Actor, run: str) -> Run:
    """The run of this name.

    Raises:
        NotFound: no such run in scope.
    """
    found = runs.find_run(connection, actor.viewer, run)
    if found is None:
        raise NotFound(Text(f"没有核算 {run}", f"no run {run}"))
    return found


def person_months(
    store: Store,
    *,
    actor: Actor,
    consortium: str,
    also: str | None = None,
    known_to: str | None = None,
    subjects: Collection[str] | None = None,
) -> Mapping[str, tuple[MonthOfPerson, ...]]:
    """Subject -> its months of published runs in order of period; for trends and the year to date, all at once.

    Args:
        also: A run that is not published yet and shall be counted as if it were.
        known_to: A run; what was published after it is left out, so that it says later what it said then.
        subjects: Of them alone; None: of everybody.
    """
    with store.read() as connection:
        every = runs.list_runs(connection, actor.viewer, consortium=consortium)
        chosen = [run for run in every if (run.is_sealed and run.corrects is None) or run.id == also]
        when = runs.published_at(connection, actor.viewer, consortium)
        if (last := when.get(known_to or "")) is not None:
            chosen = [run for run in chosen if run.id not in when or when[run.id] <= last]
        months: dict[str, list[MonthOfPerson]] = {}
        for run in sorted(chosen, key=lambda r: (r.period.first_month, r.period.kind, r.number)):
            pay_month = runs.pay_month_of(run)
            for figures in history.person_figures(connection, actor.viewer, run.id, subjects):
                month = MonthOfPerson(run.period, pay_month, run.id, figures.totals, figures.paid, figures.held)
                months.setdefault(figures.subject, []).append(month)
    return {subject: tuple(its_months) for subject, its_months in sorted(months.items())}
