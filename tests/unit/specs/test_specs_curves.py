"""Curves of the full language in rule files: what they are read as, and what each refusal says and where."""

from fractions import Fraction

import pytest

from perf.kernel.rounding import Rounding
from perf.specs.book import load_book
from perf.specs.checks import check_book
from perf.specs.models import BestOf, Efficacy, GradedEfficacy, Percentile, Power, Rank, Standardise
from perf.specs.targets import target_text

F = Fraction


def read(points, *, unit="percent", direction="higher", further=""):
    text = (
        "attributes: {size_class: 规模}\n---\nmeasure: a\ntitle: 甲\nlevel: institution\n---\nmeasure: b\ntitle: 乙\nlevel: institution\n---\n"
        f"indicator: x\ntitle: X\nlevel: institution\nunit: {unit}\ndirection: {direction}\nvalue: a / b\n{further}points: {points}\n"
    )
    return load_book({"r.yaml": text})


def curve(points, **kwargs):
    book, issues = read(points, **kwargs)
    assert issues == (), [issue.render() for issue in issues]
    return book.indicators["x"].versions[0].points


def codes(points, **kwargs):
    book, issues = read(points, **kwargs)
    found = [*issues, *(issue for issue in check_book(book) if issue.is_error)]
    assert all(issue.place.line == 17 + kwargs.get("further", "").count("\n") for issue in found), found
    assert all(issue.hint.zh for issue in found)
    return [issue.code for issue in found]


def test_what_is_not_stated_has_its_usual_value():
    assert curve("{curve: percentile}") == Percentile("percent_rank", None)
    assert curve("{curve: rank, method: share}") == Rank("share")
    assert curve("{curve: standardise, method: z_score}") == Standardise("z_score", F(0), F(100), F(60), F(10))
    found = curve("{curve: efficacy, satisfactory: 95%, unallowed: 60%}")
    assert isinstance(found, Efficacy)
    assert (found.base, found.span, found.outside) == (60, 40, "extend")
    power = curve("{curve: power, origin: 30%, per: 1%, factor: -2, exponent: 1.5}", direction="range")
    assert isinstance(power, Power)
    assert (power.per, power.digits, power.rounding, power.side) == (F("0.01"), "exact", Rounding.DOWN, "both")


def test_everything_that_is_stated_is_read():
    assert curve("{curve: rank, method: places, places: [[1, 100], [4, 80]], ties: mean}") == Rank(
        "places", places=((1, F(100)), (4, F(80))), ties="mean"
    )
    assert curve(
        "{curve: standardise, method: z_score, centre: 70, scale: 5, deviation: sample, low: 10, high: 95, all_equal: 60}"
    ) == Standardise("z_score", F(10), F(95), F(70), F(5), "sample", F(60))
    graded = curve(
        "{curve: efficacy, standards: {by: size_class, rows: {large: [90%, 80%], small: [70%, 50%]}}, coefficients: [1, 0.5]}"
    )
    assert isinstance(graded, GradedEfficacy)
    assert (graded.by, list(graded.standards), graded.coefficients) == ("size_class", ["large", "small"], (1, F(1, 2)))
    best = curve(
        '{curve: best_of, of: [{curve: percentile}, {curve: rank, method: share, title: 升幅, value: "value - value@previous", unit: percentage_points, direction: lower}]}'
    )
    assert isinstance(best, BestOf)
    assert [(part.title.zh, part.unit, part.direction) for part in best.parts] == [
        ("", "", None),
        ("升幅", "percentage_points", "lower"),
    ]


