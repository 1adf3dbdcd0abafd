from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.excel.wide_pages import wide_pages


def test_a_table_that_a_page_holds_is_not_parted():
    assert wide_pages([10] * 6, 2, [1, 2, 4, 6], 1) == (100, ())


def test_a_page_ends_where_a_group_ends():
    scale, breaks = wide_pages([12, 12, *[9] * 30], 2, [1, 2, *range(5, 33, 3)], 2)
    assert len(breaks) == 1
    assert breaks[0] in range(5, 33, 3)
    assert 30 < scale <= 100


@pytest.mark.parametrize("pages", [1, 2, 3])
def test_more_pages_are_never_smaller(pages):
    widths, ends = [12, 12, *[14] * 60], [1, 2, *range(5, 63, 3)]
    assert wide_pages(widths, 2, ends, pages).scale <= wide_pages(widths, 2, ends, pages + 1).scale


@given(groups=st.lists(st.integers(1, 6), min_size=1, max_size=25), repeated=st.integers(0, 3), pages=st.integers(1, 4))
def test_breaks_ascend_at_ends_of_groups_behind_what_is_repeated(groups, repeated, pages):
    ends = list(range(1, repeated + 1))
    for size in groups:
        ends.append((ends[-1] if ends else 0) + size)
    scale, breaks = wide_pages([11] * ends[-1], repeated, ends, pages)
    assert len(breaks) < pages
    assert set(breaks) <= set(ends[repeated:-1])
    assert all(first < second for first, second in pairwise(breaks))
    assert 30 <= scale <= 100
