"""Monthly figures of institutions and consortia: base level × season × the institution's own bent × growth × chance."""

from decimal import Decimal

from perf.kernel.periods import Period
from perf.services.county.draws import draw, pick, scaled, tilt
from perf.services.county.people import Person
from perf.services.county.plan import Cell, County, Institution
from perf.services.county.ways import BEFORE, SINCE, way_of

Figures = dict[tuple[str, str], Cell]  # (subject, measure) -> figure of one month
_CHANCE = 22
_HALF = 5
# Of what rests on the institution's own vigour, how many times less than vigour itself.
_BY_VIGOUR = {
    "visits_per_10k": 1,
    "tcm_share": 1,
    "referred_down": 1,
    "htn_standard": 1,
    "bp_controlled": 1,
    "signed": 1,
    "health_records": 1,
    "infection": 2,
    "satisfaction": 3,
}


def institution_figures(county: County, people: tuple[Person, ...], period: Period) -> Figures:
    """What institutions and consortia report for a month, the stories of events.csv included."""
    figures: Figures = {}
    for institution in county.institutions:
        _work(county, institution, period, figures)
        _quality(county, institution, period, figures)
        if institution.is_town:
            _public_health(county, institution, period, figures)
        else:
            _hospital(county, institution, period, figures)
    for consortium in county.consortia:
        if period >= SINCE and way_of(county, consortium.code).pool_way != BEFORE.pool_way:
            continue
        growth = 1000 + 30 * (period.year - 2024)
        yuan = scaled(consortium.pool_yuan, county.seasons["pool"][period.number - 1], growth)
        yuan += tilt(18000, "pool", consortium.code, period)
        figures[consortium.code, "pool_total"] = _money(yuan // 100 * 10000)
    _staff_fte(people, period, figures)
    _tell_stories(county, period, figures)
    return figures


def _level(county: County, measure: str, institution: Institution, period: Period, season: str = "") -> int:
    plan = county.magnitudes[measure, institution.kind]
    own = 1000 + tilt(plan.spread, "own", measure, institution.code)
    growth = plan.growth + tilt(plan.spread // 4 + 4, "growth", measure, institution.code)
    chance = 1000 + tilt(_CHANCE, "chance", measure, institution.code, period)
    own += institution.vigour // _BY_VIGOUR[measure] if measure in _BY_VIGOUR else 0
    by_season = county.seasons[season][period.number - 1] if season else 1000
    return scaled(plan.base, own, 1000 + growth * (period.year - 2024), chance, by_season)


def _work(county: County, institution: Institution, period: Period, figures: Figures) -> None:
    code = institution.code
    if institution.is_town:
        rate = _level(county, "visits_per_10k", institution, period, "visits")
        visits = insured_of(institution, period.year) * rate // 10_000
    else:
        visits = _level(county, "visits", institution, period, "visits")
    figures[code, "visits"] = visits
    figures[code, "tcm_visits"] = scaled(visits, _level(county, "tcm_share", institution, period))
    open_days = institution.beds * period.days
    figures[code, "open_bed_days"] = open_days
    figures[code, "occupied_bed_days"] = scaled(open_days, _level(county, "bed_use", institution, period))
    discharges = _level(county, "discharges", institution, period, "discharges")
    figures[code, "discharges"] = discharges
    figures[code, "discharged_bed_days"] = discharges * _level(county, "stay", institution, period) // 100


def _hospital(county: County, institution: Institution, period: Period, figures: Figures) -> None:
    code = institution.code
    discharges = _whole(figures[code, "discharges"])
    figures[code, "referred_down"] = discharges * _level(county, "referred_down", institution, period) // 10_000
    operations = scaled(discharges, _level(county, "operations", institution, period))
    figures[code, "operations"] = operations
    if pick((3, 1), "level 3", code, period):  # a month that meets the target of 20% exactly
        operations = figures[code, "operations"] = operations // 5 * 5
        figures[code, "level3_operations"] = operations // 5
    else:
        figures[code, "level3_operations"] = scaled(
            operations, _level(county, "level3_operations", institution, period)
        )
    figures[code, "elective_operations"] = scaled(operations, 720)
    figures[code, "day_operations"] = scaled(operations, 60 + draw(30, "day", code, period))
    if period.number % 3 == 0:
        bed_days = _whole(figures[code, "discharged_bed_days"])
        tenths = bed_days * _level(county, "antibiotic", institution, period) // 1000
        figures[code, "antibiotic_ddds"] = Decimal(tenths) / 10
    cost = _whole(figures[code, "visits"]) * _level(county, "mean_cost", institution, period)
    figures[code, "outpatient_cost"] = _money(cost)


def _quality(county: County, institution: Institution, period: Period, figures: Figures) -> None:
    code = institution.code
    tenths = min(_level(county, "infection", institution, period), 995) // _HALF * _HALF
    figures[code, "infection_score"] = Decimal(tenths) / 10
    figures[code, "satisfaction"] = Decimal(min(_level(county, "satisfaction", institution, period), 9960)) / 100
    busy = 1 if institution.is_town else 2
    figures[code, "complaints"] = pick((10, 5, 2, 1), "complaints", code, period) * busy
    figures[code, "assigned_tasks"] = ("完成", "部分完成")[pick((24, 1), "tasks", code, period)]
    figures[code, "new_techniques"] = pick((14, 2), "technique", code, period)
    figures[code, "major_accident"] = "否"


def _public_health(county: County, institution: Institution, period: Period, figures: Figures) -> None:
    code = institution.code
    people = institution.population
    registered = scaled(people, _level(county, "htn_registered", institution, period)) // 25 * 25
    figures[code, "htn_registered"] = registered
    rate = 760 if pick((4, 1), "htn", code, period) else _level(county, "htn_standard", institution, period)
    figures[code, "htn_standard"] = registered * min(rate, 985) // 1000  # split among persons, not reported itself
    figures[code, "bp_controlled"] = scaled(registered, min(_level(county, "bp_controlled", institution, period), 900))
    figures[code, "signed_persons"] = scaled(people, _level(county, "signed", institution, period))
    share = min(_level(county, "health_records", institution, period), 9930)
    figures[code, "health_records"] = f"{Decimal(share) / 100}%"


def _staff_fte(people: tuple[Person, ...], period: Period, figures: Figures) -> None:
    tenths: dict[str, int] = {}
    for person in people:
        for stint in person.stints:
            if stint.first_day <= period.last_day and (stint.last_day is None or stint.last_day >= period.last_day):
                tenths[stint.institution] = tenths.get(stint.institution, 0) + int(Decimal(stint.fte) * 10)
    for code, count in tenths.items():
        figures[code, "staff_fte"] = Decimal(count) / 10


def _tell_stories(county: County, period: Period, figures: Figures) -> None:
    for story in county.stories:
        if not story.first <= period <= story.last:
            continue
        key = (story.subject, story.measure)
        if story.story == "missing":
            figures.pop(key, None)
        elif story.story == "scale":
            figures[key] = scaled(_whole(figures[key]), int(story.value))
        else:
            figures[key] = _cell(story.value)


def insured_of(institution: Institution, year: int) -> int:
    """Insured persons of a township hospital's area, slowly fewer; of a county hospital the same share of its area."""
    return institution.population * (1020 - 6 * (year - 2023)) // 1000


def _cell(text: str) -> Cell:
    if text.isdigit():
        return int(text)
    return Decimal(text) if text.replace(".", "", 1).isdigit() else text


def _whole(cell: Cell) -> int:
    assert isinstance(cell, int)  # noqa: S101 - counts are made as whole numbers above
    return cell


def _money(fen: int) -> Decimal:
    return Decimal(fen) / 100
