"""A progress bar for long work; quiet where nobody watches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


def new_progress(console: Console) -> Progress:
    """The one look of all bars."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )


@contextmanager
def bar(console: Console, title: str, total: int) -> Iterator[Callable[..., None]]:
    """One bar; call what it gives after each step, or with the number of steps done."""
    with new_progress(console) as progress:
        task = progress.add_task(title, total=total)
        yield lambda steps=1: progress.advance(task, steps)
