"""Tables as workbooks where a CSV is taken: the same rows, and what is wrong told at its cell."""

from datetime import date

import pytest
from openpyxl import Workbook

from perf.kernel.errors import InputRefused, WrongUse
from perf.services.solve_pay import read_people
from perf.services.table_text import table_text

HEADER = ("工号", "category", "数量", "保底", "封顶")


def saved(folder, *rows, name="人员.xlsx", more=()):
    book = Workbook()
    sheet = book.active
    sheet.title = "名单"
    for row in rows:
        sheet.append(row)
    for title in more:
        book.create_sheet(title).append(["x"])
    path = folder / name
    book.save(path)
    return path


def test_a_workbook_reads_like_the_csv_of_the_same_rows(tmp_path):
    rows = [HEADER, ("0001", "doctor", 3.5, None, 100), ("0002", "nurse", 7, 12.34, None)]
    book = saved(tmp_path, *rows)
    text = "".join(",".join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows)
    (tmp_path / "人员.csv").write_text(text, encoding="utf-8")
    found = read_people(book, "unit-value", "category")
    assert found == read_people(tmp_path / "人员.csv", "unit-value", "category")
    assert found.groups == {"doctor": {"0001"}, "nurse": {"0002"}}


def test_every_wrong_cell_is_named_also_below_a_blank_head(tmp_path):
    path = saved(
        tmp_path, (), (), HEADER, ("0001", "doctor", "七", None, 1.005), ("0001", "nurse", 1), ("", "nurse", 2)
    )
    with pytest.raises(InputRefused) as refused:
        read_people(path, "unit-value", "")
    assert [str(issue.place) for issue in refused.value.issues] == [
        "人员.xlsx!名单!C4",
        "人员.xlsx!名单!E4",
        "人员.xlsx!名单!A5",
        "人员.xlsx!名单!A6",
    ]


def test_a_total_is_nobody(tmp_path):
    path = saved(tmp_path, HEADER, ("0001", "doctor", 3), ("合计", None, 3))
    with pytest.raises(InputRefused) as refused:
        read_people(path, "unit-value", "")
    (issue,) = refused.value.issues
    assert (issue.code, issue.place.cell, issue.found.zh) == ("subject-empty", "A3", "“合计”不是工号")


def test_a_formula_that_was_never_calculated_is_no_number(tmp_path):
    with pytest.raises(InputRefused) as refused:
        table_text(saved(tmp_path, HEADER, ("0001", "doctor", "=1+2")))
    assert [(issue.code, issue.place.cell) for issue in refused.value.issues] == [("formula-not-calculated", "C2")]


def test_a_month_that_excel_made_a_date_of_is_a_month(tmp_path):
    path = saved(tmp_path, ("subject", "period", "from"), ("T01", date(2025, 6, 1), date(2025, 6, 1)))
    assert table_text(path).text == "subject,period,from\nT01,2025-06,2025-06-01\n"


def test_of_several_sheets_none_is_guessed(tmp_path):
    with pytest.raises(WrongUse, match="名单、又一张"):
        table_text(saved(tmp_path, HEADER, more=["又一张"]))
    with pytest.raises(WrongUse, match="—"):
        table_text(saved(tmp_path, name="空.xlsx"))


def test_what_is_no_table_is_refused_as_such(tmp_path):
    path = tmp_path / "people.xlsx"
    path.write_bytes(b"PK\x03\x04" + bytes(100))
    with pytest.raises(InputRefused) as refused:
        table_text(path)
    assert refused.value.issues[0].place.file == "people.xlsx"
    path.write_bytes(b"%PDF-1.7 \xff")
    with pytest.raises(InputRefused) as refused:
        table_text(path)
    assert [issue.code for issue in refused.value.issues] == ["not-utf-8"]


ROWS = "工号,category,数量\n0001,doctor,3.5\n0002,nurse,7\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("人员.xlsx", ROWS.encode()),
        ("人员.csv", ROWS.encode("gb18030")),
        ("人员.txt", ROWS.replace(",", "\t").encode("utf-16")),
        ("人员.csv", ROWS.replace(",", ";").encode()),
        (
            "人员.xls",
            (
                "<table>" + "".join(f"<tr><td>{line.replace(',', '<td>')}" for line in ROWS.splitlines()) + "</table>"
            ).encode(),
        ),
    ],
)
def test_every_format_reads_like_the_csv_of_the_same_rows(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    found = table_text(tmp_path / name)
    assert found.text == ROWS
    assert found.place(2, "数量").line == (0 if found.sheet else 2)


def test_the_contract_for_scripts_takes_texts_in_utf_8_only(tmp_path):
    path = tmp_path / "F.csv"
    path.write_bytes(ROWS.encode("gb18030"))
    with pytest.raises(InputRefused) as refused:
        table_text(path, is_contract=True)
    assert [issue.code for issue in refused.value.issues] == ["not-utf-8"]
