"""`score-many`, `scores`: many consortia's months at once, and one subject of them explained."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perf.cli.output import DONE, PARTLY, REFUSED, issues_json, lang, people, print_issues, print_json, say, screen
from perf.cli.session import ByOption, DbOption, JsonOption, ReasonOption, acting, now, opened
from perf.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perf.services.score_many import ManyOutcome

SpecsOption = Annotated[
    Path | None, typer.Option("--specs", help="规则文件夹;默认随程序带来的规则库。", metavar="DIR", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("score-many", epilog="例: perf-pay score-many 宽表 --scheme doctor_monthly --specs rules --jobs 2")(
        score_many
    )
    app.command("scores", epilog="例: perf-pay scores 000123 --scheme doctor_monthly --period 2025-06")(scores)


def score_many(
    folder: Annotated[Path, typer.Argument(help="宽表文件夹:期间/医共体编号.csv。", metavar="DIR")],
    scheme: Annotated[str, typer.Option("--scheme", help="考核方案编码。", metavar="CODE")],
    specs: SpecsOption = None,
    jobs: Annotated[int, typer.Option("--jobs", help="同时工作的进程数。", min=1, max=64)] = 1,
    by: ByOption = None,
    reason: ReasonOption = "",
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """批量核分:许多医共体、许多月份一次算完(逐位等于逐人计算),结果存入数据库;同样的数据和规则不重复存。"""
    from perf.cli.progress import bar
    from perf.services.score_many import Order, find_wide_files
    from perf.services.score_many import score_many as score_files

    files = find_wide_files(folder)
    actor = acting(by)
    store = opened(db, actor)
    console = people() if json else screen()
    with bar(people(), scheme, len(files)) as step:
        found = score_files(
            store, files, Order(specs, scheme, actor, now(), reason), jobs=jobs, progress=lambda _outcome: step()
        )
    issues = [issue for outcome in found for issue in outcome.issues]
    if json:
        print_json({"files": [_outcome_json(outcome) for outcome in found], "issues": issues_json(issues)})
    else:
        print_issues(console, issues)
    say(console, _summary(found))
    if any(outcome.outcome == "refused" for outcome in found):
        return REFUSED
    return PARTLY if any(outcome.without_total for outcome in found) else DONE


def scores(
    subject: Annotated[str, typer.Argument(help="工号或机构编码。", metavar="SUBJECT")],
    scheme: Annotated[str, typer.Option("--scheme", help="考核方案编码。", metavar="CODE")],
    period: Annotated[str, typer.Option("--period", help="期间,如 2025-06。", metavar="P")],
    item: Annotated[str, typer.Option("--item", help="只看这个指标;默认全部。", metavar="INDICATOR")] = "",
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """讲清批量核分中一个人的分:逐人重算一遍,与保存的结果核对,写出每一步。"""
    from perf.cli.file_commands import read_period
    from perf.services.scored_subject import scored_subject

    actor = acting(None)
    store = opened(db, actor)
    found = scored_subject(
        store, scheme=scheme, period=read_period(period), subject=subject, actor=actor, item=item, lang=lang()
    )
    if json:
        print_json(found.explanation.as_json())
        return DONE
    for line in found.explanation.lines:
        screen().print(line, markup=False, soft_wrap=True)
    say(screen(), Text("与保存的结果逐项一致。", "The same as what was stored, item by item."))
    return DONE


def _outcome_json(outcome: "ManyOutcome") -> dict[str, object]:
    return {
        "consortium": outcome.consortium,
        "period": outcome.period,
        "outcome": outcome.outcome,
        "subjects": outcome.subjects,
        "without_total": outcome.without_total,
        "tiers": list(outcome.tiers),
    }


def _summary(found: "Sequence[ManyOutcome]") -> Text:
    count = {kind: sum(one.outcome == kind for one in found) for kind in ("scored", "unchanged", "refused")}
    subjects, lacking = sum(one.subjects for one in found), sum(one.without_total for one in found)
    return Text(
        f"宽表 {len(found)} 份:新核分 {count['scored']},与已存相同 {count['unchanged']},被拒绝 {count['refused']};"
        f"{subjects} 人(单位)次,其中 {lacking} 个没有总分",
        f"{len(found)} wide files: {count['scored']} scored, {count['unchanged']} unchanged, {count['refused']} refused; "
        f"{subjects} subjects, {lacking} of them without a total",
    )