def test_the_way_points_are_rounded_is_read():
    book, _ = read("{curve: percentile}", further="points_rounding: half_even\n")
    assert book.indicators["x"].versions[0].points_rounding is Rounding.HALF_EVEN


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ("{curve: percentile, definition: rank}", "rule-value-unknown"),
        ("{curve: percentile, alone: 120}", "curve-points-range"),
        ("{curve: percentile, ties: mean}", "rule-key-unknown"),
        ("{curve: rank}", "rule-key-missing"),
        ("{curve: rank, method: step}", "rule-key-missing"),
        ("{curve: rank, method: step, each: 0}", "rule-number-range"),
        ("{curve: rank, method: step, each: -5}", "rule-number-range"),
        ("{curve: rank, method: step, each: 5, floor: 90, first: 80}", "rule-number-range"),
        ("{curve: rank, method: step, each: 5, first: 120}", "curve-points-range"),
        ("{curve: rank, method: share, first: 90}", "rule-key-unknown"),
        ("{curve: rank, method: places, places: []}", "curve-too-short"),
        ("{curve: rank, method: places, places: [[2, 100]]}", "rule-number-range"),
        ("{curve: rank, method: places, places: [[1, 100], [1, 90]]}", "curve-order"),
        ("{curve: rank, method: places, places: [[1, 100], [3, 90], [2, 80]]}", "curve-order"),
        ("{curve: rank, method: places, places: [[1, 100], [1.5, 90]]}", "rule-number-range"),
        ("{curve: rank, method: places, places: [[1, 100], [-2, 90]]}", "rule-number-range"),
        ("{curve: rank, method: places, places: [[1, 100], [2, 90, 3]]}", "rule-shape"),
        ("{curve: standardise, method: min_max, low: 100}", "rule-number-range"),
        ("{curve: standardise, method: min_max, centre: 60}", "rule-key-unknown"),
        ("{curve: standardise, method: z_score, scale: 0}", "rule-number-range"),
        ("{curve: standardise, method: z_score, centre: 30, low: 40}", "rule-number-range"),
        ("{curve: standardise, method: ratio_to_best, all_equal: -1}", "curve-points-range"),
        ("{curve: power, origin: 30%, factor: -2, exponent: 1}", "rule-key-missing"),
        ("{curve: power, origin: 30, per: 1%, factor: -2, exponent: 1}", "rule-sign-missing"),
        ("{curve: power, origin: 30%, per: 1%, factor: 0, exponent: 1}", "rule-number-range"),
        ("{curve: power, origin: 30%, per: 0%, factor: 1, exponent: 1}", "rule-number-range"),
        ("{curve: power, origin: 30%, per: 1%, factor: 1, exponent: 0}", "rule-number-range"),
        ("{curve: power, origin: 30%, per: 1%, factor: 1, exponent: -1}", "rule-number-range"),
        ("{curve: power, origin: 30%, per: 1%, factor: 1, exponent: 1.234}", "rule-number-range"),
        ("{curve: power, origin: 30%, per: 1%, factor: 1, exponent: 1, start: 101, side: above}", "curve-points-range"),
        ("{curve: power, origin: 30%, per: 1%, factor: 1, exponent: 1, floor: 60, cap: 50, side: above}", "rule-number-range"),
        ("{curve: efficacy, satisfactory: 95%}", "rule-key-missing"),
        ("{curve: efficacy, satisfactory: 95%, unallowed: 95%}", "curve-flat"),
        ("{curve: efficacy, satisfactory: 95%, unallowed: 60%, span: 0}", "rule-number-range"),
        ("{curve: efficacy, satisfactory: 95%, unallowed: 60%, base: 80}", "curve-points-range"),
        ("{curve: efficacy, standards: [90%, 80%]}", "curve-standards-count"),
        ("{curve: efficacy, standards: [90%, 80%, 80%, 60%, 50%]}", "curve-standards-order"),
        ("{curve: efficacy, standards: [90%, 80%], coefficients: [1, 1]}", "curve-standards-order"),
        ("{curve: efficacy, standards: [90%, 80%], coefficients: [1, -0.2]}", "curve-standards-order"),
        ("{curve: efficacy, standards: [90%, 80%], coefficients: [1.2, 0.5]}", "curve-standards-order"),
        ("{curve: best_of, of: [{curve: percentile}]}", "curve-too-short"),
        ("{curve: best_of}", "rule-key-missing"),
        ("{curve: best_of, of: [{curve: percentile}, {curve: best_of, of: []}]}", "curve-nested"),
        ("{curve: best_of, of: [{curve: percentile}, {curve: rating, values: {A: 100}}]}", "rule-value-unknown"),
    ],
)  # fmt: skip
def test_a_curve_that_cannot_be_read_says_how_and_where(points, code):
    _, issues = read(points)
    assert code in [issue.code for issue in issues]
    assert all(issue.place.line == 17 for issue in issues)
    assert all(issue.place.column > 1 for issue in issues)


