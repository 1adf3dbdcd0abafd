"""Distributions of the same money that are switched on together."""

from perf.specs import check_book, load_book

RULES = """
distribution: quarterly
title: 季度预拨
period: quarter
per: consortium
not_with: [monthly]
fund: 1
versions:
  - {from: 2024, to: 2024-12, source: 甲文, steps: [{apportion: {by: 1}}]}
  - {from: 2025, source: 乙文, enabled: OLD, steps: [{apportion: {by: 1}}]}
---
distribution: monthly
title: 月度预拨
period: month
per: consortium
not_with: [quarterly]
fund: 1
from: 2025-01
source: 乙文
steps: [{apportion: {by: 1}}]
"""


def codes(text: str, **more: bool) -> list[tuple[str, str]]:
    book, issues = load_book({"rules.yaml": text})
    assert [i.render() for i in issues if i.is_error] == []
    return [(i.code, i.severity) for i in check_book(book, **more) if "together" in i.code or i.code == "rule-unknown"]


def test_both_on_the_same_days_is_one_error_however_often_it_is_said():
    assert codes(RULES.replace("OLD", "yes")) == [("distributions-not-together", "error")]
    assert codes(RULES.replace("OLD", "yes"), doubts_warn=True) == [("distributions-not-together", "warning")]


def test_one_after_the_other_is_what_it_is_for():
    assert codes(RULES.replace("OLD", "no")) == []


def test_who_is_named_must_be_there():
    assert codes(RULES.replace("OLD", "no").replace("[quarterly]", "[quartely]")) == [("rule-unknown", "error")]
