"""Mark → mend as suggested → import accepts: the way of a clerk through a file with mistakes."""

import io

import openpyxl
from tests.integration.cli_june import SPECS, put
from tests.integration.cli_month_files import scores_sheet, sheet

WRONG = [["工号", "姓名", "工作得分"], ["000101", "赵一", "八十八"], ["102", "钱㛃", 77.777], ["009999", "孙三", 60]]


def mend(terminal, name):
    """Do what the problem sheet suggests, and nothing else."""
    book = openpyxl.load_workbook(io.BytesIO((terminal.folder / name).read_bytes()))
    for row in book["问题清单"].iter_rows(min_row=6, values_only=True):
        if row[8] is not None:
            book[row[2]][row[3]] = row[8]
    buffer = io.BytesIO()
    book.save(buffer)
    put(terminal, name, buffer.getvalue())


def test_a_marked_workbook_mended_as_suggested_is_accepted(month):
    name = put(month, "2025-06 质控科.xlsx", sheet(WRONG, "质控"))
    said = month("import", name, *SPECS, "--marked", "改.xlsx")
    assert said.exit == 3
    assert "已批注 → 改.xlsx" in said.out
    assert month("import", "改.xlsx", *SPECS, "--accept").exit == 3
    mend(month, "改.xlsx")
    done = month("import", "改.xlsx", *SPECS, "--accept", "--json")
    assert (done.exit, done.json[0]["outcome"]) == (0, "accepted")
    assert [i["code"] for i in done.json[0]["issues"] if i["severity"] != "info"] == []
    assert done.json[0]["counts"]["changed"] == 3


def test_several_files_are_marked_into_a_folder_and_a_sound_one_is_not(month):
    wrong = put(month, "2025-06 质控科.xlsx", sheet(WRONG, "质控"))
    good = put(month, "2025-06 另一份.xlsx", scores_sheet(n000101="85"))
    said = month("import", wrong, good, *SPECS, "--marked", "批注")
    assert "2025-06 另一份.xlsx:没有要改的" in said.out
    assert [p.name for p in (month.folder / "批注").iterdir()] == ["2025-06 质控科-问题.xlsx"]


def test_a_marked_copy_never_takes_the_place_of_a_file_and_is_an_xlsx(month):
    name = put(month, "2025-06 质控科.xlsx", sheet(WRONG, "质控"))
    assert month("import", name, *SPECS, "--marked", name).exit == 2
    assert month("import", name, *SPECS, "--marked", "改.xls").exit == 2
    assert month("import", name, name, *SPECS, "--marked", "改.xlsx").exit == 2


def test_a_check_without_a_database_marks_too(terminal):
    from tests.integration.cli_month_files import put_month

    put_month(terminal.folder)
    name = put(terminal, "2025-06 坏.xlsx", sheet([["工号", "工作得分"], ["000101", "九十"]], "质控"))
    said = terminal("import", "--check", name, *SPECS, "--marked", "改.xlsx", "--json")
    assert said.exit == 3
    assert said.json["issues"][-1]["suggested"] == "90"
    mend(terminal, "改.xlsx")
    assert terminal("import", "--check", "改.xlsx", *SPECS, "--json").json["verdict"] == "warn"
