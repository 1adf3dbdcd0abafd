"""One-off lines and holds from the terminal: a workbook with everything wrong, then the right one, to the statement."""

import pytest
from openpyxl import load_workbook
from tests.integration.cli_june import SPECS, put
from tests.integration.cli_month_files import sheet

RULE = """\
adjustments: one_off
title: 一次性项目
source: {document: 试行办法, clause: 第九条}
limits: {pay: {person: 200, run: 300}}
charge: {saved: [pay, deduct]}
"""
HEAD = ["工号", "姓名", "类型", "金额(元)", "项目", "账户", "事由", "依据", "备注"]
GOOD = [
    ["000101", "赵一", "补发", 120.5, "夜班补发", "结存", "五月夜班漏报", "人事〔2025〕3号"],
    ["000202", "王芳", "暂缓发放", None, "", "", "配合调查", "纪检〔2025〕8号"],
]


@pytest.fixture
def ruled(month):
    month.write({"rules/adjustments.yaml": RULE})
    return month


def by_place(said):
    return {(issue["cell"], issue["code"]) for issue in said.json["issues"] if issue["severity"] == "error"}


def test_everything_wrong_in_a_workbook_is_told_at_once_with_its_cell_and_nothing_is_stored(ruled):
    rows = [
        HEAD,
        ["101", "赵一", "补发", 10, "", "结存", "少了零", "文"],
        ["000102", "钱二", "补发", 10, "", "结存", "名字不对", "文"],
        ["000103", "", "奖金", 10, "", "结存", "没有这种", "文"],
        ["000201", "", "补发", "3.005", "", "结存", "半分", "文"],
        ["000201", "", "补发", -5, "", "结存", "负数", "文"],
        ["000201", "", "补发", 250, "", "结存", "太多", "文"],
        ["000201", "", "补发", 20, "", "院长基金", "账户不对", "文"],
        ["000202", "", "补发", 20, "", "结存", "", ""],
        ["000202", "", "补发", 30, "", "结存", "两次", "文"],
        ["000202", "", "补发", 30, "", "结存", "两次", "文"],
        ["合计", "", "", 365],
    ]
    put(ruled, "补发.xlsx", sheet(rows, "补发"))
    for mode in ((), ("--accept",)):
        said = ruled("adjust", "import", "补发.xlsx", *SPECS, "--period", "2025-06", *mode, "--by", "张三", "--json")
        assert said.exit == 3
        found = said.json["issues"] if not mode else said.json
        assert {(issue["cell"], issue["code"]) for issue in found if issue["severity"] == "error"} == {
            ("A2", "adjustment-person"),
            ("B3", "adjustment-name"),
            ("C4", "adjustment-kind"),
            ("D5", "adjustment-half-fen"),
            ("D6", "adjustment-amount"),
            ("D7", "adjustment-over-limit"),
            ("F8", "adjustment-account"),
            ("A9", "adjustment-untold"),
            ("A11", "adjustment-duplicate"),
        }
    assert ruled("adjust", "list", "--json").json == []


def test_from_the_workbook_to_statement_pay_file_balances_and_seal(ruled):
    put(ruled, "补发.xlsx", sheet([HEAD, *GOOD], "补发"))
    dry = ruled("adjust", "import", "补发.xlsx", *SPECS, "--period", "2025-06", "--by", "张三")
    assert (dry.exit, ruled("adjust", "list", "--json").json) == (0, [])
    done = ruled("adjust", "import", "补发.xlsx", *SPECS, "--period", "2025-06", "--accept", "--by", "张三", "--json")
    assert [one["id"] for one in done.json["entered"]] == ["G1:2025-06/A1", "G1:2025-06/A2"]
    assert done.json["entered"][0]["source"] == "补发.xlsx!补发!A2"
    assert "人事〔2025〕3号" in ruled("adjust", "list", "--person", "000101").out

    assert ruled("run", "2025-06", *SPECS, "--by", "张三").exit == 0
    assert "120.50" in ruled("explain", "000101", "夜班补发").out
    assert ruled("statement", "000101", "-o", "s.pdf").exit == 0
    assert ruled("export", "payfile", "-o", "pay.csv").exit == 0
    assert "000202" not in ruled.read("pay.csv")
    refused = ruled("publish", "2025-06", "--by", "张三", "--reason", "通过")
    assert (refused.exit, "2025-06/A1" in refused.err) == (4, True)
    assert ruled("publish", "2025-06", "--by", "李强", "--reason", "通过").exit == 0
    assert ruled("verify", "2025-06").exit == 0

    (held,) = ruled("balances", "held", "--json").json
    assert [line["account"] for line in held["accounts"]] == ["held:000202"]
    assert held["entries"][0]["line"] == "暂缓发放"
    whole = ruled("balances", "--year", "2025", "--json").json[0]
    assert sum(line["closing_fen"] for line in whole["accounts"]) == 0
    assert "person:*" in ruled("balances", "--run", "2025-06").out


