"""`import`: workbooks into the database, tried first, then kept whole, in part or not at all."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from perf.cli.database_commands import SpecsOption
from perf.cli.import_screen import show_outcomes
from perf.cli.output import (
    DONE,
    REFUSED,
    issues_json,
    lang,
    people,
    print_issues,
    print_json,
    say,
    screen,
)
from perf.cli.session import ByOption, DbOption, JsonOption, ReasonOption, acting, now, opened
from perf.kernel.errors import WrongUse
from perf.kernel.periods import Period
from perf.kernel.text import Text

if TYPE_CHECKING:
    from perf.excel.cells import Workbook
    from perf.kernel.issues import Issue
    from perf.services.import_files import FileOutcome
    from perf.services.workbooks import WorkbookRequest

MarkedOption = Annotated[
    Path | None,
    typer.Option(
        "--marked",
        help="把原文件加上颜色、批注和“问题清单”写到这里(多个文件时给文件夹);改好后直接再导入它。",
        metavar="OUT.xlsx",
        show_default=False,
    ),
]

MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        help="一个表头是什么:表头=编码 或 表头=ignore,可多个;保存后记住。",
        metavar="表头=编码",
        show_default=False,
    ),
]
ExpectOption = Annotated[
    list[str] | None,
    typer.Option("--expect", help="试算给出的预览码;要保存的与它不同就拒绝。", metavar="TOKEN", show_default=False),
]
PreviewOption = Annotated[
    Path | None,
    typer.Option(
        "--preview",
        help="把新增、改动(原值、新值)、不再出现和问题写成工作簿(多个文件时给文件夹)。",
        metavar="OUT.xlsx",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "import",
        epilog="例: perf-pay import 花名册.xlsx 2025-06*.xlsx · perf-pay import 2025-06-医务科.xlsx --accept --by 张三 · perf-pay import 六月/",
    )(import_)


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="花名册或数据:xlsx、xls、ods、csv、txt、网页表格,或装着它们的文件夹;可多个。",
            metavar="FILE…",
            show_default=False,
        ),
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
    answers: MapOption = None,
    expect: ExpectOption = None,
    marked: MarkedOption = None,
    preview: PreviewOption = None,
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
    from perf.services.mappings import answers_given, read_mapping
    from perf.services.table_files import table_files

    files = table_files(files)
    known = (read_mapping(mapping) if mapping is not None else {}) | answers_given(answers or [])
    month = read_period(period) if period is not None else None
    if check:
        return _check(files, specs=specs, subjects=subjects, month=month, mapping=known, marked=marked, as_json=json)
    _require_places(files, marked, preview)
    if accept and accept_clean:
        raise WrongUse(Text("--accept 与 --accept-clean 只能用一个", "use one of --accept and --accept-clean"))
    at_hand = _opened(files, as_json=json)
    if any(workbook.is_refused for workbook in at_hand.values()):
        return REFUSED
    from perf.services.import_plan import Mode
    from perf.services.workbooks import WorkbookRequest

    mode: Mode = "accept" if accept else "accept_clean" if accept_clean else "dry"
    request = WorkbookRequest(
        mode=mode,
        reason=reason,
        period=month,
        mapping=known,
        confirm_gone=confirm_gone,
        choose_sender=sender,
        expect=tuple(expect or ()),
        judges_values=True,
        today=now().date(),
    )
    outcomes = _imported(files, specs=specs, db=db, by=by, request=request, as_json=json, at_hand=at_hand)
    console = people() if json else screen()
    show_outcomes(console, outcomes, as_json=json, confirm_gone=confirm_gone)
    if marked is not None:
        _mark(console, [(outcome.path, outcome.issues) for outcome in outcomes], marked)
    _write_preview(console, outcomes, preview, specs)
    refused = [o for o in outcomes if o.outcome == "refused" or (o.outcome == "dry" and o.has_errors)]
    if not json and mode == "dry" and not refused:
        say(
            console,
            Text("这是试算,什么也没有保存;加 --accept 保存。", "a dry run: nothing was stored; --accept keeps it."),
        )
    return REFUSED if refused else DONE


def _write_preview(console: Console, outcomes: list["FileOutcome"], preview: Path | None, specs: Path | None) -> None:
    if preview is None:
        return
    from perf.services.import_files import write_previews

    for text in write_previews(outcomes, preview, specs):
        say(console, text)


def _imported(
    files: list[Path],
    *,
    specs: Path | None,
    db: str | None,
    by: str | None,
    request: "WorkbookRequest",
    as_json: bool,
    at_hand: "dict[Path, Workbook]",
) -> "list[FileOutcome]":
    from perf.services.files import file_name
    from perf.services.import_files import import_files

    actor = acting(by)
    store = opened(db, actor)
    with (people() if as_json else screen()).status("") as status:
        return import_files(
            store,
            files,
            specs=specs,
            actor=actor,
            now=now(),
            request=request,
            progress=lambda path: status.update(escape(file_name(path))),
            opened=at_hand,
        )


def _opened(files: list[Path], *, as_json: bool) -> "dict[Path, Workbook]":
    """A single file; a hostile or broken one is turned away before the database library is even loaded."""
    from perf.services.check_workbook import opened_workbook
    from perf.services.files import file_name

    if len(files) != 1 or not files[0].is_file():
        return {}
    path = files[0]
    workbook = opened_workbook(path)
    if workbook.is_refused:
        console, name = people() if as_json else screen(), file_name(path)
        say(console, Text(f"{name}:被拒绝,什么也没有保存", f"{name}: refused, nothing was stored"))
        if as_json:
            print_json([{"file": name, "outcome": "refused", "counts": {}, "issues": issues_json(workbook.issues)}])
        else:
            print_issues(console, workbook.issues)
    return {path: workbook}


def _require_places(files: list[Path], marked: Path | None, preview: Path | None = None) -> None:
    """Say at once what would be said only after all the work."""
    if marked is not None or preview is not None:
        from perf.services.beside_file import require_own_places

        for out, option in ((marked, "--marked"), (preview, "--preview")):
            if out is not None:
                require_own_places(files, out, option=option)


def _mark(console: Console, found: "list[tuple[Path, tuple[Issue, ...]]]", marked: Path) -> None:
    """Write the marked copies, each with a line that says so."""
    from perf.services.beside_file import beside
    from perf.services.mark_workbooks import mark_workbook

    for path, issues in found:
        say(console, mark_workbook(path, beside(path, marked, len(found), option="--marked"), issues, lang()))


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
