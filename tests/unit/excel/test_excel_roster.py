from datetime import date

import pytest
from openpyxl import Workbook
from tests.unit.excel.excel_building import JUNE, MEASURES, ROSTER, saved, sheet_bytes

from perf.excel import is_roster, read_roster, read_workbook
from perf.excel.roster_columns import VALUE_WORDS, code_to_word
from perf.excel.roster_export import roster_workbook
from perf.excel.template import TemplateOrder, template
from perf.kernel.subjects import Roster, Segment
from perf.kernel.text import Text

HEADER = ["工号", "姓名", "机构编码", "岗位", "人员类别", "折算人数", "岗位系数", "是否负责人", "起始日期", "结束日期"]


def staff(*rows, header=HEADER, known=ROSTER):
    return read_roster("花名册.xlsx", sheet_bytes([["花名册"], header, *rows], title="花名册"), known=known)


def codes(reading):
    return [(issue.place.cell, issue.code) for issue in reading.issues]


def test_a_row_is_a_segment_with_the_codes_that_rules_use():
    (segment,) = staff(
        ["000301", "新人", "X203", "内科医生", "医生", 0.5, "1.20", "否", date(2025, 6, 1), "至今"]
    ).segments
    assert segment == Segment(
        "000301",
        "person",
        "doctor",
        "X203",
        date(2025, 6, 1),
        date.max,
        {
            "name": "新人",
            "post": "内科医生",
            "category": "doctor",
            "fte": "0.5",
            "post_coefficient": "1.2",
            "head": "no",
        },
    )


def test_joiners_leavers_moves_and_second_posts_are_dated_segments():
    reading = staff(
        ["1001", "来者", "X203", "护士", "护士", 1, 1, "否", "2025-06-16", None],
        ["1002", "去者", "X203", "护士", "护士", 1, 1, "否", None, "2025年6月10日"],
        ["1003", "调动", "X203", "护士", "护士", 1, 1, "否", None, "2025.6.15"],
        ["1003", "调动", "X204", "护士长", "护士", 1, 1, "是", "20250616", None],
        ["1004", "兼职", "X203", "医生", "医生", 0.6, 1, "否", None, None],
        ["1004", "兼职", "X204", "医生", "医生", 0.4, 1, "否", None, None],
    )
    assert reading.issues == ()
    assert [(s.subject, s.parent, s.first_day, s.last_day) for s in reading.segments] == [
        ("1001", "X203", date(2025, 6, 16), date.max),
        ("1002", "X203", date.min, date(2025, 6, 10)),
        ("1003", "X203", date.min, date(2025, 6, 15)),
        ("1003", "X204", date(2025, 6, 16), date.max),
        ("1004", "X203", date.min, date.max),
        ("1004", "X204", date.min, date.max),
    ]


def test_every_trouble_of_a_roster_is_told_in_one_pass_and_the_others_stay():
    reading = staff(
        ["1001", None, "X203", "护士", "护士", 1, 1, "否"],
        ["1002", "甲", "X999", "护士", "护士", 1, 1, "否"],
        ["1003", "乙", "X203", None, "护士", 1, 1, "否"],
        ["1004", "丙", "X203", "护士", "护工", 2, "高", "也许"],
        ["1005", "丁", "X203", "护士", "护士", 1, 1, "否", "2025-13-01"],
        ["1006", "戊", "X203", "护士", "护士", 1, 1, "否", "2025-06-02", "2025-06-01"],
        [None, "己", "X203", "护士", "护士", 1, 1, "否"],
        ["1008", "庚", "X203", "护士", "护士", 1, 1, "否"],
        ["合计", None, None, None, None, 8],
        ["填报人:某某"],
    )
    assert codes(reading) == [
        ("B3", "roster-no-name"),
        ("C4", "institution-unknown"),
        ("D5", "roster-no-post"),
        ("E6", "roster-value"),
        ("F6", "roster-value"),
        ("G6", "roster-value"),
        ("H6", "roster-value"),
        ("I7", "roster-date"),
        ("J8", "roster-dates-reversed"),
        ("A9", "subject-missing"),
        ("A11", "row-skipped"),
        ("A12", "row-skipped"),
    ]
    assert [segment.subject for segment in reading.segments] == ["1008"]
    assert reading.verdict == "reject"


def test_two_full_posts_at_once_are_a_warning_and_both_are_kept():
    reading = staff(
        ["1001", "甲", "X203", "护士", "护士", 1, 1, "否", "2025-01-01", "2025-06-30"],
        ["1001", "甲", "X204", "护士", "护士", 1, 1, "否", "2025-06-01", None],
    )
    assert codes(reading) == [("A4", "roster-over-one-post")]
    assert (len(reading.segments), reading.verdict) == (2, "warn")


def test_one_number_for_two_people_is_an_error_and_the_same_row_twice_a_warning():
    row = ["1001", "甲", "X203", "护士", "护士", 1, 1, "否"]
    reading = staff(row, row, ["1001", "乙", "X203", "护士", "护士", 1, 1, "否"])
    assert codes(reading) == [("A4", "roster-duplicate"), ("A5", "roster-same-number")]
    assert [segment.title for segment in reading.segments] == ["甲"]


