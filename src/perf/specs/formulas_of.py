"""Every formula of a rule, so that no check forgets one."""

from collections.abc import Iterator, Mapping

from perf.formulas import Formula
from perf.specs.ladder_models import Ladder
from perf.specs.models import (
    Apportion,
    Attainment,
    BestOf,
    Curve,
    Distribution,
    Efficacy,
    Gate,
    GradedEfficacy,
    Hold,
    Indicator,
    IndicatorVersion,
    Linear,
    NamedCurve,
    Pay,
    Power,
    Range,
    Split,
    Step,
    Steps,
    Take,
    Transfer,
)
from perf.specs.money_models import Entered
from perf.specs.reserve_models import Release, Schedule


def named_curve_formulas(curves: Mapping[str, NamedCurve]) -> Iterator[tuple[Formula, str]]:
    """The thresholds of named curves, with the unit they must give."""
    for curve in curves.values():
        yield from typed_formulas(curve.curve, curve.of)


def curve_formulas(curve: Curve | None) -> Iterator[Formula]:
    """Every formula of a curve: thresholds, targets, standards, values of parts."""
    return (formula for formula, _ in typed_formulas(curve, ""))


def typed_formulas(curve: Curve | None, unit: str) -> Iterator[tuple[Formula, str]]:
    """Every formula of a curve whose values are in `unit`, with the unit it must give."""
    for formula in _thresholds(curve):
        yield formula, unit
    if isinstance(curve, BestOf):
        for part in curve.parts:
            if part.value is not None:
                yield part.value, part.unit
            yield from typed_formulas(part.curve, unit if part.value is None else part.unit)


def attributes_of(curve: Curve | None) -> Iterator[str]:
    """The text attributes that a curve asks for."""
    if isinstance(curve, GradedEfficacy) and curve.by:
        yield curve.by
    if isinstance(curve, BestOf):
        for part in curve.parts:
            yield from attributes_of(part.curve)


def _thresholds(curve: Curve | None) -> Iterator[Formula]:
    match curve:
        case Linear():
            yield from (x for x, _ in curve.through)
        case Steps():
            yield from (x for x, _ in curve.at)
        case Range():
            yield from (end for end in (*curve.zero, *curve.best) if end is not None)
        case Attainment():
            yield curve.target
        case Power():
            yield curve.origin
        case Efficacy():
            yield from (curve.unallowed, curve.satisfactory)
        case GradedEfficacy():
            for row in curve.standards.values():
                yield from row
        case _:
            return


def version_formulas(version: IndicatorVersion) -> Iterator[Formula]:
    """The formulas of one version of an indicator."""
    yield version.value
    if version.requires is not None:
        yield version.requires
    yield from curve_formulas(version.points)
    yield from (formula for formula, _ in named_curve_formulas(version.curves))


def indicator_formulas(indicator: Indicator) -> Iterator[Formula]:
    """The formulas of all versions of an indicator."""
    for version in indicator.versions:
        yield from version_formulas(version)


def step_formulas(step: Step) -> Iterator[Formula]:
    """The formulas of one step, those of its inner steps included."""
    given: tuple[Formula | None, ...] = ()
    match step:
        case Take():
            given = (step.amount,)
        case Pay():
            given = (step.amount, step.where, step.at_most)
        case Gate():
            given = (step.when,)
        case Apportion():
            derived = (formula for row in step.derived for formula in (row.where, row.by))
            given = (step.by, step.amount, step.floor, step.cap, *derived)
        case Ladder():
            given = (step.of, step.amount)
        case Entered():
            own = () if step.own is None else (step.own.where, step.own.gets)
            given = (step.entry, step.floor, step.cap, step.expected, *own)
        case Schedule():
            given = (step.amount,)
        case Hold() | Release():
            given = (step.share, step.where)
        case Transfer():
            given = step.formulas
        case Split():
            for inner in step.steps:
                yield from step_formulas(inner)
        case _:
            pass
    yield from (formula for formula in given if formula is not None)


def walk_steps(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Every step, those inside splits included, in the order of the file."""
    for step in steps:
        yield step
        if isinstance(step, Split):
            yield from walk_steps(step.steps)


def distribution_formulas(rule: Distribution) -> Iterator[Formula]:
    """The formulas of all versions of a distribution."""
    if rule.among_where is not None:
        yield rule.among_where
    for version in rule.versions:
        yield version.fund
        for name in version.named:
            yield from version.formulas_of(name)
        yield from (formula for formula, _ in named_curve_formulas(version.curves))
        for step in version.steps:
            yield from step_formulas(step)
