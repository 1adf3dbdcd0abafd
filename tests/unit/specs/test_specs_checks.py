"""Static checks of a whole book: weights, names, sources, suppliers, cases."""

import pytest
from sound_book import RULES, SCHEME_ON_GROWTH, check, codes

from perf.specs.book import load_book
from perf.specs.cases import load_cases
from perf.specs.checks import check_book


def test_a_sound_book_has_nothing_to_say():
    assert check() == []


def test_weights_of_99_are_an_error_that_shows_the_sum():
    (issue,) = check(("weight: 40", "weight: 39"))
    assert (issue.code, issue.severity) == ("weights-not-100", "error")
    assert "99" in issue.found.zh
    assert "work 60 + quality 39" in issue.hint.zh


def test_fractions_of_weights_add_up_exactly():
    assert check(("weight: 40", "weight: 39.9"), ("weight: 60", "weight: 60.1")) == []


def test_an_unknown_indicator_measure_scheme_and_account_each_get_a_hint():
    issues = check(
        ("indicators: {growth:", "indicators: {grwth:"),
        ("value: discharges / visits", "value: dischargs / visits"),
        ("score: monthly", "score: montly"),
        ("fund: balance(pool)", "fund: balance(pol)"),
        ("to: reserve}", "to: reserv}"),
    )
    found = {(i.code, i.place.line): i.hint.zh for i in issues}
    assert [code for code, _ in found] == [
        "formula-unknown-name",
        "rule-unknown",
        "rule-unknown",
        "formula-unknown-name",
        "account-undeclared",
    ]
    assert [
        next(word for word in ("discharges", "growth", "monthly", "pool", "reserve") if word in hint)
        for hint in found.values()
    ] == ["discharges", "growth", "monthly", "pool", "reserve"]


def test_a_chinese_title_may_stand_for_its_measure():
    assert check(("value: discharges / visits", "value: 出院人次 / 诊疗人次")) == []


def test_columns_of_the_subjects_at_hand_are_names():
    change = ("by: post_coefficient", "by: years")
    assert codes(check(change)) == [("formula-unknown-name", "error")]
    assert check(change, attributes=frozenset({"years"})) == []


def test_a_broken_rule_is_not_reported_again_where_it_is_used():
    book, issues = load_book({"r.yaml": RULES.replace("value: discharges / visits", "value: discharges / / visits")})
    assert [i.code for i in issues] == ["formula-syntax"]
    assert [i for i in check_book(book) if i.severity == "error"] == []


def test_sources_and_suppliers_are_asked_for():
    assert codes(
        check(
            (
                "points: {curve: linear, through: [[0%, 60], [10%, 100]]}\nsource: 文件",
                "points: {curve: linear, through: [[0%, 60], [10%, 100]]}",
            )
        )
    ) == [("source-missing", "warning")]
    assert codes(check(("supplied_by: 信息科\n", ""))) == [("supplier-missing", "warning")]


@pytest.mark.parametrize(("strict", "severity"), [(False, "warning"), (True, "error")])
@pytest.mark.parametrize("source", ["待填文件", "{document: 县医共体〔2025〕7号, clause: 待填条款}"])
def test_a_source_that_still_says_to_be_filled_in_is_told(source, strict, severity):
    curve = "points: {curve: linear, through: [[0%, 60], [10%, 100]]}\nsource: "
    assert codes(check((f"{curve}文件", curve + source), strict=strict)) == [("source-to-fill", severity)]


def test_a_layer_whose_source_is_to_be_filled_in_is_told_once_where_it_stands():
    layer = "layer: ours\nfrom: 2025-01\nsource: {document: 待填文件, clause: 待填}\nset: {signed.digits: 2}\n"
    files = {
        "layer.yaml": layer,
        "rules.yaml": "measure: all\ntitle: 全部\nlevel: person\nsupplied_by: 信息科\n---\n"
        "indicator: signed\ntitle: 签约\nlevel: person\nunit: number\ndirection: higher\nvalue: all\nsource: 文件\n",
    }
    book, issues = load_book(files)
    found = [(issue.code, str(issue.place)) for issue in (*issues, *check_book(book))]
    assert ("source-to-fill", "layer.yaml:3:9") in found
    assert [code for code, _ in found].count("source-to-fill") == 1


