"""What an import changes, on the screen and as JSON."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from perf.cli.output import issues_json, lang, print_json, print_to_know, print_to_mend, say
from perf.kernel.text import Text

if TYPE_CHECKING:
    from perf.services.import_files import FileOutcome

_COUNTS = {
    "new": Text("新增", "new"),
    "changed": Text("改动", "changed"),
    "gone": Text("不再出现", "gone"),
    "unchanged": Text("未变", "unchanged"),
    "conflicts": Text("两处上报", "two senders"),
    "left_out": Text("未收", "left out"),
    "numbers_new": Text("证件号、卡号等新增", "numbers new"),
    "numbers_changed": Text("证件号、卡号等改动", "numbers changed"),
    "numbers_gone": Text("证件号、卡号等清空", "numbers emptied"),
    "numbers_unchanged": Text("证件号、卡号等未变", "numbers unchanged"),
}
CHANGES_SHOWN_MAX = 20


def show_outcomes(console: Console, outcomes: "Sequence[FileOutcome]", *, as_json: bool, confirm_gone: bool) -> None:
    """What became of every file: on the screen, and with `as_json` as one document on standard output."""
    if as_json:
        from perf.services.import_differences import differences_json

        print_json(
            [
                {
                    "file": o.name,
                    "outcome": o.outcome,
                    "counts": o.counts,
                    **({"token": o.token} if o.token else {}),
                    **differences_json(o.plan),
                    "issues": issues_json(o.issues),
                }
                for o in outcomes
            ]
        )
    for outcome in outcomes:
        _show_outcome(console, outcome, with_issues=not as_json, confirm_gone=confirm_gone)
    if not as_json:
        print_to_know(console, [issue for outcome in outcomes for issue in outcome.issues])


def _show_outcome(console: Console, outcome: "FileOutcome", *, with_issues: bool, confirm_gone: bool) -> None:
    counts = " · ".join(f"{_COUNTS[k].in_lang(lang())} {n}" for k, n in outcome.counts.items() if n and k in _COUNTS)
    if not counts and outcome.outcome == "dry":
        counts = Text("没有要保存的数据", "nothing to store").in_lang(lang())
    words = {
        "dry": Text("试算", "dry run"),
        "accepted": Text("已保存", "accepted"),
        "accepted_clean": Text("已保存无问题的行", "clean rows accepted"),
        "taken_already": Text("以前已导入,未改变什么", "taken already, nothing changed"),
        "refused": Text("被拒绝,什么也没有保存", "refused, nothing was stored"),
    }
    say(
        console,
        Text(
            f"{outcome.name}:{words[outcome.outcome].zh}  {counts}".rstrip(),
            f"{outcome.name}: {words[outcome.outcome].en}  {counts}".rstrip(),
        ),
    )
    for line in outcome.changes[:CHANGES_SHOWN_MAX]:
        say(console, Text("  " + line.zh, "  " + line.in_lang("en")))
    if len(outcome.changes) > CHANGES_SHOWN_MAX:
        rest = len(outcome.changes) - CHANGES_SHOWN_MAX
        say(console, Text(f"  … 另有 {rest} 处改动", f"  … {rest} more"))
    gone = outcome.counts.get("gone", 0) + outcome.counts.get("numbers_gone", 0)
    if gone and outcome.outcome != "refused":
        is_kept = Text(
            f"  不再出现的 {gone} 个仍保留;确认撤回,请加 --confirm-gone",
            f"  the {gone} that are gone are kept; --confirm-gone withdraws them",
        )
        is_done = Text(f"  不再出现的 {gone} 个作撤回", f"  the {gone} that are gone are withdrawn")
        say(console, is_done if confirm_gone else is_kept)
    if outcome.token and outcome.counts and not outcome.has_errors:
        say(
            console,
            Text(
                f"  预览码 {outcome.token}:保存时加 --expect {outcome.token},与这里不同就拒绝",
                f"  preview token {outcome.token}: keep it with --expect {outcome.token}, refused if it is another then",
            ),
        )
    if with_issues:
        print_to_mend(console, outcome.issues)
