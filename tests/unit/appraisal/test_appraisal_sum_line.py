"""The line that shows how a scorecard's total came about, for every way a total can be made."""

from fractions import Fraction

import pytest
from tests.unit.scoring.scoring_world import (
    book_of,
    facts_of,
    indicator,
    measure,
    one_dimension,
    roster_of,
    run,
    scheme,
    straight,
)

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
        (
            TWO,
            "total: {combine: geometric}\nextra: [{indicator: b, out_of: 10}, {indicator: c, out_of: 10}]\nextra_cap: 8",
            {"a": 50, "b": 90, "c": 50},
            "(50 ÷ 100)^(40 ÷ 100) × (90 ÷ 100)^(60 ÷ 100) × 100 + 8(加分 9 + 5,合计至多 8) ≈ 79.1432",
            "79.14",
        ),
        (
            TWO,
            "total: {combine: geometric, max: 70}",
            {"a": 50, "b": 90},
            "(50 ÷ 100)^(40 ÷ 100) × (90 ÷ 100)^(60 ÷ 100) × 100,按总分上下限为 70",
            "70.00",
        ),
        (
            TWO,
            "total: {combine: geometric}\nveto: [{when: m_a > 0, effect: zero_total}]",
            {"a": 50, "b": 90},
            "(50 ÷ 100)^(40 ÷ 100) × (90 ÷ 100)^(60 ÷ 100) × 100,一票否决后为 0",
            "0.00",
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


def test_a_root_is_told_by_its_decimal_and_the_dimension_says_how_it_came_about() -> None:
    dimensions = one_dimension("a: {out_of: 100}", "b: {out_of: 100}", further="    combine: geometric\n")
    card = view(dimensions, "", a=80, b=30)
    block = card.dimensions[0]
    assert (block.points, block.score) == ("≈97.9796", "≈48.9898")
    assert block.how.zh == "几何平均(a 80 ÷ 100, b 30 ÷ 100) × 200 ≈ 97.9796"


def test_of_several_curves_each_is_worked_out_before_the_best_is_taken() -> None:
    curve = "{curve: best_of, of: [{curve: steps, at: [[90, 100]], title: 达标}, {curve: linear, title: 折线, through: [[0, 0], [100, 100]]}]}"
    book = book_of(measure("m_a"), indicator("a", curve), scheme(ONE))
    scores = run(book, roster_of("甲"), facts_of({("甲", "m_a"): 80}))
    line = scorecard_view(scores.cards[("monthly", "甲")], book, roster_of("甲")).dimensions[0].lines[0]
    assert line.how_points.zh == (
        "达标：m_a 80 < 90 → 0；折线：(m_a 80 − 0) ÷ (100 − 0) × (100 − 0) + 0 = 80；取大(达标 0, 折线 80) = 80"
    )
