"""The fonts of one document: the glyphs it uses as small TrueType files that copy right.

A character has the same code in every document, so that what is written on many of them is turned into codes once a
process; a map in each document leads from the codes to the few glyphs that are in it (ADR-0032).
"""

import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from perf.pdf.faces import UNITS_PER_EM, Face, bold, rare, regular, spelled
from perf.pdf.measure import has_bold
from perf.pdf.objects import Objects, reference

_CHECKSUM_MAGIC: Final = 0xB1B0AFBA
_BLOCK: Final = 100  # a CMap block holds at most a hundred entries
_SYMBOLIC: Final = 4
_REMEMBERED: Final = 1 << 12

FontName = Literal["R", "B", "X"]
"""A font in the content streams: regular, bold, rare."""
_FACES: Final = MappingProxyType({"R": regular, "B": bold, "X": rare})


class Run(NamedTuple):
    """A text, or a part of one, in one face.

    Attributes:
        shown: Its codes, four hex digits for each character.
        stroked: Whether a stroke is to make it heavy.
        codes: Those in it, each once.
    """

    font: FontName
    shown: str
    stroked: bool
    codes: frozenset[int]


@lru_cache(maxsize=_REMEMBERED)
def runs(text: str, *, heavy: bool = False) -> tuple[Run, ...]:
    """`text` in as few faces as it needs; what no face has is spelled."""
    if heavy and has_bold(text):
        return (_run("B", text, stroked=False),)
    if regular().glyph_ids.keys() >= set(text):
        return (_run("R", text, stroked=heavy),)
    return tuple(_run(font, part, stroked=heavy) for font, part in _parts(spelled(text)))


def _parts(text: str) -> Iterator[tuple[FontName, str]]:
    """`text` cut where the face changes."""
    known = regular().glyph_ids
    start = 0
    font: FontName = "R" if text[:1] in known else "X"
    for place, character in enumerate(text):
        its: FontName = "R" if character in known else "X"
        if its != font:
            yield font, text[start:place]
            start, font = place, its
    if text:
        yield font, text[start:]


def _run(font: FontName, text: str, *, stroked: bool) -> Run:
    coded = text.translate(_coding(_FACES[font]()).codes)
    return Run(font, coded.encode("utf-16-be").hex().upper(), stroked, frozenset(map(ord, coded)))


class _Coding(NamedTuple):
    """The codes of a face, from 1: first what is narrower than the rest, then what the bold face has, then all else.

    Attributes:
        codes: Code point -> code.
        characters: By their codes; the first one stands for none.
        widths: Of the first codes, as the entry of a font; empty where all characters have the same.
    """

    codes: Mapping[int, int]
    characters: str
    widths: str


@cache
def _coding(face: Face) -> _Coding:
    common = bold().glyph_ids
    advances = {character: face.advances[glyph] for character, glyph in face.glyph_ids.items()}
    order = sorted(advances, key=lambda one: (advances[one] == UNITS_PER_EM, one not in common, one))
    narrow = [str(advances[one]) for one in order if advances[one] != UNITS_PER_EM]
    return _Coding(
        {ord(character): code for code, character in enumerate(order, start=1)},
        "".join(["\0", *order]),
        f" /W [1 [{' '.join(narrow)}]]" if narrow else "",
    )


class Typesetter:
    """Knows which codes of which fonts one document uses."""

    def __init__(self) -> None:
        self._used: dict[FontName, set[int]] = {"R": set(), "B": set(), "X": set()}

    def use(self, some: Iterable[Run]) -> None:
        """What is drawn with these runs goes into the fonts."""
        for run in some:
            self._used[run.font].update(run.codes)

    def add_to(self, objects: Objects) -> list[tuple[FontName, int]]:
        """Write the fonts that were used; gives their names in the content streams and their objects."""
        return [(name, _add_font(objects, _FACES[name](), sorted(used))) for name, used in self._used.items() if used]


def _add_font(objects: Objects, face: Face, codes: list[int]) -> int:
    name = f"{_tag(codes)}+{face.name}"
    file = objects.add_font_file(small_font(face, [0, *codes]))
    box = struct.unpack_from(">4h", face.head, 36)
    ascent, descent = struct.unpack_from(">2h", face.hhea, 4)
    descriptor = objects.add(
        f"<</Type /FontDescriptor /FontName /{name} /Flags {_SYMBOLIC} /FontBBox [{' '.join(map(str, box))}] "
        f"/ItalicAngle 0 /Ascent {ascent} /Descent {descent} /CapHeight 733 /StemV {140 if face is bold() else 80} "
        f"/FontFile2 {reference(file)}>>".encode("ascii")
    )
    glyphs = objects.add_stream(to_glyphs(codes))
    descendant = objects.add(
        f"<</Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /DW {UNITS_PER_EM}{_coding(face).widths} "
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> "
        f"/CIDToGIDMap {reference(glyphs)} /FontDescriptor {reference(descriptor)}>>".encode("ascii")
    )
    unicode = objects.add_stream(to_unicode(face, codes))
    return objects.add(
        f"<</Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
        f"/DescendantFonts [{reference(descendant)}] /ToUnicode {reference(unicode)}>>".encode("ascii")
    )


