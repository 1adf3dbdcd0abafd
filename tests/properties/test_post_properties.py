"""What holds of quotas and of totals by post, whatever the people, their days and their order."""

from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.scoring.scoring_world import (
    MARCH,
    SOURCE,
    book_of,
    facts_of,
    measure,
    one_dimension,
    roster_of,
    run,
    scheme,
    straight,
)

from perf.kernel.irrational import weighted_geometric_mean
from perf.kernel.rounding import Rounding, round_to_int
from perf.kernel.subjects import Roster, Segment

F = Fraction
NAMES = "甲乙丙丁戊己庚辛"
GRADES = "grades: [[优秀, 90], [良好, 80], [合格, 60], [不合格, 0]]"
totals = st.lists(st.sampled_from([55, 60, 79, 80, 89, 90, 91, 95, 100]), min_size=1, max_size=8)
shares = st.sampled_from(["0%", "12.5%", "15%", "33%", "50%", "100%"])
roundings = st.sampled_from(["down", "up", "half_away"])


def graded(found: list[int], best: str, good: str, rounding: str, ties: str, turned: bool) -> dict[str, str]:  # noqa: FBT001
    quotas = [
        f"  优秀: {{at_most: {best}, rounding: {rounding}, ties: {ties}, falls_to: 良好}}",
        f"  良好: {{at_most: {good}, rounding: {rounding}, ties: {ties}, falls_to: 合格}}",
    ]
    listed = "\n".join(reversed(quotas) if turned else quotas)
    rules = scheme(one_dimension("a: {out_of: 100}"), f"{GRADES}\nquota:\n{listed}")
    names = list(NAMES[: len(found)])
    facts = facts_of({(name, "m_a"): total for name, total in zip(names, found, strict=True)})
    order = reversed(names) if turned else names
    scores = run(book_of(measure("m_a"), straight("a"), rules), roster_of(*order), facts)
    return {subject: card.grade for (_, subject), card in scores.cards.items()}


@settings(max_examples=40, deadline=None)
@given(totals, shares, shares, roundings, st.sampled_from(["all_out", "all_in"]))
def test_a_quota_is_never_exceeded_where_ties_go_and_order_never_matters(found, best, good, rounding, ties) -> None:
    given_grades = graded(found, best, good, rounding, ties, turned=False)
    assert given_grades == graded(found, best, good, rounding, ties, turned=True)
    assert "" not in given_grades.values()
    by_total: dict[int, set[str]] = {}
    for name, total in zip(NAMES, found, strict=False):
        by_total.setdefault(total, set()).add(given_grades[name])
    assert all(len(grades) == 1 for grades in by_total.values())
    if ties == "all_out":
        for grade, share in (("优秀", best), ("良好", good)):
            places = round_to_int(F(share[:-1]) / 100 * len(found), Rounding(rounding))
            assert list(given_grades.values()).count(grade) <= places


def part(category: str) -> str:
    return (
        f"indicator: of_{category}\ntitle: 分\nlevel: person\nunit: number\ndirection: higher\nvalue: m_{category}\n{SOURCE}\n"
        f"points: {{curve: linear, through: [[0, 0], [100, 100]]}}\n---\nscheme: {category}_monthly\ntitle: 分\n"
        f'of: {{level: person, where: "category == {category}"}}\nperiod: month\n{SOURCE}\n'
        f"dimensions: {{all: {{weight: 100, indicators: {{of_{category}: {{out_of: 100}}}}}}}}\ntotal: {{digits: exact}}\n"
    )


POSTS = ("doctor", "nurse", "office")
BOOK = book_of(
    *(measure(f"m_{post}").replace("level: institution", "level: person") for post in POSTS),
    *(part(post) for post in POSTS),
    f"scheme: whole\ntitle: 合\nof: {{level: person}}\nperiod: month\n{SOURCE}\ntotal: {{digits: exact}}\n"
    f"by_post: [{', '.join(f'{post}_monthly' for post in POSTS)}]\n",
)
spans = st.tuples(
    st.sampled_from(POSTS),
    st.integers(1, 31),
    st.integers(1, 31),
    st.sampled_from(["1", "0.5", "0.333", "0.25"]),
)


def whole(rows, scores) -> Fraction | None:
    segments = [
        Segment("甲", "person", c, "", date(2025, 3, min(a, b)), date(2025, 3, max(a, b)), {"category": c, "fte": fte})
        for c, a, b, fte in rows
    ]
    facts = facts_of({("甲", f"m_{post}"): score for post, score in zip(POSTS, scores, strict=True)})
    return run(BOOK, Roster(segments), facts, MARCH, ("whole",)).cards["whole", "甲"].total


@settings(max_examples=60, deadline=None)
@given(st.lists(spans, min_size=1, max_size=5), st.integers(0, 100), st.randoms(use_true_random=False))
def test_a_total_by_post_of_equal_totals_is_that_total_whatever_the_days(rows, score, shuffle) -> None:
    mixed = list(rows)
    shuffle.shuffle(mixed)
    assert whole(rows, (score,) * 3) == whole(mixed, (score,) * 3) == score


@settings(max_examples=60, deadline=None)
@given(st.lists(spans, min_size=1, max_size=5), st.tuples(*[st.integers(0, 100)] * 3))
def test_a_total_by_post_is_the_mean_of_every_day_by_fte(rows, scores) -> None:
    """Day by day, which the engine never does."""
    by_post = dict(zip(POSTS, scores, strict=True))
    days = [(by_post[c], F(fte)) for c, a, b, fte in rows for _ in range(abs(a - b) + 1)]
    assert whole(rows, scores) == sum(s * fte for s, fte in days) / sum(fte for _, fte in days)


parts = st.lists(
    st.tuples(st.fractions(0, 2, max_denominator=500), st.fractions(F(1, 100), 100, max_denominator=100)),
    min_size=1,
    max_size=5,
)


@given(parts, st.fractions(F(1, 50), 50, max_denominator=50))
def test_a_geometric_mean_lies_between_and_knows_only_the_proportion_of_weights(found, factor) -> None:
    mean = weighted_geometric_mean(found)
    assert min(n for n, _ in found) <= mean <= max(n for n, _ in found)
    assert mean == weighted_geometric_mean([(n, w * factor) for n, w in reversed(found)])


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 4)), min_size=2, max_size=4), st.integers(2, 6))
def test_a_rational_geometric_mean_is_found(found, root) -> None:
    """(Π n^(w·k))^(1/Σw) of numbers raised to the sum of the weights is Π n^w."""
    whole_weight = sum(w for _, w in found)
    expected = F(1)
    for n, w in found:
        expected *= F(n, root) ** w
    assert weighted_geometric_mean([(F(n, root) ** whole_weight, F(w)) for n, w in found]) == expected
