"""Many files at once, on one process or several: statements one by one, or several in one file with bookmarks."""

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from typing import Final, TypeVar

from perf.appraisal.views import StatementView
from perf.pdf.faces import bold, rare, regular
from perf.pdf.protect import encrypted
from perf.pdf.signing import Seal, sealed
from perf.pdf.statement import merged_pdf, statement_pdf

T = TypeVar("T")
_SHARE: Final = 16
"""Statements a process takes at a time."""
_AHEAD: Final = 3
"""Shares that are prepared for each process while it draws."""


@dataclass(frozen=True, slots=True)
class Order:
    """A file to be made.

    Attributes:
        name: Which file; not looked at here.
        views: The statements in it, in their order.
        title: The title of a file of several statements, with a bookmark for each; empty: a single statement.
        by_department: Whether its bookmarks stand below bookmarks of departments.
        password: What opens the file; empty: nothing is needed.
    """

    name: str
    views: tuple[StatementView, ...]
    title: str = ""
    by_department: bool = False
    password: str = field(default="", repr=False)


def drawn(orders: Iterable[Order], *, workers: int = 1, seal: Seal | None = None) -> Iterator[tuple[Order, bytes]]:
    """Draw every order, in the order given; what a drawing raises is passed on, and nothing after it is drawn.

    Args:
        orders: Taken a few at a time, so that it need not hold all of them.
        workers: Processes that draw; with 1 this process draws by itself.
        seal: Set on every file.
    """
    return shared_out(orders, partial(_draw_all, seal), workers=workers, size=lambda order: len(order.views))


def shared_out(
    tasks: Iterable[T],
    work: Callable[[list[T]], list[bytes]],
    *,
    workers: int,
    size: Callable[[T], int],
    processes: BaseContext | None = None,
    begin: Callable[[], None] | None = None,
) -> Iterator[tuple[T, bytes]]:
    """Every task with what `work` makes of it, in the order given.

    Args:
        work: Makes one file of each of some tasks; with more than one worker it goes to other processes.
        size: How many statements are in a task.
        processes: How they are started; None: each anew, with nothing of this one.
        begin: What each does first.
    """
    if workers <= 1:
        for some in _shares(tasks, size):
            yield from zip(some, work(some), strict=True)
        return
    processes = processes or get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=processes, initializer=_prepared, initargs=(begin,)) as pool:
        waiting: deque[tuple[list[T], Future[list[bytes]]]] = deque()
        try:
            for some in _shares(tasks, size):
                waiting.append((some, pool.submit(work, some)))
                if len(waiting) >= workers * _AHEAD:
                    yield from _done(*waiting.popleft())
            while waiting:
                yield from _done(*waiting.popleft())
        finally:
            for _, later in waiting:
                later.cancel()


def shared_with(
    helper: Executor,
    tasks: Iterable[T],
    here: Callable[[list[T]], list[bytes]],
    there: Callable[[list[T]], list[bytes]],
    *,
    size: Callable[[T], int],
) -> Iterator[tuple[T, bytes]]:
    """Every task with what is made of it, by this process and as far as it comes to it by `helper`, in no order.

    Args:
        helper: Another process, which may be busy with something else at first.
        here: Makes one file of each of some tasks in this process; `there`: in the other.
        size: How many statements are in a task.
    """
    away: list[tuple[list[T], Future[list[bytes]]]] = []
    for some in _shares(tasks, size):
        for one in [one for one in away if one[1].done()]:
            away.remove(one)
            yield from _done(*one)
        if len(away) < _AHEAD:
            away.append((some, helper.submit(there, some)))
        else:
            yield from zip(some, here(some), strict=True)
    for some, later in reversed(away):
        yield from zip(some, here(some), strict=True) if later.cancel() else _done(some, later)


def draw(order: Order, seal: Seal | None = None) -> bytes:
    """The file of one order: drawn, then encrypted, then sealed."""
    file = _merged(order) if order.title else statement_pdf(order.views[0])
    if order.password:
        file = encrypted(file, order.password)
    return sealed(file, seal, order.password) if seal else file


def _merged(order: Order) -> bytes:
    return merged_pdf(order.views, order.title, by_department=order.by_department)


def _prepared(begin: Callable[[], None] | None) -> None:
    """What every drawing needs is read once, and never searched for cycles again."""
    if begin is not None:
        begin()
    regular()
    bold()
    rare()
    gc.freeze()


def _draw_all(seal: Seal | None, orders: list[Order]) -> list[bytes]:
    return [draw(order, seal) for order in orders]


def _done(tasks: list[T], files: Future[list[bytes]]) -> Iterator[tuple[T, bytes]]:
    yield from zip(tasks, files.result(), strict=True)


def _shares(tasks: Iterable[T], size: Callable[[T], int]) -> Iterator[list[T]]:
    """Tasks in lists of at least as many statements as a process takes at a time; the last one may have less."""
    some: list[T] = []
    count = 0
    for task in tasks:
        some.append(task)
        count += size(task)
        if count >= _SHARE:
            yield some
            some, count = [], 0
    if some:
        yield some


__all__ = ["Order", "draw", "drawn", "shared_out", "shared_with"]
