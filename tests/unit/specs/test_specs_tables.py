"""Breakpoints, and canonical texts."""

from fractions import Fraction

import pytest

from perf.specs.book import load_book
from perf.specs.canonical import canonical_text, content_hash
from perf.specs.tables import breakpoints, step_beside, values_beside
from perf.specs.yaml_reader import read_yaml


def version(points, *, unit="percent", direction="higher", digits="exact"):
    text = f"indicator: x\ntitle: X\nlevel: institution\nunit: {unit}\ndirection: {direction}\ndigits: {digits}\nvalue: a\n"
    book, issues = load_book({"r.yaml": text + (f"points: {points}\n" if points else "")})
    assert issues == ()
    rule = book.indicators["x"]
    return rule, rule.versions[0]


def percents(values):
    return [value * 100 for value in values]


@pytest.mark.parametrize(
    ("points", "direction", "expected"),
    [
        ("{curve: linear, through: [[0.40%, 0], [0.85%, 60], [1.20%, 100]]}", "higher", ["0.4", "0.85", "1.2"]),
        ('{curve: linear, through: [["median(peers.value)", 0], [90%, 100]]}', "higher", ["90"]),
        ("{curve: steps, at: [[70%, 60], [90%, 100]]}", "higher", ["70", "90"]),
        ("{curve: range, best: [60%, 85%], zero: [30%, none]}", "range", ["30", "60", "85"]),
        ("{curve: attainment, target: 50%, floor: 60%, cap: 120%}", "higher", ["30", "50", "60"]),
        ("{curve: attainment, target: 48%, floor: 60%, cap: 120%}", "lower", ["40", "48", "80"]),
        ("{curve: attainment, target: 50%, floor: 60%, cap: 120%, lower_as: complement}", "lower", ["40", "50", "70"]),
        ("{curve: deduct, each: 20, per: 1%}", "lower", ["0", "1", "5"]),
        ("{curve: award, each: 2, per: 1%, cap: 5}", "higher", ["0", "1", "2.5"]),
        ("{curve: attainment, target: 50%}", "higher", ["0", "50"]),
        ("{curve: attainment, target: 50%, lower_as: complement}", "lower", ["50", "100"]),
        ("{curve: attainment, target: 50%}", "lower", ["50"]),
        ("{curve: deduct, each: 30, per: 1%, counted: started}", "lower", ["0", "1", "2", "3"]),
        ("{curve: deduct, each: 30, per: 1%, counted: completed}", "lower", ["0", "1", "2", "3", "4"]),
        ("{curve: award, each: 2, per: 1%, cap: 5, counted: started}", "higher", ["0", "1", "2"]),
        ("{curve: award, each: 2, per: 1%, cap: 5, counted: completed}", "higher", ["0", "1", "2", "3"]),
        ("{curve: deduct, each: 1, per: 1%, counted: completed}", "lower", ["0", "1", "2", "98", "99", "100"]),
        ("{curve: deduct, each: 1, per: 1%, counted: started}", "lower", ["0", "1", "2", "97", "98", "99"]),
        ("{curve: entered, full: 100%}", "higher", ["0", "100"]),
        ("{curve: rating, values: {A: 100}}", "higher", []),
    ],
)
def test_every_curve_tells_where_it_turns(points, direction, expected):
    rule, dated = version(points, direction=direction)
    assert dated.points is not None
    assert percents(breakpoints(dated.points, direction=rule.direction)) == [Fraction(text) for text in expected]


def test_values_beside_a_threshold_are_one_declared_step_away():
    rule, dated = version("{curve: steps, at: [[70, 60]]}", unit="days", digits="2")
    assert values_beside(rule, dated) == (Fraction("69.99"), 70, Fraction("70.01"))


def test_an_exact_percentage_steps_by_a_hundredth_of_a_percent_and_a_count_by_one():
    assert step_beside("exact", "percent") == Fraction(1, 10_000)
    assert step_beside("exact", "items") == 1
    assert step_beside("exact", "number") == Fraction(1, 100)
    rule, dated = version("{curve: deduct, each: 50}", unit="items", direction="lower")
    assert values_beside(rule, dated) == (0, 1, 2, 3)


def test_what_is_only_shown_has_no_table():
    rule, dated = version("", direction="monitored")
    assert values_beside(rule, dated) == ()


def hashed(text):
    documents, issues = read_yaml("f", text)
    assert issues == ()
    return content_hash(canonical_text(documents))


def test_comments_quotes_and_layout_do_not_change_the_hash_and_every_word_does():
    block = "indicator: x   # note\ntitle:\n    zh: 名称\npoints:\n  - [0.40%, 0]\n"
    flow = "{indicator: \"x\", title: {zh: '名称'}, points: [[0.40%, 0]]}"
    assert hashed(block) == hashed(flow)
    for other in (block.replace("0.40", "0.4"), block.replace("名称", "名 称"), block.replace("indicator", "scheme")):
        assert hashed(other) != hashed(block)


def test_the_canonical_text_is_readable():
    documents, _ = read_yaml("f", "a: {b: [x, 'y: z'], c: {}, d: []}")
    assert canonical_text(documents) == '---\na:\n  b:\n    - x\n    - "y: z"\n  c: {}\n  d: []\n'
