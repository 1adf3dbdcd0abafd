"""What the parser says about a formula that it cannot read, and where."""

from dataclasses import replace

from perf.formulas.functions import function_of
from perf.formulas.lexer import POWER, Fault, Token
from perf.kernel.issues import Issue, Place
from perf.kernel.text import Text

DEPTH_MAX = 50
CHAIN_DEPTH_MAX = 150  # a sum of many terms is a deep tree without being nested
_LOOK = Text("改写公式中 ▸ 之后的部分", "rewrite what follows ▸")
_HINTS = {
    "formula-arguments": Text("按“应为”的写法给出参数", "give the arguments as expected"),
    "formula-number-too-long": Text("写短一些,或换用万元等单位", "write it shorter, or in a larger unit"),
}


def as_issue(fault: Fault, text: str, place: Place) -> Issue:
    """A fault at its column of the file, with the piece of the formula it stands in."""
    start = max(fault.at - 12, 0)
    piece = f"{'…' if start else ''}{text[start : fault.at]}▸{text[fault.at : fault.at + 16]}".replace("\n", " ")
    if fault.at + 16 < len(text):
        piece += "…"
    found = Text(f"{fault.found.zh}(公式:{piece})", f"{fault.found.in_lang('en')} (formula: {piece})")
    lines = text[: fault.at].split("\n")
    if len(lines) > 1:
        here = replace(place, line=place.line + len(lines) - 1 if place.line else 0, column=len(lines[-1]) + 1)
    else:
        here = replace(place, column=max(place.column, 1) + fault.at)
    hint = fault.hint if fault.hint.zh else _HINTS.get(fault.code, _LOOK)
    return Issue(fault.code, here, found, fault.expected, hint)


def hint_for(token: Token, text: str) -> Text:
    """What to look for at `token`."""
    if token.text == "%":
        return Text("% 只能紧跟在数字后面,例如 85%", "% only follows a number, as in 85%")
    if token.text == "," and text[token.at + 1 : token.at + 4].isdigit():
        return Text("数字里不写千分号", "no thousands separators")
    if token.text == "*" and text[token.at - 1 : token.at] == "*":
        return POWER
    if token.text == "/" and text[token.at - 1 : token.at] == "/":
        return Text("整除写 floor(a / b)", "whole division is floor(a / b)")
    if token.text in ("==", "=", "*", "/") or token.kind == "end":
        return Text("检查这里是否少写了数字、名称或括号", "look for a missing number, name or bracket")
    if token.kind in ("name", "number", "text"):
        return Text("名称之间写运算符;名称里不能有空格", "an operator between names; no spaces inside a name")
    return Text("检查这里的括号和运算符", "look at the brackets and operators here")


def too_deep(at: int) -> Fault:
    """More nesting, or a longer chain of operators, than is read."""
    return Fault(
        "formula-too-deep",
        at,
        Text(f"第 {at + 1} 个字符处嵌套太深", f"too deeply nested at character {at + 1}"),
        Text(f"最多嵌套 {DEPTH_MAX} 层,一串运算最多 {CHAIN_DEPTH_MAX} 项", f"at most {DEPTH_MAX} levels"),
        Text("把里面的部分写成单独的名称", "give the inner part a name of its own"),
    )


def wrong_arguments(code: str, at: int, count: int) -> Fault:
    """A function with too few or too many arguments."""
    function = function_of(code)
    expected = function.form if function else f"{code}(…)"
    return Fault(
        "formula-arguments",
        at,
        Text(f"第 {at + 1} 个字符“{code}”有 {count} 个参数", f"“{code}” at character {at + 1} has {count} arguments"),
        Text(expected),
    )


def digits_not_plain(at: int) -> Fault:
    """`round` with digits that are not written out."""
    return Fault(
        "formula-arguments",
        at,
        Text(
            f"第 {at + 1} 个字符:小数位数不是直接写出的整数",
            f"character {at + 1}: the digits are not a plain whole number",
        ),
        Text("round(x, 2)"),
    )


def count_not_plain(at: int) -> Fault:
    """`top` without a written-out number of values."""
    return Fault(
        "formula-arguments",
        at,
        Text(
            f"第 {at + 1} 个字符:个数不是直接写出的正整数",
            f"character {at + 1}: how many is not a plain whole number above 0",
        ),
        Text("mean(top(3, members.x))"),
    )
