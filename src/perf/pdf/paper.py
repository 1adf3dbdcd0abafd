"""The PDF file around the pages: reportlab's canvas with our own fonts. Imported only when a file is written."""

from collections.abc import Sequence
from typing import BinaryIO, Final

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfgen.canvas import Canvas

from perf.pdf.embedding import Typesetter
from perf.pdf.marks import Link, Mark
from perf.pdf.sheet import Element
from perf.pdf.tags import StructureTree

rl_config.useA85 = 0  # streams stay binary: a quarter smaller, and a fifth of the time saved

_PRODUCER: Final = "perf-pay"
_INITIAL: Final = "PerfInitial"


class _InitialFont:
    """Stands in for the Helvetica that a canvas would select, unembedded, at the top of every page."""

    _dynamicFont = 0  # noqa: N815  # the names are those that reportlab asks for
    _multiByte = 1  # noqa: N815
    fontName = _INITIAL  # noqa: N815
    builtIn = False  # noqa: N815

    @property
    def face(self) -> "_InitialFont":
        """It is its own face."""
        return self

    def addObjects(self, document: PDFDocument) -> None:  # noqa: N802  # reportlab's name
        """The regular face is in every document."""
        document.fontMapping[_INITIAL] = "/R"


class Paper:
    """An A4 document that grows page by page; the same pages give the same bytes."""

    def __init__(self, out: BinaryIO, size: tuple[float, float], title: str) -> None:
        if _INITIAL not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(_InitialFont())
        self._height = size[1]
        self._structure = StructureTree()
        self._canvas = Canvas(
            out,
            pagesize=size,
            invariant=1,
            pageCompression=1,
            initialFontName=_INITIAL,  # type: ignore[arg-type]  # a name; the stubs say float
            pdfVersion=(1, 7),
            lang="zh-CN",
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor(_PRODUCER)
        self._canvas.setCreator(_PRODUCER)
        self._canvas.setProducer(_PRODUCER)
        self._canvas.setSubject("")
        self._canvas.setViewerPreference("DisplayDocTitle", "true")

    def add_page(
        self,
        operators: str,
        marks: Sequence[Mark] = (),
        links: Sequence[Link] = (),
        *,
        elements: Sequence[Element] = (),
    ) -> None:
        """One page from its content stream; `marks` go into the outline, `links` lead to marks, `elements` are its tags."""
        for mark in marks:
            self._canvas.bookmarkPage(mark.key)
            self._canvas.addOutlineEntry(mark.title, mark.key, mark.level)
        for link in links:
            x, y, width, height = link.box
            bottom = self._height - y - height
            self._canvas.linkAbsolute("", link.key, (x, bottom, x + width, bottom + height), Border="[0 0 0]")
        self._canvas.addLiteral(operators)
        self._canvas.showPage()
        self._structure.add_page(self._document, elements)

    def finish(self, setter: Typesetter) -> None:
        """Embed the fonts that were used, and write the file."""
        setter.add_to(self._document)
        self._structure.add_to(self._document)
        self._canvas.save()

    @property
    def _document(self) -> PDFDocument:
        document: PDFDocument = self._canvas._doc  # type: ignore[attr-defined]  # noqa: SLF001  # the way reportlab's own fonts add themselves
        return document
