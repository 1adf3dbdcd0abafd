"""Rule texts that go wrong in rare places: each is told where it stands, and nothing else is said about it."""

import pytest
from rule_texts import codes, indicator, load
from sound_book import check
from sound_book import codes as said

from perf.kernel.issues import Place
from perf.specs.book import load_book
from perf.specs.canonical import canonical_text
from perf.specs.cases import load_cases
from perf.specs.models import BestOf
from perf.specs.order import schemes_needed
from perf.specs.tables import breakpoints
from perf.specs.yaml_nodes import Scalar
from perf.specs.yaml_reader import DOCUMENTS_MAX, ISSUES_MAX, read_yaml


@pytest.mark.parametrize(
    "text",
    [
        "attributes: {Fte: 折算}",
        "attributes:\n  折算: 人数",
        "accounts: {Pool: {of: institution, kind: fund}}",
        "list: services\ntitle: 目录\nitems: {s1: 5}",
        "accounts: {pool: 5}",
    ],
)
def test_a_declaration_that_is_no_code_or_has_no_content_is_told_once(text):
    _, issues = load(text)
    assert len(issues) == 1
    assert issues[0].code in ("rule-code-invalid", "rule-shape")


def test_an_account_declared_twice_keeps_its_first_declaration():
    one = "accounts: {pool: {of: institution, kind: fund, title: 甲}}"
    book, issues = load(f"{one}\n---\n{one.replace('甲', '乙')}\n")
    assert [issue.code for issue in issues] == ["rule-code-duplicate"]
    assert book.accounts["pool"].title.zh == "甲"


def test_an_attribute_may_have_a_title_and_no_declared_values():
    book, issues = load("attributes: {pay_group: {title: 分配系列}}")
    assert issues == ()
    assert (book.attributes["pay_group"].zh, dict(book.value_titles)) == ("分配系列", {})


@pytest.mark.parametrize(
    ("points", "found"),
    [
        ("{curve: efficacy, standards: 90%, coefficients: [1, 0.5]}", "rule-shape"),
        ("{curve: efficacy, standards: [90%, 8O%], coefficients: [1, 0.5]}", "formula-syntax"),
        ("{curve: efficacy, standards: {by: size_class}, coefficients: [1, 0.5]}", "rule-key-missing"),
        ("{curve: efficacy, standards: {by: size_class, rows: {large: 90%}}, coefficients: [1, 0.5]}", "rule-shape"),
        ("{curve: efficacy, standards: [90%, 80%], coefficients: [1, 半]}", "rule-number-invalid"),
        ("{curve: efficacy, standards: [90%, 80%], coefficients: 1}", "rule-shape"),
        ("{curve: efficacy, standards: , coefficients: [1, 0.5]}", "rule-value-blank"),
        ("{curve: rank, method: places, places: [1, 100]}", "rule-shape"),
        ("{curve: rank, method: places, places: [[一, 100]]}", "rule-number-invalid"),
        ("{curve: rank, method: places, places: [[1, 一百]]}", "rule-number-invalid"),
        ("{curve: linear, through: [[2025-01-15, 0], [90%, 100]]}", "rule-number-invalid"),
    ],
)
def test_a_curve_with_something_illegible_says_what_and_is_not_built(points, found):
    book, issues = indicator(points)
    assert [(issue.code, issue.place.line) for issue in issues] == [(found, 7)]
    assert "x" not in book.indicators or book.indicators["x"].versions[0].points is None


@pytest.mark.parametrize(
    ("curves", "found"),
    [
        ("{Rate: {curve: linear, through: [[0, 0], [1, 1]]}}", ["rule-code-invalid"]),
        ("{rate: 5}", ["rule-shape"]),
        ("{rate: {curve: linear, through: [[0, 0]]}}", ["curve-too-short"]),
    ],
)
def test_a_named_curve_that_cannot_be_read_says_so(curves, found):
    _, issues = indicator("{curve: steps, at: [[1%, 100]]}", more=f"curves: {curves}\n")
    assert [issue.code for issue in issues] == found


def test_dates_of_a_rule_with_versions_stand_in_the_versions():
    text = "indicator: x\ntitle: X\nlevel: institution\ndirection: higher\nvalue: a\nfrom: 2024\nto: 2025\nversions:\n  - {from: 2024}\n"
    _, issues = load(text)
    assert codes(issues) == [("rule-key-unknown", 6), ("rule-key-unknown", 7)]
    assert "写进 versions" in issues[0].hint.zh


@pytest.mark.parametrize(("key", "found"), [("extra_cap: -1", 1), ("extra_cap: 0", 0)])
def test_a_cap_of_all_extra_points_is_not_negative(key, found):
    _, issues = load(f"scheme: s\ntitle: S\nof: {{level: person}}\nperiod: month\n{key}\n")
    assert [issue.code for issue in issues].count("rule-number-range") == found


# ---- checks


