"""Plain rows are read in columns: the same cells as tag by tag, in every form in which programs write them."""

import pytest
from tests.unit.excel.test_excel_guard import HEAD, SHEET, TAIL, with_part

from perf.excel import read_workbook
from perf.excel.cell_blocks import BlockedRows, blocks_of, single_rows, stands_in
from perf.excel.cells import Sheet
from perf.excel.guard import LIMITS, Package, WorkbookRefusedError
from perf.excel.reader import package_sheets

ROW = '<row r="{0}" spans="1:3"><c r="A{0}" s="0" t="str"><v>甲{0}</v></c><c r="B{0}"><v>{0}.5</v></c></row>'


def sheet_of(xml: str) -> Sheet:
    book = read_workbook("x.xlsx", with_part(SHEET, HEAD + xml.encode() + TAIL))
    assert book.issues == ()
    return book.sheets[0]


def tag_by_tag(xml: str) -> Sheet:
    """The same with a comment before the rows, which makes none of them plain."""
    found = package_sheets("x.xlsx", with_part(SHEET, HEAD + b"<!-- -->" + xml.encode() + TAIL))[0][0]
    assert not blocks_of(found.rows)
    return found


PLAIN = {
    "LibreOffice": '<row r="1" customFormat="false" ht="12.8" hidden="false" outlineLevel="0" collapsed="false">'
    '<c r="A1" s="0" t="n"><v>12.5</v></c><c r="B1" s="0" t="b"><v>1</v></c></row>',
    "Excel": '<row r="1" spans="1:3" x14ac:dyDescent="0.25"><c r="A1" t="str"><v>a</v></c><c r="C1"><v>1E-3</v></c></row>',
    "openpyxl": '<row r="2"><c r="A2" t="inlineStr"><is><t>&#24037;&#21495; &amp; &lt;x&gt;</t></is></c></row>',
    "numbers as they are computed": '<row r="1"><c r="A1"><v>0.30000000000000004</v></c><c r="B1"><v>-0</v></c></row>',
    "formulas": '<row r="1"><c r="A1"><f>B1&amp;"x"</f><v>2</v></c><c r="B1"><f t="shared" si="0"/><v>3</v></c></row>',
    "blanks with a format": '<row r="1"><c r="A1" s="1"/><c r="B1"><v>1</v></c></row><row r="2"><c r="A2" s="1"/></row>',
    "a hidden row": '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row>',
    "errors and escapes": '<row r="4"><c r="A4" t="e"><v>#N/A</v></c><c r="B4" t="str"><v>a_x000D_b</v></c></row>',
    "spaces that are kept": '<row r="4"><c r="A4" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c></row>',
}


@pytest.mark.parametrize("name", PLAIN)
def test_what_programs_write_is_read_in_columns_as_tag_by_tag(name):
    found = sheet_of(PLAIN[name])
    assert blocks_of(found.rows)
    assert not single_rows(found.rows)
    assert found == tag_by_tag(PLAIN[name])


