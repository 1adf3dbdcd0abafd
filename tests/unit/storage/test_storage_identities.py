"""What identifies people stands in the database encrypted, opens only where it was put, and only with its key."""

import base64
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from test_storage_records import EVERYTHING, NOW, ONLY_A, ONLY_B, an_import

from perf.kernel.identity_fields import IdentityValue
from perf.storage import identities, imports
from perf.storage.cipher import Cipher, Unsealable, is_intact, is_sealed
from perf.storage.findings import Finding
from perf.storage.identities import NewIdentity, append_identities, newest_identities
from perf.storage.key_file import KeyRefused, key_beside, make_key, new_key, next_key, read_key, waiting_keys
from perf.storage.keys import fingerprint_in_use, note_key
from perf.storage.store import Store, open_store

ID, CARD = "11010519491231002X", "4539148803436467"
KEY = bytes(range(32))


def keep(store: Store, *values: IdentityValue, consortium: str = "A") -> int:
    with store.write() as connection:
        cipher = store.keys.cipher_for_writing(connection, EVERYTHING, NOW)
        number = an_import(connection, repr([v.value for v in values]).encode(), cipher=cipher)
        append_identities(connection, EVERYTHING, cipher, number, [NewIdentity(consortium, v) for v in values])
        return number


def opened(store: Store, viewer=EVERYTHING) -> dict[tuple[str, str], str]:
    with store.read() as connection:
        cipher = store.keys.cipher(connection)
        return {key: one.opened(cipher).value for key, one in newest_identities(connection, viewer).items()}


def every_byte(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if not path.name.endswith(".key"))


# ---------------------------------------------------------------- sealing


@given(st.text(max_size=60), st.lists(st.text(max_size=8), max_size=3))
def test_what_is_sealed_opens_at_its_place_and_nowhere_else(value: str, place: list[str]) -> None:
    cipher = Cipher(KEY)
    sealed = cipher.seal(value, *place)
    assert cipher.open(sealed, *place) == value
    for other in ([*place, ""], ["x", *place], place[:-1] if place else ["y"]):
        with pytest.raises(Unsealable):
            cipher.open(sealed, *other)
    with pytest.raises(Unsealable):
        Cipher(bytes(32)).open(sealed, *place)


def test_every_changed_bit_shows() -> None:
    cipher = Cipher(KEY)
    sealed, file = cipher.seal(ID, "1", "p", "citizen_id"), cipher.seal_file(b"content" * 9, "1")
    for place in range(len(sealed)):
        with pytest.raises(Unsealable):
            cipher.open(sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :], "1", "p", "citizen_id")
    for place in range(len(file)):
        changed = file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :]
        assert not is_intact(changed, "1")
        with pytest.raises(Unsealable):
            cipher.open_file(changed, "1")
    for length in range(0, len(file), 7):
        with pytest.raises(Unsealable):
            cipher.open_file(file[:length], "1")


def test_the_same_value_is_sealed_differently_and_found_all_the_same() -> None:
    cipher = Cipher(KEY)
    assert cipher.seal(ID, "a") != cipher.seal(ID, "a")
    assert cipher.search_key("citizen_id", ID) == cipher.search_key("citizen_id", ID)
    assert cipher.search_key("phone", ID) != cipher.search_key("citizen_id", ID)
    assert Cipher(bytes(32)).search_key("citizen_id", ID) != cipher.search_key("citizen_id", ID)
    assert KEY.hex() not in repr(cipher)
    assert ID not in repr(IdentityValue("p", "citizen_id", ID))


# ---------------------------------------------------------------- the key file


def test_a_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.key"
    make_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(read_key(file)) == 32
    with pytest.raises(KeyRefused, match="已存在"):
        make_key(file)
    for mode in (0o640, 0o604, 0o620):
        file.chmod(mode)
        with pytest.raises(KeyRefused, match="chmod 600") as refused:
            read_key(file)
        assert KEY.hex() not in str(refused.value)


