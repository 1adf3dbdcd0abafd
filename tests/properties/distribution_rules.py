"""Random rules for money, as text: every step and choice of distributions, adjustments, corrections and payroll.

A rule is made by a chooser, which takes one of several texts: hypothesis in the properties; a seeded one in the test that
holds what can be produced against the closed sets of the language (`test_distribution_coverage`).
"""

from collections.abc import Callable, Sequence

Choose = Callable[[str, Sequence[str]], str]
METHODS = ("largest_remainder", "jefferson", "webster", "huntington_hill", "first")
PERIODS = ("month", "quarter", "year")
PARTS = {
    "month": ("12", "[1, 1, 1, 1, 1, 7, 0, 0, 0, 0, 0, 3]"),
    "quarter": ("4", "[1, 2, 0, 3]"),
    "year": ("1", "[2]"),
}
OWNERS = (*["institution"] * 7, "consortium", "department", "team", "county", "city", "person")
NOT_WITH = ("", "", "not_with: [other_pay]\n")
NO_YES = ("", "", "yes")


def maybe(choose: Choose, label: str, text: str) -> str:
    """The text or nothing."""
    return choose(label, ("", text))


def measures(period: str, per: str, *, months: bool) -> str:
    """The measures and accounts that the rules read; `months`: those of payroll and of the market too."""

    def one(code: str, unit: str, level: str, digits: int = 2) -> str:
        return f"{{measure: {code}, title: {code}, unit: {unit}, digits: {digits}, level: {level}, period: {period}}}\n---\n"

    of_steps = (
        one("pool_total", "yuan", per)
        + one("entered_yuan", "yuan", "person")
        + "".join(one(code, "items", "person", 0) for code in ("nights", "entered_points", "operations"))
        + "attributes: {weight: 权数, category: 类别, head: 负责人, bonus_choice: 计税}\n---\n"
        + "{list: services, title: 服务, items: {ecg: {title: 心电, price: 10.01, split: 3}, ct: {title: 影像, price: 40, split: 7}}}\n"
    )
    of_payroll = ("insurance_base", "base_pay", "allowance", "special", "annuity", "dues")
    of_months = "".join(one(code, "yuan", "person") for code in of_payroll) + "".join(
        one(code, "items", "institution", 0) for code in ("rendered", "obtained")
    )
    return (of_months if months else "") + of_steps


def accounts(choose: Choose, *, exact: bool) -> str:
    """`other` belongs to any level, though checks refuse another one than the owner's: owners may meet in it then.

    `exact`: of the owners' own level, for what one pays into a common account may count as paid by the other.
    """
    levels = (
        ("institution",) if exact else ("institution", "consortium", "department", "team", "county", "city", "person")
    )
    level = choose("other.of", levels)
    kind = choose("other.kind", ("reserve",) if exact else ("reserve", "reserve", "quota"))
    return f"""accounts:
  saved: {{of: institution, kind: reserve, title: 结存}}
  other: {{of: {level}, kind: {kind}, title: 另存}}
  pool: {{of: institution, kind: fund, title: 单位资金}}
  year_end: {{of: person, kind: reserve, title: 年终}}
"""


def _rounding(choose: Choose) -> tuple[str, str]:
    """As written, and as told in the line."""
    unit = choose("rounding.unit", ("", "0.01", "1", "100"))
    if not unit:
        return "", "u1"
    leftover = choose("rounding.leftover", (*METHODS, "{to: saved}", "{to: '0000'}"))
    told = {"0.01": "u1", "1": "u100", "100": "u10000"}[unit]
    return f", rounding: {{unit: {unit}, leftover: {leftover}}}", told + ("b" if "to:" in leftover else "")


def _by(choose: Choose, *, exact: bool) -> str:
    known = ("weight", "weight * score / 100")
    return choose(
        "by",
        known if exact else (*known * 2, "own + 1", "nights", "1", "1", "if(head == yes, parent.pool_total, weight)"),
    )


