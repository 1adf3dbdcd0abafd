"""What a command loads: a rule file is refused before the database, the workbooks and the arrays have begun to load."""

import json
import subprocess
import sys

import pytest
import typer.main

from perf.cli.app import app
from perf.cli.commands import ProgramCommands, RuleCommands

HEAVY = {
    "alembic", "fastapi", "jinja2", "numpy", "openpyxl", "pandas", "psycopg", "reportlab", "scipy", "sqlalchemy", "sqlmodel", "uvicorn",
}  # fmt: skip
CALL = (
    "import json, sys; from perf.cli.app import run; code = run(sys.argv[1:]); print(json.dumps([code, *sys.modules]))"
)
RULE = (
    "measure: a\ntitle: 甲\nlevel: institution\nsupplied_by: 信息科\n---\nindicator: x\ntitle: 乙\nlevel: institution\n"
)


def loaded(*words: str) -> tuple[int, set[str]]:
    """Exit code and every module that one command line loads, in an interpreter of its own."""
    done = subprocess.run([sys.executable, "-c", CALL, *words], capture_output=True, text=True, check=True)
    code, *names = json.loads(done.stdout.splitlines()[-1])
    return code, set(names)


def heavy(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names} & HEAVY


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("measure: [", 3),
        (f"{RULE}value: __import__('os')\n", 3),
        (f"{RULE}direction: higher\nvalue: a\npoints: {{curve: linear, through: [[0, 0], [1, 100]]}}\n", 0),
    ],
    ids=["broken", "hostile", "good"],
)
def test_checking_rules_loads_no_database_no_workbook_and_no_array_library(tmp_path, text, code):
    (tmp_path / "r.yaml").write_text(text, encoding="utf-8")
    found, names = loaded("specs", "check", str(tmp_path))
    assert found == code
    assert heavy(names) == set()
    assert {name for name in names if name.startswith("perf.cli.")} == {
        "perf.cli.app",
        "perf.cli.commands",
        "perf.cli.output",
        "perf.cli.rule_commands",
    }


def test_the_version_is_told_without_any_command():
    _, names = loaded("--version")
    assert {name for name in names if name.startswith("perf.cli.") and name.endswith("_commands")} == set()
    assert heavy(names) | {name for name in names if name in ("pydantic", "yaml", "perf.specs")} == set()


def test_the_help_lists_every_command_and_loads_no_library_of_theirs():
    code, names = loaded("--help")
    assert (code, heavy(names)) == (0, set())


def test_a_unit_value_is_solved_without_the_library_of_linear_programs(tmp_path):
    (tmp_path / "people.csv").write_text("staff_no,quantity\n0001,3\n", encoding="utf-8")
    code, names = loaded("solve", "unit-value", str(tmp_path / "people.csv"), "--budget", "10", "--json")
    assert code == 0
    assert "scipy" not in {name.partition(".")[0] for name in names}


def test_trying_out_money_loads_the_database_and_neither_workbooks_nor_arrays_before_something_is_scored(tmp_path):
    code, names = loaded("simulate", "x", "--periods", "2025-06", "--db", str(tmp_path / "none.db"))
    assert code != 0
    assert "perf.services.simulate" in names
    assert heavy(names) <= {"sqlalchemy", "sqlmodel"}


def test_every_name_is_a_command_of_the_module_that_is_said_to_have_it():
    program = typer.main.get_command(app)
    assert isinstance(program, ProgramCommands)
    rules = program.get_command(None, "specs")
    assert isinstance(rules, RuleCommands)
    for group in (program, rules):
        assert [group.get_command(None, name).name for name in group.list_commands(None)] == list(group.modules)


@pytest.mark.parametrize(("typo", "meant"), [("shw", "show"), ("statment", "statement"), ("spec", "specs")])
def test_a_name_that_is_nearly_right_is_offered(typo, meant):
    done = subprocess.run(
        [sys.executable, "-c", "from perf.cli import main; main()", typo], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert f"'{meant}'" in done.stderr
