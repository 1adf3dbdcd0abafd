"""Roster and facts → columns, for whom the figures in columns are to be had from facts one by one."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from perf.formulas.nodes import Absent, Node, Value
from perf.kernel.facts import Facts
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.scoring.columnar.above import cells_above
from perf.scoring.columnar.cells import Words
from perf.scoring.columnar.columns import Column, Columns, Numbers, Origin, Unfit
from perf.scoring.columnar.looking import looked_at
from perf.scoring.columnar.support import NotColumnar
from perf.scoring.peers import Field
from perf.scoring.scoring import known_total, score
from perf.specs.fitting import by_segment
from perf.specs.models import RuleBook, Scheme
from perf.specs.order import scheme_order
from perf.specs.world import World

_NO_TOTALS: Mapping[tuple[str, str, Period], Node] = {}


def columns_of(
    book: RuleBook,
    roster: Roster,
    facts: Facts,
    period: Period,
    scheme: str,
    *,
    totals: Mapping[tuple[str, str, Period], Node] = _NO_TOTALS,
) -> Columns:
    """The subjects of a scheme with all that its formulas look at, of themselves and of their peers, in any period.

    Args:
        book, roster, facts, period: As for `perf.scoring.score`.
        scheme: Code of the scheme.
        totals: (scheme, subject, period) -> total of other schemes that this one uses.
    Raises:
        NotColumnar: no version of the scheme is in force, or who is scored cannot be decided for somebody.
    """
    rule = book.schemes[scheme]
    version = rule.version(period)
    if version is None:
        raise NotColumnar(scheme)
    world = World(book, roster, facts, _with_needed(book, roster, facts, period, scheme, totals))
    field = Field(rule, world, roster, by_segment=scheme in by_segment(book, period, frozenset({scheme})))
    subjects = field.subjects(period)
    numbers = {group: place for place, group in enumerate(dict.fromkeys(field.groups(period).values()))}
    groups = np.array([numbers[field.peers(subject, period)] for subject in subjects], dtype=np.int64)
    measures: dict[tuple[str, Period], Column] = {}
    attributes: dict[str, Column] = {}
    for name, at in set(looked_at(book, version, period)):
        measure = world.measures.get(name)
        code = world.attribute_code(name)
        if measure is not None:
            if (measure.code, at) not in measures:
                column = _column([world.measured.value(subject, measure, at).value for subject in subjects])
                if column is not None:
                    measures[measure.code, at] = column
        elif code is not None and code not in attributes and at == period:
            column = _column(
                [world.attribute(subject, code, period, field.segment(subject, period)).value for subject in subjects]
            )
            if column is not None:
                attributes[code] = column
    above = cells_above(book, version, world, field, subjects, period)
    return Columns(subjects, period, measures, attributes, groups, above, Origin(world, field))


def _with_needed(
    book: RuleBook,
    roster: Roster,
    facts: Facts,
    period: Period,
    scheme: str,
    totals: Mapping[tuple[str, str, Period], Node],
) -> Mapping[tuple[str, str, Period], Node]:
    """The totals given, and those of the schemes that this one uses."""
    needed = [code for code in scheme_order(book, [scheme]) if code != scheme and _is_on(book.schemes[code], period)]
    if not needed:
        return totals
    cards = score(book, roster, facts, period, needed, totals=totals).cards
    return {**totals, **{(code, subject, period): known_total(card) for (code, subject), card in cards.items()}}


def _is_on(rule: Scheme, period: Period) -> bool:
    version = rule.version(period)
    return version is not None and rule.period == period.kind and rule.is_on(version)


def _column(values: list[Value]) -> Column | None:
    """A column of numbers or of words.

    None: nobody has one. What is absent for another reason than that nobody reported it, and numbers mixed with words, stay with the
    exact engine: the column says so.
    """
    present = [value for value in values if not isinstance(value, Absent)]
    if any(isinstance(value, Absent) and value.reason != "missing" for value in values):
        return Unfit()
    if not present:
        return None
    if all(isinstance(value, Fraction) for value in present):
        return Numbers.exactly([value if isinstance(value, Fraction) else None for value in values])
    if not all(isinstance(value, str) for value in present):
        return Unfit()
    words = tuple(sorted({value for value in present if isinstance(value, str)}))
    codes = {word: place for place, word in enumerate(words)}
    return Words(np.array([codes[v] if isinstance(v, str) else -1 for v in values], dtype=np.int32), words)
