"""What makes a report a paper: a centred title, lines to sign, upright or lying A4; for workbooks that are printed and kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from perf.appraisal.prose import in_prose
from perf.excel.writing import BORDER, heavy, put

_LINE_HEIGHT = 24
_CHARACTER_HEIGHT = 15
_TITLE_HEIGHT = 30
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_ROW = Alignment(vertical="center", wrap_text=True)
_COLON = re.compile(r"(?<=[\u4e00-\u9fff）]):")
_BOX_LABEL = 2
"""Columns that what a box is for may take."""
_FOOT = Alignment(horizontal="right", vertical="bottom", wrap_text=True)


@dataclass(frozen=True, slots=True)
class PaperForm:
    """How a report stands on paper.

    Args:
        closing: Lines under the table: the amount in words, who signs.
        boxes: Framed fields under the table to write in, by what they are for.
        upright: A4 upright; else lying.
        row_height: Of the rows of the table, in points; 0: as the text needs.
    """

    closing: Sequence[str] = ()
    boxes: Sequence[str] = ()
    upright: bool = False
    row_height: int = 0


def put_heading(sheet: Worksheet, columns: int, widths: Sequence[int], *, note: str) -> None:
    """Centre the title over the table and give the line below it the room that it needs."""
    _over(sheet, 1, 1, columns)
    title = sheet.cell(1, 1)
    title.font = heavy(16)
    title.alignment = _MIDDLE
    sheet.row_dimensions[1].height = lines_of(str(title.value or ""), sum(widths) * 9 // 14) * _TITLE_HEIGHT
    if note:
        _over(sheet, 2, 1, columns)
        sheet.cell(2, 1).alignment = _LEFT
        sheet.row_dimensions[2].height = lines_of(note, sum(widths)) * _CHARACTER_HEIGHT + 4


def put_closing(sheet: Worksheet, row: int, columns: int, widths: Sequence[int], form: PaperForm) -> None:
    """Write what stands under the table, from `row` on."""
    for line in form.closing:
        _over(sheet, row, 1, columns)
        put(sheet, row, 1, in_paper_prose(line)).alignment = _LEFT
        sheet.row_dimensions[row].height = max(lines_of(line, sum(widths)) * _CHARACTER_HEIGHT + 4, _LINE_HEIGHT)
        row += 1
    first = min(columns, _BOX_LABEL + 1)
    for box in form.boxes:
        put(sheet, row, 1, in_paper_prose(box)).alignment = _MIDDLE
        _over(sheet, row, 1, first - 1)
        _over(sheet, row, first, columns)
        if first > 1:
            put(sheet, row, first, "签字（章）：              年    月    日  ").alignment = _FOOT
        for column in range(1, columns + 1):
            sheet.cell(row, column).border = BORDER
        sheet.row_dimensions[row].height = 66
        row += 1


def set_paper(sheet: Worksheet, form: PaperForm, rows: range, pages_wide: int = 1) -> None:
    """Upright or lying, and rows as high as hands need."""
    if form.upright:
        sheet.page_setup.orientation = "portrait"
        sheet.page_setup.fitToWidth = pages_wide
    for row in rows:
        if form.row_height:
            sheet.row_dimensions[row].height = form.row_height
        for cell in sheet[row]:
            is_middle = cell.column == 1 or cell.alignment.horizontal == "center"
            cell.alignment = _MIDDLE if is_middle else _ROW


def in_paper_prose(text: str) -> str:
    """With the full-width marks of a Chinese sentence, the colons of fields to fill in too."""
    return _COLON.sub("：", in_prose(text))


def _over(sheet: Worksheet, row: int, first: int, last: int) -> None:
    if last > first:
        sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)


def lines_of(text: str, width: int) -> int:
    """How many lines a text takes in this width; Chinese characters count twice."""
    taken = sum(2 if ord(character) > 0x2E7F else 1 for character in text)
    return max(1, -(-taken // max(width, 1)))
