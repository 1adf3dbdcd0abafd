"""The terminal for tests: one command line in, exit code and both streams out."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from perf.cli.app import run


class Said(NamedTuple):
    """What a command answered."""

    exit: int
    out: str
    err: str

    @property
    def json(self):
        """Standard output as the one JSON document it has to be."""
        return json.loads(self.out)

    def codes(self) -> list[str]:
        """Codes of the issues of `--json`."""
        return [issue["code"] for issue in self.json]


class Terminal:
    """Runs commands in a folder; nothing of the surrounding environment speaks in."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        monkeypatch.chdir(folder)
        for name in ("PERF_DATABASE_URL", "PERF_LANG", "PERF_DEBUG"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("COLUMNS", "200")

    def __call__(self, *arguments: object, **environment: str) -> Said:
        with self._monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            self._capsys.readouterr()
            code = run([str(argument) for argument in arguments])
        captured = self._capsys.readouterr()
        return Said(code, captured.out, captured.err)

    def write(self, files: Mapping[str, str]) -> None:
        """Write files below the folder."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        """The text of a file below the folder."""
        return (self.folder / name).read_text(encoding="utf-8")

    def exists(self, name: str) -> bool:
        """Whether a file is there."""
        return (self.folder / name).exists()
