"""Many rows at once, below SQLModel: written by COPY on PostgreSQL, by one executemany of the driver on SQLite; read in bulk."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

Row = Sequence[Any]
_AT_ONCE = 2_000
"""Rows that are fetched together."""
_NATIVE = (sa.String, sa.Integer, sa.Boolean, sa.LargeBinary)  # the driver of SQLite takes these as they are


def columns_of(table: sa.Table) -> list[str]:
    """The names of the columns, in the order in which `insert_rows` wants values."""
    return [column.name for column in table.columns]


def insert_rows(connection: sa.Connection, table: sa.Table, rows: Iterable[Row]) -> None:
    """Insert `rows`, each with a value for every column of `table` in the order of the table."""
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
    else:
        _execute_many(connection, table, rows)


def read_rows(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[Any]:
    """The rows of `query`, fetched many at a time; asked for one by one each costs several times as much."""
    for some in connection.execute(query).partitions(_AT_ONCE):
        yield from some


def _copy(connection: sa.Connection, table: sa.Table, rows: Iterable[Row]) -> None:
    names = ", ".join(f'"{name}"' for name in columns_of(table))
    cursor: Any = connection.connection.cursor()
    try:
        with cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.IntegrityError as error:
        raise sa.exc.IntegrityError(f"COPY {table.name}", None, error) from error  # as an INSERT would


def _execute_many(connection: sa.Connection, table: sa.Table, rows: Iterable[Row]) -> None:
    names = ", ".join(f'"{name}"' for name in columns_of(table))
    marks = ", ".join("?" * len(table.columns))
    binds = [
        (index, bind)
        for index, column in enumerate(table.columns)
        if not isinstance(column.type, _NATIVE)
        and (bind := column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)) is not None
    ]
    prepared = [_bound(row, binds) for row in rows] if binds else list(rows)
    if prepared:
        connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', prepared)


def _bound(row: Row, binds: Sequence[tuple[int, Any]]) -> tuple[Any, ...]:
    values = list(row)
    for index, bind in binds:
        values[index] = bind(values[index])
    return tuple(values)
