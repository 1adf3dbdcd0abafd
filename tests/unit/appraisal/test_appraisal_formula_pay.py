"""Pay by a formula of the score: a next step's yuan is what the month, run again with the fact moved, pays more."""

from fractions import Fraction
from functools import cache

import pytest
from tests.unit.appraisal.appraisal_county import JUNE, SEGMENTS, TEXTS, county_facts

from perf.appraisal import run_appraisal
from perf.appraisal.formula_pay import FormulaPay
from perf.appraisal.next_step import NextValues
from perf.appraisal.next_step_text import next_step_text
from perf.appraisal.raised_pay import Raise
from perf.distribution.adjustments import DISTRIBUTION as ADJUSTMENT
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.subjects import Roster
from perf.specs.book import load_book

MEASURE_OF = {"work": "work_score", "seen_much": "seen", "record_quality": "records"}
HEAD = """\
---
distribution: head_pay
title: {zh: 负责人绩效, en: Pay of heads}
period: month
per: consortium
among: staff where head == yes
uses: {score: [staff]}
fund: 0
source: {document: 试行办法, clause: 第九条}
tables: {base: {title: 基数, rows: {doctor: 6000, nurse: 5000}}}
steps:
  - pay:
      line: 负责人绩效
      amount: AMOUNT
      payer: 县财政
HOLD
on_missing_score: hold_at(full)
"""
BY_SCORE = "if(score >= 70, base(category) + (score - 70) * base(category) / 100, base(category) * score / 100)"
BY_COEFFICIENT = "base(category) * coefficient"
HELD = "  - hold: {share: 15%, line: 任期预留}"


@cache
def book(amount, hold="", share_by="share * score / 100"):
    paid_alone = TEXTS["rules.yaml"].replace("among: staff\n", "among: staff where head != yes\n")
    paid_alone = paid_alone.replace("by: share * score / 100", f'by: "{share_by}"')
    rules = paid_alone + HEAD.replace("AMOUNT", amount).replace("HOLD\n", f"{hold}\n" if hold else "")
    measures = TEXTS["measures.yaml"].replace("gated: 停发", "gated: 停发, head: 负责人")
    found, issues = load_book({"measures.yaml": measures, "rules.yaml": rules})
    assert [issue.render("en") for issue in issues if issue.is_error] == []
    return found


def roster():
    rows = []
    for row in SEGMENTS:
        head = "yes" if row.subject in ("p1", "p2", "p8") else "no"
        rows.append(row if row.level != "person" else _with(row, head))
    return Roster(rows)


def _with(row, head):
    return type(row)(
        row.subject, row.level, row.kind, row.parent, row.first_day, row.last_day, {**row.attributes, "head": head}
    )


def moved(rows, who, measure, value):
    return [row for row in rows if row.key[:2] != (who, measure)] + [Fact(FactKey(who, measure, JUNE), value)]


def month(rules, rows):
    return run_appraisal(rules, roster(), Facts(rows), JUNE, "G")


def received(run, who):
    own = [e for e in run.ledger.entries if e.claimant == who and e.distribution != ADJUSTMENT]
    return sum(((e.target == f"person:{who}") - (e.source == f"person:{who}")) * e.amount.fen for e in own)


def told(rules, rows, who):
    run = month(rules, rows)
    card = run.scores.cards["staff", who]
    entries = [e for e in run.ledger.entries if e.claimant == who]
    raise_ = Raise(card, rules.schemes["staff"].version(JUNE), entries, FormulaPay(rules, roster(), JUNE))
    steps = [(item, NextValues(rules, JUNE).after(item)) for item in card.items if item.item in MEASURE_OF]
    return run, [(card, item, step, raise_.to(item, step.points)) for item, step in steps if step is not None]


