"""What the terminal shows, and how every end of a command becomes an exit code."""

import io
import json

import pytest
import typer
from rich.console import Console

from perf.cli import app as commands
from perf.cli.output import ISSUES_SHOWN_MAX, issues_json, lang, people, print_issues, refuse, say, screen, table
from perf.cli.session import database_url
from perf.kernel.errors import InputRefused, NotConserved, NotFound, StateRefused, WrongUse
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text


def issue(line: int, severity: str = "error") -> Issue:
    return Issue("some-code", Place("a.csv", line=line), Text("[red]甲", "x"), Text("乙", "y"), severity=severity)  # type: ignore[arg-type]


def shown(issues, **more) -> str:
    out = io.StringIO()
    print_issues(Console(file=out, width=60, highlight=False), issues, **more)
    return out.getvalue()


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, "zh"), ("", "zh"), ("zh_CN.UTF-8", "zh"), ("en", "en"), ("EN_us", "en"), ("fr", "zh")],
)
def test_the_language_is_chinese_unless_english_is_asked_for(monkeypatch, value, expected):
    monkeypatch.delenv("PERF_LANG", raising=False)
    if value is not None:
        monkeypatch.setenv("PERF_LANG", value)
    assert lang() == expected


@pytest.mark.parametrize(("arguments", "said"), [(["--lang", "en"], "no rule nowhere"), ([], "没有规则 nowhere")])
def test_the_option_chooses_the_language_of_one_command(monkeypatch, capsys, arguments, said):
    monkeypatch.setenv("PERF_LANG", "zh")
    assert commands.run([*arguments, "specs", "explain", "nowhere"]) == NotFound.exit_code
    assert said in capsys.readouterr().err
    monkeypatch.setenv("PERF_LANG", "en")
    commands.run(["--lang", "zh", "specs", "explain", "nowhere"])
    assert "没有规则 nowhere" in capsys.readouterr().err
    commands.run(["specs", "explain", "nowhere"])
    assert "no rule nowhere" in capsys.readouterr().err


def test_markup_in_what_people_wrote_is_shown_as_it_stands(monkeypatch):
    monkeypatch.delenv("PERF_LANG", raising=False)
    assert "发现:[red]甲" in shown([issue(2)])


@pytest.mark.parametrize("console", [people, screen])
def test_a_place_or_a_run_between_colons_is_no_picture(capsys, console):
    say(console(), Text("a.yaml:100:4 与 :A:2025-06#2"))
    assert "a.yaml:100:4 与 :A:2025-06#2" in "".join(capsys.readouterr())


def test_errors_stand_before_warnings_each_in_order_of_place_with_a_count_of_each_severity(monkeypatch):
    monkeypatch.delenv("PERF_LANG", raising=False)
    text = shown([issue(1, "info"), issue(10), issue(2), issue(3, "warning")])
    assert text.index("a.csv:2") < text.index("a.csv:10") < text.index("a.csv:3") < text.index("a.csv:1 [")
    assert text.endswith("错误 2 · 警告 1 · 提示 1\n")
    assert shown([]) == ""


def test_what_is_only_to_be_known_does_not_drown_what_is_to_be_mended(monkeypatch):
    monkeypatch.delenv("PERF_LANG", raising=False)
    text = shown([*(issue(n, "info") for n in range(1, 944)), *(issue(n) for n in (950, 951, 952))])
    assert text.count("错误 a.csv") == 3
    assert "提示 a.csv:1 [some-code]:[red]甲(同类另有 942 条)" in text
    assert len(text.splitlines()) == 3 * 3 + 2


def test_many_of_a_kind_are_counted_with_whom_they_concern(monkeypatch):
    monkeypatch.delenv("PERF_LANG", raising=False)
    many = [Issue("k", Place("a", line=n), Text("甲"), Text("乙"), subject=f"LJ{n:02}") for n in range(1, 20)]
    text = shown(many, alike=2)
    assert "错误 … 另有 17 条同类 [k]:LJ03、LJ04" in text
    assert "LJ14 …" in text
    monkeypatch.setenv("PERF_LANG", "en")
    assert "error … 17 more of [k]: LJ03" in shown(many, alike=2)


