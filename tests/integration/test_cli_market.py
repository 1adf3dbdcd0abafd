"""The internal market from the terminal: sheets in, both sides beside each other, a difference mended and run again."""

import csv
import io

import pytest
from tests.integration.cli_june import SPECS, put
from tests.integration.cli_month_files import put_month, sheet

MARKET = """\
measure: given
title: {zh: 提供服务数量, en: Rendered}
unit: items
digits: 0
level: institution
range: {min: 0}
supplied_by: 医务科
---
measure: got
title: {zh: 接受服务数量, en: Obtained}
unit: items
digits: 0
level: institution
range: {min: 0}
supplied_by: 医务科
---
accounts: {own: {of: institution, kind: fund, title: 单位资金}}
---
list: services
title: 内部服务
items:
  imaging: {title: {zh: 远程影像, en: Imaging}, price: [{from: 2024-01, value: 30}], share: 60%}
  ecg: {title: {zh: 远程心电, en: ECG}, price: [{from: 2024-01, value: 20}], share: 60%}
---
distribution: cut
title: {zh: 切块, en: Cut}
period: month
per: consortium
among: members
fund: sum(members.pool_yuan)
source: {document: 试行办法, clause: 第四条}
steps: [{apportion: {by: pool_yuan}}]
---
distribution: market
title: {zh: 内部市场, en: Market}
period: month
per: consortium
among: members
fund: 0
source: {document: 试行办法, clause: 第五条}
steps:
  - transfer: {line: 内部市场, list: services, provided: given, received: got, price: item.price * item.share, account: own}
"""
PROVIDED = [
    ["提供方", "对方单位", "项目", "数量"],
    ["县人民医院", "泥河镇卫生院", "远程影像", 12],
    ["县人民医院", "T1", "ecg", 5],
]


def received(imaging: int) -> bytes:
    """What the township hospital says it got."""
    rows = [["县人民医院", "远程影像", imaging], ["H1", "远程心电", 5]]
    return sheet([["接受方", "对方单位", "项目", "数量"], *(["泥河镇卫生院", *row] for row in rows)], "接受")


@pytest.fixture
def market(terminal):
    """Everything imported; the two sides differ by two images."""
    put_month(terminal.folder)
    terminal.write({"rules/market.yaml": MARKET})
    assert terminal("init").exit == 0
    files = ["花名册.xlsx", "机构名单.xlsx", "2025-06 质控科.xlsx", "2025-06 财务科.xlsx"]
    files += [
        put(terminal, "2025-06 提供.xlsx", sheet(PROVIDED, "提供")),
        put(terminal, "2025-06 接受.xlsx", received(10)),
    ]
    assert terminal("import", *files, *SPECS, "--accept", "--by", "张三").exit == 0
    return terminal


def test_a_difference_is_seen_mended_by_a_new_import_and_settled_by_a_new_run(market):
    said = market("reconcile", "2025-06", *SPECS)
    assert said.exit == 1
    assert "G1 · 内部市场:2 项,一致 1 项,有差异 1 项,相差 36.00 元" in said.out
    assert "2025-06 提供.xlsx!提供!D2 ≠ 2025-06 接受.xlsx!接受!D2" in said.out.replace("\n", "")
    assert "远程心电" not in said.out
    (found,) = market("reconcile", "2025-06", *SPECS, "--json").json
    assert [
        (d["item"], d["provided"], d["received"], d["agreed"], d["amount"], d["disputed"]) for d in found["deals"]
    ] == [
        ("ecg", "5", "5", "5", "60.00", "0.00"),
        ("imaging", "12", "10", "10", "180.00", "36.00"),
    ]
    assert found["net_fen"] == {"H1": 24000, "T1": -24000}
    first = market("run", "2025-06", *SPECS, "--json")
    assert [i["code"] for i in first.json[0]["issues"] if i["severity"] == "warning"] == ["transfer-counts-differ"]

    put(market, "2025-06 接受 更正.xlsx", received(12))
    assert market("import", "2025-06 接受 更正.xlsx", *SPECS, "--accept", "--by", "张三", "--reason", "核对").exit == 0
    assert market("reconcile", "2025-06", *SPECS).exit == 0
    second = market("run", "2025-06", *SPECS, "--json")
    assert second.json[0]["issues"] == []
    shown = market("show", "2025-06", "--json").json
    assert shown["market"] == [
        {"subject": "H1", "name": "县人民医院", "earned_fen": 27600, "paid_fen": 0, "net_fen": 27600},
        {"subject": "T1", "name": "泥河镇卫生院", "earned_fen": 0, "paid_fen": 27600, "net_fen": -27600},
    ]
    amounts = {row["subject"]: row["amount_fen"] for row in shown["rows"] if row["subject"] in ("H1", "T1")}
    assert amounts == {"H1": 1234567 + 27600, "T1": 800000 - 27600}
    assert market("reconcile", "G1:2025-06#1").exit == 1  # as that run was computed
    assert market("reconcile", "G1:2025-06#2").exit == 0


def test_the_table_of_the_run_and_the_explanation_say_what_each_member_nets(market):
    assert market("run", "2025-06", *SPECS).exit == 0
    shown = market("show", "2025-06").out
    assert "内部市场(净额合计为 0)" in shown
    assert "-240.00" in shown
    explained = market("explain", "T1", "内部市场净额").out
    assert "内部市场净额  -240.00 元  8,000.00 → 7,760.00" in explained
    assert "2025-06 提供.xlsx!提供!D2" in explained
    assert "net of the internal market" in market("--lang", "en", "explain", "H1", "market").out


def test_all_deals_go_into_a_file(market):
    assert market("reconcile", "2025-06", *SPECS, "--all", "--out", "deals.csv").exit == 1
    rows = list(csv.DictReader(io.StringIO(market.read("deals.csv"))))
    assert [(r["provider"], r["receiver"], r["item"], r["price"]) for r in rows] == [
        ("H1", "T1", "ecg", "12"),
        ("H1", "T1", "imaging", "18"),
    ]
    assert rows[1]["received_cell"] == "2025-06 接受.xlsx!接受!D2"


def test_without_a_market_in_the_rules_reconcile_says_so(month):
    said = month("reconcile", "2025-06", *SPECS)
    assert said.exit == 4
    assert "transfer" in said.err


def test_the_template_of_a_member_is_filled_in_and_comes_back(market):
    assert market("template", "--period", "2025-06", "--institution", "T1", *SPECS, "-o", "T1.xlsx").exit == 0
    said = market("import", "--check", "T1.xlsx", *SPECS, "--json")
    assert said.json["verdict"] in ("accept", "warn")
