"""What a new file of payroll, adjustments or corrections says at first: whole, switched off, with 待填 to be decided."""

from perf.services.new_rule_texts import SOURCE, NewRule

_NEXT = "perf-pay specs check 文件夹 → specs explain {code} --specs 文件夹"


def payroll(new: NewRule) -> tuple[str, str]:
    """A payroll by the national tax tables with one contribution, switched off; its measures are its own."""
    text = f"""# 缴费基数:由人事科报的数
measure: {new.code}_base
title: {{zh: {new.title}缴费基数}}
unit: yuan
level: person
range: {{min: 0}}
# 待填:supplied_by: 人事科
---
# 代扣规则:从应发到实发。程序的规则库已有一份(withholding),只改当地的数时写层即可。填好后:{_NEXT.format(code=new.code)}
payroll: {new.code}
title: {{zh: {new.title}}}
employer: institution       # 待定:谁扣缴 institution 本人所在单位 | consortium 医共体统一
enabled: no                 # 填好、确认之后改为 yes;同一时期只能启用一条代扣规则
from: {new.year}-01
{SOURCE}method: net                 # 待定:net 算到实发 | gross_only 工资在别的系统算,只给应发
tax:                        # 国家统一的累计预扣税率表
  basic: 5000
  rows:
    - {{to: 36000, rate: 3%}}
    - {{to: 144000, rate: 10%}}
    - {{to: 300000, rate: 20%}}
    - {{to: 420000, rate: 25%}}
    - {{to: 660000, rate: 30%}}
    - {{to: 960000, rate: 35%}}
    - {{rate: 45%}}
contributions:              # 待填:本县公布的五险一金,逐项写比例、基数上下限(元)
  pension: {{title: 基本养老保险, base: {new.code}_base, rate: 8%, floor: 4000, cap: 20000}}
"""
    cases = f"""# 待填:改了比例、上下限,算例随之改;手算得数写在注释里
- case: 应发 10000 元,基数 5000 元
  of: {new.code}
  period: {new.year}-01
  given: {{pay: {{绩效: 10000}}, {new.code}_base: 5000}}
  # 5000 × 8% = 400;10000 − 5000 − 400 = 4600,× 3% = 138;10000 − 400 − 138 = 9462
  expect: {{deductions: 400, taxable: 4600, tax: 138, net: 9462}}
"""
    return text, cases


def adjustments(new: NewRule) -> tuple[str, str]:
    """Limits of what is entered by hand, charged to a reserve of its own, switched off."""
    text = f"""# 承担补发、收下扣款的账户
accounts: {{{new.code}_reserve: {{of: institution, kind: reserve, title: {new.title}专项}}}}
---
# 一次性项目与扣发:能动用哪些账户、至多多少。填好后:{_NEXT.format(code=new.code)}
adjustments: {new.code}
title: {{zh: {new.title}}}
enabled: no                 # 填好、确认之后改为 yes;同一天只能启用一条
from: {new.year}-01
{SOURCE}limits:                     # 待定:元;person 每人每期,run 每次核算合计;没写的类型不限
  pay: {{person: 3000, run: 50000}}
  deduct: {{person: 2000}}
  write_off: {{person: 2000, run: 20000}}
charge:                     # 待定:账户 → 可做什么 pay 补发 | deduct 扣款 | stop 停发 | write_off 核销
  {new.code}_reserve: [pay, deduct, stop, write_off]
take_back_at_most: 20%      # 待定:扣款和收回应收至多占本人当期应发的多少
"""
    return text, ""


def corrections(new: NewRule) -> tuple[str, str]:
    """How differences of corrected months are settled, switched off."""
    text = f"""# 更正规则:已发布的月份更正以后,差额怎样结算。填好后:{_NEXT.format(code=new.code)}
corrections: {new.code}
title: {{zh: {new.title}}}
enabled: no                 # 填好、确认之后改为 yes;同一天只能启用一条
from: {new.year}-01
{SOURCE}mode: rebalance             # 待定:rebalance 每个人的差额都结算 | charge 只与数据、任职有变的人结算,其余由 reserve 承担
# reserve: staff_reserve    # mode: charge 时必写:承担差额的预留账户(在 accounts 里声明)
claw_back_at_most: 20%      # 待定:一个月至多扣回当月应发的多少,其余记应收
"""
    return text, ""
