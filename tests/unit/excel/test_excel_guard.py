import io
import time
import tracemalloc
import zipfile
import zlib

import pytest
from tests.unit.excel.excel_building import sheet_bytes

from perf.excel import Limits, read_workbook

HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"
SHEET = "xl/worksheets/sheet1.xml"
GIB = 1 << 30


def with_part(part: str, content: bytes, **more: bytes) -> bytes:
    source, out = io.BytesIO(sheet_bytes([["工号"]])), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
        if part not in old.namelist():
            new.writestr(part, content)
        for name, extra in more.items():
            new.writestr(name, extra)
    return out.getvalue()


def gibibyte_of_zeros() -> bytes:
    """A sheet that inflates to 1 GiB, made without ever holding it: one deflated block, repeated."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = bytes(1 << 20)
    first = compressor.compress(piece) + compressor.flush(zlib.Z_FULL_FLUSH)
    again = compressor.compress(piece) + compressor.flush(zlib.Z_FULL_FLUSH)
    data = first + again * (GIB // len(piece) - 1) + compressor.flush()
    info = zipfile.ZipInfo(SHEET)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        package.writestr("xl/workbook.xml", b"<workbook/>")
        package.writestr(info, data)
    raw = bytearray(out.getvalue())
    return bytes(patched(raw, SHEET.encode(), method=8, size=GIB))


def patched(raw: bytearray, name: bytes, *, method: int | None = None, size: int | None = None) -> bytearray:
    """The directory entry and the local header of `name` with another method or inflated size."""
    start = 0
    while (at := raw.find(name, start)) >= 0:
        start = at + 1
        for signature, length, method_at, size_at in ((b"PK\x03\x04", 30, 8, 22), (b"PK\x01\x02", 46, 10, 24)):
            if raw[at - length : at - length + 4] == signature:
                if method is not None:
                    raw[at - length + method_at : at - length + method_at + 2] = method.to_bytes(2, "little")
                if size is not None:
                    raw[at - length + size_at : at - length + size_at + 4] = size.to_bytes(4, "little")
    return raw


def lying_directory() -> bytes:
    """200 MiB of blanks in a part that the directory declares as 1000 bytes."""
    raw = bytearray(with_part(SHEET, b" " * (200 << 20)))
    return bytes(patched(raw, SHEET.encode(), size=1000))


def codes(content: bytes, limits: Limits | None = None) -> list[str]:
    book = read_workbook("x.xlsx", content, limits or Limits())
    assert book.is_refused == (not book.sheets)
    return [issue.code for issue in book.issues]


LAUGHS = b'<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
EXTERNAL = b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
HOSTILE = {
    "a GiB when unzipped": (gibibyte_of_zeros, "workbook-inflates"),
    "a directory that lies": (lying_directory, "workbook-damaged"),
    "a cell at XFD1048576": (
        lambda: with_part(SHEET, HEAD + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + TAIL),
        "workbook-cell-too-far",
    ),
    "a row number beyond Excel": (
        lambda: with_part(SHEET, HEAD + b'<row r="9999999999"><c r="A9999999999"><v>1</v></c></row>' + TAIL),
        "workbook-cell-too-far",
    ),
    "entities": (
        lambda: with_part(
            SHEET, LAUGHS + HEAD + b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>' + TAIL
        ),
        "workbook-entities",
    ),
    "an external entity": (
        lambda: with_part(
            SHEET, EXTERNAL + HEAD + b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row>' + TAIL
        ),
        "workbook-entities",
    ),
    "entities in the strings": (
        lambda: with_part("xl/sharedStrings.xml", LAUGHS + b"<sst><si><t>&b;</t></si></sst>"),
        "workbook-entities",
    ),
    "five thousand parts": (
        lambda: with_part("a/0", b"", **{f"a/{n}": b"" for n in range(1, 5000)}),
        "workbook-too-many-parts",
    ),
    "seventy megabytes of blanks": (lambda: with_part(SHEET, b" " * 70_000_000), "workbook-inflates"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_quickly_and_in_bounded_memory(name):
    make, code = HOSTILE[name]
    content = make()
    started = time.process_time()
    tracemalloc.start()
    found = codes(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == [code]
    assert peak < 64 << 20
    assert time.process_time() - started < 20  # tracing slows it manifold; the two seconds are shown by the benchmark


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "workbook-empty"),
        (b"PK\x03\x04", "workbook-damaged"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "workbook-damaged"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "workbook-encrypted"),
    ],
)
def test_what_is_not_a_workbook_is_named_for_what_it_is(content, code):
    assert codes(content) == [code]


def test_a_file_that_was_cut_off_is_damaged_wherever_it_was_cut():
    whole = sheet_bytes([["工号", "出院人次"], *[[f"{n:06d}", n] for n in range(50)]])
    for length in range(10, len(whole), max(len(whole) // 25, 1)):
        assert codes(whole[:length]) == ["workbook-damaged"]


def test_damage_is_refused_or_changes_no_figure():
    whole = sheet_bytes([["工号", "出院人次"], *[[f"{n:06d}", n] for n in range(50)]])
    sound = read_workbook("x.xlsx", whole).sheets
    refused = 0
    for position in range(40, len(whole), 97):
        broken = bytearray(whole)
        broken[position] ^= 0xFF
        found = read_workbook("x.xlsx", bytes(broken))
        assert found.is_refused or found.sheets == sound, position
        refused += found.is_refused
    assert refused > 0


def test_other_packages_are_no_workbooks():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", "<w/>")
    assert codes(out.getvalue()) == ["workbook-not-excel"]
    assert codes(out.getvalue().replace(b"word/document.xml", b"xl/workbook.bin\x00\x00")) != []


def test_two_parts_of_one_name_are_refused():
    out = io.BytesIO(sheet_bytes([["工号"]]))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as package:
        package.writestr(SHEET, "<worksheet/>")
    assert codes(out.getvalue()) == ["workbook-duplicate-parts"]


def test_a_file_larger_than_the_limit_is_refused_unread():
    assert codes(sheet_bytes([["工号"]]), Limits(file_bytes=100)) == ["workbook-too-large"]


def test_more_cells_than_the_limit_are_refused():
    assert codes(sheet_bytes([[1] * 20] * 20), Limits(cells=399)) == ["workbook-too-many-cells"]
    assert codes(sheet_bytes([[1] * 20] * 20), Limits(cells=400)) == []


def test_a_flood_of_tags_is_refused_before_it_is_parsed():
    assert codes(with_part(SHEET, HEAD + b"<x/>" * 900_000 + TAIL), Limits(tags=500_000)) == ["workbook-too-many-cells"]


def test_macros_and_links_to_other_files_are_told_and_never_touched():
    content = with_part("xl/vbaProject.bin", b"not even read", **{"xl/externalLinks/externalLink1.xml": b"<broken"})
    book = read_workbook("x.xlsm", content)
    assert [(i.code, i.severity) for i in book.issues] == [
        ("workbook-macros", "warning"),
        ("workbook-external-links", "warning"),
    ]
    assert not book.is_refused


@pytest.mark.parametrize(
    "broken",
    [b"<worksheet>", b"\x00\x01", b"<c r='A1' s='x'/>", HEAD + b'<row r="1"><c r="A1" t="s"><v>7</v></c></row>' + TAIL],
)
def test_xml_that_is_not_a_sheet_is_damage(broken):
    assert codes(with_part(SHEET, broken)) == ["workbook-damaged"]
