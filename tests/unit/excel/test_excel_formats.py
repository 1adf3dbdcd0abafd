"""Files in every format give the same cells; what a file is is found by its content."""

import io
import zipfile
from pathlib import Path

import pytest
from tests.unit.excel.excel_building import BOOK, ROSTER

from perf.excel import Limits, read_facts, read_workbook
from perf.excel.cells import Sheet, Workbook

FILES = Path(__file__).parent / "files"
ROWS = "工号,姓名,出院人次\r\n001042,王㛃,17\r\n"
PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="gb2312"><title>不要读</title>
<style>td {mso-number-format:"\\@"}</style></head><body><p>2025年6月工作量统计表</p><table>
<tr><th rowspan=2>工号</th><th rowspan=2>姓名</th><th colspan=2>工作量</th></tr><tr><th>出院人次</th><th>诊疗人次</th></tr>
<tr><td>001042</td><td>王&nbsp;芳<script>alert(1)</script></td><td x:num="17">17.0</td><td>#N/A</td></tr>
<tr style="display:none"><td>001043</td><td>甲<br>乙</td></tr></table></body></html>"""


def cells(sheet: Sheet) -> dict[str, tuple[str, str]]:
    return {cell.cell: (cell.value, cell.kind) for row in sheet.rows.values() for cell in row.values()}


def codes(book: Workbook) -> list[str]:
    return [issue.code for issue in book.issues]


@pytest.mark.parametrize("name", ["kinds.xls", "kinds.ods", "kinds_1904.xls", "kinds_1904.ods"])
def test_workbooks_of_other_programs_keep_kinds_hidden_and_merged_cells(name: str) -> None:
    """The files were saved by LibreOffice (`scripts/make_old_workbooks.py`)."""
    book = read_workbook(name, (FILES / name).read_bytes())
    june, old = book.sheets
    found = cells(june)
    assert not book.issues
    assert (june.name, june.state, old.name, old.state) == ("六月", "visible", "旧数据", "hidden")
    assert found["A3"] == ("001042", "text")
    assert found["C4"] == ("12.25", "number")
    assert found["D3"] == ("0.875", "percent")
    assert (found["E3"], found["E4"]) == (("2025-06-30", "date"), ("2025-06-30 08:30", "date"))
    assert (found["C5"], found["D5"]) == (("29.25", "number"), ("#DIV/0!", "error"))
    assert found["B5"] == ("第一行\n第二行", "text")
    assert [tuple(area) for area in june.merged] == [(1, 1, 1, 5)]
    assert june.hidden_rows == {7}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (ROWS.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + ROWS.encode(), "utf-8 with its mark"),
        (ROWS.encode("gb18030"), "gb18030"),
        (ROWS.encode("utf-16"), "utf-16"),
        (ROWS.replace(",", "\t").encode("utf-16"), "what Excel calls Unicode text"),
        (ROWS.replace(",", ";").encode("gb18030"), "semicolons"),
        (ROWS.replace(",", "，").encode(), "full-width commas"),
        (b"sep=|\r\n" + ROWS.replace(",", "|").encode(), "a first line that says which"),
        (ROWS.replace("王㛃", '"王㛃"').encode(), "quotes"),
    ],
)
def test_texts_are_read_in_every_encoding_and_with_every_delimiter(content: bytes, told: str) -> None:
    book = read_workbook("六月.csv", content)
    rows = [[cell.value for cell in row.values()] for row in book.sheets[0].rows.values()]
    assert rows == [["工号", "姓名", "出院人次"], ["001042", "王㛃", "17"]], told
    assert not book.issues


def test_rows_of_a_text_have_the_numbers_that_a_spreadsheet_gives_them() -> None:
    book = read_workbook("x.csv", '"一\n二",b\n\n,c\n'.encode())
    assert cells(book.sheets[0]) == {"A1": ("一\n二", "text"), "B1": ("b", "text"), "B3": ("c", "text")}


def test_a_number_in_a_text_is_not_called_a_number_stored_as_text() -> None:
    reading = read_facts("2025年6月.csv", "工号,姓名,出院人次\n000203,张三,17\n".encode(), BOOK, ROSTER)
    assert "number-as-text" not in [issue.code for issue in reading.issues]
    assert [row.value for row in reading.rows] == [17]


def test_a_web_page_called_xls_is_read_as_excel_would_show_it() -> None:
    book = read_workbook("导出.xls", PAGE.encode("gb18030"))
    sheet = book.sheets[0]
    assert cells(sheet) == {
        "A1": ("2025年6月工作量统计表", "text"),
        "A2": ("工号", "text"),
        "B2": ("姓名", "text"),
        "C2": ("工作量", "text"),
        "C3": ("出院人次", "text"),
        "D3": ("诊疗人次", "text"),
        "A4": ("001042", "text"),
        "B4": ("王 芳", "text"),
        "C4": ("17", "number"),
        "D4": ("#N/A", "error"),
        "A5": ("001043", "text"),
        "B5": ("甲\n乙", "text"),
    }
    assert [tuple(area) for area in sheet.merged] == [(2, 1, 3, 1), (2, 2, 3, 2), (2, 3, 2, 4)]
    assert sheet.hidden_rows == {5}
    assert codes(book) == ["workbook-ending"]


def test_tables_of_one_page_stand_below_each_other() -> None:
    page = "<table><tr><td rowspan=3>甲<tr><td>乙</table>合计<table><tr><td>丙</table>"
    assert {at: value for at, (value, _) in cells(read_workbook("x.html", page.encode()).sheets[0]).items()} == {
        "A1": "甲",
        "B2": "乙",
        "A4": "合计",
        "A5": "丙",
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.xlsx", b"%PDF-1.7 ..."),
        ("x.xls", b"\x89PNG\r\n\x1a\n\x00\x00"),
        ("x.csv", b"MZ\x90\x00\x03"),
        ("x.csv", b"\xff\xff\xff\x80"),
    ],
)
def test_what_is_no_table_is_refused(name: str, content: bytes) -> None:
    assert codes(read_workbook(name, content)) == ["workbook-not-excel"]


@pytest.mark.parametrize("name", ["kinds.xls", "kinds.ods"])
@pytest.mark.parametrize("share", [1, 3, 5, 7, 9])
def test_a_file_cut_off_is_refused_and_never_raises(name: str, share: int) -> None:
    content = (FILES / name).read_bytes()
    book = read_workbook(name, content[: len(content) * share // 10])
    assert codes(book) == ["workbook-damaged"]


def test_an_open_document_with_a_million_repeated_rows_costs_nothing_or_is_refused() -> None:
    empty = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    filled = empty.replace("<table:table-cell/>", "<table:table-cell><text:p>1</text:p></table:table-cell>")
    wide = (
        "<table:table-row><table:table-cell table:number-columns-repeated='16384'><text:p>1</text:p>"
        "</table:table-cell></table:table-row>"
    )
    assert codes(read_workbook("x.ods", document(empty))) == []
    assert codes(read_workbook("x.ods", document(filled))) == ["workbook-cell-too-far"]
    assert codes(read_workbook("x.ods", document(wide))) == ["workbook-cell-too-far"]


def test_limits_hold_for_texts_and_pages_too() -> None:
    few = Limits(cells=10, rows=100)
    assert codes(read_workbook("x.csv", b"1,2\n" * 9, few)) == ["workbook-too-many-cells"]
    assert codes(read_workbook("x.csv", b"\n" * 200 + b"1", few)) == ["workbook-cell-too-far"]
    page = b"<table><tr><td colspan=999999999>1</td><td>2</td></table>"
    assert codes(read_workbook("x.html", page, few)) == ["workbook-cell-too-far"]


def document(rows: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        package.writestr(
            "content.xml",
            '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:spreadsheet>'
            f'<table:table table:name="甲">{rows}</table:table></office:spreadsheet></office:document-content>',
        )
    return out.getvalue()


@pytest.mark.parametrize("broken", [b"\xe5\xb7", b"\xff", b"\xb0\xa1"])
def test_a_text_in_utf_8_with_a_few_broken_bytes_is_refused_with_the_line_and_not_read_as_other_words(
    broken: bytes,
) -> None:
    content = (ROWS * 3).encode() + b"001043," + broken + b",18\r\n"
    (issue,) = read_workbook("六月.csv", content).issues
    assert (issue.code, issue.found.zh) == ("workbook-damaged", "第 7 行有不成字的字节,其余是 UTF-8")
    assert codes(read_workbook("六月.csv", b"\xef\xbb\xbf" + content)) == ["workbook-damaged"]


def test_a_page_is_read_by_its_bytes_and_not_by_the_character_set_that_it_names() -> None:
    for named, written in (("gb2312", "utf-8"), ("utf-8", "gb18030"), ("big5", "utf-8"), ("", "gb18030")):
        page = f"<meta charset={named}><table><tr><td>王㛃工号</td></tr></table>".encode(written)
        assert cells(read_workbook("x.html", page).sheets[0])["A1"] == ("王㛃工号", "text"), (named, written)


def test_what_excel_writes_beside_a_cell_of_a_page_counts_where_the_cell_shows_a_number() -> None:
    page = """<table><caption>2025年6月</caption><thead><tr><th>一<th>二</thead><tbody><tr>
    <td x:num="1234.5">￥1,234.50<td x:num="0.875">87.5%<td x:num="45838">2025年6月30日<td x:num>17<td x:num="9999999">###
    <td x:str="001">001<td x:err="#N/A">无<td x:num="6" x:fmla="=SUM(A1:A3)">6<td x:fmla="=B1">&nbsp;</tbody></table>"""
    sheet = read_workbook("x.html", page.encode()).sheets[0]
    assert cells(sheet) == {
        "A1": ("2025年6月", "text"),
        "A2": ("一", "text"),
        "B2": ("二", "text"),
        "A3": ("1234.5", "number"),
        "B3": ("0.875", "percent"),
        "C3": ("2025年6月30日", "text"),
        "D3": ("17", "text"),
        "E3": ("9999999", "number"),
        "F3": ("001", "text"),
        "G3": ("#N/A", "error"),
        "H3": ("6", "number"),
        "I3": ("", "blank"),
    }
    assert (sheet.rows[3][8].formula, sheet.rows[3][9].cached) == ("SUM(A1:A3)", False)


def test_a_table_within_a_page_laid_out_by_tables_is_read_as_a_table() -> None:
    page = "<table><tr><td>2025年6月<table><tr><td>工号<td>人次<tr><td>001<td>7</table>制表人<tr><td>完</table>"
    assert {at: value for at, (value, _) in cells(read_workbook("x.html", page.encode()).sheets[0]).items()} == {
        "A1": "2025年6月",
        "A2": "工号",
        "B2": "人次",
        "A3": "001",
        "B3": "7",
        "A4": "制表人",
        "A5": "完",
    }


def test_a_small_table_beside_figures_is_a_text_of_its_cell() -> None:
    page = "<table><tr><td>001<td>甲<table><tr><td>乙<td>丙</table><td>7</table>"
    found = {at: value for at, (value, _) in cells(read_workbook("x.html", page.encode()).sheets[0]).items()}
    assert found == {"A1": "001", "B1": "甲乙丙", "C1": "7"}
