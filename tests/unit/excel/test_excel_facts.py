import json
from fractions import Fraction

import pytest
from openpyxl import Workbook
from tests.unit.excel.excel_building import BOOK, JUNE, ROSTER, place, read, saved, sheet_bytes, the, told, values

from perf.excel import as_contract_json, read_facts
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster

HEADER = ["工号", "姓名", "出院人次", "服务得分"]


def test_every_trouble_of_a_file_is_told_in_one_pass():
    reading = read(
        [
            HEADER,
            ["000203", "张三", 12, "八十八"],
            ["000204", "李四", 10, 130],
            ["000299", "王五", 1, 1],
            ["000203", "张三", 13, None],
            ["000207", "赵四", "#N/A", 1],
        ]
    )
    assert told(reading) == [
        ("C2", "duplicate-differs"),
        ("D2", "number-in-words"),
        ("D3", "out-of-range"),
        ("A4", "staff-number-unknown"),
        ("C5", "duplicate-differs"),
        ("B6", "name-contradicts"),
        ("C6", "cell-error"),
    ]
    assert values(reading) == {("000204", "discharges"): 10}
    assert reading.verdict == "reject"


def test_the_words_of_the_design_are_the_words_that_are_shown():
    reading = read([HEADER, ["000203", "张三", 12, "八十八"]])
    assert the(reading, "number-in-words").render() == (
        "2025-06 数据.xlsx!数据!D2  000203 [number-in-words]\n"
        "  发现:“八十八”(列“服务得分”)\n"
        "  应为:0 到 100 的整数,例如 88\n"
        "  建议:改为 88 后重新上传"
    )


def test_titles_totals_notes_signatures_and_blank_lines_are_no_data():
    reading = read(
        [
            ["泥河镇卫生院医疗数据汇总表"],
            [],
            ["所属期:2025年6月", None, None, "单位:人次"],
            ["序号", *HEADER],
            [1, "000203", "张三", 12, 88],
            [],
            [2, "000204", "李四", 10, 90],
            ["小计", None, None, 22, None],
            ["合计", None, None, 22, 178],
            ["备注:本表由病案室提供"],
            ["填报人:某某", None, "审核人:某某", None, "填表日期:2025-07-03"],
        ],
        name="汇总.xlsx",
    )
    assert [(i.code, i.severity) for i in reading.issues] == [("row-skipped", "info")] * 4
    assert len(reading.rows) == 4
    assert reading.verdict == "accept"


def test_a_header_of_two_levels_is_joined():
    rows = [
        ["2025年6月"],
        ["工号", "姓名", "工作量", None, "质量", None],
        [None, None, "出院人次", "诊疗人次(人次)", "服务得分", "满意度(%)"],
        ["000203", "张三", 1, 2, 3, 99],
    ]
    reading = read(rows, name="x.xlsx", merge=["A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:F2"])
    assert reading.issues == ()
    assert values(reading) == {
        ("000203", "discharges"): 1,
        ("000203", "visits"): 2,
        ("000203", "score"): 3,
        ("000203", "satisfaction"): Fraction(99, 100),
    }


def test_several_tables_on_one_sheet_are_all_read():
    reading = read(
        [
            ["一、医生"],
            HEADER,
            ["000203", "张三", 1, 2],
            ["合计", None, 1, 2],
            [],
            ["二、机构"],
            ["机构编码", "机构名称", "开放床日"],
            ["X203", "泥河镇卫生院", 900],
        ]
    )
    assert values(reading) == {("000203", "discharges"): 1, ("000203", "score"): 2, ("X203", "beds"): 900}
    assert {i.severity for i in reading.issues} <= {"info"}


def test_a_long_table_gives_the_same_facts():
    reading = read(
        [
            ["机构编码", "数据项", "单位", "数值"],
            ["X203", "开放床日", "天", 900],
            ["X203", "总额预算", "元", 15000],
            ["X204", "开放床日(天)", None, "1,000"],
            ["X204", "不认识的", None, 1],
        ]
    )
    assert values(reading) == {("X203", "beds"): 900, ("X203", "budget"): Fraction(3, 2), ("X204", "beds"): 1000}
    assert told(reading) == [("D4", "number-as-text"), ("B5", "measure-unknown")]


