"""Formulas against plain Fraction arithmetic, and text that must never do more than give issues."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from perf.formulas import Absent, Formula, Node, equation, evaluate, parse_formula
from perf.kernel.facts import FactKey
from perf.kernel.issues import NOWHERE, Place
from perf.kernel.periods import Period, parse_period

JUNE = parse_period("2025-06")
VALUES = {"a": Fraction(41), "b": Fraction(4000), "c": Fraction(-7, 3), "zero": Fraction(0)}
PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2}


class Four:
    """Four names with values; everything else is missing."""

    period = JUNE

    def name(self, code: str, period: Period) -> Node:
        return Node(
            "fact",
            VALUES.get(code) or (Fraction(0) if code == "zero" else Absent("missing", (FactKey("X", code, period),))),
        )

    def knows(self, code: str) -> bool:
        return code in VALUES


numbers = st.decimals(min_value=0, max_value=10_000, places=3).map(lambda d: ("number", format(d, "f")))
names = st.sampled_from(["a", "b", "c", "zero"]).map(lambda name: ("name", name))
trees = st.recursive(
    numbers | names,
    lambda inner: st.tuples(st.sampled_from("+-*/"), inner, inner) | st.tuples(st.just("neg"), inner),
    max_leaves=20,
)


def text_of(tree, *, sparse: bool) -> str:
    """The tree with all brackets, or with only those that are needed."""
    if tree[0] in ("number", "name"):
        return tree[1]
    if tree[0] == "neg":
        return f"-({text_of(tree[1], sparse=sparse)})"
    parts = []
    for index, inner in enumerate(tree[1:]):
        text = text_of(inner, sparse=sparse)
        own, outer = PRECEDENCE.get(inner[0], 3), PRECEDENCE[tree[0]]
        needed = own < outer or (index and own == outer)
        parts.append(f"({text})" if inner[0] not in ("number", "name") and (needed or not sparse) else text)
    return f" {tree[0]} ".join(parts)


def exact(tree) -> Fraction | None:
    if tree[0] == "number":
        return Fraction(tree[1])
    if tree[0] == "name":
        return VALUES[tree[1]]
    inner = [exact(one) for one in tree[1:]]
    if None in inner:
        return None
    if tree[0] == "neg":
        return -inner[0]
    left, right = inner
    if tree[0] == "/":
        return left / right if right else None
    return {"+": left + right, "-": left - right, "*": left * right}[tree[0]]


def parsed(text: str) -> Formula:
    found = parse_formula(text, NOWHERE)
    assert found.formula is not None, text
    return found.formula


@given(trees)
def test_evaluation_is_fraction_arithmetic(tree):
    value = evaluate(parsed(text_of(tree, sparse=True)), Four()).value
    expected = exact(tree)
    assert value.reason == "denominator_zero" if expected is None else value == expected


@given(trees)
def test_brackets_that_are_not_needed_change_nothing(tree):
    assert parsed(text_of(tree, sparse=True)).tree == parsed(text_of(tree, sparse=False)).tree


@given(trees)
def test_an_equation_can_be_read_back_to_the_same_value(tree):
    """What is printed is what was used: the printed line, parsed again, gives the value."""
    formula = parsed(text_of(tree, sparse=False))
    node = evaluate(formula, Four())
    line = equation(node).split(" = ")[0].split(" ≈ ")[0]
    if isinstance(node.value, Fraction) and "≈" not in line:
        again = parse_formula(line, NOWHERE)
        if again.formula is not None:
            assert evaluate(again.formula, Four()).value == node.value


@given(trees, st.sampled_from(["x", "y"]))
def test_a_missing_name_makes_the_whole_missing(tree, name):
    value = evaluate(parsed(f"({text_of(tree, sparse=True)}) + {name}"), Four()).value
    assert (value.reason, [key.measure for key in value.keys]) == ("missing", [name])


PIECES = [*"ab 1.0%+-*/()<>=!,@'（），×÷甲\n", "if(", "sum(", "members", "peers.", " in ", "@year("]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_no_text_does_more_than_give_issues_inside_itself(text):
    found = parse_formula(text, Place("f.yaml", line=1, column=1))
    assert (found.formula is None) == bool(found.issues)
    lines = text.split("\n")
    for issue in found.issues:
        assert 1 <= issue.place.line <= len(lines)
        assert 1 <= issue.place.column <= len(lines[issue.place.line - 1]) + 1
        assert issue.render()
