"""A row that only looks empty is empty."""

import io

from openpyxl import Workbook

from perf.excel import read_facts
from perf.specs.book import load_book

RULES = """
measure: visits
title: 诊疗人次
answers: number
unit: person-times
digits: 0
level: institution
supplied_by: 信息科
"""


def test_a_row_of_spaces_is_not_an_institution_without_a_name() -> None:
    book, _ = load_book({"rules.yaml": RULES})
    workbook = Workbook()
    sheet = workbook.active
    for row in (["机构编码", "机构名称", "诊疗人次"], ["A", "甲院", 5], ["  ", " ", None], ["B", "乙院", 7]):
        sheet.append(row)
    buffer = io.BytesIO()
    workbook.save(buffer)
    reading = read_facts("2025-06 信息科.xlsx", buffer.getvalue(), book, None)
    assert [row.key.subject for row in reading.rows] == ["A", "B"]
    assert [issue.code for issue in reading.issues if issue.severity != "info"] == ["roster-not-given"]