def test_a_form_of_one_institution_takes_it_from_the_title():
    rows = [["机构:泥河镇卫生院(X203)  月份:2025-06"], ["数据项", "数值"], ["开放床日", 900]]
    assert values(read(rows, name="x.xlsx")) == {("X203", "beds"): 900}
    by_file = read([["数据项", "数值"], ["开放床日", 900]], name="2025-06 白湖镇卫生院.xlsx")
    assert values(by_file) == {("X204", "beds"): 900}
    assert told(read([["数据项", "数值"], ["开放床日", 900]])) == [("A2", "subject-missing")]


def test_lost_zeros_come_back_where_there_is_one_such_number():
    reading = read(
        [HEADER, [203, "张三", 1, None], [12, "长号", 2, None], ["12", "短号", 3, None], [12, None, 4, None]]
    )
    assert values(reading) == {("000203", "discharges"): 1, ("0012", "discharges"): 2, ("12", "discharges"): 3}
    assert [(i.place.cell, i.code, i.severity) for i in reading.issues] == [
        ("A2", "staff-number-zeros", "info"),
        ("A5", "staff-number-ambiguous", "error"),
    ]
    assert reading.issues[0].found.zh.endswith("等 2 处")


def test_an_unknown_number_comes_with_what_it_may_be():
    reading = read([HEADER, ["000230", "张三", 1, None], ["00203x", None, 1, None]])
    assert told(reading) == [("A2", "staff-number-unknown"), ("A3", "staff-number-unknown")]
    assert reading.issues[0].hint.zh == "张三 的工号是 000203,核对后改正"
    assert "000203" in reading.issues[1].hint.zh


def test_names_alone_are_taken_only_where_they_are_unambiguous():
    reading = read([["姓名", "出院人次"], ["张 三", 1], ["王芳", 2], ["赵㛃", 3], ["张散", 4]])
    assert values(reading) == {("000203", "discharges"): 1, ("000207", "discharges"): 3}
    assert told(reading) == [("A3", "name-ambiguous"), ("A5", "name-unknown")]
    assert "000205(泥河镇卫生院)、000206(白湖镇卫生院)" in the(reading, "name-ambiguous").hint.zh


def test_the_institution_in_the_row_tells_same_names_apart():
    reading = read([["机构", "姓名", "出院人次"], ["白湖镇卫生院", "王芳", 2], ["泥河镇卫生院", "王芳", 3]])
    assert values(reading) == {("000206", "discharges"): 2, ("000205", "discharges"): 3}
    assert reading.issues == ()


def test_a_person_under_another_institution_is_an_error_and_one_of_two_posts_is_not():
    header = ["机构编码", "工号", "出院人次"]
    reading = read([header, ["X204", "000203", 1], ["X204", "000208", 2]])
    assert told(reading) == [("A2", "institution-contradicts")]
    assert values(reading) == {("000208", "discharges"): 2}


def test_who_left_is_not_on_the_roster_any_more():
    assert told(read([HEADER, ["000209", "离职", 1, None]])) == [("A2", "not-on-roster")]
    march = read([HEADER, ["000209", "离职", 1, None]], name="2025-03.xlsx")
    assert march.issues == ()


def test_institutions_are_known_by_code_by_name_and_by_their_short_name():
    header = ["单位名称", "开放床日"]
    reading = read([header, ["泥河镇卫生院", 1], ["庐江县白湖镇卫生院", 2], ["白胡镇卫生院", 3]])
    assert values(reading) == {("X203", "beds"): 1, ("X204", "beds"): 2}
    assert told(reading) == [("A3", "institution-name-completed"), ("A4", "institution-unknown")]
    coded = read(
        [["机构编码", "机构名称", "开放床日"], ["X203", "白湖镇卫生院", 1], ["X299", None, 2], ["000203", None, 3]]
    )
    assert told(coded) == [
        ("B2", "institution-contradicts"),
        ("A3", "institution-unknown"),
        ("A4", "institution-unknown"),
    ]


