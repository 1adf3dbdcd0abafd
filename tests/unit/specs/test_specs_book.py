"""Rule files → models, and every fault with its line."""

from fractions import Fraction

import pytest
from rule_texts import codes, load

from perf.formulas import constant
from perf.kernel.periods import parse_period
from perf.specs.book import load_book
from perf.specs.models import (
    Linear,
)

MEASURE = """
measure: discharges
title: {zh: 出院人次, en: Discharges}
unit: person-times
level: institution
supplied_by: 病案室
"""


INDICATOR = """
indicator: referred_down_share
title: {zh: 下转患者占比}
level: institution
unit: percent
direction: higher
confidence: A
value: referred_down / discharges
versions:
  - from: 2025-01
    source: {document: 文件, clause: 第7项}
    points: {curve: linear, through: [[0.40%, 0], [0.85%, 60], [1.20%, 100]]}
no_value: {denominator_zero: not_applicable, missing: block}
"""


def test_the_sample_of_the_rules_language_is_read():
    book, issues = load(INDICATOR)
    assert issues == ()
    rule = book.indicators["referred_down_share"]
    version = rule.version(parse_period("2025-03"))
    assert version is not None
    assert rule.version(parse_period("2024-12")) is None
    assert isinstance(version.points, Linear)
    assert [(constant(x), y) for x, y in version.points.through] == [
        (Fraction(40, 10000), 0),
        (Fraction(85, 10000), 60),
        (Fraction(120, 10000), 100),
    ]
    assert (version.no_value.missing, version.no_value.denominator_zero) == ("block", "not_applicable")
    assert (version.digits, version.points_digits) == ("exact", 2)
    assert version.dated.source is not None
    assert version.dated.source.clause == "第7项"


def test_three_faults_in_one_file_are_three_issues_with_their_lines():
    text = (
        INDICATOR.replace("direction: higher", "direction: hihger")
        .replace("0.85%, 60", "0.85, 60")
        .replace("no_value: {", "novalue: {")
    )
    _, issues = load(text)
    assert codes(issues) == [("rule-value-unknown", 5), ("rule-sign-missing", 11), ("rule-key-unknown", 12)]
    assert "higher" in issues[0].hint.zh
    assert "0.85%" in issues[1].expected.zh
    assert "no_value" in issues[2].hint.zh


def test_faults_of_several_files_are_reported_together():
    _, issues = load_book({"b.yaml": "measure: X\n", "a.yaml": "indicator: [", "c.cases.yaml": "nonsense: ["})
    assert {i.place.file for i in issues} == {"a.yaml", "b.yaml"}


def test_a_document_that_is_no_rule_is_named():
    _, issues = load("indicater: x\n---\n- 1\n---\njust text\n")
    assert codes(issues) == [("rule-kind-unknown", 1), ("rule-shape", 3), ("rule-shape", 5)]
    assert "indicator" in issues[0].hint.zh


def test_an_empty_file_is_a_warning():
    _, issues = load("# nothing\n")
    assert [(i.code, i.severity) for i in issues] == [("file-empty", "warning")]


def test_one_code_twice_names_both_places():
    _, issues = load_book({"a.yaml": MEASURE.lstrip(), "b.yaml": MEASURE})
    assert codes(issues) == [("rule-code-duplicate", 2)]
    assert "a.yaml:1:10" in issues[0].found.zh


def test_an_indicator_may_be_called_like_its_measure():
    book, issues = load(
        "measure: complaints\ntitle: 投诉\nlevel: institution\n---\nindicator: complaints\ntitle: 投诉\nlevel: institution\ndirection: lower\nvalue: complaints\n"
    )
    assert issues == ()
    assert "complaints" in book.measures
    assert "complaints" in book.indicators


