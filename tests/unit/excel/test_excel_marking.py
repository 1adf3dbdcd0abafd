"""The user's own workbook back with its problems marked: nothing else in it changes, and mended it is taken."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from tests.unit.excel.excel_building import BOOK, ROSTER, saved, sheet_bytes

from perf.excel import read_facts, read_workbook
from perf.excel.cells import cell_name
from perf.excel.marking import marked_workbook
from perf.excel.problem_sheet import COMMENTS_MAX, LISTED_MAX, PROBLEM_SHEET
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text

NAME = "2025-06 数据.xlsx"
WRONG = [
    ["工号", "姓名", "出院人次", "服务得分", "满意度"],
    ["000203", "张三", 1, "八十八", "87.5%"],
    ["000204", "李思", 2, 9, "90%"],
    ["000299", "赵㛃", 3, "8O", "90%"],
    ["000206", "王芳", "１２", 7, "100%"],
]
FILES = Path(__file__).parent / "files"
RED, AMBER = "FFFFC7CE", "FFFFEB9C"


def marked(content: bytes, issues: list[Issue] | None = None, name: str = NAME) -> bytes:
    found = read_facts(name, content, BOOK, ROSTER).issues if issues is None else issues
    return marked_workbook(read_workbook(name, content), content, found).content


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def coloured(sheet: object) -> dict[str, str]:
    """Cell → the colour that our conditional format gives it."""
    found = {}
    for area in sheet.conditional_formatting:  # type: ignore[attr-defined]
        for rule in area.rules:
            if rule.formula and "perf-pay:" in rule.formula[0]:
                for part in area.sqref.ranges:
                    for row, column in part.cells:
                        found[cell_name(row, column)] = rule.dxf.fill.bgColor.rgb
    return found


def suggestions(content: bytes) -> dict[str, str]:
    """Cell → suggested value, as the problem sheet says."""
    rows = opened(content)[PROBLEM_SHEET].iter_rows(min_row=6, values_only=True)
    return {str(row[3]): str(row[8]) for row in rows if row[8] is not None}


def mended(content: bytes) -> bytes:
    book = opened(content)
    for cell, value in suggestions(content).items():
        book.worksheets[0][cell] = value
    return saved(book)


def test_what_is_wrong_is_red_has_a_comment_and_a_line_with_a_link():
    book = opened(marked(sheet_bytes(WRONG)))
    sheet = book["数据"]
    assert coloured(sheet) == {"D2": RED, "B3": RED, "A4": RED, "D4": RED}
    assert "发现: “八十八”" in sheet["D2"].comment.text
    assert "建议值: 88" in sheet["D2"].comment.text
    problems = book[PROBLEM_SHEET]
    assert [c.value for c in problems[6]][2:5] == ["数据", "D2", "000203"]
    assert problems["D6"].hyperlink.location == "'数据'!D2"
    assert problems["I6"].value == "88"


def test_mended_as_suggested_and_sent_again_it_is_taken():
    found = read_facts("未命名.xlsx", mended(marked(sheet_bytes(WRONG))), BOOK, ROSTER)
    assert [i for i in found.issues if i.severity != "info"] == []
    assert len(found.rows) == 12
    assert str(found.coverage.period) == "2025-06"  # the month stood only in the name of the file before it was marked


def test_formats_formulas_other_sheets_merged_cells_comments_and_lists_stay():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "数据"
    for row in WRONG:
        sheet.append(row)
    sheet["D2"].font, sheet["D2"].fill = Font(italic=True), PatternFill("solid", fgColor="FF00FF00")
    sheet["D2"].comment = Comment("自己的批注", "张三")
    sheet["H2"] = "=SUM(C2:C5)"
    sheet.merge_cells("J1:K1")
    sheet.conditional_formatting.add("C2:C5", CellIsRule(operator="greaterThan", formula=["5"]))
    choices = DataValidation(type="list", formula1='"甲,乙"', prompt="选一个")
    choices.add("L2:L5")
    sheet.add_data_validation(choices)
    book.create_sheet("附表")["A1"] = "别动"
    book.worksheets[1].sheet_state = "hidden"
    before = saved(book)
    after = opened(marked(before))
    sheet = after["数据"]
    assert after.sheetnames == ["数据", "附表", PROBLEM_SHEET]
    assert (sheet["D2"].font.i, sheet["D2"].fill.fgColor.rgb) == (True, "FF00FF00")
    assert sheet["D2"].comment.text.startswith("自己的批注")
    assert "八十八" in sheet["D2"].comment.text
    assert sheet["H2"].value == "=SUM(C2:C5)"
    assert [str(area) for area in sheet.merged_cells.ranges] == ["J1:K1"]
    assert sheet.data_validations.dataValidation[0].prompt == "选一个"
    assert len(sheet.conditional_formatting) == 3  # its own, the red cells, and the amber column H without a header
    assert (after["附表"]["A1"].value, after["附表"].sheet_state) == ("别动", "hidden")


def test_what_is_not_marked_keeps_every_byte_and_values_saved_last_stay():
    book = opened(sheet_bytes(WRONG))
    book.create_sheet("别的")["A1"] = 1
    content = saved(book)
    with zipfile.ZipFile(io.BytesIO(content)) as one, zipfile.ZipFile(io.BytesIO(marked(content))) as other:
        assert one.read("xl/worksheets/sheet2.xml") == other.read("xl/worksheets/sheet2.xml")
        cells = one.read("xl/worksheets/sheet1.xml").partition(b"</sheetData>")[0]
        assert other.read("xl/worksheets/sheet1.xml").startswith(cells)


def test_a_second_marking_takes_the_first_away_and_no_second_list_is_made():
    once = marked(sheet_bytes(WRONG))
    half = opened(once)
    half["数据"]["D2"] = 88
    half["数据"]["B3"] = "李四"
    twice = opened(marked(saved(half)))
    assert twice.sheetnames == ["数据", PROBLEM_SHEET]
    assert coloured(twice["数据"]) == {"A4": RED, "D4": RED}
    assert twice["数据"]["D2"].comment is None
    assert "8O" in twice["数据"]["D4"].comment.text
    assert twice[PROBLEM_SHEET]["A2"].value.endswith(NAME)


def test_a_sheet_of_the_users_own_with_that_name_is_left_alone():
    book = opened(sheet_bytes(WRONG))
    book.create_sheet(PROBLEM_SHEET)["A1"] = "自己的清单"
    after = opened(marked(saved(book)))
    assert after.sheetnames == ["数据", PROBLEM_SHEET, f"{PROBLEM_SHEET}(2)"]
    assert after[PROBLEM_SHEET]["A1"].value == "自己的清单"


def test_warnings_are_amber_and_an_error_in_the_same_cell_is_red():
    def at(cell: str, severity: str) -> Issue:
        return Issue("x", Place(NAME, "数据", cell), Text("发现"), Text("应为"), severity=severity)  # type: ignore[arg-type]

    issues = [at("C2", "warning"), at("C3", "warning"), at("C3", "error"), at("C4", "info"), at("Z99", "error")]
    sheet = opened(marked(sheet_bytes(WRONG), issues))["数据"]
    assert coloured(sheet) == {"C2": AMBER, "C3": RED, "Z99": RED}


def test_of_a_workbook_with_macros_a_copy_without_them_comes_back_and_says_so():
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet_bytes(WRONG))) as old, zipfile.ZipFile(buffer, "w") as new:
        for info in old.infolist():
            text = old.read(info)
            if info.filename == "[Content_Types].xml":
                text = text.replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                ).replace(
                    b"<Override",
                    b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override',
                    1,
                )
            if info.filename == "xl/_rels/workbook.xml.rels":
                macros = b'<Relationship Id="rId77" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/></Rel'
                text = text.replace(b"</Rel", macros, 1)
            new.writestr(info.filename, text)
        new.writestr("xl/vbaProject.bin", b"macros")
    content = buffer.getvalue()
    made = marked_workbook(
        read_workbook("2025-06 数据.xlsm", content), content, read_facts("a.xlsm", content, BOOK, ROSTER).issues
    )
    assert "宏" in made.notes[0].zh
    with zipfile.ZipFile(io.BytesIO(made.content)) as package:
        everything = b"".join(package.read(name) for name in package.namelist())
        assert "xl/vbaProject.bin" not in package.namelist()
    assert b"vbaProject" not in everything
    assert b"macroEnabled" not in everything
    assert "宏" in opened(made.content)[PROBLEM_SHEET]["A3"].value


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_of_a_text_an_xlsx_copy_comes_back_that_is_taken_once_it_is_mended(encoding: str):
    content = "\n".join(",".join(map(str, row)) for row in WRONG).encode(encoding)
    copy = marked(content, name="2025-06 数据.csv")
    assert opened(copy).sheetnames == ["数据", PROBLEM_SHEET]
    assert "xlsx 副本" in opened(copy)[PROBLEM_SHEET]["A3"].value
    found = read_facts("数据.xlsx", mended(copy), BOOK, ROSTER)
    assert [i for i in found.issues if i.severity == "error"] == []
    assert len(found.rows) == 12


def test_ten_thousand_problems_stay_usable():
    rows = [["工号", "姓名", "服务得分"], *(["000203", "张三", f"错{n}"] for n in range(10_000))]
    content = sheet_bytes(rows)
    after = opened(marked(content))
    assert len(coloured(after["数据"])) == 10_000
    assert sum(cell.comment is not None for (cell,) in after["数据"]["C2:C10001"]) == COMMENTS_MAX
    assert after[PROBLEM_SHEET].max_row == 10_005
    assert f"批注只加在前 {COMMENTS_MAX} 个" in after[PROBLEM_SHEET]["A3"].value


def test_a_list_of_more_problems_than_anybody_reads_ends_and_says_how_many_are_left():
    issue = Issue("x", Place(NAME, "数据", "C2"), Text("发现"), Text("应为"))
    after = opened(marked(sheet_bytes(WRONG), [issue] * (LISTED_MAX + 7)))
    assert after[PROBLEM_SHEET].max_row == LISTED_MAX + 5
    assert "另有 7 条" in after[PROBLEM_SHEET]["A3"].value


def test_texts_that_look_like_markup_or_formulas_are_texts():
    rows = [["工号", "姓名", "服务得分"], ["000203", "张三", '=1+1</t><a href="x">&\x07']]
    book = openpyxl.Workbook()
    for row in rows:
        for column, value in enumerate(row, 1):
            book.active.cell(rows.index(row) + 1, column).value = str(value).replace("\x07", "")
    book.active["C2"].data_type = "s"
    after = opened(marked(saved(book)))
    assert after[PROBLEM_SHEET]["F6"].data_type == "s"
    assert '</t><a href="x">&' in after[PROBLEM_SHEET]["F6"].value


def test_strict_files_and_files_with_prefixes_are_marked_too():
    main, office = (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet_bytes(WRONG))) as old, zipfile.ZipFile(buffer, "w") as new:
        for info in old.infolist():
            text = old.read(info)
            text = text.replace(main, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
            new.writestr(
                info.filename, text.replace(office, b"http://purl.oclc.org/ooxml/officeDocument/relationships")
            )
    content = buffer.getvalue()
    found = read_facts(NAME, marked(content), BOOK, ROSTER)
    assert [(i.code, i.place.cell) for i in found.issues] == [
        (i.code, i.place.cell) for i in read_facts(NAME, content, BOOK, ROSTER).issues
    ]
    assert found.rows


@pytest.mark.parametrize("name", ["kinds.xls", "kinds.ods", "kinds_1904.xls", "kinds_1904.ods"])
def test_of_other_workbooks_a_copy_comes_back_with_the_same_values_kinds_and_hidden_parts(name: str):
    content = (FILES / name).read_bytes()
    before = read_workbook(name, content)
    issue = Issue("x", Place(name, before.sheets[0].name, "C4"), Text("发现"), Text("应为"))
    copy = marked(content, [issue], name=name)
    after = read_workbook("copy.xlsx", copy)
    assert [(s.name, s.state, s.merged, s.hidden_rows) for s in after.sheets] == [
        (s.name, s.state, s.merged, s.hidden_rows) for s in before.sheets
    ]
    for old, new in zip(before.sheets, after.sheets, strict=True):
        texts = {c.cell: c.value for row in old.rows.values() for c in row.values() if c.value}
        assert {c.cell: c.value for row in new.rows.values() for c in row.values()} == texts
    assert coloured(opened(copy)[before.sheets[0].name]) == {"C4": RED}


def test_of_a_web_page_a_copy_comes_back_that_is_taken_once_it_is_mended():
    body = "".join("<tr>" + "".join(f"<td>{value}</td>" for value in row) + "</tr>" for row in WRONG)
    copy = marked(f"<html><table>{body}</table></html>".encode(), name="2025-06 数据.xls")
    found = read_facts("数据.xlsx", mended(copy), BOOK, ROSTER)
    assert [i for i in found.issues if i.severity == "error"] == []
    assert len(found.rows) == 12
