"""The arithmetic of payroll in words: every sentence can be redone with a pocket calculator."""

from fractions import Fraction

from perf.distribution.contributions import Contributed
from perf.distribution.tax_tables import Cliff
from perf.distribution.withholding import Withheld, YearFigures
from perf.kernel.figures import exact_text, finite_decimal, fixed
from perf.kernel.money import ZERO, Money
from perf.kernel.text import Text
from perf.specs.payroll_models import TaxRow

_BOUNDS = {"floor": Text("低于下限", "below the floor of"), "cap": Text("高于上限", "above the cap of")}


def yuan(amount: Fraction) -> str:
    """`36,000` or `1,080.001`: an exact amount, grouped; `≈` where it has no end."""
    text = finite_decimal(amount)
    if text is None:
        return "≈" + fixed(amount, 4, grouped=True)
    places = len(text.partition(".")[2])
    return fixed(amount, places, grouped=True)


def rate(share: Fraction) -> str:
    """`3%`."""
    return f"{exact_text(share * 100)}%"


def contribution_words(one: Contributed, before: Money) -> Text:
    """`基数 3,000 低于下限 4,200,按 4,200 × 8% = 336.00`."""
    zh, en = "", ""
    if one.base is not None:
        zh, en = yuan(one.counted), yuan(one.counted)
        if one.bound:
            word = _BOUNDS[one.bound]
            zh = f"基数 {yuan(one.base)} {word.zh} {zh},按 {zh}"
            en = f"base {yuan(one.base)} {word.en} {en}: {en}"
        zh, en = f"{zh} × {rate(one.rate)}", f"{en} × {rate(one.rate)}"
    if one.fixed:
        joint = " + " if one.base is not None else ""
        zh, en = f"{zh}{joint}{yuan(one.fixed)}", f"{en}{joint}{yuan(one.fixed)}"
    tail_zh, tail_en = _rounded(one.exact, one.amount)
    zh, en = f"{zh} {tail_zh}", f"{en} {tail_en}"
    if before:
        zh = f"{zh};本月已扣 {before},本次 {one.amount - before}"
        en = f"{en}; {before} taken already this month, now {one.amount - before}"
    return Text(zh, en)


def taxable_words(before: YearFigures, found: Withheld, months: Text) -> tuple[Text, ...]:
    """累计收入 … 累计应纳税所得额, a line each; lines of nothing are left out."""
    year = found.year
    rows: list[Text] = [_cumulated(Text("累计收入", "income of the year"), before.income, year.income)]
    parts = [Text(f"{year.income}", f"{year.income}")]
    for title, was, now in (
        (Text("累计免税收入", "free of tax"), before.tax_free, year.tax_free),
        (Text("累计专项扣除(五险一金)", "contributions of the year"), before.contributions, year.contributions),
        (Text("累计专项附加扣除", "special deductions of the year"), None, year.special),
        (Text("累计其他扣除", "other deductions of the year"), before.other, year.other),
    ):
        if now or was:
            rows.append(_cumulated(title, was, now))
            parts.append(Text(f"− {now}", f"− {now}"))
    basic = Text(f"累计减除费用:{months.zh} = {found.basic}", f"basic deduction: {months.en} = {found.basic}")
    rows.insert(1, basic)
    parts.insert(1, Text(f"− {found.basic}"))
    sum_up = " ".join(part.zh for part in parts)
    rows.append(
        Text(f"累计应纳税所得额:{sum_up} = {found.taxable}", f"taxable income of the year: {sum_up} = {found.taxable}")
    )
    return tuple(rows)


