"""Any sheet of facts, laid out in any way and written in any format, is read in as what it was; nothing ever raises."""

import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.excel.excel_building import BOOK, JUNE, ROSTER
from tests.workbooks.format_writers import Value, as_html, as_ods, as_text, as_xls, as_xlsx

from perf.excel import read_facts
from perf.excel.headers import header_of
from perf.excel.numbers import read_number
from perf.excel.reading import ImportReading
from perf.kernel.periods import Period
from perf.specs.models import Measure

PEOPLE = {"000203": "张三", "000204": "李四", "000205": "王芳", "000206": "王芳", "000207": "赵㛃", "0012": "长号"}
MEASURES = [one for one in BOOK.measures.values() if one.level == "person"]
WRITERS: dict[str, tuple[str, Callable[[list[list[Value]]], bytes]]] = {
    "xlsx": ("x.xlsx", as_xlsx),
    "csv": ("x.csv", as_text),
    "csv of Excel": ("x.csv", lambda rows: as_text(rows, "utf-8-sig")),
    "csv of Windows": ("x.csv", lambda rows: as_text(rows, "gb18030")),
    "semicolons": ("x.csv", lambda rows: as_text(rows, "gb18030", ";")),
    "unicode text": ("x.txt", lambda rows: as_text(rows, "utf-16", "\t")),
    "web page": ("x.xls", as_html),
    "web page in UTF-8": ("x.html", lambda rows: as_html(rows, "utf-8")),
    "ods": ("x.ods", as_ods),
    "xls": ("x.xls", as_xls),
}
COSTLY = ("xls",)  # read in a process of its own each time
Figures = dict[tuple[str, str, Period], Fraction | str]
JUNE_WRITTEN = ("2025-06", "2025年6月", "2025.06", "2025/6", "202506", "二〇二五年六月", "Jun-25", "2025年06月份")
ODD = [
    "备注",
    "合计",
    "=1+1",
    "+5",
    "-好",
    "@x",
    "a;b",
    'a"b',
    "'x",
    "1,2",
    "#N/A!",
    "<b>",
    "&lt;",
    "很 好",
    "𬱖",
    "x",
    "是",
    "0",
]


def is_text(text: str) -> bool:
    """Whether it is a remark, and neither blank nor a sign that nothing was filled in."""
    return text == " ".join(unicodedata.normalize("NFKC", text).split()) and text not in ("", "-", "/")


remarks = st.sampled_from([text for text in ODD if is_text(text)])


@st.composite
def values_of(draw: st.DrawFn, measure: Measure) -> tuple[Value, Fraction | str]:
    """A value as somebody enters it, and what it is."""
    if measure.answers == "text":
        text = draw(remarks)
        return text, text
    if measure.answers == "rating":
        rating = draw(st.sampled_from(measure.values))
        return rating, rating
    if measure.answers == "event":
        number = draw(st.integers(0, 3))
        return number, Fraction(number)
    if measure.unit == "percent":
        number = draw(st.integers(200, 9999))
        shown = Decimal(number).scaleb(-2)
        return draw(st.sampled_from([shown, f"{shown}%"])), Fraction(number, 10_000)
    digits = measure.digits if isinstance(measure.digits, int) else 0
    most = measure.maximum * 10**digits if measure.maximum is not None else 10**12
    number = draw(st.integers(0, int(most)))
    value = Decimal(number).scaleb(-digits) if digits else number
    return draw(st.sampled_from([value, str(value), f" {value:,} "])), Fraction(number, 10**digits)


@st.composite
def facts(draw: st.DrawFn) -> tuple[Figures, dict[tuple[str, str, Period], Value]]:
    """Figures of some people, and how each is written; some are not filled in."""
    people = draw(st.lists(st.sampled_from(sorted(PEOPLE)), min_size=1, unique=True))
    measures = draw(st.lists(st.sampled_from(MEASURES), min_size=1, unique_by=lambda one: one.code))
    figures: Figures = {}
    written: dict[tuple[str, str, Period], Value] = {}
    for person in people:
        for measure in measures:
            if draw(st.integers(0, 5)):
                key = person, measure.code, JUNE
                written[key], figures[key] = draw(values_of(measure))
    return figures, written


def wide(written: Mapping[tuple[str, str, Period], Value], month: str) -> list[list[Value]]:
    codes = list(dict.fromkeys(code for _, code, _ in written))
    people = list(dict.fromkeys(person for person, _, _ in written))
    rows: list[list[Value]] = [["序号", "工号", "姓名", "月份", *(header_of(BOOK.measures[code]) for code in codes)]]
    for number, person in enumerate(people, 1):
        cells = [written.get((person, code, JUNE)) for code in codes]
        rows.append([number, person, PEOPLE[person], month, *cells])
    return rows


def long(written: Mapping[tuple[str, str, Period], Value], month: str) -> list[list[Value]]:
    rows: list[list[Value]] = [["月份", "姓名", "工号", "指标", "数值"]]
    rows += [
        [month, PEOPLE[who], who, header_of(BOOK.measures[code]), value] for (who, code, _), value in written.items()
    ]
    return rows


