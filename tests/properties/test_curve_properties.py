"""Curves of the full language against slow references, and what must hold of them whatever the numbers."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from perf.formulas import Formula, evaluate
from perf.formulas.arithmetic import number, rounded
from perf.formulas.tree import Number
from perf.kernel.issues import NOWHERE
from perf.kernel.rounding import Rounding, round_to
from perf.scoring import points_on
from perf.scoring.curve_peers import percentile, rank, standardise
from perf.scoring.peer_figures import PeerFigures
from perf.specs.models import Efficacy, GradedEfficacy, Percentile, Power, Rank, Standardise

F = Fraction
figures = st.fractions(min_value=-50, max_value=50, max_denominator=12)
groups = st.lists(st.one_of(figures, st.integers(min_value=0, max_value=4).map(F)), min_size=1, max_size=14)
sides = st.sampled_from(["higher", "lower"])


def formula(value: Fraction) -> Formula:
    return Formula(str(value), NOWHERE, Number(value))


def on(curve, value, direction="higher"):
    return points_on(curve, value, direction, lambda f: evaluate(f, None)).value


# ---------------------------------------------------------------- peers


def worse_equal(values, value, side):
    """Counted one by one."""
    worse = sum(1 for other in values if (other < value if side == "higher" else other > value))
    return worse, sum(1 for other in values if other == value)


@given(groups, sides)
def test_a_percentile_is_what_counting_one_by_one_gives(values, side):
    peers, n = PeerFigures(values, side), len(values)
    for value in values:
        worse, equal = worse_equal(values, value, side)
        expected = {
            "percent_rank": F(worse, n - 1) * 100 if n > 1 else F(7),
            "at_or_below": F(worse + equal, n) * 100 if n > 1 else F(7),
            "midpoint": F(2 * worse + equal, 2 * n) * 100 if n > 1 else F(7),
        }
        all_equal = n > 1 and equal == n
        for definition, points in expected.items():
            stated = Percentile(definition, F(7), F(3))
            assert percentile(stated, value, peers).value == (F(3) if all_equal else points)
            if not (all_equal and definition == "percent_rank"):
                assert percentile(Percentile(definition, F(7)), value, peers).value == points


@given(groups, sides)
def test_places_are_what_counting_one_by_one_gives(values, side):
    peers = PeerFigures(values, side)
    for value in values:
        worse, equal = worse_equal(values, value, side)
        ahead = len(values) - worse - equal
        better = {other for other in values if (other > value if side == "higher" else other < value)}
        assert peers.place(value, "competition") == ahead + 1
        assert peers.place(value, "dense") == len(better) + 1
        assert peers.place(value, "mean") == F(sum(range(ahead + 1, ahead + equal + 1)), equal)


@given(groups, sides, st.randoms())
def test_the_order_of_the_peers_changes_nothing(values, side, chance):
    mixed = list(values)
    chance.shuffle(mixed)
    one, other = PeerFigures(values, side), PeerFigures(mixed, side)
    for value in values:
        assert one.worse(value) == other.worse(value)
        assert one.place(value, "mean") == other.place(value, "mean")
    assert one.mean == other.mean
    assert one.deviation("population") == other.deviation("population")


peer_curves = st.one_of(
    st.sampled_from(["percent_rank", "at_or_below", "midpoint"]).map(lambda d: Percentile(d, F(50), F(50))),
    st.sampled_from(["competition", "dense", "mean"]).flatmap(
        lambda ties: st.sampled_from(
            [
                Rank("share", ties=ties),
                Rank("step", F(100), F(7), F(20), ties=ties),
                Rank("places", places=((1, F(100)), (3, F(60)), (6, F(0))), ties=ties),
            ]
        )
    ),
    st.sampled_from(
        [
            Standardise("min_max", F(40), F(90), all_equal=F(50)),
            Standardise("z_score", all_equal=F(50)),
            Standardise("z_score", deviation="sample", all_equal=F(50)),
            Standardise("ratio_to_best", all_equal=F(50)),
        ]
    ),
)


def of_peers(curve, value, peers):
    match curve:
        case Percentile():
            return percentile(curve, value, peers).value
        case Rank():
            return rank(curve, value, peers).value
        case _:
            return standardise(curve, value, number(value), peers).value


@given(peer_curves, groups, sides)
def test_among_peers_the_better_never_earns_less_and_points_stay_on_the_scale(curve, values, side):
    peers = PeerFigures(values, side)
    ordered = sorted(set(values), reverse=side == "lower")
    points = [of_peers(curve, value, peers) for value in ordered]
    assert all(0 <= one <= 100 for one in points)
    assert points == sorted(points)


@given(groups, sides)
def test_z_scores_average_to_the_centre_before_they_are_bounded(values, side):
    assume(len(set(values)) > 1)
    peers = PeerFigures(values, side)
    curve = Standardise("z_score", F(-10_000), F(10_000), F(60), F(10))
    total = sum(of_peers(curve, value, peers) for value in values)
    assert total == 60 * len(values)
    assert abs(peers.deviation("population") ** 2 * len(values) - sum((v - peers.mean) ** 2 for v in values)) < F(
        1, 10**40
    )


# ---------------------------------------------------------------- formulas


@given(figures, figures, figures, figures, st.sampled_from(["extend", "clip"]))
def test_efficacy_is_the_straight_line_through_its_two_values(best, worst, one, other, outside):
    assume(best != worst)
    side = "higher" if best > worst else "lower"
    curve = Efficacy(formula(best), formula(worst), F(60), F(40), outside)
    assert on(curve, worst, side) == 60
    assert on(curve, best, side) == 100
    low, high = sorted((one, other), reverse=side == "lower")
    assert on(curve, low, side) <= on(curve, high, side)
    if outside == "clip":
        assert 60 <= on(curve, one, side) <= 100
    else:
        assert on(curve, one, side) == 60 + (one - worst) / (best - worst) * 40


@given(st.lists(figures, min_size=5, max_size=5, unique=True).map(sorted), figures, figures, sides)
def test_graded_efficacy_rises_from_grade_to_grade(ascending, one, other, side):
    standards = tuple(ascending[::-1] if side == "higher" else ascending)
    curve = GradedEfficacy({"": tuple(map(formula, standards))})
    assert [on(curve, mark, side) for mark in standards] == [100, 80, 60, 40, 20]
    low, high = sorted((one, other), reverse=side == "lower")
    assert 0 <= on(curve, low, side) <= on(curve, high, side) <= 100


@given(
    figures, figures, figures,
    st.sampled_from([F(-3), F(-1, 2), F(2)]),
    st.sampled_from([F(1), F(2), F(1, 2), F(3, 2)]),
    st.sampled_from(["both", "above", "below"]),
)  # fmt: skip
def test_a_power_moves_one_way_with_the_distance_and_keeps_its_bounds(origin, one, other, factor, exponent, side):
    curve = Power(formula(origin), factor, exponent, F(1, 3), F(60), side, F(10), F(95))
    near, far = sorted((one, other), key=lambda value: abs(value - origin))
    assume((near - origin) * (far - origin) >= 0)
    points = on(curve, near), on(curve, far)
    assert all(10 <= p <= 95 for p in points)
    assert points == tuple(sorted(points, reverse=factor < 0))
    counts = side == "both" or (far > origin) == (side == "above")
    if exponent.denominator == 1 and counts:
        distance = abs(far - origin) / F(1, 3)
        assert points[1] == min(max(60 + factor * distance ** int(exponent), 10), 95)
    if not counts:
        assert points[1] == 60


@pytest.mark.parametrize("mode", list(Rounding))
@given(value=figures, digits=st.integers(min_value=0, max_value=4))
def test_a_figure_is_rounded_as_declared_and_says_how(mode, value, digits):
    node = rounded(number(value), digits, mode)
    assert node.value == round_to(value, digits, mode)
    if node.op == "round":
        assert [one.value for one in node.inputs[2:]] == ([] if mode is Rounding.HALF_AWAY else [str(mode)])
