"""What the static checks say about a formula that can be read but not used."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from fractions import Fraction

from perf.formulas.dimensions import Typed
from perf.formulas.lexer import Fault
from perf.formulas.names import Holder
from perf.kernel.figures import exact_text
from perf.kernel.text import Text

_NEAR, _NEAR_ZH = 3 / 5, 1 / 2
"""How alike a name must be to be proposed; of two Chinese characters one is enough."""
_KINDS = {"text": "文字", "condition": "条件", "group": "一组单位或人员"}


def fault(code: str, at: int, found: Text, expected: Text, hint: Text | None = None) -> Fault:
    """A fault that says at which character it was found."""
    here = Text(f"第 {at + 1} 个字符:{found.zh}", f"character {at + 1}: {found.in_lang('en')}")
    return Fault(code, at, here, expected, hint or Text(""))


def unknown(code: str, at: int, known: Collection[str], what: Text) -> Fault:
    """A name that nobody declared, with the nearest one that somebody did."""
    near = get_close_matches(code, known, n=1, cutoff=_NEAR if code.isascii() else _NEAR_ZH)
    hint = (
        Text(f"是不是 {near[0]}?", f"did you mean {near[0]}?")
        if near
        else Text("先声明它,或者改正拼写", "declare it first")
    )
    return fault(
        "formula-unknown-name",
        at,
        Text(f"没有名为“{code}”的{what.zh}", f"no {what.in_lang('en')} is called “{code}”"),
        Text(f"已声明的{what.zh}", f"a declared {what.in_lang('en')}"),
        hint,
    )


def ambiguous(title: str, at: int, holders: Sequence[Holder]) -> Fault:
    """A title that belongs to several things: nobody can tell which one is meant."""
    zh = "、".join(holder.where.zh for holder in holders)
    en = ", ".join(holder.where.in_lang("en") for holder in holders)
    codes = [holder.code for holder in holders]
    return fault(
        "formula-name-ambiguous",
        at,
        Text(f"“{title}”是 {len(holders)} 处共用的名称:{zh}", f"“{title}” is the title of {len(holders)} things: {en}"),
        Text("只属于一个数据项的名称,或代码", "a title that belongs to one measure only, or a code"),
        Text(
            f"改写代码:{' 或 '.join(codes)};或给其中一个换名称",
            f"write the code: {' or '.join(codes)}; or give one of them another title",
        ),
    )


def not_a_number(typed: Typed, at: int) -> Fault:
    """Text, a condition or a whole group in arithmetic."""
    hint = Text("写成 sum(…)、mean(…)、count(…)", "sum(…), mean(…), count(…)") if typed.kind == "group" else None
    found = Text(f"这里是{_KINDS[typed.kind]},不能计算", f"a {typed.kind} in arithmetic")
    return fault("formula-type", at, found, Text("数字", "a number"), hint)


def not_a_condition(at: int) -> Fault:
    """A number or a text where a condition belongs."""
    expected = Text("比较,例如 x >= 25", "x >= 25")
    return fault("formula-type", at, Text("这里要条件", "a condition is needed"), expected)


def bare(at: int, value: Fraction) -> Fault:
    """A number without its sign beside a percentage."""
    shown, hundred = exact_text(value), exact_text(value * 100)
    return fault(
        "formula-bare-number",
        at,
        Text(f"百分比旁边的数字 {shown} 没有百分号", f"the bare number {shown} beside a percentage"),
        Text("带百分号的数字", "a number with its sign"),
        Text(f"写 {shown}% 或 {hundred}%", f"write {shown}% or {hundred}%"),
    )


def mismatch(at: int, left: Typed, right: Typed) -> Fault:
    """Two dimensions that may not meet."""
    return fault(
        "formula-dimension",
        at,
        Text(
            f"{left.title().zh}与{right.title().zh}不能相加、相减或比较",
            f"{left.title().en} against {right.title().en}",
        ),
        Text("两边是同一种量", "one dimension on both sides"),
        Text("先用乘除换算成同一种量", "convert by multiplying or dividing first"),
    )


def needs_pure_number(function: str, typed: Typed, at: int) -> Fault:
    """A quantity with a dimension as exponent, or under a logarithm."""
    return fault(
        "formula-dimension",
        at,
        Text(
            f"{function} 的这个参数是{typed.title().zh},不是纯数",
            f"this argument of {function} is {typed.title().in_lang('en')}",
        ),
        Text("纯数或比值", "a plain number or a ratio"),
        Text("先除以同一种量,例如 ln(x / x@last_year)", "divide by one of its kind first, as in ln(x / x@last_year)"),
    )


def no_value(function: str, at: int, why: Text) -> Fault:
    """A call with written-out arguments that can never give a number."""
    return fault(
        "formula-no-value",
        at,
        Text(f"{function} 在这里得不出数:{why.zh}", f"{function} gives no number here: {why.in_lang('en')}"),
        Text("能算出的参数", "arguments that give a number"),
        Text("改小指数,检查参数的正负", "take a smaller exponent; look at the signs of the arguments"),
    )


def divided_by_zero(at: int) -> Fault:
    """A quotient whose denominator is a written-out 0."""
    return fault(
        "formula-no-value",
        at,
        Text("除以 0 总是得不出数", "a division by 0 never gives a number"),
        Text("不是 0 的分母", "a denominator other than 0"),
        Text("写上真正的分母;比例的分母是数据项", "write the real denominator, a measure for example"),
    )


def no_sides_here(who: str, at: int) -> Fault:
    """`provider.x` or `receiver.x` outside the price of a transfer."""
    found = Text(f"{who}. 在这里没有意义", f"{who}. means nothing here")
    expected = Text(f"{who}. 只写在 transfer 的 price 里", f"{who}. in the price of a transfer only")
    hint = Text("上级用 parent.,资金主体用 owner.", "use parent. or owner.")
    return fault("formula-type", at, found, expected, hint)


def no_money_here(function: str, at: int) -> Fault:
    """`balance(…)` or `paid(…)` outside a distribution."""
    found = Text(f"{function}(…) 在这里没有意义", f"{function}(…) means nothing here")
    expected = Text(f"{function}(…) 只写在分配规则里", f"{function}(…) in distributions only")
    hint = Text("考核在分配之前,看不到钱", "scoring comes before distribution and sees no money")
    return fault("formula-type", at, found, expected, hint)


def no_claims_here(at: int) -> Fault:
    """`claims` where nobody claims beside the subject."""
    found = Text("claims 在这里没有意义", "claims means nothing here")
    expected = Text("只写在 derived 的 by、entered 的 own 里", "in `by` of derived and `own` of entered only")
    hint = Text("claims 是同一步中其他人的分配权", "claims are those of the others in the same step")
    return fault("formula-type", at, found, expected, hint)
