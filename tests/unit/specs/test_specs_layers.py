"""Layers: what a county changes in rules that others wrote."""

from dataclasses import replace
from fractions import Fraction

import pytest

from perf.appraisal.cases import run_cases
from perf.appraisal.figure_text import origin_text
from perf.appraisal.rule_text import rule_lines
from perf.formulas import constant
from perf.kernel.periods import parse_period
from perf.specs.book import load_book, load_tried, wants_library
from perf.specs.canonical import content_hash
from perf.specs.cases import load_cases
from perf.specs.checks import check_book
from perf.specs.layers import TRIAL_FILE

RULES = """measure: visits
title: 诊疗人次
level: institution
supplied_by: 医务科
---
measure: staff_days
title: 人天
level: institution
supplied_by: 人事科
---
indicator: x
title: X
level: institution
unit: number
direction: higher
value: visits / staff_days
parameters: {share: 95%}
versions:
  - {from: 2024-01, to: 2024-12, source: 旧文件, points: {curve: linear, through: [[0, 0], [10, 100]]}}
  - {from: 2025-01, source: 新文件, points: {curve: linear, through: [[0, 0], [20, 100]]}}
---
indicator: y
title: Y
level: institution
direction: higher
source: 文件
value: visits
points: {curve: attainment, target: 1200}
---
scheme: s
title: S
of: {level: institution}
period: month
from: 2024-01
source: 文件
dimensions:
  service: {weight: 40, indicators: {x: {out_of: 100}}}
  quality: {weight: 60, indicators: {y: {out_of: 100}}}
grades: [[合格, 60], [不合格, 0]]
"""
MARCH, JULY, LAST = parse_period("2025-03"), parse_period("2025-07"), parse_period("2024-03")


def layered(settings, head="from: 2025-07\n", code="ours", source="source: {document: 本县文件, clause: 第3条}\n"):
    lines = "".join(f"  {line}\n" for line in settings)
    return f"layer: {code}\n{head}{source}set:\n{lines}"


def load(*layers, rules=RULES):
    return load_book({"rules.yaml": rules, **{f"layer{n}.yaml": text for n, text in enumerate(layers)}})


def sound(*layers, rules=RULES):
    book, issues = load(*layers, rules=rules)
    assert [i.render("en") for i in (*issues, *check_book(book)) if i.is_error] == []
    return book


def codes(*layers, rules=RULES):
    return [issue.code for issue in load(*layers, rules=rules)[1]]


def through(book, period, code="x"):
    return [(constant(x), y) for x, y in book.indicators[code].version(period).points.through]


def test_a_dated_layer_makes_a_version_from_its_day_on_and_leaves_the_days_before():
    book = sound(layered(["x.points.through: [[0, 0], [40, 100]]"]))
    assert through(book, LAST) == [(0, 0), (10, 100)]
    assert through(book, MARCH) == [(0, 0), (20, 100)]
    assert through(book, JULY) == [(0, 0), (40, 100)]
    assert [v.dated.name for v in book.indicators["x"].versions] == ["2024-01", "2025-01", "2025-07"]


def test_a_changed_version_carries_the_source_and_the_place_of_its_layer_and_what_it_replaced():
    book = sound(layered(["x.points.through: [[0, 0], [40, 100]]"]))
    version = book.indicators["x"].version(JULY)
    change = version.dated.changes[0]
    assert (version.dated.source.document, version.dated.source.clause) == ("本县文件", "第3条")
    assert (change.layer, change.path, str(change.place), change.was) == (
        "ours",
        "points.through",
        "layer0.yaml:5:3",
        "[[0, 0], [20, 100]]",
    )
    assert origin_text(change).zh == ";来源:本县 ours 第 5 行 points.through(原值 [[0, 0], [20, 100]])"
    assert book.indicators["x"].ref(version)[:4] == ("x", "2025-07", "本县文件", "第3条")
    assert book.indicators["x"].version(MARCH).dated.changes == ()
    assert "    来源:本县 ours layer0.yaml:5:3 points.through(原值 [[0, 0], [20, 100]])" in list(
        rule_lines(book, book.indicators["x"])
    )


