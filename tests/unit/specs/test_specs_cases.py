"""Cases: what is given and what is expected, with signs, periods and places."""

from fractions import Fraction

import pytest

from perf.kernel.periods import parse_period
from perf.specs.book import load_book
from perf.specs.case_models import CaseFact, DistributionCase, IndicatorCase, SchemeCase
from perf.specs.cases import load_cases

X = """
measure: a
title: 甲数
unit: persons
level: institution
---
measure: share
title: 占比
unit: percent
level: institution
---
measure: population
title: 人口
unit: persons
level: county
period: year
---
measure: money
title: 金额
unit: wan_yuan
level: institution
---
measure: class
title: 等级
answers: rating
values: [合格, 不合格]
level: institution
---
measure: accident
title: 事故
answers: event
level: institution
---
attributes: {tier: 层级, weight: 权数}
"""
INDICATOR = "indicator: x\ntitle: X\nlevel: institution\nunit: percent\ndirection: higher\nvalue: a / population\nfrom: 2024-07\n"
SCHEME = "scheme: s\ntitle: S\nof: {level: institution}\nperiod: month\ndimensions: {d: {weight: 100, indicators: {x: {out_of: 50}, y: {out_of: 50}}}}\n"
MONEY = "distribution: m\ntitle: M\nperiod: year\nper: consortium\nfund: a\nsteps: [{apportion: {by: weight}}]\n"


def load(rule, cases):
    return load_cases({"measures.yaml": X, "dir/r.yaml": rule, "dir/r.cases.yaml": cases})


def only(rule, cases):
    found, issues = load(rule, cases)
    assert [i.render() for i in issues] == []
    ((case,),) = found.values()
    return case


def test_the_sample_of_the_rules_language_is_read():
    case = only(
        INDICATOR,
        "- case: 41 of 4000\n  period: 2025-03\n  given: {a: 41, population: 4000, share: 87.5%}\n  expect: {value: 1.025%, points: 80}\n",
    )
    assert isinstance(case, IndicatorCase)
    assert (case.title, case.period, case.expect_value, case.expect_points, case.out_of) == (
        "41 of 4000",
        parse_period("2025-03"),
        Fraction(41, 4000),
        80,
        100,
    )
    assert case.subject.facts == (
        CaseFact("a", parse_period("2025-03"), Fraction(41)),
        CaseFact("population", parse_period("2025"), Fraction(4000)),
        CaseFact("share", parse_period("2025-03"), Fraction(875, 1000)),
    )


@pytest.mark.parametrize(
    ("key", "period"),
    [
        ("a@last_year", "2024-03"),
        ("a@previous", "2025-02"),
        ("a@year(-2)", "2023-03"),
        ("a@2020-01", "2020-01"),
        ("population@last_year", "2024"),
        ("甲数@previous", "2025-02"),
    ],
)
def test_facts_of_other_periods_are_written_with_a_shift(key, period):
    case = only(INDICATOR, f"- {{case: c, period: 2025-03, given: {{{key}: 1}}, expect: {{points: 0}}}}\n")
    assert [fact.period for fact in case.subject.facts] == [parse_period(period)]


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("money: 120万元", Fraction(1_200_000)),
        ("class: 合格", "合格"),
        ("accident: 是", Fraction(1)),
        ("accident: 无", Fraction(0)),
        ("accident: 3", Fraction(3)),
    ],
)
def test_values_are_read_as_their_measure_declares(given, value):
    case = only(INDICATOR, f"- {{case: c, given: {{{given}}}, expect: {{points: 0}}}}\n")
    assert [fact.value for fact in case.subject.facts] == [value]


def test_missing_is_no_fact():
    case = only(INDICATOR, "- {case: c, given: {a: missing}, expect: {status: missing}}\n")
    assert case.subject.facts == ()
    assert (case.expect_status, case.expect_value, case.expect_points) == ("missing", None, None)


def test_without_a_period_the_first_month_of_the_latest_version_counts():
    assert only(INDICATOR, "- {case: c, given: {a: 1}, expect: {points: 0}}\n").period == parse_period("2024-07")
    assert only(MONEY, "- {case: c, given: {fund: 1}, expect: {甲: 1}}\n").period == parse_period("2025")


def test_members_peers_parent_and_attributes_are_read():
    case = only(
        INDICATOR,
        """
- case: c
  subject: {tier: town}
  given: {a: 1, parent.score: 87.65, parent.population: 500}
  members: [{given: {a: 2}, attributes: {tier: village}}, {a: 3, name: 二室}]
  peers: [{given: {a: 4}}]
  parent: {attributes: {tier: county}}
  expect: {points: 0}
""",
    )
    assert dict(case.subject.attributes) == {"tier": "town"}
    assert [(m.name, m.facts[0].value, dict(m.attributes)) for m in case.members] == [
        ("1", 2, {"tier": "village"}),
        ("二室", 3, {}),
    ]
    assert [p.facts[0].value for p in case.peers] == [4]
    assert case.parent is not None
    assert (dict(case.parent.attributes), dict(case.parent.scores)) == ({"tier": "county"}, {"": Fraction(8765, 100)})
    assert [(f.measure, f.value) for f in case.parent.facts] == [("population", 500)]


