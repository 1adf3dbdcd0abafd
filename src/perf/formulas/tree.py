"""The tree of a formula, as parsed. `at` is the offset of the first character in the formula's text, 0-based."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from perf.formulas.nodes import Node
from perf.formulas.scope import Scope
from perf.kernel.issues import Place

Run = Callable[[Scope], Node]


class Shift(NamedTuple):
    """`@last_year`, `@previous`, `@year(-1)`, `@year_to_date`; `years` only for `year`."""

    kind: Literal["last_year", "previous", "year", "year_to_date"]
    years: int = 0

    def __str__(self) -> str:
        return f"{self.kind}({self.years})" if self.kind == "year" else self.kind


Shifts = tuple[Shift, ...]


def _at() -> int:
    at: int = field(default=0, compare=False)
    return at


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written; `percent`: with the sign, `value` is already the ratio."""

    value: Fraction
    percent: bool = False
    at: int = _at()


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text in quotation marks."""

    text: str
    at: int = _at()


@dataclass(frozen=True, slots=True)
class Name:
    """A measure, attribute, parameter or local name; beside `==` perhaps a bare word."""

    code: str
    shifts: Shifts = ()
    at: int = _at()


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x`, `+x`, `not x`."""

    op: Literal["-", "+", "not"]
    arg: "Tree"
    at: int = _at()


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic, comparison, `and`, `or`; `at` is the operator's place."""

    op: str
    left: "Tree"
    right: "Tree"
    at: int = _at()


@dataclass(frozen=True, slots=True)
class Within:
    """`x in (a, b)`, `x not in (a, b)`."""

    left: "Tree"
    options: tuple["Tree", ...]
    negated: bool = False
    at: int = _at()


@dataclass(frozen=True, slots=True)
class Call:
    """One of the declared functions."""

    function: str
    args: tuple["Tree", ...]
    at: int = _at()


@dataclass(frozen=True, slots=True)
class Group:
    """`members(cond).measure`, `peers.value`, `members.score(a)`, `members.paid(夜班)`; none: the subjects themselves.

    `claims`, `claims(cond)`: what the others claim in the same step of a distribution.
    """

    who: Literal["members", "peers", "claims"]
    where: "Tree | None" = None
    code: str = ""
    schemes: tuple[str, ...] = ()
    line: str = ""
    shifts: Shifts = ()
    at: int = _at()

    @property
    def is_bare(self) -> bool:
        """Whether nothing is asked of the subjects."""
        return not (self.code or self.schemes or self.line)


Seen = Literal["parent", "owner", "provider", "receiver"]
"""Whom a name may be asked of: the subject above, the owner of the money, the two sides of a service."""


@dataclass(frozen=True, slots=True)
class Of:
    """`parent.x`, `owner.x`; `provider.x`, `receiver.x` in the price of a transfer."""

    who: Seen
    code: str
    shifts: Shifts = ()
    at: int = _at()


@dataclass(frozen=True, slots=True)
class Score:
    """`score(a, b)`, `parent.score(a)`, `owner.score(a)`."""

    who: Literal["self", "parent", "owner"]
    schemes: tuple[str, ...]
    shifts: Shifts = ()
    at: int = _at()


@dataclass(frozen=True, slots=True)
class Quantity:
    """`procedures.quantity` inside `sum(…)`."""

    measure: str
    at: int = _at()


@dataclass(frozen=True, slots=True)
class ItemField:
    """`item.points` inside `sum(…)`."""

    attribute: str
    at: int = _at()


@dataclass(frozen=True, slots=True)
class Balance:
    """`balance(account)`."""

    account: str
    at: int = _at()


@dataclass(frozen=True, slots=True)
class Paid:
    """`paid(line)`, `owner.paid(line)`: what the ledger paid under a line of a distribution."""

    who: Literal["self", "parent", "owner"]
    line: str
    shifts: Shifts = ()
    at: int = _at()


@dataclass(frozen=True, slots=True)
class Table:
    """`tablename(attribute)`."""

    table: str
    key: "Tree"
    at: int = _at()


Tree = (
    Number
    | Quoted
    | Name
    | Unary
    | Binary
    | Within
    | Call
    | Group
    | Of
    | Score
    | Quantity
    | ItemField
    | Balance
    | Paid
    | Table
)


def children(tree: Tree) -> tuple[Tree, ...]:
    """The trees directly inside, in reading order."""
    match tree:
        case Unary():
            return (tree.arg,)
        case Binary():
            return (tree.left, tree.right)
        case Within():
            return (tree.left, *tree.options)
        case Call():
            return tree.args
        case Group():
            return (tree.where,) if tree.where is not None else ()
        case Table():
            return (tree.key,)
        case _:
            return ()


def walk(tree: Tree) -> Iterator[tuple[Tree, int]]:
    """Every tree with its depth (1 = the root), parents first; without recursion, however deep."""
    queue: list[tuple[Tree, int]] = [(tree, 1)]
    while queue:
        node, depth = queue.pop()
        yield node, depth
        queue.extend((child, depth + 1) for child in reversed(children(node)))


def unshifted(tree: Tree) -> Tree:
    """`tree` with every name as of the period in work."""
    match tree:
        case Name() | Of() | Group() | Score() | Paid():
            return replace(tree, shifts=())
        case Unary():
            return replace(tree, arg=unshifted(tree.arg))
        case Binary():
            return replace(tree, left=unshifted(tree.left), right=unshifted(tree.right))
        case Call():
            return replace(tree, args=tuple(map(unshifted, tree.args)))
        case _:
            return tree


def is_constant(tree: Tree) -> bool:
    """Whether `tree` is written out in numbers and needs nobody to be asked."""
    return all(
        isinstance(inner, Number | Quoted | Unary | Binary | Within | Call)
        and not (isinstance(inner, Call) and inner.function in ("best", "worst"))
        for inner, _ in walk(tree)
    )


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula: its text as written, its place, and its tree.

    What it compiles to and what it refers to is kept once asked for, never pickled.
    """

    text: str
    place: Place
    tree: Tree
    _run: list[Run] = field(default_factory=list, init=False, repr=False, compare=False)
    _references: list[frozenset[Any]] = field(default_factory=list, init=False, repr=False, compare=False)

    def __reduce__(self) -> tuple[type["Formula"], tuple[str, Place, Tree]]:
        return Formula, (self.text, self.place, self.tree)
