"""The small worlds of cases: a roster, facts, and a rule book in which given points stand for indicators."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from types import MappingProxyType

from perf.distribution import PaidBefore
from perf.formulas import Formula, parse_formula, references
from perf.formulas.tree import Binary, Call
from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.figures import exact_text
from perf.kernel.issues import NOWHERE
from perf.kernel.money import Money, money_from_yuan
from perf.kernel.periods import Period
from perf.kernel.rounding import Rounding
from perf.kernel.subjects import LEVELS, Level, Roster, Segment
from perf.kernel.text import Text
from perf.specs.case_models import CaseFact, CaseSubject, DistributionCase, IndicatorCase, SchemeCase, SchemePoints
from perf.specs.models import (
    Dated,
    Dimension,
    Distribution,
    Entered,
    Indicator,
    IndicatorVersion,
    Measure,
    NoValue,
    PeerRule,
    RuleBook,
    Scheme,
    SchemeItem,
    SchemeVersion,
    TotalRule,
)

SUBJECT = "case"
OWNER = "owner"
CASE_SCHEME = "case_"
CASE_POST = "case_post"
GIVEN_VALUE = "value_given_in_case"
_GIVEN = "has_value_in_case"
_WAN = 10_000
_HUNDRED = Fraction(100)
_ONE = Fraction(1)
ALWAYS = Dated(None, None, None, NOWHERE)


def one_indicator_scheme(code: str, level: Level, period: Period, out_of: Fraction) -> Scheme:
    """A scheme of one indicator for every subject of a level."""
    item = SchemeItem(code, out_of, out_of, by_out_of=True, place=NOWHERE)
    dimension = Dimension("case", Text("示例", "case"), _HUNDRED, "weighted_mean", 0, (item,), NOWHERE)
    version = SchemeVersion(
        dated=ALWAYS,
        dimensions=(dimension,),
        missing_weight="within_dimension",
        extra=(),
        veto=(),
        total=TotalRule(digits="exact", minimum=None),
        peers=PeerRule(),
        rank=None,
        grades=(),
        quota=(),
        coefficient=None,
        coefficient_digits="exact",
        outcomes=(),
    )
    known = next(
        one for one in ("city", "county", "consortium", "institution", "department", "team", "person") if one == level
    )
    return Scheme(CASE_SCHEME, Text("示例", "case"), known, (), None, period.kind, (version,), NOWHERE)


def case_facts(book: RuleBook, case: IndicatorCase) -> Facts:
    """The facts of an indicator's case under the names of its small roster."""
    rows = list(_facts(book, SUBJECT, case.subject.facts))
    for number, member in enumerate(case.members, start=1):
        rows += _facts(book, _named("member", number, member), member.facts)
    for number, peer in enumerate(case.peers, start=1):
        name = _named("peer", number, peer)
        rows += _facts(book, name, peer.facts)
        if peer.value is not None:
            rows.append(Fact(FactKey(name, GIVEN_VALUE, case.period), peer.value))
    if case.parent is not None:
        rows += _facts(book, OWNER, case.parent.facts)
    return Facts(rows)


def case_roster(book: RuleBook, level: Level, case: IndicatorCase) -> Roster:
    """The subject with its parent, members and peers; members stand at the level of the measures they report."""
    above: Level = "institution" if level == "person" else LEVELS[max(LEVELS.index(level) - 1, 0)]
    parent = case.parent.attributes if case.parent is not None else {}
    segments = [
        _segment(OWNER, above, "", parent),
        _segment(SUBJECT, level, OWNER, {**case.subject.attributes, _GIVEN: "no"}),
    ]
    for number, peer in enumerate(case.peers, start=1):
        attributes = {**peer.attributes, _GIVEN: "no" if peer.value is None else "yes"}
        segments.append(_segment(_named("peer", number, peer), level, OWNER, attributes))
    for number, member in enumerate(case.members, start=1):
        levels = [book.measures[f.measure].level for f in member.facts if f.measure in book.measures]
        lower = next((one for one in levels if LEVELS.index(one) > LEVELS.index(level)), _below(level))
        segments.append(_segment(_named("member", number, member), lower, SUBJECT, member.attributes))
    return Roster(segments)


def with_given_values(indicator: Indicator, case: IndicatorCase) -> Indicator:
    """The indicator whose formula gives way, at peers with a value of their own, to that value."""
    if all(peer.value is None for peer in case.peers):
        return indicator
    return replace(indicator, versions=tuple(_giving_way(version) for version in indicator.versions))


