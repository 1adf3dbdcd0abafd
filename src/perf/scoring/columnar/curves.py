"""Points of one indicator on whole columns: pieces, ratings, places among peers; the rest value by value."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

import numpy as np

from perf.formulas import Formula, Node, constant
from perf.formulas.arithmetic import RuleFailed, number
from perf.kernel.rounding import Rounding, round_to_int
from perf.scoring.columnar.cells import Words
from perf.scoring.columnar.outcomes import LATER
from perf.scoring.columnar.pieces import Pieces, pieces_of
from perf.scoring.columnar.places import Keys, Peers, give_by_first, keys_of, standings
from perf.scoring.columnar.places import turned as best_first
from perf.scoring.columnar.ratios import Array, Mask, Ratio, divided, spread
from perf.scoring.columnar.reading import Reader
from perf.scoring.columnar.settling import POINTS_MAX, Settled, bind, reach, settle
from perf.scoring.columnar.support import NotColumnar
from perf.scoring.columnar.tally import Tally
from perf.scoring.curves import in_item_points, points_on
from perf.specs.models import BestOf, Curve, Indicator, Percentile, Power, Rank, RatingCurve

HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Scale:
    """On what scale points are written: `unit` = 10^digits of them make one point of the item of `out_of`."""

    out_of: Fraction
    digits: int
    mode: Rounding

    def whole(self, points: Fraction) -> int:
        """Points of the item, rounded once, in units of the last digit."""
        return round_to_int(points * 10**self.digits, self.mode)


class RowCurve(Protocol):
    """A curve that needs nothing but the value of the row; `is_wide`: its points may need more than 32 bits."""

    @property
    def is_wide(self) -> bool:
        """Whether 32 bits may be too few."""
        ...

    def give(self, value: Ratio | Words, reader: Reader, out: Array, outcome: Array, tally: Tally) -> None:
        """Write points, and `LATER` to the outcome of rows that it cannot settle."""
        ...


class PeerCurve(Protocol):
    """A curve that compares the values of a whole slice; `is_wide` as for `RowCurve`."""

    @property
    def is_wide(self) -> bool:
        """Whether 32 bits may be too few."""
        ...

    def give(self, value: Ratio, present: Mask | None, peers: Peers, out: Array, tally: Tally) -> Mask | None:
        """Write points; the rows that it cannot settle, or None."""
        ...


def row_curve(curve: Curve, indicator: Indicator, scale: Scale) -> RowCurve:
    """The columnar form of a curve without peers.

    Raises:
        NotColumnar: it has none.
    """
    if isinstance(curve, RatingCurve):
        return _Ratings({word: scale.whole(points * scale.out_of / HUNDRED) for word, points in curve.values.items()})

    def threshold(formula: Formula) -> Fraction:
        found = constant(formula)
        if found is None:
            raise NotColumnar(formula.text)
        return found

    if isinstance(curve, Power) or (isinstance(curve, BestOf) and all(part.value is None for part in curve.parts)):
        return _ByValue(curve, indicator, scale, threshold)
    return in_pieces(curve, indicator, scale, threshold)


def in_pieces(curve: Curve, indicator: Indicator, scale: Scale, threshold: Callable[[Formula], Fraction]) -> "InPieces":
    """A curve of straight pieces, its thresholds being numbers.

    Raises:
        NotColumnar: it is none, or the thresholds do not fit it.
    """
    factor = Fraction(1) if in_item_points(curve) else scale.out_of / HUNDRED
    pieces = pieces_of(curve, indicator.direction, scale.out_of, threshold)
    return InPieces(pieces.times(factor * 10**scale.digits), scale.mode)


def peer_curve(curve: Curve, indicator: Indicator, scale: Scale) -> PeerCurve | None:
    """The columnar form of a curve with peers; None: it has none, or needs no peers."""
    is_higher = indicator.direction != "lower"
    if isinstance(curve, Percentile):
        return _Percentile(curve, scale, is_higher=is_higher)
    if isinstance(curve, Rank):
        return _Rank(curve, scale, is_higher=is_higher)
    return None


@dataclass(frozen=True, slots=True)
class _Ratings:
    points: dict[str, int]

    @property
    def is_wide(self) -> bool:
        return False

    def give(self, value: Ratio | Words, reader: Reader, out: Array, outcome: Array, tally: Tally) -> None:  # noqa: ARG002 - of the protocol
        if not isinstance(value, Words):
            outcome[:] = LATER
            return
        listed = [self.points.get(word) for word in value.words]
        out[:] = np.array([*(one or 0 for one in listed), 0], dtype=out.dtype)[value.codes]
        if None in listed:
            unknown = np.array([*(one is None for one in listed), False])[value.codes]
            outcome[unknown] = LATER


@dataclass(slots=True)
class InPieces:
    """A curve of straight pieces, with its bounds for the data that came by."""

    pieces: Pieces
    mode: Rounding
    _bound: dict[tuple[int, int, int | None, int], Settled] = field(default_factory=dict)

    @property
    def is_wide(self) -> bool:
        """Whether 32 bits may be too few."""
        levels = [abs(self.pieces.at(place)) for place, _ in self.pieces.cuts]
        return not self.pieces.is_level or max([*levels, *(abs(a) for a, b in self.pieces.lines if b == 0)]) > 1 << 30

    def give(self, value: Ratio | Words, reader: Reader, out: Array, outcome: Array, tally: Tally) -> None:  # noqa: ARG002
        """Write points; words are left to the exact engine."""
        if isinstance(value, Words):
            outcome[:] = LATER
            return
        most = reach(self.pieces, value)
        key = (value.above_max, value.below_max, value.below if isinstance(value.below, int) else None, most)
        bound = self._bound.get(key)
        if bound is None:
            bound = self._bound[key] = bind(self.pieces, self.mode, value, most)
        settle(bound, value, out, tally)


@dataclass(slots=True)
class _ByValue:
    """Curves of other shapes: the exact engine's own points of every different value."""

    curve: Curve
    indicator: Indicator
    scale: Scale
    threshold: Callable[[Formula], Fraction]
    _known: dict[Fraction, int | None] = field(default_factory=dict)

    @property
    def is_wide(self) -> bool:
        return True

    def give(self, value: Ratio | Words, reader: Reader, out: Array, outcome: Array, tally: Tally) -> None:  # noqa: ARG002
        if isinstance(value, Words):
            outcome[:] = LATER
            return
        above = spread(value.above, len(out)).tolist()
        below = spread(value.below, len(out)).tolist()
        for row, pair in enumerate(zip(above, below, strict=True)):
            one = Fraction(*pair)
            if one not in self._known:
                self._known[one] = self._points(one)
            points = self._known[one]
            if points is None:
                outcome[row] = LATER
            else:
                out[row] = points
        tally.exact += len(out)

    def _points(self, value: Fraction) -> int | None:
        def evaluated(formula: Formula) -> Node:
            return number(self.threshold(formula))

        scale = self.scale
        try:
            found = points_on(self.curve, value, self.indicator.direction, evaluated, scale.out_of).value
        except (RuleFailed, ArithmeticError):
            return None
        if not isinstance(found, Fraction):
            return None
        whole = scale.whole(found if in_item_points(self.curve) else found * scale.out_of / HUNDRED)
        if abs(whole) > POINTS_MAX:
            raise NotColumnar("points")
        return whole


