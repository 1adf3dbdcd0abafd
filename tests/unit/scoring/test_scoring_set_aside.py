"""What cannot be scored is set aside alone: a broken scheme, a subject nobody can place, a condition nobody can answer."""

from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.figures import parse_number
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster, Segment
from perf.scoring import score
from perf.specs.book import load_book

JUNE = parse_period("2025-06")
RULES = """
measure: seen
title: 接诊
level: person
---
indicator: seen_points
title: 接诊得分
level: person
direction: higher
value: seen
points: {curve: linear, through: [[0, 0], [10, 100]]}
---
"""
SOUND = """
scheme: sound
title: 完好
of: {level: person}
period: month
dimensions: {work: {weight: 100, indicators: {seen_points: {out_of: 100}}}}
---
"""
ROSTER = Roster([Segment("1", "person", "doctor", "", attributes={"grade": "3"}), Segment("2", "person", "doctor", "")])


def facts(**seen: str) -> Facts:

    return Facts(Fact(FactKey(who[1:], "seen", JUNE), parse_number(value)) for who, value in seen.items())


def test_a_scheme_that_names_an_undeclared_indicator_sinks_alone() -> None:
    broken = SOUND.replace("sound", "broken").replace("seen_points", "unheard_of")
    book, _ = load_book({"rules.yaml": RULES + SOUND + broken})
    found = score(book, ROSTER, facts(p1="5", p2="10"), JUNE, ["sound", "broken"])
    assert [(key, card.total) for key, card in found.cards.items()] == [(("sound", "1"), 50), (("sound", "2"), 100)]
    assert [issue.code for issue in found.issues] == ["rule-failed"]


def test_an_outcome_nobody_can_decide_leaves_the_total_and_is_told() -> None:
    asking = SOUND.replace("dimensions", "outcomes: [{when: seen@previous > 0, say: 表扬}]\ndimensions")
    book, _ = load_book({"rules.yaml": RULES + asking})
    found = score(book, ROSTER, facts(p1="5", p2="10"), JUNE, ["sound"])
    assert [(card.total, card.outcomes) for card in found.cards.values()] == [(50, ()), (100, ())]
    assert [(issue.code, issue.subject) for issue in found.issues] == [
        ("condition-unknown", "1"),
        ("condition-unknown", "2"),
    ]


def test_a_veto_nobody_can_decide_blocks() -> None:
    asking = SOUND.replace("dimensions", "veto: [{when: seen@previous > 0, effect: zero_total}]\ndimensions")
    book, _ = load_book({"rules.yaml": RULES + asking})
    card = score(book, ROSTER, facts(p1="5", p2="10"), JUNE, ["sound"]).cards["sound", "1"]
    assert (card.total, card.status, card.reason) == (None, "blocked", "condition-unknown")
