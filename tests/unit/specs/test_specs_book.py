"""Rule files → models, and every fault with its line."""

from datetime import date
from fractions import Fraction

import pytest

from perf.formulas import constant
from perf.kernel.periods import parse_period
from perf.specs.book import load_book
from perf.specs.models import (
    Apportion,
    Attainment,
    Award,
    Deduct,
    Entered,
    Gate,
    Hold,
    Linear,
    Pay,
    Range,
    RatingCurve,
    Remainder,
    Split,
    Steps,
    Take,
)

MEASURE = """
measure: discharges
title: {zh: 出院人次, en: Discharges}
unit: person-times
level: institution
supplied_by: 病案室
"""

INDICATOR = """
indicator: referred_down_share
title: {zh: 下转患者占比}
level: institution
unit: percent
direction: higher
confidence: A
value: referred_down / discharges
versions:
  - from: 2025-01
    source: {document: 文件, clause: 第7项}
    points: {curve: linear, through: [[0.40%, 0], [0.85%, 60], [1.20%, 100]]}
no_value: {denominator_zero: not_applicable, missing: block}
"""


def load(text, name="r.yaml"):
    book, issues = load_book({name: text.lstrip("\n")})
    return book, issues


def codes(issues):
    return [(i.code, i.place.line) for i in issues]


def indicator(points, *, unit="percent", direction="higher", more=""):
    head = f"indicator: x\ntitle: X\nlevel: institution\nunit: {unit}\ndirection: {direction}\nvalue: a / b\n"
    return load(f"{head}points: {points}\n{more}")


def test_the_sample_of_the_rules_language_is_read():
    book, issues = load(INDICATOR)
    assert issues == ()
    rule = book.indicators["referred_down_share"]
    version = rule.version(parse_period("2025-03"))
    assert version is not None
    assert rule.version(parse_period("2024-12")) is None
    assert isinstance(version.points, Linear)
    assert [(constant(x), y) for x, y in version.points.through] == [
        (Fraction(40, 10000), 0),
        (Fraction(85, 10000), 60),
        (Fraction(120, 10000), 100),
    ]
    assert (version.no_value.missing, version.no_value.denominator_zero) == ("block", "not_applicable")
    assert (version.digits, version.points_digits) == ("exact", 2)
    assert version.dated.source is not None
    assert version.dated.source.clause == "第7项"


def test_three_faults_in_one_file_are_three_issues_with_their_lines():
    text = (
        INDICATOR.replace("direction: higher", "direction: hihger")
        .replace("0.85%, 60", "0.85, 60")
        .replace("no_value: {", "novalue: {")
    )
    _, issues = load(text)
    assert codes(issues) == [("rule-value-unknown", 5), ("rule-sign-missing", 11), ("rule-key-unknown", 12)]
    assert "higher" in issues[0].hint.zh
    assert "0.85%" in issues[1].expected.zh
    assert "no_value" in issues[2].hint.zh


def test_faults_of_several_files_are_reported_together():
    _, issues = load_book({"b.yaml": "measure: X\n", "a.yaml": "indicator: [", "c.cases.yaml": "nonsense: ["})
    assert {i.place.file for i in issues} == {"a.yaml", "b.yaml"}


def test_a_document_that_is_no_rule_is_named():
    _, issues = load("indicater: x\n---\n- 1\n---\njust text\n")
    assert codes(issues) == [("rule-kind-unknown", 1), ("rule-shape", 3), ("rule-shape", 5)]
    assert "indicator" in issues[0].hint.zh


def test_an_empty_file_is_a_warning():
    _, issues = load("# nothing\n")
    assert [(i.code, i.severity) for i in issues] == [("file-empty", "warning")]


def test_one_code_twice_names_both_places():
    _, issues = load_book({"a.yaml": MEASURE.lstrip(), "b.yaml": MEASURE})
    assert codes(issues) == [("rule-code-duplicate", 2)]
    assert "a.yaml:1:10" in issues[0].found.zh


def test_an_indicator_may_be_called_like_its_measure():
    book, issues = load(
        "measure: complaints\ntitle: 投诉\nlevel: institution\n---\nindicator: complaints\ntitle: 投诉\nlevel: institution\ndirection: lower\nvalue: complaints\n"
    )
    assert issues == ()
    assert "complaints" in book.measures
    assert "complaints" in book.indicators


