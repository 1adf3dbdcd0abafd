"""Statements of a stored run for some people at a time: what all share is read once, the rest for those who ask."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from perf.appraisal.change_reasons import MonthBefore
from perf.appraisal.peer_standing import Points
from perf.appraisal.statement_view import PersonHistory, RunHeader, Statements
from perf.appraisal.views import TakeHome
from perf.distribution import Ledger
from perf.kernel.money import Money
from perf.scoring import Scores
from perf.services.actors import Actor
from perf.services.load_run import readable, required_run
from perf.services.pinned_rules import book_of_run
from perf.services.run_inputs import pinned_roster
from perf.storage import documents, results
from perf.storage.document_codec import SubjectDocument
from perf.storage.store import Store


@dataclass(frozen=True, slots=True)
class Told:
    """What earlier months and the payroll say of some people, and which run was the month before."""

    histories: Mapping[str, PersonHistory] = field(default_factory=lambda: MappingProxyType({}))
    take_home: Mapping[str, TakeHome] = field(default_factory=lambda: MappingProxyType({}))
    earlier: str | None = None

    def about(self, people: Collection[str]) -> "Told":
        """As far as it concerns these people."""
        histories = {one: self.histories[one] for one in people if one in self.histories}
        take_home = {one: self.take_home[one] for one in people if one in self.take_home}
        return Told(histories, take_home, self.earlier)


class StatementSource:
    """Makes the statements of one run. Institutions' documents and the peers' points are kept, people's are not."""

    def __init__(self, store: Store, header: RunHeader, *, actor: Actor) -> None:
        self._store, self._run, self._actor = store, header.run, actor
        with store.read() as connection:
            period = required_run(connection, actor, header.run).period
            book = book_of_run(connection, actor.viewer, header.run)
            roster = pinned_roster(connection, actor.viewer, header.run)
            self._balances = results.balances_of(connection, actor.viewer, header.run)
        self._points: dict[str, Points] = {}
        self._owners: dict[str, SubjectDocument | None] = {}
        nothing = Ledger((), (), self._balances)
        self.frame = Statements(
            book, roster, period, Scores(MappingProxyType({}), (), 0), nothing, header, peer_points=self._points
        )

    def of(self, people: Collection[str], told: Told) -> Statements:
        """The statements of these people, or of institutions.

        Raises:
            VerificationFailed: what is stored about them cannot be read.
        """
        own = self._read(self._run, people)
        owners = {owner for one in people for owner in self._owners_of(one, own.get(one))} - own.keys()
        unknown = owners - self._owners.keys()
        if unknown:
            found = self._read(self._run, unknown)
            self._owners |= {owner: found.get(owner) for owner in unknown}
        self._read_points({card.scheme for document in own.values() for card in document.cards})
        shared = [document for owner in sorted(owners) if (document := self._owners[owner]) is not None]
        scores, ledger = _joined([*own.values(), *shared], own.keys(), self._balances)
        before = MonthsBefore(self._stored(told.earlier, people) if told.earlier else {})
        return self.frame.of_others(scores, ledger, histories=told.histories, take_home=told.take_home, before=before)

    def _owners_of(self, subject: str, document: SubjectDocument | None) -> set[str]:
        """Whose cards, or whose way of the funds, stand on the statement."""
        owners = {self.frame.place(subject)[0], *(entry.owner for entry in (document.entries if document else ()))}
        return owners - {"", subject}

    def _read(self, run: str, subjects: Collection[str]) -> dict[str, SubjectDocument]:
        stored = self._stored(run, subjects)
        with readable(run):
            return {subject: documents.read_stored(stored[subject]) for subject in sorted(stored)}

    def _stored(self, run: str, subjects: Collection[str]) -> dict[str, bytes]:
        with self._store.read() as connection:
            return documents.stored_documents(connection, self._actor.viewer, run, subjects)

    def _read_points(self, schemes: Iterable[str]) -> None:
        missing = sorted(set(schemes) - self._points.keys())
        if missing:
            with self._store.read() as connection:
                for scheme in missing:
                    self._points[scheme] = results.dimension_points(connection, self._actor.viewer, self._run, scheme)


class MonthsBefore(Mapping[str, MonthBefore]):
    """What a run gave people; a document is unpacked when it is asked for."""

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


def _joined(
    found: Iterable[SubjectDocument], people: Collection[str], balances: Mapping[str, Money]
) -> tuple[Scores, Ledger]:
    """The cards of all documents, the entries of these people, the path of the funds, the closing balances."""
    kept = list(found)
    cards = {(card.scheme, card.subject): card for one in kept for card in one.cards}
    entries = tuple(entry for one in kept if one.subject in people for entry in one.entries)
    path = tuple(step for _, step in sorted((row for one in kept for row in one.path), key=lambda row: row[0]))
    return Scores(MappingProxyType(dict(sorted(cards.items()))), (), 0), Ledger(entries, path, balances)
