"""The order of schemes and distributions, and the cycles that prevent one."""

import pytest
from sound_book import RULES, check, codes

from perf.kernel.errors import InputRefused
from perf.specs.book import load_book
from perf.specs.checks import check_book, distribution_order, scheme_order

SECOND = """
---
indicator: of_parent
title: 上级
level: institution
unit: points
direction: higher
value: parent.score(monthly)
points: {curve: entered}
source: 文件
---
scheme: other
title: 另一个
of: {level: institution}
period: month
source: 文件
dimensions: {d: {weight: 100, indicators: {of_parent: {out_of: 100}}}}
"""


def test_schemes_are_ordered_by_the_scores_they_use():
    book, _ = load_book({"r.yaml": RULES + SECOND})
    assert scheme_order(book, ["other"]) == ("monthly", "other")
    assert scheme_order(book, ["monthly", "nothing"]) == ("monthly",)


def test_a_cycle_of_schemes_shows_its_chain_and_prevents_an_order():
    text = RULES.replace("value: discharges / visits", "value: score(other) / 100") + SECOND
    book, _ = load_book({"r.yaml": text})
    cycles = [i for i in check_book(book) if i.code == "rule-cycle"]
    assert [i.found.zh for i in cycles] == ["循环引用:monthly → other → monthly"]
    with pytest.raises(InputRefused) as refused:
        scheme_order(book, ["other"])
    assert refused.value.issues == tuple(cycles)


def test_the_score_of_the_period_before_makes_no_cycle():
    text = RULES.replace("value: discharges / visits", "value: score(monthly)@previous / 100")
    book, _ = load_book({"r.yaml": text})
    assert scheme_order(book, ["monthly"]) == ("monthly",)


def test_distributions_are_ordered_by_the_accounts_they_fill():
    book, _ = load_book({"r.yaml": RULES})
    assert distribution_order(book, ["staff", "pool_split"]) == ("pool_split", "staff")
    assert distribution_order(book, ["staff"]) == ("staff",)


def test_a_distribution_that_feeds_its_own_fund_is_a_cycle():
    issues = check(
        ("fund: balance(pool)", "fund: balance(reserve)"),
        ("- remainder: {to: reserve}", "- take: {to: reserve, amount: rest}"),
    )
    assert codes(issues) == [("rule-cycle", "error")]
    assert "staff → staff" in issues[0].found.zh


def test_what_is_left_over_may_go_back_where_the_fund_comes_from():
    assert codes(check(("fund: balance(pool)", "fund: balance(reserve)"))) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("{by: post_coefficient}", "{by: post_coefficient, floor: 300, cap: 200}", "floor-over-cap"),
        ("remainder: {to: reserve}", "remainder: {to: county}", "account-level"),
        ("by: post_coefficient", "by: post_coefficient * score", "uses-missing"),
        ("fund: balance(pool)", "uses: {score: monthly}\nfund: balance(pool)", "claim-level"),
        ("fund: balance(pool)", "let: {x: y + 1, y: x - 1}\nfund: balance(pool)", "rule-cycle"),
        ("fund: balance(pool)", "fund: visits", "formula-dimension"),
    ],
)
def test_a_distribution_that_cannot_be_right_is_an_error(old, new, code):
    assert (code, "error") in codes(check((old, new)))
