"""Figures of an import that are far from what the same subject, or its peers, usually report: warnings, never refusals."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from perf.excel.fact_rows import FactRows
from perf.kernel.facts import Fact, FactKey
from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue, Place
from perf.kernel.periods import Period
from perf.kernel.robust import UsualRange, usual_range
from perf.kernel.rounding import round_to
from perf.kernel.text import Text
from perf.services.consortium_of import ConsortiumFinder
from perf.services.import_plan import ImportPlan
from perf.specs.models import Measure
from perf.storage import facts
from perf.storage.store import Connection
from perf.storage.viewer import Viewer

OWN_MIN, OWN_MAX = 6, 24  # figures of its own that a subject is judged by, at least and at most
PEERS_MIN = 10  # peers of one kind in the same period that stand in for a history
JUDGED_MAX = 20_000  # figures of one file; of larger files none is judged, which is said
A_COLUMN_MAX = 10  # warnings of one column; the others are counted
_SLIPS = (Fraction(1, 100), Fraction(100), Fraction(1, 10), Fraction(10), Fraction(1, 10_000), Fraction(10_000))

SELDOM = 500  # as far as that only once in so many earlier figures: leave, leap months and the like are no mistakes
_PEERS_FAR = 2  # peers are of several sizes: only twice as far as what is usual is told

_Series = tuple[str, str, str, str]


class _Unusual(NamedTuple):
    """A figure, the range that it is outside of, and how far out it is."""

    fact: Fact
    usual: UsualRange
    by: Text
    distance: Fraction


@dataclass(frozen=True, slots=True)
class Judging:
    """What figures are judged with: the stored facts, the measures, and which kind every subject is of."""

    connection: Connection
    viewer: Viewer
    measures: Mapping[str, Measure]
    finder: ConsortiumFinder

    def issues(self, plan: ImportPlan, current: Mapping[FactKey, Fact]) -> list[Issue]:
        """A warning for each new or changed figure that is unusual, `A_COLUMN_MAX` a column and the count of the rest.

        Args:
            current: The facts that count now, of the plan's measures and periods.
        """
        count = sum(number for measure, number in FactRows.of(plan.new).measures().items() if self._judges(measure))
        count += sum(self._judges(change.new.key.measure) for change in plan.changed)
        if count > JUDGED_MAX:
            return [_too_many(plan, count)]
        judged = [
            fact
            for fact in (*plan.new, *(change.new for change in plan.changed))
            if isinstance(fact.value, Fraction) and fact.key.measure in self.measures
        ]
        if not judged:
            return []
        histories = self._histories(judged)
        found = [*self._against_itself(judged, histories), *self._against_peers(judged, histories, current)]
        return list(_told(plan, found, self.measures))

    def _judges(self, measure: str) -> bool:
        return measure in self.measures and self.measures[measure].answers not in ("rating", "text")

    def _against_itself(
        self, judged: Sequence[Fact], histories: Mapping[_Series, Sequence[Fraction]]
    ) -> Iterator[_Unusual]:
        """Figures outside of what is usual for their subject, but for those as far as others were now and then."""
        usual_of = {
            series: usual_range(values, least_spread=_least(self.measures[series[1]]))
            for series, values in histories.items()
            if len(values) >= OWN_MIN
        }
        far: list[tuple[_Unusual, bool]] = []
        for fact in judged:
            series = _series(fact.key)
            usual, value = usual_of.get(series), fact.value
            if usual is not None and isinstance(value, Fraction) and value not in usual:
                count = len(histories[series])
                by = Text(f"本人(本单位)前 {count} 期", f"its own last {count} periods")
                far.append((_Unusual(fact, usual, by, _distance(value, usual)), value > usual.median))
        measures = {one.fact.key.measure for one, _ in far}
        tails: dict[tuple[str, bool], list[Fraction]] = {}
        counts: Counter[str] = Counter()
        for series, usual in usual_of.items():
            if series[1] in measures and usual is not None:
                counts[series[1]] += len(histories[series])
                for value in histories[series]:
                    if value not in usual:
                        tail = tails.setdefault((series[1], value > usual.median), [])
                        tail.append(_distance(value, usual))
        for tail in tails.values():
            tail.sort()
        for one, is_above in far:
            code = one.fact.key.measure
            tail = tails.get((code, is_above), [])
            if (len(tail) - bisect_left(tail, one.distance)) * SELDOM < counts[code]:
                yield one

    def _against_peers(
        self, judged: Sequence[Fact], histories: Mapping[_Series, Sequence[Fraction]], current: Mapping[FactKey, Fact]
    ) -> Iterator[_Unusual]:
        """Figures without a history, far outside of what is usual for their kind in the same period."""
        peers = self._peers(judged, current)
        by = Text("同期同类", "its peers in the same period")
        for fact in judged:
            if len(histories.get(_series(fact.key), ())) >= OWN_MIN:
                continue
            usual, value = peers.get(self._group(fact.key)), fact.value
            if usual is None or not usual.median or not isinstance(value, Fraction) or value in usual:
                continue  # around zero most have nothing, and who has something is no exception
            if (distance := _distance(value, usual)) > _PEERS_FAR:
                yield _Unusual(fact, usual, by, distance)

    def _histories(self, judged: Sequence[Fact]) -> dict[_Series, list[Fraction]]:
        """The newest figures of each series before the period that is judged, at most `OWN_MAX`."""
        periods = {period for fact in judged for period in _before(fact.key.period)}
        subjects = {fact.key.subject for fact in judged}
        found: dict[_Series, list[tuple[Period, Fraction]]] = {}
        versions = facts.newest_versions(
            self.connection,
            self.viewer,
            periods={str(period) for period in periods - {fact.key.period for fact in judged}},
            measures={fact.key.measure for fact in judged},
            subjects=subjects if len(subjects) <= JUDGED_MAX // 10 else None,
        )
        for fact in facts.as_facts(versions.values(), {}):
            if isinstance(fact.value, Fraction):
                found.setdefault(_series(fact.key), []).append((fact.key.period, fact.value))
        first: dict[str, Period] = {}  # the earliest of each kind
        for fact in judged:
            period = fact.key.period
            first[period.kind] = min(first.get(period.kind, period), period)
        return {
            series: [value for _, value in sorted(o for o in values if o[0] < first[o[0].kind])[-OWN_MAX:]]
            for series, values in found.items()
        }

    def _peers(
        self, judged: Iterable[Fact], current: Mapping[FactKey, Fact]
    ) -> dict[tuple[str, ...], UsualRange | None]:
        month = {**current, **{fact.key: fact for fact in judged}}
        groups: dict[tuple[str, ...], list[Fraction]] = {}
        for fact in month.values():
            if isinstance(fact.value, Fraction):
                groups.setdefault(self._group(fact.key), []).append(fact.value)
        return {
            group: usual_range(values, least_spread=_least(self.measures[group[0]]))
            for group, values in groups.items()
            if len(values) >= PEERS_MIN and group[0] in self.measures
        }

    def _group(self, key: FactKey) -> tuple[str, ...]:
        return (key.measure, str(key.period), self.finder.kind(key.subject, key.period), key.item, key.counterparty)


def _distance(value: Fraction, usual: UsualRange) -> Fraction:
    """How far from the median, where the end of what is usual is 1."""
    return abs(value - usual.median) / (usual.high - usual.median)


def _series(key: FactKey) -> _Series:
    return (key.subject, key.measure, key.item, key.counterparty)


def _before(period: Period) -> Iterator[Period]:
    for count in range(1, OWN_MAX + 1):
        yield period.shift(-count)


def _least(measure: Measure) -> Fraction:
    """Of counts one is the smallest deviation; of what has decimals none is."""
    return Fraction(1) if measure.digits == 0 else Fraction(0)


def _told(plan: ImportPlan, found: list[_Unusual], measures: Mapping[str, Measure]) -> Iterator[Issue]:
    by_column: dict[tuple[str, str, str], list[_Unusual]] = {}
    for one in found:
        source = one.fact.source
        column = source.cell.rstrip("0123456789")
        by_column.setdefault((source.sheet, column, one.fact.key.measure), []).append(one)
    for (sheet, _, code), unusual in by_column.items():
        unusual.sort(key=lambda one: (-one.distance, one.fact.key))
        for one in unusual[:A_COLUMN_MAX]:
            yield _issue(plan, one, measures[code])
        if len(unusual) > A_COLUMN_MAX:
            yield _rest(plan, sheet, measures[code], len(unusual) - A_COLUMN_MAX)


def _issue(plan: ImportPlan, one: _Unusual, measure: Measure) -> Issue:
    value, usual = one.fact.value, one.usual
    assert isinstance(value, Fraction)  # noqa: S101
    low = usual.low if measure.minimum is None else max(usual.low, measure.minimum)
    high = usual.high if measure.maximum is None else min(usual.high, measure.maximum)
    slip = next((value * factor for factor in _SLIPS if _is_meant(value * factor, usual, measure)), None)
    hint = Text("核对原始记录;没有错可以照常保存", "Check it against the records; if it is right, keep it")
    if slip is not None:
        shown = _shown(slip, measure)
        hint = Text(
            f"是否小数点或单位写错,应为 {shown}?没有错可以照常保存",
            f"Is the decimal point or the unit wrong, should it be {shown}? If it is right, keep it",
        )
    middle = _shown(usual.median, measure)
    return Issue(
        "value-unusual",
        Place(plan.name, one.fact.source.sheet, one.fact.source.cell),
        Text(
            f"{measure.title.zh} {_shown(value, measure)},与{one.by.zh}相差很远(中位数 {middle})",
            f"{measure.code} {_shown(value, measure)}, far from {one.by.in_lang('en')} (median {middle})",
        ),
        Text(
            f"通常在 {_shown(low, measure)} 到 {_shown(high, measure)} 之间",
            f"usually between {_shown(low, measure)} and {_shown(high, measure)}",
        ),
        hint,
        "warning",
        one.fact.key.subject,
        _shown(slip, measure) if slip is not None else "",
    )


def _is_meant(value: Fraction, usual: UsualRange, measure: Measure) -> bool:
    """Whether a figure with another point or unit is one that the measure has and that is near what is usual."""
    is_whole = measure.digits == "exact" or not 10**measure.digits % value.denominator
    return is_whole and value in usual and abs(usual.median) / 2 <= abs(value) <= abs(usual.median) * 2 and bool(value)


def _rest(plan: ImportPlan, sheet: str, measure: Measure, rest: int) -> Issue:
    return Issue(
        "value-unusual",
        Place(plan.name, sheet),
        Text(f"{measure.title.zh} 另有 {rest} 个数异常", f"{rest} more unusual figures of {measure.code}"),
        Text(f"每列只列最远的 {A_COLUMN_MAX} 个", f"the {A_COLUMN_MAX} farthest of each column are listed"),
        Text("先看整列的单位和口径对不对", "See first whether the whole column has the right unit and definition"),
        "warning",
    )


def _too_many(plan: ImportPlan, count: int) -> Issue:
    return Issue(
        "values-not-judged",
        Place(plan.name),
        Text(f"新的和改动的数有 {count} 个", f"{count} new or changed figures"),
        Text(
            f"不超过 {JUDGED_MAX} 个才逐个与历史和同类比较", f"at most {JUDGED_MAX} are compared with history and peers"
        ),
        Text("需要比较时分成几个文件", "split the file where that is wanted"),
        "info",
    )


def _shown(number: Fraction, measure: Measure) -> str:
    """As it is written in a cell: percent with its sign, at the measure's digits."""
    if measure.unit == "percent":
        digits = 2 if measure.digits == "exact" else max(measure.digits - 2, 0)
        return exact_text(round_to(number * 100, digits)) + "%"
    return exact_text(round_to(number, 2 if measure.digits == "exact" else measure.digits))
