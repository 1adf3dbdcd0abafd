"""Makes the three committed fonts anew from their packages.

    npm pack @expo-google-fonts/noto-sans-sc@0.4.3
    apt-get download fonts-lxgw-wenkai
    python scripts/refresh_fonts.py expo-google-fonts-noto-sans-sc-0.4.3.tgz fonts-lxgw-wenkai_1.250+repack-1_all.deb

Regular keeps all Han of Noto Sans SC and the signs of a statement; Bold the signs and the 3,755 characters of GB 2312 level 1; the
rare face the Han that Noto lacks. The rare face is renamed, since its licence reserves the name of the original.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

FONTS = Path(__file__).parent.parent / "src" / "perf" / "assets" / "fonts"
REGULAR = "package/400Regular/NotoSansSC_400Regular.ttf"
BOLD = "package/700Bold/NotoSansSC_700Bold.ttf"
RARE = "usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"
NAME_ENTRIES_KEPT = [0, 1, 2, 3, 4, 5, 6, 13, 14]
SIGN_RANGES = (
    (0x20, 0x7F), (0xA0, 0x180), (0x2BC, 0x2BD), (0x391, 0x3CA), (0x2000, 0x2070), (0x20AC, 0x20AD), (0x2100, 0x2220),
    (0x2220, 0x2270), (0x2460, 0x2500), (0x25A0, 0x2613), (0x2E80, 0x2FE0), (0x3000, 0x3040), (0x3200, 0x3400),
    (0xFE30, 0xFE50), (0xFF00, 0xFFF0),
)  # fmt: skip
SIGNS = {code for first, end in SIGN_RANGES for code in range(first, end)}


def is_han(code: int) -> bool:
    return 0x3400 <= code < 0x4DC0 or 0x4E00 <= code < 0xA000 or 0xF900 <= code < 0xFB00 or 0x20000 <= code < 0x33480


def gb2312_level_1() -> set[int]:
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return {ord(pair.decode("gb2312")) for pair in pairs if pair < b"\xd7\xfa"}


def make(source: Path, target: Path, codes: set[int], family: str = "") -> set[int]:
    """Cut `source` down to `codes` and save it without hints, layout tables and composite glyphs."""
    font = TTFont(source)
    kept = codes & set(font.getBestCmap())
    options = subset.Options(
        layout_features=[], hinting=False, glyph_names=False, notdef_outline=True, name_IDs=NAME_ENTRIES_KEPT
    )
    options.drop_tables += [
        "BASE",
        "DSIG",
        "GDEF",
        "GPOS",
        "GSUB",
        "STAT",
        "gasp",
        "prep",
        "vhea",
        "vmtx",
        "meta",
        "VORG",
    ]
    worker = subset.Subsetter(options)
    worker.populate(unicodes=kept)
    worker.subset(font)
    flatten(font)
    font["cmap"].tables = [one_cmap(font.getBestCmap())]
    if family:
        for record in list(font["name"].names):
            if record.nameID in (1, 3, 4, 6):
                record.string = family.replace(" ", "") if record.nameID == 6 else family
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(target)
    return kept


def one_cmap(glyph_names: dict[int, str]) -> CmapSubtable:
    """A single table of format 12, the only one that `perf.pdf.faces` reads."""
    table = CmapSubtable.newSubtable(12)
    table.platformID, table.platEncID, table.language, table.cmap = 3, 10, 0, glyph_names
    return table


def flatten(font: TTFont) -> None:
    glyphs = font.getGlyphSet()
    table = font["glyf"]
    for name in [n for n in table.keys() if table[n].isComposite()]:  # noqa: SIM118  # a glyf table, not a dict
        recording = DecomposingRecordingPen(glyphs)
        glyphs[name].draw(recording)
        pen = TTGlyphPen(None)
        recording.replay(pen)
        table[name] = pen.glyph()


def main(noto: Path, wenkai: Path) -> None:
    FONTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        with tarfile.open(noto) as archive:
            archive.extractall(there, members=[archive.getmember(REGULAR), archive.getmember(BOLD)], filter="data")
        subprocess.run(["dpkg-deb", "-x", str(wenkai), folder], check=True)
        in_noto = set(TTFont(there / REGULAR).getBestCmap())
        in_rare = set(TTFont(there / RARE).getBestCmap())
        regular = SIGNS | {code for code in in_noto if is_han(code)}
        make(there / REGULAR, FONTS / "NotoSansSC-Regular.ttf", regular)
        make(there / BOLD, FONTS / "NotoSansSC-Bold.ttf", SIGNS - set(range(0x2E80, 0x2FE0)) | gb2312_level_1())
        make(
            there / RARE,
            FONTS / "PerfRareHan.ttf",
            {code for code in in_rare if is_han(code)} - in_noto,
            "Perf Rare Han",
        )
    for path in sorted(FONTS.glob("*.ttf")):
        print(path.name, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
