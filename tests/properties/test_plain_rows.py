"""Whatever a sheet's XML looks like, plain rows in columns give the cells that the parser gives tag by tag, or the same refusal."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.excel.test_excel_guard import HEAD, SHEET, TAIL, with_part

from perf.excel import read_workbook
from perf.excel.cells import Workbook

TEXTS = st.sampled_from(["", "甲", "合计", " ", "a&amp;b", "&#24037;号", "_x000D_", "x\r\ny", "1e3", "007"])
NUMBERS = st.sampled_from(
    ["0", "12", "-0", "5.0", "-0.0", "0.30000000000000004", "1E-3", "45838", "x", "", "1 ", "1\n2"]
)
FORMULAS = st.sampled_from(["", "", "", "<f>A1+1</f>", '<f t="shared" si="0"/>', '<f>WEBSERVICE("x")</f>'])


@st.composite
def cells(draw: st.DrawFn, row: int, column: str) -> str:
    place = draw(st.sampled_from([f' r="{column}{row}"'] * 12 + [f" r='{column}{row}'", ""]))
    kind = draw(st.sampled_from(["n", "str", "inlineStr", "b", "e", ""]))
    style = draw(st.sampled_from(["", ' s="0"', ' s="99"']))
    said = f' t="{kind}"' if kind else ""
    if draw(st.integers(0, 6)) == 0:
        return f"<c{place}{style}/>"
    formula = draw(FORMULAS)
    if kind == "inlineStr":
        return f"<c{place}{style}{said}>{formula}<is><t>{draw(TEXTS)}</t></is></c>"
    value = draw(NUMBERS if kind in ("n", "") else TEXTS)
    return f"<c{place}{style}{said}>{formula}<v>{value}</v></c>"


@st.composite
def rows(draw: st.DrawFn) -> str:
    number = draw(st.integers(1, 40))
    written = draw(st.sampled_from([f' r="{number}"'] * 9 + [""]))
    more = draw(st.sampled_from(["", ' spans="1:3"', ' hidden="1"', " x='1'"]))
    inside = "".join(draw(cells(number, column)) for column in draw(st.sampled_from(["A", "AB", "ABC", "BC", "CA"])))
    between = draw(st.sampled_from([""] * 12 + ["\n", "<x/>", "<!-- -->", "</row>"]))
    return f"<row{written}{more}>{inside}</row>{between}"


def told(book: Workbook) -> tuple[object, ...]:
    return book.sheets, book.issues


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rows(), min_size=1, max_size=12))
def test_rows_in_columns_are_the_rows_tag_by_tag(found: list[str]) -> None:
    xml = "".join(found).encode()
    by_tag = read_workbook("x.xlsx", with_part(SHEET, HEAD + b"<!-- -->" + xml + TAIL))
    with pytest.MonkeyPatch.context() as patched:
        for chunk in (1 << 18, 150):  # so many bytes at a time: the form of rows is learned from those before
            patched.setattr("perf.excel.guard._CHUNK", chunk)
            plain = read_workbook("x.xlsx", with_part(SHEET, HEAD + xml + TAIL))
            assert told(plain) == told(by_tag)
