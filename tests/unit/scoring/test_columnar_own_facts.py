"""Columns with no facts behind them hold all that the exact engine will ask for."""

from dataclasses import replace

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

from perf.kernel.facts import Facts
from perf.scoring.columnar import columns_of, compile_scheme


def test_the_value_of_a_month_before_the_indicator_was_switched_on_is_worked_out_all_the_same() -> None:
    switched = "enabled: no\nversions: [{from: 2024-06, to: 2025-02}, {from: 2025-03, enabled: yes}]\n"
    book = book_of(
        measure("m_a"),
        indicator("a", "{curve: attainment, target: max(peers.value@previous)}", further=switched),
        scheme(one_dimension("a: {out_of: 100}")),
    )
    facts = Facts([fact("甲", "m_a", 40), fact("乙", "m_a", 30), fact("乙", "m_a", 50, MARCH.previous())])
    roster = roster_of("甲", "乙")
    cards = {subject: card for (_, subject), card in run(book, roster, facts).cards.items()}
    columns = replace(columns_of(book, roster, facts, MARCH, "monthly"), origin=None)
    program = compile_scheme(book, "monthly", MARCH)
    assert differences(cards, program, program.run(columns)) == []
    assert {card.total for card in cards.values()} == {80, 60}
