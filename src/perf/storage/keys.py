"""The key that a database is encrypted with: found in its file, and held against the fingerprint that the database knows."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from perf.kernel.text import Text
from perf.storage.identity_tables import CIPHER_KEY
from perf.storage.key_file import KeyRefused, kept_key, next_key, read_key, take_over
from perf.storage.viewer import Viewer

if TYPE_CHECKING:
    from perf.storage.cipher import Cipher


class Keyring:
    """The key of one database. It is read when something has to be opened or sealed, not before."""

    __slots__ = ("_cipher", "file")

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self._cipher: Cipher | None = None

    def cipher(self, connection: sa.Connection) -> "Cipher":
        """What the database is encrypted with.

        A key that was just put in use and whose file still waits beside the old one takes its place: that finishes a
        change of keys that was cut off after everything was encrypted anew. A database that was restored from an older
        copy, or has its key file together with another one, opens with the replaced key that was kept.

        Raises:
            KeyRefused: there is no key file, others may read it, or it is another key.
        """
        known = fingerprint_in_use(connection)
        if self._cipher is not None and known in (None, self._cipher.fingerprint):
            return self._cipher
        own = _cipher_of(self.file)
        if known not in (None, own.fingerprint):
            own = self._beside(own.fingerprint, known) or _refuse(self.file, known)
        self._cipher = own
        return own

    def cipher_for_writing(self, connection: sa.Connection, viewer: Viewer, at: datetime) -> "Cipher":
        """The same in a transaction that seals something; the first key of a database is noted with it."""
        cipher = self.cipher(connection)
        if fingerprint_in_use(connection) is None:
            note_key(connection, viewer, cipher.fingerprint, at)
        return cipher

    def _beside(self, replaced: str, known: str | None) -> "Cipher | None":
        """The key of that fingerprint that lies beside the key file: a new one, which takes its place, or a kept one."""
        if self.file is None or known is None:
            return None
        waiting = next_key(self.file, known)
        for place in (waiting, kept_key(self.file, known)):
            if not place.exists() or (found := _cipher_of(place)).fingerprint != known:
                continue
            # somebody else took it over just now, or nothing can be written here: the key is the right one all the same
            with suppress(OSError):
                if place == waiting:
                    take_over(place, self.file, kept_key(self.file, replaced))
            return found
        return None


def fingerprint_in_use(connection: sa.Connection) -> str | None:
    """The fingerprint of the key that everything is encrypted with; None before anything is."""
    query = sa.select(CIPHER_KEY.c.fingerprint).order_by(CIPHER_KEY.c.n.desc()).limit(1)
    found: str | None = connection.execute(query).scalar()
    return found


def note_key(connection: sa.Connection, viewer: Viewer, fingerprint: str, at: datetime) -> None:
    """From now on everything is encrypted with the key of this fingerprint."""
    last = connection.execute(sa.select(sa.func.max(CIPHER_KEY.c.n))).scalar() or 0
    connection.execute(
        sa.insert(CIPHER_KEY).values(n=last + 1, fingerprint=fingerprint, made_by=viewer.name, made_at=at)
    )


def _cipher_of(file: Path | None) -> "Cipher":
    from perf.storage.cipher import Cipher

    return Cipher(read_key(file))


def _refuse(file: Path | None, known: str | None) -> "Cipher":
    raise KeyRefused(
        Text(
            f"{file} 不是这个数据库的密钥(应为指纹 {known} 的那一把);请放回原来的密钥文件",
            f"{file} is not the key of this database (fingerprint {known}); put the right key file back",
        )
    )
