"""A 2,000 × 40 workbook recognised and checked, beside openpyxl's read-only pass over the same bytes in the same run."""

import io
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook, load_workbook

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.unit.excel.excel_building import BOOK, JUNE, measure, person, place
from tests.unit.excel.test_excel_guard import HOSTILE

from perf.excel import read_facts, read_workbook
from perf.kernel.subjects import Roster
from perf.specs.models import RuleBook

PEOPLE, MEASURES, ROUNDS = 2_000, 40, 5


def book() -> RuleBook:
    measures = {f"m{n:02d}": measure(f"m{n:02d}", f"数据项第{n:02d}号", digits=2, unit="yuan") for n in range(MEASURES)}
    return RuleBook(measures, {}, BOOK.indicators, BOOK.schemes, BOOK.distributions, BOOK.accounts)


def roster() -> Roster:
    return Roster([place("X203", "泥河镇卫生院"), *(person(f"{n:06d}", f"职工{n}", "X203") for n in range(PEOPLE))])


def content() -> bytes:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("数据")
    sheet.append(["工号", "姓名", *(f"数据项第{n:02d}号(元)" for n in range(MEASURES))])
    for n in range(PEOPLE):
        sheet.append([f"{n:06d}", f"职工{n}", *((n * 37 + m * 11) % 9973 / 100 for m in range(MEASURES))])
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def openpyxl_pass(raw: bytes) -> int:
    sheet = load_workbook(io.BytesIO(raw), read_only=True).worksheets[0]
    return sum(1 for row in sheet.iter_rows(values_only=True) for _ in row)


def main() -> None:
    raw, rules, people = content(), book(), roster()
    reading = read_facts("2025-06.xlsx", raw, rules, people)
    assert len(reading.rows) == PEOPLE * MEASURES, reading.issues[:3]
    assert not reading.issues
    assert reading.coverage.period == JUNE
    times: dict[str, list[float]] = {"openpyxl, read only": [], "cells read": [], "recognised and checked": []}
    for _ in range(ROUNDS):
        times["openpyxl, read only"].append(timed(lambda: openpyxl_pass(raw)))
        times["cells read"].append(timed(lambda: read_workbook("2025-06.xlsx", raw)))
        times["recognised and checked"].append(timed(lambda: read_facts("2025-06.xlsx", raw, rules, people)))
    base = statistics.median(times["openpyxl, read only"])
    print(f"{platform.machine()}, Python {platform.python_version()}; {PEOPLE} × {MEASURES} cells, median of {ROUNDS}")
    for name, taken in times.items():
        middle = statistics.median(taken)
        cells = PEOPLE * MEASURES / middle
        print(f"  {name:24} {middle:6.2f} s  {middle / base:5.2f} × openpyxl  {cells:9,.0f} cells a second")
    print("hostile files, refused in:")
    for name, (make, _) in HOSTILE.items():
        hostile = make()
        print(f"  {name:32} {timed(lambda raw=hostile: read_workbook('x.xlsx', raw)):6.3f} s")


if __name__ == "__main__":
    main()
