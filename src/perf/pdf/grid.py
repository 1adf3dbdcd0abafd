"""Tables whose cells are wrapped, and labelled texts: the parts of longer documents."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from perf.appraisal.rule_book_view import Column, Grid, Pairs, Steps
from perf.pdf.flow import LEFT, WIDTH, Draw, Row, gap, under
from perf.pdf.lines import wrap
from perf.pdf.measure import width as width_of
from perf.pdf.parts import INSET, LEADING_SHARE
from perf.pdf.sheet import Sheet

SIZE: Final = 8.0
_PAD: Final = 5.0
_LABEL_WIDTH: Final = 78.0
_STEP_INDENT: Final = 18.0
_KEPT: Final = 3
"""Rows of labelled texts that stay with what follows, so that no rule begins with a line at the end of a page."""
_LINES_MAX: Final = 36
"""Lines of a row; a longer one is cut into rows, so that every row fits a page."""
_TOGETHER_MAX: Final = 8
_TOGETHER_HEIGHT: Final = 160.0
"""A table of so few rows, in points so high, is not parted between pages."""

Cell = tuple[str, ...]
"""A cell as lines."""


def pair_rows(pairs: Pairs) -> list[Row]:
    """Labels at the left, their texts wrapped beside them, a hair line between."""
    wide = max((width_of(label, SIZE, heavy=True) for label, _ in pairs.rows), default=0.0)
    column = min(max(_LABEL_WIDTH, wide + 2 * _PAD), WIDTH / 3)
    rows: list[Row] = []
    for label, text in pairs.rows:
        cells = (wrap(label, SIZE, column - _PAD), wrap(text, SIZE, WIDTH - column - INSET))
        rows += _table_rows(cells, _Form((INSET, column), (False, False), WIDTH, labelled=True))
    kept = [replace(row, keeps_next=number < _KEPT) for number, row in enumerate(rows)]
    return [*kept, gap(5)]


def step_rows(steps: Steps) -> list[Row]:
    """Steps with their numbers, inner ones further in."""
    rows: list[Row] = []
    for depth, number, text in steps.rows:
        x = INSET + depth * _STEP_INDENT
        start = x + max(_STEP_INDENT, width_of(number, SIZE, heavy=True) + _PAD)
        lines = wrap(text, SIZE, WIDTH - start - INSET)
        for index, line in enumerate(lines):
            draw = _step_line(number if index == 0 else "", line, LEFT + x, LEFT + start)
            rows.append(
                Row(
                    SIZE * LEADING_SHARE + (3 if index == len(lines) - 1 else 0),
                    draw,
                    keeps_next=index < len(lines) - 1,
                )
            )
    return [*rows, gap(5)]


def grid_rows(grid: Grid) -> list[Row]:
    """A table with its title and head, the head repeated on every page."""
    widths = [WIDTH * column.share / 100 for column in grid.columns]
    lefts = [sum(widths[:number]) for number in range(len(widths))]
    edges = [
        left + width - _PAD if column.is_number else left + INSET
        for column, left, width in zip(grid.columns, lefts, widths, strict=True)
    ]
    right = tuple(column.is_number for column in grid.columns)
    body: list[Row] = []
    for number, row in enumerate(grid.rows):
        cells = tuple(wrap(text, SIZE, width - INSET - _PAD) for text, width in zip(row, widths, strict=True))
        body += _table_rows(cells, _Form(tuple(edges), right, sum(widths)), strong=number in grid.strong)
    if len(body) <= _TOGETHER_MAX and sum(row.height for row in body) <= _TOGETHER_HEIGHT:
        body = [replace(row, keeps_next=True) for row in body[:-1]] + body[-1:]
    rows = under(_head(grid.columns, widths, edges), body)
    return [*_title(grid.title), *rows, gap(7)]


def _title(title: str) -> list[Row]:
    if not title:
        return []
    return [Row(14, lambda sheet, y: sheet.text(LEFT, y + 10, title, 8.5, heavy=True), keeps_next=True)]


def _head(columns: Sequence[Column], widths: Sequence[float], edges: Sequence[float]) -> Row:
    cells = [wrap(column.title, 7.5, width - INSET - _PAD) for column, width in zip(columns, widths, strict=True)]
    height = max(len(lines) for lines in cells) * 7.5 * LEADING_SHARE + 4

    def draw(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y, sum(widths), height, fill="band")
        for column, lines, x in zip(columns, cells, edges, strict=True):
            for number, line in enumerate(lines):
                write = sheet.text_right if column.is_number else sheet.text
                write(LEFT + x, y + 2 + 7.5 * (1 + number * LEADING_SHARE), line, 7.5, ink="grey")

    return Row(height, draw, keeps_next=True)


class _Form(NamedTuple):
    """How the cells of a row stand: where each begins (or ends, at the right), and how wide the row is."""

    edges: tuple[float, ...]
    right: tuple[bool, ...]
    width: float
    labelled: bool = False


def _table_rows(cells: Sequence[Cell], form: _Form, *, strong: bool = False) -> list[Row]:
    """A row of a table, in as many rows as its lines need."""
    count = max((len(lines) for lines in cells), default=1)
    rows = []
    for start in range(0, count, _LINES_MAX):
        part = [lines[start : start + _LINES_MAX] for lines in cells]
        height = max(1, *(len(lines) for lines in part)) * SIZE * LEADING_SHARE + 4
        rows.append(Row(height, _cells(part, form, height, strong=strong)))
    return rows


def _cells(part: Sequence[Cell], form: _Form, height: float, *, strong: bool) -> Draw:
    def draw(sheet: Sheet, y: float) -> None:
        if strong:
            sheet.box(LEFT, y, form.width, height, fill="pale")
        for column, (lines, x, is_right) in enumerate(zip(part, form.edges, form.right, strict=True)):
            is_label = form.labelled and column == 0
            for number, line in enumerate(lines):
                write = sheet.text_right if is_right else sheet.text
                baseline = y + 2 + SIZE * (1 + number * LEADING_SHARE)
                write(LEFT + x, baseline, line, SIZE, heavy=strong or is_label, ink="grey" if is_label else "black")
        sheet.line(LEFT, y + height, LEFT + form.width, y + height, thickness=0.3)

    return draw


def _step_line(number: str, line: str, x: float, start: float) -> Draw:
    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(x, y + SIZE * 1.05, number, SIZE, heavy=True, ink="blue")
        sheet.text(start, y + SIZE * 1.05, line, SIZE)

    return draw
