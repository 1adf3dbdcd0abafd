"""Roster and facts → columns, for whom the figures in columns are to be had from facts one by one."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

import numpy as np

from perf.formulas import Formula, Reference, references
from perf.formulas.nodes import Absent, Node, Value
from perf.kernel.facts import Facts
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster
from perf.scoring.columnar.cells import Words
from perf.scoring.columnar.columns import Column, Columns, Numbers, Origin, Unfit
from perf.scoring.columnar.support import NotColumnar
from perf.scoring.peers import Field
from perf.scoring.scoring import known_total, score
from perf.specs.fitting import by_segment
from perf.specs.formulas_of import version_formulas
from perf.specs.models import RuleBook, Scheme, SchemeVersion
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
    """The subjects of a scheme with all that its formulas look at.

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
    for reference in set(looked_at(book, version, period)):
        measure = world.measures.get(reference.name)
        code = world.attribute_code(reference.name)
        if measure is not None:
            at = shifted(period, reference.shift)
            if at is not None and (measure.code, at) not in measures:
                values = [world.measured.value(subject, measure, at).value for subject in subjects]
                column = _column(values)
                if column is not None:
                    measures[measure.code, at] = column
        elif code is not None and code not in attributes:
            column = _column(
                [world.attribute(subject, code, period, field.segment(subject, period)).value for subject in subjects]
            )
            if column is not None:
                attributes[code] = column
    return Columns(subjects, period, measures, attributes, groups, Origin(world, field))


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


def looked_at(book: RuleBook, version: SchemeVersion, period: Period) -> Iterable[Reference]:
    """What the formulas of the subject itself refer to by name."""
    formulas: list[Formula] = [veto.when for veto in version.veto]
    codes = [item.indicator for dimension in version.dimensions for item in dimension.items]
    for code in (*codes, *(extra.indicator for extra in version.extra)):
        indicator = book.indicators.get(code)
        own = indicator.version(period) if indicator is not None else None
        formulas += version_formulas(own) if own is not None else []
    return (reference for formula in formulas for reference in references(formula) if reference.kind == "name")


def shifted(period: Period, shift: str) -> Period | None:
    """The period of a reference; None: one that columns do not hold."""
    for one in shift.split("@") if shift else ():
        if one == "last_year":
            period = period.last_year()
        elif one == "previous":
            period = period.previous()
        elif one.startswith("year("):
            period = period.within("year").shift(int(one[5:-1]))
        else:
            return None
    return period


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
