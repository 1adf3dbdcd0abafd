"""A sealed month: whatever is changed behind our back shows, with its table and key."""

import shutil

import pytest
from services_county import HR, filled, june
from services_released import released

from perf.appraisal import month as engine
from perf.kernel.errors import VerificationFailed
from perf.services.load_run import load_run, load_subject
from perf.services.verify_run import verify_run
from perf.storage.key_file import key_beside, make_key
from perf.storage.store import open_store

TAMPERINGS = {
    "fact": "update fact set value = '99' where subject = '001' and period = '2025-06'",
    "fact gone": "delete from fact where subject = '001' and period = '2025-06'",
    "segment": "update segment set attributes = replace(attributes, '\"1.2\"', '\"9.2\"') where subject = '002'",
    "import": "update import set content = (select content from import where id = 2) where id = 3",
    "import name": "update import set sha256 = 'x' where id = 3",
    "rule_text": "update rule_text set content = replace(content, 'scheme', 'theme')",
    "run": "update run set made_by = 'x'",
    "run parts": "update run set parts = '{}'",
    "run seal": "update run set digest = 'x'",
    "run_step": "update run_step set state_from = 'draft'",
    "run_pin": "update run_pin set digest = 'x' where kind = 'prior'",
    "scorecard_row": "update scorecard_row set score_scaled = 9999 where subject = '001' and type = 'total'",
    "ledger_entry": "update ledger_entry set amount_fen = amount_fen + 1 where target = 'person:001'",
    "ledger_entry target": "update ledger_entry set target = 'person:002' where target = 'person:001'",
    "ledger_entry text": "update ledger_entry set explanation = 'x' where number = 1",
    "balance": "update balance set amount_fen = amount_fen + 1 where account = 'person:001'",
    "run_document": "update run_document set digest = 'x' where subject = '001'",
    "run_document gone": "delete from run_document where subject = '001'",
    "audit": "update audit set actor = 'x' where seq = 2",
    "audit gone": "delete from audit where seq = 5",
}


def with_a_published_june(store):
    filled(store)
    released(store, june(store).run.id)


@pytest.fixture(scope="module")
def sealed_sqlite(sqlite_template, tmp_path_factory):
    """A database with a published June, to be copied."""
    path = tmp_path_factory.mktemp("sealed") / "perf.db"
    shutil.copyfile(sqlite_template, path)
    make_key(key_beside(str(path)))
    opened = open_store(str(path))
    with_a_published_june(opened)
    with opened.engine.connect() as connection:
        connection.exec_driver_sql("select 1")
    opened.close()
    return path


@pytest.fixture(scope="module")
def sealed_postgres(postgres_server, postgres_template, cloned_postgres, tmp_path_factory):
    """The same on PostgreSQL."""
    key = tmp_path_factory.mktemp("sealed") / "perf.key"
    make_key(key)
    with cloned_postgres(postgres_template) as (name, url):
        opened = open_store(url, key)
        with_a_published_june(opened)
        opened.close()
        yield name


@pytest.fixture(params=["sqlite", "postgresql"])
def sealed(request, tmp_path, cloned_postgres):
    """A fresh copy of a database with a published June."""
    if request.param == "sqlite":
        path = tmp_path / "perf.db"
        shutil.copyfile(request.getfixturevalue("sealed_sqlite"), path)
        opened = open_store(str(path))
        yield opened
        opened.close()
        return
    with cloned_postgres(request.getfixturevalue("sealed_postgres")) as (_name, url):
        opened = open_store(url)
        yield opened
        opened.close()


def test_what_was_not_tampered_with_is_good(sealed):
    before = verify_run(sealed, run="A:2025-06#1", actor=HR)
    assert before.findings == ()
    assert before.same_engine
    assert before.compared > 20
    before.require()


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_in_any_table_shows_with_table_and_key(sealed, what):
    with sealed.write() as connection:
        statement = TAMPERINGS[what]
        if sealed.engine.dialect.name == "postgresql" and statement.startswith("update import"):
            statement = statement.replace("update import", 'update "import"').replace("from import", 'from "import"')
        assert connection.exec_driver_sql(statement).rowcount >= 1
    after = verify_run(sealed, run="A:2025-06#1", actor=HR)
    table = what.split(" ")[0]
    assert table in {finding.table for finding in after.findings}, after.findings
    with pytest.raises(VerificationFailed, match=table):
        after.require()


def test_a_finding_names_the_key_and_no_figure(store):
    filled(store)
    run = june(store).run.id
    released(store, run)
    with store.write() as connection:
        connection.exec_driver_sql("update ledger_entry set amount_fen = 777 where target = 'person:001'")
        connection.exec_driver_sql("update fact set value = '99' where subject = '002' and period = '2025-06'")
    findings = verify_run(store, run=run, actor=HR).findings
    texts = [str(finding) for finding in findings]
    assert any("person:001" in text for text in texts)
    assert any(text.startswith("fact [") and "002 work_score" in text for text in texts)
    assert not any("777" in text for text in texts)


def test_another_engine_version_is_compared_figure_by_figure(store, monkeypatch):
    filled(store)
    run = june(store).run.id
    import perf.services.verify_run as module

    monkeypatch.setattr(module, "ENGINE_VERSION", "next")
    verification = verify_run(store, run=run, actor=HR)
    assert not verification.same_engine
    assert verification.findings == ()
    assert engine.ENGINE_VERSION != "next"


def test_a_damaged_document_is_a_failed_verification_and_no_crash(sealed):
    with sealed.write() as connection:
        connection.exec_driver_sql(
            "update run_document set content = (select content from run_pin where kind = 'roster') where subject = '001'"
        )
    with pytest.raises(VerificationFailed, match="已损坏"):
        load_subject(sealed, run="A:2025-06#1", subject="001", actor=HR)
    with pytest.raises(VerificationFailed, match="已损坏"):
        load_run(sealed, run="A:2025-06#1", actor=HR)


def test_a_column_of_the_wrong_kind_is_a_failed_verification_and_no_crash(sqlite_store):
    filled(sqlite_store)
    run = june(sqlite_store).run.id
    with sqlite_store.write() as connection:
        connection.exec_driver_sql("update run_document set content = content || content where subject = '001'")
    with pytest.raises(VerificationFailed):
        verify_run(sqlite_store, run=run, actor=HR).require()