@pytest.mark.parametrize("code", ["出院", "Discharges", "1st", "a-b", "a b"])
def test_codes_are_lower_case_latin(code):
    _, issues = load(f"measure: {code}\ntitle: 出院\nlevel: institution\n")
    assert codes(issues) == [("rule-code-invalid", 1)]


def test_a_rule_that_could_not_be_built_is_known_as_broken():
    book, issues = load(INDICATOR.replace("value: referred_down / discharges", "value: referred_down / / discharges"))
    assert len(issues) == 1
    assert issues[0].place.line == 7
    assert book.broken == {"referred_down_share"}
    assert not book.indicators


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


@pytest.mark.parametrize(
    ("points", "kind"),
    [
        ("{curve: linear, through: [[1%, 0], [2%, 100]], outside: extend}", Linear),
        ("{curve: steps, at: [[70%, 60], [90%, 100]], lower_bound: excluded, below: 10}", Steps),
        ("{curve: range, best: [85%, 93%], zero: [60%, none]}", Range),
        ("{curve: attainment, target: 95%, floor: 60%, cap: 120%}", Attainment),
        ("{curve: deduct, each: 2, per: 1%}", Deduct),
        ("{curve: award, each: 1, per: 1%, cap: 5, counted: completed}", Award),
        ("{curve: rating, values: {A: 100, B: 50}}", RatingCurve),
        ("{curve: entered, full: 100%}", Entered),
    ],
)
def test_every_curve_is_read(points, kind):
    book, issues = indicator(points)
    assert issues == ()
    assert isinstance(book.indicators["x"].versions[0].points, kind)


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ("{curve: linear, through: [[2%, 0], [1%, 100]]}", "curve-order"),
        ("{curve: steps, at: [[1%, 0], [1%, 100]]}", "curve-order"),
        ("{curve: linear, through: [[1%, 0]]}", "curve-too-short"),
        ("{curve: linear, through: []}", "curve-too-short"),
        ("{curve: linear}", "rule-key-missing"),
        ("{curve: linear, through: [[1%, 0, 3], [2%, 100]]}", "rule-shape"),
        ("{curve: linear, through: [[1%, 0], [2%, 120]]}", "curve-points-range"),
        ("{curve: steps, at: [[1%, 100]], below: -1}", "curve-points-range"),
        ("{curve: linaer, through: [[1%, 0], [2%, 100]]}", "rule-value-unknown"),
        ("{curve: range, best: [93%, 85%]}", "range-order"),
        ("{curve: range, best: [85%]}", "rule-shape"),
        ("{curve: attainment, target: 95}", "rule-sign-missing"),
        ("{curve: attainment, target: 95‰}", "rule-sign-wrong"),
        ("{curve: attainment, target: 95%, floor: 110%}", "rule-number-range"),
        ("{curve: deduct, each: 2}", "rule-key-missing"),
        ("{curve: deduct, each: 0, per: 1%}", "rule-number-range"),
        ("{curve: deduct, each: 两分, per: 1%}", "rule-number-invalid"),
        ("{curve: award, each: 1, per: 1%}", "rule-key-missing"),
        ("{curve: rating, values: {A: 101}}", "curve-points-range"),
        ("{curve: entered, full: 1e2}", "rule-number-invalid"),
    ],
)
def test_a_curve_that_is_wrong_says_how(points, code):
    _, issues = indicator(points)
    assert [i.code for i in issues] == [code]
    assert issues[0].place.line == 7


@pytest.mark.parametrize(
    ("unit", "written", "value"),
    [
        ("percent", "85%", Fraction(85, 100)),
        ("percent", "85％", Fraction(85, 100)),
        ("percent", "0", 0),
        ("permille", "3‰", Fraction(3, 1000)),
        ("per_10k", "5/万", Fraction(5, 10000)),
        ("wan_yuan", "120万元", 1_200_000),
        ("wan_yuan", "500元", 500),
        ("yuan", "1200", 1200),
        ("yuan", "0.5万元", 5000),
        ("number", "12.5", Fraction(25, 2)),
        ("ratio", "85%", Fraction(85, 100)),
    ],
)
def test_a_threshold_carries_the_sign_of_its_unit(unit, written, value):
    book, issues = indicator(f"{{curve: attainment, target: {written}}}", unit=unit)
    assert issues == ()
    curve = book.indicators["x"].versions[0].points
    assert isinstance(curve, Attainment)
    assert constant(curve.target) == value


