"""What reading a file may cost: when time or memory runs out the file is refused, and nothing is left changed."""

import resource
import signal
import threading
from pathlib import Path

import pytest

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
