"""What payroll says of a person whose net pay cannot be computed, or should be looked at; never an amount of pay."""

from collections.abc import Sequence

from perf.distribution.wording import problem
from perf.kernel.issues import Issue, Place
from perf.kernel.periods import Period
from perf.kernel.text import Text

_NOT_COMPUTED = Text("此人的实发未算,其余照算", "this person's net pay is not computed; the others are")


def record_missing(name: str, person: str, months: Sequence[Period]) -> Issue:
    """Earlier months of the year of which nothing is known."""
    shown = "、".join(str(month) for month in months)
    return _issue(
        "tax-record-missing",
        name,
        person,
        Text(
            f"{shown} 在职,却没有这几个月的扣税记录", f"employed in {shown}, but without a tax record of these months"
        ),
        Text("本年以前各月的累计数", "the cumulative figures of the year so far"),
        Text("用 perf-pay payroll --opening 导入期初累计数", "import them with perf-pay payroll --opening"),
    )


def figure_missing(name: str, person: str, measure: Text, month: Period) -> Issue:
    """A figure that everybody must have."""
    return _issue(
        "payroll-figure-missing",
        name,
        person,
        Text(f"没有 {month} 的“{measure.zh}”", f"nothing reported as {measure.in_lang('en')} of {month}"),
        Text("金额;没有发生也要填 0", "an amount; 0 where there is none"),
        Text("补报后重算", "report it and run again"),
    )


def half_fen(name: str, person: str, measure: Text) -> Issue:
    """An amount that is no whole number of fen."""
    return _issue(
        "payroll-not-fen",
        name,
        person,
        Text(f"“{measure.zh}”的金额不是整分", f"an amount of {measure.in_lang('en')} that is no whole number of fen"),
        Text("至多两位小数", "at most two decimals"),
        Text("改正后重新上传", "mend it and upload it again"),
    )


def base_missing(name: str, person: str, title: Text, measure: Text) -> Issue:
    """No base of a contribution in the last twelve months."""
    return _issue(
        "contribution-base-missing",
        name,
        person,
        Text(
            f"最近 12 个月没有“{measure.zh}”,{title.zh}无法计算",
            f"no {measure.in_lang('en')} in the last 12 months for {title.in_lang('en')}",
        ),
        Text("缴费基数", "the base"),
        Text("补报后重算", "report it and run again"),
    )


def parameter_missing(name: str, title: Text, place: Place) -> Issue:
    """A contribution without a value for the month."""
    return problem(
        "contribution-undated",
        (place, ""),
        Text(f"{title.zh} 在 {name} 没有比例或上下限", f"{title.in_lang('en')} has no rate or bounds in {name}"),
        Text("每个参数在发放月都有值", "a value of every parameter in the month of payment"),
        Text("补上新年度的数额后重算;本次没有算实发", "add this year's amounts and run again; no net pay is computed"),
        severity="error",
    )


def below_zero(name: str, person: str) -> Issue:
    """What is taken is more than what is paid."""
    return _issue(
        "payroll-below-zero",
        name,
        person,
        Text("扣款和个税超过应发", "deductions and tax are more than the pay"),
        Text("实发不小于 0", "net pay not below 0"),
        Text("改为下月扣,或记应收后重算", "take it next month or book it as owed, and run again"),
    )


def no_employer(name: str, person: str) -> Issue:
    """Somebody whom the roster does not know."""
    return _issue(
        "payroll-no-employer",
        name,
        person,
        Text("花名册中没有此人的单位", "the roster has no institution of this person"),
        Text("有单位的人员", "somebody with an institution"),
        Text("补花名册后重算", "add to the roster and run again"),
    )


def second_bonus(name: str, person: str) -> Issue:
    """Once a person and year."""
    return problem(
        "bonus-second",
        (Place(name), person),
        Text("本年已有一笔奖金单独计税", "a bonus was taxed alone in this year already"),
        Text("每人每年一次", "once a person and year"),
        Text("本次并入综合所得计税", "this one is merged with other income"),
        severity="warning",
    )


def on_cliff(name: str, person: str, limit: str, last: str) -> Issue:
    """A bonus that leaves less than a smaller one would."""
    return problem(
        "bonus-cliff",
        (Place(name), person),
        Text(
            f"单独计税的奖金刚超过 {limit} 元的临界点:{last} 元以内,税后都比 {limit} 元少",
            f"a bonus taxed alone just above {limit} yuan: up to {last} yuan it leaves less than {limit}",
        ),
        Text(f"不超过 {limit} 元,或超过 {last} 元", f"up to {limit} or above {last} yuan"),
        Text("差额见此人的算式;可调整发放额或并入综合所得", "by how much: see the person's working"),
        severity="warning",
    )


def _issue(code: str, name: str, person: str, found: Text, expected: Text, hint: Text) -> Issue:
    zh, en = f"{hint.zh};{_NOT_COMPUTED.zh}", f"{hint.in_lang('en')}; {_NOT_COMPUTED.in_lang('en')}"
    return problem(code, (Place(name), person), found, expected, Text(zh, en), severity="error")
