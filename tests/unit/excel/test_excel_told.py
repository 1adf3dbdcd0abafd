"""What is read in spite of its looks, and what is told: strict workbooks, macros, formulas that reach out."""

import io
import re
import zipfile

import pytest
from tests.unit.excel.excel_building import BOOK, ROSTER, sheet_bytes
from tests.unit.excel.test_excel_formats import FILES
from tests.unit.excel.test_excel_guard import HEAD, SHEET, TAIL, with_part
from tests.unit.excel.test_excel_hostile import open_document

from perf.excel import read_facts, read_workbook
from perf.excel.cells import Workbook

ROWS = [["工号", "姓名", "出院人次"], ["000203", "张三", 17]]
STRICT = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "http://purl.oclc.org/ooxml/officeDocument/relationships",
}


def rewritten(content: bytes, change: "dict[str, str]") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            for before, after in change.items():
                part = part.replace(before.encode(), after.encode())
            new.writestr(name, part)
    return out.getvalue()


def values(book: Workbook) -> dict[str, tuple[str, str]]:
    return {c.cell: (c.value, c.kind) for s in book.sheets for row in s.rows.values() for c in row.values()}


def told(book: Workbook) -> list[tuple[str, str, str]]:
    return [(issue.code, issue.severity, issue.place.cell) for issue in book.issues]


def formula_sheet(*formulas: str) -> bytes:
    cells = "".join(f'<c r="{chr(65 + n)}1"><f>{f}</f><v>7</v></c>' for n, f in enumerate(formulas))
    return with_part(SHEET, HEAD + f'<row r="1">{cells}</row>'.encode() + TAIL)


def test_a_strict_workbook_is_read_like_any_other():
    content = rewritten(sheet_bytes(ROWS), STRICT)
    assert b"purl.oclc.org" in zipfile.ZipFile(io.BytesIO(content)).read("xl/workbook.xml")
    reading = read_facts("2025-06.xlsx", content, BOOK, ROSTER)
    assert [row.value for row in reading.rows] == [17]
    assert reading.issues == ()


def test_days_of_a_strict_workbook_are_written_out_and_read_so():
    cells = '<c r="A1" t="d"><v>2025-06-30</v></c><c r="B1" t="d"><v>2025-06-30T08:30:00Z</v></c>'
    book = read_workbook("x.xlsx", with_part(SHEET, HEAD + f'<row r="1">{cells}</row>'.encode() + TAIL))
    assert values(book) == {"A1": ("2025-06-30", "date"), "B1": ("2025-06-30 08:30", "date")}


def test_a_workbook_whose_tags_have_a_prefix_and_whose_paths_are_absolute_is_read():
    content = rewritten(
        sheet_bytes(ROWS), {'Target="/xl/': 'Target="/xl/./', 'Target="worksheets': 'Target="./worksheets'}
    )
    assert values(read_workbook("x.xlsx", content))["C2"] == ("17", "number")


def test_a_package_with_the_other_slash_is_read():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet_bytes(ROWS))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("/", "\\"), old.read(name))
    assert values(read_workbook("x.xlsx", out.getvalue()))["C2"] == ("17", "number")


@pytest.mark.parametrize(
    ("formula", "severity"),
    [
        ("WEBSERVICE(&quot;http://localhost:9/&quot;)", "warning"),
        ("_xlfn.WEBSERVICE(A1)", "warning"),
        ("cmd|'/C calc'!A0", "warning"),
        ("'cmd'|'/C calc'!A0", "warning"),
        ("1+RTD(&quot;x&quot;,,&quot;y&quot;)", "warning"),
        ("CALL(&quot;urlmon&quot;,&quot;URLDownloadToFileA&quot;)", "warning"),
        ("IF(A1, image (&quot;http://x&quot;),2)", "warning"),
        ("HYPERLINK(&quot;http://localhost:9/&quot;,&quot;x&quot;)", "info"),
        ("SUM(A1:A3)", ""),
        ("&quot;WEBSERVICE(a|b)&quot;&amp;A1", ""),
        ("MYCALL(1)+A1", ""),
        ("RECALL(1)", ""),
    ],
)
def test_formulas_that_reach_out_are_told_at_the_first_of_them_and_only_their_values_are_taken(formula, severity):
    book = read_workbook("x.xlsx", formula_sheet("1+1", formula, formula))
    assert values(book) == {"A1": ("7", "number"), "B1": ("7", "number"), "C1": ("7", "number")}
    assert told(book) == ([("formula-reaches-out", severity, "B1")] if severity else [])


