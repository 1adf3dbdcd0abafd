"""Parts that nobody reads before a file is marked may be broken or hostile: then a copy of the values comes back."""

import io
import signal
import zipfile

import openpyxl
import pytest
from openpyxl.comments import Comment
from tests.unit.excel.excel_building import BOOK, ROSTER, saved

from perf.excel import read_facts, read_workbook
from perf.excel.marking import marked_workbook
from perf.excel.problem_sheet import PROBLEM_SHEET

NAME = "2025-06 数据.xlsx"
_COPY = "原文件不是常见软件保存的,格式没有保留,这是只含数值的副本。"


def commented() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["工号", "出院人次"])
    sheet.append(["000203", "八十八"])
    sheet["A1"].comment = Comment("先问人事科", "perf-pay")
    return saved(book)


def with_part(part: str, found: bytes, instead: bytes, *, added: dict[str, bytes] | None = None) -> bytes:
    """A workbook with comments of which one part has other bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(commented())) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith(part):
                assert found in content, content
                content = content.replace(found, instead)
            made.writestr(name, content)
        for name, content in (added or {}).items():
            made.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("part", "found", "instead", "notes"),
    [
        ("commentsDrawing1.vml", b"</xml>", b"", [_COPY]),
        ("commentsDrawing1.vml", b"</xml>", b"</xml >", []),
        ("commentsDrawing1.vml", b"</xml>", b'<v:shape x="' * 200_000 + b"</xml>", []),
        ("comment1.xml", b"</comments>", b"", [_COPY]),
        ("comment1.xml", b"<commentList>", b"<other></other><commentList>", []),
        ("comment1.xml", b"<comments", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><comments', []),
        ("xl/workbook.xml", b"</sheets>", b"</sheets >", []),
        ("[Content_Types].xml", b"</Types>", b"", [_COPY]),
        ("[Content_Types].xml", b"<", b"x", [_COPY]),
    ],
)
def test_a_broken_part_beside_the_cells_costs_the_formats_at_most(
    part: str, found: bytes, instead: bytes, notes: list[str]
) -> None:
    content = with_part(part, found, instead)
    issues = read_facts(NAME, content, BOOK, ROSTER).issues
    signal.alarm(60)
    made = marked_workbook(read_workbook(NAME, content), content, issues)
    signal.alarm(0)
    again = read_workbook(NAME, made.content)
    assert ([note.zh for note in made.notes], again.is_refused) == (notes, False)
    assert b"root:" not in made.content
    assert again.problem_sheet is not None


def test_a_picture_with_a_broken_checksum_is_left_out_with_the_formats() -> None:
    content = bytearray(with_part("xl/workbook.xml", b"<", b"<", added={"xl/media/image1.png": b"a picture" * 9}))
    content[content.index(b"a picture")] ^= 1
    issues = read_facts(NAME, bytes(content), BOOK, ROSTER).issues
    made = marked_workbook(read_workbook(NAME, bytes(content)), bytes(content), issues)
    assert [note.zh for note in made.notes] == [_COPY]
    assert PROBLEM_SHEET in openpyxl.load_workbook(io.BytesIO(made.content)).sheetnames
