"""The pages' questions answered from the store: read only, the last few runs kept in memory."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from perf.appraisal.statement_view import Statements
from perf.appraisal.views import PayBlock, ScorecardView, StatementView
from perf.kernel.identity_fields import RULES
from perf.kernel.periods import Period, parse_period
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.load_run import LoadedRun, find_runs, load_run
from perf.services.overview import institution_rows
from perf.services.pay_files import accepted_payrolls
from perf.services.statements import statements_of
from perf.storage.key_file import KeyRefused
from perf.storage.runs import Run
from perf.storage.store import Store
from perf.web.source import InstitutionRow, MonthRow, PersonRow

RUNS_KEPT = 4
PEOPLE_SHOWN_MAX = 500
_ORDER = {"county": 0, "town": 1, "village": 2}


class StoreSource:
    """A `StatementSource` over published runs, or drafts where a month has none."""

    def __init__(self, store: Store, actor: Actor) -> None:
        self._store = store
        self._actor = actor
        self._kept: OrderedDict[str, tuple[LoadedRun, Statements]] = OrderedDict()
        self._lock = Lock()

    def months(self) -> Sequence[MonthRow]:
        """All months with a run, the newest first."""
        periods = sorted({run.period for run in self._runs() if run.period.kind == "month"}, reverse=True)
        rows = []
        for period in periods:
            chosen = self._standing(period)
            state = chosen[0].state if len({run.state for run in chosen}) == 1 else "draft"
            rows.append(MonthRow(str(period), Text(period.zh(), str(period)), "、".join(r.id for r in chosen), state))
        return rows

    def institutions(self, period: str) -> Sequence[InstitutionRow]:
        """The institutions of that month by consortium and kind, then by rank."""
        rows: list[tuple[tuple[str, int, str, int], InstitutionRow]] = []
        for loaded, statements in self._loaded(period):
            when = loaded.run.period
            for row in institution_rows(loaded):
                segment = loaded.roster.at(row.subject, when)
                if segment is None or not (row.scheme.zh or loaded.roster.children(row.subject, when)):
                    continue
                house = statements.name(loaded.run.consortium)
                scheme = row.scheme if row.scheme.zh else Text("其他", "others")
                group = Text(f"{house} · {scheme.zh}", f"{house} · {scheme.in_lang('en')}")
                place = int(row.rank.partition("/")[0]) if row.rank else 0
                tier = _ORDER.get(segment.attribute("tier") or "", len(_ORDER))
                people = len(loaded.roster.below(row.subject, "person", when))
                other = [(statements.account_title(name), amount) for name, amount in sorted(row.earmarked.items())]
                figures = (row.total, row.grade, row.rank, row.pool)
                its = (loaded.run.id, loaded.run.state)
                shown = InstitutionRow(row.subject, row.name, group, *figures, people, other, *its)
                rows.append(((loaded.run.consortium, tier, row.scheme.zh, place), shown))
        return [row for _, row in sorted(rows, key=lambda one: (one[0], one[1].institution))]

    def people(self, period: str, institution: str, query: str) -> Sequence[PersonRow]:
        """People of that month by staff number, at most 500."""
        wanted = query.strip()
        found: list[PersonRow] = []
        for loaded, statements in self._loaded(period):
            when = loaded.run.period
            codes = loaded.roster.below(institution or loaded.run.consortium, "person", when)
            for staff_no in codes:
                segment = loaded.roster.at(staff_no, when)
                if segment is None or (wanted and wanted not in segment.title and wanted not in staff_no):
                    continue
                owner = loaded.roster.ancestor(staff_no, "institution", when) or segment.parent
                department, post = segment.attribute("department") or "", segment.attribute("post") or ""
                found.append(PersonRow(staff_no, segment.title, statements.name(owner), department, post))
        return sorted(found, key=lambda row: row.staff_no)[:PEOPLE_SHOWN_MAX]

    def statement(self, period: str, staff_no: str) -> StatementView | None:
        """That person's statement of the month; of two consortia, the one the person is in at the month's end.

        Who left before gets one only where the month says something of them, as the others who make statements have it.
        """
        current, past = [], []
        for loaded, statements in self._loaded(period):
            view = statements.view(staff_no)
            if view is None:
                continue
            if loaded.roster.at(staff_no, loaded.run.period) is not None:
                current.append(view)
            elif view.scorecards or view.pay:
                past.append(view)
        return next(iter(current or past), None)

    def numbers(self, staff_no: str) -> Sequence[tuple[Text, str]]:
        """Numbers of a person, masked; none where the key is not there."""
        from perf.services.identity_reading import masked_numbers

        try:
            found = masked_numbers(self._store, actor=self._actor, subjects=[staff_no])
        except KeyRefused:
            return ()
        return [(RULES[name].title, shown) for name, shown in found.get(staff_no, {}).items()]

    def institution_scorecard(self, period: str, institution: str) -> tuple[ScorecardView, ...]:
        """The institution's scorecards of the month."""
        return tuple(card for _, statements in self._loaded(period) for card in statements.scorecards(institution))

    def institution_pay(self, period: str, institution: str) -> tuple[PayBlock, ...]:
        """What distributions gave the institution in the month."""
        return tuple(block for _, statements in self._loaded(period) for block in statements.pay_blocks(institution))

    def pdf(self, view: StatementView) -> bytes:
        """The statement as a file."""
        from perf.pdf import statement_pdf

        return statement_pdf(view)

    def pay_file(self, period: str) -> bytes | None:
        """The month's pay file as a workbook; drafts have none."""
        from perf.services.pay_files import pay_file

        sealed = [loaded for loaded, _ in self._loaded(period) if loaded.run.is_sealed]
        return pay_file(self._store, sealed, actor=self._actor, is_csv=False) if sealed else None

    def _runs(self) -> tuple[Run, ...]:
        return find_runs(self._store, actor=self._actor)

    def _standing(self, period: Period) -> list[Run]:
        chosen: dict[str, Run] = {}
        for run in self._runs():
            if run.period != period:
                continue
            before = chosen.get(run.consortium)
            if before is None or (run.is_sealed and run.corrects is None, run.number) > (
                before.is_sealed and before.corrects is None,
                before.number,
            ):
                chosen[run.consortium] = run
        return [chosen[code] for code in sorted(chosen)]

    def _loaded(self, period: str) -> list[tuple[LoadedRun, Statements]]:
        try:
            when = parse_period(period)
        except ValueError:
            return []
        return [self._one(run) for run in self._standing(when)]

    def _one(self, run: Run) -> tuple[LoadedRun, Statements]:
        payrolls = accepted_payrolls(self._store, (run,), actor=self._actor)
        key = " ".join((run.id, run.state, *(one.id for one in payrolls)))
        with self._lock:
            if key not in self._kept:
                loaded = load_run(self._store, run=run.id, actor=self._actor)
                self._kept[key] = (loaded, statements_of(self._store, run=run.id, actor=self._actor))
                while len(self._kept) > RUNS_KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]