@dataclass(slots=True)
class _Percentile:
    curve: Percentile
    scale: Scale
    is_higher: bool

    @property
    def is_wide(self) -> bool:
        return False

    def give(self, value: Ratio, present: Mask | None, peers: Peers, out: Array, tally: Tally) -> Mask | None:
        keys = keys_of(value, present, tally, len(out) - 1)
        if not self.is_higher:
            keys = best_first(keys)
        apart = False
        for matrix in peers.matrices:
            if self.curve.definition == "percent_rank":
                apart = give_by_first(matrix, keys, self._places, out) or apart
            else:
                found = standings(matrix, keys)
                parts = 2 if self.curve.definition == "midpoint" else 1
                shares = found.last + 1 if parts == 1 else found.first + found.last + 1
                out[found.rows] = self._points(shares, np.maximum(found.sizes, 1)[:, None] * parts)
                apart = apart or bool((found.last[:, 0] + 1 == found.sizes).any())
        return self._apart(keys, peers, out) if apart else None

    def _points(self, share: Array, whole: Array) -> Array:
        """`share ÷ whole` of the points, rounded."""
        full = self.scale.out_of * 10**self.scale.digits
        above, below = share.astype(np.int64) * full.numerator, np.broadcast_to(whole, share.shape) * full.denominator
        return np.asarray(divided(above, below, int(above.max(initial=0)), int(below.max(initial=1)), self.scale.mode))

    def _places(self, sizes: Array, count: int) -> Array:
        """What each of `count` places stands for in groups of `sizes`: the share of the others that it leaves behind."""
        most = np.maximum(sizes - 1, 0)[:, None]
        found = self._points(np.minimum(np.arange(count)[None, :], most), np.maximum(most, 1))
        return found.astype(np.int32) if int(found.max(initial=0)) < 1 << 31 else found

    def _apart(self, keys: Keys, peers: Peers, out: Array) -> Mask | None:
        """Give what the rule states to groups that compare nothing; the rows of those for which it states nothing."""
        here = keys.keys != keys.none
        codes = peers.codes[here]
        counts = np.bincount(codes, minlength=peers.groups)
        lowest = np.full(peers.groups, keys.none, dtype=np.int64)
        highest = np.full(peers.groups, -1, dtype=np.int64)
        np.minimum.at(lowest, codes, keys.keys[here])
        np.maximum.at(highest, codes, keys.keys[here])
        equal = (counts > 1) & (lowest == highest) & self.curve.minds_equals
        refused = np.zeros(len(here), dtype=np.bool_)
        for groups, points in ((counts == 1, self.curve.alone), (equal, self.curve.all_equal)):
            rows = groups[peers.codes] & here
            if points is None:
                refused |= rows
            else:
                out[:-1][rows] = self.scale.whole(points * self.scale.out_of / HUNDRED)
        return refused if bool(refused.any()) else None


