"""What title, sheet name and file name say about the institution against each other."""

import pytest
from tests.unit.excel.excel_building import BOOK, ROSTER, sheet_bytes

from perf.excel import read_facts

ROWS = [["机构:泥河镇卫生院(X203)"], ["工号", "姓名", "出院人次"], ["000203", "张三", 1]]


def told(name):
    found = read_facts(name, sheet_bytes(ROWS), BOOK, ROSTER)
    return [(i.severity, i.place.cell) for i in found.issues if i.code == "institution-contradicts"], len(found.rows)


def test_a_file_named_after_another_institution_is_told_and_read_by_its_title():
    assert told("2025-06 白湖镇卫生院.xlsx") == ([("warning", "A2")], 1)


@pytest.mark.parametrize("name", ["2025-06 泥河镇卫生院.xlsx", "2025-06.xlsx", "2025-06 县人民医院医共体.xlsx"])
def test_the_same_institution_none_or_its_consortium_is_no_contradiction(name):
    assert told(name) == ([], 1)
