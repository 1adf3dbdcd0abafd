"""What reading a file may cost: when time or memory runs out the file is refused, and nothing is left changed."""

import resource
import signal
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.unit.excel.test_excel_guard import HEAD, SHEET, TAIL, with_part
from tests.workbooks.format_writers import as_ods

from perf.excel import Limits, read_workbook
from perf.excel.bounds import bounded
from perf.excel.guard import WorkbookRefusedError
from perf.excel.old_workbook_raw import dump

FILES = Path(__file__).parent / "files"
OLD = (FILES / "kinds.xls").read_bytes()


def codes(content: bytes, **limits: int) -> list[str]:
    return [issue.code for issue in read_workbook("x.xls", content, Limits(**limits)).issues]


def test_reading_that_takes_too_long_is_stopped_and_the_timer_is_put_away():
    before = signal.getsignal(signal.SIGPROF)

    def for_ever() -> None:
        while True:
            pass

    with pytest.raises(WorkbookRefusedError) as refused, bounded(Limits(seconds=1)):
        for_ever()
    assert refused.value.finding.code == "workbook-too-costly"
    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)


def test_reading_that_takes_too_much_memory_is_stopped_and_the_limit_is_put_back():
    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(WorkbookRefusedError) as refused, bounded(Limits(memory_bytes=64 << 20)):
        bytearray(256 << 20)
    assert refused.value.finding.code == "workbook-too-costly"
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    assert bytearray(256 << 20)


def test_nesting_deeper_than_can_be_followed_is_refused():
    def deep() -> None:
        deep()

    with pytest.raises(WorkbookRefusedError), bounded(Limits()):
        deep()


def test_in_other_threads_files_are_read_under_their_counters_alone():
    found: list[list[str]] = []
    thread = threading.Thread(target=lambda: found.append(codes("工号,姓名\n".encode() * 3, cells=5)))
    thread.start()
    thread.join()
    assert found == [["workbook-too-many-cells"]]


def test_an_old_workbook_is_read_in_a_process_that_ends_when_its_memory_does():
    assert codes(OLD) == []
    assert codes(OLD + bytes(16 << 20), memory_bytes=8 << 20) == ["workbook-too-costly"]


def test_an_old_workbook_that_keeps_its_process_busy_is_given_up(monkeypatch, tmp_path):
    busy = tmp_path / "busy.py"
    busy.write_text("import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass\n")
    monkeypatch.setattr("perf.excel.old_workbook._PROGRAM", busy)
    assert codes(OLD) == ["workbook-too-costly"]
    busy.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr("perf.excel.old_workbook._PATIENCE", 1)
    assert codes(OLD, seconds=1) == ["workbook-too-costly"]
    busy.write_text("print('no json')\n")
    assert codes(OLD) == ["workbook-damaged"]


def test_what_an_old_workbook_holds_is_counted_where_it_is_read_and_where_it_is_taken():
    assert dump(OLD, sheets_max=1, cells_max=1000) == {"refused": "too-many"}
    assert dump(OLD, sheets_max=9, cells_max=3) == {"refused": "too-many"}
    assert codes(OLD, text_total=20) == ["workbook-too-many-cells"]


def test_one_text_in_very_many_cells_counts_every_time():
    page = b"<table>" + (b"<tr><td>" + b"x" * 1000 + b"</td></tr>") * 30 + b"</table>"
    assert codes(page, text_total=20_000) == ["workbook-too-many-cells"]
    assert codes(page, text_total=40_000) == ["workbook-ending"]


def xlsx(rows: Iterable[str]) -> bytes:
    return with_part(SHEET, HEAD + "".join(rows).encode() + TAIL)


def row(number: int, *, odd: str = "", before: str = "") -> str:
    return f'{before}<row r="{number}"><c r="A{number}"{odd}><v>{number}</v></c><c r="B{number}"><v>1</v></c></row>'


ODD_SHEETS = {
    "attributes in another way": lambda: xlsx(row(n, odd=" x='1'") for n in range(1, 31)),
    "a comment within": lambda: xlsx(row(n, before="<!-- -->" if n == 1 else "") for n in range(1, 31)),
    "the first row again at the end": lambda: xlsx([*(row(n) for n in range(1, 31)), row(1)]),
}


@pytest.mark.parametrize("name", ODD_SHEETS)
def test_cells_that_no_program_writes_so_are_counted_by_themselves(name):
    content = ODD_SHEETS[name]()
    limits = Limits(single_cells=59)
    found = read_workbook("x.xlsx", content, limits).issues
    assert [issue.code for issue in found] == ["workbook-too-many-cells"]
    assert found[0].expected.zh == "这样的单元格不超过 59 个"
    assert not read_workbook("x.xlsx", content, Limits(single_cells=62)).is_refused
    assert not read_workbook("x.xlsx", xlsx(row(n) for n in range(1, 31)), limits).is_refused


def test_more_looks_of_cells_than_any_program_has_are_odd_too(monkeypatch):
    monkeypatch.setattr("perf.excel.plain_rows._KNOWN_MAX", 5)
    content = xlsx(row(n, odd=f' y="{n}"') for n in range(1, 31))
    assert [i.code for i in read_workbook("x.xlsx", content, Limits(single_cells=30)).issues] == [
        "workbook-too-many-cells"
    ]
    assert read_workbook("x.xlsx", content).sheets[0].cell_count == 60


def test_cells_of_other_formats_have_a_number_of_their_own():
    ods = as_ods([["工号", "出院人次"]] * 20)
    for name, content in {
        "x.ods": ods,
        "x.xls": OLD,
        "x.html": b"<table><tr>" + b"<td>a</td>" * 20 + b"</tr></table>",
    }.items():
        found = read_workbook(name, content, Limits(other_cells=7)).issues
        assert [(i.code, i.expected.zh) for i in found] == [("workbook-too-many-cells", "不超过 7 个单元格")], name
        assert not read_workbook(name, content, Limits(other_cells=40)).is_refused


def test_rows_beyond_those_of_any_program_are_refused_even_when_they_are_empty():
    assert not read_workbook("x.xlsx", xlsx([row(1), '<row r="1048576" s="1"/>'])).is_refused
    assert [i.code for i in read_workbook("x.xlsx", xlsx([row(1), '<row r="1048577"/>'])).issues] == [
        "workbook-cell-too-far"
    ]


def test_attributes_count_as_tags():
    content = xlsx(["<row " + " ".join(f'a{n}="1"' for n in range(500)) + "/>"] * 3)
    assert not read_workbook("x.xlsx", content).is_refused
    assert [i.code for i in read_workbook("x.xlsx", content, Limits(single_tags=1_400)).issues] == [
        "workbook-too-many-cells"
    ]


@pytest.mark.parametrize("many", [b"<b></b>" * 30, b"<td " + b"a=1 " * 60 + b">x</td>"])
def test_tags_and_attributes_of_a_page_are_counted_before_the_first_is_read(many):
    page = b"<html><table><tr><td>x</td></tr>" + many + b"</table></html>"
    assert codes(page, page_tags=50) == ["workbook-too-many-cells"]
    assert codes(page, page_tags=80) == ["workbook-ending"]
