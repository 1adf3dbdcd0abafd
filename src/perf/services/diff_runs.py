"""`show --diff`: what two runs differ in, figures and inputs, by subject."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from perf.appraisal.rule_effects import PayChange, moved, pay_changes
from perf.kernel.facts import FactSource
from perf.services.actors import Actor
from perf.services.load_run import required_run
from perf.storage import results, runs
from perf.storage.canonical import canonical_json
from perf.storage.pin_lines import text_lines
from perf.storage.results import ScoreFigures
from perf.storage.runs import Pin, Run
from perf.storage.store import Connection, Store

Pins = dict[tuple[str, str], Pin]


@dataclass(frozen=True, slots=True)
class TotalChange:
    """A total that is another; None where there is no card or no total."""

    scheme: str
    subject: str
    old: Fraction | None
    new: Fraction | None


@dataclass(frozen=True, slots=True)
class FactChange:
    """An input that is another; None where one of the runs has none. Values are exact text, with the cells they stand in."""

    subject: str
    measure: str
    period: str
    item: str
    counterparty: str
    old: str | None
    new: str | None
    old_cell: str = ""
    new_cell: str = ""


@dataclass(frozen=True, slots=True)
class RunDiff:
    """What two runs differ in; all empty for two runs of the same figures."""

    old: Run
    new: Run
    totals: tuple[TotalChange, ...]
    pay: tuple[PayChange, ...]
    facts: tuple[FactChange, ...]
    roster: tuple[str, ...]
    rules: tuple[str, ...]
    adjustments: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.totals or self.pay or self.facts or self.roster or self.rules or self.adjustments)


def diff_runs(store: Store, *, old: str, new: str, actor: Actor) -> RunDiff:
    """Compare two runs: totals, pay, and the facts, roster segments and rule files they were computed from.

    Raises:
        NotFound: one of them is not there, or out of scope.
    """
    with store.read() as connection:
        first, second = required_run(connection, actor, old), required_run(connection, actor, new)
        before, after = pins_by_name(connection, actor, old), pins_by_name(connection, actor, new)
        return RunDiff(
            first,
            second,
            tuple(_total_changes(_totals(connection, actor, old), _totals(connection, actor, new))),
            tuple(pay_changes(_moved(connection, actor, old), _moved(connection, actor, new))),
            tuple(fact_changes(before, after)),
            _roster_changes(before, after),
            _rule_changes(before, after),
            _adjustment_changes(before, after),
        )


def pins_by_name(connection: Connection, actor: Actor, run: str) -> Pins:
    """The pinned inputs of a run by kind and name."""
    return {(pin.kind, pin.name): pin for pin in runs.pins_of(connection, actor.viewer, run)}


def _rule_changes(before: Pins, after: Pins) -> tuple[str, ...]:
    """Names of the rule files that differ."""
    one, other = ({(n, p.digest) for (kind, n), p in pins.items() if kind == "rule"} for pins in (before, after))
    return tuple(sorted({name for name, _digest in one ^ other}))


def _adjustment_changes(before: Pins, after: Pins) -> tuple[str, ...]:
    """Numbers of the adjustments that only one of the runs was computed with."""
    pins = (one.get(("adjustment", "adjustment")) for one in (before, after))
    old, new = (dict.fromkeys(canonical_json(row) for row in text_lines(pin.text or "")) if pin else {} for pin in pins)
    lines = (json.loads(row) for row in old.keys() ^ new.keys())
    return tuple(sorted({f"{line[0]}/A{line[1]} {line[3]}" for line in lines}))


def _totals(connection: Connection, actor: Actor, run: str) -> dict[tuple[str, str], ScoreFigures]:
    rows = map(results.score_figures, results.stored_scores(connection, actor.viewer, run))
    return {(row.scheme, row.subject): row for row in rows if row.type == "total"}


def _total_changes(
    before: dict[tuple[str, str], ScoreFigures], after: dict[tuple[str, str], ScoreFigures]
) -> Iterable[TotalChange]:
    for key in sorted(before.keys() | after.keys()):
        one, other = before.get(key), after.get(key)
        old, new = (None if one is None else one.score), (None if other is None else other.score)
        if old != new or (one is None) != (other is None):
            yield TotalChange(*key, old, new)


def _moved(connection: Connection, actor: Actor, run: str) -> Counter[str]:
    return moved(map(results.entry_figures, results.stored_entries(connection, actor.viewer, run)))


def fact_changes(before: Pins, after: Pins) -> Iterable[FactChange]:
    """The facts whose values differ, by key."""
    old, new = _fact_values(before), _fact_values(after)
    for key in sorted(old.keys() | new.keys()):
        one, other = old.get(key, (None, "")), new.get(key, (None, ""))
        if one[0] != other[0]:
            yield FactChange(*key, one[0], other[0], one[1], other[1])


def _fact_values(pins: Pins) -> dict[tuple[str, str, str, str, str], tuple[str, str]]:
    lines = text_lines(pins[("facts", "facts")].text or "")
    return {(line[2], line[3], line[4], line[5], line[6]): (line[7], str(FactSource(*line[9:]))) for line in lines}


def _roster_changes(before: Pins, after: Pins) -> tuple[str, ...]:
    """Subjects with other segments."""
    old, new = _segments(before), _segments(after)
    return tuple(sorted({subject for subject, _line in old ^ new}))


def _segments(pins: Pins) -> set[tuple[str, str]]:
    lines = text_lines(pins[("roster", "roster")].text or "")
    return {(line[2], canonical_json(line[2:])) for line in lines}
