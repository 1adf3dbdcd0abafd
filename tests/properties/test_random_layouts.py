"""Any sheet of facts, in any layout and format, is read as what it says, by columns as row by row; nothing ever raises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.random_layouts import BOOK, ROSTER, WRITERS, by_row, page, spoiled, told, wrong

from perf.excel import facts_of, read_workbook

COSTLY = ("xls",)  # read in a process of its own each time
numbers = st.integers(0, 10**9)


@pytest.mark.parametrize("kind", [kind for kind in WRITERS if kind not in COSTLY])
@settings(max_examples=40, deadline=None)
@given(numbers)
def test_whatever_the_layout_the_facts_are_those_that_were_laid_out(kind: str, number: int) -> None:
    assert wrong(page(number), kind) == []


@pytest.mark.parametrize("kind", COSTLY)
@settings(max_examples=4, deadline=None)
@given(numbers)
def test_whatever_the_layout_of_an_old_workbook_the_facts_are_those_that_were_laid_out(kind: str, number: int) -> None:
    assert wrong(page(number), kind) == []


@pytest.mark.parametrize("kind", [kind for kind in WRITERS if kind not in COSTLY])
@settings(max_examples=40, deadline=None)
@given(numbers)
def test_columns_and_single_rows_say_the_same_of_a_page_with_faults(kind: str, number: int) -> None:
    made = spoiled(page(number), number)
    book = read_workbook(f"{made.name}.{kind.split(maxsplit=1)[0]}", WRITERS[kind](made.rows, made.spans))
    assert told(facts_of(book, BOOK, ROSTER)) == told(facts_of(by_row(book), BOOK, ROSTER))


def test_a_page_is_the_same_whenever_it_is_made() -> None:
    assert page(7).cells == page(7).cells
    assert page(7).facts != page(8).facts
