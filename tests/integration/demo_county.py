"""A few institutions of the demonstration county with a few people each, made, imported and closed as the demonstration does."""

import csv
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from perf.kernel.periods import Period, parse_period
from perf.services.county import write_adjustments, write_workbooks
from perf.services.county.pay_books import write_pay_books
from perf.services.demo import ADJUSTED, APPROVER, MAKER
from perf.services.demo_consortium import ConsortiumPlan, LateChange, do_consortium
from perf.services.files import packaged
from perf.services.import_files import import_files
from perf.services.init_database import init_database
from perf.services.load_run import load_run
from perf.services.reports import rows_of
from perf.services.rules import usable_book
from perf.services.workbooks import WorkbookRequest
from perf.storage.store import Store, open_store

NOW = datetime(2025, 7, 3, 9, 0, tzinfo=UTC)
STAFF = {"LJ01": 12, "LJ02": 7, "LJ07": 7}
Row = dict[str, str]


class SmallCounty:
    """One consortium with a few members, their clinics and some people; runs in the order of the demonstration.

    By default G1 with three members and thirty people; `entered`: rows of adjustments.csv instead of the county's own,
    whose people need not be there.
    """

    def __init__(
        self, folder: Path, consortium: str = "G1", staff: dict[str, int] = STAFF, *, entered: str = ""
    ) -> None:
        self.folder, self.data, self.consortium = folder, folder / "data", consortium
        self.rules = Path(shutil.copytree(packaged("fixtures/county/rules"), folder / "rules"))
        shutil.copytree(packaged("fixtures/county"), self.data)
        self._only("institutions.csv", lambda row: row["code"] in {consortium, *staff}, staff=staff)
        self._only("clinics.csv", lambda row: row["township"] in staff)
        for name, column in (("events.csv", "subject"), ("ways.csv", "place"), ("units.csv", "parent")):
            self._only(name, lambda row, column=column: row[column] in {consortium, *staff})
        self._only("disputes.csv", lambda row: {row["provider"], row["receiver"]} <= staff.keys())
        for name in ("fund.csv", "package.csv"):
            self._only(name, lambda row: row["consortium"] == consortium)
        head, *rows = (entered or (self.data / "adjustments.csv").read_text(encoding="utf-8")).splitlines()
        there = [row for row in rows if entered and f"LJ{row.split(',')[1][1:3]}" in staff]
        (self.data / "adjustments.csv").write_text("\n".join([head, *there, ""]), encoding="utf-8")
        self.entries: dict[str, list[Row]] = {}
        self.scores: dict[str, list[Row]] = {}

    def make(self, months: Sequence[Period], runs: Sequence[str]) -> None:
        """Write and import the workbooks of `months`, then run and publish `runs`."""
        book = usable_book(self.rules)
        files = write_workbooks(self.folder / "workbooks", self.data, lambda _path: None, book=book, months=months)
        store = init_database(str(self.folder / "perf.db"), actor=MAKER, now=NOW, reason="")
        request = WorkbookRequest(mode="accept_clean", reason="演示")
        self.files = import_files(store, files, specs=self.rules, actor=MAKER, now=NOW, request=request)
        write_pay_books(self.folder / "workbooks", self.data, book=book)
        change = write_adjustments(self.folder / "workbooks", self.data, book=book).get(self.consortium)
        periods = tuple(map(parse_period, runs))
        late = LateChange(*change, ADJUSTED) if change is not None else None
        database = str(self.folder / "perf.db")
        plan = ConsortiumPlan(database, self.consortium, periods, MAKER, APPROVER, self.folder, NOW, late)
        self.done = do_consortium(plan)
        for name, *_ in self.done.runs:
            rows = rows_of(load_run(store, run=name, actor=MAKER))
            period = name.partition(":")[2].partition("#")[0]
            self.entries[period], self.scores[period] = rows.entries, rows.scores
        store.close()

    def store(self) -> Store:
        """The database, to look at."""
        return open_store(str(self.folder / "perf.db"))

    def moved(self, period: str, *distributions: str) -> dict[str, int]:
        """Account -> fen in − out in a run, of some distributions or of all; without accounts that end as they began."""
        fen = Counter[str]()
        for row in self.entries[period]:
            if not distributions or row["distribution"] in distributions:
                fen[row["to"]] += int(row["amount_fen"])
                fen[row["from"]] -= int(row["amount_fen"])
        return {account: amount for account, amount in sorted(fen.items()) if amount}

    def total(self, period: str, scheme: str) -> dict[str, Fraction]:
        """Subject -> total under a scheme."""
        rows = [row for row in self.scores[period] if row["scheme"] == scheme and row["type"] == "total"]
        return {row["subject"]: Fraction(row["score"]) for row in rows if row["score"]}

    def _only(self, name: str, keeps: Callable[[Row], bool], *, staff: dict[str, int] | None = None) -> None:
        path = self.data / name
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows, fields = [row for row in reader if keeps(row)], list(reader.fieldnames or ())
        for row in rows if staff is not None else ():
            row["staff"] = str((staff or {}).get(row["code"], "")) if row["kind"] != "consortium" else row["staff"]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fields)
            writer.writeheader()
            writer.writerows(rows)
