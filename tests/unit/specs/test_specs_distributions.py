"""Distributions as they are read, and every fault with its line."""

import pytest
from rule_texts import codes, load

from perf.specs.models import (
    Apportion,
    Gate,
    Hold,
    Pay,
    Remainder,
    Split,
    Take,
)

DISTRIBUTION = """
distribution: staff_monthly
title: {zh: 职工月度绩效分配}
period: month
per: institution
among: staff where head == no
uses: {score: [doctor_monthly, other_monthly]}
fund: balance(pool)
rounding: {unit: 1}
versions:
  - from: 2025-01
    source: {document: 文件, clause: 第四条}
    steps:
      - take: {to: director_fund, amount: 5% * fund}
      - pay: {line: 夜班, amount: 80 * night_shifts, short: scale}
      - split:
          by: category
          shares: {doctor: 50, nurse: 40, admin: 10}
          on_empty: {to: reserve}
          steps:
            - gate: {when: score < 60, to: rest}
            - apportion: {by: post_coefficient * score / 100, floor: 300, cap: 3 * rest / count, rounding: {unit: 0.01}}
      - hold: {share: 10%, line: 年终预留}
      - remainder: {to: reserve}
on_missing_score: hold_at(mean)
"""


def test_a_distribution_with_everything_is_read():
    book, issues = load(DISTRIBUTION)
    assert issues == ()
    rule = book.distributions["staff_monthly"]
    assert rule.among_where is not None
    assert (rule.among, rule.among_where.text, str(rule.among_where.place)) == ("staff", "head == no", "r.yaml:5:20")
    version = rule.versions[0]
    assert [type(step) for step in version.steps] == [Take, Pay, Split, Hold, Remainder]
    split = version.steps[2]
    assert isinstance(split, Split)
    assert (split.on_empty, split.empty_to) == ("to", "reserve")
    assert [type(step) for step in split.steps] == [Gate, Apportion]
    apportion = split.steps[1]
    assert isinstance(apportion, Apportion)
    assert (apportion.rounding.unit_fen, apportion.line) == (1, "职工月度绩效分配")
    assert version.on_missing_score == "mean"


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("among: staff where head == no", "among: everybody", "rule-shape", 5),
        ("among: staff where head == no", "among: staff where", "rule-shape", 5),
        ("doctor: 50", "doctor: 0", "rule-number-range", 17),
        ("- hold:", "- keep:", "rule-value-unknown", 22),
        ("hold_at(mean)", "hold", "rule-value-unknown", 24),
        ("unit: 0.01", "unit: 0.001", "rule-number-invalid", 21),
        ("amount: 5% * fund}", "amount: min(5% * fund, 300)}", "yaml-comma-unquoted", 13),
        ("on_empty: {to: reserve}", "on_empty: share", "rule-value-unknown", 18),
        ("fund: balance(pool)\n", "", "rule-key-missing", 9),
    ],
)
def test_a_distribution_with_a_fault_says_where(old, new, code, line):
    assert old in DISTRIBUTION
    _, issues = load(DISTRIBUTION.replace(old, new))
    assert codes(issues) == [(code, line)]
