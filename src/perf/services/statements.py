"""Statements and scorecards of a stored run: the view models, for everybody or for one person."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from perf.appraisal.change_reasons import MonthBefore
from perf.appraisal.figure_text import in_full
from perf.appraisal.month import ENGINE_VERSION
from perf.appraisal.statement_view import PersonHistory, RunHeader, Statements
from perf.appraisal.views import StatementView, TrendPoint
from perf.kernel.errors import NotFound
from perf.kernel.money import total
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.load_run import LoadedRun, MonthOfPerson, load_run, load_subject, person_months, required_run
from perf.services.pinned_rules import book_of_run
from perf.services.statement_source import MonthsBefore, StatementSource, Told
from perf.services.take_home import take_home_of
from perf.specs.fitting import whole_first
from perf.specs.models import RuleBook
from perf.storage import documents, runs
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
    told = told_of(store, loaded.run, book, actor=actor)
    return Statements(
        book,
        loaded.roster,
        loaded.run.period,
        loaded.scores,
        loaded.ledger,
        header_of(loaded.run),
        told.histories,
        told.take_home,
        before=_months_before(store, actor, told.earlier),
    )


def _months_before(store: Store, actor: Actor, run: str | None) -> Mapping[str, MonthBefore]:
    if run is None:
        return {}
    with store.read() as connection:
        return MonthsBefore(documents.stored_documents(connection, actor.viewer, run))


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
    with store.read() as connection:
        found = required_run(connection, actor, run)
    load_subject(store, run=run, subject=subject, actor=actor)
    source = StatementSource(store, header_of(found), actor=actor)
    return source.of([subject], told_of(store, found, source.frame.book, actor=actor, people=[subject]))


def told_of(store: Store, run: Run, book: RuleBook, *, actor: Actor, people: Collection[str] | None = None) -> Told:
    """What earlier months and the payroll say of everybody, or of these people.

    Raises:
        VerificationFailed: of everybody: the payroll is not what was accepted.
    """
    months = person_months(store, actor=actor, consortium=run.consortium, known_to=run.id, subjects=people)
    histories = {subject: history_of(its_months, run, book) for subject, its_months in months.items()}
    net = take_home_of(store, run, actor=actor, people=people)
    return Told(MappingProxyType(histories), net, _run_before(months.values(), run))


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
