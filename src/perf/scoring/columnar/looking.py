"""What the formulas of a scheme look at, of the subject itself and of its peers, and in which periods."""

from collections.abc import Iterator

from perf.formulas import Formula, Reference, references
from perf.formulas.tree import Quantity, walk
from perf.kernel.periods import Period, PeriodKind
from perf.scoring.policies import CARRY_BACK_MONTHS
from perf.specs.formulas_of import attributes_of, named_curve_formulas, version_formulas
from perf.specs.models import Indicator, IndicatorVersion, Percentile, Rank, RuleBook, SchemeVersion, Standardise

ELSEWHERE = frozenset({"score", "member", "parent", "item", "balance", "paid"})
"""Kinds of references to what the columns of the subjects do not hold."""
_AMONG_PEERS = (Percentile, Rank, Standardise)
_PERIODS_MAX = 200
"""A value that is made of its own earlier values reaches back without end."""
Asked = tuple[Reference, Period]


def looked_at(book: RuleBook, version: SchemeVersion, period: Period) -> Iterator[tuple[str, Period]]:
    """Names of the subject and of its peers, each with a period in which it is asked for."""
    for veto in version.veto:
        yield from _names((reference, period) for reference in formula_references(veto.when))
    for code in codes_of(version):
        indicator = book.indicators.get(code)
        if indicator is not None:
            yield from looked_at_by(indicator, period)


def looked_at_by(indicator: Indicator, period: Period) -> Iterator[tuple[str, Period]]:
    """The same of one indicator."""
    return _names(asked_by(indicator, period))


def codes_of(version: SchemeVersion) -> tuple[str, ...]:
    """The indicators of a scheme, extras last."""
    items = [item.indicator for dimension in version.dimensions for item in dimension.items]
    return (*items, *(extra.indicator for extra in version.extra))


def asked_by(indicator: Indicator, period: Period) -> Iterator[Asked]:
    """Everything that an indicator refers to, with the period from which its shift counts.

    These are the formulas of the version in force, switched on or not in earlier periods: those of other periods where it asks
    for its own value there (`value@last_year`), those in work where none was in force then; all of the twelve months before
    where points are carried forward.
    """
    now = indicator.version(period)
    if now is None or not indicator.is_on(now):
        return
    waiting, known = [(period, now, True)], set[tuple[Period, int, bool]]()
    for at, version, earns in waiting:  # and those that are added to them: nearest first
        if (at, id(version), earns) in known or len(known) == _PERIODS_MAX:
            continue
        known.add((at, id(version), earns))
        if earns and at == period and carries_forward(version):
            for back in range(1, CARRY_BACK_MONTHS // len(period.months()) + 1):
                then = indicator.version(earlier := period.shift(-back))
                waiting += [(earlier, then, True)] if then is not None else []
        for reference in _of_version(version, earns=earns):
            yield reference, at
            if reference.name == "value":
                waiting += [(one, indicator.version(one) or version, False) for one in periods_at(at, reference.shift)]


def carries_forward(version: IndicatorVersion) -> bool:
    """Whether points of earlier periods may stand in."""
    return "carry_forward" in (version.no_value.missing, version.no_value.denominator_zero)


def asks_earlier_peers(indicator: Indicator, period: Period) -> bool:
    """Whether points are carried forward that were earned among the peers of then."""
    version = indicator.version(period)
    if version is None or not carries_forward(version):
        return False
    return any(isinstance(one.points, _AMONG_PEERS) for one in indicator.versions) or any(
        reference.kind == "peer" for reference, _ in asked_by(indicator, period)
    )


def formula_references(formula: Formula) -> frozenset[Reference]:
    """What a formula refers to; a quantity also as what it is: an item."""
    quantities = {Reference("item", tree.measure) for tree, _ in walk(formula.tree) if isinstance(tree, Quantity)}
    return references(formula) | quantities


def periods_at(period: Period, shift: str) -> tuple[Period, ...]:
    """The periods that a reference looks at; from the start of the year on also the longer ones, as a measure may be reported by them."""
    to_date = False
    for one in shift.split("@") if shift else ():
        if one == "last_year":
            period = period.last_year()
        elif one == "previous":
            period = period.previous()
        elif one == "year_to_date":
            to_date = True
        else:
            period = period.within("year").shift(int(one[5:-1]))
    if not to_date:
        return (period,)
    kinds: tuple[PeriodKind, ...] = ("month", "quarter", "year")
    longer = kinds[kinds.index(period.kind) :]
    return tuple(part for kind in longer for part in period.within(kind).year_to_date())


def _of_version(version: IndicatorVersion, *, earns: bool) -> Iterator[Reference]:
    """References of the formulas of the value; of the points too, where it `earns` some."""
    curves = [named.curve for named in version.curves.values()]
    for curve in (*curves, version.points) if earns else curves:
        yield from (Reference("name", name) for name in attributes_of(curve))
    if earns:
        formulas = [*version_formulas(version)]
    else:
        formulas = [version.value, *(formula for formula, _ in named_curve_formulas(version.curves))]
        formulas += [version.requires] if version.requires is not None else []
    for formula in formulas:
        yield from formula_references(formula)


def _names(asked: Iterator[Asked]) -> Iterator[tuple[str, Period]]:
    for reference, at in asked:
        if reference.kind in ("name", "peer"):
            yield from ((reference.name, one) for one in periods_at(at, reference.shift))
