"""What the checks doubt: banned revenue on every way to pay, totals without a grade, points nobody can earn."""

import pytest

from perf.specs.book import load_book
from perf.specs.checks import check_book

RULES = """\
measure: visits
title: 诊疗人次
level: institution
supplied_by: 信息科
---
measure: saved
title: 次均费用降幅
level: institution
supplied_by: 财务科
counter_to: [visits]
---
measure: drugs
title: 药品收入
unit: yuan
level: institution
roll_up: sum
supplied_by: 财务科
revenue: drug
---
measure: tests
title: 检查收入
unit: yuan
level: person
roll_up: sum
supplied_by: 财务科
revenue: examination
---
attributes: {coef: 系数}
---
list: services
title: 项目
items:
  s1: {title: 甲, price: 3}
---
accounts: {pool: {of: institution, kind: fund}}
---
indicator: i
title: 指标
level: institution
unit: number
direction: higher
source: 文件
value: visits
points: {curve: linear, through: [[0, 0], [10, 100]]}
---
indicator: j
title: 另一项
level: institution
unit: number
direction: higher
source: 文件
value: visits + 1
points: {curve: linear, through: [[0, 0], [10, 100]]}
---
indicator: h
title: 第三项
level: institution
unit: number
direction: higher
source: 文件
value: coef + 2
points: {curve: linear, through: [[0, 0], [10, 100]]}
---
indicator: k
title: 加分项
level: institution
unit: number
direction: higher
source: 文件
value: visits
points: {curve: award, each: 1, cap: 100}
---
scheme: s
title: 方案
of: {level: institution}
period: month
source: 文件
dimensions:
  d: {weight: 60, indicators: {i: {out_of: 60}, j: {out_of: 40}}}
  e: {weight: 40, indicators: {h: {out_of: 100}}}
---
distribution: pay
title: 分配
period: month
per: institution
source: 文件
fund: 1000
steps:
  - apportion: {by: coef}
"""
GRADES = "  e: {weight: 40, indicators: {h: {out_of: 100}}}\n"


def told(*changes):
    text = RULES
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    book, issues = load_book({"r.yaml": text})
    assert [issue.render() for issue in issues] == []
    return [i for i in check_book(book) if i.code != "rule-unused"]


def codes(*changes):
    return [issue.code for issue in told(*changes)]


def test_the_book_before_any_change_has_nothing_to_say():
    assert told() == []


BY = "  - apportion: {by: coef}\n"
FUND = "fund: 1000\n"
CURVE = "points: {curve: linear, through: [[0, 0], [10, 100]]}\n"
VALUE = "value: visits\n" + CURVE


@pytest.mark.parametrize(
    ("change", "chain"),
    [
        (
            (BY, f"  - split: {{by: tests, shares: {{1: 50, 2: 50}}, steps: [{BY.strip()[2:]}]}}\n"),
            "分配规则 pay → 数据项 tests",
        ),
        (
            (
                BY,
                f"  - split: {{by: coef, shares: {{1: 1}}, steps: [{{split: {{by: drugs, shares: {{1: 1}}, steps: [{BY.strip()[2:]}]}}}}]}}\n",
            ),
            "分配规则 pay → 数据项 drugs",
        ),
        ((BY, "  - apportion: {by: coef, cap: owner.drugs}\n"), "分配规则 pay → 数据项 drugs"),
        ((BY, "  - apportion: {by: f(tests)}\n"), None),
        ((FUND, "fund: sum(drugs.quantity * item.price)\n"), "分配规则 pay → 数据项 drugs"),
        ((FUND, "fund: count(members(tests > 3))\n"), "分配规则 pay → 数据项 tests"),
        ((FUND, "fund: 药品收入@year_to_date\n"), "分配规则 pay → 数据项 drugs"),
    ],
)
def test_banned_revenue_is_found_in_splits_claims_items_members_and_titles(change, chain):
    extra = [] if chain else [(FUND, FUND + "tables: {f: {1: 2}}\n")]
    (issue,) = told(change, *extra)
    assert (issue.code, issue.severity) == ("pay-on-banned-revenue", "error")
    assert issue.found.zh.endswith(chain or "分配规则 pay → 数据项 tests")