def test_an_end_gives_the_rule_back_and_a_later_version_is_changed_while_the_layer_holds():
    book = sound(layered(["x.points.through: [[0, 0], [40, 100]]"], head="from: 2024-07\nto: 2025-03\n"))
    found = [(v.dated.name, through(book, parse_period(v.dated.name))[1][0]) for v in book.indicators["x"].versions]
    assert found == [("2024-01", 10), ("2024-07", 40), ("2025-01", 40), ("2025-04", 20)]


def test_target_weight_switch_formula_parameter_and_curve_are_changed_by_their_path():
    book = sound(
        layered(
            [
                "y.points.target: 1500",
                "y.value: visits + 0",
                "x.parameters.share: 96%",
                "x.enabled: no",
                "s.dimensions.service.weight: 45",
                "s.dimensions.quality.weight: 55",
                "s.enabled: no",
            ]
        )
    )
    y, x, s = book.indicators["y"], book.indicators["x"], book.schemes["s"]
    assert constant(y.version(JULY).points.target) == 1500
    assert y.version(JULY).value.text == "visits + 0"
    assert x.version(JULY).parameters["share"][0].value == Fraction(96, 100)
    assert (x.is_on(x.version(MARCH)), x.is_on(x.version(JULY))) == (True, False)
    assert [d.weight for d in s.version(JULY).dimensions] == [45, 55]
    assert (s.is_on(s.version(MARCH)), s.is_on(s.version(JULY))) == (True, False)


def test_a_rule_without_dates_gets_an_open_start_before_the_layer():
    versions = sound(layered(["y.points.target: 1500"])).indicators["y"].versions
    assert [(v.dated.first_day is None, v.dated.last_day is None) for v in versions] == [(True, False), (False, True)]


def test_the_later_layer_wins_whatever_the_names_of_the_files():
    late = layered(["y.points.target: 1600"], head="from: 2025-09\n", code="late")
    early = layered(["y.points.target: 1500"], head="from: 2025-02\n", code="early")
    for order in ((late, early), (early, late)):
        y = sound(*order).indicators["y"]
        assert [constant(v.points.target) for v in y.versions] == [1200, 1500, 1600]
        assert [c.was for c in y.versions[-1].dated.changes] == ["1200", "1500"]


def test_an_undated_layer_changes_every_version_and_keys_without_versions():
    lines = ["x.title: 新名称", "x.points_digits: 1", "visits.supplied_by: 病案室"]
    book = sound(layered(lines, head=""))
    assert book.indicators["x"].title.zh == "新名称"
    assert {v.points_digits for v in book.indicators["x"].versions} == {1}
    assert book.measures["visits"].supplied_by == "病案室"
    assert any("原值 医务科" in line for line in rule_lines(book, book.measures["visits"]))


def test_a_key_that_was_not_written_may_be_added_but_not_one_that_looks_misspelt():
    book = sound(layered(["x.no_value: zero", "s.dimensions.quality.at_least: 1"]))
    assert book.indicators["x"].version(JULY).no_value.missing == "zero"
    assert codes(layered(["x.parameters.shar: 96%"])) == ["layer-path-unknown"]
    assert codes(layered(["x.direction_of_wind: 96%"])) == ["rule-key-unknown"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("z.value: visits", "layer-code-unknown"),
        ("x: {}", "layer-path-unknown"),
        ("x.points.trough: []", "layer-path-unknown"),
        ("x.title.zh.x: 1", "layer-key-undated"),
        ("x.value.y: 1", "layer-path-unknown"),
        ("x.points.through.1: [10, 100]", "layer-path-list"),
        ("x.versions: []", "layer-key-fixed"),
        ("x.versions.0.points: 1", "layer-key-fixed"),
        ("x.from: 2020", "layer-key-fixed"),
        ("x.indicator: w", "layer-key-fixed"),
        ("x.level: person", "layer-key-fixed"),
        ("s.of.level: person", "layer-key-fixed"),
        ("s.of: {level: person}", "layer-key-fixed"),
        ("visits.unit: percent", "layer-key-fixed"),
    ],
)
def test_what_a_layer_may_not_do_is_said_at_its_line(line, code):
    found = load(layered([line]))[1]
    assert [(i.code, str(i.place)) for i in found] == [(code, "layer0.yaml:5:3")]


