"""Columns with no facts behind them hold all that the exact engine will ask for."""

from dataclasses import replace
from fractions import Fraction

from tests.properties.columnar_comparison import differences
from tests.unit.scoring.scoring_world import (
    MARCH,
    book_of,
    fact,
    indicator,
    measure,
    one_dimension,
    roster_of,
    run,
    scheme,
)

from perf.kernel.facts import Fact, Facts
from perf.scoring.columnar import columns_of, compile_scheme
from perf.specs.models import RuleBook


def compared(book: RuleBook, facts: list[Fact]) -> tuple[dict[str, Fraction | None], list[str]]:
    """Totals of the exact engine, and what is another in columns alone."""
    roster = roster_of("甲", "乙")
    cards = {subject: card for (_, subject), card in run(book, roster, Facts(facts)).cards.items()}
    columns = replace(columns_of(book, roster, Facts(facts), MARCH, "monthly"), origin=None)
    program = compile_scheme(book, "monthly", MARCH)
    return {who: card.total for who, card in cards.items()}, differences(cards, program, program.run(columns))


def book_with(further: str, *codes: str) -> RuleBook:
    """An indicator held against the best of the month before, with other versions then."""
    return book_of(
        *map(measure, codes),
        indicator("a", "{curve: attainment, target: max(peers.value@previous)}", further=further),
        scheme(one_dimension("a: {out_of: 100}")),
    )


FEBRUARY = MARCH.previous()
JANUARY = FEBRUARY.previous()


def test_the_value_of_a_month_in_which_the_indicator_was_switched_off_is_worked_out_all_the_same() -> None:
    book = book_with("enabled: no\nversions: [{from: 2024-06, to: 2025-02}, {from: 2025-03, enabled: yes}]\n", "m_a")
    facts = [fact("甲", "m_a", 40), fact("乙", "m_a", 30), fact("乙", "m_a", 50, FEBRUARY)]
    assert compared(book, facts) == ({"甲": 80, "乙": 60}, [])


def test_before_the_first_version_the_value_is_that_of_the_version_that_asks_for_it() -> None:
    """甲 carries the points of February, whose rule compares with January by its own formula, not by that of March."""
    further = (
        "no_value: {missing: carry_forward}\nversions: [{from: 2025-02, to: 2025-02, value: m_b}, {from: 2025-03}]\n"
    )
    facts = [fact("乙", "m_a", 30), fact("甲", "m_b", 40, FEBRUARY), fact("乙", "m_b", 50, FEBRUARY)]
    facts += [fact("乙", "m_b", 80, JANUARY)]
    assert compared(book_with(further, "m_a", "m_b"), facts) == ({"甲": 50, "乙": 60}, [])


def test_points_are_carried_forward_of_a_value_that_looks_back_without_end() -> None:
    book = book_of(
        *map(measure, ("m_a", "m_b")),
        indicator(
            "a",
            "{curve: attainment, target: m_b}",
            value="m_a + count(peers.value@previous)",
            further="no_value: {missing: carry_forward}\n",
        ),
        scheme(one_dimension("a: {out_of: 100}")),
    )
    facts = [fact("甲", "m_a", 39, FEBRUARY), fact("甲", "m_b", 50, FEBRUARY)]
    facts += [fact("乙", "m_a", 30), fact("乙", "m_b", 60)]
    assert compared(book, facts) == ({"甲": 78, "乙": Fraction("51.67")}, [])
