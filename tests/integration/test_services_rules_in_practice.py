"""`specs check --db`: rules judged by stored months, runs and score sheets alike."""

from dataclasses import replace

from services_county import HR, JUNE, MAY, NOW, book, fact, filled, month_facts, take, with_roster

from perf.kernel.periods import parse_period
from perf.services.publish import publish
from perf.services.rules import load_rules
from perf.services.rules_in_practice import rules_in_practice
from perf.services.run_month import run_month
from perf.services.score_many import Order, find_wide_files, score_many

SAME = ("80", "80", "80", "80", "80")
WIDE = """subject,level,kind,parent,visits,seen_rating
p1,person,,,7,A
p2,person,,,7,B
p3,person,,,7,
"""
WIDE_RULES = """
measure: visits
title: 诊疗人次
unit: person-times
level: person
supplied_by: 医务科
---
measure: nights
title: 夜班
unit: items
level: person
---
attributes: {seen_rating: 评级}
---
indicator: seen
title: {zh: 接诊, en: Seen}
level: person
unit: person-times
direction: higher
confidence: A
value: visits
digits: 0
points: {curve: linear, through: [[0, 0], [10, 100]]}
no_value: not_applicable
source: {document: 甲, clause: 一}
---
indicator: by_night
title: {zh: 夜班次数, en: Nights}
level: person
unit: items
direction: higher
confidence: A
value: nights
digits: 0
points: {curve: linear, through: [[0, 0], [10, 100]]}
no_value: not_applicable
source: {document: 甲, clause: 二}
---
scheme: posts
title: {zh: 职工, en: Staff}
of: {level: person}
period: month
source: {document: 甲, clause: 三}
dimensions:
  all: {weight: 100, indicators: {seen: {out_of: 60}, by_night: {out_of: 40}}}
"""


def run(store, period, **about):
    return run_month(store, consortium="A", period=period, book=book(), actor=HR, now=NOW, **about)


def two_months(store, may=SAME, june=SAME):
    """May and June, scored with these; nothing else differs."""
    with_roster(store)
    take(store, month_facts(MAY, may), name="五月.xlsx")
    take(store, month_facts(JUNE, june), name="六月.xlsx")
    run(store, MAY)
    run(store, JUNE)
    return store


def told(store, months=2, rules=None):
    found = rules_in_practice(store, rules or book(), actor=HR, months=months)
    return [(issue.code, issue.place.file, issue.found.zh) for issue in found.issues]


def test_points_that_were_the_same_for_everybody_in_every_month_are_told_with_months_and_counts(store):
    two_months(store)
    place = book().indicators["work"].place.file
    (same,) = [one for one in told(store) if one[0] == "points-all-same"]
    assert same == (
        "points-all-same",
        place,
        "方案“职工考核”的指标“工作完成”分不出高低:2025-05 5 个对象都得 80 分;2025-06 5 个对象都得 80 分",
    )


def test_one_month_with_a_difference_is_enough_to_be_silent(store):
    two_months(store, may=("80", "80", "80", "80", "81"))
    assert [one for one in told(store) if one[0] == "points-all-same"] == []
    assert [one[0] for one in told(store, months=1)] == ["points-all-same"]


def test_a_published_run_speaks_before_a_newer_draft(store):
    with_roster(store)
    take(store, month_facts(MAY, SAME), name="五月.xlsx")
    take(store, month_facts(JUNE, ("80", "80", "80", "80", "90")), name="六月.xlsx")
    run(store, MAY)
    publish(store, run=f"A:{MAY}#1", actor=HR, by="李强", now=NOW, reason="通过")
    run(store, JUNE)
    publish(store, run=f"A:{JUNE}#1", actor=HR, by="李强", now=NOW, reason="通过")
    take(store, [fact("005", "work_score", JUNE, "80")], name="更正.xlsx")
    run(store, JUNE)
    assert [one for one in told(store) if one[0] == "points-all-same"] == []


def test_too_few_months_are_judged_by_nothing_and_say_so(store):
    two_months(store)
    found = rules_in_practice(store, book(), actor=HR, months=3)
    assert found.issues == ()
    assert set(found.judged.values()) == {()}


def test_an_indicator_that_nobody_has_a_value_of_is_told_with_the_reason(store):
    with_roster(store)
    take(store, month_facts(JUNE), name="六月.xlsx")  # no May: growth on the month before never applies
    run(store, JUNE)
    codes = told(store, months=1)
    assert ("indicator-never-applies", book().indicators["growth"].place.file) in [one[:2] for one in codes]
    assert "2025-06 2 个不适用" in next(one[2] for one in codes if one[0] == "indicator-never-applies")


def test_data_that_nobody_sent_names_who_should_have_and_withdrawn_data_is_none(store):
    filled(store)
    run(store, JUNE)
    assert [one for one in told(store, months=1) if one[0] == "measure-not-supplied"] == []
    rows = [*month_facts(MAY), *(row for row in month_facts(JUNE) if row.key.measure != "visits")]
    plan = take(store, rows, name="两月.xlsx", confirm_gone=True)
    assert [gone.key.measure for gone in plan.gone] == ["visits"] * 3
    measure = replace(book().measures["visits"], supplied_by="信息科")
    rules = replace(book(), measures={**book().measures, "visits": measure})
    (silent,) = [i for i in rules_in_practice(store, rules, actor=HR, months=1).issues if "supplied" in i.code]
    assert silent.found.zh == "数据项“诊疗人次”(visits)2025-06 没有一条数据;用在 诊疗增长"
    assert silent.expected.zh == "由信息科报送"
    assert "perf-pay template --period 2025-06 --sender 信息科" in silent.hint.zh


def test_score_sheets_are_months_of_results_too(store, tmp_path):
    specs = tmp_path / "rules"
    specs.mkdir()
    (specs / "rules.yaml").write_text(WIDE_RULES, encoding="utf-8")
    for period in ("2025-05", "2025-06"):
        (tmp_path / "wide" / period).mkdir(parents=True)
        (tmp_path / "wide" / period / "A.csv").write_text(WIDE, encoding="utf-8")
    order = Order(specs, "posts", HR, NOW)
    assert {one.outcome for one in score_many(store, find_wide_files(tmp_path / "wide"), order)} == {"scored"}
    rules = load_rules(specs)
    found = rules_in_practice(store, rules, actor=HR, months=2)
    assert found.judged["month"] == (parse_period("2025-05"), parse_period("2025-06"))
    by_code = {issue.code: issue.found.zh for issue in found.issues}
    assert by_code == {
        "points-all-same": "方案“职工”的指标“接诊”分不出高低:2025-05 3 个对象都得 42 分;2025-06 3 个对象都得 42 分",
        "indicator-never-applies": "方案“职工”的指标“夜班次数”没有一个对象有值:2025-05 3 个不适用;2025-06 3 个不适用",
        "measure-not-supplied": "数据项“夜班”(nights)2025-05..2025-06 没有一条数据;用在 夜班次数",
    }
