"""Encryption of what identifies people: AES-256-GCM, each text bound to its place, and keyed digests to find equals.

Three keys are derived from the one in the key file (HKDF-SHA256, RFC 5869): for values, for files, and for looking up.
Nothing here says in an exception what was encrypted.
"""

import hashlib
import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_FILE_MARK: Final = b"perf-sealed-1\n"
_DIGEST_BYTES: Final = 32
_KEY_BYTES: Final = 32
_JOIN: Final = "\x1f"


class Unsealable(Exception):
    """The bytes were changed, stand in another place, or belong to another key."""


class Cipher:
    """Seals and opens with one key. Shows nothing of it, not even in its `repr`."""

    __slots__ = ("_files", "_search", "_values", "fingerprint")

    def __init__(self, key: bytes) -> None:
        self._values = AESGCM(_derived(key, b"perf values"))
        self._files = AESGCM(_derived(key, b"perf files"))
        self._search = _derived(key, b"perf search")
        self.fingerprint = _derived(key, b"perf fingerprint").hex()[:16]

    def __repr__(self) -> str:
        return f"Cipher({self.fingerprint})"

    def seal(self, value: str, *place: str) -> bytes:
        """`value`, encrypted; it opens only with the same `place` (import, subject, field)."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._values.encrypt(nonce, value.encode(), _bound("value", place))

    def open(self, sealed: bytes, *place: str) -> str:
        """What `seal` was given.

        Raises:
            Unsealable: other bytes, another place, another key.
        """
        return self._opened(self._values, sealed, _bound("value", place)).decode()

    def seal_file(self, content: bytes, *place: str) -> bytes:
        """A file, encrypted, with a mark before it and a digest behind it, by which other bytes show without the key."""
        nonce = os.urandom(_NONCE_BYTES)
        body = _FILE_MARK + nonce + self._files.encrypt(nonce, content, _bound("file", place))
        return body + _digest(body, place)

    def open_file(self, sealed: bytes, *place: str) -> bytes:
        """What `seal_file` was given.

        Raises:
            Unsealable: other bytes, another place, another key.
        """
        if not is_intact(sealed, *place):
            raise Unsealable
        return self._opened(self._files, sealed[len(_FILE_MARK) : -_DIGEST_BYTES], _bound("file", place))

    def search_key(self, field: str, value: str) -> str:
        """The same text for the same value of a field, which nobody can guess without the key."""
        return hmac.digest(self._search, _JOIN.join((field, value)).encode(), "sha256").hex()

    @staticmethod
    def _opened(cipher: AESGCM, sealed: bytes, bound: bytes) -> bytes:
        if len(sealed) < _NONCE_BYTES + _TAG_BYTES:
            raise Unsealable
        try:
            return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)
        except InvalidTag:
            raise Unsealable from None


def is_sealed(stored: bytes) -> bool:
    """Whether a stored file is an encrypted one."""
    return stored.startswith(_FILE_MARK)


def is_intact(sealed: bytes, *place: str) -> bool:
    """Whether an encrypted file is byte for byte what was stored at `place`; needs no key, and stops no forger."""
    body, digest = sealed[:-_DIGEST_BYTES], sealed[-_DIGEST_BYTES:]
    return is_sealed(sealed) and _digest(body, place) == digest


def _digest(body: bytes, place: tuple[str, ...]) -> bytes:
    return hashlib.sha256(body + _bound("file", place)).digest()


def _bound(what: str, place: tuple[str, ...]) -> bytes:
    return _JOIN.join(("perf", what, *(f"{len(part)}:{part}" for part in place))).encode()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=_KEY_BYTES, salt=None, info=purpose).derive(key)
