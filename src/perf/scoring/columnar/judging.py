"""One indicator over a slice: value, absences and what the rule makes of them, points."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from perf.formulas import Formula, Node, references
from perf.kernel.periods import Period
from perf.kernel.rounding import Rounding, round_to_int
from perf.scoring.columnar.cells import (
    BLOCKED,
    HERE,
    MISSING,
    NOT_ALLOWED,
    NOT_APPLICABLE,
    ZERO_BELOW,
    Cell,
    Words,
    as_numbers,
)
from perf.scoring.columnar.columns import Columns
from perf.scoring.columnar.curves import PeerCurve, RowCurve, Scale, peer_curve, row_curve
from perf.scoring.columnar.grouped import by_group
from perf.scoring.columnar.outcomes import (
    ASSUMED,
    FAILED,
    FILLED_FULL,
    FILLED_MEDIAN,
    FILLED_ZERO,
    INAPPLICABLE,
    LATER,
    MONITORED,
    NO_DENOMINATOR,
    NOT_REQUIRED,
    SCORE_BLOCKED,
    SCORED,
    SWITCHED_OFF,
    UNREPORTED,
)
from perf.scoring.columnar.places import Peers
from perf.scoring.columnar.ratios import Array, Ratio, choose, constant, rounded
from perf.scoring.columnar.reading import Reader
from perf.scoring.columnar.support import NotColumnar
from perf.scoring.columnar.tally import Tally
from perf.scoring.columnar.varying import Varying
from perf.scoring.indicators import is_shown_only
from perf.scoring.policies import Slot
from perf.specs.formulas_of import curve_formulas
from perf.specs.models import (
    Attainment,
    Award,
    DatedValue,
    Efficacy,
    Indicator,
    IndicatorVersion,
    Linear,
    Measure,
    NamedCurve,
    Range,
    RatingCurve,
    Steps,
)
from perf.specs.world import World

_REQUIRES = 5
"""Beside the reasons of absence: the condition of the indicator is not met."""
IN_PIECES = (Linear, Steps, Range, Attainment, Efficacy)
"""Curves of straight pieces whose thresholds may be formulas."""


@dataclass(frozen=True, slots=True)
class Names:
    """What plain names mean in the formulas of one rule (`Meanings`)."""

    world: World
    period: Period
    parameters: Mapping[str, tuple[DatedValue, ...]] = field(default_factory=dict)
    assume: Mapping[str, Fraction] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    curves: Mapping[str, NamedCurve] = field(default_factory=dict)

    def parameter(self, code: str, period: Period) -> Node | None:
        """The dated parameter of that name, or None."""
        if code not in self.parameters:
            return None
        return self.world.scope("", self.period, parameters=self.parameters).name(code, period)

    def measure(self, code: str) -> Measure | None:
        """The measure of that code or title, or None."""
        return self.world.measures.get(code)

    def attribute(self, code: str) -> str | None:
        """The attribute of that code or title, or None."""
        return self.world.attribute_code(code)


@dataclass(frozen=True, slots=True)
class Judge:
    """An indicator in a scheme, compiled.

    Attributes:
        settled: The outcome of every row, where no row is asked (switched off, only shown); None: it is scored.
        exactly: The exact engine judges every row.
        outcome_of: Reason of absence -> outcome; `LATER` where the exact engine is asked.
        points_of: Outcome -> points of those that it fills.
        median: Rows filled by the median of their peers' points come after the others.
    """

    slot: Slot
    scale: Scale
    names: Names | None
    by_row: RowCurve | None
    by_peers: PeerCurve | None
    settled: int | None
    exactly: bool
    outcome_of: Array
    points_of: Mapping[int, int]
    median: frozenset[int]

    @property
    def takes_weight(self) -> bool:
        """Whether it counts in its dimension."""
        version = self.slot.version
        return (
            version is None or not is_shown_only(self.slot.indicator, version) or not self.slot.indicator.is_on(version)
        )

    @property
    def is_wide(self) -> bool:
        """Whether points may need more than 32 bits."""
        chosen = self.by_peers if self.by_peers is not None else self.by_row
        return chosen is not None and chosen.is_wide

    @property
    def whole_slice(self) -> bool:
        """Whether all rows of a slice are needed at once."""
        return self.by_peers is not None or bool(self.median)

    def rows(self, columns: Columns, rows: slice, out: Array, outcome: Array, tally: Tally) -> None:
        """Judge some rows by themselves.

        Args:
            columns: The slice of data.
            rows: Which.
            out, outcome: Points in units of the last digit, and outcomes, of these rows; `LATER`: to be asked.
            tally: Counts what is looked at again.
        """
        if self.settled is not None or self.exactly:
            out.fill(0)
            outcome.fill(self.settled if self.settled is not None else LATER)
            return
        try:
            cell = self.value(columns, rows)
            outcome.fill(SCORED)
            if self.by_row is not None:
                self._with_curve(cell, columns, rows, out, outcome, tally)
            self._absent(cell, out, outcome)
        except NotColumnar:
            out.fill(0)
            outcome.fill(LATER)

    def _with_curve(self, cell: Cell, columns: Columns, rows: slice, out: Array, outcome: Array, tally: Tally) -> None:
        assert self.by_row is not None  # noqa: S101 - asked only then
        assert self.names is not None  # noqa: S101
        if not isinstance(cell.figure, Ratio | Words):
            raise NotColumnar("truth")
        self.by_row.give(cell.figure, Reader(columns, rows, self.names), out, outcome, tally)
        if cell.assumed is not None:
            np.copyto(outcome, ASSUMED, where=cell.assumed & (outcome == SCORED))

    def _absent(self, cell: Cell, out: Array, outcome: Array) -> None:
        """Rows without a value: what the rule says."""
        if cell.gone is None:
            return
        gone = np.flatnonzero(cell.gone != HERE)
        found = self.outcome_of[cell.gone[gone]]
        outcome[gone] = found
        points = np.zeros(len(gone), dtype=out.dtype)
        for number, given in self.points_of.items():
            points[found == number] = given
        out[gone] = points

    def value(self, columns: Columns, rows: slice) -> Cell:
        """The declared value of some rows; gone: also `_REQUIRES`.

        Raises:
            NotColumnar: the exact engine is to be asked.
        """
        version = self.slot.version
        if version is None or self.names is None:
            raise NotColumnar("version")
        reader = Reader(columns, rows, self.names)
        cell = self._typed(reader.cell(version.value.tree), reader.count)
        if version.requires is None:
            return cell
        needed = reader.cell(version.requires.tree)
        if not isinstance(needed.figure, np.ndarray):
            raise NotColumnar("requires")
        gone = np.where(needed.figure, np.uint8(HERE), np.uint8(_REQUIRES))
        if needed.gone is not None:
            gone = np.where(needed.gone == HERE, gone, needed.gone)
        if cell.gone is not None:
            gone = np.where(gone == HERE, cell.gone, gone)
        return Cell(cell.figure, gone, cell.assumed)

    def _typed(self, cell: Cell, count: int) -> Cell:
        """A truth as 1 or 0, words as numbers unless they are rated, numbers rounded as declared."""
        version = self.slot.version
        assert version is not None  # noqa: S101 - asked only then
        figure = cell.figure
        if isinstance(figure, Words):
            if isinstance(version.points, RatingCurve) or version.points is None:
                return cell
            ratio, gone = as_numbers(cell, count)
            figure, cell = ratio, Cell(ratio, gone, cell.assumed)
        elif isinstance(figure, np.ndarray):
            figure = choose(figure, constant(Fraction(1)), constant(Fraction(0)))
        if version.digits != "exact":
            figure = rounded(figure, version.digits, version.rounding)
        return Cell(figure, cell.gone, cell.assumed)

    def whole(self, columns: Columns, peers: Peers, out: Array, outcome: Array, tally: Tally) -> None:
        """Judge a whole slice, peers included.

        Args:
            columns: The slice.
            peers: Its groups.
            out: One more than the rows; the last is nobody's.
            outcome: One for each row.
            tally: Counts what is looked at again.
        """
        count = len(columns)
        if self.by_peers is None:
            self.rows(columns, slice(0, count), out[:-1], outcome, tally)
        else:
            try:
                self._among_peers(columns, peers, out, outcome, tally)
            except NotColumnar:
                out.fill(0)
                outcome.fill(LATER)
        self._medians(peers, out, outcome)

    def _among_peers(self, columns: Columns, peers: Peers, out: Array, outcome: Array, tally: Tally) -> None:
        cell = self.value(columns, slice(0, len(columns)))
        if not isinstance(cell.figure, Ratio) or self.by_peers is None:
            raise NotColumnar("peers")
        outcome.fill(SCORED)
        present = None if cell.gone is None else cell.gone == HERE
        unsettled = self.by_peers.give(cell.figure, present, peers, out, tally)
        if cell.assumed is not None:
            outcome[cell.assumed] = ASSUMED
        if unsettled is not None:
            outcome[unsettled] = LATER
        self._absent(cell, out[:-1], outcome)

    def _medians(self, peers: Peers, out: Array, outcome: Array) -> None:
        """Rows to be filled with the median of the points that their peers earned."""
        if not self.median:
            return
        waiting = np.flatnonzero(outcome == FILLED_MEDIAN)
        if (outcome == LATER).any():
            outcome[waiting] = LATER  # what the exact engine will say of a peer may be points
            return
        for group in np.unique(peers.codes[waiting]).tolist():
            rows = np.flatnonzero(peers.codes == group)
            earned = sorted(out[rows[(outcome[rows] == SCORED) | (outcome[rows] == ASSUMED)]].tolist())
            mine = rows[outcome[rows] == FILLED_MEDIAN]
            if not earned:
                outcome[mine] = LATER
                continue
            half = len(earned) // 2
            twice = 2 * earned[half] if len(earned) % 2 else earned[half - 1] + earned[half]
            out[mine] = round_to_int(Fraction(twice, 2), self.scale.mode)


def judge_of(slot: Slot, world: World, period: Period) -> Judge:
    """The compiled form of an indicator in a scheme.

    Raises:
        NotColumnar: its points are declared exact, so that they are no whole numbers.
    """
    indicator, version = slot.indicator, slot.version
    nothing = np.full(256, LATER, dtype=np.uint8)
    is_on = indicator.is_on(version)
    if version is None or not is_on:
        settled = None if is_on else SWITCHED_OFF
        blank = Scale(slot.out_of, 0, Rounding.HALF_AWAY)
        return Judge(slot, blank, None, None, None, settled, settled is None, nothing, {}, frozenset())
    formulas = [version.value, *([version.requires] if version.requires is not None else [])]
    if is_shown_only(indicator, version):
        blank = Scale(slot.out_of, 0, Rounding.HALF_AWAY)
        exactly = any(map(_asks_peers, formulas))
        settled = None if exactly else MONITORED
        return Judge(slot, blank, None, None, None, settled, exactly, nothing, {}, frozenset())
    if version.points_digits == "exact" or version.points_digits < 0 or version.points is None:
        raise NotColumnar("points_digits")
    scale = Scale(slot.out_of, version.points_digits, version.points_rounding)
    if slot.out_of * 10**scale.digits > 1 << 30:
        raise NotColumnar("out_of")
    by_row: RowCurve | None = None
    by_peers = peer_curve(version.points, indicator, scale)
    if by_peers is None:
        by_peers = by_group(version.points, indicator, scale.out_of, scale.digits, scale.mode)
    exactly = any(map(_asks_peers, formulas)) or (version.digits != "exact" and version.digits > 15)
    if by_peers is None:
        try:
            by_row = row_curve(version.points, indicator, scale)
        except NotColumnar:
            by_row = _varying(indicator, version, scale)
            exactly = exactly or by_row is None
    names = Names(world, period, version.parameters, version.assume, version.tables, version.curves)
    full = version.points.cap if isinstance(version.points, Award) else slot.out_of
    points_of = {FILLED_ZERO: 0, FILLED_FULL: scale.whole(full)}
    outcome_of, median = _outcomes_of(version)
    return Judge(slot, scale, names, by_row, by_peers, None, exactly, outcome_of, points_of, median)


def _varying(indicator: Indicator, version: IndicatorVersion, scale: Scale) -> RowCurve | None:
    """A curve with thresholds that are formulas of the subject itself; None: the exact engine judges it."""
    formulas = tuple(curve_formulas(version.points))
    if not formulas or any(map(_asks_peers, formulas)) or not isinstance(version.points, IN_PIECES) or version.assume:
        return None
    return Varying(version.points, indicator, scale, formulas)


def _asks_peers(formula: Formula) -> bool:
    return any(one.kind == "peer" or one.name == "value" for one in references(formula))


def _outcomes_of(version: IndicatorVersion) -> tuple[Array, frozenset[int]]:
    """The outcome of every reason of absence, and the reasons that are filled by medians."""
    filled = {
        "zero": FILLED_ZERO,
        "full": FILLED_FULL,
        "not_applicable": INAPPLICABLE,
        "peer_median": FILLED_MEDIAN,
        "carry_forward": LATER,
    }
    found = np.full(256, LATER, dtype=np.uint8)
    missing, zero = version.no_value.missing, version.no_value.denominator_zero
    found[MISSING] = filled.get(missing, UNREPORTED)
    found[ZERO_BELOW] = filled.get(zero, NO_DENOMINATOR)
    found[BLOCKED], found[NOT_ALLOWED] = SCORE_BLOCKED, FAILED
    found[NOT_APPLICABLE], found[_REQUIRES] = INAPPLICABLE, NOT_REQUIRED
    median = frozenset(reason for reason, policy in ((MISSING, missing), (ZERO_BELOW, zero)) if policy == "peer_median")
    return found, median
