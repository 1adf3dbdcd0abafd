"""The workbooks of a small county as an HR clerk has them: institutions, roster, and facts of two months."""

import io
from pathlib import Path

from openpyxl import Workbook

MEASURES = """\
measure: pool_yuan
title: {zh: 绩效总额, en: Pool}
answers: number
unit: yuan
digits: 2
level: institution
supplied_by: 财务科
---
measure: work_score
title: {zh: 工作得分, en: Work}
answers: score
unit: points
digits: 2
level: person
range: {min: 0, max: 100}
supplied_by: 质控科
---
measure: nights
title: {zh: 夜班数, en: Nights}
answers: number
unit: items
digits: 0
level: person
supplied_by: 质控科
---
attributes: {name: 姓名, category: 人员类别, post_coefficient: 岗位系数}
---
accounts:
  saved: {of: institution, kind: reserve, title: 结存}
"""
RULES = """\
indicator: work
title: {zh: 工作质量, en: Work}
level: person
unit: points
direction: higher
confidence: A
value: work_score
digits: exact
points: {curve: entered, full: 100}
source: {document: 试行办法, clause: 第一条}
no_value: block
---
scheme: staff
title: {zh: 职工考核, en: Staff}
of: {level: person}
period: month
source: {document: 试行办法, clause: 第二条}
dimensions:
  all: {title: {zh: 全部, en: All}, weight: 100, indicators: {work: {out_of: 100}}}
rank: {of: total, ties: competition}
grades: [[优秀, 90], [合格, 60], [不合格, 0]]
---
distribution: pay
title: {zh: 职工绩效, en: Pay}
period: month
per: institution
among: staff
uses: {score: [staff]}
fund: pool_yuan
source: {document: 试行办法, clause: 第三条}
steps:
  - take: {to: saved, amount: 3% * fund}
  - pay: {line: 夜班费, amount: 80.5 * nights}
  - apportion: {by: post_coefficient * score / 100, line: 绩效}
on_missing_score: hold_at(full)
"""
CASES = """\
- case: 得分就是得分
  of: work
  given: {work_score: 88}
  expect: {points: 88}
- case: 七十五分合格
  of: staff
  given: {work: 75}
  expect: {total: 75, grade: 合格}
- case: 一百元提三元,其余对半
  of: pay
  given: {fund: 100.00, claims: {甲: {post_coefficient: 1, nights: 0, score: 80}, 乙: {post_coefficient: 1, nights: 0, score: 80}}}
  expect: {甲: 48.5, 乙: 48.5, reserve:saved: 3}
"""
INSTITUTIONS = [
    ["机构编码", "机构名称", "类型", "层级", "上级", "级别"],
    ["LJ", "示范县", "", "", "", "县"],
    ["G1", "县人民医院医共体", "医共体", "", "LJ", "医共体"],
    ["H1", "县人民医院", "县级医院", "县级", "G1", "机构"],
    ["T1", "泥河镇卫生院", "乡镇卫生院", "乡镇", "G1", "机构"],
]
PEOPLE = [
    ["工号", "姓名", "机构编码", "岗位", "人员类别", "岗位系数", "起始日期"],
    ["000101", "赵一", "H1", "主任医师", "医生", "1.5", "2020-01-01"],
    ["000102", "钱㛃", "H1", "主管护师", "护士", "1.1", "2020-01-01"],
    ["000103", "孙三", "H1", "会计", "行政后勤", "1", "2020-01-01"],
    ["000201", "李四", "T1", "全科医生", "医生", "1.2", "2020-01-01"],
    ["000202", "王芳", "T1", "护士", "护士", "1", "2020-01-01"],
]
SCORES = {"000101": "92.35", "000102": "88", "000103": "71.57", "000201": "60", "000202": "95.5"}
NIGHTS = {"000101": 3, "000102": 5, "000103": 0, "000201": 2, "000202": 0}
POOLS = {"H1": "12345.67", "T1": "8000.00"}


def sheet(rows: list[list[object]], title: str) -> bytes:
    """A workbook with one sheet."""
    book = Workbook()
    made = book.active
    assert made is not None
    made.title = title
    for row in rows:
        made.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def scores_sheet(**scores: str) -> bytes:
    """得分 and nights of everybody; `n000101="85"` changes one, an empty text leaves it out."""
    given = SCORES | {number.removeprefix("n"): text for number, text in scores.items()}
    rows: list[list[object]] = [["工号", "姓名", "工作得分", "夜班数"]]
    names = {str(row[0]): row[1] for row in PEOPLE[1:]}
    rows += [[number, names[number], float(text) if text else None, NIGHTS[number]] for number, text in given.items()]
    return sheet(rows, "质控")


def pools_sheet(**pools: str) -> bytes:
    """The pools of both houses."""
    rows: list[list[object]] = [["机构编码", "绩效总额(元)"]]
    return sheet([*rows, *([house, float(yuan)] for house, yuan in (POOLS | pools).items())], "财务")


def put_month(folder: Path) -> None:
    """Rules, roster and the workbooks of June."""
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "rules" / "measures.yaml").write_text(MEASURES, encoding="utf-8")
    (folder / "rules" / "pay.yaml").write_text(RULES, encoding="utf-8")
    (folder / "rules" / "pay.cases.yaml").write_text(CASES, encoding="utf-8")
    (folder / "机构名单.xlsx").write_bytes(sheet(INSTITUTIONS, "机构名单"))
    (folder / "花名册.xlsx").write_bytes(sheet(PEOPLE, "花名册"))
    (folder / "2025-06 质控科.xlsx").write_bytes(scores_sheet())
    (folder / "2025-06 财务科.xlsx").write_bytes(pools_sheet())
