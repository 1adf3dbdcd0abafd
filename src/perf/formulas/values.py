"""Values of nodes: which absence wins, and attributes read as numbers."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache

from perf.formulas.nodes import Absent, Node
from perf.kernel.facts import FactKey
from perf.kernel.figures import parse_number
from perf.kernel.irrational import CARRIED_BITS_MAX, DIGITS, PRODUCT_BITS_MAX, TOO_LARGE, is_too_large
from perf.kernel.text import Text

ZERO_DENOMINATOR = Absent("denominator_zero")
SIGNIFICANT = Node("significant", Fraction(DIGITS))
"""Last input of a node whose value is an irrational number, rounded to that many significant digits."""
_TOO_LARGE = Absent("not_allowed", (), TOO_LARGE)
_ORDER = {"missing": 0, "blocked": 1, "not_allowed": 2, "denominator_zero": 3, "not_applicable": 4}


def absence(nodes: Iterable[Node]) -> Absent:
    """The absence that follows from the absent ones among `nodes`: missing first, all keys of that reason together."""
    found = [node.value for node in nodes if type(node.value) is Absent]
    first = min(found, key=lambda absent: _ORDER[absent.reason])
    same = [absent for absent in found if absent.reason == first.reason]
    if len(same) == 1 or first.reason != "missing":
        return first
    keys: dict[FactKey, None] = {key: None for absent in same for key in absent.keys}
    return Absent("missing", tuple(keys), first.note)


def as_number(node: Node) -> Node:
    """`node` with an exact number as its value; a numeric attribute is read, anything else becomes `not_allowed`."""
    value = node.value
    if type(value) is Fraction or type(value) is Absent:
        return node
    if type(value) is str:
        number = _read(value)
        if number is not None:
            return node._replace(value=number)
    return node._replace(value=Absent("not_allowed", (), _not_a_number(node)))


def numbers(nodes: Sequence[Node]) -> tuple[tuple[Node, ...], list[Fraction] | Absent]:
    """All of `nodes` read as numbers, with their values; or the absence, if one of them is none."""
    read = tuple([as_number(node) for node in nodes])
    values = [node.value for node in read if type(node.value) is Fraction]
    return read, values if len(values) == len(read) else absence(read)


def bounded(value: Fraction, *inputs: Fraction) -> Fraction | Absent:
    """`value`, unless it has grown out of all proportion: then it is `not_allowed`.

    What is made of `inputs` that are themselves long (exact means over thousands of peers) may be longer.
    """
    if not is_too_large(value):
        return value
    is_fit = any(map(is_too_large, inputs)) and not is_too_large(value, CARRIED_BITS_MAX)
    return value if is_fit else _TOO_LARGE


def bounded_figure(value: Fraction) -> Fraction | Absent:
    """`value` of a function over many values, unless it has grown out of all proportion to them."""
    return _TOO_LARGE if is_too_large(value, PRODUCT_BITS_MAX) else value


@lru_cache(maxsize=65_536)
def _read(text: str) -> Fraction | None:
    try:
        if text.endswith("%"):
            return parse_number(text[:-1]) / 100
        return parse_number(text)
    except ValueError:
        return None


def _not_a_number(node: Node) -> Text:
    if node.label is None:
        return Text("这里要数字", "a number is needed here")
    return Text(f"{node.label.zh}不是数字", f"{node.label.in_lang('en')} is not a number")
