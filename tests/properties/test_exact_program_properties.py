"""Whether conditions can be kept is decided for certain: a point keeps every row, and where there is none nobody finds one."""

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from perf.distribution.exact_program import Row, feasible_point, whole_point

SIDE = 4


@st.composite
def systems(draw):
    count = draw(st.integers(1, 3))
    row = st.builds(
        lambda sizes, limit: Row(tuple(map(Fraction, sizes)), Fraction(limit)),
        st.lists(st.integers(-3, 3), min_size=count, max_size=count),
        st.fractions(-8, 8, max_denominator=3),
    )
    box = [Row(tuple(Fraction(n == at) for n in range(count)), Fraction(SIDE)) for at in range(count)]
    return count, [*draw(st.lists(row, max_size=5)), *box]


def keeps(point, rows):
    return all(sum(c * y for c, y in zip(row.coefficients, point, strict=True)) <= row.limit for row in rows)


@given(systems())
def test_a_point_keeps_every_row_and_none_is_certain(system):
    count, rows = system
    found = feasible_point(count, rows)
    if found is not None:
        assert all(one >= 0 for one in found)
        assert keeps(found, rows)
    else:
        halves = [Fraction(n, 2) for n in range(2 * SIDE + 1)]
        assert not any(keeps(point, rows) for point in product(halves, repeat=count))


@given(systems())
def test_whole_numbers_are_found_exactly_where_there_are_some(system):
    count, rows = system
    found = whole_point(count, rows, tries=2_000)
    there = [point for point in product(range(SIDE + 1), repeat=count) if keeps(point, rows)]
    assert (found in there) if there else found is None


def test_a_system_without_a_row_starts_at_zero():
    assert feasible_point(2, []) == (0, 0)
