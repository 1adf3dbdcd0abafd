"""All statements of a run, made and drawn by several processes: each reads the people whose turn it is."""

import gc
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import NamedTuple

from perf.appraisal.statement_view import RunHeader, Statements, subjects_of
from perf.appraisal.views import StatementView
from perf.kernel.errors import NotFound
from perf.kernel.text import Text
from perf.pdf import Order
from perf.pdf.batch import draw, shared_out, shared_with
from perf.pdf.signing import Seal
from perf.services.actors import Actor
from perf.services.collector_pause import collector_paused
from perf.services.load_run import required_run
from perf.services.processes import as_a_worker, ready_processes
from perf.services.statement_source import StatementSource, Told
from perf.services.statements import header_of, told_of
from perf.storage import documents
from perf.storage.store import Store, open_store


class Wanted(NamedTuple):
    """A file to be made: the order without its statements, and whose they are."""

    order: Order
    staff: tuple[str, ...]
    told: Told


class Opening(NamedTuple):
    """What a process needs to make the statements of a run by itself."""

    url: str
    header: RunHeader
    actor: Actor

    def __repr__(self) -> str:  # the address may hold a password
        return f"Opening({self.header.run})"


@dataclass(frozen=True, slots=True)
class StatementBatch:
    """The statements of one run.

    Attributes:
        told: What earlier months and the payroll say of everybody.
    """

    store: Store
    source: StatementSource
    told: Told
    actor: Actor

    @property
    def frame(self) -> Statements:
        """Names, places and the head of the run; without anybody's scores and pay."""
        return self.source.frame

    def subjects(self) -> list[str]:
        """Everybody who gets a statement, sorted."""
        with self.store.read() as connection:
            known = documents.documented_subjects(connection, self.actor.viewer, self.frame.header.run)
        return subjects_of(self.frame.roster, self.frame.period, known)

    def drawn(
        self, wanted: Iterable[Wanted], *, workers: int, seal: Seal | None, helper: Executor | None = None
    ) -> Iterator[tuple[Wanted, bytes]]:
        """Every file, in the order in which they are wanted; in no order where `helper` draws too."""
        here = partial(_files, self.source, seal)
        opening = Opening(self.store.url, self.frame.header, self.actor)
        there = partial(_files_elsewhere, opening, seal)
        if helper is not None:
            return shared_with(helper, wanted, here, there, size=_people)
        if workers <= 1:
            return shared_out(wanted, here, workers=1, size=_people)
        processes = ready_processes(__name__)
        return shared_out(wanted, there, workers=workers, size=_people, processes=processes, begin=as_a_worker)


def statement_batch(store: Store, *, run: str, actor: Actor) -> StatementBatch:
    """All statements of a run, to be drawn.

    Raises:
        NotFound: no such run in scope.
        VerificationFailed: the payroll is not what was accepted.
    """
    with store.read() as connection:
        found = required_run(connection, actor, run)
    source = StatementSource(store, header_of(found), actor=actor)
    return StatementBatch(store, source, told_of(store, found, source.frame.book, actor=actor), actor)


def _people(wanted: Wanted) -> int:
    return len(wanted.staff)


def _files(source: StatementSource, seal: Seal | None, wanted: list[Wanted]) -> list[bytes]:
    """The files, with the statements of all their people made at once."""
    told = Told(
        {one: history for each in wanted for one, history in each.told.histories.items()},
        {one: net for each in wanted for one, net in each.told.take_home.items()},
        wanted[0].told.earlier,
    )
    files = []
    with collector_paused():
        statements = source.of([one for each in wanted for one in each.staff], told)
        for each in wanted:
            views = tuple(_view(statements, one) for one in each.staff)
            files.append(draw(replace(each.order, views=views), seal))
    return files


def _view(statements: Statements, staff_no: str) -> StatementView:
    """Nobody is left out of a file unseen."""
    view = statements.view(staff_no)
    if view is None:
        run = statements.header.run
        raise NotFound(Text(f"{run} 的花名册里没有工号 {staff_no}", f"{run} knows no staff number {staff_no}"))
    return view


def _files_elsewhere(opening: Opening, seal: Seal | None, wanted: list[Wanted]) -> list[bytes]:
    """The same in a process that has to open the database first."""
    return _files(_source(opening), seal, wanted)


@lru_cache(maxsize=1)
def _source(opening: Opening) -> StatementSource:
    source = StatementSource(open_store(opening.url), opening.header, actor=opening.actor)
    gc.freeze()  # the rules and the roster stay as long as the process
    return source
