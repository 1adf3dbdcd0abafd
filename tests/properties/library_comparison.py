"""The whole library by both evaluators, on random facts full of ties, thresholds, zeros and holes; for the nightly run and its slice."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from random import Random

from tests.properties.columnar_comparison import attributes_of, differences

from perf.kernel.facts import Fact, FactKey, Facts
from perf.kernel.issues import NOWHERE
from perf.kernel.periods import Period
from perf.kernel.subjects import Roster, Segment
from perf.kernel.text import Text
from perf.scoring import score
from perf.scoring.columnar import columns_of, compile_scheme
from perf.services.files import packaged, rule_texts
from perf.specs import load_book
from perf.specs.models import Dimension, PeerRule, RankRule, RuleBook, Scheme, SchemeItem, SchemeVersion, TotalRule
from perf.specs.order import scheme_order

KINDS = ("lead_hospital", "county_hospital", "tcm_hospital", "township_hospital", "community_centre", "village_clinic")
CATEGORIES = ("doctor", "nurse", "technician", "pharmacist", "admin", "public_health", "village_doctor")
DEPARTMENTS = ("内科", "门诊部", "药剂科", "药房")
NUMBERS = (0, 0, 1, 3, 10, 40, 50, 60, 80, 85, 90, 95, 100, 100, 120, 250, 10**6)
SHARES = tuple(map(Fraction, ("0", "0.05", "0.3", "0.6", "0.8", "0.85", "0.9", "0.95", "1", "1", "1.05")))


@dataclass(frozen=True, slots=True)
class Compared:
    """What one scheme in one period gave: how many figures were compared, which rows were not settled in columns, differences."""

    scheme: str
    period: Period
    indicators: frozenset[str]
    figures: int
    rows: int
    exact: int
    differences: tuple[str, ...]


def everything() -> RuleBook:
    """The library with everything switched on, and every indicator besides in a scheme of its level in months and in years."""
    book = load_book(rule_texts(packaged("indicator_specs")))[0]
    indicators = {
        code: replace(one, enabled=True, versions=tuple(replace(v, enabled=None) for v in one.versions))
        for code, one in book.indicators.items()
    }
    schemes = {
        code: replace(one, enabled=True, versions=tuple(replace(v, enabled=None) for v in one.versions))
        for code, one in book.schemes.items()
    }
    model = next(version for one in schemes.values() for version in one.versions)
    for level, kind in product(sorted({one.level for one in indicators.values()}), ("month", "year")):
        items = tuple(
            SchemeItem(c, Fraction(10), Fraction(10), True, NOWHERE) for c, i in indicators.items() if i.level == level
        )
        version = SchemeVersion(
            dated=model.dated,
            dimensions=(Dimension("all", Text("全部"), Fraction(100), "weighted_mean", 1, items, NOWHERE),),
            missing_weight="within_dimension",
            extra=(),
            veto=(),
            total=TotalRule(),
            peers=PeerRule(),
            rank=RankRule(),
            grades=(),
            quota=(),
            coefficient=None,
            coefficient_digits=4,
            outcomes=(),
        )
        code = f"every_{level}_{kind}"
        schemes[code] = Scheme(code, Text(code), level, (), None, kind, (version,), NOWHERE)
    return replace(book, indicators=indicators, schemes=schemes)


def people(book: RuleBook, chance: Random, each: int) -> Roster:
    """A county with two consortia, `each` institutions of a kind, and as many people of a category."""
    keys = sorted({key for i in book.indicators.values() for v in i.versions for t in v.tables.values() for key in t})
    segments = [
        Segment("X", "county", "county", ""),
        Segment("G", "consortium", "consortium", "X"),
        Segment("H", "consortium", "consortium", "X"),
        Segment("CG", "consortium", "city_group", "X"),
    ]

    def attributes(**own: str) -> dict[str, str]:
        found = {code: chance.choice([*keys, "yes", "no", "2"]) for code in book.attributes if chance.random() < 0.8}
        return {**found, **own}

    places = []
    for kind, k in product(KINDS, range(each)):
        places.append(f"{kind}{k}")
        own = attributes(lead="yes" if kind == "lead_hospital" else "no", tier=chance.choice(["county", "town"]))
        segments.append(Segment(places[-1], "institution", kind, chance.choice(["G", "H", "CG"]), attributes=own))
    for category, k in product(CATEGORIES, range(each)):
        head = "no" if k == 0 else chance.choice(["yes", "no", "no"])  # every scheme of staff has somebody
        own = attributes(category=category, head=head, department=chance.choice(DEPARTMENTS))
        segments.append(Segment(f"{category}{k}", "person", category, chance.choice(places), attributes=own))
    return Roster(segments)


def reports(book: RuleBook, roster: Roster, chance: Random, years: range) -> Facts:
    """What everybody reported of the measures of their level; a seventh of it is missing."""
    found = []
    for measure in book.measures.values():
        periods = [Period(year, "year") for year in years]
        if measure.period == "month":
            periods = [Period(year, "month", month) for year in years for month in range(1, 13)]
        for segment in roster:
            if segment.level != measure.level:
                continue
            usual = _figure(measure, chance)
            for period in periods:
                if chance.random() < 6 / 7:
                    value = usual if chance.random() < 0.4 else _figure(measure, chance)
                    found.append(Fact(FactKey(segment.subject, measure.code, period), value))
    return Facts(found)


def _figure(measure, chance: Random) -> Fraction | str:
    if measure.answers == "rating":
        return chance.choice(measure.values)
    if measure.answers == "event":
        return Fraction(chance.choice([0, 0, 1, 2]))
    figure = Fraction(chance.choice(SHARES if measure.unit == "percent" else NUMBERS))
    if measure.minimum is not None:
        figure = max(figure, measure.minimum)
    return figure if measure.maximum is None else min(figure, measure.maximum)


def compared(book: RuleBook, roster: Roster, facts: Facts, code: str, period: Period) -> Compared:
    """One scheme in one period by both evaluators."""
    needed = [one for one in scheme_order(book, [code]) if book.schemes[one].period == period.kind]
    cards = {
        subject: card
        for (scheme, subject), card in score(book, roster, facts, period, needed).cards.items()
        if scheme == code
    }
    program = compile_scheme(book, code, period, attributes=attributes_of(roster))
    scores = program.run(columns_of(book, roster, facts, period, code))
    places = {place.indicator for place in scores.places}
    figures = len(scores.columns) * (3 * len(scores.places) + 7)
    found = tuple(differences(cards, program, scores))
    return Compared(code, period, frozenset(places), figures, scores.tally.rows, scores.tally.exact, found)


def periods_of(scheme: Scheme, years: range) -> Iterator[Period]:
    """The periods in which a scheme is compared."""
    if scheme.period == "month":
        yield Period(years[-1], "month", 1)
        yield Period(years[-2], "month", 7)
    else:
        yield from (Period(year, scheme.period) for year in years[-2:])
