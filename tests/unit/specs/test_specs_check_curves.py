"""Curves that cannot be right for the direction of their indicator."""

import pytest
from sound_book import check, codes

from perf.specs.book import load_book
from perf.specs.checks import check_book


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
