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
