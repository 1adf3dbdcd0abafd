"""PDFs as a reader sees them: their text by poppler, their fonts embedded; rewritten by `--update-golden`, read in the diff."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.appraisal.appraisal_county import JUNE, SEGMENTS, county_book, county_facts
from tests.unit.appraisal.test_appraisal_views import HEADER
from tests.unit.pdf.pdf_sample_view import long_view, sample_view, zero_view
from tests.unit.pdf.test_pdf_institution import view as institution

from perf.appraisal import run_appraisal
from perf.appraisal.change_reasons import MonthBefore
from perf.appraisal.statement_view import PersonHistory, Statements
from perf.kernel.facts import Facts
from perf.kernel.money import Money
from perf.kernel.subjects import Roster
from perf.pdf import statement_pdf
from perf.pdf.institution import institution_pdf
from perf.pdf.lines import NEVER_FIRST

HERE = Path(__file__).parent
POPPLER = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")


def with_a_month_before(who: str) -> bytes:
    """Somebody of the small county after a month with a smaller pool."""
    before, now = (
        run_appraisal(county_book(), Roster(SEGMENTS), Facts(county_facts(h1=pool)), JUNE, "G")
        for pool in ("20000", "23456.78")
    )
    own = MonthBefore(
        [e for e in before.ledger.entries if e.claimant == who], {"staff": before.scores.cards["staff", who]}
    )
    account = f"person:{who}"
    was = sum(
        (e.amount.fen if e.target == account else -e.amount.fen) for e in own.entries if account in (e.source, e.target)
    )
    history = {who: PersonHistory(previous_pay=Money(was), previous_total="97.68")}
    made = Statements(county_book(), Roster(SEGMENTS), JUNE, now.scores, now.ledger, HEADER, history, before={who: own})
    view = made.view(who)
    assert view is not None
    return statement_pdf(view)


FILES = {
    "ordinary": lambda: statement_pdf(sample_view()),
    "nothing": lambda: statement_pdf(zero_view()),
    "three-pages": lambda: statement_pdf(long_view()),
    "draft": lambda: statement_pdf(sample_view(state="draft", digest="", code="")),
    "changed": lambda: with_a_month_before("p1"),
    "two-posts": lambda: with_a_month_before("p4"),
    "mover": lambda: with_a_month_before("p3"),
    "institution": lambda: institution_pdf(institution()),
    "institution-nothing": lambda: institution_pdf(
        replace(institution(), scorecards=(), pay=(), given=Money(0), trend=())
    ),
}


def read_by(tool: str, *options: str, file: Path) -> str:
    command = [tool, *options, str(file), *(["-"] if tool == "pdftotext" else [])]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@POPPLER
@pytest.mark.parametrize("name", FILES)
def test_the_text_of_the_file_is_as_written_down(name, request, tmp_path):
    file = tmp_path / "x.pdf"
    file.write_bytes(FILES[name]())
    text = read_by("pdftotext", "-raw", file=file)
    path = HERE / f"pdf-{name}.txt"
    if request.config.getoption("--update-golden"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@POPPLER
@pytest.mark.parametrize("name", FILES)
def test_every_font_is_embedded_cut_down_and_copies(name, tmp_path):
    file = tmp_path / "x.pdf"
    file.write_bytes(FILES[name]())
    _, _, *fonts = read_by("pdffonts", file=file).splitlines()
    assert 1 <= len(fonts) <= 3
    for font in fonts:
        assert font.split()[-5:-2] == ["yes", "yes", "yes"]


@POPPLER
@pytest.mark.parametrize("name", FILES)
def test_no_line_begins_with_a_closing_mark(name, tmp_path):
    file = tmp_path / "x.pdf"
    file.write_bytes(FILES[name]())
    lines = read_by("pdftotext", "-raw", file=file).splitlines()
    assert [line for line in lines if line[:1] in NEVER_FIRST - {"%", "‰", "·"}] == []
