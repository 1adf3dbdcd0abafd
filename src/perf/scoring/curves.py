"""Curves: from a value to points, with the arithmetic as it would be done on paper."""

from fractions import Fraction
from typing import NamedTuple, Protocol

from perf.formulas.arithmetic import HUNDRED, RuleFailed, number, over, scaled
from perf.formulas.nodes import Absent, Node
from perf.kernel.text import Text
from perf.scoring.curve_peers import percentile, rank, standardise
from perf.scoring.peer_figures import PeerFigures
from perf.specs.curve_counts import rating
from perf.specs.curve_lines import Evaluate, Prepared
from perf.specs.curve_ways import Asked, best_way, nobody, way_of
from perf.specs.models import (
    Award,
    BestOf,
    Curve,
    CurvePart,
    Deduct,
    Direction,
    Percentile,
    Rank,
    RatingCurve,
    Standardise,
)

_ITEM_CURVES = (Deduct, Award)
_NO_PEERS = Text("此处没有同组数值", "there are no peers here")


class Surroundings(Protocol):
    """What curves look at besides value and thresholds: the peers, text attributes, other values of the subject.

    `part` None: the indicator's own value.
    """

    def peers(self, part: CurvePart | None) -> PeerFigures:
        """The peers' values of the indicator, or of a part that has a value of its own."""
        ...

    def attribute(self, name: str) -> Node:
        """A text attribute of the subject."""
        ...

    def value_of(self, part: CurvePart) -> Node:
        """The value of a part that has one of its own."""
        ...


class _Nobody:
    """No peers, no attributes: all that curves with constant thresholds need."""

    def peers(self, part: CurvePart | None) -> PeerFigures:  # noqa: ARG002 - of the protocol
        raise RuleFailed(_NO_PEERS)

    def attribute(self, name: str) -> Node:
        return nobody(name)

    def value_of(self, part: CurvePart) -> Node:
        return Node("name", Absent("missing"), (), part.title)


NOBODY: Surroundings = _Nobody()


def in_item_points(curve: Curve) -> bool:
    """Whether the curve speaks in points of the item (deduct, award) and not on the scale of 0 to 100."""
    if isinstance(curve, BestOf):
        return any(in_item_points(part.curve) for part in curve.parts)
    return isinstance(curve, _ITEM_CURVES)


def points_on(
    curve: Curve,
    value: Fraction | str,
    direction: Direction,
    scope_eval: Evaluate,
    out_of: Fraction = HUNDRED,
    *,
    value_node: Node | None = None,
    prepared: Prepared | None = None,
    surroundings: Surroundings = NOBODY,
) -> Node:
    """The points that `curve` gives for `value`, unrounded (`power` rounds as it states).

    Args:
        curve: Any curve of the rule syntax.
        value: The declared value; text for ratings.
        direction: Of the indicator: which side is better.
        scope_eval: Evaluates a threshold or target for the subject; may give an absent value.
        out_of: Full points of the item, for `deduct`.
        value_node: How the value is to be written; a plain number by default.
        prepared: Kept by the caller from value to value, so that constant thresholds are read once.
        surroundings: Peers, attributes and further values of the subject.
    Returns:
        A node `curve` whose input is the arithmetic. Points on a scale of 0 to 100, of `deduct` and `award` in points
        of the item. Absent where a threshold or target is absent, with its reason.
    Raises:
        RuleFailed: a number where a rating belongs or the reverse, an undeclared rating, thresholds out of order, a
            negative target, a peer group that compares nothing (`PeersRefused`).
    """
    shown = value_node if value_node is not None else Node("number", value)
    asked = Asked(direction, scope_eval, out_of, prepared=prepared, attribute=surroundings.attribute)
    if isinstance(curve, RatingCurve):
        return rating(curve, value, shown)
    if isinstance(value, str):
        raise RuleFailed(Text("这一计分方法需要数字,而不是等级", "this curve needs a number, not a rating"))
    around = _Around(asked, surroundings)
    way = _best_of(curve, value, shown, around) if isinstance(curve, BestOf) else _one(curve, value, shown, around)
    return Node("curve", way.value, (way,))


class _Around(NamedTuple):
    """What a curve may look at; `part`: of a `best_of`, where the value is the part's own."""

    asked: Asked
    surroundings: Surroundings
    part: CurvePart | None = None


def _one(curve: Curve, value: Fraction, shown: Node, around: _Around) -> Node:
    """The arithmetic of any curve of numbers but `best_of`."""
    match curve:
        case Percentile():
            return percentile(curve, value, around.surroundings.peers(around.part))
        case Rank():
            return rank(curve, value, around.surroundings.peers(around.part))
        case Standardise():
            return standardise(curve, value, shown, around.surroundings.peers(around.part))
        case _:
            return way_of(curve, value, shown, around.asked)


def _best_of(curve: BestOf, value: Fraction, shown: Node, around: _Around) -> Node:
    """The most that one of the curves gives; a part without a value or threshold is passed over."""
    ways: list[Node] = []
    for part in curve.parts:
        way = _of_part(part, value, shown, around)
        if in_item_points(curve) and not in_item_points(part.curve) and isinstance(way.value, Fraction):
            way = scaled(way, over(number(around.asked.out_of), number(HUNDRED)))
        ways.append(way)
    return best_way(curve, ways)


def _of_part(part: CurvePart, value: Fraction, shown: Node, around: _Around) -> Node:
    """The points of one part, of its own value where it has one."""
    if part.value is None:
        return _one(part.curve, value, shown, around)
    own = around.surroundings.value_of(part)
    if not isinstance(own.value, Fraction):
        return own
    asked = around.asked._replace(direction=part.direction or around.asked.direction)
    inner = around._replace(part=part, asked=asked)
    way = _one(part.curve, own.value, own._replace(op="number", inputs=()), inner)
    return Node("points", way.value, (own, way))
