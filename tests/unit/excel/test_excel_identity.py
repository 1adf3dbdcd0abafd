"""Identity numbers in rosters: taken, checked, told masked; never a whole number in any text, and never in a post."""

import io
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from tests.unit.excel.excel_building import BOOK, ROSTER, saved, sheet_bytes

from perf.excel import is_roster, read_facts, read_roster, read_workbook
from perf.excel.adjustment_rows import adjustment_rows
from perf.excel.marking import marked_workbook
from perf.excel.roster_import import RosterReading, roster_of
from perf.kernel.identity import flaw_of, kind_of, without_numbers

ID, OTHER_ID = "11010519491231002X", "440524188001010014"
CARD, OTHER_CARD = "4539148803436467", "6222021234567890128"
PEOPLE = ["工号", "姓名", "机构编码", "岗位", "折算人数"]
NEW = ["000301", "新人", "X203", "内科医生", 1]
SECOND = ["000302", "旧人", "X203", "内科医生", 1]


def roster(header: Sequence[str], *rows: Sequence[object]) -> RosterReading:
    content = sheet_bytes([["花名册"], [*PEOPLE, *header], *rows], title="花名册")
    return read_roster("花名册.xlsx", content, known=ROSTER)


def told(reading: RosterReading) -> list[tuple[str, str, str]]:
    return [(issue.place.cell, issue.code, issue.severity) for issue in reading.issues]


def texts(reading: RosterReading) -> str:
    shown = [issue.render(lang) + issue.suggested for issue in reading.issues for lang in ("zh", "en")]
    return "".join([*shown, repr(reading), str(reading.segments)])


def values(reading: RosterReading) -> dict[tuple[str, str], str]:
    return {(one.subject, one.field): one.value for one in reading.identities}


@pytest.mark.parametrize("header", ["身份证号", "身份证号码(18位)", "公民身份号码", "身 份 证", "id_number"])
def test_numbers_are_taken_beside_the_post_and_stand_in_no_attribute(header: str) -> None:
    reading = roster([header, "手机", "银行卡号", "开户行"], [*NEW, ID, 13812345678, "4539 1488 0343 6467", "县农商行"])
    assert reading.issues == ()
    assert values(reading) == {
        ("000301", "citizen_id"): ID,
        ("000301", "phone"): "13812345678",
        ("000301", "bank_card"): CARD,
        ("000301", "bank"): "县农商行",
    }
    assert set(reading.segments[0].attributes) == {"name", "post", "fte"}
    assert ID not in texts(reading)
    assert CARD not in texts(reading)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("110105194912310021", "校验码"),
        ("11010519491231002", "位数"),
        ("110105491231002", "旧号"),
        ("110105194902300021", "出生日期"),
        ("010105194912310026", "区划"),
        ("11010519491231OO2X", "字符"),
    ],
)
def test_what_cannot_be_right_is_told_masked_and_its_person_is_kept_without_it(written: str, why: str) -> None:
    reading = roster(["身份证号"], [*NEW, written])
    assert told(reading) == [("F3", "identity-invalid", "error")]
    assert why in reading.issues[0].found.zh
    assert written not in texts(reading)
    assert written[6:14] not in texts(reading)
    assert reading.identities == ()
    assert len(reading.segments) == 1


@pytest.mark.parametrize("written", [440524188001010014, 4.40524e17, "4.40524E+17", 6222021234567890128])
def test_a_number_that_lost_its_end_in_excel_is_told_as_such(written: object) -> None:
    reading = roster(["身份证号" if "44" in str(written)[:4].replace(".", "") else "银行卡号"], [*NEW, written])
    assert told(reading) == [("F3", "identity-digits-lost", "error")]
    assert "被 Excel 存成了数字,末几位已丢失" in reading.issues[0].found.zh
    assert reading.issues[0].hint.zh == "请把该列设为文本重新录入"
    assert reading.identities == ()


