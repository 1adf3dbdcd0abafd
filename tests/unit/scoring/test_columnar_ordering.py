"""Exact totals in order: a hair apart, equal by different ways, in whole numbers and as fractions; quotas without the exact engine."""

import pytest
from tests.properties.columnar_comparison import both, differences
from tests.unit.scoring.scoring_world import (
    MARCH,
    book_of,
    facts_of,
    measure,
    one_dimension,
    roster_of,
    scheme,
    straight,
)

EXACT = "peers: {by: kind}\nrank: {of: exact, ties: dense}\ntotal: {digits: 0}\n"


def scored(weights, values, further=EXACT, points_digits=2):
    codes = "abcdefg"[: len(weights)]
    items = [f"{code}: {{weight: {weight}}}" for code, weight in zip(codes, weights, strict=True)]
    book = book_of(
        *(measure(f"m_{code}") for code in codes),
        *(
            straight(code, further=f"points_digits: {points_digits}\nno_value: {{missing: not_applicable}}")
            for code in codes
        ),
        scheme(one_dimension(*items), further),
    )
    names = [f"院{k}" for k in range(len(values))]
    given = {
        (name, f"m_{code}"): value
        for name, row in zip(names, values, strict=True)
        for code, value in zip(codes, row, strict=True)
        if value is not None
    }
    cards, program, scores = both(book, roster_of(*names), facts_of(given), MARCH, "monthly")
    assert program.plan is not None
    assert differences(cards, program, scores) == []
    return [(scores.rank_in_group(row) or (0, 0))[0] for row in range(len(values))], scores.tally


def test_totals_of_one_float_that_are_not_equal_are_told_apart() -> None:
    """They differ by 10^-15, below what a float of that size holds, and come in the wrong order by their rows."""
    values = [[50, 60], ["50.000001", 60], ["50.000002", 60], [50, 60], ["50.000001", 60], [49, 61]]
    ranks, tally = scored([1, 999999937], values, points_digits=6)
    assert ranks == [4, 3, 2, 4, 3, 1]
    assert tally.exact > 0


def test_equal_totals_are_ties_whatever_items_they_come_from() -> None:
    ranks, tally = scored(
        [1, 2, 3], [[60, 30, None], [None, 37, 42], [40, 40, 40], [43, 40, 39], [36, 39, 42], [39, 42, 39]]
    )
    assert ranks[2] == ranks[3]
    assert tally.whole > 0
    assert tally.exact == 0


@pytest.mark.parametrize("bound", ["min: 45.45", "max: 34.34"])
def test_totals_on_a_bound_are_ties(bound) -> None:
    values = [
        [40, 41],
        ["45.45", "45.45"],
        ["34.34", "34.34"],
        [50, 60],
        [30, 31],
        ["34.33", "34.34"],
        ["45.46", "45.45"],
    ]
    ranks, _ = scored([1, 1], values, EXACT.replace("digits: 0", f"digits: 0, {bound}"))
    assert len(set(ranks)) < len(values)


@pytest.mark.parametrize("ties", ["all_out", "all_in"])
@pytest.mark.parametrize("rounding", ["down", "up", "half_away"])
def test_quotas_and_their_chains_need_no_exact_engine(ties, rounding) -> None:
    chain = "grades: [[优秀, 90], [良好, 80], [合格, 60], [不合格, 0]]\nquota: {"
    chain += f"优秀: {{at_most: 25%, rounding: {rounding}, ties: {ties}, falls_to: 良好}}, "
    chain += f"良好: {{at_most: 25%, of: scored, rounding: {rounding}, ties: {ties}, falls_to: 合格}}}}\n"
    values = [[95], [95], [92], [91], [88], [88], [70], [60], [None], [95]]
    _, tally = scored([1], values, "peers: {by: kind}\nrank: {of: total}\n" + chain)
    assert tally.exact == 0
