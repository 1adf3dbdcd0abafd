"""The month from the terminal, from an empty folder to statements, on SQLite; then what may go wrong."""

import csv
import io
import json
import re
import sqlite3
import zipfile

import pytest
from tests.integration.cli_month_files import PEOPLE, pools_sheet, put_month, scores_sheet, sheet

from perf.distribution import check_rows

SPECS = ("--specs", "rules")
JUNE = "G1:2025-06#1"


@pytest.fixture
def month(terminal):
    """A folder with rules and workbooks, an empty database, everything accepted."""
    put_month(terminal.folder)
    assert terminal("init").exit == 0
    files = ["花名册.xlsx", "2025-06 质控科.xlsx", "2025-06 财务科.xlsx", "机构名单.xlsx"]
    assert terminal("import", *files, *SPECS, "--accept", "--by", "张三").exit == 0
    return terminal


@pytest.fixture
def june(month):
    """The same with June run."""
    assert month("run", "2025-06", *SPECS, "--by", "张三").exit == 0
    return month


@pytest.fixture
def published(june):
    """The same with June published."""
    assert june("publish", "2025-06", "--by", "李强", "--reason", "院长办公会通过").exit == 0
    return june


def put(terminal, name, content):
    (terminal.folder / name).write_bytes(content)
    return name


def pay_of(terminal) -> dict[str, str]:
    assert terminal("export", "payfile", "-o", "pay.csv").exit == 0
    rows = csv.DictReader(io.StringIO(terminal.read("pay.csv").removeprefix("\ufeff")))
    return {row["工号"]: row["应发"] for row in rows}


# ---- before there is anything


@pytest.mark.parametrize(
    "command",
    [
        ("show",),
        ("verify",),
        ("explain", "H1"),
        ("statements", "--all", "-o", "st"),
        ("export", "ledger", "-o", "l.csv"),
    ],
)
def test_before_the_first_run_every_command_says_what_to_do_first(terminal, command):
    terminal("init")
    said = terminal(*command)
    assert said.exit == 4
    assert "perf-pay run" in said.err
    assert [p.name for p in terminal.folder.iterdir() if not p.name.startswith("perf.db")] == []


def test_without_a_database_every_command_says_what_to_do_first(terminal):
    said = terminal("show")
    assert said.exit in (2, 4)
    assert "init" in said.err
    assert not terminal.exists("perf.db")


def test_a_run_before_the_roster_says_so(terminal):
    put_month(terminal.folder)
    terminal("init")
    said = terminal("run", "2025-06", *SPECS)
    assert said.exit == 4
    assert "花名册" in said.err


def test_init_twice_changes_nothing(june):
    before = pay_of(june)
    assert june("init").exit == 0
    assert pay_of(june) == before


# ---- import


def test_a_dry_run_says_what_would_change_and_keeps_nothing(month):
    name = put(month, "2025-06 质控科.xlsx", scores_sheet(n000101="85"))
    said = month("import", name, *SPECS)
    assert said.exit == 0
    assert "000101 工作得分 2025-06:92.35 → 85" in said.out
    assert "这是试算,什么也没有保存" in said.out
    again = month("import", name, *SPECS, "--json")
    assert again.json[0]["counts"]["changed"] == 1
    assert [one["outcome"] for one in again.json] == ["dry"]


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


# ---- run, show, explain


def test_the_month_end_to_end(june):
    shown = june("show", "2025-06", "--institution", "H1", "--json").json
    assert (shown["run"], shown["state"]) == (JUNE, "draft")
    assert {row["subject"] for row in shown["rows"]} == {"000101", "000102", "000103"}
    table = june("show", "--institution", "H1").out
    assert "钱㛃" in table
    assert pay_of(june) == {
        "000101": "5356.28", "000102": "3976.53", "000103": "2642.49", "000201": "3427.44", "000202": "4332.56",
    }  # fmt: skip
    assert june("verify", JUNE).exit == 0
    said = june("publish", JUNE, "--by", "李强", "--reason", "院长办公会通过", "--json")
    assert said.exit == 0
    assert said.json[0]["run"] == JUNE
    assert june("verify", "--json").json == [{"run": JUNE, "good": True, "findings": []}]
    assert june("statement", "000102", "-o", "x.pdf").exit == 0
    assert (june.folder / "x.pdf").read_bytes().startswith(b"%PDF-")
    assert june("statements", "--all", "-o", "st", "--workers", "1").exit == 0
    files = sorted(p.relative_to(june.folder / "st").as_posix() for p in (june.folder / "st").rglob("*.pdf"))
    assert files == ["H1/000101.pdf", "H1/000102.pdf", "H1/000103.pdf", "T1/000201.pdf", "T1/000202.pdf"]
    assert june("export", "ledger", "-o", "ledger.csv").exit == 0
    check_rows(list(csv.DictReader(io.StringIO(june.read("ledger.csv")))), {})
    for what in ("scorecards", "ledger", "payfile"):
        assert june("export", what, "-o", f"{what}.xlsx", "--run", JUNE).exit == 0
        assert zipfile.is_zipfile(june.folder / f"{what}.xlsx")
    assert june("template", "--period", "2025-07", "--sender", "质控科", "-o", "t.xlsx", *SPECS).exit == 0
    assert zipfile.is_zipfile(june.folder / "t.xlsx")