def test_a_flood_of_issues_is_cut_with_the_number_of_those_left(monkeypatch):
    monkeypatch.delenv("PERF_LANG", raising=False)
    text = shown([issue(n) for n in range(ISSUES_SHOWN_MAX + 7)])
    assert text.count("错误 a.csv") == ISSUES_SHOWN_MAX
    assert "另有 7 条" in text


def test_every_issue_is_in_the_json_none_is_cut(capsys):
    assert len(issues_json([issue(n) for n in range(999)])) == 999


@pytest.mark.parametrize("width", [80, 40, 24])
def test_no_digit_of_a_number_is_lost_in_a_narrow_table(width):
    numbers = [f"≈3{n},769,446.4{n}" for n in range(5)]
    out = io.StringIO()
    columns = [("月", True), *((f"列{n}", True) for n in range(5))]
    Console(file=out, width=width).print(table("x", columns, [("12", *numbers)]))
    lines = [line for line in out.getvalue().splitlines() if "│" in line]
    cells = zip(*(line.split("│") for line in lines), strict=True)
    assert ["".join(part.strip() for part in cell) for cell in cells] == ["12", *numbers]


def test_a_cell_of_a_table_is_never_markup():
    out = io.StringIO()
    Console(file=out, width=80).print(table("[x]", [("名", False)], [("[bold]甲",)]))
    assert "[bold]甲" in out.getvalue()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WrongUse(Text("用法")), 2),
        (InputRefused(Text("输入"), [issue(1)]), 3),
        (StateRefused(Text("状态")), 4),
        (NotFound(Text("没有")), 4),
    ],
)
def test_every_refusal_has_its_exit_code_and_json(capsys, error, code):
    assert refuse(error, as_json=True) == code
    captured = capsys.readouterr()
    found = json.loads(captured.out)
    assert found[0]["severity"] == "error"
    assert error.message.zh in captured.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotConserved("ledger", expected_fen=123456, found_fen=1), 70),
        (AssertionError("12345.67"), 70),
        (ValueError("12345.67"), 70),
        (KeyboardInterrupt(), 130),
        (typer.Exit(5), 5),
        (typer.Abort(), 1),
    ],
)
def test_a_fault_of_ours_tells_no_figure_and_no_traceback(monkeypatch, capsys, error, code):
    monkeypatch.delenv("PERF_DEBUG", raising=False)

    def failing(*_arguments: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(commands, "app", failing)
    assert commands.run(["show"]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "1234" not in captured.err
    assert "Traceback" not in captured.err


@pytest.mark.parametrize("address", ["mysql://root:secret@h/db", "http://x", "oracle+x://y"])
def test_another_kind_of_database_is_wrong_use_and_its_address_is_not_repeated(monkeypatch, address):
    with pytest.raises(WrongUse) as caught:
        database_url(address)
    assert "secret" not in str(caught.value)


def test_the_option_goes_before_the_environment_before_the_file(monkeypatch):
    monkeypatch.setenv("PERF_DATABASE_URL", "sqlite:///b.db")
    assert (database_url("a.db"), database_url(None)) == ("a.db", "sqlite:///b.db")
    monkeypatch.delenv("PERF_DATABASE_URL")
    assert database_url(None) == "perf.db"


def test_every_command_has_help_with_an_example(capsys):
    for command in [
        "score",
        "distribute",
        "init",
        "import",
        "issues",
        "template",
        "run",
        "show",
        "explain",
        "publish",
        "verify",
        "statement",
        "statements",
        "export",
        "serve",
        "demo",
    ]:
        assert commands.run([command, "--help"]) == 0
        text = capsys.readouterr().out
        assert "perf-pay" in text
        assert "例" in text, command
