"""取整差 with the library's own rules: a cashier whose item without a value gives its weight to the others."""

from fractions import Fraction

import pytest
from tests.unit.appraisal.appraisal_county import segment
from tests.unit.appraisal.redoing import printed

from perf.appraisal.scorecard_view import scorecard_view
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster
from perf.scoring import score
from perf.services.files import packaged, rule_texts
from perf.specs import load_book

JUNE = parse_period("2025-06")


@pytest.fixture(scope="module")
def card():
    book, _ = load_book(rule_texts(packaged("indicator_specs")))
    cashier = segment("1", "person", "admin", "A", name="出纳", category="admin", head="no")
    roster = Roster([segment("A", "institution", "township_hospital", ""), cashier])
    values = {"duty_score": Fraction(90), "training_grade": "合格"}
    facts = Facts([Fact(FactKey("1", code, JUNE), value) for code, value in values.items()])
    scores = score(book, roster, facts, JUNE, ["other_monthly"])
    return scorecard_view(scores.cards["other_monthly", "1"], book, roster)


def test_the_difference_is_shown_where_the_total_is_rounded(card):
    assert card.total == "88.57"
    assert card.sum_line.zh.endswith("= 620/7≈88.5714")
    assert card.rounding_difference == "-1/700≈-0.0014"


def test_printed_lines_and_the_difference_add_up_to_the_printed_total(card):
    parts = [printed(block.score) for block in card.dimensions] + [printed(line.score) for line in card.extra]
    assert sum(parts) + printed(card.rounding_difference) == printed(card.total)
