"""A market of three members in a few lines: rules as YAML, counts as rows."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from perf.distribution import Ledger, distribute
from perf.distribution.reconciliation import reconcile
from perf.kernel.facts import Fact, FactKey, Facts, FactSource
from perf.kernel.money import Money
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster, Segment
from perf.specs.book import load_book

JUNE = parse_period("2025-06")
TEXTS = """
measure: given
title: {zh: 提供数量, en: Rendered}
unit: items
digits: 0
level: institution
---
measure: got
title: {zh: 接受数量, en: Received}
unit: items
digits: 0
level: institution
---
attributes: {discount: 折扣}
---
accounts: {pool: {of: institution, kind: fund, title: 绩效资金}}
---
list: services
title: 内部服务
titles: {price: {zh: 单价, en: price}, share: {zh: 分成, en: share}}
items:
  image: {title: {zh: 远程影像, en: Imaging}, price: 30, share: 60%}
  ecg: {title: {zh: 远程心电, en: ECG}, price: 12.345, share: 50%}
  ward: {title: 下派, price: [{from: 2025-07, value: 500}], share: 100%}
"""
RULE = """
distribution: market
title: {zh: 内部市场, en: Market}
period: month
per: consortium
among: members
fund: 0
source: 县医共体〔2025〕1号
steps:
  - transfer: {line: 内部市场, list: services, provided: given, received: got, price: item.price * item.share, account: pool, MORE}
"""
WELL_FUNDED = {f"institution:{code}": Money(100_000) for code in "ABC"}


def member(code: str, *, last: date = date.max, parent: str = "M", **attributes: str) -> Segment:
    """A member of the consortium."""
    return Segment(code, "institution", "", parent, last_day=last, attributes={"name": f"{code}院", **attributes})


MEMBERS = (member("A"), member("B"), member("C"))


def gave(provider: str, receiver: str, item: str, count: object, cell: str = "") -> Fact:
    """What a provider reports."""
    return _fact(provider, "given", item, receiver, count, cell)


def got(provider: str, receiver: str, item: str, count: object, cell: str = "") -> Fact:
    """What a receiver reports."""
    return _fact(receiver, "got", item, provider, count, cell)


def _fact(subject: str, measure: str, item: str, other: str, count: object, cell: str) -> Fact:
    value = count if isinstance(count, str) and not count.replace(".", "").lstrip("-").isdigit() else Fraction(count)
    source = FactSource(f"{subject}.xlsx", "服务", cell) if cell else FactSource()
    return Fact(FactKey(subject, measure, JUNE, item, other), value, source)


def both(provider: str, receiver: str, item: str, count: object) -> list[Fact]:
    """A count that both sides report."""
    return [gave(provider, receiver, item, count), got(provider, receiver, item, count)]


def settle(
    facts: Sequence[Fact],
    *,
    more: str = "on_difference: hold",
    members: Sequence[Segment] = MEMBERS,
    opening: dict[str, Money] | None = None,
    change: tuple[str, str] = ("", ""),
    beside: str = "",
    digits: int = 0,
) -> Ledger:
    """The ledger of June."""
    book = _book(more, change, beside, digits)
    roster = Roster([Segment("M", "consortium", "", ""), *members])
    codes = sorted(book.distributions)
    given = WELL_FUNDED if opening is None else opening
    return distribute(book, roster, Facts(facts), JUNE, codes, cards={}, opening=given)


def reconciled(facts: Sequence[Fact], *, more: str = "on_difference: hold"):
    """The market of June as it would be settled."""
    roster = Roster([Segment("M", "consortium", "", ""), *MEMBERS])
    return reconcile(_book(more, ("", ""), ""), roster, Facts(facts), JUNE)


def _book(more, change, beside, digits=0):
    rule = RULE.replace("MORE", more).replace(*change) if change[0] else RULE.replace("MORE", more)
    book, issues = load_book({"m.yaml": TEXTS.replace("digits: 0", f"digits: {digits}"), "r.yaml": rule + beside})
    assert [issue.render() for issue in issues if issue.is_error] == []
    return book


def moved(ledger: Ledger) -> list[tuple[str, str, str, str]]:
    """(from, to, item, yuan) of every entry of the market."""
    return [
        (
            e.source.removeprefix("institution:"),
            e.target.removeprefix("institution:"),
            e.step.split("/")[1],
            e.amount.text(),
        )
        for e in ledger.entries
        if "transfer" in e.step
    ]


def codes(ledger: Ledger) -> list[tuple[str, str]]:
    """(code, severity) of the issues."""
    return [(issue.code, issue.severity) for issue in ledger.issues]
