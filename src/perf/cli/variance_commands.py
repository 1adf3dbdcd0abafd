"""`variance`: before approval, who moved most and why."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from perf.cli.month_commands import RunArgument
from perf.cli.output import DONE, lang, people, print_json, say, screen, table
from perf.cli.session import DbOption, JsonOption, acting, opened
from perf.kernel.errors import WrongUse
from perf.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from perf.appraisal.variance_view import Limits, PersonMove
    from perf.kernel.money import Money
    from perf.services.variance import Comparison

CAUSES_SHOWN_MAX = 4
_LISTS = {
    "moved": Text("变动最大", "moved most"),
    "newcomers": Text("新增", "newcomers"),
    "leavers": Text("减少", "leavers"),
    "unpaid": Text("没有应发", "without pay"),
    "capped": Text("封顶或超限", "capped or above the limit"),
}
_GROUPS = {"institution": Text("单位", "institution"), "category": Text("类别", "category"), "all": Text("合计", "all")}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "variance",
        epilog="例: perf-pay variance 2025-06 · perf-pay variance G1:2025-06#2 --share 30% --yuan 500 --cap 20000 -o 变动.csv",
    )(variance)


def variance(
    run: RunArgument = "",
    share: Annotated[str, typer.Option("--share", help="比上期变动不少于这个比例才列出。", metavar="P%")] = "20%",
    yuan: Annotated[str, typer.Option("--yuan", help="并且变动不少于这么多元。", metavar="YUAN")] = "100",
    cap: Annotated[str, typer.Option("--cap", help="应发超过这么多元的也列出。", metavar="YUAN")] = "",
    top: Annotated[int, typer.Option("--top", help="每张名单在屏幕上至多列多少人。", min=1)] = 20,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="全部名单写到这个 CSV。", metavar="X.csv", show_default=False)
    ] = None,
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """批准之前看变动:与上月、上年同月比,谁变动最大、为什么;新增、减少、没有应发、封顶的人。"""
    from perf.appraisal.variance_view import Limits
    from perf.services.choose_runs import choose_runs
    from perf.services.files import write_atomically
    from perf.services.variance import as_csv, as_json, compare_run

    limits = Limits(_share(share), _money(yuan, "--yuan"), _money(cap, "--cap") if cap else None)
    actor = acting(None)
    store = opened(db, actor)
    every: list[Comparison] = []
    console = people() if json else screen()
    for one in choose_runs(store, run, actor=actor):
        found = compare_run(store, run=one.id, actor=actor, limits=limits)
        every.extend(found)
        for comparison in () if json else found:
            _show(console, one.id, comparison, limits, top)
    if json:
        print_json(as_json(every, lang()))
    if out is not None:
        write_atomically({out: as_csv(every, lang())})
        say(console, Text(f"→ {out}"))
    return DONE


def _share(text: str) -> "Fraction":
    from perf.kernel.figures import parse_number

    try:
        found = parse_number(text.strip().removesuffix("%")) / 100
    except ValueError:
        found = None
    if found is None or not text.strip().endswith("%") or found < 0:
        raise WrongUse(Text(f"--share “{text}”;应为 20% 这样的比例", f"--share “{text}”: a share such as 20%"))
    return found


def _money(text: str, option: str) -> "Money":
    from perf.kernel.money import parse_yuan

    try:
        return parse_yuan(text.strip())
    except ValueError as error:
        told = Text(
            f"{option} “{text}”;应为 500 或 500.00 这样的金额(元)", f"{option} “{text}”: yuan such as 500 or 500.00"
        )
        raise WrongUse(told) from error


def _show(console: Console, run: str, comparison: "Comparison", limits: "Limits", top: int) -> None:
    from perf.services.variance import lists_of

    title = Text(
        f"{run} 与{comparison.title.zh} {comparison.period}",
        f"{run} against {comparison.title.en}, {comparison.period}",
    )
    found = comparison.variance
    if found is None:
        say(console, Text(f"{title.zh}:没有已发布的核算,无从比较", f"{title.en}: no published run to compare with"))
        return
    language = lang()
    columns = [
        (Text("按", "by").in_lang(language), False),
        (Text("名称", "name").in_lang(language), False),
        (Text("人数", "people").in_lang(language), True),
        (found.against, True),
        (run, True),
        (Text("差额", "difference").in_lang(language), True),
    ]
    groups = [
        (
            _GROUPS[group.by].in_lang(language),
            group.name,
            f"{group.old_people} → {group.new_people}",
            str(group.old),
            str(group.new),
            str(group.difference),
        )
        for group in found.groups
    ]
    console.print(table(title.in_lang(language), columns, groups))
    for name, rows in lists_of(found):
        _show_people(console, _LISTS[name], rows, top)
    if not found.moved:
        what = f"{limits.amount}"
        say(
            console, Text(f"没有人变动超过 {what} 元和所定比例", f"nobody moved by {what} yuan and the share asked for")
        )


def _show_people(console: Console, title: Text, rows: "Sequence[PersonMove]", top: int) -> None:
    if not rows:
        return
    say(console, Text(f"{title.zh} {len(rows)} 人", f"{title.en}: {len(rows)}"))
    language = lang()
    for row in rows[:top]:
        old = "—" if row.old is None else str(row.old)
        new = "—" if row.new is None else str(row.new)
        percent = "" if row.share is None else f" ({_percent(row.share)})"
        line = f"  {row.staff_no} {row.name} {row.institution} {old} → {new}  {row.difference}{percent}"
        console.print(line, markup=False, soft_wrap=True)
        for cause in row.causes[:CAUSES_SHOWN_MAX]:
            amount = "" if cause.amount is None else f"  {cause.amount}"
            console.print(f"      {cause.text.in_lang(language)}{amount}", markup=False, soft_wrap=True)
    if (rest := len(rows) - top) > 0:
        say(console, Text(f"  … 另有 {rest} 人,用 -o 写出全部", f"  … {rest} more, -o writes them all"))


def _percent(share: "Fraction") -> str:
    from perf.kernel.figures import fixed

    return f"{fixed(share * 100, 1)}%"