def _giving_way(version: IndicatorVersion) -> IndicatorVersion:
    given, value, required = _formula(f"{_GIVEN} == yes").tree, version.value, version.requires
    tree = Call("if", (given, _formula(GIVEN_VALUE).tree, value.tree))
    if required is not None:
        required = Formula(required.text, required.place, Binary("or", given, required.tree))
    return replace(version, value=Formula(value.text, value.place, tree), requires=required)


def scheme_book(book: RuleBook, case: SchemeCase) -> tuple[RuleBook, Roster, Facts]:
    """A book in which the case's points are the points of the scheme's indicators, with its roster and facts."""
    scheme = book.schemes[case.rule]
    version = scheme.version(case.period)
    assert version is not None  # noqa: S101 - the caller asked
    full = {item.indicator: item.out_of for dimension in version.dimensions for item in dimension.items}
    extras = {extra.indicator: extra.out_of or Fraction(100) for extra in version.extra}
    full |= {**extras, **dict.fromkeys(version.by_post, _HUNDRED)}
    measures, indicators = dict(book.measures), dict(book.indicators)
    for code, out_of in full.items():
        for name in (f"points_of_{code}", f"applies_{code}"):
            measures[name] = plain_measure(name, scheme.of_level)
        indicators[code] = _given_indicator(book, code, out_of)
    plain = replace(version, peers=PeerRule())
    own_scheme = replace(scheme, of_kind=(), of_where=None, versions=(plain,))
    schemes = {**book.schemes, case.rule: own_scheme}
    for code in version.by_post:
        schemes[code] = _given_scheme(book, scheme, code, case.period)
    own = replace(book, measures=measures, indicators=indicators, schemes=schemes)
    subjects = [(SUBJECT, case.given), *((f"peer{n}", peer) for n, peer in enumerate(case.peers, start=1))]
    segments = [row for name, given in subjects for row in _segments(scheme, name, given, case.period)]
    rows = [
        fact
        for name, given in subjects
        for fact in _given_facts(book, name, _with_extras(given, extras), full, case.period)
    ]
    known = {fact.key for fact in rows}
    rows += [
        quiet for name, _ in subjects for quiet in _no_veto(book, version, name, case.period) if quiet.key not in known
    ]
    return own, Roster(segments), Facts(rows)


def _with_extras(given: SchemePoints, extras: Iterable[str]) -> SchemePoints:
    """Extra points that a case does not mention were not earned."""
    totals = {post.scheme: post.total for post in given.posts}
    return replace(given, points={**dict.fromkeys(extras, Fraction(0)), **given.points, **totals})


def _segments(scheme: Scheme, name: str, given: SchemePoints, period: Period) -> Iterator[Segment]:
    """The subject's segment, or one for each post it is given, from the first day of the period on."""
    if not given.posts:
        yield _segment(name, scheme.of_level, "", given.subject.attributes)
    for post in given.posts:
        attributes = {**given.subject.attributes, CASE_POST: post.scheme, "fte": exact_text(post.fte)}
        last = period.first_day + timedelta(days=post.days - 1)
        yield replace(_segment(name, scheme.of_level, "", attributes), first_day=period.first_day, last_day=last)


def _given_scheme(book: RuleBook, scheme: Scheme, code: str, period: Period) -> Scheme:
    """A scheme whose total is the one that the case gives, for the posts that the case gives it."""
    plain = one_indicator_scheme(code, scheme.of_level, period, _HUNDRED)
    known = book.schemes.get(code)
    title = known.title if known is not None else Text(code)
    return replace(plain, code=code, title=title, of_where=_formula(f"{CASE_POST} == {code}"))


def _no_veto(book: RuleBook, version: SchemeVersion, name: str, period: Period) -> Iterator[Fact]:
    """Events that a case does not mention did not happen."""
    for veto in version.veto:
        for reference in references(veto.when):
            if reference.kind == "name" and reference.name in book.measures:
                yield Fact(FactKey(name, reference.name, period), Fraction(0))


