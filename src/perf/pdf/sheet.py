"""A page as drawing operators, in points from the top left corner; greys and one dark blue, fit for black print."""

from typing import Final, Literal

from perf.pdf.embedding import Typesetter
from perf.pdf.lines import shortened
from perf.pdf.measure import width as width_of

PAGE_WIDTH: Final = 595.28
PAGE_HEIGHT: Final = 841.89
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


class Sheet:
    """One page under the pen."""

    def __init__(self, setter: Typesetter) -> None:
        self.setter = setter
        self._operators: list[str] = []
        self._fill: Ink | None = None
        self._stroke: tuple[Ink, float] | None = None

    @property
    def operators(self) -> str:
        """The content stream."""
        return "\n".join(self._operators)

    def text(self, x: float, y: float, text: str, size: float, *, heavy: bool = False, ink: Ink = "black") -> None:
        """`text` with its baseline's left end at x, y."""
        if not text:
            return
        self._set_fill(ink)
        parts = [f"BT {x:.2f} {PAGE_HEIGHT - y:.2f} Td"]
        for font, codes, stroked in self.setter.runs(text, heavy=heavy):
            show = f"/{font} {size:g} Tf <{codes}> Tj"
            if stroked:
                self._set_stroke(ink, size * _STROKE_SHARE)
                show = f"2 Tr {show} 0 Tr"
            parts.append(show)
        parts.append("ET")
        self._operators.append(" ".join(parts))

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
        self._set_stroke(ink, thickness)
        self._operators.append(f"{x1:.2f} {PAGE_HEIGHT - y1:.2f} m {x2:.2f} {PAGE_HEIGHT - y2:.2f} l S")

    def path(self, points: list[tuple[float, float]], *, thickness: float = 1, ink: Ink = "blue") -> None:
        """A line through `points`."""
        self._set_stroke(ink, thickness)
        steps = [f"{x:.2f} {PAGE_HEIGHT - y:.2f} {'l' if number else 'm'}" for number, (x, y) in enumerate(points)]
        self._operators.append(" ".join([*steps, "S"]))

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
            self._set_fill(fill)
        if edge:
            self._set_stroke(edge, thickness)
        paint = {(True, True): "B", (True, False): "f", (False, True): "S", (False, False): "n"}[bool(fill), bool(edge)]
        self._operators.append(f"{x:.2f} {PAGE_HEIGHT - y - height:.2f} {width:.2f} {height:.2f} re {paint}")

    def dot(self, x: float, y: float, radius: float, *, ink: Ink = "blue") -> None:
        """A filled square standing on its corner, which stays clear in black and white."""
        self._set_fill(ink)
        corners = [(x - radius, y), (x, y - radius), (x + radius, y), (x, y + radius)]
        steps = [f"{a:.2f} {PAGE_HEIGHT - b:.2f} {'l' if number else 'm'}" for number, (a, b) in enumerate(corners)]
        self._operators.append(" ".join([*steps, "f"]))

    def _set_fill(self, ink: Ink) -> None:
        if self._fill != ink:
            self._fill = ink
            self._operators.append(_FILL[ink])

    def _set_stroke(self, ink: Ink, thickness: float) -> None:
        if self._stroke != (ink, thickness):
            self._stroke = (ink, thickness)
            self._operators.append(f"{_STROKE[ink]} {thickness:.2f} w")