def test_two_institutions_of_one_name_are_asked():
    roster = Roster([*ROSTER, place("X205", "泥河镇卫生院")])
    assert told(read([["机构名称", "开放床日"], ["泥河镇卫生院", 1]], roster=roster)) == [
        ("A2", "institution-ambiguous")
    ]


def test_a_duplicate_row_with_the_same_values_is_a_warning_and_taken_once():
    reading = read([["工号", "出院人次"], ["000203", 1], ["000203", 1]])
    assert [(i.place.cell, i.code, i.severity) for i in reading.issues] == [("B3", "duplicate-same", "warning")]
    assert values(reading) == {("000203", "discharges"): 1}
    assert reading.verdict == "warn"


def test_a_duplicate_across_sheets_is_found():
    book = Workbook()
    book.active.append(["工号", "出院人次"])
    book.active.append(["000203", 1])
    other = book.create_sheet("补")
    other.append(["工号", "出院人次"])
    other.append(["000203", 2])
    reading = read_facts("2025-06.xlsx", saved(book), BOOK, ROSTER)
    assert [(i.place.sheet, i.code) for i in reading.issues] == [
        ("Sheet", "duplicate-differs"),
        ("补", "duplicate-differs"),
    ]
    assert reading.rows == ()
    assert len(reading.withheld) == 1


@pytest.mark.parametrize(
    ("rows", "name", "period", "expected"),
    [
        ([["2025年6月"], ["工号", "出院人次"], ["000203", 1]], "x.xlsx", None, "2025-06"),
        ([["工号", "出院人次"], ["000203", 1]], "病案室202506.xlsx", None, "2025-06"),
        ([["工号", "出院人次"], ["000203", 1]], "x.xlsx", "2025-06", "2025-06"),
        ([["工号", "月份", "出院人次"], ["000203", "2025年6月", 1]], "x.xlsx", None, "2025-06"),
        ([["工号", "月份", "出院人次"], ["000203", 202506, 1]], "x.xlsx", None, "2025-06"),
        ([["2025年"], ["工号", "月份", "出院人次"], ["000203", "6月", 1]], "x.xlsx", None, "2025-06"),
        ([["工号", "月份", "出院人次"], ["000203", 6, 1]], "2025年数据.xlsx", None, "2025-06"),
    ],
)
def test_the_month_comes_from_column_title_file_or_option(rows, name, period, expected):
    reading = read(rows, name=name, period=parse_period(period) if period else None)
    assert [str(row.key.period) for row in reading.rows] == [expected]
    assert reading.issues == ()
    assert str(reading.coverage.period) == expected


def test_the_sheets_name_gives_the_month_of_a_year_in_the_file_name():
    reading = read([["工号", "出院人次"], ["000203", 1]], name="2025年病案室.xlsx", title="6月")
    assert [row.key.period for row in reading.rows] == [JUNE]


def test_month_13_no_month_and_months_that_contradict_are_told():
    column = [["工号", "月份", "出院人次"], ["000203", "2025-13", 1], ["000204", "2025-06", 1]]
    assert told(read(column, name="x.xlsx")) == [("B2", "period-invalid")]
    assert told(read([["工号", "出院人次"], ["000203", 1]], name="x.xlsx")) == [("A2", "period-missing")]
    assert told(read([column[0], ["000203", "2025-05", 1], ["000204", "2025-05", 1]])) == [("B2", "period-contradicts")]
    titled = read([["2025年5月"], ["工号", "出院人次"], ["000203", 1]])
    assert told(titled) == [("A2", "period-contradicts")]


