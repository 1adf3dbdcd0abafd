"""What the cases of the library must show: an ordinary value, a threshold, and what is not there."""

from functools import cache

import pytest

from perf.services.files import packaged, rule_texts
from perf.specs import load_book, load_cases


@cache
def library():
    texts = rule_texts(packaged("indicator_specs"))
    book, _ = load_book(texts)
    return book, load_cases(texts, book)[0]


def scored():
    book, _ = library()
    return sorted(code for code, one in book.indicators.items() if any(v.points is not None for v in one.versions))


@pytest.mark.parametrize("code", scored())
def test_an_indicator_has_two_figures_and_one_absence(code):
    book, cases = library()
    figures = [case for case in cases[code] if case.expect_points is not None]
    absent = [case for case in cases[code] if case.expect_status not in (None, "scored")]
    assumes = any(version.assume for version in book.indicators[code].versions)
    assert len(figures) >= (1 if book.indicators[code].direction == "monitored" else 2)
    assert absent or assumes
