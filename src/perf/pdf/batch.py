"""Many statements at once, on one process or several."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import Final

from perf.appraisal.views import StatementView
from perf.pdf.statement import statement_pdf

_SHARE: Final = 32  # statements a process takes at a time


def statements_pdf(
    views: Iterable[StatementView], write: Callable[[StatementView, bytes], None], *, workers: int = 1
) -> int:
    """Draw every statement and hand it to `write`, in the order given.

    Args:
        views: Statements; taken from the iterator a few at a time, so that it need not hold all of them.
        write: Called in this process with each statement and its file.
        workers: Processes that draw; with 1 this process draws by itself.
    Returns:
        How many were written. What `write` or a drawing raises is passed on, and nothing after it is written.
    """
    written = 0
    for view, file in _drawn(iter(views), workers):
        write(view, file)
        written += 1
    return written


def _drawn(views: Iterator[StatementView], workers: int) -> Iterator[tuple[StatementView, bytes]]:
    if workers <= 1:
        for view in views:
            yield view, statement_pdf(view)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        while some := list(islice(views, workers * _SHARE)):
            yield from zip(some, pool.map(statement_pdf, some, chunksize=_SHARE // 2), strict=True)
