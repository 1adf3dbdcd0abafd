"""The PDF file around the pages: its pages, outline, links, tags and fonts."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from perf.pdf.embedding import Typesetter
from perf.pdf.marks import Link, Mark
from perf.pdf.objects import Objects, reference, references, text_string
from perf.pdf.outline import add_outline
from perf.pdf.sheet import Element
from perf.pdf.tags import StructureTree

_PRODUCER: Final = "perf-pay"


class _Links(NamedTuple):
    """Annotations that are written when it is known where they lead: their first number, and what they are."""

    numbers: range
    links: Sequence[Link]


class Paper:
    """A document that grows page by page; the same pages give the same bytes.

    Args:
        size: Width and height of every page, in points.
    """

    def __init__(self, size: tuple[float, float], title: str) -> None:
        self._width, self._height = size
        self._title = title
        self._objects = Objects()
        self._catalog, self._tree, self._fonts = (self._objects.add() for _ in range(3))
        self._structure = StructureTree(self._objects)
        self._pages: list[int] = []
        self._marks: list[tuple[Mark, int]] = []
        self._links: list[_Links] = []

    def add_page(
        self,
        operators: str,
        marks: Sequence[Mark] = (),
        links: Sequence[Link] = (),
        *,
        elements: Sequence[Element] = (),
    ) -> None:
        """One page from its content stream; `marks` go into the outline, `links` lead to marks, `elements` are its tags."""
        objects = self._objects
        page = objects.add()
        self._marks += [(mark, page) for mark in marks]
        annotations = ""
        if links:
            numbers = objects.add_all([b""] * len(links))
            self._links.append(_Links(numbers, links))
            annotations = f" /Annots [{references(numbers)}]"
        content = objects.add_stream(operators.encode("ascii"))
        body = (
            f"<</Type /Page /Parent {reference(self._tree)} /MediaBox [0 0 {self._width:g} {self._height:g}] "
            f"/Resources <</Font {reference(self._fonts)}>> /Contents {reference(content)}{annotations} "
            f"/StructParents {len(self._pages)} /Tabs /S>>"
        )
        objects.set(page, body.encode("ascii"))
        self._pages.append(page)
        self._structure.add_page(page, elements)

    def finish(self, setter: Typesetter) -> bytes:
        """The file, with the fonts that were used."""
        objects = self._objects
        fonts = " ".join([f"/{name} {reference(number)}" for name, number in setter.add_to(objects)])
        objects.set(self._fonts, f"<<{fonts}>>".encode("ascii"))
        pages = f"<</Type /Pages /Count {len(self._pages)} /Kids [{references(self._pages)}]>>"
        objects.set(self._tree, pages.encode("ascii"))
        self._set_links()
        outline = f" /Outlines {reference(add_outline(objects, self._marks))}" if self._marks else ""
        tags = self._structure.finish()
        catalog = (
            f"<</Type /Catalog /Pages {reference(self._tree)}{outline}{tags} /Lang (zh-CN) "
            "/ViewerPreferences <</DisplayDocTitle true>>>>"
        )
        objects.set(self._catalog, catalog.encode("ascii"))
        about = f"<</Title {text_string(self._title)} /Author ({_PRODUCER}) /Creator ({_PRODUCER}) /Producer ({_PRODUCER})>>"
        return objects.file(root=self._catalog, info=objects.add(about.encode("ascii")))

    def _set_links(self) -> None:
        pages = {mark.key: page for mark, page in self._marks}
        for numbers, links in self._links:
            for number, link in zip(numbers, links, strict=True):
                x, y, width, height = link.box
                bottom = self._height - y - height
                body = (
                    f"<</Type /Annot /Subtype /Link /Rect [{x:.2f} {bottom:.2f} {x + width:.2f} {bottom + height:.2f}] "
                    f"/Border [0 0 0] /Dest [{reference(pages[link.key])} /Fit]>>"
                )
                self._objects.set(number, body.encode("ascii"))