def test_in_strict_mode_missing_sources_and_cases_are_errors():
    issues = check(("value: discharges / visits\n", "value: discharges / visits\nfrom: 2025\n"), cases={}, strict=True)
    assert {code for code, severity in codes(issues) if severity == "error"} == {"cases-missing"}
    assert codes(check(cases={}))[0] == ("cases-missing", "warning")
    assert len(check(cases={})) == 5


def test_a_supplier_who_gains_by_silence_is_named():
    change = ("value: discharges / visits\n", "value: discharges / visits\nno_value: {missing: full}\n")
    (issue,) = check(change)
    assert (issue.code, issue.severity) == ("gains-by-silence", "warning")
    assert "信息科" in issue.found.zh
    own = ("supplied_by: 病案室", "supplied_by: 各单位")
    silent = ("value: discharges / visits\n", "value: discharges / visits\nno_value: {missing: not_applicable}\n")
    assert codes(check(own, silent)) == [("gains-by-silence", "warning")]
    assert check(silent) == []


def test_a_counterweight_that_is_absent_is_a_warning():
    change = ("supplied_by: 病案室", "supplied_by: 病案室\ncounter_to: [service_revenue]")
    assert codes(check(change)) == [("counter-missing", "warning")]


def test_unused_indicators_and_measures_are_mentioned():
    book, _ = load_book({"r.yaml": RULES})
    unused = [i for i in check_book(book) if i.code == "rule-unused"]
    assert [(i.severity, i.found.zh) for i in unused] == [
        ("info", "数据项 drug_revenue 没有被使用"),
        ("info", "数据项 service_revenue 没有被使用"),
    ]


def test_a_missing_case_is_settled_by_a_case():
    files = {
        "r.yaml": RULES,
        "r.cases.yaml": "- {case: 一例, of: growth, given: {visits: 1, visits@last_year: 1}, expect: {value: 0, points: 60}}\n",
    }
    book, _ = load_book(files)
    cases, issues = load_cases(files, book)
    assert issues == ()
    without = [i.found.zh for i in check_book(book, cases=cases) if i.code == "cases-missing"]
    assert len(without) == 4
    assert not any("growth" in text for text in without)


@pytest.mark.parametrize(("change", "expected"), [("-0.5", ["rule-number-range"]), ("0", [])])
def test_a_coefficient_is_not_negative(change, expected):
    text = SCHEME_ON_GROWTH.split("---\naccounts", maxsplit=1)[0].replace("0.8", change)
    for name, words in {"VALUE": "done", "CURVES": "", "THRESHOLD": "0", "COEFFICIENT": "60"}.items():
        text = text.replace(name, words)
    _, issues = load_book({"r.yaml": text})
    assert [issue.code for issue in issues] == expected


@pytest.mark.parametrize("cap", ["0", "-5"])
def test_a_cap_on_extra_points_is_above_zero(cap):
    text = (
        SCHEME_ON_GROWTH.split("---\naccounts", maxsplit=1)[0]
        + f"extra: [{{indicator: work, cap: {cap}, out_of: 10}}]\n"
    )
    for name, words in {"VALUE": "done", "CURVES": "", "THRESHOLD": "0", "COEFFICIENT": "60"}.items():
        text = text.replace(name, words)
    _, issues = load_book({"r.yaml": text})
    assert [issue.code for issue in issues] == ["rule-number-range"]


@pytest.mark.parametrize(
    ("name", "brought", "expected"),
    [
        ("value", "", "“value”既是数据项,又是公式自己的名称"),
        ("kind", "", "“kind”既是数据项,又是属性"),
        ("size_class", "", "“size_class”既是数据项,又是属性"),
        ("seen", "parameters: {seen: 3}", "“seen”既是参数,又是数据项"),
        ("seen", "parameters: {head: 3}", "“head”既是参数,又是属性"),
        ("seen", "parameters: {rest: 3}", "“rest”既是参数,又是公式自己的名称"),
        ("seen", "parameters: {much: 3}", ""),
    ],
)
def test_one_name_stands_for_one_thing(name, brought, expected):
    text = f"""
attributes: {{size_class: 规模}}
---
measure: {name}
title: 接诊
level: institution
supplied_by: 信息科
---
indicator: x
title: X
level: institution
unit: number
direction: higher
value: 接诊
{brought}
points: {{curve: linear, through: [[0, 0], [10, 100]]}}
source: 文件
"""
    book, issues = load_book({"r.yaml": text})
    assert issues == ()
    assert [i.found.zh for i in check_book(book) if i.is_error] == ([expected] if expected else [])
