"""The store: an engine and its two kinds of transaction. One commit per use case, at the edge."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, OperationalError

from perf.kernel.errors import NotFound, StateRefused
from perf.kernel.text import Text
from perf.storage.engine import READ_ONLY, engine_for
from perf.storage.key_file import key_beside
from perf.storage.keys import Keyring
from perf.storage.migrate import revision_of
from perf.storage.revision import HEAD

Connection = sa.Connection


class NotReady(StateRefused):
    """The database is not there, not ours, or of another version."""

    code = "database-not-ready"


class Busy(StateRefused):
    """Somebody else has been writing for longer than one waits."""

    code = "database-busy"


class Store:
    """A database at the right revision, and the key that it is encrypted with."""

    __slots__ = ("engine", "keys")

    def __init__(self, engine: sa.Engine, key_file: Path | None = None) -> None:
        self.engine = engine
        self.keys = Keyring(key_file)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction that may write; committed at the end, rolled back by any exception."""
        with self.engine.connect() as connection, _begun(connection):
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One consistent look; on SQLite it neither waits for a writer nor keeps one waiting."""
        with self.engine.connect() as connection:
            reader = connection.execution_options(**{READ_ONLY: True})
            if reader.dialect.name == "postgresql":
                reader = reader.execution_options(isolation_level="REPEATABLE READ")
            with reader.begin():
                yield reader

    def forget_replaced(self) -> bool:
        """Have SQLite write its file anew, so that what was replaced by encrypted bytes stands nowhere in it any more.

        PostgreSQL does it by itself, at its next vacuum.

        Returns:
            False where somebody else is using the file, so that it could not be done now.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        raw = self.engine.raw_connection()
        try:
            for command in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                raw.cursor().execute(command).close()
        except sqlite3.OperationalError:
            return False
        finally:
            raw.close()
        return True

    @property
    def address(self) -> str:
        """Where it is, for people; passwords are hidden."""
        return self.engine.url.render_as_string(hide_password=True)

    @property
    def url(self) -> str:
        """Where it is, for another process of ours to open it; never to be shown."""
        return self.engine.url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def _begun(connection: sa.Connection) -> sa.RootTransaction:
    try:
        return connection.begin()
    except OperationalError as error:
        if "locked" not in str(error.orig):
            raise
        raise Busy(
            Text("数据库正被他人写入,请稍后再试", "somebody else is writing to the database, please try again later")
        ) from error


def key_file_of(engine: sa.Engine) -> Path | None:
    """Where the key of a database lies if nobody says otherwise: beside an SQLite file; nowhere for other databases."""
    file = engine.url.database
    return key_beside(file) if engine.dialect.name == "sqlite" and file and file != ":memory:" else None


def open_store(url: str, key_file: Path | None = None) -> Store:
    """Open the database at `url` (`perf.db`, `sqlite:///perf.db`, `postgresql://…`).

    Args:
        key_file: Where the key is; None: beside an SQLite file. It is read when it is needed.
    Raises:
        NotFound: an SQLite file that is not there.
        NotReady: not a database, not one of ours, or of another version.
    """
    engine = engine_for(url)
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file and file != ":memory:" and not Path(file).exists():
        raise NotFound(
            Text(
                f"没有数据库 {file};先运行 perf-pay init",
                f"there is no database {file}; run perf-pay init first",
            )
        )
    revision = _revision(engine)
    if revision == HEAD:
        return Store(engine, key_file or key_file_of(engine))
    engine.dispose()
    if revision is None:
        raise NotReady(
            Text("这个数据库还没有建表;先运行 perf-pay init", "the database has no tables yet; run perf-pay init first")
        )
    raise NotReady(
        Text(
            f"数据库版本为 {revision},程序需要 {HEAD};先备份,再运行 perf-pay init 升级",
            f"the database is at revision {revision}, the program needs {HEAD}; back it up, then run perf-pay init",
        )
    )


def _revision(engine: sa.Engine) -> str | None:
    try:
        return revision_of(engine)
    except OperationalError as error:
        raise NotReady(Text("数据库打不开,请检查地址、权限和磁盘空间", "the database cannot be opened")) from error
    except DatabaseError as error:
        raise NotReady(Text("这个文件不是数据库", "this file is not a database")) from error
