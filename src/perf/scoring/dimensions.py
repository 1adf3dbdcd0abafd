"""Dimensions: the points of the items of one subject combined, with the weights that were used."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from perf.formulas.nodes import Absent, Node, RuleRef
from perf.scoring.arithmetic import HUNDRED, ZERO, figure, number, over, plus, times
from perf.scoring.indicators import Judged
from perf.scoring.models import ScoreItem, Status
from perf.scoring.roots import root
from perf.scoring.weights import Nominal, Used
from perf.specs.models import Combine, Dimension, Indicator, SchemeItem

_BLOCKING: tuple[Status, ...] = ("failed", "missing", "blocked")


@dataclass(frozen=True, slots=True)
class Line:
    """An item of a dimension with what it gave; `target` is text for people."""

    item: SchemeItem
    indicator: Indicator
    judged: Judged
    target: str = ""


def nominal(dimension: Dimension, lines: Sequence[Line]) -> Nominal:
    """The dimension's weights before re-sharing; equal ones where the way of combining knows no weights."""
    scored = [line.judged.takes_weight for line in lines]
    weights = [line.item.weight if counts else ZERO for line, counts in zip(lines, scored, strict=True)]
    if dimension.combine in ("mean", "geometric", "best", "worst") and any(scored):
        each = sum(weights, ZERO) / sum(scored)
        weights = [each if counts else ZERO for counts in scored]
    present = tuple(line.judged.is_present for line in lines)
    return Nominal(dimension.weight, tuple(weights), present, dimension.at_least)


def scale(lines: Sequence[Line]) -> Fraction:
    """D: Σ out_of of the scored items when each states it, else 100."""
    scored = [line.item for line in lines if line.judged.takes_weight]
    return sum((i.out_of for i in scored), ZERO) if scored and all(i.by_out_of for i in scored) else HUNDRED


def blocking(items: Sequence[Judged]) -> Judged | None:
    """The first item that keeps its dimension from having points, one that failed before any other."""
    for statuses in (("failed",), _BLOCKING):
        found = next((j for j in items if j.takes_weight and j.status in statuses), None)
        if found is not None:
            return found
    return None


def combine(dimension: Dimension, lines: Sequence[Line], used: Used, rule: RuleRef) -> tuple[ScoreItem, ...]:
    """The dimension's row, then the rows of its items.

    Args:
        dimension: The rule.
        lines: Its items, in the order of the rule.
        used: The weights after re-sharing.
        rule: Name of the scheme's version.
    """
    full = scale(lines)
    stop = blocking([line.judged for line in lines])
    weights = used.items
    if used.weight is not None and stop is None and dimension.combine in ("best", "worst"):
        weights = _only(_chosen(lines, weights, dimension.combine), weights, used.basis)
    scores = [
        _score(line, weight, used.basis, full, dimension.combine) for line, weight in zip(lines, weights, strict=True)
    ]
    rows = tuple(
        _item_row(dimension, line, weight, score) for line, weight, score in zip(lines, weights, scores, strict=True)
    )
    return (_dimension_row(dimension, lines, rows, used, rule), *rows)


def _score(line: Line, weight: Fraction | None, basis: Fraction, full: Fraction, mode: Combine) -> Node | None:
    """Points ÷ out_of × D × weight ÷ Σ weight, as short as it may be written; None where nothing is added."""
    points = line.judged.points
    if points is None or weight is None or mode == "geometric":
        return None
    out_of = line.item.out_of
    leaf = number(points)
    if mode == "sum":
        return leaf
    if weight == out_of and basis == full:
        return leaf
    part = over(leaf, number(out_of))
    if basis == full:
        return times(part, number(weight))
    return times(times(part, number(full)), over(number(weight), number(basis)))


