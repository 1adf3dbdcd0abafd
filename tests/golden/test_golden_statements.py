"""Whole statements as text; rewritten by `--update-golden`, read in the diff."""

from pathlib import Path

import pytest
from tests.unit.appraisal.statement_text import statement_text
from tests.unit.appraisal.test_appraisal_views import view

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("staff_no", "lang", "name"),
    [
        ("p1", "zh", "statement-all-well.zh.txt"),
        ("p1", "en", "statement-all-well.en.txt"),
        ("p3", "zh", "statement-mover.zh.txt"),
        ("p5", "zh", "statement-held.zh.txt"),
        ("p6", "zh", "statement-vetoed.zh.txt"),
        ("p7", "zh", "statement-gated.zh.txt"),
    ],
)
def test_the_whole_statement_is_as_written_down(staff_no, lang, name, request):
    text = statement_text(view(staff_no), lang)
    path = HERE / name
    if request.config.getoption("--update-golden"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