def test_yearly_figures_stand_in_years():
    rows = [["机构编码", "服务人口"], ["X203", 30_000]]
    assert told(read(rows)) == [("B2", "period-kind")]
    yearly = read(rows, name="2024年人口.xlsx")
    assert [(str(row.key.period), row.value) for row in yearly.rows] == [("2024", 30_000)]


def test_unknown_columns_and_sheets_are_warnings_and_likeness_is_asked():
    book = Workbook()
    book.active.append(["工号", "出院人次数", "午餐", "出院人次"])
    book.active.append(["000203", 1, "面", 2])
    book.create_sheet("食堂").append(["菜", "价"])
    reading = read_facts("2025-06.xlsx", saved(book), BOOK, ROSTER)
    assert [(i.code, i.severity) for i in reading.issues] == [
        ("column-unclear", "error"),
        ("column-unknown", "warning"),
        ("sheet-unknown", "warning"),
    ]
    assert values(reading) == {("000203", "discharges"): 2}


def test_a_mapping_settles_what_columns_are():
    rows = [["编号", "出院人次数", "午餐"], ["000203", 1, "面"]]
    mapping = {"编号": "staff_number", "出院人次数": "discharges", "午餐": "ignore"}
    reading = read(rows, mapping=mapping)
    assert (values(reading), reading.issues) == ({("000203", "discharges"): 1}, ())
    wrong = read(rows, mapping={**mapping, "晚餐": "ignore", "早餐": "nothing"})
    assert [i.code for i in wrong.issues] == ["mapping-unknown", "mapping-unused"]


def test_two_columns_of_one_measure_are_an_error():
    reading = read([["工号", "出院人次", "出院人数"], ["000203", 1, 2]])
    assert told(reading) == [("C1", "column-duplicate")]
    assert reading.rows == ()


def test_units_in_headers_are_honoured_or_refused():
    reading = read([["工号", "门诊收入(万元)", "出院人次(元)"], ["000203", 1.5, 3]])
    assert values(reading) == {("000203", "income"): 15_000}
    assert told(reading) == [("C1", "column-unit")]


def test_a_measure_of_institutions_has_no_place_in_a_table_of_persons():
    assert told(read([["工号", "开放床日"], ["000203", 1]])) == [("B1", "column-wrong-level")]


def test_merged_values_belong_to_one_row():
    rows = [["工号", "出院人次"], ["000203", 5], ["000204", None]]
    reading = read(rows, merge=["B2:B3"])
    assert told(reading) == [("B3", "cell-merged")]
    assert values(reading) == {("000203", "discharges"): 5}


def test_merged_keys_hold_for_all_their_rows():
    rows = [["机构", "姓名", "出院人次"], ["泥河镇卫生院", "张三", 1], [None, "李四", 2]]
    assert values(read(rows, merge=["A2:A3"])) == {("000203", "discharges"): 1, ("000204", "discharges"): 2}


def test_hidden_rows_are_read_with_a_warning_and_hidden_sheets_are_not_read():
    book = Workbook()
    book.active.append(["工号", "出院人次"])
    book.active.append(["000203", 1])
    book.active.row_dimensions[2].hidden = True
    hidden = book.create_sheet("旧表")
    hidden.append(["工号", "出院人次"])
    hidden.append(["000204", 1])
    hidden.sheet_state = "hidden"
    reading = read_facts("2025-06.xlsx", saved(book), BOOK, ROSTER)
    assert sorted(i.code for i in reading.issues) == ["rows-hidden", "sheet-hidden"]
    assert values(reading) == {("000203", "discharges"): 1}


def test_items_and_counterparties_are_part_of_the_key():
    reading = read(
        [
            ["工号", "项目编码", "对方单位", "出院人次"],
            ["000203", "心电图", "白湖镇卫生院", 1],
            ["000203", "ecg", "X203", 2],
            ["000203", "zzz", None, 3],
            ["000203", "ecg", "某院", 4],
        ]
    )
    assert [(row.key.item, row.key.counterparty, row.value) for row in reading.rows] == [
        ("ecg", "X203", 2),
        ("ecg", "X204", 1),
        ("zzz", "", 3),
    ]
    assert told(reading) == [("B4", "item-unknown"), ("C5", "institution-unknown")]