def test_explain_goes_from_the_cell_to_the_points_and_from_the_pool_to_the_pay(june):
    text = june("explain", "000101", "work").out
    assert "2025-06 质控科.xlsx!质控!C2" in text
    assert "试行办法 第一条" in text
    pay = june("explain", "000101", "绩效").out
    assert "11,331.30 元 × 1.3853 ÷ 3.069 ≈ 5,114.776764 元，得 5,114.78 元" in pay
    assert "夜班费" not in pay
    nodes = june("explain", "000101", "--json").json
    assert (nodes["run"], nodes["subject"]) == (JUNE, "000101")
    assert {one["item"] for one in nodes["explanations"]} == {"work", "all", "total", "绩效"}


def test_what_is_not_there_is_told_and_what_there_is_is_offered(june):
    for command in (
        ("explain", "000999"),
        ("statement", "000999", "-o", "x.pdf"),
        ("show", "G9:2025-06"),
        ("show", "2024-01"),
    ):
        said = june(*command)
        assert (said.exit, said.out) == (4, "")
        assert command[1] in said.err
    said = june("explain", "000101", "午餐")
    assert said.exit == 4
    assert "work" in said.err
    assert not june.exists("x.pdf")


@pytest.mark.parametrize("name", ["2025-06", "G1:2025-06", JUNE, "2025-06#1", ""])
def test_a_run_may_be_named_in_every_way_of_the_document(june, name):
    assert june("show", name, "--json").json["run"] == JUNE


@pytest.mark.parametrize("name", ["2025-06#9", "June", "G1:June", "G1:", "#", ":"])
def test_a_run_that_is_badly_named_is_told(june, name):
    said = june("show", name)
    assert said.exit in (2, 4)
    assert said.err.strip()
    assert "程序自身出错" not in said.err


def test_two_runs_are_compared_down_to_the_figures_that_changed(june):
    name = put(june, "2025-06 质控科.xlsx", scores_sheet(n000103="81.57"))
    assert june("import", name, *SPECS, "--accept").exit == 0
    assert june("run", "2025-06", *SPECS).exit == 0
    found = june("show", JUNE, "--diff", "G1:2025-06#2", "--json").json
    assert [(c["subject"], c["old"], c["new"]) for c in found["totals"]] == [("000103", "71.57", "81.57")]
    assert [(c["subject"], c["measure"], c["old"], c["new"]) for c in found["facts"]] == [
        ("000103", "work_score", "71.57", "81.57")
    ]
    assert sum(c["new_fen"] - c["old_fen"] for c in found["pay"]) == 0
    shown = june("show", JUNE, "--diff", "G1:2025-06#2").out
    assert "71.57" in shown
    assert "没有差别" in june("show", JUNE, "--diff", JUNE).out


def test_a_missing_score_is_exit_1_and_its_share_is_held(month):
    name = put(month, "2025-06 质控科.xlsx", scores_sheet(n000103=""))
    assert month("import", name, *SPECS, "--accept", "--confirm-gone").exit == 0
    said = month("run", "2025-06", *SPECS, "--json")
    assert said.exit == 1
    assert said.json[0]["blocked"] == 1
    assert said.json[0]["held_fen"] > 0
    assert "000103" not in pay_of(month)
    assert month("publish", "2025-06", "--by", "李强", "--reason", "会议").exit == 0


def test_a_run_with_rules_that_contradict_each_other_is_refused_and_stores_nothing(month):
    month.write({"rules/pay.yaml": month.read("rules/pay.yaml").replace("weight: 100", "weight: 90")})
    said = month("run", "2025-06", *SPECS, "--json")
    assert (said.exit, said.codes()) == (3, ["weights-not-100"])
    assert month("show").exit == 4


