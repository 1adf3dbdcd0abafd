"""Files taken in from the terminal: what would change, what is refused, what is gone."""

import re
import zipfile

import pytest
from tests.integration.cli_june import SPECS, put
from tests.integration.cli_month_files import PEOPLE, put_month, scores_sheet, sheet


def test_a_dry_run_says_what_would_change_and_keeps_nothing(month):
    name = put(month, "2025-06 质控科.xlsx", scores_sheet(n000101="85"))
    said = month("import", name, *SPECS)
    assert said.exit == 0
    assert "000101 工作得分 2025-06:92.35 → 85" in said.out
    assert "这是试算,什么也没有保存" in said.out
    again = month("import", name, *SPECS, "--json")
    assert again.json[0]["counts"]["changed"] == 1
    assert [one["outcome"] for one in again.json] == ["dry"]


def test_a_single_file_is_read_once(month, monkeypatch):
    name = put(month, "2025-06 质控科.xlsx", scores_sheet(n000101="85"))
    monkeypatch.setattr("perf.services.workbooks.read_workbook", lambda *_: pytest.fail("read again"))
    assert "92.35 → 85" in month("import", name, *SPECS).out


def test_the_same_file_twice_changes_nothing_and_says_so(month):
    said = month("import", "2025-06 质控科.xlsx", *SPECS, "--accept", "--json")
    assert said.exit == 0
    assert [one["outcome"] for one in said.json] == ["taken_already"]


def test_what_is_gone_is_withdrawn_from_a_file_that_was_taken_before_once_it_is_confirmed(month):
    rows = [["工号", "姓名", "工作得分"], ["000101", "赵一", 85]]
    name = put(month, "2025-06 质控科.xlsx", sheet(rows, "质控"))
    kept = month("import", name, *SPECS, "--accept")
    assert "不再出现的 2 个仍保留;确认撤回,请加 --confirm-gone" in kept.out
    assert "以前已导入" in month("import", name, *SPECS, "--accept").out
    done = month("import", name, *SPECS, "--accept", "--confirm-gone")
    assert "不再出现的 2 个作撤回" in done.out
    assert "以前已导入" in month("import", name, *SPECS, "--accept", "--confirm-gone").out


def test_a_month_that_no_calendar_has_is_told_even_where_the_file_name_has_one(month):
    rows = [["2025年13月质控"], ["工号", "姓名", "工作得分"], ["000101", "赵一", 85]]
    name = put(month, "2025-06 质控科.xlsx", sheet(rows, "质控"))
    said = month("import", name, *SPECS)
    assert said.exit == 3
    assert "2025年13月" in said.out


def test_a_correction_needs_no_consortium_and_is_published_once(published):
    corrected = published("run", "2025-06", "--corrects", "G1:2025-06#1", *SPECS)
    assert corrected.exit in (0, 1)
    assert "G1:2025-06#2" in corrected.out
    assert published("run", "2025-06", "--corrects", "G1:2025-06#1", *SPECS).exit in (0, 1)
    assert published("publish", "G1:2025-06#2", "--by", "李四", "--reason", "更正").exit == 0
    again = published("publish", "G1:2025-06#3", "--by", "李四", "--reason", "更正")
    assert again.exit == 4
    assert "--corrects G1:2025-06#2" in again.err


def test_the_database_is_for_its_owner_only_and_files_are_not_writable_by_all(june):
    assert (june.folder / "perf.db").stat().st_mode & 0o077 == 0
    assert june("export", "payfile", "-o", "p.csv", "--run", "2025-06").exit == 0
    assert (june.folder / "p.csv").stat().st_mode & 0o022 == 0


