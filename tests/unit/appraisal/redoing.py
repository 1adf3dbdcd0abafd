"""A pocket calculator for printed arithmetic: reads `35.79 ÷ 50 × 70 = 50.106` and does it again, exactly."""

import ast
import operator
import re
from fractions import Fraction

from perf.kernel.rounding import round_to

_SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-", "(": "(", ")": ")"})
_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
_ARROW = re.compile(r"(.*) [=≈] [-\d.,]+%?(?: 元)? → ([-\d.,]+) ?(?:元)?[(（](?:(\d+) 位小数|取整)[,，]四舍五入[)）]")
_ROUNDED = re.compile(r"四舍五入\((.*), (\d+) 位小数\)")
_PERCENT = re.compile(r"(\d[\d.]*)%")
_YUAN = re.compile(r"(?<=\d) 元")
_WORDS = re.compile(r"[^\s\d(×÷+−]+ (?=[\d(])")
_EQUATION = re.compile(r"(.*) ([=≈]) (.*?)(?: 元)?")
_NUMBER = r"-?[\d,.]+(?:/\d+)?(?:≈-?[\d.]+)?"


def printed(text: str) -> Fraction:
    """A printed figure: `1,234.50`, `80/3≈26.6667`, `+0.004`; nothing (`—`, empty) is zero."""
    exact = text.partition("≈")[0].replace(",", "")
    return Fraction(exact) if exact not in ("", "—") else Fraction(0)


def calculated(text: str) -> Fraction:
    """The value of printed arithmetic; names before figures are left out."""
    if rounded := _ROUNDED.fullmatch(text):
        return round_to(calculated(rounded[1]), int(rounded[2]))
    plain = _WORDS.sub("", _YUAN.sub("", _PERCENT.sub(r"(\1 ÷ 100)", text.replace(",", ""))))
    tree = ast.parse(re.sub(r"\d+(\.\d+)?", r"Fraction('\g<0>')", plain.translate(_SIGNS)), mode="eval")
    return _value(tree.body)


def _value(node: ast.expr) -> Fraction:
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    assert isinstance(node, ast.Call) and isinstance(node.args[0], ast.Constant), ast.dump(node)  # noqa: PT018
    return Fraction(str(node.args[0].value))


def holds(equation: str) -> bool:
    """Whether both sides of a printed equation are the same number."""
    if arrow := _ARROW.fullmatch(equation):
        return round_to(calculated(arrow[1]), int(arrow[3] or 0)) == printed(arrow[2])
    left, sign, right = sides(equation)
    if sign == "≈":
        return round_to(calculated(left), len(right.partition(".")[2])) == printed(right)
    return calculated(left) == printed(right)


def sides(equation: str) -> tuple[str, str, str]:
    """Left side, `=` or `≈`, and the figure on the right of a printed equation."""
    found = _EQUATION.fullmatch(equation)
    assert found, equation
    return found[1], found[2], found[3]