def tax_words(found: Withheld) -> tuple[Text, ...]:
    """累计应预扣税额 and what of it is withheld now."""
    if found.taxable <= ZERO:
        due = Text(
            "累计应纳税所得额不大于 0,累计应预扣税额 0.00", "taxable income is not above 0: nothing is due for the year"
        )
    else:
        arithmetic = _table_words(found.taxable, found.row, found.due)
        due = Text(f"累计应预扣税额:{arithmetic.zh}", f"due for the year: {arithmetic.in_lang('en')}")
    relief_zh = f" − 减免 {found.year.relief}" if found.year.relief else ""
    relief_en = f" − relief {found.year.relief}" if found.year.relief else ""
    left = found.due - found.year.relief - found.before
    now = Text(
        f"本次代扣个税:{found.due}{relief_zh} − 已预扣 {found.before} = {left}",
        f"withheld now: {found.due}{relief_en} − {found.before} withheld before = {left}",
    )
    if left < ZERO:
        now = Text(
            f"{now.zh},为负数不退,按 0.00;多预扣的 {found.over} 留抵以后月份",
            f"{now.en}; below zero: nothing now, {found.over} counts in later months",
        )
    return due, now


def bonus_words(bonus: Money, row: TaxRow, tax: Money) -> tuple[Text, ...]:
    """The row by a twelfth, and the tax."""
    month = bonus.yuan / 12
    arithmetic = _table_words(bonus, row, tax)
    return (
        Text(
            f"全年一次性奖金 {bonus} ÷ 12 = {yuan(month)},税率 {rate(row.rate)}",
            f"yearly bonus {bonus} ÷ 12 = {yuan(month)}: rate {rate(row.rate)}",
        ),
        Text(f"奖金个税:{arithmetic.zh}", f"tax on the bonus: {arithmetic.in_lang('en')}"),
    )


def choice_words(alone: Money, merged: Money) -> Text:
    """Which way of taxing the bonus is better by the figures of the year so far."""
    if alone == merged:
        return Text(
            f"单独计税与并入综合所得,按本年到本月的数字都是 {alone}",
            f"alone or merged, the tax by the figures of the year so far is {alone}",
        )
    if alone < merged:
        zh, en = "单独计税较低", "alone is lower"
    else:
        zh, en = "并入综合所得较低", "merged is lower"
    gap = max(alone, merged) - min(alone, merged)
    return Text(
        f"比较(按本年到本月):单独计税,本次个税合计 {alone};并入综合所得 {merged};{zh} {gap}",
        f"by the year so far: alone the tax of this payment is {alone}, merged {merged}; {en} by {gap}",
    )


def cliff_words(cliff: Cliff, left: Money, at_limit: Money) -> Text:
    """What a bonus in a dead zone loses."""
    return Text(
        f"临界点:奖金 {cliff.limit} 税后 {at_limit},本笔税后 {left},反而少 {at_limit - left};超过 {cliff.last} 才不吃亏",
        f"cliff: a bonus of {cliff.limit} leaves {at_limit}, this one {left}, {at_limit - left} less; "
        f"only above {cliff.last} it leaves as much",
    )


def sum_words(gross: Money, deductions: Money, tax: Money, net: Money) -> Text:
    """实发 = 应发 − 扣款 − 个税."""
    return Text(
        f"实发:应发 {gross} − 扣款 {deductions} − 个税 {tax} = {net}",
        f"net pay: {gross} − deductions {deductions} − tax {tax} = {net}",
    )


def _cumulated(title: Text, was: Money | None, now: Money) -> Text:
    if was is None:  # looked up for the whole year each time
        return Text(f"{title.zh}:{now}", f"{title.en}: {now}")
    return Text(
        f"{title.zh}:以前 {was} + 本次 {now - was} = {now}", f"{title.en}: {was} before + {now - was} now = {now}"
    )


def _table_words(amount: Money, row: TaxRow, tax: Money) -> Text:
    exact = amount.yuan * row.rate - row.quick
    tail_zh, tail_en = _rounded(exact, tax)
    quick = f" − {yuan(row.quick)}" if row.quick else ""
    return Text(f"{amount} × {rate(row.rate)}{quick} {tail_zh}", f"{amount} × {rate(row.rate)}{quick} {tail_en}")


def _rounded(exact: Fraction, amount: Money) -> tuple[str, str]:
    """`= 640.00`, or what stood there before it was rounded."""
    if exact == amount.yuan:
        return f"= {amount}", f"= {amount}"
    return f"= {yuan(exact)},取整为 {amount}", f"= {yuan(exact)}, rounded to {amount}"