@pytest.mark.parametrize("text", [KEY.hex(), KEY.hex().upper(), base64.b64encode(KEY).decode(), f"\n{KEY.hex()}\r\n"])
def test_a_key_is_written_in_hexadecimal_or_base64(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.key"
    file.write_text(text)
    file.chmod(0o600)
    assert read_key(file) == KEY


@pytest.mark.parametrize("text", ["", "00", KEY.hex()[:-2], KEY.hex() + "00", "钥匙一把", "x" * 64, "0" * 9000])
def test_what_is_no_key_is_refused_without_being_shown(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.key"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(KeyRefused, match="不是密钥文件") as refused:
        read_key(file)
    assert not text or text not in str(refused.value)


def test_a_missing_key_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match="找不到密钥文件"):
        read_key(tmp_path / "none.key")
    with pytest.raises(KeyRefused, match="PERF_KEY_FILE"):
        read_key(None)
    with pytest.raises(KeyRefused, match="读不出来"):
        read_key(tmp_path)


# ---------------------------------------------------------------- in the database


def test_the_newest_value_counts_and_an_empty_one_takes_it_back(store: Store) -> None:
    keep(store, IdentityValue("p1", "citizen_id", ID), IdentityValue("p1", "bank_card", CARD))
    keep(store, IdentityValue("p2", "phone", "13812345678"), consortium="B")
    keep(store, IdentityValue("p1", "citizen_id", "440524188001010014"), IdentityValue("p1", "bank_card", ""))
    assert opened(store) == {("p1", "citizen_id"): "440524188001010014", ("p2", "phone"): "13812345678"}
    assert opened(store, ONLY_B) == {("p2", "phone"): "13812345678"}


def test_nothing_is_appended_out_of_scope(store: Store) -> None:
    value = NewIdentity("B", IdentityValue("p", "phone", "13812345678"))
    with store.write() as connection:
        cipher = store.keys.cipher_for_writing(connection, EVERYTHING, NOW)
        number = an_import(connection, cipher=cipher)
        with pytest.raises(PermissionError):
            append_identities(connection, ONLY_A, cipher, number, [value])


def test_no_byte_of_the_database_file_holds_a_number(sqlite_store: Store, tmp_path: Path) -> None:
    keep(sqlite_store, IdentityValue("p1", "citizen_id", ID), IdentityValue("p1", "bank_card", CARD))
    stored = every_byte(tmp_path)
    assert b"p1" in stored
    for part in (ID, CARD, ID[6:14], CARD[4:12]):
        assert part.encode() not in stored


def test_a_value_moved_to_another_row_does_not_open(store: Store) -> None:
    keep(store, IdentityValue("p1", "bank_card", CARD), IdentityValue("p2", "bank_card", "6222021234567890128"))
    with store.write() as connection:
        connection.exec_driver_sql(
            "update identity_number set sealed = (select sealed from identity_number where subject = 'p1'), "
            "search = (select search from identity_number where subject = 'p1') where subject = 'p2'"
        )
    with store.read() as connection:
        found = list(identities.broken_identities(connection, store.keys.cipher(connection)))
    assert found == [Finding("identity_number", "1 p2 bank_card", "changed")]


def test_a_refused_statement_does_not_tell_its_values(store: Store) -> None:
    with pytest.raises(sa.exc.DBAPIError) as refused, store.write() as connection:
        connection.execute(sa.text("insert into nowhere values (:n)"), {"n": CARD})
    assert CARD not in str(refused.value)


def test_a_database_takes_no_other_key(store: Store, key_file: Path) -> None:
    keep(store, IdentityValue("p1", "citizen_id", ID))
    key_file.unlink()
    again = Store(store.engine, key_file)
    with again.read() as connection, pytest.raises(KeyRefused, match="找不到"):
        again.keys.cipher(connection)
    make_key(key_file)
    with again.read() as connection, pytest.raises(KeyRefused, match="不是这个数据库的密钥"):
        again.keys.cipher(connection)


def test_files_are_sealed_and_accidents_show_without_the_key(store: Store) -> None:
    keep(store, IdentityValue("p1", "citizen_id", ID))
    with store.read() as connection:
        cipher = store.keys.cipher(connection)
        stored = connection.exec_driver_sql("select content from import").scalar_one()
        assert is_sealed(bytes(stored))
        assert imports.changed_imports(connection, EVERYTHING, None) == []
    changed = bytes(stored)[:-40] + bytes([stored[-40] ^ 1]) + bytes(stored)[-39:]
    with store.write() as connection:
        connection.execute(sa.text('update "import" set content = :c'), {"c": changed})
    with store.read() as connection:
        for known in (cipher, None):
            assert imports.changed_imports(connection, EVERYTHING, known) == [Finding("import", "1", "changed")]
        with pytest.raises(Unsealable):
            imports.import_content(connection, EVERYTHING, 1, store.keys)


# ---------------------------------------------------------------- a change of keys that is cut off


def _waiting(key_file: Path) -> Path:
    key = new_key()
    file = next_key(key_file, Cipher(key).fingerprint)
    make_key(file, key)
    return file


def _reseal(store: Store, new: Cipher) -> None:
    with store.write() as connection:
        old = store.keys.cipher(connection)
        identities.reseal_identities(connection, old, new)
        imports.reseal_contents(connection, old, new)
        note_key(connection, EVERYTHING, new.fingerprint, NOW)


def test_after_the_commit_the_waiting_key_takes_the_place_of_the_old_one(store: Store, key_file: Path) -> None:
    number = keep(store, IdentityValue("p1", "citizen_id", ID))
    file = _waiting(key_file)
    texts = key_file.read_text(), file.read_text()
    _reseal(store, Cipher(read_key(file)))
    again = Store(store.engine, key_file)
    assert opened(again) == opened(store) == {("p1", "citizen_id"): ID}
    assert key_file.read_text() == texts[1] != texts[0]
    assert waiting_keys(key_file) == []
    with again.read() as connection:
        assert ID.encode() in (imports.import_content(connection, EVERYTHING, number, again.keys) or b"")
        assert list(identities.broken_identities(connection, again.keys.cipher(connection))) == []


def test_before_the_commit_the_old_key_is_the_key(store: Store, key_file: Path) -> None:
    keep(store, IdentityValue("p1", "citizen_id", ID))
    _waiting(key_file)
    old = key_file.read_text()
    again = Store(store.engine, key_file)
    assert opened(again) == {("p1", "citizen_id"): ID}
    assert key_file.read_text() == old


def test_an_open_store_notices_that_the_key_was_changed(store: Store, key_file: Path) -> None:
    keep(store, IdentityValue("p1", "citizen_id", ID))
    other = Store(store.engine, key_file)
    assert opened(other) == {("p1", "citizen_id"): ID}
    _reseal(store, Cipher(read_key(_waiting(key_file))))
    keep(other, IdentityValue("p2", "citizen_id", ID))
    assert len(opened(store)) == 2
    with store.read() as connection:
        assert fingerprint_in_use(connection) == other.keys.cipher(connection).fingerprint


def test_the_key_of_an_sqlite_file_lies_beside_it_unless_it_is_named(sqlite_url: str, tmp_path: Path) -> None:
    beside = open_store(sqlite_url)
    assert beside.keys.file == key_beside(str(tmp_path / "perf.db"))
    named = shutil.move(beside.keys.file, tmp_path / "else.key")
    elsewhere = open_store(sqlite_url, Path(named))
    assert elsewhere.keys.file == Path(named)
    keep(elsewhere, IdentityValue("p1", "phone", "13812345678"))
    beside.close()
    elsewhere.close()
