"""A workbook with a dozen different troubles: marked, mended where it came from, sent again, taken; nothing is asked next month."""

import io

import openpyxl
import pytest
from tests.integration.cli_june import SPECS, put
from tests.integration.cli_month_files import PEOPLE, sheet

MORE = [
    ["000104", "周五", "H1", "医师", "医生", "1", "2020-01-01"],
    ["000105", "吴六", "H1", "医师", "医生", "1", "2020-01-01"],
    ["000106", "陈静", "H1", "医师", "医生", "1", "2020-01-01"],
    ["000203", "陈静", "T1", "医师", "医生", "1", "2020-01-01"],
    ["000204", "欧阳明", "T1", "医师", "医生", "1", "2020-01-01"],
    ["000205", "褚七", "T1", "医师", "医生", "1", "2020-01-01"],
    ["000206", "卫八", "T1", "医师", "医生", "1", "2020-01-01"],
]
SENT = [
    ["县人民医院医共体工作质量表", None, None, None],
    ["2025年{month}月", None, "填报科室:质控科", None],
    ["工号", "姓名", "工作质量总得分", "夜班(个)"],
    ["000101", "赵一", "八十八", 3],
    [102, "钱㛃", "９０。５", "５"],
    ["000103", "孙三", 77.777, "—"],
    ["000104", "周五", 91, "#DIV/0!"],
    ["0001O5", "吴六", 130, 2],
    [None, "陈静", 86, 1],
    ["000204", "欧阳朋", "约85分", 0],
    ["000205", "褚七", 60, "=D4+1"],
    ["000206", "卫八", 75.5, "4次"],
    ["000201", "李四", 80, 1],
    ["000201", "李四", 81, 1],
    ["合计", None, None, 12],
    ["制表人:王五", None, "审核人:", None],
]
ANSWERS = ("--map", "工作质量总得分=work_score", "--map", "夜班=nights")
SHEET = "质控"
# what a clerk decides who sees an issue that nobody can answer for him, by the cell it stands at
DECIDED = {"C8": 100, "D7": 2, "A9": "000106", "D11": 4, "C14": None, "D14": None, "A14": None, "B14": None}


def workbook(month, rows=SENT):
    lines = [[cell.format(month=month) if isinstance(cell, str) else cell for cell in row] for row in rows]
    book = openpyxl.load_workbook(io.BytesIO(sheet(lines, SHEET)))
    made = book[SHEET]
    for row in made.iter_rows():
        for cell in row:
            if cell.value == "#DIV/0!":
                cell.data_type = "e"
    made.merge_cells("A1:D1")
    return saved(book)


def saved(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def problems(month, name):
    book = openpyxl.load_workbook(io.BytesIO((month.folder / name).read_bytes()))
    return [row for row in book["问题清单"].iter_rows(min_row=6, values_only=True) if row[2]]


def codes(said, *severities):
    return sorted(i["code"] for one in said.json for i in one["issues"] if i["severity"] in severities)


@pytest.fixture
def ready(month):
    put(month, "花名册补充.xlsx", sheet([PEOPLE[0], *MORE], "花名册"))
    assert month("import", "花名册补充.xlsx", *SPECS, "--accept", "--by", "张三").exit == 0
    put(month, "2025-07 质控科.xlsx", workbook(7))
    return month


def mended(month, name):
    """The marked workbook with every suggestion taken and, where there is none, what the clerk decides."""
    book = openpyxl.load_workbook(io.BytesIO((month.folder / name).read_bytes()))
    for row in problems(month, name):
        if row[8] is not None:
            book[row[2]][row[3]] = row[8]
    for cell, value in DECIDED.items():
        book[SHEET][cell] = value
    put(month, name, saved(book))


def test_every_trouble_is_told_at_once_and_nothing_is_kept(ready):
    said = ready("import", "2025-07 质控科.xlsx", *SPECS, "--accept", "--by", "张三", "--json", *ANSWERS)
    assert said.exit == 3
    assert codes(said, "error") == [
        "cell-error",
        "duplicate-differs",
        "duplicate-differs",
        "formula-not-calculated",
        "name-ambiguous",
        "name-contradicts",
        "not-a-number",
        "not-a-number",
        "number-in-words",
        "out-of-range",
        "staff-number-unknown",
        "too-many-digits",
    ]
    assert ready("files", "--json").json[-1]["file"] == "花名册补充.xlsx"


def test_marked_mended_sent_again_accepted_and_taken_only_once(ready):
    said = ready("import", "2025-07 质控科.xlsx", *SPECS, "--marked", "改.xlsx", *ANSWERS)
    assert said.exit == 3
    told = {row[3] for row in problems(ready, "改.xlsx")}
    assert {"B9", "A8", "C5", "C6", "C8", "C10", "B10", "C13", "C14", "D7", "D11"} <= told
    mended(ready, "改.xlsx")
    done = ready("import", "改.xlsx", *SPECS, "--accept", "--by", "张三", "--json", *ANSWERS)
    assert (done.exit, done.json[0]["outcome"], codes(done, "error", "warning")) == (0, "accepted", []), done.out
    # ten people with a score, nine with nights: 孙三 wrote — and is no zero
    assert done.json[0]["counts"]["new"] == 19
    again = ready("import", "改.xlsx", *SPECS, "--accept", "--by", "李四", "--json", *ANSWERS)
    assert (again.exit, again.json[0]["outcome"]) == (0, "taken_already")


def test_the_same_figures_in_another_file_change_nothing(ready):
    taken(ready)
    book = openpyxl.load_workbook(io.BytesIO((ready.folder / "改.xlsx").read_bytes()))
    del book["问题清单"]
    put(ready, "2025-07 质控科 定稿.xlsx", saved(book))
    said = ready("import", "2025-07 质控科 定稿.xlsx", *SPECS, "--accept", "--by", "张三", "--json")
    counts = said.json[0]["counts"]
    assert said.exit == 0
    assert (counts["new"], counts["changed"], counts["gone"], counts["unchanged"]) == (0, 0, 0, 19)


def test_the_next_month_of_the_same_layout_needs_no_answer(ready):
    taken(ready)
    rows = [row for row in SENT if row[0] in ("000101", "000103") or row in SENT[:3]]
    rows = [[value if value not in ("八十八", 77.777) else 88 for value in row] for row in rows]
    put(ready, "2025-08 质控科.xlsx", workbook(8, rows))
    said = ready("import", "2025-08 质控科.xlsx", *SPECS, "--accept", "--by", "张三", "--json")
    assert (said.exit, said.json[0]["outcome"], codes(said, "error", "warning")) == (0, "accepted", []), said.out
    assert set(codes(said, "info")) == {"column-remembered", "blank-marker"}
    assert said.json[0]["counts"]["new"] == 3


def taken(month):
    month("import", "2025-07 质控科.xlsx", *SPECS, "--marked", "改.xlsx", *ANSWERS)
    mended(month, "改.xlsx")
    assert month("import", "改.xlsx", *SPECS, "--accept", "--by", "张三", *ANSWERS).exit == 0
