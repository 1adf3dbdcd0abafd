"""Worker processes of the demonstration have read the program before they begin, and none outlives whom it works for."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from process_watching import is_running, processes_below, wait_for

from perf.services.demo import demo_made_before, is_half_made
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


AT_WORK = """
import sys, time
from perf.services.processes import ready_processes, working_processes

if __name__ == "__main__":
    with working_processes(2, ready_processes("perf.kernel.money"), time.sleep, 0) as pool:
        waiting = [pool.submit(time.sleep, 600) for _ in range(3)]
        [pool.submit(abs, -1) for _ in range(2)]
        print("begun", flush=True)
        waiting[0].result()
"""
"""Two processes that would sleep for ten minutes, and a third piece of work that waits for them."""
needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads which processes there are")


@needs_proc
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_the_process_that_they_work_for_however_it_ends(tmp_path: Path, sent: signal.Signals) -> None:
    program = tmp_path / "at_work.py"
    program.write_text(AT_WORK, encoding="utf-8")
    command = subprocess.Popen(
        [sys.executable, program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )
    assert command.stdout is not None
    assert command.stdout.readline() == b"begun\n"
    below = wait_for(lambda: found if len(found := processes_below(command.pid)) >= 4 else [])
    os.kill(command.pid, sent)
    command.wait(timeout=60)
    command.stdout.close()
    assert len(below) >= 4  # the server that workers are forked from, the resource tracker, two workers
    assert wait_for(lambda: not [one for one in below if is_running(one)])


@needs_proc
def test_a_demonstration_that_is_told_to_end_leaves_no_process_behind_and_is_known_as_half_made(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    arguments = [
        sys.executable,
        "-c",
        f"import sys; from perf.cli.app import run; sys.exit(run(['demo', '--out', {str(out)!r}]))",
    ]
    command = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    below = wait_for(lambda: found if len(found := processes_below(command.pid)) >= 4 else [], seconds=300)
    command.terminate()
    command.wait(timeout=60)
    assert len(below) >= 4
    assert wait_for(lambda: not [one for one in below if is_running(one)])
    assert is_half_made(out)
    assert demo_made_before(out) is None
