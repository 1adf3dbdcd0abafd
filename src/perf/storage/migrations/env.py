"""Alembic's environment: runs on the connection it is given, in the caller's transaction."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from perf.storage.identity_tables import METADATA


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Migrations name plain SQL types: they are history and must not change with our code."""
    if kind == "type" and isinstance(item, sa.types.TypeDecorator):
        if isinstance(item.impl_instance, sa.DateTime):
            return f"sa.DateTime(timezone={item.impl_instance.timezone})"
        if isinstance(item.impl_instance, sa.String):
            length = item.impl_instance.length
            return f"sa.String(length={length})" if length else "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
    render_item=render_item,
)
context.run_migrations()