def test_a_pool_smaller_than_what_is_due_pays_the_other_house(month):
    name = put(month, "2025-06 财务科.xlsx", pools_sheet(H1="100.00"))
    assert month("import", name, *SPECS, "--accept").exit == 0
    said = month("run", "2025-06", *SPECS, "--json")
    assert said.exit == 1
    assert "pay-over-rest" in [i["code"] for i in said.json[0]["issues"]]
    assert sorted(pay_of(month)) == ["000201", "000202"]
    refused = month("publish", "2025-06", "--by", "李强", "--reason", "会议")
    assert refused.exit == 4
    assert "[distribution-refused]" in refused.err
    assert month("publish", "2025-06", "--by", "李强", "--reason", "会议", "--allow-unpaid").exit == 0


# ---- publish and verify


def test_a_published_month_is_final(published):
    said = published("publish", "2025-06", "--by", "李强", "--reason", "再来一次")
    assert said.exit == 4
    assert "已经发布" in said.err
    assert published("publish", JUNE, "--by", "李强", "--reason", "x", "--json").json[0]["code"]
    published("run", "2025-06", *SPECS)
    assert published("publish", "G1:2025-06#2", "--by", "李强", "--reason", "x").exit == 4
    assert published("show", "2025-06", "--json").json["state"] == "published"


def test_publishing_needs_a_name_and_a_reason(june):
    assert june("publish", "2025-06").exit == 2
    assert june("publish", "2025-06", "--by", " ", "--reason", "x").exit == 2
    assert june("publish", "2025-06", "--by", "李强", "--reason", "").exit == 2
    assert june("show", "--json").json["state"] == "draft"


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("update ledger_entry set amount_fen = amount_fen + 1 where target = 'person:000101'", "ledger_entry"),
        ("update scorecard_row set score_scaled = score_scaled + 1 where type = 'total'", "scorecard_row"),
        ("update balance set amount_fen = amount_fen + 1 where account = 'person:000101'", "balance"),
        ("delete from ledger_entry where number = 3", "ledger_entry"),
        ("update run set digest = replace(digest, substr(digest, 1, 1), 'x')", "run"),
    ],
)
def test_whoever_changes_the_database_behind_our_back_is_found_by_table(published, statement, table):
    connection = sqlite3.connect(published.folder / "perf.db")
    for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        connection.execute(f'drop trigger "{name}"')
    connection.execute(statement)
    connection.commit()
    connection.close()
    said = published("verify", "--json")
    assert said.exit == 5
    assert said.json[0]["good"] is False
    assert any(table in finding for finding in said.json[0]["findings"])
    assert published("verify").exit == 5


# ---- what surrounds the commands


def test_the_database_may_be_named_by_the_environment_and_by_the_option_first(june):
    (june.folder / "other").mkdir()
    june("init", PERF_DATABASE_URL="sqlite:///other/a.db")
    assert june.exists("other/a.db")
    assert june("show", PERF_DATABASE_URL="sqlite:///other/a.db").exit == 4
    assert june("show", "--db", "perf.db", PERF_DATABASE_URL="sqlite:///other/a.db").exit == 0
    assert june("show", "--db", "mysql://x/y").exit == 2


def test_a_file_that_is_no_database_is_refused_not_a_fault_of_ours(terminal):
    terminal.write({"perf.db": "工号,姓名\n" * 500})
    for command in (("show",), ("init",)):
        said = terminal(*command)
        assert said.exit in (2, 3, 4)
        assert "程序自身出错" not in said.err


def test_english_on_request(june):
    assert "no run" in june("show", "2024-01", PERF_LANG="en").err
    assert "published, sealed" in june("publish", "2025-06", "--by", "L", "--reason", "r", PERF_LANG="en").out


def test_exports_go_only_to_csv_and_xlsx(june):
    for command in (("payfile", "-o", "x.pdf"), ("payroll", "-o", "x.csv"), ("ledger", "-o", "x")):
        assert june("export", *command).exit == 2
    assert june("statements", "-o", "st").exit == 2
    assert not june.exists("st")


def test_statements_of_one_house_and_of_no_house(june):
    assert june("statements", "--institution", "T1", "-o", "st", "--workers", "1").exit == 0
    assert sorted(p.name for p in (june.folder / "st").rglob("*.pdf")) == ["000201.pdf", "000202.pdf"]
    said = june("statements", "--institution", "T9", "-o", "none", "--workers", "1")
    assert said.exit == 4
    assert "T9" in said.err


def test_what_would_be_empty_is_refused_and_says_why(june):
    for command in (
        ("show", "--institution", "T9"),
        ("template", "--period", "2025-07", "--institution", "T9", "-o", "t.xlsx", *SPECS),
    ):
        said = june(*command)
        assert (said.exit, said.out) == (4, "")
        assert "T9" in said.err
    assert not june.exists("t.xlsx")
    year = june("run", "2025", *SPECS)
    assert year.exit == 2
    assert "2025" in year.err
    assert june("show", "2025").exit == 4


