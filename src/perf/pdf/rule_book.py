"""The rule book as a PDF: cover, contents with page numbers, chapters, the page to be signed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from perf.appraisal.rule_book_view import Block, Chapter, Grid, Pairs, Paragraph, RuleBookView, Section, Steps
from perf.pdf.embedding import Typesetter
from perf.pdf.flow import LEFT, NEXT_TOP, RIGHT, WIDTH, Draw, Placed, Row, gap, paginate
from perf.pdf.grid import SIZE, grid_rows, pair_rows, step_rows
from perf.pdf.lines import wrap
from perf.pdf.marks import Link, Mark
from perf.pdf.measure import width as width_of
from perf.pdf.paper import Paper
from perf.pdf.parts import LEADING_SHARE, paragraph
from perf.pdf.sheet import PAGE_HEIGHT, PAGE_WIDTH, Sheet

_TITLE: Final = 27.0
_BOX: Final = 46.0
_FOOT: Final = PAGE_HEIGHT - 24
_DIGEST_SHOWN: Final = 16
_ENTRY: Final = {1: 10.0, 2: 8.5}


@dataclass(slots=True)
class _Anchors:
    """Which row opens which heading or leads to it, and on which page the heading came to stand."""

    rows: dict[int, str] = field(default_factory=dict)
    entries: dict[int, str] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)

    def page(self, anchor: str) -> str:
        """The page number of a heading, known once everything is placed."""
        return str(self.pages.get(anchor, ""))


class _Page(NamedTuple):
    """The rows of a page; `head`: the chapter it goes on with, empty where it opens one."""

    placed: list[Placed]
    head: str


def rule_book_pdf(view: RuleBookView) -> bytes:
    """Draw `view` on A4; every page carries the digest and its number, the contents lead to their pages.

    Args:
        view: The finished book; every text is printed as it stands there.
    Returns:
        The PDF file; the same view gives the same bytes.
    """
    anchors = _Anchors()
    parts = [_cover_rows(view), _contents_rows(view, anchors)]
    for chapter in view.chapters:
        rows = _chapter_rows(chapter, anchors)
        if chapter.opens_page:
            parts.append(rows)
        else:
            parts[-1] += [gap(14), *rows]
    parts.append(_signature_rows(view))
    pages = _headed([placed for rows in parts for placed in paginate(rows, airy=True)], view, anchors)
    for number, page in enumerate(pages, start=1):
        for item in page.placed:
            anchor = anchors.rows.get(id(item.row))
            if anchor is not None:
                anchors.pages.setdefault(anchor, number)
    return _file(view, pages, anchors)


def _headed(pages: Sequence[list[Placed]], view: RuleBookView, anchors: _Anchors) -> list[_Page]:
    """The pages, each with the chapter that goes on at its top; none where a page begins anew."""
    titles = {chapter.anchor: chapter.title for chapter in view.chapters}
    current, found = view.contents, []
    for number, placed in enumerate(pages):
        continues = number > 0 and placed[0].y == NEXT_TOP
        found.append(_Page(placed, current if continues else ""))
        for item in placed:
            current = titles.get(anchors.rows.get(id(item.row), ""), current)
    return found


# ---------------------------------------------------------------- cover, contents, signatures


def _cover_rows(view: RuleBookView) -> list[Row]:
    middle = PAGE_WIDTH / 2
    lines = wrap(view.title, _TITLE, WIDTH - 40)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.line(LEFT, y + 96, RIGHT, y + 96, thickness=2, ink="blue")
        sheet.text_middle(middle, y + 150, view.county, 16, heavy=True)
        for number, line in enumerate(lines):
            sheet.text_middle(middle, y + 200 + number * _TITLE * LEADING_SHARE, line, _TITLE, heavy=True, ink="blue")
        below = y + 200 + (len(lines) - 1) * _TITLE * LEADING_SHARE
        sheet.text_middle(middle, below + 32, view.subtitle, 13, ink="grey")
        sheet.line(LEFT, below + 70, RIGHT, below + 70, thickness=2, ink="blue")

    rows = [Row(330 + (len(lines) - 1) * _TITLE, draw, keeps_next=True)]
    rows += pair_rows(Pairs(view.facts))
    rows.append(Row(14, lambda _sheet, _y: None))
    for sentence in view.preface:
        rows += paragraph(sentence, size=8.5, label="※", after=4)
    return rows


def _contents_rows(view: RuleBookView, anchors: _Anchors) -> list[Row]:
    rows = _chapter_title(view.contents)
    for level, title, code, anchor in view.headings():
        entry = Row(18.0 if level == 1 else 13.5, _entry(level, title, code, anchor, anchors))
        anchors.entries[id(entry)] = anchor
        rows.append(entry)
    return rows


def _entry(level: int, title: str, code: str, anchor: str, anchors: _Anchors) -> Draw:
    size, x = _ENTRY[level], LEFT + (0 if level == 1 else 14)

    def draw(sheet: Sheet, y: float) -> None:
        base = y + (13 if level == 1 else 9.5)
        code_width = width_of(code, 7.5)
        room = RIGHT - x - code_width - 60
        sheet.text_within(x, base, room, title, size, heavy=level == 1, ink="blue" if level == 1 else "black")
        page = anchors.page(anchor)
        sheet.text_right(RIGHT, base, page, size, heavy=level == 1)
        end = RIGHT - width_of(page, size) - 8
        if code:
            sheet.text_right(end - 12, base, code, 7.5, ink="grey")
        sheet.line(x, base + 3.5, RIGHT, base + 3.5, thickness=0.25)

    return draw


def _signature_rows(view: RuleBookView) -> list[Row]:
    words = view.signatures
    rows = [*_chapter_title(words.title), *paragraph(words.declaration, size=9.5, indent=0, after=14)]
    rows += [Row(_BOX, _signature_line(role, words.name, words.date)) for role in words.roles]
    return [*rows, Row(40, lambda sheet, y: sheet.text_right(RIGHT, y + 30, words.seal, 11, ink="grey"))]


def _signature_line(role: str, name: str, date: str) -> Draw:
    def draw(sheet: Sheet, y: float) -> None:
        base = y + 30
        sheet.text_within(LEFT, base, 160, role, 10, heavy=True)
        sheet.text(LEFT + 170, base, name, 9, ink="grey")
        sheet.line(LEFT + 212, base + 3, LEFT + 360, base + 3, thickness=0.6, ink="grey")
        sheet.text(LEFT + 374, base, date, 9, ink="grey")
        sheet.line(LEFT + 400, base + 3, RIGHT, base + 3, thickness=0.6, ink="grey")

    return draw


# ---------------------------------------------------------------- chapters


def _chapter_rows(chapter: Chapter, anchors: _Anchors) -> list[Row]:
    rows = _chapter_title(chapter.title)
    anchors.rows[id(rows[0])] = chapter.anchor
    rows += _block_rows(chapter.blocks)
    for section in chapter.sections:
        head = _section_head(section)
        anchors.rows[id(head)] = section.anchor
        rows += [head, *_block_rows(section.blocks), gap(9)]
    return rows


def _chapter_title(title: str) -> list[Row]:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.text_within(LEFT, y + 24, WIDTH, title, 16, heavy=True, ink="blue")
        sheet.line(LEFT, y + 32, RIGHT, y + 32, thickness=1.6, ink="blue")

    return [Row(42, draw, keeps_next=True, role="H1")]


def _section_head(section: Section) -> Row:
    """The title with its mark and code at the right; one too long even in small type goes on on further lines."""
    mark = width_of(section.mark, 8, heavy=True) + 12 if section.mark else 0.0
    code = width_of(section.code, SIZE) + 8
    room = WIDTH - 10 - mark - code
    fits = width_of(section.title, 8, heavy=True) <= room
    lines = (section.title,) if fits else tuple(wrap(section.title, 9.5, room))
    size = 11 if fits else 9

    def draw(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y + 3, 3, 14 + 13 * (len(lines) - 1), fill="blue")
        for number, line in enumerate(lines):
            sheet.text_within(LEFT + 9, y + 14 + 13 * number, room, line, size, heavy=True, smallest=8)
        sheet.text_right(RIGHT, y + 14, section.code, SIZE, ink="grey")
        if section.mark:
            left = RIGHT - code - mark + 4
            sheet.box(left, y + 4, mark - 4, 13, edge="blue", thickness=0.7)
            sheet.text(left + 4, y + 13.5, section.mark, 8, heavy=True, ink="blue")

    return Row(22 + 13 * (len(lines) - 1), draw, keeps_next=True, role="H2")


def _block_rows(blocks: Sequence[Block]) -> list[Row]:
    rows: list[Row] = []
    for block in blocks:
        match block:
            case Paragraph():
                heavy = block.style == "formula"
                rows += _heading(block.text) if heavy else paragraph(block.text, size=SIZE, label=block.label, after=4)
            case Pairs():
                rows += pair_rows(block)
            case Grid():
                rows += grid_rows(block)
            case Steps():
                rows += step_rows(block)
    return rows


def _heading(text: str) -> list[Row]:
    return [
        Row(
            14,
            lambda sheet, y: sheet.text_within(LEFT, y + 10, WIDTH, text, 8.5, heavy=True),
            keeps_next=True,
            role="H3",
        )
    ]


# ---------------------------------------------------------------- pages


def _file(view: RuleBookView, pages: Sequence[_Page], anchors: _Anchors) -> bytes:
    setter = Typesetter()
    paper = Paper((PAGE_WIDTH, PAGE_HEIGHT), f"{view.title} {view.county} {view.digest[:_DIGEST_SHOWN]}")
    marks: dict[int, list[Mark]] = {}
    for level, title, _, anchor in view.headings():
        marks.setdefault(anchors.pages[anchor], []).append(Mark(anchor, title, level - 1))
    for number, page in enumerate(pages, start=1):
        sheet = Sheet(setter)
        links: list[Link] = []
        _head(sheet, page.head, view)
        for item in page.placed:
            item.draw(sheet)
            target = anchors.entries.get(id(item.row))
            if target is not None:
                links.append(Link(target, (LEFT, item.y, WIDTH, item.row.height)))
        sheet.beside()
        _foot(sheet, view, number, len(pages))
        paper.add_page(sheet.operators, marks.get(number, ()), links, elements=sheet.elements)
    return paper.finish(setter)


def _head(sheet: Sheet, title: str, view: RuleBookView) -> None:
    """The chapter again on every page that does not open one."""
    if title:
        sheet.text(LEFT, 46, title, 9, heavy=True, ink="grey")
        sheet.text_right_within(RIGHT, 46, 300, view.title, 8, ink="grey")
        sheet.line(LEFT, 53, RIGHT, 53, thickness=0.8, ink="blue")


def _foot(sheet: Sheet, view: RuleBookView, number: int, count: int) -> None:
    sheet.line(LEFT, _FOOT - 11, RIGHT, _FOOT - 11, thickness=0.4)
    sheet.text_within(LEFT, _FOOT, 400, view.foot, 7, ink="grey")
    sheet.text_right(RIGHT, _FOOT, view.page.format(number=number, count=count), 8)