def _apportion(choose: Choose, number: str, *, exact: bool) -> str:
    floor, cap = choose("floor", ("0", "0", "5", "40")), choose("cap", ("0", "0", "60", "500", "5000"))
    bounds = (f", floor: {floor}" if floor != "0" else "") + (f", cap: {cap}" if cap != "0" else "")
    gets = ("max(claims)", "sum(claims)") + (
        () if exact else ("mean(top(3, claims))", "mean(claims(category == doctor))")
    )
    derived = maybe(choose, "derived", f', derived: [{{where: head == yes, by: "{choose("gets", gets)}"}}]')
    amount, ties = maybe(choose, "amount", ", amount: rest / 2"), maybe(choose, "ties", ", ties: id")
    rounding, told = _rounding(choose)
    line = f", line: 分{number}f{floor}c{cap}{told}"
    more = rounding + choose("prorate", ("", "", ", prorate: here", ", prorate: posts"))
    return f"apportion: {{by: {_quoted(_by(choose, exact=exact))}{line}{bounds}{derived}{amount}{ties}{more}}}"


def _quoted(formula: str) -> str:
    return f'"{formula}"'


def _entered(choose: Choose, number: str, *, exact: bool) -> str:
    what = choose("entered", ("amount: entered_yuan", "weight: entered_points", "amount: rest / count"))
    limits = maybe(choose, "entered.floor", ", floor: 1") + maybe(choose, "entered.cap", ", cap: 900")
    spread = (
        "",
        ", spread: {at_least: 1.1}",
        ", spread: {at_most: 30}",
        ", spread: {of: max_mean, at_least: 1, at_most: 4}",
    )
    own = maybe(choose, "entered.own", ', own: {where: head == yes, gets: "max(claims)"}')
    usual = "1" if exact else "weight"
    more = choose("expected", ("", f", expected: {usual}", f", expected: {usual}, on_break: formula"))
    rounding, _ = _rounding(choose)
    return f"entered: {{line: 录入{number}, {what}{limits}{choose('spread', spread)}{own}{more}{rounding}}}"


LADDERS = (
    "[{from: 90, gives: 100%, reward: 5%, say: 通报表扬}, {from: 60, gives: 100%, less: 3%, below: 80}, {from: 0, gives: 0%}]",
    "[{from: 90, gives: 100%}, {from: 0, gives: pro_rata, of: 95}]",
)


def _ladder(choose: Choose, number: str) -> str:
    extra = maybe(choose, "ladder.forfeited", ", forfeited: {to: other}") + maybe(
        choose, "ladder.payer", ", reward_payer: 财政"
    )
    amount, points = choose("ladder.amount", ("weight", "20", "10 * weight")), _points(choose)
    return f"ladder: {{line: 阶梯{number}, of: score, amount: {amount}, {points}rows: {choose('ladder.rows', LADDERS)}{extra}}}"


def _points(choose: Choose) -> str:
    return choose("points", ("", "points: started, ", "points: completed, "))


def _schedule(choose: Choose, number: str, period: str) -> str:
    parts = choose("parts", PARTS[period])
    more = maybe(choose, "schedule.to", ", to: other") + maybe(choose, "schedule.payer", ", payer: 财政")
    more += choose("catch_up", ("", ", catch_up: yes", ", catch_up: yes, overpaid: wait"))
    more += choose("schedule.unit", ("", ", unit: 1", ", unit: 100"))
    return f"schedule: {{line: 预拨{number}, amount: 61.77, parts: {parts}{more}}}"


def _release(choose: Choose, number: str) -> str:
    source, share = (
        choose("release.from", ("year_end", "held")),
        choose("release.share", ("50%", "100%", "120%", "score / 80")),
    )
    rest = choose("release.rest", ("", ", forfeited: {to: other}", ", forfeited: {to: rest}", ", keep: yes"))
    more = maybe(choose, "release.where", ", where: head == no") + maybe(choose, "release.extra", ", extra: refuse")
    return f"release: {{line: 兑现{number}, from: {source}, share: {share}{rest}{more}}}"


