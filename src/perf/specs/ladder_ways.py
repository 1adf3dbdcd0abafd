"""From a score to the share that a ladder gives for it, with the arithmetic as it would be done on paper."""

from fractions import Fraction
from typing import Final

from perf.formulas.arithmetic import figure, holds, larger, minus, number, over, plus, smaller, times, whole
from perf.formulas.nodes import Node
from perf.specs.curve_lines import hit
from perf.specs.ladder_models import LadderRow, LadderRows

_RATIO: Final = "percent"
_ONE, _NONE = number(Fraction(1), _RATIO), number(Fraction(0), _RATIO)


def ladder(curve: LadderRows, value: Fraction, shown: Node) -> Node:
    """The share with the reward on top: `得分 79.01 ≥ 60 → 100% − 3% × (80 − 79.01)`."""
    row = curve.row(value)
    share = share_of(curve, row, value, shown)
    if row.reward:
        share = plus(share, number(row.reward, _RATIO))
    return hit(reached(curve, row, shown), share)


def reached(curve: LadderRows, row: LadderRow, shown: Node) -> Node:
    """The condition that made `row` count."""
    if row is not curve.rows[-1] or len(curve.rows) == 1:
        return holds(">=", shown, number(row.start))
    return holds("<", shown, number(curve.rows[-2].start))


def share_of(curve: LadderRows, row: LadderRow, value: Fraction, shown: Node) -> Node:
    """The share of the amount that `row` gives without its reward, never below 0."""
    share = _in_proportion(row, shown) if row.gives is None else number(row.gives, _RATIO)
    if row.less and value < row.below:
        off = times(number(row.less, _RATIO), _points(curve, minus(number(row.below), shown)))
        share = minus(share, off)
    return larger(share, _NONE) if figure(share) < 0 else share


def _in_proportion(row: LadderRow, shown: Node) -> Node:
    share = over(shown, number(row.full))._replace(unit=_RATIO)
    return smaller(share, _ONE) if figure(share) > 1 else share


def _points(curve: LadderRows, short: Node) -> Node:
    """Points below: exactly, or whole ones."""
    if curve.points == "exact":
        return short
    return whole(short, "ceil" if curve.points == "started" else "floor")
