"""Named curves over columns: straight pieces in exact whole numbers, other shapes value by value."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from perf.formulas import Formula, Node
from perf.formulas.arithmetic import HUNDRED, RuleFailed, number
from perf.scoring.columnar.cells import HERE, NOT_ALLOWED, Cell, nowhere
from perf.scoring.columnar.pieces import Pieces, pieces_of
from perf.scoring.columnar.ratios import (
    WORD,
    Array,
    Ratio,
    add,
    choose,
    constant,
    divide,
    larger,
    multiply,
    reciprocal,
    sign_of,
    spread,
    to_whole,
)
from perf.scoring.columnar.support import NotColumnar
from perf.specs.curve_ways import Asked, way_of
from perf.specs.models import (
    Attainment,
    Award,
    BestOf,
    Curve,
    Deduct,
    Efficacy,
    Entered,
    GradedEfficacy,
    Linear,
    NamedCurve,
    Power,
    Range,
    Steps,
)

_OF_FULL = (Range, Attainment, GradedEfficacy, Entered)
_IN_PIECES = (Linear, Steps, Range, Attainment, GradedEfficacy, Entered, Deduct, Award, Efficacy)
Threshold = Callable[[Formula], Fraction]


def called(curve: NamedCurve, x: Cell, count: int, threshold: Threshold) -> Cell:
    """What a named curve gives for the number in every row.

    Args:
        curve: Any named curve.
        x: Numbers; what stands in a row that is gone means nothing.
        count: How many rows.
        threshold: The number of a formula, one for all rows.
    Raises:
        NotColumnar: thresholds that differ from row to row or do not fit, standards by class, parts without a value.
    """
    assert isinstance(x.figure, Ratio)  # noqa: S101 - asked for as numbers
    parts = [part.curve for part in curve.curve.parts] if isinstance(curve.curve, BestOf) else [curve.curve]
    cells = [_one(part, curve, x, count, threshold) for part in parts]
    if len(cells) == 1:
        return cells[0]
    if any(cell.gone is not x.gone for cell in cells):
        raise NotColumnar("parts")
    best, *others = [cell.figure for cell in cells if isinstance(cell.figure, Ratio)]
    for other in others:
        best = larger(best, other)
    return Cell(best, x.gone, x.assumed)


def _one(curve: Curve, named: NamedCurve, x: Cell, count: int, threshold: Threshold) -> Cell:
    """One curve; a single number for all rows is worked out once."""
    assert isinstance(x.figure, Ratio)  # noqa: S101
    is_single = isinstance(x.figure.above, int) and isinstance(x.figure.below, int)
    if is_single or not isinstance(curve, _IN_PIECES):
        return _by_value(curve, named, x, count, threshold)
    pieces = pieces_of(curve, named.direction, named.out_of, threshold)
    pieces = pieces.times(named.out_of / HUNDRED) if isinstance(curve, _OF_FULL) else pieces
    return Cell(_on(pieces, x.figure, count), x.gone, x.assumed)


def _on(pieces: Pieces, x: Ratio, count: int) -> Ratio:
    """The function of every row, exactly."""
    if pieces.turned is not None:
        positive = np.asarray(np.greater(sign_of(x, constant(Fraction(0))), 0))
        safe = choose(positive, x, constant(Fraction(1)))
        return choose(positive, _straight(pieces, reciprocal(safe), count), constant(pieces.turned))
    if pieces.whole != "exact":
        units = to_whole(divide(x, constant(pieces.per)), up=pieces.whole == "started")
        x = larger(units, constant(Fraction(0)))
    return _straight(pieces, x, count)


def _straight(pieces: Pieces, x: Ratio, count: int) -> Ratio:
    passed = np.zeros(count, dtype=np.int64)
    for place, here in pieces.cuts:
        signs = sign_of(x, constant(place))
        passed += np.greater_equal(signs, 0) if here else np.greater(signs, 0)
    start = _chosen([a for a, _ in pieces.lines], passed)
    if all(b == 0 for _, b in pieces.lines):
        return start
    return add(start, multiply(_chosen([b for _, b in pieces.lines], passed), x))


def _chosen(figures: Sequence[Fraction], rows: Array) -> Ratio:
    """One of a few figures in every row."""
    below = lcm(*(one.denominator for one in figures))
    above = [int(one * below) for one in figures]
    most = max(map(abs, above))
    return Ratio(np.array(above, dtype=np.int64 if most < WORD else object)[rows], below, most, below)


def _by_value(curve: Curve, named: NamedCurve, x: Cell, count: int, threshold: Threshold) -> Cell:
    """The exact engine's own arithmetic on every different number."""
    if not isinstance(curve, (*_IN_PIECES, Power)) or (isinstance(curve, GradedEfficacy) and curve.by):
        raise NotColumnar(type(curve).__name__)
    assert isinstance(x.figure, Ratio)  # noqa: S101

    def evaluated(formula: Formula) -> Node:
        return number(threshold(formula))

    asked = Asked(named.direction, evaluated, named.out_of, number(named.out_of))
    if isinstance(x.figure.above, int) and isinstance(x.figure.below, int) and x.gone is None:
        single = _value(curve, x.figure.fraction(0), asked)
        return nowhere(count, NOT_ALLOWED) if single is None else Cell(constant(single), None, x.assumed)
    known: dict[tuple[int, int], Fraction | None] = {}
    found, refused = [Fraction(0)] * count, np.zeros(count, dtype=np.bool_)
    above, below = spread(x.figure.above, count).tolist(), spread(x.figure.below, count).tolist()
    for row in range(count) if x.gone is None else np.flatnonzero(x.gone == HERE).tolist():
        pair = (above[row], below[row])
        if pair not in known:
            known[pair] = _value(curve, Fraction(*pair), asked)
        value = known[pair]
        refused[row] = value is None
        found[row] = value or Fraction(0)
    gone = x.gone
    if refused.any():
        gone = np.where(refused, np.uint8(NOT_ALLOWED), np.uint8(HERE) if x.gone is None else x.gone)
    return Cell(_of_each(found), gone, x.assumed)


def _value(curve: Curve, value: Fraction, asked: Asked) -> Fraction | None:
    """What the exact engine gives; None: the curve cannot be applied."""
    try:
        found = way_of(curve, value, number(value), asked).value
    except RuleFailed:
        return None
    if not isinstance(found, Fraction):
        raise NotColumnar("absent")
    return found


def _of_each(figures: Sequence[Fraction]) -> Ratio:
    """Numbers row by row, each over its own denominator."""
    above, below = [one.numerator for one in figures], [one.denominator for one in figures]
    most, below_max = max(map(abs, above)), max(below)
    kind, other = (np.int64 if bound < WORD else object for bound in (most, below_max))
    return Ratio(np.array(above, dtype=kind), np.array(below, dtype=other), most, below_max)
