"""Curves of lines and steps through given points, and the words and pieces that all curves share.

The numbers they give are points, or values in `unit`.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

from perf.formulas import Formula, constant, references
from perf.formulas.arithmetic import HUNDRED, RuleFailed, figure, holds, minus, number, over, plus, times
from perf.formulas.nodes import Absent, Node
from perf.kernel.text import Text
from perf.specs.curve_models import Curve, Linear, Steps
from perf.specs.peer_refusals import PeersAllEqual

Evaluate = Callable[[Formula], Node]
Row = tuple[Node, Fraction, Node]
"""Threshold, its value, and the points from there on."""
Prepared = dict[int, list[Row]]
"""id of a curve -> its rows, for curves whose thresholds are constants."""
FULL = number(HUNDRED)
"""Full points."""
_STATISTICS_COINCIDE = Text(
    "同组统计值的两个界限重合,该值正在其上,得分不能确定",
    "two thresholds from the peers' values coincide, and the value stands there: the points are not clear",
)


def linear(
    curve: Linear,
    value: Fraction,
    shown: Node,
    scope_eval: Evaluate,
    prepared: Prepared | None = None,
    unit: str = "",
) -> Node:
    """Straight lines through the points; at a jump (two points at one place) the later one counts.

    Raises:
        PeersAllEqual: the value stands where two peer statistics coincide, and `all_equal` is not stated.
    """
    rows = _rows(curve, curve.through, scope_eval, prepared, unit)
    if isinstance(rows, Node):
        return rows
    above = next((k for k, row in enumerate(rows) if value < row[1]), len(rows))
    if above > 1 and rows[above - 1][1] == value == rows[above - 2][1] and _of_peers(curve, above - 1):
        if curve.all_equal is None:
            raise PeersAllEqual(_STATISTICS_COINCIDE)
        return hit(holds("==", shown, rows[above - 1][0]), number(curve.all_equal, unit))
    inside = 0 < above < len(rows)
    if not inside:
        x, place, points = rows[0] if above == 0 else rows[-1]
        if curve.outside == "clip" or len(rows) == 1 or value == place:
            op = "<" if above == 0 else "==" if value == place else ">"
            return hit(holds(op, shown, x), points)
        above = 1 if above == 0 else len(rows) - 1
    (x0, from_place, start), (x1, to_place, end) = rows[above - 1], rows[above]
    if from_place == to_place:
        raise RuleFailed(Text("两点重合,无法外延", "two points coincide: the line cannot be extended"))
    if inside and value == from_place:
        return hit(holds("==", shown, x0), start)
    part = over(minus(shown, x0), minus(x1, x0))
    return plus(times(part, minus(end, start)), start)


def _of_peers(curve: Linear, last: int) -> bool:
    """Whether the two points up to `last` stand at peer statistics."""
    pair = (curve.through[last - 1][0], curve.through[last][0])
    return all(any(one.kind == "peer" for one in references(formula)) for formula in pair)


def steps(
    curve: Steps,
    value: Fraction,
    shown: Node,
    scope_eval: Evaluate,
    prepared: Prepared | None = None,
    unit: str = "",
) -> Node:
    """The points of the last threshold that is reached (`included`) or passed (`excluded`), else `below`."""
    rows = _rows(curve, curve.at, scope_eval, prepared, unit)
    if isinstance(rows, Node):
        return rows
    included = curve.lower_bound == "included"
    for x, place, points in reversed(rows):
        if value >= place if included else value > place:
            return hit(holds(">=" if included else ">", shown, x), points)
    return hit(holds("<" if included else "<=", shown, rows[0][0]), number(curve.below, unit))


def _rows(
    curve: Curve, given: Sequence[tuple[Formula, Fraction]], scope_eval: Evaluate, prepared: Prepared | None, unit: str
) -> list[Row] | Node:
    """The thresholds with their points, or the first absent threshold."""
    if prepared is not None and (known := prepared.get(id(curve))) is not None:
        return known
    rows: list[Row] = []
    for formula, points in given:
        x = scope_eval(formula)
        if isinstance(x.value, Absent):
            return x
        rows.append((x, figure(x), number(points, unit)))
    if any(later[1] < row[1] for row, later in pairwise(rows)):
        raise RuleFailed(Text("分界值未按从小到大排列", "thresholds are not in ascending order"))
    if prepared is not None and all(constant(formula) is not None for formula, _ in given):
        prepared[id(curve)] = rows
    return rows


def part_of(share: Node, full: Node) -> Node:
    """`share × full`; a whole of 1 (100%) is not written out."""
    return share if full.value == 1 else times(share, full)


def hit(condition: Node, points: Node) -> Node:
    """Points that need no arithmetic: the condition that held, and what it gives."""
    return Node("then", points.value, (condition, points))