def _tag(codes: Sequence[int]) -> str:
    number = zlib.crc32(struct.pack(f">{len(codes)}H", *codes))
    return "".join(chr(ord("A") + number // 26**place % 26) for place in range(6))


def to_glyphs(codes: Sequence[int]) -> bytes:
    """The glyph of every code up to the last one: 1, 2, … in the order of `codes`, which ascend; 0 for all between."""
    glyphs = array("H", bytes(2 * (codes[-1] + 1)))
    for glyph, code in enumerate(codes, start=1):
        glyphs[code] = glyph
    return _big_endian(glyphs).tobytes()


def to_unicode(face: Face, codes: Sequence[int]) -> bytes:
    """The CMap from codes back to characters, in UTF-16BE, so that characters beyond the BMP copy right too."""
    known = _glyphs(face)
    entries = [known[code].entry for code in codes]
    blocks = [entries[start : start + _BLOCK] for start in range(0, len(entries), _BLOCK)]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<0000> <FFFF>",
        "endcodespacerange",
    ]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines).encode("ascii")


def small_font(face: Face, codes: Sequence[int]) -> bytes:
    """A TrueType file with only the glyphs of `codes`, numbered in that order; code 0 is .notdef, the first of all."""
    padded, lengths, sums, metrics, _ = zip(*map(_glyphs(face).__getitem__, codes), strict=True)
    count = struct.pack(">H", len(codes))
    tables = {
        b"glyf": b"".join(padded),
        b"head": face.head[:8] + bytes(4) + face.head[12:],
        b"hhea": face.hhea[:34] + count,
        b"hmtx": b"".join(metrics),
        b"loca": struct.pack(f">{len(codes) + 1}I", *accumulate(lengths, initial=0)),
        b"maxp": face.maxp[:4] + count + face.maxp[6:],
    }
    others = {tag: _checksum(_padded(table)) for tag, table in tables.items() if tag != b"glyf"}
    return _sfnt(tables, {**others, b"glyf": sum(sums) & 0xFFFFFFFF})


class _Glyph(NamedTuple):
    """What is the same of a glyph in every document.

    Attributes:
        padded: Its outline, padded to four bytes, of this length and with this checksum.
        metrics: Advance and bearing.
        entry: Its code and its character, for a CMap.
    """

    padded: bytes
    length: int
    checksum: int
    metrics: bytes
    entry: str


class _Glyphs(dict[int, _Glyph]):
    """Code -> its glyph, prepared when it is first asked for."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.face = face

    def __missing__(self, code: int) -> _Glyph:
        face, character = self.face, _coding(self.face).characters[code]
        glyph = face.glyph_ids[character] if code else 0
        padded = _padded(face.outline(glyph))
        metrics = struct.pack(">Hh", face.advances[glyph], face.bearings[glyph])
        entry = f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
        self[code] = _Glyph(padded, len(padded), _checksum(padded), metrics, entry)
        return self[code]


@cache
def _glyphs(face: Face) -> _Glyphs:
    return _Glyphs(face)


def _padded(table: bytes) -> bytes:
    return table + bytes(-len(table) % 4)


def _sfnt(tables: dict[bytes, bytes], sums: dict[bytes, int]) -> bytes:
    """Tables as a file, with directory and checksums. Source: OpenType, “Organization of an OpenType font”."""
    power = len(tables).bit_length() - 1
    head = struct.pack(">IHHHH", 0x00010000, len(tables), 16 << power, power, 16 * len(tables) - (16 << power))
    directory, body, offset, place = [head], [], 12 + 16 * len(tables), 0
    for tag, table in sorted(tables.items()):
        directory.append(struct.pack(">4sIII", tag, sums[tag], offset, len(table)))
        body.append(_padded(table))
        place = offset if tag == b"head" else place
        offset += len(body[-1])
    whole = _checksum(b"".join(directory)) + sum(sums.values())
    file = b"".join([*directory, *body])
    return file[: place + 8] + struct.pack(">I", (_CHECKSUM_MAGIC - whole) & 0xFFFFFFFF) + file[place + 12 :]


def _checksum(padded: bytes) -> int:
    return sum(_big_endian(array("I", padded))) & 0xFFFFFFFF


def _big_endian(numbers: "array[int]") -> "array[int]":
    if struct.pack("=H", 1) != b"\x00\x01":
        numbers.byteswap()
    return numbers
