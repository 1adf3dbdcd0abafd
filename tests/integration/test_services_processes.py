"""Worker processes of the demonstration have read the program before they begin."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor

import pytest

from perf.services.processes import ready_processes

MODULE = "perf.services.demo"


def seen() -> tuple[int, bool]:
    """The process, and whether the module was there before it was asked for."""
    return os.getpid(), MODULE in sys.modules


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every process starts anew")
def test_a_worker_has_read_the_modules_that_were_named() -> None:
    with ProcessPoolExecutor(1, ready_processes(MODULE)) as pool:
        process, has_read = pool.submit(seen).result(timeout=120)
    assert has_read
    assert process != os.getpid()


def test_a_platform_without_it_starts_each_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert ready_processes(MODULE).get_start_method() == "spawn"
