"""The random worlds produce every step, every choice and every document of money of the language, and reach it with money.

The closed sets are read from the types of the program, so that what is added to the language is missed here until
`distribution_rules` can produce it.
"""

import types
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from random import Random
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from tests.properties.distribution_worlds import KINDS, World, world_by

from perf.distribution import Ledger
from perf.distribution.accounts import KINDS as ACCOUNT_KINDS
from perf.distribution.adjustments import WORDS, AdjustmentKind
from perf.distribution.corrections import COLLECTED, OWED
from perf.distribution.differences import BORNE
from perf.formulas import Formula
from perf.kernel.issues import Place
from perf.kernel.periods import Period
from perf.kernel.subjects import Level
from perf.kernel.text import Text
from perf.specs.adjustment_models import AdjustmentRule
from perf.specs.correction_models import CorrectionRule
from perf.specs.dated_models import Dated, DatedValue, Source
from perf.specs.ladder_models import LadderRow
from perf.specs.models import Account, Distribution
from perf.specs.money_models import Step
from perf.specs.payroll_models import Payroll
from perf.specs.transfer_models import Transfer

WORLDS = 400
ROOTS = (Distribution, Account, AdjustmentRule, CorrectionRule, Payroll)
"""Documents of money; what they hold is found by the types of their fields."""
OF_OTHERS = (Formula, Place, Period, Text, Dated, DatedValue, Source)
"""Of all rules alike, and tested with them."""
NOT_OF_MONEY = "NamedCurve"
"""Curves of any kind stand in `curves:`; `test_columnar_coverage` goes through them."""


@cache
def produced() -> tuple[World, ...]:
    """Worlds of a seed that never changes."""
    found = []
    for seed in range(WORLDS):
        chance = Random(seed)  # noqa: S311 - no secret
        found.append(world_by(lambda _label, texts, c=chance: c.choice(texts), chance.randint, months=seed % 2 == 0))
    return tuple(found)


@cache
def ledgers() -> tuple[Ledger, ...]:
    """What the worlds give: all of the month, or the distribution by steps alone."""
    return tuple(one.whole() if n % 2 == 0 else one.run() for n, one in enumerate(produced()))


def inner_types(hint: Any) -> Iterator[type]:
    """The data classes that a hint names, however deep."""
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
    for one in get_args(hint):
        yield from inner_types(one)


@cache
def kinds() -> tuple[type, ...]:
    """Every class of the models of money."""
    found: list[type] = []
    waiting: list[type] = list(ROOTS)
    while waiting:
        kind = waiting.pop()
        if kind in found or kind in OF_OTHERS or kind.__name__ == NOT_OF_MONEY:
            continue
        found.append(kind)
        for hint in get_type_hints(kind).values():
            waiting.extend(inner_types(hint))
    return tuple(sorted(found, key=lambda kind: kind.__name__))


def parts(value: Any) -> Iterator[Any]:
    """A value and all that is inside it."""
    yield value
    if isinstance(value, Mapping):
        inside = list(value.values())
    elif isinstance(value, tuple | list):
        inside = list(value)
    elif is_dataclass(value) and not isinstance(value, OF_OTHERS):
        inside = [getattr(value, field.name) for field in fields(value)]
    else:
        return
    for one in inside:
        yield from parts(one)


def closed(hint: Any) -> frozenset[Any]:
    """The values of a closed set; of what may be empty, whether it is."""
    if get_origin(hint) is Literal:
        return frozenset(get_args(hint))
    if get_origin(hint) in (Union, types.UnionType):
        return frozenset().union(*(closed(one) or {"something"} for one in get_args(hint)))
    if hint is type(None):
        return frozenset({None})
    if hint is bool:
        return frozenset({True, False})
    if isinstance(hint, type) and issubclass(hint, Enum):
        return frozenset(hint)
    origin = get_origin(hint) or hint
    if isinstance(origin, type) and issubclass(origin, str | tuple | Mapping | frozenset):
        return frozenset({"something", "nothing"})
    return frozenset()


def plain(value: Any, hint: Any) -> Any:
    """The value itself where it is one of a closed set; of others whether there is anything."""
    known = closed(hint)
    if value in known and value not in ("something", "nothing") if isinstance(value, str | bool | None) else False:
        return value
    if isinstance(value, Enum):
        return value
    return "something" if not isinstance(value, str | tuple | Mapping | frozenset) or len(value) else "nothing"


