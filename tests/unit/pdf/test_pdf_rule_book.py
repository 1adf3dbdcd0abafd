"""The rule book on paper: every page numbered and under its digest, contents that lead where they say."""

import re
from dataclasses import replace
from functools import cache
from io import BytesIO

from pypdf import PdfReader
from tests.unit.appraisal.rule_book_small import JUNE, small

from perf.appraisal.rule_book import rule_book_view
from perf.appraisal.rule_book_view import Chapter, Column, Grid, Section
from perf.pdf import rule_book_pdf
from perf.services.rules import check_rules

DIGEST = "0123456789abcdef" * 4


@cache
def library_view():
    rules = check_rules(None)
    return rule_book_view(rules.book, rules.cases, period=JUNE, digest=DIGEST, county="庐江县")


@cache
def pages_of(file):
    return [page.extract_text() for page in PdfReader(BytesIO(file), strict=True).pages]


def test_every_page_has_its_number_and_the_digest():
    pages = pages_of(rule_book_pdf(library_view()))
    assert len(pages) > 10
    for number, text in enumerate(pages, start=1):
        assert f"第 {number} 页 共 {len(pages)} 页" in text
        assert DIGEST[:16] in text
    assert DIGEST in pages[0]
    assert DIGEST in pages[-1]


def test_the_contents_name_the_page_on_which_the_rule_stands():
    view = library_view()
    file = rule_book_pdf(view)
    pages = pages_of(file)
    entries = re.findall(r" (\d+) ?([a-z]\w*)$", "\n".join(pages[1:8]), re.MULTILINE)
    assert len(entries) > 40
    for page, code in entries:
        assert code in pages[int(page) - 1]
    reader = PdfReader(BytesIO(file))
    titles = [one.title for one in flat(reader.outline)]
    assert titles == [title for _, title, _, _ in view.headings()]
    links = [note for page in reader.pages for note in page.get("/Annots", [])]
    assert len(links) == len(titles)


def flat(outline):
    for one in outline:
        if isinstance(one, list):
            yield from flat(one)
        else:
            yield one


def test_every_code_is_on_paper_in_both_languages():
    for view in (library_view(), rule_book_view(*small(), period=JUNE, digest=DIGEST, lang="en")):
        text = "".join("".join(pages_of(rule_book_pdf(view))).split())
        assert [code for _, _, code, _ in view.headings() if code not in text] == []
        assert [title for _, title, _, _ in view.headings() if "".join(title.split()) not in text] == []


def test_the_same_view_gives_the_same_bytes():
    view = rule_book_view(*small(), period=JUNE, digest=DIGEST)
    assert rule_book_pdf(view) == rule_book_pdf(view)


def test_a_cell_longer_than_a_page_goes_on_on_the_next_and_loses_nothing():
    view = rule_book_view(*small(), period=JUNE, digest=DIGEST)
    words = [f"字{number}尾" for number in range(1500)]
    grid = Grid("长", (Column("甲", 70), Column("乙", 30)), (("".join(words), "短"),))
    long = Chapter("long", "长", (grid,), (Section("s", "节", "code_s", (grid,)),))
    file = rule_book_pdf(replaced(view, (long,)))
    text = "".join("".join(pages_of(file)).split())
    assert all(text.count(word) == 2 for word in words)


def replaced(view, chapters):
    return replace(view, chapters=chapters)
