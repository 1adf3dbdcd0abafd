"""The gallery of distributions: for every code the smallest rule and people that cause it, and its exact text.

`tests/errors/distribution/<code>/expected.txt`; rewritten by `--update-golden` and read in the diff.
"""

import ast
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import perf.distribution
from perf.distribution import (
    Adjustment,
    AdjustmentKind,
    CardFigures,
    Correction,
    Ledger,
    LineDifference,
    Settlement,
    adjusted,
    corrected,
    distribute,
    unbooked,
)
from perf.kernel.facts import Fact, FactKey, Facts, FactSource
from perf.kernel.issues import Issue
from perf.kernel.money import Money
from perf.kernel.periods import parse_period
from perf.kernel.subjects import Roster, Segment
from perf.specs.book import load_book

HERE = Path(__file__).parent / "distribution"
JUNE = parse_period("2025-06")
MEASURES = """
measure: pool
title: {zh: 资金, en: Pool}
unit: yuan
level: institution
---
measure: nights
title: {zh: 夜班, en: Nights}
unit: items
level: person
---
attributes: {share: 系数}
---
accounts:
  saved: {of: institution, kind: reserve, title: 结存}
  other: {of: institution, kind: reserve, title: 另存}
  house: {of: institution, kind: fund, title: 单位资金}
"""
RULE = """
distribution: pay
title: {zh: 绩效, en: Pay}
period: month
per: institution
among: AMONG
fund: FUND
source: {document: 甲文, clause: 第一条}
"""
SHARE = "- apportion: {by: share}"
SPENT = Correction(
    "G:2025-05#1",
    "G:2025-05#2",
    (
        LineDifference("H", "person:p1", "绩效", Money(100), Money(170)),
        LineDifference("H", "reserve:saved:H", "结存", Money(100), Money(30)),
    ),
)
"""A correction that takes 0.70 yuan from a reserve and gives it to a person."""
RULE_OF_CORRECTIONS = load_book({"rules.yaml": "corrections: settle\nmode: rebalance\n"})[0].corrections["settle"]
SETTLEMENT = Settlement(
    RULE_OF_CORRECTIONS, RULE_OF_CORRECTIONS.versions[0], "p1".__eq__, lambda _who: "H", lambda owner, _who: owner
)


def told(
    *steps: str,
    fund: str = "pool",
    among: str = "staff",
    more: str = "",
    pool: str | None = "100.00",
    people: Sequence[Mapping[str, str]] = ({"share": "1"},),
    cards: Mapping[tuple[str, str], CardFigures] | None = None,
    opening: Mapping[str, Money] | None = None,
    period: str = "2025-06",
) -> Sequence[Issue]:
    """The issues of one house: `people` are the attributes of p1, p2 …"""
    rule = RULE.replace("AMONG", among).replace("FUND", fund) + more + "steps:\n" + "".join(f"  {s}\n" for s in steps)
    book, wrong = load_book({"measures.yaml": MEASURES, "rules.yaml": rule})
    assert [issue.render() for issue in wrong if issue.is_error] == []
    staff = [Segment(f"p{n}", "person", "", "H", attributes=dict(given)) for n, given in enumerate(people, 1)]
    month = parse_period(period)
    facts = Facts([Fact(FactKey("H", "pool", month), Fraction(pool))] if pool is not None else [])
    roster = Roster([Segment("H", "institution", "", ""), *staff])
    return distribute(book, roster, facts, month, ["pay"], cards=cards or {}, opening=opening or {}).issues


def scored(**more: object) -> CardFigures:
    return CardFigures(Fraction(80), **more)  # type: ignore[arg-type]


def adjustment(kind: AdjustmentKind, *, who: str = "p1", yuan: int | None = 9) -> Sequence[Issue]:
    """The issues of one adjustment where nobody gets anything and nothing is there."""
    amount = None if yuan is None else Money(yuan * 100)
    one = Adjustment("A1", kind, who, amount, "一次性", "reserve:saved:H", "漏报", "甲文")
    return adjusted(Ledger((), ()), [one], period=JUNE, owners={"p1": "H"}).issues