def test_the_same_number_of_two_people_is_told_and_kept_for_neither() -> None:
    reading = roster(
        ["身份证号", "银行卡号", "手机"], [*NEW, ID, CARD, "13812345678"], [*SECOND, ID, CARD, "13812345678"]
    )
    assert told(reading) == [
        ("F4", "identity-same", "error"),
        ("G4", "identity-same", "warning"),
        ("H4", "identity-same", "info"),
    ]
    assert "000301(花名册!F3)" in reading.issues[0].found.zh
    assert {field for _, field in values(reading)} == {"bank_card", "phone"}
    assert ID not in texts(reading)


def test_two_posts_of_one_person_say_one_number() -> None:
    later = ["000301", "新人", "X204", "内科医生", 0.5]
    reading = roster(["身份证号"], [*NEW[:4], 0.5, ID], [*later, None])
    assert (told(reading), values(reading)) == ([], {("000301", "citizen_id"): ID})
    reading = roster(["身份证号"], [*NEW[:4], 0.5, ID], [*later, OTHER_ID])
    assert told(reading) == [("F4", "identity-differs", "error")]
    assert values(reading) == {}


def test_a_list_of_cards_alone_is_for_people_who_are_known() -> None:
    rows = [
        ["工号", "姓名", "银行卡号", "开户行"],
        ["000203", "张三", CARD, "工行"],
        ["999999", "生人", OTHER_CARD, None],
    ]
    content = sheet_bytes(rows)
    assert is_roster(read_workbook("卡号.xlsx", content))
    reading = read_roster("卡号.xlsx", content, known=ROSTER)
    assert told(reading) == [("A3", "staff-number-unknown", "error")]
    assert (reading.segments, reading.has_posts) == ((), False)
    assert values(reading) == {("000203", "bank_card"): CARD, ("000203", "bank"): "工行"}
    other = read_roster("卡号.xlsx", sheet_bytes([rows[0], ["000203", "李四", CARD, None]]), known=ROSTER)
    assert told(other) == [("B2", "name-contradicts", "error")]
    assert other.identities == ()


def test_figures_beside_a_number_stay_figures() -> None:
    content = sheet_bytes([["工号", "姓名", "身份证号", "出院人次"], ["000203", "张三", ID, 3]])
    assert not is_roster(read_workbook("数据.xlsx", content))


def test_institutions_have_a_credit_code_and_an_account() -> None:
    header = ["机构编码", "机构名称", "类型", "统一社会信用代码", "银行账号", "开户行"]
    rows = [["X901", "甲卫生院", "乡镇卫生院", "91350100M000100Y43", "34050101040012345", "农行"]]
    rows.append(["X902", "乙卫生院", "乡镇卫生院", "91350100M000100Y44", "12-3", ""])
    reading = read_roster("机构名单.xlsx", sheet_bytes([header, *rows], title="机构名单"))
    assert values(reading) == {
        ("X901", "credit_code"): "91350100M000100Y43",
        ("X901", "bank_account"): "34050101040012345",
        ("X901", "bank"): "农行",
        ("X902", "bank"): "",
    }
    assert told(reading) == [("D3", "identity-invalid", "error"), ("E3", "identity-invalid", "error")]


@pytest.mark.parametrize(
    ("header", "cells", "taken"),
    [
        ("职工身份证", [ID, OTHER_ID], True),
        ("本人手机号码", ["13812345678", "13912345678"], True),
        ("工资卡卡号", [CARD, OTHER_CARD], True),
        ("紧急联系人电话", ["13812345678", "13912345678"], False),
        ("职工身份", ["编内", "编外"], False),
        ("银行卡张数", [1, 2], False),
    ],
)
def test_a_header_that_is_only_alike_is_taken_where_the_cells_bear_it_out(header, cells, taken) -> None:
    reading = roster([header], [*NEW, cells[0]], [*SECOND, cells[1]])
    assert len(reading.identities) == (2 if taken else 0)
    assert [issue.code for issue in reading.issues] == ["column-alike" if taken else "column-unknown"]
    assert len(str(cells[0])) < 11 or str(cells[0]) not in texts(reading)


