"""The form of schemes: weights that add up, scales above zero, grades that exist, counterweights that stand beside."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from perf.kernel.figures import exact_text
from perf.kernel.issues import Issue
from perf.kernel.text import Text
from perf.specs.check_reach import awarded_short, limits_of, only_measure, reach_issues
from perf.specs.check_totals import is_scored
from perf.specs.check_wording import check_issue
from perf.specs.fields import close_match
from perf.specs.formulas_of import indicator_formulas
from perf.specs.models import Award, Dimension, RuleBook, Scheme, SchemeVersion
from perf.specs.use import measures_of

_HUNDRED = Fraction(100)


def check_scheme_form(book: RuleBook, scheme: Scheme) -> Iterator[Issue]:
    """Everything about one scheme but its names."""
    for version in scheme.versions:
        yield from _weights(scheme, version)
        for dimension in version.dimensions:
            yield from _dimension(dimension)
            yield from _awards(book, dimension)
        for extra in version.extra:
            if extra.out_of <= 0:
                what = Text(f"加分项 {extra.indicator}", f"extra {extra.indicator}")
                values = {"key": "out_of", "found": exact_text(extra.out_of)}
                yield check_issue("out-of-not-positive", extra.place, what=what, **values)
        yield from _twice(scheme, version)
        yield from _grades(version)
        yield from _quotas(version)
        yield from _by_post(book, scheme, version)
        yield from _counterweights(book, scheme, version)


def _weights(scheme: Scheme, version: SchemeVersion) -> Iterator[Issue]:
    total = sum((dimension.weight for dimension in version.dimensions), Fraction(0))
    if version.dimensions and total != _HUNDRED:
        yield check_issue(
            "weights-not-100",
            changes[-1].place if (changes := version.dated.changes) else version.dimensions[0].place,
            scheme=scheme.code,
            found=exact_text(total),
            parts=" + ".join(f"{d.code} {exact_text(d.weight)}" for d in version.dimensions),
            difference=exact_text(_HUNDRED - total),
        )


def _dimension(dimension: Dimension) -> Iterator[Issue]:
    what = Text(f"维度 {dimension.code}", f"dimension {dimension.code}")
    if dimension.weight <= 0:
        found = exact_text(dimension.weight)
        yield check_issue("out-of-not-positive", dimension.place, what=what, key="weight", found=found)
    if not dimension.items:
        yield check_issue("dimension-empty", dimension.place, dimension=dimension.code)
    elif dimension.at_least > len(dimension.items):
        values: dict[str, str | int] = {"at_least": dimension.at_least, "found": len(dimension.items)}
        yield check_issue("at-least-too-many", dimension.place, dimension=dimension.code, **values)
    for item in dimension.items:
        what = Text(f"指标 {item.indicator}", f"indicator {item.indicator}")
        for key, value in (("out_of", item.out_of), ("weight", item.weight)):
            if value <= 0 and (key == "out_of" or value != item.out_of):
                yield check_issue("out-of-not-positive", item.place, what=what, key=key, found=exact_text(value))
        if dimension.combine == "sum" and not item.by_out_of:
            yield check_issue("sum-needs-out-of", item.place, dimension=dimension.code, indicator=item.indicator)


def _awards(book: RuleBook, dimension: Dimension) -> Iterator[Issue]:
    """An award that ends below the item's points can never give them all."""
    for item in dimension.items:
        indicator = book.indicators.get(item.indicator)
        for version in indicator.versions if indicator else ():
            if not isinstance(version.points, Award):
                continue
            if version.points.cap < item.out_of:
                values = {"indicator": item.indicator, "cap": exact_text(version.points.cap)}
                yield check_issue("award-below-points", item.place, out_of=exact_text(item.out_of), **values)
            elif (measure := only_measure(book, version)) is not None:
                limits = limits_of(measure)
                yield from reach_issues(
                    item.indicator, measure, awarded_short(version.points, limits, item.out_of), item.place
                )


def _twice(scheme: Scheme, version: SchemeVersion) -> Iterator[Issue]:
    """An indicator in two places of a scheme would have two results under one name."""
    listed = [(item.indicator, item.place) for dimension in version.dimensions for item in dimension.items]
    listed += [(extra.indicator, extra.place) for extra in version.extra]
    counts = Counter(indicator for indicator, _ in listed)
    places = dict(listed)  # the last one
    for indicator, count in counts.items():
        if count > 1:
            yield check_issue("item-twice", places[indicator], indicator=indicator, scheme=scheme.code, count=count)


def _grades(version: SchemeVersion) -> Iterator[Issue]:
    names = [name for name, _ in version.grades]
    known = " ".join(names) or "grades: [[优秀, 90], …]"
    asked = [(veto.grade, veto.place) for veto in version.veto if veto.effect == "grade_at_most"]
    for quota in version.quota:
        asked += [(quota.grade, quota.place), (quota.falls_to, quota.place)]
    for grade, place in asked:
        if grade and grade not in names:
            yield check_issue("veto-grade-unknown", place, found=grade, known=known, hint=close_match(grade, names))


def _quotas(version: SchemeVersion) -> Iterator[Issue]:
    """Quotas that can always be met: whoever does not fit falls, and the lowest grade takes everybody."""
    names = [name for name, _ in version.grades]  # highest first
    for quota in version.quota:
        if quota.grade not in names:
            continue
        if quota.grade == names[-1]:
            yield check_issue("quota-of-lowest", quota.place, grade=quota.grade)
        elif quota.falls_to in names and names.index(quota.falls_to) <= names.index(quota.grade):
            lower = " ".join(names[names.index(quota.grade) + 1 :])
            values = {"grade": quota.grade, "falls_to": quota.falls_to, "lower": lower}
            yield check_issue("quota-falls-up", quota.place, **values, next=names[names.index(quota.grade) + 1])


def _by_post(book: RuleBook, scheme: Scheme, version: SchemeVersion) -> Iterator[Issue]:
    """Totals weighed by time in post: of other schemes, of the same level and period, none of them weighed itself."""
    place = version.dated.place
    for number, code in enumerate(version.by_post):
        part = book.schemes.get(code)
        if part is None:
            continue
        why = None
        if code in version.by_post[:number]:
            why = Text("列了两次", "is listed twice")
        elif part.period != scheme.period:
            why = Text(f"的期间是 {part.period},不是 {scheme.period}", f"is for a {part.period}, not a {scheme.period}")
        elif part.of_level != scheme.of_level:
            why = Text(f"考核的是 {part.of_level}", f"scores the level {part.of_level}")
        elif code != scheme.code and any(one.by_post for one in part.versions):
            why = Text("自己也按任职时间合成", "is weighed by post itself")
        if why is not None:
            values = {"scheme": scheme.code, "part": code, "level": scheme.of_level, "period": scheme.period}
            yield check_issue("by-post-scheme", place, why=why, **values)


def _counterweights(book: RuleBook, scheme: Scheme, version: SchemeVersion) -> Iterator[Issue]:
    """A measure with `counter_to` must stand beside the measures it names: those are its counterweights."""
    named = [item.indicator for dimension in version.dimensions for item in dimension.items]
    named += [extra.indicator for extra in version.extra]
    scored = [book.indicators[code] for code in named if code in book.indicators and is_scored(book, code)]
    used = measures_of(book, *(formula for indicator in scored for formula in indicator_formulas(indicator)))
    for code in sorted(used):
        for counter in book.measures[code].counter_to:
            if counter not in used:
                values = {"scheme": scheme.code, "measure": code, "counter": counter}
                yield check_issue("counter-missing", version.dated.place, **values)
