"""What a new rule file says at first: whole, switched off, with 待填 where the office has to decide."""

from collections.abc import Sequence
from typing import NamedTuple

_NEXT = "perf-pay specs check 文件夹 → specs test 文件夹 → specs explain {code} --specs 文件夹"
SOURCE = "# 待填:依据(没有依据会警告)\n# source: {document: 县医共体〔2025〕7号, clause: 附件2第3条}\n"
"""Comment where the source is to be filled in."""


class NewRule(NamedTuple):
    """What a scaffold is made for; `year` begins its first version."""

    code: str
    title: str
    year: int
    value: str = ""
    indicators: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()


def measure(new: NewRule) -> tuple[str, str]:
    """A measure; measures have no cases."""
    text = f"""# 数据项:报上来的一个数
measure: {new.code}
title: {{zh: {new.title}}}
answers: number             # 待定:number 数 | score 评分 | rating 等级 | event 事件 | text 文字
unit: number                # 待定:人次 元 % 天 ……,见 docs/rules.md“数字和单位”
level: institution          # 待定:最低由哪一级上报
roll_up: sum                # 待定:上级怎样汇总 sum | mean | last | none
range: {{min: 0}}
# 待填:由哪个科室提供(没有会警告)
# supplied_by: 医务科
"""
    return text, ""


def indicator(new: NewRule) -> tuple[str, str]:
    """An indicator with its cases; without a formula it counts two measures of its own."""
    own = "" if new.value else _two_measures(new)
    value = new.value or f"{new.code}_done / {new.code}_all"
    text = f"""{own}# 指标:由数据算出的值及其得分。填好后:{_NEXT.format(code=new.code)}
indicator: {new.code}
title: {{zh: {new.title}}}
level: institution          # 待定:考核哪一级
unit: number                # 待定:比例写 percent,分界值随之写百分号
direction: higher           # 待定:higher 越高越好 | lower 越低越好 | range 适度 | monitored 只监测
confidence: proposal
enabled: no                 # 填好、确认之后改为 yes;在此之前不计分
from: {new.year}-01
{SOURCE}{_listed(new.suggestions)}value: {value}
points: {{curve: linear, through: [[0, 0], [1, 100]]}}   # 待定:计分方法和分界值
no_value: {{missing: block, denominator_zero: not_applicable}}
"""
    if new.value:
        cases = f"""# 待填:再加正好在界限上、刚低于、刚高于界限的算例,手算得数写在注释里
- case: 没有报数据,暂不能计分
  of: {new.code}
  period: {new.year}-01
  expect: {{status: missing}}
"""
        return text, cases
    cases = f"""# 待填:改了公式或分界值,算例随之改;手算得数写在注释里
- case: 一半完成得一半的分
  of: {new.code}
  period: {new.year}-01
  given: {{{new.code}_done: 50, {new.code}_all: 100}}
  # 50 ÷ 100 = 0.5;0.5 × 100 = 50
  expect: {{value: 0.5, points: 50}}
- case: 没有应做的,不适用
  of: {new.code}
  period: {new.year}-01
  given: {{{new.code}_done: 0, {new.code}_all: 0}}
  expect: {{status: not_applicable}}
"""
    return text, cases


def scheme(new: NewRule) -> tuple[str, str]:
    """A scheme of the given indicators in one dimension, switched off."""
    items = "".join(f"      {code}: {{out_of: 100}}\n" for code in new.indicators)
    text = f"""# 考核方案:得分 → 总分 → 等次 → 系数。填好后:{_NEXT.format(code=new.code)}
scheme: {new.code}
title: {{zh: {new.title}}}
of: {{level: institution}}    # 待定:考核谁;可加 kind: [township_hospital],人员写 {{level: person, where: …}}
period: month
enabled: no                 # 填好、确认之后改为 yes;在此之前只按名称运行
from: {new.year}-01
{SOURCE}dimensions:
  main:                     # 待定:维度;各维度 weight 合计 100
    weight: 100
    indicators:             # 待定:各项分值
{items}grades: [[优秀, 90], [良好, 80], [合格, 60], [不合格, 0]]
coefficient: {{curve: steps, at: [[0, 0.8], [60, 1]]}}   # 待定
"""
    full = ", ".join(f"{code}: 100" for code in new.indicators)
    bare = ", ".join(f"{code}: 59.99" for code in new.indicators)
    cases = f"""- case: 各项满分
  of: {new.code}
  period: {new.year}-01
  given: {{{full}}}
  expect: {{total: 100, grade: 优秀, coefficient: 1}}
- case: 差一分钱到合格
  of: {new.code}
  period: {new.year}-01
  given: {{{bare}}}
  expect: {{total: 59.99, grade: 不合格, coefficient: 0.8}}
"""
    return text, cases.replace("差一分钱到合格", "差 0.01 分到合格")


def distribution(new: NewRule) -> tuple[str, str]:
    """A distribution of a reported fund in equal shares, switched off."""
    text = f"""# 资金池:由财务科报的数
measure: {new.code}_fund
title: {{zh: {new.title}资金}}
unit: yuan
level: institution
range: {{min: 0}}
# 待填:supplied_by: 财务科
---
# 分配规则。填好后:{_NEXT.format(code=new.code)}
distribution: {new.code}
title: {{zh: {new.title}}}
period: month
per: institution            # 每个机构一池
among: staff                # 待定:分给谁,可写 staff where head == no
enabled: no                 # 填好、确认之后改为 yes;在此之前不分钱
from: {new.year}-01
{SOURCE}fund: {new.code}_fund     # 待定:也可写 balance(账户)
steps:
  - apportion: {{by: 1, line: {new.title}}}   # 待定:分配权,例如 post_coefficient * score / 100(写 uses)
"""
    cases = f"""- case: 一百元三人均分,零头一分归编号在前的
  of: {new.code}
  period: {new.year}-01
  given: {{fund: 100.00, claims: {{甲: {{}}, 乙: {{}}, 丙: {{}}}}}}
  # 丙、乙、甲按编号排:33.34 + 33.33 + 33.33
  expect: {{丙: 33.34, 乙: 33.33, 甲: 33.33}}
"""
    return text, cases


def layer(new: NewRule) -> tuple[str, str]:
    """A layer over the library that changes nothing yet."""
    text = f"""# 层:本县与规则库不同的地方。填好后:{_NEXT.format(code="规则代码")}
layer: {new.code}
title: {{zh: {new.title}}}
over: library               # 叠加在程序带来的规则库上;改动本文件夹的规则时删去这一行
from: {new.year}-01
source: {{document: 待填文件, clause: 待填条款}}   # 待填:印在通知单上
set: {{}}
# 待填:删去上一行的 {{}},逐行写 规则代码.键.键: 新内容,例如
#   signed_rate.points.through: [[30%, 0], [60%, 100]]
#   signed_rate.enabled: no
"""
    return text, f"# 待填:改动之后应得的结果,每个算例写 of: 规则代码(层 {new.code})\n"


def _two_measures(new: NewRule) -> str:
    parts = [("done", "完成数"), ("all", "应完成数")]
    return "".join(
        f"measure: {new.code}_{end}\ntitle: {{zh: {new.title}{name}}}\nunit: number\nlevel: institution\nroll_up: sum\n"
        f"range: {{min: 0}}\n# 待填:supplied_by: 医务科\n---\n"
        for end, name in parts
    )


def _listed(suggestions: Sequence[str]) -> str:
    if not suggestions:
        return ""
    return "# 可用的数据项:\n" + "".join(f"#   {line}\n" for line in suggestions)