ODD = {
    "no places": '<row><c t="str"><v>a</v></c></row>',
    "a row twice": ROW.format(1) + '<row r="1"><c r="C1"><v>9</v></c></row>',
    "a cell in another row": ROW.format(1) + ROW.format(2) + '<row r="3"><c r="B1"><v>9</v></c></row>',
    "rows backwards": ROW.format(5) + ROW.format(3) + ROW.format(4),
    "cells backwards": '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
    "rich text": ROW.format(1) + '<row r="2"><c r="A2" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>',
    "a row that follows without a number": ROW.format(7) + "<row><c><v>1</v></c></row>" + ROW.format(9),
    "a formula that was never calculated": '<row r="1"><c r="A1"><f>B1</f></c><c r="B1"><v>1</v></c></row>',
    "a formula that shows nothing": '<row r="1"><c r="A1" t="str"><f>B1</f><v></v></c><c r="B1"><v>1</v></c></row>',
    "single quotes": "<row r='1'><c r='A1'><v>1</v></c></row>",
    "a bracket in an attribute": '<row r="1" x="a>b"><c r="A1" y="/>"><v>1</v></c></row>',
    "line breaks of two signs": '<row r="1"><c r="A1" t="str"><v>a\r\nb</v></c></row>',
    "a reference that only a parser knows": '<row r="1"><c r="A1" t="str"><v>a&#x000000041;</v></c></row>',
    "a number with two points": '<row r="1"><c r="A1"><v>5.1.0</v></c></row>',
    "zeros before a number": '<row r="1"><c r="A1"><v>007.0</v></c><c r="B1"><v>00.12345678</v></c></row>',
    "numbers of very many digits": '<row r="1"><c r="A1"><v>123456789012345678</v></c><c r="B1"><v>0.1234567890123456</v></c></row>',
    "a sign and nothing": '<row r="1"><c r="A1"><v>-0.0</v></c><c r="B1"><v>-</v></c></row>',
    "rows without cells": '<row r="1" ht="20"/>' + ROW.format(2) + '<row r="3" hidden="1"/>' + ROW.format(4),
    "rows on lines of their own": ROW.format(1) + "\r\n" + ROW.format(2) + "\n" + ROW.format(3),
    "brackets in a text": '<row r="1"><c r="A1" t="str"><v>a]] b</v></c></row>]]' + ROW.format(2),
    "no number": ROW.format(1) + '<row r="2"><c r="A2"><v>x</v></c></row>' + ROW.format(3),
    "a day that is none": '<row r="1"><c r="A1" t="d"><v>2025-06-30T00:00</v></c></row>',
}


@pytest.mark.parametrize("name", ODD)
def test_what_they_do_not_write_is_read_the_same_nevertheless(name):
    assert sheet_of(ODD[name]) == tag_by_tag(ODD[name])


def test_odd_rows_among_plain_ones_stay_single_and_in_their_place():
    odd = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><r><t>odd{0}</t></r></is></c></row>'
    found = sheet_of("".join((odd if n % 50 == 7 else ROW).format(n) for n in range(1, 4001)))
    assert isinstance(found.rows, BlockedRows)
    assert list(found.rows) == list(range(1, 4001))
    assert [row[1].value for row in single_rows(found.rows).values()] == [f"odd{n}" for n in range(7, 4001, 50)]
    assert found.rows[4000][2] == ("数据", 4000, 2, "4000.5", "number", "", True)
    assert found.cell_count == 4000 * 2 - 80
    assert 4001 not in found.rows
    assert stands_in(found.rows, 2, [7, 8])
    assert not stands_in(found.rows, 2, [7])
    assert not stands_in(found.rows, 3, [8])


def test_a_part_in_another_encoding_is_left_to_the_parser():
    text = f'<?xml version="1.0" encoding="gb2312"?>{HEAD.decode()}{ROW.format(1)}{TAIL.decode()}'
    book = read_workbook("x.xlsx", with_part(SHEET, text.encode("gb2312")))
    assert [issue.code for issue in book.issues] == ["workbook-damaged"]
    text = f'<?xml version="1.0" encoding="utf-16"?>{HEAD.decode()}{ROW.format(1)}{TAIL.decode()}'
    found = read_workbook("x.xlsx", with_part(SHEET, text.encode("utf-16"))).sheets[0]
    assert found.rows[1][1].value == "甲1"


@pytest.mark.parametrize("broken", ["</row><row>", "<row r='9'><c>", "&nbsp;", "<c r='A1'/></c>"])
def test_damage_between_plain_rows_is_damage(broken):
    xml = "".join(ROW.format(n) for n in range(1, 600)) + broken + "".join(ROW.format(n) for n in range(600, 1200))
    book = read_workbook("x.xlsx", with_part(SHEET, HEAD + xml.encode() + TAIL))
    assert [issue.code for issue in book.issues] == ["workbook-damaged"]