@pytest.mark.parametrize(
    ("points", "direction", "expected"),
    [
        ("{curve: percentile}", "range", ["curve-needs-direction"]),
        ("{curve: rank, method: share}", "monitored", ["monitored-with-direction"]),
        ("{curve: rank, method: step, first: 90, each: 5}", "higher", ["curve-not-full"]),
        ("{curve: rank, method: places, places: [[1, 80], [2, 90]]}", "higher", ["curve-against-direction", "curve-not-full"]),
        ("{curve: standardise, method: min_max, high: 90}", "lower", ["curve-not-full"]),
        ("{curve: power, origin: 30%, per: 1%, factor: -2, exponent: 1, start: 100}", "higher", ["curve-against-direction"]),
        ("{curve: power, origin: 30%, per: 1%, factor: -2, exponent: 1, start: 100, side: below}", "higher", []),
        ("{curve: power, origin: 30%, per: 1%, factor: -2, exponent: 1, start: 100, side: above}", "higher", ["curve-against-direction"]),
        ("{curve: power, origin: 30%, per: 1%, factor: -2, exponent: 1, start: 100, side: above}", "lower", []),
        ("{curve: power, origin: 30%, per: 1%, factor: -2, exponent: 1, start: 90}", "range", ["curve-not-full"]),
        ("{curve: power, origin: 30%, per: 1%, factor: 2, exponent: 1, side: above}", "higher", []),
        ("{curve: efficacy, satisfactory: 60%, unallowed: 95%}", "higher", ["curve-against-direction"]),
        ("{curve: efficacy, satisfactory: 60%, unallowed: 95%}", "lower", []),
        ("{curve: efficacy, satisfactory: 95%, unallowed: 60%, span: 30, outside: clip}", "higher", ["curve-not-full"]),
        ("{curve: efficacy, standards: [60%, 80%], coefficients: [1, 0.5]}", "higher", ["curve-against-direction"]),
        ("{curve: efficacy, standards: [60%, 80%], coefficients: [1, 0.5]}", "lower", []),
        ("{curve: efficacy, standards: [80%, 60%], coefficients: [0.9, 0.5]}", "higher", ["curve-not-full"]),
        ("{curve: efficacy, standards: {by: size, rows: {large: [90%, 80%]}}, coefficients: [1, 0.5]}", "higher", ["rule-unknown"]),
        ("{curve: best_of, of: [{curve: steps, at: [[60%, 80]]}, {curve: rank, method: step, first: 90, each: 5}]}", "higher", ["curve-not-full"]),
        ("{curve: best_of, of: [{curve: steps, at: [[60%, 80]]}, {curve: percentile}]}", "higher", []),
        ('{curve: best_of, of: [{curve: percentile}, {curve: linear, value: "value - valu@last_year", through: [[0%, 0], [1%, 100]]}]}', "higher", ["formula-unknown-name"]),
        ('{curve: attainment, target: "value@last_year * 1.1"}', "higher", []),
        ('{curve: efficacy, satisfactory: "p90(peers.value)", unallowed: "p10(peers.value)"}', "higher", []),
        ('{curve: power, origin: "median(peers.value)", per: 1%, factor: -2, exponent: 2, start: 100, side: below}', "higher", []),
    ],
)  # fmt: skip
def test_a_curve_that_can_be_read_but_hardly_meant_is_doubted(points, direction, expected):
    assert codes(points, direction=direction) == expected


@pytest.mark.parametrize(
    ("points", "direction", "expected"),
    [
        ("{curve: efficacy, satisfactory: 95%, unallowed: 60%}", "higher", "≥95%"),
        ("{curve: efficacy, satisfactory: 5%, unallowed: 60%}", "lower", "≤5%"),
        ("{curve: efficacy, standards: [90%, 80%], coefficients: [1, 0.5]}", "higher", "≥90%"),
        ("{curve: power, origin: 30%, per: 1%, factor: -2, exponent: 1, start: 100, side: below}", "higher", "≥30%"),
        ("{curve: power, origin: 30%, per: 1%, factor: -2, exponent: 1, start: 100}", "range", "30%"),
        ("{curve: best_of, of: [{curve: attainment, target: 90%}, {curve: percentile}]}", "higher", "≥90%"),
        ("{curve: percentile}", "higher", ""),
        ('{curve: efficacy, satisfactory: "p90(peers.value)", unallowed: 60%}', "higher", ""),
    ],
)  # fmt: skip
def test_the_target_is_where_full_points_begin(points, direction, expected):
    book, _ = read(points, direction=direction)
    rule = book.indicators["x"]
    assert target_text(rule, rule.versions[0]) == expected


@pytest.mark.parametrize(
    ("points", "direction", "expected"),
    [
        ("{curve: attainment, target: 95%, cap: 0%}", "higher", ["rule-number-range"]),
        ("{curve: attainment, target: 95%, cap: -5%}", "higher", ["rule-number-range"]),
        ("{curve: attainment, target: -5%}", "higher", ["rule-number-range"]),
        ("{curve: attainment, target: 0}", "higher", ["target-zero"]),
        ("{curve: attainment, target: 0, lower_as: complement}", "lower", ["target-zero"]),
        ("{curve: attainment, target: 0, lower_as: ratio}", "lower", []),
        ("{curve: percentile, all_equal: 120}", "higher", ["curve-points-range"]),
    ],
)
def test_targets_and_caps_that_give_nobody_points_are_refused(points, direction, expected):
    assert codes(points, direction=direction) == expected


@pytest.mark.parametrize("name", ["sqrt", "p10", "members", "peers", "score", "balance", "parent", "paid", "f"])
def test_a_named_curve_takes_no_name_that_means_something_else_before_a_bracket(name):
    further = f"curves: {{{name}: {{curve: linear, through: [[0, 1], [10, 2]]}}}}\ntables: {{f: {{a: 1}}}}\n"
    _, issues = read("{curve: percentile}", further=further)
    assert [issue.code for issue in issues] == ["curve-name-taken"]
