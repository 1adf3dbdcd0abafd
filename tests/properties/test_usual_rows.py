"""Medians and deviations of many rows at once: near the exact ones by the bound that is told, and as scipy has them."""

from fractions import Fraction

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from perf.excel.near_figures import chosen, joined, near_figures, near_lines
from perf.kernel.figures import exact_text
from perf.kernel.robust import median, usual_range
from perf.services.usual_rows import doubt_of, exact_range, how_far, usual_rows

NUMBERS = st.one_of(
    st.sampled_from([Fraction(n) for n in (0, 1, 80, 100, -80)]),
    st.decimals(-(10**9), 10**9, places=2).map(Fraction),
    st.fractions(-1000, 1000, max_denominator=10**6),
    st.integers(10**15, 10**40).map(lambda n: Fraction(n, 10**15)),
    st.integers(1, 9).map(lambda n: Fraction(n, 10**25)),
)
ROWS = st.lists(st.lists(NUMBERS, min_size=1, max_size=13), min_size=1, max_size=5)
LEAST = st.sampled_from((Fraction(0), Fraction(1)))


def table_of(rows):
    table = np.full((len(rows), 13), np.nan)
    for at, row in enumerate(rows):
        table[at, 13 - len(row) :] = near_figures([exact_text(number) for number in row]).floats
    return table


@given(ROWS, NUMBERS, LEAST)
def test_distances_are_as_near_to_the_exact_ones_as_is_told(rows, value, least):
    found = usual_rows(table_of(rows), np.full(len(rows), float(least)))
    near = near_figures([exact_text(value)]).floats
    for row, middle, reach, count in zip(rows, found.medians, found.reaches, found.counts, strict=True):
        usual = usual_range(row, least_spread=least)
        assert count == len(row)
        assert (usual is None) == (reach == 0)
        if usual is not None:
            far = how_far(near, np.array([middle]), np.array([reach]))
            assert abs(Fraction(float(far[0])) - usual.distance(value)) <= Fraction(float(doubt_of(far)[0])) / 100


@given(st.lists(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=13), min_size=1, max_size=5))
def test_medians_and_deviations_are_those_of_scipy(rows):
    table = np.full((len(rows), 13), np.nan)
    for at, row in enumerate(rows):
        table[at, : len(row)] = row
    found = usual_rows(table, np.zeros(len(rows)))
    deviations = stats.median_abs_deviation(table, axis=1, nan_policy="omit")
    assert np.allclose(found.medians, np.nanmedian(table, axis=1), rtol=1e-12)
    spreads = np.maximum(deviations, np.abs(found.medians) / 20)
    assert np.allclose(found.reaches, spreads * 3.5 / 0.6745, rtol=1e-9, atol=1e-6)


def test_a_row_with_a_number_that_no_float_is_near_tells_nothing_as_floats():
    near = near_figures(["1", exact_text(Fraction(1, 10**200)), "3"]).floats
    found = usual_rows(np.array([near]), np.zeros(1))
    assert np.isnan(how_far(np.array([2.0]), found.medians, found.reaches)).all()


@given(st.lists(NUMBERS, min_size=1, max_size=30), st.integers(1, 8), LEAST)
def test_the_range_of_a_large_group_is_exact(values, times, least):
    every = values * times
    near = near_figures([exact_text(number) for number in every])
    assert exact_range(near, np.arange(len(every)), least) == usual_range(every, least_spread=least)


def test_the_range_of_a_group_is_that_of_its_members_only():
    near = near_figures([str(n) for n in range(1000)])
    assert exact_range(near, np.arange(100, 301), Fraction(0)).median == 200


@given(st.lists(st.one_of(NUMBERS.map(exact_text), st.none(), st.just("")), max_size=20))
def test_every_number_comes_back_from_its_float_exactly(texts):
    near = near_figures(texts)
    for index, text in enumerate(texts):
        assert np.isnan(near.floats[index]) == (not text)
        if text:
            assert exact_text(near.exact(index)) == text


SHORT = st.decimals(-(10**9), 10**9, places=2).map(lambda number: exact_text(Fraction(number)))
SHORTS = st.integers(0, 14).flatmap(
    lambda n: st.integers(-(10**12), 10**12).map(lambda m: exact_text(Fraction(m, 10**n)))
)
ODD = st.text("0123456789.-/", max_size=17)


def lines_and_texts(texts):
    """What is read of the lines, and of the texts; or that neither is to be read."""
    found = []
    for read, written in ((near_lines, "\n".join(texts)), (near_figures, texts)):
        try:
            near = read(written)
        except (ValueError, ZeroDivisionError) as refused:
            found.append(type(refused))
        else:
            found.append((near.floats.tobytes(), dict(near.others)))
    return found


@given(st.lists(st.one_of(SHORT, SHORTS, st.just("")), min_size=1, max_size=20))
@example(["-0.01", "", "999999999999999", "-99999999999999", "0.0000000000001"])
def test_lines_of_short_decimals_are_the_same_floats_to_the_last_bit_as_one_by_one(texts):
    lines, one_by_one = lines_and_texts(texts)
    assert lines == one_by_one


@given(st.lists(st.one_of(NUMBERS.map(exact_text), SHORT, ODD, st.just("")), min_size=1, max_size=6))
@example(["1-2", "12"])
@example(["1.2.3", "4"])
@example(["--1", "1"])
@example(["-", "1"])
@example([".", "1"])
@example(["1-", "-1"])
@example([""])
def test_lines_with_long_numbers_fractions_and_nonsense_are_read_or_refused_as_one_by_one(texts):
    lines, one_by_one = lines_and_texts(texts)
    assert lines == one_by_one


@given(st.lists(NUMBERS.map(exact_text), min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_joined_and_chosen_figures_keep_their_exact_values(texts, random):
    near = joined([near_figures(texts[:1]), near_figures(texts[1:])])
    order = random.sample(range(len(texts)), random.randint(1, len(texts)))
    found = chosen(near, np.array(order))
    assert [exact_text(found.exact(at)) for at in range(len(order))] == [texts[at] for at in order]


@given(st.lists(NUMBERS, min_size=1, max_size=13))
def test_the_figures_in_the_middle_are_no_farther_from_the_median_than_the_deviation(values):
    """What the bound rests on."""
    ordered, middle = sorted(values), median(values)
    deviation = median([abs(value - middle) for value in values])
    for one in (ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]):
        assert abs(one - middle) <= deviation
