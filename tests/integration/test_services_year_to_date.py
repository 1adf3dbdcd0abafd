"""Values from the start of the year: a run reads the earlier months of the year, and the quarters before its own."""

from fractions import Fraction

import pytest
from services_county import HR, JUNE, MAY, NOW, RULES, fact, filled, take

from perf.kernel.periods import Period
from perf.services.load_run import load_run
from perf.services.publish import publish
from perf.services.run_month import run_month
from perf.services.verify_run import verify_run
from perf.specs.book import load_book

Q1, Q2 = Period(2025, "quarter", 1), Period(2025, "quarter", 2)


def rules(value, measure=""):
    measures = RULES["measures.yaml"].replace("unit: person-times", "unit: person-times\npartial: true") + measure
    indicators = RULES["rules.yaml"].replace("value: visits / visits@previous", f"value: {value}")
    found, issues = load_book({"measures.yaml": measures, "rules.yaml": indicators})
    assert [i.render("en") for i in issues if i.is_error] == []
    return found


def growth(store, run):
    cards = load_run(store, run=run, actor=HR).scores.cards
    return {key[1]: row.value for key, card in cards.items() for row in card.items if row.item == "growth"}


def test_months_of_the_year_before_the_run_are_read_and_pinned(store):
    filled(store)
    run = run_month(store, consortium="A", period=JUNE, book=rules("visits@year_to_date / 1000"), actor=HR, now=NOW)
    months = {"h1": 1200 + MAY.number + 1200 + JUNE.number, "t1": 800 + MAY.number + 800 + JUNE.number}
    assert growth(store, run.run.id) == {subject: Fraction(sum_, 1000) for subject, sum_ in months.items()}
    publish(store, run=run.run.id, actor=HR, by="李强", reason="六月", now=NOW)
    assert verify_run(store, run=run.run.id, actor=HR).findings == ()


AUDITS = """\
---
measure: audits
title: 督查次数
unit: times
level: institution
period: quarter
roll_up: sum
"""


@pytest.mark.parametrize("month", [Period(2025, "month", 4), MAY, JUNE])
def test_quarters_of_the_year_count_whole_and_once_in_every_month(store, month):
    filled(store)
    rows = [fact(house, "audits", quarter, "3") for house in ("h1", "t1") for quarter in (Q1, Q2)]
    take(store, rows, name="督查.xlsx")
    run = run_month(
        store, consortium="A", period=month, book=rules("audits@year_to_date / 4", AUDITS), actor=HR, now=NOW
    )
    assert growth(store, run.run.id) == {"h1": Fraction(6, 4), "t1": Fraction(6, 4)}
