"""`paid(line)` in a rule file: its checks, its cases, and what the rule book says of it."""

import pytest

from perf.appraisal.cases import run_cases
from perf.appraisal.formula_words import FormulaWords
from perf.specs.book import load_book
from perf.specs.cases import load_cases
from perf.specs.checks import check_book

RULES = """
measure: night_shifts
title: 夜班次数
unit: items
level: person
supplied_by: 护理部
---
accounts:
  pool: {of: institution, kind: fund}
---
distribution: nights
title: 夜班费
period: month
per: institution
fund: 3000
source: {document: 文件, clause: 第3条}
steps:
  - pay: {line: 夜班, amount: "min(80 * night_shifts, 1200 - paid(夜班)@year_to_date)"}
  - pay: {line: 补助, amount: "paid(夜班)@previous / 10 + owner.paid(夜班)@last_year + paid(补助)@year(-1)"}
  - remainder: {to: pool}
"""
CASES = """
- case: 本年已发 1000 元,只剩 200 元
  of: nights
  period: 2025-03
  given: {claims: {甲: {night_shifts: 10, paid.夜班@year_to_date: 1000}, 乙: {night_shifts: 10}}}
  expect: {甲: 200, 乙: 800}
- case: 上期发过 500 元,单位上年同月发过 7 元,补助上年全年 3 元
  of: nights
  period: 2025-03
  given: {paid.夜班@last_year: 7, claims: {甲: {night_shifts: 0, paid.夜班@previous: 500, paid.补助@year(-1): 0.3万元}}}
  expect: {issue: pay-over-rest}
- case: 本期前一次发放已经发过 100 元
  of: nights
  period: 2025-01
  given: {claims: {甲: {night_shifts: 30, paid.夜班: 100}}}
  expect: {甲: 1100}
"""


def problems(rules=RULES, cases=CASES):
    book, issues = load_book({"r.yaml": rules})
    read, more = load_cases({"r.cases.yaml": cases}, book)
    found = [*issues, *more, *check_book(book)]
    told = [(issue.code, issue.found.zh, issue.hint.zh) for issue in found if issue.is_error]
    return told, [[d.zh for d in result.differences] for result in run_cases(book, read)]


def test_cases_state_what_was_paid_before_by_line_and_period() -> None:
    assert problems() == ([], [[], [], []])


def test_what_a_case_states_decides() -> None:
    cheaper = CASES.replace("year_to_date: 1000", "year_to_date: 1100")
    _told, results = problems(cases=cheaper)
    assert results[0] == ["甲:应为 200.00,得到 100.00"]


@pytest.mark.parametrize(
    ("old", "new", "code", "found", "hint"),
    [
        ("1200 - paid(夜班)", "1200 - paid(夜斑)", "formula-unknown-name", "没有名为“夜斑”的发放项目", "夜班"),
        ("owner.paid(夜班)", "owner.paid(夜)", "formula-unknown-name", "没有名为“夜”的发放项目", "夜班"),
        ("80 * night_shifts", "paid(夜班) * night_shifts", "", "", ""),
        ("80 * night_shifts", "paid(夜班) + night_shifts", "formula-dimension", "", ""),
        ("paid(夜班)@year_to_date", "balance(pool)@year_to_date", "formula-shift", "", ""),
        ("paid(夜班)@year_to_date", "paid(夜班, 补助)", "formula-syntax", "", ""),
        ("paid(夜班)@year_to_date", "sum(members.paid(夜斑))", "formula-unknown-name", "", "夜班"),
        ("paid(夜班)@year_to_date", "members.paid(夜班)", "formula-type", "", ""),
    ],
)
def test_mistakes_are_told_with_the_nearest_line(old, new, code, found, hint) -> None:
    told, _results = problems(RULES.replace(old, new))
    if not code:
        assert told == []
        return
    assert told[0][0] == code
    assert found in told[0][1]
    assert hint in told[0][2]


@pytest.mark.parametrize("function", ["paid(夜班)@previous", "balance(pool)", "parent.paid(夜班)@previous"])
def test_scoring_sees_no_money(function) -> None:
    extra = f"""---
indicator: x
title: 指标
level: institution
unit: yuan
direction: higher
source: {{document: 文件, clause: 第1条}}
value: {function}
"""
    told, _results = problems(RULES + extra)
    assert [code for code, _, _ in told] == ["formula-type"]
    assert "在这里没有意义" in told[0][1]


@pytest.mark.parametrize(
    ("key", "code"),
    [("paid.夜斑", "case-unknown-name"), ("paid.夜班@next_year", "case-shift-unknown"), ("paid.夜班@", "")],
)
def test_a_case_with_an_unknown_line_or_period_is_told(key, code) -> None:
    told, _results = problems(cases=CASES.replace("paid.夜班@year_to_date", key, 1))
    assert [one for one, _, _ in told] == ([code] if code else [])


def test_two_distributions_that_read_each_other_s_lines_of_the_same_month_are_a_circle() -> None:
    other = RULES.split("---")[2].replace("nights", "other").replace("line: 夜班", "line: 值班").replace("补助", "津贴")
    told, _results = problems(RULES.replace("- paid(夜班)@year_to_date", "- paid(值班)") + "---" + other)
    assert "rule-cycle" in [code for code, _, _ in told]


def test_it_is_said_in_words() -> None:
    book, _ = load_book({"r.yaml": RULES})
    (rule,) = book.distributions.values()
    first, second = (step.amount for step in rule.versions[0].steps[:2])
    assert "1200 − 已发夜班（本年累计）" in FormulaWords(book).say(first)
    assert "owner of the fund: paid 夜班 (same period last year)" in FormulaWords(book, "en").say(second)
