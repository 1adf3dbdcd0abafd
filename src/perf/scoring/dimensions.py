"""Dimensions: the points of the items of one subject combined, with the weights that were used."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from perf.formulas.arithmetic import HUNDRED, ZERO, RuleFailed, added, figure, number, over, times
from perf.formulas.nodes import Absent, Node, RuleRef
from perf.kernel.facts import NO_SOURCE
from perf.kernel.irrational import NoResult, geometric_mean
from perf.scoring.indicators import Judged
from perf.scoring.models import ScoreItem, Status
from perf.scoring.weights import Nominal, Used, reshare
from perf.specs.models import Combine, Dimension, Indicator, SchemeItem, SchemeVersion

_EQUAL: tuple[Combine, ...] = ("mean", "geometric", "best", "worst")
_BLOCKING: tuple[Status, ...] = ("failed", "missing", "blocked")


class Line(NamedTuple):
    """An item of a dimension with what it gave; `target` is text for people."""

    item: SchemeItem
    indicator: Indicator
    judged: Judged
    target: str = ""


class Shares(NamedTuple):
    """The weights of a dimension as used, D (`full`), and whether an item's points are its score as they stand."""

    used: Used
    full: Fraction
    as_they_stand: tuple[bool, ...]


def shares_of(version: SchemeVersion, lines: Sequence[Sequence[Line]]) -> list[Shares]:
    """The weights of every dimension; they follow from which items are present, and from nothing else.

    Args:
        version: The scheme.
        lines: The items of each dimension, in the order of the rule.
    """
    plain = [_nominal(dimension, own) for dimension, own in zip(version.dimensions, lines, strict=True)]
    found: list[Shares] = []
    every = reshare(plain, version.missing_weight, version.missing_dimension)
    for dimension, own, used in zip(version.dimensions, lines, every, strict=True):
        full = _scale(dimension, own)
        plainly = [w == line.item.out_of and used.basis == full for line, w in zip(own, used.items, strict=True)]
        found.append(Shares(used, full, tuple(plainly)))
    return found


def _nominal(dimension: Dimension, lines: Sequence[Line]) -> Nominal:
    """The dimension's weights before re-sharing; equal ones where the way of combining knows none, points of a sum."""
    scored = [line.judged.takes_weight for line in lines]
    is_sum = dimension.combine == "sum"
    own = [line.item.out_of if is_sum else line.item.weight for line in lines]
    weights = [weight if counts else ZERO for weight, counts in zip(own, scored, strict=True)]
    if dimension.combine in _EQUAL and any(scored):
        each = sum(weights, ZERO) / sum(scored)
        weights = [each if counts else ZERO for counts in scored]
    present = tuple(line.judged.is_present for line in lines)
    return Nominal(dimension.weight, tuple(weights), present, dimension.at_least, is_sum=is_sum)


def _scale(dimension: Dimension, lines: Sequence[Line]) -> Fraction:
    """D: Σ out_of of the scored items when each states it, or where they are added as they stand; else 100."""
    scored = [line.item for line in lines if line.judged.takes_weight]
    counts = dimension.combine == "sum" or all(i.by_out_of for i in scored)
    return sum((i.out_of for i in scored), ZERO) if scored and counts else HUNDRED


def blocking(items: Sequence[Judged]) -> Judged | None:
    """The first item that keeps its dimension from having points, one that failed before any other."""
    troubled = [one for one in items if one.status in _BLOCKING and one.takes_weight]
    return next((one for one in troubled if one.status == "failed"), troubled[0]) if troubled else None


def combine(dimension: Dimension, lines: Sequence[Line], shares: Shares, rule: RuleRef) -> tuple[ScoreItem, ...]:
    """The dimension's row, then the rows of its items.

    Args:
        dimension: The rule.
        lines: Its items, in the order of the rule.
        shares: The weights after re-sharing.
        rule: Name of the scheme's version.
    """
    used, as_they_stand = shares.used, shares.as_they_stand
    stop = blocking([line.judged for line in lines])
    weights = used.items
    if used.weight is not None and stop is None and dimension.combine in ("best", "worst"):
        weights = _only(_chosen(lines, weights, dimension.combine), weights, used.basis)
        as_they_stand = tuple(False for _ in lines)
    if dimension.combine == "sum":
        as_they_stand = tuple(True for _ in lines)
    rows: list[ScoreItem] = []
    for line, weight, plainly in zip(lines, weights, as_they_stand, strict=True):
        points = line.judged.points
        score: Node | None = None
        if points is not None and weight is not None and dimension.combine != "geometric":
            score = number(points) if plainly else _score(points, line.item.out_of, weight, shares)
        rows.append(_item_row(dimension, line, weight, score))
    return (_dimension_row(dimension, lines, rows, shares, rule, stop), *rows)


def not_combined(dimension: Dimension, lines: Sequence[Line], reason: str, rule: RuleRef) -> tuple[ScoreItem, ...]:
    """The rows of a card that fails as a whole: what the items gave, without weights and scores."""
    rows = [_item_row(dimension, line, None, None) for line in lines]
    node = Node("dimension", Absent("blocked"), tuple(row.node for row in rows), dimension.title, rule=rule)
    return (_row_of(dimension, node, _scale(dimension, lines), None, ("failed", reason)), *rows)


def _score(points: Fraction, out_of: Fraction, weight: Fraction, shares: Shares) -> Node:
    """Points ÷ out_of × D × weight ÷ Σ weight, as short as it may be written."""
    part = over(number(points), number(out_of))
    full, basis = shares.full, shares.used.basis
    if basis == full:
        return times(part, number(weight))
    if weight == basis:
        return times(part, number(full))
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
        node = Node("score", score.value, (node, score), line.indicator.title, NO_SOURCE, node.rule)
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
    dimension: Dimension,
    lines: Sequence[Line],
    rows: Sequence[ScoreItem],
    shares: Shares,
    rule: RuleRef,
    stop: Judged | None,
) -> ScoreItem:
    """The dimension itself: its points on its own scale and what they add to the total."""
    used, full = shares.used, shares.full
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
    return _row_of(dimension, node, full, used.weight, (status, reason), points, score)


def _row_of(
    dimension: Dimension,
    node: Node,
    full: Fraction,
    weight: Fraction | None,
    why: tuple[Status, str],
    points: Fraction | None = None,
    score: Fraction | None = None,
) -> ScoreItem:
    return ScoreItem(
        type="dimension",
        item=dimension.code,
        title=dimension.title,
        parent="",
        value=None,
        value_unit="",
        points=points,
        out_of=full,
        weight=weight,
        score=score,
        status=why[0],
        reason=why[1],
        target="",
        node=node,
        rule=node.rule,
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
    return added([number(row.score, "", row.title) for row in rows if row.score is not None])


def _geometric(lines: Sequence[Line], used: Used, full: Fraction) -> Node:
    """The n-th root of the product of points ÷ out_of, times D."""
    parts = [
        over(number(line.judged.points, "", line.indicator.title), number(line.item.out_of))
        for line, weight in zip(lines, used.items, strict=True)
        if weight is not None and line.judged.points is not None
    ]
    try:
        middle = geometric_mean([figure(part) for part in parts])
    except NoResult as stop:
        raise RuleFailed(stop.reason) from stop
    return times(Node("geomean", middle, tuple(parts)), number(full))