@pytest.mark.parametrize("code", ["出院", "Discharges", "1st", "a-b", "a b"])
def test_codes_are_lower_case_latin(code):
    _, issues = load(f"measure: {code}\ntitle: 出院\nlevel: institution\n")
    assert codes(issues) == [("rule-code-invalid", 1)]


def test_a_rule_that_could_not_be_built_is_known_as_broken():
    book, issues = load(INDICATOR.replace("value: referred_down / discharges", "value: referred_down / / discharges"))
    assert len(issues) == 1
    assert issues[0].place.line == 7
    assert book.broken == {"referred_down_share"}
    assert not book.indicators


def test_a_key_without_content_is_named():
    _, issues = load("indicator: x\ntitle: X\nlevel: institution\ndirection: higher\nvalue:\n")
    assert codes(issues) == [("rule-value-blank", 5)]


def test_lists_accounts_and_attributes_are_read():
    book, issues = load(
        """
list: services
title: 服务项目
items:
  s001: {title: 静脉输液, price: 12.5, points: [{from: 2024, value: 2}, {from: 2025, value: 3}]}
---
accounts: {pool: {of: institution, kind: fund, title: 绩效池}, reserve: {of: institution, kind: reserve}}
---
attributes: {post_coefficient: 岗位系数, fte: {zh: 折算人数, en: FTE}}
"""
    )
    assert issues == ()
    assert [v.value for v in book.lists["services"].items["s001"].attributes["points"]] == [2, 3]
    assert (book.accounts["pool"].kind, book.accounts["reserve"].title.zh) == ("fund", "reserve")
    assert book.attributes["fte"].en == "FTE"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("unit: people", "rule-value-unknown"),
        ("digits: 2.5", "rule-value-unknown"),
        ("range: {min: 10, max: 5}", "rule-number-range"),
        ("range: {least: 0}", "rule-key-unknown"),
        ("partial: perhaps", "rule-value-unknown"),
        ("revenue: drugs", "rule-value-unknown"),
        ("title: {zh: 又一个}", "yaml-duplicate-key"),
    ],
)
def test_a_measure_with_a_fault_says_so(line, code):
    _, issues = load(f"measure: m\ntitle: 数\nlevel: institution\n{line}\n")
    assert [i.code for i in issues] == [code]


def test_the_order_of_the_files_does_not_matter():
    files = {"b.yaml": MEASURE, "a.yaml": INDICATOR, "c.yaml": "measure: x"}
    one, two = load_book(files), load_book(dict(reversed(files.items())))
    assert one[0].texts == two[0].texts
    assert one[1] == two[1]


def test_values_of_attributes_parameters_tables_and_let_names_have_titles():
    book, issues = load(
        """
attributes:
  pay_group: {title: 分配系列, values: {office: 行政后勤系列, physician: {zh: 医师系列, en: Physicians}}}
  fte: 折算人数
---
distribution: pay
title: 绩效
period: month
per: institution
among: staff
parameters: {rate: {title: 夜班标准, values: [{from: 2024-01, value: 80}]}, plain: 5%}
tables: {base: {title: 基数, rows: {院长: 6000}}, other: {院长: 1}}
let: {kept: {title: 留存, value: plain * 100}, left: 100}
fund: 1000 - kept
steps:
  - apportion: {by: fte}
"""
    )
    assert issues == ()
    assert (book.attributes["pay_group"].zh, book.attributes["fte"].zh) == ("分配系列", "折算人数")
    assert book.value_title("pay_group", "physician").en == "Physicians"
    assert book.value_title("pay_group", "office").zh == "行政后勤系列"
    assert book.value_title("pay_group", "unknown").zh == "unknown"
    version = book.distributions["pay"].versions[0]
    assert {name: title.zh for name, title in version.titles.items()} == {
        "rate": "夜班标准",
        "base": "基数",
        "kept": "留存",
    }
    assert version.parameters["rate"][0].value == 80
    assert dict(version.tables["base"]) == {"院长": 6000}
    assert version.let["kept"].text == "plain * 100"
