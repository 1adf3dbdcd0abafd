"""Static checks of a whole book."""

import pytest

from perf.kernel.errors import InputRefused
from perf.specs.book import load_book
from perf.specs.cases import load_cases
from perf.specs.checks import check_book, distribution_order, scheme_order

RULES = """
measure: visits
title: 诊疗人次
unit: person-times
level: institution
supplied_by: 信息科
---
measure: discharges
title: 出院人次
unit: person-times
level: institution
supplied_by: 病案室
---
measure: drug_revenue
title: 药品收入
unit: yuan
level: institution
supplied_by: 财务科
revenue: drug
---
measure: service_revenue
title: 医疗服务收入
unit: yuan
level: institution
supplied_by: 财务科
revenue: service
---
indicator: growth
title: 增长
level: institution
unit: percent
direction: higher
value: visits / visits@last_year - 1
points: {curve: linear, through: [[0%, 60], [10%, 100]]}
source: 文件
---
indicator: share
title: 占比
level: institution
unit: percent
direction: higher
value: discharges / visits
points: {curve: linear, through: [[0%, 0], [10%, 100]]}
source: 文件
---
scheme: monthly
title: 月度考核
of: {level: institution}
period: month
source: 文件
dimensions:
  work: {weight: 60, indicators: {growth: {out_of: 100}}}
  quality: {weight: 40, indicators: {share: {out_of: 100}}}
---
accounts: {pool: {of: institution, kind: fund}, reserve: {of: institution, kind: reserve}, county: {of: consortium, kind: reserve}}
---
attributes: {post_coefficient: 岗位系数, staffing: 编制类别}
---
distribution: pool_split
title: 单位分配
period: month
per: consortium
uses: {score: monthly}
source: 文件
fund: 1000000
steps:
  - apportion: {by: score}
---
distribution: staff
title: 职工分配
period: month
per: institution
source: 文件
fund: balance(pool)
steps:
  - apportion: {by: post_coefficient}
  - remainder: {to: reserve}
"""


def check(*changes, **options):
    text = RULES.lstrip()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    book, issues = load_book({"r.yaml": text})
    assert [i.render() for i in issues] == []
    return [i for i in check_book(book, **options) if i.code != "rule-unused"]


def codes(issues):
    return [(i.code, i.severity) for i in issues]


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
    issues = check(("fund: balance(pool)", "fund: balance(reserve)"))
    assert codes(issues) == [("rule-cycle", "error")]
    assert "staff → staff" in issues[0].found.zh


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


@pytest.mark.parametrize(
    ("direction", "points", "code"),
    [
        ("monitored", "{curve: linear, through: [[0%, 0], [10%, 100]]}", "monitored-with-direction"),
        ("monitored", "{curve: attainment, target: 10%}", "monitored-with-direction"),
        ("lower", "{curve: linear, through: [[0%, 0], [10%, 100]]}", "curve-against-direction"),
        ("higher", "{curve: steps, at: [[0%, 100], [10%, 0]]}", "curve-against-direction"),
        ("higher", "{curve: deduct, each: 1, per: 1%}", "curve-against-direction"),
        ("lower", "{curve: award, each: 1, per: 1%, cap: 100}", "curve-against-direction"),
        ("lower", "{curve: entered, full: 100%}", "curve-against-direction"),
        ("higher", "{curve: range, best: [5%, 8%]}", "curve-needs-direction"),
        ("range", "{curve: attainment, target: 10%}", "curve-needs-direction"),
        ("higher", "{curve: linear, through: [[0%, 0], [10%, 99.99]]}", "curve-not-full"),
        ("higher", "{curve: attainment, target: 10%, cap: 90%}", "curve-not-full"),
    ],
)
def test_a_curve_must_follow_the_direction_and_reach_full_points(direction, points, code):
    old = "direction: higher\nvalue: discharges / visits\npoints: {curve: linear, through: [[0%, 0], [10%, 100]]}"
    issues = check((old, f"direction: {direction}\nvalue: discharges / visits\npoints: {points}"))
    assert codes(issues) == [(code, "error")]


def test_where_files_are_scored_a_curve_without_full_points_is_a_warning():
    text = """
measure: seen
title: 接诊
level: person
---
indicator: seen_points
title: 接诊得分
level: person
direction: higher
value: seen
points: {curve: steps, at: [[0, 50], [10, 90]]}
"""
    book, _ = load_book({"rules.yaml": text})
    found = {issue.code: issue.severity for issue in check_book(book, doubts_warn=True)}
    assert found["curve-not-full"] == "warning"
    assert {issue.code: issue.severity for issue in check_book(book)}["curve-not-full"] == "error"


def test_ratings_may_be_left_to_the_curve():
    text = """
measure: rating
title: 评级
answers: rating
level: person
---
indicator: rated
title: 评级得分
level: person
direction: higher
value: rating
points: {curve: rating, values: {A: 100, B: 60}}
"""
    book, issues = load_book({"rules.yaml": text})
    assert [issue.code for issue in (*issues, *check_book(book)) if issue.is_error] == []


def test_a_monitored_indicator_may_be_scored_by_range():
    old = "direction: higher\nvalue: discharges / visits\npoints: {curve: linear, through: [[0%, 0], [10%, 100]]}"
    assert (
        check(
            (
                old,
                "direction: monitored\nvalue: discharges / visits\npoints: {curve: range, best: [5%, 8%], zero: [0, 20%]}",
            )
        )
        == []
    )


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


SCHEME_ON_GROWTH = """
measure: drugs
title: 药品收入
unit: number
revenue: drug
level: person
supplied_by: 财务科
---
measure: done
title: 工作量
unit: number
level: person
roll_up: sum
supplied_by: 医务科
---
indicator: work
title: 工作
level: person
unit: number
direction: higher
value: VALUE
CURVES
points: {curve: linear, through: [[THRESHOLD, 0], [100, 100]]}
source: 文件
---
scheme: staff
title: 人员考核
of: {level: person}
period: month
source: 文件
dimensions: {all: {weight: 100, indicators: {work: {out_of: 100}}}}
coefficient: {curve: linear, through: [[COEFFICIENT, 0.8], [100, 1.2]]}
---
accounts: {pool: {of: institution, kind: fund, title: 资金池}}
---
distribution: pay
title: 分配
period: month
per: institution
uses: {score: [staff]}
fund: balance(pool)
source: 文件
DISTRIBUTION
steps:
  - apportion: {by: BY}
"""
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