@pytest.mark.parametrize(
    "change",
    [
        (VALUE, "value: visits\nrequires: drugs > 3\npoints: {curve: linear, through: [[0, 0], [10, 100]]}\n"),
        (VALUE, 'value: visits\npoints: {curve: linear, through: [[0, 0], ["drugs / 1000", 100]]}\n'),
        (
            VALUE,
            "value: f(visits)\ncurves: {f: {curve: linear, through: [[0, 1], ['drugs / 100', 2]], outside: clip}}\n"
            + CURVE,
        ),
        (GRADES, GRADES + "veto: [{when: drugs > 3, effect: zero_total}]\n"),
        (GRADES, GRADES + "coefficient: {curve: linear, through: [[0, 0], ['drugs / 100', 2]]}\n"),
    ],
)
def test_banned_revenue_is_found_through_schemes_indicators_and_named_curves(change):
    issues = told(change, (BY, "  - apportion: {by: coef * parent.score(s)@previous}\n"))
    assert [issue.code for issue in issues if issue.is_error] == ["pay-on-banned-revenue"]
    assert "方案 s" in next(issue.found.zh for issue in issues if issue.is_error)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("grades: [[优秀, 90], [不合格, 0]]", []),
        ("grades: [[优秀, 90], [合格, 60]]", ["grade-none-below"]),
        ("grades: [[优秀, 90], [合格, 0.01]]", ["grade-none-below"]),
        ("grades: [[优秀, 90], [合格, 60]]\ntotal: {min: 60}", []),
        ("grades: [[优秀, 90], [合格, 60]]\ntotal: {min: 59.99}", ["grade-none-below"]),
        (
            "grades: [[优秀, 90], [合格, 60]]\ntotal: {min: 60}\nveto: [{when: visits > 3, effect: zero_total}]",
            ["grade-none-below"],
        ),
        ("grades: [[优秀, 90], [合格, 60]]\ntotal: {min: 60}\nveto: [{when: visits > 3, effect: forfeit_pay}]", []),
        ("grades: [[优秀, 90], [不合格, 0]]\ntotal: {min: -5}", ["grade-none-below"]),
        ("grades: [[优秀, 90], [不合格, -5]]\ntotal: {min: -5}", []),
        ("grades: [[优秀, 101], [不合格, 0]]", ["grade-out-of-reach"]),
        ("grades: [[优秀, 90], [不合格, 0]]\ntotal: {max: 89}", ["grade-out-of-reach"]),
        ("grades: [[优秀, 105], [不合格, 0]]\nextra: [{indicator: k, cap: 5}]", []),
        ("grades: [[优秀, 105], [不合格, 0]]\nextra: [{indicator: k, cap: 5}]\nextra_cap: 4", ["grade-out-of-reach"]),
        ("grades: [[优秀, 105], [不合格, 0]]\nextra: [{indicator: k, out_of: 100}]", []),
    ],
)
def test_every_total_has_a_grade_and_every_grade_a_total(more, expected):
    assert codes((GRADES, f"{GRADES}{more}\n")) == expected


@pytest.mark.parametrize(
    ("off", "more", "lost"),
    [
        ("j", "missing_weight: none", "24"),
        ("j", "missing_weight: within_dimension", None),
        ("j", "missing_weight: overall", None),
        ("h", "missing_dimension: lost", "40"),
        ("h", "missing_dimension: others", None),
        ("i", "missing_weight: none", "36"),
    ],
)
def test_points_that_hang_on_what_is_switched_off_are_told_where_nobody_takes_them(off, more, lost):
    changes = [(f"indicator: {off}\n", f"indicator: {off}\nenabled: no\n"), (GRADES, f"{GRADES}{more}\n")]
    found = [i for i in told(*changes) if i.code == "weights-lost"]
    assert [f"有 {lost} 分谁也得不到" in i.found.zh for i in found] == ([True] if lost else [])


def test_a_sum_loses_the_points_of_what_is_switched_off():
    change = ("d: {weight: 60, indicators", "d: {weight: 60, combine: sum, indicators")
    assert codes(change, ("indicator: j\n", "indicator: j\nenabled: no\n")) == ["weights-lost"]


COUNTER = ("value: visits + 1", "value: saved")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([COUNTER], []),
        ([COUNTER, ("value: visits\n", "value: visits@last_year\n")], []),
        ([("value: visits + 1", "value: 次均费用降幅"), ("value: visits\n", "value: 诊疗人次\n")], []),
        (
            [("value: visits + 1", "value: 次均费用降幅"), ("indicator: i\n", "indicator: i\nenabled: no\n")],
            ["counter-missing"],
        ),
        (
            [COUNTER, ("value: visits\npoints: {curve: linear, through: [[0, 0], [10, 100]]}\n", "value: visits\n")],
            ["counter-missing"],
        ),
        ([COUNTER, ("value: visits\n", "value: 3\n")], ["counter-missing"]),
    ],
)
def test_a_counterweight_counts_by_code_or_title_and_only_where_it_is_scored(changes, expected):
    assert [code for code in codes(*changes) if code == "counter-missing"] == expected


