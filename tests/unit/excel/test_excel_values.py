from dataclasses import replace
from fractions import Fraction

import pytest
from tests.unit.excel.excel_building import BOOK

from perf.excel.cells import CellRecord
from perf.excel.headers import unit_of
from perf.excel.months import bare_month, month_in_cell, periods_in_text
from perf.excel.numbers import chinese_number, read_number
from perf.excel.values import Column, expected_of, read_value
from perf.kernel.periods import parse_period


def taken(code, value, kind="text", unit="", **changes):
    measure = replace(BOOK.measures[code], **changes)
    record = CellRecord("表", 3, 2, value, kind)
    reading = read_value(record, Column(measure, measure.title.zh, unit_of(unit) if unit else None))
    return reading.value, [finding.code for finding in reading.findings]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("１２．５", Fraction(25, 2)),
        (" 1 234 ", 1234),
        ("1,234,567.80", Fraction(12345678, 10)),
        ("￥1,234.50元", Fraction(12345, 10)),
        ("-￥5", -5),
        ("－5", -5),
        ("−5", -5),
        ("(1,234.50)", Fraction(-12345, 10)),
        ("（5）", -5),
        ("87.5%", Fraction(875, 10)),
        ("８７．５％", Fraction(875, 10)),
        ("12人次", 12),
        ("'00012", 12),
        (".5", Fraction(1, 2)),
        ("5.", 5),
        ("+3", 3),
    ],
)
def test_numbers_are_read_as_people_type_them(text, number):
    read = read_number(text)
    assert read is not None
    assert read.number == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,23",
        "12,34.5",
        "1.2.3",
        "十二",
        "(-5)",
        "1e5",
        "abc",
        "--",
        "12-13",
        "0x10",
        "²",
        "10²",
        "①",
        "٣",
        "()",
        "5 8 月",
    ],
)
def test_what_is_no_number_is_not_made_one(text):
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("八十八", 88),
        ("十", 10),
        ("一百零五", 105),
        ("三千零五点五", Fraction(30055, 10)),
        ("两万三千", 23000),
        ("三千五", 3500),
        ("一百二", 120),
        ("一千二百五", 1250),
        ("两万三", 23000),
        ("三千零五", 3005),
        ("四十五", 45),
        ("一亿二千万", 120_000_000),
        ("二〇二五", 2025),
        ("捌拾捌", 88),
        ("九十分", 90),
        ("百分之八十七点五", Fraction(7, 8)),
        ("八", 8),
    ],
)
def test_numbers_in_words_are_understood(text, number):
    assert chinese_number(text) == number


@pytest.mark.parametrize("text", ["", "点", "八点", "优秀", "八点十", "分", "8", "点五"])
def test_other_words_are_no_numbers(text):
    assert chinese_number(text) is None


@pytest.mark.parametrize(
    ("value", "kind", "unit", "expected"),
    [
        ("87.5%", "text", "", (Fraction(7, 8), [])),
        ("0.875", "percent", "", (Fraction(7, 8), [])),
        ("87.5", "number", "", (Fraction(7, 8), [])),
        ("87.5", "number", "%", (Fraction(7, 8), [])),
        ("0.875", "number", "比值", (Fraction(7, 8), [])),
        ("0", "number", "%", (Fraction(0), [])),
        ("875‰", "text", "", (Fraction(7, 8), [])),
        ("875", "number", "‰", (Fraction(7, 8), [])),
        ("0.875", "number", "%", (None, ["percent-unclear"])),
        ("0.875", "number", "", (None, ["percent-unclear"])),
        ("1", "number", "%", (None, ["percent-unclear"])),
        ("-0.5", "number", "%", (None, ["out-of-range"])),
        ("87.5", "percent", "", (None, ["out-of-range"])),
        ("100", "number", "", (Fraction(1), [])),
        ("100.01", "number", "", (None, ["out-of-range"])),
        ("百分之八十七点五", "text", "", (None, ["number-in-words"])),
    ],
)
def test_a_percent_is_taken_in_three_forms_and_asked_where_it_could_be_two(value, kind, unit, expected):
    got, found = taken("satisfaction", value, kind, unit)
    assert (got, found) == expected


def test_the_range_may_settle_what_a_percent_means():
    assert taken("satisfaction", "0.85", "number", "%", maximum=Fraction(1, 10)) == (Fraction(85, 10_000), [])
    assert taken("satisfaction", "0.85", "number", "%", minimum=Fraction(1, 2)) == (Fraction(85, 100), [])


