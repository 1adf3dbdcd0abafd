"""Numbers of people from a roster into the database: planned masked, kept encrypted, changed with the key."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import services_county as county
from services_county import HR, NOW, digest, with_roster

from perf.kernel.errors import InputRefused, VerificationFailed
from perf.kernel.identity_fields import IdentityValue
from perf.services.actors import Actor
from perf.services.identity_reading import numbers_in_clear
from perf.services.import_differences import changes_of
from perf.services.import_roster import RosterPlan, import_roster
from perf.services.init_database import init_database
from perf.services.preview_token import token_of
from perf.services.rotate_key import key_state, rotate_key
from perf.services.stored_files import give_back
from perf.services.verify_run import verify_run
from perf.storage import audit, identities
from perf.storage.identity_tables import METADATA
from perf.storage.key_file import KeyRefused, read_key, waiting_keys
from perf.storage.store import Store
from perf.storage.viewer import EVERYTHING

ID, OTHER_ID = "11010519491231002X", "440524188001010014"
CARD, OTHER_CARD = "4539148803436467", "6222021234567890128"


def card(subject: str, value: str, cell: str = "C2") -> IdentityValue:
    return IdentityValue(subject, "bank_card", value, "卡号", cell)


def send(store: Store, *values: IdentityValue, mode="accept", actor=HR, **more) -> RosterPlan:
    content = "".join(f"{v.subject}{v.field}{v.value}" for v in values).encode() or b"-"
    roster = county.Roster("卡号.xlsx", digest(content), (), identities=values)
    return import_roster(store, roster, content=content, actor=actor, now=NOW, mode=mode, **more)


def stored(store: Store) -> dict[tuple[str, str], str]:
    with store.read() as connection:
        cipher = store.keys.cipher(connection)
        return {k: s.opened(cipher).value for k, s in identities.newest_identities(connection, EVERYTHING).items()}


def test_a_dry_run_tells_what_changes_masked_and_keeps_nothing(store):
    with_roster(store)
    assert send(store, card("001", CARD), mode="dry").counts["numbers_new"] == 1
    assert stored(store) == {}
    assert send(store, card("001", CARD), card("002", OTHER_CARD)).counts["numbers_new"] == 2
    plan = send(store, card("001", OTHER_CARD), card("002", ""), mode="dry")
    assert {k: v for k, v in plan.counts.items() if k.startswith("numbers")} == {
        "numbers_changed": 1,
        "numbers_gone": 1,
    }
    told = [text.zh for text in changes_of(plan)]
    assert told == [
        "001 银行卡号:************6467 → ***************0128",
        "002 银行卡号:***************0128 → 空白",
    ]
    assert CARD not in repr(plan)
    assert OTHER_CARD not in repr(plan)


def test_what_is_left_empty_is_withdrawn_only_on_confirmation(store):
    with_roster(store)
    send(store, card("001", CARD), card("002", OTHER_CARD))
    send(store, card("001", CARD), card("002", ""))
    assert stored(store) == {("001", "bank_card"): CARD, ("002", "bank_card"): OTHER_CARD}
    send(store, card("001", CARD), card("002", ""), confirm_gone=True)
    assert stored(store) == {("001", "bank_card"): CARD}


def test_the_same_numbers_again_change_nothing(store):
    with_roster(store)
    send(store, card("001", CARD))
    assert send(store, card("001", CARD)).outcome == "taken_already"
    assert send(store, card("001", CARD, "C9"), card("009", CARD)).counts["numbers_unchanged"] == 1


def test_a_number_that_is_stored_for_somebody_else_is_told_without_stopping(store):
    with_roster(store)
    send(store, card("001", CARD), IdentityValue("101", "phone", "13812345678"))
    plan = send(store, card("002", CARD), IdentityValue("003", "phone", "13812345678", "卡号", "D3"))
    assert [(i.code, i.severity, i.subject) for i in plan.issues] == [
        ("identity-same", "warning", "002"),
        ("identity-same", "info", "003"),
    ]
    assert "001(库中)" in plan.issues[0].found.zh
    only_a = Actor("甲", frozenset({"A"}))
    send(store, IdentityValue("102", "phone", "13912345678"))
    plan = send(store, IdentityValue("002", "phone", "13912345678", "卡号", "D3"), mode="dry", actor=only_a)
    assert "别的医共体的人" in plan.issues[0].found.zh
    assert "102" not in plan.issues[0].render()
    swapped = send(store, card("001", OTHER_CARD), card("002", CARD), mode="dry")
    assert swapped.issues == ()


def test_people_who_are_not_on_the_roster_have_no_number(store):
    with_roster(store)
    with pytest.raises(ValueError, match="bytes"):
        import_roster(store, county.Roster("x", "0", ()), content=b"", actor=HR, now=NOW)
    plan = send(store, card("999", CARD), mode="dry")
    assert plan.numbers.is_empty


def test_numbers_of_a_consortium_out_of_scope_are_neither_seen_nor_changed(store):
    with_roster(store)
    only_a = Actor("甲", frozenset({"A"}))
    assert send(store, card("101", CARD), mode="dry", actor=only_a).numbers.is_empty
    send(store, card("001", CARD), actor=only_a)
    assert stored(store) == {("001", "bank_card"): CARD}


def test_a_preview_token_is_of_the_numbers_too(store):
    with_roster(store)
    plans = [send(store, card("001", number), mode="dry") for number in (CARD, CARD, OTHER_CARD)]
    tokens = [token_of(plan) for plan in plans]
    assert tokens[0] == tokens[1] != tokens[2]


def test_the_audit_tells_of_numbers_by_count_alone(store):
    with_roster(store)
    send(store, card("001", CARD), IdentityValue("001", "citizen_id", ID))
    with store.read() as connection:
        [*_, entry] = audit.entries(connection, EVERYTHING, action="import-roster")
    assert '"numbers_new":2' in entry.details
    assert CARD[-4:] not in entry.details


def test_a_dump_of_every_table_holds_not_one_of_the_digits(store):
    """Both databases: every cell of every table, as text and as bytes, also unpacked where it is compressed."""
    import zlib

    with_roster(store)
    content = f"工号,银行卡号,身份证号\n001,{CARD},{ID}\n".encode()
    values = (card("001", CARD), IdentityValue("001", "citizen_id", ID, "卡号", "D2"))
    roster = county.Roster("卡号.csv", digest(content), (), identities=values)
    import_roster(store, roster, content=content, actor=HR, now=NOW, mode="accept")
    numbers_in_clear(store, actor=HR, now=NOW, fields=["bank_card"], subjects=["001"], purpose="bankfile")
    rotate_key(store, actor=HR, now=NOW)
    cells: list[bytes] = []
    with store.read() as connection:
        for table in METADATA.tables.values():
            for row in connection.execute(table.select()):
                for value in row:
                    held = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    cells.append(held)
                    with suppress(zlib.error):
                        cells.append(zlib.decompress(held))
    assert any(b"read-numbers" in cell for cell in cells)
    for part in (CARD, ID, CARD[4:12], ID[6:14]):
        assert not any(part.encode() in cell for cell in cells)


# ---------------------------------------------------------------- the key


def test_without_its_key_nothing_is_kept_and_what_needs_no_key_still_works(store, key_file):
    with_roster(store)
    county.take(store, county.month_facts(county.JUNE))
    run = county.june(store).run
    text = key_file.read_text()
    key_file.unlink()
    away = Store(store.engine, key_file)
    with pytest.raises(KeyRefused, match="找不到密钥文件"):
        send(away, card("001", CARD))
    with pytest.raises(KeyRefused):
        county.take(away, county.month_facts(county.MAY), name="五月.xlsx")
    with pytest.raises(KeyRefused):
        give_back(away, number=1, out=key_file.parent / "f", actor=HR, now=NOW)
    found = verify_run(away, run=run.id, actor=HR)
    assert found.findings == ()
    assert found.without_key is not None
    key_file.write_text(text)
    key_file.chmod(0o600)
    assert verify_run(away, run=run.id, actor=HR).without_key is None


def test_a_new_key_opens_everything_and_the_old_one_nothing(store, key_file, tmp_path):
    with_roster(store)
    send(store, card("001", CARD), IdentityValue("002", "citizen_id", ID))
    old = read_key(key_file)
    before = stored(store)
    state = rotate_key(store, actor=HR, now=NOW, reason="离任")
    assert (state.numbers, state.files) == (2, 2)
    assert read_key(key_file) != old
    assert waiting_keys(key_file) == []
    assert stored(store) == stored(Store(store.engine, key_file)) == before
    assert key_state(store) == state
    give_back(store, number=2, out=tmp_path / "back", actor=HR, now=NOW)
    assert CARD.encode() in (tmp_path / "back").read_bytes()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text(old.hex())
    elsewhere.chmod(0o600)
    with pytest.raises(KeyRefused, match="不是这个数据库的密钥"):
        stored(Store(store.engine, elsewhere))


def test_a_copy_from_before_a_change_of_keys_opens_with_the_key_that_was_kept(store, key_file):
    """A restored backup, or another database with the same key file: one key more or less is not the end of its numbers."""
    with_roster(store)
    send(store, card("001", CARD))
    with store.read() as connection:
        tables = [METADATA.tables[name] for name in ("identity_number", "cipher_key")]
        before = [(table, connection.execute(table.select()).mappings().all()) for table in tables]
    rotate_key(store, actor=HR, now=NOW)
    rotate_key(store, actor=HR, now=NOW)
    with store.write() as connection:
        for table, rows in before:
            connection.execute(table.delete())
            connection.execute(table.insert(), [dict(row) for row in rows])
    newest = read_key(key_file)
    assert stored(Store(store.engine, key_file)) == {("001", "bank_card"): CARD}
    assert read_key(key_file) == newest


def test_no_change_of_keys_deletes_a_key_that_may_be_in_use(store, key_file, monkeypatch):
    """A key file that is mounted by itself can be read, and cannot be replaced."""
    with_roster(store)
    send(store, card("001", CARD))

    def busy(*_args: object) -> None:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr("perf.storage.keys.take_over", busy)
    rotate_key(store, actor=HR, now=NOW)
    assert len(waiting_keys(key_file)) == 1
    monkeypatch.setattr("perf.services.rotate_key._resealed", busy)
    with pytest.raises(OSError, match="busy"):
        rotate_key(Store(store.engine, key_file), actor=HR, now=NOW)
    assert stored(Store(store.engine, key_file)) == {("001", "bank_card"): CARD}


KILLED = """
import os, signal
from pathlib import Path
from perf.services import rotate_key as module
from perf.services.actors import local_actor
from perf.storage.store import open_store
from datetime import datetime, UTC