@pytest.mark.parametrize("hold", ["", HELD])
@pytest.mark.parametrize("amount", [BY_SCORE, BY_COEFFICIENT])
@pytest.mark.parametrize("work", ["92.35", "54", "20", "0"])
@pytest.mark.parametrize("who", ["p1", "p2", "p8"])
def test_the_yuan_is_to_the_fen_what_the_month_run_again_with_the_raised_score_pays_more(who, work, amount, hold):
    rules = book(amount, hold)
    rows = moved(moved(county_facts(), who, "work_score", Fraction(work)), who, "records", "C")
    before, found = told(rules, rows, who)
    assert len(found) >= 2
    for _, item, step, after in found:
        again = month(rules, moved(rows, who, MEASURE_OF[item.item], step.value))
        assert after.total == again.scores.cards["staff", who].total
        assert after.pay.fen == received(again, who) - received(before, who)


def test_points_that_lead_into_the_other_branch_are_paid_by_that_branch():
    rules = book(BY_SCORE)
    run = month(rules, moved(county_facts(), "p1", "work_score", Fraction(30)))
    card = run.scores.cards["staff", "p1"]
    entries = [e for e in run.ledger.entries if e.claimant == "p1"]
    item = next(item for item in card.items if item.item == "work")
    raise_ = Raise(card, rules.schemes["staff"].version(JUNE), entries, FormulaPay(rules, roster(), JUNE))
    after = raise_.to(item, item.points * 2)
    assert (card.total, after.total) == (Fraction("66.5"), Fraction("81.5"))
    assert after.pay.text() == "2,700.00"  # 6000 + 11.5 × 60 − 66.5 × 60


@pytest.mark.parametrize(
    "amount",
    ["score * 60 + 10 * nights", "if(grade == 优秀, 6000, 5000)", "score * count", "score * 10 + 夜班数"],
)
def test_a_formula_that_looks_at_more_than_the_score_is_said_not_to_be_estimated(amount):
    _, found = told(book(amount), moved(county_facts(), "p1", "work_score", Fraction(54)), "p1")
    assert found
    for card, item, step, after in found:
        assert (after.pay, after.unsaid) == (None, "formula")
        text = next_step_text(card, item, step, after)
        assert text.zh.endswith("，应发随公式，未估")
        assert text.en.endswith("pay follows a formula, not estimated")
        assert next_step_text(card, item, step, after, is_person=False).zh.endswith("，资金随公式，未估")


def test_a_formula_that_does_not_look_at_the_score_is_no_reason_to_say_anything():
    _, found = told(book("10 * nights"), moved(county_facts(), "p1", "work_score", Fraction(54)), "p1")
    assert found
    assert {(after.pay, after.unsaid) for *_, after in found} == {(None, "")}


def test_what_was_booked_otherwise_than_the_rules_give_now_is_not_estimated():
    rules = book(BY_SCORE)
    rows = moved(county_facts(), "p1", "work_score", Fraction(54))
    run = month(rules, rows)
    entries = [e for e in run.ledger.entries if e.claimant == "p1"]
    formulas = FormulaPay(book(BY_SCORE.replace("/ 100", "/ 101")), roster(), JUNE)
    card = run.scores.cards["staff", "p1"]
    item = next(item for item in card.items if item.item == "work")
    after = Raise(card, rules.schemes["staff"].version(JUNE), entries, formulas).to(item, item.points + 1)
    assert (after.pay, after.unsaid) == (None, "formula")


def test_a_share_that_asks_the_grade_or_leaves_its_floor_says_why_no_yuan_stands_there():
    rules = book(BY_SCORE, share_by="share * if(grade == 不合格, 1, 2)")
    _, found = told(rules, moved(county_facts(), "p4", "work_score", Fraction(50)), "p4")
    assert found
    for card, item, step, after in found:
        assert (after.pay, after.unsaid) == (None, "formula")
        assert next_step_text(card, item, step, after).zh.endswith("，应发随公式，未估")
        at_floor = next_step_text(card, item, step, after._replace(unsaid="bound"))
        assert at_floor.zh.endswith("，应发随保底、封顶，未估")
        assert at_floor.en.endswith("pay is at a floor or cap, not estimated")
