"""`key`: the key that files and numbers of people are encrypted with: looked at, and changed."""

from typing import TYPE_CHECKING

import typer

from perf.cli.output import DONE, people, print_json, say, screen
from perf.cli.session import ByOption, DbOption, JsonOption, ReasonOption, acting, now, opened
from perf.kernel.text import Text

if TYPE_CHECKING:
    from perf.services.rotate_key import KeyState


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("check", epilog="例: perf-pay key check")(check)
    app.command("rotate", epilog="例: perf-pay key rotate --by 李强 --reason 管理员离任")(rotate)


def check(db: DbOption = None, json: JsonOption = False) -> int:
    """密钥在不在、是不是这一把、加密的内容是否都打得开。"""
    from perf.services.rotate_key import key_state

    state = key_state(opened(db, acting(None)))
    return _told(state, Text("全部打得开", "everything opens"), as_json=json)


def rotate(db: DbOption = None, by: ByOption = None, reason: ReasonOption = "", json: JsonOption = False) -> int:
    """换一把新密钥:全部重新加密,一次完成;中途断电,要么全是旧的,要么全是新的。旧密钥改名为 ….指纹.old 留在旁边:换钥以前的备份要用它打开。"""
    from perf.services.rotate_key import rotate_key

    actor = acting(by)
    state = rotate_key(opened(db, actor), actor=actor, now=now(), reason=reason)
    said = Text(
        "已换新密钥,请备份它(旧的以 .old 留在旁边,换钥以前的备份要用它;不再需要时自行删去)",
        "a new key is in use, back it up (the old one stays beside it as .old for older backups; delete it when it is "
        "no longer needed)",
    )
    return _told(state, said, as_json=json)


def _told(state: "KeyState", what: Text, *, as_json: bool) -> int:
    say(
        people() if as_json else screen(),
        Text(
            f"{what.zh}:{state.file}(指纹 {state.fingerprint}),证件号、卡号等 {state.numbers} 个,原文件 {state.files} 个",
            f"{what.en}: {state.file} (fingerprint {state.fingerprint}), {state.numbers} numbers, {state.files} files",
        ),
    )
    if as_json:
        told = {"numbers": state.numbers, "files": state.files}
        print_json({"key_file": str(state.file), "fingerprint": state.fingerprint, **told})
    return DONE
