"""The settlement of a year that is not over: spending so far, through the real rule, at the members' present scores."""

from fractions import Fraction

import pytest
from services_county import HR, NOW, SEGMENTS, fact, take, with_roster

from perf.kernel.errors import NotFound, WrongUse
from perf.kernel.money import Money
from perf.kernel.periods import Period
from perf.services.publish import publish
from perf.services.run_month import run_month
from perf.services.settle_forecast import SpendingPart, settle_forecast
from perf.specs.book import load_book

YEAR, LAST = Period(2025, "year"), Period(2024, "year")


def money(code, period, level="consortium", unit="yuan"):
    return (
        f"measure: {code}\ntitle: {{zh: {code}}}\nanswers: number\nunit: {unit}\ndigits: 2\nlevel: {level}\n"
        f"roll_up: {'none' if period == 'year' else 'sum'}\nperiod: {period}\n"
    )


RULES = "---\n".join(
    [
        money("inside", "month"),
        money("outside", "month", unit="wan_yuan"),
        money("budget", "year"),
        money("spending", "year", unit="wan_yuan"),
        "measure: people\ntitle: {zh: 人口}\nanswers: number\nunit: count\ndigits: 0\nlevel: institution\nroll_up: none\n",
        (
            "measure: mark\ntitle: {zh: 年度得分}\nanswers: score\nunit: points\ndigits: 2\nlevel: institution\nroll_up: none\n"
            "period: year\nrange: {min: 0, max: 100}\n"
        ),
        """\
indicator: marked
title: {zh: 年度得分}
level: institution
unit: points
direction: higher
confidence: A
value: mark
digits: exact
points: {curve: entered, full: 100}
source: {document: 试行办法, clause: 第一条}
no_value: block
""",
        """\
scheme: yearly
title: {zh: 年度考核}
of: {level: institution}
period: year
source: {document: 试行办法, clause: 第二条}
dimensions:
  all: {weight: 100, indicators: {marked: {out_of: 100}}}
""",
        """\
distribution: surplus
title: {zh: 结余分配}
period: year
per: consortium
among: members
uses: {score: [yearly]}
fund: budget - spending
source: {document: 试行办法, clause: 第三条}
steps:
  - apportion: {by: score, line: 结余}
on_missing_score: hold_at(full)
""",
    ]
).replace("unit: count\n", "unit: person-times\n")


@pytest.fixture(scope="module")
def rules():
    found, issues = load_book({"r.yaml": RULES})
    assert [one.render("en") for one in issues if one.is_error] == []
    return found


def months(year, inside, outside="1", until=12):
    rows = []
    for month in range(1, until + 1):
        when = Period(year, "month", month)
        rows += [fact("A", "inside", when, str(inside)), fact("A", "outside", when, outside)]
    return rows


def filled(store, *, inside=10_000, until=6, last_year=True, budget="300000", marks=("90", "60")):
    with_roster(store, SEGMENTS)
    rows = months(2025, inside, until=until)
    rows += months(2024, 8_000) if last_year else []
    rows += [fact("A", "budget", YEAR, budget)]
    rows += [fact(who, "mark", YEAR, mark) for who, mark in zip(("h1", "t1"), marks, strict=False) if mark]
    take(store, rows, name="支出.xlsx", now=NOW)
    return store


def ask(store, rules, **about):
    given = {"consortium": "A", "through": Period(2025, "month", 6), "spending": ["inside", "outside"], **about}
    parts = [
        SpendingPart(*one.split("=")) if "=" in one else SpendingPart(one, "spending") for one in given.pop("spending")
    ]
    return settle_forecast(store, rules, actor=HR, spending=parts, **given)


def test_half_a_year_with_last_years_seasons_goes_through_the_rule_to_the_fen(store, rules):
    found = ask(filled(store), rules)
    assert found.spending.method == "seasonal"
    assert found.spending.growth == Fraction(20_000, 18_000)
    assert found.expected.spending == 240_000
    assert found.expected.fund == Money(6_000_000)
    assert {one.subject: one.expected.fen for one in found.members} == {"h1": 3_600_000, "t1": 2_400_000}
    assert {one.subject: one.score for one in found.members} == {"h1": 90, "t1": 60}
    assert "60,000.00" in found.expected.explained["h1"].zh
    assert sum(one.low.fen for one in found.members) == found.low.fund.fen