store = open_store({url!r}, Path({key!r}))
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
if {when!r} == "before":
    module.audit.append = die
else:
    from perf.storage import keys
    keys.take_over = die
module.rotate_key(store, actor=local_actor("王芳"), now=datetime.now(UTC))
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_change_of_keys_that_is_killed_is_wholly_undone_or_wholly_done(store, database_url, key_file, when):
    with_roster(store)
    send(store, card("001", CARD), IdentityValue("002", "citizen_id", ID))
    before, old = stored(store), read_key(key_file)
    script = KILLED.format(url=database_url, key=str(key_file), when=when)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == -9, done.stderr
    assert read_key(key_file) == old
    assert len(waiting_keys(key_file)) == 1
    again = Store(store.engine, key_file)
    assert stored(again) == before
    assert (read_key(key_file) == old) == (when == "before")
    rotate_key(again, actor=HR, now=NOW)
    assert stored(Store(store.engine, key_file)) == before
    assert waiting_keys(key_file) == []


def test_a_change_of_keys_is_refused_where_something_does_not_open(store, key_file):
    with_roster(store)
    send(store, card("001", CARD))
    text = key_file.read_text()
    with store.write() as connection:
        connection.exec_driver_sql("update identity_number set subject = '002'")
    with pytest.raises(VerificationFailed):
        key_state(store)
    with pytest.raises(VerificationFailed):
        rotate_key(store, actor=HR, now=NOW)
    assert key_file.read_text() == text
    assert len(waiting_keys(key_file)) == 1
    with store.write() as connection:
        connection.exec_driver_sql("update identity_number set subject = '001'")
    rotate_key(store, actor=HR, now=NOW)
    assert stored(store) == {("001", "bank_card"): CARD}


