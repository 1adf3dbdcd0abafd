"""Curves that compare a value with those of the peers: percentile, rank, standardise."""

from fractions import Fraction
from typing import assert_never

from perf.formulas.arithmetic import (
    HUNDRED,
    ZERO,
    added,
    figure,
    given,
    holds,
    larger,
    minus,
    number,
    over,
    plus,
    said,
    smaller,
    times,
)
from perf.formulas.nodes import Node
from perf.kernel.text import Text
from perf.scoring.peer_figures import PeerFigures
from perf.specs.curve_lines import hit
from perf.specs.models import Percentile, Rank, Standardise
from perf.specs.peer_refusals import PeerGroupOfOne, PeersAllEqual

_FULL = number(HUNDRED)
_NONE = number(ZERO)
_ONE = number(Fraction(1))
_TWO = number(Fraction(2))
_ALONE = Text("同组只有自己有数值", "alone in the peer group")
_ALL_EQUAL = Text("同组数值全部相同", "all peers equal")


def percentile(curve: Percentile, value: Fraction, peers: PeerFigures) -> Node:
    """The share of the peers that the value leaves behind, × 100.

    Raises:
        PeerGroupOfOne: without `alone` in a group of one.
        PeersAllEqual: all are equal, which `percent_rank` cannot settle without `all_equal`.
    """
    if peers.size == 1:
        if curve.alone is None:
            raise PeerGroupOfOne("percentile", "alone")
        return _settled(_ALONE, curve.alone)
    if peers.are_equal and curve.minds_equals:
        if curve.all_equal is None:
            raise PeersAllEqual(
                Text("同组数值全部相同,percentile 无从比较", "all peers have one value: percentile compares nothing")
            )
        return _settled(_ALL_EQUAL, curve.all_equal)
    worse, equal = peers.worse(value), peers.equal(value)
    noun = peers.noun
    facts = [_size(peers), _counted("比它差 {}", "{} worse", worse, noun)]
    match curve.definition:
        case "at_or_below":
            facts.append(_counted("与它相同 {}(含自己)", "{} equal (itself included)", equal, noun))
            share = over(plus(_of(worse), _of(equal)), _of(peers.size))
        case "midpoint":
            facts.append(_counted("与它相同 {}(含自己)", "{} equal (itself included)", equal, noun))
            share = over(plus(_of(worse), over(_of(equal), _TWO)), _of(peers.size))
        case _:
            share = over(_of(worse), _of(peers.size - 1))
    return given(facts, times(share, _FULL))


def rank(curve: Rank, value: Fraction, peers: PeerFigures) -> Node:
    """The points of the place among the peers, 1 for the best."""
    place = peers.place(value, curve.ties)
    equal = peers.equal(value)
    facts = [_size(peers), said("排第 {} 名", "place {}", place)]
    if equal > 1:
        facts.append(_counted("并列 {}", "{} tied", equal, peers.noun))
    shown = number(place)
    match curve.method:
        case "step":
            way = minus(number(curve.first), times(number(curve.each), minus(shown, _ONE)))
            if figure(way) < curve.floor:
                way = larger(way, number(curve.floor))
        case "share":
            way = times(over(plus(minus(_of(peers.size), shown), _ONE), _of(peers.size)), _FULL)
        case "places":
            at, points = next(row for row in reversed(curve.places) if place >= row[0])
            reached = said("第 {} 名起", "from place {} on", Fraction(at))
            way = hit(reached, number(points))
        case _ as never:
            assert_never(never)
    return given(facts, way)


def standardise(curve: Standardise, value: Fraction, shown: Node, peers: PeerFigures) -> Node:
    """无量纲化: the value on a scale that the peers' values make.

    Raises:
        PeerGroupOfOne, PeersAllEqual: without `all_equal`, where there is nothing to compare.
    """
    if peers.are_equal:
        if curve.all_equal is not None:
            return _settled(_ALL_EQUAL if peers.size > 1 else _ALONE, curve.all_equal)
        if peers.size == 1:
            raise PeerGroupOfOne("standardise", "all_equal")
        raise PeersAllEqual(
            Text("同组数值全部相同,standardise 无从比较", "all peers have one value: standardise compares nothing")
        )
    match curve.method:
        case "min_max":
            return _min_max(curve, shown, peers)
        case "z_score":
            return _z_score(curve, shown, peers)
        case _:
            return _ratio(value, shown, peers)


def _min_max(curve: Standardise, shown: Node, peers: PeerFigures) -> Node:
    low, high = number(peers.lowest, shown.unit), number(peers.highest, shown.unit)
    gained = minus(shown, low) if peers.is_higher else minus(high, shown)
    way = times(over(gained, minus(high, low)), minus(number(curve.high), number(curve.low)))
    facts = [_size(peers), _of_peers("最低 {}", "lowest {}", low), _of_peers("最高 {}", "highest {}", high)]
    return given(facts, plus(way, number(curve.low)))


def _z_score(curve: Standardise, shown: Node, peers: PeerFigures) -> Node:
    mean, deviation = number(peers.mean, shown.unit), number(peers.deviation(curve.deviation), shown.unit)
    gained = minus(shown, mean) if peers.is_higher else minus(mean, shown)
    way = added([number(curve.centre), times(number(curve.scale), over(gained, deviation))])
    if figure(way) < curve.low:
        way = larger(way, number(curve.low))
    elif figure(way) > curve.high:
        way = smaller(way, number(curve.high))
    spread = (
        ("标准差 {}", "standard deviation {}")
        if curve.deviation == "population"
        else ("样本标准差 {}", "sample deviation {}")
    )
    return given([_size(peers), _of_peers("平均 {}", "mean {}", mean), _of_peers(*spread, deviation)], way)


def _ratio(value: Fraction, shown: Node, peers: PeerFigures) -> Node:
    """Value ÷ best, or best ÷ value; the best has full points whatever it is, what lies below zero none."""
    best = number(peers.best, shown.unit)
    facts = [_size(peers), _of_peers("最好 {}", "best {}", best)]
    if value == peers.best:
        return given(facts, hit(holds("==", shown, best), _FULL))
    if value <= 0 or peers.best <= 0:
        return given(facts, hit(holds("<=", shown if value <= 0 else best, _NONE), _NONE))
    return given(facts, times(over(shown, best) if peers.is_higher else over(best, shown), _FULL))


def _size(peers: PeerFigures) -> Node:
    return _counted("同组 {}", "{} peers", peers.size, peers.noun)


def _counted(zh: str, en: str, count: int, noun: Text) -> Node:
    return said(zh.replace("{}", "{} " + noun.zh), en, Fraction(count))


def _of_peers(zh: str, en: str, node: Node) -> Node:
    return said(zh, en, figure(node), node.unit)


def _of(count: int) -> Node:
    return number(Fraction(count))


def _settled(why: Text, points: Fraction) -> Node:
    """Points that the rule states for a group that compares nothing."""
    return hit(Node("said", value=True, label=why), number(points))
