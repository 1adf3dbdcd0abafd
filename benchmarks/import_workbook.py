"""Workbooks recognised, checked and previewed, beside openpyxl's read-only pass over the same bytes in the same run.

2,000 × 40: a month of one department. 100,000 × 12: a year of a county's people, ten figures each, a row for every person
and month; and the same as a long table, one figure a row. A month of a department with a year of stored months before it is
held against that history (a million figures). Each size runs in a process of its own, so that peak memory is its own; times are
processor time, for other work on the machine disturbs those least.
"""

import io
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from openpyxl import Workbook, load_workbook

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.unit.excel.excel_building import BOOK, measure, person, place
from tests.unit.excel.test_excel_guard import HOSTILE

from perf.excel import RosterReading, read_workbook
from perf.excel.layouts import NO_REMEMBERED
from perf.kernel.figures import exact_text
from perf.kernel.periods import Period
from perf.kernel.subjects import Segment
from perf.services.actors import Actor
from perf.services.collector_pause import collector_paused
from perf.services.import_plan import ImportPlan, Mode
from perf.services.import_roster import import_roster
from perf.services.init_database import init_database
from perf.services.known_roster import KnownRoster
from perf.services.preview_token import token_of
from perf.services.workbooks import WorkbookRequest, import_reading, read_file
from perf.specs.models import RuleBook
from perf.storage import facts, imports
from perf.storage.canonical import sha256_bytes
from perf.storage.facts import NewLine
from perf.storage.store import Store

ROUNDS = 3
HR = Actor("绩效办", everything=True)
NOW = datetime(2025, 7, 1, tzinfo=UTC)
MONTHS = 12
Rows = Iterator[Sequence[object]]


def rules(measures: int) -> RuleBook:
    known = {f"m{n:02d}": measure(f"m{n:02d}", f"数据项第{n:02d}号", digits=2, unit="yuan") for n in range(measures)}
    return RuleBook(known, {}, BOOK.indicators, BOOK.schemes, BOOK.distributions, BOOK.accounts)


def figure(subject: int, number: int) -> float:
    return (subject * 37 + number * 101) % 99_730 / 100


def month_of_a_department() -> Rows:
    yield ["工号", "姓名", *(f"数据项第{n:02d}号(元)" for n in range(40))]
    for n in range(2_000):
        yield [f"{n:06d}", f"职工{n}", *(figure(n, m) for m in range(40))]


def year_of_a_county() -> Rows:
    yield ["工号", "月份", *(f"数据项第{n:02d}号(元)" for n in range(10))]
    for row in range(100_000):
        who, month = divmod(row, MONTHS)
        yield [f"{who:06d}", f"2025-{month + 1:02d}", *(figure(row, m) for m in range(10))]


def long_table() -> Rows:
    header = [
        "序号",
        "机构编码",
        "机构名称",
        "科室",
        "工号",
        "姓名",
        "岗位",
        "月份",
        "数据项",
        "数值",
        "计量单位",
        "备注",
    ]
    yield header
    for row in range(100_000):
        who, rest = divmod(row, 10 * MONTHS)
        month, number = divmod(rest, 10)
        about = [row + 1, "X203", "泥河镇卫生院", "内科", f"{who:06d}", f"职工{who}", "医生", f"2025-{month + 1:02d}"]
        yield [*about, f"数据项第{number:02d}号", figure(row, number), "元", "无"]


SIZES: dict[str, tuple[Callable[[], Rows], int, int, int]] = {
    "2,000 × 40": (month_of_a_department, 40, 2_000, 80_000),
    "2,000 × 40, judged by a year": (month_of_a_department, 40, 2_000, 80_000),
    "100,000 × 12": (year_of_a_county, 10, 8_334, 1_000_000),
    "100,000 × 12, long": (long_table, 10, 8_334, 100_000),
}


