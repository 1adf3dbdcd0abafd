"""Arithmetic on explanation nodes: what is computed is what is explained.

One reduction a step (`kernel.ratios`), where the operators of fractions take two and more.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from math import lcm
from typing import Literal

from perf.formulas.nodes import NO_RULE, Node
from perf.kernel import ratios
from perf.kernel.errors import PerfError
from perf.kernel.facts import NO_SOURCE
from perf.kernel.ratios import ratio
from perf.kernel.rounding import Rounding, round_ratio, round_to, round_to_int
from perf.kernel.text import Text

ZERO = Fraction(0)
HUNDRED = Fraction(100)


class RuleFailed(PerfError):
    """A rule cannot be applied to this subject: its own evaluation is set aside, the rest goes on."""

    code = "rule-failed"


def number(value: Fraction, unit: str = "", label: Text | None = None) -> Node:
    """A plain number."""
    return Node("number", value, (), label, NO_SOURCE, NO_RULE, unit)


def figure(node: Node) -> Fraction:
    """The number a node holds.

    Raises:
        RuleFailed: the node holds text, a truth value or nothing.
    """
    value = node.value
    if type(value) is Fraction:
        return value
    raise RuleFailed(Text("此处需要数字", "a number is needed here"))


def plus(left: Node, right: Node) -> Node:
    """`left + right`."""
    return Node("+", ratios.plus(figure(left), figure(right)), (left, right))


def minus(left: Node, right: Node) -> Node:
    """`left − right`."""
    return Node("-", ratios.minus(figure(left), figure(right)), (left, right))


def times(left: Node, right: Node) -> Node:
    """`left × right`."""
    return Node("*", ratios.times(figure(left), figure(right)), (left, right))


def over(left: Node, right: Node) -> Node:
    """`left ÷ right`; the right side must not be zero (ZeroDivisionError)."""
    return Node("/", ratios.over(figure(left), figure(right)), (left, right))


def added(parts: Sequence[Node]) -> Node:
    """The sum of one part or more, brought to one denominator."""
    if len(parts) == 1:
        return parts[0]
    figures = [figure(part) for part in parts]
    below = lcm(*[one.denominator for one in figures])
    above = sum([one.numerator * (below // one.denominator) for one in figures])
    return Node("+", ratio(above, below), tuple(parts))


def smaller(left: Node, right: Node) -> Node:
    """`min(left, right)`."""
    return Node("min", min(figure(left), figure(right)), (left, right))


def larger(left: Node, right: Node) -> Node:
    """`max(left, right)`."""
    return Node("max", max(figure(left), figure(right)), (left, right))


def whole(node: Node, op: str) -> Node:
    """`floor` or `ceil` of a number that is not negative."""
    mode = Rounding.UP if op == "ceil" else Rounding.DOWN
    return Node(op, Fraction(round_to_int(figure(node), mode)), (node,))


def said(zh: str, en: str, value: Fraction, unit: str = "") -> Node:
    """A figure inside words: `同组 12 家`; `{}` stands for the figure."""
    return Node("said", value, (), Text(zh, en), NO_SOURCE, NO_RULE, unit)


def given(facts: Sequence[Node], way: Node) -> Node:
    """Arithmetic with what is known beforehand told in front of it: `同组 12 家, 比它差 8 家, 8 ÷ 11 × 100`."""
    return Node("given", way.value, (*facts, way))


def scaled(way: Node, factor: Node) -> Node:
    """`way × factor`; what is told in front of the arithmetic stays in front of it."""
    inner = way.inputs[-1] if way.inputs else way
    if way.op == "curve" and inner.op == "given":
        return given(inner.inputs[:-1], times(inner.inputs[-1], factor))
    return times(way, factor)


def holds(op: str, left: Node, right: Node) -> Node:
    """A comparison that was found true."""
    return Node(op, True, (left, right))


def rounded(node: Node, digits: int | Literal["exact"], mode: Rounding = Rounding.HALF_AWAY) -> Node:
    """`node` rounded once to its declared digits; the node itself where it already has no more of them."""
    if digits == "exact":
        return node
    exact = figure(node)
    if digits < 0:
        value = round_to(exact, digits, mode)
    else:
        scale: int = 10**digits
        if scale % exact.denominator == 0:
            return node
        value = ratio(round_ratio(exact.numerator * scale, exact.denominator, mode), scale)
    return Node("round", value, (node, *_how(digits, mode)), None, NO_SOURCE, NO_RULE, node.unit)


@cache
def _how(digits: int, mode: Rounding) -> tuple[Node, ...]:
    """A number of digits, and the mode unless it is 四舍五入; made once."""
    shown = number(Fraction(digits))
    return (shown,) if mode is Rounding.HALF_AWAY else (shown, Node("text", str(mode)))
