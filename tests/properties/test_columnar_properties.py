"""The columnar evaluator gives the figures of the exact one, whatever the rules and the facts."""

from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.properties.columnar_comparison import both, differences
from tests.properties.columnar_worlds import POSTED, SUBJECTS, plain, worlds
from tests.unit.scoring.scoring_world import MARCH, book_of, fact, run

from perf.kernel.facts import Facts
from perf.kernel.subjects import Roster, Segment
from perf.scoring.columnar import columns_of, compile_scheme

some = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
ATTRIBUTES = ("class", "beds", "post")


@some
@given(worlds(), st.sampled_from([1, 3, 8192]))
def test_columns_give_every_figure_of_the_exact_evaluator(world, block) -> None:
    assert differences(*both(*world, "monthly", block=block)) == []


@settings(some, max_examples=60)
@given(worlds(own=True), st.sampled_from([1, 2]))
def test_columns_without_facts_behind_them_give_the_same(world, threads) -> None:
    """What the exact engine is asked, it is asked with facts made from the columns."""
    book, roster, facts, period = world
    columns = replace(columns_of(book, roster, facts, period, "monthly"), origin=None)
    cards = {subject: card for (_, subject), card in run(book, roster, facts, period).cards.items()}
    program = compile_scheme(book, "monthly", period, attributes=ATTRIBUTES)
    assert differences(cards, program, program.run(columns, threads=threads, block=4)) == []


POSTED_BOOK = book_of(*POSTED)
posts = st.lists(st.tuples(st.sampled_from(["甲岗", "乙岗", "丙岗"]), st.integers(1, 31)), min_size=1, max_size=2)


@settings(some, max_examples=40)
@given(st.dictionaries(st.sampled_from(SUBJECTS), st.tuples(posts, plain, st.none() | plain), min_size=1))
def test_totals_by_post_are_those_of_the_exact_evaluator(people) -> None:
    segments, found = [Segment("group", "consortium", "group", "")], []
    for subject, (held, one, other) in people.items():
        first = date(2025, 3, 1)
        for post, days in held[: 1 if held[0][1] == 31 else 2]:
            last = date(2025, 3, 31) if post is held[-1][0] else date(2025, 3, days)
            if first <= last:
                segments.append(
                    Segment(subject, "institution", "town", "group", first, last, attributes={"post": post})
                )
                first = date(2025, 3, min(last.day + 1, 31))
        found.append(fact(subject, "m_one", one))
        found += [fact(subject, "m_two", other)] if other is not None else []
    cards, program, scores = both(POSTED_BOOK, Roster(segments), Facts(found), MARCH, "whole")
    assert program.plan is None
    assert differences(cards, program, scores) == []