def test_files_from_before_there_was_a_key_are_encrypted_by_init(tmp_path: Path, sqlite_url):
    store = init_database(sqlite_url, actor=HR, now=NOW)
    with_roster(store)
    send(store, card("001", CARD))
    with store.write() as connection:
        from perf.storage.packing import packed

        connection.exec_driver_sql("delete from cipher_key")
        connection.exec_driver_sql("delete from identity_number")
        connection.exec_driver_sql('update "import" set content = ? where id = 2', (packed(CARD.encode(), level=0),))
    store.close()
    every = b"".join(file.read_bytes() for file in tmp_path.glob("perf.db*"))
    assert CARD.encode() in every
    init_database(sqlite_url, actor=HR, now=NOW).close()
    every = b"".join(file.read_bytes() for file in tmp_path.glob("perf.db*"))
    assert CARD.encode() not in every


def test_accepting_a_file_with_a_wrong_number_is_refused_whole(store):
    from tests.unit.excel.excel_building import sheet_bytes

    from perf.excel import read_roster
    from perf.kernel.subjects import Roster

    with_roster(store)
    rows = [["工号", "姓名", "银行卡号"], ["001", "赵一", CARD], ["002", "钱二", OTHER_CARD[:-1] + "9"]]
    content = sheet_bytes(rows)
    reading = read_roster("卡号.xlsx", content, known=Roster(county.SEGMENTS))
    with pytest.raises(InputRefused) as refused:
        import_roster(store, reading, content=content, actor=HR, now=NOW, mode="accept")
    assert OTHER_CARD[:12] not in "".join(issue.render() for issue in refused.value.issues)
    assert stored(store) == {}
    plan = import_roster(store, reading, content=content, actor=HR, now=NOW, mode="accept_clean")
    assert plan.outcome == "accepted"
    assert stored(store) == {("001", "bank_card"): CARD}
