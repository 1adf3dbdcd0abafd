"""`init`, `import`, `issues`, `template`: the database and what comes into it."""

from pathlib import Path
from typing import Annotated, Literal

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
from perf.cli.session import (
    KEY_VARIABLE,
    ByOption,
    DbOption,
    JsonOption,
    acting,
    database_url,
    key_file_given,
    now,
    opened,
)
from perf.kernel.errors import WrongUse
from perf.kernel.text import Text

SpecsOption = Annotated[
    Path | None, typer.Option("--specs", help="规则文件夹;默认随程序带来的规则库。", metavar="DIR", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("init", epilog="例: perf-pay init · perf-pay init --db postgresql://perf@localhost/perf")(init)
    app.command("issues", epilog="例: perf-pay issues · perf-pay issues --run G1:2025-06#1 --json")(issues)
    app.command(
        "template",
        epilog="例: perf-pay template --period 2025-07 --sender 医务科 -o 医务科.xlsx · perf-pay template --period 2025-07 --all 模板",
    )(template)


def init(db: DbOption = None, by: ByOption = None, json: JsonOption = False) -> int:
    """建库,或把已有的库升级到最新;重复运行不改变什么。"""
    from perf.services.init_database import init_database

    store = init_database(database_url(db), actor=acting(by), now=now(), key_file=key_file_given())
    console = people() if json else screen()
    if json:
        print_json({"database": store.address, "key_file": str(store.keys.file or "")})
    say(console, Text(f"数据库就绪:{store.address}", f"database ready: {store.address}"))
    say(console, _about_key(store.keys.file))
    say(
        console,
        Text(
            "下一步:perf-pay import 花名册.xlsx(只试算;加 --accept 保存)",
            "next: perf-pay import ROSTER.xlsx (dry run; --accept keeps it)",
        ),
    )
    return DONE


def _about_key(file: Path | None) -> Text:
    if file is None:
        return Text(
            f"还没有密钥,不能导入:设 {KEY_VARIABLE}=密钥文件(不在库里,例如 /etc/perf-pay/perf.key),再运行 perf-pay init",
            f"no key yet, nothing can be imported: set {KEY_VARIABLE} to a key file, then run perf-pay init again",
        )
    return Text(
        f"密钥:{file}(原文件和证件号、卡号用它加密;请与数据库分开备份,丢了就打不开)",
        f"key: {file} (files and numbers of people are encrypted with it; back it up apart from the database)",
    )


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
    out: Annotated[Path | None, typer.Option("-o", "--out", help="写到哪里。", show_default=False)] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--all", help="每个填报科室、每家机构各一个,写到这个文件夹。", metavar="DIR", show_default=False),
    ] = None,
    by: Annotated[
        Literal["sender", "institution", "both"],
        typer.Option("--by", help="带 --all 时怎样分:每个医共体的每个科室、每家机构、每家机构的每个科室。"),
    ] = "sender",
    sender: Annotated[str, typer.Option("--sender", help="填报科室;默认所有科室。")] = "",
    institution: Annotated[str, typer.Option("--institution", help="只要这家机构;默认全部。")] = "",
    specs: SpecsOption = None,
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """按启用的规则要用的数据项和花名册生成填报模板,旁边灰色列是上一期的数;文件改名也认得。"""
    from perf.cli.file_commands import read_period
    from perf.services.templates import TemplateWish, write_template, write_templates

    if (out is None) == (folder is None):
        raise WrongUse(Text("须带 -o 或 --all 之一", "either -o or --all is needed"))
    actor = acting(None)
    wish = TemplateWish(read_period(period), sender, institution, by)
    store = opened(db, actor)
    console = people() if json else screen()
    if out is not None:
        counts = {out: write_template(store, wish, actor=actor, specs=specs, out=out)}
        say(console, Text(f"模板含 {counts[out]} 个数据项 → {out}", f"template with {counts[out]} measures → {out}"))
    else:
        counts = write_templates(store, wish, actor=actor, specs=specs, out=folder or Path())
        say(console, Text(f"模板 {len(counts)} 个 → {folder}", f"{len(counts)} templates → {folder}"))
    if json:
        rows = [{"measures": count, "out": str(path)} for path, count in counts.items()]
        print_json(rows[0] if out is not None else rows)
    return DONE
