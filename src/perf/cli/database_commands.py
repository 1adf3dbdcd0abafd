"""`init`, `import`, `issues`, `template`: the database and what comes into it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from perf.cli.output import (
    DONE,
    REFUSED,
    issues_json,
    lang,
    people,
    print_issues,
    print_json,
    print_to_know,
    print_to_mend,
    say,
    screen,
)
from perf.cli.session import ByOption, DbOption, JsonOption, ReasonOption, acting, database_url, now, opened
from perf.kernel.errors import WrongUse
from perf.kernel.periods import Period
from perf.kernel.text import Text

if TYPE_CHECKING:
    from perf.kernel.issues import Issue
    from perf.services.import_files import FileOutcome

SpecsOption = Annotated[
    Path | None, typer.Option("--specs", help="规则文件夹;默认随程序带来的规则库。", metavar="DIR", show_default=False)
]
_COUNTS = {
    "new": Text("新增", "new"),
    "changed": Text("改动", "changed"),
    "gone": Text("不再出现", "gone"),
    "unchanged": Text("未变", "unchanged"),
    "conflicts": Text("两处上报", "two senders"),
    "left_out": Text("未收", "left out"),
}
CHANGES_SHOWN_MAX = 20


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("init", epilog="例: perf-pay init · perf-pay init --db postgresql://perf@localhost/perf")(init)
    app.command(
        "import",
        epilog="例: perf-pay import 花名册.xlsx 2025-06*.xlsx · perf-pay import 2025-06-医务科.xlsx --accept --by 张三",
    )(import_)
    app.command("issues", epilog="例: perf-pay issues · perf-pay issues --run G1:2025-06#1 --json")(issues)
    app.command("template", epilog="例: perf-pay template --period 2025-07 --sender 医务科 -o 医务科.xlsx")(template)


def init(db: DbOption = None, by: ByOption = None, json: JsonOption = False) -> int:
    """建库,或把已有的库升级到最新;重复运行不改变什么。"""
    from perf.services.init_database import init_database

    store = init_database(database_url(db), actor=acting(by), now=now())
    console = people() if json else screen()
    if json:
        print_json({"database": store.address})
    say(console, Text(f"数据库就绪:{store.address}", f"database ready: {store.address}"))
    say(
        console,
        Text(
            "下一步:perf-pay import 花名册.xlsx(只试算;加 --accept 保存)",
            "next: perf-pay import ROSTER.xlsx (dry run; --accept keeps it)",
        ),
    )
    return DONE


def import_(
    files: Annotated[
        list[Path], typer.Argument(help="工作簿:花名册或数据,可多个。", metavar="FILE…", show_default=False)
    ],
    accept: Annotated[bool, typer.Option("--accept", help="保存;有错误时拒绝。")] = False,
    accept_clean: Annotated[bool, typer.Option("--accept-clean", help="只保存没有问题的行。")] = False,
    check: Annotated[bool, typer.Option("--check", help="不用数据库,只检查一个文件(须带 --specs)。")] = False,
    confirm_gone: Annotated[bool, typer.Option("--confirm-gone", help="文件里不再出现的数据作撤回。")] = False,
    sender: Annotated[str, typer.Option("--sender", help="两个科室报了同一个数时,采信哪一个。")] = "",
    period: Annotated[
        str | None, typer.Option("--period", help="文件里没写月份时用。", metavar="P", show_default=False)
    ] = None,
    mapping: Annotated[Path | None, typer.Option("--mapping", help="表头对应关系 YAML。", show_default=False)] = None,
    marked: Annotated[
        Path | None,
        typer.Option(
            "--marked",
            help="把原文件加上颜色、批注和“问题清单”写到这里(多个文件时给文件夹);改好后直接再导入它。",
            metavar="OUT.xlsx",
            show_default=False,
        ),
    ] = None,
    specs: SpecsOption = None,
    subjects: Annotated[
        Path | None, typer.Option("--subjects", help="--check 时核对工号用的对象 CSV。", show_default=False)
    ] = None,
    db: DbOption = None,
    by: ByOption = None,
    reason: ReasonOption = "",
    json: JsonOption = False,
) -> int:
    """读入工作簿;默认只试算:会改变什么、有什么问题。"""
    from perf.cli.file_commands import read_period
    from perf.services.mappings import read_mapping

    known = read_mapping(mapping) if mapping is not None else None
    month = read_period(period) if period is not None else None
    if check:
        return _check(files, specs=specs, subjects=subjects, month=month, mapping=known, marked=marked, as_json=json)
    _require_places(files, marked)
    if accept and accept_clean:
        raise WrongUse(Text("--accept 与 --accept-clean 只能用一个", "use one of --accept and --accept-clean"))
    if len(files) == 1 and files[0].is_file() and _is_refused_at_once(files[0], as_json=json):
        return REFUSED
    from perf.services.import_facts import Mode
    from perf.services.import_files import import_files
    from perf.services.workbooks import WorkbookRequest

    mode: Mode = "accept" if accept else "accept_clean" if accept_clean else "dry"
    request = WorkbookRequest(
        mode=mode, reason=reason, period=month, mapping=known, confirm_gone=confirm_gone, choose_sender=sender
    )
    actor = acting(by)
    store = opened(db, actor)
    console = people() if json else screen()
    with console.status("") as status:
        outcomes = import_files(
            store,
            files,
            specs=specs,
            actor=actor,
            now=now(),
            request=request,
            progress=lambda path: status.update(escape(path.name)),
        )
    if json:
        print_json(
            [
                {"file": o.name, "outcome": o.outcome, "counts": o.counts, "issues": issues_json(o.issues)}
                for o in outcomes
            ]
        )
    for outcome in outcomes:
        _show_outcome(console, outcome, with_issues=not json, confirm_gone=confirm_gone)
    if not json:
        print_to_know(console, [issue for outcome in outcomes for issue in outcome.issues])
    if marked is not None:
        _mark(console, [(outcome.path, outcome.issues) for outcome in outcomes], marked)
    refused = [o for o in outcomes if o.outcome == "refused" or (o.outcome == "dry" and o.has_errors)]
    if not json and mode == "dry" and not refused:
        say(
            console,
            Text("这是试算,什么也没有保存;加 --accept 保存。", "a dry run: nothing was stored; --accept keeps it."),
        )
    return REFUSED if refused else DONE


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
    gone = outcome.counts.get("gone", 0)
    if gone and outcome.outcome != "refused":
        is_kept = Text(
            f"  不再出现的 {gone} 个仍保留;确认撤回,请加 --confirm-gone",
            f"  the {gone} that are gone are kept; --confirm-gone withdraws them",
        )
        is_done = Text(f"  不再出现的 {gone} 个作撤回", f"  the {gone} that are gone are withdrawn")
        say(console, is_done if confirm_gone else is_kept)
    if with_issues:
        print_to_mend(console, outcome.issues)


def _is_refused_at_once(path: Path, *, as_json: bool) -> bool:
    """A single hostile or broken file is turned away before the database library is even loaded."""
    from perf.services.check_workbook import refusal_of

    issues = refusal_of(path)
    if not issues:
        return False
    console = people() if as_json else screen()
    say(console, Text(f"{path.name}:被拒绝,什么也没有保存", f"{path.name}: refused, nothing was stored"))
    if as_json:
        print_json([{"file": path.name, "outcome": "refused", "counts": {}, "issues": issues_json(issues)}])
    else:
        print_issues(console, issues)
    return True


def _require_places(files: list[Path], marked: Path | None) -> None:
    if marked is not None:
        from perf.services.mark_workbooks import marked_path

        for path in files:
            marked_path(path, marked, len(files))


def _mark(console: Console, found: "list[tuple[Path, tuple[Issue, ...]]]", marked: Path) -> None:
    """Write the marked copies, each with a line that says so."""
    from perf.services.mark_workbooks import mark_workbook, marked_path

    for path, issues in found:
        say(console, mark_workbook(path, marked_path(path, marked, len(found)), issues, lang()))


def _check(
    files: list[Path],
    *,
    specs: Path | None,
    subjects: Path | None,
    month: Period | None,
    mapping: dict[str, str] | None,
    marked: Path | None,
    as_json: bool,
) -> int:
    from perf.excel import as_contract_json
    from perf.services.check_workbook import check_workbook

    if len(files) != 1 or specs is None:
        raise WrongUse(Text("--check 检查一个文件,并须带 --specs DIR", "--check takes one file and needs --specs DIR"))
    _require_places(files, marked)
    reading = check_workbook(files[0], specs=specs, subjects=subjects, period=month, mapping=mapping)
    if marked is not None:
        _mark(people(), [(files[0], reading.issues)], marked)
    if as_json:
        print_json(as_contract_json(reading))
    else:
        print_issues(screen(), reading.issues)
        verdict = {"accept": "可以导入", "warn": "可以导入,有提醒", "reject": "不能导入"}[reading.verdict]
        say(
            screen(),
            Text(
                f"{reading.name}:{verdict},数据 {len(reading.rows)} 条",
                f"{reading.name}: {reading.verdict}, {len(reading.rows)} facts",
            ),
        )
    return REFUSED if reading.verdict == "reject" else DONE


def issues(
    run: Annotated[
        str | None,
        typer.Option("--run", help="只看这次核算;默认每个医共体和期间最新的核算与全部导入。", show_default=False),
    ] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="写成问题清单 xlsx。", show_default=False)] = None,
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """列出还要人处理的所有问题,各有位置、发现、应为、建议。"""
    from perf.services.list_issues import list_issues

    actor = acting(None)
    store = opened(db, actor)
    found = list_issues(store, actor=actor, run=run)
    if out is not None:
        from perf.excel.export import issues_workbook
        from perf.services.files import write_atomically

        write_atomically({out: issues_workbook(found)})
        say(people(), Text(f"问题 {len(found)} 条 → {out}", f"{len(found)} issues → {out}"))
    elif json:
        print_json(issues_json(found))
    else:
        print_issues(screen(), found)
        if not found:
            say(screen(), Text("没有问题。", "no issues."))
    return DONE


def template(
    period: Annotated[str, typer.Option("--period", help="要上报的期间。", metavar="P")],
    out: Annotated[Path, typer.Option("-o", "--out", help="写到哪里。")],
    sender: Annotated[str, typer.Option("--sender", help="填报科室;默认所有科室。")] = "",
    institution: Annotated[str, typer.Option("--institution", help="只要这家机构;默认全部。")] = "",
    specs: SpecsOption = None,
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """按启用的规则要用的数据项和花名册生成填报模板。"""
    from perf.cli.file_commands import read_period
    from perf.services.templates import write_template

    actor = acting(None)
    store = opened(db, actor)
    count = write_template(
        store, actor=actor, specs=specs, period=read_period(period), sender=sender, institution=institution, out=out
    )
    console = people() if json else screen()
    say(console, Text(f"模板含 {count} 个数据项 → {out}", f"template with {count} measures → {out}"))
    if json:
        print_json({"measures": count, "out": str(out)})
    return DONE
