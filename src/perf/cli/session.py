"""What every command of the database needs: which database, who acts, when; and what earlier kills left behind."""

import getpass
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perf.cli.output import people, say
from perf.kernel.errors import WrongUse
from perf.kernel.identity import without_numbers
from perf.kernel.text import Text
from perf.services.actors import Actor, local_actor

if TYPE_CHECKING:
    from perf.storage.store import Store

DEFAULT_DATABASE = "perf.db"
KEY_VARIABLE = "PERF_KEY_FILE"
DbOption = Annotated[
    str | None,
    typer.Option("--db", help="数据库地址;默认 PERF_DATABASE_URL,否则 ./perf.db。", metavar="URL", show_default=False),
]
ByOption = Annotated[str | None, typer.Option("--by", help="经办人姓名,记入审计;默认登录名。", show_default=False)]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由,记入审计。", callback=without_numbers)]
JsonOption = Annotated[bool, typer.Option("--json", help="结果以 JSON 写到标准输出。")]


def database_url(given: str | None) -> str:
    """`--db` before `PERF_DATABASE_URL` before `./perf.db`.

    Raises:
        WrongUse: an address of another kind of database; it is not repeated, since it may hold a password.
    """
    url = given or os.environ.get("PERF_DATABASE_URL") or DEFAULT_DATABASE
    kind, is_address, _ = url.partition("://")
    if is_address and kind.partition("+")[0] not in ("sqlite", "postgresql"):
        raise WrongUse(
            Text(
                "数据库地址无法识别;应为文件名、sqlite:///perf.db 或 postgresql://…",
                "no such kind of database: a file, sqlite:///perf.db or postgresql://…",
            )
        )
    return url


def key_file_given() -> Path | None:
    """`PERF_KEY_FILE`; None: the key lies beside the database."""
    named = os.environ.get(KEY_VARIABLE, "")
    return Path(named) if named else None


def now() -> datetime:
    """The clock, read once at the edge."""
    return datetime.now(UTC)


def acting(by: str | None) -> Actor:
    """Who acts on this machine."""
    return local_actor(by or _login())


def opened(db: str | None, actor: Actor) -> "Store":
    """The store; what a killed program left is closed and told first."""
    from perf.services.jobs import recover
    from perf.storage.store import open_store

    store = open_store(database_url(db), key_file_given())
    for text in recover(store, actor=actor, now=now()):
        say(people(), text)
    return store


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "perf-pay"
