"""Money of a month: distributing and storing it for 2,000 people, and trying other rules on it, as ratios to the limits.

Run: `.venv/bin/python benchmarks/distribution.py DATABASE` on the database that `perf-pay demo` leaves, copied first:
a draft is added to it. Nothing here fails on time. CPU seconds are those of this process; the rest is the clock.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from perf.appraisal.month import Appraisal, card_figures, pay_out, schemes_of
from perf.kernel.periods import parse_period
from perf.scoring import score
from perf.scoring.models import Scores
from perf.services.actors import local_actor
from perf.services.choose_runs import runs_of
from perf.services.collector_pause import collector_paused
from perf.services.run_inputs import pinned_inputs
from perf.services.run_month import content_of, run_month
from perf.services.scenarios import Scenario, fact_row
from perf.services.simulate import simulate
from perf.storage import documents, results
from perf.storage.canonical import rows_digest
from perf.storage.store import Connection, Store, open_store
from perf.storage.tables import BALANCE, DOCUMENT, LEDGER

COMMAND = Path(sys.executable).parent / "perf-pay"
MONTH = parse_period("2025-06")
NIGHT = "staff_monthly.parameters.night_rate.values=[{from: 2024-01, value: 100}]"
FACTS = (fact_row("001045,night_shifts,2025-06=8"), fact_row("LJ02,approved_pool,2025-06=500000"))
WEIGHTS = {"doctor_monthly.dimensions.quality.weight": "50", "doctor_monthly.dimensions.work.weight": "50"}


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Clock and CPU seconds, the better of three."""
    found = []
    for _ in range(3):
        clock, used = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - clock, time.process_time() - used))
    return min(found)


@contextmanager
def undone(store: Store) -> Iterator[Connection]:
    """A transaction that is written and then taken back: the database stays as it is."""
    with store.engine.connect() as connection:
        work = connection.begin()
        yield connection
        work.rollback()


def forget(connection: Connection, run: str) -> None:
    """Take away what the run stored of its money, so that it can be written again."""
    for table in (LEDGER, BALANCE, DOCUMENT):
        connection.execute(table.delete().where(table.c.run_id == run))


def row(what: str, seconds: tuple[float, float], limit: float) -> None:
    clock, used = seconds
    print(f"{what:<66} {clock:6.2f} s  CPU {used:5.2f} s  limit {limit:g} s  ratio {clock / limit:.2f}")


def main(database: str) -> None:
    store, actor = open_store(database), local_actor("benchmark")
    asked = runs_of(store, actor, [MONTH], None)
    inputs = {}
    with store.read() as connection:
        for run in asked:
            inputs[run.consortium] = pinned_inputs(connection, actor.viewer, run.id)
    cards = {
        code: card_figures(
            score(one.book, one.roster, one.facts, MONTH, schemes_of(one.book, MONTH), totals=one.prior.totals).cards
        )
        for code, one in inputs.items()
    }
    people = sum(row.level == "person" for one in inputs.values() for row in one.roster)

    def handed_out(*, is_told: bool) -> None:
        with collector_paused():
            for code, one in inputs.items():
                pay_out(one.book, one.roster, one.facts, MONTH, cards[code], one.prior, is_told=is_told)

    def ledger_stored() -> None:
        with collector_paused():
            for run in asked:
                one = inputs[run.consortium]
                ledger = pay_out(one.book, one.roster, one.facts, MONTH, cards[run.consortium], one.prior)
                content = content_of(run, Appraisal(Scores({}, (), 0), ledger, ()), one)
                with undone(store) as connection:
                    forget(connection, run.id)
                    results.add_results(
                        connection, actor.viewer, scores=(), entries=content.entries, balances=content.balances
                    )
                    documents.add_documents(connection, actor.viewer, run.id, run.consortium, content.documents)
                    read = results.stored_entries(connection, actor.viewer, run.id)
                    assert rows_digest(row[1:] for row in read) == run.parts["ledger"]

    def month_stored() -> None:
        for code, one in inputs.items():
            run_month(store, consortium=code, period=MONTH, book=one.book, actor=actor, now=datetime.now(UTC))

    print(f"{people} people, {len(inputs)} consortia, {MONTH}")
    row("money of the month, explained, in memory", timed(lambda: handed_out(is_told=True)), 2)
    row("the same without sentences", timed(lambda: handed_out(is_told=False)), 2)
    row("the distribution with its ledger stored and read back", timed(ledger_stored), 2)
    row("the whole month: loaded, scored, distributed, stored, read back", timed(month_stored), 6)
    path, _, value = NIGHT.partition("=")
    row("simulate, a price", timed(lambda: simulate(store, Scenario("x", {path: value}), asked, actor=actor)), 1)
    row("simulate, weights of a scheme", timed(lambda: simulate(store, Scenario("x", WEIGHTS), asked, actor=actor)), 1)
    row("simulate, facts", timed(lambda: simulate(store, Scenario("x", facts=FACTS), asked, actor=actor)), 1)
    words = [str(COMMAND), "simulate", "x", "--periods", str(MONTH), "--set", NIGHT, "--db", database, "--json"]
    row("simulate as a command, start of the program included", timed(lambda: subprocess.check_output(words)), 1)


if __name__ == "__main__":
    main(sys.argv[1])