def titled(written: Mapping[tuple[str, str, Period], Value], month: str) -> list[list[Value]]:
    """The wide layout without its column of months, below a title, above a total and a signature."""
    rows = [row[:3] + row[4:] for row in wide(written, month)]
    blank: list[Value] = [None] * (len(rows[0]) - 2)
    return [
        [f"{month} 工作量", None, *blank],
        [None, None, *blank],
        *rows,
        ["合计", None, *blank],
        ["制表人:甲", "审核:乙", *blank],
    ]


LAYOUTS = [wide, long, titled]


def figures_of(reading: ImportReading) -> Figures:
    return {(row.key.subject, row.key.measure, row.key.period): row.value for row in reading.rows}


def require_same(kind: str, layout: Callable[..., list[list[Value]]], month: str, given_facts: object) -> None:
    figures, written = given_facts  # type: ignore[misc]
    name, writer = WRITERS[kind]
    reading = read_facts(name, writer(layout(written, month)), BOOK, ROSTER)
    told = [issue.render() for issue in reading.issues if issue.is_error]
    if written:
        assert told == []
    assert figures_of(reading) == figures


@pytest.mark.parametrize("kind", [kind for kind in WRITERS if kind not in COSTLY])
@settings(max_examples=40)
@given(st.sampled_from(LAYOUTS), st.sampled_from(JUNE_WRITTEN), facts())
def test_what_was_written_is_read(kind, layout, month, given_facts):
    require_same(kind, layout, month, given_facts)


@pytest.mark.parametrize("kind", COSTLY)
@settings(max_examples=6)
@given(st.sampled_from(LAYOUTS), st.sampled_from(JUNE_WRITTEN), facts())
def test_what_was_written_in_an_old_workbook_is_read(kind, layout, month, given_facts):
    require_same(kind, layout, month, given_facts)


@settings(max_examples=40)
@given(
    st.dictionaries(st.tuples(st.sampled_from(sorted(PEOPLE)), st.integers(1, 12)), st.integers(0, 999), min_size=1),
    st.sampled_from(["{}月", "2025年{}月", "2025-{:02}", "{}月份"]),
    st.booleans(),
    st.sampled_from([kind for kind in WRITERS if kind not in COSTLY]),
)
def test_months_as_columns_are_the_months(counts, header, is_titled, kind):
    months = sorted({month for _, month in counts})
    people = sorted({person for person, _ in counts})
    if is_titled:
        rows: list[list[Value]] = [["2025年出院人次统计表"], ["工号", *(header.format(month) for month in months)]]
        rows += [[who, *(counts.get((who, month)) for month in months)] for who in people]
    else:
        rows = [["2025年"], ["工号", "指标", *(header.format(month) for month in months)]]
        rows += [[who, "出院人次", *(counts.get((who, month)) for month in months)] for who in people]
    name, writer = WRITERS[kind]
    reading = read_facts(name, writer(rows), BOOK, ROSTER)
    assert [issue.render() for issue in reading.issues if issue.is_error] == []
    expected = {(who, "discharges", Period(2025, "month", month)): n for (who, month), n in counts.items()}
    assert figures_of(reading) == expected


cells = st.one_of(
    st.none(),
    st.text(max_size=8).filter(str.isprintable),
    st.integers(-(10**6), 10**15),
    st.decimals(-1000, 10**6, places=3),
    st.sampled_from(
        [
            "工号",
            "姓名",
            "出院人次",
            "1月",
            "6月",
            "2025年",
            "合计",
            "备注:",
            "万元",
            "指标",
            "数值",
            "单位",
            "机构名称",
            "出院人次/累计",
            "科室",
        ]
    ),
    st.sampled_from(
        [
            "000203",
            "12",
            "张三",
            "王芳",
            "泥河镇卫生院",
            "2025-06",
            "八十八",
            "(5)",
            "5-",
            "#N/A",
            "1.2万",
            "\u200b",
            "０．５",
        ]
    ),
)


@settings(max_examples=150)
@given(
    st.lists(st.lists(cells, min_size=1, max_size=7), min_size=1, max_size=8),
    st.sampled_from([kind for kind in WRITERS if kind not in COSTLY]),
)
def test_no_sheet_whatsoever_raises_and_nothing_is_both_taken_and_withheld(rows, kind):
    name, writer = WRITERS[kind]
    reading = read_facts(name, writer(rows), BOOK, ROSTER)
    assert reading.rows or reading.issues
    assert not {row.key for row in reading.rows} & set(reading.withheld)
    for issue in reading.issues:
        assert issue.found.zh
        assert issue.expected.zh
        assert issue.render("en")


@given(st.text(alphabet="0123456789.,-()%￥元万亿人次整 ", max_size=8))
def test_a_number_in_text_is_its_digits_and_nothing_else(text):
    read = read_number(text)
    if read is None:
        return
    clean = unicodedata.normalize("NFKC", text)
    times = (
        1 if read.mark in ("万", "亿", "万元", "亿元") else 10_000 if "万" in clean else 10**8 if "亿" in clean else 1
    )
    digits = "".join(c for c in clean if c.isdigit() or c == ".").rstrip(".")
    assert abs(read.number) == Fraction(digits or "0") * times
    assert (read.number < 0) == (("-" in clean or read.is_bracketed) and read.number != 0)