def test_errors_refuse_the_file_and_name_every_cell(month):
    rows = [["工号", "姓名", "工作得分"], ["000101", "赵一", "八十八"], ["000102", "钱㛃", 130], ["009999", "谁", 60]]
    name = put(month, "2025-06 质控科.xlsx", sheet([*rows, ["000103", "孙三", 70]], "质控"))
    said = month("import", name, *SPECS, "--accept", "--json")
    assert said.exit == 3
    (one,) = said.json
    assert one["outcome"] == "refused"
    wrong = [(i["cell"], i["code"]) for i in one["issues"] if i["severity"] == "error"]
    assert wrong == [("C2", "number-in-words"), ("C3", "out-of-range"), ("A4", "staff-number-unknown")]
    clean = month("import", name, *SPECS, "--accept-clean", "--json")
    assert clean.json[0]["outcome"] == "accepted_clean"
    assert clean.json[0]["counts"]["left_out"] == 3
    assert month("import", name, *SPECS, "--json").json[0]["outcome"] == "dry"
    assert month("import", name, *SPECS, "--accept", "--accept-clean").exit == 2


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", "工号,得分\n".encode(), bytes(100)])
def test_a_file_that_is_no_workbook_is_refused_and_the_others_go_on(month, content):
    bad = put(month, "2025-06 坏.xlsx", content)
    good = put(month, "2025-06 质控科.xlsx", scores_sheet(n000101="85"))
    said = month("import", bad, good, *SPECS, "--accept", "--json")
    assert said.exit == 3
    assert {one["file"]: one["outcome"] for one in said.json} == {bad: "refused", good: "accepted"}


def test_a_file_that_is_not_there_is_told(month):
    said = month("import", "没有.xlsx", *SPECS, "--json")
    assert said.exit == 3
    assert said.json[0]["issues"][0]["code"] == "file-unreadable"


def test_month_13_is_an_issue_in_a_file_and_wrong_use_on_the_command_line(month):
    rows = [["工号", "月份", "工作得分"], ["000101", "2025-13", 80]]
    name = put(month, "数据.xlsx", sheet(rows, "质控"))
    said = month("import", name, *SPECS, "--json")
    assert (said.exit, [i["code"] for i in said.json[0]["issues"]]) == (3, ["period-invalid"])
    assert month("import", name, *SPECS, "--period", "2025-13").exit == 2
    assert month("run", "2025-13", *SPECS).exit == 2
    assert month("show", "2025-13").exit == 2


def test_a_check_without_a_database_has_exactly_the_form_of_the_contract(terminal):
    put_month(terminal.folder)
    roster = "subject,level,kind,parent\nH1,institution,,\n" + "".join(f"{p[0]},person,,H1\n" for p in PEOPLE[1:])
    terminal.write({"S.csv": roster})
    said = terminal("import", "--check", "2025-06 质控科.xlsx", *SPECS, "--subjects", "S.csv", "--json")
    assert said.exit == 0
    found = said.json
    assert set(found) == {"format", "verdict", "file", "rows", "issues"}
    assert (found["format"], found["verdict"], found["file"]["name"]) == (1, "accept", "2025-06 质控科.xlsx")
    assert re.fullmatch(r"[0-9a-f]{64}", found["file"]["sha256"])
    assert found["rows"][1] == {
        "sheet": "质控", "cell": "C2", "subject": "000101", "period": "2025-06", "measure": "work_score",
        "item": "", "counterparty": "", "value": "92.35",
    }  # fmt: skip
    assert len(found["rows"]) == 10
    assert not terminal.exists("perf.db")


def test_a_check_without_subjects_warns_and_with_faults_rejects(terminal):
    put_month(terminal.folder)
    said = terminal("import", "--check", "2025-06 质控科.xlsx", *SPECS, "--json")
    assert (said.exit, said.json["verdict"]) == (0, "warn")
    assert [i["code"] for i in said.json["issues"] if i["severity"] == "warning"][:1] == ["roster-not-given"]
    name = put(terminal, "2025-06 坏.xlsx", sheet([["工号", "工作得分"], ["000101", 130]], "质控"))
    wrong = terminal("import", "--check", name, *SPECS, "--json")
    assert (wrong.exit, wrong.json["verdict"]) == (3, "reject")
    for issue in wrong.json["issues"]:
        assert {"sheet", "cell", "code", "severity", "found", "expected", "hint"} <= set(issue)
        assert set(issue["hint"]) == {"zh", "en"}
    assert terminal("import", "--check", name).exit == 2
    assert terminal("import", "--check", name, name, *SPECS).exit == 2


def test_issues_are_listed_and_written_as_a_workbook(month):
    name = put(month, "2025-06 质控科.xlsx", scores_sheet(n000103=""))
    month("import", name, *SPECS, "--accept", "--confirm-gone")
    month("run", "2025-06", *SPECS)
    assert "missing-fact" in month("issues", "--json").codes()
    assert "[missing-fact]" in month("issues").out
    assert month("issues", "-o", "issues.xlsx").exit == 0
    assert zipfile.is_zipfile(month.folder / "issues.xlsx")
    assert month("issues", "--run", "G1:2025-06#7").exit == 4
