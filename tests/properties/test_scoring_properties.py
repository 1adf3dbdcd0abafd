"""What holds of every scorecard, whatever the rules, the facts and their order."""

from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.scoring.scoring_world import MARCH, book_of, fact, indicator, measure, run, scheme, straight

from perf.formulas import evaluate, parse_formula
from perf.kernel.facts import Facts
from perf.kernel.issues import NOWHERE
from perf.kernel.rounding import round_to
from perf.kernel.subjects import Roster, Segment
from perf.scoring import contract_rows, points_on
from perf.scoring.weights import Nominal, reshare
from perf.specs.models import Attainment, Deduct, Linear, Range, Steps

F = Fraction
figures = st.fractions(min_value=-50, max_value=250, max_denominator=1000)
parts = st.integers(min_value=0, max_value=100).map(F)


def formula(value: Fraction):
    parsed, _ = parse_formula(
        f"{value.numerator} / {value.denominator}" if value >= 0 else f"0 - {-value.numerator} / {value.denominator}",
        NOWHERE,
    )
    assert parsed is not None
    return parsed


def points(curve, value, direction="higher", out_of=100):
    return points_on(curve, value, direction, lambda f: evaluate(f, None), F(out_of)).value


# ---------------------------------------------------------------- curves


@st.composite
def rising_rows(draw):
    xs = sorted(draw(st.sets(figures, min_size=1, max_size=6)))
    ys = sorted(draw(st.lists(parts, min_size=len(xs), max_size=len(xs))))
    return tuple((formula(x), y) for x, y in zip(xs, ys, strict=True))


@st.composite
def clipped_curves(draw):
    """A curve with points from 0 to 100 that never falls, and its direction."""
    rows = draw(rising_rows())
    return draw(
        st.sampled_from(
            [
                Linear(rows, "clip"),
                Steps(rows, "included"),
                Steps(rows, "excluded"),
                Attainment(formula(F(80)), F(3, 5), F(1), "ratio"),
                Attainment(formula(F(80)), None, F(1), "ratio"),
            ]
        )
    )


@given(clipped_curves(), figures)
def test_points_of_a_clipped_curve_lie_between_nothing_and_full(curve, value) -> None:
    assert 0 <= points(curve, value) <= 100


@given(clipped_curves(), figures, figures)
def test_more_never_earns_less_on_a_rising_curve(curve, one, other) -> None:
    low, high = sorted((one, other))
    assert points(curve, low) <= points(curve, high)


@given(st.sampled_from(["ratio", "complement"]), figures, figures)
def test_more_never_earns_more_where_lower_is_better(lower_as, one, other) -> None:
    low, high = sorted((one, other))
    curve = Attainment(formula(F(40)), F(1, 2), F(1), lower_as)
    assert 0 <= points(curve, high, "lower") <= points(curve, low, "lower") <= 100


@given(st.sampled_from(["exact", "started", "completed"]), figures, figures, st.integers(min_value=1, max_value=60))
def test_deductions_never_give_points_back(counted, one, other, out_of) -> None:
    low, high = sorted((one, other))
    curve = Deduct(F(3, 2), F(7, 4), counted)
    assert 0 <= points(curve, high, "lower", out_of) <= points(curve, low, "lower", out_of) <= out_of


@given(figures, st.lists(figures, min_size=4, max_size=4, unique=True).map(sorted))
def test_a_range_is_full_inside_zero_outside_and_between_on_the_way(value, bounds) -> None:
    zero_from, best_from, best_to, zero_to = bounds
    curve = Range((formula(best_from), formula(best_to)), (formula(zero_from), formula(zero_to)))
    found = points(curve, value, "range")
    assert 0 <= found <= 100
    assert (found == 100) == (best_from <= value <= best_to)
    assert (found == 0) == (value <= zero_from or value >= zero_to)


# ---------------------------------------------------------------- weights


@st.composite
def dimensions(draw):
    weights = st.integers(min_value=1, max_value=40).map(F)
    found = []
    for _ in range(draw(st.integers(min_value=1, max_value=4))):
        items = tuple(draw(st.lists(weights, min_size=1, max_size=5)))
        present = tuple(draw(st.booleans()) for _ in items)
        found.append(Nominal(draw(weights), items, present, draw(st.integers(min_value=1, max_value=2))))
    return found


@given(dimensions(), st.sampled_from(["within_dimension", "overall"]))
def test_shared_out_weights_sum_to_the_nominal_ones(given_dimensions, mode) -> None:
    used = reshare(given_dimensions, mode, "others")
    if not any(d.applies for d in given_dimensions):
        assert all(u.weight is None for u in used)
        return
    assert sum(u.weight for u in used if u.weight is not None) == sum(d.weight for d in given_dimensions)
    for dimension, share in zip(given_dimensions, used, strict=True):
        kept = [w for w in share.items if w is not None]
        assert (share.weight is None) == (not kept) == (not dimension.applies)
        assert not kept or sum(kept) == share.basis
        assert mode == "overall" or not kept or share.basis == dimension.full


@given(dimensions())
def test_a_weight_that_is_lost_is_nobody_elses(given_dimensions) -> None:
    for dimension, share in zip(given_dimensions, reshare(given_dimensions, "none", "lost"), strict=True):
        assert share.weight in (None, dimension.weight)
        assert share.basis == dimension.full
        assert all(w in (None, nominal) for w, nominal in zip(share.items, dimension.items, strict=True))


