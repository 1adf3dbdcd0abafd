"""A filled template, changed in any way that people change it: accepted rightly or refused clearly, never an exception."""

import io
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet
from tests.unit.excel.excel_building import BOOK, JUNE, MEASURES, ROSTER
from tests.workbooks.format_writers import Value, as_html, as_ods, as_text, as_xls

from perf.excel import read_facts
from perf.excel.reading import ImportReading
from perf.excel.template import TemplateOrder, template
from perf.kernel.facts import Fact, FactKey, Facts

GIVEN = {
    ("000203", "discharges"): Fraction(12),
    ("000203", "satisfaction"): Fraction(7, 8),
    ("000204", "satisfaction"): Fraction(0),
    ("000203", "income"): Fraction(123450, 100),
    ("000205", "rating"): "B",
    ("000207", "remark"): "很好",
    ("X203", "beds"): Fraction(900),
}
FACTS = Facts(Fact(FactKey(subject, measure, JUNE), value) for (subject, measure), value in GIVEN.items())
EARLIER = Facts(Fact(FactKey(subject, measure, JUNE.previous()), value) for (subject, measure), value in GIVEN.items())
CONTENT = template(MEASURES, ROSTER, TemplateOrder(JUNE), FACTS, earlier=EARLIER)
QUICK = {
    "csv": as_text,
    "csv of Excel": lambda rows: as_text(rows, "utf-8-sig"),
    "csv of Windows": lambda rows: as_text(rows, "gb18030"),
    "unicode text": lambda rows: as_text(rows, "utf-16", "\t"),
    "web page": as_html,
    "ods": as_ods,
}
HEADER_ROW = 4
SHEETS = ("个人数据", "机构数据")
some = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
names = st.text("表数据Sheet0123456789 ()副本-", min_size=1, max_size=20).filter(lambda name: name.strip() == name)
odd_values = st.one_of(
    st.none(),
    st.text(max_size=30).filter(lambda text: text.isprintable()),
    st.integers(-(10**18), 10**18),
    st.booleans(),
    st.sampled_from(
        ["八十八", "100%", "=1/0", "=A1", "#N/A", "￥1,234.50元", "12人", "/", "合计", "备注:", "上月·", "1e400"]
    ),
)
whats = st.sampled_from(
    ["rows", "columns", "delete", "blank", "value", "sheet", "tag", "header", "title", "hide", "merge"]
)


def opened() -> Workbook:
    return load_workbook(io.BytesIO(CONTENT))


def read(book: Workbook, name: str = "x.xlsx") -> ImportReading:
    buffer = io.BytesIO()
    book.save(buffer)
    return read_facts(name, buffer.getvalue(), BOOK, ROSTER)


def figures(reading: ImportReading) -> Mapping[tuple[str, str], object]:
    assert {row.key.period for row in reading.rows} <= {JUNE}
    return {(row.key.subject, row.key.measure): row.value for row in reading.rows}


def errors(reading: ImportReading) -> list[str]:
    return [issue.code for issue in reading.issues if issue.is_error]


