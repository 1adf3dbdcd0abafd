"""Bands worked out: the amount cut into the rows it reaches, each at its own share."""

from collections.abc import Callable
from fractions import Fraction

from perf.formulas import Formula
from perf.formulas.arithmetic import added, holds, number, over, times
from perf.formulas.nodes import Absent, Node
from perf.kernel.figures import percent_text
from perf.kernel.text import Text
from perf.specs.band_models import BandRow, Bands
from perf.specs.curve_lines import hit

_BASE_NOT_POSITIVE = Text("分段的基数不大于 0", "the base of the bands is not above 0")
_ALL = Text("全部", "all of it")


def value_of(bands: Bands, evaluate: Callable[[Formula], Node]) -> Node:
    """The amount that counts, yuan: a sum of pieces, each `piece × share`, at most the cap.

    Args:
        bands: Amount and base in yuan; rows by ratios of the base.
        evaluate: A formula as a number, as the subject sees it.
    Returns:
        Absent where the amount, the base, a share that counts or the cap is absent, `not_allowed` where the base of an
        amount above zero is not above zero.
    Source: rules-language (bands); policy.md 5.3.
    """
    amount, base = evaluate(bands.amount), evaluate(bands.of)
    for node in (amount, base):
        if not isinstance(node.value, Fraction):
            return node
    size, whole = _figure(amount), _figure(base)
    if size <= 0:
        return hit(holds("<=", amount, number(Fraction(0), "yuan")), number(Fraction(0), "yuan"))
    if whole <= 0:
        return Node("/", Absent("not_allowed", (), _BASE_NOT_POSITIVE), (amount, base))
    pieces = list[Node]()
    for row, piece, label in _pieces(bands, size, whole):
        share = evaluate(row.share)
        if not isinstance(share.value, Fraction):
            return share
        pieces.append(times(number(piece, "yuan", label), share))
    kept = added(pieces)
    made = Node("then", kept.value, (over(amount, base)._replace(unit="percent"), kept), unit="yuan")
    return made if bands.cap is None else _capped(made, evaluate(bands.cap))


def _pieces(bands: Bands, size: Fraction, whole: Fraction) -> list[tuple[BandRow, Fraction, Text]]:
    """The rows that count, with the yuan of the amount in each and how they are called."""
    ratio = size / whole
    reached = [row for row in bands.rows if row.over < ratio]
    if bands.mode == "whole":
        return [(reached[-1], size, _ALL)]
    ends = [ratio if row.to is None else min(row.to, ratio) for row in reached]
    return [(row, (end - row.over) * whole, _span(row)) for row, end in zip(reached, ends, strict=True)]


def _span(row: BandRow) -> Text:
    low = percent_text(row.over)
    if row.to is None:
        return Text(f"超过 {low} 的部分", f"over {low}") if row.over else _ALL
    high = percent_text(row.to)
    if not row.over:
        return Text(f"{high} 以内的部分", f"up to {high}")
    return Text(f"{low}–{high} 的部分", f"{low} to {high}")


def _capped(made: Node, cap: Node) -> Node:
    if not isinstance(cap.value, Fraction):
        return cap
    return Node("min", min(_figure(made), cap.value), (made, cap), unit="yuan")


def _figure(node: Node) -> Fraction:
    return node.value if isinstance(node.value, Fraction) else Fraction(0)
