"""Trees → closures. Each closure takes a scope and gives a node; the common case first, everything else after it."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from operator import ge, gt, le, lt
from typing import assert_never

from perf.formulas.aggregates import figure_over, group_call, is_many, item_sum
from perf.formulas.irrational_calls import irrational_call
from perf.formulas.nodes import Absent, Node
from perf.formulas.periods import shifted_name, shifted_payment, shifted_period
from perf.formulas.scope import Scope
from perf.formulas.tree import (
    Balance,
    Binary,
    Call,
    Group,
    ItemField,
    Name,
    Number,
    Of,
    Paid,
    Quantity,
    Quoted,
    Run,
    Score,
    Seen,
    Table,
    Tree,
    Unary,
    Within,
    walk,
)
from perf.formulas.values import ZERO_DENOMINATOR, absence, as_number, bounded, numbers
from perf.kernel.periods import Period
from perf.kernel.ratios import minus, over, plus, times
from perf.kernel.rounding import Rounding, round_to, round_to_int
from perf.kernel.text import Text

_ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction]] = {"+": plus, "-": minus, "*": times}
_LOOSE_GROUP = Node("group", Absent("not_allowed", (), Text("要写在 sum、mean 等函数里", "needs sum, mean …")))
_WHO = {"parent": "上级单位", "owner": "分配单位", "provider": "提供方", "receiver": "接受方"}
_ORDERINGS: dict[str, Callable[[Fraction, Fraction], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def compiled(tree: Tree) -> Run:
    """The closure that evaluates `tree`."""
    match tree:
        case Number():
            return _constant(Node("number", tree.value, unit="percent" if tree.percent else ""))
        case Quoted():
            return _constant(Node("text", tree.text))
        case Name():
            return shifted_name(tree.code, tree.shifts)
        case Binary():
            return _binary(tree)
        case Unary():
            return _unary(tree)
        case Within():
            return _within(tree)
        case Call():
            return _call(tree)
        case Score():
            return _score(tree)
        case Of():
            return _of(tree)
        case Group():
            return _constant(_LOOSE_GROUP)
        case Quantity():
            return _name(tree.measure)
        case ItemField():
            return _name("item." + tree.attribute)
        case Balance():
            account = tree.account
            return lambda scope: scope.balance(account)
        case Paid():
            return _paid(tree)
        case Table():
            key, table = compiled(tree.key), tree.table
            return lambda scope: scope.table(table, key(scope))
        case _ as never:
            assert_never(never)


def _constant(node: Node) -> Run:
    return lambda _scope: node


def _name(code: str) -> Run:
    return lambda scope: scope.name(code, scope.period)


def _binary(tree: Binary) -> Run:
    op = tree.op
    if op in ("==", "!="):
        return _equality(tree)
    left, right = compiled(tree.left), compiled(tree.right)
    if op in _ARITHMETIC:
        return _arithmetic(op, left, right)
    if op == "/":
        return _divide(left, right)
    if op in _ORDERINGS:
        return _ordering(op, left, right)
    return _logic(op, left, right)


def _arithmetic(op: str, left: Run, right: Run) -> Run:
    compute = _ARITHMETIC[op]

    def run(scope: Scope) -> Node:
        a, b = left(scope), right(scope)
        x, y = a.value, b.value
        if type(x) is Fraction and type(y) is Fraction:
            return Node(op, bounded(compute(x, y), x, y), (a, b))
        inputs, values = numbers((a, b))
        return Node(op, values if isinstance(values, Absent) else bounded(compute(*values), *values), inputs)

    return run


def _divide(left: Run, right: Run) -> Run:
    def run(scope: Scope) -> Node:
        a, b = left(scope), right(scope)
        x, y = a.value, b.value
        if type(x) is Fraction and type(y) is Fraction:
            return Node("/", bounded(over(x, y), x, y) if y else ZERO_DENOMINATOR, (a, b))
        inputs, values = numbers((a, b))
        if isinstance(values, Absent):
            return Node("/", values, inputs)
        return Node("/", bounded(over(*values), *values) if values[1] else ZERO_DENOMINATOR, inputs)

    return run


def _ordering(op: str, left: Run, right: Run) -> Run:
    holds = _ORDERINGS[op]

    def run(scope: Scope) -> Node:
        a, b = left(scope), right(scope)
        x, y = a.value, b.value
        if type(x) is Fraction and type(y) is Fraction:
            return Node(op, holds(x, y), (a, b))
        inputs, values = numbers((a, b))
        return Node(op, values if isinstance(values, Absent) else holds(*values), inputs)

    return run


def _equality(tree: Binary) -> Run:
    op, wanted = tree.op, tree.op == "=="
    pair = _word_pair(tree.left, tree.right)

    def run(scope: Scope) -> Node:
        a, b = pair(scope)
        same = _same(a, b)
        return Node(op, same if type(same) is Absent else same is wanted, (a, b))

    return run


def _same(a: Node, b: Node) -> bool | Absent:
    x, y = a.value, b.value
    if type(x) is Absent or type(y) is Absent:
        return absence((a, b))
    if type(x) is type(y):
        return x == y
    if type(x) is bool or type(y) is bool:
        return Absent(
            "not_allowed", (), Text("不能拿“是否”与其他内容比较", "a truth value compared with something else")
        )
    return as_number(a).value == as_number(b).value  # a text that is no number equals none


def _word_pair(left: Tree, right: Tree) -> Callable[[Scope], tuple[Node, Node]]:
    """Both sides of `==`. Of two unknown words the left one is a name that nobody reported, the right one text."""
    run_left, run_right = compiled(left), compiled(right)
    left_beside, right_beside = _beside(left, run_left), _beside(right, run_right)
    left_word, right_word = _bare_word(left), _bare_word(right)

    def run(scope: Scope) -> tuple[Node, Node]:
        if left_word and not scope.knows(left_word) and (not right_word or scope.knows(right_word)):
            b = run_right(scope)
            return left_beside(b, scope), b
        a = run_left(scope)
        return a, right_beside(a, scope)

    return run


def _beside(tree: Tree, run: Run) -> Callable[[Node, Scope], Node]:
    """`tree` beside another value: a bare word that is no name is text, unless that value is a number."""
    word = _bare_word(tree)
    if not word:
        return lambda _other, scope: run(scope)
    text = Node("text", word)

    def look(other: Node, scope: Scope) -> Node:
        return run(scope) if type(other.value) in (Fraction, bool) or scope.knows(word) else text

    return look


def _bare_word(tree: Tree) -> str:
    return tree.code if isinstance(tree, Name) and not tree.shifts else ""


def _within(tree: Within) -> Run:
    op = "not in" if tree.negated else "in"
    left = compiled(tree.left)
    options = [_beside(option, compiled(option)) for option in tree.options]
    negated = tree.negated

    def run(scope: Scope) -> Node:
        a = left(scope)
        others = [option(a, scope) for option in options]
        inputs = (a, *others)
        if any(type(node.value) is Absent for node in inputs):
            return Node(op, absence(inputs), inputs)
        found = any(_same(a, other) is True for other in others)
        return Node(op, found is not negated, inputs)

    return run


def _logic(op: str, left: Run, right: Run) -> Run:
    def run(scope: Scope) -> Node:
        a, b = left(scope), right(scope)
        x, y = a.value, b.value
        if type(x) is bool and type(y) is bool:
            return Node(op, (x and y) if op == "and" else (x or y), (a, b))
        a, b = _condition(a), _condition(b)
        return Node(op, absence((a, b)), (a, b))

    return run


def _condition(node: Node) -> Node:
    if type(node.value) in (bool, Absent):
        return node
    return node._replace(value=Absent("not_allowed", (), Text("这里要条件", "a condition is needed here")))


def _unary(tree: Unary) -> Run:
    op, arg = tree.op, compiled(tree.arg)
    if isinstance(tree.arg, Number) and op == "-":
        return _constant(Node("number", -tree.arg.value, unit="percent" if tree.arg.percent else ""))
    if op == "not":

        def negate(scope: Scope) -> Node:
            a = _condition(arg(scope))
            return Node("not", a.value if type(a.value) is Absent else not a.value, (a,))

        return negate

    def sign(scope: Scope) -> Node:
        a = as_number(arg(scope))
        x = a.value
        return a if op == "+" else Node("neg", -x if type(x) is Fraction else x, (a,))

    return sign


def _score(tree: Score) -> Run:
    schemes, shifts = tree.schemes, tree.shifts
    if tree.who == "self":
        if not shifts:
            return lambda scope: scope.score(schemes, scope.period)
        return lambda scope: scope.score(schemes, shifted_period(scope.period, shifts))
    return _seen_from(tree.who, lambda other, period: other.score(schemes, shifted_period(period, shifts)))


def _of(tree: Of) -> Run:
    run = shifted_name(tree.code, tree.shifts)
    return _seen_from(tree.who, lambda other, _period: run(other))


def _paid(tree: Paid) -> Run:
    run = shifted_payment(tree.line, tree.shifts)
    return run if tree.who == "self" else _seen_from(tree.who, lambda other, _period: run(other))


def _seen_from(who: Seen, look: Callable[[Scope, Period], Node]) -> Run:
    nobody = Node(who, Absent("not_applicable", (), Text(f"没有{_WHO[who]}", f"there is no {who}")))
    is_side = who in ("provider", "receiver")

    def run(scope: Scope) -> Node:
        other = scope.side(who) if is_side else scope.parent() if who == "parent" else scope.owner()
        return nobody if other is None else look(other, scope.period)

    return run


def _call(tree: Call) -> Run:
    function, args = tree.function, tree.args
    if function == "top":
        return _constant(_LOOSE_GROUP)
    if len(args) == 1 and is_many(args[0]):
        return group_call(function, args[0], compiled)
    if function == "sum" and any(isinstance(inner, Quantity) for inner, _ in walk(tree)):
        return item_sum(args, compiled)
    runs = [compiled(arg) for arg in args]
    if function == "if":
        return _choice(runs)
    if function == "count":
        return _present(runs)
    if function in ("abs", "round", "floor", "ceil"):
        digits = int(_literal(args[1])) if len(args) == 2 else 0
        return _of_one(function, runs[0], digits)
    if function in ("ln", "exp", "sqrt", "power"):
        return irrational_call(function, runs)
    return lambda scope: figure_over(function, [one(scope) for one in runs], scope)


def _literal(tree: Tree) -> Fraction:
    if isinstance(tree, Unary):
        return -_literal(tree.arg)
    return tree.value if isinstance(tree, Number) else Fraction(0)


def _choice(runs: Sequence[Run]) -> Run:
    condition, yes, no = runs

    def run(scope: Scope) -> Node:
        asked = _condition(condition(scope))
        if type(asked.value) is Absent:
            return Node("if", asked.value, (asked,))
        taken = yes(scope) if asked.value else no(scope)
        return Node("if", taken.value, (asked, taken))

    return run


def _present(runs: Sequence[Run]) -> Run:
    def run(scope: Scope) -> Node:
        inputs = tuple([one(scope) for one in runs])
        return Node("count", Fraction(sum(type(node.value) is not Absent for node in inputs)), inputs)

    return run


def _of_one(function: str, arg: Run, digits: int) -> Run:
    def settle(number: Fraction) -> Fraction:
        if function == "abs":
            return abs(number)
        if function == "round":
            return round_to(number, digits)
        up = (number > 0) is (function == "ceil")
        return Fraction(round_to_int(number, Rounding.UP if up else Rounding.DOWN))

    def run(scope: Scope) -> Node:
        a = as_number(arg(scope))
        x = a.value
        inputs = (a, Node("number", Fraction(digits))) if function == "round" else (a,)
        return Node(function, settle(x) if type(x) is Fraction else x, inputs)

    return run