MARKET = """
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
accounts: {pool: {of: institution, kind: fund, title: {zh: 绩效资金, en: Pool}}}
---
list: services
title: 内部服务
titles: {price: {zh: 单价, en: price}}
items: {image: {title: {zh: 远程影像, en: Imaging}, price: [{from: PRICE, value: 18}]}}
---
distribution: market
title: {zh: 内部市场, en: Market}
period: month
per: consortium
among: members
fund: 0
source: {document: 甲文, clause: 第一条}
steps:
  - transfer: {line: 内部市场, list: services, provided: given, received: got, price: item.price, account: pool MORE}
"""


def traded(
    *rows: tuple[str, str, str, str, int], price: str = "2025-01", more: str = "", until: str = "9999-12-31"
) -> Sequence[Issue]:
    """The issues of a market of A and B: who, measure, item, other side, count."""
    book, wrong = load_book({"rules.yaml": MARKET.replace("PRICE", price).replace(" MORE", more)})
    assert [issue.render() for issue in wrong if issue.is_error] == []
    month = parse_period("2025-06")
    facts = [
        Fact(FactKey(who, what, month, item, other), Fraction(count), FactSource(f"{who}.xlsx", "服务", f"D{row}"))
        for row, (who, what, item, other, count) in enumerate(rows, 5)
    ]
    members = [
        Segment("A", "institution", "", "M", attributes={"name": "甲院"}),
        Segment("B", "institution", "", "M", last_day=date.fromisoformat(until), attributes={"name": "乙镇"}),
    ]
    roster = Roster([Segment("M", "consortium", "", ""), *members])
    return distribute(book, roster, Facts(facts), month, ["market"], cards={}).issues


