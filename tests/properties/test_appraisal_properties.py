"""Whatever the order of the input and the size of the pools: the same rows, and lines that add up."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.appraisal.appraisal_county import JUNE, SEGMENTS, county_book, county_facts
from tests.unit.appraisal.redoing import calculated, holds, printed, sides
from tests.unit.appraisal.test_appraisal_views import PEOPLE, statements

from perf.appraisal import run_appraisal
from perf.distribution import LEDGER_COLUMNS, check_rows, ledger_rows
from perf.kernel.facts import Fact, Facts
from perf.kernel.subjects import Roster
from perf.scoring import contract_rows, explain_objects

ROWS = county_facts()
FEN = st.integers(min_value=0, max_value=10**9)
SCORES = st.lists(st.none() | st.integers(min_value=0, max_value=10_000), min_size=8, max_size=8)


def month(segments, rows):
    return run_appraisal(county_book(), Roster(segments), Facts(rows), JUNE, "G")


def everything(found):
    return (
        list(contract_rows(found.scores)),
        list(explain_objects(found.scores)),
        list(ledger_rows(found.ledger)),
        [issue.render() for issue in found.issues],
        found.ledger.failed,
    )


EXPECTED = everything(month(SEGMENTS, ROWS))


@settings(max_examples=25, deadline=None)
@given(st.permutations(SEGMENTS), st.permutations(ROWS))
def test_the_order_of_roster_and_facts_never_matters(segments, rows):
    assert everything(month(segments, rows)) == EXPECTED


def with_figures(pools: tuple[int, int], scores: list[int | None]) -> list[Fact]:
    money = {house: str(Fraction(fen, 100)) for house, fen in zip(("h1", "h2"), pools, strict=True)}
    rows = [row for row in county_facts(**money) if row.key.measure != "work_score"]
    known = next(row for row in ROWS if row.key.measure == "work_score")
    given_scores = [(who, points) for who, points in zip(PEOPLE, scores, strict=True) if points is not None]
    return rows + [Fact(known.key._replace(subject=who), Fraction(points, 100)) for who, points in given_scores]


@settings(max_examples=25, deadline=None)
@given(st.tuples(FEN, FEN), SCORES)
def test_whatever_the_figures_the_printed_lines_add_up_and_can_be_redone(pools, scores):
    rows = with_figures(pools, scores)
    found = month(SEGMENTS, rows)
    check_rows([dict(zip(LEDGER_COLUMNS, row.values(), strict=True)) for row in ledger_rows(found.ledger)], {})
    paid_into = {entry.owner for entry in found.ledger.entries}
    assert paid_into | {owner for _, owner in found.ledger.failed} == {"h1", "h2"}
    for view in map(statements(facts=rows).view, PEOPLE):
        for card in view.scorecards:
            if card.total != "—":
                parts = [block.score for block in card.dimensions] + [line.score for line in card.extra]
                assert sum(map(printed, parts)) + printed(card.rounding_difference) == printed(card.total)
        for block in view.pay:
            assert sum(line.amount.fen for line in block.lines if line.status == "paid") == block.total.fen
            for line in block.lines:
                products = [text.zh for text in line.steps if " × " in text.zh and text.zh[0].isdigit()]
                for text in products:
                    assert holds(text)
                    quota = calculated(sides(text)[0]) * 100
                    assert line.amount.fen == quota.numerator // quota.denominator + line.odd_fen
        assert sum(block.total.fen for block in view.pay) == view.total_pay.fen
