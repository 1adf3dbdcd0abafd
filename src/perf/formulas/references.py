"""What a formula refers to, and whether it needs anything at all."""

from fractions import Fraction
from typing import Literal, NamedTuple

from perf.formulas.evaluation import evaluate
from perf.formulas.scope import Scope
from perf.formulas.tree import (
    Balance,
    Formula,
    Group,
    ItemField,
    Name,
    Of,
    Paid,
    Quantity,
    Score,
    Shifts,
    Table,
    Tree,
    children,
    is_constant,
)

ReferenceKind = Literal["name", "score", "balance", "paid", "member", "peer", "parent", "item", "table"]


class Reference(NamedTuple):
    """One thing a formula refers to.

    Attributes:
        kind: `name`: of the subject itself (also a bare word beside `==`, which may be text) · `score`: total under a
            scheme, of whomever · `balance`: an account · `paid`: a line
            of distributions, of whomever · `member`, `peer`: a name asked of members or peers · `parent`:
            a name asked of the subject above or of the owner · `item`: an attribute of items · `table`: a table.
        shift: `last_year`, `previous`, `year(-1)`, `year_to_date`, several joined by `@`; empty: the period itself.
    """

    kind: ReferenceKind
    name: str
    shift: str = ""


def references(formula: Formula) -> frozenset[Reference]:
    """Everything `formula` refers to, whichever branch is taken."""
    kept = formula._references  # noqa: SLF001  # the formula keeps what it refers to
    if not kept:
        kept.append(_in_tree(formula.tree))
    return kept[0]


def _in_tree(whole: Tree) -> frozenset[Reference]:
    found: set[Reference] = set()
    queue: list[tuple[Tree, ReferenceKind]] = [(whole, "name")]
    while queue:
        tree, kind = queue.pop()
        inner = kind
        match tree:
            case Name():
                found.add(Reference(kind, tree.code, _text(tree.shifts)))
            case Quantity():
                found.add(Reference(kind, tree.measure))
            case ItemField():
                found.add(Reference("item", tree.attribute))
            case Of():
                found.add(Reference("parent", tree.code, _text(tree.shifts)))
            case Score():
                found.update(Reference("score", scheme, _text(tree.shifts)) for scheme in tree.schemes)
            case Balance():
                found.add(Reference("balance", tree.account))
            case Paid():
                found.add(Reference("paid", tree.line, _text(tree.shifts)))
            case Table():
                found.add(Reference("table", tree.table))
            case Group():
                inner = "member" if tree.who == "members" else "peer"
                if tree.code:
                    found.add(Reference(inner, tree.code, _text(tree.shifts)))
                if tree.line:
                    found.add(Reference("paid", tree.line, _text(tree.shifts)))
                found.update(Reference("score", scheme, _text(tree.shifts)) for scheme in tree.schemes)
            case _:
                pass
        queue.extend((child, inner) for child in children(tree))
    return frozenset(found)


def constant(formula: Formula) -> Fraction | None:
    """The number that `formula` always is (`85%`, `3 / 4`), or None where it needs a subject or has no value."""
    if not is_constant(formula.tree):
        return None
    nowhere: Scope = None  # type: ignore[assignment]  # nothing in the tree asks it
    value = evaluate(formula, nowhere).value
    return value if type(value) is Fraction else None


def _text(shifts: Shifts) -> str:
    return "@".join(map(str, shifts))
