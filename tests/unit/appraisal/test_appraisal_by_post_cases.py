"""Cases of schemes that weigh totals by post: totals and shares are given, the rest is worked out."""

import pytest

from perf.appraisal.cases import run_cases
from perf.appraisal.rule_text import rule_lines
from perf.specs.book import load_book
from perf.specs.cases import load_cases
from perf.specs.checks import check_book

RULES = """measure: m
title: 数
level: person
supplied_by: 甲科
---
indicator: x
title: 指标
level: person
unit: number
direction: higher
value: m
points: {curve: linear, through: [[0, 0], [100, 100]]}
---
scheme: doctor_monthly
title: 医师考核
of: {level: person, where: category == doctor}
period: month
dimensions: {all: {weight: 100, indicators: {x: {out_of: 100}}}}
---
scheme: nurse_monthly
title: 护理考核
of: {level: person, where: category == nurse}
period: month
dimensions: {all: {weight: 100, indicators: {x: {out_of: 100}}}}
---
scheme: staff_monthly
title: 综合考核
of: {level: person, where: "category in (doctor, nurse)"}
period: month
by_post: [doctor_monthly, nurse_monthly]
grades: [[优秀, 90], [良好, 80], [合格, 60], [不合格, 0]]
rank: {of: total}
coefficient: {curve: linear, through: [[60, 1], [100, 1.4]]}
quota: {优秀: {at_most: 50%, falls_to: 良好}}
"""


def differences(cases: str, rules: str = RULES) -> list[str]:
    files = {"staff.yaml": rules, "staff.cases.yaml": cases}
    book, issues = load_book(files)
    found, of_cases = load_cases(files, book)
    assert [issue.render() for issue in (*issues, *of_cases) if issue.is_error] == []
    return [text.zh for result in run_cases(book, found) for text in result.differences]


GIVEN = "of: staff_monthly\ncases:\n"


@pytest.mark.parametrize(
    "case",
    [
        (
            "given: {doctor_monthly: {total: 90, days: 20}, nurse_monthly: {total: 60, days: 10}}\n"
            "  expect: {total: 80, grade: 良好, coefficient: 1.2, rank: 1}"
        ),
        (
            "given: {doctor_monthly: {total: 92.5, days: 31, fte: 0.6}, nurse_monthly: {total: 70, fte: 0.4}}\n"
            "  expect: {total: 83.5, dimensions: {doctor_monthly: 92.5, nurse_monthly: 70}}"
        ),
        "given: {doctor_monthly: {total: 71.25}}\n  expect: {total: 71.25}",
        (
            "given: {doctor_monthly: {total: not_applicable, days: 20}, nurse_monthly: {total: 66, days: 10}}\n"
            "  expect: {total: 66}"
        ),
        (
            "given: {doctor_monthly: {total: blocked, days: 20}, nurse_monthly: {total: 66, days: 10}}\n"
            "  expect: {status: blocked}"
        ),
        (
            "given: {doctor_monthly: {total: 95}}\n  peers: [{nurse_monthly: {total: 97}}]\n"
            "  expect: {total: 95, rank: 2, grade: 良好}"
        ),
    ],
)
def test_a_case_by_post_gives_totals_days_and_fte(case) -> None:
    assert differences(f"{GIVEN}- case: 手算\n  period: 2025-01\n  {case}\n") == []


def test_a_case_that_is_wrong_says_so() -> None:
    case = "given: {doctor_monthly: {total: 90, days: 20}, nurse_monthly: {total: 60, days: 10}}\n  expect: {total: 81}"
    assert differences(f"{GIVEN}- case: 手算\n  {case}\n") == ["total:应为 81,得到 80"]


@pytest.mark.parametrize("days", ["0", "32", "-1", "二十"])
def test_days_beyond_the_period_are_refused(days) -> None:
    case = f"{GIVEN}- case: 手算\n  period: 2025-01\n  given: {{doctor_monthly: {{total: 90, days: {days}}}}}\n"
    files = {"staff.yaml": RULES, "staff.cases.yaml": case + "  expect: {total: 90}\n"}
    _, issues = load_cases(files)
    assert {issue.code for issue in issues} <= {"rule-number-range", "rule-number-invalid"}
    assert issues


def test_the_rule_in_words_names_its_parts() -> None:
    book, _ = load_book({"staff.yaml": RULES})
    assert not [issue.render() for issue in check_book(book) if issue.is_error]
    lines = "\n".join(rule_lines(book, book.schemes["staff_monthly"]))
    assert "各任职段的得分按 天数 × 折算人数 加权平均:医师考核 doctor_monthly、护理考核 nurse_monthly" in lines
    assert "优秀 名额:同组 50%,向下取整,并列都不给,放不下的降到 良好" in lines
    assert "总分:保留 2 位小数，四舍五入 · 不低于 0" in lines
