"""What months of results say about rules: points that tell nobody from anybody, indicators that never apply, data nobody sends."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

from perf.appraisal.figure_text import in_full
from perf.formulas import references
from perf.kernel.issues import Issue, by_place
from perf.kernel.periods import Period, PeriodKind
from perf.kernel.text import Text
from perf.specs.formulas_of import version_formulas
from perf.specs.models import Indicator, IndicatorVersion, Measure, RuleBook
from perf.specs.order import schemes_needed
from perf.specs.use import titles

_MONTHS: Final[Mapping[PeriodKind, int]] = {"month": 1, "quarter": 3, "year": 12}
_COUNTED: Final = frozenset({"scored", "filled"})
_WHY: Final = {
    "not_applicable": Text("不适用", "not applicable"),
    "missing": Text("缺数据", "no data"),
    "blocked": Text("缺数据,阻断", "blocked"),
    "failed": Text("算不出", "cannot be computed"),
}
_LISTED_MAX: Final = 6


class PointsSeen(NamedTuple):
    """How many subjects got the same: `points` None where there are none (also of indicators that are only shown)."""

    scheme: str
    indicator: str
    period: Period
    points: Fraction | None
    status: str
    subjects: int


@dataclass(frozen=True, slots=True)
class Practice:
    """What was judged. `judged`: kind of period -> the newest periods with results; empty where there are too few."""

    issues: tuple[Issue, ...]
    judged: Mapping[PeriodKind, tuple[Period, ...]]


def practice_of(
    book: RuleBook, seen: Iterable[PointsSeen], supplied: Iterable[tuple[str, Period]], *, months: int
) -> Practice:
    """Judge the rules in use by the newest `months` months with results.

    Quarters and years count as the months they hold: of three months the newest quarter and the newest year are judged.

    Args:
        book: Rules as they are now; what they no longer use is not judged.
        seen: Results of every period there is.
        supplied: (measure, period) that somebody reported a fact for.
        months: At least 1.
    """
    rows = list(seen)
    judged = {kind: newest_periods({row.period for row in rows}, kind, months) for kind in _MONTHS}
    found: dict[tuple[str, str], dict[Period, list[PointsSeen]]] = {}
    for row in rows:
        found.setdefault((row.scheme, row.indicator), {}).setdefault(row.period, []).append(row)
    issues: list[Issue] = []
    for (scheme, code), by_period in sorted(found.items()):
        periods = judged[book.schemes[scheme].period] if scheme in book.schemes else ()
        if periods and all(code in used_indicators(book, scheme, period) for period in periods):
            spread = [(period, by_period.get(period, [])) for period in periods]
            issues += _judged(book, scheme, book.indicators[code], spread)
    issues += _not_supplied(book, judged, supplied)
    return Practice(tuple(by_place(issues)), judged)


def newest_periods(periods: Iterable[Period], kind: PeriodKind, months: int) -> tuple[Period, ...]:
    """The newest periods of a kind that hold `months` months, oldest first; none where there are fewer."""
    wanted = -(-months // _MONTHS[kind])
    own = sorted({period for period in periods if period.kind == kind})
    return tuple(own[-wanted:]) if len(own) >= wanted else ()


def used_indicators(book: RuleBook, scheme: str, period: Period) -> frozenset[str]:
    """The indicators that a scheme in use asks in a period; none of a scheme that nobody runs."""
    on = {
        code
        for code, rule in book.schemes.items()
        if (version := rule.version(period)) is not None and rule.is_on(version)
    }
    version = book.schemes[scheme].version(period) if scheme in schemes_needed(book, on) else None
    if version is None:
        return frozenset()
    named = {item.indicator for dimension in version.dimensions for item in dimension.items}
    named.update(extra.indicator for extra in version.extra)
    return frozenset(code for code in named & book.indicators.keys() if _in_use(book.indicators[code], period))


def _in_use(indicator: Indicator, period: Period) -> bool:
    version = indicator.version(period)
    return version is not None and indicator.is_on(version)


# ---------------------------------------------------------------- results


def _judged(
    book: RuleBook, scheme: str, indicator: Indicator, spread: Sequence[tuple[Period, Sequence[PointsSeen]]]
) -> Iterator[Issue]:
    if not all(rows for _, rows in spread):
        return
    if all(_says_nothing(rows) for _, rows in spread):
        yield _never_applies(book, scheme, indicator, spread)
    elif all(_is_same(rows) for _, rows in spread):
        yield _same_points(book, scheme, indicator, spread)


def _says_nothing(rows: Sequence[PointsSeen]) -> bool:
    return all(row.status not in _COUNTED for row in rows)


def _is_same(rows: Sequence[PointsSeen]) -> bool:
    """Whether at least two subjects have points, and all of them the same."""
    with_points = [row for row in rows if row.points is not None]
    return len({row.points for row in with_points}) == 1 and sum(row.subjects for row in with_points) > 1


def _same_points(
    book: RuleBook, scheme: str, indicator: Indicator, spread: Sequence[tuple[Period, Sequence[PointsSeen]]]
) -> Issue:
    zh, en = [], []
    for period, rows in spread:
        count = sum(row.subjects for row in rows if row.points is not None)
        points = in_full(next(row.points for row in rows if row.points is not None))
        zh.append(f"{period} {count} 个对象都得 {points} 分")
        en.append(f"{period}: all {count} got {points}")
    name = _name(book, scheme, indicator)
    return Issue(
        "points-all-same",
        indicator.place,
        Text(f"{name.zh}分不出高低:{_listed(zh)}", f"{name.en} tells nobody from anybody: {_listed(en, '; ')}"),
        Text(
            "得分有高有低;人人一样的指标只占权重",
            "points that differ; an indicator that is the same for all only takes weight",
        ),
        Text(
            f"看 perf-pay specs table {indicator.code}:界限太松或太紧就改;只想公示的不计分(direction: monitored)",
            f"see perf-pay specs table {indicator.code}: mend limits that are too loose or too tight, "
            "or only show it (direction: monitored)",
        ),
        "warning",
    )


def _never_applies(
    book: RuleBook, scheme: str, indicator: Indicator, spread: Sequence[tuple[Period, Sequence[PointsSeen]]]
) -> Issue:
    zh, en = [], []
    for period, rows in spread:
        why = Counter[str]()
        for row in rows:
            why[row.status] += row.subjects
        told = [(_WHY.get(status, Text(status)), count) for status, count in sorted(why.items())]
        zh.append(f"{period} " + "、".join(f"{count} 个{text.zh}" for text, count in told))
        en.append(f"{period}: " + ", ".join(f"{count} {text.in_lang('en')}" for text, count in told))
    name = _name(book, scheme, indicator)
    return Issue(
        "indicator-never-applies",
        indicator.place,
        Text(f"{name.zh}没有一个对象有值:{_listed(zh)}", f"nobody has a value of {name.en}: {_listed(en, '; ')}"),
        Text("至少有对象用得上", "at least somebody it applies to"),
        Text(
            "缺数据就向报送科室要;方案的对象用不上就从方案里拿掉,它的权重现在由别的指标分担",
            "ask its sender for the data, or take it out of a scheme whose subjects it does not fit; "
            "the others carry its weight now",
        ),
        "warning",
    )


def _name(book: RuleBook, scheme: str, indicator: Indicator) -> Text:
    """The indicator inside its scheme."""
    of = book.schemes[scheme].title
    return Text(
        f"方案“{of.zh}”的指标“{indicator.title.zh}”",
        f"{indicator.title.in_lang('en')} in {of.in_lang('en')}",
    )


def _listed(parts: Sequence[str], by: str = ";") -> str:
    """The newest of many periods."""
    return by.join(parts) if len(parts) <= _LISTED_MAX else by.join(["…", *parts[-_LISTED_MAX:]])


# ---------------------------------------------------------------- data


def _not_supplied(
    book: RuleBook, judged: Mapping[PeriodKind, tuple[Period, ...]], supplied: Iterable[tuple[str, Period]]
) -> Iterator[Issue]:
    there: dict[str, set[Period]] = {}
    for code, period in supplied:
        there.setdefault(code, set()).add(period)
    asked: dict[str, dict[str, set[Period]]] = {}  # measure -> indicator -> periods
    by_title = titles(book)
    for scheme, rule in book.schemes.items():
        for period in judged[rule.period]:
            for indicator in used_indicators(book, scheme, period):
                version = book.indicators[indicator].version(period)
                for code in _asked(book, by_title, version):
                    asked.setdefault(code, {}).setdefault(indicator, set()).add(period)
    for code, by_indicator in sorted(asked.items()):
        measure = book.measures[code]
        periods = set[Period]().union(*by_indicator.values())
        if not there.get(code, set()) & _would_do(measure, periods):
            yield _silent(book, measure, sorted(by_indicator), periods)


def _asked(book: RuleBook, by_title: Mapping[str, str], version: IndicatorVersion | None) -> frozenset[str]:
    """Measures that an indicator asks in the period itself and does not assume where they are absent."""
    if version is None:
        return frozenset()
    named = {
        by_title.get(one.name, one.name) if one.name not in book.measures else one.name
        for formula in version_formulas(version)
        for one in references(formula)
        if one.kind in ("name", "member", "peer", "parent") and one.shift in ("", "year_to_date")
    }
    assumed = {by_title.get(name, name) for name in version.assume}
    return frozenset((named - assumed) & book.measures.keys())


def _would_do(measure: Measure, periods: Iterable[Period]) -> frozenset[Period]:
    """Periods whose facts would serve: those within, those around; of a quarterly or yearly measure the one before too."""
    found: set[Period] = set()
    for period in periods:
        for month in period.months():
            found |= {month, month.within("quarter"), month.within("year")}
    if measure.period != "month":
        found |= {period.previous() for period in found if period.kind == measure.period}
    return frozenset(found)


def _silent(book: RuleBook, measure: Measure, indicators: Sequence[str], periods: Iterable[Period]) -> Issue:
    ordered = sorted(periods, key=lambda period: (period.first_month, period.kind))
    span = str(ordered[0]) if len(ordered) == 1 else f"{ordered[0]}..{ordered[-1]}"
    used = [book.indicators[code].title for code in indicators]
    zh = "、".join(title.zh for title in used[:_LISTED_MAX])
    en = ", ".join(title.in_lang("en") for title in used[:_LISTED_MAX])
    more = len(used) - _LISTED_MAX
    sender = measure.supplied_by
    ask = f"perf-pay template --period {ordered[-1]}" + (f" --sender {sender}" if sender else "")
    return Issue(
        "measure-not-supplied",
        measure.place,
        Text(
            f"数据项“{measure.title.zh}”({measure.code}){span} 没有一条数据;用在 {zh}"
            + (f" 等 {len(used)} 个指标" if more > 0 else ""),
            f"nobody reported {measure.title.in_lang('en')} ({measure.code}) in {span}; used by {en}"
            + (f" and {more} more" if more > 0 else ""),
        ),
        Text(
            f"由{sender}报送" if sender else "有人报送;规则没有写由谁报(supplied_by)",
            f"reported by {sender}" if sender else "reported by somebody; the rule does not say by whom (supplied_by)",
        ),
        Text(
            f"发模板收数据:{ask};收不到的,停用上面的指标(enabled: no)",
            f"send a template: {ask}; where it cannot be had, switch the indicators off (enabled: no)",
        ),
        "warning",
    )