def _pay(choose: Choose, number: str) -> str:
    what = choose("pay", ("amount: 8 * nights", "amount: 8 * nights", "amount: operations * 12.345, each: operations"))
    more = choose("short", ("", ", short: scale", ", short: scale")) + maybe(choose, "pay.payer", ", payer: 财政")
    more += maybe(choose, "pay.where", ", where: head == no") + maybe(choose, "at_most", ", at_most: 20.555")
    more += choose("pay.unit", ("", "", ", unit: 1"))
    return f"pay: {{line: 夜班{number}, {what}{more}}}"


def _hold(choose: Choose, number: str) -> str:
    more = maybe(choose, "hold.to", ", to: year_end") + maybe(choose, "hold.where", ", where: category == doctor")
    return f"hold: {{share: {choose('hold.share', ('10%', '33.3%', '0%'))}, line: 暂留{number}{more}}}"


def _split(choose: Choose, number: str, period: str, depth: int, *, exact: bool) -> str:
    empty = choose("on_empty", ("reshare", "hold", "{to: other}"))
    line = maybe(choose, "split.line", f"line: 分块{number}, ")
    inner = ", ".join(f"{{{one}}}" for one in steps(choose, period, exact=exact, depth=depth + 1))
    shares = "{doctor: 50, nurse: 40, admin: 10}"
    return f"split: {{by: category, {line}shares: {shares}, on_empty: {empty}, steps: [{inner}]}}"


def steps(choose: Choose, period: str, *, exact: bool, depth: int = 0) -> list[str]:
    """The lines of a list of steps. `exact`: weights stand only in claims, and no claim is rounded."""
    kinds = [
        "take",
        "pay",
        "gate",
        "apportion",
        "apportion",
        "apportion",
        "hold",
        "hold",
        "entered",
        "schedule",
        "release",
    ]
    kinds += [] if exact else ["ladder", "named"]
    kinds += ["split"] if depth < 2 else []
    found = []
    for number in range(int(choose("steps", ("1", "2", "3", "4") if depth else ("1", "2", "3", "4", "5")))):
        mark = f"{depth}{number}"
        match choose("step", kinds):
            case "take":
                line = maybe(choose, "take.line", f", line: 提取{mark}")
                share = choose("take", ("0", "7", "60"))
                found.append(f"take: {{to: saved, amount: {share}% * rest{line}}}")
            case "named":
                amount = choose("named", ("tenth / 10", "upper / 10", "whole / 10", "kept(75) * 10"))
                found.append(f"take: {{to: other, amount: {amount}}}")
            case "gate":
                when = choose("gate", ("score < 60", "category == nurse", "nights > 3"))
                found.append(f"gate: {{when: {when}, to: rest}}")
            case "pay":
                found.append(_pay(choose, mark))
            case "apportion":
                found.append(_apportion(choose, mark, exact=exact))
            case "hold":
                found.append(_hold(choose, mark))
            case "entered":
                found.append(_entered(choose, mark, exact=exact))
            case "schedule":
                found.append(_schedule(choose, mark, period))
            case "release":
                found.append(_release(choose, mark))
            case "ladder":
                found.append(_ladder(choose, mark))
            case _:
                found.append(_split(choose, mark, period, depth, exact=exact))
    if choose("remainder", ("", "yes") if depth == 0 else NO_YES[:1]):
        found.append("remainder: {to: saved}")
    return found


def _named(choose: Choose) -> str:
    mode, cap = maybe(choose, "bands.mode", ", mode: whole"), maybe(choose, "bands.cap", ", cap: 50")
    points = _points(choose)
    rows = "[{to: 50%, share: 20%}, {over: 50%, share: 10%}]"
    return f"""let: {{own: {{for: each, value: 2 * weight}}, tenth: {{value: 10% * pool_total, title: 一成}}}}
bands: {{upper: {{amount: pool_total, of: 1000, rows: {rows}}}, whole: {{amount: pool_total, of: 900, rows: {rows}{mode}{cap}}}}}
ladders: {{kept: {{{points}rows: {choose("kept.rows", LADDERS)}}}}}
curves: {{bent: {{curve: linear, through: [[0, 0], [1, 100]]}}}}
parameters: {{rate: [{{from: 2020-01, value: 3}}]}}
tables: {{class_weight: {{doctor: 2, nurse: 1}}}}
"""