def content(rows: Rows) -> bytes:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("数据")
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def timed(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def openpyxl_pass(raw: bytes) -> int:
    sheet = load_workbook(io.BytesIO(raw), read_only=True).worksheets[0]
    return sum(1 for row in sheet.iter_rows(values_only=True) for _ in row)


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def database(folder: Path, people: int) -> Store:
    store = init_database(f"sqlite:///{folder / 'perf.db'}", actor=HR, now=NOW)
    above = Segment("C1", "consortium", "consortium", "", attributes=MappingProxyType({"name": "县人民医院医共体"}))
    found = (above, place("X203", "泥河镇卫生院"), *(person(f"{n:06d}", f"职工{n}", "X203") for n in range(people)))
    bytes_of = b"roster"
    reading = RosterReading("花名册.xlsx", sha256_bytes(bytes_of), found, ())
    import_roster(store, reading, content=bytes_of, actor=HR, now=NOW, mode="accept")
    return store


def keep_year(store: Store, people: int, measures: int) -> None:
    """The twelve months before June 2025 of everybody, each figure within a tenth of June's."""
    june = Period(2025, "month", 6)
    for back in range(MONTHS, 0, -1):
        period = june.shift(-back)
        with store.write() as connection:
            coverage = {
                "sender": "",
                "measures": [f"m{m:02d}" for m in range(measures)],
                "subjects": [f"{n:06d}" for n in range(people)],
                "periods": [str(period)],
            }
            number = imports.add_import(
                connection,
                HR.viewer,
                consortium="C1",
                kind="facts",
                name=f"{period}.xlsx",
                content=b"",
                sha256=sha256_bytes(str(period).encode()),
                sender="",
                at=NOW,
                state="accepted",
                reason="",
                counts={"new": people * measures},
                coverage=coverage,
                issues=(),
                cipher=store.keys.cipher_for_writing(connection, HR.viewer, NOW),
            )
            lines = (
                NewLine("C1", f"{n:06d}", f"m{m:02d}", period, "", "", exact_text(earlier(n, m, back)))
                for n in range(people)
                for m in range(measures)
            )
            facts.append_lines(connection, HR.viewer, number, lines)


def earlier(subject: int, number: int, back: int) -> Fraction:
    percent = 92 + (subject * 7 + number * 13 + back * 5) % 17
    return Fraction(round(figure(subject, number) * percent), 100)


def previewed(store: Store, path: Path, book: RuleBook, mode: Mode = "dry") -> ImportPlan:
    """All that `perf-pay import` does with a file once the rules are read: roster, cells, facts, differences."""
    known, request = KnownRoster(), WorkbookRequest(mode=mode, judges_values=True)
    with store.read() as connection:
        roster = known.roster(connection, HR.viewer)
    with collector_paused():
        reading = read_file(path, book, roster, request, NO_REMEMBERED)
    plan = import_reading(store, path, reading, actor=HR, now=NOW, request=request, known=known, measures=book.measures)
    assert isinstance(plan, ImportPlan)
    if mode == "dry":
        assert token_of(plan)
    return plan


def run(name: str, file: str) -> None:
    """One size, measured in this process."""
    make, measures, people, expected = SIZES[name]
    del make
    book, path = rules(measures), Path(file)
    raw = path.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        store = database(Path(folder), people)
        if "judged" in name:
            keep_year(store, people, measures)
        before = peak_mb()
        plan = previewed(store, path, book)
        assert len(plan.new) == expected, (len(plan.new), plan.issues[:3])
        assert all(issue.severity == "info" for issue in plan.issues), plan.issues[:3]
        peak = peak_mb()
        del plan
        times: dict[str, list[float]] = {"openpyxl, read only": [], "cells read": [], "and checked, previewed": []}
        for _ in range(ROUNDS):
            times["openpyxl, read only"].append(timed(lambda: openpyxl_pass(raw)))
            times["cells read"].append(timed(lambda: read_workbook(path.name, raw)))
            times["and checked, previewed"].append(timed(lambda: previewed(store, path, book)))
        accepted = timed(lambda: previewed(store, path, book, "accept"))
        after = peak_mb()
    base = statistics.median(times["openpyxl, read only"])
    print(
        f"{name}: {expected:,} facts; median of {ROUNDS}; memory {peak} MB with the preview, of which {before} before it"
    )
    for what, taken in times.items():
        middle = statistics.median(taken)
        print(f"  {what:24} {middle:6.2f} s  {middle / base:5.2f} × openpyxl")
    print(f"  {'read, checked, accepted':24} {accepted:6.2f} s  {accepted / base:5.2f} × openpyxl; memory {after} MB")


def main() -> None:
    if len(sys.argv) > 2:
        run(sys.argv[1], sys.argv[2])
        return
    print(f"{platform.machine()}, Python {platform.python_version()}; processor time")
    with tempfile.TemporaryDirectory() as folder:
        for name, (make, *_) in SIZES.items():
            path = Path(folder) / ("2025-06.xlsx" if make is month_of_a_department else "2025.xlsx")
            path.write_bytes(content(make()))
            subprocess.run([sys.executable, __file__, name, str(path)], check=True)
    print("hostile files, refused in:")
    for name, (hostile, _) in HOSTILE.items():
        raw = hostile()
        print(f"  {name:32} {timed(lambda raw=raw: read_workbook('x.xlsx', raw)):6.3f} s")


if __name__ == "__main__":
    main()
