"""Running numbers without gaps: taken in the caller's transaction, given back when it is rolled back."""

import sqlalchemy as sa

from perf.storage.tables import COUNTER

_RAISE = sa.text(
    "insert into counter (name, value) values (:name, :count) "
    "on conflict (name) do update set value = counter.value + excluded.value returning value"
)


def next_number(connection: sa.Connection, name: str, count: int = 1) -> int:
    """The first of `count` new numbers. Holds the counter until the transaction ends, so numbers follow commits."""
    value = connection.execute(_RAISE, {"name": name, "count": count}).scalar_one()
    return int(value) - count + 1


def wait_for_turn(connection: sa.Connection, name: str) -> None:
    """Let whoever came first finish: until this transaction ends, everybody else who asks for `name` waits."""
    next_number(connection, f"turn {name}")


def last_number(connection: sa.Connection, name: str) -> int:
    """The last number given, 0 before the first."""
    return int(connection.execute(sa.select(COUNTER.c.value).where(COUNTER.c.name == name)).scalar() or 0)
