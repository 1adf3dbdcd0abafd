"""Full points beyond the values that a measure may have."""

import pytest

from perf.specs.book import load_book
from perf.specs.checks import check_book

RULES = """
measure: m
title: 数
unit: number
level: person
supplied_by: 科
range: {min: 10, max: 80}
---
indicator: x
title: 指标
level: person
unit: number
direction: DIRECTION
value: m
source: 文件
points: POINTS
"""


@pytest.mark.parametrize(
    ("direction", "points", "expected"),
    [
        ("higher", "{curve: attainment, target: 80}", []),
        ("higher", "{curve: attainment, target: 80.5}", ["curve-beyond-range"]),
        ("higher", "{curve: attainment, target: m@last_year}", []),
        ("lower", "{curve: attainment, target: 5}", ["curve-beyond-range"]),
        ("lower", "{curve: attainment, target: 10}", []),
        ("higher", "{curve: linear, through: [[0, 0], [81, 100]]}", ["curve-beyond-range"]),
        ("lower", "{curve: linear, through: [[9, 100], [50, 0]]}", ["curve-beyond-range"]),
    ],
)
def test_a_curve_whose_full_points_no_value_reaches_is_an_issue(direction, points, expected):
    book, issues = load_book({"r.yaml": RULES.replace("DIRECTION", direction).replace("POINTS", points)})
    assert [issue.render() for issue in issues] == []
    assert [issue.code for issue in check_book(book) if issue.code.startswith("curve-")] == expected
