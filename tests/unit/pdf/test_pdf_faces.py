import subprocess
import sys
import zlib
from io import BytesIO
from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont

from perf.pdf import missing_characters
from perf.pdf.embedding import Typesetter, small_font, to_unicode
from perf.pdf.faces import bold, face_of, rare, regular, spelled
from perf.pdf.lines import NEVER_FIRST, NEVER_LAST, shortened, wrap
from perf.pdf.measure import width


def test_every_character_of_gb2312_has_a_face():
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    characters = "".join(pair.decode("gb2312", errors="ignore") for pair in pairs)
    assert len(characters) == 6763
    assert missing_characters(characters) == set()


@pytest.mark.parametrize("character", "㛃䶮𬱖𠮷堃昇旻喆珺玥祎赟曌犇龑𫖯𫍯㵘〇÷×−≈≥≤→↑↓①％‰￥¥·℃№㎡")
def test_characters_of_names_and_formulas_have_a_face(character):
    assert missing_characters(character) == set()


def test_the_rare_face_is_taken_only_where_the_regular_one_has_nothing():
    assert face_of("吉") is regular()
    assert face_of("㛃") is regular()
    assert face_of("𠮷") is rare()
    assert face_of("\U0001f600") is None


def test_missing_characters_are_reported_once_each():
    assert missing_characters("张\U0001f600\U0001f600三\ue000") == {"\U0001f600", "\ue000"}
    assert missing_characters("") == set()
    assert missing_characters("张\n\t三\u200b\ufe0f") == set()


def test_a_missing_character_is_spelled_by_its_code():
    assert spelled("张\U0001f600三\t\ue000") == "张[U+1F600]三 [U+E000]"


def test_characters_beyond_the_bmp_map_back_as_surrogate_pairs():
    assert b"<0001> <D842DFB7>" in to_unicode({"𠮷": "0001"})


def test_a_cmap_block_holds_at_most_a_hundred_entries():
    codes = {chr(0x4E00 + number): f"{number + 1:04X}" for number in range(205)}
    cmap = to_unicode(codes).decode("ascii")
    assert [line for line in cmap.splitlines() if line.endswith("beginbfchar")] == [
        "100 beginbfchar",
        "100 beginbfchar",
        "5 beginbfchar",
    ]


@pytest.mark.parametrize("face", [regular(), bold(), rare()], ids=lambda face: face.name)
def test_a_small_font_keeps_outlines_widths_and_checksums(face):
    glyphs = [0, *list(face.glyph_ids.values())[-40:]]
    small = small_font(face, glyphs)
    assert zlib.decompress(small.packed) == small.file
    font = TTFont(BytesIO(small.file), checkChecksums=2)
    assert font["maxp"].numGlyphs == len(glyphs)
    whole = [font["hmtx"][name][0] for name in font.getGlyphOrder()]
    assert whole == [face.advances[glyph] for glyph in glyphs]
    assert all(font["glyf"][name].numberOfContours >= 0 for name in font.getGlyphOrder())


def test_the_same_character_keeps_its_code_in_a_document():
    setter = Typesetter()
    assert setter.runs("甲乙甲") == [("R", "000100020001", False)]
    assert setter.runs("乙") == [("R", "0002", False)]


def test_text_in_two_faces_is_cut_into_runs():
    assert [font for font, _, _ in Typesetter().runs("张𠮷三")] == ["R", "X", "R"]


def test_a_heavy_word_never_mixes_weights():
    setter = Typesetter()
    assert [(font, stroked) for font, _, stroked in setter.runs("考核", heavy=True)] == [("B", False)]
    assert [(font, stroked) for font, _, stroked in setter.runs("张旻", heavy=True)] == [("R", True)]
    assert [(font, stroked) for font, _, stroked in setter.runs("张𠮷", heavy=True)] == [("R", True), ("X", True)]


@pytest.mark.parametrize("available", [12.0, 30.0, 47.5, 80.0, 200.0])
def test_lines_fit_keep_numbers_whole_and_respect_closing_marks(available):
    text = "272,700.00 × 55% = 149,985.00；余归护理、医技（含影像、检验），行政后勤；“按班次”逐人支付。" * 3
    lines = wrap(text, 7.5, available)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert line
        assert len(line) == 1 or width(line, 7.5) <= available or line[-1] in NEVER_FIRST or available < 30
    for before, after in pairwise(lines):
        if available >= 47.5:
            assert after[0] not in NEVER_FIRST
            assert before[-1] not in NEVER_LAST
    if available >= 80:
        assert any("149,985.00" in line for line in lines)


def test_a_text_of_blanks_is_one_empty_line():
    assert wrap("", 8, 100) == ("",)
    assert wrap("  \n ", 8, 100) == ("",)


def test_a_text_too_long_ends_in_an_ellipsis():
    assert shortened("甲乙丙丁戊己", 10, 35) == "甲乙…"
    assert shortened("甲乙", 10, 35) == "甲乙"


def test_importing_the_package_loads_neither_reportlab_nor_fonttools():
    code = "import sys, perf.pdf; print(sorted(m for m in ('reportlab', 'fontTools') if m in sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