def test_a_csv_file_is_read_like_a_workbook_and_its_places_are_cells(ruled):
    text = "\ufeff工号,类型,金额,账户,事由,依据,期间\n000101,pay,1e5,saved,x,文,2025-06\n000102,pay,7.5,saved,y,文,2025-06\n"
    ruled.write({"补发.csv": text})
    said = ruled("adjust", "import", "补发.csv", *SPECS, "--by", "张三", "--json")
    assert by_place(said) == {("C2", "adjustment-amount")}
    ruled.write({"补发.csv": text.replace("1e5", "１２．５０")})
    said = ruled("adjust", "import", "补发.csv", *SPECS, "--accept", "--by", "张三", "--json")
    assert [one["amount_fen"] for one in said.json["entered"]] == [1250, 750]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"空.xlsx": sheet([["随便", "什么"]], "表")}, "no-table"),
        (
            {"公式.xlsx": sheet([HEAD, ["000101", "", "补发", "=1+1", "", "结存", "x", "文"]], "表")},
            "formula-not-calculated",
        ),
        ({"不是.xlsx": b"PK\x03\x04 nonsense"}, "workbook-damaged"),
    ],
)
def test_files_that_cannot_be_read_are_refused(ruled, content, code):
    ((name, raw),) = content.items()
    said = ruled("adjust", "import", put(ruled, name, raw), *SPECS, "--period", "2025-06", "--by", "张三", "--json")
    assert said.exit == 3
    assert code in [issue["code"] for issue in (said.json["issues"] if isinstance(said.json, dict) else said.json)]


def test_one_at_a_time_withdrawn_again_and_told_in_english(ruled):
    told = ("--reason", "夜班", "--document", "文", "--by", "张三", *SPECS, "--period", "2025-06")
    added = ruled("adjust", "add", "000101", "--kind", "补发", "--amount", "50", "--account", "saved", *told)
    assert added.exit == 0
    assert "G1:2025-06/A1" in added.out
    wrong = ruled("--lang", "en", "adjust", "add", "000101", "--kind", "pay", "--amount", "0.001", *told)
    assert wrong.exit == 3
    assert "no whole number of fen" in wrong.err
    assert ruled("adjust", "withdraw", "2025-06/A1", "--reason", "录错", "--by", "张三").exit == 0
    assert ruled("adjust", "withdraw", "2025-06/A1", "--reason", "录错", "--by", "张三").exit == 4
    assert "录错" in ruled("adjust", "list").out
    assert ruled("balances").exit == 4
    assert ruled("balances", "--run", "2025-06", "--year", "2025").exit == 2


def test_the_template_offers_what_the_rule_of_the_month_allows_and_comes_back_filled_in(ruled):
    said = ruled("adjust", "template", *SPECS, "--period", "2025-06", "-o", "空表.xlsx", "--json")
    assert said.json == {"kinds": 5, "out": "空表.xlsx"}  # 补发 扣款, and 暂缓 恢复 退回, which charge nothing
    workbook = load_workbook("空表.xlsx")
    form, notes = workbook.worksheets
    lists = {str(one.sqref): one.formula1 for one in form.data_validations.dataValidation if one.type == "list"}
    assert lists == {"D4:D303": '"补发,扣款,暂缓发放,恢复发放,退回"', "G4:G303": '"结存"'}
    assert [cell.value for cell in notes[4]] == [
        "补发",
        "账户 → 本人",
        "结存",
        "每人每期 200.00 元,每次核算合计 300.00 元",
    ]
    empty = ruled("adjust", "import", "空表.xlsx", *SPECS, "--period", "2025-06", "--json")
    assert (empty.exit, empty.json["rows"], empty.json["issues"]) == (0, 0, [])
    for column, text in enumerate(("000101", "赵一", None, "补发", "120.50", "夜班补发", "结存", "漏报", "文"), 1):
        form.cell(4, column).value = text
    workbook.save("填好.xlsx")
    told = ruled("adjust", "import", "填好.xlsx", *SPECS, "--period", "2025-06", "--accept", "--by", "张三", "--json")
    assert told.exit == 0
    assert [(one["subject"], one["kind"], one["amount_fen"]) for one in told.json["entered"]] == [
        ("000101", "pay", 12050)
    ]


def test_the_template_of_a_month_without_a_rule_offers_only_what_charges_no_account(month):
    assert month("adjust", "template", *SPECS, "--period", "2025-06", "-o", "空表.xlsx", "--json").json["kinds"] == 3
