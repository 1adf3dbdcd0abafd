"""Two versions of rules: differences by meaning, effects that add up."""

from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.appraisal.appraisal_county import JUNE, MEASURES, RULES, SEGMENTS, county_facts
from tests.unit.appraisal.rule_book_small import RULES as SMALL

from perf.appraisal.month import run_appraisal
from perf.appraisal.rule_effects import compare_month
from perf.appraisal.rule_meaning import ALWAYS, rule_changes, version_changes
from perf.kernel.facts import Facts
from perf.kernel.money import Money
from perf.kernel.subjects import Roster
from perf.specs.book import load_book


def book(text):
    found, issues = load_book({"r.yaml": text})
    assert [issue.render() for issue in issues if issue.is_error] == []
    return found


def told(old, new):
    return [
        (c.code, c.key, None if c.since == ALWAYS else c.since, c.old, c.new)
        for c in rule_changes(book(old), book(new))
    ]


def test_a_book_does_not_differ_from_itself():
    assert told(SMALL, SMALL) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("confidence: C", "confidence: A", [("down_share", "confidence", None, "C", "A")]),
        ("[1.20%, 100]", "[1.30%, 100]", [
            ("down_share", "points.through", date(2025, 4, 1),
             "[[0.40%, 0], [0.85%, 60], [1.20%, 100]]", "[[0.40%, 0], [0.85%, 60], [1.30%, 100]]")
        ]),
        ("value: down / out", "value: (down)/out", []),
        ("value: down / out", "value: out / out", [("down_share", "value", date(2024, 1, 1), "down / out", "out / out")]),
        ("shares: {county: 60, town: 40}", "shares: {county: 50, town: 50}", [
            ("houses", "steps.split.shares.county", None, "60", "50"),
            ("houses", "steps.split.shares.town", None, "40", "50"),
        ]),
        ("from: 2025-01, value: 6%", "from: 2025-01, value: 7%", [
            ("houses", "parameters.keep.from 2025-01-01", None, "6%", "7%")
        ]),
        ("zh: 下转人次", "zh: 下转人数", [("down", "title", None, "下转人次 / Referred down", "下转人数 / Referred down")]),
        ("zh: 乡级", "zh: 乡镇级", [("tier", "values.town", None, "乡级 / Town", "乡镇级 / Town")]),
        ("zh: 结存, en: Saved", "zh: 结余, en: Saved", [("saved", "title", None, "结存 / Saved", "结余 / Saved")]),
    ],
)  # fmt: skip
def test_each_change_is_told_with_its_key_and_its_day(old, new, expected):
    assert old in SMALL
    found = told(SMALL, SMALL.replace(old, new))
    assert found == expected


def test_a_new_version_is_told_from_its_day_against_what_held_before():
    later = SMALL.replace(
        "    points: {curve: linear, through: [[0.40%, 0], [0.85%, 60], [1.20%, 100]]}",
        "    to: 2025-12\n    points: {curve: linear, through: [[0.40%, 0], [0.85%, 60], [1.20%, 100]]}\n"
        "  - from: 2026-01\n    source: {document: 新办法, clause: 第7条}\n    points: {curve: steps, at: [[1%, 100]]}",
    )
    found = told(SMALL, later)
    assert {row[2] for row in found} == {date(2026, 1, 1)}
    assert ("down_share", "points.curve", date(2026, 1, 1), "linear", "steps") in found


def test_a_rule_that_came_or_went_is_one_line():
    without = SMALL.split("---\nindicator: maybe")[0] + "---\nscheme:" + SMALL.split("---\nscheme:", 1)[1]
    assert told(SMALL, without) == [("maybe", "", None, "指标", None)]
    assert told(without, SMALL) == [("maybe", "", None, None, "指标")]


def test_a_step_put_in_front_does_not_shift_the_others():
    more = SMALL.replace("steps:\n  - take:", "steps:\n  - pay: {line: 夜班, amount: 5}\n  - take:")
    keys = {row[1] for row in told(SMALL, more)}
    assert keys
    assert all(key.startswith("steps.pay 夜班") for key in keys)


def test_versions_of_a_rule_are_told_one_after_the_other():
    (first, nothing), (second, changes) = version_changes(book(SMALL).indicators["down_share"])
    assert (first.name, second.name, nothing) == ("2024-01", "2025-04", ())
    assert [key for key, _, _ in changes] == ["points.through"]


ROSTER, FACTS = Roster(SEGMENTS), Facts(county_facts())


@cache
def appraisal(rules):
    return run_appraisal(book(MEASURES + "---\n" + rules), ROSTER, FACTS, JUNE, "")


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 300))
def test_effects_add_up_whatever_changes(full):
    text = RULES.replace("[[0, 0], [300, 100]]", f"[[0, 0], [{full}, 100]]")
    old, new = appraisal(RULES), appraisal(text)
    effect = compare_month("", JUNE, old, new, ROSTER)
    people = effect.people()
    assert Money(sum(c.difference.fen for c in people)) == effect.new_sum - effect.old_sum
    assert effect.persons.up == sum(c.difference.fen > 0 for c in people)
    assert effect.persons.down == sum(c.difference.fen < 0 for c in people)
    assert sum(c.difference.fen for c in effect.pay) == -sum(
        c.difference.fen for c in compare_month("", JUNE, new, old, ROSTER).pay
    )
    back = compare_month("", JUNE, new, old, ROSTER)
    assert (back.totals.up, back.totals.down) == (effect.totals.down, effect.totals.up)
    assert back.grades == {(b, a): n for (a, b), n in effect.grades.items()}


def test_the_same_rules_have_no_effect():
    assert compare_month("", JUNE, appraisal(RULES), appraisal(RULES), ROSTER).is_none
