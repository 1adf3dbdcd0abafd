"""What the absence of a value means for the points of an indicator, and the judgement of one indicator as a whole."""

from fractions import Fraction
from typing import NamedTuple

from perf.formulas.arithmetic import HUNDRED, ZERO, figure, number, over, rounded
from perf.formulas.nodes import NO_RULE, Absent, Node, RuleRef
from perf.kernel.errors import PerfError
from perf.kernel.periods import Period
from perf.scoring.indicators import Indicators, Judged, Question, has_assumed, is_shown_only
from perf.scoring.models import Status
from perf.scoring.wording import POLICY_LABELS, failed, no_value, no_version
from perf.specs.models import Award, Indicator, IndicatorVersion, MissingPolicy
from perf.specs.peer_refusals import PeersRefused
from perf.specs.targets import target_text

CARRY_BACK_MONTHS = 12
"""How far back `carry_forward` looks: twelve months, four quarters or one year."""
MONITORED = "monitored"
SWITCHED_OFF = "switched_off"


class Slot(NamedTuple):
    """A place in a scheme that an indicator fills, with the target as people read it.

    `version` None: none is in force. `out_of`: full points; `scale`: what it makes of 100 points, None for 100.
    """

    indicator: Indicator
    version: IndicatorVersion | None
    rule: RuleRef
    out_of: Fraction
    target: str = ""
    scale: Node | None = None


def slot_of(indicator: Indicator, period: Period, out_of: Fraction) -> Slot:
    """The slot of an indicator in one period."""
    version = indicator.version(period)
    rule = indicator.ref(version) if version is not None else NO_RULE
    scale = over(number(out_of), number(HUNDRED)) if out_of != HUNDRED else None
    return Slot(indicator, version, rule, out_of, target_text(indicator, version), scale)


def judge(indicators: Indicators, slot: Slot, subject: str, period: Period) -> Judged:
    """Value, points and status of one indicator for one subject; a failure of its own evaluation becomes its status.

    Args:
        indicators: Values and points, each worked out once.
        slot: The rule; switched off or without a curve it gives no points, without a version in force it fails.
        subject: Who is scored.
        period: In which period.
    """
    indicator, version = slot.indicator, slot.version
    if not indicator.is_on(version):
        node = Node("indicator", Absent("not_applicable"), (), indicator.title)
        return Judged(None, None, node, "not_applicable", SWITCHED_OFF)
    if version is None:
        issue = no_version(indicator.code, indicator.place, period, subject)
        node = Node("indicator", Absent("not_allowed", (), issue.found), (), indicator.title)
        return Judged(None, None, node, "failed", issue.code, issue)
    try:
        return _judge(indicators, Question(indicator, version, slot.rule, subject, period, slot.out_of, slot.scale))
    except (PerfError, ArithmeticError) as error:
        place = version.points_place if isinstance(error, PeersRefused) else indicator.place
        issue = failed(indicator.code, place, period, subject, error)
        gone = Absent("not_allowed", (), issue.found)
        node = Node("indicator", gone, (), indicator.title, rule=slot.rule)
        return Judged(None, None, node, "failed", issue.code, issue, takes_weight=not is_shown_only(indicator, version))


def _judge(indicators: Indicators, asked: Question) -> Judged:
    version = asked.version
    if is_shown_only(asked.indicator, version):
        value = indicators.value(asked)
        return Judged(value.value, None, value, "not_applicable", MONITORED, takes_weight=False)
    node = indicators.points(asked)
    shown, points = node.inputs[0].value, node.value
    if isinstance(points, Absent):
        return _without_points(indicators, asked, node, points)
    status: Status = "filled" if version.assume and any(map(has_assumed, node.inputs)) else "scored"
    return Judged(shown, figure(node), node, status, "assume" if status == "filled" else "")


def _without_points(indicators: Indicators, asked: Question, node: Node, absent: Absent) -> Judged:
    """What the rule's policy makes of an absent value or threshold."""
    shown = node.inputs[0].value
    if absent.reason == "not_applicable":
        origin = node.inputs[0].inputs
        reason = "requires" if origin and origin[0].op == "requires" else "not_applicable"
        return Judged(shown, None, node, "not_applicable", reason)
    policy = _policy(asked.version, absent)
    if policy == "not_applicable":
        return Judged(shown, None, _explained(node, policy, None), "not_applicable", policy)
    filled = _filled(policy, indicators, asked)
    if filled is not None:
        done = rounded(filled, asked.version.points_digits, asked.version.points_rounding)
        return Judged(shown, figure(done), _explained(node, policy, done), "filled", policy)
    issue = no_value(asked.indicator, asked.period, asked.subject, absent)
    if absent.reason == "not_allowed":
        return Judged(shown, None, node, "failed", issue.code, issue)
    status: Status = "missing" if absent.reason == "missing" else "blocked"
    return Judged(shown, None, _explained(node, "block", None), status, issue.code, issue)


def _policy(version: IndicatorVersion, absent: Absent) -> MissingPolicy:
    """The rule's policy for missing facts and zero denominators; any other absence blocks."""
    if absent.reason == "missing":
        return version.no_value.missing
    return version.no_value.denominator_zero if absent.reason == "denominator_zero" else "block"


def _filled(policy: MissingPolicy, indicators: Indicators, asked: Question) -> Node | None:
    """The points that the policy gives, or None where it gives none."""
    curve = asked.version.points
    match policy:
        case "zero":
            return number(ZERO)
        case "full":
            return number(curve.cap if isinstance(curve, Award) else asked.out_of)
        case "peer_median":
            return _peer_median(indicators, asked)
        case "carry_forward":
            return _carried(indicators, asked)
        case _:
            return None


def _peer_median(indicators: Indicators, asked: Question) -> Node | None:
    """The median of the points that the peers earned themselves; the mean of the middle two of an even number."""
    found = [_earned(indicators, asked._replace(subject=peer)) for peer in indicators.peers(asked)]
    points = sorted(figure(step) for step in found if step is not None)
    if not points:
        return None
    half = len(points) // 2
    median = points[half] if len(points) % 2 else (points[half - 1] + points[half]) / 2
    return Node("median", median, tuple(number(p) for p in points))


def _carried(indicators: Indicators, asked: Question) -> Node | None:
    """The points of the last period of the twelve months before that had a value, by the rule of that period."""
    for back in range(1, CARRY_BACK_MONTHS // len(asked.period.months()) + 1):
        earlier = asked.period.shift(-back)
        version = asked.indicator.version(earlier)
        if version is None or version.points is None:
            continue
        rule = asked.indicator.ref(version)
        step = _earned(indicators, asked._replace(version=version, rule=rule, period=earlier))
        if step is not None:
            return Node("at", step.value, (step, Node("text", str(earlier))), asked.indicator.title)
    return None


def _earned(indicators: Indicators, asked: Question) -> Node | None:
    """Points that the curve gave for a value of the subject's own, or None; a subject that fails has none."""
    try:
        node = indicators.points(asked)
    except (PerfError, ArithmeticError):
        return None
    return node if isinstance(node.value, Fraction) else None


def _explained(node: Node, policy: MissingPolicy, points: Node | None) -> Node:
    """Node `points` that shows the absent value and the policy that settled it."""
    value = points.value if points is not None else node.value
    step = Node("policy", value, (points,) if points is not None else (), POLICY_LABELS[policy], rule=node.rule)
    return Node("points", value, (node.inputs[0], step), node.inputs[0].label, rule=node.inputs[0].rule)
