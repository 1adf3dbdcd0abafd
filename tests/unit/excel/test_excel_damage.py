"""Files that are broken in ways that look whole: refused with words that fit, and never half read as if they were all."""

import io
import resource
import struct
import zipfile
from pathlib import Path

import pytest

from perf.excel import read_workbook

FILES = Path(__file__).parent / "files"
ROWS = "工号,姓名,出院人次\r\n001042,王小明,23\r\n"


def told(name: str, content: bytes) -> tuple[str, str]:
    (issue,) = (i for i in read_workbook(name, content).issues if i.severity == "error")
    return issue.code, issue.found.zh


def workbook_with(cell: str, head: str = "") -> bytes:
    out = io.BytesIO()
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="甲" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        package.writestr(
            "xl/worksheets/sheet1.xml",
            f'{head}<worksheet xmlns="{main}"><sheetData><row r="2">{cell}</row></sheetData></worksheet>',
        )
    return out.getvalue()


@pytest.mark.parametrize("number", ["1e999999999", "-1e999999999", "1e-999999999", "INF", "9" * 5000])
def test_a_number_beyond_any_program_s_is_a_text_and_no_exception(number: str) -> None:
    (sheet,) = read_workbook("x.xlsx", workbook_with(f'<c r="A2"><v>{number}</v></c>')).sheets
    assert (sheet.rows[2][1].value, sheet.rows[2][1].kind) == (number, "text")
    page = f'<table><tr><td x:num="{number}">1</td></tr></table>'
    (sheet,) = read_workbook("x.html", page.encode()).sheets
    assert (sheet.rows[1][1].value, sheet.rows[1][1].kind) == ("1", "text")


def test_a_part_in_an_encoding_that_nobody_knows_is_refused() -> None:
    content = workbook_with('<c r="A2"><v>1</v></c>', head='<?xml version="1.0" encoding="UeTF-8"?>')
    assert told("x.xlsx", content) == ("workbook-damaged", "部件 xl/worksheets/sheet1.xml 不是正确的 XML")


def test_a_page_with_a_character_of_thousands_of_digits_is_refused() -> None:
    page = f"<table><tr><td>&#{'9' * 5000};</td></tr></table>"
    assert told("x.html", page.encode()) == ("workbook-damaged", "网页中有一个不存在的字符")


def test_a_page_cut_off_inside_its_table_is_refused_and_not_read_as_if_it_were_all() -> None:
    rows = "".join(f"<tr><td>00104{n}</td><td>{n}</td></tr>" for n in range(9))
    page = f"<html><body><table><tr><td>工号</td><td>出院人次</td></tr>{rows}</table></body></html>"
    for end in range(page.index("<td>001043"), page.index("</table>"), 7):
        assert told("六月.xls", page[:end].encode()) == ("workbook-damaged", "网页没有写完:表格没有结束")
    for whole in (page, page.removesuffix("</body></html>"), page.replace("</table>", "").removesuffix("</html>")):
        assert len(read_workbook("六月.xls", whole.encode()).sheets[0].rows) == 10


def test_a_text_of_a_database_with_a_stray_zero_byte_is_told_by_its_line() -> None:
    for encoding in ("utf-8", "gb18030"):
        content = (ROWS * 3).encode(encoding) + b"001043,\x00,18\r\n"
        found = f"第 7 行有不成字的字节,其余是 {encoding.upper()}"
        assert told("六月.csv", content) == ("workbook-damaged", found)
    assert told("照片.csv", bytes(range(32)) * 40)[0] == "workbook-not-excel"


def test_a_text_in_gb18030_or_utf_16_that_is_cut_inside_a_character_is_told_by_its_line() -> None:
    gb = (ROWS * 9).encode("gb18030") + "001043,张".encode("gb18030")[:-1]
    assert told("六月.csv", gb) == ("workbook-damaged", "第 19 行有不成字的字节,其余是 GB18030")
    wide = (ROWS * 9).encode("utf-16")[:-1]
    assert told("六月.csv", wide) == ("workbook-damaged", "第 18 行有不成字的字节,其余是 UTF-16")


def test_a_line_without_a_quote_is_not_said_to_have_one() -> None:
    assert told("六月.csv", b"x" * 200_000) == ("workbook-damaged", "单元格的文字超过 32767 个字")


def test_a_web_archive_is_no_text() -> None:
    archive = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n<html><table><tr><td>1"
    assert told("六月.mht", archive)[0] == "workbook-not-excel"


def test_a_small_old_workbook_whose_sectors_run_in_a_ring_is_given_up_after_a_few_seconds() -> None:
    """A file of seven kilobytes used to take the half minute that one of thirty megabytes may take."""
    content = bytearray((FILES / "kinds.xls").read_bytes())
    chain = 512 * (1 + int.from_bytes(content[60:64], "little"))  # the table of short sectors
    struct.pack_into("<i", content, chain, 0)  # after the first comes the first
    started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert told("六月.xls", bytes(content))[0] == "workbook-too-costly"
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - started < 10
