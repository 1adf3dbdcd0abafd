"""Write docs/commands.md, docs/errors.md and docs/library.md from what the program itself says; `--check` fails where they are behind."""

import sys
from collections.abc import Iterator
from pathlib import Path

import typer.main
from library_page import library_md

from perf.cli.app import app
from perf.cli.commands import Commands

ROOT = Path(__file__).resolve().parents[1]
GALLERY = ROOT / "tests" / "errors"


def commands_md() -> str:
    """Every command with its help, options and examples."""
    lines = [
        "# 命令 · Commands",
        "",
        "由 `scripts/write_docs.py` 生成,勿手改。",
        "数据库:`--db` > `PERF_DATABASE_URL` > `./perf.db`。语言:`perf-pay --lang en …`(写在子命令之前)或 `PERF_LANG=en` 为英文。出错位置:`PERF_DEBUG=1`。",
        "退出码:`0` 完成 · `1` 完成,但有对象未计分或未发放 · `2` 用法错误 · `3` 输入被拒绝,什么也没写 ·",
        "`4` 状态或权限不允许 · `5` 校验失败 · `70` 程序自身错误。",
        "",
    ]
    for name, command in leaves(typer.main.get_command(app)):
        lines += _command(name, command)
    return "\n".join(lines)


def leaves(group: Commands, before: str = "") -> Iterator[tuple[str, object]]:
    """Every command that can be run, with its whole name."""
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        whole = f"{before} {name}".lstrip()
        if isinstance(command, Commands):
            yield from leaves(command, whole)
        else:
            yield whole, command


def _command(name: str, command: object) -> list[str]:
    lines = [f"## `perf-pay {name}`", "", (command.help or "").strip(), ""]
    rows = []
    for parameter in command.params:
        words = (
            ", ".join(f"`{one}`" for one in parameter.opts)
            if parameter.param_type_name == "option"
            else f"`{parameter.metavar or parameter.name}`"
        )
        if parameter.name == "help":
            continue
        needed = "必填" if parameter.required else ""
        rows.append(f"| {words} | {needed} | {getattr(parameter, 'help', '') or ''} |")
    if rows:
        lines += ["| | | |", "| --- | --- | --- |", *rows, ""]
    for example in (command.epilog or "").removeprefix("例:").split(" · "):
        if example.strip():
            lines += ["```sh", example.strip(), "```", ""]
    return lines


def errors_md() -> str:
    """Every issue code with its text, from the gallery."""
    lines = [
        "# 问题编码 · Issue codes",
        "",
        "由 `scripts/write_docs.py` 从 `tests/errors/` 生成,勿手改;每个编码都有能引出它的最小输入。",
        "",
    ]
    for expected in sorted(GALLERY.rglob("expected.txt"), key=lambda p: p.parent.name):
        lines += [f"## `{expected.parent.name}`", "", "```", expected.read_text(encoding="utf-8").strip(), "```", ""]
    return "\n".join(lines)


def main() -> None:
    """Write them, or compare."""
    for name, text in (("commands.md", commands_md()), ("errors.md", errors_md()), ("library.md", library_md())):
        path = ROOT / "docs" / name
        if "--check" in sys.argv and (not path.exists() or path.read_text(encoding="utf-8") != text):
            raise SystemExit(f"docs/{name} is behind: run scripts/write_docs.py")
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
