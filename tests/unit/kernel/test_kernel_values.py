"""Money, rounding, figures and periods: awkward inputs first."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from perf.kernel.figures import exact_text, fixed, parse_number, percent_text, read_exact, reading_text
from perf.kernel.issues import Issue, Place, by_place, has_errors
from perf.kernel.money import Money, money_from_yuan, parse_yuan, total
from perf.kernel.periods import Period, parse_period
from perf.kernel.rounding import Rounding, round_to, round_to_int
from perf.kernel.text import Text


@pytest.mark.parametrize(
    ("number", "away", "even", "down", "up"),
    [
        (Fraction(5, 2), 3, 2, 2, 3),
        (Fraction(-5, 2), -3, -2, -2, -3),
        (Fraction(7, 2), 4, 4, 3, 4),
        (Fraction(1, 3), 0, 0, 0, 1),
        (Fraction(-1, 3), 0, 0, 0, -1),
        (Fraction(4), 4, 4, 4, 4),
    ],
)
def test_each_named_rounding_settles_halves_its_own_way(number, away, even, down, up) -> None:
    modes = (Rounding.HALF_AWAY, Rounding.HALF_EVEN, Rounding.DOWN, Rounding.UP)
    assert [round_to_int(number, mode) for mode in modes] == [away, even, down, up]


def test_a_half_that_binary_floats_get_wrong_is_rounded_away_from_zero() -> None:
    assert round_to(Fraction("2.675"), 2) == Fraction("2.68")
    assert round_to(Fraction("1250"), -2) == 1300


@pytest.mark.parametrize(
    "text", ["", " 1", "1e3", "1,000", "１２", "八十八", "1/0", "--1", ".5", "5.", "nan", "0x10", "1_000"]
)
def test_what_is_not_a_plain_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="plain decimal"):
        parse_number(text)


def test_exact_text_is_a_finite_decimal_of_at_most_thirty_digits_else_a_fraction() -> None:
    assert exact_text(Fraction(41, 4000)) == "0.01025"
    assert exact_text(Fraction(1, 3)) == "1/3"
    assert exact_text(Fraction(-7, 2)) == "-3.5"
    assert exact_text(Fraction(1, 10**29)) == "0." + "0" * 28 + "1"
    assert exact_text(Fraction(1, 10**30)) == f"1/{10**30}"
    assert parse_number("41/4000") == Fraction(41, 4000)


def test_figures_for_reading_say_when_they_are_approximate() -> None:
    assert reading_text(Fraction(1, 3)) == "≈0.3333"
    assert reading_text(Fraction(1, 4)) == "0.25"
    assert percent_text(Fraction(41, 4000)) == "1.025%"
    assert percent_text(Fraction(1, 3)) == "≈33.3333%"
    assert fixed(Fraction(-1, 200), 2) == "-0.01"
    assert fixed(Fraction(1234567), 2, grouped=True) == "1,234,567.00"


def test_money_is_whole_fen_and_nothing_else() -> None:
    with pytest.raises(TypeError):
        Money(1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(True)
    assert money_from_yuan(Fraction("0.005")) == Money(1)
    assert money_from_yuan(Fraction("-0.005")) == Money(-1)
    assert str(Money(-123450)) == "-1,234.50"
    assert total([Money(1), Money(-3)]) == Money(-2)
    assert -Money(5) < Money(0) < Money(5)
    assert not Money(0)


@pytest.mark.parametrize("text", ["1.005", "1,000", "", "1e2", "一百"])
def test_an_amount_finer_than_a_fen_or_not_plain_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="yuan"):
        parse_yuan(text)


def test_an_amount_beyond_float_precision_keeps_every_fen() -> None:
    assert parse_yuan("9007199254740993.01") == Money(900719925474099301)


@pytest.mark.parametrize(
    "text", ["2025-13", "2025-00", "2025-Q5", "2025-6", "202506", "0000", "25-06", "2025-06-01", ""]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="period"):
        parse_period(text)


def test_periods_shift_across_years_and_keep_their_length() -> None:
    january = parse_period("2025-01")
    assert str(january.previous()) == "2024-12"
    assert str(january.last_year()) == "2024-01"
    assert str(parse_period("2025-Q1").previous()) == "2024-Q4"
    assert str(parse_period("2025").last_year(2)) == "2023"
    assert [str(p) for p in parse_period("2025-03").year_to_date()] == ["2025-01", "2025-02", "2025-03"]
    assert parse_period("2024-02").last_day == date(2024, 2, 29)
    assert parse_period("2024").days == 366
    assert [str(p) for p in parse_period("2025-Q2").months()] == ["2025-04", "2025-05", "2025-06"]
    assert parse_period("2025-05").within("quarter") == Period(2025, "quarter", 2)
    assert parse_period("2025-06").zh() == "2025年6月"


def test_issues_sort_by_place_with_rows_before_columns_and_print_in_one_form() -> None:
    text = Text("“八十八”", "“八十八”")
    first = Issue(
        "not-a-number", Place("数据.xlsx", "门诊", "B2"), text, Text("数字", "a number"), Text("改为 88", "use 88")
    )
    later = Issue("not-a-number", Place("数据.xlsx", "门诊", "A10"), text, Text("数字", "a number"), severity="warning")
    assert by_place([later, first]) == [first, later]
    assert first.render() == "数据.xlsx!门诊!B2 [not-a-number]\n  发现:“八十八”\n  应为:数字\n  建议:改为 88"
    assert "expected: a number" in first.render("en")
    assert has_errors([later, first])
    assert not has_errors([later])
    assert first.as_json()["hint"] == {"zh": "改为 88", "en": "use 88"}


@pytest.mark.parametrize("digits", [1, 3_998, 3_999, 4_000, 4_301, 20_000])
def test_exact_numbers_of_any_length_are_read(digits) -> None:
    sevens = (10**digits - 1) // 9 * 7
    decimal = format(Decimal(sevens), "f")
    assert read_exact(f"-{decimal}") == -sevens
    assert read_exact(f"0.{decimal}") == Fraction(sevens, 10**digits)
    assert read_exact(f"1/{decimal}") == Fraction(1, sevens)
