"""Documentation that cannot drift: commands, exit codes, curves, settings and codes are written down."""

import re
import subprocess
import sys
from pathlib import Path

import typer.main

from perf.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def all_docs() -> str:
    return "\n".join(p.read_text(encoding="utf-8") for p in sorted(DOCS.rglob("*.md")))


def command_names() -> list[str]:
    group = typer.main.get_command(app)
    names = []
    for name, command in group.commands.items():
        names += [f"{name} {sub}" for sub in command.commands] if hasattr(command, "commands") else [name]
    return names


def test_every_command_is_in_the_command_reference() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert [n for n in command_names() if f"perf-pay {n}" not in text] == []


def test_every_command_has_help_and_an_example() -> None:
    group = typer.main.get_command(app)
    leaves = []
    for command in group.commands.values():
        leaves += list(command.commands.values()) if hasattr(command, "commands") else [command]
    assert [c.name for c in leaves if not c.help or not c.epilog or "perf-pay" not in c.epilog] == []


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
