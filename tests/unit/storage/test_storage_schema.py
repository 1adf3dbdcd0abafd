from pathlib import Path

import pytest
import sqlalchemy as sa

from perf.kernel.errors import NotFound
from perf.storage.engine import engine_for
from perf.storage.identity_tables import METADATA
from perf.storage.migrate import differences, revision_of, upgrade
from perf.storage.revision import HEAD
from perf.storage.store import NotReady, Store, open_store

FLOATING = (sa.Float, sa.Numeric)
GLOBAL = {"cipher_key", "counter", "rule_text", "alembic_version"}


def test_models_and_migrations_agree(store: Store):
    assert differences(store.engine) == []


def test_migrating_twice_changes_nothing(store: Store):
    upgrade(store.engine)
    assert revision_of(store.engine) == HEAD


def test_the_head_named_in_the_code_is_the_newest_migration():
    from alembic.script import ScriptDirectory

    from perf.storage.migrate import _config

    assert ScriptDirectory.from_config(_config()).get_current_head() == HEAD


def test_a_downgrade_to_nothing_and_back_gives_the_same_tables(store: Store):
    from alembic import command

    from perf.storage.migrate import _config

    config = _config()
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert set(sa.inspect(store.engine).get_table_names()) == {"alembic_version"}
    upgrade(store.engine)
    assert differences(store.engine) == []


def test_no_column_is_a_float_or_a_decimal():
    found = [c for t in METADATA.tables.values() for c in t.columns if isinstance(c.type, FLOATING)]
    assert found == []


def test_every_amount_is_a_bigint_of_fen():
    amounts = [c for t in METADATA.tables.values() for c in t.columns if c.name.endswith("amount_fen")]
    assert len(amounts) == 3
    assert all(isinstance(c.type, sa.BigInteger) for c in amounts)


def test_every_table_has_its_consortium_or_is_global_for_a_reason():
    from perf.storage import identity_tables, tables

    for name, table in METADATA.tables.items():
        if name == "consortium":
            continue
        assert ("consortium" in table.columns) == (name not in GLOBAL), name
    for row in (tables.CounterRow, tables.RuleTextRow, identity_tables.CipherKeyRow):
        assert "Global:" in (row.__doc__ or "")


def test_every_constraint_has_a_name():
    for table in METADATA.tables.values():
        assert all(constraint.name for constraint in table.constraints), table.name


def test_the_database_refuses_a_negative_amount(store: Store):
    from test_storage_results import RUN, a_run, entry_row

    from perf.storage.results import add_results
    from perf.storage.viewer import EVERYTHING

    with store.write() as connection:
        a_run(connection)
    with pytest.raises(sa.exc.IntegrityError, match="amount_not_negative"), store.write() as connection:
        add_results(connection, EVERYTHING, scores=[], entries=[entry_row(RUN, 1, -1)], balances=[])


def _fail_half_way(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("create table a (x int)")
        raise RuntimeError


def test_a_migration_that_fails_leaves_no_table(tmp_path: Path):
    engine = engine_for(f"sqlite:///{tmp_path / 'half.db'}")
    with pytest.raises(RuntimeError):
        _fail_half_way(engine)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_database_that_is_not_there_is_refused_and_not_made(tmp_path: Path):
    with pytest.raises(NotFound):
        open_store(str(tmp_path / "none.db"))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_refused(tmp_path: Path):
    path = tmp_path / "letter.db"
    path.write_text("dear sir or madam, " * 100)
    with pytest.raises(NotReady):
        open_store(str(path))
    assert path.read_text().startswith("dear sir")


def test_an_empty_database_is_refused_with_what_to_do(tmp_path: Path):
    path = tmp_path / "empty.db"
    path.touch()
    with pytest.raises(NotReady, match="perf-pay init"):
        open_store(str(path))


def test_the_address_shows_no_password():
    engine = engine_for("postgresql://anna:secret@host/perf")
    assert "secret" not in Store(engine).address


def test_a_reader_does_not_wait_for_a_writer(sqlite_store: Store):
    with sqlite_store.write() as writer:
        writer.exec_driver_sql("insert into consortium values ('a', 'A')")
        with sqlite_store.read() as reader:
            assert reader.exec_driver_sql("select count(*) from consortium").scalar() == 0