def reordered(sheet: Worksheet, order: list[int], *, is_rows: bool) -> None:
    """Put rows below the header (or whole columns of the table) into another order."""
    table = [[(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows(min_row=HEADER_ROW)]
    head, body = table[0], table[1:]
    if is_rows:
        body = [body[n] for n in order]
    else:
        head, body = [head[n] for n in order], [[row[n] for n in order] for row in body]
    for number, row in enumerate([head, *body], HEADER_ROW):
        for column, (value, number_format) in enumerate(row, 1):
            sheet.cell(number, column).value = value
            sheet.cell(number, column).number_format = number_format


@some
@given(st.data())
def test_rows_and_columns_in_another_order_say_the_same(data):
    book = opened()
    for name in SHEETS:
        sheet = book[name]
        for is_rows, size in ((True, sheet.max_row - HEADER_ROW), (False, sheet.max_column)):
            reordered(sheet, data.draw(st.permutations(range(size))), is_rows=is_rows)
    reading = read(book)
    assert errors(reading) == []
    assert figures(reading) == GIVEN


@some
@given(st.sets(st.integers(HEADER_ROW + 1, HEADER_ROW + 10)), st.sampled_from(SHEETS))
def test_rows_that_were_deleted_are_not_covered_and_the_others_stay(rows, name):
    book = opened()
    sheet = book[name]
    gone = {sheet.cell(row, 1).value for row in rows if row <= sheet.max_row}
    for row in sorted(rows, reverse=True):
        sheet.delete_rows(row)
    reading = read(book)
    assert errors(reading) == []
    posts = {"000208"} - gone if "000208" not in gone else set()  # stands twice: once for each post
    assert {key: value for key, value in GIVEN.items() if key[0] not in gone | posts} == figures(reading)


@some
@given(names, names, st.sampled_from([".xlsx", ".XLSX", "", ".xls", ".csv"]))
def test_whatever_file_and_sheets_are_called_the_figures_are_those_of_june(first, file, ending):
    book = opened()
    book[SHEETS[0]].title = first
    reading = read(book, file + ending)
    assert figures(reading) == GIVEN or errors(reading)
    assert set(errors(reading)) <= {"period-contradicts", "period-invalid", "period-kind"}


@some
@given(st.data())
def test_any_mutation_is_accepted_rightly_or_refused_clearly(data):
    book = opened()
    for what in data.draw(st.lists(whats, min_size=1, max_size=4)):
        sheet = data.draw(st.sampled_from(book.worksheets))
        mutate(sheet, what, data)
    name = data.draw(names)
    require_clear(read(book, name + ".xlsx"))
    kind = data.draw(st.sampled_from(sorted(QUICK)))
    require_clear(read_facts(name, saved_as(kind, data.draw(st.sampled_from(book.worksheets))), BOOK, ROSTER))


def require_clear(reading: ImportReading) -> None:
    """Every issue says what is wrong and what would be right; what is taken is of somebody and something we know."""
    for issue in reading.issues:
        assert issue.found.zh
        assert issue.expected.zh
        assert issue.render("en")
    touched = {(row.key.subject, row.key.measure): row.value for row in reading.rows}
    assert all(measure in BOOK.measures and subject in ROSTER for subject, measure in touched)
    assert not {row.key for row in reading.rows} & set(reading.withheld)


@pytest.mark.parametrize("kind", [*sorted(QUICK), "xls"])
def test_a_template_saved_in_another_format_says_the_same(kind):
    found: dict[tuple[str, str], object] = {}
    for name in SHEETS:
        reading = read_facts("给财务.xls", saved_as(kind, opened()[name]), BOOK, ROSTER)
        assert errors(reading) == []
        found |= figures(reading)
    assert found == GIVEN


def saved_as(kind: str, sheet: Worksheet) -> bytes:
    """One sheet as Excel saves it in another format: what is shown, without the sheets that nobody sees."""
    rows = [[shown(cell) for cell in row] for row in sheet.iter_rows()]
    return {**QUICK, "xls": as_xls}[kind](rows)


def shown(cell: Cell | MergedCell) -> Value:
    value = cell.value
    if isinstance(value, bool | float | datetime) or (isinstance(value, int) and abs(value) >= 10**15):
        value = Decimal(str(value)) if isinstance(value, float) else str(value)
    if isinstance(value, int | Decimal) and "%" in cell.number_format:
        return f"{value * 100}%"
    return value if isinstance(value, str | int | Decimal) else None


def mutate(sheet: Worksheet, what: str, data: st.DataObject) -> None:
    row = data.draw(st.integers(1, sheet.max_row + 2), label="row")
    column = data.draw(st.integers(1, sheet.max_column + 2), label="column")
    if what == "rows":
        sheet.insert_rows(row)
    elif what == "columns":
        sheet.insert_cols(column)
    elif what == "delete":
        sheet.delete_rows(row, data.draw(st.integers(1, 3)))
    elif what == "sheet":
        sheet.title = data.draw(names)
    elif what == "tag":
        sheet.sheet_state = data.draw(st.sampled_from(["visible", "hidden", "veryHidden"]))
        sheet.parent.worksheets[0].sheet_state = "visible"
    elif what == "hide":
        sheet.row_dimensions[row].hidden = True
    elif what == "merge":
        sheet.merge_cells(start_row=row, end_row=row + 1, start_column=column, end_column=column)
    else:
        place = {"header": HEADER_ROW, "title": 1}.get(what, row)
        cell = sheet.cell(place, column)
        if hasattr(cell, "column_letter") and type(cell).__name__ != "MergedCell":
            cell.value = None if what == "blank" else data.draw(odd_values)
