"""Figures of scorecards as printed: in full where short, else the fraction that was used, with ≈ for reading."""

from fractions import Fraction

from perf.kernel.figures import finite_decimal, fixed
from perf.kernel.text import Text
from perf.specs.yaml_nodes import Change

DECIMALS_SHOWN_MAX = 8
NOTHING = "—"


def in_full(number: Fraction | None, digits: int = 0) -> str:
    """`83.25`; a number without a short decimal as `80/3≈26.6667`; at least `digits` decimals; `—` for nothing."""
    if number is None:
        return NOTHING
    decimal = finite_decimal(number)
    if decimal is None or len(decimal.partition(".")[2]) > DECIMALS_SHOWN_MAX:
        return f"{number.numerator}/{number.denominator}≈{fixed(number, 4)}"
    return fixed(number, max(digits, len(decimal.partition(".")[2])))


def signed(number: Fraction) -> str:
    """With its sign: `+0.003`, `-0.003`."""
    return ("+" if number > 0 else "") + in_full(number)


def clause(document: str, text: str) -> str:
    """`县医共体〔2025〕7号 附件2`."""
    return " ".join(part for part in (document, text) if part)


STATUS = {
    "scored": Text("已计分", "scored"),
    "filled": Text("按规则补分", "filled by rule"),
    "not_applicable": Text("不适用", "not applicable"),
    "missing": Text("未报", "not reported"),
    "blocked": Text("待补数据", "waiting for data"),
    "vetoed": Text("一票否决", "vetoed"),
    "failed": Text("计算失败", "failed"),
    "paid": Text("发放", "paid"),
    "held": Text("暂存", "held"),
}


def was_text(change: Change) -> Text:
    """What stood where a layer changed a rule."""
    return Text(f"原值 {change.was}", f"was {change.was}") if change.was else Text("原来没有", "not there before")


def origin_text(change: Change) -> Text:
    """Layer, line and what stood there, to stand behind the source of a version."""
    was, line = was_text(change), change.place.line
    return Text(
        f";来源:本县 {change.layer} 第 {line} 行 {change.path}({was.zh})",
        f"; by layer {change.layer}, line {line}, {change.path} ({was.in_lang('en')})",
    )
