"""Worker processes: they need not read the program again where that is possible, and none outlives the one it works for."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, forkserver, parent_process
from multiprocessing.context import BaseContext
from threading import Thread
from typing import TypeVarTuple

Given = TypeVarTuple("Given")


def ready_processes(*modules: str) -> BaseContext:
    """A way to start processes in which `modules` are imported already; elsewhere than on Linux each starts anew.

    They come from a process of their own that has read the modules and does nothing else: no thread, no connection and
    no open file of this one is theirs. It sees the environment of this process as it is at the first start.
    """
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(modules))
    forkserver.ensure_running()  # it reads while this process goes on
    return context


@contextmanager
def working_processes(
    count: int, processes: BaseContext, begin: Callable[[*Given], None], *given: *Given
) -> Iterator[ProcessPoolExecutor]:
    """Processes that work for this one: they end with it however it ends, and at once where it breaks off its work.

    Args:
        processes: How they are started.
        begin: What each does first, with `given`.
    """
    with ProcessPoolExecutor(count, processes, initializer=_begin, initargs=(begin, given)) as pool:
        try:
            yield pool
        except BaseException:
            for child in active_children():
                child.terminate()
            raise


def end_with_the_parent() -> None:
    """Have this process end as soon as the one that started it is gone: it would wait for work for ever.

    What it has begun to write is rolled back.
    """
    Thread(target=_await_the_end, daemon=True).start()


def as_a_worker() -> None:
    """Have this process end with the one that started it, and on Ctrl+C at once without a word: the other one tells."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    end_with_the_parent()


def _begin(begin: Callable[[*Given], None], given: tuple[*Given]) -> None:
    as_a_worker()
    begin(*given)


def _await_the_end() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
