"""The line that shows how a scorecard's total came about, for every way a total can be made."""

from fractions import Fraction

import pytest
from tests.unit.scoring.scoring_world import book_of, facts_of, measure, one_dimension, roster_of, run, scheme, straight

from perf.appraisal.scorecard_view import scorecard_view

CODES = ("a", "b", "c")
BASE = (*(measure(f"m_{code}") for code in CODES), *(straight(code) for code in CODES))
ONE = one_dimension("a: {out_of: 100}")
TWO = "\n".join(
    (one_dimension("a: {out_of: 100}", weight=40), one_dimension("b: {out_of: 100}", weight=60, code="other"))
)


def view(dimensions: str, further: str, **values: object):
    book = book_of(*BASE, scheme(dimensions, further))
    roster = roster_of("甲")
    scores = run(book, roster, facts_of({("甲", f"m_{code}"): value for code, value in values.items()}))
    return scorecard_view(scores.cards[("monthly", "甲")], book, roster)


@pytest.mark.parametrize(
    ("dimensions", "further", "values", "expected", "total"),
    [
        (ONE, "", {"a": 80}, "80", "80.00"),
        (TWO, "", {"a": 80, "b": 90}, "32 + 54 = 86", "86.00"),
        (TWO, "total: {max: 85}", {"a": 80, "b": 90}, "32 + 54 = 86,按总分上下限为 85", "85.00"),
        (ONE, "total: {min: 70}", {"a": 60}, "60,按总分上下限为 70", "70.00"),
        (TWO, "veto: [{when: m_a > 0, effect: zero_total}]", {"a": 80, "b": 90}, "32 + 54 = 86,一票否决后为 0", "0.00"),
        (ONE, "extra: [{indicator: b, cap: 5, out_of: 5}]", {"a": 80, "b": 40}, "80 + 2 = 82", "82.00"),
        (
            ONE,
            "extra: [{indicator: b, out_of: 10}, {indicator: c, out_of: 10}]\nextra_cap: 8",
            {"a": 80, "b": 60, "c": 50},
            "80 + 8(加分 6 + 5,合计至多 8) = 88",
            "88.00",
        ),
        (
            TWO,
            "total: {combine: geometric}",
            {"a": 50, "b": 90},
            "(50 ÷ 100)^(40 ÷ 100) × (90 ÷ 100)^(60 ÷ 100) × 100 ≈ 71.1432",
            "71.14",
        ),
    ],
)
def test_the_line_leads_to_the_total(dimensions, further, values, expected, total) -> None:
    card = view(dimensions, further, **values)
    assert (card.sum_line.zh, card.total) == (expected, total)


def test_a_product_has_no_rounding_difference_of_fifty_digits() -> None:
    card = view(TWO, "total: {combine: geometric, digits: 1}", a=50, b=90)
    assert (card.rounding_difference, card.total) == ("", "71.10")
    assert [block.score for block in card.dimensions] == ["—", "—"]


def test_the_product_is_what_it_says() -> None:
    card = view(TWO, "total: {combine: geometric, digits: 4}", a=50, b=90)
    assert abs(Fraction(card.total) ** 5 - Fraction(50) ** 2 * 90**3) < 10_000_000
