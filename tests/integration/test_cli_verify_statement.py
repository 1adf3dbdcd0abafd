"""A statement on paper or as a file against the sealed run, from the terminal."""

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import ArrayObject, DecodedStreamObject, NameObject
from tests.integration.cli_june import JUNE

from perf.services.actors import local_actor
from perf.storage.store import open_store
from perf.web.app import create_app
from perf.web.store_source import StoreSource

STAFF = "000201"
HOUSE = "T1"


@pytest.fixture
def paper(published) -> Path:
    assert published("statement", STAFF, "-o", "x.pdf", "--run", JUNE).exit == 0
    return published.folder / "x.pdf"


def text_of(path):
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def code_on(path):
    return re.search(r"验证码\s*([A-Z2-7-]{19})", text_of(path)).group(1)


def test_the_code_on_the_paper_is_that_of_the_sealed_run_however_it_is_typed(published, paper):
    code = code_on(paper)
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("-", "").replace("O", "0")):
        said = published("verify-statement", "--run", JUNE, "--staff", STAFF, "--code", typed)
        assert said.exit == 0, said
        assert "应发" in said.out
    found = published("verify-statement", "--run", JUNE, "--code", code, "--json")
    assert (found.exit, found.json["staff_no"], found.json["equal"]) == (0, STAFF, True)
    scanned = published("verify-statement", "--code", f"PERF-PAY {JUNE} {code}")
    assert scanned.exit == 0


def test_the_code_of_somebody_else_and_of_nobody_is_found_out_without_telling_the_right_one(published, paper):
    code = code_on(paper)
    other = published("verify-statement", "--run", JUNE, "--staff", "000202", "--code", code)
    assert other.exit == 5
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    nobody = published("verify-statement", "--run", JUNE, "--code", wrong)
    assert nobody.exit == 5
    assert code not in other.out + other.err + nobody.out + nobody.err
    assert published("verify-statement", "--run", JUNE, "--code", "八八八").exit == 2
    assert published("verify-statement", "--run", JUNE).exit == 2
    assert published("verify-statement", "--code", code).exit == 2


def test_a_file_as_it_was_written_is_equal_and_so_is_one_that_was_saved_again(published, paper):
    said = published("verify-statement", "--file", paper)
    assert said.exit == 0, said
    assert "逐字节一致" in said.out
    again = PdfWriter(clone_from=PdfReader(paper))
    again.compress_identical_objects()
    again.write(published.folder / "again.pdf")
    resaved = published("verify-statement", "--file", "again.pdf")
    assert resaved.exit == 0, resaved
    assert "画面逐项一致" in resaved.out


def test_a_changed_figure_is_named_with_what_it_should_be(published, paper):
    pdf = PdfWriter(clone_from=PdfReader(paper))
    page = pdf.pages[0]
    content = page.get_contents().get_data()
    shown = re.findall(rb"<([0-9A-F]{16,})> Tj", content)
    one = max(shown, key=lambda codes: len({codes[i : i + 4] for i in range(0, len(codes), 4)}))
    content = content.replace(one, one[4:8] + one[:4] + one[8:], 1)
    stream = DecodedStreamObject()
    stream.set_data(content)
    page[NameObject("/Contents")] = stream
    pdf.write(published.folder / "forged.pdf")
    said = published("verify-statement", "--file", "forged.pdf", "--json")
    assert said.exit == 5
    assert json.loads(said.out)["findings"]
    assert "发现" in said.err
    assert "应为" in said.err