@dataclass(slots=True)
class _Rank:
    curve: Rank
    scale: Scale
    is_higher: bool
    _known: dict[tuple[int, int], int] = field(default_factory=dict)

    @property
    def is_wide(self) -> bool:
        return False

    def give(self, value: Ratio, present: Mask | None, peers: Peers, out: Array, tally: Tally) -> Mask | None:
        keys = keys_of(value, present, tally, len(out) - 1)
        if self.is_higher:
            keys = best_first(keys)
        for matrix in peers.matrices:
            found = standings(matrix, keys)
            match self.curve.ties:
                case "dense":
                    doubled = (found.dense + 1) * 2
                case "mean":
                    doubled = found.first + found.last + 2
                case _:
                    doubled = (found.first + 1) * 2
            pairs = found.sizes.astype(np.int64)[:, None] * (4 * matrix.columns + 4) + doubled
            different, where = np.unique(pairs, return_inverse=True)
            points = [self._points(*divmod(int(pair), 4 * matrix.columns + 4)) for pair in different]
            out[found.rows] = np.array(points, dtype=out.dtype)[where.reshape(pairs.shape)]
        return None

    def _points(self, size: int, doubled: int) -> int:
        """Points of a place (twice it) among `size`."""
        if size == 0 or doubled > 2 * size:  # behind those that have a value: nobody
            return 0
        key = (size, doubled) if self.curve.method == "share" else (0, doubled)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self.scale.whole(
                self._exact(size, Fraction(doubled, 2)) * self.scale.out_of / HUNDRED
            )
        return found

    def _exact(self, size: int, place: Fraction) -> Fraction:
        curve = self.curve
        match curve.method:
            case "step":
                return max(curve.first - curve.each * (place - 1), curve.floor)
            case "share":
                return (size - place + 1) / size * HUNDRED
            case _:
                return next(points for at, points in reversed(curve.places) if place >= at)
