"""Totals and shares between columns: found from titles, believed where the rows bear them out, told where one differs."""

import pytest
from tests.unit.excel.excel_building import read

HEADER = ["工号", "诊疗人次", "出院人次", "服务合计", "门诊占比"]
STAFF = ["000203", "000204", "000207", "000205", "000206"]


def rows(**wrong):
    """Five people whose totals add up and whose shares agree, but for `wrong` (`total2=9`, `share0='1%'`)."""
    made = [[staff, 10 * n, 3 + n, 11 * n + 3, ""] for n, staff in enumerate(STAFF, 1)]
    for row in made:
        row[4] = f"{round(1000 * row[1] / row[3]) / 10}%"
    for name, value in wrong.items():
        made[int(name[-1])][3 if name.startswith("total") else 4] = value
    return [HEADER, *made]


def told(sheet, **about):
    return [(i.code, i.place.cell) for i in read(sheet, **about).issues if i.code in ("total-differs", "share-differs")]


def test_a_table_that_adds_up_is_told_nothing_about():
    assert told(rows()) == []


def test_the_row_that_does_not_add_up_is_told_with_its_parts_and_the_difference():
    found = read(rows(total1=26))
    (issue,) = [i for i in found.issues if i.code == "total-differs"]
    assert (issue.place.cell, issue.severity) == ("D3", "warning")
    assert issue.expected.zh == "25 = 诊疗人次 20 + 出院人次 5"
    assert "相差 1;" in issue.hint.zh
    assert len(found.rows) == 10  # nothing is refused for it


def test_a_share_that_is_not_the_quotient_is_told():
    assert told(rows(share2="12%")) == [("share-differs", "E4")]


def test_a_share_is_compared_at_the_digits_that_are_written():
    assert told(rows(share0="71.4%")) == []
    assert told(rows(share0="71%")) == []
    assert told(rows(share0="69%")) == [("share-differs", "E2")]


def test_columns_that_only_look_like_a_total_are_left_alone():
    sheet = rows()
    for number, row in enumerate(sheet[1:]):
        row[3] = 1000 + 7 * number * number
        row[4] = f"{number}%"
    assert told(sheet) == []


def test_two_rows_prove_nothing():
    assert told(rows(total1=99)[:3]) == []


def test_parts_under_one_heading_belong_to_its_total():
    sheet = [
        ["工号", "服务量", None, None],
        [None, "诊疗人次", "出院人次", "小计"],
        *([staff, n, 2 * n, 3 * n] for n, staff in enumerate(STAFF, 1)),
    ]
    sheet[4][3] = 10
    assert told(sheet, merge=["B1:D1"]) == [("total-differs", "D5")]


def test_a_blank_part_counts_nothing_and_a_total_without_parts_is_no_contradiction():
    sheet = rows()
    sheet[1][2], sheet[1][3], sheet[1][4] = None, 10, "100%"
    sheet[2][1] = sheet[2][2] = None
    assert told(sheet) == []


@pytest.mark.parametrize("title", ["合计", "小计", "合计(人次)", "总 计", "共计"])
def test_every_word_for_a_total_is_known(title):
    sheet = rows(total3=1)
    sheet[0] = [*HEADER[:3], title, "备注"]
    assert told(sheet) == [("total-differs", "D5")]


def test_what_differs_in_many_rows_is_told_ten_times_and_counted():
    people = [STAFF[n % 5] for n in range(100)]
    sheet = [HEADER[:4], *([staff, n, 2 * n, 3 * n + (n % 5 == 0)] for n, staff in enumerate(people, 1))]
    found = [i for i in read(sheet).issues if i.code == "total-differs"]
    assert len(found) == 11
    assert "等 10 行" in found[-1].found.zh
