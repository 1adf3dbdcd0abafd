"""The outline of a document: its bookmarks, nested by their levels, all open."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from perf.pdf.marks import Mark
from perf.pdf.objects import Objects, reference, text_string


@dataclass(slots=True)
class _Entry:
    """A bookmark with those below it; the root of them all has no title."""

    number: int
    level: int
    title: str = ""
    page: int = 0
    below: "list[_Entry]" = field(default_factory=list)

    def count(self) -> int:
        """How many there are below, at any depth."""
        return sum(1 + entry.count() for entry in self.below)


def add_outline(objects: Objects, marks: Sequence[tuple[Mark, int]]) -> int:
    """Write the outline of `marks`, each with the number of its page; gives the number of its root."""
    root = _Entry(objects.add(), -1)
    above = [root]
    for mark, page in marks:
        while above[-1].level >= mark.level:
            above.pop()
        entry = _Entry(objects.add(), mark.level, mark.title, page)
        above[-1].below.append(entry)
        above.append(entry)
    objects.set(root.number, f"<</Type /Outlines {_ends(root)}>>".encode("ascii"))
    _set_below(objects, root)
    return root.number


def _set_below(objects: Objects, parent: _Entry) -> None:
    for place, entry in enumerate(parent.below):
        before = f" /Prev {reference(parent.below[place - 1].number)}" if place else ""
        after = f" /Next {reference(parent.below[place + 1].number)}" if place + 1 < len(parent.below) else ""
        ends = f" {_ends(entry)}" if entry.below else ""
        body = (
            f"<</Title {text_string(entry.title)} /Parent {reference(parent.number)}{before}{after}{ends} "
            f"/Dest [{reference(entry.page)} /Fit]>>"
        )
        objects.set(entry.number, body.encode("ascii"))
        _set_below(objects, entry)


def _ends(entry: _Entry) -> str:
    first, last = entry.below[0], entry.below[-1]
    return f"/First {reference(first.number)} /Last {reference(last.number)} /Count {entry.count()}"
