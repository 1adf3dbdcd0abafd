"""The fonts of one document: the glyphs it uses, in order of first use, as small TrueType files that copy right."""

import struct
import zlib
from array import array
from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from perf.pdf.faces import UNITS_PER_EM, Face, bold, rare, regular, spelled
from perf.pdf.measure import has_bold

if TYPE_CHECKING:
    from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFDocument, PDFObject, PDFObjectReference, PDFStream

_CHECKSUM_MAGIC: Final = 0xB1B0AFBA
_BLOCK: Final = 100  # a CMap block holds at most a hundred entries
_SYMBOLIC: Final = 4
_COMPRESSION: Final = 2
_ZLIB_HEAD: Final = b"\x78\xda"
_LAST_BLOCK: Final = b"\x03\x00"
"""An empty block that says it is the last one."""


class _Codes(dict[str, str]):
    """Character -> its four hex digits in the content stream; the next code when it is first asked for."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.face = face
        self.glyphs = [0]

    def __missing__(self, character: str) -> str:
        glyph = self.face.glyph_ids[character]
        code = f"{len(self.glyphs):04X}"
        self.glyphs.append(glyph)
        self[character] = code
        return code


class Typesetter:
    """Turns text into runs of codes for one document."""

    def __init__(self) -> None:
        self._regular, self._bold, self._rare = _Codes(regular()), _Codes(bold()), _Codes(rare())

    def runs(self, text: str, *, heavy: bool = False) -> list[tuple[str, str, bool]]:
        """(font name, hex codes, stroked) of each run of `text` in one face."""
        if heavy and has_bold(text):
            return [("B", "".join(map(self._bold.__getitem__, text)), False)]
        try:
            return [("R", "".join(map(self._regular.__getitem__, text)), heavy)]
        except KeyError:
            return self._mixed_runs(spelled(text), heavy=heavy)

    def _mixed_runs(self, text: str, *, heavy: bool) -> list[tuple[str, str, bool]]:
        found: list[tuple[str, str, bool]] = []
        for character in text:
            font, codes = ("R", self._regular) if character in regular().glyph_ids else ("X", self._rare)
            if found and found[-1][0] == font:
                found[-1] = (font, found[-1][1] + codes[character], heavy)
            else:
                found.append((font, codes[character], heavy))
        return found

    def add_to(self, document: "PDFDocument") -> None:
        """Put the fonts that were used into the document's resources."""
        resources = cast("PDFDictionary", document.idToObject["BasicFonts"])
        for name, codes in (("R", self._regular), ("B", self._bold), ("X", self._rare)):
            if codes:
                reference = _reference(document, _font(document, codes))
                resources.dict[name] = reference


