"""Sheets as departments lay them out: title rows, one or two header rows, 合计, signatures; the same bytes every time.

The parts of a workbook are written directly: some hundred files take a second or two, openpyxl takes a quarter of a minute.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from perf.excel.cells import cell_name, column_letters
from perf.services.county import plan

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SAVED_AT = (2025, 7, 3, 9, 0, 0)
_PLAIN, _TITLE, _HEADER, _TEXT = range(4)
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="3"><font><sz val="11"/><name val="宋体"/></font>'
    '<font><b/><sz val="14"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFDDEBF7"/></patternFill></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/>'
    '<xf fontId="1" applyFont="1" applyAlignment="1"><alignment horizontal="center"/></xf>'
    '<xf fontId="2" fillId="2" applyFont="1" applyFill="1" applyAlignment="1">'
    '<alignment horizontal="center" vertical="center" wrapText="1"/></xf>'
    '<xf numFmtId="49" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)

Row = Sequence[plan.Cell | None]


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet.

    Args:
        name: Of the sheet.
        title: First row, merged over the table.
        notes: Second row (`填报科室:…`), one text a cell.
        headers: One text a column; `高血压/在管患者数` puts 高血压 above, merged over the columns that share it.
        rows: The data.
        total: A 合计 row, or None.
        foot: Signature row after an empty one.
    """

    name: str
    title: str
    notes: tuple[str, ...]
    headers: tuple[str, ...]
    rows: Sequence[Row]
    total: Row | None = None
    foot: tuple[str, ...] = ()


def workbook_of(pages: Sequence[Page]) -> bytes:
    """The workbook's bytes, the same for the same pages."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as package:
        for name, text in _parts(pages):
            part = zipfile.ZipInfo(name, _SAVED_AT)
            part.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(part, text)
    return buffer.getvalue()


def _parts(pages: Sequence[Page]) -> Iterator[tuple[str, str]]:
    sheets = range(1, len(pages) + 1)
    overrides = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    overrides += [(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in sheets]
    kinds = "".join(f'<Override PartName="{part}" ContentType="{_TYPES}.{kind}+xml"/>' for part, kind in overrides)
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    defaults = (
        f'<Default Extension="rels" ContentType="{rels}"/><Default Extension="xml" ContentType="application/xml"/>'
    )
    yield "[Content_Types].xml", f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{defaults}{kinds}</Types>'
    yield "_rels/.rels", _relationships([("officeDocument", "xl/workbook.xml")])
    names = "".join(
        f'<sheet name={quoteattr(page.name)} sheetId="{n}" r:id="rId{n}"/>' for n, page in enumerate(pages, 1)
    )
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{names}</sheets></workbook>',
    )
    targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in sheets]
    yield "xl/_rels/workbook.xml.rels", _relationships([*targets, ("styles", "styles.xml")])
    yield "xl/styles.xml", _STYLES
    for n, page in enumerate(pages, 1):
        yield f"xl/worksheets/sheet{n}.xml", _sheet(page)


def _relationships(targets: Sequence[tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _sheet(page: Page) -> str:
    width = len(page.headers)
    rows: list[tuple[Row, int]] = [([page.title], _TITLE)]
    merged = [f"A1:{cell_name(1, width)}"] if width > 1 else []
    if page.notes:
        rows.append((page.notes, _PLAIN))
    levels, areas = _header_rows(page.headers, len(rows) + 1)
    rows += [(level, _HEADER) for level in levels]
    frozen = len(rows)
    rows += [(row, _PLAIN) for row in page.rows]
    if page.total is not None:
        rows.append((page.total, _PLAIN))
    if page.foot:
        rows += [((), _PLAIN), (page.foot, _PLAIN)]
    letters = [column_letters(column) for column in range(1, width + 1)]
    body = "".join(_row(number, row, style, letters) for number, (row, style) in enumerate(rows, 1))
    pane = f'<pane ySplit="{frozen}" topLeftCell="A{frozen + 1}" activePane="bottomLeft" state="frozen"/>'
    view = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    columns = f'<cols><col min="1" max="{width}" width="15" customWidth="1"/></cols>'
    cells = "".join(f'<mergeCell ref="{area}"/>' for area in [*merged, *areas])
    tail = f'<mergeCells count="{len(merged) + len(areas)}">{cells}</mergeCells>' if cells else ""
    return f'{_HEAD}<worksheet xmlns="{_MAIN}">{view}{columns}<sheetData>{body}</sheetData>{tail}</worksheet>'


def _row(number: int, row: Row, style: int, letters: Sequence[str]) -> str:
    cells = []
    for letter, value in zip(letters, row, strict=False):
        if value is None or value == "":
            continue
        if isinstance(value, str):
            shown = style or _TEXT
            cells.append(f'<c r="{letter}{number}" s="{shown}" t="inlineStr"><is><t>{escape(value)}</t></is></c>')
        else:
            cells.append(f'<c r="{letter}{number}"><v>{Decimal(value):f}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>' if cells else ""


def _header_rows(headers: Sequence[str], first: int) -> tuple[list[Row], list[str]]:
    """One header row, or two with the areas that are merged."""
    if not any("/" in header for header in headers):
        return [headers], []
    pairs = [header.partition("/")[::2] for header in headers]
    upper: list[plan.Cell | None] = [None] * len(pairs)
    areas: list[str] = []
    start = 0
    for column, (top, child) in enumerate(pairs, 1):
        if not child or column == 1 or pairs[column - 2][0] != top:
            start, upper[column - 1] = column, top
        if not child:
            areas.append(f"{cell_name(first, column)}:{cell_name(first + 1, column)}")
        elif column > start and (column == len(pairs) or pairs[column][0] != top):
            areas.append(f"{cell_name(first, start)}:{cell_name(first, column)}")
    return [upper, [child or None for _, child in pairs]], areas


def total_of(column: Sequence[plan.Cell | None]) -> plan.Cell | None:
    """The sum of a column's numbers, or None where it holds text."""
    numbers = [value for value in column if value is not None]
    if not numbers or any(isinstance(value, str) for value in numbers):
        return None
    whole = sum((Decimal(value) for value in numbers), Decimal(0))
    return int(whole) if whole == whole.to_integral_value() else whole
