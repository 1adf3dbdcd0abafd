"""Compressed bytes in columns. Unpacking is strict: a byte too many is as wrong as one that is missing."""

import zlib

Broken = zlib.error


def packed(content: bytes, *, level: int = 1) -> bytes:
    """`content`, compressed."""
    return zlib.compress(content, level)


def unpacked(content: bytes) -> bytes:
    """What `packed` was given.

    Raises:
        Broken: not such bytes, or more than such bytes.
    """
    reader = zlib.decompressobj()
    found = reader.decompress(content) + reader.flush()
    if not reader.eof or reader.unused_data:
        raise Broken("bytes are missing or added")
    return found
