"""How fast the store is: 400,000 facts imported, a month of 2,000 people run, published, verified, one line explained.

Run: `python benchmarks/storage.py [URL]`. Prints seconds, rows a second, and ratios to a bare executemany in the same run.
"""

import hashlib
import itertools
import platform
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from perf.excel.reading import Coverage, ImportReading
from perf.kernel.facts import Fact, FactKey, FactSource
from perf.kernel.issues import Issue
from perf.kernel.periods import Period
from perf.kernel.subjects import Segment
from perf.services.actors import local_actor
from perf.services.import_facts import import_facts
from perf.services.import_roster import import_roster
from perf.services.init_database import init_database
from perf.services.load_run import load_run, load_subject
from perf.services.publish import publish
from perf.services.run_month import run_month
from perf.services.verify_run import verify_run
from perf.specs.book import load_book

PEOPLE, HOUSES, MEASURES, MONTHS = 2000, 18, 6, 18
NOW = datetime(2025, 7, 3, 8, tzinfo=UTC)
HR = local_actor("bench")


class Roster(NamedTuple):
    name: str
    sha256: str
    segments: tuple[Segment, ...]
    issues: tuple[Issue, ...] = ()


def rules() -> dict[str, str]:
    measures = "---\n".join(
        f"measure: m{n}\ntitle: {{zh: 数据{n}}}\nanswers: score\nunit: points\ndigits: 2\nlevel: person\nroll_up: none\n"
        for n in range(MEASURES)
    )
    pool = "measure: pool_yuan\ntitle: {zh: 总额}\nanswers: number\nunit: yuan\ndigits: 2\nlevel: institution\nroll_up: sum\n"
    indicators = "---\n".join(
        f"indicator: i{n}\ntitle: {{zh: 指标{n}}}\nlevel: person\nunit: points\ndirection: higher\nconfidence: A\n"
        f"value: m{n}\ndigits: exact\npoints: {{curve: linear, through: [[0, 0], [60, 60], [100, 100]]}}\n"
        "source: {document: d, clause: c}\nno_value: block\n"
        for n in range(MEASURES)
    )
    items = ", ".join(
        f"i{n}: {{weight: {100 // MEASURES if n else 100 - 100 // MEASURES * (MEASURES - 1)}}}" for n in range(MEASURES)
    )
    scheme = (
        "scheme: staff\ntitle: {zh: 考核}\nof: {level: person}\nperiod: month\nsource: {document: d, clause: c}\n"
        f"dimensions:\n  all: {{weight: 100, indicators: {{{items}}}}}\ngrades: [[合格, 60], [不合格, 0]]\n"
    )
    pay = "\n".join(f"  - apportion: {{by: share * score / 100, line: 绩效{n}, amount: 25% * fund}}" for n in range(3))
    money = (
        "attributes: {share: 系数}\n---\ndistribution: pay\ntitle: {zh: 绩效}\nperiod: month\nper: institution\namong: staff\n"
        "uses: {score: [staff]}\nfund: pool_yuan\nsource: {document: d, clause: c}\nsteps:\n"
        f"{pay}\n  - apportion: {{by: share * score / 100, line: 余额}}\non_missing_score: hold_at(full)\n"
    )
    return {"m.yaml": measures + "---\n" + pool, "i.yaml": indicators, "s.yaml": scheme, "d.yaml": money}


def segments() -> tuple[Segment, ...]:
    def one(subject: str, level: str, parent: str, **attributes: str) -> Segment:
        return Segment(subject, level, level, parent, date.min, date.max, MappingProxyType(attributes))  # type: ignore[arg-type]

    return (
        one("lj", "county", ""),
        one("A", "consortium", "lj", name="A"),
        *(one(f"h{h}", "institution", "A", name=f"院{h}") for h in range(HOUSES)),
        *(one(f"{p:05d}", "person", f"h{p % HOUSES}", name=f"人{p}", share=f"1.{p % 9}") for p in range(PEOPLE)),
    )


def facts(period: Period) -> list[Fact]:
    rows = [
        Fact(
            FactKey(f"{p:05d}", f"m{n}", period),
            Fraction(6000 + (p * 7 + n * 13 + period.number * 31) % 4000, 100),
            FactSource("月报.xlsx", "表1", f"{chr(66 + n)}{p + 2}", "绩效办"),
        )
        for p in range(PEOPLE)
        for n in range(MEASURES)
    ]
    rows += [
        Fact(
            FactKey(f"h{h}", "pool_yuan", period),
            Fraction(20_000_001 + h, 100),
            FactSource("月报.xlsx", "资金", f"B{h + 2}", "财务"),
        )
        for h in range(HOUSES)
    ]
    return sorted(rows)


