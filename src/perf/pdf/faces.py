"""The embedded faces: their characters, widths, outlines; one function chooses the face of a character."""

import struct
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

UNITS_PER_EM: Final = 1000
INVISIBLE: Final = frozenset(
    [
        *map(chr, range(0xFE00, 0xFE10)),
        *map(chr, range(0xE0100, 0xE01F0)),
        "\u200b",
        "\u200c",
        "\u200d",
        "\u2060",
        "\ufeff",
    ]
)
_BLANKS: Final = frozenset("\t\n\r\x0b\x0c\u2028\u2029")


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A TrueType font without composite glyphs, read once a process.

    Attributes:
        name: PostScript name.
        glyph_ids: Character -> glyph; every character it can draw.
        advances: Width of each glyph in thousandths of the size.
        bearings: Left side bearing of each glyph, same unit.
        offsets: Where each glyph starts in `outlines`; one more than there are glyphs.
        outlines: The `glyf` table.
        head, hhea, maxp: Those tables as they are.
    """

    name: str
    glyph_ids: dict[str, int]
    advances: Sequence[int]
    bearings: Sequence[int]
    offsets: Sequence[int]
    outlines: bytes
    head: bytes
    hhea: bytes
    maxp: bytes

    def outline(self, glyph: int) -> bytes:
        """The glyph's outline, padded to four bytes; empty for a blank."""
        return self.outlines[self.offsets[glyph] : self.offsets[glyph + 1]]


@cache
def regular() -> Face:
    """Noto Sans SC Regular: all its Han, signs, Latin."""
    return _read("NotoSansSC-Regular")


@cache
def bold() -> Face:
    """Noto Sans SC Bold: the 3,755 commonest Han, signs, Latin."""
    return _read("NotoSansSC-Bold")


@cache
def rare() -> Face:
    """The Han that Noto Sans SC lacks, from LXGW WenKai."""
    return _read("PerfRareHan")


def face_of(character: str) -> Face | None:
    """The face that draws `character` in plain text: regular, else rare, else none."""
    return next((face for face in (regular(), rare()) if character in face.glyph_ids), None)


def missing_characters(text: str) -> set[str]:
    """The characters of `text` that no face has; they print as their code, and an import reports them."""
    return {c for c in set(text) if c not in INVISIBLE and c not in _BLANKS and face_of(c) is None}


@lru_cache(maxsize=1 << 13)
def spelled(text: str) -> str:
    """`text` with every blank a space, invisible signs left out, and a character that no face has as `[U+XXXXX]`."""
    if regular().glyph_ids.keys() >= set(text):
        return text
    return "".join(_spelled_character(c) for c in text)


def _spelled_character(character: str) -> str:
    if character in _BLANKS:
        return " "
    if character in INVISIBLE:
        return ""
    return character if face_of(character) else f"[U+{ord(character):04X}]"


def _read(name: str) -> Face:
    raw = files("perf.assets").joinpath("fonts", f"{name}.ttf").read_bytes()
    table = {}
    for number in range(struct.unpack_from(">H", raw, 4)[0]):
        tag, _, offset, length = struct.unpack_from(">4sIII", raw, 12 + 16 * number)
        table[tag] = raw[offset : offset + length]
    glyphs = struct.unpack_from(">H", table[b"maxp"], 4)[0]
    advances, bearings = _metrics(table[b"hmtx"], glyphs, struct.unpack_from(">H", table[b"hhea"], 34)[0])
    return Face(
        name=name,
        glyph_ids=_glyph_ids(table[b"cmap"]),
        advances=advances,
        bearings=bearings,
        offsets=_big_endian("I", table[b"loca"]),
        outlines=table[b"glyf"],
        head=table[b"head"],
        hhea=table[b"hhea"],
        maxp=table[b"maxp"],
    )


def _glyph_ids(cmap: bytes) -> dict[str, int]:
    """The committed fonts have one subtable, of format 12."""
    start = struct.unpack_from(">I", cmap, 8)[0]
    kind, _, _, _, groups = struct.unpack_from(">HHIII", cmap, start)
    if kind != 12:
        raise ValueError("a committed font must have a cmap of format 12: run scripts/refresh_fonts.py")
    found: dict[str, int] = {}
    for first, last, glyph in struct.iter_unpack(">III", cmap[start + 16 : start + 16 + 12 * groups]):
        for code in range(first, last + 1):
            found[chr(code)] = glyph + code - first
    return found


def _metrics(hmtx: bytes, glyphs: int, long_metrics: int) -> tuple[Sequence[int], Sequence[int]]:
    pairs = list(struct.iter_unpack(">Hh", hmtx[: 4 * long_metrics]))
    advances = array("H", [advance for advance, _ in pairs] + [pairs[-1][0]] * (glyphs - long_metrics))
    bearings = array("h", [bearing for _, bearing in pairs])
    bearings.extend(_big_endian("h", hmtx[4 * long_metrics :]))
    return advances, bearings


def _big_endian(code: str, raw: bytes) -> "array[int]":
    numbers: array[int] = array(code, raw)
    if struct.pack("=H", 1) != b"\x00\x01":
        numbers.byteswap()
    return numbers
