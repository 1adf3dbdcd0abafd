"""A workbook of adjustments among those of the departments: told what takes it, and not column by column."""

from tests.unit.excel.excel_building import BOOK, ROSTER, sheet_bytes

from perf.excel import read_facts

ROWS = [
    ["2025年6月一次性项目与扣发"],
    ["工号", "姓名", "类型", "金额", "事由"],
    ["000203", "张三", "补发", 300, "抢救立功"],
]


def test_it_is_told_in_one_line_which_command_takes_it_and_no_column_is_complained_of() -> None:
    found = read_facts("2025-06 绩效办.xlsx", sheet_bytes(ROWS), BOOK, ROSTER)
    (issue,) = found.issues
    assert (issue.code, issue.severity, found.rows) == ("sheet-unknown", "warning", ())
    assert "perf-pay adjust import" in issue.hint.zh


def test_a_table_of_figures_with_a_column_of_kinds_stays_one_of_figures() -> None:
    rows = [["工号", "姓名", "类型", "出院人次"], ["000203", "张三", "医师", 1]]
    assert len(read_facts("2025-06.xlsx", sheet_bytes(rows), BOOK, ROSTER).rows) == 1