def test_without_a_roster_codes_are_taken_as_they_stand_and_a_warning_says_so():
    reading = read([HEADER, ["000203", "谁", 1, None], [204, "谁", 2, None]], roster=None)
    assert values(reading) == {("000203", "discharges"): 1, ("204", "discharges"): 2}
    assert sorted(i.code for i in reading.issues) == ["roster-not-given", "staff-number-numeric"]
    assert reading.verdict == "warn"


def test_the_coverage_is_what_the_file_speaks_about_even_where_it_is_blank():
    reading = read([["填报科室:病案室"], ["工号", "出院人次", "诊疗人次"], ["000203", 1, None], ["000206", None, "八"]])
    cover = reading.coverage
    assert (cover.sender, cover.measures, cover.subjects) == ("病案室", ("discharges", "visits"), ("000203", "000206"))
    assert (cover.periods, cover.owners) == ((JUNE,), ("X203", "X204"))
    assert [(key.subject, key.measure) for key in reading.withheld] == [("000206", "visits")]
    assert {row.source.sender for row in reading.rows} == {"病案室"}


def test_a_row_that_names_nobody_keeps_the_others():
    reading = read([HEADER, [None, None, 5, None], ["000203", "张三", 1, None]])
    assert told(reading) == [("A2", "subject-missing")]
    assert len(reading.rows) == 1


def test_a_file_without_any_table_says_so():
    reading = read([["随便", "写写"], ["没有", "数据"]])
    assert [i.code for i in reading.issues] == ["no-table", "sheet-unknown"]
    assert reading.verdict == "reject"


def test_a_refused_file_gives_its_reason_and_nothing_else():
    reading = read_facts("x.xlsx", b"", BOOK, ROSTER)
    assert ([i.code for i in reading.issues], reading.rows, reading.verdict) == (["workbook-empty"], (), "reject")


def test_the_order_of_rows_does_not_matter():
    rows = [["000203", 1], ["000204", 2], ["000207", 3]]
    one = read([["工号", "出院人次"], *rows])
    other = read([["工号", "出院人次"], *reversed(rows)])
    assert [(r.key, r.value) for r in one.rows] == [(r.key, r.value) for r in other.rows]


def test_the_json_is_that_of_the_contract():
    content = sheet_bytes([["工号", "满意度(%)", "门诊收入"], ["000203", "87.5%", "1,234.5"]])
    reading = read_facts("2025-06.xlsx", content, BOOK, ROSTER)
    shown = json.loads(json.dumps(as_contract_json(reading), ensure_ascii=False))
    assert shown["format"] == 1
    assert shown["verdict"] == "accept"
    assert shown["file"] == {"name": "2025-06.xlsx", "sha256": reading.sha256}
    empty = {"item": "", "counterparty": "", "subject": "000203", "period": "2025-06", "sheet": "数据"}
    assert shown["rows"] == [
        {**empty, "cell": "C2", "measure": "income", "value": "1234.5"},
        {**empty, "cell": "B2", "measure": "satisfaction", "value": "0.875"},
    ]
    assert {"sheet", "cell", "code", "severity", "found", "expected", "hint"} <= shown["issues"][0].keys()


def test_a_row_with_a_number_and_nothing_else_is_covered_and_a_heading_is_not():
    reading = read([HEADER, ["内科"], ["000203", "张三", 1, None], ["000204"]])
    assert [(i.place.cell, i.code) for i in reading.issues] == [("A2", "row-skipped")]
    assert reading.coverage.subjects == ("000203", "000204")


def test_a_post_that_begins_like_a_signature_does_not_hide_a_row():
    reading = read([["序号", "工号", "岗位", "出院人次"], [1, 203, "主管护师", 5], [2, 204, "负责人", 6]])
    assert values(reading) == {("000203", "discharges"): 5, ("000204", "discharges"): 6}
