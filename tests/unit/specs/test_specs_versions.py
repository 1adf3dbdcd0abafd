"""Dated versions: what they override, and dates that overlap, leave gaps or are none."""

from datetime import date
from fractions import Fraction

import pytest
from rule_texts import codes, indicator, load


def test_keys_of_a_version_override_those_of_the_top():
    book, issues = load(
        """
indicator: x
title: X
level: institution
direction: higher
value: a
points_digits: 1
versions:
  - {from: 2024, to: 2024, value: b}
  - {from: 2025-01, points_digits: 3}
"""
    )
    assert issues == ()
    old, new = book.indicators["x"].versions
    assert (old.value.text, old.points_digits, old.dated.last_day) == ("b", 1, date(2024, 12, 31))
    assert (new.value.text, new.points_digits, new.dated.last_day) == ("a", 3, None)


def versions(*rows):
    lines = "".join(f"  - {row}\n" for row in rows)
    return load(f"indicator: x\ntitle: X\nlevel: institution\ndirection: higher\nvalue: a\nversions:\n{lines}")


def test_a_version_without_end_ends_the_day_before_the_next():
    book, issues = versions("{from: 2025-03}", "{from: 2024-01}")
    assert issues == ()
    first, second = book.indicators["x"].versions
    assert (first.dated.first_day, first.dated.last_day) == (date(2024, 1, 1), date(2025, 2, 28))
    assert (second.dated.first_day, second.dated.last_day) == (date(2025, 3, 1), None)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (("{from: 2024, to: 2025-03}", "{from: 2025-03}"), "version-overlap"),
        (("{from: 2024}", "{from: 2024-01-01}"), "version-overlap"),
        (("{to: 2025}", "{to: 2026}"), "version-overlap"),
        (("{from: 2024, to: 2024-11}", "{from: 2025-01}"), "version-gap"),
        (("{from: 2025-02, to: 2025-01}",), "version-ends-before-start"),
    ],
)
def test_dates_that_overlap_or_leave_gaps_are_errors(rows, code):
    _, issues = versions(*rows)
    assert [(i.code, i.severity) for i in issues] == [(code, "error")]


@pytest.mark.parametrize("text", ["2025-13", "2025-02-30", "2025-Q1", "25-01", "2025/01", "0000"])
def test_a_date_that_is_none_is_refused(text):
    _, issues = versions("{from: " + text + "}")
    assert [i.code for i in issues] == ["rule-date-invalid"]


def test_a_key_for_all_versions_may_not_stand_in_one():
    _, issues = versions("{from: 2024, unit: percent}")
    assert codes(issues) == [("rule-key-misplaced", 7)]


def test_versions_must_hold_one():
    _, issues = load("indicator: x\ntitle: X\nlevel: institution\ndirection: higher\nvalue: a\nversions: []\n")
    assert [i.code for i in issues] == ["version-empty"]


def test_parameters_are_dated():
    book, issues = indicator(
        "{curve: entered, full: 100%}",
        more="parameters: {share: [{from: 2019, value: 95%}, {from: 2021, value: 96%}], k: 2}\n",
    )
    assert issues == ()
    share = book.indicators["x"].versions[0].parameters["share"]
    assert [(v.first_day, v.last_day, v.value, v.text) for v in share] == [
        (date(2019, 1, 1), date(2020, 12, 31), Fraction(95, 100), "95%"),
        (date(2021, 1, 1), None, Fraction(96, 100), "96%"),
    ]