def _given_facts(
    book: RuleBook, name: str, given: SchemePoints, full: Mapping[str, Fraction], period: Period
) -> Iterator[Fact]:
    month = period.months()[0] if period.kind != "month" else period
    for code in full:
        points = given.points.get(code, "missing")
        applies = Fraction(0) if points == "not_applicable" else _ONE
        for at in {month, period}:
            yield Fact(FactKey(name, f"applies_{code}", at), applies)
            if isinstance(points, Fraction):
                yield Fact(FactKey(name, f"points_of_{code}", at), points)
    yield from _facts(book, name, given.subject.facts)


def _given_indicator(book: RuleBook, code: str, out_of: Fraction) -> Indicator:
    known = book.indicators.get(code)
    version = IndicatorVersion(
        dated=ALWAYS,
        value=_formula(f"points_of_{code}"),
        digits="exact",
        rounding=Rounding.HALF_AWAY,
        points=Entered(out_of),
        points_digits="exact",
        no_value=NoValue(),
        requires=_formula(f"applies_{code} > 0"),
        assume=MappingProxyType({}),
        parameters=MappingProxyType({}),
        tables=MappingProxyType({}),
        target="",
    )
    title = known.title if known is not None else Text(code)
    level: Level = known.level if known is not None else "institution"
    return Indicator(code, title, level, "points", "higher", "A", True, (version,), NOWHERE)


def distribution_world(book: RuleBook, rule: Distribution, case: DistributionCase) -> tuple[Roster, Facts]:
    """The owner and its claimants, with their facts."""
    below = LEVELS[min(LEVELS.index(rule.per) + 1, len(LEVELS) - 2)]
    level: Level = "person" if rule.among == "staff" else below
    segments = [_segment(OWNER, rule.per, "", case.owner.attributes)]
    rows = list(_facts(book, OWNER, case.owner.facts))
    for claimant in case.claims:
        own = next((one for one in LEVELS if one == claimant.attributes.get("level")), level)
        segments.append(_segment(claimant.name, own, OWNER, claimant.attributes))
        rows += _facts(book, claimant.name, claimant.facts)
    return Roster(segments), Facts(rows)


def distribution_paid(case: DistributionCase) -> PaidBefore:
    """What the case says was paid before; in every period that it does not speak of, nothing."""
    rows: dict[tuple[str, str, Period], Money] = {}
    to_date: dict[tuple[str, str, Period], Money] = {}
    for name, subject in ((OWNER, case.owner), *((claimant.name, claimant) for claimant in case.claims)):
        for (line, shift), yuan in subject.paid.items():
            into = to_date if shift == "year_to_date" else rows
            into[(name, line, _moved(case.period, shift))] = money_from_yuan(yuan)
    return PaidBefore(rows, None, to_date)


def _moved(period: Period, shift: str) -> Period:
    if shift == "previous":
        return period.previous()
    if shift == "last_year":
        return period.last_year()
    if shift.startswith("year("):
        return period.within("year").shift(int(shift[5:-1]))
    return period


def _facts(book: RuleBook, subject: str, given: Iterable[CaseFact]) -> Iterator[Fact]:
    """Facts in the measure's own unit: what a case gives in yuan is 万元 for such a measure."""
    for one in given:
        measure = book.measures.get(one.measure)
        value = one.value
        if measure is not None and measure.unit == "wan_yuan" and isinstance(value, Fraction):
            value /= _WAN
        yield Fact(FactKey(subject, one.measure, one.period, one.item, one.counterparty), value)


def _segment(subject: str, level: Level, parent: str, attributes: Mapping[str, str]) -> Segment:
    return Segment(subject, level, attributes.get("kind", ""), parent, attributes=dict(attributes))


def _below(level: Level) -> Level:
    return "person" if level == "institution" else LEVELS[min(LEVELS.index(level) + 1, len(LEVELS) - 1)]


def _named(what: str, number: int, subject: CaseSubject) -> str:
    return subject.name if subject.name and not subject.name.isdigit() else f"{what}{number}"


def plain_measure(code: str, level: Level) -> Measure:
    """A measure that exists only inside a case."""
    return Measure(
        code=code,
        title=Text(code),
        answers="number",
        unit="points",
        digits="exact",
        level=level,
        roll_up="none",
        period="month",
        spread="same",
        partial=False,
        minimum=None,
        maximum=None,
        supplied_by="",
        revenue="none",
        counter_to=(),
        values=(),
        synonyms=(),
        place=NOWHERE,
    )


def _formula(text: str) -> Formula:
    formula, _ = parse_formula(text, NOWHERE)
    assert formula is not None  # noqa: S101 - made above
    return formula
