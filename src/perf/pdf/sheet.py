"""A page as drawing operators, in points from the top left corner; greys and one dark blue, fit for black print.

What is drawn (lines, boxes) comes first, as decoration; then the text in reading order, each piece of it tagged.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from perf.pdf.embedding import Run, Typesetter, runs
from perf.pdf.lines import shortened
from perf.pdf.measure import width as width_of

_DARK: Final = re.compile(rb"\x01+")
PAGE_WIDTH: Final = 595.28
PAGE_HEIGHT: Final = 841.89
_SLICE: Final = 8
_HAN_FROM: Final = "\u2e80"
_REMEMBERED: Final = 1 << 13
_STROKE_SHARE: Final = 0.028  # of the size: makes the regular face look heavy

Ink = Literal["black", "blue", "grey", "white", "pale", "band", "rule"]
_FILL: Final[dict[Ink, str]] = {
    "black": "0.07 g",
    "blue": "0.05 0.17 0.31 rg",
    "grey": "0.33 g",
    "white": "1 g",
    "pale": "0.965 g",
    "band": "0.925 g",
    "rule": "0.72 g",
}
_STROKE: Final[dict[Ink, str]] = {
    ink: operators.replace("rg", "RG").replace(" g", " G") for ink, operators in _FILL.items()
}


Role = Literal["", "H1", "H2", "H3", "P", "Figure"]
"""What a piece of text is, for those who have the page read out; empty: it belongs to the piece before it."""


class Element(NamedTuple):
    """A tagged piece of a page, in reading order; `alt` says what a figure shows."""

    role: Role
    alt: str = ""


class _Pen:
    """One list of operators with the colours that are set in it."""

    __slots__ = ("fill", "operators", "stroke")

    def __init__(self) -> None:
        self.operators: list[str] = []
        self.fill: Ink | None = None
        self.stroke: tuple[Ink, float] | None = None

    def set_fill(self, ink: Ink) -> None:
        if self.fill != ink:
            self.fill = ink
            self.operators.append(_FILL[ink])

    def set_stroke(self, ink: Ink, thickness: float) -> None:
        if self.stroke != (ink, thickness):
            self.stroke = (ink, thickness)
            self.operators.append(f"{_STROKE[ink]} {thickness:.2f} w")


class Sheet:
    """One page under the pen."""

    def __init__(self, setter: Typesetter) -> None:
        self.setter = setter
        self.elements: list[Element] = []
        self._drawing, self._text = _Pen(), _Pen()
        self._next: Element | None = None
        self._is_open = False
        self._baseline: float | None = None
        self._last = ""

    @property
    def operators(self) -> str:
        """The content stream."""
        closed = ["EMC"] if self._is_open else []
        return "\n".join(["/Artifact BMC", *self._drawing.operators, "EMC", *self._text.operators, *closed])

    def element(self, role: Role, alt: str = "") -> None:
        """What is written from here on is a piece of its own; nothing is tagged where nothing is written."""
        if role:
            self._next = Element(role, alt)

    def beside(self) -> None:
        """What is written from here on is no part of the text: running heads, page numbers."""
        self._close()
        self._next = None

    def _close(self) -> None:
        if self._is_open:
            self._text.operators.append("EMC")
            self._is_open = False

    def _open(self) -> None:
        """Begin the piece that was announced; without one, what is written is decoration."""
        self._close()
        self._baseline = None
        if self._next is None:
            self._text.operators.append("/Artifact BMC")
        else:
            self._text.operators.append(f"/{self._next.role} <</MCID {len(self.elements)}>> BDC")
            self.elements.append(self._next)
            self._next = None
        self._is_open = True

    def text(self, x: float, y: float, text: str, size: float, *, heavy: bool = False, ink: Ink = "black") -> None:
        """`text` with its baseline's left end at x, y."""
        if not text:
            return
        if self._next is not None or not self._is_open:
            self._open()
        if y == self._baseline or (self._baseline is not None and _is_apart(self._last, text)):
            x, text = (
                x - width_of(" ", size, heavy=heavy),
                f" {text}",
            )  # read out, and copied, apart from what was before
        self._baseline, self._last = y, text[-1]
        pen = self._text
        if pen.fill != ink:
            pen.set_fill(ink)
        operators, some = _shown(text, size, x, y, heavy)
        self.setter.use(some)
        if heavy and some and some[0].stroked:
            pen.set_stroke(ink, size * _STROKE_SHARE)
        pen.operators.append(operators)

    def text_right(
        self, x: float, y: float, text: str, size: float, *, heavy: bool = False, ink: Ink = "black"
    ) -> None:
        """`text` with its right end at x."""
        self.text(x - width_of(text, size, heavy=heavy), y, text, size, heavy=heavy, ink=ink)

    def text_middle(
        self, x: float, y: float, text: str, size: float, *, heavy: bool = False, ink: Ink = "black"
    ) -> None:
        """`text` with its middle at x."""
        self.text(x - width_of(text, size, heavy=heavy) / 2, y, text, size, heavy=heavy, ink=ink)

    def text_within(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        size: float,
        *,
        heavy: bool = False,
        smallest: float = 6,
        ink: Ink = "black",
    ) -> None:
        """`text` from x, set smaller (not below `smallest`), then shortened, until it fits into `width`."""
        while size > smallest and width_of(text, size, heavy=heavy) > width:
            size -= 0.5
        self.text(x, y, shortened(text, size, width, heavy=heavy), size, heavy=heavy, ink=ink)

    def text_right_within(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        size: float,
        *,
        heavy: bool = False,
        smallest: float = 6,
        ink: Ink = "black",
    ) -> None:
        """`text` with its right end at x, set smaller, then shortened, until it fits into `width`."""
        while size > smallest and width_of(text, size, heavy=heavy) > width:
            size -= 0.5
        self.text_right(x, y, shortened(text, size, width, heavy=heavy), size, heavy=heavy, ink=ink)

    def line(self, x1: float, y1: float, x2: float, y2: float, *, thickness: float = 0.5, ink: Ink = "rule") -> None:
        """A straight line."""
        self._drawing.set_stroke(ink, thickness)
        self._drawing.operators.append(f"{x1:.2f} {PAGE_HEIGHT - y1:.2f} m {x2:.2f} {PAGE_HEIGHT - y2:.2f} l S")

    def path(self, points: list[tuple[float, float]], *, thickness: float = 1, ink: Ink = "blue") -> None:
        """A line through `points`."""
        self._drawing.set_stroke(ink, thickness)
        steps = [f"{x:.2f} {PAGE_HEIGHT - y:.2f} {'l' if number else 'm'}" for number, (x, y) in enumerate(points)]
        self._drawing.operators.append(" ".join([*steps, "S"]))

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: Ink | None = None,
        edge: Ink | None = None,
        thickness: float = 0.5,
    ) -> None:
        """A rectangle with its top left corner at x, y; filled, edged or both."""
        if fill:
            self._drawing.set_fill(fill)
        if edge:
            self._drawing.set_stroke(edge, thickness)
        paint = {(True, True): "B", (True, False): "f", (False, True): "S", (False, False): "n"}[bool(fill), bool(edge)]
        self._drawing.operators.append(f"{x:.2f} {PAGE_HEIGHT - y - height:.2f} {width:.2f} {height:.2f} re {paint}")

    def dot(self, x: float, y: float, radius: float, *, ink: Ink = "blue") -> None:
        """A filled square standing on its corner, which stays clear in black and white."""
        self._drawing.set_fill(ink)
        corners = [(x - radius, y), (x, y - radius), (x + radius, y), (x, y + radius)]
        steps = [f"{a:.2f} {PAGE_HEIGHT - b:.2f} {'l' if number else 'm'}" for number, (a, b) in enumerate(corners)]
        self._drawing.operators.append(" ".join([*steps, "f"]))

    def modules(self, x: float, y: float, size: float, rows: Sequence[bytes]) -> None:
        """A square of small squares, its top left corner at x, y: dark where a row of `rows` has a one."""
        unit = size / len(rows)
        starts = range(0, len(rows), _SLICE)
        dark = [
            _dark(number, start, row[start : start + _SLICE]) for number, row in enumerate(rows, 1) for start in starts
        ]
        place = f"q 0 g {unit:.4f} 0 0 {unit:.4f} {x:.2f} {PAGE_HEIGHT - y:.2f} cm"
        self._drawing.operators.append(" ".join([place, *filter(None, dark), "f Q"]))


def _is_apart(before: str, text: str) -> bool:
    """Whether what begins a line needs a blank: figures and words do, so that `1.5` and `94.21` stay two; Han go on."""
    return before < _HAN_FROM or text[0] < _HAN_FROM


@lru_cache(maxsize=_REMEMBERED)
def _shown(text: str, size: float, x: float, y: float, heavy: bool) -> tuple[str, tuple[Run, ...]]:  # noqa: FBT001  # the cache wants positions
    """The operators that show a text, the same on every page that has it in the same place, and its runs."""
    some = runs(text, heavy=heavy)
    shows = [f"/{run.font} {size:g} Tf <{run.shown}> Tj" for run in some]
    if some and some[0].stroked:
        shows = [f"2 Tr {show} 0 Tr" for show in shows]
    return " ".join([f"BT {x:.2f} {PAGE_HEIGHT - y:.2f} Td", *shows, "ET"]), some


@lru_cache(maxsize=_REMEMBERED)
def _dark(number: int, start: int, squares: bytes) -> str:
    """The dark squares of a part of row `number` that begins at column `start`."""
    runs = [run.span() for run in _DARK.finditer(squares)]
    return " ".join([f"{start + first} {-number} {last - first} 1 re" for first, last in runs])
