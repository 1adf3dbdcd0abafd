"""One county's year: 2,000 people × 30 indicators × 12 months scored and stored, then one weight changed and all of it asked again.

Run: python benchmarks/county_year.py [people]. Limits: one month scored with stored results 2 s, the what-if over twelve months 0.5 s. On SQLite; medians of five.
The whole command's time adds the start of the interpreter and the reading of the rules.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import columnar_workload as workload
import province

from perf.services.actors import local_actor
from perf.services.score_many import Order, Scorer, find_wide_files, score_one
from perf.services.what_if import what_if
from perf.storage.engine import engine_for
from perf.storage.migrate import upgrade
from perf.storage.store import open_store

STORED_LIMIT, WHAT_IF_LIMIT, ROUNDS = 2.0, 0.5, 5


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    province.CONSORTIA = 1
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        province.write_files(folder, people)
        url = f"sqlite:///{folder / 'perf.db'}"
        upgrade(engine_for(url))
        store, actor = open_store(url), local_actor("bench")
        order = Order(folder / "rules", "monthly", actor, province.NOW)
        scorer = Scorer(order.specs, order.scheme)
        files = find_wide_files(folder / "wide")
        stored = [timed(lambda file=file: score_one(store, scorer, file, order)) for file in files]
        periods = [file.period for file in files]
        changes = {"monthly.dimensions.all.indicators.i_0.weight": "50"}

        def ask() -> None:
            found = what_if(store, scorer.book.texts, scheme="monthly", periods=periods, changes=changes, actor=actor)
            assert found.subjects == people
            assert found.rose
            assert found.fell

        asked = statistics.median(timed(ask) for _ in range(ROUNDS))
        changes = {"i_3.points.through": "[[0.20, 0], [0.90, 100]]"}
        target = statistics.median(timed(ask) for _ in range(ROUNDS))
        month = statistics.median(stored)
        print(
            f"{people:,} people × {workload.INDICATORS} indicators, a month read from its file, scored and stored: {month:.2f} s (limit {STORED_LIMIT})"
        )
        print(
            f"what-if over {len(periods)} months: a weight {asked:.2f} s, a curve {target:.2f} s (limit {WHAT_IF_LIMIT})"
        )
        store.close()


if __name__ == "__main__":
    main()
