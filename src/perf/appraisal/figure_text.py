"""Figures of scorecards as printed: in full where short, else the fraction that was used, with ≈ for reading."""

from collections.abc import Iterable
from fractions import Fraction

from perf.kernel.figures import finite_decimal, fixed
from perf.kernel.text import Text
from perf.specs.models import Dated, DistributionVersion, IndicatorVersion, SchemeVersion
from perf.specs.yaml_nodes import Change

DECIMALS_SHOWN_MAX = 8
DENOMINATOR_SHOWN_MAX = 10**12
"""Of fractions that are written out; what is finer (roots to 50 digits) is told by its decimal alone."""
NOTHING = "—"
_WAS_SHOWN_MAX = 80


def in_full(number: Fraction | None, digits: int = 0) -> str:
    """`83.25`; a number without a short decimal as `80/3≈26.6667`, a root as `≈97.9796`; at least `digits` decimals."""
    if number is None:
        return NOTHING
    decimal = finite_decimal(number)
    if number.denominator > DENOMINATOR_SHOWN_MAX:
        return f"≈{fixed(number, 4)}"
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
    "lost": Text("未兑现", "not released"),
    "scored": Text("已计分", "scored"),
    "filled": Text("按规则补分", "filled by rule"),
    "not_applicable": Text("不适用", "not applicable"),
    "missing": Text("未报", "not reported"),
    "blocked": Text("待补数据", "waiting for data"),
    "vetoed": Text("一票否决", "vetoed"),
    "failed": Text("计算失败", "failed"),
    "paid": Text("发放", "paid"),
    "held": Text("暂存", "held"),
    "quota": Text("额度", "quota, no money"),
    "owed": Text("记应收", "owed"),
    "returned": Text("银行退回,已暂存", "came back, held"),
    "written_off": Text("核销", "written off"),
}


def was_text(change: Change) -> Text:
    """What stood where a layer changed a rule."""
    return Text(f"原值 {change.was}", f"was {change.was}") if change.was else Text("原来没有", "not there before")


def dated_named(versions: Iterable[IndicatorVersion | SchemeVersion | DistributionVersion], name: str) -> Dated | None:
    """The dates, source and changes of the version called `name`."""
    return next((version.dated for version in versions if version.dated.name == name), None)


def origin_of(dated: Dated | None) -> Text:
    """`来源:本县 lujiang_2025 lujiang.yaml 第 7 行 points.through(原值 …)`, a piece for every change of layers; else empty."""
    pieces = [(change, was_text(change)) for change in (dated.changes if dated is not None else ())]
    if not pieces:
        return Text("")
    zh = ";".join(f"本县 {c.layer} {c.place.file} 第 {c.place.line} 行 {c.path}({_short(was.zh)})" for c, was in pieces)
    en = "; ".join(
        f"layer {c.layer} {c.place.file} line {c.place.line}, {c.path} ({_short(was.in_lang('en'))})"
        for c, was in pieces
    )
    return Text(f"来源:{zh}", f"origin: {en}")


def _short(text: str) -> str:
    return text if len(text) <= _WAS_SHOWN_MAX else f"{text[:_WAS_SHOWN_MAX]}…"


def origin_text(change: Change) -> Text:
    """Layer, line and what stood there, to stand behind the source of a version."""
    was, line = was_text(change), change.place.line
    return Text(
        f";来源:本县 {change.layer} 第 {line} 行 {change.path}({was.zh})",
        f"; by layer {change.layer}, line {line}, {change.path} ({was.in_lang('en')})",
    )
