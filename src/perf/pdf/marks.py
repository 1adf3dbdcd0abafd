"""Bookmarks of a document, and parts of pages that lead to them."""

from typing import NamedTuple


class Mark(NamedTuple):
    """An entry of the outline, leading to the page it stands on; level 0 is the outermost."""

    key: str
    title: str
    level: int


class Link(NamedTuple):
    """A part of a page (x, y, width, height, from the top left corner) that leads to the mark `key`."""

    key: str
    box: tuple[float, float, float, float]
