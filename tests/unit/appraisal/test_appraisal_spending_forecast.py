"""Spending by the end of the year: seasons where last year is whole, a straight line else; exact, the range said plainly."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perf.appraisal.spending_forecast import MONTHS, forecast_spending

LAST = {month: Fraction(100 + (50 if month == 12 else 0)) for month in MONTHS}
amounts = st.integers(1, 10**9).map(lambda fen: Fraction(fen, 100))


def test_last_years_december_comes_again_with_this_years_growth():
    found = forecast_spending({1: Fraction(110), 2: Fraction(130)}, LAST, 2)
    assert (found.method, found.growth, found.spent) == ("seasonal", Fraction(6, 5), 240)
    assert found.months[11].expected == 150 * Fraction(6, 5)
    assert found.whole("expected") == 240 + Fraction(6, 5) * 1050
    assert (found.whole("low"), found.whole("high")) == (
        240 + Fraction(11, 10) * 1050,
        240 + Fraction(13, 10) * 1050,
    )
    assert found.has_range


@pytest.mark.parametrize("gone", [1, 12])
def test_without_a_whole_last_year_it_is_a_straight_line_and_says_which_month_lacks(gone):
    last = {month: amount for month, amount in LAST.items() if month != gone}
    found = forecast_spending({1: Fraction(110), 2: Fraction(130)}, last, 2)
    assert found.method == "straight"
    assert [found.whole(way) for way in ("low", "expected", "high")] == [240 + 1100, 240 + 1200, 240 + 1300]
    assert any(f"去年缺 {gone} 月" in text.zh for text in found.assumed)


def test_a_month_of_nothing_last_year_gives_no_ratio():
    found = forecast_spending({1: Fraction(5)}, {**LAST, 1: Fraction(0)}, 1)
    assert found.method == "straight"
    assert any("不大于 0" in text.zh for text in found.assumed)


def test_gaps_are_expected_like_months_to_come_and_named():
    found = forecast_spending({1: Fraction(100), 3: Fraction(100)}, LAST, 3)
    assert found.gaps == (2,)
    assert found.months[1].spent is None
    assert found.months[1].expected == 100
    assert any(text.zh.startswith("2 月没有报") for text in found.assumed)


def test_one_month_gives_a_figure_and_no_range():
    found = forecast_spending({4: Fraction(200)}, {}, 4)
    assert not found.has_range
    assert found.whole("low") == found.whole("expected") == found.whole("high") == 2400
    assert found.gaps == (1, 2, 3)


def test_what_comes_later_is_left_aside_and_a_whole_year_is_itself():
    later = forecast_spending({1: Fraction(100), 2: Fraction(900)}, LAST, 1)
    assert later.spent == 100
    whole = forecast_spending(LAST, LAST, 12)
    assert whole.whole("low") == whole.whole("high") == whole.spent == 1250


@pytest.mark.parametrize(("this_year", "through"), [({}, 6), ({7: Fraction(1)}, 6), ({1: Fraction(1)}, 13)])
def test_no_known_month_is_no_forecast(this_year, through):
    with pytest.raises(ValueError, match="no month"):
        forecast_spending(this_year, LAST, through)


@given(
    st.dictionaries(st.integers(1, 12), amounts, min_size=1),
    st.dictionaries(st.integers(1, 12), amounts),
    st.integers(1, 12),
)
def test_low_is_never_above_expected_nor_expected_above_high(this_year, last_year, through):
    if not any(month <= through for month in this_year):
        return
    found = forecast_spending(this_year, last_year, through)
    assert found.spent <= found.whole("low") <= found.whole("expected") <= found.whole("high")