@pytest.mark.parametrize(
    ("level", "value", "expected"),
    [
        ("person", "visits", ["measure-level"]),
        ("person", "诊疗人次", ["measure-level"]),
        ("department", "median(peers.visits)", ["measure-level"]),
        ("person", "parent.visits", []),
        ("institution", "visits", []),
        ("consortium", "visits", []),
        ("person", "visits\nassume: {visits: 0}", []),
    ],
)
def test_a_measure_of_a_level_above_is_never_there_for_the_subject_itself(level, value, expected):
    changes = [
        ("title: 另一项\nlevel: institution", f"title: 另一项\nlevel: {level}"),
        ("value: visits + 1", f"value: {value}"),
    ]
    assert [code for code in codes(*changes) if code == "measure-level"] == expected


@pytest.mark.parametrize(
    ("points", "bounds", "is_told"),
    [
        ("{curve: linear, through: [[0, 0], [10, 100]]}", "{max: 9}", True),
        ("{curve: linear, through: [[0, 0], [10, 100]]}", "{max: 10}", False),
        ("{curve: linear, through: [[0, 0], ['median(peers.value)', 100]]}", "{max: 1}", False),
        ("{curve: linear, through: [[0, 0], [10, 90]], outside: extend}", "{max: 10}", True),
        ("{curve: attainment, target: 20}", "{max: 10}", True),
        ("{curve: best_of, of: [{curve: attainment, target: 20}, {curve: steps, at: [[5, 100]]}]}", "{max: 10}", False),
        ("{curve: percentile, alone: 0, all_equal: 0}", "{max: 10}", False),
    ],
)
def test_full_points_lie_within_the_range_of_the_measure(points, bounds, is_told):
    measure = ("level: institution\nsupplied_by: 信息科", f"level: institution\nrange: {bounds}\nsupplied_by: 信息科")
    changes = [measure, (VALUE, f"value: visits\npoints: {points}\n")]
    assert ("curve-beyond-range" in codes(*changes)) is is_told


def test_ten_thousands_of_yuan_are_compared_as_yuan():
    measure = (
        "level: institution\nsupplied_by: 信息科",
        "unit: wan_yuan\nrange: {max: 120万元}\nlevel: institution\nsupplied_by: 信息科",
    )
    curve = (VALUE, "value: visits\npoints: {curve: linear, through: [[0, 0], [1200000, 100]]}\n")
    assert "curve-beyond-range" not in codes(measure, curve)
    assert "curve-beyond-range" in codes(measure, (curve[0], curve[1].replace("1200000", "1200001")))


def test_an_award_reaches_the_points_of_its_item_within_the_range():
    measure = ("level: institution\nsupplied_by: 信息科", "level: institution\nrange: {max: 8}\nsupplied_by: 信息科")
    item = ("j: {out_of: 40}", "j: {out_of: 30}, k: {out_of: 10}")
    assert "curve-beyond-range" in codes(measure, item, (VALUE, VALUE.replace("[10, 100]", "[8, 100]")))
    assert "curve-beyond-range" not in codes(
        (measure[0], measure[1].replace("8", "10")), item, (VALUE, VALUE.replace("[10, 100]", "[8, 100]"))
    )


@pytest.mark.parametrize(
    "points", ["[[0, 0], [10, 90], [20, 90]]", "[[0, 90], [10, 90]]", "[[0, 0], [10, 90], [20, 80]]"]
)
def test_a_line_that_goes_on_without_rising_never_reaches_full_points(points):
    assert "curve-not-full" in codes(
        (VALUE, f"value: visits\npoints: {{curve: linear, through: {points}, outside: extend}}\n")
    )


@pytest.mark.parametrize(
    "points",
    [
        "{curve: linear, through: [[0, 0], [10, 100]]}",
        "{curve: steps, at: [[0, 0], [10, 100], [20, 0]]}",
        "{curve: entered, full: 100}",
        "{curve: percentile, alone: 0, all_equal: 0}",
        "{curve: best_of, of: [{curve: range, best: [1, 3], zero: [0, 5]}, {curve: steps, at: [[0, 100]]}]}",
    ],
)
def test_a_monitored_indicator_is_scored_by_range_alone(points):
    monitored = ("direction: higher", "direction: monitored")
    assert "monitored-with-direction" in codes(monitored, (VALUE, f"value: visits\npoints: {points}\n"))
    by_range = (VALUE, "value: visits\npoints: {curve: range, best: [1, 3], zero: [0, 5]}\n")
    assert "monitored-with-direction" not in codes(monitored, by_range)