def test_more_than_the_budget_already_is_told_and_the_members_owe(store, rules):
    found = ask(filled(store, inside=60_000), rules)
    assert found.is_overspent
    assert found.expected.fund.fen == 30_000_000 - 84_000_000
    assert all(one.expected.fen < 0 for one in found.members)
    assert not ask(store, rules, through=Period(2025, "month", 1)).is_overspent


def test_a_deficit_that_only_comes_later_is_no_overspending_yet(store, rules):
    found = ask(filled(store, inside=30_000), rules)
    assert found.expected.fund.fen < 0
    assert not found.is_overspent


def test_without_last_year_it_is_a_straight_line_and_one_month_has_no_range(store, rules):
    found = ask(filled(store, until=1, last_year=False), rules, through=Period(2025, "month", 1))
    assert found.spending.method == "straight"
    assert not found.spending.has_range
    assert found.low.fund == found.expected.fund == found.high.fund == Money(6_000_000)


def test_a_month_that_lacks_one_part_of_the_spending_is_not_known(store, rules):
    filled(store, until=3)
    take(store, [fact("A", "inside", Period(2025, "month", 4), "999")], name="四月.xlsx")
    found = ask(store, rules)
    assert found.spending.gaps == (4, 5, 6)


def test_a_member_without_a_score_is_taken_as_the_rule_says(store, rules):
    found = ask(filled(store, marks=("90", "")), rules)
    by = {one.subject: one for one in found.members}
    assert by["t1"].score is None
    assert "还没有得分" in by["t1"].scored.zh
    assert by["t1"].expected.fen > by["h1"].expected.fen


def test_a_fund_that_cannot_be_computed_is_told_with_its_reason(store, rules):
    with_roster(store, SEGMENTS)
    take(store, months(2025, 10_000, until=6), name="支出.xlsx")
    found = ask(store, rules)
    assert found.expected.fund is None
    assert {one.code for one in found.expected.issues} == {"fund-missing"}
    assert found.members == ()


def test_what_is_not_there_is_refused(store, rules):
    filled(store)
    with pytest.raises(NotFound):
        ask(store, rules, through=Period(2026, "month", 3))
    with pytest.raises(NotFound):
        ask(store, rules, consortium="nowhere")
    for wrong in ({"spending": ["people"]}, {"spending": ["nothing"]}, {"spending": ["budget"]}, {"rule": "no_rule"}):
        with pytest.raises(WrongUse):
            ask(store, rules, **wrong)
    with pytest.raises(WrongUse):
        ask(store, rules, spending=["inside=mark"])


def test_a_published_score_counts_with_its_grade_and_coefficient(store):
    """2024 was published; of 2025 nobody is scored yet: 90 points 1.5, 60 points 1.0, so 3 : 2."""
    scored = "grades: [[优秀, 90], [合格, 60], [不合格, 0]]\ncoefficient: {curve: steps, at: [[0, 0.8], [60, 1], [90, 1.5]], lower_bound: included}\n"
    text = RULES.replace(
        "  all: {weight: 100, indicators: {marked: {out_of: 100}}}\n",
        "  all: {weight: 100, indicators: {marked: {out_of: 100}}}\n" + scored,
    )
    text = text.replace("{by: score, line: 结余}", "{by: 'if(grade == 优秀, coefficient, 1)', line: 结余}")
    rules, issues = load_book({"r.yaml": text})
    assert [one.render("en") for one in issues if one.is_error] == []
    filled(store, marks=())
    rows = [fact(who, "mark", LAST, mark) for who, mark in (("h1", "90"), ("t1", "60"))]
    take(
        store,
        [*rows, fact("A", "budget", LAST, "1000"), fact("A", "spending", LAST, "0.09")],
        name="去年.xlsx",
        now=NOW,
    )
    run = run_month(store, consortium="A", period=LAST, book=rules, actor=HR, now=NOW).run.id
    publish(store, run=run, actor=HR, by="李强", reason="年度清算", now=NOW, allow_unpaid=True)
    found = ask(store, rules)
    assert {one.scored.zh for one in found.members} == {"2024 年得分"}
    assert {one.subject: one.expected.fen for one in found.members} == {"h1": 3_600_000, "t1": 2_400_000}
