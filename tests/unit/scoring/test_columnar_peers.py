"""Every curve among peers, on groups full of ties, in both directions and with every way of rounding."""

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

CURVES = (
    "{curve: percentile, definition: percent_rank}",
    "{curve: percentile, definition: at_or_below}",
    "{curve: percentile, definition: midpoint}",
    "{curve: rank, method: step, first: 100, each: 7.775, floor: 30, ties: competition}",
    "{curve: rank, method: step, first: 100, each: 7.775, floor: 30, ties: dense}",
    "{curve: rank, method: step, first: 100, each: 7.775, floor: 30, ties: mean}",
    "{curve: rank, method: share, ties: mean}",
    "{curve: rank, method: places, places: [[1, 100], [2, 90], [4, 80]]}",
    "{curve: standardise, method: min_max, low: 50, high: 97.775}",
    "{curve: standardise, method: ratio_to_best}",
    "{curve: linear, through: [[p10(peers.value) - 3, 0], [p90(peers.value) + 1, 100]]}",
    "{curve: linear, through: [[p40(peers.value), 30], [median(peers.value), 60], [p70(peers.value), 100]], all_equal: 77.775}",
    "{curve: steps, at: [[0.9 * mean(peers.value), 60], [mean(peers.value), 80], [max(peers.value) / 2, 100]]}",
    "{curve: attainment, target: mean(peers.value), floor: 60%, cap: 120%}",
)
VALUES = (3, 1, 3, 2, 2, 2, 7, 1, 3)


@pytest.mark.parametrize("rounding", ["half_away", "half_even", "down", "up"])
@pytest.mark.parametrize("direction", ["higher", "lower"])
@pytest.mark.parametrize("curve", CURVES)
def test_ties_share_what_the_exact_engine_gives_them(curve, direction, rounding) -> None:
    names = [f"院{k}" for k in range(len(VALUES))]
    book = book_of(
        measure("m_a"),
        indicator("a", curve, direction=direction, further=f"points_rounding: {rounding}"),
        scheme(one_dimension("a: {out_of: 100}"), "peers: {by: kind}\nrank: {of: total}"),
    )
    facts = facts_of({(name, "m_a"): value for name, value in zip(names, VALUES, strict=True)})
    cards, program, scores = both(book, roster_of(*names, "无数据"), facts, MARCH, "monthly")
    assert differences(cards, program, scores) == []
    assert len({card.total for card in cards.values() if card.total is not None}) > 1
    assert scores.tally.exact == 0


GROUPS = ((4, 9, 2, 8), (0, 3, 5, -2), (-1, -7, -1), (6, 6, 6), (5,), (0, 0), (2, 3, 3, 7, 11, 20))


@pytest.mark.parametrize("values", GROUPS)
@pytest.mark.parametrize("direction", ["higher", "lower"])
@pytest.mark.parametrize(
    "curve",
    [
        "{curve: standardise, method: ratio_to_best, all_equal: 33.335}",
        "{curve: standardise, method: min_max, low: 0, high: 100}",
        "{curve: linear, through: [[median(peers.value) - 5, 0], [p30(peers.value) + 5, 100]]}",
    ],
)
def test_even_groups_zeros_negatives_and_equals_are_as_the_exact_engine_has_them(curve, direction, values) -> None:
    names = [f"院{k}" for k in range(len(values))]
    book = book_of(
        measure("m_a"), indicator("a", curve, direction=direction), scheme(one_dimension("a: {out_of: 100}"))
    )
    facts = facts_of({(name, "m_a"): value for name, value in zip(names, values, strict=True)})
    assert differences(*both(book, roster_of(*names), facts, MARCH, "monthly")) == []


@pytest.mark.parametrize(
    "value", ["parent.m_a / 2 + m_a", "parent.score(above) - m_a", "score(beside) / 2", "parent.m_b"]
)
def test_what_stands_above_and_other_schemes_need_no_exact_engine(value) -> None:
    names = [f"院{k}" for k in range(len(VALUES))]
    entered = "{curve: entered, full: 100}"
    book = book_of(
        measure("m_a"),
        measure("m_b"),
        indicator("a", entered, value=value, further="no_value: zero\n"),
        indicator("b", entered, value="m_a"),
        indicator("c", entered, value="m_a", level="consortium"),
        scheme(one_dimension("b: {out_of: 100}"), code="beside"),
        scheme(one_dimension("c: {out_of: 100}"), code="above", of="{level: consortium, kind: [group]}"),
        scheme(one_dimension("a: {out_of: 100}"), "peers: {by: kind}\nrank: {of: total}"),
    )
    facts = facts_of(
        {("group", "m_a"): 90, **{(name, "m_a"): value for name, value in zip(names, VALUES, strict=True)}}
    )
    cards, program, scores = both(book, roster_of(*names, "无数据"), facts, MARCH, "monthly")
    assert differences(cards, program, scores) == []
    assert scores.tally.exact == 0


@pytest.mark.parametrize("curve", [*CURVES, "{curve: range, best: [0, 1], zero: [0, 2]}"])
@pytest.mark.parametrize("rank", ["total", "exact"])
def test_a_scheme_for_nobody_gives_nothing(curve, rank) -> None:
    steep = "curves: {f: {curve: power, origin: 40, per: 50, factor: 0.5, exponent: 2}}\nno_value: peer_median"
    book = book_of(
        measure("m_a"),
        indicator("a", curve, direction="range" if "curve: range" in curve else "higher"),
        indicator("b", "{curve: percentile}", value="f(m_a)", further=steep),
        scheme(
            one_dimension("a: {weight: 50}", "b: {weight: 50}"),
            f"peers: {{by: kind}}\nrank: {{of: {rank}}}",
            of="{level: institution, kind: [village]}",
        ),
    )
    cards, program, scores = both(book, roster_of("甲"), facts_of({("甲", "m_a"): 3}), MARCH, "monthly")
    assert program.plan is not None
    assert differences(cards, program, scores) == []
    assert len(scores.columns) == 0