def extra(period: Period, count: int) -> list[Fact]:
    """Facts that no rule names: most of what a county reports."""
    return sorted(
        Fact(
            FactKey(f"{n % PEOPLE:05d}", f"x{n // PEOPLE}", period),
            Fraction(n),
            FactSource("其他.xlsx", "表1", f"C{n}", "信息科"),
        )
        for n in range(count)
    )


def reading(name: str, rows: list[Fact]) -> tuple[ImportReading, bytes]:
    content = hashlib.sha256(name.encode()).digest() * 2000
    subjects = tuple(sorted({r.key.subject for r in rows}))
    coverage = Coverage(
        rows[0].source.sender, tuple(sorted({r.key.measure for r in rows})), subjects, (rows[0].key.period,), ()
    )
    return ImportReading(name, hashlib.sha256(content).hexdigest(), tuple(rows), (), coverage), content


@contextmanager
def timed(what: str, rows: int = 0) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds = time.perf_counter() - start
    rate = f"{rows / seconds:12,.0f} rows/s" if rows else ""
    print(f"{what:58s}{seconds:9.3f} s{rate}", flush=True)


def bare(folder: Path, rows: int) -> None:
    """The limit to compare with: the driver's executemany into a table like `fact`, nothing else."""
    connection = sqlite3.connect(folder / "bare.db")
    connection.execute("create table fact (a int, b int, c text, d text, e text, f text, g text, h text, i text)")
    values = [(1, n, "A", f"{n:05d}", "m1", "2025-06", "", "", "92.35") for n in range(rows)]
    with timed(f"bare executemany of {rows:,} rows", rows), connection:
        connection.executemany("insert into fact values (?,?,?,?,?,?,?,?,?)", values)
    connection.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder / 'perf.db'}"
        print(f"{platform.platform()}, Python {platform.python_version()}, {url.split(':')[0]}")
        with timed("init"):
            store = init_database(url, actor=HR, now=NOW, key_file=folder / "perf.key")
        book, issues = load_book(rules())
        assert not [i for i in issues if i.is_error], [i.render("en") for i in issues]
        roster = segments()
        content = repr(roster).encode()
        with timed("roster imported", len(roster)):
            import_roster(
                store,
                Roster("花名册.xlsx", hashlib.sha256(content).hexdigest(), roster),
                content=content,
                actor=HR,
                now=NOW,
                mode="accept",
            )
        months = [Period(2024 + n // 12, "month", n % 12 + 1) for n in range(MONTHS)]
        files = [reading(f"{m}.xlsx", facts(m)) for m in months]
        files += [reading(f"{m}-x.xlsx", extra(m, 10_000)) for m in months]
        count = sum(len(found.rows) for found, _content in files)
        with timed(f"{count:,} facts of {len(files)} files imported", count):
            for found, content in files:
                import_facts(store, found, content=content, actor=HR, now=NOW, mode="accept")
        bare(folder, 100_000)
        stages: list[tuple[str, float]] = []
        start = time.perf_counter()
        summary = run_month(
            store,
            consortium="A",
            period=months[-1],
            book=book,
            actor=HR,
            now=NOW,
            progress=lambda stage: stages.append((stage, time.perf_counter())),
        )
        stages.append(("end", time.perf_counter()))
        for (stage, began), (_next, ended) in itertools.pairwise(stages):
            print(f"  run: {stage:52s}{ended - began:9.3f} s")
        print(
            f"{'run of ' + format(PEOPLE, ',') + ' people':58s}{time.perf_counter() - start:9.3f} s", summary.run.counts
        )
        with timed("publish"):
            publish(store, run=summary.run.id, actor=HR, by="other", reason="bench", now=NOW)
        with timed("verify (computed again)"):
            verification = verify_run(store, run=summary.run.id, actor=HR)
        assert verification.is_good, verification.findings[:3]
        with timed("load the whole run"):
            load_run(store, run=summary.run.id, actor=HR)
        with timed("load one subject"):
            load_subject(store, run=summary.run.id, subject="00017", actor=HR)
        store.close()
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
