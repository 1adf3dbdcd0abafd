"""From rows to pages: a row stays whole, a heading stays with what follows, a table's head is repeated."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from perf.pdf.sheet import PAGE_HEIGHT, PAGE_WIDTH, Role, Sheet

LEFT: Final = 40.0
RIGHT: Final = PAGE_WIDTH - 40.0
WIDTH: Final = RIGHT - LEFT
FIRST_TOP: Final = 24.0
NEXT_TOP: Final = 62.0
BOTTOM: Final = PAGE_HEIGHT - 36.0

Draw = Callable[[Sheet, float], None]


@dataclass(frozen=True, slots=True)
class Row:
    """Something of a fixed height that is drawn at a given distance from the top of a page.

    Attributes:
        height: Points it takes up.
        draw: Draws it on a sheet, its top at the given y.
        keeps_next: It may not be the last of its page.
        head: Drawn again above this row when the row opens a page.
        blank: Space between rows, left out at the edge of a page.
        role: What its text is to somebody who has the page read out; empty: it goes on with the text before it.
    """

    height: float
    draw: Draw
    keeps_next: bool = False
    head: "Row | None" = None
    blank: bool = False
    role: Role = "P"


def gap(height: float) -> Row:
    """Empty space."""
    return Row(height, lambda _sheet, _y: None, blank=True)


def under(head: Row, rows: Sequence[Row]) -> list[Row]:
    """The head of a table, then its rows, which repeat the head on every new page."""
    return [replace(head, keeps_next=True), *(replace(row, head=row.head or head) for row in rows)]


@dataclass(frozen=True, slots=True)
class Placed:
    """A row and where its top stands."""

    row: Row
    y: float

    def draw(self, sheet: Sheet) -> None:
        """Draw the row in its place, as a piece of text of its own or as part of the one before."""
        sheet.element(self.row.role)
        self.row.draw(sheet, self.y)


def paginate(rows: Sequence[Row], *, airy: bool = False) -> list[list[Placed]]:
    """Place `rows` on as many pages as they need, at least one.

    Args:
        airy: Space between rows stays; otherwise it is given up where that saves a page.
    """
    pages = _placed(rows)
    if airy or len(pages) == 1:
        return pages
    tight = _placed([row for row in rows if not row.blank])
    return tight if len(tight) < len(pages) else pages


def _placed(rows: Sequence[Row]) -> list[list[Placed]]:
    pages: list[list[Placed]] = [[]]
    y = FIRST_TOP
    for group in _groups(rows):
        height = sum(row.height for row in group)
        if group[0].blank and (not pages[-1] or y + height > BOTTOM):
            continue
        if y + height > BOTTOM and pages[-1]:
            pages.append([])
            y = NEXT_TOP
            head = group[0].head
            if head is not None:
                pages[-1].append(Placed(head, y))
                y += head.height
        for row in group:
            if y + row.height > BOTTOM and pages[-1]:  # a group taller than a page
                pages.append([])
                y = NEXT_TOP
            pages[-1].append(Placed(row, y))
            y += row.height
    return pages


def _groups(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows that must stand together."""
    groups: list[list[Row]] = [[]]
    for row in rows:
        groups[-1].append(row)
        if not row.keeps_next:
            groups.append([])
    return [group for group in groups if group]
