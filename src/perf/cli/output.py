"""What the terminal shows: issues, tables, refusals. Chinese first; `--lang en` for English."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING

from rich.console import Console

from perf.kernel.errors import PerfError
from perf.kernel.issues import Issue, by_place
from perf.kernel.text import Lang, Text

if TYPE_CHECKING:
    from rich.console import ConsoleOptions, RenderResult
    from rich.table import Table

DONE, PARTLY, WRONG_USE, REFUSED, STATE, VERIFICATION, OUR_FAULT = 0, 1, 2, 3, 4, 5, 70
_SEVERITY = {
    "error": Text("错误", "error"),
    "warning": Text("警告", "warning"),
    "info": Text("提示", "info"),
}
_COLOUR = {"error": "red", "warning": "yellow", "info": "cyan"}
ISSUES_SHOWN_MAX = 200
_ASKED: ContextVar[Lang | None] = ContextVar("asked", default=None)
SUBJECTS_NAMED_MAX = 12
_UNBOUNDED = 10_000
"""A width at which no table needs to be folded."""


def lang() -> Lang:
    """The language people read: `--lang`, else `PERF_LANG=en`, else Chinese."""
    asked = _ASKED.get()
    if asked is not None:
        return asked
    return "en" if os.environ.get("PERF_LANG", "zh").lower().startswith("en") else "zh"


def ask_for(lang: Lang | None) -> None:
    """Speak `lang` from here on; None: what the surroundings say."""
    _ASKED.set(lang)


def people() -> Console:
    """Where people's text goes while standard output belongs to a program: standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)


def screen() -> Console:
    """Standard output for people."""
    return Console(highlight=False, emoji=False)  # `a.yaml:100:4` is a place, not a picture


def say(console: Console, text: Text) -> None:
    """One line in the reader's language."""
    console.print(text.in_lang(lang()), markup=False, soft_wrap=True)


def print_issues(
    console: Console, issues: Iterable[Issue], *, at_most: int = ISSUES_SHOWN_MAX, alike: int = ISSUES_SHOWN_MAX
) -> None:
    """Errors, then warnings, each in the one form and in order of place; what is only to be known by kind; a count.

    Args:
        at_most: How many are shown in full.
        alike: How many of one code are shown in full; the others of it are counted in a line.
    """
    found = list(issues)
    print_to_mend(console, found, at_most=at_most, alike=alike)
    print_to_know(console, found)


def print_to_mend(
    console: Console, issues: Iterable[Issue], *, at_most: int = ISSUES_SHOWN_MAX, alike: int = ISSUES_SHOWN_MAX
) -> None:
    """Errors, then warnings, each in the one form and in order of place."""
    found = by_place(issues)
    room = at_most
    for severity in ("error", "warning"):
        for same in _by_code(found, severity):
            shown = same[: min(alike, room)]
            room -= len(shown)
            for issue in shown:
                _print_head(console, severity)
                console.print(issue.render(lang()), markup=False, soft_wrap=True)
            _print_rest(console, same[len(shown) :], severity)


def print_to_know(console: Console, issues: Iterable[Issue]) -> None:
    """What is only to be known, a line for each code, and how many there are of each severity."""
    found = by_place(issues)
    for same in _by_code(found, "info"):
        _print_kind(console, same)
    if found:
        counts = {s: sum(1 for i in found if i.severity == s) for s in _SEVERITY}
        console.print(" · ".join(f"{_SEVERITY[s].in_lang(lang())} {n}" for s, n in counts.items() if n))


def _by_code(issues: Sequence[Issue], severity: str) -> list[list[Issue]]:
    """Those of a severity, one list for each code, in order of the first place of each."""
    kinds: dict[str, list[Issue]] = {}
    for issue in issues:
        if issue.severity == severity:
            kinds.setdefault(issue.code, []).append(issue)
    return list(kinds.values())


def _print_head(console: Console, severity: str) -> None:
    console.print(f"[{_COLOUR[severity]}]{_SEVERITY[severity].in_lang(lang())}[/] ", end="")


def _print_rest(console: Console, rest: Sequence[Issue], severity: str) -> None:
    if not rest:
        return
    subjects = list(dict.fromkeys(issue.subject for issue in rest if issue.subject))
    named = "、".join(subjects[:SUBJECTS_NAMED_MAX]) + (" …" if len(subjects) > SUBJECTS_NAMED_MAX else "")
    _print_head(console, severity)
    say(
        console,
        Text(
            f"… 另有 {len(rest)} 条同类 [{rest[0].code}]" + (f":{named}" if named else ""),
            f"… {len(rest)} more of [{rest[0].code}]" + (f": {named}" if named else ""),
        ),
    )


def _print_kind(console: Console, same: Sequence[Issue]) -> None:
    """What is only to be known: one line for all of a code, with the first of them."""
    first = same[0]
    where = f"{first.place}  {first.subject}".strip()
    rest = len(same) - 1
    tail = Text(f"(同类另有 {rest} 条)", f" ({rest} more of this kind)") if rest else Text("")
    after = Text(f";{first.hint.zh}", f"; {first.hint.in_lang('en')}") if first.hint.zh else Text("")
    _print_head(console, "info")
    say(
        console,
        Text(
            f"{where} [{first.code}]:{first.found.zh}{after.zh}{tail.zh}",
            f"{where} [{first.code}]: {first.found.in_lang('en')}{after.in_lang('en')}{tail.in_lang('en')}",
        ),
    )


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


def table(title: str, columns: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str]]) -> "Table":
    """A table; a column is (heading, whether it holds numbers). Where it is too narrow, numbers are folded, never cut."""
    from rich.measure import Measurement
    from rich.table import Table

    class Fitted(Table):
        def __rich_console__(self, console: Console, options: "ConsoleOptions") -> "RenderResult":
            if Measurement.get(console, options.update(max_width=_UNBOUNDED), self).minimum > options.max_width:
                for column in self.columns:
                    column.no_wrap = False
            return super().__rich_console__(console, options)

    made = Fitted(title=title, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
    for heading, is_number in columns:
        made.add_column(heading, justify="right" if is_number else "left", overflow="fold", no_wrap=is_number)
    for row in rows:
        made.add_row(*(_plain(cell) for cell in row))
    return made


def _plain(cell: str) -> str:
    return cell.replace("[", "\\[")
