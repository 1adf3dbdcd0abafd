"""Schemes as they are read, and every fault with its line."""

import pytest
from rule_texts import codes, load

from perf.specs.checks import check_book
from perf.specs.models import (
    Steps,
)

SCHEME = """
scheme: township_monthly
title: {zh: 乡镇卫生院月度考核}
of: {level: institution, kind: [township_hospital, community_centre]}
period: month
versions:
  - from: 2025-01
    source: {document: 文件, clause: 附件2}
    dimensions:
      service:
        weight: 40
        at_least: 2
        indicators:
          visits_growth: {out_of: 10}
          signed_rate: {out_of: 30, weight: 60}
      quality: {weight: 60, indicators: {bp_controlled: {weight: 50}}}
    extra: [{indicator: new_technique, cap: 5}]
    veto: [{when: major_accident > 0, effect: {grade_at_most: 不合格}}, {when: fraud > 0, effect: zero_total}]
    total: {digits: 2, min: 0, max: 105}
    peers: {within: consortium, by: kind}
    rank: {of: total, ties: competition}
    grades: [[优秀, 90], [良好, 80], [合格, 60], [不合格, 0]]
    quota: {优秀: {at_most: 15%, of: peers, rounding: down, ties: all_out, falls_to: 良好}}
    coefficient: {curve: steps, at: [[0, 0.8], [60, 1.0], [70, 1.2], [85, 1.5]], lower_bound: included}
    outcomes: [{when: total < 65, say: 限期整改}]
"""


def test_a_scheme_is_on_unless_it_says_no():
    on, _ = load(SCHEME)
    off, _ = load(SCHEME.replace("period: month", "period: month\nenabled: no"))
    assert [book.schemes["township_monthly"].enabled for book in (on, off)] == [True, False]


def test_a_scheme_with_everything_is_read():
    book, issues = load(SCHEME)
    assert issues == ()
    version = book.schemes["township_monthly"].versions[0]
    service, quality = version.dimensions
    assert [(i.indicator, i.out_of, i.weight, i.by_out_of) for i in service.items] == [
        ("visits_growth", 10, 10, True),
        ("signed_rate", 30, 60, True),
    ]
    assert [(i.out_of, i.weight, i.by_out_of) for i in quality.items] == [(100, 50, False)]
    assert (service.scale, quality.scale) == (40, 100)
    assert version.grades[0] == ("优秀", 90)
    assert (version.veto[0].effect, version.veto[0].grade, version.veto[1].effect) == (
        "grade_at_most",
        "不合格",
        "zero_total",
    )
    assert version.extra[0].out_of == 5
    assert (version.total.maximum, version.coefficient_digits) == (105, 4)
    assert isinstance(version.coefficient, Steps)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("signed_rate: {out_of: 30, weight: 60}", "signed_rate: {}", "rule-key-missing", 14),
        ("effect: zero_total", "effect: zero", "rule-value-unknown", 17),
        ("effect: zero_total", "effect: grade_at_most", "rule-shape", 17),
        ("[优秀, 90]", "[优秀, 80]", "grades-order", 21),
        ("[良好, 80], [合格, 60]", "[合格, 60], [良好, 80]", "grades-order", 21),
        ("[合格, 60], [不合格, 0]", "[合格, 60], [优秀, 0]", "grades-order", 21),
        ("max: 105", "max: -1", "rule-number-range", 18),
        ("at_least: 2", "at_least: two", "rule-number-invalid", 11),
        ("period: month", "period: monthly", "rule-value-unknown", 4),
        ("of: {level: institution, kind: [township_hospital, community_centre]}", "of: institution", "rule-shape", 3),
        ("total < 65", "total <", "formula-syntax", 24),
    ],
)
def test_a_scheme_with_a_fault_says_where(old, new, code, line):
    assert old in SCHEME
    _, issues = load(SCHEME.replace(old, new))
    assert codes(issues) == [(code, line)]


def test_grades_may_rise_all_the_way_and_are_kept_from_the_highest_down():
    rising = "[[不合格, 0], [合格, 60], [良好, 80], [优秀, 90]]"
    book, issues = load(SCHEME.replace("[[优秀, 90], [良好, 80], [合格, 60], [不合格, 0]]", rising))
    assert codes(issues) == []
    assert [grade for grade, _ in next(iter(book.schemes.values())).versions[0].grades] == [
        "优秀",
        "良好",
        "合格",
        "不合格",
    ]


@pytest.mark.parametrize(
    ("through", "further", "found"),
    [
        ("[[60, 0.5], [100, 1.5]]", "", ["-1"]),
        ("[[60, 0.5], [100, 1.5]]", "total: {digits: 2, min: 40}", []),
        ("[[60, 1], [90, 1.4]]", "", []),
        ("[[0, 0.5], [50, 1], [80, 0.1]]", "", ["-0.5"]),
        ("[[0, 0.5], [50, 1], [80, 0.1]]", "total: {digits: 2, max: 80}", []),
        ('[["a", 0.5], [100, 1.5]]', "", []),
    ],
)
def test_a_coefficient_may_not_fall_below_0_within_the_totals_there_can_be(through, further, found):
    text = (
        "measure: a\ntitle: 甲\nunit: number\nlevel: institution\nsupplied_by: 科\n---\nindicator: x\ntitle: X\n"
        "level: institution\nunit: number\ndirection: higher\nvalue: a\npoints: {curve: entered, full: 100}\n---\n"
        "scheme: s\ntitle: S\nof: {level: institution}\nperiod: month\n"
        "dimensions: {d: {weight: 100, indicators: {x: {out_of: 100}}}}\n"
        f"coefficient: {{curve: linear, through: {through}, outside: extend}}\n{further}\n"
    )
    book, issues = load(text)
    assert codes(issues) == []
    told = [issue.found.zh for issue in check_book(book) if issue.code == "coefficient-negative"]
    assert [one.rpartition(" ")[2] for one in told] == found
