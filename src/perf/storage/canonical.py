"""One way to write values as bytes, so that the same values always have the same digest, on every database."""

import hashlib
import json
from collections.abc import Iterable, Sequence


def canonical_json(value: object) -> str:
    """JSON with sorted keys, no blanks, Chinese as it is; of text, integers, booleans, null, lists and mappings."""
    return _ENCODER.encode(value)


def sha256_text(text: str) -> str:
    """Hexadecimal sha256 of the UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def sha256_bytes(content: bytes) -> str:
    """Hexadecimal sha256."""
    return hashlib.sha256(content).hexdigest()


def rows_digest(rows: Iterable[Sequence[object]]) -> str:
    """The digest of rows in their order, one canonical JSON array a line."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(canonical_json(row).encode() + b"\n")
    return digest.hexdigest()


def _refuse(value: object) -> object:
    raise TypeError(f"{type(value).__name__} has no canonical form")


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_refuse)