BY_SCORE = {"more": "uses: {score: [s, t]}\non_missing_score: hold_at(full)\n"}
CASES = {
    "fund-missing": lambda: told(SHARE, pool=None),
    "fund-of-two-accounts": lambda: told(SHARE, fund="balance(saved) + balance(other)"),
    "fund-over-balance": lambda: told(SHARE, fund="balance(saved) + 1", opening={"reserve:saved:H": Money(500)}),
    "fund-overdrawn": lambda: told(SHARE, fund="balance(house)", opening={"institution:H": Money(-500)}),
    "fund-carried": lambda: told(
        SHARE, fund="balance(house)", more="short: carry\n", opening={"institution:H": Money(-500)}
    ),
    "fund-borne-by-staff": lambda: told(SHARE, pool="-5.00", more="short: share\n"),
    "account-overdrawn": lambda: told("- take: {to: house, amount: '0 - 2 * fund'}", SHARE),
    "reserve-too-small": lambda: told('- take: {to: saved, amount: "0 - 5 * fund"}', SHARE),
    "amount-over-rest": lambda: told("- apportion: {by: share, amount: 2 * fund}"),
    "take-over-rest": lambda: told("- take: {to: saved, amount: 2 * fund}", SHARE),
    "take-not-computed": lambda: told("- take: {to: saved, amount: fund / 0}", SHARE),
    "pay-over-rest": lambda: told("- pay: {line: 津贴, amount: 2 * fund}"),
    "pay-not-computed": lambda: told("- pay: {line: 夜班, amount: nights * 80}", SHARE),
    "hold-not-computed": lambda: told(SHARE, "- hold: {share: nights / 10, line: 预留}"),
    "holds-over-received": lambda: told(
        SHARE, '- hold: {share: "if(share > 0, 60%, 0%)", line: 预留}', "- hold: {share: 50%, line: 风险金}"
    ),
    "entered-missing": lambda: told("- entered: {line: 科内分配, amount: nights * 50}"),
    "entered-unfit": lambda: told('- entered: {line: 科内分配, amount: "0 - 100 * share"}'),
    "entered-sum": lambda: told("- entered: {line: 科内分配, amount: 90 * share}"),
    "entered-below-floor": lambda: told("- entered: {line: 科内分配, amount: 100 * share, floor: 101}"),
    "entered-over-cap": lambda: told("- entered: {line: 科内分配, amount: 100 * share, cap: 99}"),
    "entered-spread": lambda: told(
        "- entered: {line: 科内分配, amount: 50 * share, spread: {at_least: 1.5}}", people=[{"share": "1"}] * 2
    ),
    "entered-fell-back": lambda: told(
        "- entered: {line: 科内分配, amount: 90 * share, expected: share, on_break: formula}"
    ),
    "entered-deviates": lambda: told(
        '- entered: {line: 科内分配, amount: "if(share == 1, 40, 60)", expected: 1}',
        people=[{"share": "1"}, {"share": "2"}],
    ),
    "entered-own-ignored": lambda: told(
        '- entered: {line: 科内分配, amount: 50 * share, own: {where: share == 2, gets: "max(claims)"}}',
        people=[{"share": "1"}, {"share": "2"}],
    ),
    "pay-scaled": lambda: told("- pay: {line: 津贴, amount: 2 * fund, short: scale}"),
    "pay-over-limit": lambda: told("- pay: {line: 单项奖, amount: 9, at_most: 5}", SHARE),
    "release-empty": lambda: told("- release: {line: 年终兑现, from: held, share: 100%}", SHARE),
    "release-not-computed": lambda: told(
        "- release: {line: 年终兑现, from: held, share: nights / 10}", SHARE, opening={"held:p1": Money(100)}
    ),
    "release-over-reserve": lambda: told(
        "- release: {line: 年终兑现, from: held, share: 120%, extra: refuse}", SHARE, opening={"held:p1": Money(100)}
    ),
    "release-left-behind": lambda: told(
        "- release: {line: 年终兑现, from: held, share: 100%}",
        SHARE,
        opening={"held:p1": Money(100)},
        among="staff where share == 2",
        people=({"share": "1"}, {"share": "2"}),
    ),
    "ladder-outcome": lambda: told(
        "- ladder: {line: 返还, of: 50 * share, amount: fund, rows: [{from: 0, gives: 0%, say: 限期整改}]}"
    ),
    "bound-not-computed": lambda: told("- apportion: {by: share, floor: nights * 1}"),
    "no-claim-computed": lambda: told("- apportion: {by: nights}"),
    "claim-held": lambda: told(SHARE, people=[{"share": "1"}, {}]),
    "claim-rounds-to-zero": lambda: told(SHARE, people=[{"share": "1"}, {"share": "0.00004"}]),
    "floor-over-cap": lambda: told("- apportion: {by: share, floor: 9, cap: 5 * share}"),
    "pool-under-floors": lambda: told("- apportion: {by: share, floor: 60}", people=[{"share": "1"}] * 2),
    "caps-leave-over": lambda: told(
        "- apportion: {by: share, cap: 40}", "- remainder: {to: saved}", people=[{"share": "1"}] * 2
    ),
    "pool-over-caps": lambda: told("- apportion: {by: share, cap: 40}", people=[{"share": "1"}] * 2),
    "score-missing": lambda: told("- apportion: {by: score}", **BY_SCORE),
    "two-scores": lambda: told(
        "- apportion: {by: score}", cards={("s", "p1"): scored(), ("t", "p1"): scored()}, **BY_SCORE
    ),
    "pay-forfeited": lambda: told(
        "- apportion: {by: score}",
        people=[{}, {}],
        cards={("s", "p1"): scored(), ("s", "p2"): scored(forfeits_pay=True)},
        **BY_SCORE,
    ),
    "nobody-eligible": lambda: told(SHARE, people=[{"share": "0"}]),
    "category-unlisted": lambda: told(
        "- split: {by: category, shares: {doctor: 1}, steps: [{apportion: {by: share}}]}",
        people=[{"share": "1", "category": "porter"}],
    ),
    "owner-refused": lambda: told(
        "- split: {by: category, shares: {doctor: 1}, steps: [{apportion: {by: share}}]}",
        people=[{"share": "1", "category": "porter"}],
    ),
    "claim-rests-on-held": lambda: told(
        "- apportion: {by: share, derived: [{where: head == yes, by: mean(claims)}]}",
        people=[{"share": "1", "head": "no"}, {"head": "no"}, {"head": "yes"}],
    ),
    "scope-unknown": lambda: told(SHARE, among="staff where head == no"),
    "adjustment-person-unknown": lambda: adjustment("pay", who="p9"),
    "adjustment-nothing-held": lambda: adjustment("release"),
    "adjustment-no-pay": lambda: adjustment("stop"),
    "adjustment-nothing-owed": lambda: adjustment("write_off", yuan=None),
    "adjustment-overdrawn": lambda: adjustment("pay"),
    "correction-account-short": lambda: corrected(Ledger((), ()), [SPENT], SETTLEMENT, period=JUNE).issues,
    "corrections-without-rule": lambda: unbooked([SPENT]),
    "no-version": lambda: told(SHARE, more="from: 2025-07\n"),
    "transfer-counts-differ": lambda: traded(("A", "given", "image", "B", 12), ("B", "got", "image", "A", 10)),
    "transfer-one-sided": lambda: traded(("A", "given", "image", "B", 12)),
    "transfer-not-a-member": lambda: traded(("A", "given", "image", "X", 12)),
    "transfer-with-itself": lambda: traded(("A", "given", "image", "A", 12)),
    "transfer-incomplete": lambda: traded(("A", "given", "", "B", 12)),
    "transfer-item-unknown": lambda: traded(("A", "given", "massage", "B", 12)),
    "transfer-no-count": lambda: traded(("A", "given", "image", "B", -3)),
    "transfer-not-priced": lambda: traded(
        ("A", "given", "image", "B", 12), ("B", "got", "image", "A", 12), price="2025-07"
    ),
    "transfer-over-balance": lambda: traded(("A", "given", "image", "B", 12), ("B", "got", "image", "A", 12)),
    "transfer-overdrawn": lambda: traded(
        ("A", "given", "image", "B", 12), ("B", "got", "image", "A", 12), more=", short: overdraw"
    ),
    "transfer-member-left": lambda: traded(
        ("A", "given", "image", "B", 12), ("B", "got", "image", "A", 12), more=", short: overdraw", until="2025-06-15"
    ),
}


