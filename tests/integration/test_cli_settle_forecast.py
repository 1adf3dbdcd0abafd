"""`settle-forecast` from the terminal, in both languages, and what it refuses."""

import pytest
from openpyxl import Workbook
from rich.cells import cell_len

RULES = """\
---
measure: outlay
title: {zh: 医保支出, en: Outlay}
answers: number
unit: yuan
digits: 2
level: consortium
roll_up: sum
---
measure: budget
title: {zh: 全年预算, en: Budget}
answers: number
unit: yuan
digits: 2
level: consortium
roll_up: none
period: year
---
measure: spending
title: {zh: 全年支出, en: Spending}
answers: number
unit: yuan
digits: 2
level: consortium
roll_up: none
period: year
---
distribution: surplus
title: {zh: 结余分配, en: Surplus}
period: year
per: consortium
among: members
fund: budget - spending
source: {document: 试行办法, clause: 第九条}
steps:
  - apportion: {by: 1, line: 结余}
"""
ASK = ("settle-forecast", "G1", "--through", "2025-02", "--specs", "rules", "--spending", "outlay")


@pytest.fixture
def spent(month):
    month.write({"rules/settlement.yaml": RULES})
    for period, rows in (
        ("2025-01", [("医保支出", 100)]),
        ("2025-02", [("医保支出", 140)]),
        ("2025", [("全年预算", 2000)]),
    ):
        book = Workbook()
        sheet = book.active
        sheet.append(["机构编码", *(name for name, _ in rows)])
        sheet.append(["G1", *(amount for _, amount in rows)])
        book.save(month.folder / f"{period} 医保办.xlsx")
        said = month(
            "import", f"{period} 医保办.xlsx", "--specs", "rules", "--period", period, "--accept", "--by", "张三"
        )
        assert said.exit == 0, said.err + said.out
    return month


def test_the_answer_for_programs_is_exact(spent):
    found = spent(*ASK, "--json").json
    assert found["method"] == "straight"
    assert found["spent"] == "240"
    assert found["outcome"]["expected"] == {"spending": "1440", "fund_fen": 56000}
    assert (found["outcome"]["low"]["fund_fen"], found["outcome"]["high"]["fund_fen"]) == (76000, 36000)
    assert sum(member["expected_fen"] for member in found["members"]) == 56000


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", ["80", "120"])
def test_people_read_it_at_either_width(spent, monkeypatch, width, lang):
    monkeypatch.setenv("COLUMNS", width)
    monkeypatch.setenv("PERF_LANG", lang)
    said = spent(*ASK, "--year", "2025")
    assert said.exit == 0
    tables = [line for line in said.out.splitlines() if "│" in line or "┃" in line]
    assert max(map(cell_len, tables)) <= int(width)
    assert ("直线" if lang == "zh" else "straight line") in said.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--year", "2024"), 2),
        (("--rule", "nothing"), 2),
        (("--as", "nothing"), 2),
        (("--through", "2025"), 2),
        (("--through", "2026-01"), 4),
    ],
)
def test_what_cannot_be_meant_is_refused(spent, words, code):
    assert spent(*ASK, *words).exit == code


def test_where_no_rule_looks_at_the_spending_it_says_what_the_rules_look_at(spent):
    spent.write({"rules/settlement.yaml": RULES.replace("budget - spending", "budget")})
    said = spent(*ASK)
    assert said.exit == 2
    assert "surplus:budget" in said.err
    assert "--spending" in said.err
