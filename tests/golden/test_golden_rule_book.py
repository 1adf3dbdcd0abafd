"""A whole rule book as text; rewritten by `--update-golden`, read in the diff."""

from pathlib import Path

import pytest
from tests.unit.appraisal.rule_book_small import JUNE, small
from tests.unit.appraisal.rule_book_text import rule_book_text

from perf.appraisal.rule_book import rule_book_view

HERE = Path(__file__).parent


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_whole_rule_book_is_as_written_down(lang, request):
    text = rule_book_text(rule_book_view(*small(), period=JUNE, digest="0f" * 32, county="庐江县", lang=lang))
    path = HERE / f"rule-book.{lang}.txt"
    if request.config.getoption("--update-golden"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
