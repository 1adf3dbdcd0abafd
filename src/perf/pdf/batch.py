"""Many files at once, on one process or several: statements one by one, or several in one file with bookmarks."""

import gc
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Final

from perf.appraisal.views import StatementView
from perf.pdf.faces import bold, rare, regular
from perf.pdf.protect import encrypted
from perf.pdf.signing import Seal, sealed
from perf.pdf.statement import merged_pdf, statement_pdf

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
    if workers <= 1:
        for order in orders:
            yield order, draw(order, seal)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_prepared) as pool:
        waiting: deque[tuple[list[Order], Future[list[bytes]]]] = deque()
        try:
            for some in _shares(orders):
                waiting.append((some, pool.submit(_draw_all, some, seal)))
                if len(waiting) >= workers * _AHEAD:
                    yield from _done(*waiting.popleft())
            while waiting:
                yield from _done(*waiting.popleft())
        finally:
            for _, later in waiting:
                later.cancel()


def draw(order: Order, seal: Seal | None = None) -> bytes:
    """The file of one order: drawn, then encrypted, then sealed."""
    file = _merged(order) if order.title else statement_pdf(order.views[0])
    if order.password:
        file = encrypted(file, order.password)
    return sealed(file, seal, order.password) if seal else file


def _merged(order: Order) -> bytes:
    return merged_pdf(order.views, order.title, by_department=order.by_department)


def _prepared() -> None:
    """What every drawing needs is read once, and never searched for cycles again."""
    regular()
    bold()
    rare()
    gc.freeze()


def _draw_all(orders: list[Order], seal: Seal | None) -> list[bytes]:
    return [draw(order, seal) for order in orders]


def _done(orders: list[Order], files: Future[list[bytes]]) -> Iterator[tuple[Order, bytes]]:
    yield from zip(orders, files.result(), strict=True)


def _shares(orders: Iterable[Order]) -> Iterator[list[Order]]:
    """Orders in lists of at least as many statements as a process takes at a time; the last one may have less."""
    some: list[Order] = []
    count = 0
    for order in orders:
        some.append(order)
        count += len(order.views)
        if count >= _SHARE:
            yield some
            some, count = [], 0
    if some:
        yield some


__all__ = ["Order", "draw", "drawn"]
