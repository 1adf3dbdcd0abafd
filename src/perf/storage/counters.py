"""Running numbers without gaps: taken in the caller's transaction, given back when it is rolled back."""

import sqlalchemy as sa

from perf.storage.tables import COUNTER


def next_number(connection: sa.Connection, name: str, count: int = 1) -> int:
    """The first of `count` new numbers. Holds the counter until the transaction ends, so numbers follow commits."""
    raised = (
        sa.update(COUNTER)
        .where(COUNTER.c.name == name)
        .values(value=COUNTER.c.value + count)
        .returning(COUNTER.c.value)
    )
    value = connection.execute(raised).scalar()
    if value is None:
        connection.execute(sa.insert(COUNTER).values(name=name, value=count))
        value = count
    return int(value) - count + 1


def last_number(connection: sa.Connection, name: str) -> int:
    """The last number given, 0 before the first."""
    return int(connection.execute(sa.select(COUNTER.c.value).where(COUNTER.c.name == name)).scalar() or 0)
