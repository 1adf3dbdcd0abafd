"""Evaluation: a tree is compiled once to closures; each call gives the exact value and the explanation in one pass."""

from perf.formulas.compiler import compiled
from perf.formulas.nodes import Node
from perf.formulas.scope import Scope
from perf.formulas.tree import Formula


def evaluate(formula: Formula, scope: Scope) -> Node:
    """The value of `formula` as seen from `scope`, with every step it was computed from.

    Returns:
        A node whose value is an exact `Fraction`, a text, a truth value, or `Absent`: `missing` (with all keys that
        nobody reported), `denominator_zero`, or what the scope gave. Never raises for absent or unfit values.
    """
    if not formula._run:  # noqa: SLF001  # the formula keeps what it compiles to
        formula._run.append(compiled(formula.tree))  # noqa: SLF001
    return formula._run[0](scope)  # noqa: SLF001
