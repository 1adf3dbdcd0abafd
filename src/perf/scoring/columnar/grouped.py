"""Curves whose thresholds are statistics of the peers: worked out once for a group, exactly; its rows share straight pieces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from perf.formulas import constant
from perf.formulas.aggregates import percentile_place
from perf.formulas.functions import percentile_of
from perf.formulas.tree import Binary, Call, Group, Number, Tree, Unary
from perf.kernel.rounding import Rounding
from perf.scoring.columnar.pieces import HUNDRED, ZERO, Pieces, pieces_of
from perf.scoring.columnar.places import Peers, keys_of
from perf.scoring.columnar.ratios import Array, Mask, Ratio
from perf.scoring.columnar.settling import bind, reach, settle
from perf.scoring.columnar.support import NotColumnar
from perf.scoring.columnar.tally import Tally
from perf.specs.formulas_of import curve_formulas
from perf.specs.models import Attainment, Curve, Efficacy, Indicator, Linear, Range, Standardise, Steps

_STATISTICS = ("mean", "median", "min", "max")
_BITS_MAX = 512
"""Longer thresholds are left to the exact engine, which gives up figures that grow without bound."""


@dataclass(frozen=True, slots=True)
class _Ordered:
    """The rows of one group that have a value, the lowest first."""

    value: Ratio
    rows: Array

    def at(self, place: int) -> Fraction:
        """The value at a place from 0 on."""
        return self.value.fraction(int(self.rows[place]))

    def statistic(self, function: str) -> Fraction:
        """What a function over the values of all peers gives."""
        count = len(self.rows)
        match function:
            case "min":
                return self.at(0)
            case "max":
                return self.at(count - 1)
            case "median":
                return (self.at((count - 1) // 2) + self.at(count // 2)) / 2
            case "mean":
                return self._sum() / count
        index, part = percentile_place(count, percentile_of(function) or 0)
        low = self.at(index)
        return low + part * (self.at(index + 1) - low) if part else low

    def _sum(self) -> Fraction:
        above, below = self.value.above, self.value.below
        if isinstance(below, int) and not isinstance(above, int):
            return Fraction(sum(above[self.rows].tolist()), below)
        return sum((self.at(place) for place in range(len(self.rows))), ZERO)


@dataclass(frozen=True, slots=True)
class ByGroup:
    """A curve that is made of straight pieces once the group is known; points are `factor` × those on the scale to 100."""

    curve: Linear | Steps | Range | Attainment | Efficacy | Standardise
    indicator: Indicator
    out_of: Fraction
    factor: Fraction
    mode: Rounding

    @property
    def is_wide(self) -> bool:
        """The points of thresholds to come are not known."""
        return True

    def give(self, value: Ratio, present: Mask | None, peers: Peers, out: Array, tally: Tally) -> Mask | None:
        """Write points; the rows of groups whose thresholds the exact engine may refuse, or None."""
        count = len(out) - 1
        keys = keys_of(value, present, tally, count)
        rows = np.arange(count) if present is None else np.flatnonzero(present)
        rows = rows[np.lexsort((keys.keys[rows], peers.codes[rows]))]
        refused = np.zeros(count, dtype=np.bool_)
        if isinstance(value.above, int) or not rows.size:
            raise NotColumnar("one value for all")
        for group in np.split(rows, np.flatnonzero(np.diff(peers.codes[rows])) + 1):
            try:
                self._give(_Ordered(value, group), out, refused, tally)
            except NotColumnar:
                refused[group] = True
        return refused if bool(refused.any()) else None

    def _give(self, group: _Ordered, out: Array, refused: Mask, tally: Tally) -> None:
        curve, rows = self.curve, group.rows
        if isinstance(curve, Standardise):
            pieces = _standardised(curve, group, is_higher=self.indicator.direction != "lower")
            self._settle(pieces, group, out, tally)
            return
        known = {id(formula): _figure(formula.tree, group) for formula in curve_formulas(curve)}
        pieces = pieces_of(curve, self.indicator.direction, self.out_of, lambda formula: known[id(formula)])
        self._settle(pieces, group, out, tally)
        if isinstance(curve, Linear):
            for place in _coinciding(curve, known):
                there = rows[[group.at(k) == place for k in range(len(rows))]]
                if curve.all_equal is None:
                    refused[there] = True
                else:
                    level = Pieces((), ((curve.all_equal, ZERO),))
                    self._settle(level, _Ordered(group.value, there), out, tally)

    def _settle(self, pieces: Pieces, group: _Ordered, out: Array, tally: Tally) -> None:
        value = group.value.take(group.rows)
        scaled = pieces.times(self.factor)
        part = np.zeros(len(group.rows), dtype=out.dtype)
        settle(bind(scaled, self.mode, value, reach(scaled, value)), value, part, tally)
        out[group.rows] = part


def by_group(curve: Curve, indicator: Indicator, out_of: Fraction, digits: int, mode: Rounding) -> ByGroup | None:
    """The columnar form of a curve with thresholds of the peers alone; None: it has none."""
    factor = out_of / HUNDRED * 10**digits
    if isinstance(curve, Standardise):
        return ByGroup(curve, indicator, out_of, factor, mode) if curve.method != "z_score" else None
    if not isinstance(curve, Linear | Steps | Range | Attainment | Efficacy):
        return None
    formulas = list(curve_formulas(curve))
    varying = [formula for formula in formulas if constant(formula) is None]
    if not varying or not all(_is_known(formula.tree) for formula in formulas):
        return None
    return ByGroup(curve, indicator, out_of, factor, mode)


def _is_known(tree: Tree) -> bool:
    """Whether a threshold is made of numbers and statistics of the peers' values alone."""
    match tree:
        case Number():
            return True
        case Unary(op="-" | "+"):
            return _is_known(tree.arg)
        case Binary(op="+" | "-" | "*" | "/"):
            return _is_known(tree.left) and _is_known(tree.right)
        case Call(args=(Group() as group,)):
            plain = group.who == "peers" and group.code == "value" and group == Group("peers", code="value")
            return plain and (tree.function in _STATISTICS or percentile_of(tree.function) is not None)
        case _:
            return False


