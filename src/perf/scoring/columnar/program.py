"""A scheme compiled once, run over columns: exact figures for all subjects at once."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from threading import Lock
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from perf.formulas import Formula, constant
from perf.kernel.facts import Facts
from perf.kernel.periods import Period
from perf.kernel.rounding import Rounding
from perf.kernel.subjects import Roster, Segment
from perf.scoring.columnar.adding import Adding, adding_of
from perf.scoring.columnar.columns import Columns
from perf.scoring.columnar.exactly import Exactly
from perf.scoring.columnar.from_cards import exact_scores
from perf.scoring.columnar.judging import Judge, Names, judge_of
from perf.scoring.columnar.ordering import Nearly, keys_of_exact
from perf.scoring.columnar.outcomes import FILLED_MEDIAN, LATER, Outcome, Outcomes
from perf.scoring.columnar.pieces import pieces_of
from perf.scoring.columnar.places import Keys, Peers, peers_of
from perf.scoring.columnar.ratios import Array, Ratio
from perf.scoring.columnar.reading import Reader
from perf.scoring.columnar.results import NONE, ColumnScores, Place
from perf.scoring.columnar.settling import Settled, bind, settle
from perf.scoring.columnar.standing import keys_of_declared, rank_in, within_quotas
from perf.scoring.columnar.statuses import Shape, statuses
from perf.scoring.columnar.support import NotColumnar
from perf.scoring.columnar.tally import Tally
from perf.scoring.columnar.totals import Sums, sums, totals
from perf.scoring.columnar.vetoing import Vetoing, vetoes_in
from perf.scoring.policies import slot_of
from perf.specs.models import RuleBook, Scheme, SchemeVersion
from perf.specs.world import World

BLOCK = 16384
"""Rows worked on at a time: their columns stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The columnar form of a scheme.

    Attributes:
        judges: One for each place, in the order of the scheme, extras last.
        grades: From the highest down, with the least total in units of its last digit.
        coefficient: The function of the total; None: the scheme has none.
    """

    book: RuleBook
    scheme: Scheme
    version: SchemeVersion
    names: Names
    places: tuple[Place, ...]
    judges: tuple[Judge, ...]
    shape: Shape
    adding: Adding
    vetoing: Vetoing
    grades: tuple[tuple[str, int], ...]
    coefficient: Settled | None


class Given(NamedTuple):
    """Points and outcomes of one place from an earlier scoring; `outcomes` number the entries of `named`."""

    points: Array
    outcomes: Array
    named: Sequence[Outcome]


_NOTHING: Mapping[int, Given] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Program:
    """A scheme in one period, compiled; made by `compile_scheme`, used by any number of threads.

    Attributes:
        plan: Its columnar form; None: the exact engine scores it.
    """

    book: RuleBook
    scheme: Scheme
    period: Period
    plan: Plan | None

    def run(
        self, columns: Columns, *, threads: int = 1, block: int = BLOCK, given: Mapping[int, Given] = _NOTHING
    ) -> ColumnScores:
        """Score all rows of `columns`.

        Args:
            columns: Of the period that the program was compiled for.
            threads: How many work at blocks at a time (numpy does not hold the lock of the interpreter).
            block: Rows in a block.
            given: Index of a place -> what it gives, known from an earlier scoring; not worked out again.
        Raises:
            NotColumnar: something is given to a scheme that only the exact engine knows.
        """
        if self.plan is not None:
            try:
                return self._in_columns(self.plan, columns, threads, block, given)
            except NotColumnar:
                if given:
                    raise
                # figures too large for words
        if given:
            raise NotColumnar(self.scheme.code)
        return exact_scores(self.book, self.scheme, self.period, columns)

    def _in_columns(
        self, plan: Plan, columns: Columns, threads: int, block: int, given: Mapping[int, Given]
    ) -> ColumnScores:
        slice_ = _Slice(plan, columns, block)
        slice_.take(given)
        if threads == 1:
            for index in slice_.wholes:
                slice_.judge_whole(index)
            for start in range(0, len(columns), block):
                slice_.judge_block(start)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(slice_.judge_whole, slice_.wholes))
                list(pool.map(slice_.judge_block, range(0, len(columns), block)))
        return slice_.scores()


class _Slice:
    """One run: the arrays that are filled, block by block."""

    def __init__(self, program: Plan, columns: Columns, block: int) -> None:
        self.program, self.columns, self.block = program, columns, block
        count, judges = len(columns), program.judges
        self.peers: Peers = peers_of(columns.groups, count)
        self.known = Outcomes()
        self.exactly = Exactly(program.book, program.scheme, columns, self.peers)
        self.points = [np.empty(count + 1, dtype=np.int64 if judge.is_wide else np.int32) for judge in judges]
        self.outcomes = np.empty((len(judges), count), dtype=np.uint8)
        self.total = np.zeros(count, dtype=np.int64)
        self.outcome = np.zeros(count, dtype=np.uint8)
        self.has_total = np.zeros(count, dtype=np.bool_)
        self.grade = np.full(count, NONE, dtype=np.int8)
        self.coefficient = np.zeros(count, dtype=np.int64) if program.coefficient is not None else None
        self.forfeits = np.zeros(count, dtype=np.bool_) if program.vetoing.forfeits else None
        self.wholes = [index for index, judge in enumerate(judges) if judge.whole_slice] if count else []
        self.given: frozenset[int] = frozenset()
        self.nearly = Nearly.of(count) if _compares_exact(program.version) else None
        self.tally = Tally()
        self.lock = Lock()

    def take(self, given: Mapping[int, Given]) -> None:
        """Take over what is known already."""
        for index, one in given.items():
            numbers = np.array([self.known.number(outcome) for outcome in one.named], dtype=np.uint8)
            self.points[index][:-1] = one.points
            self.outcomes[index][:] = numbers[one.outcomes]
        self.given = frozenset(given)
        self.wholes = [index for index in self.wholes if index not in self.given]

    def judge_whole(self, index: int) -> None:
        """An indicator that looks at peers, for all rows."""
        tally = Tally(rows=len(self.columns))
        judge, outcome = self.program.judges[index], self.outcomes[index]
        judge.whole(self.columns, self.peers, self.points[index], outcome, tally)
        self._ask(index, 0, self.points[index][:-1], outcome, tally)
        with self.lock:
            self.tally.add(tally)

    def _ask(self, index: int, start: int, out: Array, outcome: Array, tally: Tally) -> None:
        """Tier 3: what is not settled is asked of the exact engine."""
        later = np.flatnonzero(outcome == LATER)
        if not later.size:
            return
        judge = self.program.judges[index]
        rows = (later + start).tolist()
        tally.exact += len(rows)
        for k, found in zip(later.tolist(), self.exactly.judged(judge.slot, rows), strict=True):
            outcome[k] = self.known.number(Outcome(found.status, found.reason))
            points = 0 if found.points is None else found.points * 10**judge.scale.digits
            if found.points is not None and (Fraction(points).denominator != 1 or abs(points) >= 1 << 46):
                raise NotColumnar("points")
            out[k] = int(points)

    def judge_block(self, start: int) -> None:
        """All indicators of a block of rows, and what follows from them alone."""
        program, columns = self.program, self.columns
        end = min(start + self.block, len(columns))
        rows = slice(start, end)
        tally = Tally(rows=end - start)
        points = [one[start:end] for one in self.points]
        outcomes = [one[start:end] for one in self.outcomes]
        with np.errstate(all="ignore"):
            for index, judge in enumerate(program.judges):
                if not judge.whole_slice and index not in self.given:
                    judge.rows(columns, rows, points[index], outcomes[index], tally)
                    self._ask(index, start, points[index], outcomes[index], tally)
                    tally.rows += end - start
            self._together(rows, points, outcomes, tally)
        with self.lock:
            self.tally.add(tally)

    def _sums(self, points: Sequence[Array], outcomes: Sequence[Array], count: int) -> tuple[list[Array], Sums]:
        """The rows without points of every place, and what the points of all make together."""
        absent = np.array([self.known.named(number).status == "not_applicable" for number in range(len(self.known))])
        gone = [np.flatnonzero(one > FILLED_MEDIAN) for one in outcomes]
        missing = [rows[absent[one[rows]]] for one, rows in zip(outcomes, gone, strict=True)]
        return gone, sums(self.program.adding, points, gone, missing, count)

    def _together(self, rows: slice, points: Sequence[Array], outcomes: Sequence[Array], tally: Tally) -> None:
        """Totals, statuses, grades and coefficients of a block."""
        program, count = self.program, rows.stop - rows.start
        gone, found = self._sums(points, outcomes, count)
        given = totals(program.adding, found, count, tally)
        total = given.declared
        held = program.vetoing.held(Reader(self.columns, rows, program.names), self.known)
        outcome = statuses(
            program.shape, outcomes, gone, found.applies, held.outcome if held is not None else None, self.known, count
        )
        has_total = np.array(
            [self.known.named(number).status in ("scored", "vetoed") for number in range(len(self.known))]
        )[outcome]
        zero = held.zero if held is not None else None
        if zero is not None:
            total[zero] = 0
        if self.nearly is not None:
            self.nearly.take(rows, given, zero)
        place = np.zeros(count, dtype=np.int8)
        for _, least in program.grades:
            place += total < least
        if held is not None and held.grade is not None:
            np.maximum(place, held.grade, out=place)
        place[(place == len(program.grades)) | ~has_total] = NONE
        total[~has_total] = 0
        self.total[rows], self.outcome[rows], self.has_total[rows], self.grade[rows] = total, outcome, has_total, place
        if self.forfeits is not None and held is not None and held.forfeits is not None:
            self.forfeits[rows] = held.forfeits & has_total
        if self.coefficient is not None and program.coefficient is not None:
            value = Ratio(total, 10**program.adding.digits, _TOTAL_MAX, 10**program.adding.digits)
            settle(program.coefficient, value, self.coefficient[rows], Tally())

    def scores(self) -> ColumnScores:
        """What the blocks have made, with the ranks of the whole."""
        program = self.program
        rule = program.version.rank
        ranks = sizes = None
        if rule is not None or program.version.quota:
            keys = self._keys()
            ranks, sizes = rank_in(self.peers, keys, rule) if rule is not None else (None, None)
            names = [grade for grade, _ in program.grades]
            within_quotas(program.version.quota, names, self.grade, keys, self.peers)
        return ColumnScores(
            columns=self.columns,
            scheme=program.scheme.code,
            places=program.places,
            points=[one[:-1] for one in self.points],
            outcomes=list(self.outcomes),
            known=self.known,
            has_total=self.has_total,
            total=self.total,
            total_digits=program.adding.digits,
            outcome=self.outcome,
            grades=tuple(grade for grade, _ in program.grades),
            grade=self.grade,
            rank=ranks,
            rank_of=sizes,
            coefficient=self.coefficient,
            coefficient_digits=_digits(program.version.coefficient_digits),
            forfeits=self.forfeits,
            tally=self.tally,
        )

    def _keys(self) -> Keys:
        """Numbers that compare the totals as the scheme compares them, the best first."""
        if self.nearly is None:
            return keys_of_declared(self.total, self.has_total)

        def some(rows: Array) -> Sums:
            return self._sums([one[rows] for one in self.points], [one[rows] for one in self.outcomes], len(rows))[1]

        return keys_of_exact(self.program.adding, self.nearly, some, self.has_total, self.peers, self.tally)


_TOTAL_MAX = 1 << 40


def compile_scheme(book: RuleBook, code: str, period: Period, *, attributes: Sequence[str] = ()) -> Program:
    """The columnar form of a scheme in one period.

    Args:
        book: All rules.
        code: Of the scheme.
        period: Of its kind.
        attributes: Names of attributes that the roster has besides the declared ones.
    Returns:
        A program; without a plan for a scheme that only the exact engine knows: geometric totals and dimensions, totals by post,
        figures that are not rounded, coefficients with thresholds that are no constants.
    """
    scheme = book.schemes[code]
    try:
        plan = _planned(book, scheme, period, attributes)
    except NotColumnar:
        plan = None
    return Program(book, scheme, period, plan)


def _planned(book: RuleBook, scheme: Scheme, period: Period, attributes: Sequence[str]) -> Plan:
    version = scheme.version(period)
    if version is None:
        raise NotColumnar("scheme")
    world = World(
        book, Roster([Segment("", scheme.of_level, "", "", attributes=dict.fromkeys(attributes, "-"))]), Facts(()), {}
    )
    indices: dict[str, list[int]] = {}
    items = [(d.code, item.indicator, item.out_of) for d in version.dimensions for item in d.items]
    items += [("extra", extra.indicator, extra.out_of) for extra in version.extra]
    judges, places = [], []
    for index, (parent, indicator, out_of) in enumerate(items):
        if indicator not in book.indicators:
            raise NotColumnar(indicator)
        judge = judge_of(slot_of(book.indicators[indicator], period, out_of), world, period)
        judges.append(judge)
        places.append(Place(parent, indicator, out_of, judge.scale.digits))
        indices.setdefault(parent, []).append(index)
    counted = [judge.takes_weight for judge in judges]
    extras = indices.get("extra", [])
    shape = Shape(tuple(tuple(i for i in indices[d.code] if counted[i]) for d in version.dimensions), tuple(extras))
    digits = [judge.scale.digits for judge in judges]
    adding = adding_of(version, indices, counted, digits, extras)
    names = Names(world, period)
    grades = sorted(version.grades, key=lambda row: row[1], reverse=True)
    names_of_grades = {grade for grade, _ in grades}
    if version.quota and len(names_of_grades) < len(grades):
        raise NotColumnar("quota")
    if any(grade not in names_of_grades for quota in version.quota for grade in (quota.grade, quota.falls_to)):
        raise NotColumnar("quota")
    least = tuple((grade, _ceil(threshold * 10**adding.digits)) for grade, threshold in grades)
    return Plan(
        book,
        scheme,
        version,
        names,
        tuple(places),
        tuple(judges),
        shape,
        adding,
        vetoes_in(version, [grade for grade, _ in grades]),
        least,
        _coefficient(version, adding.digits),
    )


def _compares_exact(version: SchemeVersion) -> bool:
    return version.rank is not None and version.rank.of == "exact"


def _ceil(number: Fraction) -> int:
    return -(-number.numerator // number.denominator)


def _digits(digits: object) -> int:
    return digits if isinstance(digits, int) else 0


def _coefficient(version: SchemeVersion, digits: int) -> Settled | None:
    """The function from declared totals to declared coefficients."""
    curve = version.coefficient
    if curve is None:
        return None
    if version.coefficient_digits == "exact" or version.coefficient_digits < 0:
        raise NotColumnar("coefficient")

    def threshold(formula: Formula) -> Fraction:
        found = constant(formula)
        if found is None:
            raise NotColumnar("coefficient")
        return found

    pieces = pieces_of(curve, "higher", Fraction(100), threshold).times(Fraction(10**version.coefficient_digits))
    mode: Rounding = version.coefficient_rounding
    return bind(pieces, mode, Ratio(0, 10**digits, _TOTAL_MAX, 10**digits))
