"""The rules looked at from the terminal."""

import json

from tests.integration.cli_june import SPECS
from tests.integration.cli_month_files import put_month


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
    assert "优秀" in terminal("specs", "table", "staff", *SPECS).out
    assert "没有命名曲线" in terminal("specs", "table", "pay", *SPECS).out
    for command in (("explain", "lunch"), ("table", "lunch")):
        assert terminal("specs", *command, *SPECS).exit == 4
    assert terminal("specs", "test", "rules", "--code", "lunch").exit == 4


def test_specs_table_prints_the_named_curves_of_a_distribution(terminal):
    put_month(terminal.folder)
    curves = "curves: {rate: {title: 标准, gives: yuan, curve: award, each: 50元, cap: 100元}}\n"
    terminal.write({"rules/pay.yaml": terminal.read("rules/pay.yaml").replace("steps:", f"{curves}steps:", 1)})
    rows = terminal("specs", "table", "pay", *SPECS, "--json").json
    assert {
        "curve": "rate",
        "value": "1",
        "result": "50.00 元",
        "how": "50.00 元 × 1 = 50.00 元",
        "breakpoint": True,
        "part": "",
    } in rows
    assert "标准 rate" in terminal("specs", "table", "pay", *SPECS).out


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
