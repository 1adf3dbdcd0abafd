"""What totals can come to: a grade for every total, grades within reach, no points that nobody can ever earn."""

from collections.abc import Iterator
from fractions import Fraction

from perf.formulas import constant
from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue
from perf.specs.check_wording import check_issue
from perf.specs.models import (
    Attainment,
    BestOf,
    Curve,
    Dimension,
    Efficacy,
    Indicator,
    Linear,
    Power,
    Range,
    RuleBook,
    Scheme,
    SchemeItem,
    SchemeVersion,
)

_FULL = Fraction(100)
_ZERO = Fraction(0)


def check_totals(book: RuleBook, scheme: Scheme) -> Iterator[Issue]:
    """Grades and coefficients against the totals there can be, and weights that are always lost, of every version."""
    for version in scheme.versions:
        yield from _lowest_grade(version)
        yield from _grades_in_reach(book, scheme, version)
        yield from _coefficient(scheme, version)
        yield from _lost(book, scheme, version)


def is_scored(book: RuleBook, code: str) -> bool:
    """Whether an indicator earns points in any of its versions; one that the book does not know is taken to."""
    indicator = book.indicators.get(code)
    return indicator is None or any(_earns(indicator, n) for n in range(len(indicator.versions)))


def _earns(indicator: Indicator, number: int) -> bool:
    version = indicator.versions[number]
    is_shown = version.points is None or (indicator.direction == "monitored" and not isinstance(version.points, Range))
    return indicator.is_on(version) and not is_shown


def _is_off(book: RuleBook, item: SchemeItem) -> bool:
    indicator = book.indicators.get(item.indicator)
    return indicator is not None and not any(indicator.is_on(version) for version in indicator.versions)


# ---------------------------------------------------------------- grades


def _lowest_grade(version: SchemeVersion) -> Iterator[Issue]:
    """A total below the start of the lowest grade has none."""
    if not version.grades:
        return
    start = min(start for _, start in version.grades)
    least = version.total.minimum or _ZERO
    if any(veto.effect == "zero_total" for veto in version.veto):
        least = min(least, _ZERO)
    if least < start:
        values = {"start": exact_text(start), "least": exact_text(least)}
        yield check_issue("grade-none-below", version.dated.place, **values)


def _grades_in_reach(book: RuleBook, scheme: Scheme, version: SchemeVersion) -> Iterator[Issue]:
    """A grade that starts above every total."""
    most = _most(book, version)
    if most is None:
        return
    for grade, start in version.grades:
        if start > most:
            values = {"scheme": scheme.code, "grade": grade, "start": exact_text(start), "most": exact_text(most)}
            yield check_issue("grade-out-of-reach", version.dated.place, **values)


def _most(book: RuleBook, version: SchemeVersion) -> Fraction | None:
    """The greatest total; None where nothing bounds it."""
    bound = version.total.maximum
    caps = [extra.cap for extra in version.extra]
    known = [cap for cap in caps if cap is not None]
    extra = sum(known, _ZERO) if len(known) == len(caps) else None
    if version.extra_cap is not None:
        extra = version.extra_cap if extra is None else min(extra, version.extra_cap)
    if extra is None or version.by_post or any(_goes_beyond(curve) for curve in _curves(book, version)):
        return bound
    most = _FULL + extra
    return most if bound is None else min(most, bound)


def _curves(book: RuleBook, version: SchemeVersion) -> Iterator[Curve]:
    """The curves of all that is scored in the dimensions; of each part where the best one counts."""
    for dimension in version.dimensions:
        for item in dimension.items:
            indicator = book.indicators.get(item.indicator)
            for one in indicator.versions if indicator is not None else ():
                if isinstance(one.points, BestOf):
                    yield from (part.curve for part in one.points.parts)
                elif one.points is not None:
                    yield one.points


def _goes_beyond(curve: Curve) -> bool:
    """Whether a curve may give more than full points."""
    match curve:
        case Linear() | Efficacy():
            return curve.outside == "extend"
        case Attainment():
            return curve.cap > 1
        case Power():
            return curve.cap is None or curve.cap > _FULL
        case _:
            return False


def _coefficient(scheme: Scheme, version: SchemeVersion) -> Iterator[Issue]:
    """A straight line that goes on beyond its points must not fall below 0 within the totals there can be."""
    curve = version.coefficient
    if not isinstance(curve, Linear) or curve.outside != "extend":
        return
    rows = [(x, y) for formula, y in curve.through if (x := constant(formula)) is not None]
    if len(rows) < len(curve.through):
        return
    least, most = version.total.minimum or _ZERO, version.total.maximum or _FULL
    for total, (x0, y0), (x1, y1) in ((least, rows[0], rows[1]), (most, rows[-1], rows[-2])):
        is_beyond = total < x0 < x1 or total > x0 > x1
        found = y0 + (total - x0) * (y1 - y0) / (x1 - x0) if is_beyond else y0
        if found < 0:
            values = {"total": exact_text(total), "found": exact_text(found)}
            yield check_issue("coefficient-negative", version.dated.place, scheme=scheme.code, **values)


# ---------------------------------------------------------------- weights


def _lost(book: RuleBook, scheme: Scheme, version: SchemeVersion) -> Iterator[Issue]:
    """Points of the total that nobody can earn, because what they hang on is switched off and shared with no other."""
    lost = _ZERO
    causes: list[str] = []
    for dimension in version.dimensions:
        own = _lost_in(book, version, dimension)
        if own > 0:
            lost += own
            off = [item.indicator for item in dimension.items if _is_off(book, item)]
            causes.append(
                f"{dimension.code} {exact_text(own)}({' '.join(off)})" if off else f"{dimension.code} {exact_text(own)}"
            )
    if lost > 0:
        values = {
            "scheme": scheme.code,
            "found": exact_text(lost),
            "parts": "、".join(causes),
            "most": exact_text(_FULL - lost),
        }
        yield check_issue("weights-lost", version.dated.place, **values)


def _lost_in(book: RuleBook, version: SchemeVersion, dimension: Dimension) -> Fraction:
    """What of a dimension's weight is lost for everybody."""
    on = [item for item in dimension.items if is_scored(book, item.indicator)]
    off = [item for item in dimension.items if _is_off(book, item)]
    if len(on) < max(dimension.at_least, 1):
        return dimension.weight if version.missing_dimension == "lost" else _ZERO
    stays = dimension.combine == "sum" or (version.missing_weight == "none" and dimension.combine == "weighted_mean")
    gone, kept = (sum((item.weight for item in items), _ZERO) for items in (off, on))
    return dimension.weight * gone / (gone + kept) if stays and gone > 0 else _ZERO
