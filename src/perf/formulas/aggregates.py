"""Functions over many subjects (`sum(members.x)`, `median(peers.value)`) and over items."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from perf.formulas.nodes import Absent, Node
from perf.formulas.periods import shifted_name, shifted_period
from perf.formulas.scope import Scope
from perf.formulas.tree import Group, Quantity, Run, Tree, walk
from perf.formulas.values import absence, numbers
from perf.kernel.text import Text

Compile = Callable[[Tree], Run]


def total(values: Sequence[Fraction]) -> Fraction:
    """The exact sum."""
    return sum(values, Fraction(0))


def mean(values: Sequence[Fraction]) -> Fraction:
    """The exact arithmetic mean."""
    return total(values) / len(values)


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle value, or the mean of the two middle ones."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


AGGREGATES: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "min": min,
    "max": max,
    "sum": total,
    "mean": mean,
    "median": median,
}
_NOBODY = Absent("not_applicable", (), Text("没有符合条件的单位或人员", "nobody meets the condition"))


def group_call(function: str, group: Group, compiled: Compile) -> Run:
    """`function(members(cond).x)`. A sum or a count of nobody is 0; any other figure of nobody is not applicable.

    An absent value of a member makes the result absent. Of peers, the statistics (`mean median min max`) are those of
    the peers that have a value, so that one missing report does not take everybody's score.
    """
    chosen = _chosen(group, compiled)
    if function == "count":
        return _counted(group, chosen)
    look = _look(group)
    aggregate = AGGREGATES[function]
    skips_absent = group.who == "peers" and function != "sum"

    def run(scope: Scope) -> Node:
        subjects, unsure = chosen(scope)
        if unsure:
            return Node(function, absence(unsure), unsure)
        inputs: tuple[Node, ...] = tuple([look(subject) for subject in subjects])
        if skips_absent and inputs:
            inputs = tuple([node for node in inputs if type(node.value) is not Absent]) or inputs
        if not inputs and function != "sum":
            return Node(function, _NOBODY)
        inputs, values = numbers(inputs)
        return Node(function, values if isinstance(values, Absent) else aggregate(values), inputs)

    return run


def _look(group: Group) -> Run:
    if not group.schemes:
        return shifted_name(group.code, group.shifts)
    schemes, shifts = group.schemes, group.shifts
    return lambda scope: scope.score(schemes, shifted_period(scope.period, shifts))


def _chosen(group: Group, compiled: Compile) -> Callable[[Scope], tuple[Sequence[Scope], tuple[Node, ...]]]:
    """The subjects that meet the condition, and the conditions that could not be decided."""
    members = group.who == "members"
    if group.where is None:
        return lambda scope: (scope.members() if members else scope.peers(), ())
    where = compiled(group.where)

    def run(scope: Scope) -> tuple[Sequence[Scope], tuple[Node, ...]]:
        subjects = scope.members() if members else scope.peers()
        asked = [where(subject) for subject in subjects]
        unsure = tuple([node for node in asked if type(node.value) is Absent])
        return [subject for subject, node in zip(subjects, asked, strict=True) if node.value is True], unsure

    return run


def _counted(group: Group, chosen: Callable[[Scope], tuple[Sequence[Scope], tuple[Node, ...]]]) -> Run:
    look = _look(group) if group.code or group.schemes else None

    def run(scope: Scope) -> Node:
        subjects, unsure = chosen(scope)
        if unsure and look is None:
            return Node("count", absence(unsure), unsure)
        if look is None:
            return Node("count", Fraction(len(subjects)))
        inputs = tuple([look(subject) for subject in subjects])
        return Node("count", Fraction(sum(type(node.value) is not Absent for node in inputs)), inputs)

    return run


def item_sum(args: Sequence[Tree], compiled: Compile) -> Run:
    """`sum(procedures.quantity * item.points)`: one term per itemised fact; without any, the measure is missing."""
    measure = next(inner.measure for arg in args for inner, _ in walk(arg) if isinstance(inner, Quantity))
    term = compiled(args[0])

    def run(scope: Scope) -> Node:
        rows = scope.items(measure, scope.period)
        if not rows:
            whole = scope.name(measure, scope.period)
            if type(whole.value) is not Absent:
                note = Text("没有分项,不能按项计算", "given without items")
                whole = whole._replace(value=Absent("not_allowed", (), note))
            return Node("sum", whole.value, (whole,))
        inputs, values = numbers([term(row) for row in rows])
        return Node("sum", values if isinstance(values, Absent) else total(values), inputs)

    return run
