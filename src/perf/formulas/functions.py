"""The functions a formula may call: a closed, documented set."""

from typing import NamedTuple

from perf.kernel.text import Text


class Function(NamedTuple):
    """Least and most arguments, how it is written, and what people call it."""

    least: int
    most: int
    form: str
    title: Text


FUNCTIONS: dict[str, Function] = {
    "if": Function(3, 3, "if(条件, 成立时, 不成立时)", Text("如果", "if")),
    "min": Function(1, 30, "min(a, b, …)", Text("取小", "min")),
    "max": Function(1, 30, "max(a, b, …)", Text("取大", "max")),
    "abs": Function(1, 1, "abs(x)", Text("绝对值", "abs")),
    "round": Function(1, 2, "round(x, 2)", Text("四舍五入", "round")),
    "floor": Function(1, 1, "floor(x)", Text("向下取整", "floor")),
    "ceil": Function(1, 1, "ceil(x)", Text("向上取整", "ceil")),
    "sum": Function(1, 30, "sum(members.x)", Text("合计", "sum")),
    "count": Function(1, 30, "count(members(条件))", Text("个数", "count")),
    "mean": Function(1, 30, "mean(members.x)", Text("平均", "mean")),
    "median": Function(1, 30, "median(peers.value)", Text("中位数", "median")),
}
"""All functions of this version. `min max sum count mean median` also take one group (`members.x`, `peers.x`)."""

OVER_GROUPS = frozenset({"min", "max", "sum", "count", "mean", "median"})
LATER = frozenset({"ln", "exp", "sqrt", "power", "geomean", "best", "worst", "top", "paid", "p10", "p25", "p75", "p90"})
"""Named in the rules language, not computed yet: refused by name."""
