"""Functions over many numbers: of members and peers (`sum(members.x)`, `p90(peers.value)`), of items, of arguments."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache

from perf.formulas.functions import percentile_of
from perf.formulas.nodes import Absent, Node
from perf.formulas.periods import shifted_name, shifted_payment, shifted_period
from perf.formulas.scope import Scope
from perf.formulas.tree import Call, Group, Number, Quantity, Run, Tree, walk
from perf.formulas.values import SIGNIFICANT, absence, bounded, bounded_figure, numbers
from perf.kernel.irrational import NoResult, geometric_mean, is_rational_power, total
from perf.kernel.robust import median
from perf.kernel.text import Text

Compile = Callable[[Tree], Run]
_KEPT_FROM = 100
Gather = Callable[[Scope], tuple[Sequence[Node], Absent | None]]
"""The values that a function looks at, and why they cannot be told."""


@lru_cache(maxsize=64)
def _total_of_many(values: tuple[Fraction, ...]) -> Fraction:
    return total(values)


def group_total(values: Sequence[Fraction]) -> Fraction:
    """The exact sum; that of many values is kept, for every peer of a group asks for the same."""
    return _total_of_many(tuple(values)) if len(values) > _KEPT_FROM else total(values)


def mean(values: Sequence[Fraction]) -> Fraction:
    """The exact arithmetic mean."""
    return group_total(values) / len(values)


def percentile_place(count: int, rank: int) -> tuple[int, Fraction]:
    """Where the `rank`-th percentile of `count` ordered values lies: (count − 1) × rank% steps behind the first.

    Returns:
        The index of the value at or before it, from 0, and the part of the way to the next one. (Excel: PERCENTILE.INC.)
    """
    whole, rest = divmod((count - 1) * rank, 100)
    return whole, Fraction(rest, 100)


def percentile(values: Sequence[Fraction], rank: int) -> Fraction:
    """The `rank`-th percentile, on the straight line between the two values beside its place."""
    ordered = sorted(values)
    index, part = percentile_place(len(ordered), rank)
    return ordered[index] + part * (ordered[index + 1] - ordered[index]) if part else ordered[index]


_PLAIN: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "min": min,
    "max": max,
    "sum": group_total,
    "mean": mean,
    "median": median,
}
_NOBODY = Absent("not_applicable", (), Text("没有符合条件的单位或人员", "nobody meets the condition"))


def figure_over(
    function: str, inputs: Sequence[Node], scope: Scope, *, shown: Sequence[Node] | None = None, of_many: bool = False
) -> Node:
    """The node of `function` over `inputs`, at least one; `shown` stands in the explanation instead of them.

    `of_many`: over subjects or items, as many as there are: the result may be longer than that of written-out arguments.
    """
    read, values = numbers(inputs)
    inside = tuple(read if shown is None else shown)
    if isinstance(values, Absent):
        return Node(function, values, inside)
    if function == "count":
        return Node(function, Fraction(len(values)), inside)
    if function == "geomean":
        return _geomean(values, inside)
    rank = percentile_of(function)
    if rank is not None:
        found = percentile(values, rank)
        return Node(function, bounded_figure(found) if of_many else bounded(found, *values), inside)
    plain = function
    if function in ("best", "worst"):
        plain = "min" if (function == "best") is scope.lower_is_better() else "max"
    try:
        found = _PLAIN[plain](values)
        return Node(function, bounded_figure(found) if of_many else bounded(found, *values), inside)
    except NoResult as stop:
        return Node(function, Absent("not_allowed", (), stop.reason), inside)


def _geomean(values: Sequence[Fraction], inside: tuple[Node, ...]) -> Node:
    try:
        found = geometric_mean(values)
    except NoResult as stop:
        return Node("geomean", Absent("not_allowed", (), stop.reason), inside)
    product = Fraction(1)
    for value in values:
        product *= value
    exact = is_rational_power(product, Fraction(1, len(values)))
    return Node("geomean", bounded(found), inside if exact else (*inside, SIGNIFICANT))


# ---------------------------------------------------------------- groups


def is_many(tree: Tree) -> bool:
    """Whether `tree` stands for many values: `members.x`, `peers.x`, `top(n, …)`."""
    return isinstance(tree, Group) or (isinstance(tree, Call) and tree.function == "top")


def group_call(function: str, many: Tree, compiled: Compile) -> Run:
    """`function(members(cond).x)`, `function(top(3, …))`. A sum or a count of nobody is 0; else it is not applicable.

    An absent value of a member makes the result absent. Of peers, the statistics (all but the sum) are those of the
    peers that have a value, so that one missing report does not take everybody's score.
    """
    if isinstance(many, Group) and function == "count":
        return _counted(many, _chosen(many, compiled))
    gather, keep = _gathered(many, function, compiled)

    def run(scope: Scope) -> Node:
        inputs, gone = gather(scope)
        if gone is not None:
            return Node(function, gone, tuple(inputs))
        if not inputs:
            return Node(function, Fraction(0) if function in ("sum", "count") else _NOBODY)
        if not keep:
            return figure_over(function, inputs, scope, of_many=True)
        read, values = numbers(inputs)
        if isinstance(values, Absent):
            return Node(function, values, read)
        kept = sorted(read, key=_size, reverse=True)[:keep]
        shown = Node("top", Fraction(len(kept)), tuple(kept), kept[0].label)
        return figure_over(function, kept, scope, shown=(shown,), of_many=True)

    return run


def _size(node: Node) -> Fraction:
    assert isinstance(node.value, Fraction)  # noqa: S101 - read as a number before
    return node.value


def _gathered(many: Tree, function: str, compiled: Compile) -> tuple[Gather, int]:
    """What gives the values, and how many of the largest are kept (0: all)."""
    if isinstance(many, Group):
        return _of_group(many, skips_absent=many.who == "peers" and function != "sum", compiled=compiled), 0
    assert isinstance(many, Call)  # noqa: S101 - `is_many`
    count, *rest = many.args
    keep = int(count.value) if isinstance(count, Number) else 1
    if len(rest) == 1 and isinstance(rest[0], Group):
        return _of_group(rest[0], skips_absent=rest[0].who == "peers", compiled=compiled), keep
    runs = [compiled(arg) for arg in rest]
    return (lambda scope: ([one(scope) for one in runs], None)), keep


def _of_group(group: Group, *, skips_absent: bool, compiled: Compile) -> Gather:
    chosen, look = _chosen(group, compiled), _look(group)

    def run(scope: Scope) -> tuple[Sequence[Node], Absent | None]:
        subjects, unsure = chosen(scope)
        if unsure:
            return unsure, absence(unsure)
        nodes = [look(subject) for subject in subjects]
        if skips_absent:
            nodes = [node for node in nodes if type(node.value) is not Absent] or nodes
        return nodes, None

    return run


def _look(group: Group) -> Run:
    if group.who == "claims":
        return shifted_name("value", ())
    if group.line:
        return shifted_payment(group.line, group.shifts)
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
    look = None if group.is_bare else _look(group)

    def run(scope: Scope) -> Node:
        subjects, unsure = chosen(scope)
        if unsure and look is None:
            return Node("count", absence(unsure), unsure)
        if look is None:
            return Node("count", Fraction(len(subjects)))
        inputs = tuple([look(subject) for subject in subjects])
        return Node("count", Fraction(sum(type(node.value) is not Absent for node in inputs)), inputs)

    return run


# ---------------------------------------------------------------- items


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
        return figure_over("sum", [term(row) for row in rows], scope, of_many=True)

    return run
