"""What reading one file may cost this process: processor time, and memory beyond what it has already."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from perf.excel.guard import Limits, WorkbookRefusedError, too_costly

if TYPE_CHECKING:
    from types import FrameType

_SIZES = Path("/proc/self/statm")


@contextmanager
def bounded(limits: Limits) -> Iterator[None]:
    """Hold what is done inside to `limits.seconds` and `limits.memory_bytes`.

    Only in the main thread of a process, and where the system can; elsewhere the counters of the readers hold alone.

    Raises:
        WorkbookRefusedError: either ran out, or the file nests deeper than can be followed.
    """
    try:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        with _held_memory(limits), _held_time(limits):
            yield
    except (MemoryError, RecursionError):
        raise WorkbookRefusedError(too_costly(limits)) from None


@contextmanager
def _held_time(limits: Limits) -> Iterator[None]:
    if not hasattr(signal, "setitimer"):
        yield
        return

    def ran_out(_number: int, _frame: "FrameType | None") -> None:
        raise WorkbookRefusedError(too_costly(limits))

    before = signal.signal(signal.SIGPROF, ran_out)
    signal.setitimer(signal.ITIMER_PROF, limits.seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _held_memory(limits: Limits) -> Iterator[None]:
    try:
        import resource

        now = int(_SIZES.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except (ImportError, OSError, ValueError):  # no such limit here, or no way to know where it would stand
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    known = [most for most in (now + limits.memory_bytes, soft, hard) if most != resource.RLIM_INFINITY]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (min(known), hard))
    try:
        yield
    finally:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
