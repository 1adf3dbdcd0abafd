"""An .xlsx copy of a file of another format: its sheets with their values, written part by part."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime

from perf.excel.cells import CellRecord, Sheet, Workbook, cell_name, column_letters
from perf.excel.package_xml import xml_text

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TEXT, _PERCENT, _DAY = 1, 2, 3
_XF = '<xf numFmtId="{0}" fontId="0" fillId="0" borderId="0" xfId="0"{1}/>'
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="4">{_XF.format(0, "")}'
    + "".join(_XF.format(number, ' applyNumberFormat="1"') for number in (49, 10, 14))
    + '</cellXfs><cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def sheet_titles(workbook: Workbook) -> dict[str, str]:
    """Name of each sheet -> a name that a workbook of Excel may give it."""
    titles: dict[str, str] = {}
    for sheet in workbook.sheets:
        clean = "".join("-" if c in "[]:*?/\\" else c for c in sheet.name).strip("'")[:31] or "数据"
        title, number = clean, 1
        while title.casefold() in {known.casefold() for known in titles.values()}:
            number += 1
            title = f"{clean[:27]}({number})"
        titles[sheet.name] = title
    return titles


def plain_package(workbook: Workbook) -> bytes:
    """The sheets as an .xlsx: texts stay texts, numbers numbers, percent and days shown so; formulas as their values.

    Merged areas, hidden sheets and rows are kept; formats, colours and widths are not known here.
    """
    titles = sheet_titles(workbook)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _frame(workbook, titles):
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
        for number, sheet in enumerate(workbook.sheets, 1):
            info = zipfile.ZipInfo(f"xl/worksheets/sheet{number}.xml")
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w") as part:
                for piece in _sheet_pieces(sheet):
                    part.write(piece.encode())
    return buffer.getvalue()


def _frame(workbook: Workbook, titles: dict[str, str]) -> Iterator[tuple[str, str]]:
    numbers = range(1, len(workbook.sheets) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers
    )
    yield (
        "[Content_Types].xml",
        (
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{types}'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
        ),
    )
    relation = f'<Relationship Id="rId{{0}}" Type="{_OFFICE}/{{1}}" Target="{{2}}"/>'
    relations = f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{{0}}</Relationships>'
    yield "_rels/.rels", relations.format(relation.format(1, "officeDocument", "xl/workbook.xml"))
    sheets = "".join(relation.format(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    yield (
        "xl/_rels/workbook.xml.rels",
        relations.format(sheets + relation.format(len(workbook.sheets) + 1, "styles", "styles.xml")),
    )
    entries = "".join(
        f'<sheet name="{xml_text(titles[sheet.name])}" sheetId="{n}" state="{sheet.state}" r:id="rId{n}"/>'
        for n, sheet in enumerate(workbook.sheets, 1)
    )
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{entries}</sheets></workbook>',
    )
    yield "xl/styles.xml", _STYLES


def _sheet_pieces(sheet: Sheet) -> Iterator[str]:
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'
    for number, row in sheet.rows.items():
        hidden = ' hidden="1"' if number in sheet.hidden_rows else ""
        cells = "".join([_cell(column_letters(column) + str(number), record) for column, record in row.items()])
        yield f'<row r="{number}"{hidden}>{cells}</row>'
    yield "</sheetData>"
    if sheet.merged:
        areas = "".join(
            f'<mergeCell ref="{cell_name(a.top, a.left)}:{cell_name(a.bottom, a.right)}"/>' for a in sheet.merged
        )
        yield f'<mergeCells count="{len(sheet.merged)}">{areas}</mergeCells>'
    yield "</worksheet>"


def _cell(place: str, record: CellRecord) -> str:
    value, kind = record.value, record.kind
    if kind in ("number", "percent"):
        style = f' s="{_PERCENT}"' if kind == "percent" else ""
        return f'<c r="{place}"{style}><v>{value}</v></c>'
    if kind == "date" and (serial := _serial(value)):
        return f'<c r="{place}" s="{_DAY}"><v>{serial}</v></c>'
    if kind in ("boolean", "error"):
        return f'<c r="{place}" t="{kind[0]}"><v>{xml_text(value)}</v></c>'
    if not value:
        return ""
    return f'<c r="{place}" s="{_TEXT}" t="inlineStr"><is><t xml:space="preserve">{xml_text(value)}</t></is></c>'


def _serial(day: str) -> str:
    """Excel's number of a day; empty for one before its calendar's leap year that never was, or with a time."""
    try:
        number = (datetime.strptime(day, "%Y-%m-%d") - datetime(1899, 12, 30)).days  # noqa: DTZ001, DTZ007
    except ValueError:
        return ""
    return str(number) if number > 60 else ""