def _chosen(lines: Sequence[Line], weights: Sequence[Fraction | None], mode: Combine) -> int:
    """The place of the best or worst item; the first of equals."""
    parts = [
        (line.judged.points / line.item.out_of, k)
        for k, (line, weight) in enumerate(zip(lines, weights, strict=True))
        if weight is not None and line.judged.points is not None
    ]
    pick = max if mode == "best" else min
    wanted = pick(part for part, _ in parts)
    return next(k for part, k in parts if part == wanted)


def _only(chosen: int, weights: Sequence[Fraction | None], basis: Fraction) -> tuple[Fraction | None, ...]:
    """All weight on one item."""
    return tuple(None if w is None else basis if k == chosen else ZERO for k, w in enumerate(weights))


def _item_row(dimension: Dimension, line: Line, weight: Fraction | None, score: Node | None) -> ScoreItem:
    judged = line.judged
    node = judged.node
    if score is not None:
        node = Node("score", score.value, (node, score), line.indicator.title, rule=node.rule)
    return ScoreItem(
        type="indicator",
        item=line.indicator.code,
        title=line.indicator.title,
        parent=dimension.code,
        value=judged.value,
        value_unit=line.indicator.unit,
        points=judged.points,
        out_of=line.item.out_of,
        weight=weight,
        score=figure(score) if score is not None else None,
        status=judged.status,
        reason=judged.reason,
        target=line.target,
        node=node,
        rule=node.rule,
    )


def _dimension_row(
    dimension: Dimension, lines: Sequence[Line], rows: Sequence[ScoreItem], used: Used, rule: RuleRef
) -> ScoreItem:
    """The dimension itself: its points on its own scale and what they add to the total."""
    full = scale(lines)
    stop = blocking([line.judged for line in lines])
    counted = tuple(row.node for row in rows if row.score is not None)
    status, reason = _settled(stop, lines, used)
    points = score = None
    if status == "scored" and used.weight is not None:
        way = _geometric(lines, used, full) if dimension.combine == "geometric" else _sum(rows)
        points = figure(way)
        leaf = number(points)
        adds = leaf if used.weight == full else times(over(leaf, number(full)), number(used.weight))
        score = figure(adds)
        inner = Node("points", points, (*counted, way), dimension.title, rule=rule)
        node = Node("score", score, (inner, adds), dimension.title, rule=rule)
    else:
        gone = Absent("not_applicable" if status == "not_applicable" else "blocked")
        node = Node("dimension", gone, counted, dimension.title, rule=rule)
    return ScoreItem(
        type="dimension",
        item=dimension.code,
        title=dimension.title,
        parent="",
        value=None,
        value_unit="",
        points=points,
        out_of=full,
        weight=used.weight,
        score=score,
        status=status,
        reason=reason,
        target="",
        node=node,
        rule=rule,
    )


def _settled(stop: Judged | None, lines: Sequence[Line], used: Used) -> tuple[Status, str]:
    """Status and reason of a dimension."""
    if stop is not None:
        return ("failed" if stop.status == "failed" else "blocked"), stop.reason
    if used.weight is None:
        return "not_applicable", "at_least" if any(line.judged.is_present for line in lines) else "not_applicable"
    return "scored", ""


def _sum(rows: Sequence[ScoreItem]) -> Node:
    """Σ of what the items add."""
    parts = [number(row.score, "", row.title) for row in rows if row.score is not None]
    whole = parts[0]
    for part in parts[1:]:
        whole = plus(whole, part)
    return whole


def _geometric(lines: Sequence[Line], used: Used, full: Fraction) -> Node:
    """The n-th root of the product of points ÷ out_of, times D."""
    parts = [
        over(number(line.judged.points, "", line.indicator.title), number(line.item.out_of))
        for line, weight in zip(lines, used.items, strict=True)
        if weight is not None and line.judged.points is not None
    ]
    product = Fraction(1)
    for part in parts:
        assert isinstance(part.value, Fraction)  # noqa: S101 - a quotient of two numbers
        product *= part.value
    return times(Node("geomean", root(product, len(parts)), tuple(parts)), number(full))
