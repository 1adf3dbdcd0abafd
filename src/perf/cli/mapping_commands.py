"""`mapping list|show|export|import|forget`: what headers mean, remembered by sender and layout."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perf.cli.database_commands import SpecsOption
from perf.cli.output import DONE, lang, people, print_json, say, screen, table
from perf.cli.session import ByOption, DbOption, JsonOption, ReasonOption, acting, now, opened
from perf.kernel.text import Text

if TYPE_CHECKING:
    from perf.services.mappings import RememberedLayout

SenderOption = Annotated[str, typer.Option("--sender", help="只看这个科室。")]
ConsortiumOption = Annotated[str, typer.Option("--consortium", help="只看这个医共体。", metavar="CODE")]
LayoutArgument = Annotated[str, typer.Argument(help="表样:list 显示的前几位即可。", metavar="LAYOUT")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("list", epilog="例: perf-pay mapping list · perf-pay mapping list --sender 医务科")(list_)
    app.command("show", epilog="例: perf-pay mapping show 3f2a")(show)
    app.command("export", epilog="例: perf-pay mapping export -o 对照.yaml")(export)
    app.command("import", epilog="例: perf-pay mapping import 对照.yaml --by 张三")(import_)
    app.command("forget", epilog="例: perf-pay mapping forget 3f2a --header 得分甲 --by 张三 --reason 指错了")(forget)


def list_(
    sender: SenderOption = "", consortium: ConsortiumOption = "", db: DbOption = None, json: JsonOption = False
) -> int:
    """列出记住的表头对照,一行一个科室的一种表样。"""
    from perf.services.mappings import list_mappings

    actor = acting(None)
    found = list_mappings(opened(db, actor), actor=actor, sender=sender, consortium=consortium)
    if json:
        print_json([_json(one) for one in found])
        return DONE
    if not found:
        say(screen(), Text("还没有记住的表头对照。", "nothing is remembered yet."))
        return DONE
    heads = (
        Text("表样", "layout"),
        Text("医共体", "consortium"),
        Text("科室", "sender"),
        Text("表头", "headers"),
        Text("答复", "answers"),
        Text("最近", "last"),
    )
    rows = []
    for one in found:
        last = max(one.decided, key=lambda answer: answer.decided_at)
        when = f"{last.decided_at:%Y-%m-%d} {last.decided_by}"
        counts = (str(len(one.layout.headers)), str(len(one.layout.answers)))
        rows.append((one.name, one.consortium or "—", one.layout.sender or "—", *counts, when))
    screen().print(table("", [(head.in_lang(lang()), n in (3, 4)) for n, head in enumerate(heads)], rows))
    return DONE


def show(
    layout: LayoutArgument,
    sender: SenderOption = "",
    consortium: ConsortiumOption = "",
    db: DbOption = None,
    json: JsonOption = False,
) -> int:
    """一种表样的全部表头,以及问过的各是什么、谁在什么时候答的。"""
    from perf.services.mappings import list_mappings

    actor = acting(None)
    found = list_mappings(opened(db, actor), actor=actor, name=layout, sender=sender, consortium=consortium)
    if json:
        print_json([_json(one) for one in found])
        return DONE
    for one in found:
        who = " ".join(part for part in (one.consortium, one.layout.sender) if part) or "—"
        headers = "、".join(one.layout.headers)
        say(screen(), Text(f"{one.name} · {who} · 表头:{headers}", f"{one.name} · {who} · headers: {headers}"))
        for answer in one.decided:
            when = f"{answer.decided_at:%Y-%m-%d %H:%M}"
            said = f"  {answer.header} → {answer.target}"
            file = answer.import_id
            at = Text(f"第 {file} 次导入", f"import {file}") if file else Text("对照文件", "a mapping file")
            zh = f"{said}({answer.decided_by} 于 {when} UTC,{at.zh})"
            say(screen(), Text(zh, f"{said} ({answer.decided_by}, {when} UTC, {at.en})"))
    return DONE


def export(
    out: Annotated[Path, typer.Option("-o", "--out", help="写到哪里。")],
    sender: SenderOption = "",
    consortium: ConsortiumOption = "",
    db: DbOption = None,
) -> int:
    """写成一个小 YAML,给人核对、修改,再 mapping import。"""
    from perf.services.files import write_atomically
    from perf.services.mappings import list_mappings, mappings_yaml

    actor = acting(None)
    found = list_mappings(opened(db, actor), actor=actor, sender=sender, consortium=consortium)
    write_atomically({out: mappings_yaml(found)})
    say(people(), Text(f"表样 {len(found)} 种 → {out}", f"{len(found)} layouts → {out}"))
    return DONE


def import_(
    file: Annotated[Path, typer.Argument(help="mapping export 写出的文件。", metavar="FILE")],
    specs: SpecsOption = None,
    db: DbOption = None,
    by: ByOption = None,
) -> int:
    """读入核对过的对照文件;有一处不对就一条也不记。"""
    from perf.services.mappings import import_mappings
    from perf.services.rules import readable_book

    actor = acting(by)
    count = import_mappings(opened(db, actor), file, readable_book(specs), actor=actor, now=now())
    say(people(), Text(f"新记住的答复 {count} 条", f"{count} new answers"))
    return DONE


def forget(
    layout: LayoutArgument,
    header: Annotated[str, typer.Option("--header", help="只撤回这一个表头;默认整个表样。")] = "",
    sender: SenderOption = "",
    consortium: ConsortiumOption = "",
    db: DbOption = None,
    by: ByOption = None,
    reason: ReasonOption = "",
) -> int:
    """撤回记住的答复;已经导入的数据不变,下次导入再问。"""
    from perf.services.mappings import forget_mapping

    actor = acting(by)
    store = opened(db, actor)
    where = {"header": header, "sender": sender, "consortium": consortium}
    count = forget_mapping(store, layout, **where, actor=actor, now=now(), reason=reason)
    say(people(), Text(f"已撤回 {count} 条;已导入的数据不变", f"{count} taken back; imported facts stay"))
    return DONE


def _json(one: "RememberedLayout") -> dict[str, object]:
    return {
        "consortium": one.consortium,
        "sender": one.layout.sender,
        "layout": one.layout.digest,
        "headers": list(one.layout.headers),
        "answers": [
            {
                "header": answer.header,
                "target": answer.target,
                "by": answer.decided_by,
                "at": answer.decided_at.isoformat(),
                "import": answer.import_id,
            }
            for answer in one.decided
        ],
    }