def test_an_efficacy_or_steps_down_are_held_against_the_range_of_their_measure():
    def judged(points, direction="higher", limits="{min: 0, max: 50}"):
        text = (
            f"measure: a\ntitle: 甲\nlevel: institution\nrange: {limits}\nsupplied_by: 科\n---\nindicator: x\ntitle: X\n"
            f"level: institution\nunit: number\ndirection: {direction}\nvalue: a\nsource: 文件\npoints: {points}\n"
        )
        return [code for code, _ in said(check_of(text)) if code != "rule-unused"]

    graded = "{curve: efficacy, standards: [TOP, 20], coefficients: [1, 0.5]}"
    assert judged("{curve: efficacy, satisfactory: 60, unallowed: 10}") == ["curve-beyond-range"]
    assert judged("{curve: efficacy, satisfactory: 50, unallowed: 10}") == []
    assert "curve-beyond-range" not in judged(
        "{curve: efficacy, satisfactory: 60, unallowed: 10, span: 30, outside: clip}"
    )
    assert judged('{curve: efficacy, satisfactory: "max(peers.value)", unallowed: 10}') == []
    assert judged(graded.replace("TOP", "60")) == ["curve-beyond-range"]
    assert judged(graded.replace("TOP", "50")) == []
    by = "{curve: efficacy, standards: {by: kind, rows: {a: [45, 20], b: [60, 20]}}, coefficients: [1, 0.5]}"
    assert judged(by) == ["curve-beyond-range"]  # of class b nobody can
    assert judged(by.replace("60, 20", "50, 20")) == []
    assert judged("{curve: efficacy, satisfactory: 5, unallowed: 10}", "lower", "{min: 6}") == ["curve-beyond-range"]
    assert judged("{curve: steps, at: [[0, 100], [60, 0]]}", "lower", "{min: 0, max: 50}") == []


def check_of(text):
    from perf.specs.checks import check_book

    book, issues = load_book({"r.yaml": text})
    assert [issue.render() for issue in issues] == []
    return check_book(book)


def test_a_rating_curve_on_a_number_is_told():
    text = (
        "measure: a\ntitle: 甲\nlevel: institution\nsupplied_by: 科\n---\nindicator: x\ntitle: X\nlevel: institution\n"
        "unit: number\ndirection: higher\nvalue: a\nsource: 文件\npoints: {curve: rating, values: {A: 100}}\n"
    )
    issues = [issue for issue in check_of(text) if issue.is_error]
    assert [issue.code for issue in issues] == ["rating-mismatch"]
    assert "不是评级数据项" in issues[0].found.zh


def test_a_name_that_is_both_a_parameter_and_a_let_is_told():
    issues = check(("fund: balance(pool)", "parameters: {x: 5}\nlet: {x: 7}\nfund: balance(pool) + x"))
    assert ("name-clash", "error") in said(issues)


def test_a_scheme_by_post_that_names_an_unknown_one_is_told_once():
    whole = "scheme: staff\ntitle: 综合\nof: {level: institution}\nperiod: month\nsource: 文件\nby_post: [monthly, nothing]\n"
    text = (
        "scheme: monthly\ntitle: 月\nof: {level: institution}\nperiod: month\nsource: 文件\ndimensions: {}\n---\n"
        + whole
    )
    book, _ = load_book({"r.yaml": text})
    from perf.specs.checks import check_book

    found = [issue.code for issue in check_book(book) if "nothing" in issue.found.zh]
    assert found == ["rule-unknown"]


def test_schemes_that_are_needed_on_two_ways_are_named_once():
    def scheme(code, *needs):
        value = " + ".join(f"score({need})" for need in needs) or "1"
        return (
            f"indicator: of_{code}\ntitle: {code}\nlevel: institution\nunit: points\ndirection: higher\nvalue: {value}\npoints: {{curve: entered}}\n"
            f"---\nscheme: {code}\ntitle: {code}\nof: {{level: institution}}\nperiod: month\n"
            f"dimensions: {{d: {{weight: 100, indicators: {{of_{code}: {{out_of: 100}}}}}}}}\n"
        )

    text = "---\n".join([scheme("a", "b", "c"), scheme("b", "d"), scheme("c", "d"), scheme("d")])
    book, _ = load_book({"r.yaml": text})
    assert schemes_needed(book, ["a"]) == {"a", "b", "c", "d"}
    assert schemes_needed(book, ["c", "nothing"]) == {"c", "d"}


# ---- breakpoints


def test_several_curves_turn_where_those_of_the_value_itself_turn():
    book, issues = indicator(
        '{curve: best_of, of: [{curve: attainment, target: 90%}, {curve: linear, through: [[1%, 0], [5%, 100]], title: 升幅, value: "value - value@previous", unit: percentage_points}]}'.replace(
            "1%, 0", "1pp, 0"
        ).replace("5%, 100", "5pp, 100")
    )
    assert [issue.render() for issue in issues] == []
    points = book.indicators["x"].versions[0].points
    assert isinstance(points, BestOf)
    assert breakpoints(points, direction="higher") == breakpoints(points.parts[0].curve, direction="higher")


