"""Rows in full of cards that fail as a whole: the columns show what the items gave, as the exact engine does."""

import pytest
from tests.properties.columnar_comparison import both, differences
from tests.unit.scoring.scoring_world import (
    MARCH,
    book_of,
    facts_of,
    indicator,
    measure,
    one_dimension,
    roster_of,
    scheme,
)

BELOW = "{curve: linear, through: [[0, 0], [100, 100]], outside: extend}"
BASE = (*(measure(f"m_{code}") for code in "ab"), *(indicator(code, BELOW) for code in "ab"))
PRODUCT = "    combine: geometric\n"


@pytest.mark.parametrize(
    ("dimensions", "further"),
    [
        (one_dimension("a: {weight: 50}", "b: {weight: 50}", further=PRODUCT), ""),
        (
            one_dimension("a: {weight: 1}", weight=40, code="one")
            + "\n"
            + one_dimension("b: {weight: 1}", weight=60, code="two"),
            "total: {combine: geometric}\n",
        ),
        (
            one_dimension("a: {weight: 1}", weight=40, code="one")
            + "\n"
            + one_dimension("b: {weight: 1}", weight=60, code="two", further=PRODUCT),
            "",
        ),
    ],
)
def test_negative_points_in_a_product(dimensions, further) -> None:
    book = book_of(*BASE, scheme(dimensions, further))
    points = {"甲": (80, 90), "乙": (-10, 40), "丙": (40, -10), "丁": (-1, -2), "戊": (0, 50)}
    facts = facts_of(
        {(who, f"m_{code}"): v for who, pair in points.items() for code, v in zip("ab", pair, strict=True)}
    )
    cards, program, scores = both(book, roster_of(*points), facts, MARCH, "monthly")
    assert differences(cards, program, scores) == []
    assert {who for who, card in cards.items() if card.status == "failed"}


TWO = "\n".join(
    one_dimension(f"{code}: {{weight: 1}}", weight=weight, code=f"of_{code}") for code, weight in (("a", 40), ("b", 60))
)


def test_a_product_that_fails_for_a_row_an_extra_or_its_coefficient_keeps_the_weights() -> None:
    """Only where the dimensions themselves cannot be multiplied do the rows stand without them."""
    book = book_of(
        *(measure(f"m_{code}") for code in "abcd"),
        indicator("a", BELOW, value="sqrt(m_a)"),
        indicator("b", BELOW),
        indicator("c", BELOW, value="sqrt(m_c)"),
        scheme(
            TWO,
            "total: {combine: geometric}\nextra: [{indicator: c}]\n"
            "coefficient: {curve: steps, at: [[0, 0.5], [m_d, 1]]}\n",
        ),
    )
    points = {
        "合": (4, 40, 1, 9),
        "项": (-1, -2, 1, 9),
        "加": (4, -2, -1, 9),
        "系": (4, 40, 1, None),
        "积": (4, -2, 1, 9),
    }
    facts = facts_of(
        {
            (who, f"m_{code}"): value
            for who, figures in points.items()
            for code, value in zip("abcd", figures, strict=True)
            if value is not None
        }
    )
    cards, program, scores = both(book, roster_of(*points), facts, MARCH, "monthly")
    assert differences(cards, program, scores) == []
    assert {who for who, card in cards.items() if card.status == "failed"} == {"项", "加", "系", "积"}
    assert {who for who, card in cards.items() if all(row.weight is None for row in card.items)} == {"积"}