def test_how_many_formulas_reach_out_is_said_once_a_sheet():
    (issue,) = read_workbook("x.xlsx", formula_sheet(*["WEBSERVICE(A1)"] * 5)).issues
    assert issue.found.zh == "公式要启动别的程序或访问网络:“=WEBSERVICE(A1)”,共 5 处"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_text_that_excel_would_run_is_told_in_texts_and_pages(sign):
    dde = f"{sign}cmd|'/C calc'!A0"
    assert told(read_workbook("x.csv", f"工号,{dde}\n".encode())) == [("formula-reaches-out", "warning", "B1")]
    assert told(read_workbook("x.html", f"<table><tr><td>{dde}</table>".encode())) == [
        ("formula-reaches-out", "warning", "A1")
    ]
    assert told(read_workbook("x.csv", "工号,-5\n+1,=1+1\n@x,a|b\n".encode())) == []


def test_macros_and_links_of_open_documents_are_told():
    content = '<o:document xmlns:o="o" xmlns:table="t"><table:table table:name="甲"><table:table-source/></table:table></o:document>'
    book = read_workbook("x.ods", open_document(content, more={"Basic/Standard/Module1.xml": b"not read"}))
    assert told(book) == [("workbook-macros", "warning", ""), ("workbook-external-links", "warning", "")]


def test_a_formula_of_an_open_document_that_reaches_out_is_told():
    content = (
        '<o:document xmlns:o="o" xmlns:table="t" xmlns:office="f" xmlns:text="x"><table:table table:name="甲"><table:table-row>'
        '<table:table-cell table:formula="of:=DDE(&quot;soffice&quot;;&quot;x&quot;;&quot;y&quot;)" office:value-type="float"'
        ' office:value="7"><text:p>7</text:p></table:table-cell></table:table-row></table:table></o:document>'
    )
    book = read_workbook("x.ods", open_document(content))
    assert values(book) == {"A1": ("7", "number")}
    assert told(book) == [("formula-reaches-out", "warning", "A1")]


def test_control_characters_and_halves_of_characters_are_left_out():
    cell = '<c r="A1" t="inlineStr"><is><t>工_x0000_号_x001B_[31m_xD800__x000D__x4E00_</t></is></c>'
    book = read_workbook("x.xlsx", with_part(SHEET, HEAD + f'<row r="1">{cell}</row>'.encode() + TAIL))
    assert values(book)["A1"] == ("工号[31m\r一", "text")
    page = read_workbook("x.html", b"<table><tr><td>&#27;[31m1</td><td>&#27;</td></tr></table>")
    assert values(page) == {"A1": ("[31m1", "text")}


def test_what_xml_of_2003_and_web_archives_are_is_said_and_no_garbage_is_read():
    old = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
    archive = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
    for content in (old, archive):
        assert told(read_workbook("x.xls", content)) == [("workbook-not-excel", "error", "")]


def test_a_text_that_speaks_of_markup_is_a_text():
    book = read_workbook("x.csv", "工号,备注\n000203,<table>\nPK,1\n".encode())
    assert values(book)["B2"] == ("<table>", "text")
    assert values(read_workbook("x.csv", b"PK,1\n")) == {"A1": ("PK", "text"), "B1": ("1", "text")}


def test_hidden_columns_are_known_in_every_format_that_hides_them():
    rows = re.sub(rb"<sheetData>", b'<cols><col min="2" max="3" hidden="1"/></cols><sheetData>', HEAD)
    book = read_workbook("x.xlsx", with_part(SHEET, rows + b'<row r="1"><c r="A1"><v>1</v></c></row>' + TAIL))
    assert book.sheets[0].hidden_columns == {2, 3}
    content = (
        '<o:document xmlns:o="o" xmlns:table="t"><table:table table:name="甲"><table:table-column/>'
        '<table:table-column table:number-columns-repeated="2" table:visibility="collapse"/></table:table></o:document>'
    )
    assert read_workbook("x.ods", open_document(content)).sheets[0].hidden_columns == {2, 3}
    for name in ("kinds.xls", "kinds.ods"):
        assert read_workbook(name, (FILES / name).read_bytes()).sheets[0].hidden_columns == frozenset()
