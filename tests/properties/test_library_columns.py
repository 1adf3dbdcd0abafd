"""A slice of the nightly run: one scheme of every level and kind of period in columns, on random facts (`scripts/nightly.py`)."""

from functools import cache
from random import Random

import pytest
from tests.properties.library_comparison import compared, everything, people, periods_of, reports

YEARS = range(2024, 2026)
SLICE = (
    "doctor_monthly",
    "township_monthly",
    "clinic_yearly",
    "lujiang_targets",
    "county_monitoring",
    "every_consortium_year",
)


@cache
def world():
    book, chance = everything(), Random(1)  # noqa: S311 - a test, no secret
    roster = people(book, chance, 2)
    return book, roster, reports(book, roster, chance, YEARS)


@pytest.mark.parametrize("code", SLICE)
def test_both_evaluators_give_the_same_for_the_library(code) -> None:
    book, roster, facts = world()
    found = compared(book, roster, facts, code, next(periods_of(book.schemes[code], YEARS)))
    assert found.differences == ()
    assert found.figures > 0
