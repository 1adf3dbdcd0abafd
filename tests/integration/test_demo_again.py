"""A demonstration that is there already is gone on with; one that was broken off is not taken for a whole one."""

import json
from pathlib import Path

import pytest

from perf.cli.app import run
from perf.services import demo as module
from perf.services.demo import MARK, NAME, demo_made_before, is_half_made

SAID = {
    "out": "elsewhere",
    "files": 529,
    "runs": ["G1:2025-06#1"],
    "statements": 1970,
    "issues": 8,
    "verified": True,
    "seconds": {"months": 60.5},
    "made_at": "2025-07-03 09:00",
}


def finished(out: Path, *, said: str | None = None) -> Path:
    """A folder as a finished demonstration leaves it, as far as it is looked at."""
    out.mkdir()
    (out / "perf.db").write_bytes(b"what somebody entered since")
    (out / "issues.xlsx").write_bytes(b"")
    (out / MARK).write_text(f"{NAME}\n{json.dumps(SAID) if said is None else said}\n", encoding="utf-8")
    return out


@pytest.fixture
def made_anew(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders in which a demonstration was begun to be made; making one would take minutes."""
    begun: list[Path] = []

    def stop(out: Path) -> None:
        begun.append(out)
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_make_room", stop)
    return begun


def test_a_finished_one_is_left_as_it_is_and_told_of(tmp_path: Path, capsys, made_anew: list[Path]) -> None:
    out = finished(tmp_path / "demo")
    assert run(["demo", "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "2025-07-03 09:00(UTC)做好,没有重做;要重做,加 --again" in told
    assert "绩效通知单 1970 份" in told
    assert "perf-pay serve --demo" in told
    assert run(["demo", "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {**SAID, "out": str(out)}
    assert (out / "perf.db").read_bytes() == b"what somebody entered since"
    assert made_anew == []


def test_it_is_made_anew_where_that_is_asked_for(tmp_path: Path, made_anew: list[Path]) -> None:
    out = finished(tmp_path / "demo")
    assert run(["demo", "--out", str(out), "--again"]) == 130
    assert made_anew == [out]


@pytest.mark.parametrize("missing", ["perf.db", "issues.xlsx"])
def test_a_half_made_one_is_said_to_be_and_made_anew(
    tmp_path: Path, capsys, made_anew: list[Path], missing: str
) -> None:
    out = finished(tmp_path / "demo")
    (out / missing).unlink()
    assert is_half_made(out)
    assert demo_made_before(out) is None
    assert run(["demo", "--out", str(out)]) == 130
    assert "上次没有做完,从头再做" in capsys.readouterr().out
    assert made_anew == [out]


@pytest.mark.parametrize("said", ["", "[]", "{}", "no json"])
def test_one_that_does_not_say_how_it_ended_is_made_anew(tmp_path: Path, made_anew: list[Path], said: str) -> None:
    out = finished(tmp_path / "demo", said=said)
    assert run(["demo", "--out", str(out)]) == 130
    assert made_anew == [out]


def test_a_folder_of_something_else_is_refused(tmp_path: Path, capsys) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    (out / "thesis.docx").write_bytes(b"")
    assert run(["demo", "--out", str(out)]) == 4
    assert "里有别的东西,不会覆盖" in capsys.readouterr().err
    assert [one.name for one in out.iterdir()] == ["thesis.docx"]
