import struct
import subprocess
import sys
from io import BytesIO
from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont

from perf.pdf import missing_characters
from perf.pdf.embedding import runs, small_font, to_glyphs, to_unicode
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
    (run,) = runs("𠮷")
    assert f"<{run.shown}> <D842DFB7>".encode() in to_unicode(rare(), sorted(run.codes))


def test_a_cmap_block_holds_at_most_a_hundred_entries():
    cmap = to_unicode(regular(), range(500, 705)).decode("ascii")
    assert [line for line in cmap.splitlines() if line.endswith("beginbfchar")] == [
        "100 beginbfchar",
        "100 beginbfchar",
        "5 beginbfchar",
    ]


@pytest.mark.parametrize("face", [regular(), bold(), rare()], ids=lambda face: face.name)
def test_a_small_font_keeps_outlines_widths_and_checksums(face):
    characters = [*list(face.glyph_ids)[:20], *list(face.glyph_ids)[-20:]]
    coded = {code: one for one in characters for run in _in_face(face, one) for code in run.codes}
    small = small_font(face, [0, *sorted(coded)])
    font = TTFont(BytesIO(small), checkChecksums=2)
    assert font["maxp"].numGlyphs == len(coded) + 1
    whole = [font["hmtx"][name][0] for name in font.getGlyphOrder()]
    glyphs = [0, *(face.glyph_ids[coded[code]] for code in sorted(coded))]
    assert whole == [face.advances[glyph] for glyph in glyphs]
    outlines = [font["glyf"][name].compile(font["glyf"]) for name in font.getGlyphOrder()]
    assert [outline.rstrip(b"\0") for outline in outlines] == [face.outline(glyph).rstrip(b"\0") for glyph in glyphs]


def _in_face(face, character):
    """The runs of a character that the face draws; of rare characters only those that the regular face lacks."""
    return runs(character, heavy=face is bold()) if face is not rare() or face_of(character) is rare() else ()


@pytest.mark.parametrize("face", [regular(), bold(), rare()], ids=lambda face: face.name)
def test_codes_lead_back_to_glyphs_in_their_order_and_all_others_to_none(face):
    codes = [3, 7, 8, len(face.glyph_ids)]
    glyphs = struct.unpack(f">{codes[-1] + 1}H", to_glyphs(codes))
    assert {code: glyph for code, glyph in enumerate(glyphs) if glyph} == {3: 1, 7: 2, 8: 3, codes[-1]: 4}


def test_a_character_has_the_same_code_in_every_text():
    (first,) = runs("甲乙甲")
    (second,) = runs("乙")
    assert first.shown[:4] == first.shown[8:]
    assert first.shown[4:8] == second.shown
    assert first.codes == {int(first.shown[:4], 16), int(second.shown, 16)}


def test_every_character_has_a_code_of_its_own_below_that_of_no_character():
    shown = "".join(run.shown for run in runs("".join(regular().glyph_ids)))
    codes = [shown[at : at + 4] for at in range(0, len(shown), 4)]
    assert len(set(codes)) == len(codes) == len(regular().glyph_ids)
    assert "0000" not in codes


def test_text_in_two_faces_is_cut_into_runs():
    assert [run.font for run in runs("张𠮷三")] == ["R", "X", "R"]
    assert [run.font for run in runs("𠮷𠮷")] == ["X"]
    assert runs("\u200b") == ()


def test_a_heavy_word_never_mixes_weights():
    assert [(run.font, run.stroked) for run in runs("考核", heavy=True)] == [("B", False)]
    assert [(run.font, run.stroked) for run in runs("张旻", heavy=True)] == [("R", True)]
    assert [(run.font, run.stroked) for run in runs("张𠮷", heavy=True)] == [("R", True), ("X", True)]


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


def test_the_ending_of_a_file_stays_with_its_name():
    for width_here in range(20, 200, 3):
        lines = wrap("数据 信息科-业务量月报.xlsx!业务量!C5、信息科-业务量月报.xlsx!D5", 7, width_here)
        assert not [line for line in lines if line.startswith(".")]


def test_a_text_of_blanks_is_one_empty_line():
    assert wrap("", 8, 100) == ("",)
    assert wrap("  \n ", 8, 100) == ("",)


def test_a_text_too_long_ends_in_an_ellipsis():
    assert shortened("甲乙丙丁戊己", 10, 35) == "甲乙…"
    assert shortened("甲乙", 10, 35) == "甲乙"


def test_drawing_needs_neither_reportlab_nor_fonttools_nor_segno():
    code = (
        "import sys; from tests.unit.pdf.pdf_sample_view import sample_view; from perf.pdf import statement_pdf\n"
        "statement_pdf(sample_view()); print(sorted(m for m in ('reportlab', 'fontTools', 'segno') if m in sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
