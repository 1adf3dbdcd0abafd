"""Indicators: from facts to the declared value, and from the value to the declared points; each worked out once."""

from fractions import Fraction
from functools import partial
from typing import Literal, NamedTuple

from perf.formulas import Formula, Scope, as_number, constant, evaluate, references
from perf.formulas.arithmetic import RuleFailed, rounded, scaled
from perf.formulas.nodes import Absent, Node, RuleRef, Value
from perf.kernel.facts import NO_SOURCE
from perf.kernel.issues import Issue
from perf.kernel.periods import Period
from perf.kernel.text import Text
from perf.scoring.curves import in_item_points, points_on
from perf.scoring.models import Status
from perf.scoring.peer_figures import PeerFigures, noun_of
from perf.scoring.peers import PeerGroups
from perf.specs.curve_lines import Prepared
from perf.specs.formulas_of import version_formulas
from perf.specs.models import CurvePart, Indicator, IndicatorVersion, Range, RatingCurve
from perf.specs.world import World

_REQUIRES = Text("不满足适用条件", "the condition for it is not met")
_UNDER_WAY = Node("indicator", Absent("blocked"))
_IN_CIRCLES = Text("指标以自身的同组数值计算自身", "the indicator computes itself from its own peers' values")
_PERIODS_BACK_MAX = 24
"""How far values may be made of earlier values of the peers; the interpreter could not go much farther."""
Reach = Literal["anybody", "peers", "own", "own value"]


class Question(NamedTuple):
    """An indicator's version asked of one subject in one period; `out_of`: full points of the item, ÷ 100: `scale`."""

    indicator: Indicator
    version: IndicatorVersion
    rule: RuleRef
    subject: str
    period: Period
    out_of: Fraction
    scale: Node | None


class Judged(NamedTuple):
    """What one indicator gave one subject.

    Attributes:
        value: The declared value, text for ratings, or why there is none; None before it could be computed.
        points: Declared points on the item's own scale; None where there are none.
        node: From the facts to the points: node `points` with inputs (node `indicator`, arithmetic).
        takes_weight: False for what is only shown.
    """

    value: Value | None
    points: Fraction | None
    node: Node
    status: Status
    reason: str = ""
    issue: Issue | None = None
    takes_weight: bool = True

    @property
    def is_present(self) -> bool:
        """Whether it takes part: it has points, or should have had them."""
        return self.takes_weight and self.status != "not_applicable"


