"""`init`, `import`, `issues`, `template`: the database and what comes into it."""

from pathlib import Path
from typing import Annotated

import typer

from perf.cli.output import (
    DONE,
    issues_json,
    people,
    print_issues,
    print_json,
    say,
    screen,
)
from perf.cli.session import ByOption, DbOption, JsonOption, acting, database_url, now, opened
from perf.kernel.text import Text

SpecsOption = Annotated[
    Path | None, typer.Option("--specs", help="规则文件夹;默认随程序带来的规则库。", metavar="DIR", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("init", epilog="例: perf-pay init · perf-pay init --db postgresql://perf@localhost/perf")(init)
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
