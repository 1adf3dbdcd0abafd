"""`key rotate`: everything that is encrypted, encrypted anew with a new key, in one transaction: all of it or nothing."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from perf.kernel.errors import VerificationFailed
from perf.kernel.text import Text
from perf.services.actors import Actor
from perf.storage import audit, identities, imports
from perf.storage.cipher import Cipher, Unsealable
from perf.storage.counters import wait_for_turn
from perf.storage.key_file import KeyRefused, make_key, new_key, next_key, put_aside, waiting_keys
from perf.storage.keys import note_key
from perf.storage.store import Connection, Store
from perf.storage.viewer import EVERYTHING


@dataclass(frozen=True, slots=True)
class KeyState:
    """The key in use, and what is encrypted with it."""

    file: Path
    fingerprint: str
    numbers: int
    files: int


def key_state(store: Store) -> KeyState:
    """Which key is in use, whether everything opens with it.

    Raises:
        KeyRefused: the key is not there, or another.
        VerificationFailed: something does not open.
    """
    with store.read() as connection:
        cipher = store.keys.cipher(connection)
        broken = [
            *identities.broken_identities(connection, cipher),
            *imports.changed_imports(connection, EVERYTHING, cipher),
        ]
        numbers, files = identities.count_sealed(connection), imports.count_sealed(connection)
    if broken:
        told = ";".join(finding.told.zh for finding in broken[:3])
        raise VerificationFailed(
            Text(f"{len(broken)} 处打不开或已被改动:{told}", f"{len(broken)} do not open: {broken[0]}")
        )
    return KeyState(_file_of(store), cipher.fingerprint, numbers, files)


def rotate_key(store: Store, *, actor: Actor, now: datetime, reason: str = "") -> KeyState:
    """Make a new key and encrypt everything with it.

    The new key is written beside the old one (`….new`) first; then everything is encrypted in one transaction, which
    also says which key is in use; then the new file takes the place of the old one, which stays as `….old`. Cut off
    before the commit, the old key is the key and nothing has changed; cut off after it, the next start finds the waiting
    file and puts it in place. No key is ever deleted here: backups, and other databases with this key file, need it.

    Raises:
        KeyRefused: the old key is not there, or another.
        VerificationFailed: something does not open with it; nothing was changed.
    """
    file = _file_of(store)
    with store.read() as connection:
        store.keys.cipher(connection)  # also finishes a change that was cut off, so that no waiting key is in use
    with store.write() as connection:
        wait_for_turn(connection, "import")
        old = store.keys.cipher_for_writing(connection, actor.viewer, now)
        for left in waiting_keys(file):
            put_aside(left, file)
        key = new_key()
        new = Cipher(key)
        make_key(next_key(file, new.fingerprint), key)
        numbers, files = _resealed(connection, old, new)
        note_key(connection, actor.viewer, new.fingerprint, now)
        audit.append(
            connection,
            actor.viewer,
            consortium="",
            at=now,
            action="rotate-key",
            target="database",
            reason=reason,
            details={"from": old.fingerprint, "to": new.fingerprint, "numbers": numbers, "files": files},
        )
    with store.read() as connection:
        store.keys.cipher(connection)  # the database knows the new one now, whose file takes its place
    store.forget_replaced()  # where it cannot be done now, what is left is sealed with a key that is gone
    return KeyState(file, new.fingerprint, numbers, files)


def _resealed(connection: Connection, old: Cipher, new: Cipher) -> tuple[int, int]:
    try:
        return identities.reseal_identities(connection, old, new), imports.reseal_contents(connection, old, new)
    except Unsealable:
        raise VerificationFailed(
            Text(
                "有内容用现在的密钥打不开,没有更换;先用 perf-pay key check 查看",
                "something does not open with the present key; nothing was changed: perf-pay key check",
            )
        ) from None


def _file_of(store: Store) -> Path:
    if store.keys.file is None:
        raise KeyRefused(Text("没有密钥:请用 PERF_KEY_FILE 指明密钥文件", "no key: name the key file in PERF_KEY_FILE"))
    return store.keys.file
