"""The structure of a document for those who have it read out: headings, paragraphs and figures in reading order.

Rows of tables are paragraphs, with their figures in the order of the columns: a tag for every cell would treble objects
and time (ADR-0024).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from perf.pdf.objects import Objects, reference, references, text_string
from perf.pdf.sheet import Element, Role

_REMEMBERED: Final = 1 << 14


class StructureTree:
    """Takes the tagged pieces page by page, and writes the tree behind the last."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._root, self._whole = objects.add(), objects.add()
        self._pages: list[range] = []

    def add_page(self, page: int, elements: Sequence[Element]) -> None:
        """The pieces of the page with this number, in reading order."""
        whole = self._whole
        bodies = [
            _told(_plain(element.role, whole, page, number), element.alt)
            if element.alt
            else _plain(element.role, whole, page, number)
            for number, element in enumerate(elements)
        ]
        self._pages.append(self._objects.add_all(bodies))

    def finish(self) -> str:
        """Write the tree; gives what the catalog says of it, nothing for a document without tagged pieces."""
        root, whole = reference(self._root), reference(self._whole)
        pages = [references(page) for page in self._pages]
        document = f"<</Type /StructElem /S /Document /P {root} /K [{' '.join(page for page in pages if page)}]>>"
        parents = " ".join(f"{number} [{page}]" for number, page in enumerate(pages))
        tree = f"<</Type /StructTreeRoot /K {whole} /ParentTree <</Nums [{parents}]>> /ParentTreeNextKey {len(pages)}>>"
        self._objects.set(self._whole, document.encode("ascii"))
        self._objects.set(self._root, tree.encode("ascii"))
        return f" /StructTreeRoot {root} /MarkInfo <</Marked true>>" if any(self._pages) else ""


@lru_cache(maxsize=_REMEMBERED)
def _plain(role: Role, whole: int, page: int, number: int) -> bytes:
    """A piece without words of its own; the same on every statement that has it in the same place."""
    own = f"/S /{role} /P {reference(whole)} /Pg {reference(page)} /K {number}"
    return f"<</Type /StructElem {own}>>".encode("ascii")


def _told(plain: bytes, alt: str) -> bytes:
    return b"%b /Alt %b>>" % (plain.removesuffix(b">>"), text_string(alt).encode("ascii"))
