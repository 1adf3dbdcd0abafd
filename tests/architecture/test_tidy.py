"""The house keeps its own rules; each message names the replacement."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "perf"
PURE = ("kernel", "formulas", "specs", "scoring", "distribution", "appraisal")
MODULE_LINES_MAX = 450
FUNCTION_LINES_MAX = 75


def modules(*packages: str) -> list[Path]:
    folders = [SOURCE / p for p in packages] if packages else [SOURCE]
    return sorted(p for folder in folders for p in folder.rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", modules(*PURE), ids=named)
def test_pure_packages_hold_no_float_and_no_round(path: Path) -> None:
    """A float never decides a score, a threshold or a fen."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append(f"{named(path)}:{node.lineno} float literal: use Fraction")
        if isinstance(node, ast.Name) and node.id in ("float", "round"):
            found.append(f"{named(path)}:{node.lineno} {node.id}: use Fraction and perf.kernel.rounding")
    assert found == []


@pytest.mark.parametrize("path", modules(), ids=named)
def test_modules_and_functions_stay_small(path: Path) -> None:
    """A module has one job, a function fits on a page."""
    text = path.read_text(encoding="utf-8")
    if "migrations/versions" in path.as_posix():
        return
    lines = text.count("\n")
    assert lines <= MODULE_LINES_MAX, f"{named(path)} has {lines} lines: split it by job"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= FUNCTION_LINES_MAX, f"{named(path)}:{node.lineno} {node.name} has {length} lines: split it"


def test_no_module_is_called_utils() -> None:
    """Names that say nothing are refused."""
    banned = {"utils", "helpers", "manager", "common", "base", "misc"}
    assert [named(p) for p in modules() if p.stem in banned] == []


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.split()


def test_no_file_names_a_registry_or_a_machine() -> None:
    """Whoever clones this may be behind a mirror, in another folder."""
    hosts = re.compile(r"pypi\.org|files\.pythonhosted|registry\.npmjs|deb\.debian\.org|/root/|/work/|/home/\w+/")
    found = []
    for name in tracked():
        path = ROOT / name
        if (
            path.suffix in (".ttf", ".png", ".xlsx", ".gz")
            or "/vendor/" in name
            or not path.is_file()
            or path == Path(__file__)
        ):
            continue
        if hosts.search(path.read_text(encoding="utf-8", errors="replace")):
            found.append(name)
    assert found == []


def test_every_requirement_of_the_package_is_pinned_in_the_constraints() -> None:
    """Names and versions only; no hosts."""
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in pins
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name in re.findall(r'^  "([A-Za-z0-9_.-]+)(?:\[\w+\])?>=', project, flags=re.MULTILINE):
        assert re.search(rf"^{re.escape(name.lower())}==", pins, flags=re.MULTILINE), f"{name} is not pinned"
