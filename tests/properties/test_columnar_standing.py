"""Ranks of exact totals and quotas in columns: totals that meet by different ways, that lie a hair apart, that are bounded or made nothing."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.properties.columnar_comparison import both, differences
from tests.properties.columnar_worlds import quotas
from tests.unit.scoring.scoring_world import MARCH, book_of, facts_of, measure, roster_of, scheme, straight

SUBJECTS = tuple("甲乙丙丁戊己庚辛壬癸子丑")
some = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def books(draw):
    weights = draw(st.sampled_from(["1 1 1", "3 7 5", "1 2 3", "1 999999937 3"])).split()
    digits = draw(st.sampled_from([2, 2, 6]))
    items = [f"      {code}: {{weight: {weight}}}" for code, weight in zip("abc", weights, strict=True)]
    other = "\n".join(items[2:])
    dimensions = f"  one:\n    weight: 60\n    indicators:\n{chr(10).join(items[:2])}\n  two:\n    weight: 40\n    indicators:\n{other}"
    further = f"missing_weight: {draw(st.sampled_from(['within_dimension', 'overall']))}\n"
    further += "total: {digits: 1, min: 33.333, max: 66.667}\n" if draw(st.booleans()) else "total: {digits: 0}\n"
    further += "veto: [{when: m_a > 99, effect: zero_total}, {when: m_b > 99, effect: {grade_at_most: 合格}}]\n"
    ties = draw(st.sampled_from(["competition", "dense"]))
    further += (
        f"peers: {{by: kind}}\nrank: {{of: {draw(st.sampled_from(['exact', 'exact', 'total']))}, ties: {ties}}}\n"
    )
    further += "grades: [[优秀, 60], [良好, 50], [合格, 40], [不合格, 0]]\n"
    further += f"quota: {{{', '.join(draw(quotas()))}}}\n"
    rules = [
        straight(code, further=f"points_digits: {digits}\nno_value: {{missing: not_applicable}}\n") for code in "abc"
    ]
    return book_of(*(measure(f"m_{code}") for code in "abc"), *rules, scheme(dimensions, further))


@st.composite
def values(draw):
    figures = st.sampled_from([0, 33, 50, 60, "66.66", "66.67", "33.33", "50.000001", 66, 100])
    count = draw(st.integers(1, len(SUBJECTS)))
    given_ = {}
    for subject in SUBJECTS[:count]:
        for code in "abc":
            if draw(st.integers(0, 5)):
                given_[subject, f"m_{code}"] = draw(figures)
    return count, given_


@some
@given(books(), values(), st.sampled_from([3, 8192]))
def test_ranks_of_exact_totals_and_quotas_are_those_of_the_exact_evaluator(book, given_, block) -> None:
    count, figures = given_
    cards, program, scores = both(book, roster_of(*SUBJECTS[:count]), facts_of(figures), MARCH, "monthly", block=block)
    assert program.plan is not None
    assert differences(cards, program, scores) == []