_TELLING = ("refused", "problem", "_issue", "_say", "_difference")


def _called(function: ast.expr) -> str:
    """The name of what is called, of a method the bare name."""
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def codes_in_source() -> set[str]:
    """Every text in the source of perf.distribution that is handed over as the code of an issue."""
    found: set[str] = set()
    for path in Path(perf.distribution.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node.func) in _TELLING:
                found |= {
                    one.value
                    for given in node.args[:2]
                    for one in ast.walk(given)
                    if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value
                }
    return found


def rendered(issues: Sequence[Issue]) -> str:
    return "".join(f"{issue.severity}\n{issue.render('zh')}\n{issue.render('en')}\n\n" for issue in issues)


@pytest.mark.parametrize("code", CASES)
def test_every_code_has_its_smallest_input_and_its_exact_text(code, request):
    text = rendered([issue for issue in CASES[code]() if issue.code == code])
    expected = HERE / code / "expected.txt"
    if request.config.getoption("--update-golden"):
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text(text, encoding="utf-8")
    assert text, f"the input for {code} does not cause it"
    assert text == expected.read_text(encoding="utf-8")


def test_every_code_of_the_package_is_in_the_gallery():
    assert codes_in_source() <= set(CASES)
    assert {path.name for path in HERE.iterdir()} == set(CASES)


@pytest.mark.parametrize("code", CASES)
def test_every_text_stands_in_both_languages(code):
    for issue in CASES[code]():
        for text in (issue.found, issue.expected, issue.hint):
            assert bool(text.zh) == bool(text.en), (issue.code, text)