class Indicators:
    """Values and points of all indicators for the subjects of one scheme."""

    def __init__(self, world: World, field: PeerGroups) -> None:
        self._world = world
        self._field = field
        self._values: dict[tuple[str, str, Period], Node] = {}
        self._points: dict[tuple[str, str, Period, tuple[int, int]], Node] = {}
        self._prepared: Prepared = {}
        self._reaches: dict[int, Reach] = {}
        self._thresholds: dict[tuple[int, str, Period], Node] = {}
        self._figures: dict[tuple[str, int, str, Period], PeerFigures] = {}
        self._parts: dict[tuple[int, str, Period], Node] = {}
        self._alone: dict[int, bool] = {}
        self._plain: tuple[str, Period, bool] | None = None
        self._plain_scope: Scope | None = None
        self._nested = 0

    def value(self, asked: Question) -> Node:
        """Node `indicator`: the declared (rounded) value, or why there is none.

        Raises:
            RuleFailed: the value would be computed from itself, or from ever earlier values of the peers.
        """
        key = (asked.indicator.code, asked.subject, asked.period)
        found = self._values.get(key)
        if found is _UNDER_WAY or (found is None and self._nested == _PERIODS_BACK_MAX):
            raise RuleFailed(_IN_CIRCLES)
        if found is None:
            self._values[key] = _UNDER_WAY
            self._nested += 1
            try:
                found = self._values[key] = self._value(asked)
            finally:
                self._nested -= 1
                if found is None:
                    del self._values[key]
        return found

    def points(self, asked: Question) -> Node:
        """Node `points`: what the curve gives for the value, declared; absent where the value or a threshold is.

        Raises:
            PerfError: the curve cannot be applied to this subject.
        """
        key = (asked.indicator.code, asked.subject, asked.period, asked.out_of.as_integer_ratio())
        found = self._points.get(key)
        if found is None:
            found = self._points[key] = self._from_curve(asked)
        return found

    def peers(self, asked: Question) -> tuple[str, ...]:
        """The peer group of the subject, itself included."""
        return self._field.peers(asked.subject, asked.period)

    def _value(self, asked: Question) -> Node:
        indicator, version = asked.indicator, asked.version
        scope = self._scope(asked)
        raw: Node | None = None
        if version.requires is not None:
            needed = evaluate(version.requires, scope)
            if needed.value is False:
                raw = Node("requires", Absent("not_applicable", (), _REQUIRES), (needed,))
            elif isinstance(needed.value, Absent):
                raw = needed
        if raw is None:
            raw = _typed(evaluate(version.value, scope), version)
        return Node("indicator", raw.value, (raw,), indicator.title, NO_SOURCE, asked.rule, indicator.unit)

    def _from_curve(self, asked: Question) -> Node:
        indicator, version = asked.indicator, asked.version
        value = self.value(asked)
        found = value.value
        if version.points is None or isinstance(found, (Absent, bool)):
            return Node("points", found if isinstance(found, Absent) else Absent("not_applicable"), (value,))

        def threshold(formula: Formula) -> Node:
            return self._threshold(asked, formula)

        measured = value.inputs[0]
        name = measured.label if measured.label is not None and not measured.inputs else indicator.title
        leaf = Node("text" if isinstance(found, str) else "number", found, (), name, unit=indicator.unit)
        way = points_on(
            version.points,
            found,
            indicator.direction,
            threshold,
            asked.out_of,
            value_node=leaf,
            prepared=self._prepared,
            surroundings=Around(self, asked),
        )
        if isinstance(way.value, Absent):
            return Node("points", way.value, (value, way), indicator.title, rule=value.rule)
        if asked.scale is not None and not in_item_points(version.points):
            way = scaled(way, asked.scale)
        way = rounded(way, version.points_digits, version.points_rounding)
        return Node("points", way.value, (value, way), indicator.title, NO_SOURCE, asked.rule)

    def _threshold(self, asked: Question, formula: Formula) -> Node:
        """A threshold; one that is the same for everybody, or for a peer group, is worked out once."""
        reach = self._reaches.get(id(formula))
        if reach is None:
            reach = self._reaches[id(formula)] = _reach_of(formula)
        if reach in ("own", "own value"):
            return evaluate(formula, self._scope(asked, with_own=reach == "own value"))
        group = self.peers(asked)[0] if reach == "peers" else ""
        key = (id(formula), group, asked.period)
        found = self._thresholds.get(key)
        if found is None:
            found = self._thresholds[key] = evaluate(formula, self._scope(asked))
        return found

    def figures(self, asked: Question, part: CurvePart | None) -> PeerFigures:
        """The values of the peers that have one, of the indicator or of a part; sorted once for a peer group."""
        group = self.peers(asked)
        key = (asked.indicator.code, id(part), group[0], asked.period)
        found = self._figures.get(key)
        if found is None:
            values: list[Fraction] = []
            for peer in group:
                one = asked._replace(subject=peer)
                value = (self.value(one) if part is None else self.part_value(one, part)).value
                if isinstance(value, Fraction):
                    values.append(value)
            own = part.direction if part is not None and part.direction else asked.indicator.direction
            found = self._figures[key] = PeerFigures(
                values, "lower" if own == "lower" else "higher", noun_of(asked.indicator.level)
            )
        return found

    def part_value(self, asked: Question, part: CurvePart) -> Node:
        """The value of a part that has a formula of its own, exact."""
        assert part.value is not None  # noqa: S101 - asked only of such parts
        key = (id(part), asked.subject, asked.period)
        found = self._parts.get(key)
        if found is None:
            raw = evaluate(part.value, self._scope(asked, with_own=True))
            title = Text(f"{part.title.zh or '数值'}", part.title.in_lang("en") if part.title.zh else "value")
            raw = raw if isinstance(raw.value, (Fraction, Absent)) else as_number(raw)
            found = self._parts[key] = Node("name", raw.value, (raw,), title, unit=part.unit)
        return found

    def attribute(self, asked: Question, name: str) -> Node:
        """A text attribute of the subject."""
        return self._scope(asked).name(name, asked.period)

    def value_in(self, asked: Question, period: Period) -> Node:
        """The indicator's value of the subject itself: by the version of that period, else by the one in work."""
        if period == asked.period:
            return self.value(asked)
        version = asked.indicator.version(period)
        if version is None:
            return self.value(asked._replace(period=period))
        return self.value(asked._replace(period=period, version=version, rule=asked.indicator.ref(version)))

    def _of_peer(self, asked: Question, peer: str, period: Period) -> Node:
        """The value of a peer; blocked where it would be computed from itself."""
        try:
            return self.value_in(asked._replace(subject=peer), period)
        except RuleFailed:
            return Node("indicator", Absent("blocked"), (), asked.indicator.title)

    def _scope(self, asked: Question, *, with_own: bool = False) -> Scope:
        """Facts and roster as the indicator sees them; one scope serves all indicators that bring nothing along.

        With `with_own` the name `value` is the indicator's own value, in any period.
        """
        version = asked.version
        lower = asked.indicator.direction == "lower"
        plain = None if with_own or not self._is_alone(version) else (asked.subject, asked.period, lower)
        if plain is not None and self._plain_scope is not None and self._plain == plain:
            return self._plain_scope
        scope = self._world.scope(
            asked.subject,
            asked.period,
            peers=self._field.peers(asked.subject, asked.period),
            segment=self._field.segment(asked.subject, asked.period),
            peer_value=partial(self._of_peer, asked),
            own_value=(lambda period: self.value_in(asked, period)) if with_own else None,
            parameters=version.parameters,
            tables=version.tables,
            assume=version.assume,
            titles=version.titles,
            lower_is_better=lower,
            curves=version.curves,
        )
        if plain is not None:
            self._plain, self._plain_scope = plain, scope
        return scope

    def _is_alone(self, version: IndicatorVersion) -> bool:
        """Whether it brings nothing along, and no formula looks at the values of the peers."""
        found = self._alone.get(id(version))
        if found is None:
            brought = version.parameters or version.tables or version.curves or version.assume
            asked = (one.kind for formula in version_formulas(version) for one in references(formula))
            found = self._alone[id(version)] = not brought and "peer" not in asked
        return found


