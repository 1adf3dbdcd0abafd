"""Tax tables: upper limits included, quick deductions, the yearly bonus and its cliffs."""

from fractions import Fraction

import pytest

from perf.distribution.tax_tables import Cliff, cliff_of, cliffs, left_of_bonus, row_of, tax_on, tax_on_bonus
from perf.kernel.issues import NOWHERE
from perf.kernel.money import Money, parse_yuan
from perf.kernel.rounding import Rounding
from perf.specs.payroll_models import TaxRow


def table(*rows):
    made, rate_before, quick, low = [], Fraction(0), Fraction(0), Fraction(0)
    for to, percent in rows:
        rate = Fraction(percent, 100)
        quick += low * (rate - rate_before)
        made.append(TaxRow(low, None if to is None else Fraction(to), rate, quick, NOWHERE))
        low, rate_before = Fraction(to or 0), rate
    return tuple(made)


YEAR = table((36000, 3), (144000, 10), (300000, 20), (420000, 25), (660000, 30), (960000, 35), (None, 45))
MONTH = table((3000, 3), (12000, 10), (25000, 20), (35000, 25), (55000, 30), (80000, 35), (None, 45))


def test_quick_deductions_are_those_of_the_law():
    assert [int(row.quick) for row in YEAR] == [0, 2520, 16920, 31920, 52920, 85920, 181920]
    assert [int(row.quick) for row in MONTH] == [0, 210, 1410, 2660, 4410, 7160, 15160]


@pytest.mark.parametrize(
    ("taxable", "tax"),
    [
        ("-0.01", "0"), ("0", "0"), ("0.01", "0"), ("0.16", "0"), ("0.17", "0.01"),
        ("36000", "1080"), ("36000.01", "1080"), ("36000.05", "1080.01"),
        ("144000", "11880"), ("144000.01", "11880"), ("144000.03", "11880.01"),
        ("300000", "43080"), ("420000", "73080"), ("660000", "145080"), ("960000", "250080"), ("960000.01", "250080"),
        ("1000000", "268080"),
    ],
)  # fmt: skip
def test_the_tax_on_just_below_and_just_above_each_limit(taxable, tax):
    assert tax_on(YEAR, parse_yuan(taxable))[0] == parse_yuan(tax)


def test_a_limit_belongs_to_the_row_below_it():
    assert row_of(YEAR, Fraction(36000)).rate == Fraction(3, 100)
    assert row_of(YEAR, Fraction(3600001, 100)).rate == Fraction(10, 100)


def test_half_a_fen_goes_where_the_rule_says():
    half = parse_yuan("36000.05")
    assert tax_on(YEAR, half, Rounding.HALF_AWAY)[0] == parse_yuan("1080.01")
    assert tax_on(YEAR, half, Rounding.HALF_EVEN)[0] == parse_yuan("1080.00")
    assert tax_on(YEAR, half, Rounding.DOWN)[0] == parse_yuan("1080.00")


@pytest.mark.parametrize(
    ("bonus", "tax"),
    [
        ("0", "0"), ("36000", "1080"), ("36000.01", "3390"), ("36000.12", "3390.01"), ("38566.67", "3646.67"),
        ("144000", "14190"), ("144000.01", "27390"), ("300000", "58590"), ("420000", "102340"), ("660000", "193590"),
        ("960000", "328840"), ("960000.01", "416840"),
    ],
)  # fmt: skip
def test_a_bonus_is_taxed_by_the_row_of_its_twelfth(bonus, tax):
    assert tax_on_bonus(MONTH, parse_yuan(bonus))[0] == parse_yuan(tax)


def test_the_dead_zones_are_those_that_are_published():
    assert [(one.limit.text(), one.last.text()) for one in cliffs(MONTH)] == [
        ("36,000.00", "38,566.66"),
        ("144,000.00", "160,499.99"),
        ("300,000.00", "318,333.32"),
        ("420,000.00", "447,499.99"),
        ("660,000.00", "706,538.45"),
        ("960,000.00", "1,119,999.99"),
    ]


@pytest.mark.parametrize("cliff", cliffs(MONTH), ids=str)
def test_all_of_a_dead_zone_leaves_less_and_a_fen_more_does_not(cliff):
    at = left_of_bonus(MONTH, cliff.limit)
    for fen in (cliff.limit.fen + 1, (cliff.limit.fen + cliff.last.fen) // 2, cliff.last.fen):
        assert left_of_bonus(MONTH, Money(fen)) < at
    assert left_of_bonus(MONTH, Money(cliff.last.fen + 1)) >= at


@pytest.mark.parametrize(
    ("bonus", "has_cliff"),
    [("36000", False), ("36000.01", True), ("38566.66", True), ("38566.67", False), ("160499.99", True)],
)
def test_a_bonus_is_warned_of_only_inside_a_dead_zone(bonus, has_cliff):
    assert (cliff_of(MONTH, parse_yuan(bonus)) is not None) is has_cliff


def test_a_dead_zone_that_swallows_a_whole_row_ends_in_the_next_one():
    steep = table((1000, 3), (1001, 40), (None, 41))
    [first, *_] = cliffs(steep)
    assert first == Cliff(parse_yuan("12000"), first.last)
    assert first.last > parse_yuan("12012")
    assert left_of_bonus(steep, Money(first.last.fen + 1)) >= left_of_bonus(steep, first.limit)


def test_a_table_of_one_row_has_no_cliff():
    assert cliffs(table((None, 20))) == ()
