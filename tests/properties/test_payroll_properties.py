"""Payroll: the year by cumulative withholding is the year by its own formula; order does not matter; lines add up."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.appraisal.payroll_world import BONUS, NET, PENSION, payroll, person
from tests.unit.distribution.test_distribution_tax_tables import MONTH
from tests.unit.distribution.test_distribution_withholding import TAX

from perf.distribution.tax_tables import cliffs, left_of_bonus, tax_on
from perf.distribution.withholding import YearFigures, basic_deduction, withhold
from perf.kernel.money import ZERO, Money, total

FEN = st.integers(0, 12_000_000)
ANY_FEN = st.integers(-3_000_000, 12_000_000)


def through_the_year(incomes, special=0):
    """What is withheld in each month, and the last result."""
    year, taken, last = YearFigures(), [], None
    for number, fen in enumerate(incomes, 1):
        year = YearFigures(year.income + Money(fen), special=Money(special * number), withheld=year.withheld)
        last = withhold(TAX, year, basic_deduction(TAX, "standard", employed=number, month=number))
        taken.append(last.tax)
        year = last.year
    return taken, last


@given(st.lists(st.integers(500_000, 12_000_000), min_size=12, max_size=12))
def test_twelve_months_that_never_fall_give_the_yearly_formula(incomes):
    taken, _ = through_the_year(incomes)
    taxable = Money(sum(incomes) - 12 * 500_000)
    assert total(taken) == tax_on(TAX.rows, taxable)[0]


@given(st.lists(ANY_FEN, min_size=1, max_size=12), st.integers(0, 300_000))
def test_what_is_withheld_is_the_most_that_was_ever_due(incomes, special):
    taken, last = through_the_year(incomes, special)
    dues = [through_the_year(incomes[: n + 1], special)[1].due for n in range(len(incomes))]
    assert total(taken) == max(dues)
    assert min(taken) >= ZERO
    assert last.over == total(taken) - last.due


@given(st.lists(st.integers(0, 5_000_000), min_size=1, max_size=6), st.randoms())
def test_payments_of_one_month_may_come_in_any_order(parts, chance):
    def withheld(ordered):
        year = YearFigures()
        for fen in ordered:
            year = withhold(TAX, YearFigures(year.income + Money(fen), withheld=year.withheld), Money(500_000)).year
        return year.withheld

    shuffled = list(parts)
    chance.shuffle(shuffled)
    assert withheld(parts) == withheld(shuffled) == withheld([sum(parts)])


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["p1", "p2", "p3"]), st.tuples(FEN, FEN, FEN), min_size=1),
    st.booleans(),
)
def test_lines_add_up_and_nobody_depends_on_the_others(pay, is_turned):
    def text(fen):
        return f"{fen // 100}.{fen % 100:02d}"

    facts = {(who, "insurance_base", "2025-01"): text(base) for who, (_, _, base) in pay.items()}
    ordered = list(pay.items())[:: -1 if is_turned else 1]
    lines = {who: {"绩效": text(own), "年终": text(bonus)} for who, (own, bonus, _) in ordered}
    people = tuple(person(who) for who in ("p1", "p2", "p3"))
    found = payroll(lines, rule=NET + PENSION + BONUS, people=people, facts=facts)
    for one in found.people:
        alone = payroll({one.person: lines[one.person]}, rule=NET + PENSION + BONUS, people=people, facts=facts)
        assert alone.people == (one,)
        if one.net is None:
            continue
        assert total(line.amount for line in one.lines) == one.net
        assert one.gross == one.net + one.deductions + one.tax
        assert one.gross == Money(pay[one.person][0] + pay[one.person][1])
        assert one.net >= ZERO


@given(st.integers(0, 150_000_000))
def test_a_bonus_leaves_less_than_a_smaller_one_only_inside_a_dead_zone(fen):
    zones = cliffs(MONTH)
    inside = any(one.limit.fen < fen <= one.last.fen for one in zones)
    below = max((left_of_bonus(MONTH, one.limit) for one in zones if one.limit.fen < fen), default=ZERO)
    assert (left_of_bonus(MONTH, Money(fen)) < below) is inside
    assert Fraction(left_of_bonus(MONTH, Money(fen)).fen) >= 0