def staff_rule(choose: Choose, period: str, per: str, *, exact: bool = False) -> str:
    """The distribution `pay`, among staff."""
    missing = choose("missing", ("full",) if exact else ("full", "mean", "last"))
    fund = choose("fund", ("pool_total",) if exact else (*["pool_total"] * 4, "balance(pool)"))
    payers = ("", "payers: {shares: {中央: 60%, 县级: 40%}}\n")
    payers += ("payers: {shares: {中央: 61.7%, 县级: 38.3%}, unit: 1, balance: 县级}\n",)
    more = choose("payers", payers) if fund == "pool_total" else ""
    more += maybe(choose, "payer", "payer: 医保局\n") if not more else ""
    more += "" if exact else maybe(choose, "into", "into: year_end\n")
    among = "staff" if exact else choose("among", ("staff", "staff", "staff where head in (no, yes)"))
    uses = "uses: {score: [s, t]}\n"
    named = "" if not exact and choose("names", NO_YES) else _named(choose)
    told = "".join(f"  - {one}\n" for one in steps(choose, period, exact=exact))
    if not named:
        told = told.replace("tenth / 10", "1").replace("upper / 10", "1").replace("whole / 10", "1")
        told = told.replace("kept(75) * 10", "1").replace("own + 1", "2")
    if "into:" in more:
        told = told.replace(", to: year_end", "").replace("from: year_end", "from: held")
    switched = choose("announced", (*[""] * 3, "announced: yes\n"))
    switched += "" if exact else choose("enabled", (*[""] * 7, "enabled: no\n")) + choose("not_with", NOT_WITH)
    own = "" if exact else choose("versions.enabled", (*[""] * 7, "yes", "no"))
    dated = f"versions:\n  - enabled: {own}\n" if own else ""
    short = choose("fund.short", ("",) if exact else ("", *(f"short: {how}\n" for how in ("refuse", "carry", "share"))))
    body = f"""fund: {fund}
source: {{document: 甲文, clause: 第一条}}
on_missing_score: hold_at({missing})
{short}{more if not dated else ""}{named}steps:
{told}"""
    head = f"distribution: pay\ntitle: 绩效\nperiod: {period}\nper: {per}\namong: {among}\n{uses}{switched}"
    if not dated:
        return head + body
    top = "".join(f"{one}\n" for one in more.splitlines() if one.startswith(("payer:", "into:")))
    inner = "".join(f"    {one}\n" for one in body.splitlines())
    inner += "".join(f"    {one}\n" for one in more.splitlines() if one.startswith("payers:"))
    return head + top + dated + inner


def market_rule(choose: Choose, period: str) -> str:
    """The distribution `market`, between members: their accounts are filled, then they settle with each other."""
    received = maybe(choose, "received", ", received: obtained")
    more = choose(
        "on_difference", ("", *(f", on_difference: {how}" for how in ("lower", "provided", "received", "refuse")))
    )
    more += maybe(choose, "transfer.short", ", short: overdraw")
    among = choose("market.among", ("members", "institutions"))
    return f"""distribution: market
title: 内部市场
period: {period}
per: consortium
among: {among}
fund: 0
source: {{document: 甲文, clause: 第二条}}
steps:
  - transfer: {{line: 内部市场, list: services, provided: rendered{received}, price: item.price / item.split, account: pool{more}}}
---
distribution: members
title: 成员
period: {period}
per: consortium
among: members
fund: {choose("members.fund", ("300", "0", "4000.07"))}
source: {{document: 甲文, clause: 第三条}}
steps:
  - apportion: {{by: 1}}
"""


def adjustment_rule(choose: Choose) -> str:
    """What may be entered for single people; or nothing."""
    limits = choose("limits", ("", "limits: {pay: {person: 300}, deduct: {run: 900}, stop: {person: 50, run: 60}}\n"))
    share = maybe(choose, "take_back", "take_back_at_most: 20%\n")
    switched = choose("adjustments.enabled", (*[""] * 5, "enabled: no\n"))
    charged = "charge: {saved: [pay, deduct, stop, write_off]}\noutside: {财政: [pay, deduct, stop, write_off]}\n"
    charged = choose("charge", ("", *[charged] * 7))
    return f"""adjustments: one_off
source: 甲文
{limits}{share}{switched}{charged}"""


