"""The structure of a document for those who have it read out: headings, paragraphs and figures in reading order.

Rows of tables are paragraphs, with their figures in the order of the columns: a tag for every cell would treble objects
and time (ADR-0024).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFObject

from perf.pdf.sheet import Element

if TYPE_CHECKING:
    from reportlab.pdfbase.pdfdoc import PDFDocument


class _Raw(PDFObject):
    """An object whose text is ready."""

    __RefOnly__ = 1

    def __init__(self, text: str = "") -> None:
        self.text = text

    def format(self, _document: "PDFDocument") -> bytes:
        """The text as it is."""
        return self.text.encode("ascii")


_MARKED: Final = {"Marked": "true"}


class StructureTree:
    """Takes the tagged pieces page by page, and writes the tree behind the last."""

    def __init__(self) -> None:
        self._root, self._whole = _Raw(), _Raw()
        self._pages: list[list[str]] = []

    def add_page(self, document: "PDFDocument", elements: Sequence[Element]) -> None:
        """The pieces of the page that was added last, in reading order."""
        page = document.Pages[-1]  # type: ignore[attr-defined]  # of this class only while it is written
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents"]
        page.StructParents = len(self._pages)
        own, whole = _reference(document, page), _reference(document, self._whole)
        found: list[str] = []
        for number, element in enumerate(elements):
            alt = f"/Alt <FEFF{element.alt.encode('utf-16-be').hex()}>" if element.alt else ""
            text = f"<</Type /StructElem /S /{element.role} /P {whole} /Pg {own} /K {number}{alt}>>"
            found.append(_reference(document, _Raw(text)))
        self._pages.append(found)

    def add_to(self, document: "PDFDocument") -> None:
        """Write the tree into the document; a document without tagged pieces says that it has none."""
        if not any(self._pages):
            return
        root = _reference(document, self._root)
        pieces = " ".join(piece for page in self._pages for piece in page)
        self._whole.text = f"<</Type /StructElem /S /Document /P {root} /K [{pieces}]>>"
        parents = " ".join(f"{number} [{' '.join(page)}]" for number, page in enumerate(self._pages))
        whole, count = _reference(document, self._whole), len(self._pages)
        self._root.text = (
            f"<</Type /StructTreeRoot /K {whole} /ParentTree <</Nums [{parents}]>> /ParentTreeNextKey {count}>>"
        )
        document.Catalog.StructTreeRoot = self._root  # type: ignore[attr-defined]
        document.Catalog.MarkInfo = PDFDictionary(_MARKED)  # type: ignore[attr-defined]


def _reference(document: "PDFDocument", thing: PDFObject) -> str:
    """`12 0 R`."""
    name = document.Reference(thing).name  # type: ignore[no-untyped-call]
    number, version = document.idToObjectNumberAndVersion[name]
    return f"{number} {version} R"
