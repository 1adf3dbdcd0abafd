"""The statement for somebody who has it read out: language, title, reading order, headings, figures told in words."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject
from tests.unit.pdf.pdf_sample_view import long_view, sample_view, zero_view

from perf.pdf import statement_pdf
from perf.pdf.embedding import Typesetter, runs
from perf.pdf.sheet import Sheet

VIEWS = pytest.mark.parametrize("view", [sample_view(), zero_view(), long_view()], ids=["ordinary", "zero", "long"])


def read(view) -> PdfReader:
    return PdfReader(BytesIO(statement_pdf(view)), strict=True)


def root_of(reader: PdfReader) -> DictionaryObject:
    return reader.trailer["/Root"]["/StructTreeRoot"]


def pieces(reader: PdfReader) -> list[DictionaryObject]:
    return [piece.get_object() for piece in root_of(reader)["/K"]["/K"]]


@VIEWS
def test_a_statement_says_its_title_and_language_and_that_it_is_tagged(view):
    reader = read(view)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"] is not None
    assert str(root["/MarkInfo"]["/Marked"]) in ("True", "true")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == f"绩效通知单 {view.period_title.zh} {view.run}"


@VIEWS
def test_every_tag_of_a_page_is_in_the_tree_and_the_tree_holds_no_other(view):
    reader = read(view)
    parents: ArrayObject = root_of(reader)["/ParentTree"]["/Nums"]
    told = []
    for number, page in enumerate(reader.pages):
        content = page.get_contents().get_data().decode("ascii")
        marked = [int(found) for found in re.findall(r"<</MCID (\d+)>> BDC", content)]
        own = parents[2 * number + 1].get_object()
        assert page["/StructParents"] == parents[2 * number] == number
        assert marked == list(range(len(own)))
        assert [piece.get_object()["/K"] for piece in own] == marked
        assert all(piece.get_object()["/Pg"].get_object() == page.get_object() for piece in own)
        assert content.count("BDC") + content.count("BMC") == content.count("EMC")
        told += [piece.get_object() for piece in own]
    assert told == pieces(reader)


@VIEWS
def test_everything_written_is_tagged_or_said_to_be_decoration(view):
    for page in read(view).pages:
        content = page.get_contents().get_data().decode("ascii")
        outside = re.sub(r"(?s)/\w+ (?:<<.*?>> BDC|BMC).*?EMC", "", content)
        assert "Tj" not in outside
        assert " re " not in outside


def test_the_title_comes_first_and_the_sections_are_headings():
    roles = [piece["/S"] for piece in pieces(read(sample_view()))]
    assert roles[0] == "/H1"
    assert roles.count("/H1") == 1
    assert roles.count("/H2") == 3
    assert set(roles) <= {"/H1", "/H2", "/H3", "/P", "/Figure"}


def test_the_drawing_of_twelve_months_is_told_in_words_with_its_figures():
    figures = [piece["/Alt"] for piece in pieces(read(sample_view())) if piece["/S"] == "/Figure"]
    assert figures[0].startswith("近十二个月的考核总分和应发:7月 得分 81.20、应发 7,020.10 元;")
    assert "2月 得分 84.33、应发 -120.50 元" in figures[0]
    assert "9月" not in figures[0]
    empty = [piece["/Alt"] for piece in pieces(read(zero_view())) if piece["/S"] == "/Figure"]
    assert empty[0] == "近十二个月的考核总分和应发:没有记录"


def test_columns_of_a_row_are_read_apart():
    text = read(sample_view()).pages[0].extract_text()
    assert re.search(r"30\.00 / 30 +30 +30\b", text)


@pytest.mark.parametrize(
    ("first", "second", "read"),
    [
        ("系数 1.5", "94.21", " 94.21"),
        ("应发（元）", "5.30", " 5.30"),
        ("= 17", "距下一档", " 距下一档"),
        ("核实后的", "差额", "差额"),
    ],
)
def test_what_stands_on_different_lines_of_a_piece_is_read_apart_but_sentences_go_on(first, second, read):
    sheet = Sheet(Typesetter())
    sheet.element("P")
    sheet.text(40, 10, first, 8)
    sheet.text(90, 10.5, second, 8)
    assert f"<{runs(read)[0].shown}> Tj" in sheet.operators


def test_a_sheet_without_text_tags_nothing():
    sheet = Sheet(Typesetter())
    sheet.element("P")
    sheet.line(0, 0, 1, 1)
    assert sheet.elements == []
    assert "BDC" not in sheet.operators


def test_what_is_beside_the_text_is_no_piece_of_it():
    sheet = Sheet(Typesetter())
    sheet.element("P")
    sheet.text(0, 10, "正文", 8)
    sheet.beside()
    sheet.text(0, 20, "第 1 页", 8)
    assert [element.role for element in sheet.elements] == ["P"]
    assert sheet.operators.count("/Artifact BMC") == 2
