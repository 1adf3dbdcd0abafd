"""Curves with constant thresholds as what they all are: straight pieces between cuts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from perf.formulas import Formula
from perf.scoring.columnar.support import NotColumnar
from perf.specs.models import (
    Attainment,
    Award,
    Curve,
    Deduct,
    Direction,
    Efficacy,
    Entered,
    GradedEfficacy,
    Linear,
    Range,
    Steps,
)

ZERO = Fraction(0)
HUNDRED = Fraction(100)
Line = tuple[Fraction, Fraction]
"""(a, b): a + b × value."""
Cut = tuple[Fraction, bool]
"""Where the next piece begins; True: at the cut itself, False: just beyond it."""
Threshold = Callable[[Formula], Fraction]


@dataclass(frozen=True, slots=True)
class Pieces:
    """A piecewise straight function of a value.

    Attributes:
        cuts: Ascending; of two at one place the one that holds at the place itself comes first.
        lines: One more than cuts; `lines[k]` holds once k cuts are passed.
        per, whole: The value is first counted in parts of `per`, `started` or `completed`, not below zero.
        turned: The function is one of 1 ÷ value; a value that is not positive gives `turned`.
    """

    cuts: tuple[Cut, ...]
    lines: tuple[Line, ...]
    per: Fraction = Fraction(1)
    whole: Literal["exact", "started", "completed"] = "exact"
    turned: Fraction | None = None

    @property
    def is_level(self) -> bool:
        """Whether the outer pieces are level, so that the points have bounds."""
        return self.lines[0][1] == 0 == self.lines[-1][1]

    def times(self, factor: Fraction) -> "Pieces":
        """The same function, `factor` times as large."""
        if factor == 1:
            return self
        lines = tuple((a * factor, b * factor) for a, b in self.lines)
        return replace(self, lines=lines, turned=None if self.turned is None else self.turned * factor)

    def at(self, value: Fraction) -> Fraction:
        """The function itself, for a value that has been counted and turned already."""
        passed = sum(1 for place, here in self.cuts if value > place or (here and value == place))
        a, b = self.lines[passed]
        return a + b * value


def pieces_of(curve: Curve, direction: Direction, out_of: Fraction, threshold: Threshold) -> Pieces:
    """The pieces of `curve`, in points on the scale of 0 to 100 (deduct, award: of the item).

    Args:
        curve: Any curve; `threshold` gives the number of each of its formulas.
        direction: Of the indicator.
        out_of: Full points of the item.
    Raises:
        NotColumnar: a curve that is no such function, or whose thresholds the exact evaluator would refuse.
    """
    match curve:
        case Linear():
            return _linear([(threshold(x), y) for x, y in curve.through], extended=curve.outside == "extend")
        case Steps():
            here = curve.lower_bound == "included"
            places = [threshold(x) for x, _ in curve.at]
            _require(places == sorted(places))
            lines = [(curve.below, ZERO), *((points, ZERO) for _, points in curve.at)]
            return _piecewise([(place, here) for place in places], lines)
        case Range():
            bounds = [threshold(x) if x is not None else None for x in (*curve.best, *curve.zero)]
            return _range(*bounds)
        case Attainment():
            return _attainment(curve, direction, threshold(curve.target))
        case Deduct():
            _require(curve.each > 0 and curve.per > 0 and out_of >= 0)
            end = out_of / curve.each
            falling = [((out_of, ZERO)), ((out_of, -curve.each)), ((ZERO, ZERO))]
            return _by_parts([(ZERO, True), (end, True)], falling, curve)
        case Award():
            _require(curve.each > 0 and curve.per > 0 and curve.cap >= 0)
            rising = [(ZERO, ZERO), (ZERO, curve.each), (curve.cap, ZERO)]
            return _by_parts([(ZERO, True), (curve.cap / curve.each, True)], rising, curve)
        case Entered():
            _require(curve.full > 0)
            return Pieces((), ((ZERO, HUNDRED / curve.full),))
        case Efficacy():
            return _efficacy(curve, direction, threshold(curve.satisfactory), threshold(curve.unallowed))
        case GradedEfficacy():
            _require(not curve.by)
            return _graded(curve, direction, [threshold(x) for x in curve.standards[""]])
        case _:
            raise NotColumnar(type(curve).__name__)


def _require(condition: bool) -> None:  # noqa: FBT001 - a statement, not an option
    if not condition:
        raise NotColumnar("thresholds")


def _piecewise(cuts: Sequence[Cut], lines: Sequence[Line]) -> Pieces:
    """Pieces without those that hold nowhere."""
    kept_cuts: list[Cut] = []
    kept_lines = [lines[0]]
    for cut, line in zip(cuts, lines[1:], strict=True):
        if kept_cuts and kept_cuts[-1] == cut:
            kept_lines[-1] = line
        else:
            kept_cuts.append(cut)
            kept_lines.append(line)
    _require(all(one[0] < other[0] or (one[0] == other[0] and one[1]) for one, other in pairwise(kept_cuts)))
    return Pieces(tuple(kept_cuts), tuple(kept_lines))


def _through(one: tuple[Fraction, Fraction], other: tuple[Fraction, Fraction]) -> Line:
    """The straight line through two points."""
    (x0, y0), (x1, y1) = one, other
    _require(x0 != x1)
    slope = (y1 - y0) / (x1 - x0)
    return y0 - slope * x0, slope


def _linear(rows: Sequence[tuple[Fraction, Fraction]], *, extended: bool) -> Pieces:
    """Straight lines through points; at a jump the later point counts."""
    _require([x for x, _ in rows] == sorted(x for x, _ in rows))
    extended = extended and len(rows) > 1
    first: Line = _through(rows[0], rows[1]) if extended else (rows[0][1], ZERO)
    last: Line = _through(rows[-2], rows[-1]) if extended else (rows[-1][1], ZERO)
    inner = [_through(one, other) if one[0] != other[0] else (other[1], ZERO) for one, other in pairwise(rows)]
    return _piecewise([(x, True) for x, _ in rows], [first, *inner, last])


def _range(
    best_from: Fraction | None, best_to: Fraction | None, zero_from: Fraction | None, zero_to: Fraction | None
) -> Pieces:
    cuts: list[Cut] = []
    lines: list[Line] = []
    if best_from is not None:
        lines.append((ZERO, ZERO))
        if zero_from is not None and zero_from < best_from:
            cuts.append((zero_from, False))
            lines.append(_through((zero_from, ZERO), (best_from, HUNDRED)))
        cuts.append((best_from, True))
    lines.append((HUNDRED, ZERO))
    if best_to is not None:
        _require(best_from is None or best_from <= best_to)
        cuts.append((best_to, False))
        if zero_to is not None and zero_to > best_to:
            lines.append(_through((best_to, HUNDRED), (zero_to, ZERO)))
            cuts.append((zero_to, True))
        lines.append((ZERO, ZERO))
    return _piecewise(cuts, lines)


def _attainment(curve: Attainment, direction: Direction, goal: Fraction) -> Pieces:
    """In terms of the value; of `lower_as: ratio` in terms of 1 ÷ value."""
    floor = max(curve.floor, ZERO) if curve.floor is not None else ZERO
    full = (curve.cap * 100, ZERO)
    nothing = (ZERO, ZERO)
    as_ratio = direction == "lower" and curve.lower_as == "ratio"
    _require(goal > 0 and curve.cap >= floor)
    if direction == "lower" and not as_ratio:
        line = (2 * HUNDRED, -HUNDRED / goal)
        return _piecewise([((2 - curve.cap) * goal, True), ((2 - floor) * goal, False)], [full, line, nothing])
    slope = HUNDRED * goal if as_ratio else HUNDRED / goal
    turned = full[0] if as_ratio else None
    unit = 1 / goal if as_ratio else goal
    rising = _piecewise([(floor * unit, True), (curve.cap * unit, False)], [nothing, (ZERO, slope), full])
    return replace(rising, turned=turned)


def _efficacy(curve: Efficacy, direction: Direction, best: Fraction, worst: Fraction) -> Pieces:
    _require(best != worst and (best > worst) == (direction != "lower"))
    top = curve.base + curve.span
    line = _through((worst, curve.base), (best, top))
    if curve.outside == "extend":
        return Pieces((), (line,))
    ends = [(worst, curve.base), (best, top)] if best > worst else [(best, top), (worst, curve.base)]
    return _piecewise([(x, True) for x, _ in ends], [(ends[0][1], ZERO), line, (ends[1][1], ZERO)])


def _graded(curve: GradedEfficacy, direction: Direction, places: list[Fraction]) -> Pieces:
    """From standard to standard on straight lines; short of the worst nothing."""
    is_higher = direction != "lower"
    rows = list(zip(places, (share * 100 for share in curve.coefficients), strict=True))
    ascending = rows[::-1] if is_higher else rows
    _require(all(one[0] < other[0] for one, other in pairwise(ascending)))
    lines = [_through(one, other) for one, other in pairwise(ascending)]
    if is_higher:
        return _piecewise([(x, True) for x, _ in ascending], [(ZERO, ZERO), *lines, (ascending[-1][1], ZERO)])
    cuts = [(x, k < len(rows) - 1) for k, (x, _) in enumerate(ascending)]
    return _piecewise(cuts, [(ascending[0][1], ZERO), *lines, (ZERO, ZERO)])


def _by_parts(cuts: Sequence[Cut], lines: Sequence[Line], curve: Deduct | Award) -> Pieces:
    """Of the value counted in parts of `per`."""
    counted = _piecewise(cuts, lines)
    if curve.counted != "exact":
        return replace(counted, per=curve.per, whole=curve.counted)
    places = tuple((place * curve.per, here) for place, here in counted.cuts)
    return replace(counted, cuts=places, lines=tuple((a, b / curve.per) for a, b in counted.lines))
