"""Rows that every document is made of: section titles, paragraphs, table heads."""

from collections.abc import Sequence
from typing import Final

from perf.pdf.flow import LEFT, RIGHT, WIDTH, Draw, Row
from perf.pdf.lines import wrap
from perf.pdf.measure import width as width_of
from perf.pdf.sheet import Ink, Sheet

LEADING_SHARE: Final = 1.34
INSET: Final = 6.0
_TITLE_SIZE: Final = 9.5
_ASIDE_SIZE: Final = 7.5
_SECTION_SIZE: Final = 11.0


def titled(title: str, aside: str) -> list[Row]:
    """The title of a table; `aside` at its right where it fits, else in full below."""
    room = WIDTH - width_of(title, _TITLE_SIZE, heavy=True) - 14
    beside = aside if width_of(aside, _ASIDE_SIZE) <= room else ""

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text_within(LEFT, y + 12, WIDTH, title, _TITLE_SIZE, heavy=True)
        sheet.text_right(RIGHT, y + 12, beside, _ASIDE_SIZE, ink="grey")

    rows = [Row(15, draw, keeps_next=True, role="H3")]
    if aside and not beside:
        rows += paragraph(aside, size=_ASIDE_SIZE, indent=0, ink="grey", after=1, keeps_next=True)
    return rows


def section(title: str, subject: str = "", aside: str = "") -> list[Row]:
    """A numbered section's title over a rule; `subject` where it has but one part, `aside` at its right or below."""
    left = LEFT + width_of(title, _SECTION_SIZE, heavy=True) + 10
    free = RIGHT - left - width_of(subject, _TITLE_SIZE, heavy=True) - 14
    beside = aside if width_of(aside, _ASIDE_SIZE) <= free else ""

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(LEFT, y + 13, title, _SECTION_SIZE, heavy=True, ink="blue")
        sheet.text_within(left, y + 13, RIGHT - left, subject, _TITLE_SIZE, heavy=True)
        sheet.text_right(RIGHT, y + 13, beside, _ASIDE_SIZE, ink="grey")
        sheet.line(LEFT, y + 17, RIGHT, y + 17, thickness=1.1, ink="blue")

    rows = [Row(19.5, draw, keeps_next=True, role="H2")]
    if aside and not beside:
        rows += paragraph(aside, size=_ASIDE_SIZE, indent=0, ink="grey", after=1, keeps_next=True)
    return rows


def paragraph(
    text: str,
    *,
    size: float = 7.5,
    indent: float = INSET,
    width: float | None = None,
    ink: Ink = "black",
    label: str = "",
    after: float = 0,
    keeps_next: bool = False,
) -> list[Row]:
    """`text` wrapped, one row a line, so that a long one may cross pages; `label` stands before the first line."""
    label_width = width_of(label, size, heavy=True) + 5 if label else 0
    room = (width or WIDTH - indent - INSET) - label_width
    lines = wrap(text, size, room)
    rows = []
    for number, line in enumerate(lines):
        first, last = number == 0, number == len(lines) - 1
        draw = _line(line, size, (LEFT + indent, LEFT + indent + label_width), label=label if first else "", ink=ink)
        keeps = keeps_next if last else first or number == len(lines) - 2
        height = size * LEADING_SHARE + (after if last else 0)
        rows.append(Row(height, draw, keeps_next=keeps, role="P" if first else ""))
    return rows


def _line(line: str, size: float, starts: tuple[float, float], *, label: str, ink: Ink) -> Draw:
    """`label` at the first of `starts`, `line` at the second."""

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(starts[0], y + size * 1.05, label, size, heavy=True, ink="grey")
        sheet.text(starts[1], y + size * 1.05, line, size, ink=ink)

    return draw


def segments(parts: Sequence[tuple[str, str]], *, size: float, indent: float) -> list[Row]:
    """Labelled texts one after the other, as many on a line as fit; a text wider than a line is wrapped."""
    room = WIDTH - indent - INSET
    lines: list[list[tuple[float, str, str]]] = [[]]
    x = 0.0
    for label, text in parts:
        label_width = width_of(label, size, heavy=True) + 4 if label else 0
        length = label_width + width_of(text, size)
        if x and x + length > room:
            lines.append([])
            x = 0.0
        first, *rest = wrap(text, size, room - label_width)
        lines[-1].append((x, label, first))
        lines.extend([(label_width, "", more)] for more in rest)
        x = room if rest else x + length + 14
    return [Row(size * LEADING_SHARE, _segments_line(line, size, LEFT + indent)) for line in lines if line]


def _segments_line(line: Sequence[tuple[float, str, str]], size: float, left: float) -> Draw:
    def draw(sheet: Sheet, y: float) -> None:
        for x, label, text in line:
            sheet.text(left + x, y + size * 1.05, label, size, heavy=True, ink="grey")
            shift = width_of(label, size, heavy=True) + 4 if label else 0
            sheet.text(left + x + shift, y + size * 1.05, text, size)

    return draw


def table_head(columns: Sequence[tuple[str, float, bool]]) -> Row:
    """The head of a table: (title, x, right-aligned) of each column."""

    def draw(sheet: Sheet, y: float) -> None:
        sheet.line(LEFT, y + 12, RIGHT, y + 12, thickness=0.6, ink="grey")
        for title, x, right in columns:
            (sheet.text_right if right else sheet.text)(x, y + 9, title, 7.5, ink="grey")

    return Row(13, draw, keeps_next=True)


def joined(rows: Sequence[Row]) -> Row:
    """Several rows as one that stays whole."""

    def draw(sheet: Sheet, y: float) -> None:
        for row in rows:
            row.draw(sheet, y)
            y += row.height

    return Row(sum(row.height for row in rows), draw)
