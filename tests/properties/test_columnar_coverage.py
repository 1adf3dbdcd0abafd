"""The random worlds of the columnar evaluator produce every function, reference, curve and policy of the language.

The closed sets are read from the types and tables of the program, so that what is added to the language is missed here until
`columnar_worlds` can produce it.
"""

import types
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Literal, Union, get_args, get_origin, get_type_hints

import pytest
from tests.properties.columnar_worlds import PERIODS, POSTED, GoingRound, book_by
from tests.unit.scoring.scoring_world import book_of

from perf.formulas import Formula
from perf.formulas.functions import FUNCTIONS, percentile_of
from perf.formulas.references import ReferenceKind
from perf.formulas.tree import Binary, Call, Group, Shift, Tree, Unary, walk
from perf.kernel.periods import parse_period
from perf.scoring.columnar.looking import formula_references
from perf.specs import curve_models, models
from perf.specs.ladder_models import LadderRows
from perf.specs.models import Curve, Indicator, IndicatorVersion, Measure, RuleBook, Scheme, SchemeVersion

BOOKS = 120
OPERATORS = ("+", "-", "*", "/", "==", "!=", "<", "<=", ">", ">=", "and", "or")
MONEY = {"Balance", "Paid"}
"""Names of the ledger: no indicator sees them."""
SCORING_CURVES = tuple(kind for kind in get_args(Curve) if kind is not LadderRows)
"""Ladders stand in distributions only, which columns never see."""
RULES = (
    Indicator,
    IndicatorVersion,
    Scheme,
    SchemeVersion,
    models.Measure,
    models.NoValue,
    models.Dimension,
    models.Veto,
)
RULES += (
    models.TotalRule,
    models.PeerRule,
    models.RankRule,
    models.GradeQuota,
    models.Extra,
    *SCORING_CURVES,
    curve_models.CurvePart,
)
PRINTED = {(Indicator, "confidence"), (Measure, "revenue")}
"""What is only printed, or checked."""
FIXED = {
    (Indicator, "level", "person"), (Indicator, "level", "city"), (Indicator, "level", "county"), (Indicator, "level", "department"),
    (Indicator, "level", "team"), (Scheme, "of_level", "person"), (Scheme, "of_level", "city"), (Scheme, "of_level", "county"),
    (Scheme, "of_level", "department"), (Scheme, "of_level", "team"), (Measure, "level", "city"), (Measure, "level", "county"),
    (Measure, "level", "consortium"), (Measure, "level", "department"), (Measure, "level", "team"),
    (models.PeerRule, "within", "city"), (models.PeerRule, "within", "institution"), (models.PeerRule, "within", "department"),
    (models.PeerRule, "within", "team"), (models.PeerRule, "within", "person"), (models.TotalRule, "minimum", None),
}  # fmt: skip
"""Levels are names of subjects: columns do not know them apart. No rule can write that a total has no least value."""


@cache
def produced() -> tuple[RuleBook, ...]:
    choose = GoingRound()
    random = [book_by(choose, parse_period(PERIODS[k % len(PERIODS)]), own=k % 2 == 0) for k in range(BOOKS)]
    return (*random, book_of(*POSTED))


def parts(value: object) -> Iterator[object]:
    """A value and all that is inside it."""
    yield value
    if isinstance(value, Mapping):
        inside = list(value.values())
    elif isinstance(value, tuple | list):
        inside = list(value)
    elif is_dataclass(value) and not isinstance(value, Formula):
        inside = [getattr(value, field.name) for field in fields(value)]
    else:
        return
    for one in inside:
        yield from parts(one)


@cache
def seen() -> tuple[frozenset[tuple[type, str, object]], tuple[Formula, ...]]:
    """(type, field, value) of every field that is chosen from a closed set, or of which there may be none; and all formulas."""
    found: set[tuple[type, str, object]] = set()
    formulas: dict[str, Formula] = {}
    for book in produced():
        scored = (book.indicators, book.schemes, book.measures)
        for one in (each for part in scored for each in parts(dict(part))):
            if isinstance(one, Formula):
                formulas[one.text] = one
            elif type(one) in RULES:
                found.update((type(one), field.name, _plain(getattr(one, field.name))) for field in fields(one))
    return frozenset(found), tuple(formulas.values())


def _plain(value: object) -> object:
    """The value itself where it is one of a closed set; of others only whether it is there."""
    if isinstance(value, str | bool | Enum | None):
        return value
    return "something" if not isinstance(value, tuple | Mapping) or len(value) else "nothing"


def closed(hint: object) -> frozenset[object]:
    """The values of a closed set; of `X | None` also None."""
    if get_origin(hint) is Literal:
        return frozenset(get_args(hint))
    if get_origin(hint) in (Union, types.UnionType):
        return frozenset().union(*map(closed, get_args(hint)))
    if hint is type(None):
        return frozenset({None})
    if hint is bool:
        return frozenset({True, False})
    return frozenset(hint) if isinstance(hint, type) and issubclass(hint, Enum) else frozenset()


def demanded() -> Iterator[tuple[type, str, object]]:
    for kind in RULES:
        hints = get_type_hints(kind)
        for field in fields(kind):
            if (kind, field.name) not in PRINTED:
                yield from ((kind, field.name, value) for value in closed(hints[field.name]))


@pytest.mark.parametrize("kind", RULES, ids=lambda kind: kind.__name__)
def test_every_choice_of_a_rule_is_produced(kind) -> None:
    lacking = {one for one in demanded() if one[0] is kind} - seen()[0] - FIXED
    assert sorted(f"{one.__name__}.{name} = {value}" for one, name, value in lacking) == []


def test_every_curve_is_produced_alone_and_some_with_thresholds_that_vary() -> None:
    held = Counter(type(v.points).__name__ for book in produced() for i in book.indicators.values() for v in i.versions)
    assert {kind.__name__ for kind in SCORING_CURVES} - set(held) == set()
    assert held["NoneType"] > 0


def test_every_function_operator_and_reference_is_produced() -> None:
    trees = [tree for formula in seen()[1] for tree, _ in walk(formula.tree)]
    called = {tree.function for tree in trees if isinstance(tree, Call)}
    assert set(FUNCTIONS) - called == set()
    assert any(percentile_of(function) for function in called)
    over_groups = {tree.function for tree in trees if isinstance(tree, Call) and isinstance(tree.args[0], Group)}
    assert {"sum", "mean", "count", "median", "min", "max", "geomean"} - over_groups == set()
    assert {kind.__name__ for kind in get_args(Tree)} - {type(tree).__name__ for tree in trees} == MONEY
    assert set(OPERATORS) - {tree.op for tree in trees if isinstance(tree, Binary)} == set()
    assert {"-", "+", "not"} - {tree.op for tree in trees if isinstance(tree, Unary)} == set()
    kinds = {one.kind for formula in seen()[1] for one in formula_references(formula)}
    assert set(get_args(ReferenceKind)) - kinds == {name.lower() for name in MONEY}


def test_every_reference_to_another_period_is_produced() -> None:
    shifts = [shift for formula in seen()[1] for tree, _ in walk(formula.tree) for shift in getattr(tree, "shifts", ())]
    assert set(get_args(get_type_hints(Shift)["kind"])) - {shift.kind for shift in shifts} == set()


def test_a_new_word_of_the_language_would_be_missed() -> None:
    """The sets are those of the types, and are not empty."""
    assert (models.NoValue, "missing", "carry_forward") in set(demanded())
    assert (models.TotalRule, "combine", "geometric") in set(demanded())
    assert len(list(demanded())) > 90
