"""Which processes run below another one, and waiting for what becomes true."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def processes_below(process: int) -> list[int]:
    """Children of a process, and theirs."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []
    return [one for child in map(int, children) for one in (child, *processes_below(child))]


def is_running(process: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        os.kill(process, 0)
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except (ProcessLookupError, FileNotFoundError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def wait_for(found: Callable[[], T], *, seconds: int = 60) -> T:
    """What `found` gives as soon as it gives something; what it gave last where time runs out."""
    for _ in range(seconds * 10):
        if value := found():
            return value
        time.sleep(0.1)
    return found()