@pytest.mark.parametrize(
    ("unit", "written", "code"),
    [
        ("percent", "85", "rule-sign-missing"),
        ("permille", "3", "rule-sign-missing"),
        ("per_10k", "5", "rule-sign-missing"),
        ("wan_yuan", "120", "rule-sign-missing"),
        ("percent", "3‰", "rule-sign-wrong"),
        ("yuan", "5%", "rule-sign-wrong"),
        ("days", "5%", "rule-sign-wrong"),
    ],
)
def test_a_bare_number_or_another_sign_is_an_error(unit, written, code):
    _, issues = indicator(f"{{curve: attainment, target: {written}}}", unit=unit)
    assert [i.code for i in issues] == [code]


def test_a_threshold_may_be_a_formula():
    book, issues = indicator('{curve: linear, through: [["median(peers.value) * 90%", 60], [goal, 100]]}')
    assert issues == ()
    assert book.indicators["x"].versions[0].points is not None


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


def test_a_key_without_content_is_named():
    _, issues = load("indicator: x\ntitle: X\nlevel: institution\ndirection: higher\nvalue:\n")
    assert codes(issues) == [("rule-value-blank", 5)]


def test_confidence_d_is_off_unless_switched_on():
    off, _ = indicator("{curve: entered, full: 100%}", more="confidence: D\n")
    on, _ = indicator("{curve: entered, full: 100%}", more="confidence: D\nenabled: true\n")
    assert (off.indicators["x"].enabled, on.indicators["x"].enabled) == (False, True)


SCHEME = """
scheme: township_monthly
title: {zh: 乡镇卫生院月度考核}
of: {level: institution, kind: [township_hospital, community_centre]}
period: month
versions:
  - from: 2025-01
    source: {document: 文件, clause: 附件2}
    dimensions:
      service:
        weight: 40
        at_least: 2
        indicators:
          visits_growth: {out_of: 10}
          signed_rate: {out_of: 30, weight: 60}
      quality: {weight: 60, indicators: {bp_controlled: {weight: 50}}}
    extra: [{indicator: new_technique, cap: 5}]
    veto: [{when: major_accident > 0, effect: {grade_at_most: 不合格}}, {when: fraud > 0, effect: zero_total}]
    total: {digits: 2, min: 0, max: 105}
    peers: {within: consortium, by: kind}
    rank: {of: total, ties: competition}
    grades: [[不合格, 0], [优秀, 90], [良好, 80], [合格, 60]]
    quota: {优秀: {at_most: 15%, of: peers, rounding: down, ties: all_out, falls_to: 良好}}
    coefficient: {curve: steps, at: [[0, 0.8], [60, 1.0], [70, 1.2], [85, 1.5]], lower_bound: included}
    outcomes: [{when: total < 65, say: 限期整改}]
"""


def test_a_scheme_is_on_unless_it_says_no():
    on, _ = load(SCHEME)
    off, _ = load(SCHEME.replace("period: month", "period: month\nenabled: no"))
    assert [book.schemes["township_monthly"].enabled for book in (on, off)] == [True, False]


