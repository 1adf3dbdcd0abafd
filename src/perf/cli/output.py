"""What the terminal shows: issues, tables, refusals. Chinese first; `--lang en` for English."""

import json
import os
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from perf.kernel.errors import PerfError
from perf.kernel.issues import Issue, by_place
from perf.kernel.text import Lang, Text

DONE, PARTLY, WRONG_USE, REFUSED, STATE, VERIFICATION, OUR_FAULT = 0, 1, 2, 3, 4, 5, 70
_SEVERITY = {
    "error": Text("错误", "error"),
    "warning": Text("警告", "warning"),
    "info": Text("提示", "info"),
}
_COLOUR = {"error": "red", "warning": "yellow", "info": "cyan"}
ISSUES_SHOWN_MAX = 200


def lang() -> Lang:
    """The language people read: `PERF_LANG=en`, else Chinese."""
    return "en" if os.environ.get("PERF_LANG", "zh").lower().startswith("en") else "zh"


def people() -> Console:
    """Where people's text goes while standard output belongs to a program: standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def screen() -> Console:
    """Standard output for people."""
    return Console(highlight=False)


def say(console: Console, text: Text) -> None:
    """One line in the reader's language."""
    console.print(text.in_lang(lang()), markup=False, soft_wrap=True)


def print_issues(console: Console, issues: Iterable[Issue], *, at_most: int = ISSUES_SHOWN_MAX) -> None:
    """Every issue in the one form, worst first within a place, then a count."""
    found = by_place(issues)
    language = lang()
    for issue in found[:at_most]:
        console.print(f"[{_COLOUR[issue.severity]}]{_SEVERITY[issue.severity].in_lang(language)}[/] ", end="")
        console.print(issue.render(language), markup=False, soft_wrap=True)
    if len(found) > at_most:
        rest = len(found) - at_most
        say(console, Text(f"… 另有 {rest} 条,用 --json 查看全部", f"… {rest} more, see all with --json"))
    if found:
        counts = {s: sum(1 for i in found if i.severity == s) for s in ("error", "warning", "info")}
        parts = [f"{_SEVERITY[s].in_lang(language)} {n}" for s, n in counts.items() if n]
        console.print(" · ".join(parts))


def print_json(value: object) -> None:
    """One JSON document on standard output, UTF-8, readable Chinese."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def issues_json(issues: Iterable[Issue]) -> list[dict[str, object]]:
    """The contract's JSON array of issues."""
    return [issue.as_json() for issue in by_place(issues)]


def refuse(error: PerfError, *, as_json: bool) -> int:
    """Show a refusal with its issues; its exit code."""
    console = people()
    say(console, error.message)
    if as_json:
        print_json(issues_json(error.issues) or [{"code": error.code, "severity": "error", "found": error.message.zh}])
    else:
        print_issues(console, error.issues)
    return error.exit_code


def table(title: str, columns: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str]]) -> Table:
    """A table; a column is (heading, whether it holds numbers)."""
    made = Table(title=title, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
    for heading, is_number in columns:
        made.add_column(heading, justify="right" if is_number else "left", overflow="fold", no_wrap=is_number)
    for row in rows:
        made.add_row(*(_plain(cell) for cell in row))
    return made


def _plain(cell: str) -> str:
    return cell.replace("[", "\\[")