# ---------------------------------------------------------------- cards

CODES = ("a", "b", "c", "d")
SUBJECTS = ("甲", "乙", "丙", "丁")
POLICIES = ("block", "not_applicable", "zero", "full", "peer_median", "carry_forward")
TWO = """  first:
    weight: 40
    indicators: {a: {out_of: 10}, b: {out_of: 30}}
  second:
    weight: 60
    indicators: {c: {weight: 30}, d: {weight: 20}}"""
FURTHER = """extra: [{indicator: plus, cap: 5}]
total: {digits: 1, min: 0, max: 100}
rank: {of: total}
grades: [[优秀, 90], [良好, 80], [合格, 60], [不合格, 0]]
quota: {优秀: {at_most: 50%, falls_to: 良好}}
coefficient: {curve: linear, through: [[0, 0.5], [100, 1.5]]}
"""


@cache
def book_with(policies, missing_weight):
    return book_of(
        *(measure(f"m_{code}") for code in (*CODES, "plus")),
        *(straight(code, further=f"no_value: {policy}") for code, policy in zip(CODES, policies, strict=True)),
        indicator("plus", "{curve: award, each: 2, cap: 5}", further="assume: {m_plus: 0}"),
        scheme(TWO, f"missing_weight: {missing_weight}\n{FURTHER}"),
    )


MIXES = (*((policy,) * 4 for policy in POLICIES), POLICIES[:4], POLICIES[2:], ("not_applicable", "zero") * 2)
books = st.builds(book_with, st.sampled_from(MIXES), st.sampled_from(["within_dimension", "overall", "none"]))
some = settings(max_examples=60, deadline=None)  # a shared machine is no fault of ours
reports = st.dictionaries(
    st.tuples(
        st.sampled_from(SUBJECTS), st.sampled_from([f"m_{c}" for c in (*CODES, "plus")]), st.sampled_from([0, 0, 0, -1])
    ),
    st.fractions(min_value=0, max_value=120, max_denominator=200),
    max_size=24,
)


def segments():
    return [
        Segment("group", "consortium", "group", ""),
        *(Segment(s, "institution", "town", "group") for s in SUBJECTS),
    ]


def facts_list(values):
    return [fact(subject, code, value, MARCH.shift(back)) for (subject, code, back), value in values.items()]


@some
@given(books, reports, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(book, values, chance) -> None:
    rows, people = facts_list(values), segments()
    before = contract_rows(run(book, Roster(people), Facts(rows)))
    chance.shuffle(rows)
    chance.shuffle(people)
    assert contract_rows(run(book, Roster(people), Facts(rows))) == before


@some
@given(books, reports)
def test_a_total_is_what_its_printed_rows_add_up_to(book, values) -> None:
    for card in run(book, Roster(segments()), Facts(facts_list(values))).cards.values():
        if card.total is None:
            assert card.status in ("blocked", "not_applicable")
            assert (card.exact, card.rank, card.coefficient, card.grade) == (None, None, None, "")
            continue
        tops = [row for row in card.items if row.type == "dimension" or row.parent == "extra"]
        whole = sum((row.score for row in tops if row.score is not None), F(0))
        assert card.exact == min(max(whole, F(0)), F(100))
        assert card.total == round_to(card.exact, 1)
        for row in tops:
            if row.type == "dimension" and row.score is not None:
                own = [i.score for i in card.items if i.parent == row.item and i.score is not None]
                assert row.points == sum(own)
                assert row.score == row.points / row.out_of * row.weight
                assert 0 <= row.points <= row.out_of


@some
@given(books, reports)
def test_every_item_says_how_it_got_its_points_or_why_it_has_none(book, values) -> None:
    for card in run(book, Roster(segments()), Facts(facts_list(values))).cards.values():
        for row in card.items:
            assert (row.points is None) == (row.status in ("not_applicable", "missing", "blocked", "failed"))
            assert (row.reason == "") == (row.status == "scored")
            assert row.points is None or 0 <= row.points <= row.out_of
            assert row.weight is None or row.weight > 0


@some
@given(books, reports)
def test_a_better_total_never_ranks_lower_or_earns_a_lower_coefficient(book, values) -> None:
    cards = [c for c in run(book, Roster(segments()), Facts(facts_list(values))).cards.values() if c.total is not None]
    for one in cards:
        for other in cards:
            if one.total > other.total:
                assert one.rank < other.rank
                assert one.coefficient >= other.coefficient
            if one.total == other.total:
                assert (one.rank, one.grade) == (other.rank, other.grade)


@some
@pytest.mark.parametrize("policy", POLICIES)
@given(values=reports)
def test_no_policy_ever_makes_up_a_value(policy, values) -> None:
    reported = {(s, c) for (s, c, back) in values if back == 0}
    for card in run(
        book_with((policy,) * 4, "within_dimension"), Roster(segments()), Facts(facts_list(values))
    ).cards.values():
        for row in card.items:
            if row.type == "indicator" and row.item != "plus" and (card.subject, f"m_{row.item}") not in reported:
                assert not isinstance(row.value, Fraction)
                assert row.status != "scored"