def correction_rule(choose: Choose) -> str:
    """How corrections are settled."""
    mode, reserve = choose("mode", ("rebalance", "charge")), maybe(choose, "reserve", "reserve: saved\n")
    smallest = maybe(choose, "smallest", "smallest: 5\n")
    reserve = reserve or ("reserve: saved\n" if mode == "charge" or smallest else "")
    share = maybe(choose, "claw_back", "claw_back_at_most: 20%\n")
    switched = choose("corrections.enabled", (*[""] * 5, "enabled: no\n"))
    return f"corrections: settle\nsource: 甲文\nmode: {mode}\n{reserve}{share}{smallest}{switched}"


_TAX_ROWS = "[{to: 36000, rate: 3%}, {to: 144000, rate: 10%}, {rate: 45%}]"
_BONUS_ROWS = "[{to: 3000, rate: 3%}, {to: 12000, rate: 10%}, {rate: 45%}]"


def payroll_rule(choose: Choose) -> str:
    """What is withheld from pay."""

    def rounding(label: str) -> str:
        return choose(label, ("", *(f", rounding: {one}" for one in ("half_even", "down", "up"))))

    method = choose("method", ("net", "net", "net", "gross_only"))
    tax = f"tax: {{basic: 50, rows: {_TAX_ROWS}{rounding('tax.rounding')}}}\n"
    tax = tax if method == "net" else maybe(choose, "tax", tax)
    choice = choose("bonus.choice", ("", ", choice: merged", ", choice: better"))
    choice += maybe(choose, "choice_by", ", choice_by: bonus_choice") + maybe(choose, "bonus.to", ", to: 2027-12-31")
    choice += maybe(choose, "bonus.source", ", source: 乙文")
    bonus = maybe(choose, "bonus", f"bonus: {{lines: [兑现00], rows: {_BONUS_ROWS}{choice}}}\n")
    only = choose("only", ("", ", only: {category: [doctor, nurse]}"))
    more = maybe(choose, "free", ", free_up_to: 10") + maybe(choose, "bounds", ", floor: 42, cap: 210")
    more += choose("contribution.unit", ("", ", unit: 1")) + maybe(choose, "contribution.source", ", source: 乙文")
    by_rate = f"pension: {{title: 养老, base: insurance_base, rate: 8%{more}{rounding('contribution.rounding')}{only}}}"
    fixed = "serious: {title: 大病, fixed: 5}"
    contributions = choose(
        "contributions", ("", f"contributions: {{{by_rate}}}\n", f"contributions: {{{fixed}, {by_rate}}}\n")
    )
    special = choose("special.figures", ("", ", figures: to_date")) + choose("special.missing", ("", ", missing: zero"))
    lists = maybe(choose, "income", "income: [base_pay]\n") + maybe(choose, "tax_free", "tax_free: [allowance]\n")
    lists += maybe(choose, "deductible", "deductible: [annuity]\n") + maybe(choose, "after_tax", "after_tax: [dues]\n")
    lists += maybe(choose, "special", f"special: {{measures: [special]{special}}}\n")
    head = choose("employer", ("", "employer: consortium\n")) + choose("payroll.enabled", ("", "", "enabled: no\n"))
    return f"payroll: withholding\n{head}source: 甲文\nmethod: {method}\n{tax}{bonus}{contributions}{lists}"


def rule_texts(choose: Choose, *, exact: bool = False, months: bool = True) -> tuple[str, str]:
    """All documents of a world, and the length of its periods. `months`: with what stands beside the distribution `pay`."""
    period = "month" if exact else choose("period", ("month", "month", *PERIODS))
    per = "institution" if exact else choose("per", OWNERS)
    documents = [
        measures(period, per, months=months),
        accounts(choose, exact=exact),
        staff_rule(choose, period, per, exact=exact),
    ]
    if months:
        documents += [
            market_rule(choose, period),
            adjustment_rule(choose),
            correction_rule(choose),
            payroll_rule(choose),
        ]
    return "---\n".join(documents), period
