"""Statements and scorecards of a stored run: the view models, for everybody or for one person."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from perf.appraisal.change_reasons import MonthBefore
from perf.appraisal.figure_text import in_full
from perf.appraisal.month import ENGINE_VERSION
from perf.appraisal.statement_view import PersonHistory, RunHeader, Statements
from perf.appraisal.views import StatementView, TrendPoint
from perf.distribution import Ledger
from perf.kernel.errors import NotFound
from perf.kernel.money import Money, total
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.scoring import Scores
from perf.services.actors import Actor
from perf.services.load_run import LoadedRun, MonthOfPerson, load_run, load_subject, person_months, required_run
from perf.services.pinned_rules import book_of_run
from perf.services.run_inputs import pinned_roster
from perf.services.take_home import take_home_of
from perf.specs.fitting import whole_first
from perf.specs.models import RuleBook
from perf.storage import documents, results, runs
from perf.storage.document_codec import SubjectDocument
from perf.storage.runs import Run
from perf.storage.store import Store

TREND_MONTHS = 12


def statements_of(store: Store, *, run: str, actor: Actor) -> Statements:
    """All statements of a run, with everybody's history.

    Raises:
        NotFound: no such run in scope.
    """
    return statements_from(store, load_run(store, run=run, actor=actor), actor=actor)


def statements_from(store: Store, loaded: LoadedRun, *, actor: Actor) -> Statements:
    """All statements of a run that was loaded already."""
    with store.read() as connection:
        book = book_of_run(connection, actor.viewer, loaded.run.id)
    months = person_months(store, actor=actor, consortium=loaded.run.consortium, known_to=loaded.run.id)
    histories = {subject: history_of(its_months, loaded.run, book) for subject, its_months in months.items()}
    return Statements(
        book,
        loaded.roster,
        loaded.run.period,
        loaded.scores,
        loaded.ledger,
        header_of(loaded.run),
        MappingProxyType(histories),
        take_home_of(store, loaded.run, actor=actor),
        before=_months_before(store, actor, _run_before(months.values(), loaded.run)),
    )


class _MonthsBefore(Mapping[str, MonthBefore]):
    """What a run gave everybody; a document is unpacked when it is asked for."""

    def __init__(self, stored: Mapping[str, bytes]) -> None:
        self._stored = stored

    def __getitem__(self, subject: str) -> MonthBefore:
        return month_before(documents.read_stored(self._stored[subject]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)


def month_before(document: SubjectDocument) -> MonthBefore:
    """One person's month for comparison."""
    return MonthBefore(document.entries, {card.scheme: card for card in document.cards})


def _months_before(store: Store, actor: Actor, run: str | None) -> Mapping[str, MonthBefore]:
    if run is None:
        return {}
    with store.read() as connection:
        return _MonthsBefore(documents.stored_documents(connection, actor.viewer, run))


def _run_before(months: Iterable[Iterable[MonthOfPerson]], run: Run) -> str | None:
    """The published run of the month before, as `months` know it."""
    if run.period.kind != "month":
        return None
    wanted = run.period.shift(-1)
    return next((one.run for own in months for one in own if one.period == wanted and one.run != run.id), None)


def one_statement(store: Store, *, run: str, staff_no: str, actor: Actor) -> StatementView:
    """One person's statement, without loading the others.

    Raises:
        NotFound: no such run in scope, or nothing in it about this person.
    """
    view = statements_about(store, run=run, subject=staff_no, actor=actor).view(staff_no)
    if view is None:
        raise NotFound(Text(f"{run} 中没有工号 {staff_no}", f"no staff number {staff_no} in {run}"))
    return view