def test_a_scheme_case_holds_points_statuses_and_facts_for_vetoes():
    case = only(
        SCHEME,
        "- {case: c, period: 2025-03, given: {x: 40, y: not_applicable, accident: 1}, peers: [{x: 50, y: 50}], expect: {total: 80, grade: 良好, rank: 2, coefficient: 1.2, status: vetoed, dimensions: {d: 80}}}\n",
    )
    assert isinstance(case, SchemeCase)
    assert dict(case.given.points) == {"x": 40, "y": "not_applicable"}
    assert [(f.measure, f.value) for f in case.given.subject.facts] == [("accident", 1)]
    assert [dict(p.points) for p in case.peers] == [{"x": 50, "y": 50}]
    assert (case.expect_total, case.expect_grade, case.expect_rank, case.expect_coefficient, case.expect_status) == (
        80,
        "良好",
        2,
        Fraction(12, 10),
        "vetoed",
    )
    assert dict(case.expect_dimensions) == {"d": 80}


def test_a_distribution_case_holds_fund_claims_owner_and_balances():
    case = only(
        MONEY,
        """
- case: c
  given:
    fund: 100.00
    balances: {pool: 100.00}
    a: 5
    money@last_year: 3万元
    tier: county
    claims:
      甲: {weight: 1, score: 92.5, grade: 优秀, a: 7, tier: town}
      乙: {weight: 50%}
  expect: {甲: 66.67, 乙: 33.33, "reserve:keep": 0.00}
""",
    )
    assert isinstance(case, DistributionCase)
    assert (case.fund, dict(case.balances), dict(case.owner.attributes)) == (100, {"pool": 100}, {"tier": "county"})
    assert [(f.measure, str(f.period), f.value) for f in case.owner.facts] == [
        ("a", "2025", 5),
        ("money", "2024", 30000),
    ]
    first, second = case.claims
    assert dict(first.attributes) == {"weight": "1", "tier": "town"}
    assert dict(first.figures) == {"score": Fraction(925, 10), "grade": "优秀"}
    assert [(f.measure, f.value) for f in first.facts] == [("a", 7)]
    assert dict(second.attributes) == {"weight": "0.5"}
    assert dict(case.expect) == {"甲": Fraction(6667, 100), "乙": Fraction(3333, 100), "reserve:keep": 0}


def test_a_refusal_can_be_expected():
    case = only(MONEY, "- {case: c, given: {fund: 1, claims: {甲: {weight: 1}}}, expect: {issue: floors-over-fund}}\n")
    assert (case.expect_issue, dict(case.expect)) == ("floors-over-fund", {})


def test_a_file_of_several_rules_needs_of():
    found, issues = load(
        INDICATOR + "---\n" + SCHEME,
        "- {case: c, given: {a: 1}, expect: {points: 0}}\n- {case: d, of: s, given: {x: 1}, expect: {total: 1}}\n",
    )
    assert list(found) == ["s"]
    assert [(i.code, i.place.line) for i in issues] == [("case-without-rule", 1)]


def test_a_document_may_name_its_rule_once():
    found, issues = load(
        INDICATOR + "---\n" + SCHEME,
        "of: x\ncases:\n  - {case: c, given: {a: 1}, expect: {points: 0}}\n---\nof: s\ncases: [{case: d, given: {x: 1}, expect: {total: 1}}]\n",
    )
    assert issues == ()
    assert {code: len(cases) for code, cases in found.items()} == {"x": 1, "s": 1}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("{case: c, given: {share: 87.5}, expect: {points: 0}}", "rule-sign-missing"),
        ("{case: c, given: {money: 120}, expect: {points: 0}}", "rule-sign-missing"),
        ("{case: c, given: {a: 1}, expect: {value: 1.025}}", "rule-sign-missing"),
        ("{case: c, given: {aa: 1}, expect: {points: 0}}", "case-unknown-name"),
        ("{case: c, given: {a@next_year: 1}, expect: {points: 0}}", "case-shift-unknown"),
        ("{case: c, given: {class: 优}, expect: {points: 0}}", "rule-value-unknown"),
        ("{case: c, given: {a: 一}, expect: {points: 0}}", "rule-number-invalid"),
        ("{case: c, period: 2025-13, given: {a: 1}, expect: {points: 0}}", "case-period-invalid"),
        ("{case: c, given: {a: 1}, expect: {}}", "case-expects-nothing"),
        ("{case: c, given: {a: 1}}", "rule-key-missing"),
        ("{case: c, given: {a: 1}, expect: {points: 0}, out_of: 0}", "rule-number-range"),
        ("{given: {a: 1}, expect: {points: 0}}", "rule-key-missing"),
        ("{case: c, gives: {a: 1}, expect: {points: 0}}", "rule-key-unknown"),
        ("{case: c, given: {a: 1}, expect: {status: fine}}", "rule-value-unknown"),
        ("{case: c, of: z, given: {a: 1}, expect: {points: 0}}", "case-rule-unknown"),
        ("just text", "rule-shape"),
    ],
)
def test_a_case_with_a_fault_says_so(row, code):
    _, issues = load(INDICATOR, f"- {row}\n")
    assert [(i.code, i.place.line, i.place.file) for i in issues] == [(code, 1, "dir/r.cases.yaml")]


def test_a_claimant_has_measures_by_item_and_counterparty_or_by_item_alone():
    rules = "measure: done\ntitle: 数量\nunit: items\nlevel: institution\n---\ndistribution: d\nperiod: month\nper: consortium\nfund: 0\nsteps: []\n"
    cases = "- case: a\n  of: d\n  given: {claims: {甲: {done: {x: {乙: 12, 丙: missing}, y: 3}}}}\n  expect: {甲: 0}\n"
    book, _ = load_book({"r.yaml": rules})
    found, issues = load_cases({"r.yaml": rules, "r.cases.yaml": cases}, book)
    facts = found["d"][0].claims[0].facts
    assert [(f.item, f.counterparty, f.value) for f in facts] == [("x", "乙", 12), ("y", "", 3)]
    assert [i for i in issues if i.is_error] == []