@pytest.mark.parametrize(
    ("code", "value", "kind", "unit", "expected"),
    [
        ("score", "88", "number", "", (Fraction(88), [])),
        ("score", "88", "text", "", (Fraction(88), ["number-as-text"])),
        ("score", "八十八", "text", "", (None, ["number-in-words"])),
        ("score", "130", "number", "", (None, ["out-of-range"])),
        ("score", "-1", "number", "", (None, ["out-of-range"])),
        ("score", "100", "number", "", (Fraction(100), [])),
        ("score", "88.5", "number", "", (None, ["too-many-digits"])),
        ("score", "0.88", "percent", "", (None, ["percent-unexpected"])),
        ("score", "88%", "text", "", (None, ["percent-unexpected"])),
        ("score", "88分", "text", "", (Fraction(88), [])),
        ("score", "好", "text", "", (None, ["not-a-number"])),
        ("score", "2025-06-01", "date", "", (None, ["cell-date"])),
        ("score", "#DIV/0!", "error", "", (None, ["cell-error"])),
        ("score", "1", "boolean", "", (None, ["not-a-number"])),
        ("score", "—", "text", "", (None, ["blank-marker"])),
        ("score", "/", "text", "", (None, ["blank-marker"])),
        ("score", "无", "text", "", (None, ["blank-marker"])),
        ("score", "0", "number", "", (Fraction(0), [])),
        ("score", "  ", "text", "", (None, [])),
        ("income", "1.5", "number", "万元", (Fraction(15_000), [])),
        ("income", "1.5万元", "text", "", (Fraction(15_000), [])),
        ("income", "￥1,234.50元", "text", "", (Fraction(2469, 2), [])),
        ("income", "1234.567", "number", "", (None, ["too-many-digits"])),
        ("income", "12人次", "text", "", (None, ["column-unit"])),
        ("budget", "15000", "number", "元", (Fraction(3, 2), [])),
        ("budget", "1.5", "number", "", (Fraction(3, 2), [])),
        ("growth", "(5%)", "text", "", (Fraction(-1, 20), ["number-in-brackets"])),
        ("growth", "-5%", "text", "", (Fraction(-1, 20), [])),
        ("accident", "是", "text", "", (Fraction(1), [])),
        ("accident", "无", "text", "", (Fraction(0), [])),
        ("accident", "0", "boolean", "", (Fraction(0), [])),
        ("accident", "3", "number", "", (Fraction(3), [])),
        ("accident", "1.5", "number", "", (None, ["event-unknown"])),
        ("accident", "也许", "text", "", (None, ["event-unknown"])),
        ("accident", "—", "text", "", (None, ["blank-marker"])),
        ("rating", "A", "text", "", ("A", [])),
        ("rating", "Ａ", "text", "", ("A", [])),
        ("rating", "a", "text", "", (None, ["rating-unknown"])),
        ("rating", "D", "text", "", (None, ["rating-unknown"])),
        ("remark", "很好", "text", "", ("很好", [])),
    ],
)
def test_a_cell_is_the_value_it_says_or_an_issue(code, value, kind, unit, expected):
    assert taken(code, value, kind, unit) == expected


def test_a_bracketed_number_is_negative_and_told():
    value, found = taken("growth", "(5)", "text", "%")
    assert (value, found) == (Fraction(-1, 20), ["number-as-text", "number-in-brackets"])


def test_a_formula_never_calculated_is_no_blank():
    record = CellRecord("表", 3, 2, "", "blank", "SUM(A1:A9)", cached=False)
    reading = read_value(record, Column(BOOK.measures["score"], "服务得分"))
    assert [finding.code for finding in reading.findings] == ["formula-not-calculated"]
    assert reading.is_wrong


def test_what_is_expected_is_said_in_the_words_of_the_measure():
    said = {code: expected_of(measure).zh for code, measure in BOOK.measures.items()}
    assert said["score"] == "0 到 100 的整数"
    assert said["satisfaction"] == "0% 到 100% 的比率(%)"
    assert said["income"] == "不小于 0 的数字"
    assert said["growth"] == "比率(%)"
    assert said["rating"] == "下列之一:A、B、C"


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2025-06", "2025-06"),
        ("2025年6月", "2025-06"),
        ("2025年06月份", "2025-06"),
        ("2025.6", "2025-06"),
        ("2025/6", "2025-06"),
        ("２０２５－０６", "2025-06"),
        ("202506", "2025-06"),
        ("2025-06-30", "2025-06"),
        ("2025年6月30日", "2025-06"),
        ("2025-Q2", "2025-Q2"),
        ("2025年第二季度", "2025-Q2"),
        ("2025年2季度", "2025-Q2"),
        ("2025", "2025"),
        ("2025年度", "2025"),
    ],
)
def test_a_month_is_read_as_people_write_it(text, period):
    assert month_in_cell(text) == parse_period(period)


@pytest.mark.parametrize(
    "text", ["2025-13", "2025年13月", "202513", "2025-00", "13", "6月", "六月", "", "2025-6-", "20256"]
)
def test_month_13_and_the_like_are_no_months(text):
    assert month_in_cell(text) is None


def test_a_bare_month_needs_a_year():
    assert month_in_cell("6月", 2025) == parse_period("2025-06")
    assert month_in_cell("6", 2025) == parse_period("2025-06")
    assert month_in_cell("13月", 2025) is None
    assert bare_month("6月数据") == 6
    assert bare_month("第3月") is None
    assert bare_month("5月和6月") is None


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("2025年6月医疗数据", {"2025-06"}),
        ("2025-06 信息科", {"2025-06"}),
        ("病案室202506", {"2025-06"}),
        ("2025年第二季度", {"2025-Q2"}),
        ("2024年度基金", {"2024"}),
        ("2024-01至2024-06", {"2024-01", "2024-06"}),
        ("填报科室:病案室  月份:2025-06  填表日期:2025-07-03", {"2025-06"}),
        ("2025年6月 填表日期:2025-07-03", {"2025-06"}),
        ("数据(000203)", set()),
        ("X20250 名单", set()),
    ],
)
def test_periods_are_found_in_titles_and_file_names(text, periods):
    assert {str(p) for p in periods_in_text(text)} == periods
