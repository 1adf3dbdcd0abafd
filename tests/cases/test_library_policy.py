"""The library against public policy: every official indicator is there, once, with its direction and its mark."""

import re
from collections import Counter
from functools import cache

import pytest

from perf.appraisal.cases import run_cases
from perf.services.files import packaged, rule_texts
from perf.specs import load_book, load_cases

PROPOSALS = ("city_group", "doctor_ability", "operating_efficiency", "budget_and_cost")


@cache
def book():
    return load_book(rule_texts(packaged("indicator_specs")))[0]


def family(indicator):
    return indicator.place.file.removeprefix("indicators/").rpartition("/")[0]


def clauses(word):
    """The clauses of every indicator whose source document holds `word`."""
    sources = [v.dated.source for one in book().indicators.values() for v in one.versions]
    return [source.clause for source in sources if source is not None and word in source.document]


def numbers(texts, pattern):
    return {match for text in texts for match in re.findall(pattern, text)}


def test_all_28_indicators_of_second_level_hospitals_are_there_and_21_are_national():
    own = clauses("二级公立医院绩效考核指标")
    assert numbers(own, r"^第(\d+)项") == {str(n) for n in range(1, 29)}
    national = numbers(own, r"^第(\d+)项▲")
    assert {str(n) for n in range(1, 29)} - national == {"7", "8", "9", "10", "12", "18", "25"}
    assert len(national) == 21


def test_the_monthly_indicators_of_third_level_hospitals_are_there():
    found = numbers(clauses("三级公立医院"), r"第(\d+)项")
    found |= numbers(clauses("二级公立医院绩效考核指标"), r"三级医院第(\d+)项")
    wanted = "1 2 3 4 5 6 8 9 14 16 17 18 19 20 21 22 23 24 25 31 33 38 39 40 41 53 54 55"
    assert set(wanted.split()) <= found


def test_the_14_indicators_of_2024_are_there_in_their_five_aspects():
    found = numbers(clauses("监测指标体系(2024版)"), r"^(\d\.\d)")
    assert found >= {"1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "4.1", "4.2", "4.3", "5.1", "5.2"}


def test_the_eleven_criteria_of_2020_stand_off_until_somebody_has_read_the_text():
    criteria = [one for code, one in book().indicators.items() if code.startswith("criterion_")]
    assert len(criteria) == 11
    assert {(one.confidence, one.enabled) for one in criteria} == {("D", False)}


def test_a_monitored_indicator_is_shown_or_scored_by_a_range():
    curves = {
        type(v.points).__name__ for i in book().indicators.values() if i.direction == "monitored" for v in i.versions
    }
    assert curves == {"NoneType", "Range"}


def test_what_nobody_is_sure_of_and_what_we_propose_is_switched_off():
    assert [c for c, one in book().indicators.items() if one.confidence == "D" and one.enabled] == []
    of_families = {c: one for c, one in book().indicators.items() if family(one) in PROPOSALS}
    assert {(one.confidence, one.enabled) for one in of_families.values()} == {("proposal", False)}


def test_no_header_of_a_sheet_means_two_measures():
    headers = Counter(h for m in book().measures.values() for h in {m.title.zh, *m.synonyms})
    assert [header for header, count in headers.items() if count > 1] == []


@pytest.mark.parametrize("kind", ["measures", "indicators", "schemes", "distributions"])
def test_every_rule_has_a_chinese_and_an_english_title(kind):
    assert [c for c, rule in getattr(book(), kind).items() if not (rule.title.zh and rule.title.en)] == []


def test_the_median_of_the_monitored_counties_passes_exactly():
    through = {
        code: book().indicators[code].versions[0].points.through[1]
        for code in ("in_county_visit_share", "primary_outpatient_share")
    }
    assert {code: (x.text, y) for code, (x, y) in through.items()} == {
        "in_county_visit_share": ("87.49%", 60),
        "primary_outpatient_share": ("59.6%", 60),
    }


def test_the_directors_salary_below_70_follows_either_reading(tmp_path):
    """三明: base * score / 100, or, by a layer, base * score / 70, which meets the line above at 70 points."""
    (tmp_path / "ours.yaml").write_text(
        "layer: ours\ntitle: 本县\nfrom: 2016\nsource: {document: 县文件, clause: 第一条}\nover: library\n"
        "set: {director_salary.parameters.below_divisor.values: [{from: 2016, value: 70}]}\n",
        encoding="utf-8",
    )
    (tmp_path / "ours.cases.yaml").write_text(
        "of: director_salary\ncases:\n"
        "  - case: 69.3 分\n    period: 2024\n"
        "    given: {fund: 0.00, class: 三级甲等, split_admissions: 0, claims: {甲: {months_in_post: 12, score: 69.3}}}\n"
        "    # 350000 × 69.3 ÷ 70 = 346500\n    expect: {甲: 346500.00}\n",
        encoding="utf-8",
    )
    ours, issues = load_book(rule_texts(tmp_path))
    assert [str(issue) for issue in issues if issue.is_error] == []
    cases, _ = load_cases(rule_texts(tmp_path), ours)
    mine = [r for r in run_cases(ours, cases) if r.title == "69.3 分"]
    assert [[text.zh for text in r.differences] for r in mine] == [[]]
