"""A bare word beside an attribute is text; where the word is a name, the check says so before anybody is left out."""

import pytest

from perf.specs.book import load_book
from perf.specs.checks import check_book

RULES = """\
attributes:
  category: {title: 类别, values: {doctor: 医师, nurse: 护理, visits: 门诊}}
  township: 所在乡镇
  clinic: 村卫生室
  grade: 职级
---
measure: visits
title: 诊疗人次
level: person
supplied_by: 医务科
---
distribution: d
title: 分配
period: month
per: institution
among: staff where WHERE
fund: 100
parameters: {nurse: 5}
source: 县医共体〔2025〕9号
steps: [{apportion: {by: 'BY'}}]
"""


def warned(where="category == doctor", by="1"):
    book, issues = load_book({"rules.yaml": RULES.replace("WHERE", where).replace("BY", by)})
    found = [*issues, *check_book(book)]
    assert [issue.render() for issue in found if issue.is_error] == []
    return [issue.found.zh.split(",")[0] for issue in found if issue.code == "word-is-a-name"]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("level == department", ["第 10 个字符:“department”是属性"]),
        ("department == level", ["第 1 个字符:“department”是属性"]),
        ("level != department and category == doctor", ["第 10 个字符:“department”是属性"]),
        ("level in (person, department)", ["第 19 个字符:“department”是属性"]),
        ("category == visits", ["第 13 个字符:“visits”是数据项"]),
        ("township == clinic", ["第 13 个字符:“clinic”是属性"]),
    ],
)
def test_a_word_that_is_a_name_is_told_once(condition, found):
    assert warned(condition) == found


@pytest.mark.parametrize(
    "condition",
    ['level == "department"', "level == person", "category in (doctor, other)", "visits == 5", "fte == visits"],
)
def test_quoted_words_unknown_words_and_numbers_are_no_matter(condition):
    assert warned(condition) == []


def test_a_parameter_called_like_a_value_is_told_in_the_rule_that_brings_it():
    assert warned(by="if(category == nurse, 2, 1)") == ["第 16 个字符:“nurse”是本规则的名称"]


def test_an_attribute_called_like_a_word_of_formulas_is_told_where_it_is_declared():
    _, issues = load_book({"rules.yaml": RULES})
    assert [(str(i.place), i.severity) for i in issues if i.code == "attribute-is-a-word"] == [
        ("rules.yaml:5:3", "warning")
    ]
