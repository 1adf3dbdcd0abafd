"""Scorecards as the rows of the contract, exact and in a stable order."""

import json

import pytest
from tests.unit.scoring.scoring_world import (
    book_of,
    facts_of,
    indicator,
    measure,
    one_dimension,
    rating,
    roster_of,
    run,
    scheme,
    straight,
    the_card,
)

from perf.formulas import equation
from perf.kernel.errors import NotFound
from perf.scoring import SCORE_COLUMNS, contract_rows, explain_objects, find_item, workings

RULES = (
    measure("down"),
    measure("out"),
    rating("plan", "完成", "未完成"),
    indicator(
        "share",
        "{curve: linear, through: [[0.40%, 0], [0.85%, 60], [1.20%, 100]]}",
        value="down / out",
        further="no_value: {denominator_zero: not_applicable}",
    ).replace("unit: number", "unit: percent"),
    indicator("third", "{curve: attainment, target: 3}", value="down / 41", further="points_digits: exact"),
    indicator("planned", "{curve: rating, values: {完成: 100, 未完成: 0}}", value="plan"),
    scheme(
        one_dimension("share: {out_of: 30}", "third: {out_of: 30}", "planned: {out_of: 40}"),
        "rank: {of: total}\ncoefficient: {curve: steps, at: [[0, 0.8], [60, 1]]}\ngrades: [[合格, 60], [不合格, 0]]",
    ),
)
FACTS = {("甲", "down"): 41, ("甲", "out"): 4000, ("甲", "plan"): "完成", ("乙", "down"): 41, ("乙", "plan"): "完成"}


@pytest.fixture
def scores():
    return run(book_of(*RULES), roster_of("甲", "乙"), facts_of(FACTS))


def test_rows_are_exactly_those_of_the_contract(scores) -> None:
    rows = contract_rows(scores)
    assert all(tuple(row) == SCORE_COLUMNS for row in rows)
    lines = [",".join(row.values()) for row in rows if row["subject"] == "甲"]
    assert lines == [
        "monthly,甲,2025-03,all,dimension,,74,100,74,,,,,scored,",
        "monthly,甲,2025-03,planned,indicator,完成,40,40,40,,,,,scored,",
        "monthly,甲,2025-03,share,indicator,0.01025,24,30,24,,,,,scored,",
        "monthly,甲,2025-03,third,indicator,1,10,30,10,,,,,scored,",
        "monthly,甲,2025-03,total,total,,74,,74,合格,1,2,1,scored,",
    ]


def test_a_blocked_subject_has_its_rows_and_no_score(scores) -> None:
    lines = [",".join(row.values()) for row in contract_rows(scores) if row["subject"] == "乙"]
    assert lines == [
        "monthly,乙,2025-03,all,dimension,,,100,,,,,,blocked,missing-fact",
        "monthly,乙,2025-03,planned,indicator,完成,40,40,40,,,,,scored,",
        "monthly,乙,2025-03,share,indicator,,,30,,,,,,missing,missing-fact",
        "monthly,乙,2025-03,third,indicator,1,10,30,10,,,,,scored,",
        "monthly,乙,2025-03,total,total,,,,,,,,,blocked,missing-fact",
    ]


def test_rows_are_sorted_by_their_key(scores) -> None:
    keys = [(r["scheme"], r["subject"], r["period"], r["item"], r["type"]) for r in contract_rows(scores)]
    assert keys == sorted(keys)


def test_what_has_no_finite_decimal_is_written_as_a_fraction() -> None:
    scores = run(book_of(*RULES), roster_of("甲"), facts_of(FACTS | {("甲", "down"): 40}))
    row = next(row for row in contract_rows(scores) if row["item"] == "third")
    assert (row["value"], row["points"], row["score"]) == ("40/41", "400/41", "400/41")


def test_every_item_is_explained_in_both_languages(scores) -> None:
    objects = list(explain_objects(scores))
    assert [(o["subject"], o["item"]) for o in objects] == [(r["subject"], r["item"]) for r in contract_rows(scores)]
    assert all(set(o) == {"scheme", "subject", "period", "item", "node"} for o in objects)
    assert all(set(o["node"]["text"]) == {"zh", "en"} for o in objects)
    assert "41" in json.dumps(objects, ensure_ascii=False)


def test_the_workings_of_an_item_are_arithmetic_with_numbers(scores) -> None:
    steps = workings(find_item(the_card(scores), "share"))
    assert equation(steps.value) == "down 41 ÷ out 4000 = 1.025%"
    assert equation(steps.points) == "((share 1.025% − 0.85%) ÷ (1.2% − 0.85%) × (100 − 60) + 60) × 30 ÷ 100 = 24"
    assert equation(workings(find_item(the_card(scores), "all")).points) == "share 24 + third 10 + planned 40 = 74"


def test_an_item_is_found_by_its_code(scores) -> None:
    card = the_card(scores)
    assert find_item(card, "share").type == "indicator"
    assert find_item(card, "share", "all").type == "indicator"
    with pytest.raises(NotFound):
        find_item(card, "nothing")
    with pytest.raises(NotFound):
        find_item(card, "share", "extra")


def test_what_is_only_shown_has_a_value_and_neither_points_nor_arithmetic() -> None:
    book = book_of(
        measure("m_a"), measure("m_b"), straight("a"), indicator("b", None, direction="monitored"),
        scheme(one_dimension("a: {out_of: 100}", "b: {out_of: 100}")),
    )  # fmt: skip
    card = the_card(run(book, roster_of("甲"), facts_of({("甲", "m_a"): 50, ("甲", "m_b"): 7})))
    shown = workings(find_item(card, "b"))
    assert shown.value is not None
    assert (shown.value.value, shown.points, shown.score) == (7, None, None)
    row = next(
        row for row in contract_rows(run(book, roster_of("甲"), facts_of({("甲", "m_b"): 7}))) if row["item"] == "b"
    )
    assert (row["value"], row["points"], row["status"]) == ("7", "", "not_applicable")
