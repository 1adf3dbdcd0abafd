"""The functions a formula may call: a closed, documented set."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from perf.kernel.text import Text

_MANY = 30
_PERCENTILE = re.compile(r"p([1-9][0-9]?)", re.ASCII)


class Function(NamedTuple):
    """Least and most arguments, how it is written, what people call it, and whether it takes a group (`members.x`)."""

    least: int
    most: int
    form: str
    title: Text
    over_groups: bool = False


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "if": Function(3, 3, "if(条件, 成立时, 不成立时)", Text("如果", "if")),
        "min": Function(1, _MANY, "min(a, b, …)", Text("取小", "min"), over_groups=True),
        "max": Function(1, _MANY, "max(a, b, …)", Text("取大", "max"), over_groups=True),
        "best": Function(1, _MANY, "best(a, b, …)", Text("取优", "best"), over_groups=True),
        "worst": Function(1, _MANY, "worst(a, b, …)", Text("取劣", "worst"), over_groups=True),
        "abs": Function(1, 1, "abs(x)", Text("绝对值", "abs")),
        "round": Function(1, 2, "round(x, 2)", Text("四舍五入", "round")),
        "floor": Function(1, 1, "floor(x)", Text("向下取整", "floor")),
        "ceil": Function(1, 1, "ceil(x)", Text("向上取整", "ceil")),
        "sqrt": Function(1, 1, "sqrt(x)", Text("平方根", "square root")),
        "power": Function(2, 2, "power(x, 2)", Text("乘方", "power")),
        "ln": Function(1, 1, "ln(x)", Text("自然对数", "ln")),
        "exp": Function(1, 1, "exp(x)", Text("e 的乘方", "exp")),
        "sum": Function(1, _MANY, "sum(members.x)", Text("合计", "sum"), over_groups=True),
        "count": Function(1, _MANY, "count(members(条件))", Text("个数", "count"), over_groups=True),
        "mean": Function(1, _MANY, "mean(members.x)", Text("平均", "mean"), over_groups=True),
        "geomean": Function(1, _MANY, "geomean(members.x)", Text("几何平均", "geometric mean"), over_groups=True),
        "median": Function(1, _MANY, "median(peers.value)", Text("中位数", "median"), over_groups=True),
        "top": Function(2, _MANY + 1, "mean(top(3, members.x))", Text("最大的", "largest")),
    }
)
"""All functions but the percentiles, `p1` to `p99`, which `function_of` also knows."""

RESERVED_CALLS = (
    "score", "balance", "members", "peers", "claims", "parent", "owner", "provider", "receiver", "item", "paid",
    "and", "or", "not", "in",
)  # fmt: skip
"""Words that mean something else than a function, table or curve before a bracket."""

LISTED = (*FUNCTIONS, "p10", "p90")
"""What is named to somebody who asked for a function that is not there."""


def percentile_of(code: str) -> int | None:
    """10 of `p10`; None where `code` is no percentile."""
    match = _PERCENTILE.fullmatch(code)
    return int(match[1]) if match else None


@cache
def function_of(code: str) -> Function | None:
    """The function of that name, or None."""
    rank = percentile_of(code)
    if rank is None:
        return FUNCTIONS.get(code)
    ordinal = {1: "st", 2: "nd", 3: "rd"}.get(rank % 10 if rank // 10 != 1 else 0, "th")
    return Function(
        1, _MANY, f"p{rank}(peers.value)", Text(f"第{rank}百分位", f"{rank}{ordinal} percentile"), over_groups=True
    )
