"""Titles that belong to several things: told with all candidates where a formula uses them."""

import pytest

from perf.specs.book import load_book
from perf.specs.checks import check_book

RULES = """\
measure: visits
title: 诊疗人次
level: institution
supplied_by: 信息科
---
measure: insured_visits
title: 诊疗人次
level: institution
supplied_by: 医保科
---
measure: post_points
title: 岗位
level: institution
supplied_by: 人事科
---
indicator: load
title: 负荷
level: institution
unit: number
direction: higher
source: 文件
value: VALUE
points: {curve: linear, through: [[0, 0], [10, 100]]}
"""


def told(value, **options):
    book, issues = load_book({"a.yaml": RULES.replace("VALUE", value)})
    assert [issue.render() for issue in issues] == []
    return [i for i in check_book(book, **options) if i.is_error]


@pytest.mark.parametrize(
    ("value", "character"),
    [
        ("诊疗人次 / 2", 1),
        ("2 * 诊疗人次@last_year", 5),
        ("sum(members.诊疗人次)", 5),
        ("median(peers.诊疗人次)", 8),
        ("parent.诊疗人次", 1),
        ("sum(诊疗人次.quantity)", 5),
        ("if(诊疗人次 > 2, 1, 2)", 4),
    ],
)
def test_a_title_of_two_measures_is_told_with_both_wherever_it_stands(value, character):
    (issue,) = told(value)
    assert issue.code == "formula-name-ambiguous"
    assert f"第 {character} 个字符" in issue.found.zh
    for candidate in ("visits(a.yaml:1:1)", "insured_visits(a.yaml:6:1)"):
        assert candidate in issue.found.zh
    assert "insured_visits 或 visits" in issue.hint.zh
    assert "write the code: insured_visits or visits" in issue.hint.en


def test_a_title_of_a_measure_and_of_a_built_in_attribute_is_told_too():
    (issue,) = told("岗位 + 1")
    assert issue.code == "formula-name-ambiguous"
    assert "数据项 post_points(a.yaml:11:1)、属性 post" in issue.found.zh


def test_the_codes_of_a_shared_title_are_plain_names():
    assert told("visits + insured_visits + post_points") == []


def test_a_column_of_the_roster_that_is_called_so_is_meant_by_its_name():
    assert told("诊疗人次 + 1", attributes=("诊疗人次",)) == []


def test_a_shared_title_that_no_formula_uses_is_nobodys_business():
    assert told("visits") == []
