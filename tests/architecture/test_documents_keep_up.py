"""Documentation that cannot drift: commands, exit codes, curves, settings and codes are written down."""

import re
import subprocess
import sys
from pathlib import Path

import typer.main

from perf.cli.app import app
from perf.cli.commands import Commands

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def all_docs() -> str:
    return "\n".join(p.read_text(encoding="utf-8") for p in sorted(DOCS.rglob("*.md")))


def commands(group: Commands, before: str = "") -> dict[str, object]:
    """Whole name -> command, of all that can be run."""
    found: dict[str, object] = {}
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        whole = f"{before} {name}".lstrip()
        found |= commands(command, whole) if isinstance(command, Commands) else {whole: command}
    return found


def test_every_command_is_in_the_command_reference() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert [n for n in commands(typer.main.get_command(app)) if f"perf-pay {n}" not in text] == []


def test_every_command_has_help_and_an_example() -> None:
    leaves = commands(typer.main.get_command(app)).items()
    assert [name for name, c in leaves if not c.help or not c.epilog or f"perf-pay {name}" not in c.epilog] == []


def test_every_setting_is_documented() -> None:
    used = set()
    for path in (ROOT / "src").rglob("*.py"):
        used |= set(re.findall(r"\bPERF_[A-Z_]+\b", path.read_text(encoding="utf-8")))
    text = all_docs()
    assert sorted(name for name in used if name not in text) == []


def test_every_curve_policy_and_step_is_in_the_rule_reference() -> None:
    text = (DOCS / "rules.md").read_text(encoding="utf-8")
    words = "linear steps range attainment deduct award rating entered block not_applicable zero full peer_median carry_forward"
    words += " take pay gate apportion split hold remainder zero_total grade_at_most forfeit_pay"
    assert [w for w in words.split() if not re.search(rf"\b{w}\b", text)] == []


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for path in [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)} → {target}")
    assert broken == []


def test_generated_documents_are_what_the_program_says() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/write_docs.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
