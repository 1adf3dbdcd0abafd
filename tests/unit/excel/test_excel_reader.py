import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook
from tests.unit.excel.excel_building import saved, sheet_bytes
from tests.unit.excel.test_excel_guard import HEAD, SHEET, TAIL, with_part

from perf.excel import read_workbook
from perf.excel.stored_values import date_text, decimal_text

HALF_PAST_EIGHT = datetime(2025, 6, 30, 8, 30)  # noqa: DTZ001  a cell knows no time zone


def cells(content: bytes) -> dict[str, tuple[str, str, str, bool]]:
    book = read_workbook("x.xlsx", content)
    assert book.issues == ()
    return {
        r.cell: (r.value, r.kind, r.formula, r.cached)
        for s in book.sheets
        for row in s.rows.values()
        for r in row.values()
    }


def one(xml: str) -> tuple[str, str, str, bool]:
    ((_, record),) = cells(with_part(SHEET, HEAD + f'<row r="1">{xml}</row>'.encode() + TAIL)).items()
    return record


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("12", "12"),
        ("1.1000000000000001", "1.1"),
        ("0.30000000000000004", "0.3"),
        ("8.7499999999999994E-2", "0.0875"),
        ("1E-3", "0.001"),
        ("1.23456789012346E+20", "123456789012346000000"),
        ("-0", "-0"),
        ("-0.0", "0"),
        ("123456789012345678", "123456789012346000"),
        ("2.50", "2.5"),
    ],
)
def test_a_stored_number_is_read_with_excels_own_precision(raw, text):
    assert decimal_text(raw) == text


@pytest.mark.parametrize("raw", ["", "x", "1E300", "NaN", "INF"])
def test_what_is_no_number_is_refused(raw):
    with pytest.raises(ValueError, match="number"):
        decimal_text(raw)


def test_kinds_come_from_type_and_format():
    content = sheet_bytes(
        [["文字", 12, 0.875, date(2025, 6, 30), HALF_PAST_EIGHT, True, "#N/A", 1234.5]],
        formats={"C1": "0.00%", "D1": 'yyyy"年"m"月"', "H1": '#,##0.00"元/月"'},
    )
    assert [(v, k) for v, k, _, _ in cells(content).values()] == [
        ("文字", "text"),
        ("12", "number"),
        ("0.875", "percent"),
        ("2025-06-30", "date"),
        ("2025-06-30 08:30", "date"),
        ("1", "boolean"),
        ("#N/A", "error"),
        ("1234.5", "number"),
    ]


@pytest.mark.parametrize(
    "form", ["yyyy-mm-dd hh:mm:ss.000", "mm:ss.0", "[ss].00", '[DBNum1][$-804]yyyy"年"m"月"', "yyyy/m/d;@", "[h]:mm"]
)
def test_a_moment_with_parts_of_a_second_is_a_day_and_no_number(form):
    content = sheet_bytes([[45838, 12.5]], formats={"A1": form, "B1": "0.000"})
    assert [(v, k) for v, k, _, _ in cells(content).values()] == [("2025-06-30", "date"), ("12.5", "number")]


def renamed(content: bytes, *changes: tuple[str, str]) -> bytes:
    """The package with other names of parts, also where parts name each other."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            for before, after in changes:
                name, part = name.replace(before, after), part.replace(before, after)  # noqa: PLW2901
            new.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize(
    "changes",
    [
        [("sharedStrings.xml", "strings1.xml"), ("styles.xml", "formats.xml")],
        [("xl/workbook.xml", "xl/workbook22.xml"), ("_rels/workbook.xml", "_rels/workbook22.xml")],
        [('"/xl/worksheets/', '"../xl/worksheets/')],
        [('"/xl/worksheets/', '"./worksheets/')],
    ],
)
def test_parts_are_found_where_the_package_says_that_they_are(changes):
    content = sheet_bytes([["工号", 0.875, date(2025, 6, 30)]], formats={"B1": "0.0%"})
    assert renamed(content, *changes) != content
    assert cells(renamed(content, *changes)) == {
        "A1": ("工号", "text", "", True),
        "B1": ("0.875", "percent", "", True),
        "C1": ("2025-06-30", "date", "", True),
    }


def test_a_formula_without_its_value_is_told_from_one_that_shows_nothing():
    assert one('<c r="A1"><f>SUM(B1)</f><v></v></c>') == ("", "blank", "SUM(B1)", False)
    assert one('<c r="A1"><f>SUM(B1)</f></c>') == ("", "blank", "SUM(B1)", False)
    assert one('<c r="A1" t="str"><f>""</f><v></v></c>') == ("", "blank", '""', True)
    assert one('<c r="A1"><f>1+1</f><v>2</v></c>') == ("2", "number", "1+1", True)
    assert one('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>') == ("#DIV/0!", "error", "1/0", True)
    assert one('<c r="A1"><f t="shared" si="0"/><v>3</v></c>') == ("3", "number", "…", True)


def test_rich_text_is_joined_and_reading_aids_are_left_out():
    assert (
        one('<c r="B1" t="inlineStr"><is><r><t>泥河</t></r><r><t>镇</t></r><rPh><t>nihe</t></rPh></is></c>')[0]
        == "泥河镇"
    )
    strings = "<sst><si><r><t>张</t></r><r><t xml:space='preserve'>三 </t></r><rPh><t>zhang</t></rPh></si></sst>"
    sheet = HEAD + b'<row><c t="s"><v>0</v></c></row>' + TAIL
    with zipfile.ZipFile(io.BytesIO(with_part("xl/sharedStrings.xml", strings.encode()))) as old:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                new.writestr(name, sheet if name == SHEET else old.read(name))
    assert cells(out.getvalue()) == {"A1": ("张三 ", "text", "", True)}


def test_escaped_characters_are_decoded():
    assert one('<c r="A1" t="inlineStr"><is><t>a_x000D_b</t></is></c>')[0] == "a\rb"


def test_hidden_sheets_hidden_rows_and_merged_cells_are_known():
    book = Workbook()
    first = book.active
    first["A1"] = "x"
    first.merge_cells("A1:C2")
    first.row_dimensions[3].hidden = True
    book.create_sheet("藏").sheet_state = "veryHidden"
    visible, hidden = read_workbook("x.xlsx", saved(book)).sheets
    assert visible.merged == ((1, 1, 2, 3),)
    assert visible.hidden_rows == {3}
    assert (hidden.name, hidden.state) == ("藏", "hidden")


@pytest.mark.parametrize(
    ("serial", "text"),
    [
        ("1", "1900-01-01"),
        ("59", "1900-02-28"),
        ("61", "1900-03-01"),
        ("45838", "2025-06-30"),
        ("0.5", ""),
        ("9999999", ""),
    ],
)
def test_day_numbers_are_days(serial, text):
    assert date_text(serial) == text


def test_the_era_of_old_macintosh_files_is_known():
    assert date_text("44376", is_1904=True) == "2025-06-30"


def test_every_value_is_what_openpyxl_reads_too():
    rows = [[f"{n:06d}", n, n / 8, None, f"名{n}"] for n in range(300)]
    content = sheet_bytes(rows)
    ours = {name: value for name, (value, _, _, _) in cells(content).items()}
    theirs = {
        cell.coordinate: str(cell.value)
        for row in load_workbook(io.BytesIO(content)).active.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert ours == {name: value.removesuffix(".0") for name, value in theirs.items()}
