"""What may never decide pay: banned revenue through any chain, and the establishment."""

import pytest
from sound_book import SCHEME_ON_GROWTH, check, codes

from perf.specs.book import load_book
from perf.specs.checks import check_book


@pytest.mark.parametrize(
    ("kind", "code", "severity"),
    [
        ("drug", "pay-on-banned-revenue", "error"),
        ("consumable", "pay-on-banned-revenue", "error"),
        ("examination", "pay-on-banned-revenue", "error"),
        ("service", "pay-on-service-revenue", "warning"),
    ],
)
def test_banned_revenue_is_found_through_the_whole_chain(kind, code, severity):
    issues = check(
        ("revenue: drug", f"revenue: {kind}"),
        ("value: discharges / visits", "value: drug_revenue / service_revenue"),
        ("revenue: service", "revenue: other") if kind != "service" else ("supplied_by: 信息科", "supplied_by: 信息科"),
    )
    assert (code, severity) in codes(issues)
    issue = next(i for i in issues if i.code == code)
    assert "分配规则 pool_split → 方案 monthly → 指标 share → 数据项 drug_revenue" in issue.found.zh


def test_banned_revenue_is_found_behind_an_account_and_by_its_chinese_title():
    issues = check(("fund: 1000000", "fund: 5% * 药品收入"))
    assert [i.found.zh for i in issues if i.code == "pay-on-banned-revenue"] == [
        "绩效工资用到了药品收入:分配规则 pool_split → 数据项 drug_revenue",
        "绩效工资用到了药品收入:分配规则 staff → 分配规则 pool_split → 数据项 drug_revenue",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("by: post_coefficient", 'by: "if(staffing == inside, 2, 1)"'),
        ("fund: balance(pool)", "fund: balance(pool)\namong: staff where staffing == inside"),
        (
            "  - apportion: {by: post_coefficient}",
            "  - split: {by: staffing, shares: {a: 1, b: 2}, steps: [{apportion: {by: post_coefficient}}]}",
        ),
    ],
)
def test_the_establishment_may_not_decide_pay(old, new):
    assert codes(check((old, new))) == [("pay-by-establishment", "error")]


DRUG_CURVE = "curves: {rate: {of: number, gives: number, curve: steps, at: [[0, 1], [1000, 2]]}}"


@pytest.mark.parametrize(
    "where",
    [
        {"BY": "done * rate(drugs)", "DISTRIBUTION": DRUG_CURVE},
        {"BY": "done * share", "DISTRIBUTION": DRUG_CURVE + "\nlet: {share: rate(drugs)}"},
        {"VALUE": "done * rate(drugs)", "CURVES": DRUG_CURVE},
        {"THRESHOLD": '"rate(drugs)"', "CURVES": DRUG_CURVE},
        {"CURVES": DRUG_CURVE.replace("[0, 1]", '["median(peers.drugs)", 1]'), "VALUE": "done * rate(done)"},
        {"COEFFICIENT": '"median(peers.drugs)"'},
        {"VALUE": "done + 0 * sum(top(3, peers.药品收入))"},
    ],
)
def test_banned_revenue_is_found_through_named_curves_thresholds_and_coefficients(where):
    usual = {"VALUE": "done", "CURVES": "", "THRESHOLD": "0", "COEFFICIENT": "60", "DISTRIBUTION": "", "BY": "done"}
    text = SCHEME_ON_GROWTH
    for name, words in (usual | where).items():
        text = text.replace(name, words)
    book, issues = load_book({"r.yaml": text})
    found = [*issues, *check_book(book)]
    assert [issue.code for issue in found if issue.is_error] == ["pay-on-banned-revenue"], [i.render() for i in found]
    assert any(issue.code == "pay-on-banned-revenue" and "drugs" in issue.found.zh for issue in found)


def test_thresholds_of_coefficients_are_checked_like_every_formula():
    usual = {
        "VALUE": "done",
        "CURVES": "",
        "THRESHOLD": "0",
        "COEFFICIENT": '"nobody + 1"',
        "DISTRIBUTION": "",
        "BY": "done",
    }
    text = SCHEME_ON_GROWTH
    for name, words in usual.items():
        text = text.replace(name, words)
    book, _ = load_book({"r.yaml": text})
    assert "formula-unknown-name" in [issue.code for issue in check_book(book)]
