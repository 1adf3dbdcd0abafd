"""Worker processes of the demonstration have read the program before they begin."""

import subprocess
import sys

import pytest

from perf.services.processes import ready_processes

MODULE = "perf.services.demo"
PROGRAM = f"""
import os
from concurrent.futures import ProcessPoolExecutor
from perf.services.processes import ready_processes

with ProcessPoolExecutor(1, ready_processes({MODULE!r})) as pool:
    print(pool.submit(eval, "{MODULE!r} in __import__('sys').modules").result(timeout=120))
    print(pool.submit(os.getpid).result(timeout=120) != os.getpid())
"""
"""In a process of its own: the server that workers are forked from is started once a process, by whoever asks first."""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every process starts anew")
def test_a_worker_has_read_the_modules_that_were_named() -> None:
    said = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=300)
    assert said.stdout.split() == ["True", "True"]


def test_a_platform_without_it_starts_each_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert ready_processes(MODULE).get_start_method() == "spawn"
