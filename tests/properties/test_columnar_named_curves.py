"""Formulas that call named curves give in columns what they give in the exact evaluator: every kind of curve, every kind of argument."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.properties.columnar_comparison import both, differences
from tests.properties.columnar_worlds import rosters
from tests.unit.scoring.scoring_world import MARCH, book_of, fact, indicator, measure, one_dimension, run, scheme

from perf.kernel.facts import Facts
from perf.kernel.subjects import Roster, Segment
from perf.scoring.columnar import columns_of, compile_scheme
from perf.scoring.columnar.judging import Judge
from perf.specs.build_named_curves import NAMED_CURVES

F = Fraction
IN_COLUMNS = (
    "curve: linear, through: [[10, 0.2], [50, 0.9], [100, 1.05]]",
    "curve: linear, through: [[10, 0.2], [rate * 100, 0.9], [rate * 100, 0.95], [120, 1.1]], outside: extend",
    "curve: steps, at: [[20, 0.4], [50, 0.6], [goal * 100, 1.1]], lower_bound: excluded, below: 0.125",
    "curve: steps, at: [[50, 0.6], [100, 1.1]], lower_bound: included",
    "gives: percent, curve: range, best: [40, 60], zero: [20, 120]",
    "gives: percent, curve: range, best: [none, 60], zero: [none, 60], out_of: 110%",
    "gives: percent, curve: attainment, target: 95, floor: 60%, cap: 120%",
    "gives: percent, curve: attainment, target: 40, floor: 50%, direction: lower",
    "gives: percent, curve: attainment, target: 40, direction: lower, lower_as: complement, cap: 110%, out_of: 90%",
    "gives: percent, curve: efficacy, satisfactory: 95, unallowed: 60, outside: clip",
    "gives: percent, curve: efficacy, satisfactory: 20, unallowed: 60, direction: lower, base: 50%, span: 70%",
    "gives: percent, curve: efficacy, standards: [90, 80, 70, 60, 50]",
    "gives: percent, curve: efficacy, standards: [20, 60], coefficients: [1, 0.3], direction: lower, out_of: 120%",
    "gives: percent, curve: power, origin: 30, per: 25, factor: -20%, exponent: 1.5, start: 100%, side: both, floor: 0%",
    "curve: power, origin: 30, per: 50, factor: 0.5, exponent: 0.5, side: above, cap: 1, digits: 3, rounding: half_even",
    "gives: percent, curve: deduct, each: 20%, per: 15, counted: started",
    "gives: percent, curve: deduct, each: 1.5%, per: 5, counted: exact, out_of: 105%",
    "gives: percent, curve: deduct, each: 3%, per: 30, counted: completed",
    "curve: award, each: 0.3, per: 10, cap: 1, counted: completed",
    "curve: award, each: 0.125, per: 12.5, cap: 0.7",
    "gives: percent, curve: entered, full: 120",
    "gives: percent, curve: best_of, parts: [{curve: entered, full: 120}, {curve: steps, at: [[50, 70%]]}]",
    "gives: percent, curve: best_of, direction: lower, parts: [{curve: attainment, target: 30}, {curve: range, best: [40, 60]}]",
    "curve: best_of, parts: [{curve: power, origin: 30, per: 50, factor: 0.5, exponent: 0.5}, {curve: linear, through: [[0, 0], [100, 1]]}]",
)
ASKED = (
    "curve: linear, through: [[beds, 0.2], [100, 1]]",
    "curve: linear, through: [[none_such, 0.2], [100, 1]]",
    "curve: linear, through: [[goal * 100, 0.2], [rate * 40, 1]]",
    "curve: linear, through: [[10, 0.2], [rate * 100, 0.9], [rate * 100, 0.95]], outside: extend",
    "curve: steps, at: [[50, 0.6], [d_a, 1.1]]",
    "curve: steps, at: [[median(peers.d_a), 0.6]]",
    "curve: range, best: [beds * 20, 60], out_of: 1",
    "gives: percent, curve: attainment, target: rate - 0.95",
    "gives: percent, curve: attainment, target: rate - 0.95, direction: lower",
    "gives: percent, curve: attainment, target: rate - 1",
    "gives: percent, curve: efficacy, satisfactory: 40 * rate, unallowed: 60",
    "gives: percent, curve: efficacy, standards: {by: class, rows: {三甲: [90, 50], 二甲: [80, 40]}}, coefficients: [1, 0.5]",
    "gives: percent, curve: efficacy, standards: {by: class, rows: {三甲: [90, 50]}}, coefficients: [1, 0.5]",
    "curve: power, origin: beds, factor: 0.001, exponent: 2",
    "gives: percent, curve: best_of, parts: [{curve: attainment, target: d_a}, {curve: steps, at: [[50, 70%]]}]",
)
CALLS = (
    "f(n_a)", "f(n_a / 3)", "f(n_a - d_a)", "f(100 * n_a / d_a) * 0.9", "f(50)", "f(goal * 100)", "f(beds)",
    "max(f(n_a), f(d_a))", "if(class == 三甲, f(n_a), f(d_a + 0.5))",
)  # fmt: skip
POINTS = "{curve: linear, through: [[0, 0], [0.4, 33.335], [1.2, 100]], outside: extend}"
COUNTING = "parameters: {rate: [{from: 2020, value: 95%}], goal: [{from: 2020, value: 0.75}]}\n"
figures = st.one_of(
    st.sampled_from([0, 10, 20, 30, 30, 40, 50, 50, 60, 75, 95, 100, 120, F("49.9999"), F("95.0001"), -5, 10**9]),
    st.integers(-20, 400),
)
some = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def book_with(curve):
    documents = [measure("n_a"), measure("d_a"), measure("none_such")]
    for number, call in enumerate(CALLS):
        further = (
            f"{COUNTING}curves: {{f: {{{curve}}}}}\nno_value: {{missing: zero, denominator_zero: not_applicable}}\n"
        )
        further += "assume: {n_a: 30}\n" if number == 1 else ""
        documents.append(indicator(f"i{number}", POINTS, value=call, further=further))
    items = [f"i{number}: {{out_of: 10}}" for number in range(len(CALLS))]
    return book_of(*documents, scheme(one_dimension(*items), "peers: {by: kind}\nrank: {of: exact}\n"))


BOOKS = {curve: book_with(curve) for curve in (*IN_COLUMNS, *ASKED)}


@st.composite
def reports(draw):
    found = []
    for subject in "甲乙丙丁":
        for code in ("n_a", "d_a"):
            if draw(st.integers(0, 9)):
                found.append(fact(subject, code, draw(figures)))
    return found


def test_every_kind_of_named_curve_is_among_them():
    assert {name for name in NAMED_CURVES if not any(f"curve: {name}," in one for one in IN_COLUMNS)} == set()


@pytest.mark.parametrize("curve", BOOKS)
def test_columns_give_every_figure_of_formulas_that_call_a_curve(curve) -> None:
    @some
    @given(rosters(), reports(), st.booleans())
    def holds(roster, found, is_bare):
        book, facts = BOOKS[curve], Facts(found)
        if not is_bare:
            assert differences(*both(book, roster, facts, MARCH, "monthly", block=3)) == []
            return
        columns = replace(columns_of(book, roster, facts, MARCH, "monthly"), origin=None)
        cards = {subject: card for (_, subject), card in run(book, roster, facts).cards.items()}
        program = compile_scheme(book, "monthly", MARCH, attributes=["class", "beds"])
        assert differences(cards, program, program.run(columns)) == []

    holds()


@pytest.mark.parametrize("curve", IN_COLUMNS)
def test_the_exact_engine_is_not_asked_for_curves_whose_thresholds_are_the_same_for_all(curve) -> None:
    people = [Segment(s, "institution", "town", "", attributes={"class": "三甲", "beds": "2"}) for s in "甲乙"]
    roster = Roster(people)
    facts = Facts(fact(s, code, value) for s in "甲乙" for code, value in (("n_a", 41), ("d_a", 73)))
    columns = columns_of(BOOKS[curve], roster, facts, MARCH, "monthly")
    program = compile_scheme(BOOKS[curve], "monthly", MARCH, attributes=["class", "beds"])
    assert program.plan is not None
    for judge in program.plan.judges:
        assert isinstance(judge, Judge)
        judge.value(columns, slice(0, 2))  # raises NotColumnar where the exact engine is to be asked