def test_every_problem_of_every_layer_is_told_at_once():
    one = layered(["z.value: 1", "x.level: person", "y.points.target: 1300"])
    two = layered(["y.points.target: 1400", "x.points.trough: 1"], code="two")
    assert sorted(codes(one, two)) == [
        "layer-code-unknown",
        "layer-key-fixed",
        "layer-overlap",
        "layer-path-unknown",
    ]


def test_weights_that_no_longer_add_up_are_told_where_the_layer_says_so():
    book, issues = load(layered(["s.dimensions.service.weight: 45"]))
    assert issues == ()
    found = [i for i in check_book(book) if i.code == "weights-not-100"]
    assert [str(i.place) for i in found] == ["layer0.yaml:5:3"]


def test_a_value_that_is_wrong_is_told_at_the_line_of_the_layer():
    found = load(layered(["x.points.through: [[0, 0], [x, 100], [5, 200]]"]))[1]
    assert {i.place.file for i in found} == {"layer0.yaml"}


def test_a_layer_over_days_without_a_version_names_the_days_there_are():
    found = load(layered(["x.points_digits: 1"], head="from: 2023-01\n"))[1]
    assert [i.code for i in found] == ["layer-without-version"]
    assert "2024-01-01 — 2024-12-31、2025-01-01 — …" in found[0].expected.zh


def test_a_layer_without_source_or_with_an_unreadable_day_changes_nothing_and_says_why():
    assert codes(layered(["x.points_digits: 1"], source="")) == ["rule-key-missing"]
    assert codes(layered(["x.points_digits: 1"], head="from: gestern\n")) == ["rule-date-invalid"]


def test_a_rule_whose_versions_are_not_legible_is_told_once():
    broken = RULES.replace("versions:\n", "versions: no\nz:\n")
    assert "layer-without-version" not in codes(layered(["x.points_digits: 1"]), rules=broken)


def test_the_texts_of_a_book_make_the_same_book_again():
    book = sound(layered(["x.points.through: [[0, 0], [40, 100]]", "s.grades: [[合格, 70], [不合格, 0]]"]))
    again, issues = load_book(book.texts)
    assert issues == ()
    assert {n: content_hash(t) for n, t in again.texts.items()} == {n: content_hash(t) for n, t in book.texts.items()}
    assert through(again, JULY) == through(book, JULY)
    assert again.schemes["s"].version(JULY).grades == book.schemes["s"].version(JULY).grades


CASES = """- case: 5 of 1
  of: x
  period: 2025-07
  given: {visits: 5, staff_days: 1}
  expect: {points: %s}
"""


def test_cases_of_a_rule_hold_before_the_layer_and_cases_beside_the_layer_after_it():
    files = {
        "rules.yaml": RULES,
        "rules.cases.yaml": CASES % 25,
        "ours.yaml": layered(["x.points.through: [[0, 0], [40, 100]]"]),
        "ours.cases.yaml": CASES % "12.5",
    }
    book, _ = load_book(files)
    cases, issues = load_cases(files, book)
    assert issues == ()
    assert [(r.place.file, r.differences) for r in run_cases(book, cases)] == [
        ("ours.cases.yaml", ()),
        ("rules.cases.yaml", ()),
    ]


def test_only_a_layer_can_ask_for_the_library():
    assert wants_library({"a.yaml": "layer: x\nover: library\n"})
    assert wants_library({"a.yaml": "measure: y\n---\n{layer: x, over: library}\n"})
    assert not wants_library({"a.yaml": "layer: x\n# over: library\n", "b.yaml": "measure: layer\nover: library\n"})
    assert not wants_library({"a.cases.yaml": "layer: x\nover: library\n", "b.yaml": "layer: [over: library"})


