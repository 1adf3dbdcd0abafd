"""The same arithmetic with other figures: a tree of steps worked out again from leaves that are put in its place."""

from collections.abc import Callable
from fractions import Fraction

from perf.formulas.nodes import Node
from perf.kernel.rounding import Rounding, round_to

Leaf = Callable[[Node], Fraction | None]
"""What stands in the place of a node; None: the node as it is."""


def revalued(node: Node, put: Leaf) -> Fraction | None:
    """The value of `node` with other figures in it.

    Args:
        node: Arithmetic as it was explained.
        put: Asked of every step; its answer replaces the step.
    Returns:
        The exact value; None where there is no number, or a changed figure passes through a step that is not plain
        arithmetic (a condition, a table, a rank).
    """
    found = _worked(node, put)
    return found if isinstance(found, Fraction) else None


def _worked(node: Node, put: Leaf) -> object:
    """The value again; a truth value or text where that is what it was."""
    new = put(node)
    if new is not None:
        return new
    if not node.inputs:
        return node.value
    parts = [_worked(step, put) for step in node.inputs]
    if all(part == step.value for part, step in zip(parts, node.inputs, strict=True)):
        return node.value
    if not all(isinstance(part, Fraction) for part in parts[: _numbers(node)]):
        return None
    return _computed(node, [part for part in parts if isinstance(part, Fraction)])


def _numbers(node: Node) -> int:
    """How many of the inputs must be numbers: a mode of rounding is text."""
    return 2 if node.op == "round" else len(node.inputs)


def _computed(node: Node, parts: list[Fraction]) -> Fraction | None:
    first, rest = parts[0], parts[1:]
    match node.op:
        case "+" | "sum":
            return sum(rest, first)
        case "-":
            return first - rest[0] if rest else None
        case "neg":
            return -first
        case "*":
            for other in rest:
                first *= other
            return first
        case "/":
            return first / rest[0] if rest and rest[0] else None
        case "min":
            return min(parts)
        case "max":
            return max(parts)
        case "round":
            mode = Rounding(str(node.inputs[2].value)) if len(node.inputs) > 2 else Rounding.HALF_AWAY
            return round_to(first, int(rest[0]), mode)
        case "name" | "indicator" | "curve":
            return first if not rest else None
        case _:
            return None
