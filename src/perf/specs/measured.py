"""The value of a measure for a subject in a period: its own fact, else the roll-up over members or months."""

from collections.abc import Sequence
from fractions import Fraction

from perf.formulas import as_number
from perf.formulas.nodes import Absent, Node
from perf.formulas.values import absence
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.periods import Period, PeriodKind
from perf.kernel.subjects import LEVELS, Roster
from perf.kernel.text import Text
from perf.specs.models import Measure

_LENGTH: dict[PeriodKind, int] = {"month": 1, "quarter": 3, "year": 12}
_DEPTH = {level: depth for depth, level in enumerate(LEVELS)}
_GROUPING = frozenset({"department", "team"})
_EVENTS = {"是": 1, "有": 1, "yes": 1, "否": 0, "无": 0, "no": 0}
_WAN = 10_000
_NO_ROLL_UP = Text("这项数据不能由明细汇总得出", "this measure does not roll up")


class Measured:
    """All measured values of one run, each worked out once.

    The subject's own fact wins, then the sum of its items; then a longer measure stands in its shorter periods, a
    shorter one is rolled over the longer period, and a measure of a lower level is rolled up over the direct members,
    each counted where the segment that speaks for it belongs. Without all of them it is missing and its keys say who
    (`partial: true`: of those that reported). `sum` adds, `mean` averages, `last` takes the last period of a longer one
    and adds over members, `none` stays missing.
    """

    def __init__(self, roster: Roster, facts: Facts) -> None:
        self._roster = roster
        self._facts = facts
        self._known: dict[tuple[str, str, Period], Node] = {}
        self._under_way: set[tuple[str, str, Period]] = set()

    def value(self, subject: str, measure: Measure, period: Period) -> Node:
        """The value in the measure's own terms, 万元 as yuan; `missing` with the keys that nobody reported."""
        key = (subject, measure.code, period)
        node = self._known.get(key)
        if node is None:
            fact = self._facts.own(subject, measure.code, period)
            if fact is not None:
                node = self._known[key] = fact_node(fact, measure)
                return node
            if key in self._under_way:  # a roster in which somebody is above himself
                return _missing(measure, subject, period)
            self._under_way.add(key)
            node = self._known[key] = self._put_together(subject, measure, period)
            self._under_way.discard(key)
        return node

    def year_to_date(self, subject: str, measure: Measure, period: Period) -> Node:
        """From the start of the year up to and with `period`, each period of the measure once.

        A longer measure stands in its shorter periods: a quarter counts whole from its first month on (in May the
        first and the second one), a year is itself. Spread evenly, the parts of the shorter periods add up.
        """
        if _LENGTH[measure.period] > _LENGTH[period.kind]:
            if measure.spread != "even":
                own = period.within(measure.period)
                return self._over_time(subject, measure, own, own.year_to_date())
            parts = [self.value(subject, measure, part) for part in period.year_to_date()]
            return self._together("sum", measure, parts)
        return self._over_time(subject, measure, period, period.year_to_date())

    def _put_together(self, subject: str, measure: Measure, period: Period) -> Node:
        """From items, other periods or members, where there is no fact of the subject's own."""
        items = self._facts.itemised(subject, measure.code, period)
        if items:
            return _combined("sum", measure, [fact_node(item, measure) for item in items])
        asked, own = _LENGTH[period.kind], _LENGTH[measure.period]
        if asked < own:
            return self._part_of(subject, measure, period)
        if asked > own:
            parts = period.months() if own == 1 else tuple(m.within("quarter") for m in period.months()[::3])
            return self._over_time(subject, measure, period, parts)
        return self._over_members(subject, measure, period)

    def _part_of(self, subject: str, measure: Measure, period: Period) -> Node:
        whole = self.value(subject, measure, period.within(measure.period))
        if measure.spread != "even" or not isinstance(whole.value, Fraction):
            return whole
        count = Fraction(_LENGTH[measure.period] // _LENGTH[period.kind])
        return Node("/", whole.value / count, (whole, Node("number", count)), measure.title, unit=measure.unit)

    def _over_time(self, subject: str, measure: Measure, period: Period, parts: Sequence[Period]) -> Node:
        if measure.roll_up == "none" and len(parts) > 1:
            return _missing(measure, subject, period)
        nodes = [self.value(subject, measure, part) for part in parts]
        if all(_is_missing(node) for node in nodes):
            return _missing(measure, subject, period)
        if measure.roll_up == "last":
            last = nodes[-1]
            if measure.partial and _is_missing(last):
                last = next(node for node in reversed(nodes) if not _is_missing(node))
            return last
        return self._together(measure.roll_up, measure, nodes)

    def _over_members(self, subject: str, measure: Measure, period: Period) -> Node:
        members = self._members(subject, measure, period) if measure.roll_up != "none" else []
        if not members:
            return _missing(measure, subject, period)
        nodes = [self.value(member, measure, period) for member in members]
        return self._together("mean" if measure.roll_up == "mean" else "sum", measure, nodes)

    def _members(self, subject: str, measure: Measure, period: Period) -> list[str]:
        """The direct members that supply the measure, or have members that do."""
        segment = self._roster.at(subject, period)
        deepest = _DEPTH[measure.level]
        if segment is None or _DEPTH[segment.level] >= deepest:
            return []
        found = []
        for child in self._roster.children(subject, period):
            at = self._roster.at(child, period)
            if at is None or at.parent != subject or _DEPTH[at.level] > deepest:
                continue
            empty = at.level in _GROUPING and _DEPTH[at.level] < deepest and not self._roster.children(child, period)
            if not empty:
                found.append(child)
        return found

    def _together(self, op: str, measure: Measure, nodes: Sequence[Node]) -> Node:
        if measure.partial:
            nodes = [node for node in nodes if not _is_missing(node)] or nodes
        return _combined(op, measure, nodes)


def fact_node(fact: Fact, measure: Measure) -> Node:
    """One fact as formulas see it."""
    value = fact.value
    if isinstance(value, str):
        if measure.answers == "event" and value in _EVENTS:
            value = Fraction(_EVENTS[value])
    elif measure.unit == "wan_yuan":
        value = value * _WAN
    label = measure.title
    if fact.key.item:
        label = Text(f"{label.zh}·{fact.key.item}", f"{label.in_lang('en')} · {fact.key.item}")
    return Node("fact", value, (), label, fact.source, unit=measure.unit)


def _combined(op: str, measure: Measure, nodes: Sequence[Node]) -> Node:
    inputs = tuple([as_number(node) for node in nodes])
    values = [node.value for node in inputs if isinstance(node.value, Fraction)]
    if len(values) < len(inputs):
        gone = absence(inputs)
        if gone.reason == "not_allowed":
            gone = Absent("not_allowed", (), _NO_ROLL_UP)
        return Node(op, gone, inputs, measure.title, unit=measure.unit)
    total = sum(values, Fraction(0))
    return Node(op, total / len(values) if op == "mean" else total, inputs, measure.title, unit=measure.unit)


def _missing(measure: Measure, subject: str, period: Period) -> Node:
    gone = Absent("missing", (FactKey(subject, measure.code, period),))
    return Node("fact", gone, (), measure.title, unit=measure.unit)


def _is_missing(node: Node) -> bool:
    return isinstance(node.value, Absent) and node.value.reason == "missing"