NOT_WELL_FORMED = {
    "a value that ends as a text": '<row r="{0}"><c r="A{0}"><v>1</t></is></c></row>',
    "a text that ends as a value": '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>1</v></c></row>',
    "an attribute of a row twice": '<row r="{0}" ht="1" ht="1"><c r="A{0}"><v>1</v></c></row>',
    "the number of a row twice": '<row r="{0}" r="{0}"><c r="A{0}"><v>1</v></c></row>',
    "an attribute of a cell twice": '<row r="{0}"><c r="A{0}" s="0" s="0"><v>1</v></c></row>',
    "the place of a cell twice": '<row r="{0}"><c r="A{0}" r="A{0}"><v>1</v></c></row>',
    "an attribute of a formula twice": '<row r="{0}"><c r="A{0}"><f si="0" si="0">1</f><v>1</v></c></row>',
    "an attribute that begins with a digit": '<row r="{0}"><c r="A{0}" 1s="0"><v>1</v></c></row>',
    "attributes that are not apart": '<row r="{0}"><c r="A{0}" s="0"t="n"><v>1</v></c></row>',
    "a tag in an attribute": '<row r="{0}"><c r="A{0}" y="<v>"><v>1</v></c></row>',
    "a character that XML has not": '<row r="{0}"><c r="A{0}" t="str"><v>\x01</v></c></row>',
    "a reference to one": '<row r="{0}"><c r="A{0}" t="str"><v>&#1;</v></c></row>',
    "a reference to none": '<row r="{0}"><c r="A{0}" t="str"><v>&#xFFFE;</v></c></row>',
    "a bare ampersand": '<row r="{0}"><c r="A{0}" t="str"><v>a & b</v></c></row>',
    "the end of no CDATA": '<row r="{0}"><c r="A{0}" t="str"><v>]]></v></c></row>',
    "rows in an attribute": '<x y="<row r="{0}"><c r="A{0}"><v>1</v></c></row>"/>',
    "rows behind the end": '</sheetData></worksheet><row r="{0}"><c r="A{0}"><v>1</v></c></row>',
}


@pytest.mark.parametrize("name", NOT_WELL_FORMED)
@pytest.mark.parametrize("rows_before", [0, 900])
def test_a_row_that_only_looks_well_formed_is_damage(name, rows_before, monkeypatch):
    monkeypatch.setattr("perf.excel.guard._CHUNK", 4_096)
    plain = '<row r="{0}"><c r="A{0}" s="0"><v>7</v></c></row>'
    xml = "".join(plain.format(n) for n in range(1, rows_before + 1)) + NOT_WELL_FORMED[name].format(rows_before + 1)
    book = read_workbook("x.xlsx", with_part(SHEET, HEAD + xml.encode() + TAIL))
    assert [issue.code for issue in book.issues] == ["workbook-damaged"]


def test_rows_in_a_comment_or_an_instruction_are_no_rows():
    for hidden in (f"<!-- {ROW.format(2)} -->", f"<?x {ROW.format(2)} ?>"):
        found = sheet_of(ROW.format(1) + hidden + ROW.format(3))
        assert list(found.rows) == [1, 3]


def test_rows_of_many_looks_are_read_in_columns_once_their_forms_are_known(monkeypatch):
    monkeypatch.setattr("perf.excel.guard._CHUNK", 2_000)
    looks = ("", ' s="0"', ' s="1"', ' s="2"', ' s="3"', ' s="4"')
    row = '<row r="{0}"><c r="A{0}"{1} t="str"><v>甲</v></c><c r="B{0}"{1}><v>{0}.5</v></c>{2}</row>'
    odd = {5: '<c r="C{0}"><f>B{0}</f><v>1</v></c>', 30: '<c r="D{0}" t="b"><v>1</v></c>', 44: '<c r="C{0}" s="9"/>'}
    xml = "".join(row.format(n, looks[n % (2 + n // 300)], odd.get(n % 50, "").format(n)) for n in range(1, 1201))
    found = sheet_of(xml)
    assert not single_rows(found.rows)
    assert found == tag_by_tag(xml)


def test_a_row_before_the_data_does_not_make_later_ones_plain():
    inside = '<c r="A1" t="str"><is><row r="2"><c r="B2"><v>1</v></c></row></is></c>'
    xml = inside + ROW.format(3)
    assert sheet_of(xml) == tag_by_tag(xml)


def test_the_package_counts_again_where_a_part_is_read_twice():
    package = Package(with_part(SHEET, HEAD + TAIL), LIMITS)
    package.spend_tags(LIMITS.single_tags)
    with pytest.raises(WorkbookRefusedError):
        package.spend_tags(1)
    package.begin_again()
    package.spend_tags(LIMITS.single_tags)