def test_a_masked_number_says_nothing_new_and_a_blank_one_that_it_is_empty() -> None:
    reading = roster(["身份证号", "银行卡号"], [*NEW, "**************002X", None])
    assert (told(reading), values(reading)) == ([], {("000301", "bank_card"): ""})


@pytest.mark.parametrize("column", [0, 1, 3])
@pytest.mark.parametrize("written", [ID, CARD, 440524188001010014, "张三13812345678", "11010519491231002 X"])
def test_a_number_in_a_column_that_is_stored_in_clear_is_refused(column: int, written: object) -> None:
    row = list(NEW)
    row[column] = written
    if column == 0 and written in ("张三13812345678", 440524188001010014):
        return  # a staff number may look like anything but a sound number of a person
    reading = roster([], row)
    assert [issue.code for issue in reading.issues] == ["identity-misplaced"]
    assert reading.segments == ()
    assert str(written) not in texts(reading)


def test_issues_about_figures_mask_what_stands_in_the_cell() -> None:
    rows = [["工号", "出院人次"], [ID, 1], ["000203", ID], ["000204", "卡6222021234567890128"]]
    reading = read_facts("2025-06 数据.xlsx", sheet_bytes(rows), BOOK, ROSTER)
    said = "".join(issue.render("zh") + issue.render("en") + issue.suggested for issue in reading.issues)
    assert len(reading.issues) == 3
    assert "002X" in said
    assert ID[:14] not in said
    assert "62220212345" not in said


def test_a_number_in_a_free_text_or_an_item_is_refused() -> None:
    reading = read_facts("2025-06 数据.xlsx", sheet_bytes([["工号", "评语"], ["000203", f"身份证{ID}"]]), BOOK, ROSTER)
    assert ([issue.code for issue in reading.issues], reading.rows) == (["identity-misplaced"], ())
    rows = [["工号", "明细项", "出院人次"], ["000203", CARD, 1]]
    reading = read_facts("2025-06 数据.xlsx", sheet_bytes(rows), BOOK, ROSTER)
    assert ([issue.code for issue in reading.issues], reading.rows) == (["identity-misplaced"], ())


@given(st.text("0123456789Xx -张", max_size=40), st.sampled_from([ID, CARD, "13812345678", OTHER_CARD]))
def test_no_sound_number_survives_masking(around: str, number: str) -> None:
    text = f"{around}张{number}张{around}"
    assert number not in without_numbers(text)
    assert len(without_numbers(text)) == len(text)


@given(st.text("0123456789X", min_size=15, max_size=19))
def test_what_is_recognised_as_a_number_of_a_person_is_masked(text: str) -> None:
    if kind_of(text) is not None or flaw_of("citizen", text) is None:
        assert without_numbers(text) != text


def test_a_sheet_named_after_somebodys_number_is_shown_and_kept_masked_and_marked_where_it_is() -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for who, title in (("000203", ID), ("000204", f"张三{ID}"), ("000205", CARD)):
        sheet = book.create_sheet(title)
        sheet.append(["工号", "出院人次"])
        sheet.append([who, "八十八"])
    content = saved(book)
    reading = read_facts("2025-06 数据.xlsx", content, BOOK, ROSTER)
    assert [issue.place.sheet for issue in reading.issues] == [
        "**************002X",
        "************6467",
        "张三**************002X",
    ]
    marked = load_workbook(
        io.BytesIO(marked_workbook(read_workbook("2025-06 数据.xlsx", content), content, reading.issues).content)
    )
    assert [bool(sheet["B2"].comment) for sheet in marked.worksheets[:3]] == [True, True, True]
    listed = [str(cell.value) for row in marked.worksheets[3].iter_rows() for cell in row]
    assert not [text for text in listed if ID[:14] in text or CARD[:12] in text]


def test_two_sheets_that_look_the_same_when_masked_stay_two() -> None:
    book = Workbook()
    for number in (ID, "440524194912310021", "11010119491231002X"):
        book.create_sheet(number)
    names = [sheet.name for sheet in read_workbook("a.xlsx", saved(book)).sheets]
    assert names == ["Sheet", "**************002X", "**************0021", "**************002X(2)"]


