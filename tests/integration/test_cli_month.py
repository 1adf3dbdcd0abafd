"""The month from the terminal, from an empty folder to statements, on SQLite; then what may go wrong."""

import csv
import io
import zipfile

import pytest
from tests.integration.cli_june import JUNE, SPECS, put
from tests.integration.cli_month_files import pools_sheet, put_month, scores_sheet

from perf.distribution import check_rows


def pay_of(terminal) -> dict[str, str]:
    assert terminal("export", "payfile", "-o", "pay.csv").exit == 0
    rows = csv.DictReader(io.StringIO(terminal.read("pay.csv").removeprefix("\ufeff")))
    return {row["工号"]: row["应发"] for row in rows}


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
