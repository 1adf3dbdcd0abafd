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
    done = month("import", "改.xlsx", *SPECS, "--accept", "--by", "张三", "--json")
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


def test_a_preview_is_kept_by_its_token_and_refused_once_it_is_another(month):
    name = put(month, "2025-06 质控科.xlsx", scores_sheet(n000101="85"))
    said = month("import", name, *SPECS)
    token = said.out.partition("--expect ")[2].partition(",")[0]
    assert month("import", name, *SPECS, "--json").json[0]["token"] == token
    other = put(month, "2025-06 更正.xlsx", scores_sheet(n000101="86"))
    assert month("import", other, *SPECS, "--accept", "--by", "李四").exit == 0
    late = month("import", name, *SPECS, "--accept", "--expect", token)
    assert late.exit == 3
    assert "与预览时不同,没有写入任何内容" in late.out
    assert "000101 工作得分 2025-06:86 → 85" in late.out
    assert "李四" in month("import", name, *SPECS).out
    now = month("import", name, *SPECS, "--json").json[0]["token"]
    assert month("import", name, *SPECS, "--accept", "--expect", now).exit == 0


def test_the_preview_is_written_as_a_workbook_and_stands_in_json(month):
    name = put(month, "2025-06 质控科.xlsx", scores_sheet(n000101="85"))
    said = month("import", name, *SPECS, "--preview", "预览.xlsx", "--json")
    assert openpyxl.load_workbook(month.folder / "预览.xlsx").sheetnames == ["改动", "问题"]
    (change,) = said.json[0]["changes"]
    assert (change["kind"], change["old"], change["new"]) == ("changed", "92.35", "85")


def test_every_cell_is_traced_to_who_sent_it_and_the_file_comes_back_byte_for_byte(june):
    said = june("explain", "000101", "work")
    assert "2025-06 质控科.xlsx!质控!C2 · 质控科 · 张三 " in said.out
    assert "(UTC)导入，第 3 次" in said.out
    assert june("explain", "000101", "work", "--json").json["lines"]
    listed = june("files", "--json").json
    (one,) = [f for f in listed if f["file"] == "2025-06 质控科.xlsx"]
    assert one["by"] == "张三"
    assert june("files", str(one["import"]), "-o", "原件.xlsx").exit == 0
    assert (june.folder / "原件.xlsx").read_bytes() == (june.folder / "2025-06 质控科.xlsx").read_bytes()
    assert "2025-06 质控科.xlsx" in june("files").out
    assert june("files", "99", "-o", "原件.xlsx").exit == 4
    assert june("files", "1").exit == 2