def statements_about(store: Store, *, run: str, subject: str, actor: Actor) -> Statements:
    """The statements of a run as far as they concern one person or institution.

    Raises:
        NotFound: no such run in scope, or nothing in it about this subject.
    """
    own = load_subject(store, run=run, subject=subject, actor=actor)
    with store.read() as connection:
        found = required_run(connection, actor, run)
        book = book_of_run(connection, actor.viewer, run)
        roster = pinned_roster(connection, actor.viewer, run)
        balances = results.balances_of(connection, actor.viewer, run)
    institution = roster.ancestor(subject, "institution", found.period)
    owners = {entry.owner for entry in own.entries} | ({institution} if institution else set())
    documents = [own]
    for owner in sorted(owners - {subject}):
        try:
            documents.append(load_subject(store, run=run, subject=owner, actor=actor))
        except NotFound:
            continue
    months = person_months(store, actor=actor, consortium=found.consortium, known_to=run).get(subject, ())
    scores, ledger = _joined(documents, subject, balances)
    histories = {subject: history_of(months, found, book)}
    net = take_home_of(store, found, actor=actor, person=subject)
    earlier = _run_before([months], found)
    with store.read() as connection:
        points = {
            card.scheme: results.dimension_points(connection, actor.viewer, run, card.scheme) for card in own.cards
        }
    return Statements(
        book,
        roster,
        found.period,
        scores,
        ledger,
        header_of(found),
        MappingProxyType(histories),
        net,
        before=_own_before(store, actor, earlier, subject),
        peer_points=points,
    )


def _own_before(store: Store, actor: Actor, run: str | None, staff_no: str) -> Mapping[str, MonthBefore]:
    if run is None:
        return {}
    try:
        return {staff_no: month_before(load_subject(store, run=run, subject=staff_no, actor=actor))}
    except NotFound:
        return {}


def _joined(
    documents: Iterable[SubjectDocument], staff_no: str, balances: Mapping[str, Money]
) -> tuple[Scores, Ledger]:
    """The cards of all documents, the entries of the person, the path of the funds, the closing balances."""
    kept = list(documents)
    cards = {(card.scheme, card.subject): card for one in kept for card in one.cards}
    entries = tuple(entry for one in kept if one.subject == staff_no for entry in one.entries)
    path = tuple(step for _, step in sorted((row for one in kept for row in one.path), key=lambda row: row[0]))
    return Scores(MappingProxyType(dict(sorted(cards.items()))), (), 0), Ledger(entries, path, balances)


def header_of(run: Run) -> RunHeader:
    """What a statement says about its run."""
    return RunHeader(run.id, run.state, run.engine or ENGINE_VERSION, run.digest or "", run.consortium)


def history_of(months: Iterable[MonthOfPerson], run: Run, book: RuleBook) -> PersonHistory:
    """Trend (gaps open), year to date by month of payment, and the month before, as of `run`."""
    published = [month for month in months if month.run != run.id]
    monthly = {month.period: month for month in published if month.period.kind == "month"}
    paid_in = runs.pay_month_of(run)
    to_date = total(m.paid for m in published if m.pay_month.year == paid_in.year and m.pay_month <= paid_in)
    before = monthly.get(run.period.shift(-1)) if run.period.kind == "month" else None
    return PersonHistory(
        trend=_trend(monthly, run.period, book) if run.period.kind == "month" else (),
        year_to_date_before=to_date,
        previous_pay=before.paid if before is not None else None,
        previous_total=_total(before, book) if before is not None else None,
    )


def _trend(monthly: Mapping[Period, MonthOfPerson], period: Period, book: RuleBook) -> tuple[TrendPoint, ...]:
    points: list[TrendPoint] = []
    for count in range(1 - TREND_MONTHS, 0):
        month = period.shift(count)
        known = monthly.get(month)
        pay = known.paid if known is not None else None
        points.append(TrendPoint(str(month), f"{month.number}月", _total(known, book) if known else None, pay))
    return tuple(points)


def _total(month: MonthOfPerson, book: RuleBook) -> str | None:
    totals = (month.totals[scheme] for scheme in whole_first(book, month.totals, month.period))
    return next((in_full(total, 2) for total in totals if total is not None), None)
