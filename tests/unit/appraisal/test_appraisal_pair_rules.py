"""Rules of payroll, adjustments and corrections are explained, compared and printed like all others, in both languages."""

from tests.unit.appraisal.rule_book_small import JUNE, RULES
from tests.unit.appraisal.rule_book_text import rule_book_text

from perf.appraisal.rule_book import rule_book_view
from perf.appraisal.rule_history import history_lines
from perf.appraisal.rule_meaning import rule_changes
from perf.appraisal.rule_text import rule_lines
from perf.specs.book import load_book

MONEY = (
    RULES
    + """\
---
adjustments: one_off
title: {zh: 一次性项目, en: One-off lines}
versions:
  - from: 2024-01
    to: 2024-12
    source: {document: 旧办法, clause: 第五条}
    limits: {pay: {person: 1000, run: 20000}}
    charge: {saved: pay}
  - from: 2025-01
    source: {document: 新办法, clause: 第六条}
    limits: {pay: {person: 3000, run: 50000}, deduct: {person: 2000.50}}
    charge: {saved: [pay, deduct]}
    outside: {县财政局: pay}
    take_back_at_most: 20%
---
corrections: settled
title: {zh: 更正结算, en: Settling}
source: {document: 新办法, clause: 第七条}
mode: rebalance
enabled: no
"""
)


def built(text=MONEY):
    book, issues = load_book({"rules.yaml": text})
    assert [issue.render() for issue in issues] == []
    return book


def printed(codes=(), lang="zh"):
    view = rule_book_view(built(), {}, period=JUNE, digest="d" * 64, lang=lang, codes=codes)
    return rule_book_text(view)


def test_limits_accounts_and_payers_of_adjustments_are_said_in_both_languages():
    book = built()
    zh, en = ("\n".join(rule_lines(book, book.adjustments["one_off"], lang)) for lang in ("zh", "en"))
    assert "扣款限额:每人每期至多 2,000.50 元" in zh
    assert "核销限额:不限" in zh
    assert "可动用的账户:结存 saved:补发、扣款" in zh
    assert "外部付款方:县财政局:补发" in zh
    assert "至多占本人应发的 20%" in zh
    assert "Account: Saved saved: pay besides, deduct" in en
    assert "at most 3,000.00 yuan a person and period, at most 50,000.00 yuan a run" in en


def test_the_history_says_what_a_new_version_of_the_limits_changed():
    book = built()
    lines = "\n".join(history_lines(book, book.adjustments["one_off"]))
    assert "限额 · 补发 · 每人每期:1000.00 → 3000.00" in lines
    assert "可动用的账户 · saved · 可做:[pay] → [pay, deduct]" in lines


def test_two_books_that_differ_in_a_limit_an_account_or_a_mode_are_told_apart():
    other = MONEY.replace("person: 3000", "person: 2500").replace("{saved: [pay, deduct]}", "{saved: pay}")
    other = other.replace("mode: rebalance", "mode: charge\nreserve: saved")
    found = {(change.kind, change.key): (change.old, change.new) for change in rule_changes(built(), built(other))}
    assert found == {
        ("adjustments", "limits.pay.person"): ("3000.00", "2500.00"),
        ("adjustments", "charge.saved.kinds"): ("[pay, deduct]", "[pay]"),
        ("corrections", "mode"): ("rebalance", "charge"),
        ("corrections", "reserve"): (None, "saved"),
    }


def test_a_payroll_that_came_and_a_rule_that_went_are_whole_changes():
    payroll = "---\npayroll: net\nsource: 国税公告\nmethod: gross_only\n"
    found = [(c.kind, c.code, c.old, c.new) for c in rule_changes(built(), built(RULES + payroll))]
    assert found == [
        ("corrections", "settled", "更正规则", None),
        ("adjustments", "one_off", "一次性项目规则", None),
        ("payrolls", "net", None, "代扣规则"),
    ]


def test_the_rule_book_prints_them_and_lists_what_is_switched_off():
    text = printed()
    assert "一次性项目" in text
    assert "2,000.50" in text
    assert "每个人的差额都在下一个未发布的月份结算" in text
    idle = text.split("未启用的规则")[-1]
    assert "更正结算" in idle
    assert "已到期" not in idle


def test_an_excerpt_of_one_code_prints_that_rule_alone():
    text = printed(codes={"one_off"}, lang="en")
    assert "One-off lines" in text
    assert "Settling" not in text
