"""Every example of docs/contracts.md, run word for word."""

import re
import shlex
from pathlib import Path

import pytest

from perf.cli.app import run

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "contracts.md"
BLOCK = re.compile(r"(?:`([\w./]+)`\n\n)?```(\w+)\n(.*?)```", re.DOTALL)


def blocks() -> list[tuple[str, str, str]]:
    return [(name, kind, text) for name, kind, text in BLOCK.findall(DOCUMENT.read_text(encoding="utf-8"))]


def test_the_files_and_commands_of_the_example_give_what_the_document_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are written as named, commands run in order, and the CSV after each command is its output."""
    monkeypatch.chdir(tmp_path)
    written = ""
    exits = []
    for name, kind, text in blocks():
        if name:
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif kind == "sh":
            arguments = shlex.split(text)
            assert arguments[0] == "perf-pay"
            exits.append(run(arguments[1:]))
            written = arguments[arguments.index("--out") + 1]
        elif kind == "csv":
            assert (tmp_path / written).read_text(encoding="utf-8") == text
    assert exits == [1, 1]


def test_the_python_example_runs() -> None:
    """The public functions are called as the document calls them."""
    sources = [text for _, kind, text in blocks() if kind == "python"]
    assert len(sources) == 1
    exec(compile(sources[0], "docs/contracts.md", "exec"), {})  # noqa: S102 - the document's own example
