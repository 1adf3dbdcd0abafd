"""From one number to what any curve without peers gives for it, with the arithmetic as it would be done on paper."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from perf.formulas import absence
from perf.formulas.arithmetic import HUNDRED, RuleFailed
from perf.formulas.nodes import Absent, Node
from perf.kernel.text import Text
from perf.specs.curve_counts import award, deduct, entered
from perf.specs.curve_formulas import Attribute, efficacy, graded_efficacy, power
from perf.specs.curve_lines import FULL, Evaluate, Prepared, linear, steps
from perf.specs.curve_models import (
    Attainment,
    Award,
    BestOf,
    Curve,
    CurvePart,
    Deduct,
    Direction,
    Efficacy,
    Entered,
    GradedEfficacy,
    Linear,
    Power,
    Range,
    Steps,
)
from perf.specs.curve_targets import attainment, within_range
from perf.specs.ladder_models import LadderRows
from perf.specs.ladder_ways import ladder

_NOT_HERE = Text("best_of 里不能再有 best_of 或 rating", "no best_of and no rating inside best_of")
_PART = Text("第 {} 种算法", "curve {}")


def nobody(name: str) -> Node:
    """No attribute is known of anybody."""
    return Node("name", Absent("missing"), (), Text(name))


class Asked(NamedTuple):
    """What a curve looks at besides the value, and how its results are written.

    Attributes:
        direction: Which side of the value is better.
        evaluate: The node of a threshold or target; may be absent.
        out_of: What `deduct` deducts from.
        full: What full points stand for, of the curves that give a share of it.
        unit: Unit of the results; empty: points.
        prepared: Kept by the caller from value to value, so that constant thresholds are read once.
        attribute: A text attribute of the subject, of standards that differ by class.
    """

    direction: Direction
    evaluate: Evaluate
    out_of: Fraction = HUNDRED
    full: Node = FULL
    unit: str = ""
    prepared: Prepared | None = None
    attribute: Attribute = nobody


def way_of(curve: Curve, value: Fraction, shown: Node, asked: Asked) -> Node:
    """The arithmetic of one curve; of a `best_of` the most that its parts give, all of this value.

    Args:
        curve: Any curve but those of peers and of ratings.
        value: A number.
        shown: How the value is to be written.
        asked: The surroundings.
    Returns:
        Absent where a threshold, a target or a class is absent, with its reason.
    Raises:
        RuleFailed: thresholds out of order, a negative target, a class that is not listed, peers that coincide.
    """
    evaluate, unit = asked.evaluate, asked.unit
    match curve:
        case Linear():
            return linear(curve, value, shown, evaluate, asked.prepared, unit)
        case Steps():
            return steps(curve, value, shown, evaluate, asked.prepared, unit)
        case Range():
            return within_range(curve, value, shown, evaluate, asked.full)
        case Attainment():
            return attainment(curve, value, shown, asked.direction, evaluate, asked.full)
        case Deduct():
            return deduct(curve, value, shown, asked.out_of, unit)
        case Award():
            return award(curve, value, shown, unit)
        case Entered():
            return entered(curve, shown, asked.full)
        case Power():
            return power(curve, value, shown, evaluate, unit)
        case Efficacy():
            return efficacy(curve, value, shown, asked.direction, evaluate, unit)
        case GradedEfficacy():
            return graded_efficacy(curve, value, shown, asked.direction, evaluate, asked.attribute, asked.full)
        case LadderRows():
            return ladder(curve, value, shown)
        case _:
            raise RuleFailed(_NOT_HERE)


def best_way(curve: BestOf, ways: Sequence[Node]) -> Node:
    """The most that one of several curves gives; a part without a value or threshold is passed over.

    Args:
        curve: Whose titles are shown.
        ways: What each part gives.
    """
    found = [
        Node("points", way.value, (way,), part_title(part, count))
        for count, (part, way) in enumerate(zip(curve.parts, ways, strict=True), start=1)
    ]
    points = [node.value for node in found if isinstance(node.value, Fraction)]
    return Node("max", max(points) if points else absence(found), tuple(found))


def part_title(part: CurvePart, count: int) -> Text:
    """The title of one of several curves, or which one it is."""
    return part.title if part.title.zh else Text(_PART.zh.format(count), _PART.en.format(count))