@cache
def seen() -> frozenset[tuple[type, str, Any]]:
    """(type, field, value) of every field of every model in the worlds."""
    found: set[tuple[type, str, Any]] = set()
    hints = {kind: get_type_hints(kind) for kind in kinds()}
    for world in produced():
        book = world.book
        for documents in (book.distributions, book.accounts, book.adjustments, book.corrections, book.payrolls):
            for one in parts(dict(documents)):
                if type(one) in hints:
                    kind = type(one)
                    found.update((kind, f.name, plain(getattr(one, f.name), hints[kind][f.name])) for f in fields(kind))
    return frozenset(found)


NEVER_EMPTY = {
    "code", "title", "versions", "steps", "name", "line", "items", "account", "by", "shares", "rows", "parts", "source",
    "lines", "kinds", "reserve_line", "parameters", "tables", "curves", "titles", "bands", "let", "each",
}  # fmt: skip
"""What every rule must name, or of what only the place of use matters."""
CANNOT_BE = {("Take", "to", "nothing"), ("Remainder", "to", "nothing"), ("Gate", "to", "nothing")}
"""Steps that need their account."""


def demanded(kind: type) -> Iterator[tuple[type, str, Any]]:
    """What of a class must be produced: every value of a closed set, and the empty and the filled of the others."""
    for name, hint in get_type_hints(kind).items():
        for value in closed(hint):
            is_needed = value == "nothing" and name in NEVER_EMPTY
            if not is_needed and (kind.__name__, name, value) not in CANNOT_BE:
                yield kind, name, value


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_choice_of_a_rule_for_money_is_produced(kind) -> None:
    lacking = set(demanded(kind)) - seen()
    assert sorted(f"{one.__name__}.{name} = {value}" for one, name, value in lacking) == []


def test_a_new_step_or_document_would_be_missed() -> None:
    assert set(get_args(Step)) <= set(kinds())
    assert {LadderRow, Transfer} <= set(kinds())
    assert (Transfer, "on_difference", "refuse") in set(demanded(Transfer))
    assert sum(len(list(demanded(kind))) for kind in kinds()) > 200
    assert set(get_args(Level)) == {world.book.accounts["other"].of for world in produced()}


@pytest.mark.parametrize("step", get_args(Step), ids=lambda step: step.__name__)
def test_every_step_is_reached_with_money(step) -> None:
    """By at least three worlds; a gate moves nothing, its claimants are booked with nothing."""
    name = step.__name__.lower()
    if name == "gate":
        found = [ledger for ledger in ledgers() if any(entry.status == "gated" for entry in ledger.entries)]
    else:
        found = [
            ledger
            for ledger in ledgers()
            if any(e.amount.fen and part[2:] == f"-{name}" for e in ledger.entries for part in e.step.split("/"))
        ]
    assert len(found) >= 3


def test_every_kind_of_account_status_and_line_is_reached_with_money() -> None:
    entries = [entry for ledger in ledgers() for entry in ledger.entries if entry.amount]
    reached = {account.partition(":")[0] for entry in entries for account in (entry.source, entry.target)}
    assert reached == set(ACCOUNT_KINDS)
    assert {entry.status for entry in entries} == {"paid", "quota", "held", "lost", "owed", "returned", "written_off"}
    every = {entry.status for ledger in ledgers() for entry in ledger.entries}
    assert {"forfeited", "gated", "missing"} <= every
    lines = {entry.line for entry in entries if entry.distribution == "correction"}
    assert {OWED, COLLECTED, BORNE} <= lines


def test_every_adjustment_is_booked_and_refused() -> None:
    assert set(KINDS) == set(get_args(AdjustmentKind))
    booked = {
        entry.explanation.zh.partition(":")[0]
        for ledger in ledgers()
        for entry in ledger.entries
        if entry.distribution == "adjustment"
    }
    assert {WORDS[kind].zh for kind in get_args(AdjustmentKind)} - booked == set()


def test_payroll_is_reached_with_every_line_and_status() -> None:
    people = [
        one
        for world, ledger in zip(produced()[::2], ledgers()[::2], strict=True)
        for one in world.payroll(ledger).people
    ]
    assert {one.status for one in people} == {"net", "gross_only", "not_computed"}
    kinds_of_lines = {line.kind for one in people for line in one.lines}
    assert {"pay", "income", "tax_free", "contribution", "tax", "after_tax"} <= kinds_of_lines
