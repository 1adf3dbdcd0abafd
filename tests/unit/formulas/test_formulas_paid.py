"""`paid(line)` in formulas: how it is read, asked and referred to."""

import pytest
from plain_scope import JUNE, PlainScope, formula, node_of

from perf.formulas import Reference, evaluate, parse_formula, references
from perf.kernel.issues import NOWHERE


def test_it_asks_the_scope_for_the_line_in_the_period() -> None:
    assert node_of("paid(夜班) + 1", **{"paid:夜班": 20}).value == 21
    assert node_of("paid(夜班)@year_to_date", **{"paid:夜班:to_date": 30}).value == 30
    assert node_of("paid('夜班(急诊)')", **{"paid:夜班(急诊)": 4}).value == 4
    earlier = PlainScope(earlier={("paid:夜班", "2024-06"): 5, ("paid:夜班:to_date", "2024-06"): 6})
    assert evaluate(formula("paid(夜班)@last_year"), earlier).value == 5
    assert evaluate(formula("paid(夜班)@last_year@year_to_date"), earlier).value == 6


def test_of_the_unit_above_and_of_members() -> None:
    above = PlainScope({"paid:夜班": 7})
    below = [PlainScope({"paid:夜班": 1}), PlainScope({"paid:夜班": 2})]
    scope = PlainScope(above=above, below=below, period=JUNE)
    assert evaluate(formula("parent.paid(夜班)"), scope).value == 7
    assert evaluate(formula("owner.paid(夜班)"), scope).value == 7
    assert evaluate(formula("sum(members.paid(夜班))"), scope).value == 3
    assert evaluate(formula("mean(top(1, members.paid(夜班)))"), scope).value == 2
    assert evaluate(formula("count(members.paid(夜班))"), scope).value == 2
    assert evaluate(formula("parent.paid(夜班)"), PlainScope()).value.reason == "not_applicable"


def test_it_refers_to_the_line_and_to_no_measure() -> None:
    assert references(formula("paid(夜班)@year_to_date + sum(members.paid(补助)) + owner.paid(x)@year(-1)")) == {
        Reference("paid", "夜班", "year_to_date"),
        Reference("paid", "补助"),
        Reference("paid", "x", "year(-1)"),
    }


@pytest.mark.parametrize(
    "text", ["paid()", "paid(a, b)", "paid(1)", "paid(a + b)", "paid('')", "members.paid", "paid(and)"]
)
def test_what_is_no_line_is_refused(text) -> None:
    parsed = parse_formula(text, NOWHERE)
    assert text == "members.paid" or parsed.formula is None


def test_a_plain_name_paid_is_a_name() -> None:
    assert node_of("paid + 1", paid=2).value == 3
