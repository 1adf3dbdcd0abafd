"""Files made to do harm, in every format: refused or read, fast, in little memory, with the reason said."""

import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from tests.unit.excel.excel_building import BOOK, ROSTER, sheet_bytes
from tests.unit.excel.test_excel_formats import document
from tests.unit.excel.test_excel_guard import HEAD, SHEET, TAIL, patched, with_part

from perf.excel import Limits, facts_of, read_workbook

OLD = (Path(__file__).parent / "files" / "kinds.xls").read_bytes()
OPEN = (Path(__file__).parent / "files" / "kinds.ods").read_bytes()
MANY, FAR, DAMAGED = "workbook-too-many-cells", "workbook-cell-too-far", "workbook-damaged"
COSTLY = "workbook-too-costly"
BOUNDS = Limits(memory_bytes=256 << 20, seconds=15)
ENTITIES = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE l [<!ENTITY b SYSTEM "file:///etc/hostname">]>'


def letters(count: int) -> str:
    """Letters that do not compress well."""
    return Random(1).randbytes(count // 2).hex().translate(str.maketrans("0123456789abcdef", "ABCDEFGHIJKLMNOP"))  # noqa: S311


def row(xml: str) -> bytes:
    return with_part(SHEET, HEAD + f'<row r="1">{xml}</row>'.encode() + TAIL)


def open_document(content: bytes | str, *, more: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        package.writestr("content.xml", content)
        for name, part in (more or {}).items():
            package.writestr(name, part)
    return out.getvalue()


def opened_document(prefix: str, cell: str) -> bytes:
    return open_document(
        f'{prefix}<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:spreadsheet>'
        f'<table:table table:name="甲"><table:table-row><table:table-cell><text:p>{cell}</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:document-content>"
    )


def one_text_in_every_cell() -> bytes:
    strings = b"<sst><si><t>" + b"x" * 32_000 + b"</t></si></sst>"
    rows = b"".join(
        b'<row r="%d">%b</row>' % (n, b"".join(b'<c r="%c%d" t="s"><v>0</v></c>' % (65 + c, n) for c in range(20)))
        for n in range(1, 5001)
    )
    return with_part(SHEET, HEAD + rows + TAIL, **{"xl/sharedStrings.xml": strings})


def deflated_zeros(part: str, mebibytes: int) -> bytes:
    """A package with one part that inflates to so many MiB of zeros."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = bytes(1 << 20)
    first = compressor.compress(piece) + compressor.flush(zlib.Z_FULL_FLUSH)
    again = compressor.compress(piece) + compressor.flush(zlib.Z_FULL_FLUSH)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr(zipfile.ZipInfo(part), first + again * (mebibytes - 1) + compressor.flush())
    return bytes(patched(bytearray(out.getvalue()), part.encode(), method=8, size=mebibytes << 20))


def broken_checksum() -> bytes:
    content = bytearray(sheet_bytes([["工号"]]))
    at = content.rfind(b"PK\x01\x02" + content[content.rfind(b"PK\x01\x02") + 4 :][:12])
    at = content.find(SHEET.encode(), content.find(b"PK\x01\x02")) - 46
    content[at + 16 : at + 20] = b"\x12\x34\x56\x78"
    return bytes(content)


def lying_lengths(length: int) -> bytes:
    """Every record of the sheets' stream of an .xls says that it is `length` long."""
    content = bytearray(OLD)
    start = content.find(b"\x09\x08\x10\x00\x00\x06")
    at, seen = start, 0
    while at + 4 < len(content) and seen < 2000:
        _, size = struct.unpack_from("<HH", content, at)
        if seen > 5:
            struct.pack_into("<H", content, at + 2, length)
        at, seen = at + 4 + size, seen + 1
    return bytes(content)


def with_record(record: int, body: bytes) -> bytes:
    """An .xls in which the first record of a kind has another beginning."""
    content = bytearray(OLD)
    at = content.find(b"\x09\x08\x10\x00\x00\x06")
    while at + 4 < len(content):
        kind, size = struct.unpack_from("<HH", content, at)
        if kind == record:
            content[at + 4 : at + 4 + min(len(body), size)] = body[:size]
            return bytes(content)
        at += 4 + size
    raise AssertionError(record)


def sector_loop() -> bytes:
    """A container whose table of sectors points in a circle."""
    content = bytearray(OLD)
    first = struct.unpack_from("<I", content, 76)[0]
    table = 512 * (first + 1)
    for n in range(128):
        struct.pack_into("<I", content, table + 4 * n, (n + 1) % 8)
    return bytes(content)


def page(body: str) -> bytes:
    return f"<html><body>{body}</body></html>".encode()


XLSX: dict[str, tuple[Callable[[], bytes], str]] = {
    "one long text in a hundred thousand cells": (one_text_in_every_cell, MANY),
    "a checksum that does not fit": (broken_checksum, DAMAGED),
    "a column of half a million letters": (lambda: row(f'<c r="{letters(500_000)}1"><v>1</v></c>'), FAR),
    "a column of a thousand letters": (lambda: row(f'<c r="{"A" * 1000}1"><v>1</v></c>'), FAR),
    "a row number of five thousand digits": (lambda: row(f'<c r="A{"9" * 5000}"><v>1</v></c>'), DAMAGED),
    "a column between the letters": (lambda: row('<c r="$A$1"><v>1</v></c>'), FAR),
    "a tag without an end": (lambda: row(f'<c r="A1" x="{letters(3_000_000)}"><v>1</v></c>'), DAMAGED),
    "a tag of forty megabytes": (lambda: row(f'<c r="A1" x="{"y" * 40_000_000}"><v>1</v></c>'), "workbook-inflates"),
    "a million nested tags": (lambda: row("<x>" * 1_000_000), DAMAGED),
    "a text of forty thousand characters": (
        lambda: row(f'<c r="A1" t="inlineStr"><is><t>{"字" * 40_000}</t></is></c>'),
        DAMAGED,
    ),
    "a style that is not there": (lambda: row('<c r="A1" s="-7"><v>1</v></c>'), ""),
    "a day behind the last": (lambda: row('<c r="A1" s="1"><v>2958465.99999999</v></c>'), ""),
    "a number too large for any figure": (lambda: row('<c r="A1"><v>9E999</v></c>'), ""),
    "a merged area of the whole sheet": (
        lambda: with_part(
            SHEET,
            HEAD
            + '<row r="1"><c r="A1" t="inlineStr"><is><t>工号</t></is></c></row></sheetData>'
            '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'.encode(),
        ),
        "",
    ),
    "twenty-one thousand merged areas": (
        lambda: with_part(
            SHEET,
            HEAD
            + b"</sheetData><mergeCells>"
            + b'<mergeCell ref="A1:ZZ99999"/>' * 21_000
            + b"</mergeCells></worksheet>",
        ),
        MANY,
    ),
    "every column hidden again and again": (
        lambda: with_part(
            SHEET,
            b"<worksheet><cols>"
            + b'<col min="1" max="16384" hidden="1"/>' * 80_000
            + b"</cols><sheetData/></worksheet>",
        ),
        "",
    ),
    "a format of a megabyte of brackets": (
        lambda: with_part(
            "xl/styles.xml",
            b'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="'
            + b"[" * 900_000
            + b'"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>',
        ),
        "",
    ),
    "a sheet that lies outside the package": (
        lambda: with_part(
            "xl/_rels/workbook.xml.rels",
            b'<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="../../../etc/passwd"/>'
            b'<Relationship Id="rId2" Type="x/worksheet" Target="file:///etc/passwd" TargetMode="External"/></Relationships>',
        ),
        DAMAGED,
    ),
    "parts with names of other folders": (
        lambda: with_part("../../../../etc/cron.d/x", b"* * * * *", **{"/abs/olute": b"", "C:\\x.exe": b"MZ"}),
        "",
    ),
    "a part twice, once with the other slash": (
        lambda: with_part("xl\\worksheets\\sheet1.xml", b"<worksheet/>"),
        "workbook-duplicate-parts",
    ),
    "entities in the styles": (
        lambda: with_part("xl/styles.xml", (ENTITIES + "<styleSheet>&b;</styleSheet>").encode()),
        "workbook-entities",
    ),
    "an external entity in the workbook": (
        lambda: with_part("xl/workbook.xml", (EXTERNAL + "<workbook>&b;</workbook>").encode()),
        "workbook-entities",
    ),
    "another encoding of the XML": (
        lambda: with_part(
            SHEET, ('<?xml version="1.0" encoding="utf-16"?>' + EXTERNAL + "<worksheet/>").encode("utf-16")
        ),
        "workbook-entities",
    ),
}
ODS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a GiB when unzipped": (lambda: deflated_zeros("content.xml", 1024), "workbook-inflates"),
    "entities": (lambda: opened_document(ENTITIES, "&b;"), "workbook-entities"),
    "an external entity": (lambda: opened_document(EXTERNAL, "&b;"), "workbook-entities"),
    "a billion repeated cells with a text": (
        lambda: document(
            "<table:table-row><table:table-cell table:number-columns-repeated='999999999'><text:p>1</text:p>"
            "</table:table-cell></table:table-row>"
        ),
        FAR,
    ),
    "a billion repeated rows with a text": (
        lambda: document(
            "<table:table-row table:number-rows-repeated='999999999'><table:table-cell><text:p>1</text:p>"
            "</table:table-cell></table:table-row>"
        ),
        FAR,
    ),
    "seven hundred columns in each of a hundred thousand rows": (
        lambda: document(
            "<table:table-row table:number-rows-repeated='99999'><table:table-cell table:number-columns-repeated='700'>"
            "<text:p>1</text:p></table:table-cell></table:table-row>"
        ),
        MANY,
    ),
    "a cell over a billion rows": (
        lambda: document(
            "<table:table-row><table:table-cell table:number-rows-spanned='999999999' "
            "table:number-columns-spanned='999999999'><text:p>工号</text:p></table:table-cell></table:table-row>"
        ),
        "",
    ),
    "a billion spaces": (
        lambda: document(
            "<table:table-row><table:table-cell><text:p>"
            + "<text:s text:c='999999999'/>" * 1000
            + "1</text:p></table:table-cell></table:table-row>"
        ),
        DAMAGED,
    ),
    "hidden rows without end": (
        lambda: document(
            "<table:table-row table:visibility='collapse' table:number-rows-repeated='99999999'/>" * 30_000
        ),
        "",
    ),
    "a million nested tags": (lambda: open_document("<x>" * 1_000_000), DAMAGED),
    "cut off": (lambda: OPEN[: len(OPEN) // 2], DAMAGED),
    "a part twice": (lambda: open_document("<x/>", more={"CONTENT.XML": b"<x/>"}), "workbook-duplicate-parts"),
    "no content": (
        lambda: open_document("<x/>").replace(b"content.xml", b"consent.xml"),
        "workbook-not-excel",
    ),
}
XLS: dict[str, tuple[Callable[[], bytes], str]] = {
    "records that say they are longer than the file": (lambda: lying_lengths(0xFFFF), DAMAGED),
    "records that say they are empty": (lambda: lying_lengths(0), DAMAGED),
    "sectors in a circle": (sector_loop, DAMAGED),
    "a table of texts with four thousand million entries": (
        lambda: with_record(0x00FC, struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF)),
        DAMAGED,
    ),
    "a sheet with rows up to the last and columns beyond": (
        lambda: with_record(0x0200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 0xFFFF, 0)),
        "",
    ),
    "nothing behind the beginning": (lambda: OLD[:512], DAMAGED),
    "zeros behind the beginning": (lambda: OLD[:512] + bytes(len(OLD)), DAMAGED),
    "a bare sheet of Excel 4 that is cut off": (lambda: b"\x09\x04\x06\x00\x00\x00\x10\x00", DAMAGED),
    "macros": (lambda: OLD + "_VBA_PROJECT".encode("utf-16-le"), "workbook-macros"),
}
HTML: dict[str, tuple[Callable[[], bytes], str]] = {
    "thirty thousand nested tables": (lambda: page("<table><tr><td>" * 30_000 + "1"), ""),
    "a hundred thousand nested blocks": (lambda: page("<table><tr><td>" + "<div>" * 100_000 + "1"), ""),
    "a cell over a billion rows and columns": (
        lambda: page("<table><tr><td rowspan=1000000000 colspan=1000000000>工号</table><table><tr><td>1</table>"),
        "",
    ),
    "cells over all columns, again and again": (
        lambda: page("<table><tr>" + "<td rowspan=99999 colspan=99999>" * 50_000),
        "",
    ),
    "rows that must step over a wide cell from above": (
        lambda: page("<table><tr><td rowspan=99999 colspan=702></td></tr>" + "<tr><td>" * 10_000),
        MANY,
    ),
    "three million tags": (lambda: page("<b>" * 3_000_000), MANY),
    "a comment without an end": (lambda: page("<table><tr><td>1</td></tr>" + "<!--" * 600_000), DAMAGED),
    "a tag without an end": (lambda: page("<table><tr><td>1</td></tr><td " + "x " * 4_000_000), COSTLY),
    "quotes without an end": (lambda: page("<table><tr><td>1</td></tr><td x='" + "<td y=" * 400_000), DAMAGED),
    "declarations without an end": (lambda: page("<table><tr><td>1</td></tr>" + "<![" * 600_000), ""),
    "a style sheet without an end": (lambda: page("<table><tr><td>1</td></tr><style>" + "</sty" * 600_000), DAMAGED),
    "a text of forty thousand characters": (lambda: page("<table><tr><td>" + "字" * 40_000), DAMAGED),
    "a hundred thousand columns": (lambda: page("<table><tr>" + "<td>1" * 100_000), FAR),
    "characters that are none": (lambda: page("<table><tr><td>&#0;&#x110000;&#xD800;&#27;[31m工号"), ""),
    "pictures, frames and scripts": (
        lambda: page(
            "<script src='http://localhost:9/x'>document.write('<table><tr><td>7')</script><iframe src='file:///etc/passwd'>"
            "</iframe><table background='http://localhost:9/'><tr><td>工号<img src='http://localhost:9/'></td></tr></table>"
        ),
        "",
    ),
}
TEXTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a quote without an end": (lambda: b'a,b\n1,"' + b"2,3\n" * 1_000_000, DAMAGED),
    "a quote without an end, a few lines before it": (lambda: b'a,b\n1,"2\n3,4\n5,6\n', DAMAGED),
    "a million columns": (lambda: b"1," * 1_000_000, FAR),
    "a million empty columns": (lambda: "工号,出院人次".encode() + b"," * 1_000_000 + b"\n000203,1\n", ""),
    "ten million line ends": (lambda: b"a,b\n" + b"\n" * 10_000_000 + b"1,2", MANY),
    "one line of thirty megabytes": (lambda: b"x" * 30_000_000, DAMAGED),
    "thirty megabytes of quotes": (lambda: b'"' * 30_000_000, DAMAGED),
    "thirty megabytes of commas": (lambda: b"1" + b"," * 30_000_000 + b"\n2", COSTLY),
    "zero bytes": (lambda: b"a,b\n1,\x002\n", "workbook-not-excel"),
    "zero bytes at the end": (lambda: b"a,b\n1,2\n" + bytes(4096), "workbook-not-excel"),
    "half of a character in UTF-16": (
        lambda: b"\xff\xfe" + "工号,1\n".encode("utf-16-le") + b"\x01\xd8\x0a\x00",
        "workbook-not-excel",
    ),
    "an odd number of bytes in UTF-16": (
        lambda: b"\xff\xfe" + "工号,1\n".encode("utf-16-le") + b"\x01",
        "workbook-not-excel",
    ),
    "a program that Excel would start": (
        "工号,出院人次\n000203,=cmd|'/C calc'!A0\n".encode,
        "formula-reaches-out",
    ),
}
ALL = {
    f"{ending}: {name}": (f"2025-06.{ending}", *case)
    for ending, cases in (("xlsx", XLSX), ("ods", ODS), ("xls", XLS), ("html", HTML), ("csv", TEXTS))
    for name, case in cases.items()
}


@pytest.mark.parametrize("name", ALL)
def test_a_hostile_file_is_refused_or_read_within_256_megabytes_and_fifteen_seconds(name: str) -> None:
    """Of a machine that does other work at the same time; a quiet one needs a tenth."""
    file, make, code = ALL[name]
    book = read_workbook(file, make(), BOUNDS)
    began = time.process_time()
    reading = facts_of(book, BOOK, ROSTER)
    assert time.process_time() - began < BOUNDS.seconds
    assert [issue.code for issue in book.issues] == ([code] if code else [])
    assert set(book.issues) <= set(reading.issues)
    assert all(issue.found.zh and issue.found.en for issue in book.issues)
