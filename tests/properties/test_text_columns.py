"""Text files are read in columns: the same facts and remarks as cell by cell."""

import io
from csv import writer
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.excel.excel_building import BOOK, ROSTER

from perf.excel import read_workbook
from perf.excel.cells import Sheet
from perf.excel.delimited import text_sheet
from perf.excel.facts_import import facts_of
from perf.excel.guard import LIMITS

PEOPLE = st.sampled_from(
    ["000203", "203", "000204", "00203x", "", "张三", "X203", " 000205", "２０３", "合计", "备注:无"]
)
FIGURES = st.one_of(
    st.sampled_from(
        [
            "5",
            "5.0",
            "12.50",
            "-3",
            "-0.0",
            "007",
            ".5",
            "5.",
            "1,234.50",
            "1e3",
            "=1+1",
            "=A1|x(",
            "八十八",
            "12%",
            "无",
        ]
    ),
    st.sampled_from(
        ["", " ", "100", "1234567890123456", "0.10", "3.14159", "5 人次", "￥3", "2025-06", "5\n6", "#N/A"]
    ),
    st.decimals(-200, 200, places=3).map(str),
)
HEADERS = st.permutations(
    ["出院人次", "门诊收入(元)", "满意度(%)", "病历评级", "评语", "重大事故", "服务得分", "增长率"]
)


def in_cells(sheet: Sheet) -> Sheet:
    return replace(sheet, rows={number: dict(row) for number, row in sheet.rows.items()})


@settings(max_examples=80, deadline=None)
@given(headers=HEADERS, rows=st.lists(st.tuples(PEOPLE, st.lists(FIGURES, max_size=9)), max_size=8))
def test_a_text_file_gives_the_same_by_column_as_cell_by_cell(headers, rows):
    out = io.StringIO()
    lines = writer(out)
    lines.writerow(["工号", *headers[:5]])
    lines.writerows([who, *figures] for who, figures in rows)
    book = read_workbook("2025-06 数据.csv", out.getvalue().encode())
    if book.is_refused:
        return
    one_by_one = replace(book, sheets=tuple(map(in_cells, book.sheets)))
    found, expected = facts_of(book, BOOK, ROSTER), facts_of(one_by_one, BOOK, ROSTER)
    assert list(found.rows) == list(expected.rows)
    assert set(found.issues) == set(expected.issues)
    assert (found.coverage, found.withheld, found.layouts) == (expected.coverage, expected.withheld, expected.layouts)


@given(rows=st.lists(st.lists(st.sampled_from(["", " ", "a", "b c", "\u200b", "x\u00ad"]), max_size=6), max_size=30))
def test_a_row_is_kept_with_what_it_shows_and_where_it_stands(rows):
    out = io.StringIO()
    lines = writer(out)
    lines.writerow(["x", "y"])
    lines.writerows(row or [""] for row in rows)
    kept = text_sheet(out.getvalue(), LIMITS).rows
    for number, fields in enumerate(rows, start=2):
        shown = {n: field.strip().strip("\u200b").replace("\u00ad", "") for n, field in enumerate(fields, 1)}
        assert {n: cell.value for n, cell in kept.get(number, {}).items()} == {n: t for n, t in shown.items() if t}
        assert all(cell.row == number for cell in kept.get(number, {}).values())