def test_glyphs_that_lie_are_found_though_the_text_is_the_same(published, paper):
    raw = paper.read_bytes()
    pdf = PdfWriter(clone_from=PdfReader(BytesIO(raw)))
    fonts = pdf.pages[0]["/Resources"]["/Font"]
    font = next(iter(fonts.values())).get_object()["/DescendantFonts"][0].get_object()
    file = font["/FontDescriptor"].get_object()["/FontFile2"].get_object()
    data = bytearray(file.get_data())
    data[len(data) // 2] ^= 0xFF
    stream = DecodedStreamObject()
    stream.set_data(bytes(data))
    font["/FontDescriptor"].get_object()[NameObject("/FontFile2")] = pdf._add_object(stream)
    pdf.write(published.folder / "glyphs.pdf")
    said = published("verify-statement", "--file", "glyphs.pdf")
    assert said.exit == 5
    assert "画面不同" in said.out


def test_a_draft_says_it_is_not_final_and_has_no_code(june):
    assert june("statement", STAFF, "-o", "x.pdf").exit == 0
    text = text_of(june.folder / "x.pdf")
    assert "未定稿" in text
    assert "没有：批次未封存" in text
    said = june("verify-statement", "--file", "x.pdf")
    assert said.exit == 4
    assert "草稿" in said.err


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"%PDF-1.7\n1 0 obj\n<<" + b"/A[" * 5000])
def test_what_is_no_statement_is_refused_with_a_reason(published, content):
    (published.folder / "odd.pdf").write_bytes(content)
    said = published("verify-statement", "--file", "odd.pdf", "--json")
    assert said.exit == 3
    assert said.codes() == ["statement-unreadable"]


def test_a_statement_printed_before_the_money_was_sent_stays_true_when_the_database_is_opened_again(published, paper):
    before = paper.read_bytes()
    assert published("statement", STAFF, "-o", "y.pdf", "--run", JUNE).exit == 0
    assert (published.folder / "y.pdf").read_bytes() == before


def test_a_page_that_refers_to_itself_over_and_over_is_refused_soon(published, paper):
    pdf = PdfWriter(clone_from=PdfReader(paper))
    inner = pdf._add_object(ArrayObject())
    for _ in range(20):
        inner = pdf._add_object(ArrayObject([inner, inner, inner]))
    pdf.pages[0][NameObject("/Odd")] = inner
    pdf.write(published.folder / "odd.pdf")
    said = published("verify-statement", "--file", "odd.pdf", "--json")
    assert said.exit == 3
    assert said.codes() == ["statement-unreadable"]


def test_a_note_stuck_on_the_page_is_found(published, paper):
    pdf = PdfWriter(clone_from=PdfReader(paper))
    pdf.add_annotation(0, FreeText(text="9,999.00", rect=(50, 700, 200, 720)))
    pdf.write(published.folder / "noted.pdf")
    assert published("verify-statement", "--file", "noted.pdf").exit == 5


def test_the_page_in_the_browser_gives_the_same_file_with_the_same_code(published, paper):
    store = open_store(f"sqlite:///{published.folder / 'perf.db'}")
    with TestClient(create_app(StoreSource(store, local_actor("张三"))), base_url="http://127.0.0.1") as client:
        assert client.get(f"/people/2025-06/{STAFF}/statement.pdf").content == paper.read_bytes()
        assert code_on(paper) in client.get(f"/people/2025-06/{STAFF}").text
    store.close()


def test_every_file_of_a_batch_is_the_statement_that_is_asked_for_alone(published):
    assert published("statements", "--all", "--workers", "1", "-o", "st").exit == 0
    files = sorted((published.folder / "st").rglob("*.pdf"))
    assert files
    for file in files:
        assert published("verify-statement", "--file", file).exit == 0


@pytest.mark.parametrize("command", ["card", "statement"])
def test_the_paper_of_an_institution_is_verified_by_its_code_and_as_a_file(published, command):
    assert published(command, HOUSE, "-o", "h.pdf", "--run", JUNE).exit == 0
    path = published.folder / "h.pdf"
    by_code = published("verify-statement", "--run", JUNE, "--code", code_on(path), "--json")
    assert (by_code.exit, by_code.json["staff_no"]) == (0, HOUSE)
    whole = published("verify-statement", "--file", str(path))
    assert whole.exit == 0, whole
    assert "逐字节一致" in whole.out
    saved = PdfWriter(clone_from=PdfReader(path))
    saved.add_annotation(0, FreeText(text="99.99", rect=(60, 700, 200, 730)))
    saved.write(path)
    assert published("verify-statement", "--file", str(path)).exit == 5


def test_the_book_of_a_year_is_told_as_several(published):
    assert published("card", HOUSE, "-o", "b.pdf", "--year", "2025").exit == 0
    told = published("verify-statement", "--file", str(published.folder / "b.pdf"))
    assert told.exit == 3
    assert "合订本" in told.out + told.err