def test_a_power_whose_end_is_beyond_all_figures_turns_only_where_it_can_be_told():
    start, factor = f"99.{'9' * 30}7", f"-{'3' * 38}"
    book, issues = indicator(
        f"{{curve: power, origin: 30, per: 1, factor: {factor}, exponent: 0.01, start: {start}, side: above}}",
        unit="number",
        direction="lower",
    )
    assert issues == ()
    points = book.indicators["x"].versions[0].points
    assert breakpoints(points, direction="lower") == (30, 31)


# ---- cases


@pytest.mark.parametrize("of", ["of: x\n", ""])
def test_cases_of_a_rule_that_is_broken_are_not_told_again(of):
    rule = "indicator: x\ntitle: X\nlevel: nowhere\ndirection: higher\nvalue: a\n"
    files = {
        "dir/r.yaml": rule,
        "dir/r.cases.yaml": f"{of}cases:\n- case: c\n  given: {{a: 1}}\n  expect: {{points: 1}}\n",
    }
    book, _ = load_book({"dir/r.yaml": rule})
    _, issues = load_cases(files, book)
    assert "case-rule-unknown" not in [issue.code for issue in issues]


def test_a_broken_name_in_a_case_is_not_told_again_and_a_text_is_taken_as_it_is():
    rules = (
        "indicator: a\ntitle: 甲\n---\nmeasure: b\ntitle: 乙\nlevel: institution\nanswers: rating\n---\n"
        "indicator: x\ntitle: X\nlevel: institution\ndirection: higher\nvalue: b\npoints: {curve: rating, values: {A: 100}}\n"
    )
    book, _ = load_book({"r.yaml": rules})
    case = "of: x\ncases:\n- case: c\n  given: {a: 1, b: 甲等, parent.scorecard: 绿}\n  expect: {points: 1}\n"
    found, issues = load_cases({"x.cases.yaml": case}, book)
    assert [issue.render() for issue in issues] == []
    ((one,),) = found.values()
    assert [fact.value for fact in one.subject.facts] == ["甲等"]
    assert dict(one.parent.attributes) == {"scorecard": "绿"}


@pytest.mark.parametrize(
    ("posts", "found"),
    [
        ("{doctor: 90}", ["rule-shape"]),
        ("{doctor: {days: 20}}", ["rule-key-missing"]),
        ("{doctor: {total: 90, fte: -1}}", ["rule-number-range"]),
    ],
)
def test_a_case_by_post_with_an_illegible_post_says_so(posts, found):
    part = "scheme: doctor\ntitle: 医\nof: {level: person}\nperiod: month\ndimensions: {}\n---\n"
    whole = "scheme: staff\ntitle: 综合\nof: {level: person}\nperiod: month\nby_post: [doctor]\n"
    book, _ = load_book({"r.yaml": part + whole})
    case = f"of: staff\ncases:\n- case: c\n  period: 2025-03\n  given: {posts}\n  expect: {{total: 90}}\n"
    _, issues = load_cases({"s.cases.yaml": case}, book)
    assert [issue.code for issue in issues] == found


# ---- YAML


def test_a_sign_that_yaml_cannot_hold_is_told_with_its_place():
    _, (issue,) = read_yaml("f.yaml", "a: 1\nb: 甲\uffff\n")
    assert (issue.code, issue.place.line) == ("yaml-syntax", 2)


@pytest.mark.parametrize("text", ['a: "\\e[31m红"', 'a: "\\0"', 'a: "\\ud800"'])
def test_an_invisible_sign_written_as_an_escape_is_told(text):
    _, issues = read_yaml("f.yaml", text)
    assert [(issue.code, issue.place.line, issue.place.column) for issue in issues] == [("yaml-syntax", 1, 4)]


def test_too_many_documents_and_too_many_faults_end_the_reading():
    documents, issues = read_yaml("f.yaml", "a\n---\n" * (DOCUMENTS_MAX + 5))
    assert (len(documents), [issue.code for issue in issues]) == (DOCUMENTS_MAX, ["yaml-too-large"])
    _, issues = read_yaml("f.yaml", "- !t 1\n" * (ISSUES_MAX + 50))
    assert len(issues) == ISSUES_MAX + 2
    assert issues[-1].code == "yaml-too-large"


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\ue000", "\U000e0001"])
def test_a_sign_that_cannot_be_printed_is_written_as_an_escape_and_read_back(sign):
    text = canonical_text((Scalar(f"甲{sign}乙", Place()),))
    assert text.isascii() or sign not in text
    (back,), issues = read_yaml("f.yaml", text)
    assert (back.text, issues) == (f"甲{sign}乙", ())