def test_a_scheme_with_everything_is_read():
    book, issues = load(SCHEME)
    assert issues == ()
    version = book.schemes["township_monthly"].versions[0]
    service, quality = version.dimensions
    assert [(i.indicator, i.out_of, i.weight, i.by_out_of) for i in service.items] == [
        ("visits_growth", 10, 10, True),
        ("signed_rate", 30, 60, True),
    ]
    assert [(i.out_of, i.weight, i.by_out_of) for i in quality.items] == [(100, 50, False)]
    assert (service.scale, quality.scale) == (40, 100)
    assert version.grades[0] == ("优秀", 90)
    assert (version.veto[0].effect, version.veto[0].grade, version.veto[1].effect) == (
        "grade_at_most",
        "不合格",
        "zero_total",
    )
    assert version.extra[0].out_of == 5
    assert (version.total.maximum, version.coefficient_digits) == (105, 4)
    assert isinstance(version.coefficient, Steps)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("signed_rate: {out_of: 30, weight: 60}", "signed_rate: {}", "rule-key-missing", 14),
        ("effect: zero_total", "effect: zero", "rule-value-unknown", 17),
        ("effect: zero_total", "effect: grade_at_most", "rule-shape", 17),
        ("[优秀, 90]", "[优秀, 80]", "grades-order", 21),
        ("max: 105", "max: -1", "rule-number-range", 18),
        ("at_least: 2", "at_least: two", "rule-number-invalid", 11),
        ("period: month", "period: monthly", "rule-value-unknown", 4),
        ("of: {level: institution, kind: [township_hospital, community_centre]}", "of: institution", "rule-shape", 3),
        ("total < 65", "total <", "formula-syntax", 24),
    ],
)
def test_a_scheme_with_a_fault_says_where(old, new, code, line):
    assert old in SCHEME
    _, issues = load(SCHEME.replace(old, new))
    assert codes(issues) == [(code, line)]


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
        ("- hold:", "- ladder:", "rule-key-planned", 22),
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


def test_lists_accounts_and_attributes_are_read():
    book, issues = load(
        """
list: services
title: 服务项目
items:
  s001: {title: 静脉输液, price: 12.5, points: [{from: 2024, value: 2}, {from: 2025, value: 3}]}
---
accounts: {pool: {of: institution, kind: fund, title: 绩效池}, reserve: {of: institution, kind: reserve}}
---
attributes: {post_coefficient: 岗位系数, fte: {zh: 折算人数, en: FTE}}
"""
    )
    assert issues == ()
    assert [v.value for v in book.lists["services"].items["s001"].attributes["points"]] == [2, 3]
    assert (book.accounts["pool"].kind, book.accounts["reserve"].title.zh) == ("fund", "reserve")
    assert book.attributes["fte"].en == "FTE"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("unit: people", "rule-value-unknown"),
        ("digits: 2.5", "rule-value-unknown"),
        ("range: {min: 10, max: 5}", "rule-number-range"),
        ("range: {least: 0}", "rule-key-unknown"),
        ("partial: perhaps", "rule-value-unknown"),
        ("revenue: drugs", "rule-value-unknown"),
        ("title: {zh: 又一个}", "yaml-duplicate-key"),
    ],
)
def test_a_measure_with_a_fault_says_so(line, code):
    _, issues = load(f"measure: m\ntitle: 数\nlevel: institution\n{line}\n")
    assert [i.code for i in issues] == [code]


def test_the_order_of_the_files_does_not_matter():
    files = {"b.yaml": MEASURE, "a.yaml": INDICATOR, "c.yaml": "measure: x"}
    one, two = load_book(files), load_book(dict(reversed(files.items())))
    assert one[0].texts == two[0].texts
    assert one[1] == two[1]


def test_values_of_attributes_parameters_tables_and_let_names_have_titles():
    book, issues = load(
        """
attributes:
  pay_group: {title: 分配系列, values: {office: 行政后勤系列, physician: {zh: 医师系列, en: Physicians}}}
  fte: 折算人数
---
distribution: pay
title: 绩效
period: month
per: institution
among: staff
parameters: {rate: {title: 夜班标准, values: [{from: 2024-01, value: 80}]}, plain: 5%}
tables: {base: {title: 基数, rows: {院长: 6000}}, other: {院长: 1}}
let: {kept: {title: 留存, value: plain * 100}, left: 100}
fund: 1000 - kept
steps:
  - apportion: {by: fte}
"""
    )
    assert issues == ()
    assert (book.attributes["pay_group"].zh, book.attributes["fte"].zh) == ("分配系列", "折算人数")
    assert book.value_title("pay_group", "physician").en == "Physicians"
    assert book.value_title("pay_group", "office").zh == "行政后勤系列"
    assert book.value_title("pay_group", "unknown").zh == "unknown"
    version = book.distributions["pay"].versions[0]
    assert {name: title.zh for name, title in version.titles.items()} == {
        "rate": "夜班标准",
        "base": "基数",
        "kept": "留存",
    }
    assert version.parameters["rate"][0].value == 80
    assert dict(version.tables["base"]) == {"院长": 6000}
    assert version.let["kept"].text == "plain * 100"
