"""Bringing a database to the newest form. Alembic is called from Python; no ini file, no path of the checkout."""

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.config import Config


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the database to `revision`, in one transaction: all of it or nothing.

    Raises:
        StorageNotReadable: what the address names is not a database of ours.
    """
    from alembic import command

    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def differences(engine: sa.Engine) -> list[str]:
    """What differs between the models and the migrated database, in words of Alembic; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from perf.storage.identity_tables import METADATA

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return [str(difference) for difference in compare_metadata(context, METADATA)]


def revision_of(engine: sa.Engine) -> str | None:
    """The revision the database is at, None where it has none of our tables. Needs no Alembic."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.exec_driver_sql("select version_num from alembic_version").scalar()


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "perf.storage:migrations")
    config.set_main_option("path_separator", "os")
    return config