def _figure(tree: Tree, group: _Ordered) -> Fraction:
    found = _worked_out(tree, group)
    if max(found.numerator.bit_length(), found.denominator.bit_length()) > _BITS_MAX:
        raise NotColumnar("long thresholds")
    return found


def _worked_out(tree: Tree, group: _Ordered) -> Fraction:
    match tree:
        case Number():
            return tree.value
        case Unary():
            found = _figure(tree.arg, group)
            return -found if tree.op == "-" else found
        case Call():
            return group.statistic(tree.function)
        case Binary():
            one, other = _figure(tree.left, group), _figure(tree.right, group)
            if tree.op == "/":
                if not other:
                    raise NotColumnar("denominator")
                return one / other
            return one + other if tree.op == "+" else one - other if tree.op == "-" else one * other
        case _:
            raise NotColumnar("threshold")


def _coinciding(curve: Linear, known: Mapping[int, Fraction]) -> Sequence[Fraction]:
    """Places of which the last two points both stand at statistics of the peers."""
    places = [known[id(formula)] for formula, _ in curve.through]
    of_peers = [constant(formula) is None for formula, _ in curve.through]
    return [
        place
        for k, (one, place) in enumerate(pairwise(places))
        if one == place and of_peers[k] and of_peers[k + 1] and places[k + 2 : k + 3] != [place]
    ]


def _standardised(curve: Standardise, group: _Ordered, *, is_higher: bool) -> Pieces:
    """The pieces of `standardise` in a group, by `perf.scoring.curve_peers`."""
    lowest, highest = group.statistic("min"), group.statistic("max")
    if lowest == highest:
        if curve.all_equal is None:
            raise NotColumnar("all equal")
        return Pieces((), ((curve.all_equal, ZERO),))
    if curve.method == "min_max":
        start, end = (curve.low, curve.high) if is_higher else (curve.high, curve.low)
        slope = (end - start) / (highest - lowest)
        line = (start - slope * lowest, slope)
        return Pieces(((lowest, True), (highest, True)), ((start, ZERO), line, (end, ZERO)))
    best = highest if is_higher else lowest
    if best <= 0:
        return (
            Pieces(((best, True),), ((ZERO, ZERO), (HUNDRED, ZERO)))
            if is_higher
            else Pieces(((best, False),), ((HUNDRED, ZERO), (ZERO, ZERO)))
        )
    if is_higher:
        lines = ((ZERO, ZERO), (ZERO, HUNDRED / best), (HUNDRED, ZERO))
        return Pieces(((ZERO, True), (best, True)), lines)
    lines = ((ZERO, ZERO), (ZERO, HUNDRED * best), (HUNDRED, ZERO))
    return Pieces(((ZERO, True), (1 / best, True)), lines, turned=ZERO)