def _font(document: "PDFDocument", codes: _Codes) -> "PDFDictionary":
    from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFString

    face = codes.face
    font = small_font(face, codes.glyphs)
    name = PDFName(f"{_tag(font.file)}+{face.name}")
    box = struct.unpack_from(">4h", face.head, 36)
    ascent, descent = struct.unpack_from(">2h", face.hhea, 4)
    descriptor = PDFDictionary(
        {
            "Type": PDFName("FontDescriptor"),
            "FontName": name,
            "Flags": _SYMBOLIC,
            "FontBBox": PDFArray(box),
            "ItalicAngle": 0,
            "Ascent": ascent,
            "Descent": descent,
            "CapHeight": 733,
            "StemV": 140 if face is bold() else 80,
            "FontFile2": _reference(document, _stream(font.packed, Length1=len(font.file))),
        }
    )
    system = {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
    descendant = PDFDictionary(
        {
            "Type": PDFName("Font"),
            "Subtype": PDFName("CIDFontType2"),
            "BaseFont": name,
            "CIDSystemInfo": PDFDictionary(system),
            "CIDToGIDMap": PDFName("Identity"),
            "DW": UNITS_PER_EM,
            "W": f"[0 [{' '.join(str(face.advances[glyph]) for glyph in codes.glyphs)}]]",
            "FontDescriptor": _reference(document, descriptor),
        }
    )
    return PDFDictionary(
        {
            "Type": PDFName("Font"),
            "Subtype": PDFName("Type0"),
            "BaseFont": name,
            "Encoding": PDFName("Identity-H"),
            "DescendantFonts": PDFArray([_reference(document, descendant)]),
            "ToUnicode": _reference(document, _stream(zlib.compress(to_unicode(codes), _COMPRESSION))),
        }
    )


def _reference(document: "PDFDocument", thing: "PDFObject") -> "PDFObjectReference":
    reference: PDFObjectReference = document.Reference(thing)  # type: ignore[no-untyped-call]
    return reference


def _stream(packed: bytes, **entries: int) -> "PDFStream":
    from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFStream

    return PDFStream(PDFDictionary({**entries, "Filter": PDFName("FlateDecode")}), packed, filters=[])


def _tag(file: bytes) -> str:
    number = zlib.crc32(file)
    return "".join(chr(ord("A") + number // 26**place % 26) for place in range(6))


def to_unicode(codes: dict[str, str]) -> bytes:
    """The CMap from codes back to characters, in UTF-16BE, so that characters beyond the BMP copy right too."""
    entries = [f"<{code}> <{_utf16(character)}>" for character, code in codes.items()]
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


class SmallFont(NamedTuple):
    """A TrueType file, and the same as a zlib stream."""

    file: bytes
    packed: bytes


def small_font(face: Face, glyphs: list[int]) -> SmallFont:
    """A TrueType file with only `glyphs` of `face`, numbered in that order (the first one is .notdef)."""
    outlines = [_outline(face, glyph) for glyph in glyphs]
    offsets = [0, *accumulate([len(outline.padded) for outline in outlines])]
    metrics = [number for glyph in glyphs for number in (face.advances[glyph], face.bearings[glyph] & 0xFFFF)]
    count = struct.pack(">H", len(glyphs))
    tables = {
        b"glyf": b"".join([outline.padded for outline in outlines]),
        b"head": face.head[:8] + bytes(4) + face.head[12:],
        b"hhea": face.hhea[:34] + count,
        b"hmtx": struct.pack(f">{len(metrics)}H", *metrics),
        b"loca": struct.pack(f">{len(offsets)}I", *offsets),
        b"maxp": face.maxp[:4] + count + face.maxp[6:],
    }
    sums = {tag: _checksum(_padded(table)) for tag, table in tables.items() if tag != b"glyf"}
    file = _sfnt(tables, {**sums, b"glyf": sum([outline.checksum for outline in outlines]) & 0xFFFFFFFF})
    start = 12 + 16 * len(tables)
    end = start + len(tables[b"glyf"])
    packed = [_ZLIB_HEAD, _fragment(file[:start]), *[outline.packed for outline in outlines], _fragment(file[end:])]
    return SmallFont(file, b"".join([*packed, _LAST_BLOCK, struct.pack(">I", zlib.adler32(file))]))


class _Outline(NamedTuple):
    """What is the same of a glyph in every document: padded to four bytes, its checksum, and deflated."""

    padded: bytes
    checksum: int
    packed: bytes


def _fragment(raw: bytes) -> bytes:
    """`raw` deflated by itself, up to a byte boundary, so that such pieces may stand one after the other (RFC 1951)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(raw) + packer.flush(zlib.Z_FULL_FLUSH)


@lru_cache(maxsize=1 << 14)
def _outline(face: Face, glyph: int) -> _Outline:
    padded = _padded(face.outline(glyph))
    return _Outline(padded, _checksum(padded), _fragment(padded))


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


@cache
def _utf16(character: str) -> str:
    return character.encode("utf-16-be").hex().upper()


def _checksum(padded: bytes) -> int:
    words = array("I", padded)
    if struct.pack("=H", 1) != b"\x00\x01":
        words.byteswap()
    return sum(words) & 0xFFFFFFFF
