"""Cumulative withholding and contributions, on and beside their edges."""

from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType

import pytest
from tests.unit.distribution.test_distribution_tax_tables import YEAR

from perf.distribution.contributions import concerns, contributed, is_dated
from perf.distribution.withholding import YearFigures, basic_deduction, withhold
from perf.kernel.issues import NOWHERE
from perf.kernel.money import ZERO, Money, parse_yuan
from perf.kernel.periods import parse_period
from perf.kernel.rounding import Rounding
from perf.kernel.text import Text
from perf.specs.dated_models import DatedValue
from perf.specs.payroll_models import Contribution, IncomeTax

TAX = IncomeTax(YEAR, Fraction(5000), Fraction(60000), Rounding.HALF_AWAY)
JULY = parse_period("2025-07")


def always(text):
    return (DatedValue(None, None, Fraction(text), text),)


PENSION = Contribution(
    "pension", Text("养老"), "base", always("0.08"), always("4200"), always("21000"), (), (), Fraction(1, 100),
    Rounding.HALF_AWAY, MappingProxyType({}), None, NOWHERE,
)  # fmt: skip


@pytest.mark.parametrize(
    ("basis", "employed", "month", "yuan"),
    [
        ("standard", 1, 7, "5000"),
        ("standard", 7, 7, "35000"),
        ("first_job", 1, 7, "35000"),
        ("first_job", 1, 12, "60000"),
        ("whole_year", 1, 1, "60000"),
        ("standard", 0, 3, "0"),
    ],
)
def test_the_basic_deduction_counts_as_the_record_says(basis, employed, month, yuan):
    assert basic_deduction(TAX, basis, employed=employed, month=month) == parse_yuan(yuan)


def test_nothing_is_paid_back_but_what_was_taken_too_much_counts_later():
    year = YearFigures(income=parse_yuan("14000"), withheld=parse_yuan("30"))
    march = withhold(TAX, year, parse_yuan("15000"))
    assert (march.tax, march.taxable, march.over) == (ZERO, parse_yuan("-1000"), parse_yuan("30"))
    april = withhold(TAX, replace(march.year, income=parse_yuan("23000")), parse_yuan("20000"))
    assert (april.due, april.tax) == (parse_yuan("90"), parse_yuan("60"))


def test_relief_lowers_what_is_withheld():
    year = YearFigures(income=parse_yuan("15000"), relief=parse_yuan("100"))
    assert withhold(TAX, year, parse_yuan("5000")).tax == parse_yuan("200")


@pytest.mark.parametrize(
    ("base", "counted", "bound", "amount"),
    [
        ("4199.99", "4200", "floor", "336"),
        ("4200", "4200", "", "336"),
        ("4200.01", "4200.01", "", "336"),
        ("4200.07", "4200.07", "", "336.01"),
        ("20999.99", "20999.99", "", "1680"),
        ("21000", "21000", "", "1680"),
        ("21000.01", "21000", "cap", "1680"),
        ("0", "4200", "floor", "336"),
    ],
)
def test_a_base_counts_within_its_bounds(base, counted, bound, amount):
    found = contributed(PENSION, Fraction(base), JULY)
    assert (found.counted, found.bound, found.amount) == (Fraction(counted), bound, parse_yuan(amount))


@pytest.mark.parametrize(("unit", "amount"), [("0.01", "400.05"), ("0.1", "400"), ("1", "400")])
def test_it_is_rounded_once_to_the_unit_declared(unit, amount):
    found = contributed(replace(PENSION, unit=Fraction(unit)), Fraction("5000.5625"), JULY)
    assert found.exact == Fraction("400.045")
    assert found.amount == parse_yuan(amount)


def test_half_a_yuan_goes_up_where_yuan_are_taken():
    assert contributed(replace(PENSION, unit=Fraction(1)), Fraction("5006.25"), JULY).amount == parse_yuan("401")


def test_a_fixed_sum_is_added_or_stands_alone():
    more = replace(PENSION, fixed=always("3"))
    assert contributed(more, Fraction(5000), JULY).amount == parse_yuan("403")
    alone = replace(PENSION, rate=(), floor=(), cap=(), base="", fixed=always("3"))
    assert contributed(alone, None, JULY).amount == parse_yuan("3")


def test_a_base_that_is_needed_must_be_there():
    with pytest.raises(ValueError, match="needs a base"):
        contributed(PENSION, None, JULY)


def test_what_is_free_of_tax_ends_at_its_limit():
    found = contributed(replace(PENSION, free_up_to=always("400")), Fraction(10000), JULY)
    assert (found.amount, found.free) == (parse_yuan("800"), parse_yuan("400"))


def test_only_those_of_the_attribute_pay_it():
    annuity = replace(PENSION, only=MappingProxyType({"establishment": ("in",)}))
    assert concerns(annuity, {"establishment": "in"})
    assert not concerns(annuity, {"establishment": "out"})
    assert not concerns(annuity, {})
    assert concerns(PENSION, {})


def test_a_month_without_a_value_is_noticed():
    ended = (DatedValue(None, parse_period("2025-06").last_day, Fraction(4200), "4200"),)
    assert not is_dated(replace(PENSION, floor=ended), JULY)
    assert is_dated(replace(PENSION, floor=ended), parse_period("2025-06"))
    assert contributed(PENSION, Fraction(1), JULY).amount == Money(33600)
