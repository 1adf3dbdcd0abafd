"""An institution's statement and yearly book from the terminal."""

import json

from pypdf import PdfReader


def text_of(path):
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def test_the_card_of_a_draft_says_so_and_stands_in_the_file_asked_for(june):
    assert june("card", "T1", "-o", "t1.pdf").exit == 0
    text = text_of(june.folder / "t1.pdf")
    assert "单位考核书" in text
    assert "未定稿，仅供核对" in text


def test_the_year_holds_published_months_alone_and_names_the_others(published):
    said = published("card", "T1", "--year", "2025", "-o", "t1.pdf", "--json")
    assert said.exit == 0
    assert json.loads(said.out)["institution"] == "T1"
    text = text_of(published.folder / "t1.pdf")
    assert "2025年5月、2025年7月" in text
    assert "2025年6月" in text


def test_a_year_without_a_published_month_is_refused(june):
    said = june("card", "T1", "--year", "2025", "-o", "t1.pdf")
    assert (said.exit, june.exists("t1.pdf")) == (4, False)
    assert "2025 年没有 T1 已发布的核算" in said.err


def test_nobody_of_this_code_and_two_spans_at_once_are_refused(published):
    assert published("card", "T9", "-o", "x.pdf").exit == 4
    assert published("card", "000201", "-o", "x.pdf").exit == 4
    assert published("card", "T1", "--run", "2025-06", "--year", "2025", "-o", "x.pdf").exit == 2
    assert not published.exists("x.pdf")
