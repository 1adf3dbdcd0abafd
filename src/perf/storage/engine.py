"""Engines: SQLite and PostgreSQL behave alike: real transactions, DDL included, and waiting instead of errors."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event

READ_ONLY = "perf_read_only"
_PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000", "synchronous=NORMAL", "temp_store=MEMORY")

_QUIET: Final[Mapping[str, Any]] = {"hide_parameters": True}  # what is stored stands in no exception and no log


def engine_for(url: str) -> sa.Engine:
    """An engine for `url`: `sqlite:///perf.db`, `postgresql+psycopg://…`, or a path of an SQLite file.

    Writers on SQLite begin with BEGIN IMMEDIATE, so two of them wait for each other instead of failing at the end.
    """
    parsed = sa.make_url(url if "://" in url else f"sqlite:///{Path(url)}")
    if parsed.get_backend_name() == "postgresql":
        return sa.create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, **_QUIET)
    engine = sa.create_engine(parsed, **_QUIET)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy begins, the driver does not
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _on_begin(connection: sa.Connection) -> None:
    reads = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