def test_a_phone_behind_the_sender_is_masked_and_so_is_one_in_a_header() -> None:
    rows = [["填报科室:病案室13812345678"], ["工号", "出院人次", "来访13812345678"], ["000203", 1, 2]]
    mapping = {"来访13812345678": "visits"}
    reading = read_facts("2025-06 数据.xlsx", sheet_bytes(rows), BOOK, ROSTER, mapping=mapping)
    [layout] = reading.layouts
    assert (reading.coverage.sender, layout.sender) == ("病案室*******5678",) * 2
    assert layout.answers == (("来访*******5678", "visits"),)
    again = read_facts(
        "2025-07 数据.xlsx",
        sheet_bytes(rows),
        BOOK,
        ROSTER,
        remembered={(layout.sender, layout.digest): dict(layout.answers)},
    )
    assert {row.key.measure for row in again.rows} == {"discharges", "visits"}


def test_nothing_is_suggested_in_the_place_of_somebodys_number() -> None:
    rows = [["工号", "出院人次"], ["000203", ID], ["000204", "6222 0212 3456 7890128"]]
    reading = read_facts("2025-06 数据.xlsx", sheet_bytes(rows), BOOK, ROSTER)
    assert [(issue.suggested, "是否应为" in issue.hint.zh) for issue in reading.issues] == [("", False)] * 2
    assert "7890128" not in "".join(issue.render("zh") for issue in reading.issues)


def test_without_a_roster_a_number_of_somebody_is_no_staff_number() -> None:
    reading = read_facts("2025-06 数据.xlsx", sheet_bytes([["工号", "出院人次"], [ID, 1]]), BOOK, None)
    assert [issue.code for issue in reading.issues] == ["roster-not-given", "identity-misplaced"]
    assert reading.rows == ()
    assert ID[:14] not in "".join(issue.render("zh") for issue in reading.issues)


def test_nobody_on_a_roster_is_born_after_today() -> None:
    content = sheet_bytes([[*PEOPLE, "身份证号"], [*NEW, "110105209912310025"]], title="花名册")
    [issue] = roster_of(read_workbook("花名册.xlsx", content), known=ROSTER, today=date(2026, 1, 1)).issues
    assert "出生日期不存在或在今后" in issue.found.zh


@pytest.mark.parametrize(
    "written", ["+86 138-1234-5678", "0086 13812345678", "8613812345678", "１３８１２３４５６７８"]
)
def test_a_phone_is_kept_as_it_is_called_at_home(written: str) -> None:
    assert values(roster(["手机"], [*NEW, written])) == {("000301", "phone"): "13812345678"}
    assert values(roster(["手机"], [*NEW, "(0565)8765 4321"])) == {("000301", "phone"): "056587654321"}


def test_a_miscopied_identity_number_is_no_staff_number() -> None:
    reading = roster([], ["341024199003071234", "新人", "X203", "内科医生", 1])
    assert ([issue.code for issue in reading.issues], reading.segments) == (["identity-misplaced"], ())
    assert roster([], ["990000000000000124", "新人", "X203", "内科医生", 1]).segments != ()


def test_an_adjustment_whose_reason_holds_a_card_is_not_read() -> None:
    header = ["工号", "类型", "金额", "账户", "事由", "依据"]
    rows = [
        header,
        ["000203", "补发", 1, "a", f"退票,卡号{CARD}", "人事〔2025〕3号"],
        ["000204", "补发", 1, "a", "漏报", ID],
        ["000205", "补发", 1, "a", "漏报", "凭证20250601123456789"],
    ]
    read, issues = adjustment_rows(read_workbook("调.xlsx", sheet_bytes(rows)))
    assert [(issue.place.cell, issue.code) for issue in issues] == [
        ("E2", "identity-misplaced"),
        ("F3", "identity-misplaced"),
    ]
    assert [row.cells["staff_number"].value for row in read] == ["000205"]
    assert CARD[:12] not in "".join(issue.render("zh") for issue in issues)
