"""`sqrt power ln exp`: exact where the result is rational, else the correctly rounded decimal, which is said."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from perf.formulas.nodes import Absent, Node
from perf.formulas.scope import Scope
from perf.formulas.tree import Run
from perf.formulas.values import SIGNIFICANT, bounded, numbers
from perf.kernel.irrational import NoResult, exp, is_rational_power, ln, power, sqrt

_HALF = Fraction(1, 2)
_COMPUTE: dict[str, Callable[..., Fraction]] = {"sqrt": sqrt, "power": power, "ln": ln, "exp": exp}
_IS_EXACT: dict[str, Callable[..., bool]] = {
    "sqrt": lambda x: is_rational_power(x, _HALF),
    "power": is_rational_power,
    "ln": lambda x: x == 1,
    "exp": lambda x: x == 0,
}


def irrational_call(function: str, runs: Sequence[Run]) -> Run:
    """The closure of one of the four; what has no result, or a monstrous one, is `not_allowed` and says why."""
    compute, is_exact = _COMPUTE[function], _IS_EXACT[function]

    def run(scope: Scope) -> Node:
        inputs, values = numbers([one(scope) for one in runs])
        if isinstance(values, Absent):
            return Node(function, values, inputs)
        try:
            found = compute(*values)
        except NoResult as stop:
            return Node(function, Absent("not_allowed", (), stop.reason), inputs)
        return Node(function, bounded(found), inputs if is_exact(*values) else (*inputs, SIGNIFICANT))

    return run
