from openpyxl import Workbook
from tests.unit.excel.excel_building import BOOK, ROSTER, saved

from perf.excel import read_facts
from perf.excel.reading import ImportReading
from perf.excel.said import EACH_MAX, ERRORS_MAX, TABLES_MAX

HEADER = "工号,出院人次\n"


def reading(lines: list[str], header: str = HEADER) -> ImportReading:
    return read_facts("2025-06 数据.csv", (header + "\n".join(lines)).encode(), BOOK, ROSTER)


def test_errors_are_all_listed_up_to_a_number_that_somebody_may_still_mend():
    found = reading(["00203x,1"] * ERRORS_MAX)
    assert [i.code for i in found.issues] == ["staff-number-unknown"] * ERRORS_MAX


def test_a_file_with_more_errors_gives_no_figures_and_says_that_it_was_not_read_to_its_end():
    found = reading(["000203,1", *["00203x,1"] * (ERRORS_MAX + 1), "000204,1"])
    assert not found.rows
    assert found.verdict == "reject"
    assert sum(i.code == "staff-number-unknown" for i in found.issues) == ERRORS_MAX
    assert [i.place.cell for i in found.issues if i.code == "too-many-errors"] == [""]
    assert not found.coverage.measures, "what was stored before would be gone otherwise"


def test_figures_that_contradict_each_other_count_as_errors_too():
    found = reading([f"000203,{n}" for n in range(ERRORS_MAX + 1)])
    assert not found.rows
    assert sum(i.code == "duplicate-differs" for i in found.issues) == ERRORS_MAX
    assert any(i.code == "too-many-errors" for i in found.issues)


def test_one_remark_over_and_over_is_made_a_thousand_times_and_counted_from_there():
    found = reading(["庐江县泥河镇卫生院,1"] * (EACH_MAX + 500), "机构名称,开放床日\n")
    same = [i for i in found.issues if i.code == "institution-name-completed"]
    assert len(same) == EACH_MAX + 1
    assert same[-1].place.cell == f"A{EACH_MAX + 2}"
    assert same[-1].found.zh.endswith(" 等 500 处")
    assert not any(i.code == "too-many-errors" for i in found.issues)


def test_warnings_however_many_do_not_keep_the_figures_back():
    found = reading(["000203,5"] * (ERRORS_MAX + 5))
    assert [row.value for row in found.rows] == [5]
    assert found.verdict == "warn"


def test_errors_of_several_sheets_are_counted_together(monkeypatch):
    monkeypatch.setattr("perf.excel.said.ERRORS_MAX", 3)
    book = Workbook()
    for sheet in (book.active, book.create_sheet("二")):
        for row in (["工号", "出院人次"], ["x1", 1], ["x2", 1]):
            sheet.append(row)
    book.active.title = "一"
    found = read_facts("2025-06 数据.xlsx", saved(book), BOOK, ROSTER)
    assert [(i.place.sheet, i.code) for i in found.issues] == [
        ("", "too-many-errors"),
        ("一", "staff-number-unknown"),
        ("一", "staff-number-unknown"),
        ("二", "staff-number-unknown"),
    ]


def test_slips_of_a_whole_hospital_are_read_and_more_tables_in_a_file_are_not():
    strip = "工号,出院人次\n000203,1\n"
    found = read_facts("2025-06 数据.csv", (strip * TABLES_MAX).encode(), BOOK, ROSTER)
    assert [row.value for row in found.rows] == [1]
    found = read_facts("2025-06 数据.csv", (strip * (TABLES_MAX + 1)).encode(), BOOK, ROSTER)
    assert not found.rows
    assert [i.code for i in found.issues] == ["too-many-tables"]


def test_tables_of_all_sheets_count_together(monkeypatch):
    monkeypatch.setattr("perf.excel.said.TABLES_MAX", 2)
    book = Workbook()
    for sheet in (book.active, book.create_sheet(), book.create_sheet()):
        sheet.append(["工号", "出院人次"])
        sheet.append(["000203", 1])
    assert [i.code for i in read_facts("2025-06 数据.xlsx", saved(book), BOOK, ROSTER).issues] == ["too-many-tables"]