class Around:
    """What the curve of one subject may look at (`Surroundings`)."""

    __slots__ = ("_asked", "_indicators")

    def __init__(self, indicators: Indicators, asked: Question) -> None:
        self._indicators, self._asked = indicators, asked

    def peers(self, part: CurvePart | None) -> PeerFigures:
        """The values of the peer group."""
        return self._indicators.figures(self._asked, part)

    def attribute(self, name: str) -> Node:
        """A text attribute."""
        return self._indicators.attribute(self._asked, name)

    def value_of(self, part: CurvePart) -> Node:
        """The value of a part."""
        return self._indicators.part_value(self._asked, part)


def is_shown_only(indicator: Indicator, version: IndicatorVersion) -> bool:
    """Whether it is shown and not scored: no curve, or monitored (which may be scored by range, never by more)."""
    return version.points is None or (indicator.direction == "monitored" and not isinstance(version.points, Range))


def has_assumed(node: Node) -> bool:
    """Whether a value of the subject's own was assumed anywhere below `node`; those of its peers are theirs."""
    if node.op == "policy" and node.inputs and node.inputs[0].op == "fact":
        return True
    return any(has_assumed(step) for step in node.inputs if step.op != "indicator")


def _reach_of(formula: Formula) -> Reach:
    """For whom the formula gives one and the same value."""
    if constant(formula) is not None:
        return "anybody"
    found = references(formula)
    if any(one.kind == "name" and one.name == "value" for one in found):
        return "own value"
    return "peers" if all(one.kind == "peer" for one in found) else "own"


def _typed(raw: Node, version: IndicatorVersion) -> Node:
    """A truth value as 1 or 0, a numeric attribute as a number, a number rounded as declared."""
    value = raw.value
    if type(value) is Fraction:
        return rounded(raw, version.digits, version.rounding)
    if isinstance(value, bool):
        raw = Node("number", Fraction(value), (raw,))
    elif isinstance(value, str) and not isinstance(version.points, RatingCurve | None):
        raw = as_number(raw)
    return rounded(raw, version.digits, version.rounding) if isinstance(raw.value, Fraction) else raw