def test_a_template_of_the_whole_library_asks_only_for_what_the_rules_in_use_need(june):
    made = june("template", "--period", "2025-07", "--sender", "财务科", "-o", "t.xlsx", "--json")
    assert json.loads(made.out)["measures"] == 2  # of about forty
    assert june("template", "--period", "2025-07", "--sender", "检验科", "-o", "t.xlsx").exit != 0
    asked = june("template", "--period", "2025", "--sender", "检验科", "-o", "t.xlsx", "--json")
    assert json.loads(asked.out)["measures"] == 3  # no rule in use needs them, so all of that sender's


def test_a_template_for_nobody_is_refused_with_the_senders_there_are(june):
    said = june("template", "--period", "2025-07", "--sender", "食堂", "-o", "t.xlsx", *SPECS)
    assert said.exit == 4
    assert "质控科" in said.err
    assert not june.exists("t.xlsx")


def test_a_filled_template_comes_back_without_an_error(june):
    june("template", "--period", "2025-07", "--sender", "质控科", "-o", "2025-07 质控科.xlsx", *SPECS)
    said = june("import", "2025-07 质控科.xlsx", *SPECS, "--json")
    assert said.exit == 0
    assert [i for i in said.json[0]["issues"] if i["severity"] == "error"] == []


def test_issues_are_listed_and_written_as_a_workbook(month):
    name = put(month, "2025-06 质控科.xlsx", scores_sheet(n000103=""))
    month("import", name, *SPECS, "--accept", "--confirm-gone")
    month("run", "2025-06", *SPECS)
    assert "missing-fact" in month("issues", "--json").codes()
    assert "[missing-fact]" in month("issues").out
    assert month("issues", "-o", "issues.xlsx").exit == 0
    assert zipfile.is_zipfile(month.folder / "issues.xlsx")
    assert month("issues", "--run", "G1:2025-06#7").exit == 4


def test_what_goes_wrong_never_tells_what_somebody_earns(published):
    amounts = set(pay_of(published).values())
    amounts |= {f"{int(a[:-3]):,}{a[-3:]}" for a in amounts}
    said = [
        published("publish", "2025-06", "--by", "李强", "--reason", "x"),
        published("explain", "000101", "午餐"),
        published("statement", "000999", "-o", "x.pdf"),
        published("issues", "--json"),
        published("run", "2025-06", *SPECS),
    ]
    for one in said:
        assert [amount for amount in amounts if amount in one.out + one.err] == []


# ---- rules


def test_specs_check_test_explain_and_table(terminal):
    put_month(terminal.folder)
    assert terminal("specs", "check", "rules", "--strict", "--json").json == []
    results = terminal("specs", "test", "rules", "--json").json
    assert [(one["rule"], one["holds"]) for one in results] == [("pay", True), ("staff", True), ("work", True)]
    for code in ("work", "staff", "pay", "work_score"):
        said = terminal("specs", "explain", code, *SPECS)
        assert said.exit == 0
        assert code in said.out
    rows = terminal("specs", "table", "work", *SPECS, "--json").json
    assert rows
    assert terminal("specs", "table", "work", *SPECS).exit == 0
    for command in (("explain", "lunch"), ("table", "lunch"), ("table", "staff")):
        assert terminal("specs", *command, *SPECS).exit == 4
    assert terminal("specs", "test", "rules", "--code", "lunch").exit == 4


def test_a_case_that_does_not_hold_is_exit_5_with_both_figures(terminal):
    put_month(terminal.folder)
    wrong = (
        terminal.read("rules/pay.cases.yaml").replace("{points: 88}", "{points: 87}").replace("乙: 48.5", "乙: 48.51")
    )
    terminal.write({"rules/pay.cases.yaml": wrong})
    said = terminal("specs", "test", "rules", "--json")
    assert said.exit == 5
    failed = {one["rule"]: one["differences"] for one in said.json if not one["holds"]}
    assert failed == {"work": ["points:应为 87,得到 88"], "pay": ["乙:应为 48.51,得到 48.50"]}
    assert "✗ work" in terminal("specs", "test", "rules").out


def test_rules_without_cases_fail_the_strict_check_and_not_the_other(terminal):
    put_month(terminal.folder)
    (terminal.folder / "rules" / "pay.cases.yaml").unlink()
    assert terminal("specs", "check", "rules").exit == 0
    said = terminal("specs", "check", "rules", "--strict", "--json")
    assert said.exit == 3
    assert set(said.codes()) == {"cases-missing"}


def test_the_library_that_comes_with_the_program_is_sound(terminal):
    assert json.loads(terminal("specs", "check", "--json").out) is not None
    assert terminal("specs", "check").exit == 0
