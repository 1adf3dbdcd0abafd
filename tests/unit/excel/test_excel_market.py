"""Sheets of an internal market: 提供方/对方单位/项目/数量, read and written."""

import pytest
from excel_building import JUNE, sheet_bytes

from perf.excel import read_facts
from perf.excel.template import ServiceForm, TemplateOrder, template
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.subjects import Roster, Segment
from perf.specs.book import load_book

RULES = """
measure: given
title: 提供内部服务数量
unit: items
digits: 0
level: institution
range: {min: 0}
supplied_by: 医务科
---
measure: got
title: 接受内部服务数量
unit: items
digits: 0
level: institution
range: {min: 0}
supplied_by: 医务科
---
accounts: {pool: {of: institution, kind: fund, title: 绩效资金}}
---
list: services
title: 内部服务
items: {image: {title: 远程影像诊断, price: 30}, ecg: {title: 远程心电诊断, price: 12}}
---
distribution: market
title: 内部市场
period: month
per: consortium
among: members
fund: 0
steps:
  - transfer: {list: services, provided: given, received: got, price: item.price, account: pool}
"""
BOOK, _ = load_book({"r.yaml": RULES})
ROSTER = Roster(
    [
        Segment("G1", "consortium", "", "", attributes={"name": "甲县医共体"}),
        Segment("LJ01", "institution", "", "G1", attributes={"name": "甲县医院"}),
        Segment("LJ02", "institution", "", "G1", attributes={"name": "泥河镇卫生院"}),
        Segment("LJ03", "institution", "", "G1", attributes={"name": "龙桥镇卫生院"}),
    ]
)


def read(headers, *rows, name="2025-06 内部服务.xlsx"):
    return read_facts(name, sheet_bytes([headers, *rows]), BOOK, ROSTER)


def keys(reading):
    return [(f.key.subject, f.key.measure, f.key.item, f.key.counterparty, f.value) for f in reading.rows]


@pytest.mark.parametrize(
    ("headers", "measure"),
    [
        (("提供方", "对方单位", "项目", "数量"), "given"),
        (("提供方", "接受方", "项目", "数量"), "given"),
        (("提供方", "接受方", "服务项目", "数量(例)"), "given"),
        (("接受方", "对方单位", "项目", "数量"), "got"),
        (("接受方", "提供方", "项目", "数量"), "got"),
        (("提供方", "对方单位", "项目", "提供内部服务数量(件)"), "given"),
    ],
)
def test_who_reports_decides_which_measure_a_bare_count_is(headers, measure):
    reading = read(headers, ("甲县医院", "泥河镇卫生院", "远程影像诊断", 12), ("LJ01", "LJ03", "ecg", "7"))
    assert [issue.render() for issue in reading.issues if issue.is_error] == []
    assert keys(reading) == [("LJ01", measure, "ecg", "LJ03", 7), ("LJ01", measure, "image", "LJ02", 12)]


def test_a_bare_count_beside_no_side_is_not_read():
    reading = read(("机构名称", "对方单位", "项目", "数量"), ("甲县医院", "泥河镇卫生院", "远程影像诊断", 12))
    assert keys(reading) == []


@pytest.mark.parametrize(
    ("row", "code", "severity"),
    [
        (("甲县医院", "某某医院", "远程影像诊断", 12), "institution-unknown", "error"),
        (("某某医院", "甲县医院", "远程影像诊断", 12), "institution-unknown", "error"),
        (("甲县医院", "泥河镇卫生院", "推拿", 12), "item-unknown", "warning"),
        (("甲县医院", "泥河镇卫生院", "远程影像诊断", -2), "out-of-range", "error"),
        (("甲县医院", "泥河镇卫生院", "远程影像诊断", 2.5), "too-many-digits", "error"),
        (("甲县医院", "泥河镇卫生院", "远程影像诊断", "十二"), "number-in-words", "error"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_at_its_cell(row, code, severity):
    reading = read(("提供方", "对方单位", "项目", "数量"), row, ("甲县医院", "龙桥镇卫生院", "远程心电诊断", 1))
    assert (code, severity) in [(issue.code, issue.severity) for issue in reading.issues]
    assert ("LJ01", "given", "ecg", "LJ03", 1) in keys(reading)


def test_the_template_lists_every_pair_and_item_and_is_read_back():
    measures = list(BOOK.measures.values())
    items = {"image": "远程影像诊断", "ecg": "远程心电诊断"}
    forms = [ServiceForm("提供方", BOOK.measures["given"], items), ServiceForm("接受方", BOOK.measures["got"], items)]
    facts = [
        Fact(FactKey("LJ01", "given", JUNE, "image", "LJ02"), 12),
        Fact(FactKey("LJ02", "got", JUNE, "image", "LJ01"), 11),
    ]
    whole = template(measures, ROSTER, TemplateOrder(JUNE), Facts(facts), forms)
    reading = read_facts("x.xlsx", whole, BOOK, ROSTER)
    assert [issue.render() for issue in reading.issues if issue.severity != "info"] == []
    assert keys(reading) == [("LJ01", "given", "image", "LJ02", 12), ("LJ02", "got", "image", "LJ01", 11)]
    own = template(measures, ROSTER, TemplateOrder(JUNE, institution="LJ02"), services=forms)
    empty = read_facts("x.xlsx", own, BOOK, ROSTER)
    assert empty.rows == ()
    assert [issue.render() for issue in empty.issues if issue.is_error] == []
