"""`files`: what was imported, by whom and when, and the original files back."""

from pathlib import Path
from typing import Annotated

import typer

from perf.cli.output import DONE, lang, people, print_json, say, screen, table
from perf.cli.session import ByOption, DbOption, JsonOption, acting, now, opened
from perf.kernel.errors import WrongUse
from perf.kernel.text import Text

_DIGEST_SHOWN = 12


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("files", epilog="例: perf-pay files · perf-pay files 7 -o 原件/ · perf-pay files --json")(files)


def files(
    number: Annotated[
        int | None, typer.Argument(help="第几次导入;不写则列出全部。", metavar="[N]", show_default=False)
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="把这次导入的原文件写到这里(文件或文件夹),逐字节相同。", show_default=False),
    ] = None,
    db: DbOption = None,
    by: ByOption = None,
    json: JsonOption = False,
) -> int:
    """列出导入过的文件(谁、何时、改了多少、摘要),取回原文件。"""
    from perf.services.stored_files import give_back, stored_files

    if (number is None) != (out is None):
        raise WrongUse(Text("取回一个文件:perf-pay files N -o 位置", "to get one back: perf-pay files N -o PLACE"))
    actor = acting(by)
    store = opened(db, actor)
    if number is not None and out is not None:
        found = [give_back(store, number=number, out=out, actor=actor, now=now())]
        said = Text(
            f"{found[0].name} → {out}  SHA-256 {found[0].sha256}", f"{found[0].name} → {out}  SHA-256 {found[0].sha256}"
        )
        say(people() if json else screen(), said)
    else:
        found = stored_files(store, actor=actor)
    if json:
        print_json(
            [
                {
                    "import": one.id,
                    "kind": one.kind,
                    "file": one.name,
                    "sha256": one.sha256,
                    "sender": one.sender,
                    "by": one.made_by,
                    "at": one.made_at.isoformat(),
                    "state": one.state,
                    "reason": one.reason,
                    "counts": dict(one.counts),
                }
                for one in found
            ]
        )
    elif number is None:
        words = [
            Text("次", "no."),
            Text("文件", "file"),
            Text("报送", "sender"),
            Text("经办", "by"),
            Text("时间(UTC)", "at (UTC)"),
            Text("新增", "new"),
            Text("改动", "changed"),
            Text("未收", "left out"),
            Text("摘要", "SHA-256"),
        ]
        numbers = {0, 5, 6, 7}
        rows = [
            [
                str(one.id),
                one.name,
                one.sender,
                one.made_by,
                one.made_at.strftime("%Y-%m-%d %H:%M"),
                *(str(one.counts.get(key, 0)) for key in ("new", "changed", "left_out")),
                one.sha256[:_DIGEST_SHOWN],
            ]
            for one in found
        ]
        title = Text("导入的文件", "imported files").in_lang(lang())
        screen().print(table(title, [(w.in_lang(lang()), n in numbers) for n, w in enumerate(words)], rows))
    return DONE
