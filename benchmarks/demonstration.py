"""The figures of the first issue, each with its limit: the whole demo, one month of a county, one explanation.

Run: `.venv/bin/python benchmarks/demonstration.py [--keep FOLDER]`. Nothing here fails on time; it prints ratios to the limits.
"""

import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

from perf.kernel.periods import parse_period
from perf.services.actors import local_actor
from perf.services.explain import explain_subject
from perf.services.rules import usable_book
from perf.services.run_month import run_month
from perf.storage.store import open_store

COMMAND = Path(sys.executable).parent / "perf-pay"


def row(what: str, value: float, limit: float, unit: str) -> None:
    print(f"{what:<58} {value:9.2f} {unit:<4} limit {limit:g} {unit}  ratio {value / limit:.2f}")


def tree_mib(root: int) -> float:
    """Memory that a process and everything below it hold for themselves (proportional set size)."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    family = {root}
    while grown := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= grown
    total = 0
    for pid in family:
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            continue
    return total / 1024


def demo(out: Path) -> None:
    begin = time.monotonic()
    process = subprocess.Popen(
        [COMMAND, "demo", "--out", out, "--json"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    peak, done = [0.0], Event()

    def watch() -> None:
        while not done.wait(0.5):
            peak[0] = max(peak[0], tree_mib(process.pid))

    watcher = Thread(target=watch)
    watcher.start()
    code = process.wait()
    done.set()
    watcher.join()
    row(f"whole demo (exit {code})", time.monotonic() - begin, 90, "s")
    row("its memory, all processes together (PSS)", peak[0], 600, "MB")


def month(database: Path) -> None:
    store = open_store(str(database))
    actor = local_actor("benchmark")
    book = usable_book(None)
    begin = time.monotonic()
    people = 0
    for consortium in ("G1", "G2"):
        summary = run_month(
            store, consortium=consortium, period=parse_period("2025-06"), book=book, actor=actor, now=datetime.now(UTC)
        )
        people += summary.cards
    row(f"one month of {people} scorecards, scored, distributed, stored", time.monotonic() - begin, 10, "s")
    begin = time.monotonic()
    explain_subject(str(database), subject="002005", run="2025-05", actor=actor)
    row("explain a person, in the process", time.monotonic() - begin, 0.1, "s")


def command(database: Path) -> None:
    best = 1e9
    for _ in range(3):
        begin = time.monotonic()
        subprocess.run([COMMAND, "explain", "LJ02", "bed_use", "--db", database], check=True, stdout=subprocess.DEVNULL)
        best = min(best, time.monotonic() - begin)
    row("explain one line, as a command (best of 3)", best, 1.2, "s")


def main() -> None:
    print(
        f"{platform.platform()} · Python {platform.python_version()} · {os.cpu_count()} cores · load {os.getloadavg()[0]:.1f}"
    )
    with tempfile.TemporaryDirectory() as folder:
        out = Path(sys.argv[2]) if "--keep" in sys.argv else Path(folder) / "demo"
        if not (out / "perf.db").exists():
            demo(out)
        month(out / "perf.db")
        command(out / "perf.db")


if __name__ == "__main__":
    main()
