"""Worker processes that need not read the program again: forked from a process that has read it, where that is possible."""

import multiprocessing
import sys
from multiprocessing import forkserver
from multiprocessing.context import BaseContext


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
