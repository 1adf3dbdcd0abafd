import io
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from tests.unit.excel.excel_building import BOOK, ROSTER, read, sheet_bytes, values

from perf.excel import read_facts, read_workbook
from perf.excel.cells import CellRecord
from perf.excel.numbers import chinese_number, plain_number, read_number
from perf.excel.stored_values import decimal_text
from perf.excel.values import Column, read_value
from perf.excel.writing import put
from perf.kernel.figures import exact_text

WHOLE = sheet_bytes([["2025年6月"], ["工号", "出院人次"], *[[f"{n:06d}", n] for n in range(200, 210)]])
decimals = st.builds(
    lambda n, places: Fraction(n, 10**places), st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 6)
)
DIGITS, PLACES = "零一二三四五六七八九", ("", "十", "百", "千")


def in_words(number: int) -> str:
    """A number below 10,000 as it is said."""
    said, text = "", str(number)
    for position, digit in enumerate(text):
        place = PLACES[len(text) - 1 - position]
        said += DIGITS[int(digit)] + place if digit != "0" else DIGITS[0]
    while "零零" in said:
        said = said.replace("零零", "零")
    return said.rstrip("零") or "零"


@given(decimals)
def test_a_number_that_was_written_is_read_back_exactly(number):
    book = Workbook()
    put(book.active, 1, 1, number)
    buffer = io.BytesIO()
    book.save(buffer)
    (sheet,) = read_workbook("x", buffer.getvalue()).sheets
    assert plain_number(sheet.rows[1][1].value) == number


@given(decimals)
def test_a_number_in_text_is_the_number(number):
    text = exact_text(number)
    full_width = "".join(chr(ord(c) + 0xFEE0) if c != "-" else c for c in text)
    for shown in (text, full_width, f" {text} ", f"¥{text}", f"{text}元"):
        found = read_number(shown)
        assert found is not None
        assert found.number == number


@given(decimals)
def test_a_number_of_fifteen_digits_survives_the_binary_form_that_excel_stores(number):
    text = exact_text(number)
    for stored in (f"{float(text):.17g}", repr(float(text)), f"{float(text):.16e}"):
        assert plain_number(decimal_text(stored)) == number


@given(st.integers(0, 9999))
def test_numbers_in_words_are_the_numbers(number):
    assert chinese_number(in_words(number)) == number


@given(st.text(max_size=12))
def test_no_text_in_a_cell_is_ever_a_crash(text):
    for measure in BOOK.measures.values():
        reading = read_value(CellRecord("表", 1, 1, text, "text"), Column(measure, "列"))
        assert reading.value is None or not reading.is_wrong


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_no_damage_to_a_file_is_ever_a_crash(data):
    broken = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 8))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    reading = read_facts("x.xlsx", bytes(broken[: data.draw(st.integers(0, len(broken)))]), BOOK, ROSTER)
    assert reading.issues or reading.rows


@settings(deadline=None)
@given(st.permutations([["000203", 1], ["000204", "八"], ["000207", 3], ["000299", 4], [12, 5], ["000203", 6]]))
def test_the_order_of_rows_never_changes_what_is_taken(rows):
    reading = read([["工号", "出院人次"], *rows])
    assert values(reading) == {("000207", "discharges"): 3}
    assert sorted(i.code for i in reading.issues) == [
        "duplicate-differs",
        "duplicate-differs",
        "number-in-words",
        "staff-number-ambiguous",
        "staff-number-unknown",
    ]
