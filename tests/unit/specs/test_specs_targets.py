import pytest

from perf.specs import load_book
from perf.specs.targets import target_text


def target(points, unit="percent", direction="higher", more=""):
    text = f"""
measure: a
title: 甲
unit: number
level: institution
---
indicator: x
title: 指标
level: institution
unit: {unit}
direction: {direction}
value: a
points: {points}
{more}
versions: [{{from: 2024-01}}]
"""
    book, _ = load_book({"x.yaml": text})
    indicator = book.indicators["x"]
    return target_text(indicator, indicator.versions[0])


@pytest.mark.parametrize(
    ("points", "unit", "direction", "expected"),
    [
        ("{curve: linear, through: [[0.40%, 0], [0.85%, 60], [1.20%, 100]]}", "percent", "higher", "≥1.20%"),
        ("{curve: linear, through: [[6, 100], [9, 0]]}", "days", "lower", "≤6"),
        ("{curve: linear, through: [[6, 100], [8, 100], [9, 0]]}", "days", "lower", "≤8"),
        ("{curve: linear, through: [[4, 0], [6, 100], [8, 100], [9, 0]]}", "days", "lower", "6–8"),
        ("{curve: linear, through: [[4, 0], [6, 100], [9, 0]]}", "days", "lower", "6"),
        ("{curve: steps, at: [[90%, 60], [98%, 100]], below: 0}", "percent", "higher", "≥98%"),
        ("{curve: steps, at: [[90%, 60], [98%, 100]], lower_bound: excluded}", "percent", "higher", ">98%"),
        ("{curve: steps, at: [[0%, 90], [3%, 0]], lower_bound: excluded, below: 100}", "percent", "lower", "≤0%"),
        ("{curve: steps, at: [[5, 100], [7, 0]], below: 50}", "days", "lower", "≥5 <7"),
        ("{curve: range, best: [85%, 93%]}", "percent", "range", "85%–93%"),
        ("{curve: attainment, target: 1400/万}", "per_10k", "higher", "≥1400/万"),
        ("{curve: attainment, target: 40, lower_as: ratio}", "number", "lower", "≤40"),
        ("{curve: attainment, target: median(peers.value)}", "number", "higher", ""),
        ("{curve: deduct, each: 2, per: 1, counted: exact}", "items", "lower", "0 件"),
        ("{curve: deduct, each: 2, per: 1, counted: exact}", "number", "lower", "0"),
        ("{curve: award, each: 2, per: 1, cap: 5, counted: exact}", "items", "higher", ""),
        ("{curve: entered, full: 100}", "points", "higher", "100"),
        ("{curve: rating, values: {合格: 80, 优秀: 100, 不合格: 0}}", "level", "higher", "优秀"),
    ],
)
def test_a_target_is_where_full_points_begin(points, unit, direction, expected):
    assert target(points, unit, direction) == expected


def test_a_stated_target_wins():
    assert target("{curve: entered, full: 100}", "points", "higher", "target: 全优") == "全优"


def test_an_indicator_without_a_version_has_no_target():
    assert target_text(None, None) == ""