MONEY = """
---
measure: drug_income
title: 药品收入
unit: yuan
level: institution
revenue: drug
supplied_by: 财务科
---
distribution: pay
title: 发放
period: month
per: institution
from: 2024-01
source: 文件
let: {pool: {title: 资金, value: staff_days}}
fund: pool
steps:
  - apportion: {by: 1}
"""


@pytest.mark.parametrize("line", ["pay.let.pool.value: 5% * drug_income", "pay.fund: pool + drug_income"])
def test_pay_that_a_layer_hangs_on_banned_revenue_is_told_at_the_layer(line):
    book, issues = load(layered([line]), rules=RULES + MONEY)
    assert issues == ()
    found = [i for i in check_book(book) if i.code == "pay-on-banned-revenue"]
    assert [i.place.file for i in found] == ["layer0.yaml"]


def test_pay_that_a_layer_hangs_on_banned_revenue_through_an_indicator_is_told():
    uses = MONEY.replace("period: month\nper", "uses: {score: [s]}\nperiod: month\nper").replace("by: 1", "by: score")
    book, _ = load(layered(["y.value: drug_income / 1"]), rules=RULES + uses)
    assert "pay-on-banned-revenue" in {i.code for i in check_book(book)}


def test_versions_without_an_end_are_cut_where_the_next_one_begins():
    rules = RULES.replace("{from: 2024-01, to: 2024-12, source: 旧文件", "{from: 2024-01, source: 旧文件")
    book = sound(layered(["x.points.through: [[0, 0], [40, 100]]"], head="from: 2024-07\nto: 2025-06\n"), rules=rules)
    tops = {when: through(book, parse_period(when))[-1][0] for when in ("2024-06", "2024-07", "2025-06", "2025-07")}
    assert tops == {"2024-06": 10, "2024-07": 40, "2025-06": 40, "2025-07": 20}


def test_a_slip_of_the_pen_in_a_rule_without_versions_is_told_with_the_keys_there_are():
    _, (issue,) = load(layered(["visits.title.cn: 就诊人次"], head=""))
    assert issue.code == "layer-path-unknown"
    assert "visits.title" in f"{issue.expected.zh}{issue.found.zh}{issue.hint.zh}"
    _, (issue,) = load(layered(["visits.supplied_bi: 质控科"], head=""))
    assert (issue.code, "supplied_by" in issue.hint.zh) == ("layer-path-unknown", True)


@pytest.mark.parametrize("standing", [{}, {"layer.yaml": layered(["x.points.through: [[0, 0], [40, 100]]"])}])
@pytest.mark.parametrize("line", ["x.points.through: [[0, 0], [8, 100]]", "y.points.target: 90", "s.grades: [[好, 0]]"])
def test_rules_and_what_is_tried_over_them_are_read_together_as_each_would_be_alone(line, standing):
    files, trial = {"rules.yaml": RULES, **standing}, layered([line], head="", code="what_if")
    before, after, issues = load_tried(files, trial)
    alone, alone_issues = load_book({**files, TRIAL_FILE: trial})
    assert (after, issues) == (alone, alone_issues)
    assert before == replace(load_book(files)[0], base=None, changes={})
    code = line.partition(".")[0]
    untouched = [one for kind in ("indicators", "schemes") for one in getattr(before, kind).items() if one[0] != code]
    kept = {**after.indicators, **after.schemes}
    assert all(kept[other] is rule for other, rule in untouched if other != "x" or not standing)


def test_a_mistake_in_what_is_tried_is_told_and_leaves_the_rules_before_alone():
    before, _, issues = load_tried({"rules.yaml": RULES}, layered(["z.points.target: 1"], head="", code="what_if"))
    assert [issue.code for issue in issues] == ["layer-code-unknown"]
    assert before == load_book({"rules.yaml": RULES})[0]
