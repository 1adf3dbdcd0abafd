"""Where a table wider than a page goes on to the next: between groups of columns, never within one."""

from collections.abc import Sequence
from typing import Final, NamedTuple

_PAGE: Final = 690.0
"""Points between the margins of a lying A4 page, less what programs differ by in the width of columns."""
_CHARACTER: Final = 6.0
"""Points of a column for each digit of 宋体 11, in which all workbooks are set."""
_PADDING: Final = 3.75
_SCALE_MIN: Final = 30


class WidePages(NamedTuple):
    """`scale`: in percent; `breaks`: the last column of every page but the last, from 1."""

    scale: int
    breaks: tuple[int, ...]


def wide_pages(widths: Sequence[int], repeated: int, ends: Sequence[int], pages: int) -> WidePages:
    """Set a table on at most `pages` pages side by side, as large as that allows.

    Args:
        widths: Of the columns, in characters.
        repeated: Columns at the left that stand on every page.
        ends: The last columns of the groups, from 1, ascending; the last is that of the table.
    """
    points = [width * _CHARACTER + _PADDING for width in widths]
    for scale in range(100, _SCALE_MIN, -1):
        breaks = _breaks(points, repeated, ends, _PAGE * 100 / scale)
        if breaks is not None and len(breaks) < pages:
            return WidePages(scale, breaks)
    return WidePages(_SCALE_MIN, _breaks(points, repeated, ends, sum(points)) or ())


def _breaks(points: Sequence[float], repeated: int, ends: Sequence[int], room: float) -> tuple[int, ...] | None:
    """After which columns pages end; None where a group is wider than a page."""
    head = sum(points[:repeated])
    used, last, breaks = head, repeated, []
    for end in ends:
        if end <= repeated:
            continue
        width = sum(points[last:end])
        if used + width > room:
            if head + width > room:
                return None
            if used > head:
                breaks.append(last)
            used = head
        used, last = used + width, end
    return tuple(breaks)
