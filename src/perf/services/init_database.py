"""`init`: make the tables, or bring them to the newest form."""

import os
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from perf.kernel.errors import WrongUse
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.services.files import reason_of
from perf.storage import audit, imports
from perf.storage.engine import engine_for
from perf.storage.key_file import make_key
from perf.storage.keys import fingerprint_in_use
from perf.storage.migrate import revision_of, upgrade
from perf.storage.revision import HEAD
from perf.storage.store import Busy, NotReady, Store, open_store


def init_database(url: str, *, actor: Actor, now: datetime, reason: str = "", key_file: Path | None = None) -> Store:
    """Make a database at `url`, or upgrade the one that is there, in one transaction; repeating it changes nothing.

    The key is made where there is none yet, and files that were imported before there was one are encrypted.

    Args:
        key_file: Where the key is, or shall be; None: beside an SQLite file, and none for another database.
    Raises:
        WrongUse: the folder of an SQLite file is not there, or nothing can be written into it.
        NotReady: what is there is not a database.
        KeyRefused: the key that the database needs is not there, is another one, or others may read it.
    """
    engine = engine_for(url)
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file and not Path(file).resolve().parent.is_dir():
        raise WrongUse(Text(f"文件夹不存在:{Path(file).parent}", f"no such folder: {Path(file).parent}"))
    if engine.dialect.name == "sqlite" and file and not Path(file).exists():
        _refuse_leftovers(Path(file))
        _make_private(Path(file))
    try:
        before = revision_of(engine)
        if before != HEAD:
            upgrade(engine)
    except DatabaseError as error:
        raise NotReady(
            Text("不是数据库,或没有权限、磁盘已满", "not a database, no right to it, or a full disk")
        ) from error
    finally:
        engine.dispose()
    store = open_store(url, key_file)
    if before != HEAD:
        with store.write() as connection:
            audit.append(
                connection,
                actor.viewer,
                consortium="",
                at=now,
                action="init",
                target="database",
                reason=reason,
                details={"from": before or "", "to": HEAD},
            )
    if store.keys.file is not None:
        _provide_key(store, store.keys.file, actor=actor, now=now)
    return store


def _provide_key(store: Store, file: Path, *, actor: Actor, now: datetime) -> None:
    """A key for a database that has none; one that has a key has to find it."""
    with store.read() as connection:
        is_known = fingerprint_in_use(connection) is not None
    if not is_known and not file.exists():
        make_key(file)
    with store.read() as connection:
        store.keys.cipher(connection)
    if is_known:
        return
    with store.write() as connection:
        cipher = store.keys.cipher_for_writing(connection, actor.viewer, now)
        sealed = imports.reseal_contents(connection, None, cipher)
        audit.append(
            connection,
            actor.viewer,
            consortium="",
            at=now,
            action="make-key",
            target="database",
            reason="",
            details={"fingerprint": cipher.fingerprint, "files": sealed},
        )
    if sealed and not store.forget_replaced():
        raise Busy(
            Text(
                "原文件已加密,但数据库正被他人使用,文件里还留有加密前的内容;请关掉其他程序后运行 perf-pay key rotate",
                "the files are encrypted, but the database is in use and still holds what they were: "
                "stop the other programs and run perf-pay key rotate",
            )
        )


def _make_private(file: Path) -> None:
    """Names and pay are for whoever holds the file only; SQLite gives its log the same mode."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        why = reason_of(error)
        raise WrongUse(Text(f"不能建立数据库({why.zh})", f"the database cannot be made ({why.en})")) from error


def _refuse_leftovers(file: Path) -> None:
    """SQLite would read the log of a deleted database into the new one."""
    found = [name for name in (f"{file.name}-wal", f"{file.name}-shm") if file.with_name(name).exists()]
    if found:
        named = "、".join(found)
        raise WrongUse(
            Text(
                f"{file.name} 不在,但留有 {named}:数据库文件被单独删除或移走;请放回,或一并移走后再试",
                f"{file.name} is gone but {named} are there: the database was removed without them; "
                "put it back, or move them away too",
            )
        )
