"""Tables of curves that compare with peers: by place in small groups, or by the distance from best and worst."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from perf.appraisal.figure_text import in_full
from perf.formulas.nodes import Node
from perf.kernel.subjects import Level
from perf.kernel.text import Text
from perf.scoring.curve_peers import percentile, rank, standardise
from perf.scoring.peer_figures import PeerFigures, noun_of
from perf.specs.models import Direction, Percentile, Rank, Standardise

GROUPS = (5, 10)
_SHARES_OF_BEST = {
    "higher": (Fraction(1), Fraction(9, 10), Fraction(3, 4), Fraction(1, 2), Fraction(1, 4), Fraction(0)),
    "lower": (Fraction(1), Fraction(11, 10), Fraction(5, 4), Fraction(3, 2), Fraction(2), Fraction(4)),
}
_DEVIATIONS = range(-4, 5)
_ALONE = Text("同组只有自己有数值", "alone in the peer group")
_EQUAL = Text("同组数值全部相同", "all peers equal")


class PeerRow(NamedTuple):
    """One row: the group, what stands for the value, the arithmetic, and whether the curve turns there."""

    group: Text
    value: Text
    way: Node
    is_turn: bool


def peer_rows(curve: Percentile | Rank | Standardise, direction: Direction, level: Level) -> Iterator[PeerRow]:
    """The rows of a peer curve, from the best on.

    Args:
        curve: As declared.
        direction: Which side is better.
        level: Of the subjects: how they are counted.
    """
    if isinstance(curve, Standardise):
        yield from _standardised(curve, direction, level)
    else:
        yield from _by_place(curve, direction, level)


def _by_place(curve: Percentile | Rank, direction: Direction, level: Level) -> Iterator[PeerRow]:
    last = curve.places[-1][0] + 1 if isinstance(curve, Rank) and curve.places else 0
    turns = {place for place, _ in curve.places} if isinstance(curve, Rank) else set()
    for size in (GROUPS[0], max(GROUPS[1], last)):
        peers = _figures(range(1, size + 1), direction, level)
        group = Text(f"同组 {size} {peers.noun.zh}", f"{size} peers")
        for place in range(1, size + 1):
            value = Fraction(size + 1 - place if peers.is_higher else place)
            shown = Text(f"第 {place} 名", f"place {place}")
            yield PeerRow(group, shown, _placed(curve, value, peers), place in turns or not turns)
        tied = _figures([*range(1, size), size - 1] if peers.is_higher else [1, *range(1, size)], direction, level)
        best = Fraction(size - 1 if peers.is_higher else 1)
        yield PeerRow(group, Text("两个并列第 1 名", "two tied in place 1"), _placed(curve, best, tied), is_turn=False)
    if isinstance(curve, Percentile) and curve.alone is not None:
        alone = _figures([1], direction, level)
        yield PeerRow(_ALONE, Text("—"), _placed(curve, Fraction(1), alone), is_turn=True)
    if isinstance(curve, Percentile) and curve.all_equal is not None:
        yield PeerRow(_EQUAL, Text("—"), _placed(curve, Fraction(1), _figures([1, 1], direction, level)), is_turn=True)


def _placed(curve: Percentile | Rank, value: Fraction, peers: PeerFigures) -> Node:
    return percentile(curve, value, peers) if isinstance(curve, Percentile) else rank(curve, value, peers)


def _standardised(curve: Standardise, direction: Direction, level: Level) -> Iterator[PeerRow]:
    match curve.method:
        case "min_max":
            rows = _between_ends(curve, direction, level)
        case "z_score":
            rows = _by_deviations(curve, direction, level)
        case _:
            rows = _of_best(curve, direction, level)
    yield from rows
    if curve.all_equal is not None:
        same = _figures([1, 1], direction, level)
        yield PeerRow(_EQUAL, Text("—"), _on(curve, Fraction(1), same), is_turn=True)


def _between_ends(curve: Standardise, direction: Direction, level: Level) -> Iterator[PeerRow]:
    """An example: peers at 0, 25, 50, 75 and 100."""
    values = range(0, 101, 25)
    peers = _figures(values, direction, level)
    group = Text("例:同组数值 0、25、50、75、100", "example: peers at 0, 25, 50, 75, 100")
    for value in sorted(values, reverse=peers.is_higher):
        at = Fraction(value)
        yield PeerRow(group, Text(str(value)), _on(curve, at, peers), at in (peers.lowest, peers.highest))


def _by_deviations(curve: Standardise, direction: Direction, level: Level) -> Iterator[PeerRow]:
    """Measured from the mean in standard deviations: a group whose mean is 0 and whose deviation is 1."""
    peers = _figures([-1, 1] if curve.deviation == "population" else [-1, 0, 1], direction, level)
    group = Text("以标准差为单位,平均为 0", "in standard deviations, the mean is 0")
    sign = 1 if peers.is_higher else -1
    turns = {sign * (bound - curve.centre) / curve.scale for bound in (curve.low, curve.high, curve.centre)}
    for z in sorted({*map(Fraction, _DEVIATIONS), *turns}, reverse=peers.is_higher):
        shown = f"{'+' if z > 0 else ''}{in_full(z)}"
        yield PeerRow(group, Text(shown), _bare(_on(curve, z, peers)), z in turns)


def _of_best(curve: Standardise, direction: Direction, level: Level) -> Iterator[PeerRow]:
    """Measured by the best value, which is 100."""
    shares = _SHARES_OF_BEST["lower" if direction == "lower" else "higher"]
    peers = _figures([100 * share for share in shares], direction, level)
    group = Text("例:同组最好为 100", "example: the best of the peers is 100")
    for share in shares:
        yield PeerRow(group, Text(in_full(100 * share)), _bare(_on(curve, 100 * share, peers)), share in (0, 1))


def _on(curve: Standardise, value: Fraction, peers: PeerFigures) -> Node:
    return standardise(curve, value, Node("number", value), peers)


def _bare(way: Node) -> Node:
    """The arithmetic without what is told of the peers: the group is only an example."""
    return way.inputs[-1] if way.op == "given" else way


def _figures(values: Sequence[Fraction | int], direction: Direction, level: Level) -> PeerFigures:
    return PeerFigures([Fraction(v) for v in values], "lower" if direction == "lower" else "higher", noun_of(level))
