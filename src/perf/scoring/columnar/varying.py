"""Curves whose thresholds are formulas: parameters, tables by class, measures. Rows with the same thresholds share one function."""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from perf.formulas import Formula
from perf.scoring.columnar.cells import HERE, Words
from perf.scoring.columnar.curves import InPieces, Scale, in_pieces
from perf.scoring.columnar.outcomes import LATER
from perf.scoring.columnar.ratios import Array, Ratio, spread
from perf.scoring.columnar.reading import Reader
from perf.scoring.columnar.support import NotColumnar
from perf.scoring.columnar.tally import Tally
from perf.specs.models import Curve, Indicator

Thresholds = tuple[Fraction, ...]


@dataclass(slots=True)
class Varying:
    """A curve of straight pieces with thresholds that differ from row to row.

    Attributes:
        formulas: Of the thresholds, in the order of the curve.
    """

    curve: Curve
    indicator: Indicator
    scale: Scale
    formulas: tuple[Formula, ...]
    _known: dict[Thresholds, InPieces | None] = field(default_factory=dict)

    @property
    def is_wide(self) -> bool:
        """The points of thresholds to come are not known."""
        return True

    def give(self, value: Ratio | Words, reader: Reader, out: Array, outcome: Array, tally: Tally) -> None:
        """Write points; rows with an absent or unfit threshold are left to the exact engine.

        Raises:
            NotColumnar: a threshold that only the exact engine knows.
        """
        if isinstance(value, Words):
            outcome[:] = LATER
            return
        found = [reader.cell(formula.tree) for formula in self.formulas]
        ratios = [cell.figure for cell in found if isinstance(cell.figure, Ratio)]
        if len(ratios) < len(found):
            raise NotColumnar("thresholds")  # the exact engine reads no words as thresholds
        absent = np.zeros(len(out), dtype=np.bool_)
        for cell in found:
            if cell.gone is not None:
                absent |= cell.gone != HERE
        for thresholds, rows in _alike(ratios, np.flatnonzero(~absent)):
            self._give(thresholds, rows, value, reader, out, outcome, tally)
        outcome[absent] = LATER

    def _give(
        self,
        thresholds: Thresholds,
        rows: Array,
        value: Ratio,
        reader: Reader,
        out: Array,
        outcome: Array,
        tally: Tally,
    ) -> None:
        """Rows that share their thresholds."""
        if thresholds not in self._known:
            numbers = {id(formula): number for formula, number in zip(self.formulas, thresholds, strict=True)}
            try:
                curve = in_pieces(self.curve, self.indicator, self.scale, lambda formula: numbers[id(formula)])
            except NotColumnar:
                curve = None
            self._known[thresholds] = curve
        known = self._known[thresholds]
        if known is None:
            outcome[rows] = LATER
        elif len(rows) == len(out):
            known.give(value, reader, out, outcome, tally)
        else:
            part, ignored = np.zeros(len(rows), dtype=out.dtype), np.zeros(len(rows), dtype=outcome.dtype)
            known.give(value.take(rows), reader, part, ignored, tally)
            out[rows] = part


def _alike(ratios: list[Ratio], rows: Array) -> list[tuple[Thresholds, Array]]:
    """The rows by their thresholds."""
    if not rows.size:
        return []
    if all(isinstance(ratio.above, int) and isinstance(ratio.below, int) for ratio in ratios):
        return [(tuple(ratio.fraction(0) for ratio in ratios), rows)]
    count = int(rows[-1]) + 1
    parts = [
        spread(whole, count)[rows] if isinstance(whole, int) else whole[rows]
        for r in ratios
        for whole in (r.above, r.below)
    ]
    if any(part.dtype == object for part in parts):
        raise NotColumnar("long thresholds")
    different, where = np.unique(np.array(parts, dtype=np.int64), axis=1, return_inverse=True)
    order = np.argsort(where.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(where.ravel(), minlength=different.shape[1]))
    groups = np.split(rows[order], ends[:-1])
    columns = different.T.tolist()
    return [
        (tuple(Fraction(a, b) for a, b in zip(column[::2], column[1::2], strict=True)), group)
        for column, group in zip(columns, groups, strict=True)
    ]
