"""Rows of ranges that follow one another: every figure above 0 lies in exactly one of them."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Protocol

from perf.kernel.issues import Place
from perf.kernel.text import Text
from perf.specs.fields import Fields


class RangeRow(Protocol):
    """A row that holds above `over` up to and with `to` (None: without end)."""

    @property
    def over(self) -> Fraction:
        """Where it begins, excluded."""
        ...

    @property
    def to(self) -> Fraction | None:
        """Where it ends, included."""
        ...

    @property
    def place(self) -> Place:
        """Where it stands."""
        ...


def are_closed(fields: Fields, rows: Sequence[RangeRow], name: str | Text, show: Callable[[Fraction], str]) -> bool:
    """Whether every figure above 0 lies in exactly one row; each hole, overlap and open end is an issue.

    `name` and `show` (a figure as text) are for the issues.
    """
    clean, reached = True, Fraction(0)
    for number, row in enumerate(rows):
        is_last = number == len(rows) - 1
        if row.over != reached:
            code = "bands-hole" if row.over > reached else "bands-overlap"
            low, high = sorted((row.over, reached))
            fields.add(code, row.place, name=name, low=show(low), high=show(high))
            clean = False
        if row.to is not None and row.to <= row.over:
            fields.add("bands-reversed", row.place, name=name, low=show(row.over), high=show(row.to))
            clean = False
        if is_last and row.to is not None:
            fields.add("bands-end", row.place, name=name, high=show(row.to))
            clean = False
        if not is_last and row.to is None:
            fields.add("bands-early-end", row.place, name=name)
            clean = False
        reached = row.to if row.to is not None else reached
    return clean
