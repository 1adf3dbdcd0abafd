"""Small tables written in every format that is read: what other programs and systems hand over."""

import html
import io
import struct
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | Decimal | date | None
Table = Sequence[Sequence[Value]]
Span = tuple[int, int, int, int]
"""A merged range: top, left, bottom, right; from 1, all included."""


def as_xlsx(rows: Table, title: str = "数据", spans: Sequence[Span] = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # a text that begins with = stays a text
    for top, left, bottom, right in spans:
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    return _bytes_of(book)


def _bytes_of(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def as_text(rows: Table, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    lines = [delimiter.join(_quoted(shown(value), delimiter) for value in row) for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def _quoted(text: str, delimiter: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if any(c in text for c in f'{delimiter}"\r\n') else text


def shown(value: Value) -> str:
    """A value as a text shows it."""
    return "" if value is None else str(value)


def as_html(rows: Table, encoding: str = "gb18030", spans: Sequence[Span] = ()) -> bytes:
    """A page as hospital systems export it and call it .xls."""
    sizes, covered = _spread(spans)
    lines = ""
    for number, row in enumerate(rows, 1):
        lines += "<tr>"
        for column, value in enumerate(row, 1):
            if (number, column) not in covered:
                height, width = sizes.get((number, column), (1, 1))
                more = f' rowspan="{height}"' * (height > 1) + f' colspan="{width}"' * (width > 1)
                lines += f"<td{more}>{html.escape(shown(value))}</td>"
        lines += "</tr>\n"
    head = f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="{encoding}"></head>'
    return f"{head}<body><table>{lines}</table></body></html>".encode(encoding)


def _spread(spans: Sequence[Span]) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """The height and width of what stands in the first cell of each range, and the cells that it covers."""
    sizes = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in spans}
    every = {
        (r, c) for top, left, bottom, right in spans for r in range(top, bottom + 1) for c in range(left, right + 1)
    }
    return sizes, every - sizes.keys()


def as_ods(rows: Table, title: str = "数据", spans: Sequence[Span] = ()) -> bytes:
    sizes, covered = _spread(spans)
    lines = ""
    for number, row in enumerate(rows, 1):
        lines += "<table:table-row>"
        for column, value in enumerate(row, 1):
            lines += (
                "<table:covered-table-cell/>"
                if (number, column) in covered
                else _ods_cell(value, *sizes.get((number, column), (1, 1)))
            )
        lines += "</table:table-row>"
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="{title}">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        package.writestr(zipfile.ZipInfo("mimetype"), kind, zipfile.ZIP_STORED)
        package.writestr("content.xml", content)
    return buffer.getvalue()


def _ods_cell(value: Value, height: int = 1, width: int = 1) -> str:
    size = f' table:number-columns-spanned="{width}" table:number-rows-spanned="{height}"' * (height * width > 1)
    if value is None or value == "":
        return f"<table:table-cell{size}/>"
    text = html.escape(shown(value))
    if isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int | Decimal):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    lines = "".join(f"<text:p>{line}</text:p>" for line in text.split("\n"))
    return f"<table:table-cell {kind}{size}>{lines}</table:table-cell>"


def as_xls(rows: Table, title: str = "数据", spans: Sequence[Span] = ()) -> bytes:
    """A workbook of Excel 97–2003: BIFF8 records in an OLE container, as small as a reader takes it."""
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0x07CC, 0, 6))
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows), default=0), 0))
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            sheet += _xls_cell(row, column, value)
    if spans:
        areas = (struct.pack("<HHHH", top - 1, bottom - 1, left - 1, right - 1) for top, left, bottom, right in spans)
        sheet += _record(0x00E5, struct.pack("<H", len(spans)) + b"".join(areas))
    sheet += _record(0x000A, b"")
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0x07CC, 0, 6))
    start += _record(0x0042, struct.pack("<H", 1200))
    start += _record(0x0031, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + _text("Arial", "B"))
    for number_format in (0, 0, 14):  # the last is a date
        start += _record(0x00E0, struct.pack("<HHHBBBBIIH", 0, number_format, 1, 0x20, 0, 0, 0xF8, 0, 0, 0x20C0))
    name = _text(title, "B")
    end = _record(0x000A, b"")
    offset = len(start) + 4 + 6 + len(name) + len(end)
    return _container(start + _record(0x0085, struct.pack("<IBB", offset, 0, 0) + name) + end + sheet)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _text(text: str, length: str) -> bytes:
    wide = text.encode("utf-16-le")
    return struct.pack(f"<{length}B", len(wide) // 2, 1) + wide


def _xls_cell(row: int, column: int, value: Value) -> bytes:
    if value is None or value == "":
        return b""
    if isinstance(value, date):
        return _record(0x0203, struct.pack("<HHHd", row, column, 2, (value - date(1899, 12, 30)).days))
    if isinstance(value, int | Decimal):
        return _record(0x0203, struct.pack("<HHHd", row, column, 1, float(value)))
    return _record(0x0204, struct.pack("<HHH", row, column, 1) + _text(value, "H"))


def _container(stream: bytes) -> bytes:
    """One stream called Workbook in sectors of 512 bytes."""
    sector, free, end, table = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    stream = stream.ljust(max(-(-len(stream) // sector) * sector, 4096), b"\0")
    count = len(stream) // sector
    tables = 1
    while tables * 128 < count + 1 + tables:
        tables += 1
    chain = [*range(1, count), end, end, *[table] * tables]  # the stream, the directory, the table itself
    chain += [free] * (tables * 128 - len(chain))
    root = _entry("Root Entry", 5, end, 0, child=1)
    directory = root + _entry("Workbook", 2, 0, len(stream)) + _entry("", 0, 0, 0) * 2
    places = [count + 1 + n for n in range(tables)]
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, count, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", *(places + [free] * (109 - len(places))))
    return head + stream + directory + struct.pack(f"<{len(chain)}I", *chain)


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    wide = name.encode("utf-16-le")
    length = len(wide) + 2 if name else 0
    parts = struct.pack("<64sHBBIII", wide, length, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return parts + bytes(16) + struct.pack("<I8x8xIQ", 0, start, size)