def test_people_of_one_name_are_told_apart_and_named():
    reading = staff(
        ["1001", "王 芳", "X203", "护士", "护士", 1, 1, "否"], ["1002", "王芳", "X203", "护士", "护士", 1, 1, "否"]
    )
    assert [(i.code, i.severity, i.found.zh) for i in reading.issues] == [
        ("roster-same-name", "info", "同名:1001、1002")
    ]


def test_lost_zeros_come_back_from_the_roster_so_far():
    reading = staff([203, "张三", "X203", "护士", "护士", 1, 1, "否"], [999, "新", "X203", "护士", "护士", 1, 1, "否"])
    assert codes(reading) == [("A3", "staff-number-zeros"), ("A4", "staff-number-numeric")]
    assert [segment.subject for segment in reading.segments] == ["000203", "999"]


def test_the_institution_may_stand_by_name_and_must_not_contradict_its_code():
    header = ["工号", "姓名", "机构编码", "机构名称"]
    reading = staff(
        ["1001", "甲", None, "泥河镇卫生院"],
        ["1002", "乙", "X203", "白湖镇卫生院"],
        ["1003", "丙", None, "某院"],
        header=header,
    )
    assert codes(reading) == [("D4", "institution-contradicts"), ("D5", "institution-unknown")]
    assert [(s.subject, s.parent) for s in reading.segments] == [("1001", "X203")]


def test_institutions_and_persons_may_stand_in_one_file():
    book = Workbook()
    first = book.active
    first.append(["机构编码", "机构名称", "类型", "层级", "上级"])
    first.append(["C9", "医共体", "医共体", None, None])
    first.append(["X901", "新镇卫生院", "乡镇卫生院", "乡镇", "医共体"])
    first.append(["X902", "错镇卫生院", "乡镇卫生院", "乡镇", "没有"])
    second = book.create_sheet("人")
    second.append(["工号", "姓名", "机构编码"])
    second.append(["1", "甲", "X901"])
    reading = read_roster("r.xlsx", saved(book))
    assert [(s.subject, s.level, s.kind, s.parent, s.attribute("tier")) for s in reading.segments] == [
        ("C9", "consortium", "consortium", "", None),
        ("X901", "institution", "township_hospital", "C9", "town"),
        ("1", "person", "", "X901", None),
    ]
    assert [(i.place.cell, i.code) for i in reading.issues] == [("A4", "institution-unknown")]


def test_columns_that_rules_declare_are_attributes_and_others_are_told():
    content = sheet_bytes(
        [["工号", "姓名", "机构编码", "夜班资格", "shoe_size", "爱好"], ["1", "甲", "X203", "有", "42", "棋"]]
    )
    reading = read_roster("r.xlsx", content, attributes={"night": Text("夜班资格")}, known=ROSTER)
    assert reading.segments[0].attributes == {"name": "甲", "night": "有", "shoe_size": "42"}
    assert codes(reading) == [("F1", "column-unknown")]


def test_a_file_without_a_roster_says_so():
    assert [i.code for i in read_roster("r.xlsx", sheet_bytes([["菜", "价"]])).issues] == ["no-table"]
    assert [i.code for i in read_roster("r.xlsx", b"").issues] == ["workbook-empty"]
    assert codes(read_roster("r.xlsx", sheet_bytes([["工号", "姓名"], ["1", "甲"]]))) == [
        ("A1", "roster-column-missing")
    ]


def test_a_roster_that_was_written_reads_back_to_the_same_segments():
    rich = [
        Segment("C1", "consortium", "consortium", "", attributes={"name": "医共体"}),
        Segment("X1", "institution", "township_hospital", "C1", attributes={"name": "泥河镇卫生院", "tier": "town"}),
        Segment("V1", "institution", "village_clinic", "X1", attributes={"name": "村室", "tier": "village"}),
        Segment(
            "007",
            "person",
            "doctor",
            "X1",
            date(2024, 1, 1),
            date(2025, 6, 30),
            {
                "name": "赵㛃",
                "category": "doctor",
                "fte": "0.5",
                "head": "yes",
                "pay_group": "临床",
                "clinic": "村室",
                "odd": "=1+1",
            },
        ),
        Segment("007", "person", "doctor", "X1", date(2025, 7, 1), date.max, {"name": "赵㛃", "category": "doctor"}),
    ]
    reading = read_roster("r.xlsx", roster_workbook(rich))
    assert reading.issues == ()
    assert list(Roster(reading.segments)) == list(Roster(rich))


@pytest.mark.parametrize("attribute", VALUE_WORDS)
def test_every_code_has_a_word_that_reads_back(attribute):
    for code in VALUE_WORDS[attribute].values():
        assert VALUE_WORDS[attribute][code_to_word(attribute, code)] == code
    assert code_to_word(attribute, "else") == "else"


def test_a_roster_is_told_from_a_workbook_of_facts():
    assert is_roster(read_workbook("x.xlsx", sheet_bytes([HEADER, ["1", "甲", "X203"]])))
    assert is_roster(read_workbook("x.xlsx", roster_workbook(ROSTER)))
    assert not is_roster(read_workbook("x.xlsx", template(MEASURES, ROSTER, TemplateOrder(JUNE))))
    assert not is_roster(read_workbook("x.xlsx", b""))
